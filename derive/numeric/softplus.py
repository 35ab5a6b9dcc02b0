"""The mean of ln(1 + e^-z) for z ~ N(0, s²), enclosed for s up to 10^(10^6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import flint
from flint import acb, arb

from derive.numeric.exact import infinite
from derive.numeric.fields import ArbField, NoNumber
from derive.term import Add, Fn, Int, Mul, Num, Pow, Sym, Term, free

if TYPE_CHECKING:
    from derive.numeric.compiled import Compiler, Env


def mean(s: arb) -> arb:
    """Ball around E ln(1 + e^-z), z ~ N(0, s²), at flint's precision.

    E = s/√(2π) + 2 E[ln(1 + e^-z); z > 0]. The integral over z > 0 is cut where the rest lies below
    2^-precision: beyond V it is less than e^-V in the scale of z, and less than e^(-U²/2)/U in that of z/s.

    Examples
    --------
    >>> print(mean(arb(0)).str(8))
    [0.69314718 +/- 5.61e-10]
    """
    if not s >= 0:
        raise NoNumber("the width of a normal distribution is negative, or can't be told from that")
    precision = flint.ctx.prec
    with flint.ctx.workprec(precision + 20):
        root = (2 * arb.pi()).sqrt()
        if s > 1:
            cut = arb(int((precision + 20) * 0.7) + 3)
            rate = 1 / (2 * s * s)
            inside = _integral(acb(1), acb(rate), cut)
            rest = (-cut).exp()
            weight = 2 / (s * root)
        else:
            cut = (arb(2 * (precision + 20)).sqrt()).mid() + 1
            inside = _integral(acb(s), acb(arb(1) / 2), cut)
            rest = (-cut * cut / 2).exp() / cut
            weight = 2 / root
        half = arb(0.5) * rest
        total = s / root + weight * (inside + half + arb(0, 1) * half)
    if not total.is_finite():
        raise NoNumber("the mean of ln(1 + e^-z) couldn't be enclosed")
    return +total


def _integral(a: acb, c: acb, cut: arb) -> arb:
    """∫ ln(1 + e^(-a v)) e^(-c v²) dv from 0 to `cut`."""

    def integrand(v: acb, analytic: bool) -> acb:
        return (1 + (-a * v).exp()).log(analytic=analytic) * (-c * v * v).exp()

    return acb.integral(integrand, acb(0), acb(cut)).real


def match(t: Int, compiler: Compiler, env: Env) -> arb | None:
    """Enclosure of ∫ c·ln(1 + e^(a t))·e^(-b t²) dt over the line, None for any other integral."""
    if len(t.over) != 1:
        return None
    o = t.over[0]
    if not isinstance(o.var, Sym) or o.index or infinite(o.low) != -1 or infinite(o.high) != 1:
        return None
    name = o.var.name
    soft: list[Term] = []
    rates: list[Term] = []
    constants: list[Term] = []
    for factor in _factors(t.body):
        if name not in free(factor):
            constants.append(factor)
            continue
        rate, inside = _inside_exp(factor, name, 2), _inside_softplus(factor, name)
        if rate is not None:
            rates.append(rate)
        elif inside is not None:
            soft.append(inside)
        else:
            return None
    if len(soft) != 1 or not rates:
        return None
    if any(not isinstance(v, int) for v in env.values()):
        return None
    from derive.numeric.compiled import Compiler

    with flint.ctx.workprec(max(flint.ctx.prec, getattr(getattr(compiler.field, "ctx", None), "prec", 0))):
        inner = Compiler(compiler.instance, ArbField(), compiler.integrator, compiler.digits)
        values = [inner.constant(u, dict(env)) for u in (soft[0], Add(tuple(rates)), Mul(tuple(constants)))]
        a, b, c = values[0], -values[1], values[2]
        if not b > 0:
            return None
        found: arb = c * (arb.pi() / b).sqrt() * mean(abs(a) / (2 * b).sqrt())
        return found


def _factors(t: Term) -> list[Term]:
    if isinstance(t, Mul):
        return [f for u in t.factors for f in _factors(u)]
    return [t]


def _inside_exp(t: Term, name: str, order: int) -> Term | None:
    """c of exp(c·t^order), if `t` is that."""
    if not isinstance(t, Fn) or t.name != "exp" or len(t.args) != 1:
        return None
    found, rest = 0, []
    for u in _factors(t.args[0]):
        if name not in free(u):
            rest.append(u)
        elif isinstance(u, Sym):
            found += 1
        elif isinstance(u, Pow) and u.base == Sym(name) and isinstance(u.exponent, Num) and u.exponent.value == 2:
            found += 2
        else:
            return None
    return Mul(tuple(rest)) if found == order else None


def _inside_softplus(t: Term, name: str) -> Any:
    """a of ln(1 + exp(a·t)), if `t` is that."""
    if not (isinstance(t, Fn) and t.name == "ln" and len(t.args) == 1 and isinstance(t.args[0], Add)):
        return None
    parts = t.args[0].terms
    if len(parts) != 2:
        return None
    for one, other in (parts, parts[::-1]):
        if isinstance(one, Num) and one.value == 1:
            return _inside_exp(other, name, 1)
    return None
