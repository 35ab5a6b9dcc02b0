"""⟨E₀⟩, S₀ and E_f on real arrays, in floating point: every row at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from derive.errors import DeriveError
from derive.numeric import NoNumber
from derive.term import ZERO, App, Int, Sym, free, term, walk
from derive.theory import swift
from derive.theory.expectation import given_normal, given_piece, mean
from derive.theory.law import Law
from derive.theory.numbers import Arrays, Env, value
from derive.theory.score import Score, target

if TYPE_CHECKING:
    from derive.theory.result import Temperature

Array = np.ndarray[Any, np.dtype[Any]]
#: Panels end at R, a multiple of one over the spread of the score; tried until what lies beyond does not matter.
REACHES = (16.0, 48.0, 144.0)
CHUNK = 1 << 16  # rows at a time
FINE, COARSE = 12, 8
PIECES = 8  # of an integral over a bounded domain
NODES = 48  # of the interpolation in the spread
PATTERNS = 1024  # choices of point masses that are gone through
TINY = 1e-5
GRADED = 24  # halvings of the first panel
CORNERS = 8  # parameters over whose box corners are gone through


class Infinite(DeriveError):
    """⟨E₀⟩ diverges; the sentence holds the condition."""


def sizes(t: Temperature, K: int) -> list[int]:
    """How many parameters each block holds."""
    if t.model.K is not None and t.model.K != K:
        raise DeriveError(f"The model has {t.model.K} parameters and the data {K} columns: they have to be as many.")
    if len(t.blocks) == 1:
        return [K]
    from derive.theory.numbers import Balls

    env = {"K": K}
    ends = [(int(float(value(b.first, env, Balls))), int(float(value(b.last, env, Balls)))) for b in t.blocks]
    if ends[-1][1] != K:
        raise DeriveError(f"The initializer is for {ends[-1][1]} parameters and the data have {K} columns.")
    return [last - first + 1 for first, last in ends]


def scales(t: Temperature, K: int, scale: Any) -> Array:
    """The scale of each parameter."""
    out, at = np.empty(K), 0
    given = None if scale is None else np.asarray(scale, dtype=float)
    if given is not None and given.ndim and given.shape != (K,):
        raise DeriveError(f"{given.size} scales were given for {K} parameters: give one, or one for each.")
    for b, size in zip(t.blocks, sizes(t, K), strict=True):
        own = b.initializer.width
        if given is None and own is None:
            raise DeriveError(f"{b.initializer.name} needs a value for its scale {b.initializer.scale}: give scale=.")
        if given is None:
            if b.sizes:
                raise DeriveError(f"{b.initializer.called} needs a number for {min(b.sizes)}: give {min(b.sizes)}=.")
            out[at : at + size] = float(value(term(own or 0), {}))
        else:
            out[at : at + size] = given if given.ndim == 0 else given[at : at + size]
        at += size
    if not (np.isfinite(out).all() and (out > 0).all()):
        raise DeriveError("Every scale has to be a positive number.")
    return out


def environment(t: Temperature, X: Array, y: Array, widths: Array, parameters: dict[str, Any]) -> dict[Any, Any]:
    """Values of the names in the term of one sample, rows as arrays."""
    known = t.energy(**parameters).numbers
    env: dict[Any, Any] = {"i": 1, "n": len(y), "K": X.shape[1], ("y", 1): y}
    env.update({n: float(v) for n, v in known.items()})
    at = 0
    for b, size in zip(t.blocks, sizes(t, X.shape[1]), strict=True):
        for j in range(at, at + size):
            env[b.initializer.scale, j + 1] = widths[j]
        at += size
    env.update({("x", 1, j + 1): X[:, j] for j in range(X.shape[1])})
    return env


def energy(t: Temperature, X: Array, y: Array, scale: Any, parameters: dict[str, Any]) -> tuple[float, float]:
    """⟨E₀⟩ and the error of its quadrature."""
    if t.verdict == "undecided":
        raise DeriveError(t.reason)
    if t.loss is None or t.mean is None or t.exists is None:
        raise Infinite(f"⟨E₀⟩ has no value: {t.condition or t.reason}.")
    widths = scales(t, X.shape[1], scale)
    targets(t, y)
    if t.exists.rate is not None:
        reach = float(value(t.exists.rate, {}))
        slopes = [p.slope for p in t.loss.pieces if p.kind == "exp"]
        steepest = max(float(np.max(np.abs(value(s, {"y": y}, Arrays)))) for s in slopes)
        if float(np.max(np.abs(X) * widths)) * steepest >= reach:
            raise Infinite(f"⟨E₀⟩ is infinite on these data: {t.exists.condition}.")
    X = _away_from_zero(X, widths)
    formula = mean(t.loss, replace(t.score, tabled=True), numeric=True).term
    holds = any(isinstance(x, Int) for x in walk(formula))
    rows = _rows
    if holds and _flat(t, X.shape[1]):
        rows = _by_corners
    elif holds and patterns(t, X.shape[1]) and ("softplus" not in t.loss.kinds or np.max(np.abs(X) @ widths) < 100):
        rows = _by_pattern
    elif holds and _only_spread(t) and len(y) > NODES:
        rows = _by_spread
    elif holds and swift.fits(t) and len(y) > NODES:
        rows = _swiftly(t, X.shape[1], parameters)
    total, error = 0.0, 0.0
    with np.errstate(over="ignore", under="ignore"):
        for lo in range(0, len(y), CHUNK):
            some = slice(lo, lo + CHUNK)
            try:
                part, off = rows(t, formula, X[some], y[some], widths, parameters)
            except NoNumber as why:
                name = f"⟨E₀⟩ of {t.energy.called} × {t.initializer}"
                raise DeriveError(f"{name} can't be worked out on data: {why}.") from None
            total, error = total + part, error + off
    n = len(y) if t.reduction == "mean" else 1
    if not np.isfinite(total):
        raise DeriveError("⟨E₀⟩ is beyond the range of floating-point numbers on these data.")
    return total / n + _penalty(t, widths), error / n


def _swiftly(t: Temperature, K: int, parameters: dict[str, Any]) -> Any:
    """Rows by `swift`; those that it does not resolve by the integral; the error from some with the most nodes."""
    assert t.loss is not None
    of = swift.Swift(t, K, {n: float(v) for n, v in t.energy(**parameters).numbers.items()})
    others = mean(swift.rest(t.loss), t.score, numeric=True).term
    off_by: list[float] = []  # of one row at most, seen in the first rows

    def rows(
        t: Temperature, formula: Any, X: Array, y: Array, widths: Array, parameters: dict[str, Any]
    ) -> tuple[float, float]:
        A = np.abs(X) * widths
        found, left = of.total(A, y)
        kept = np.flatnonzero(~left)
        if not off_by and len(kept):
            some = kept[:: max(1, len(kept) // 64)]
            off_by.append(float(np.abs(of.exactly(A[some], y[some]) - found[some]).max()))
        plain = value(others, environment(t, X, y, widths, parameters), Arrays)
        found = found + np.broadcast_to(plain, y.shape)
        total, error = float(found[~left].sum()), 0.0
        if left.any():
            total, error = np.add((total, error), _rows(t, formula, X[left], y[left], widths, parameters))
        return float(total), float(error) + max(off_by, default=0.0) * len(kept)

    return rows


def _away_from_zero(X: Array, widths: Array) -> Array:
    """Formulas divide by x_ij, and have a limit at 0 that they are within 1e-10 of here."""
    least = TINY / widths
    small = np.abs(X) < least
    return np.where(small, np.where(X < 0, -least, least), X) if small.any() else X


def patterns(t: Temperature, K: int) -> list[tuple[tuple[float, float] | None, ...]] | None:
    """Every choice of a point mass, or of the density (None), for each parameter; None where they are too many.

    Only where integrals over |z| meet point masses, whose characteristic function does not fade, and densities are
    normal: given the choice, the score is.
    """
    from itertools import islice, product

    if t.loss is None or not any(w.atoms for w in t.score.laws):
        return None
    if "abs" not in t.loss.kinds and not ("softplus" in t.loss.kinds and all(w.density is None for w in t.score.laws)):
        return None
    choices: list[list[tuple[float, float] | None]] = []
    for b, size in zip(t.blocks, sizes(t, K), strict=True):
        if not _slab(b.law):
            return None
        own: list[tuple[float, float] | None] = [(float(value(a, {})), float(value(w, {}))) for a, w in b.law.atoms]
        choices += [own + ([None] if b.law.density is not None else [])] * size
    found = list(islice(product(*choices), PATTERNS + 1))
    return found if len(found) <= PATTERNS else None


def _slab(of: Law) -> bool:
    """No density, or a normal one times its mass."""
    from derive.theory.score import standard

    return of.density is None or of.normal.equal(of.density, of.continuous.term * standard())


def _by_pattern(
    t: Temperature, formula: Any, X: Array, y: Array, widths: Array, parameters: dict[str, Any]
) -> tuple[float, float]:
    """The mean over the choices of point masses, the score being normal given each."""
    assert t.loss is not None
    env = environment(t, X, y, widths, parameters)
    chances = [
        float(b.law.continuous) for b, size in zip(t.blocks, sizes(t, X.shape[1]), strict=True) for _ in range(size)
    ]
    given, certain = given_normal(t.loss), t.loss.at(Sym("m"), target())
    total = np.zeros(len(y))
    panels = Panels(t, X, y, widths)
    for choice in patterns(t, X.shape[1]) or ():
        weight = float(np.prod([p if c is None else c[1] for c, p in zip(choice, chances, strict=True)]))
        fixed = np.array([0.0 if c is None else c[0] for c in choice]) * widths
        spread = np.array([c is None for c in choice]) * widths
        at = {**env, "m": X @ fixed, "v": (X**2) @ spread**2}
        if spread.any():
            panels.spread = np.sqrt(at["v"])
            total += weight * value(given, at, Arrays, panels.with_nodes(FINE))
        else:
            total += weight * value(certain, at, Arrays)
    return float(np.sum(total)), 0.0


def _flat(t: Temperature, K: int) -> bool:
    """Flat densities and nothing but |z| and its like: the mean over a box, from its corners."""
    from derive.theory.asymptotics import is_flat

    assert t.loss is not None
    return K <= CORNERS and t.loss.kinds == {"abs"} and all(is_flat(w) and w.even for w in t.score.laws)


def _by_corners(
    t: Temperature, formula: Any, X: Array, y: Array, widths: Array, parameters: dict[str, Any]
) -> tuple[float, float]:
    """⟨z^p |z|⟩ = (p+1)!/(p+1+K)! Σ_ε ε_1 ⋯ ε_K z_ε^{p+K} |z_ε| / Π_j w_j; rows where that cancels are integrated."""
    from itertools import product
    from math import factorial

    assert t.loss is not None
    env = environment(t, X, y, widths, parameters)
    span = float(t.score.laws[0].high.value - t.score.laws[0].low.value)  # type: ignore[attr-defined]
    K = X.shape[1]
    total, lost = np.zeros(len(y)), np.zeros(len(y))
    for k, c in t.loss.polynomial.items():
        total += (
            value(c, {**env, "y": y}, Arrays) * value(t.score.moment(k), env, Arrays)
            if k
            else value(c, {**env, "y": y}, Arrays)
        )
    for p in t.loss.pieces:
        of = (p.coefficient, p.slope, p.shift)
        weight, slope, shift = (np.broadcast_to(value(x, {**env, "y": y}, Arrays), y.shape) for x in of)
        half = np.abs(slope[:, None] * X * widths) * span / 2
        scale = factorial(p.power + 1) / factorial(p.power + 1 + K) / np.prod(2 * half, axis=1)
        part = np.zeros(len(y))
        for signs in product((1.0, -1.0), repeat=K):
            z = shift + half @ np.array(signs)
            part += np.prod(signs) * z ** (p.power + K) * np.abs(z)
        total += weight * part * scale
        lost = np.maximum(
            lost, np.abs(weight) * scale * (np.abs(shift) + half.sum(axis=1)) ** (p.power + K + 1) * 1e-15
        )
    poor = lost > 1e-9 * (1 + np.abs(total))
    error = float(lost[~poor].sum())
    if poor.any():
        again, off = _rows(t, formula, X[poor], y[poor], widths, parameters)
        return float(total[~poor].sum()) + again, error + off
    return float(total.sum()), error


def _only_spread(t: Temperature) -> bool:
    """⟨L⟩ of a normal score that depends on a row through the spread of its score alone, up to closed forms."""
    assert t.loss is not None
    shifts = [p.shift for p in t.loss.pieces if p.kind not in ("abs", "exp")]
    slopes = [p.slope for p in t.loss.pieces if p.kind not in ("abs", "exp")]
    return t.score.normal and t.score.mean == ZERO and not any("y" in free(x) for x in (*shifts, *slopes))


def _by_spread(
    t: Temperature, formula: Any, X: Array, y: Array, widths: Array, parameters: dict[str, Any]
) -> tuple[float, float]:
    """The integral at Chebyshev's nodes in ln τ, interpolated; the rest row by row."""
    assert t.loss is not None
    cheb = np.polynomial.chebyshev
    tau = np.sqrt((X**2) @ widths**2)
    low, high = float(np.log(tau.min())), float(np.log(tau.max())) + 1e-9
    nodes = cheb.chebpts1(NODES)
    at = np.exp(low + (high - low) * (nodes + 1) / 2)
    env = environment(t, X, y, widths, parameters)
    few = {k: v for k, v in env.items() if k != ("y", 1)}
    panels = Panels(t, np.ones((NODES, 1)), np.zeros(NODES), np.ones(1), spread=at)
    total = value(given_normal(t.loss, soft=False), {**env, "m": 0.0, "v": tau**2}, Arrays)
    error = 0.0
    for p in t.loss.pieces:
        if p.kind in ("abs", "exp"):
            continue
        piece = given_piece(p)
        g = value(
            piece,
            {**few, "m": value(p.shift, few, Arrays), "v": value(p.slope, few, Arrays) ** 2 * at**2},
            Arrays,
            panels.with_nodes(FINE),
        )
        fitted = cheb.chebfit(nodes, g, NODES - 1)
        error += float(np.abs(fitted[-4:]).sum()) * len(y)
        total = total + value(p.coefficient, {**env, "y": y}, Arrays) * cheb.chebval(
            2 * (np.log(tau) - low) / (high - low) - 1, fitted
        )
    return float(np.sum(np.broadcast_to(total, y.shape))), error


