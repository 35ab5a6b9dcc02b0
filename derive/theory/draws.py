"""Parameters drawn from any law, and mean energies by drawing: the third way beside formulas and quadrature."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from derive.system import Energy
from derive.term import Term, free
from derive.theory.law import Law
from derive.theory.loss import Loss, S, Y, shape, taken_apart
from derive.theory.numbers import Arrays, value

Array = np.ndarray[Any, np.dtype[Any]]
CELLS = 1 << 15  #: of the table of a distribution function
#: Standard errors from which on a mean by drawing differs from a derived one; what rounding may do beside them.
MOST, ROUNDING = 5.0, 1e-12
DOUBTFUL, MORE = 2.5, 10
DRAWS, SEED, SCALE = 20_000, 5, 1.25
#: A small data set: three columns, the last one 1; and targets for each kind of energy.
X = np.array([[0.5, -1.0, 1.0], [1.25, 0.25, 1.0], [-0.75, 0.5, 1.0], [0.25, 1.5, 1.0]])
TARGETS = {
    "sign": [1.0, -1.0, 1.0, -1.0], "binary": [1.0, 0.0, 1.0, 0.0], "count": [0.0, 3.0, 1.0, 2.0],
    "real": [0.5, -1.0, 2.0, 0.0],
}  # fmt: skip


def draw(law: Law, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Independent parameters at scale 1: the tabulated distribution function turned around, and the point masses.

    Examples
    --------
    >>> from derive.library import catalogue
    >>> from derive.theory.law import law
    >>> u = draw(law(catalogue().initializers["laplace"]), (100_000,), np.random.default_rng(1))
    >>> bool(abs(np.mean(np.abs(u)) - 1) < 0.02)
    True
    """
    at = [float(value(a, {})) for a, _ in law.atoms]
    chances = [float(value(w, {})) for _, w in law.atoms]
    rest = max(0.0, 1.0 - sum(chances)) if law.density is not None else 0.0
    chosen = rng.choice(len(at) + 1, size=shape, p=np.array([rest, *chances]) / (rest + sum(chances)))
    out = np.zeros(shape)
    if law.density is not None:
        mass, ends = _table(law)
        out = np.interp(rng.random(shape), mass, ends)
    for k, a in enumerate(at):
        out = np.where(chosen == k + 1, a, out)
    return out


@lru_cache(maxsize=64)
def _table(law: Law) -> tuple[Array, Array]:
    """The distribution function at the ends of cells that narrow where a domain ends, and reach far where none does."""
    assert law.density is not None
    v = np.linspace(-1.0, 1.0, CELLS + 1)
    middle = (v[1:] + v[:-1]) / 2
    low, high = (None if "oo" in free(x) else float(value(x, {})) for x in (law.low, law.high))

    def place(w: Array) -> Array:
        if low is not None and high is not None:
            return (low + high) / 2 + (high - low) / 2 * np.sin(np.pi / 2 * w)
        if low is None and high is None:
            return np.tan(np.pi / 2 * w)
        half = (1 + w) / 2
        far = half**2 / np.maximum(1 - half, 1e-300)
        return low + far if low is not None else (high or 0.0) - far[::-1]

    with np.errstate(all="ignore"):
        ends = place(v)
        inner = place(middle)
        weight = np.nan_to_num(value(law.density, {"u": inner}, Arrays) * np.diff(ends), posinf=0.0, neginf=0.0)
    mass = np.concatenate([[0.0], np.cumsum(weight)])
    ends = np.clip(ends, inner[0], inner[-1])  # the outermost cells reach no further than their middles
    return mass / mass[-1], ends


def energies(energy: Energy, scores: Array, y: Array) -> Array:
    """The energy of each draw: the mean over the samples, which are the last axis."""
    known: dict[Any, Any] = {n: float(v) for n, v in energy.numbers.items()}
    known |= {"s": scores, "y": np.broadcast_to(y, scores.shape)}
    formula: Term = energy.of(S, Y)
    with np.errstate(all="ignore"):
        each = value(formula, known, Arrays)
        if not np.isfinite(each).all():  # 1 − 1/(1 + e^−s) is 0 far out, where ln(1 + e^s) is s
            each = np.where(np.isfinite(each), each, _piecewise(taken_apart(energy), known))
    return np.asarray(np.mean(np.broadcast_to(each, scores.shape), axis=-1))


