"""The law of one parameter at scale 1: mass, moments, entropy, transforms, tails; all computed from its density."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, lru_cache
from math import factorial
from typing import Any

import flint
from flint import arb

from derive.errors import DeriveError
from derive.kernel.context import POSITIVE, Context
from derive.kernel.growth import Growth
from derive.kernel.normal import Normal
from derive.kernel.poly import Refusal
from derive.numeric import NoNumber
from derive.system import Initializer
from derive.term import (
    ONE,
    PI,
    TWO,
    ZERO,
    Add,
    App,
    Fn,
    Int,
    Mul,
    Num,
    Over,
    Pow,
    Sym,
    Term,
    add,
    exp,
    free,
    ln,
    neg,
    rebuild,
    sqrt,
    substitute,
    walk,
)
from derive.theory.numbers import CONSTANTS, UNKNOWN, value
from derive.theory.quadrature import BITS, alternating, between, tanh_sinh
from derive.theory.recognize import close, recognized
from derive.theory.table import Table
from derive.theory.tidy import tidy as shortened

U, T = Sym("u"), Sym("t")
DIGITS = 24
#: Points at which a proposed transform is held against quadrature.
POINTS = (Fraction(1, 3), Fraction(3, 4), Fraction(7, 5))


@dataclass(frozen=True)
class Number:
    """A constant of a law: fifty digits, its closed form if one was found, and who vouches for that.

    `term` is the closed form, or the integral that defines the number.
    """

    term: Term
    closed: bool
    digits: str
    proved: bool = False

    @property
    def ball(self) -> arb:
        with flint.ctx.workprec(BITS):
            return arb(self.digits)

    def __float__(self) -> float:
        return float(self.digits)


@dataclass(frozen=True)
class Tail:
    """How a density falls: "bounded", "faster" than every exponential, "exponential" at `rate`, "slow" or as a "power".

    With a power u^{−index−1} moments of order below `index` are finite.
    """

    kind: str
    index: Fraction | None = None
    rate: Term | None = None
    proved: bool = True

    def moment(self, p: Fraction | int) -> bool:
        """Whether the mean of |u|^p is finite."""
        return self.index is None or p < self.index

    @property
    def every_exponential(self) -> bool:
        return self.kind in ("bounded", "faster")


class Law:
    """One parameter at scale 1.

    Parameters
    ----------
    initializer : whose density, domain and point masses are taken at scale 1, parameters as numbers.

    Raises
    ------
    DeriveError
        The density is negative somewhere, does not integrate to one, or does not scale.
    """

    def __init__(self, initializer: Initializer) -> None:
        self.initializer = initializer
        self.at: dict[Term, Term] = {Sym(n): Num(v) for n, v in initializer.numbers.items()}
        self.normal = Normal(Context())
        self.low, self.high = (shortened(self.fixed(x)) for x in initializer.domain(ONE))
        self.atoms = tuple((shortened(self.fixed(a)), shortened(self.fixed(w))) for a, w in initializer.masses(ONE))
        self.density = None if initializer.formula is None else substitute(initializer.density(U, ONE), self.at)
        with flint.ctx.workprec(BITS):
            self._checked()

    def fixed(self, t: Term) -> Term:
        return substitute(t, self.at)

    @property
    def name(self) -> str:
        return self.initializer.name

    # -- the density ---------------------------------------------------------------------------------

    def _ends(self) -> tuple[Any, Any]:
        return tuple(None if "oo" in free(x) else value(x, {}) for x in (self.low, self.high))  # type: ignore[return-value]

    def mean(self, g: Callable[[Any], Any], cuts: tuple[Any, ...] = (), digits: int = 50, precision: int = BITS) -> Any:
        """⟨g(u)⟩, by quadrature of the density itself and the sum over the point masses."""
        with flint.ctx.workprec(precision):
            total = arb(0)
            for a, w in self.atoms:
                total += g(value(a, {})) * value(w, {})
            if self.density is None:
                return total
            f = self.density
            return total + self.integrated(lambda u: value(f, {"u": u}) * g(u), cuts, digits)

    def integrated(self, f: Callable[[Any], Any], cuts: tuple[Any, ...] = (), digits: int = DIGITS) -> Any:
        """∫ f over the domain; to fewer digits where the ends are singular."""
        low, high = self._ends()
        try:
            return between(f, low, high, (arb(0), *cuts), digits)
        except NoNumber:
            if low is None or high is None:
                raise
            with flint.ctx.workprec(4 * BITS):
                return tanh_sinh(f, low, high, (arb(0), *cuts))

    def _checked(self) -> None:
        name = self.initializer.called
        try:
            mass = self.mean(lambda u: arb(1))
        except NoNumber as e:
            raise DeriveError(
                f"The density of {name} can't be integrated ({e}): look at its formula and domain."
            ) from None
        if not close(mass, arb(1), 20):
            shown = mass.mid().str(8, radius=False)
            raise DeriveError(
                f"The density of {name} integrates to {shown}, not to one: mend its formula or its domain."
            )
        if self.density is not None:
            low, high = (float(x) if x is not None else s * 9.0 for x, s in zip(self._ends(), (-1, 1), strict=True))
            for k in range(1, 24):
                if value(self.density, {"u": arb(low + (high - low) * k / 24 + 1e-3)}) < 0:
                    raise DeriveError(f"The density of {name} is negative somewhere: mend its formula.")
        for _, w in self.atoms:
            if value(w, {}) < 0:
                raise DeriveError(f"{name} has a point of negative mass.")
        self._scales(name)

    def _scales(self, name: str) -> None:
        """f(μ; s) = f(μ/s; 1)/s, and the ends and point masses go with s."""
        s, i = Fraction(7, 3), self.initializer
        scale: Term = Num(s)
        pairs = [
            (a, b * scale)
            for (a, _), (b, _) in zip(map(tuple, i.masses(scale)), map(tuple, i.masses(ONE)), strict=True)
        ]
        pairs += [(a, b * scale) for a, b in zip(i.domain(scale), i.domain(ONE), strict=True) if "oo" not in free(b)]
        if i.formula is not None:
            u = Num(Fraction(2, 7))
            pairs.append((i.density(u * scale, scale) * scale, i.density(u, ONE)))
        for a, b in pairs:
            if not close(value(self.fixed(a), {}), value(self.fixed(b), {}), 40):
                raise DeriveError(
                    f"{name} does not widen in proportion to its scale {i.scale}: write it in μ/{i.scale}."
                )

    @cached_property
    def even(self) -> bool:
        """f(−u) = f(u), by normal forms; and the point masses alike."""
        atoms = {(a.key, w.key) for a, w in ((self.normal.ratio(a).term, w) for a, w in self.atoms)}
        turned = {(self.normal.ratio(neg(a)).term.key, w.key) for a, w in self.atoms}
        if atoms != turned:
            return False
        if self.density is None:
            return True
        ends = (
            "oo" in free(self.low) and "oo" in free(self.high)
            if "oo" in free(self.low) | free(self.high)
            else (self.normal.equal(self.low, neg(self.high)))
        )
        try:
            mirrored = shortened(substitute(self.density, {U: neg(U)}))  # draws the sign out of cos and cosh
            return bool(ends) and self.normal.equal(mirrored, shortened(self.density))
        except Refusal:
            return False

    @cached_property
    def continuous(self) -> Number:
        """The mass that has a density."""
        if not self.atoms:
            return Number(ONE, True, "1", True)
        left: Term = ONE
        for _, w in self.atoms:
            left = left - w
        return self._number(self.normal.ratio(left).term, True)

    def _number(self, t: Term, proved: bool = False) -> Number:
        with flint.ctx.workprec(BITS):
            v = value(t, {})
            return Number(t, True, v.mid().str(50, radius=False), proved)

    # -- constants -------------------------------------------------------------------------------------

    @cached_property
    def _near(self) -> list[Term]:
        """Values of the density that closed forms are made of: at 0, and at the end of the domain."""
        if self.density is None:
            return []
        out = [substitute(self.density, {U: ZERO})]
        if "oo" not in free(self.high):
            out += [substitute(self.density, {U: self.high}), self.high * substitute(self.density, {U: self.high})]
        return [self.tidy(t) for t in out]

    def tidy(self, t: Term) -> Term:
        if any(isinstance(x, Int) for x in walk(t)):  # known by its digits as it stands: the kernel would split it
            return t
        try:
            return self.normal.ratio(_gammas(t)).term
        except Refusal:
            return t

    def _known(self, x: Any, defined: Term, basis: list[Term], proof: Callable[[Term], bool] | None = None) -> Number:
        with flint.ctx.workprec(BITS):
            found = recognized(x, basis)
            digits = x.mid().str(50, radius=False)
        if found is None:
            return self._unnamed(defined, digits)
        found = self.tidy(found)
        return Number(found, True, digits, proof is not None and proof(found))

    def _unnamed(self, defined: Term, digits: str) -> Number:
        """A number without a closed form stands as the integral that it is."""
        defined = shortened(defined)
        integrals = [x for x in walk(defined) if isinstance(x, Int)]
        if len(integrals) == 1:
            rest: dict[Term, Term] = {integrals[0]: Sym("I")}
            with flint.ctx.workprec(BITS):
                at = [value(substitute(defined, rest), {"I": arb(k)}) for k in (0, 1)]
                inner = (arb(digits) - at[0]) / (at[1] - at[0])
                CONSTANTS[integrals[0]] = Fraction(inner.mid().str(50, radius=False))
        return Number(defined, False, digits)

    def _integral(self, g: Term) -> Term:
        """∫ g f over the domain, as a term."""
        assert self.density is not None
        return Int((Over(U, self.low, self.high),), g * self.density)

    @lru_cache(maxsize=16)  # noqa: B019  a law lives as long as the program
    def moment(self, k: int) -> Number:
        """⟨u^k⟩.

        Raises
        ------
        DeriveError
            It is not finite.
        """
        if k == 0:
            return self._number(ONE, True)
        if not self.tail.moment(k):
            raise DeriveError(f"{self.initializer.called} has no moment of order {k}: its tail is too heavy.")
        if self.even and k % 2:
            return self._number(ZERO, True)
        if self.density is None:
            return self._number(self.tidy(sum((w * a**k for a, w in self.atoms), ZERO)), True)
        x = self.mean(lambda u: u**k)
        defined = self._integral(U**k)
        return self._known(
            x, defined, [ONE, PI**2, PI**4, ONE / PI**2, *self._near, Sym("euler")], lambda t: self.proves(defined, t)
        )

    @cached_property
    def absolute(self) -> Number:
        """⟨|u|⟩."""
        if not self.tail.moment(1):
            raise DeriveError(f"{self.initializer.called} has no mean: its tail is too heavy.")
        if self.density is None:
            return self._number(self.tidy(sum((w * Fn("abs", (a,)) for a, w in self.atoms), ZERO)), True)
        x = self.mean(abs)
        defined = self._integral(Fn("abs", (U,)))
        basis = [ONE, ln(TWO), PI, *self._near]
        return self._known(x, defined, basis, lambda t: self.proves(defined, t))

    @cached_property
    def entropy(self) -> Number:
        """−∫ f ln f − Σ w ln w: differential for a density, discrete for point masses, both for a mixture, in nat."""
        points = sum((neg(w * ln(w)) for _, w in self.atoms if w != ONE), ZERO)
        if self.density is None:
            return self._number(self.tidy(points), True)
        f = self.density
        with flint.ctx.workprec(BITS):

            def surprise(u: Any) -> Any:
                v = value(f, {"u": u})
                return arb(0) if not v > 0 else -v * v.log()

            try:
                x = self.integrated(surprise, (), 50) + value(points, {})
            except NoNumber as e:
                raise DeriveError(f"The entropy of {self.initializer.called} can't be worked out ({e}).") from None
        near = [ln(t) for t in self._near if t != ZERO]
        p = self.continuous.term
        basis = [ONE, ln(TWO), ln(PI), *near, ln(TWO + ONE), ln(Num(Fraction(5))), *self._near[2:], PI, Sym("euler")]
        if p != ONE:
            basis = [points, p, p * ln(TWO), p * ln(PI), p * ln(p), *basis]
        defined = neg(self._integral(ln(f))) + points if points != ZERO else neg(self._integral(ln(f)))
        with flint.ctx.workprec(BITS):
            found = recognized(x, basis, 5 if p != ONE else 3)
            digits = x.mid().str(50, radius=False)
        if found is None:
            return self._unnamed(defined, digits)
        found = self.tidy(found)
        return Number(found, True, digits, self.proves(defined, found))

    def proves(self, left: Term, right: Term) -> bool:
        """Whether the kernel shows the two to be equal."""
        from derive.theory.proofs import equal

        return equal(left, right, Context())

    # -- tails -----------------------------------------------------------------------------------------

    @cached_property
    def tail(self) -> Tail:
        """The heavier of the two tails, by comparison of growth scales."""
        if self.density is None or "oo" not in free(self.low) | free(self.high):
            return Tail("bounded")
        sides = [U] if self.even else [x for x, e in ((U, self.high), (neg(U), self.low)) if "oo" in free(e)]
        found = [self._side(substitute(self.density, {U: x})) for x in sides]
        return min(found, key=lambda t: ("power slow exponential faster bounded".split().index(t.kind), t.index or 0))

    def _side(self, f: Term) -> Tail:
        normal = Normal(Context(signs={"u": POSITIVE}))
        growth = Growth(normal, "u")
        try:
            minus_log = normal.ratio(neg(ln(f))).term
            power = growth.limit(minus_log, ln(U))
            if power.kind == "finite" and power.value is not None and power.value.num.number is not None:
                return Tail("power", index=power.value.num.number / (power.value.den.number or 1) - 1)
            if power.kind == "infinite":
                rate = growth.limit(minus_log, U)
                if rate.kind == "infinite":
                    return Tail("faster")
                if rate.kind == "finite" and rate.value is not None:
                    return Tail("exponential", rate=rate.value.term)
                if rate.kind == "zero":
                    return Tail("slow")
        except Refusal:
            pass
        return self._by_numbers(f)

    def _by_numbers(self, f: Term) -> Tail:
        """From the slope of ln f far out, where the kernel can't compare its parts."""
        with flint.ctx.workprec(2000):
            one, two, four = (arb(10) ** 3 * k for k in (1, 2, 4))
            a, b, c = (-value(f, {"u": x}).log() for x in (one, two, four))
            ratio = (c - b) / (b - a)
            if abs(ratio - 1) < arb("0.01"):
                index = float((c - b) / arb(2).log()) - 1
                return Tail("power", index=Fraction(index).limit_denominator(60), proved=False)
            if abs(ratio - 2) < arb("0.01"):
                rate = (c - b) / (four - two)
                named = recognized(rate, (ONE, PI, ln(TWO)), 1)
                guess = Num(Fraction(float(rate)).limit_denominator(1000))
                return Tail("exponential", rate=guess if named is None else named, proved=False)
            return Tail("faster" if ratio > 2 else "slow", proved=False)

    # -- transforms ------------------------------------------------------------------------------------

    @cached_property
    def _proposed(self) -> tuple[Term, Term] | None:
        """What was declared for ⟨cos(t u)⟩ and ⟨sin(t u)⟩, held against quadrature."""
        i = self.initializer
        if i.cf is None:
            return None
        found = i.cf(T, ONE, **i.at)
        cos, sin = found if isinstance(found, tuple) else (found, ZERO)
        if not isinstance(found, tuple) and not self.even:
            raise DeriveError(f"{i.called} is not even, so its cf= has to be a pair, of the means of cos and of sin.")
        cos, sin = substitute(cos, self.at), substitute(sin, self.at)
        self._held(cos, lambda u, t: (u * t).cos(), "cf")
        if sin != ZERO:
            self._held(sin, lambda u, t: (u * t).sin(), "cf")
        return self._short(cos), sin

    @cached_property
    def cosine(self) -> Term:
        """⟨cos(t u)⟩ as a term in t."""
        return self._proposed[0] if self._proposed else self._transform("cos")

    @cached_property
    def tabled(self) -> Term:
        """The same for arrays: a special function, which is slow there, gives way to a table."""
        slow = any(isinstance(x, Fn) and x.name in ("re_erf", "besselk", "besselj", "gamma") for x in walk(self.cosine))
        return self._transform("cos") if slow and self.even else self.cosine

    @cached_property
    def sine(self) -> Term:
        """⟨sin(t u)⟩, 0 for an even law."""
        if self.even:
            return ZERO
        return self._proposed[1] if self._proposed else self._transform("sin")

    def _transform(self, name: str) -> Term:
        """Over point masses as it is; the part that has a density under a name, φ or ψ."""
        parts = [w * Fn(name, (T * a,)) for a, w in self.atoms]
        if self.density is not None:
            letter = {"cos": "phi", "sin": "psi"}[name]
            called = f"{letter}_{re.sub(r'[^A-Za-z0-9]', '', self.initializer.called)}"
            UNKNOWN[called] = Table(self, name)
            parts.append(App(called, (T,)))
        return sum(parts[1:], parts[0])

    def _short(self, proposed: Term) -> Term:
        """Special functions that are elementary at these parameters, for t > 0: a cosine transform is even."""
        if not any(isinstance(x, Fn) and x.name in ("gamma", "besselk") for x in walk(proposed)):
            return proposed
        r, positive = Sym("r"), Normal(Context(signs={"t": POSITIVE}))
        found = positive.ratio(_gammas(proposed)).term
        if any(isinstance(x, Fn) and x.name == "besselk" for x in walk(found)):
            return proposed
        return substitute(substitute(found, {T: r}), {r: Fn("abs", (T,))})

    @cached_property
    def mgf(self) -> Term:
        """⟨exp(t u)⟩ as a term in t; finite for |t| below the rate of an exponential tail."""
        if self.initializer.mgf is not None:
            proposed = substitute(self.initializer.mgf(T, ONE, **self.initializer.at), self.at)
            self._held(proposed, lambda u, t: (u * t).exp(), "mgf")
            return self._short(proposed)
        parts = [w * exp(T * a) for a, w in self.atoms]
        if self.density is not None:
            parts.append(self._integral(exp(T * U)))
        return sum(parts[1:], parts[0])

    def mgf_at(self, t: Term) -> Term:
        """⟨exp(t u)⟩ at a term."""
        return substitute(self.mgf, {T: t})

    def _held(self, proposed: Term, g: Callable[[Any, Any], Any], what: str) -> None:
        """A proposed transform against quadrature of the density."""
        name = self.initializer.called
        reach = Fraction(1)
        if what == "mgf" and self.tail.rate is not None:
            with flint.ctx.workprec(BITS):
                reach = Fraction(float(value(self.tail.rate, {}))).limit_denominator(1000) / 2
        for p in POINTS:
            with flint.ctx.workprec(BITS):
                t = arb(flint.fmpq(p.numerator, p.denominator)) * flint.fmpq(reach.numerator, reach.denominator)
                here = value(proposed, {"t": t})
                if self.tail.kind == "power" and self.density is not None and self.even:
                    f = self.density
                    there = 2 * alternating(lambda u: value(f, {"u": u}) * (u * t).cos(), arb.pi() / (2 * t))  # noqa: B023
                else:
                    there = self.mean(lambda u: g(u, t), digits=DIGITS + 4)  # noqa: B023  used within the turn
            if not close(here, there, DIGITS):
                raise DeriveError(
                    f"The {what} declared for {name} is {here.str(12)} at t = {t.str(6)}, and its density gives "
                    f"{there.str(12)}: mend the one or the other."
                )