def _penalty(t: Temperature, widths: Array) -> float:
    total, at = 0.0, 0
    for b, size in zip(t.blocks, sizes(t, len(widths)), strict=True):
        own = widths[at : at + size]
        for name, weight in t.penalty:
            each = own * float(b.law.absolute) if name == "l1" else own**2 * float(b.law.moment(2))
            total += float(weight) * float(np.sum(each))
        at += size
    return total


def _rows(
    t: Temperature, formula: Any, X: Array, y: Array, widths: Array, parameters: dict[str, Any]
) -> tuple[float, float]:
    env = environment(t, X, y, widths, parameters)
    if not any(isinstance(x, Int) for x in walk(formula)):
        return float(np.sum(np.broadcast_to(value(formula, env, Arrays), y.shape))), 0.0
    panels = Panels(t, X, y, widths)
    fine = np.broadcast_to(value(formula, env, Arrays, panels.with_nodes(FINE)), y.shape)
    some = slice(0, 64)
    few = environment(t, X[some], y[some], widths, parameters)
    rough = value(formula, few, Arrays, Panels(t, X[some], y[some], widths, panels).with_nodes(COARSE))
    error = float(np.max(np.abs(rough - fine[some]), initial=0.0)) * len(y) + panels.beyond * len(y)
    return float(np.sum(fine)), error


