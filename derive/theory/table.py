"""Transforms that have no closed form, in floating point: worked out once on a grid, looked up between its points."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from flint import arb

from derive.theory.numbers import Arrays, value

if TYPE_CHECKING:
    from derive.theory.law import Law

FURTHEST, STEP = 256.0, 1 / 32  # of t
HALVINGS, NODES = 40, 10  # of panels towards an end, and on each
WIDEST = 700.0  # where the domain has no end


class Table:
    """⟨cos(t u)⟩ or ⟨sin(t u)⟩ over the density of a law: on arrays from a table, on balls by quadrature."""

    def __init__(self, of: Law, name: str) -> None:
        self.of, self.name = of, name

    def __call__(self, t: Any) -> Any:
        if isinstance(t, arb):
            f = self.of.density
            return self.of.integrated(lambda u: value(f, {"u": u}) * getattr(u * t, self.name)())  # type: ignore[arg-type]
        a = np.minimum(np.abs(t), FURTHEST)
        k = np.clip(np.floor(a / STEP).astype(int), 1, len(self.values) - 3)
        s, v = a / STEP - k, self.values
        found = (
            -s * (s - 1) * (s - 2) / 6 * v[k - 1] + (s + 1) * (s - 1) * (s - 2) / 2 * v[k]
            - (s + 1) * s * (s - 2) / 2 * v[k + 1] + (s + 1) * s * (s - 1) / 6 * v[k + 2]
        )  # fmt: skip
        whole = self.mass - a * a * found if self.name == "cos" else np.sign(t) * a * found
        return np.where(np.abs(t) > FURTHEST, 0.0, whole)

    @cached_property
    def mass(self) -> float:
        return float(self.of.continuous)

    @cached_property
    def values(self) -> Any:
        """(mass − ⟨cos⟩)/t², or ⟨sin⟩/t, on the grid: what is divided by t² later keeps its digits.

        By Gauss and Legendre on panels halved towards the ends and towards 0, and short enough for cos.
        """
        low, high = (
            float(value(x, {})) if "oo" not in str(x) else s * WIDEST for x, s in ((self.of.low, -1), (self.of.high, 1))
        )
        cuts = {low, high, *(c for c in (0.0,) if low < c < high)}
        ends = sorted(cuts)
        panels = []
        for a, b in pairwise(ends):
            half = (b - a) / 2
            steps = half * 0.5 ** np.arange(HALVINGS)
            inner = np.unique(np.concatenate([[a], a + steps[::-1], b - steps, [b]]))
            panels += list(pairwise(inner))
        x, w = np.polynomial.legendre.leggauss(NODES)
        nodes, weights = [], []
        for a, b in panels:
            pieces = max(1, int(np.ceil(min(b - a, 64.0) * 4)))
            edges = np.linspace(a, b, pieces + 1)
            for p, q in pairwise(edges):
                nodes.append(p + (q - p) * (1 + x) / 2)
                weights.append((q - p) / 2 * w)
        u = np.concatenate(nodes)
        with np.errstate(all="ignore"):
            f: Any = np.zeros_like(u) + value(self.of.density, {"u": u}, Arrays)  # type: ignore[arg-type]
        g = np.nan_to_num(np.concatenate(weights) * f)
        keep = np.abs(g) > 1e-18
        u, g = u[keep], g[keep]
        g *= self.mass / g.sum()
        grid = np.arange(0.0, FURTHEST + 4 * STEP, STEP)
        first = (g @ u**2) / 2 if self.name == "cos" else g @ u
        rest = []
        for part in np.array_split(grid[1:], 64):
            angle = np.outer(part, u)
            rest.append(2 * np.sin(angle / 2) ** 2 @ g / part**2 if self.name == "cos" else np.sin(angle) @ g / part)
        return np.concatenate([[first], *rest])
