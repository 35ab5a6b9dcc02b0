"""Signs of numbers such as ln(2π) − 1, by rigorous balls."""

from __future__ import annotations

import flint

from derive.term import Add, Fn, Mul, Num, Pow, Sym, Term

DIGITS = 200  # bits; a number whose sign needs more is left open


def constant_sign(t: Term) -> int:
    """1 or −1 for a number of known sign, 0 where `t` is no number or its ball holds zero.

    Examples
    --------
    >>> from derive.term import ONE, PI, ln
    >>> constant_sign(ln(PI) - ONE), constant_sign(Sym("x"))
    (1, 0)
    """
    with flint.ctx.workprec(DIGITS):
        ball = _ball(t)
    if ball is None or not ball.is_finite() or ball.contains(0):
        return 0
    return 1 if ball > 0 else -1


def _ball(t: Term) -> flint.arb | None:
    if isinstance(t, Num):
        return flint.arb(flint.fmpq(t.value.numerator, t.value.denominator))
    if t == Sym("pi"):
        return flint.arb.pi()
    if isinstance(t, (Add, Mul)):
        total = flint.arb(0 if isinstance(t, Add) else 1)
        for part in t.terms if isinstance(t, Add) else t.factors:
            ball = _ball(part)
            if ball is None:
                return None
            total = total + ball if isinstance(t, Add) else total * ball
        return total
    if isinstance(t, Pow) and isinstance(t.exponent, Num):
        base = _ball(t.base)
        if base is None or abs(t.exponent.value) > 1000 or not (base > 0):
            return None
        exponent = flint.arb(flint.fmpq(t.exponent.value.numerator, t.exponent.value.denominator))
        return (base.log() * exponent).exp()
    if isinstance(t, Fn) and t.name in ("ln", "exp", "abs", "erf"):
        inner = _ball(t.args[0])
        if inner is None or not abs(inner) < 1000:
            return None
        if t.name == "ln":
            return inner.log() if inner > 0 else None
        return {"exp": flint.arb.exp, "abs": flint.arb.__abs__, "erf": flint.arb.erf}[t.name](inner)
    return None
