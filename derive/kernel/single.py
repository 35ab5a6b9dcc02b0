"""One member of a family on a path of its own, the others held."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from derive.kernel.poly import Refusal
from derive.term import ONE, Elem, Int, Min, Over, Sum, Sym, Term, free, rebuild, substitute, walk

if TYPE_CHECKING:
    from derive.kernel.normal import Normal


def singled(t: Term, member: Elem, v: Sym, normal: Normal) -> Term:
    """`t` where the member σ_p is v, the members that are held still written σ_j.

    1 ≤ p ≤ K     σ_p = v
    -----------------------------------------------------------------------
    Σ_{j=1}^{K} f(j, σ_j) = f(p, v) + Σ_{j=1}^{K} f(j, σ_j) − f(p, σ_p)

    On the right σ_p stands for any value at all: it drops out.
    """
    facts = [x for fact in normal.context.facts for x in fact] + list(normal.context.positive)
    if len(member.index) != 1 or any(member.name in free(x) for x in facts):
        raise Refusal("a member of a family that something is assumed of")
    if v.name in free(t):
        raise Refusal("the variable of the regime stands in the formula already")
    out = _singled(normal.ratio(t).term, member, v, normal, frozenset())
    normal.steps["one member of a family singled out of its sums"] = None
    return out


def _split(o: Over, member: Elem, normal: Normal) -> Iterator[Over]:
    """A family of variables whose ends hold σ; its first or last member on its own where that is the one that moves."""
    (p,) = member.index
    if not o.index or member.name not in free(o):
        yield o
        return
    first, last = o.first, o.last
    inside = normal.least(normal.poly(last - first)) >= 0
    if inside and (normal.equal(first, p) or normal.equal(last, p)):
        alone: dict[Term, Term] = {Sym(o.index): p}
        yield Over(substitute(o.var, alone), substitute(o.low, alone), substitute(o.high, alone))
        first, last = (p + 1, last) if normal.equal(first, p) else (first, p - 1)
    elif not any(normal.least(normal.poly(d)) >= 1 for d in (first - p, p - last)):
        raise Refusal("an integral over the members of a family, one of which moves")
    yield Over(o.var, o.low, o.high, o.index, normal.ratio(first).term, normal.ratio(last).term)


def _singled(t: Term, member: Elem, v: Sym, normal: Normal, bound: frozenset[str]) -> Term:
    (p,) = member.index

    def inner(x: Term) -> Term:
        return _singled(x, member, v, normal, bound)

    if isinstance(t, Elem) and t.name == member.name:
        (index,) = t.index
        if index == p:
            return v
        if isinstance(index, Sym) and index.name in bound:
            return t
        if not any(normal.least(normal.poly(x - y)) >= 1 for x, y in ((index, p), (p, index))):
            raise Refusal("an index that may be that of the member that moves")
        return t
    if isinstance(t, (Int, Min)):
        over: list[Over] = []
        for o in (o for each in t.over for o in _split(each, member, normal)):
            low, high = (o.low, o.high) if o.index else (inner(o.low), inner(o.high))
            over.append(Over(o.var, low, high, o.index, o.first, o.last))
        return type(t)(tuple(over), inner(t.body))
    if isinstance(t, Sum) and Elem(member.name, (Sym(t.index),)) in set(walk(t.body)):
        inside = normal.least(normal.poly(p - ONE)) >= 0 and normal.least(normal.poly(t.high - p)) >= 0
        if t.low != ONE or not inside or member.name in free(t.high):
            raise Refusal("the member that moves may lie outside a sum")
        body = _singled(t.body, member, v, normal, bound | {t.index})
        apart = inner(substitute(t.body, {Sym(t.index): p}))
        return apart + Sum(t.index, t.low, t.high, body) - substitute(body, {Sym(t.index): p})
    return rebuild(t, inner)
