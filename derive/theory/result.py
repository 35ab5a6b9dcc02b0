"""What `temperature` gives back: formulas, what vouches for them, and numbers on real data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from derive.errors import DeriveError
from derive.system import Energy
from derive.term import Term, exp, neg
from derive.theory.numbers import value
from derive.theory.score import Block, Score, times

if TYPE_CHECKING:
    from derive.kernel.theorem import Theorem
    from derive.theory.asymptotics import Leading
    from derive.theory.expectation import Existence, Mean
    from derive.theory.loss import Loss

Array = np.ndarray[Any, np.dtype[Any]]
UNDECIDED = "undecided"


@dataclass(frozen=True)
class Linear:
    """A linear model, prediction Σ_{j≤K} μ_j x_ij. For an intercept the data's last column is 1.

    Attributes
    ----------
    K : number of parameters; None for any.
    """

    K: int | None = None

    @property
    def name(self) -> str:
        return "linear" if self.K is None else f"linear(K={self.K})"


@dataclass(frozen=True)
class Check:
    """One comparison of a derived number with another way to it.

    Attributes
    ----------
    what : which number, at which point.
    derived, other : both values, as text.
    digits : to how many digits they agree; 0 where an error bar says how far they may be apart.
    how : "quadrature" or "Monte Carlo", and of what.
    """

    what: str
    derived: str
    other: str
    digits: float
    how: str

    @property
    def said(self) -> str:
        """In words; where there is nothing to compare, why."""
        return f"{self.what}: {self.derived} and {self.other}, {self.how}" if self.other else f"{self.what}: {self.how}"


@dataclass(frozen=True)
class Temperature:
    """⟨E₀⟩, S₀ and T = (⟨E₀⟩ − E_f)/S₀ of an energy, an initializer and a model.

    Attributes
    ----------
    verdict : "proved", "supported" or "undecided"; of a cell that diverges, of that it does.
    exact : ⟨E₀⟩ in LaTeX; None where it is infinite or undecided.
    kind : "closed form" or "one-dimensional integral".
    asymptotic : leading law of T in LaTeX as every scale goes to infinity; None where there is none.
    energy_law : leading terms of ⟨E₀⟩, with the next order.
    entropy : S₀ in LaTeX.
    next_order : what T adds to that law, to the next order, in LaTeX; None where that takes more than is known.
    condition : where the formulas hold, or why there is none; None where nothing restricts them.
    reason : one sentence: what was done, and which step rests on numbers alone.
    proved : what the kernel proved, step by step.
    checks : comparisons with quadrature of the original integral, and with draws.
    """

    energy: Energy
    blocks: tuple[Block, ...]
    model: Linear
    verdict: str
    exact: str | None
    kind: str | None
    asymptotic: str | None
    energy_law: str | None
    entropy: str | None
    condition: str | None
    reason: str
    next_order: str | None = None
    proved: tuple[str, ...] = ()
    assumed: str = ""  #: what the data have to be for that
    checks: tuple[Check, ...] = ()
    bounded: bool = True  #: whether E_f is finite
    reduction: str = "mean"
    penalty: tuple[tuple[str, Fraction], ...] = ()
    term: Term | None = None  #: ⟨E₀⟩ of the data as a term
    entropy_term: Term | None = None
    loss: Loss | None = field(default=None, repr=False)
    mean: Mean | None = field(default=None, repr=False)
    exists: Existence | None = field(default=None, repr=False)
    leading: Leading | None = field(default=None, repr=False)
    law_theorem: Theorem | None = field(default=None, repr=False)  #: T ~ its leading law, where the kernel has it

    @property
    def initializer(self) -> str:
        return " + ".join(b.initializer.called for b in self.blocks)

    @property
    def called_model(self) -> str:
        return self.model.name

    @cached_property
    def score(self) -> Score:
        return Score(self.blocks)

    @cached_property
    def positive_from(self) -> float | None:
        """The common scale beyond which S₀ > 0, and so T > 0 where ⟨E₀⟩ > E_f; None for point masses alone."""
        import math

        if any(b.initializer.dependent for b in self.blocks):
            return None
        surprise, mass = 0.0, 0.0
        for b in self.blocks:
            count = 1.0 if len(self.blocks) == 1 else float(value(b.last - b.first + 1, {}))
            surprise += count * float(b.law.entropy)
            mass += count * float(b.law.continuous) if b.law.density is not None else 0.0
        return math.exp(-surprise / mass) if mass else None

    @property
    def order(self) -> str | None:
        """How T grows with a common scale c, in LaTeX; None where it has no leading law."""
        if self.asymptotic is None or self.leading is None:
            return None
        grown = {"exponential": r"\mathrm{e}^{\cdots}", "ln c": r"\ln c"}.get(self.leading.order, self.leading.order)
        continuous = any(b.law.density is not None for b in self.blocks)
        return rf"\frac{{{grown}}}{{\ln c}}" if continuous else grown

    @property
    def positive(self) -> str:
        """Where T > 0, in a sentence; LaTeX between dollars."""
        if self.verdict == UNDECIDED:
            return UNDECIDED
        if self.exact is None or not self.bounded:
            return "nowhere: ⟨E₀⟩ is infinite" if self.exact is None else "nowhere: E_f = −∞"
        if any(b.initializer.dependent for b in self.blocks):
            return "nowhere: S₀ = −∞"
        start = self.positive_from
        if start is None and self.score.certain:
            return "nowhere: S₀ = 0, and T diverges at every scale"
        if start is None:
            return "at every scale, where ⟨E₀⟩ > E_f"
        from derive.reader.printer import latex
        from derive.theory.tidy import normalized

        surprise = times(*(b.law.entropy.term for b in self.blocks)) if len(self.blocks) == 1 else None
        shown = ""
        if surprise is not None:
            (b,) = self.blocks
            closed = normalized(exp(neg(surprise / b.law.continuous.term)), self.score.context)
            shown = f"${latex(closed)}$ ≈ " if b.law.entropy.closed else ""
        return f"from a common scale of {shown}{start:.6g} on, where ⟨E₀⟩ > E_f; at that scale S₀ = 0 and T diverges"

    # -- numbers ---------------------------------------------------------------------------------------

    def energy_of(self, X: Any, y: Any, scale: Any = None, **parameters: Any) -> float:
        """⟨E₀⟩ on data: X of n rows and K columns (the last one 1 for an intercept), y of n targets.

        Parameters
        ----------
        scale : of every parameter, or one for each; where the initializer was given none.
        parameters : values for parameters of the energy that were left open (δ, q), else their defaults.

        Raises
        ------
        DeriveError
            ⟨E₀⟩ is infinite there, or the data are not numbers of fitting shapes.
        """
        return self.energy_and_error(X, y, scale, **parameters)[0]

    def energy_and_error(self, X: Any, y: Any, scale: Any = None, **parameters: Any) -> tuple[float, float]:
        """⟨E₀⟩ on data, and an estimate of the error of its quadrature (0 for a closed form)."""
        from derive.theory.numeric import energy

        return energy(self, *data(X, y), scale, parameters)

    def entropy_of(self, K: int, scale: Any = None) -> float:
        """S₀ of K parameters, in nat."""
        from derive.theory.numeric import entropy

        return entropy(self, K, scale)

    def least(self, X: Any, y: Any) -> float:
        """E_f under MSE, by least squares.

        Raises
        ------
        DeriveError
            The energy is another one: its least value has to be found by minimization.
        """
        from derive.theory.numeric import least

        return least(self, *data(X, y))

    def value(self, X: Any, y: Any, scale: Any = None, least: float | None = None, **parameters: Any) -> float:
        """T on data; `least` is E_f, needed for energies other than MSE.

        Raises
        ------
        DeriveError
            T has no value: ⟨E₀⟩ is infinite, S₀ is 0, or E_f is not known.
        """
        X, y = data(X, y)
        s = self.entropy_of(X.shape[1], scale)
        if s == 0:
            raise DeriveError(f"T diverges here: S₀ of {self.initializer} is 0 at this scale.")
        e = self.energy_of(X, y, scale, **parameters)
        return (e - (self.least(X, y) if least is None else least)) / s

    # -- shown -----------------------------------------------------------------------------------------

    def as_json(self) -> dict[str, Any]:
        """The cell of the grid's contract."""
        return {
            "energy": self.energy.called, "initializer": self.initializer, "verdict": self.verdict, "exact": self.exact,
            "asymptotic": self.asymptotic, "condition": self.condition, "reason": self.reason,
        }  # fmt: skip

    def _repr_latex_(self) -> str:
        rows = [
            (r"\langle E_0 \rangle", self.exact),
            ("S_0", self.entropy),
            ("T", self.asymptotic and rf"\sim {self.asymptotic}"),
            (r"T-\text{leading}", self.asymptotic and self.next_order),
        ]
        signs = {"T": ""}
        return "$$\n\\begin{aligned}\n" + " \\\\\n".join(
            f"{name} &{signs.get(name, '=')} {formula}" for name, formula in rows if formula
        ) + "\n\\end{aligned}\n$$"  # fmt: skip

    def plot(
        self, X: Any, y: Any, scales: Sequence[float] | None = None, least: float | None = None, ax: Any = None
    ) -> Any:
        """T against the scale on logarithmic axes; needs matplotlib."""
        try:
            import matplotlib.pyplot as plt
        except ImportError:
            raise DeriveError("plot needs matplotlib, which is not installed: pip install 'derive[plot]'.") from None
        ax = ax or plt.gca()
        grid = np.geomspace(1, 1e3, 60) if scales is None else np.asarray(scales, dtype=float)
        found = []
        for c in grid:
            try:
                found.append(self.value(X, y, float(c), least))
            except DeriveError:
                found.append(float("nan"))
        ax.loglog(
            grid, [t if t > 0 else float("nan") for t in found], label=f"{self.energy.called}, {self.initializer}"
        )
        ax.set_xlabel("scale")
        ax.set_ylabel("T")
        return ax


def data(X: Any, y: Any) -> tuple[Array, Array]:
    """Arrays of floats of fitting shapes.

    Raises
    ------
    DeriveError
        They are none.
    """
    try:
        a, b = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
    except (ValueError, TypeError):
        raise DeriveError("The data hold something that is no number: give arrays of numbers.") from None
    a = a[:, None] if a.ndim == 1 else a
    if a.ndim != 2 or b.ndim != 1 or len(a) != len(b) or not len(b) or not a.shape[1]:
        raise DeriveError(f"The data have shapes {a.shape} and {b.shape}: X needs n rows and K columns, y n numbers.")
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        raise DeriveError("The data hold a number that is not finite (NaN or infinity): drop or fill those rows.")
    return a, b
