r"""Softmax cross-entropy of C classes: L = ln Σ_c e^{z_c} − z_y, logits z_c = Σ_j μ_cj x_ij with CK normal parameters.

The logits of a sample are independent normal numbers of variance τ² = Σ_j σ_j² x_ij², and ⟨z_y⟩ = 0. With Gumbel noise
g_c, ⟨ln Σ e^{z_c}⟩ = ⟨max_c (z_c + g_c)⟩ − γ, so that ⟨L⟩ depends on τ alone: with F the distribution of z + g,

    ⟨L⟩ = G_C(τ) = ∫ x dF(x)^C − γ,    F(x) = ⟨exp(−e^{z − x})⟩,    G_C(τ) = m_C τ + o(1)

m_C being the mean of the largest of C standard normal numbers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from derive.errors import Conflict, DeriveError
from derive.system import Energy, Initializer
from derive.term import ONE, Term
from derive.theory.draws import DRAWS, SCALE, SEED, Compared, X, mean_and_error
from derive.theory.fit import SOLVED, Fit, recedes
from derive.theory.numbers import erf
from derive.theory.pair import as_check
from derive.theory.result import Check, Linear, Temperature
from derive.theory.score import Block, K, is_normal

if TYPE_CHECKING:
    from derive.theory.dataset import Dataset
    from derive.theory.measured import Measured

Array = np.ndarray[Any, np.dtype[Any]]
NAME = "softmax"
MOST = 1000  # classes
NODES = 40  # of the interpolation in ln τ
STEPS = 100
FAR_OUT = (14.0, 18.0, 23.0, 29.0, 36.0)
POWERS = [1, 2, 3, 4, 5]
#: m_C in closed form: Jones (1948).
CLOSED = {
    2: r"\frac{1}{\sqrt{\pi}}", 3: r"\frac{3}{2\sqrt{\pi}}",
    4: r"\frac{3}{\sqrt{\pi}}\left(\frac{1}{2}+\frac{1}{\pi}\arcsin\frac{1}{3}\right)",
    5: r"\frac{5}{\sqrt{\pi}}\left(\frac{1}{4}+\frac{3}{2\pi}\arcsin\frac{1}{3}\right)",
}  # fmt: skip


def largest(C: int) -> float:
    """m_C = C ∫ x f(x) Φ(x)^{C−1} dx, the mean of the largest of C standard normal numbers.

    Examples
    --------
    >>> abs(largest(3) - 1.5 / math.sqrt(math.pi)) < 1e-13
    True
    """
    x, h = np.linspace(-12.0, 12.0, 4801, retstep=True)
    below = (1 + erf(x / math.sqrt(2))) / 2
    return float(C * h * np.sum(x * np.exp(-x * x / 2) / math.sqrt(2 * math.pi) * below ** (C - 1)))


def mean(tau: Array, C: int) -> Array:
    """G_C(τ), to about ten digits: the trapezoidal rule, which is exact beyond all orders for both integrals.

    Far out G_C(τ) − m_C τ is a series in powers of 1/τ, of which five terms are taken from five nearer values.

    Examples
    --------
    >>> float(mean(np.array([1e-9]), 3)[0]).__round__(12) == round(math.log(3), 12)
    True
    """
    tau = np.atleast_1d(np.asarray(tau, dtype=float))
    out = np.empty_like(tau)
    out[tau <= FAR_OUT[-1]] = _nearby(tau[tau <= FAR_OUT[-1]], C)
    beyond = tau[tau > FAR_OUT[-1]]
    if len(beyond):
        out[tau > FAR_OUT[-1]] = largest(C) * beyond + 1 / np.power.outer(beyond, POWERS) @ _series(C)
    return out


@lru_cache(maxsize=16)
def _series(C: int) -> Array:
    t = np.array(FAR_OUT)
    return np.linalg.solve(1 / np.power.outer(t, POWERS), _nearby(t, C) - largest(C) * t)


def _nearby(tau: Array, C: int) -> Array:
    out = []
    for t in tau:
        u, h = np.linspace(-9.0, 9.0, 361 + 40 * int(min(t, 100.0)), retstep=True)
        weight = h * np.exp(-u * u / 2) / math.sqrt(2 * math.pi)
        low, high = -9 * t - 6, 9 * t + 40 + math.log(C)
        x, step = np.linspace(low, high, int(16 * (high - low) / min(1 + t / 8, 8)) + 1, retstep=True)
        F = np.concatenate(
            [np.exp(-np.exp(np.minimum(t * u - p[:, None], 700))) @ weight for p in np.array_split(x, 64)]
        )
        whole = F**C
        # ∫ x dF^C = high − ∫ F^C, the ends of the trapezoidal rule at half their weight
        out.append(high - step * (whole.sum() - (whole[0] + whole[-1]) / 2) - np.euler_gamma)
    return np.array(out)


@dataclass(frozen=True)
class Classes:
    """How many classes, and the initializer of their CK parameters."""

    C: int
    initializer: Initializer

    def temperature(self) -> Temperature:
        """⟨E₀⟩, S₀ and the leading law of T."""
        C, scale = self.C, rf"\{self.initializer.scale}"
        width = self.initializer.width
        rms = rf"\sum_{{j=1}}^{{K}} {scale}_{{j}}^{{2}} x_{{ij}}^{{2}}" if width is None else (
            rf"\sum_{{j=1}}^{{K}} \left({self.initializer.width} x_{{ij}}\right)^{{2}}"
        )  # fmt: skip
        own = f"{scale}_{{j}}" if width is None else f"{self.initializer.width}"
        m = CLOSED.get(C, rf"\frac{{{C}}}{{\sqrt{{2\pi}}}}\int t\,e^{{-t^2/2}}\,\Phi(t)^{{{C - 1}}}\,dt")
        law = rf"{m}\,\frac{{{scale}}}{{n}}\sum_{{i=1}}^{{n}} \sqrt{{\sum_{{j=1}}^{{K}} x_{{ij}}^{{2}}}}"
        exact = (
            rf"\frac{{1}}{{n}}\sum_{{i=1}}^{{n}} \left(\int x\,d\left[F_i(x)^{{{C}}}\right]-\gamma\right),\quad "
            rf"F_i(x)=\int \frac{{e^{{-t^2/2}}}}{{\sqrt{{2\pi}}}}\exp\left(-e^{{\tau_i t-x}}\right)dt,\quad "
            rf"\tau_i^2={rms}"
        )
        drawn = drawn_logits(C)
        checks = [*([_against_two()] if C == 2 else []), as_check(drawn)]
        if not drawn.agree:
            raise Conflict(f"softmax(C={C}): {drawn.derived:.6g} by the formula, {drawn.drawn:.6g} by draws")
        return Temperature(
            energy=Energy(f"{NAME}(C={C})", _nothing, targets="class"),
            blocks=(Block(self.initializer, ONE, K),), model=Linear(), verdict="supported", exact=exact,
            kind="two-dimensional integral", asymptotic=None if width else rf"\frac{{{law}}}{{{C} K\ln {scale}}}",
            energy_law=None if width else law + "+o(1)",
            entropy=rf"{C}\sum_{{j=1}}^{{K}} \left(\ln {own}+\frac{{1}}{{2}}\ln(2\pi e)\right)",
            condition=None,
            reason="By independent normal logits and Gumbel's representation of ln Σ e^z; none of it checked by "
            "the kernel; draws agree; E₀ is a one-dimensional function of τ_i, its leading constant the mean of the "
            f"largest of {C} normal numbers ({largest(C):.12g}).",
            checks=tuple(checks),
        )  # fmt: skip

    def energy(self, X: Array, scale: Array) -> tuple[float, float]:
        """⟨E₀⟩ on data and its error: G_C at Chebyshev's nodes in ln τ, interpolated."""
        tau = np.maximum(np.sqrt(X**2 @ scale**2), 1e-12)
        if len(tau) <= NODES:
            return float(mean(tau, self.C).mean()), 1e-10
        low, high = float(np.log(tau.min())), float(np.log(tau.max())) + 1e-9
        cheb = np.polynomial.chebyshev
        nodes = cheb.chebpts1(NODES)
        fitted = cheb.chebfit(nodes, mean(np.exp(low + (high - low) * (nodes + 1) / 2), self.C), NODES - 1)
        found = cheb.chebval(2 * (np.log(tau) - low) / (high - low) - 1, fitted)
        return float(found.mean()), float(np.abs(fitted[-4:]).sum()) + 1e-10

    def measured(self, data: Dataset, scale: Any, least: float | None) -> Measured:
        """T on data whose targets are names of classes."""
        from derive.theory.measured import Measured
        from derive.theory.numeric import scales

        names, y = np.unique(data.y, return_inverse=True)
        if len(names) != self.C:
            shown = ", ".join(str(n) for n in names[:6])
            raise DeriveError(
                f"The target {data.target!r} holds {len(names)} classes ({shown}) and C is {self.C}: "
                f"write --set C={max(2, len(names))}."
            )
        from derive.theory.fit import checked

        checked(data.X, y.astype(float), data.features, data.target)
        X = data.X
        widths = scales(self.temperature(), X.shape[1], scale)
        energy, error = self.energy(X, widths)
        entropy = self.C * float(np.sum(np.log(widths) + 0.5 * math.log(2 * math.pi * math.e)))
        notes, found = (
            [f"{self.C} classes, {self.C} × {X.shape[1]} parameters; fitted relative to the last class."],
            None,
        )
        if least is None:
            found = fit(X, y, self.C)
            least = found.least
            if not found.attained:
                notes.append(f"No parameters attain the infimum {least:.6g} of the energy; it is taken as E_f.")
        value = (energy - least) / entropy if entropy else None
        off = (error + (found.gap if found else 0.0)) / abs(entropy) if entropy else 0.0
        shown_fit = found and replace(found, parameters=found.parameters[: X.shape[1]])
        return Measured(data, entropy, energy, error, least, shown_fit, value, off, tuple(notes))


