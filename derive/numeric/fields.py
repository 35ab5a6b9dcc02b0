"""The two kinds of numbers a term is evaluated in: mpmath floats, and rigorous balls of Arb."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from typing import Any

import flint
import mpmath

#: No value may exceed 2 to this (10^(8·10^7)); what is larger belongs into logarithms.
MAX_BITS = 2**28


class NoNumber(Exception):
    """A term has no number here: it diverges, is too large, too costly or unknown. The text says which."""


def bits(digits: int) -> int:
    """Bits that hold `digits` decimals, with a margin for rounding."""
    return int(digits * 3.3219281) + 20


@lru_cache(maxsize=64)
def context(precision: int) -> Any:
    """An mpmath context of its own, so that nobody's `mp.dps` changes."""
    ctx = mpmath.MPContext()
    ctx.prec = precision
    return ctx


def size(x: flint.arb) -> int:
    """Upper bound for log2|x| (a rough one), very negative for zero.

    Examples
    --------
    >>> size(flint.arb(1024))
    11
    """
    if not x.is_finite():
        raise NoNumber("a value isn't finite")
    man, exp = x.abs_upper().man_exp()
    return int(man).bit_length() + int(exp) if man else -(1 << 2000)


def ball(value: Fraction | int) -> flint.arb:
    """The rational number as a ball at the present precision."""
    if isinstance(value, int):
        return flint.arb(value)
    return flint.arb(flint.fmpq(value.numerator, value.denominator))


def to_mpf(x: flint.arb, ctx: Any) -> Any:
    """Midpoint of a ball as a float of `ctx`."""
    man, exp = x.mid().man_exp()
    return ctx.ldexp(ctx.mpf(int(man)), int(exp))


class MpField:
    """Floating point by mpmath at `digits` decimals and a margin."""

    rigorous = False

    def __init__(self, digits: int) -> None:
        self.ctx = context(bits(digits) + 20)

    def num(self, value: Fraction | int) -> Any:
        q = Fraction(value)
        if max(q.numerator.bit_length(), q.denominator.bit_length()) < 4000:
            return self.ctx.mpf(q.numerator) / q.denominator
        with flint.ctx.workprec(self.ctx.prec + 10):  # mpmath takes minutes to normalise millions of bits
            return to_mpf(ball(q), self.ctx)

    def pi(self) -> Any:
        return +self.ctx.pi

    def exp(self, x: Any) -> Any:
        if self.ctx.mag(x) > 64:
            raise NoNumber("exp of a number beyond 2^64")
        return self.ctx.exp(x)

    def ln(self, x: Any) -> Any:
        if not x > 0:
            raise NoNumber("ln of a number that isn't positive")
        return self.ctx.ln(x)

    def sqrt(self, x: Any) -> Any:
        if x < 0:
            raise NoNumber("square root of a negative number")
        return self.ctx.sqrt(x)

    def tanh(self, x: Any) -> Any:
        if self.ctx.mag(x) > 40:
            return self.ctx.mpf(1 if x > 0 else -1)
        return self.ctx.tanh(x)

    def erf(self, x: Any) -> Any:
        return self.ctx.erf(x)

    def abs(self, x: Any) -> Any:
        return abs(x)

    def max(self, *xs: Any) -> Any:
        return max(xs)

    def min(self, *xs: Any) -> Any:
        return min(xs)

    def sum(self, xs: Iterable[Any]) -> Any:
        return self.ctx.fsum(xs)

    def magnitude(self, x: Any) -> int:
        return int(self.ctx.mag(x)) if x else -(1 << 2000)

    def finite(self, x: Any) -> bool:
        return bool(self.ctx.isfinite(x))

    def positive(self, x: Any) -> bool:
        return bool(x > 0)

    def agree(self, a: Any, b: Any, scale: Any) -> bool:
        return bool(abs(a - b) <= abs(scale) * self.ctx.ldexp(1, 40 - self.ctx.prec))

    def weight(self, x: Any) -> Any:
        """What a pivot is chosen by."""
        return abs(x)


class ArbField:
    """Balls of Arb: each result contains the exact value. The precision is flint's present one."""

    rigorous = True
    exp = staticmethod(flint.arb.exp)
    ln = staticmethod(flint.arb.log)
    sqrt = staticmethod(flint.arb.sqrt)
    tanh = staticmethod(flint.arb.tanh)
    erf = staticmethod(flint.arb.erf)
    abs = staticmethod(flint.arb.__abs__)

    def num(self, value: Fraction | int) -> Any:
        return ball(value)

    def pi(self) -> Any:
        return flint.arb.pi()

    def max(self, *xs: Any) -> Any:
        result = xs[0]
        for x in xs[1:]:
            result = result.max(x)
        return result

    def min(self, *xs: Any) -> Any:
        result = xs[0]
        for x in xs[1:]:
            result = result.min(x)
        return result

    def sum(self, xs: Iterable[Any]) -> Any:
        total = flint.arb(0)
        for x in xs:
            total += x
        return total

    def magnitude(self, x: Any) -> int:
        return size(x)

    def finite(self, x: Any) -> bool:
        return bool(x.is_finite())

    def positive(self, x: Any) -> bool:
        return bool(x > 0)

    def agree(self, a: Any, b: Any, scale: Any) -> bool:
        return bool(a.overlaps(b))

    def weight(self, x: Any) -> Any:
        """What a pivot is chosen by: zero when the ball contains zero."""
        return x.abs_lower()


Field = MpField | ArbField


def power(field: Field, base: Any, exponent: Fraction) -> Any:
    """`base` to a rational power; a negative base needs an integer.

    Examples
    --------
    >>> int(power(MpField(15), MpField(15).num(2), Fraction(10)))
    1024
    """
    n, q = exponent.numerator, exponent.denominator
    if abs(n) > 2**40 or (abs(n) > 64 and field.magnitude(base) > 0 and field.magnitude(base) * abs(n) > q * MAX_BITS):
        raise NoNumber("a power beyond every bound")
    if q == 1:
        if n < 0 and not field.weight(base) > 0:
            raise NoNumber("division by zero, or by what can't be told from zero")
        return 1 / base**-n if n < 0 else base**n
    if q == 2:
        root = field.sqrt(base)
        return power(field, root, Fraction(n)) if field.finite(root) else root
    if not field.positive(base):
        if field.weight(base) > 0 or n < 0:
            raise NoNumber("a negative number to a power that isn't an integer")
        if field.rigorous:
            raise NoNumber("a power of what can't be told from zero")
        return base
    return field.exp(field.ln(base) * field.num(exponent))
