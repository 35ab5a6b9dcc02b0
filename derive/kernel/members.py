"""Sums by their members: counted from another place, or bounded from below by the first and the last."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from derive.kernel.poly import Mono, Poly, Refusal, generator, mono_term
from derive.term import ONE, Elem, Sum, Sym, Term, free, substitute, term, walk

if TYPE_CHECKING:
    from derive.kernel.normal import Normal

FAR = 8


def shifted(body: Mono, index: str, low: Term, high: Term, normal: Normal) -> Sum | None:
    """The same sum counted so that the largest index its terms carry is the summation index; None where it is.

    m a whole number
    -----------------------------------------
    Σ_{j=p}^{q} f(j) = Σ_{i=p+m}^{q+m} f(i − m)
    """
    at = mono_term(body)
    ends = [k for x in walk(at) if isinstance(x, Elem) for i in x.index if (k := _ahead(i, index, normal)) is not None]
    m = max(ends, default=0)
    if m == 0 or abs(m) > FAR:
        return None
    return Sum(index, low + m, high + m, substitute(at, {Sym(index): Sym(index) + term(-m)}))


def _ahead(t: Term, index: str, normal: Normal) -> int | None:
    """k where t is index + k."""
    if index not in free(t):
        return None
    try:
        k = (normal.poly(t) - generator(Sym(index))).number
    except Refusal:
        return None
    return int(k) if k is not None and k.denominator == 1 else None


def with_members(terms: dict[Mono, Fraction], normal: Normal) -> dict[Mono, Fraction]:
    """A lower bound of a polynomial with negative terms: its sums give way to some of their members.

    f(j) ≥ 0    b ≥ 1              f(j) ≥ 0    b ≥ 2
    -----------------------        -----------------------------
    Σ_{j=1}^{b} f(j) ≥ f(1), f(b)  Σ_{j=1}^{b} f(j) ≥ f(1) + f(b)
    """
    if all(c >= 0 for c in terms.values()):
        return terms
    for ends in ("first last", "first", "last"):
        bound = Poly({})
        for m, c in terms.items():
            bound = bound + (_held(m, ends, normal) if c > 0 else Poly({m: Fraction(1)})).scale(c)
        if all(c >= 0 for c in bound.terms.values()):
            return bound.terms
    return terms


def _held(m: Mono, ends: str, normal: Normal) -> Poly:
    """A monomial with one of its sums replaced by some of its members, where that makes it no larger."""
    for k, (a, e) in enumerate(m.factors):
        rest = Mono(m.factors[:k] + m.factors[k + 1 :], m.power)
        if not isinstance(a, Sum) or e != 1 or a.low != ONE or normal.mono_sign(rest) == "real":
            continue
        if normal.sign(normal.poly(a.body)) == "real" or normal.least(normal.poly(a.high)) < len(ends.split()):
            continue
        at = {"first": a.low, "last": a.high}
        members = Poly({})
        for end in ends.split():
            members = members + normal.poly(substitute(a.body, {Sym(a.index): at[end]}))
        return members * Poly({rest: Fraction(1)})
    return Poly({m: Fraction(1)})