def fit(X: Array, y: Array, C: int) -> Fit:
    """The least softmax cross-entropy, by Newton's method with halved steps; the last class is the reference."""
    n, size = len(y), np.sqrt((X**2).mean(axis=0))
    q, r = np.linalg.qr(X / size)
    q, r = q * math.sqrt(n), r / math.sqrt(n)
    k = X.shape[1]
    theta = np.zeros((C - 1, k))
    hot = (y[:, None] == np.arange(C - 1)) * 1.0

    def rows(w: Array) -> tuple[Array, Array]:
        z = np.c_[q @ w.T, np.zeros(n)]
        top = z.max(axis=1)
        e = np.exp(z - top[:, None])
        return top + np.log(e.sum(axis=1)) - z[np.arange(n), y], (e / e.sum(axis=1)[:, None])[:, :-1]

    step, taken, decrement, slope = theta, 0, 0.0, theta
    while taken < STEPS:
        taken += 1
        each, p = rows(theta)
        slope = ((p - hot).T @ q).ravel()
        curve = np.zeros((C - 1, k, C - 1, k))
        for a in range(C - 1):
            for b in range(C - 1):
                curve[a, :, b, :] = (q.T * (p[:, a] * ((a == b) - p[:, b]))) @ q
        flat = curve.reshape(len(slope), -1)
        flat = flat + 1e-14 * (np.trace(flat) / len(slope) + 1e-300) * np.eye(len(slope))
        step = -np.linalg.lstsq(flat, slope, rcond=None)[0].reshape(theta.shape)
        decrement = -float(slope @ step.ravel())
        if decrement <= SOLVED * (float(each.sum()) + 1e-6 * n):
            break
        length = 1.0
        while length > 1e-12 and not rows(theta + length * step)[0].sum() <= each.sum() - 1e-4 * length * decrement:
            length /= 2
        if length <= 1e-12:
            break  # no step goes down: rounding
        theta = theta + length * step
    scores = q @ theta.T

    def energies(z: Array) -> Array:
        whole = np.c_[z.reshape(scores.shape), np.zeros(n)]
        lines: Array = np.logaddexp.reduce(whole, axis=1) - whole[np.arange(n), y]
        return lines

    reached, gap = float(rows(theta)[0].sum()), abs(decrement) + 1e-15 * float(np.abs(scores).sum())
    beyond = recedes(energies, scores.ravel(), [scores.ravel(), (q @ step.T).ravel()])
    if beyond is not None and abs(beyond) < 1e-9 * n:
        reached, gap = 0.0, abs(beyond) + 1e-15 * n  # separated altogether
    elif beyond is not None:
        gap += max(0.0, reached - beyond)
    elif gap > 1e-6 * (reached + 1e-3 * n):
        raise DeriveError(f"No minimum of softmax was found in {taken} steps: scale the columns, or give --least.")
    mu = np.linalg.solve(r, theta.T).T / size
    return Fit(
        reached / n, gap / n, float(np.abs(slope).max()) / n, mu.ravel(), beyond is None,
        f"Newton's method, {taken} steps",
    )  # fmt: skip


