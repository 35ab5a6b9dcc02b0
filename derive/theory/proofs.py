"""What the kernel says about a derived formula. A refusal is no error: the formula then rests on numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from derive.kernel.context import POSITIVE, Context
from derive.kernel.normal import Normal
from derive.kernel.poly import Refusal
from derive.kernel.theorem import Statement, Theorem, asymptotic, equality
from derive.rules.antiderivative import antiderivative
from derive.rules.normal_equations import stationary_point
from derive.system import Block as SystemBlock
from derive.system import Energy, System
from derive.term import ONE, ZERO, Elem, Fn, Int, Num, Sum, Sym, Term, add
from derive.theory.asymptotics import Weights, common, leading
from derive.theory.expectation import mean, of_penalties
from derive.theory.loss import Loss
from derive.theory.score import J, N, Score, of_data, plus, target


def theorem(
    left: Term, relation: str, right: Term, context: Context, variable: str | None = None, integrate: bool = False
) -> Theorem | None:
    """The kernel's theorem, or None where it refuses (or where something is left to be assumed)."""
    normal = Normal(context, stationary_point, antiderivative if integrate else None)
    s = Statement(left, relation, right, context, variable)
    try:
        found = equality(s, normal) if relation == "=" else asymptotic(s, normal)
    except Refusal:
        return None
    return found if isinstance(found, Theorem) and not found.needs else None


def equal(left: Term, right: Term, context: Context) -> bool:
    return theorem(left, "=", right, context) is not None


@dataclass(frozen=True)
class Proofs:
    """What the kernel proved about a pair; `named` says it in words."""

    energy: bool = False
    entropy: bool = False
    leading: bool = False
    law: Theorem | None = None  #: T ~ its leading law
    second: bool = False
    assumed: str = ""  #: of the data

    @property
    def temperature(self) -> bool:
        return self.law is not None

    @property
    def named(self) -> tuple[str, ...]:
        said = (
            (self.energy, "⟨E₀⟩ from its definition"), (self.entropy, "S₀ from its definition"),
            (self.leading, "the leading law of ⟨E₀⟩"), (self.temperature, "the leading law of T, E_f any constant"),
            (self.second, "the next order of T"),
        )  # fmt: skip
        found = [text for yes, text in said if yes]
        return (*found, f"all of this for data {self.assumed}") if found and self.assumed else tuple(found)


def system(energy: Energy, score: Score, weights: Weights = ()) -> System:
    """The pair as the integrals it stands for: K parameters, the last column of the data 1."""
    last = score.blocks[-1].last
    prediction = Sum("j", ONE, last, Elem("mu", (J,)) * of_data(J))
    blocks = tuple(SystemBlock(b.initializer, b.first, b.last) for b in score.blocks)
    return System(energy, prediction, target(), blocks, _penalty(weights) if weights else None)


def _penalty(weights: Weights) -> Callable[[Term], Term]:
    powers = {"l1": lambda mu: Fn("abs", (mu,)), "l2": lambda mu: mu**2}
    return lambda mu: add(*(Num(w) * powers[name](mu) for name, w in weights))


def assumptions(loss: Loss, score: Score) -> Context:
    """Positive scales and parameters, K ≥ 1 (2 with a slope), a column of ones; targets of −1 and 1 are not 0.

    Where formulas divide by the data, none of them is 0: the factor of a 0 is its limit, 1.
    """
    last = score.blocks[-1].last
    signs = {**loss.context.signs, **score.context.signs, **{b.initializer.scale: POSITIVE for b in score.blocks}}
    facts = ((Elem("x", (Sym("i"), last)), ONE),)
    flat = "exp" in loss.kinds and any(w.tail.kind == "bounded" for w in score.laws)
    nonzero = frozenset([*(["y"] if loss.targets == "sign" else []), *(["x"] if flat else [])])
    return Context(signs=signs, least={"K": 1, "n": 1}, facts=facts, positive=loss.context.positive, nonzero=nonzero)


def proofs(energy: Energy, loss: Loss, score: Score, entropy: Term, weights: Weights = ()) -> Proofs:
    """Everything that the kernel takes; only densities of one scale each, and no scale given.

    For targets of −1 and 1 it is proved for every target but 0, of which what is shown is a case.
    """
    if score.certain:
        return _certain(energy, loss, score, entropy, weights)
    if any(w.density is None or w.atoms for w in score.laws) or any(
        b.initializer.width is not None for b in score.blocks
    ):
        return Proofs()
    s, known = system(energy, score, weights), assumptions(loss, score)
    every = replace(loss, targets="real")
    law = leading(every, score, weights=weights)
    total = plus(mean(every, score).total, of_penalties(score, weights))
    #: The mean energy as it is defined, and sample by sample: the same by linearity.
    each = Sum("i", ONE, N, Int(s.over, energy.of(s.prediction, s.target) * s.density)) / N
    ways = [way for way in (s.E0, *(() if weights else (each,))) if theorem(way, "=", total, known) is not None]
    of_entropy = theorem(s.S0, "=", entropy, known) is not None
    far, of_law, second = False, None, False
    if law is not None:
        v = law.variable.name
        for way in (s.E0, *(() if weights else (each,)), *([total] if ways else [])):
            rising = common(way, score)
            far = theorem(rising, "~", law.energy, known, v) is not None
            if far and law.temperature is not None and of_entropy:
                whole = (rising - Sym("E_f")) / common(s.S0, score)
                of_law = theorem(whole, "~", law.temperature, known, v)
                if of_law is not None and law.second is not None:
                    second = theorem(whole - law.temperature, "~", law.second, known, v) is not None
            if far:
                break
    assumed = "whose last column is 1" + (", and none of which is 0" if "x" in known.nonzero else "")
    return Proofs(bool(ways), of_entropy, far, of_law, second, assumed)


def _certain(energy: Energy, loss: Loss, score: Score, entropy: Term, weights: Weights) -> Proofs:
    """Parameters that do not vary: the mean of an energy is its value there, and a sure thing has the entropy 0."""
    known = assumptions(loss, score)
    if weights:
        return Proofs()
    at = [Sum("j", b.first, b.last, b.scale(J) * b.law.atoms[0][0] * of_data(J)) for b in score.blocks]
    whole = Sum("i", ONE, N, energy.of(add(*at), target())) / N
    every = replace(loss, targets="real")
    return Proofs(
        theorem(whole, "=", mean(every, score).total, known) is not None, theorem(ZERO, "=", entropy, known) is not None
    )
