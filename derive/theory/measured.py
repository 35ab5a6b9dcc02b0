"""T of an actual problem: ⟨E₀⟩ by the formula, S₀, E_f by a fit, and what each of them may be off by."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from derive.errors import DeriveError
from derive.theory.dataset import Dataset
from derive.theory.fit import Fit, Unbounded, checked, fit
from derive.theory.numeric import Infinite, targets

if TYPE_CHECKING:
    from derive.theory.result import Temperature
    from derive.theory.shifted import Shifted

FORMULA = "T = (⟨E₀⟩ − E_f) / S₀"


@dataclass(frozen=True)
class Measured:
    """T on data.

    Attributes
    ----------
    data : the samples.
    energy, energy_error : ⟨E₀⟩ and the error of its quadrature; None where it is infinite.
    entropy : S₀ in nat.
    least : E_f; None where there is none.
    fit : how it was found; None where it was given or there is none.
    temperature, error : T; None where it has no value.
    why : why it has none, or what to know of it.
    """

    data: Dataset
    entropy: float
    energy: float | None = None
    energy_error: float = 0.0
    least: float | None = None
    fit: Fit | None = None
    temperature: float | None = None
    error: float = 0.0
    why: tuple[str, ...] = ()
    shifted: Shifted | None = field(default=None)

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        fitted = self.fit and {
            "how": self.fit.how, "gradient": self.fit.gradient, "gap": self.fit.gap, "attained": self.fit.attained,
            "parameters": {n: float(v) for n, v in zip(self.data.features, self.fit.parameters, strict=True)},
        }  # fmt: skip
        return {
            "file": self.data.name, "rows": len(self.data.y), "features": list(self.data.features),
            "target": self.data.target, "E0": self.energy, "E0_error": self.energy_error, "S0": self.entropy,
            "Ef": self.least, "fit": fitted, "T": self.temperature, "T_error": self.error, "formula": FORMULA,
            "notes": list(self.why), "type_ii": self.shifted and self.shifted.as_json(),
        }  # fmt: skip

    def rows(self) -> list[tuple[str, str]]:
        """What is shown, as (name, value) lines."""
        n = f"{self.data.name}: {self.data.sizes}, {self.data.target} from {', '.join(self.data.features[:8])}"
        out = [("data", n + " …" * (len(self.data.features) > 8))]
        if self.energy is not None:
            out.append(("⟨E₀⟩", shown(self.energy, self.energy_error)))
        out.append(("S₀", shown(self.entropy, 0.0)))
        if self.least is not None:
            out.append(("E_f", shown(self.least, self.fit.gap if self.fit else 0.0)))
        out.append(("by", self.fit.said if self.fit else "given" if self.least is not None else ""))
        if self.temperature is not None:
            out.append(("T", f"{shown(self.temperature, self.error)} by {FORMULA}"))
        else:
            out.append(("T", "no value"))
        out += [("note", w) for w in self.why]
        return [(a, b) for a, b in out if b] + (self.shifted.rows() if self.shifted else [])


def shown(value: float, error: float) -> str:
    """A number with its error, to the digits that the error leaves.

    Examples
    --------
    >>> shown(2.123456789, 2e-4)
    '2.12346 ± 2e-04'
    >>> shown(2.0, 0.0)
    '2'
    """
    if error < 1e-12 * abs(value) or not error:
        return f"{value:.12g}"
    digits = int(np.clip(np.ceil(np.log10(max(abs(value) / error, 1.0))) + 1, 2, 15))
    return f"{value:.{digits}g} ± {error:.0e}"


def on_these(t: Temperature, data: Dataset) -> Temperature:
    """A pair as far as it is proved for these data: what the kernel assumed of them is looked up.

    Examples
    --------
    >>> from derive.library import catalogue
    >>> from derive.theory import temperature
    >>> known = catalogue()
    >>> t = temperature(known.energies["mse"], known.initializers["normal"], check=False)
    >>> d = Dataset("-", ("a",), "y", np.array([[1.0], [2.0]]), np.array([1.0, 3.0]))
    >>> t.verdict, on_these(t, d).verdict, on_these(t, d.with_intercept()).verdict
    ('proved', 'supported', 'proved')
    """
    fine = bool(np.all(data.X[:, -1] == 1)) and not ("of which is 0" in t.assumed and bool(np.any(data.X == 0)))
    if not t.assumed or fine:
        return t
    why = f"The kernel's proofs are for data {t.assumed}, which these are not: here the formulas rest on numbers."
    verdict = "supported" if t.verdict == "proved" else t.verdict
    return replace(t, verdict=verdict, proved=(), assumed="", reason=f"{t.reason} {why}")


def measured(t: Temperature, data: Dataset, scale: Any = None, least: float | None = None) -> Measured:
    """T on data.

    Parameters
    ----------
    scale : of every parameter, or one for each, where the initializer has none of its own.
    least : E_f, where it is known; else it is fitted.

    Raises
    ------
    DeriveError
        The data do not fit the pair, or no fit is determined.

    Examples
    --------
    >>> from derive.library import catalogue
    >>> from derive.theory import temperature
    >>> known = catalogue()
    >>> t = temperature(known.energies["mse"], known.initializers["normal"], check=False)
    >>> d = Dataset("-", ("a",), "y", np.array([[1.0], [2.0]]), np.array([1.0, 3.0]))
    >>> found = measured(t, d, scale=2.0)
    >>> round(found.energy, 12), round(found.least, 12), round(found.temperature, 6)
    (15.0, 0.1, 7.054638)
    """
    X, y = data.X, data.y
    targets(t, y)
    checked(X, y, data.features, data.target)
    notes: list[str] = []
    energy: float | None = None
    error = 0.0
    entropy = t.entropy_of(X.shape[1], scale)
    try:
        energy, error = t.energy_and_error(X, y, scale)
        error += 1e-14 * abs(energy)
    except Infinite as e:
        notes.append(f"diverges: {str(e).rstrip('.')}.")
    found: Fit | None = None
    if least is None:
        try:
            found = fit(t, X, y, {})
            least = found.least
            if not found.attained:
                notes.append(
                    f"No parameters attain the infimum {least:.6g} of the energy on these data; it is taken as E_f."
                )
        except Unbounded as e:
            notes.append(str(e))
    if entropy == 0:
        notes.append(f"T diverges: S₀ of {t.initializer} is 0 at this scale.")
    elif entropy < 0:
        notes.append("S₀ is negative at this scale, and so is T where ⟨E₀⟩ > E_f.")
    value, off = None, 0.0
    if energy is not None and least is not None and entropy:
        value = (energy - least) / entropy
        off = (error + (found.gap if found else 0.0)) / abs(entropy)
    return Measured(data, entropy, energy, error, least, found, value, off, tuple(notes))


def scale_of(t: Temperature, text: str, data: Dataset) -> list[float]:
    """Scales written as a list, one for each parameter.

    Raises
    ------
    DeriveError
        They are no numbers, or not as many as the parameters.
    """
    try:
        found = [float(x) for x in text.split(",")]
    except ValueError:
        raise DeriveError(f"The scales {text[:60]!r} hold what is no number: write --set sigma=1,2.") from None
    if len(found) != data.X.shape[1]:
        raise DeriveError(
            f"{len(found)} scales were given for the {data.X.shape[1]} parameters {', '.join(data.features[:8])}: "
            "give one, or one for each."
        )
    return found