def classes(initializer: Initializer, given: dict[str, Fraction]) -> Classes:
    """From `--set`: C, and the scale.

    Raises
    ------
    DeriveError
        C is no whole number from 2 on, or the initializer is another one.
    """
    C = given.pop("C", None)
    if C is None or C.denominator != 1 or not 2 <= C <= MOST:
        raise DeriveError(f"softmax needs the number of classes, a whole number from 2 to {MOST}: --set C=3.")
    unknown = set(given) - {initializer.scale}
    if unknown:
        raise DeriveError(f"--set {min(unknown)}: softmax takes C and the scale {initializer.scale}.")
    block = Block(initializer(**given), ONE, ONE)
    if not is_normal(block.law):
        raise DeriveError(f"softmax is worked out for the normal initializer alone, not for {initializer.name}.")
    return Classes(int(C), block.initializer)


@lru_cache(maxsize=16)
def drawn_logits(C: int) -> Compared:
    """⟨E₀⟩ of the small data set by the formula, and by draws of the CK parameters."""
    derived = float(mean(SCALE * np.sqrt((X**2).sum(axis=1)), C).mean())
    count = min(DRAWS, 3 * DRAWS // C)
    mu = SCALE * np.random.default_rng(SEED).normal(size=(count, C, X.shape[1]))
    z = mu @ X.T
    each = np.logaddexp.reduce(z, axis=1) - z[:, 0]  # every class is alike: the first stands for y
    where = f"C = {C}, K = {X.shape[1]}, n = {len(X)}, scale {SCALE}"
    return Compared(derived, *mean_and_error(each.mean(axis=1)), 1e-9, count, where)


def _nothing(prediction: Term, target: Term) -> Term:
    raise DeriveError("softmax is no function of one score.")


def _against_two() -> Check:
    """C = 2 is binary cross-entropy with the variance doubled: z_1 − z_2."""
    u, h = np.linspace(-12.0, 12.0, 6001, retstep=True)
    weight = h * np.exp(-u * u / 2) / math.sqrt(2 * math.pi)
    two, one = float(mean(np.array([1.5]), 2)[0]), float(np.logaddexp(0, 1.5 * math.sqrt(2) * u) @ weight)
    digits = min(15.0, -math.log10(abs(two - one) + 1e-15))
    return Check(
        "⟨E₀⟩ at τ = 3/2, C = 2", f"{two:.13g}", f"{one:.13g}", round(digits, 1),
        "binary cross-entropy with the variance doubled",
    )  # fmt: skip


__all__ = ["NAME", "Classes", "classes", "fit", "largest", "mean"]
