"""E_f on real arrays: least squares for the squared error, Newton's method for every other convex energy.

Kinks are rounded, c|z| → c √(z² + ε²), and ε is taken down step by step. The slopes z/√(z² + ε²) of the rounded energy
lie between those of the kink, so at its minimum they give a lower bound of the energy itself (convex duality): what
lies between that and the energy reached is the gap.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from derive.errors import DeriveError
from derive.theory.loss import Loss
from derive.theory.numbers import Arrays, value

if TYPE_CHECKING:
    from derive.theory.result import Temperature

Array = np.ndarray[Any, np.dtype[Any]]
STEPS = 200  # of Newton, all told
ROUNDED = tuple(10.0**-k for k in range(11))  # ε over the size of the targets
SOLVED = 1e-13  # Newton's decrement over the energy
RANK = 1e-10
FAR = (1e3, 1e6)  # how far along a line its energy is looked at


class Unbounded(DeriveError):
    """E_f is −∞."""


@dataclass(frozen=True)
class Fit:
    """The least energy, and what vouches for it.

    Attributes
    ----------
    least : E_f.
    gap : how far above the infimum `least` may lie: by duality at the parameters found.
    gradient : largest slope of the energy there along a parameter, columns scaled to mean square 1.
    parameters : at which it is reached, or the last ones looked at.
    attained : whether parameters reach the infimum; else the energy falls along a line without end.
    how : the method in words.
    """

    least: float
    gap: float
    gradient: float
    parameters: Array
    attained: bool
    how: str

    @property
    def said(self) -> str:
        if self.attained:
            return f"{self.how}; gradient {self.gradient:.1e}, at most {self.gap:.1e} above the infimum"
        return (
            f"{self.how}; E_f is an infimum that no parameters attain: the energy falls towards it as they grow "
            "along a line (the data are separable)"
        )


def checked(X: Array, y: Array, names: tuple[str, ...] = (), target: str = "y") -> None:
    """Whether a fit of the data is determined.

    Raises
    ------
    DeriveError
        Fewer rows than parameters, columns that depend on each other, or a target of one value.
    """
    n, K = X.shape
    if n < K:
        raise DeriveError(
            f"The data have {n} row{'s' * (n != 1)} for {K} parameters: E_f needs as many rows as parameters, "
            "so add rows or use fewer columns."
        )
    names = names or tuple(f"{j + 1}" for j in range(K))
    size = np.sqrt((X**2).mean(axis=0))
    if (size == 0).any():
        raise DeriveError(f"Column {names[int(np.argmin(size))]!r} holds nothing but 0: leave it out.")
    r = np.linalg.qr(X / size, mode="r")
    _, s, v = np.linalg.svd(r)
    if s[-1] < RANK * s[0]:
        held = [names[j] for j in np.flatnonzero(np.abs(v[-1]) > 1e-3)]
        raise DeriveError(
            f"The columns {', '.join(held[:8])}{' and more' * (len(held) > 8)} depend on each other linearly, so that "
            "no fit is determined: leave one of them out."
        )
    if (y == y[0]).all():
        raise DeriveError(f"The target {target!r} is {y[0]:g} in every row: there is nothing to fit.")


def fit(t: Temperature, X: Array, y: Array, parameters: dict[str, Any]) -> Fit:
    """The least energy of data that `checked` lets pass.

    Raises
    ------
    Unbounded
        The energy has no lower bound.
    DeriveError
        It is not convex, or no minimum was found.
    """
    from derive.theory.pair import bounded_below

    assert t.loss is not None
    n = len(y) if t.reduction == "mean" else 1
    weight = dict(t.penalty)
    if not bounded_below(t.energy, t.loss) and not weight.get("l2"):
        raise Unbounded(f"E_f = −∞: the energy {t.energy.called} has no lower bound.")
    if t.energy.name == "mse" and not weight.get("l1"):
        return _squares(X, y, n, float(weight.get("l2", 0)))
    rows = Rows(t.loss, y, {k: float(v) for k, v in t.energy(**parameters).numbers.items()})
    if not rows.convex():
        raise DeriveError(
            f"The energy {t.energy.called} is not convex in the prediction on these data, so that no minimum can be "
            "vouched for: give its least value with --least."
        )
    return _newton(rows, X, n, weight)


def _squares(X: Array, y: Array, n: int, ridge: float) -> Fit:
    K = X.shape[1]
    A = np.r_[X, np.sqrt(ridge * n) * np.eye(K)] if ridge else X
    b = np.r_[y, np.zeros(K)] if ridge else y
    q, r = np.linalg.qr(A)
    mu = np.linalg.solve(r, q.T @ b)
    mu = mu + np.linalg.solve(r, q.T @ (b - A @ mu))  # once more, on what is left
    left = b - A @ mu
    total = float(left @ left)
    slope = 2 * float(np.max(np.abs(A.T @ left) / np.sqrt((X**2).mean(axis=0)))) / n
    # ‖b‖² − ‖left‖² = ‖Ab‖², whose rounding is that of the sum
    return Fit(total / n, 1e-15 * float(b @ b) / n, slope, mu, True, "least squares by an orthogonal factorization")


class Rows:
    """The energy of each sample as a function of its score: values and two derivatives, kinks rounded by ε."""

    def __init__(self, loss: Loss, y: Array, numbers: dict[str, float]) -> None:
        env = {**numbers, "y": y}

        def of(x: Any) -> Array:
            return np.broadcast_to(np.asarray(value(x, env, Arrays), dtype=float), y.shape)

        self.y = y
        self.polynomial = {k: of(c) for k, c in loss.polynomial.items()}
        self.pieces = [(p.kind, p.power, of(p.coefficient), of(p.slope), of(p.shift)) for p in loss.pieces]
        self.real = loss.targets == "real"
        self.kinked = any(p.kind == "abs" and not p.power for p in loss.pieces)

    def at(self, s: Array, eps: float = 0.0) -> tuple[Array, Array, Array]:
        """Values, slopes and curvatures; with ε = 0 the slopes at a kink lie between those beside it."""
        v, d, c = np.zeros_like(s), np.zeros_like(s), np.zeros_like(s)
        for k, a in self.polynomial.items():
            v += a * s**k
            d += a * k * s ** (k - 1) if k else 0.0
            c += a * k * (k - 1) * s ** (k - 2) if k > 1 else 0.0
        with np.errstate(over="ignore", invalid="ignore"):
            for kind, power, a, slope, shift in self.pieces:
                g, g1, g2 = shapes(kind, power, slope * s + shift, eps)
                v, d, c = v + a * g, d + a * slope * g1, c + a * slope**2 * g2
        return v, d, c

    def magnitude(self, s: Array) -> float:
        """Σ of the sizes of all that is added up: rounding is a part of it."""
        total = sum(float(np.abs(a * s**k).sum()) for k, a in self.polynomial.items())
        return total + sum(float(np.abs(a * shapes(k, p, b * s + c)[0]).sum()) for k, p, a, b, c in self.pieces)

    def lowest_tangent(self, s: Array, eps: float) -> float:
        """Σ_i of (energy at s) − (slope, ε taken) s: what its tangents leave, a lower bound once slopes add up to 0."""
        v, d, _ = self.at(s, eps)
        bound = v - d * s
        for kind, power, a, slope, shift in self.pieces:
            if kind == "abs" and not power:  # the kink's own conjugate: −a·shift·g₁ from z g₁ ≤ |z|
                z = slope * s + shift
                g, g1, _ = shapes(kind, 0, z, eps)
                bound += a * (z * g1 - g)
        return float(bound.sum())

    def convex(self) -> bool:
        """No curvature below 0, looked at from −L to L in a hundred rows."""
        some = np.unique(np.linspace(0, len(self.y) - 1, 100).astype(int))
        for kind, power, a, slope, _ in self.pieces:
            if kind == "abs" and not power and (a[some] * (slope[some] != 0) < 0).any():
                return False
        few = object.__new__(Rows)
        few.y = self.y[some]
        few.polynomial = {k: v[some] for k, v in self.polynomial.items()}
        few.pieces = [(k, p, a[some], b[some], c[some]) for k, p, a, b, c in self.pieces]
        span = 3 * (1 + float(np.max(np.abs(few.y))))
        for p in few.pieces:
            span = max(span, 3 * float(np.max(np.abs(p[4]) / np.where(p[3] == 0, 1, np.abs(p[3])))))
        for s in np.linspace(-span, span, 241):
            found = few.at(np.full(len(some), s), 1e-9)[2]
            if (found < -1e-9 * (1 + np.abs(few.at(np.full(len(some), s))[0]))).any():
                return False
        return True


def shapes(kind: str, power: int, z: Array, eps: float = 0.0) -> tuple[Array, Array, Array]:
    """g, g′ and g″ of `loss.shape`."""
    if kind == "abs" and not power:
        g = np.sqrt(z * z + eps * eps) if eps else np.abs(z)
        return g, (z / g if eps else np.sign(z)), (eps * eps / g**3 if eps else np.zeros_like(z))
    if kind == "abs":
        size = np.abs(z)
        sign = np.sign(z) if power > 1 else 1.0
        return z**power * size, (power + 1) * size * z ** (power - 1), power * (power + 1) * sign**2 * (
            np.sign(z) * z ** (power - 1) if power > 1 else np.sign(z)
        )  # fmt: skip
    if kind == "exp":
        g = np.exp(z)
        return g, g, g
    if kind == "softplus":
        e = np.exp(-np.abs(z))
        p = np.where(z > 0, 1.0, e) / (1 + e)
        return np.maximum(z, 0) + np.log1p(e), p, e / (1 + e) ** 2
    under = 1 + z * z
    if kind == "log":
        return np.log(under), 2 * z / under, 2 * (1 - z * z) / under**2
    return 1 / under, -2 * z / under**2, (6 * z * z - 2) / under**3


def _newton(rows: Rows, X: Array, n: int, weight: dict[str, Fraction]) -> Fit:
    """Newton's method in orthogonal coordinates, with halved steps, along ε."""
    size = np.sqrt((X**2).mean(axis=0))
    q, r = np.linalg.qr(X / size)
    q, r = q * np.sqrt(len(X)), r / np.sqrt(len(X))
    back = np.linalg.inv(r) / size[:, None]  # parameters of coordinates
    l1, l2 = (float(weight.get(k, 0)) * n for k in ("l1", "l2"))

    def total(theta: Array, eps: float) -> float:
        mu = back @ theta
        with np.errstate(over="ignore", invalid="ignore"):
            out = float(rows.at(q @ theta, eps)[0].sum()) + l2 * float(mu @ mu)
        return out + l1 * float(np.sqrt(mu**2 + eps**2).sum() if eps else np.abs(mu).sum())

    theta = np.zeros(X.shape[1])
    theta = q.T @ rows.y / len(rows.y) if rows.real else theta  # least squares
    typical = 1.0 + float(np.median(np.abs(rows.y)))
    path = [e * typical for e in ROUNDED] if rows.kinked or l1 else [0.0]
    taken, solved, step, eps = 0, False, theta, 0.0
    for eps in path:
        solved = False
        now = total(theta, eps)
        while taken < STEPS and not solved:
            taken += 1
            _, d, c = rows.at(q @ theta, eps)
            mu = back @ theta
            root = np.sqrt(mu**2 + eps**2) if l1 else np.ones_like(mu)
            slope = q.T @ d + back.T @ (2 * l2 * mu + l1 * mu / root)
            curve = (q.T * np.maximum(c, 0)) @ q + (back.T * (2 * l2 + l1 * eps**2 / root**3)) @ back
            curve = _damped(curve, slope, typical)
            step = -np.linalg.solve(curve, slope)
            decrement = -float(slope @ step)
            solved = decrement <= SOLVED * (abs(now) + 1e-6 * n)
            length = 1.0
            while length > 1e-12:
                then = total(theta + length * step, eps)
                if np.isfinite(then) and then <= now - 1e-4 * length * decrement:
                    break
                length /= 2
            else:
                solved = True  # no step goes down: rounding
                break
            theta, now = theta + length * step, then
            if now < -1e12 * n * typical:
                raise Unbounded("E_f = −∞: the energy has no lower bound on these data.")
    return _found(rows, q, back, theta, step, eps, n, (l1, l2), taken, typical)


