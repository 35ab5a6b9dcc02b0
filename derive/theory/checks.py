"""A derived mean energy against quadrature of what it stands for: density times energy, one parameter, one sample.

Both sides are worked out to more than twenty digits from their own formulas: the derived one as it is printed, the
original one from the density and the energy as they are declared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, log10
from typing import Any

import flint
from flint import arb

from derive.errors import Conflict
from derive.numeric import NoNumber
from derive.system import Energy
from derive.term import App, Fn, Num, Sym, Term, free, walk
from derive.theory.asymptotics import Leading
from derive.theory.expectation import Mean
from derive.theory.loss import Loss, S, Y
from derive.theory.numbers import value
from derive.theory.quadrature import between, oscillating
from derive.theory.result import Check
from derive.theory.score import Score

PRECISION = 330  # bits: what cancels near t = 0 is paid for
DIGITS = 24
#: Fewer digits than this, and further apart than their errors allow: a conflict.
APART = 12


@dataclass(frozen=True)
class Point:
    """One parameter and one sample: μ = scale · u, prediction μ x, target y."""

    scale: Fraction
    x: Fraction
    y: Fraction

    def __str__(self) -> str:
        return f"K = 1, n = 1, scale {self.scale}, x = {self.x}, y = {self.y}"


def point(loss: Loss, score: Score) -> Point:
    """A point at which frequencies have a common period, and exponentials a mean."""
    of = score.laws[0]
    if "exp" in loss.kinds and of.tail.rate is not None:
        with flint.ctx.workprec(PRECISION):
            rate = Fraction(float(value(of.tail.rate, {}))).limit_denominator(1000)
        return Point(rate / 2, Fraction(1), Fraction(1))
    ends = [Fraction(1)]
    for t in (of.high, of.low):
        if isinstance(t, Num) and t.value:
            ends.append(abs(t.value))
    widest = max(ends[1:], default=Fraction(2))
    return Point(Fraction(2) / widest if len(ends) > 1 else Fraction(3, 2), Fraction(1), Fraction(1))


def slow(t: Term) -> bool:
    """A Bessel function, or a transform that is an integral itself, takes minutes to twenty digits."""
    return any((isinstance(x, Fn) and x.name == "besselk") or isinstance(x, App) for x in walk(t))


def roughly(
    energy: Energy, loss: Loss, score: Score, numbers: Callable[[Any, Any, float], tuple[float, float]]
) -> Check:
    """The same comparison in floating point, where more digits would take minutes."""
    at = point(loss, score)
    derived, error = numbers([[float(at.x)]], [float(at.y)], float(at.scale))
    with flint.ctx.workprec(PRECISION):
        original = float(_original(energy, loss, score, at, 16))
    apart = abs(derived - original) / (abs(original) + 1e-3)
    if apart > 1e-4 + 10 * error:
        name = score.blocks[0].initializer.called
        raise Conflict(
            f"⟨E₀⟩ of {energy.called} under {name} comes out as {derived:.9g}, "
            f"and as {original:.9g} by quadrature, at {at}"
        )
    digits = round(min(15.0, -log10(apart + 1e-15)), 1)
    return Check(
        f"⟨E₀⟩ at {at}", f"{derived:.12g}", f"{original:.12g}", digits, "quadrature of the density times the energy"
    )


def check(energy: Energy, loss: Loss, score: Score, found: Mean) -> Check:
    """The comparison for the first block of parameters.

    Raises
    ------
    Conflict
        The two differ by more than their errors.
    NoNumber
        One of them could not be worked out.
    """
    at = point(loss, score)
    with flint.ctx.workprec(PRECISION):
        derived = _derived(energy, loss, score, found.term, at)
        original = _original(energy, loss, score, at)
        apart = abs(derived - original)
        size = abs(original.mid()) + arb("1e-3")
        digits = 60.0 if apart.mid() == 0 else max(0.0, -float((apart.mid() / size).log()) / 2.302585092994046)
        rough = derived.rad() + original.rad()
        if digits < APART and not apart.mid() < 1000 * rough:
            name = score.blocks[0].initializer.called
            raise Conflict(
                f"⟨E₀⟩ of {energy.called} under {name} comes out as {derived.str(15)} by the derived formula "
                f"and as {original.str(15)} by quadrature, at {at}"
            )
        shown = [v.mid().str(24, radius=False) for v in (derived, original)]
    return Check(
        f"⟨E₀⟩ at {at}", shown[0], shown[1], round(min(digits, 40.0), 1), "quadrature of the density times the energy"
    )


def _fixed(q: Fraction) -> Any:
    return arb(flint.fmpq(q.numerator, q.denominator))


def _numbers(energy: Energy) -> dict[Any, Any]:
    return {n: _fixed(v) for n, v in energy.numbers.items()}


def _derived(energy: Energy, loss: Loss, score: Score, t: Term, at: Point) -> Any:
    b = score.blocks[0]
    env: dict[Any, Any] = {
        "i": arb(1), "n": arb(1), "K": arb(1), ("x", 1, 1): _fixed(at.x), ("y", 1): _fixed(at.y),
        (b.initializer.scale, 1): _fixed(at.scale), **_numbers(energy),
    }  # fmt: skip
    period = 2 * arb.pi() / _fixed(_common(energy, loss, score, at))

    def integrate(f: Any, low: Any, high: Any) -> Any:
        if low is None or high is not None:
            return between(f, low, high, (arb(0),), DIGITS)
        return oscillating(f, period, DIGITS)

    return value(t, env, integrate=integrate)


def _common(energy: Energy, loss: Loss, score: Score, at: Point) -> Fraction:
    """The greatest common divisor of the frequencies: shifts, and slopes times where the parameter may lie at most."""
    env = {"y": _fixed(at.y), **_numbers(energy)}
    found: list[Fraction] = []
    for p in loss.pieces:
        slope, shift = (Fraction(float(value(x, env))).limit_denominator(1000) for x in (p.slope, p.shift))
        found += [shift, *(slope * at.scale * at.x * e for e in _ends(score))]
    return _divisor(found)


def _ends(score: Score) -> list[Fraction]:
    """Where a parameter at scale 1 lies at most: ends of its domain, and point masses."""
    of = score.laws[0]
    ends = [] if "oo" in free(of.low) | free(of.high) else [of.low, of.high]
    return [x.value for x in (*ends, *(a for a, _ in of.atoms)) if isinstance(x, Num)]


def _divisor(found: list[Fraction]) -> Fraction:
    out = Fraction(0)
    for q in found:
        out = Fraction(
            gcd(out.numerator * q.denominator, q.numerator * out.denominator), out.denominator * q.denominator
        )
    return max(abs(out), Fraction(1, 4)) if out else Fraction(1)


def _original(energy: Energy, loss: Loss, score: Score, at: Point, digits: int = DIGITS, far_out: bool = False) -> Any:
    # far out 1 − 1/(1 + e^−s) loses all digits, and ln(1 + e^s) none
    formula, numbers = (loss.at(S, Y) if far_out else energy.of(S, Y)), _numbers(energy)
    numbers["y"] = _fixed(at.y)
    factor = _fixed(at.scale * at.x)
    cuts = [arb(0)] if at.scale > 100 else []
    for p in loss.pieces:
        slope, shift = value(p.slope, numbers), value(p.shift, numbers)
        if p.kind == "abs":
            cuts.append(-shift / (slope * factor))

    def of(u: Any) -> Any:
        return value(formula, {**numbers, "s": factor * u})

    return score.laws[0].mean(of, tuple(c.mid() for c in cuts), digits, PRECISION)


def far(energy: Energy, loss: Loss, score: Score, law: Leading) -> Check:
    """The leading law against quadrature of the original integral, further and further out.

    Raises
    ------
    Conflict
        The quotient does not tend to 1, or the difference from the whole expansion not to 0.
    """
    steps = {"exponential": (4, 8, 16), "ln c": (10**10, 10**20, 10**40)}.get(law.order, (10**3, 10**6, 10**9))
    b, off, shown = score.blocks[0], list[float](), list[str]()
    if slow(law.expansion):
        raise NoNumber("a Bessel function under the integral")
    with flint.ctx.workprec(PRECISION):
        for c in steps:
            at = Point(Fraction(c), Fraction(1), Fraction(1))
            env: dict[Any, Any] = {
                "i": arb(1), "n": arb(1), "K": arb(1), ("x", 1, 1): arb(1), ("y", 1): arb(1), law.variable.name: arb(c),
                **_numbers(energy),
            }  # fmt: skip
            period = 2 * arb.pi() / _fixed(_divisor(_ends(score)))

            def integrate(f: Any, low: Any, high: Any, period: Any = period) -> Any:
                if low is None or high is not None:
                    return between(f, low, high, (arb(0),), 16)
                return oscillating(f, period, 16)

            whole = value(law.expansion, env, integrate=integrate)
            original = _original(energy, loss, score, at, 16, far_out=True)
            if max(original.rad(), whole.rad()) > arb("1e-8") * (1 + abs(original.mid())):
                raise NoNumber("a quadrature that is too coarse to compare with")
            off.append(abs(float((original - whole).mid() / (whole.mid() if not law.complete else 1))))
            shown.append(f"{off[-1]:.1e}")
    name = b.initializer.called
    held = off[-1] < 1e-9 or off[2] < 0.7 * off[1] or (law.order == "exponential" and off[-1] < 1e-6)
    if not held:
        raise Conflict(
            f"the leading law of {energy.called} under {name} is off by {', '.join(shown)} at scales {steps}"
        )
    what = "⟨E₀⟩ − its expansion" if law.complete else "⟨E₀⟩ over its leading term − 1"
    where = ", ".join(f"{c:.0e}" if c > 100 else str(c) for c in steps)
    return Check(
        f"{what}, at scales {where}", ", ".join(shown), "→ 0", 0.0, "quadrature of the density times the energy"
    )


__all__ = ["NoNumber", "Point", "Sym", "check", "point"]
