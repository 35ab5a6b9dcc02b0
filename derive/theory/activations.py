"""The mean square of an activation: exact where φ(z)² + φ(−z)² is a multiple of z², else its limit far out.

φ(z)² + φ(−z)² = 2c z², the law of z even             ⟨φ(z)²⟩ = c ⟨z²⟩
φ(z) ~ r z and φ(−z) ~ −l z                           ⟨φ(z)²⟩ ~ (r² + l²)/2 · ⟨z²⟩
φ(z) → r and φ(−z) → l                                ⟨φ(z)²⟩ → (r² + l²)/2
φ of a period P, the law of z has a density           ⟨φ(z)²⟩ → (1/P) ∫_0^P φ²
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint
import numpy as np
from flint import arb

from derive.errors import DeriveError
from derive.kernel.context import POSITIVE, Context
from derive.kernel.normal import Normal
from derive.kernel.poly import Refusal
from derive.numeric import NoNumber
from derive.reader.printer import latex
from derive.system import Activation
from derive.term import HALF, ONE, TWO, Fn, Int, Num, Over, Sym, Term, free, neg, substitute, term
from derive.theory.draws import MOST, mean_and_error
from derive.theory.numbers import Arrays, value
from derive.theory.quadrature import BITS, between
from derive.theory.recognize import recognized

Z = Sym("z")
#: How far out a limit is looked at.
FAR = (10**3, 10**6, 10**9)
ROUNDING = 1e-30
DRAWS, SEED = 200_000, 7


@dataclass(frozen=True)
class Square:
    """⟨φ(z)²⟩: `share` of ⟨z²⟩ where `growing`, else the number `share`; exact at every scale, or the limit only."""

    share: Term
    growing: bool
    exact: bool
    how: str


def square(a: Activation) -> Square:
    """The mean square of an activation.

    Raises
    ------
    DeriveError
        What it tends to is not declared, or is no multiple of z and no number.

    Examples
    --------
    >>> from derive.library import catalogue
    >>> known = catalogue().activations
    >>> [(n, latex(square(known[n]).share), square(known[n]).exact) for n in ("relu", "gelu", "tanh")]
    [('relu', '\\\\frac{1}{2}', True), ('gelu', '\\\\frac{1}{2}', False), ('tanh', '1', False)]
    """
    normal = Normal(_context(a))
    try:
        both = normal.ratio((a.of(Z) ** 2 + a.of(neg(Z)) ** 2) / (TWO * Z**2)).term
    except Refusal:
        both = Z
    if "z" not in free(both):
        return Square(both, True, True, "φ(z)² + φ(−z)² is a multiple of z²")
    if a.period is not None:
        return Square(_over_a_period(a), False, False, "the mean of φ² over a period")
    if a.right is None or a.left is None:
        raise DeriveError(f"{a.name} has to say what it tends to: give right= and left=, or period=.")
    right, left = (term(side(Z, **a.at)) for side in (a.right, a.left))
    slopes = [normal.ratio(t / Z).term for t in (right, left)]
    held = [t for t, s in zip((right, left), slopes, strict=True) if "z" in free(t) and "z" in free(s)]
    if held:
        raise DeriveError(f"{a.name} tends to {latex(held[0])}: it has to be a multiple of z, or a number.")
    steep = [s for t, s in zip((right, left), slopes, strict=True) if "z" in free(t)]
    if steep:
        share = normal.ratio(sum((s**2 for s in steep[1:]), steep[0] ** 2) * HALF).term
        return Square(share, True, False, f"far out it is {latex(right)} and {latex(left)}")
    share = normal.ratio((right**2 + left**2) * HALF).term
    return Square(share, False, False, f"it tends to {latex(right)} and {latex(left)}")


def _context(a: Activation) -> Context:
    signs = {p.name: POSITIVE for p in a.parameters if p.above is not None and p.above >= 0}
    return Context(signs={**signs, "z": POSITIVE})


def _numbers(a: Activation) -> dict[Any, Any]:
    return {n: arb(flint.fmpq(v.numerator, v.denominator)) for n, v in a.numbers.items()}


def _over_a_period(a: Activation) -> Term:
    assert a.period is not None
    with flint.ctx.workprec(BITS):
        length = value(a.period, {})
        total = between(lambda z: value(a.of(Z) * a.of(Z), {**_numbers(a), "z": z}), arb(0), length, (), 50)
        found = recognized(total / length, (ONE,))
    return found if found is not None else Int((Over(Z, Num(Fraction(0)), a.period),), a.of(Z) ** 2) / a.period


def at(a: Activation, z: Any) -> Any:
    """The activation of an array."""
    with np.errstate(over="ignore", under="ignore"):
        return value(a.of(Z), {**{n: float(v) for n, v in a.numbers.items()}, "z": z}, Arrays)


# -- laws ------------------------------------------------------------------------------------------


def laws_of(a: Activation) -> Iterator[tuple[str, bool | None, str, str]]:
    """Each law: its name, whether it holds, the evidence, and what to mend."""
    for name, sign in (("right", 1), ("left", -1)):
        if getattr(a, name) is not None:
            yield _side(a, name, sign)
    if a.period is not None:
        yield _periodic(a)
    try:
        found = square(a)
    except DeriveError as e:
        yield "⟨φ(z)²⟩ is known", False, str(e).rstrip("."), "declare right= and left=, or period="
        return
    yield from _squares(a, found)


def _side(a: Activation, name: str, sign: int) -> tuple[str, bool, str, str]:
    declared = term(getattr(a, name)(Z, **a.at))
    off = []
    with flint.ctx.workprec(BITS):
        for far in FAR:
            env = {**_numbers(a), "z": arb(sign * far)}
            here, there = value(a.of(Z), env), value(declared, env)
            off.append(float(abs(here - there).mid() / (1 + abs(there).mid())))
    law = f"φ(z) ~ {latex(declared)} as z → {'' if sign > 0 else '−'}∞"
    shown = f"off by {', '.join(f'{x:.1e}' for x in off)} at |z| = 1e3, 1e6, 1e9"
    return law, off[-1] < 1e-3 and off[-1] <= max(off[0], ROUNDING), shown, f"mend {name}= of {a.name}"


def _periodic(a: Activation) -> tuple[str, bool, str, str]:
    assert a.period is not None
    with flint.ctx.workprec(BITS):
        step, off = value(a.period, {}), 0.0
        for k in range(1, 12):
            one, two = (value(a.of(Z), {**_numbers(a), "z": arb(k) / 3 + n * step}) for n in (0, 1))
            off = max(off, float(abs(one - two).mid()))
    return "φ(z + P) = φ(z)", off < 1e-30, f"off by {off:.1e} at most at 11 points", f"mend period= of {a.name}"


def mean_square(a: Activation, spread: int) -> Any:
    """⟨φ(z)²⟩ for normal z, by quadrature."""
    density = Fn("exp", (neg(Z**2) / 2,)) / Fn("sqrt", (TWO * Sym("pi"),))

    def f(t: Any) -> Any:
        if not abs(t) < 60:  # e^−1800, and z − |z| may be ∞ − ∞
            return arb(0)
        here = value(a.of(Z), {**_numbers(a), "z": spread * t})
        return here * here * value(density, {"z": t})

    return between(f, None, None, (arb(0), arb(8) / spread, arb(-8) / spread), 18)


def _squares(a: Activation, found: Square) -> Iterator[tuple[str, bool | None, str, str]]:
    """The share against quadrature under a normal z, and that against draws."""
    law = f"⟨φ(z)²⟩ {'=' if found.exact else '~'} {latex(found.share)}{' ⟨z²⟩' if found.growing else ''}"
    spreads = (1, 2) if found.exact else (1, 2, 4, 6) if a.period is not None else FAR
    try:
        with flint.ctx.workprec(BITS):
            share = value(substitute(found.share, {Sym(n): Num(v) for n, v in a.numbers.items()}), {})
            means = [mean_square(a, s) for s in spreads]
            whole = [share * (s**2 if found.growing else 1) for s in spreads]
            off = [abs(float((m / w - 1).mid())) for m, w in zip(means, whole, strict=True)]
            near = float(mean_square(a, 2).mid())
    except NoNumber as e:
        yield law, None, f"no quadrature to compare with ({e})", ""
        return
    held = off[-1] < 1e-12 if found.exact else off[-1] < 1e-4 and off[-1] <= max(off[0], ROUNDING)
    shown = ", ".join(f"{x:.1e}" for x in off)
    spoken = f"{found.how}; off by {shown} for normal z of deviations {', '.join(f'{s:g}' for s in spreads)}"
    yield law, held, spoken, "mend what it is declared to tend to"
    drawn, error = mean_and_error(at(a, 2.0 * np.random.default_rng(SEED).standard_normal(DRAWS)) ** 2)
    apart = abs(drawn - near) / error if error else 0.0
    shown = f"{near:.6g} and {drawn:.6g} ± {error:.1g}, {apart:.1f} standard errors"
    yield "⟨φ(z)²⟩ by quadrature = by draws, z of deviation 2", apart <= MOST, shown, "report it"
