"""Least values of convex quadratics."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from derive.kernel.poly import CONST_ZERO, Mono, Poly, Ratio, generator
from derive.term import ONE, Add, Elem, Fn, Min, Mul, Num, Pow, Sum, Sym, Term, free, neg, substitute, term

if TYPE_CHECKING:
    from derive.kernel.normal import Normal


def minimum(t: Min, normal: Normal) -> Ratio:
    """The least value, by a stationary point that a proposer found or by the normal equations.

    f a sum of squares of affine forms     ∂f/∂v (p) = 0 for every v
    -----------------------------------------------------------------
    min f = f(p)
    """
    variables: list[Term] = []
    for o in t.over:
        first, last = normal.poly(o.first).number, normal.poly(o.last).number
        if not o.index:
            variables.append(o.var)
        elif first is None or last is None or last - first > 20:
            return least_squares(t, normal)
        else:
            variables += [substitute(o.var, {Sym(o.index): term(k)}) for k in range(int(first), int(last) + 1)]
    if normal.minimize is not None and sum_of_squares(t.body, variables, normal):
        point = normal.minimize(variables, t.body, normal)
        if point is not None and stationary(t.body, variables, point, normal):
            normal.steps["a stationary point of a sum of squares of affine forms is its minimum"] = None
            return normal.ratio(substitute(t.body, point))
    return Ratio(generator(Min(t.over, normal.ratio(t.body).term)))


def derivative(p: Poly, v: Term) -> Poly:
    """∂p/∂v for a polynomial in which v stands as a generator."""
    out: dict[Mono, Fraction] = {}
    for m, c in p.terms.items():
        for a, e in m.factors:
            if a == v:
                rest = [(b, k) for b, k in m.factors if b != v] + ([(v, e - 1)] if e != 1 else [])
                key = Mono(rest, m.power)
                out[key] = out.get(key, Fraction(0)) + c * e
    return Poly(out)


def affine(t: Term, variables: list[Term], normal: Normal) -> bool:
    p = normal.poly(t)
    for m in p.terms:
        hits = [(a, e) for a, e in m.factors if a in variables]
        hidden = any(a not in variables and _mentions(a, variables) for a, _ in m.factors) or m.power.terms
        if hidden or len(hits) > 1 or any(e != 1 for _, e in hits):
            return False
    return True


def _mentions(t: Term, variables: list[Term]) -> bool:
    from derive.term import walk

    return any(x in variables for x in walk(t))


def sum_of_squares(t: Term, variables: list[Term], normal: Normal) -> bool:
    """`t` is, as it is written, a combination of squares of affine forms with nonnegative weights."""
    if not _mentions(t, variables):
        return True
    if isinstance(t, Add):
        return all(sum_of_squares(x, variables, normal) for x in t.terms)
    if isinstance(t, Sum):
        return sum_of_squares(t.body, variables, normal)
    if isinstance(t, Pow):
        two = t.exponent == Num(Fraction(2))
        return two and affine(t.base, variables, normal)
    if isinstance(t, Mul):
        inside = [f for f in t.factors if _mentions(f, variables)]
        outside = Mul(tuple(f for f in t.factors if not _mentions(f, variables)))
        weight = normal.sign(normal.poly(outside))
        return len(inside) == 1 and weight != "real" and sum_of_squares(inside[0], variables, normal)
    return False


def stationary(body: Term, variables: list[Term], point: dict[Term, Term], normal: Normal) -> bool:
    p = normal.poly(body)
    if any(a not in variables and _mentions(a, variables) for m in p.terms for a, _ in m.factors):
        return False
    from derive.kernel.poly import to_term

    return all(normal.ratio(substitute(to_term(derivative(p, v)), point)).same(Ratio(CONST_ZERO)) for v in variables)


def least_squares(t: Min, normal: Normal) -> Ratio:
    """The residual variance of a linear fit with an intercept.

    f(μ) = (1/n) Σᵢ (Σ_{j<K} μ_j x_ij + μ_K − y_i)²     C_x invertible, covariances normalised by n
    -------------------------------------------------------------------------------------------------
    min f = tr{C_y − C_yx C_x⁻¹ C_xy}
    """
    c = normal.context.covariances
    names = {o.var.name for o in t.over if isinstance(o.var, Elem)}
    if len(t.over) == 1 and len(names) == 1 and c:
        (o,) = t.over
        name, last = next(iter(names)), o.last
        i, j = Sym("i"), Sym("j")

        def mu(k: Term) -> Term:
            return Elem(name, (k,))

        residual = Sum("j", ONE, last - 1, mu(j) * Elem("x", (i, j))) + mu(last) - Elem("y", (i,))
        fit = Sum("i", ONE, Sym("n"), residual**2) / Sym("n")
        whole = o.first == ONE and o.var == mu(Sym(o.index)) and name not in free(last)
        if whole and normal.equal(t.body, fit):
            normal.steps["normal equations of a linear fit with an intercept"] = None
            product = Mul((c["y", "x"], Pow(c["x", "x"], Num(Fraction(-1))), c["x", "y"]))
            return normal.ratio(Fn("tr", (Add((c["y", "y"], neg(product))),)))
    return Ratio(generator(Min(t.over, normal.ratio(t.body).term)))
