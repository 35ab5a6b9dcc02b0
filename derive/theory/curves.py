"""Temperatures along a common scale at two samples, for the picture of the grid: numbers only, nothing is claimed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from derive.errors import DeriveError
from derive.library import catalogue
from derive.term import ONE
from derive.theory.expectation import existence
from derive.theory.loss import Loss, S, Y, taken_apart
from derive.theory.numbers import Arrays, value
from derive.theory.pair import bare, bounded_below
from derive.theory.score import Block, K, Score

#: Two samples that two parameters fit exactly, so that E_f is the least energy of each target alone.
X = ((1.0, 1.0), (-1.0, 1.0))
TARGETS = {"real": (1.0, -1.0), "sign": (1.0, -1.0), "binary": (1.0, 0.0), "count": (1.0, 0.0)}
SCALES = tuple(10 ** (k / 4) for k in range(0, 17, 2))
SHOWN = "two samples (1, 1) and (−1, 1), which two parameters fit exactly, with targets 1 and −1 (or 1 and 0)"
ROUGH = 0.02  # relative error of a quadrature whose point is left out


@dataclass(frozen=True)
class Curve:
    """log₁₀ T at log₁₀ of the scale for one pair, where T > 0 and its numbers are sure."""

    energy: str
    initializer: str
    points: tuple[tuple[float, float], ...]


def of_energy(name: str) -> list[Curve]:
    """One energy with every initializer that gives it a temperature."""
    known, out = catalogue(), list[Curve]()
    energy = known.energies[name]
    loss = taken_apart(energy)
    if not bounded_below(energy, loss):
        return []
    y = np.array(TARGETS[energy.targets])
    least = lowest(loss, energy.numbers, y)
    for i, initializer in known.initializers.items():
        score = Score((Block(initializer, ONE, K),))
        if not score.certain and existence(loss, score).finite:
            out.append(Curve(name, i, tuple(_points(bare(energy, loss, score), y, least))))
    return [c for c in out if c.points]


def _points(t: Any, y: Any, least: float) -> Any:
    for c in SCALES:
        try:
            with np.errstate(all="ignore"):
                mean, error = t.energy_and_error(np.array(X), y, c)
            entropy = t.entropy_of(2, c)
        except DeriveError:  # infinite there, or beyond what a float holds
            continue
        if entropy > 1e-9 and mean > least and error <= ROUGH * (mean - least):
            yield math.log10(c), math.log10((mean - least) / entropy)


def lowest(loss: Loss, numbers: dict[str, Any], y: Any) -> float:
    """The mean over the targets of the least energy of each: by a grid of scores, refined around the best."""
    formula, env = loss.at(S, Y), {n: float(v) for n, v in numbers.items()}
    total = 0.0
    for target in y:
        low, high = -60.0, 60.0
        best = math.inf
        for _ in range(8):
            s = np.linspace(low, high, 241)
            with np.errstate(over="ignore"):
                found = np.broadcast_to(value(formula, {**env, "s": s, "y": target}, Arrays), s.shape)
            k = int(np.argmin(found))
            best = min(best, float(found[k]))
            low, high = s[max(k - 1, 0)], s[min(k + 1, len(s) - 1)]
        total += best
    return total / len(y)
