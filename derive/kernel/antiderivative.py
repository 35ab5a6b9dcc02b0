"""Integrals by a certified antiderivative: somebody proposes it, the kernel differentiates it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from derive.kernel.poly import CONST_ZERO, Mono, Poly, Ratio
from derive.term import App, Elem, Fn, Int, Min, Over, Sym, Term, free, substitute, walk

if TYPE_CHECKING:
    from derive.kernel.normal import Normal


def certified(body: Term, over: Over, proposed: Term, normal: Normal) -> Ratio | None:
    """The value of an integral from a proposed antiderivative, or None when the certificate does not hold.

    ∂F/∂t = f     F and f defined for every real t     a, b finite
    ---------------------------------------------------------------
    ∫_a^b f dt = F(b) − F(a)
    """
    from derive.kernel.definedness import open_needs

    var = over.var
    if not isinstance(var, (Sym, Elem)) or over.index or "oo" in free(over.low) | free(over.high):
        return None
    if any(isinstance(x, (App, Int, Min)) for t in (body, proposed) for x in walk(t)):
        return None
    slope = partial(proposed, var, normal)
    if slope is None or not slope.same(normal.ratio(body)):
        return None
    if open_needs(proposed, normal) or open_needs(body, normal):
        return None
    normal.steps["a certified antiderivative"] = None
    return normal.ratio(substitute(proposed, {var: over.high}) - substitute(proposed, {var: over.low}))


def partial(t: Term, var: Term, normal: Normal) -> Ratio | None:
    """∂t/∂var, read off the differential of `t`."""
    form = normal.ratio(Fn("d", (t,)))
    target = Fn("d", (var,))
    coefficient: Poly = CONST_ZERO
    if any(isinstance(x, Fn) and x.name == "d" for m in form.den.terms for a, _ in m.factors for x in walk(a)):
        return None
    for m, c in form.num.terms.items():
        inner = [x for a, _ in m.factors for x in walk(a) if isinstance(x, Fn) and x.name == "d"]
        if inner == [target] and (target, Fraction(1)) in m.factors:
            coefficient = coefficient + Poly({Mono((f for f in m.factors if f[0] != target), m.power): c})
        elif any(free(var) & free(x) for x in inner):
            return None  # the differential of an open function of the variable
    return Ratio(coefficient, form.den)
