"""Differentials, and partial derivatives read from them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from derive.kernel.poly import CONST_ZERO, Mono, Poly, Ratio, generator, to_term
from derive.term import TWO, Elem, Fn, Mul, Num, Pow, Sum, Sym, Term, exp, neg, walk

if TYPE_CHECKING:
    from derive.kernel.normal import Normal


def differential(t: Fn, normal: Normal) -> Ratio:
    """The differential of a polynomial in generators; a generator that is not understood keeps its own.

    e a number
    -------------------------------------------------------------------------------------
    d(ab) = a db + b da    d(aᵉ) = e aᵉ⁻¹ da    d ln a = da/a    d exp p = exp p dp    dπ = 0
    d erf p = 2/√π exp(−p²) dp
    """
    p = normal.poly(t.args[0])
    one = p.single
    if one and one[1] == 1 and len(one[0].factors) == 1 and not one[0].power.terms:
        a, e = one[0].factors[0]
        if e == 1:
            return _of_generator(a, normal)
    normal.steps["product rule"] = None
    total = Ratio(CONST_ZERO)
    for m, c in p.terms.items():
        for k, (a, e) in enumerate(m.factors):
            others = m.factors[:k] + m.factors[k + 1 :] + (((a, e - 1),) if e != 1 else ())
            total = total + Ratio(Poly({Mono(others, m.power): c * e})) * normal.ratio(Fn("d", (a,)))
        if m.power.terms:
            total = total + Ratio(Poly({m: c})) * normal.ratio(Fn("d", (to_term(m.power),)))
    return total


def _of_generator(a: Term, normal: Normal) -> Ratio:
    if isinstance(a, Fn) and a.name == "ln":
        return normal.ratio(Mul((Fn("d", (a.args[0],)), Pow(a.args[0], Num(Fraction(-1))))))
    if isinstance(a, Fn) and a.name == "erf":
        (z,) = a.args
        return normal.ratio(Mul((TWO, Pow(Sym("pi"), Num(Fraction(-1, 2))), exp(neg(z**2)), Fn("d", (z,)))))
    if isinstance(a, Sum):
        return normal.ratio(Sum(a.index, a.low, a.high, Fn("d", (a.body,))))
    held = Fn("d", (a,))
    changed = normal.context.rewrite(held)
    if changed != held:
        normal.steps["a law taken as a premise"] = None
        return normal.ratio(changed)
    return Ratio(CONST_ZERO if a == Sym("pi") or isinstance(a, Num) else generator(held))


def partial(t: Fn, normal: Normal) -> Ratio:
    """(∂U/∂S) at fixed V, N is the coefficient of dS in dU.

    dU = a dS + b dV + …    V, … fixed, one by one (the name of a family: all its members)
    ----------------------------------------------
    (∂U/∂S)_{V,…} = a
    """
    of, by, *fixed = (normal.ratio(x).term for x in t.args)
    form = normal.ratio(Fn("d", (of,)))
    target = Fn("d", (by,))
    opaque = Ratio(generator(Fn("partial", (of, by, *fixed))))
    if not isinstance(by, (Sym, Elem)) or by in fixed or _differentials(form.den):
        return opaque
    coefficient = CONST_ZERO
    for m, c in form.num.terms.items():
        found = _differentials(Poly({m: c}))
        if len(found) != 1:
            return opaque
        inner = found[0].args[0]
        if found[0] == target and (target, Fraction(1)) in m.factors:
            coefficient = coefficient + Poly({Mono((f for f in m.factors if f[0] != target), m.power): c})
        elif inner not in fixed and not (isinstance(inner, Elem) and Sym(inner.name) in fixed):
            return opaque
    normal.steps["partial derivative read from a differential form"] = None
    return Ratio(coefficient, form.den)


def _differentials(p: Poly) -> list[Fn]:
    return [x for x in walk(to_term(p)) if isinstance(x, Fn) and x.name == "d"]
