"""Where a formula means something: what it divides by, takes logarithms of, and how far its sums run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from derive.kernel.absolute import nonzero
from derive.kernel.context import NONNEGATIVE, POSITIVE
from derive.kernel.normal import Normal
from derive.kernel.poly import Mono, Refusal, primitive
from derive.term import (
    INF,
    MINUS_INF,
    Elem,
    Fn,
    Int,
    Min,
    Mul,
    Over,
    Pow,
    Prod,
    Sum,
    Sym,
    Term,
    children,
    free,
    rebuild,
    substitute,
)

#: The relation of a need that a sum's, product's or family's range is no shorter than empty.
RANGE = "range ≥ 0"


@dataclass(frozen=True)
class Need:
    """`term` must be nonzero ("≠ 0"), positive ("> 0") or nonnegative ("≥ 0", RANGE)."""

    term: Term
    relation: str


@dataclass(frozen=True)
class Scope:
    """Names that are bound around a need, outermost first, each with its range and whether that is never empty."""

    names: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()
    full: tuple[bool, ...] = ()

    def enter(self, name: str, low: Term, high: Term, normal: Normal) -> Scope:
        low, high = self.closed(low), self.closed(high)
        try:
            full = (low, high) == (MINUS_INF, INF) or normal.least(normal.poly(high - low)) >= 0
        except Refusal:
            full = False
        return Scope((*self.names, name), (*self.ranges, f"{low.key} {high.key}"), (*self.full, full))

    def closed(self, t: Term) -> Term:
        """`t` with its bound names numbered: no assumption about a letter reaches them."""
        for depth, name in reversed(list(enumerate(self.names))):
            t = _numbered(t, name, f"#{depth}")
        return t


def _numbered(t: Term, name: str, new: str) -> Term:
    t = substitute(t, {Sym(name): Sym(new)})
    return _components(t, name, new) if name in free(t) else t


def _components(t: Term, name: str, new: str) -> Term:
    t = rebuild(t, lambda c: _components(c, name, new))
    return Elem(new, t.index) if isinstance(t, Elem) and t.name == name else t


def needs(t: Term, normal: Normal, scope: Scope | None = None) -> Iterator[tuple[Need, Scope]]:
    """What has to hold for `t` to be defined, outermost first, with the names bound around it.

    A least value is taken over the whole line, so what its body needs is left to the definition of the quantity;
    only how far its sums run is asked.
    """
    scope = scope or Scope()
    if isinstance(t, Pow):
        exponent = _number(t.exponent, normal)
        if exponent is None:
            yield Need(t.base, "> 0"), scope
        else:
            if exponent.denominator % 2 == 0:
                yield Need(t.base, "≥ 0"), scope
            if exponent < 0:
                yield Need(t.base, "≠ 0"), scope
    if isinstance(t, Fn) and t.name in ("ln", "sqrt"):
        yield Need(t.args[0], "> 0" if t.name == "ln" else "≥ 0"), scope
    if isinstance(t, Sum) and t.high == INF:
        return  # the rule that gives a series its value has asked for all of it
    if isinstance(t, (Sum, Prod)):
        yield Need(t.high - t.low + 1, RANGE), scope
        yield from needs(t.low, normal, scope)
        yield from needs(t.high, normal, scope)
        for n, inner in needs(t.body, normal, scope.enter(t.index, t.low, t.high, normal)):
            inside = inner.names[len(scope.names) + 1 :]
            if n.term == Sym(t.index) and t.index not in inside and (_number(t.low, normal) or 0) > 0:
                continue  # the index itself, from a positive number on
            if n.relation == RANGE and _linear(n.term, t.index, normal):  # enough at both ends
                yield from ((Need(substitute(n.term, {Sym(t.index): end}), RANGE), scope) for end in (t.low, t.high))
            else:
                yield n, inner
    elif isinstance(t, (Int, Min)):
        inner = scope
        for o in t.over:
            part: Term = o
            while isinstance(part, Over):
                if part.index:
                    yield Need(part.last - part.first + 1, RANGE), scope
                part = part.var
            if isinstance(o.var, Sym):
                inner = inner.enter(o.var.name, o.low, o.high, normal)
        for n, at in needs(t.body, normal, inner):
            if isinstance(t, Int) or n.relation == RANGE:
                yield n, at
    elif not isinstance(t, Over):
        for c in children(t):
            yield from needs(c, normal, scope)


def _linear(t: Term, index: str, normal: Normal) -> bool:
    """The range grows in step with the index, or doesn't depend on it; no sum in between binds a name it holds."""
    try:
        step = normal.ratio(substitute(t, {Sym(index): Sym(index) + 1}) - t)
    except Refusal:
        return False
    return step.num.number is not None and step.den.number == 1