def _damped(curve: Array, slope: Array, typical: float) -> Array:
    """A curvature under which a step is no longer than ten times the typical size, where the energy is straight too."""
    damping = 1e-14 * float(np.trace(curve)) / len(slope) + float(np.linalg.norm(slope)) / (10 * typical) + 1e-200
    return curve + damping * np.eye(len(slope))


def _found(
    rows: Rows, q: Array, back: Array, theta: Array, step: Array, eps: float, n: int, penalty: tuple[float, float],
    taken: int, typical: float,
) -> Fit:  # fmt: skip
    l1, l2 = penalty
    s, mu = q @ theta, back @ theta
    _, d, c = rows.at(s, eps)
    root = np.sqrt(mu**2 + eps**2) if l1 else np.ones_like(mu)
    reached = float(rows.at(s)[0].sum()) + l1 * float(np.abs(mu).sum()) + l2 * float(mu @ mu)
    slope = q.T @ d + back.T @ (2 * l2 * mu + l1 * mu / root)
    curve = (q.T * np.maximum(c, 0)) @ q + (back.T * (2 * l2 + l1 * eps**2 / root**3)) @ back
    # ℓ_i(s) ≥ its tangent, and so the energy of any ν is at least low + slope · ν: the first part of the gap is what
    # the rounding of kinks costs, the second what a slope that is not quite 0 may still win, the last rounding
    low = rows.lowest_tangent(s, eps) - l2 * float(mu @ mu)
    gap = max(0.0, reached - low - float(slope @ theta))
    gap += float(slope @ np.linalg.solve(_damped(curve, slope, typical), slope)) + 1e-15 * rows.magnitude(s)
    gradient = float(np.max(np.abs(slope))) / n
    how = f"Newton's method, {taken} steps" + (f", kinks rounded to {eps:.0e}" if eps else "")
    flat = np.linalg.eigh(curve)[1][:, 0]
    lines = [s, q @ step, q @ flat, -(q @ flat)]
    beyond = None if l1 or l2 else recedes(lambda x: rows.at(x)[0], s, lines)
    if beyond is not None and abs(beyond) < 1e-9 * n and 0 <= reached < 1e-3 * n:
        reached, gap = 0.0, abs(beyond) + 1e-15 * n  # separated altogether
    elif beyond is not None:
        gap += max(0.0, reached - beyond)
    elif not gap <= 1e-6 * (abs(reached) + 1e-3 * n):
        raise DeriveError(
            f"No minimum of the energy was found in {taken} steps of Newton's method (gap {gap / n:.1e}): "
            "scale the columns, or give the least value with --least."
        )
    return Fit(reached / n, gap / n, gradient, mu, beyond is None, how)


def recedes(energies: Callable[[Array], Array], s: Array, directions: list[Array]) -> float | None:
    """The energy far along a line on which no sample's energy rises and their sum falls; None where no line is one.

    There is no minimum then: `s` are the scores, `directions` changes of them that are tried.
    """
    here = energies(s)
    for along in directions:
        size = float(np.max(np.abs(along)))
        if not 0 < size < np.inf:
            continue
        with np.errstate(over="ignore", invalid="ignore"):
            there = [energies(s + far * along / size) for far in FAR]
        if all(bool((x <= here + 1e-9 * (1 + np.abs(here))).all()) and x.sum() < here.sum() for x in there):
            return float(there[-1].sum())
    return None


__all__ = ["Fit", "Unbounded", "checked", "fit", "recedes"]
