"""Parameters drawn from any law, and mean energies by drawing: the third way beside formulas and quadrature."""

from __future__ import annotations

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
#: Standard errors from which on a mean by drawing differs from a derived one.
MOST = 5.0


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