class Panels:
    """Gauss and Legendre on [0, R/τ], τ the spread of a row's score; doubled panels until sinh cuts off; then 1/t."""

    def __init__(
        self, t: Temperature, X: Array, y: Array, widths: Array, like: Panels | None = None, spread: Array | None = None
    ) -> None:
        self.reach, self.panels, self.doubled = REACHES[0], 1, 0
        size = np.sqrt(((X * widths) ** 2).sum(axis=1)) if spread is None else spread
        floor = max(float(np.max(size)) * 1e-6, 1e-12)
        self.spread = np.maximum(size, floor)
        self.beyond = 0.0
        self.graded = any(
            w.tail.kind == "power" and not any(isinstance(x, App) for x in walk(w.cosine)) for w in t.score.laws
        )
        if like is not None:
            self.reach, self.panels, self.doubled = like.reach, like.panels, like.doubled
            return
        ratio = float(np.quantile((1.0 + np.abs(y)) / self.spread, 0.9))
        score: Score = t.score
        for self.reach in REACHES:
            self.beyond = self._left(score, X, widths) if spread is None else 0.0
            if self.beyond < 1e-8:
                break
        self.panels = int(min(400, np.ceil(self.reach * (1.0 + min(ratio, 20.0)) / 9.0)))
        soft = t.loss is not None and t.loss.kinds & {"softplus", "log", "lorentz"}
        self.doubled = int(np.ceil(max(0.0, np.log2(40.0 * float(np.max(self.spread)) / self.reach)))) if soft else 0

    def _left(self, score: Score, X: Array, widths: Array) -> float:
        """A bound of what the characteristic function adds beyond R, from a few rows."""
        worst = 0.0
        for row in X[:16]:
            product, at = 1.0, 0
            size = float(np.sqrt(((row * widths) ** 2).sum())) or 1.0
            for b in score.blocks:
                for j in range(at, len(row)):
                    u = np.abs(self.reach / size * row[j] * widths[j] * np.linspace(0.9, 1.1, 9)) + 1e-9
                    product *= float(np.max(np.abs(value(b.law.cosine, {"t": u}, Arrays))))
                at = len(row)
            worst = max(worst, product / self.reach**2 * size)
        return worst

    def with_nodes(self, n: int):  # type: ignore[no-untyped-def]
        x, w = np.polynomial.legendre.leggauss(n)

        def integrate(f: Any, low: Any, high: Any) -> Any:
            if low is not None and high is not None:  # a transform over a bounded domain
                h = (high - low) / PIECES
                return sum(
                    b * h / 2 * f(low + h * (k + (1 + a) / 2)) for k in range(PIECES) for a, b in zip(x, w, strict=True)
                )
            if low is None:
                raise NoNumber("an integral over the whole line")
            end = self.reach / self.spread
            total = np.zeros_like(self.spread)
            h = end / self.panels
            if self.graded:  # a power of t that is not whole near 0: halved panels, then the power itself
                for k in range(GRADED):
                    low = h / 2 ** (k + 1)
                    for a, b in zip(x, w, strict=True):
                        total += b * low / 2 * f(low * (1 + (1 + a) / 2))
                low = h / 2**GRADED
                near, twice = f(low), f(2 * low)
                with np.errstate(divide="ignore", invalid="ignore"):
                    power = np.clip(np.nan_to_num(np.log2(twice / near)), -0.95, 3.0)
                total += near * low / (1 + power)
            for k in range(1 if self.graded else 0, self.panels):
                for a, b in zip(x, w, strict=True):
                    total += b * h / 2 * f(h * (k + (1 + a) / 2))
            for _ in range(self.doubled):
                for a, b in zip(x, w, strict=True):
                    total += b * end / 2 * f(end * (1 + (1 + a) / 2))
                end = 2 * end
            with np.errstate(over="ignore", invalid="ignore"):
                for a, b in zip(x, w, strict=True):
                    v = (1 + a) / 2
                    part = b / 2 * f(end / v) * end / v**2
                    total += np.where(np.isfinite(part), part, 0.0)
            return total

        return integrate