def _number(t: Term, normal: Normal) -> Fraction | None:
    try:
        r = normal.ratio(t)
    except Refusal:
        return None
    return r.num.number if r.den.number == 1 else None


def open_needs(t: Term, normal: Normal, granted: Term | None = None) -> list[Need]:
    """The needs of `t` that neither the assumptions nor the definedness of `granted` answer.

    That the ranges of `granted` are no shorter than empty is a need too: beyond that its formal sums are no sums.

    Examples
    --------
    >>> from derive.kernel.context import Context
    >>> from derive.term import ONE, Sym
    >>> [n.relation for n in open_needs(ONE / Sym("x"), Normal(Context()))]
    ['≠ 0']
    """
    allowed: set[tuple[str, ...]] = set()
    asked: list[tuple[Need, Scope]] = []
    for n, scope in needs(granted, normal) if granted is not None else ():
        if n.relation == RANGE:
            asked.append((n, scope))
            continue
        used = free(scope.closed(n.term))
        if not all(full or f"#{depth}" in used for depth, full in enumerate(scope.full)):
            continue  # inside a sum that may be empty
        implied = ("≠ 0", "≥ 0", "> 0") if n.relation == "> 0" else (n.relation,)
        allowed |= {_key(Need(n.term, r), scope, normal) for r in implied}
    out: list[Need] = []
    for n, scope in (*asked, *needs(t, normal)):
        if n in out or _key(n, scope, normal) in allowed:
            continue
        if not _met(Need(scope.closed(n.term), n.relation), normal):
            out.append(n)
    return out


def _key(n: Need, scope: Scope, normal: Normal) -> tuple[str, ...]:
    """What needs share when their terms differ by a positive factor, or (for ≠ 0) by a sign as well."""
    t = scope.closed(n.term)
    ranges = tuple(r for depth, r in enumerate(scope.ranges) if f"#{depth}" in free(t))
    try:
        r = normal.ratio(t)
        c, m, core = primitive(r.num)
        if normal.sign(r.den) != POSITIVE:
            return (r.term.key, n.relation, *ranges)
        sign = "0" if not c else "-" if c < 0 and n.relation != "≠ 0" else ""
        open_part = Mono(((a, e) for a, e in m.factors if normal.generator_sign(a) != POSITIVE))
        return (f"{sign}{open_part.key} {core.key}", n.relation, *ranges)
    except Refusal:
        return (t.key, n.relation, *ranges)


def _met(n: Need, normal: Normal) -> bool:
    if n.relation == "≠ 0" and n.term in normal.context.invertible:
        return True  # "≠ 0" of a matrix says that it is invertible, which the context assumes
    if isinstance(n.term, Elem) and n.relation == "≥ 0" and normal.context.sign(n.term.name) in (POSITIVE, NONNEGATIVE):
        return True  # of a member of a recursion the sign is assumed, whatever its closed form looks like
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
            return r.den.number == 1 and (normal.least(r.num) >= 0 or normal.sign(r.num) in (POSITIVE, NONNEGATIVE))
        if normal.sign(r.den) != POSITIVE:
            return False
        sign = normal.sign(r.num)
        if sign == POSITIVE or (n.relation == "≥ 0" and sign == NONNEGATIVE):
            return True
        return n.relation == "≠ 0" and nonzero(r.num, normal)
    except Refusal:
        return False
