"""`derive laws`: what an entry of the catalogue must satisfy, each law on its own, by numbers that the entry gives.

density        f ≥ 0, ∫ f dμ = 1, f(μ; s) = f(μ/s; 1)/s
entropy        S₀ in symbols = −∫ f ln f dμ, S₀(c s) = S₀(s) + p ln c, p the mass that has a density
transforms     a declared cf or mgf = quadrature of the density
energy         E ≥ 0 unless declared signed; its pieces put together again are its formula
mean energy    ⟨E₀⟩ in symbols = quadrature of density times energy = the mean over draws
activation     φ tends to what is declared; ⟨φ²⟩ = quadrature
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import flint
import numpy as np
from flint import arb

from derive.errors import Conflict, DeriveError
from derive.library import catalogue
from derive.numeric import NoNumber
from derive.reader.printer import latex
from derive.system import Activation, Energy, Framework, Initializer
from derive.term import Num, Sym, Term, free, substitute
from derive.theory.draws import compared
from derive.theory.law import Law, law
from derive.theory.loss import Loss, S, Y, taken_apart
from derive.theory.numbers import value
from derive.theory.pair import NOTATION, temperature
from derive.theory.quadrature import BITS, between, tanh_sinh
from derive.theory.result import UNDECIDED, Linear, Temperature

Entry = Energy | Initializer | Framework | Activation
#: Scales at which a density is integrated.
SCALES = (Fraction(1), Fraction(7, 3))
#: Digits to which two ways have to agree.
ENOUGH, ROUGH = 15, 3
DRAWS = 100_000
MU = Sym("mu")
#: Partners of an energy and of an initializer.
UNDER, OF = ("normal", "uniform", "laplace"), ("mse", "mae", "cross_entropy")


@dataclass(frozen=True)
class Held:
    """One law of one entry.

    Attributes
    ----------
    law : in words and signs.
    holds : None where it does not apply, and why is the evidence.
    evidence : the numbers.
    mend : what to do where it fails.
    """

    law: str
    holds: bool | None
    evidence: str
    mend: str = ""

    @property
    def verdict(self) -> str:
        return {True: "holds", False: "fails", None: "not applicable"}[self.holds]


def laws(entry: Entry) -> list[Held]:
    """Every law of an entry.

    Examples
    --------
    >>> from derive.library import catalogue
    >>> all(h.holds for h in laws(catalogue().initializers["rademacher"]))
    True
    """
    if isinstance(entry, Framework):
        return [_named_law(entry), *laws(replace(entry(), width=None, alias="", dependent=""))]
    of = {Energy: _energy, Initializer: _initializer, Activation: _activation}[type(entry)]
    return list(of(entry))  # type: ignore[operator]


def failed(entry: Entry, found: list[Held]) -> str | None:
    """One sentence that says which laws fail and what to do; None where none does."""
    bad = [h for h in found if h.holds is False]
    if not bad:
        return None
    first = bad[0]
    more = f" ({len(bad)} laws fail)" if len(bad) > 1 else ""
    return f"{entry.name} breaks the law {first.law}{more}: {first.evidence}; {first.mend}."


# -- initializers ----------------------------------------------------------------------------------


def _initializer(i: Initializer) -> Iterator[Held]:
    mend = f"mend the formula or the domain of {i.name}"
    known: dict[Term, Term] = {Sym(n): Num(v) for n, v in i.numbers.items()}
    if i.formula is not None:
        yield _not_negative(i, known, mend)
    try:
        masses = [_over(i, s, known, lambda f: f, lambda w: w) for s in SCALES]
    except NoNumber as e:
        yield Held("∫ f dμ = 1", False, f"the density can't be integrated ({e})", mend)
        return
    off = max(abs(float(m - 1)) for m in masses)
    yield Held(
        "∫ f dμ = 1", off < 1e-20, f"{_short(masses[0])} and {_short(masses[1])} at scales 1 and 7/3",
        f"{mend}; times {1 / float(masses[0]):.6g} it would be one",
    )  # fmt: skip
    if off >= 1e-20:
        return
    try:
        of = law(i)
    except DeriveError as e:
        yield Held("f(μ; s) = f(μ/s; 1)/s", False, _cause(e), f"write its density in μ/{i.scale}")
        return
    yield Held("f(μ; s) = f(μ/s; 1)/s", True, "at scales 1 and 7/3")
    yield from _entropies(i, of, known)
    yield from _transforms(of)
    for name in OF:
        yield from _means(catalogue().energies[name], i)


def _not_negative(i: Initializer, known: dict[Term, Term], mend: str) -> Held:
    f = substitute(i.density(MU, Num(Fraction(1))), known)
    with flint.ctx.workprec(BITS):
        low, high = (None if "oo" in free(x) else float(value(x, {})) for x in _ends(i, Fraction(1), known))
        low, high = (-9.0 if low is None else low), (9.0 if high is None else high)
        worst, at = arb(0), 0.0
        for k in range(1, 400):
            point = low + (high - low) * k / 400 + 1e-4 * (high - low)
            v = value(f, {"mu": arb(point)})
            if v < worst:
                worst, at = v, point
    if worst < 0:
        return Held("f ≥ 0", False, f"the density is {_short(worst)} at μ = {at:.4g}", mend)
    return Held("f ≥ 0", True, "at 399 points")


def _ends(i: Initializer, scale: Fraction, known: dict[Term, Term]) -> tuple[Term, Term]:
    low, high = i.domain(Num(scale))
    return substitute(low, known), substitute(high, known)


def _over(
    i: Initializer, scale: Fraction, known: dict[Term, Term], g: Callable[[Any], Any], of_mass: Callable[[Any], Any]
) -> Any:
    """∫ g(f) dμ + Σ of_mass(w), from the density as it is declared at a scale."""
    with flint.ctx.workprec(BITS):
        total = arb(0)
        for _, w in i.masses(Num(scale)):
            total += of_mass(value(substitute(w, known), {}))
        if i.formula is None:
            return total
        f = substitute(i.density(MU, Num(scale)), known)
        low, high = (None if "oo" in free(x) else value(x, {}) for x in _ends(i, scale, known))

        def at(u: Any) -> Any:
            return g(value(f, {"mu": u}))

        tried = (arb(0), _ball(scale) * arb("1.37"))
        cuts = tuple(c for c in tried if (low is None or c > low) and (high is None or c < high))
        try:
            return total + between(at, low, high, cuts, 40)
        except NoNumber:
            if low is None or high is None:
                raise
            with flint.ctx.workprec(4 * BITS):
                return total + tanh_sinh(at, low, high, cuts)


def _surprise(v: Any) -> Any:
    return -v * v.log() if v > 0 else arb(0)


def _entropies(i: Initializer, of: Law, known: dict[Term, Term]) -> Iterator[Held]:
    try:
        one, two = (_over(i, s, known, _surprise, _surprise) for s in SCALES)
        symbolic = of.entropy
    except (NoNumber, DeriveError) as e:
        yield Held("S₀ = −∫ f ln f dμ", False, f"the entropy can't be worked out ({e})", "mend the density")
        return
    with flint.ctx.workprec(BITS):
        shown = latex(symbolic.term, NOTATION) if symbolic.closed else "no closed form"
        p = value(of.continuous.term, {}) if of.density is not None else arb(0)
        digits = _digits(symbolic.ball, one)
        yield Held(
            "S₀ in symbols = −∫ f ln f dμ", digits >= ENOUGH, f"{shown} = {_short(one)}, to {digits:.0f} digits",
            "mend the density",
        )  # fmt: skip
        digits = _digits(two - one, p * arb(flint.fmpq(7, 3)).log())
        yield Held(
            "S₀(c s) = S₀(s) + p ln c", digits >= ENOUGH,
            f"{_short(two - one)} from scale 1 to 7/3, to {digits:.0f} digits", f"write the density in μ/{i.scale}",
        )  # fmt: skip


def _transforms(of: Law) -> Iterator[Held]:
    i = of.initializer
    for what, name, work in (("cf", "⟨cos tμ⟩", lambda: of.cosine), ("mgf", "⟨exp tμ⟩", lambda: of.mgf)):
        if getattr(i, what) is None:
            continue
        try:
            work()
            yield Held(f"{name} as declared = quadrature", True, "to 24 digits at three points")
        except DeriveError as e:
            yield Held(f"{name} as declared = quadrature", False, _cause(e), f"mend {what}= or leave it out")


# -- energies --------------------------------------------------------------------------------------


def _energy(e: Energy) -> Iterator[Held]:
    yield _sign(e)
    try:
        loss = taken_apart(e)
    except DeriveError as why:
        known = "powers of the prediction, |z|, exp z, ln(1 + exp z), ln(1 + z²) and 1/(1 + z²)"
        yield Held("it is made of pieces", False, _cause(why), f"write it with {known}")
        return
    digits = _together(e, loss)
    parts = ", ".join([*(f"degree {loss.degree}" for _ in range(bool(loss.degree))), *(p.kind for p in loss.pieces)])
    yield Held(
        "its pieces put together = its formula", digits >= ENOUGH, f"{parts or 'a constant'}; to {digits:.0f} digits",
        "this is a bug of the program: report it",
    )  # fmt: skip
    for name in UNDER:
        yield from _means(e, catalogue().initializers[name])


def _points(e: Energy) -> Iterator[tuple[Fraction, Fraction]]:
    targets = {"sign": (-1, 1), "binary": (0, 1), "count": (0, 1, 2, 7)}.get(e.targets, (-3, -1, 0, Fraction(1, 2), 2))
    for y in targets:
        for k in range(-60, 61):
            yield Fraction(k, 6), Fraction(y)


def _at(e: Energy, formula: Term, s: Fraction, y: Fraction) -> Any:
    numbers = {n: _ball(v) for n, v in e.numbers.items()}
    return value(formula, {**numbers, "s": _ball(s), "y": _ball(y)})


def _sign(e: Energy) -> Held:
    worst, where, count = arb(0), (Fraction(0), Fraction(0)), 0
    with flint.ctx.workprec(BITS):
        for s, y in _points(e):
            v, count = _at(e, e.of(S, Y), s, y), count + 1
            if v < worst and v < -(arb(10) ** -40):
                worst, where = v, (s, y)
    least = f"{_short(worst)} at prediction {where[0]}, target {where[1]}"
    if e.signed:
        return Held("E ≥ 0", None, f"declared signed; least of {count} points: {least}")
    if worst < 0:
        return Held("E ≥ 0", False, f"the energy is {least}", "declare it with signed=True, or mend its formula")
    return Held("E ≥ 0", True, f"at {count} points")


def _together(e: Energy, loss: Loss) -> float:
    with flint.ctx.workprec(BITS):
        whole, formula = loss.at(S, Y), e.of(S, Y)
        return min(_digits(_at(e, whole, s, y), _at(e, formula, s, y)) for s, y in list(_points(e))[::7])


# -- pairs -----------------------------------------------------------------------------------------


def _means(e: Energy, i: Initializer) -> Iterator[Held]:
    """⟨E₀⟩ three ways."""
    title = f"⟨E₀⟩ of {e.name} under {i.called}: symbols = quadrature"
    try:
        t = temperature(e, i, Linear())
    except (DeriveError, Conflict) as why:
        yield Held(title, False, _cause(why), "look at the laws above")
        return
    if t.verdict == UNDECIDED:
        yield Held(title, False, t.reason, "report it: a mean over draws should be the derived one")
        return
    if t.exact is None or t.loss is None:
        yield Held(title, None, t.condition or t.reason)
        return
    digits = [c.digits for c in t.checks if c.digits]
    if digits:
        low = min(digits)
        more = " (in floating point, as no cf= is declared)" if low < ENOUGH and i.cf is None else ""
        shown = f"{t.kind}, to {low:.0f} digits{more}"
        yield Held(title, low >= ROUGH, shown, "report it: two ways should give one number")
    else:
        yield Held(title, None, "no quadrature to compare with")
    yield _drawn(e, i, t)


def _drawn(e: Energy, i: Initializer, t: Temperature) -> Held:
    title = f"⟨E₀⟩ of {e.name} under {i.called}: symbols = draws"
    assert t.loss is not None
    try:
        found = compared(e, t.loss, [t.blocks[0].law] * 3, t.energy_and_error, DRAWS)
    except (DeriveError, NoNumber) as why:
        return Held(title, None, _cause(why))
    if isinstance(found, str):
        return Held(title, None, found)
    return Held(
        title, found.agree, f"{found.derived:.6g} and {found.drawn:.6g} ± {found.error:.1g} over {DRAWS} draws, "
        f"{found.off:.1f} standard errors", "report it: a mean over draws should be the derived one",
    )  # fmt: skip


# -- frameworks and activations --------------------------------------------------------------------


def _named_law(f: Framework) -> Held:
    made = f()
    scale, of = made.width, law(made)
    assert isinstance(scale, Term)
    shown = f"{made.scale} = {scale.value if isinstance(scale, Num) else latex(scale, NOTATION)}"
    second = float(of.moment(2)) if of.tail.moment(2) else float("inf")
    return Held(f"{f.name} is {made.name}", True, f"{shown}; ⟨μ²⟩ = {second:.6g} {made.scale}². It says: {f.says}")


def _activation(a: Activation) -> Iterator[Held]:
    from derive.theory.activations import laws_of

    for name, holds, evidence, mend in laws_of(a):
        yield Held(name, holds, evidence, mend)


# -- numbers ---------------------------------------------------------------------------------------


def _ball(q: Fraction) -> Any:
    return arb(flint.fmpq(q.numerator, q.denominator))


def _digits(a: Any, b: Any) -> float:
    apart = abs(a - b).mid()
    return 50.0 if apart == 0 else min(50.0, -float((apart / (abs(b).mid() + arb("1e-3"))).log()) / np.log(10.0))


def _cause(why: Exception) -> str:
    """What is wrong, without what to do about it, which the law says itself."""
    return re.sub(r": (mend|write|look)[^:]*$", "", str(why)).rstrip(".")


def _short(x: Any) -> str:
    text: str = x.mid().str(8, radius=False)
    return text