def _piecewise(loss: Loss, known: dict[Any, Any]) -> Array:
    """The energy from its pieces, ln(1 + e^z) without overflow."""
    total = sum(value(c, known, Arrays) * known["s"] ** k for k, c in loss.polynomial.items())
    for p in loss.pieces:
        z = value(p.slope * S + p.shift, known, Arrays)
        g = np.logaddexp(0.0, z) if p.kind == "softplus" else value(shape(p.kind, Y, p.power), {"y": z}, Arrays)
        total = total + value(p.coefficient, known, Arrays) * g
    return np.asarray(total)


def mean_and_error(values: Array) -> tuple[float, float]:
    """The mean of draws and its standard error."""
    return float(np.mean(values)), float(np.std(values, ddof=1) / np.sqrt(values.size))


@dataclass(frozen=True)
class Compared:
    """⟨E₀⟩ of the small data set by its formula and by draws.

    Attributes
    ----------
    error, rounded : the standard error of `drawn`, and what rounding and quadrature may do to either.
    """

    derived: float
    drawn: float
    error: float
    rounded: float
    draws: int
    where: str

    @property
    def off(self) -> float:
        """How many standard errors lie between the two; a law that does not vary has none but rounding."""
        apart = abs(self.derived - self.drawn)
        return 0.0 if apart <= self.rounded else apart / self.error if self.error else float("inf")

    @property
    def agree(self) -> bool:
        return self.off <= MOST


def compared(
    energy: Energy, loss: Loss, laws: Sequence[Law], numbers: Callable[[Array, Array, float], tuple[float, float]],
    draws: int = DRAWS,
) -> Compared | str:  # fmt: skip
    """The comparison for parameters of these laws, or why draws have no error bar.

    Parameters
    ----------
    numbers : ⟨E₀⟩ of X, y and a scale by the formula, and the error of its quadrature.
    """
    needed = 2 * loss.growth
    heavy = next((w for w in laws if not w.tail.moment(needed)), None)
    if heavy is not None:
        name = heavy.initializer.called
        return f"the energy's variance is infinite: {name} has no moment of order {needed}, and draws no error bar"
    y = np.array(TARGETS[energy.targets] if energy.targets in TARGETS else TARGETS["real"])
    inputs = X if len(laws) == X.shape[1] else np.random.default_rng(SEED).normal(size=(len(y), len(laws)))
    scale = _scale(energy, loss, laws, inputs, y)
    derived, off = numbers(inputs, y, scale)
    rounded, where = off + ROUNDING * (1 + abs(derived)), f"K = {len(laws)}, n = {len(y)}, scale {scale:.4g}"

    def drawn(count: int, seed: int) -> Compared:
        rng = np.random.default_rng(seed)
        mu = scale * np.stack([draw(w, (count,), rng) for w in laws], axis=1)
        return Compared(derived, *mean_and_error(energies(energy, mu @ inputs.T, y)), rounded, count, where)

    found = drawn(draws, SEED)
    # one law in a hundred is this far off by chance, and rare large energies are more often: many more draws tell
    return found if found.off < DOUBTFUL else drawn(MORE * draws, SEED + 1)


def _scale(energy: Energy, loss: Loss, laws: Sequence[Law], inputs: Array, y: Array) -> float:
    """Where exponentials have a rate, a fifth of it: the energy's variance, and the variance of that, are finite."""
    rates = [float(value(w.tail.rate, {})) for w in laws if w.tail.rate is not None and not w.tail.every_exponential]
    if "exp" not in loss.kinds or not rates:
        return SCALE
    known = {**{n: float(v) for n, v in energy.numbers.items()}, "y": y}
    steepest = max(float(np.max(np.abs(value(p.slope, known, Arrays)))) for p in loss.pieces if p.kind == "exp")
    return min(rates) / 5 / steepest / float(np.max(np.abs(inputs)))
