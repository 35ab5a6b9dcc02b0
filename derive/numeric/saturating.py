"""The mean of a power of tanh z or of the logistic function, z ~ N(0, s²), enclosed for s up to 10^(10^6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import flint
from flint import acb, arb

from derive.numeric.exact import infinite
from derive.numeric.fields import ArbField, NoNumber
from derive.numeric.softplus import _factors, _inside_exp
from derive.term import Add, Fn, Int, Mul, Num, Pow, Sym, Term, free

if TYPE_CHECKING:
    from derive.numeric.compiled import Compiler, Env

FUNCTIONS: dict[str, Callable[[acb], acb]] = {
    "tanh": lambda v: v.tanh(),
    "sigmoid": lambda v: (1 + (v / 2).tanh()) / 2,
}


def mean(name: str, power: int, s: arb) -> arb:
    """Ball around E f(z)^m, z ~ N(0, s²), at flint's precision.

    With g the even part of f^m and c its limit far out, E = c + 2 E[g(z) − c; z > 0], and |g(v) − c| ≤ (2m+1) e^-v.
    For a narrow z the integral of g itself is cut, beyond u standard deviations, where the rest is less than
    e^(-u²/2)/u.

    Examples
    --------
    >>> [float(mean(name, m, arb(s)).str(6, radius=False)) for name, m, s in (("tanh", 2, 1), ("sigmoid", 1, 3))]
    [0.394294, 0.5]
    """
    if not s >= 0:
        raise NoNumber("the width of a normal distribution is negative, or can't be told from that")
    f, precision = FUNCTIONS[name], flint.ctx.prec
    with flint.ctx.workprec(precision + 20):
        root = (2 * arb.pi()).sqrt()

        def even(v: acb) -> acb:
            return (f(v) ** power + f(-v) ** power) / 2

        far = arb(1 if name == "tanh" and power % 2 == 0 else 0 if name == "tanh" else 0.5)
        if s > 1:
            cut, rate = arb(int((precision + 20) * 0.7) + 3), acb(1 / (2 * s * s))
            rest = (2 * power + 1) * (-cut).exp()
            inside = acb.integral(lambda v, _: (even(v) - far) * (-rate * v * v).exp(), acb(0), acb(cut)).real
            total = far + 2 / (s * root) * (inside + arb(0, 1) * rest)
        else:
            cut = (arb(2 * (precision + 20)).sqrt()).mid() + 1
            rest = (-cut * cut / 2).exp() / cut
            inside = acb.integral(lambda v, _: even(s * v) * (-v * v / 2).exp(), acb(0), acb(cut)).real
            total = 2 / root * (inside + arb(0, 1) * rest)
    if not total.is_finite():
        raise NoNumber(f"the mean of a power of {name} couldn't be enclosed")
    return +total


def match(t: Int, compiler: Compiler, env: Env) -> arb | None:
    """Enclosure of ∫ c·f(a t)^m·e^(-b t²) dt over the line, None for any other integral."""
    o = t.over[0]
    if len(t.over) != 1 or not isinstance(o.var, Sym) or (infinite(o.low), infinite(o.high)) != (-1, 1) or o.index:
        return None
    name, found = o.var.name, list[tuple[str, int, Term]]()
    rates: list[Term] = []
    constants: list[Term] = []
    for factor in _factors(t.body):
        rate = _inside_exp(factor, name, 2)
        saturating = _saturating(factor, name)
        if name not in free(factor):
            constants.append(factor)
        elif rate is not None:
            rates.append(rate)
        elif saturating is not None:
            found.append(saturating)
        else:
            return None
    if len(found) != 1 or not rates or any(not isinstance(v, int) for v in env.values()):
        return None
    from derive.numeric.compiled import Compiler

    f, power, slope = found[0]
    with flint.ctx.workprec(max(flint.ctx.prec, getattr(getattr(compiler.field, "ctx", None), "prec", 0))):
        inner = Compiler(compiler.instance, ArbField(), compiler.integrator, compiler.digits)
        a, b, c = (inner.constant(u, dict(env)) for u in (slope, Add(tuple(rates)), Mul(tuple(constants))))
        if not -b > 0:
            return None
        value: arb = c * (arb.pi() / -b).sqrt() * mean(f, power, abs(a) / (-2 * b).sqrt())
        return value


def _saturating(t: Term, name: str) -> tuple[str, int, Term] | None:
    """(f, m, a) of f(a t)^m."""
    power = 1
    if isinstance(t, Pow) and isinstance(t.exponent, Num) and t.exponent.value.denominator == 1:
        power, t = int(t.exponent.value), t.base
    if not isinstance(t, Fn) or t.name not in FUNCTIONS or power < 1:
        return None
    factors = _factors(t.args[0])
    slope = [u for u in factors if u != Sym(name)]
    if len(slope) != len(factors) - 1 or any(name in free(u) for u in slope):
        return None
    return t.name, power, Mul(tuple(slope))
