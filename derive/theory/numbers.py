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

    return compiled(t, field.rigorous)(env, integrate)


Compiled = Callable[[Env, Integrator | None], Any]


@lru_cache(maxsize=4096)
def compiled(t: Term, rigorous: bool) -> Compiled:
    """A term as nested functions, built once: quadrature evaluates the same one thousands of times."""
    return _Builder(Balls if rigorous else Arrays).build(t)[0]


class _Builder:
    """Functions of (values, integrator); with each whether it is a constant, kept at the precision it was made for."""

    def __init__(self, field: Field) -> None:
        self.field = field

    def build(self, t: Term) -> tuple[Compiled, bool]:
        field = self.field
        if isinstance(t, Num):
            v = t.value
            return self.constant(lambda env, integrate: field.number(v)), True
        if isinstance(t, Sym):
            return self.symbol(t.name), False
        if isinstance(t, Elem):
            return self.element(t.name, [self.build(i)[0] for i in t.index]), False
        if isinstance(t, Add | Mul):
            return self.chain([self.build(x) for x in (t.terms if isinstance(t, Add) else t.factors)], type(t))
        if isinstance(t, Pow):
            return self.power(t)
        if isinstance(t, Fn):
            parts, name, apply = [self.build(a) for a in t.args], t.name, field.apply
            return self.kept(parts, lambda env, integrate: apply(name, [f(env, integrate) for f, _ in parts]))
        if isinstance(t, App):
            return self.application(t), False
        if isinstance(t, Sum | Prod):
            return self.repeated(t), False
        if isinstance(t, Int):
            return self.integral(t), False
        return _refused(t), False

    def constant(self, of: Compiled) -> Compiled:
        known: dict[int, Any] = {}

        def at(env: Env, integrate: Integrator | None) -> Any:
            precision = flint.ctx.prec
            if precision not in known:
                known[precision] = of(env, integrate)
            return known[precision]

        return at

    def kept(self, parts: list[tuple[Compiled, bool]], of: Compiled) -> tuple[Compiled, bool]:
        fixed = all(constant for _, constant in parts)
        return (self.constant(of) if fixed else of), fixed

    def symbol(self, name: str) -> Compiled:
        known = {"pi": self.field.pi, "euler": self.field.euler}.get(name)

        def at(env: Env, integrate: Integrator | None) -> Any:
            if name in env:
                return env[name]
            if known is None:
                raise NoNumber(f"no value for {name}")
            return known()

        return at

    def element(self, name: str, index: list[Compiled]) -> Compiled:
        def at(env: Env, integrate: Integrator | None) -> Any:
            where = (name, *(int(float(i(env, integrate))) for i in index))
            if where not in env:
                raise NoNumber(f"no value for {name}{list(where[1:])}")
            return env[where]

        return at

    def chain(self, parts: list[tuple[Compiled, bool]], kind: type) -> tuple[Compiled, bool]:
        (first, _), *rest = parts
        more = [f for f, _ in rest]

        def total(env: Env, integrate: Integrator | None) -> Any:
            out = first(env, integrate)
            for f in more:
                out = out + f(env, integrate)
            return out

        def product(env: Env, integrate: Integrator | None) -> Any:
            out = first(env, integrate)
            for f in more:
                out = out * f(env, integrate)
            return out

        return self.kept(parts, total if kind is Add else product)

    def power(self, t: Pow) -> tuple[Compiled, bool]:
        parts, field = [self.build(t.base), self.build(t.exponent)], self.field
        base, exponent = parts[0][0], parts[1][0]
        e = t.exponent.value if isinstance(t.exponent, Num) else None
        if e is not None and e.denominator == 1:
            n = int(e)
            if n > 0:
                return self.kept(parts, lambda env, integrate: whole(base(env, integrate), n))
            return self.kept(parts, lambda env, integrate: 1 / whole(base(env, integrate), -n))
        if e == Fraction(1, 2):
            return self.kept(parts, lambda env, integrate: field.apply("sqrt", [base(env, integrate)]))
        return self.kept(parts, lambda env, integrate: field.power(base(env, integrate), exponent(env, integrate)))

    def application(self, t: App) -> Compiled:
        refused, name, of = _refused(t), t.name, self.build(t.args[0])[0]
        return lambda env, integrate: UNKNOWN[name](of(env, integrate)) if name in UNKNOWN else refused(env, integrate)

    def repeated(self, t: Sum | Prod) -> Compiled:
        low, high, body = (self.build(x)[0] for x in (t.low, t.high, t.body))
        index, field, adds = t.index, self.field, isinstance(t, Sum)

        def at(env: Env, integrate: Integrator | None) -> Any:
            first, last = (int(float(x(env, integrate))) for x in (low, high))
            total = field.number(Fraction(0 if adds else 1))
            for k in range(first, last + 1):
                part = body({**env, index: field.number(Fraction(k))}, integrate)
                total = total + part if adds else total * part
            return total

        return at

    def integral(self, t: Int) -> Compiled:
        """A known constant, or one variable, or a family of one member; by the integrator."""
        field, refused = self.field, _refused(t)
        if len(t.over) != 1 or not isinstance(t.over[0].var, Sym | Elem):
            return lambda env, integrate: field.number(CONSTANTS[t]) if t in CONSTANTS else refused(env, integrate)
        (o,) = t.over
        name, family = o.var.name, isinstance(o.var, Elem)  # type: ignore[attr-defined]
        low, high = self.end(o.low), self.end(o.high)
        body = self.build(t.body)[0]
        members = [self.build(x)[0] for x in (o.first, o.last)] if family else []

        def at(env: Env, integrate: Integrator | None) -> Any:
            if t in CONSTANTS:
                return field.number(CONSTANTS[t])
            if integrate is None or not all(float(m(env, integrate)) == 1.0 for m in members):
                return refused(env, integrate)
            where = (name, 1) if family else name
            return integrate(lambda x: body({**env, where: x}, integrate), low(env, integrate), high(env, integrate))

        return at

    def end(self, x: Term) -> Compiled:
        infinite = x == Sym("oo") or (isinstance(x, Mul) and x.factors[-1] == Sym("oo"))
        return (lambda env, integrate: None) if infinite else self.build(x)[0]


def _refused(t: Term) -> Compiled:
    def at(env: Env, integrate: Integrator | None) -> Any:
        raise NoNumber(f"no value is defined for {type(t).__name__}")

    return at
