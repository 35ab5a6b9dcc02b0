"""Exponentials: their means over an interval, their order, and logarithms that stand in an exponent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derive.kernel.context import POSITIVE
from derive.kernel.poly import CONST_ZERO, Mono, Poly, Refusal, mono_term, to_term
from derive.kernel.whole import positive_from
from derive.term import Fn, Pow, Sum, Sym, Term, exp, free, ln, neg, term

if TYPE_CHECKING:
    from derive.kernel.growth import Growth
    from derive.kernel.normal import Normal


def tilted_mass(b: Poly, low: Term, high: Term, normal: Normal) -> Term:
    """An exponential over an interval, in a form that shows it is even in b but for the middle of the interval.

    b ≠ 0    l < h    m = (h + l)/2    w = h − l
    ------------------------------------------------------------------
    ∫_l^h e^{b μ} dμ = e^{b m} (e^{|b| w/2} − e^{−|b| w/2})/|b|
    """
    rate = to_term(b)
    up = Fn("abs", (rate,)) * (high - low) / 2
    normal.steps["an exponential over an interval"] = None
    return exp(rate * (high + low) / 2) * (exp(up) - exp(neg(up))) / Fn("abs", (rate,))


def apart(p: Poly, normal: Normal) -> bool:
    """Whether a difference of two positive terms is known to be positive by their logarithms.

    f > 0    q > r                 A, B > 0, no name in them but a whole number k     ln A − ln B > 0 (`positive_from`)
    ---------------------------    --------------------------------------------------------------------------------
    c f e^q − c f e^r > 0          A − B > 0
    """
    if len(p.terms) != 2:
        return False
    (a, c), (b, d) = sorted(p.terms.items(), key=lambda x: -x[1])
    if not c > 0 > d or normal.mono_sign(Mono(a.factors)) != POSITIVE or normal.mono_sign(Mono(b.factors)) != POSITIVE:
        return False
    if c == -d and Mono(a.factors) == Mono(b.factors):
        return normal.sign(a.power - b.power) == POSITIVE
    names = free(to_term(p)) - {"pi"}
    if len(names) != 1 or not names <= set(normal.context.least):
        return False
    return positive_from(normal.log(Poly({a: c})) - normal.log(Poly({b: -d})), normal)


def unlogged(power: Poly, growth: Growth) -> tuple[Poly, bool]:
    """An exponent with logarithms replaced by those of leading terms, and whether nothing was lost.

    P ~ c s,  c > 0      k free of v                         P_j ~ c_j s_j, c_j > 0 for every j    K free of v
    --------------------------------------------             -------------------------------------------------------
    exp(k ln P) = exp(k ln c + k ln s + o(1))                exp(k Σ_{j≤K} ln P_j) = exp(k Σ (ln c_j + ln s_j) + o(1))
    """
    out, exact = CONST_ZERO, True
    for m, c in power.terms.items():
        logs = [a for a, e in m.factors if e == 1 and _holds_logarithm(a, growth.variable)]
        rest = Mono([f for f in m.factors if not logs or f[0] != logs[0]], m.power)
        if len(logs) == 1 and growth.variable not in free(mono_term(rest)):
            value, sharp = _leading(logs[0], growth)
            out, exact = out + Poly({rest: c}) * value, exact and sharp
        else:
            out = out + Poly({m: c})
    return out, exact


def _holds_logarithm(a: Term, variable: str) -> bool:
    if isinstance(a, Fn) and a.name == "ln":
        return variable in free(a) and a != ln(Sym(variable))
    return isinstance(a, Sum) and variable in free(a.body) and variable not in free(a.low) | free(a.high)


def _leading(a: Term, growth: Growth) -> tuple[Poly, bool]:
    normal, v = growth.normal, Sym(growth.variable)
    if isinstance(a, Sum):
        inner, exact = unlogged(normal.poly(a.body), growth)
        return normal.poly(Sum(a.index, a.low, a.high, to_term(inner))), exact
    assert isinstance(a, Fn)
    x = growth.lead(normal.poly(a.args[0]))
    if growth._sign(x.coefficient) != 1:
        raise Refusal("the logarithm of something that may not be positive")
    out = normal.poly(ln(x.coefficient.term))
    for (p, q, r), c in x.scale.items():
        of = (Pow(v, term(p)), Pow(ln(v), term(q)), Pow(ln(ln(v)), term(r)))
        for t, e in zip(of, (p, q, r), strict=True):
            c = c * normal.poly(t) if e else c
        out = out + c
    return out, x.exact
