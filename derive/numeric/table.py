"""Quotients along a variable that goes to infinity, far beyond any floating point exponent."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import floor

import flint
from flint import arb

from derive.numeric.evaluate import clean
from derive.numeric.fields import NoNumber, bits, context, to_mpf
from derive.numeric.instance import Instance
from derive.numeric.logarithmic import DIGITS, Logs
from derive.term import Term


def quotient_table(
    numerator: Term,
    denominator: Term,
    instance: Instance,
    variable: str,
    exponents: Sequence[int] = (1, 2, 3, 6, 12, 100, 10**4, 10**6),
) -> tuple[tuple[str, str], ...]:
    """Quotient of two terms at variable = 10^k, for each k of `exponents` where both have a value.

    Examples
    --------
    >>> from derive.term import Sym, ln
    >>> s = Sym("s")
    >>> quotient_table(ln(s) + 1, ln(s), Instance(), "s", (3, 10**6))
    (('1e3', '1.1448'), ('1e1000000', '1.0000'))
    """
    rows, reason = [], "no exponents"
    for k in exponents:
        try:
            rows.append((f"1e{k}", _quotient(numerator, denominator, instance.at(variable, 10**k))))
        except NoNumber as e:
            reason = str(e)
    if not rows:
        raise NoNumber(f"the quotient has no value at any of the points: {reason}")
    return tuple(rows)


def logarithms(t: Term, instance: Instance, variable: str, values: Sequence[int]) -> tuple[tuple[str, str], ...]:
    """log₁₀ of a term at each value of the variable where it is positive, to four decimals.

    Examples
    --------
    >>> from derive.term import Sym, exp
    >>> logarithms(exp(Sym("s") ** 2), Instance(), "s", (2, 1024))
    (('2', '1.7372'), ('1024', '455390.7707'))
    """
    rows = []
    with flint.ctx.workprec(bits(DIGITS)):
        for value in values:
            try:
                found = clean(partial(Logs(instance.at(variable, value)).log, t, {}))
            except NoNumber:
                continue
            ten = (arb(found.whole) + found.part) / arb(10).log()
            if found.sign > 0 and ten.is_finite() and abs(ten) < 10**9 and ten.rad() < 10**-6:
                rows.append((str(value), f"{float(ten.mid()):.4f}"))
    return tuple(rows)


def _quotient(numerator: Term, denominator: Term, instance: Instance) -> str:
    with flint.ctx.workprec(bits(DIGITS)):
        a, b = (clean(partial(Logs(instance).log, t, {})) for t in (numerator, denominator))
        if not b.sign:
            raise NoNumber("the denominator is zero")
        if not a.sign:
            return "0"
        sign = "-" if a.sign * b.sign < 0 else ""
        ten = (arb(a.whole - b.whole) + (a.part - b.part)) / arb(10).log()
        if not ten.is_finite() or (not abs(ten) < arb(10) ** 6 and ten.rel_accuracy_bits() < 14):
            raise NoNumber("the quotient can't be told at the digits carried")
        ctx = context(bits(40))
        if abs(ten) < 6:
            value = arb(10) ** ten
            if value.rel_accuracy_bits() < 20:
                raise NoNumber("the quotient can't be told at the digits carried")
            return f"{sign}{ctx.nstr(to_mpf(value, ctx), 5, strip_zeros=False)}"
        if abs(ten) < 10**6:
            exponent = floor(float(ten.mid()))  # at the very power of ten either neighbour will do
            return f"{sign}{ctx.nstr(to_mpf(arb(10) ** (ten - exponent), ctx), 3)}e{exponent}"
        return f"{sign}10^({ctx.nstr(to_mpf(ten, ctx), 3).replace('e+', 'e')})"
