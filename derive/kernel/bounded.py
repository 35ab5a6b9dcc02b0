"""Bounded functions far out, under the mean over a standard normal variable."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from derive.kernel.poly import Mono, Poly, Refusal, to_term
from derive.term import Fn, Pow, Sym, Term, exp, free, neg, term

if TYPE_CHECKING:
    from derive.kernel.normal import Normal

#: Limits of bounded functions at −∞ and at +∞.
ENDS = {"tanh": (-1, 1), "sigmoid": (0, 1)}


def far_mean(body: Term, t: Sym, normal: Normal) -> tuple[Fraction, list[Term]] | None:
    """A mean over a standard normal variable of bounded functions of multiples of it.

    g bounded, g(−∞) = a, g(∞) = b     s → ∞ or s → −∞
    --------------------------------------------------
    ∫ g(s t) φ(t) dt → (a + b)/2          (dominated convergence)

    Returns the limit and the slopes, None for other integrands. That all slopes go to ∞ or all to −∞ is for the
    caller to check.
    """
    p = normal.poly(body).single
    density = normal.poly(exp(neg(t**2) / 2) * Pow(term(2) * Sym("pi"), term(Fraction(-1, 2)))).single
    if p is None or density is None:
        return None
    weight, factors = dict(density[0].factors), []
    ends, slopes = [Fraction(1), Fraction(1)], list[Term]()
    for a, e in p[0].factors:
        if isinstance(a, Fn) and a.name in ENDS and e.denominator == 1 and e > 0:
            slopes.append(_slope(a.args[0], t, normal))
            ends = [x * Fraction(y) ** int(e) for x, y in zip(ends, ENDS[a.name], strict=True)]
        else:
            factors.append((a, e))
    if dict(factors) != weight or p[0].power != density[0].power or not slopes:
        return None
    return (ends[0] + ends[1]) / 2 * p[1] / density[1], slopes


def plateau(body: Term, t: Sym, variable: str, normal: Normal) -> list[Term] | None:
    """The slopes of even powers of bounded functions, each with |g| → 1 on both sides, of lines through fixed points.

    |g(±∞)| = 1    q even    c_k free of the variable    s_k → ∞ or s_k → −∞    α, β finite, free of the variable
    -------------------------------------------------------------------------------------------------------------
    ∫_α^β Π g(s_k (t + c_k))^q dt → β − α          (dominated convergence: the integrand tends to 1 but at the −c_k)

    None for other integrands. That the slopes go to infinity is for the caller to check.
    """
    p = normal.poly(body).single
    if p is None or p[1] != 1 or p[0].power.terms:
        return None
    slopes = []
    for a, e in p[0].factors:
        if not isinstance(a, Fn) or a.name not in ENDS or {abs(x) for x in ENDS[a.name]} != {1}:
            return None
        if e <= 0 or e.denominator != 1 or e.numerator % 2:
            return None
        argument = normal.poly(a.args[0])
        moving = Poly({m: c for m, c in argument.terms.items() if (t, Fraction(1)) in m.factors})
        slope = normal.ratio(to_term(moving) / t).term
        centre = normal.ratio(to_term(argument - moving) / slope).term
        if t.name in free(slope) | free(centre) or variable in free(centre):
            return None
        slopes.append(slope)
    return slopes


def _slope(argument: Term, t: Sym, normal: Normal) -> Term:
    """s of an argument s t."""
    one = normal.poly(argument)
    s = Poly({Mono([f for f in m.factors if f != (t, Fraction(1))], m.power): c for m, c in one.terms.items()})
    if t.name in free(to_term(s)) or not normal.equal(to_term(s) * t, argument):
        raise Refusal("the growth of an integral is not known")
    return to_term(s)
