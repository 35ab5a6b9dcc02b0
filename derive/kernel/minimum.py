"""Least values of convex quadratics."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from derive.kernel.context import POSITIVE
from derive.kernel.poly import CONST_ZERO, Mono, Poly, Ratio, Refusal, generator, reduced, to_term
from derive.term import (
    INF,
    MINUS_INF,
    ONE,
    Add,
    Elem,
    Fn,
    Min,
    Mul,
    Num,
    Pow,
    Sum,
    Sym,
    Term,
    free,
    fresh,
    neg,
    substitute,
    term,
)

if TYPE_CHECKING:
    from derive.kernel.normal import Normal


def minimum(t: Min, normal: Normal) -> Ratio:
    """The least value, by a stationary point that a proposer found or by the normal equations.

    f a sum of squares of affine forms     ∂f/∂v (p) = 0 for every v     p defined for all data
    --------------------------------------------------------------------------------------------
    min f = f(p)
    """
    variables: list[Term] = []
    names = frozenset(o.var.name for o in t.over if isinstance(o.var, (Sym, Elem)))
    if any((o.low, o.high) != (MINUS_INF, INF) for o in t.over) or any(map(normal.context.assumes, names)):
        raise Refusal("a least value over part of the line, or over something that something is assumed of")
    for o in t.over:
        first, last = normal.poly(o.first).number, normal.poly(o.last).number
        if not o.index:
            variables.append(o.var)
        elif first is None or last is None or last - first > 20:
            return least_squares(t, normal)
        else:
            variables += [substitute(o.var, {Sym(o.index): term(k)}) for k in range(int(first), int(last) + 1)]
    if normal.minimize is not None and sum_of_squares(t.body, names, normal):
        proposed = normal.minimize(variables, t.body, normal)
        point = _everywhere(proposed, variables, names, normal) if proposed is not None else None
        if point is not None and stationary(t.body, variables, names, point, normal):
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


def _everywhere(
    proposed: dict[Term, Term], variables: list[Term], names: frozenset[str], normal: Normal
) -> dict[Term, Term] | None:
    """The proposed point if it is one: a value for each variable and nothing else, whose denominators can't vanish."""
    if set(proposed) != set(variables) or any(names & free(value) for value in proposed.values()):
        return None
    point: dict[Term, Term] = {}
    for v, value in proposed.items():
        num, den, m = reduced(normal.ratio(value))
        under = [a for a, e in m.factors if e < 0]
        if any(normal.generator_sign(a) != POSITIVE for a in under):
            return None
        if POSITIVE not in (normal.sign(den), normal.sign(-den)):
            return None
        point[v] = Ratio(num * Poly({m: Fraction(1)}), den).term
    return point


def affine(t: Term, names: frozenset[str], normal: Normal) -> bool:
    """Every monomial holds at most one variable, to the first power, and none inside another function."""
    for m in normal.poly(t).terms:
        hits = [(a, e) for a, e in m.factors if isinstance(a, (Sym, Elem)) and a.name in names]
        hidden = any(names & free(a) for a, e in m.factors if (a, e) not in hits) or names & free(to_term(m.power))
        if hidden or len(hits) > 1 or any(e != 1 for _, e in hits):
            return False
    return True


def sum_of_squares(t: Term, names: frozenset[str], normal: Normal) -> bool:
    """`t` is, as it is written, a combination of squares of affine forms with nonnegative weights."""
    if not names & free(t):
        return True
    if isinstance(t, Add):
        return all(sum_of_squares(x, names, normal) for x in t.terms)
    if isinstance(t, Sum):
        return sum_of_squares(substitute(t.body, {Sym(t.index): Sym(fresh("b"))}), names, normal)
    if isinstance(t, Pow):
        two = t.exponent == Num(Fraction(2))
        return two and affine(t.base, names, normal)
    if isinstance(t, Mul):
        inside = [f for f in t.factors if names & free(f)]
        outside = Mul(tuple(f for f in t.factors if not names & free(f)))
        weight = normal.sign(normal.poly(outside))
        return len(inside) == 1 and weight != "real" and sum_of_squares(inside[0], names, normal)
    return False


def stationary(
    body: Term, variables: list[Term], names: frozenset[str], point: dict[Term, Term], normal: Normal
) -> bool:
    p = normal.poly(body)
    if any(names & free(a) for m in p.terms for a, _ in m.factors if a not in variables):
        return False
    return all(normal.ratio(substitute(to_term(derivative(p, v)), point)).same(Ratio(CONST_ZERO)) for v in variables)


def least_squares(t: Min, normal: Normal) -> Ratio:
    """The residual variance of a linear fit with an intercept.

    f(μ) = (1/n) Σᵢ (Σ_{j<K} μ_j x_ij + μ_K − y_i)²     x_iK = 1     C_x invertible, covariances normalised by n
    --------------------------------------------------------------------------------------------------------------
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
        whole = o.first == ONE and o.var == mu(Sym(o.index)) and name not in {*free(last), "x", "y", "n"}
        whole = whole and normal.equal(Elem("x", (i, last)), ONE)  # the column that the matrices leave out
        if whole and normal.equal(t.body, fit):
            normal.steps["normal equations of a linear fit with an intercept"] = None
            product = Mul((c["y", "x"], Pow(c["x", "x"], Num(Fraction(-1))), c["x", "y"]))
            return normal.ratio(Fn("tr", (Add((c["y", "y"], neg(product))),)))
    return Ratio(generator(Min(t.over, normal.ratio(t.body).term)))
