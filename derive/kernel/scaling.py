"""Growth of error functions, and of mean absolute values over a box that grows."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from derive.kernel.absolute import affine_in
from derive.kernel.poly import CONST_ONE, CONST_ZERO, Poly, Ratio, Refusal, mono_term, number, to_term
from derive.term import PI, TWO, Elem, Fn, Int, Over, Sym, free, neg, sqrt

if TYPE_CHECKING:
    from derive.kernel.growth import Growth, Lead


def error_function_lead(t: Fn, growth: Growth) -> Lead:
    """z → 0: erf z ~ 2z/√π.    z → c: erf z → erf c.    z → ±∞: erf z → ±1.    |erf z| ≤ 1 = ln v · o(1)."""
    from derive.kernel.growth import LNLN, Lead, Scale

    normal = growth.normal
    try:
        x = growth.lead(normal.poly(t.args[0]))
    except Refusal:
        return Lead(Scale({LNLN: CONST_ONE}), Ratio(CONST_ZERO), False)
    order = growth.compare(x.scale)
    if order < 0:
        return Lead(x.scale, x.coefficient * normal.ratio(TWO / sqrt(PI)), False)
    if order == 0:
        return Lead(Scale(), normal.ratio(Fn("erf", (x.coefficient.term,))), x.exact)
    sign = growth._sign(x.coefficient)
    if not sign:
        raise Refusal("the sign of what an error function is taken of is not known")
    return Lead(Scale(), Ratio(number(sign)), False)


def box_mean(g: Int, growth: Growth) -> Lead | None:
    """The integral of |P| over a box whose sides grow together; None for any other integral.

    P = b + L(μ), L linear and free of v     sides w_j = s c_j, s → ∞, b/s → 0     N variables
    ------------------------------------------------------------------------------------------
    ∫ |P| dμ over Π [−w_j/2, w_j/2] = s^{N+1} (∫ |L(u)| du over Π [−c_j/2, c_j/2] + o(1))

    μ = s u, and | |b + L(μ)| − |L(μ)| | ≤ |b|, which is small against s.
    """
    from derive.kernel.growth import Lead, Scale

    normal, v = growth.normal, growth.variable
    body = normal.poly(g.body).single
    if body is None or body[0].power.terms or [e for _, e in body[0].factors] != [1]:
        return None
    ((f, _),) = body[0].factors
    names = {o.var.name for o in g.over if isinstance(o.var, (Elem, Sym))}
    if not (isinstance(f, Fn) and f.name == "abs" and affine_in(f.args[0], names, normal)):
        return None
    sides: list[Over] = []
    scale, count = None, CONST_ZERO
    for o in g.over:
        if (
            "oo" in free(o.low) | free(o.high)
            or not normal.equal(o.low, neg(o.high))
            or v in free(o.first) | free(o.last)
        ):
            return None
        x = growth.lead(normal.poly(o.high))
        if not x.exact or growth.compare(x.scale) <= 0 or (scale is not None and x.scale != scale):
            return None
        scale = x.scale
        count = count + normal.poly(o.last - o.first + 1)
        sides.append(Over(o.var, neg(x.coefficient.term), x.coefficient.term, o.index, o.first, o.last))
    linear, constant = CONST_ZERO, CONST_ZERO
    for m, c in normal.poly(f.args[0]).terms.items():
        if names & free(mono_term(m)):
            linear = linear + Poly({m: c})
        else:
            constant = constant + Poly({m: c})
    if scale is None or v in free(to_term(linear)):
        return None
    if constant.terms and growth.compare(growth.lead(constant).scale.plus(scale, Fraction(-1))) >= 0:
        return None
    whole = Scale({basis: c * (count + CONST_ONE) for basis, c in scale.items()})
    value = normal.ratio(Int(tuple(sides), Fn("abs", (to_term(linear),))))
    normal.steps["the mean of |z| over a box that grows"] = None
    return Lead(whole, value * Ratio(number(body[1])), False)
