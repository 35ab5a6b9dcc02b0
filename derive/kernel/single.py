"""One member of a family on a path of its own, the others held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derive.kernel.poly import Refusal
from derive.term import ONE, Elem, Over, Sum, Sym, Term, free, rebuild, substitute, walk

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
    if isinstance(t, Over) and member.name in free(t):
        raise Refusal("an integral over the members of a family, one of which moves")
    if isinstance(t, Sum) and Elem(member.name, (Sym(t.index),)) in set(walk(t.body)):
        inside = normal.least(normal.poly(p - ONE)) >= 0 and normal.least(normal.poly(t.high - p)) >= 0
        if t.low != ONE or not inside or member.name in free(t.high):
            raise Refusal("the member that moves may lie outside a sum")
        body = _singled(t.body, member, v, normal, bound | {t.index})
        apart = inner(substitute(t.body, {Sym(t.index): p}))
        return apart + Sum(t.index, t.low, t.high, body) - substitute(body, {Sym(t.index): p})
    return rebuild(t, inner)
