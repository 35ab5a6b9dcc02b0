"""`temperature`: everything about one energy, one initializer and one model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from derive.errors import DeriveError
from derive.reader.notation import Notation
from derive.reader.printer import latex
from derive.system import Energy, Initializer
from derive.term import ONE, Num, Sum, Term, ln
from derive.theory.expectation import existence, mean
from derive.theory.loss import taken_apart
from derive.theory.result import Linear, Temperature
from derive.theory.score import Block, J, K, N, Score, plus, times
from derive.theory.tidy import normalized

NOTATION = Notation(data={"X": "x", "Y": "y"})


def temperature(
    energy: Energy,
    initializer: Initializer | Sequence[tuple[Initializer, int]],
    model: Linear | None = None,
    *,
    penalty: Mapping[str, Any] | None = None,
    reduction: str = "mean",
    check: bool = True,
) -> Temperature:
    """⟨E₀⟩, S₀, T and their leading laws for a pair.

    Parameters
    ----------
    energy : such as `Huber(delta=1)`; parameters that are left open stay symbols.
    initializer : such as `Laplace()`, or `Laplace(2)` for a scale of 2; or pairs (initializer, how many parameters).
    model : `Linear(K=3)`, or `Linear()` for any number of parameters.
    penalty : weights of penalties on every parameter: {"l1": 0.1, "l2": 0.01}.
    reduction : "mean" or "sum" over the data.
    check : hold the formulas against quadrature of the original integral.

    Raises
    ------
    DeriveError
        A density that does not integrate to one, a parameter out of range, an energy that can't be taken apart.
    Conflict
        A formula and the quadrature of what it stands for disagree: an engine bug.
    """
    model = model or Linear()
    if reduction not in ("mean", "sum"):
        raise DeriveError(f"The reduction is mean or sum, not {reduction!r}.")
    weights = _weights(penalty or {})
    blocks = _blocks(initializer, model)
    score, loss = Score(blocks), taken_apart(energy)
    exists = existence(loss, score)
    entropy = _entropy(score)
    shared: dict[str, Any] = {
        "energy": energy, "blocks": blocks, "model": model, "reduction": reduction, "penalty": weights,
        "entropy": latex(entropy, NOTATION), "entropy_term": entropy, "loss": loss, "exists": exists,
    }  # fmt: skip
    if not exists.finite:
        return Temperature(
            **shared, verdict="proved" if exists.proved else "supported", exact=None, kind=None, asymptotic=None, energy_law=None,
            condition=f"diverges: {exists.condition}",
            reason="⟨E₀⟩ is infinite, by comparison of the growth of the energy with the tail of the density.",
        )  # fmt: skip
    found = mean(loss, score)
    whole = found.total if reduction == "mean" else Sum("i", ONE, N, found.term)
    return Temperature(
        **shared, verdict="supported", exact=latex(whole, NOTATION), kind=found.kind, asymptotic=None, energy_law=None,
        condition=exists.condition or None, reason=f"By {', '.join(found.how)}.", term=whole, mean=found,
    )  # fmt: skip


def _weights(penalty: Mapping[str, Any]) -> tuple[tuple[str, Fraction], ...]:
    out = []
    for name, weight in penalty.items():
        if name not in ("l1", "l2"):
            raise DeriveError(f"No penalty is called {name!r}; there are l1 and l2 (both together: elastic net).")
        try:
            w = Fraction(weight)
        except (ValueError, TypeError, OverflowError, ZeroDivisionError):
            raise DeriveError(f"The weight of {name} has to be a number, and {str(weight)[:40]!r} is none.") from None
        if w < 0:
            raise DeriveError(f"The weight of {name} has to be 0 or more, and is {weight}.")
        out.append((name, w))
    return tuple(out)


def _blocks(initializer: Initializer | Sequence[tuple[Initializer, int]], model: Linear) -> tuple[Block, ...]:
    if model.K is not None and model.K < 1:
        raise DeriveError(f"A model needs a parameter at least; K = {model.K} is none.")
    if isinstance(initializer, Initializer):
        return (Block(initializer, ONE, K if model.K is None else Num(Fraction(model.K))),)
    out, at = [], 0
    for one, count in initializer:
        if not isinstance(one, Initializer) or count < 1:
            raise DeriveError("A mixed initializer is a sequence of pairs (initializer, how many parameters from 1 on).")
        out.append(Block(one, Num(Fraction(at + 1)), Num(Fraction(at + count))))
        at += count
    if not out or (model.K is not None and at != model.K):
        raise DeriveError(f"The mixed initializer is for {at} parameters and the model has {model.K}.")
    return tuple(out)


def _entropy(score: Score) -> Term:
    """S₀ = Σ_j (h + p ln c_j)."""
    parts = []
    for b in score.blocks:
        h, p = b.law.entropy.term, b.law.continuous.term
        body = plus(*([times(p, ln(b.scale(J)))] if b.law.density is not None else []), h)
        parts.append(Sum("j", b.first, b.last, body))
    return normalized(plus(*parts), score.context)