def targets(t: Temperature, y: Array) -> None:
    """Whether targets are what the energy is for."""
    kind, name = t.energy.targets, t.energy.name
    bad = {
        "sign": (np.abs(y) != 1.0, "−1 or 1"), "binary": ((y != 0.0) & (y != 1.0), "0 or 1"),
        "count": ((y < 0) | (y != np.round(y)), "0, 1, 2, …"),
    }.get(kind)  # fmt: skip
    if bad is not None and bad[0].any():
        raise DeriveError(f"The energy {name} is for targets {bad[1]}, and the data hold {y[bad[0]][0]:g}.")


def entropy(t: Temperature, K: int, scale: Any) -> float:
    """S₀ = Σ_j (h + p ln c_j), p the mass that has a density."""
    continuous = [float(b.law.continuous) for b in t.blocks]
    for b in t.blocks:
        if b.initializer.dependent:
            raise DeriveError(f"S₀ of {b.initializer.called} is −∞: {b.initializer.dependent}.")
    if not any(continuous):
        return float(sum(size * float(b.law.entropy) for b, size in zip(t.blocks, sizes(t, K), strict=True)))
    widths, total, at = scales(t, K, scale), 0.0, 0
    for b, size, p in zip(t.blocks, sizes(t, K), continuous, strict=True):
        total += size * float(b.law.entropy) + p * float(np.sum(np.log(widths[at : at + size])))
        at += size
    return total


def least(t: Temperature, X: Array, y: Array) -> float:
    """E_f of the squared error, by the normal equations; by singular values where they are close to singular."""
    if t.energy.name != "mse" or t.penalty:
        what = f"{t.energy.called} with a penalty" if t.penalty else t.energy.called
        raise DeriveError(
            f"The least energy of {what} has no closed form: find it by minimization and give it as least=."
        )
    gram = X.T @ X
    if np.linalg.cond(gram) < 1e8:
        mu = np.linalg.solve(gram, X.T @ y)
    else:
        mu = np.linalg.lstsq(X, y, rcond=None)[0]
    total = float(((X @ mu - y) ** 2).sum())
    return total / len(y) if t.reduction == "mean" else total


__all__ = ["Env", "energy", "entropy", "least"]
