"""Ellipses by pattern: σ₁σ₂…σ_K is the product of σ_t for t from 1 to K, and the reader says so."""

from __future__ import annotations

from dataclasses import fields
from functools import partial

from derive.errors import Meaningless
from derive.term import Add, Mul, Num, Prod, Sum, Sym, Term, fresh, neg, substitute

#: How far apart the indices of one term may lie.
_NEAR = (0, -1, 1, -2, 2)


def expand(before: list[Term], after: list[Term], product: bool) -> list[Term]:
    """The parts of a sum or product with its dots spelled out.

    Raises
    ------
    Meaningless
        The terms beside the dots show no pattern, or the terms before them do not follow it.

    Examples
    --------
    >>> from derive.term import Elem, ONE, TWO
    >>> s = [Elem("s", (k,)) for k in (ONE, TWO, Sym("K"))]
    >>> (p,) = expand(s[:2], s[2:], product=True)
    >>> type(p).__name__, p.low == ONE, p.high == Sym("K")
    ('Prod', True, True)
    """
    if not before or not after:
        raise Meaningless("dots with nothing on one side")
    pairs = _pairs(before[-1], after[0])
    if pairs is None:
        raise Meaningless("the terms beside the dots show no pattern")
    (start, end), *_ = pairs
    t = Sym(fresh("t"))
    pattern = _replace(before[-1], after[0], {pair: shift(t, k) for pair, k in pairs.items()})
    down, near = _direction(before, start, pattern, t)
    first, last = (start, end) if not down else (end, start)
    taken = 1
    for k in range(2, len(before) + 1):
        index = near(k - 1)
        if not same_value(substitute(pattern, {t: index}), before[-k]):
            break
        taken = k
        if down:
            last = index
        else:
            first = index
    whole = (Prod if product else Sum)(t.name, first, last, pattern)
    return [*before[: len(before) - taken], whole, *after[1:]]


def _direction(before: list[Term], start: Term, pattern: Term, t: Sym):  # type: ignore[no-untyped-def]
    """Whether the indices fall, and the index k places before `start`."""
    if len(before) > 1:
        for step in (1, -1):
            if same_value(substitute(pattern, {t: shift(start, -step)}), before[-2]):
                return step < 0, partial(_before, start, step)
    # one term before the dots: letters such as K above numbers such as 1
    down = not isinstance(start, Num)
    return down, partial(_before, start, -1 if down else 1)


def _before(start: Term, step: int, k: int) -> Term:
    """The index k places before `start` in a pattern that steps by `step`."""
    return shift(start, -step * k)


def shift(index: Term, k: int) -> Term:
    """index + k, with whole numbers added up."""
    if k == 0:
        return index
    if isinstance(index, Num):
        return Num(index.value + k)
    if isinstance(index, Add):
        *rest, last = index.terms
        number = _integer(last)
        if number is not None:
            total = number + k
            head = tuple(rest)
            if total == 0:
                return head[0] if len(head) == 1 else Add(head)
            return Add((*head, _number(total)))
        return Add((*index.terms, _number(k)))
    return Add((index, _number(k)))


def _number(k: int) -> Term:
    from derive.term import term

    return term(k) if k >= 0 else neg(term(-k))


def _integer(t: Term) -> int | None:
    if isinstance(t, Num) and t.value.denominator == 1:
        return int(t.value)
    if isinstance(t, Mul) and len(t.factors) == 2 and t.factors[0] == neg(t.factors[1]).factors[0]:  # type: ignore[attr-defined]
        inner = _integer(t.factors[1])
        return None if inner is None else -inner
    return None


def same_value(a: Term, b: Term) -> bool:
    from derive.kernel.context import Context
    from derive.kernel.normal import Normal

    return a == b or Normal(Context()).equal(a, b)


def _pairs(a: Term, b: Term) -> dict[tuple[Term, Term], int] | None:
    """Where two terms differ: the index of each, and how far it lies from the first such; None without a pattern.

    l_L(l_{L−1} + 1) and l_1(l_0 + 1) differ at (L, 1) and, one below, at (L − 1, 0).
    """
    found: dict[tuple[Term, Term], None] = {}
    if not _differ(a, b, found, inside_index=False) or not found:
        return None
    (start, end), *_ = found
    out: dict[tuple[Term, Term], int] = {}
    for x, y in found:
        k = next((k for k in _NEAR if same_value(shift(start, k), x) and same_value(shift(end, k), y)), None)
        if k is None:
            return None
        out[x, y] = k
    return out


def _differ(a: Term, b: Term, found: dict[tuple[Term, Term], None], inside_index: bool) -> bool:
    """Collect the index positions at which two terms of one shape differ."""
    if a == b:
        return True
    if inside_index:
        found[a, b] = None
        return True
    if type(a) is not type(b):
        return False
    for f in fields(a):  # type: ignore[arg-type]
        x, y = getattr(a, f.name), getattr(b, f.name)
        index = f.name == "index"
        if isinstance(x, tuple) and isinstance(y, tuple) and len(x) == len(y):
            if not all(_differ(p, q, found, index) for p, q in zip(x, y, strict=True)):
                return False
        elif isinstance(x, Term) and isinstance(y, Term):
            if not _differ(x, y, found, False):
                return False
        elif x != y:
            return False
    return True


def _replace(a: Term, b: Term, t: dict[tuple[Term, Term], Term]) -> Term:
    """`a` with the indices of the pattern at the places where it differs from `b`."""
    if a == b:
        return a
    values: list[object] = []
    for f in fields(a):  # type: ignore[arg-type]
        x, y = getattr(a, f.name), getattr(b, f.name)
        if isinstance(x, tuple):
            if f.name == "index":
                values.append(tuple(p if p == q else t[p, q] for p, q in zip(x, y, strict=True)))
            else:
                values.append(tuple(_replace(p, q, t) for p, q in zip(x, y, strict=True)))
        elif isinstance(x, Term):
            values.append(_replace(x, y, t))
        else:
            values.append(x)
    return type(a)(*values)


def spell_out(parts: list[Term | None], product: bool) -> list[Term]:
    """Terms or factors with every run of dots (None) spelled out from its neighbours."""
    while None in parts:
        k = parts.index(None)
        before = [p for p in parts[:k] if p is not None]
        rest = parts[k + 1 :]
        stop = rest.index(None) if None in rest else len(rest)
        after = [p for p in rest[:stop] if p is not None]
        parts = [*expand(before, after, product), *rest[stop:]]
    return [p for p in parts if p is not None]
