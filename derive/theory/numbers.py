"""Terms as numbers: over NumPy arrays for speed, over Arb's balls for twenty digits.

Both walk the term itself, so that what is printed is what is evaluated.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

import flint
import numpy as np
from flint import arb

from derive.numeric import NoNumber
from derive.term import Add, App, Elem, Fn, Int, Mul, Num, Pow, Prod, Sum, Sym, Term

#: Values of symbols and of elements of families: by name, or by (name, index, …).
Env = Mapping[Any, Any]
#: How an integral in a term is done: (integrand, low, high) -> value.
Integrator = Callable[[Callable[[Any], Any], Any, Any], Any]


def erf(x: Any) -> Any:
    """The error function of an array: Taylor's series about the nearest of 3073 points.

    Examples
    --------
    >>> float(erf(np.array(1.0))).__round__(15)
    0.842700792949715
    """
    z = np.asarray(x, dtype=float)
    a = np.minimum(np.abs(z), 6.0)
    k = np.rint(a * 512).astype(np.int64)
    d, (at, g) = a - k / 512, (t.take(k, mode="clip") for t in _erf_table())
    x0 = k / 512
    # g (d − x₀ d² + (2x₀² − 1) d³/1.5/2 − …): the derivatives of exp(−x²) are Hermite's polynomials
    series = 1 + d * (-x0 + d * ((2 * x0 * x0 - 1) / 3 + d * (x0 * (3 - 2 * x0 * x0) / 6)))
    return np.copysign(at + g * d * series, z)


@lru_cache(maxsize=1)
def _erf_table() -> tuple[Any, Any]:
    x = np.arange(6 * 512 + 1) / 512
    return np.array([math.erf(v) for v in x]), 2 / math.sqrt(math.pi) * np.exp(-x * x)


def faddeeva(z: Any, order: int = 40) -> Any:
    """e^{−z²} erfc(−iz) in the upper half plane, to about twelve digits: Weideman's rational series (1994).

    Examples
    --------
    >>> float(faddeeva(np.array(1j)).real).__round__(12)
    0.427583576156
    """
    points = 2 * order
    width = np.sqrt(order / np.sqrt(2))
    theta = np.arange(-points + 1, points) * np.pi / points
    t = width * np.tan(theta / 2)
    f = np.concatenate([[0.0], np.exp(-(t**2)) * (width**2 + t**2)])
    series = np.real(np.fft.fft(np.fft.fftshift(f)))[1 : order + 1][::-1] / (2 * points)
    below = width - 1j * z
    return 2 * np.polyval(series, (width + 1j * z) / below) / below**2 + 1 / (np.sqrt(np.pi) * below)


def cut(a: Any, t: Any) -> Any:
    """e^{−t²/2} Re erf((a + it)/√2), for a > 0, without overflow; the mean of cos t u of a normal u cut at ±a.

    Examples
    --------
    >>> abs(float(cut(2.0, np.array(0.0))) - math.erf(2 / math.sqrt(2))) < 1e-12
    True
    """
    x, y = a / np.sqrt(2), t / np.sqrt(2)
    return np.exp(-(y**2)) - np.exp(-(x**2)) * np.real(np.exp(-2j * x * y) * faddeeva(-y + 1j * x))


#: Integrals that are numbers, worked out once to fifty digits.
CONSTANTS: dict[Term, Fraction] = {}
#: Functions of one variable without a formula, by the name under which they are applied.
UNKNOWN: dict[str, Callable[[Any], Any]] = {}


def whole(base: Any, n: int) -> Any:
    """A power by products: a ball around 0 has no logarithm."""
    if not isinstance(base, arb):
        return base**n
    out = base
    for bit in bin(n)[3:]:
        out = out * out * base if bit == "1" else out * out
    return out


class Arrays:
    """NumPy: fast, to about fifteen digits; no integrals."""

    rigorous = False
    functions: Mapping[str, Callable[..., Any]] = {
        "exp": np.exp, "ln": np.log, "abs": np.abs, "erf": erf, "cos": np.cos, "sin": np.sin, "tanh": np.tanh,
        "sinh": np.sinh, "cosh": np.cosh, "sqrt": np.sqrt, "atan": np.arctan,
        "atan2": np.arctan2, "cut": cut,
    }  # fmt: skip

    @staticmethod
    def number(v: Fraction) -> Any:
        return float(v)

    @staticmethod
    def pi() -> Any:
        return np.pi

    @staticmethod
    def euler() -> Any:
        return np.euler_gamma

    @classmethod
    def apply(cls, name: str, args: list[Any]) -> Any:
        if name in cls.functions:
            return cls.functions[name](*args)
        if all(np.ndim(a) == 0 for a in args):
            return float(Balls.apply(name, [arb(float(a)) for a in args]))
        return tabulated(name, args)

    @staticmethod
    def power(base: Any, e: Any) -> Any:
        return np.power(base, e)


def tabulated(name: str, args: list[Any]) -> Any:
    """A special function of one array, its other arguments numbers, value by value through Arb."""
    *fixed, x = args
    flat = np.asarray(x, dtype=float)
    values = [float(Balls.apply(name, [*(arb(float(f)) for f in fixed), arb(v)])) for v in flat.ravel()]
    return np.array(values).reshape(flat.shape)


class Balls:
    """Arb at flint's present precision."""

    rigorous = True
    functions: Mapping[str, Callable[..., Any]] = {
        "exp": arb.exp, "ln": arb.log, "abs": arb.__abs__, "erf": arb.erf, "cos": arb.cos, "sin": arb.sin,
        "tanh": arb.tanh, "sinh": arb.sinh, "cosh": arb.cosh, "sqrt": arb.sqrt, "gamma": arb.gamma, "atan": arb.atan,
        "digamma": arb.digamma,
        "atan2": lambda y, x: flint.acb(x, y).arg(), 
        "cut": lambda a, t: (-t * t / 2).exp() * (flint.acb(a, t) / arb(2).sqrt()).erf().real,
        "besselk": lambda n, x: x.bessel_k(n), "besselj": lambda n, x: x.bessel_j(n),
    }  # fmt: skip

    @staticmethod
    def number(v: Fraction) -> Any:
        return arb(flint.fmpq(v.numerator, v.denominator))

    @staticmethod
    def pi() -> Any:
        return arb.pi()

    @staticmethod
    def euler() -> Any:
        return arb.const_euler()

    @classmethod
    def apply(cls, name: str, args: list[Any]) -> Any:
        if name not in cls.functions:
            raise NoNumber(f"the function {name} is not known")
        return cls.functions[name](*args)

    @staticmethod
    def power(base: Any, e: Any) -> Any:
        return base**e


