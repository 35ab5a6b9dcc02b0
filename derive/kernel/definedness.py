"""Where a formula means something: what it divides by, takes logarithms of, and how far its sums run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from derive.kernel.context import NONNEGATIVE, POSITIVE
from derive.kernel.normal import Normal, primitive
from derive.kernel.poly import Mono, Refusal
from derive.term import Fn, Int, Min, Mul, Pow, Prod, Sum, Sym, Term, children, substitute

#: The relation of a need that a sum's or product's range is no shorter than empty.
RANGE = "range ≥ 0"


@dataclass(frozen=True)
class Need:
    """`term` must be nonzero ("≠ 0"), positive ("> 0") or nonnegative ("≥ 0", RANGE)."""

    term: Term
    relation: str


def needs(t: Term, normal: Normal) -> Iterator[Need]:
    """What has to hold for `t` to be defined, outermost first.

    A least value is taken over the whole line, so what its body needs is left to the definition of the quantity.
    """
    if isinstance(t, Pow):
        exponent = _number(t.exponent, normal)
        if exponent is None:
            yield Need(t.base, "> 0")
        else:
            if exponent.denominator % 2 == 0:
                yield Need(t.base, "≥ 0")
            if exponent < 0:
                yield Need(t.base, "≠ 0")
    if isinstance(t, Fn) and t.name == "ln":
        yield Need(t.args[0], "> 0")
    if isinstance(t, (Sum, Prod)):
        yield Need(t.high - t.low + 1, RANGE)
        for n in needs(t.body, normal):
            if n.relation == RANGE:  # linear in the outer index: enough at both of its ends
                yield from (Need(substitute(n.term, {Sym(t.index): end}), RANGE) for end in (t.low, t.high))
            else:
                yield n
    elif isinstance(t, Int):
        yield from needs(t.body, normal)
    elif not isinstance(t, Min):
        for c in children(t):
            yield from needs(c, normal)


def _number(t: Term, normal: Normal) -> Fraction | None:
    try:
        r = normal.ratio(t)
    except Refusal:
        return None
    return r.num.number if r.den.number == 1 else None


def open_needs(t: Term, normal: Normal, granted: Term | None = None) -> list[Need]:
    """The needs of `t` that neither the assumptions nor the definedness of `granted` answer.

    Examples
    --------
    >>> from derive.kernel.context import Context
    >>> from derive.term import ONE, Sym
    >>> [n.relation for n in open_needs(ONE / Sym("x"), Normal(Context()))]
    ['≠ 0']
    """
    allowed: set[tuple[str, str]] = set()
    for n in needs(granted, normal) if granted is not None else ():
        allowed.add((_core(n, normal), n.relation))
        if n.relation == "> 0":
            allowed |= {(_core(Need(n.term, r), normal), r) for r in ("≠ 0", "≥ 0")}
    out: list[Need] = []
    for n in needs(t, normal):
        if n not in out and (_core(n, normal), n.relation) not in allowed and not _met(n, normal):
            out.append(n)
    return out


def _core(n: Need, normal: Normal) -> str:
    """A key that needs share when their terms differ by a positive factor, or (for ≠ 0) by a sign as well."""
    try:
        r = normal.ratio(n.term)
        c, m, core = primitive(r.num)
        sign = "-" if c < 0 and n.relation != "≠ 0" else ""
        open_part = Mono(((a, e) for a, e in m.factors if normal.generator_sign(a) != POSITIVE))
        return f"{sign}{open_part.key} {core.key}" if normal.sign(r.den) == POSITIVE else r.term.key
    except Refusal:
        return n.term.key


def _met(n: Need, normal: Normal) -> bool:
    if (
        isinstance(n.term, Mul)
        and n.relation != RANGE
        and all(_met(Need(f, n.relation), normal) for f in n.term.factors)
    ):
        return True
    if isinstance(n.term, Pow) and n.relation in ("≠ 0", "> 0") and _met(Need(n.term.base, n.relation), normal):
        return True
    try:
        r = normal.ratio(n.term)
        if n.relation == RANGE:
            return r.den.number == 1 and normal.least(r.num) >= 0
        if normal.sign(r.den) != POSITIVE:
            return False
        sign = normal.sign(r.num)
        if sign == POSITIVE or (n.relation == "≥ 0" and sign == NONNEGATIVE):
            return True
        return n.relation == "≠ 0" and (r.num.number not in (None, 0) or normal.sign(-r.num) == POSITIVE)
    except Refusal:
        return False
