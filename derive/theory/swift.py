"""Means of |z| and its like over a million rows: the normal score's closed form, and one short sum for the difference.

    ⟨|z|⟩ = ⟨|z|⟩_N + (2/π) ∫₀^∞ (φ_N − φ) cos(ct) / t² dt,    φ_N = exp(−v t²/2)

with z = c + an even score of variance v. With t = θ/√v the nodes θ are the same for every row, and φ is a product of
transforms of one parameter at θ ρ, ρ = |a|/√v between 0 and a fixed bound: looked up, all nodes at once, in a table
over ρ. ln(1 + e^z) is the mean of max(z + L, 0) over a standard logistic L, so it is |z + L|/2 with one parameter more.
Rows that the nodes do not resolve (one parameter alone, far shifts) go to more nodes, the last few to the integral.

Laplace's law needs no sum: Π 1/(1 + a_j²t²) = Σ w_j/(1 + a_j²t²), a signed mixture of Laplace laws, wherever no two a_j
are so close that the weights w_j = Π_k a_j²/(a_j² − a_k²) cancel.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from derive.term import HALF, ONE, Sym, add
from derive.theory.law import Law
from derive.theory.loss import Loss, Piece
from derive.theory.numbers import Arrays, erf, value

if TYPE_CHECKING:
    from derive.theory.result import Temperature

Array = np.ndarray[Any, np.dtype[Any]]
Transform = Callable[[Array], Array]
Work = Callable[[Array, Array], tuple[Array, Array]]
#: (panels of θ as (end, nodes), largest |c|/√v): tried in turn for the rows that the one before does not resolve.
TIERS: tuple[tuple[tuple[tuple[float, int], ...], float], ...] = (
    (((9.0, 28),), 6.0),
    (((9.0, 28), (30.0, 48), (90.0, 64)), 6.0),
    (((9.0, 112), (30.0, 160), (90.0, 200)), 36.0),
)
BINS = 4096
ROWS = 2048  # at a time: what fits a processor's cache
LEFT = 1e-5  # of √v, that may lie beyond R
LOGISTIC = np.pi**2 / 3  # variance
HEAVIEST = 1e5  # Σ |w_j| of a mixture: five digits are lost
THREADS = 2


@dataclass(frozen=True)
class Part:
    """One |z| or z|z|, with the logistic L added to z where `soft`."""

    piece: Piece
    power: int
    soft: bool


def parts(loss: Loss) -> list[Part] | None:
    """The kinked pieces; None where there are other ones."""
    if any(p.kind not in ("abs", "softplus", "exp") or p.power > 1 for p in loss.pieces):
        return None
    return [Part(p, p.power, p.kind == "softplus") for p in loss.pieces if p.kind != "exp"]


def rest(loss: Loss) -> Loss:
    """What is a polynomial or an exponential: softplus leaves z/2 behind."""
    polynomial = dict(loss.polynomial)
    for p in loss.pieces:
        if p.kind == "softplus":
            for k, c in ((1, p.slope), (0, p.shift)):
                more = p.coefficient * c * HALF
                polynomial[k] = add(polynomial[k], more) if k in polynomial else more
    return replace(loss, polynomial=polynomial, pieces=tuple(p for p in loss.pieces if p.kind == "exp"))


def fits(t: Temperature) -> bool:
    """Whether the sum stands for the pair: even laws of finite variance, transforms that fade."""
    assert t.loss is not None
    found, score = parts(t.loss), t.score
    if not found or not score.even or score.certain:
        return False
    soft = all(p.soft for p in found)
    return all(w.tail.moment(2) and (soft or not w.atoms) for w in score.laws)


@lru_cache(maxsize=64)
def transform(of: Law) -> Transform:
    """⟨cos(t u)⟩ of one parameter at scale 1, as it is printed or from its table."""
    formula = of.tabled

    def at(t: Array) -> Array:
        with np.errstate(all="ignore"):
            return np.broadcast_to(np.asarray(value(formula, {"t": np.maximum(t, 1e-9)}, Arrays), dtype=float), t.shape)

    return at


@lru_cache(maxsize=64)
def is_laplace(of: Law) -> bool:
    """Whether ⟨cos(t u)⟩ = 1/(1 + t²)."""
    return not of.atoms and of.normal.equal(of.cosine, ONE / (ONE + Sym("t") ** 2))


def _logistic(t: Array) -> Array:
    u = np.minimum(np.pi * t, 700.0) + 1e-12
    return u / np.sinh(u)


@dataclass(frozen=True)
class Nodes:
    """θ and weights on [0, R]; the tables of transforms over ρ, and their differences."""

    theta: Array
    weight: Array
    tables: list[tuple[Array, Array, float]] = field(default_factory=list)

    def with_tables(self, of: list[tuple[Transform, float]]) -> Nodes:
        """Tables for each transform and the standard deviation it belongs to."""
        made = []
        for transform_, sigma in of:
            rho = np.linspace(0.0, 1.0 / sigma, BINS + 1)
            whole = transform_(np.outer(rho, self.theta))
            made.append((whole[:-1].copy(), np.diff(whole, axis=0), BINS * sigma))
        return replace(self, tables=made)


def nodes(panels: tuple[tuple[float, int], ...]) -> Nodes:
    """Gauss and Legendre on each panel."""
    theta, weight, low = [], [], 0.0
    for high, count in panels:
        x, w = np.polynomial.legendre.leggauss(count)
        theta.append(low + (high - low) * (1 + x) / 2)
        weight.append((high - low) * w / 2)
        low = high
    return Nodes(np.concatenate(theta), np.concatenate(weight))


def folded(power: int, m: Array, v: Array) -> Array:
    """⟨z |z|^power⟩ … of a normal z, power 0 and 1: `expectation._folded` on arrays."""
    root = np.sqrt(v)
    z = m / root
    before, bell = erf(z / np.sqrt(2)), np.sqrt(2 / np.pi) * np.exp(-z * z / 2)
    now = root * (bell + z * before)
    return now if not power else m * now + v * before


class Swift:
    """The means of kinked parts on rows of data."""

    def __init__(self, t: Temperature, K: int, env: dict[str, float]) -> None:
        from derive.theory.numeric import sizes

        assert t.loss is not None
        self.parts, self.env, self.K = parts(t.loss) or [], env, K
        which = [w for w, size in zip(t.score.laws, sizes(t, K), strict=True) for _ in range(size)]
        self.sigma = np.array([float(w.moment(2)) ** 0.5 for w in which])
        known = list(dict.fromkeys(which))
        self.table_of = [known.index(w) for w in which]
        self.transforms = [(transform(w), float(w.moment(2)) ** 0.5) for w in known]
        if any(p.soft for p in self.parts):
            self.transforms.append((_logistic, LOGISTIC**0.5))
        self.tiers: dict[int, Nodes] = {}
        self.laplace = not any(p.soft for p in self.parts) and all(is_laplace(w) for w in known)

    def nodes(self, tier: int) -> Nodes:
        if tier not in self.tiers:
            self.tiers[tier] = nodes(TIERS[tier][0]).with_tables(self.transforms)
        return self.tiers[tier]

    def total(self, A: Array, y: Array) -> tuple[Array, Array]:
        """Σ coefficient · ⟨part⟩ of every row, A its |x_ij| times the scales; and which rows are not resolved."""
        if not self.laplace:
            self.nodes(0)
        whole, left = self._by(self._mixture if self.laplace else self._with(0), ROWS, A, y)
        if len(y) <= ROWS:
            return whole, left
        for tier in range(0 if self.laplace else 1, len(TIERS)):
            rows = np.flatnonzero(left)
            if not len(rows):
                break
            some = max(64, ROWS * len(self.nodes(0).theta) // len(self.nodes(tier).theta))
            again = self._by(self._with(tier), some, A[rows], y[rows])
            whole[rows], left[rows] = again
        return whole, left

    def _with(self, tier: int) -> Work:
        return lambda A, y: self._chunk(A, y, tier)

    def _by(self, work: Work, some: int, A: Array, y: Array) -> tuple[Array, Array]:
        """Some rows at a time, in threads."""
        cut = [slice(lo, lo + some) for lo in range(0, len(y), some)]
        with ThreadPoolExecutor(THREADS) as pool:
            found = list(pool.map(lambda s: work(A[s], y[s]), cut))
        return np.concatenate([f[0] for f in found]), np.concatenate([f[1] for f in found])

    def _mixture(self, A: Array, y: Array) -> tuple[Array, Array]:
        """⟨|c + aL|⟩ = |c| + a e^{−|c|/a} and ⟨z|z|⟩ = ±(c² + 2a² − 2a² e^{−|c|/a}), L of Laplace's law."""
        weight = np.ones_like(A)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            for j in range(self.K):
                for k in range(self.K):
                    if k != j:
                        weight[:, j] *= (A[:, j] / (A[:, j] - A[:, k])) * (A[:, j] / (A[:, j] + A[:, k]))
            left = ~(np.abs(weight).sum(axis=1) < HEAVIEST)
        weight[left] = 0.0
        total, env = np.zeros_like(A[:, 0]), {**self.env, "y": y}
        for p in self.parts:
            c, slope, shift = (
                np.asarray(value(x, env, Arrays), dtype=A.dtype)
                for x in (p.piece.coefficient, p.piece.slope, p.piece.shift)
            )
            shift = np.broadcast_to(shift, y.shape)
            a, far = np.abs(slope)[..., None] * A, np.abs(shift)
            fall = np.exp(-far[:, None] / a)
            if p.power == 0:
                total += c * (far + (weight * a * fall).sum(axis=1))
            else:
                total += c * np.sign(shift) * (far**2 + 2 * (a**2).sum(axis=1) - 2 * (weight * a**2 * fall).sum(axis=1))
        return total, left

    def exactly(self, A: Array, y: Array) -> Array:
        """A few rows with the most nodes and without tables, or with more digits."""
        if self.laplace:
            return self._mixture(A.astype(np.longdouble), y)[0].astype(float)
        return self._chunk(A, y, len(TIERS) - 1, nodes(TIERS[-1][0]))[0]

    def _chunk(self, A: Array, y: Array, tier: int, exact: Nodes | None = None) -> tuple[Array, Array]:
        at, farthest = exact or self.nodes(tier), TIERS[tier][1]
        total, left = np.zeros(len(y)), np.zeros(len(y), dtype=bool)
        shared: dict[tuple[Any, bool], tuple[Array, Array, Array]] = {}
        env = {**self.env, "y": y}
        bell = np.exp(-(at.theta**2) / 2)
        for p in self.parts:
            c, slope, shift = (
                np.asarray(value(x, env, Arrays), dtype=float)
                for x in (p.piece.coefficient, p.piece.slope, p.piece.shift)
            )
            size = np.abs(slope)
            one = bool((size == size.flat[0]).all())
            key = (float(size.flat[0]) if one else p.piece.slope.key, p.soft)
            if key not in shared:
                shared[key] = self._difference(
                    A * (size[:, None] if size.ndim and not one else size.flat[0]), p.soft, at, bell
                )
            v, root, difference = shared[key]
            shift = np.broadcast_to(shift, y.shape)
            z = shift / root
            left |= np.abs(z) > farthest
            if p.power == 0:
                each = difference * at.weight / at.theta**2
                if shift.any():
                    each *= np.cos(z[:, None] * at.theta)
                found = 2 / np.pi * root * each.sum(axis=1)
            else:
                found = 4 / np.pi * v * ((difference * np.sin(z[:, None] * at.theta)) @ (at.weight / at.theta**3))
            left |= np.abs(difference[:, -1]) > LEFT * at.theta[-1]
            total += c * (0.5 if p.soft else 1.0) * (folded(p.power, shift, v) + found)
        return total, left

    def _difference(self, A: Array, soft: bool, at: Nodes, bell: Array) -> tuple[Array, Array, Array]:
        """v, √v, and φ_N − φ at the nodes."""
        v = (A * A) @ self.sigma**2 + (LOGISTIC if soft else 0.0)
        root = np.sqrt(v)
        columns = [(A[:, j] / root, self.table_of[j]) for j in range(self.K)]
        if soft:
            columns.append((1.0 / root, len(self.transforms) - 1))
        product: Array | None = None
        for rho, which in columns:
            if not at.tables:  # for a few rows
                exact = self.transforms[which][0](np.outer(rho, at.theta))
                product = exact.copy() if product is None else product * exact
                continue
            table, slope, per = at.tables[which]
            place = rho * per
            k = np.minimum(place.astype(np.int64), BINS - 1)
            found = slope.take(k, axis=0)
            found *= (place - k)[:, None]
            found += table.take(k, axis=0)
            product = found if product is None else np.multiply(product, found, out=product)
        assert product is not None
        return v, root, np.subtract(bell, product, out=product)


__all__ = ["Swift", "fits", "parts", "rest"]