Field = type[Arrays] | type[Balls]


def value(t: Term, env: Env, field: Field = Balls, integrate: Integrator | None = None) -> Any:
    """The value of a term.

    Raises
    ------
    NoNumber
        A name without a value, a function that is not known, or an integral where none can be done.

    Examples
    --------
    >>> from derive.term import exp
    >>> float(value(exp(Sym("a")) * 2, {"a": arb(0)}))
    2.0
    """

    def go(t: Term, env: Env) -> Any:
        if isinstance(t, Num):
            return field.number(t.value)
        if isinstance(t, Sym):
            if t.name in env:
                return env[t.name]
            if t.name in ("pi", "euler"):
                return field.pi() if t.name == "pi" else field.euler()
            raise NoNumber(f"no value for {t.name}")
        if isinstance(t, Elem):
            where = (t.name, *(int(float(go(i, env))) for i in t.index))
            if where not in env:
                raise NoNumber(f"no value for {t.name}{list(where[1:])}")
            return env[where]
        if isinstance(t, Add):
            total = go(t.terms[0], env)
            for x in t.terms[1:]:
                total = total + go(x, env)
            return total
        if isinstance(t, Mul):
            total = go(t.factors[0], env)
            for x in t.factors[1:]:
                total = total * go(x, env)
            return total
        if isinstance(t, Pow):
            base = go(t.base, env)
            if isinstance(t.exponent, Num):
                e = t.exponent.value
                if e.denominator == 1:
                    return whole(base, int(e)) if e > 0 else 1 / whole(base, int(-e))
                if e == Fraction(1, 2):
                    return field.apply("sqrt", [base])
            return field.power(base, go(t.exponent, env))
        if isinstance(t, Fn):
            return field.apply(t.name, [go(a, env) for a in t.args])
        if isinstance(t, App) and t.name in UNKNOWN:
            return UNKNOWN[t.name](go(t.args[0], env))
        if isinstance(t, (Sum, Prod)):
            low, high = (int(float(go(x, env))) for x in (t.low, t.high))
            total = field.number(Fraction(0 if isinstance(t, Sum) else 1))
            for k in range(low, high + 1):
                part = go(t.body, {**env, t.index: field.number(Fraction(k))})
                total = total + part if isinstance(t, Sum) else total * part
            return total
        if isinstance(t, Int) and t in CONSTANTS:
            return field.number(CONSTANTS[t])
        if isinstance(t, Int) and integrate is not None and len(t.over) == 1 and isinstance(t.over[0].var, Sym):
            (o,) = t.over
            name = o.var.name  # type: ignore[attr-defined]
            low, high = (end(x) for x in (o.low, o.high))
            return integrate(lambda x: go(t.body, {**env, name: x}), low, high)
        if isinstance(t, Int) and integrate is not None and len(t.over) == 1 and isinstance(t.over[0].var, Elem):
            (o,) = t.over  # a family of one member
            if all(float(go(x, env)) == 1.0 for x in (o.first, o.last)):
                where = (o.var.name, 1)  # type: ignore[attr-defined]
                return integrate(lambda x: go(t.body, {**env, where: x}), end(o.low), end(o.high))
        raise NoNumber(f"no value is defined for {type(t).__name__}")

    def end(x: Term) -> Any:
        if x == Sym("oo"):
            return None
        if isinstance(x, Mul) and x.factors[-1] == Sym("oo"):
            return None
        return go(x, env)

    return go(t, env)
