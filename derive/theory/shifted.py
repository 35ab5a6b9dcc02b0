"""Type II: the temperature of a system whose data shift from one file to another.

As Zhang (2024) defines it, T = (E(D₂) − E(D₁)) / (S(D₂) − S(D₁)) with S(D) = −Σ_{D} P ln P over the samples. P is put
together as P(y|x) P(x): P(y|x) ∝ exp(−E(x, y)/T₁) from the fitted model at its Type I temperature T₁, normalized over
y; P(x) is the same for every row; and P is normalized over the rows of both files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from derive.errors import DeriveError
from derive.term import Sym
from derive.theory.dataset import Dataset
from derive.theory.fit import Rows, fit
from derive.theory.loss import S, Y
from derive.theory.numeric import targets

if TYPE_CHECKING:
    from derive.theory.measured import Measured
    from derive.theory.result import Temperature

Array = np.ndarray[Any, np.dtype[Any]]
FORMULA = "T = (E(D₂) − E(D₁)) / (S(D₂) − S(D₁))"
#: The targets that P(y|x) is summed over.
VALUES = {"binary": (0.0, 1.0), "sign": (-1.0, 1.0)}


@dataclass(frozen=True)
class Shifted:
    """Energies and entropies of two data sets under one fit, and under a fit of each.

    Attributes
    ----------
    file : the second data set.
    energies, entropies : of the first and the second, parameters as fitted to the first.
    refitted : the same two pairs, each file with its own fit; None where the second has none.
    bath : T₁, the Type I temperature of the first file that P(y|x) is taken at.
    """

    file: str
    energies: tuple[float, float]
    entropies: tuple[float, float]
    refitted: tuple[tuple[float, float], tuple[float, float]] | None
    bath: float

    @property
    def temperature(self) -> float | None:
        """With the parameters fitted to the first file."""
        return quotient(self.energies, self.entropies)

    @property
    def temperature_refitted(self) -> float | None:
        return None if self.refitted is None else quotient(*self.refitted)

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.file, "E": list(self.energies), "S": list(self.entropies), "T": self.temperature,
            "T_refitted": self.temperature_refitted, "bath": self.bath, "formula": FORMULA,
        }  # fmt: skip

    def rows(self) -> list[tuple[str, str]]:
        def of(t: float | None) -> str:
            return "no value: S(D₂) = S(D₁)" if t is None else f"{t:.10g}"

        out = [
            ("shifted", f"to {self.file}"),
            ("E(D)", f"{self.energies[0]:.10g} → {self.energies[1]:.10g}, parameters as fitted to the first file"),
            ("S(D)", f"{self.entropies[0]:.10g} → {self.entropies[1]:.10g}, P(y|x) ∝ exp(−E/T₁) at "
             f"T₁ = {self.bath:.6g}, P(x) alike, normalized over both files"),
            ("Type II", f"T = {of(self.temperature)} by {FORMULA}"),
        ]  # fmt: skip
        if self.refitted is not None:
            out.append(("", f"T = {of(self.temperature_refitted)} with each file's own fit"))
        return out


def quotient(energies: tuple[float, float], entropies: tuple[float, float]) -> float | None:
    down = entropies[1] - entropies[0]
    size = 1e-13 * (abs(entropies[0]) + abs(entropies[1]))
    return None if abs(down) <= size else (energies[1] - energies[0]) / down


def shifted(t: Temperature, first: Measured, second: Dataset) -> Shifted:
    """The Type II temperature between two data sets.

    Raises
    ------
    DeriveError
        The first has no positive Type I temperature or no fit, or P(y|x) can't be normalized.
    """
    if first.fit is None or not first.fit.attained:
        raise DeriveError(f"{first.data.name} has no fit that attains E_f, so that there is no Type II state.")
    if first.temperature is None or first.temperature <= 0:
        raise DeriveError(
            f"The Type I temperature of {first.data.name} is not positive here, and P(y|x) = exp(−E/T)/Z needs one: "
            "choose a larger scale."
        )
    if second.features != first.data.features:
        raise DeriveError(f"{second.name} and {first.data.name} hold different columns to predict from.")
    targets(t, second.y)
    bath, mu = first.temperature, first.fit.parameters
    data = (first.data, second)
    states = [_state(t, d, mu, bath) for d in data]
    own: tuple[tuple[float, float], tuple[float, float]] | None = None
    try:
        from derive.theory.fit import checked

        checked(second.X, second.y, second.features, second.target)
        other = fit(t, second.X, second.y, {})
        refit = (states[0], _state(t, second, other.parameters, bath))
        own = (refit[0][0], refit[1][0]), _entropies(refit[0][1], refit[1][1])
    except DeriveError:
        own = None  # said by the line that is left out
    energies = (states[0][0], states[1][0])
    return Shifted(second.name, energies, _entropies(states[0][1], states[1][1]), own, bath)


def _state(t: Temperature, d: Dataset, mu: Array, bath: float) -> tuple[float, Array]:
    """The energy of a data set, and ln P of each row up to one constant."""
    assert t.loss is not None
    numbers = {k: float(v) for k, v in t.energy.numbers.items()}
    s = d.X @ mu
    each = Rows(t.loss, d.y, numbers).at(s)[0]
    kind = t.energy.targets
    if kind in VALUES:
        others = [-Rows(t.loss, np.full_like(d.y, v), numbers).at(s)[0] / bath for v in VALUES[kind]]
        partition = np.logaddexp(*others)
    elif kind == "real" and t.loss.normal.equal(t.energy.of(S + Sym("c"), Y + Sym("c")), t.energy.of(S, Y)):
        partition = np.zeros_like(s)  # ∫ exp(−E/T) dy is the same for every row, and falls out of the normalization
    else:
        raise DeriveError(
            f"P(y|x) of {t.energy.called} can't be normalized: its Type II temperature is defined for energies of the "
            "difference of prediction and target, and for labels."
        )
    own = float(each.mean() if t.reduction == "mean" else each.sum())
    return own + _penalty(t, mu), -each / bath - partition


def _penalty(t: Temperature, mu: Array) -> float:
    return sum(float(w) * float((np.abs(mu) if name == "l1" else mu**2).sum()) for name, w in t.penalty)


def _entropies(first: Array, second: Array) -> tuple[float, float]:
    """−Σ P ln P over each, P normalized over both."""
    top = max(float(first.max()), float(second.max()))
    norm = top + np.log(np.exp(first - top).sum() + np.exp(second - top).sum())
    found = [float(-(np.exp(p - norm) * (p - norm)).sum()) for p in (first, second)]
    return found[0], found[1]
