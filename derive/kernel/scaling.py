"""Growth of error functions, and of mean absolute values over a box that grows."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from derive.kernel.absolute import affine_body
from derive.kernel.poly import CONST_ONE, CONST_ZERO, Ratio, Refusal, number
from derive.term import PI, TWO, Fn, Int, Over, Sum, Sym, Term, add, free, neg, sqrt

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
    """The integral of |P| over a box some sides of which grow together; None for any other integral.

    P = b + L(μ) + M(ν), L and M linear, free of v     μ_j ∈ [−s c_j, s c_j], j = 1 … N     ν in a box that is held
    s → ∞    b/s → 0
    ---------------------------------------------------------------------------------------------------------------
    ∫∫ |P| dμ dν = s^{N+1} (∫∫ |L(u)| du dν + o(1))     u_j ∈ [−c_j, c_j]

    μ = s u, and | |b + L(μ) + M(ν)| − |L(μ)| | ≤ |b| + |M(ν)|, which is small against s.
    """
    from derive.kernel.growth import Lead, Scale

    normal, v = growth.normal, growth.variable
    form = affine_body(g, normal)
    if form is None or v in free(form.factor):
        return None
    sides, scale, count, linear = list[Over](), None, CONST_ZERO, list[Term]()
    for o in g.over:
        if "oo" in free(o.low) | free(o.high) or v in free(o.first) | free(o.last):
            return None
        if v not in free(o.low) | free(o.high):
            sides.append(o)
            continue
        x = growth.lead(normal.poly(o.high))
        if not (normal.equal(o.low, neg(o.high)) and x.exact and growth.compare(x.scale) > 0):
            return None
        if scale is not None and x.scale != scale:
            return None
        scale, count = x.scale, count + normal.poly(o.last - o.first + 1)
        sides.append(Over(o.var, neg(x.coefficient.term), x.coefficient.term, o.index, o.first, o.last))
    for p in form.parts:
        if v in free(p.coefficient):
            return None
        if v in free(p.cell.low) | free(p.cell.high):
            one = p.coefficient * p.cell.at(p.index or Sym(p.cell.index))
            linear.append(one if p.index else Sum(p.cell.index, p.cell.first, p.cell.last, one))
    if scale is None or not linear:
        return None
    constant = normal.poly(form.centre)
    if constant.terms and growth.compare(growth.lead(constant).scale.plus(scale, Fraction(-1))) >= 0:
        return None
    whole = Scale({basis: c * (count + CONST_ONE) for basis, c in scale.items()})
    value = normal.ratio(form.factor * Int(tuple(sides), Fn("abs", (add(*linear),))))
    normal.steps["the mean of |z| over a box that grows"] = None
    return Lead(whole, value, False)