def _gammas(t: Term) -> Term:
    """Γ of whole numbers and of halves: Γ(x + 1) = x Γ(x), Γ(1) = 1, Γ(1/2) = √π."""
    if isinstance(t, Fn) and t.name == "gamma" and isinstance(t.args[0], (Num, Add, Mul, Pow)):
        x = Normal(Context()).poly(t.args[0]).number
        if x is not None and 0 < x < 40 and x.denominator in (1, 2):
            out = Fraction(1)
            while x > 1:
                x -= 1
                out *= x
            return Num(out) if x == 1 else Num(out) * sqrt(PI)
    if isinstance(t, Fn) and t.name == "besselk" and isinstance(t.args[0], (Num, Mul)):
        x = Normal(Context()).poly(t.args[0]).number
        if x is not None and x.denominator == 2 and 0 < x < 12:
            return _half_bessel(int(x - Fraction(1, 2)), _gammas(t.args[1]))
    return rebuild(t, _gammas)


def _half_bessel(n: int, r: Term) -> Term:
    """K_{n+1/2}(r) = √(π/2r) e^{−r} Σ_{k≤n} (n+k)!/(k! (n−k)!) (2r)^{−k}."""
    parts = [
        Num(Fraction(factorial(n + k), factorial(k) * factorial(n - k) * 2**k)) * Pow(r, Num(Fraction(-k)))
        for k in range(1, n + 1)
    ]
    return sqrt(PI / (TWO * r)) * exp(neg(r)) * add(ONE, *parts)


@lru_cache(maxsize=256)
def _law(initializer: Initializer) -> Law:
    return Law(initializer)


#: The scale as it was called first: a law does not depend on the letter.
_CALLED: dict[Initializer, str] = {}


def law(initializer: Initializer) -> Law:
    """The law of an initializer at scale 1, worked out once."""
    plain = replace(initializer, width=None, alias="", dependent="")
    scale = _CALLED.setdefault(replace(plain, scale=""), initializer.scale)
    return _law(replace(plain, scale=scale))
