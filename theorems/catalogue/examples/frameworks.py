"""The frameworks' initializers, drawn for real: is the predicted ⟨E₀⟩ within the error bar of the draws?

    python -m theorems.catalogue.examples.frameworks          NumPy, and PyTorch where it is installed
    python -m theorems.catalogue.examples.frameworks 20000    so many draws

A layer of 16 inputs and one output under the squared and the absolute error, and a network of rectifiers. Each
framework's draw is written here from its documentation, and knows nothing of the catalogue it is held against. One line
an initializer: predicted, drawn, and how many standard errors they are apart.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from derive.library import catalogue
from derive.theory import temperature

DRAWS, SEED, MOST = 100_000, 2024, 5.0
FAN_IN, FAN_OUT = 16, 1
Array = np.ndarray[Any, np.dtype[Any]]
Draw = Callable[[np.random.Generator, tuple[int, int]], Array]


def uniform(bound: float) -> Draw:
    return lambda rng, shape: rng.uniform(-bound, bound, shape)


def normal(deviation: float) -> Draw:
    return lambda rng, shape: rng.normal(0.0, deviation, shape)


def cut(deviation: float, at: float = 2.0) -> Draw:
    """A normal number, drawn again while it is further out than `at` deviations."""

    def draw(rng: np.random.Generator, shape: tuple[int, int]) -> Array:
        out = rng.standard_normal(shape)
        while (far := np.abs(out) > at).any():
            out[far] = rng.standard_normal(int(far.sum()))
        return deviation * out

    return draw


def some_zeros(share: float, deviation: float) -> Draw:
    return lambda rng, shape: np.where(rng.random(shape) < share, 0.0, rng.normal(0.0, deviation, shape))


def sphere(rng: np.random.Generator, shape: tuple[int, int]) -> Array:
    """One row of a random orthogonal matrix: a direction."""
    out = rng.standard_normal(shape)
    return np.asarray(out / np.linalg.norm(out, axis=1, keepdims=True))


CORRECTION = 0.87962566103423978  # as Keras and JAX write it
GLOROT = 2 / (FAN_IN + FAN_OUT)
#: Name, what is set, and the framework's own draw.
NUMPY: tuple[tuple[str, dict[str, Any], Draw], ...] = (
    ("torch.kaiming_uniform_", {"fan_in": FAN_IN}, uniform(sqrt(2) * sqrt(3 / FAN_IN))),
    ("torch.kaiming_normal_", {"fan_in": FAN_IN, "a": "0.2"}, normal(sqrt(2 / (1 + 0.04)) / sqrt(FAN_IN))),
    ("torch.xavier_uniform_", {"fan_in": FAN_IN, "fan_out": FAN_OUT}, uniform(sqrt(6 / (FAN_IN + FAN_OUT)))),
    ("torch.xavier_normal_", {"fan_in": FAN_IN, "fan_out": FAN_OUT, "gain": "5/3"}, normal(5 / 3 * sqrt(GLOROT))),
    ("torch.linear", {"fan_in": FAN_IN}, uniform(1 / sqrt(FAN_IN))),
    ("torch.trunc_normal_", {"std": "4/5"}, cut(0.8, 2 / 0.8)),
    ("torch.normal_", {"std": "1/2"}, normal(0.5)),
    ("torch.uniform_", {}, lambda rng, shape: rng.uniform(0.0, 1.0, shape)),
    ("torch.sparse_", {"sparsity": "1/4", "std": 1}, some_zeros(0.25, 1.0)),
    ("torch.orthogonal_", {"largest": FAN_IN}, sphere),
    ("keras.glorot_uniform", {"fan_in": FAN_IN, "fan_out": FAN_OUT}, uniform(sqrt(3 * GLOROT))),
    ("keras.glorot_normal", {"fan_in": FAN_IN, "fan_out": FAN_OUT}, cut(sqrt(GLOROT) / CORRECTION)),
    ("keras.he_uniform", {"fan_in": FAN_IN}, uniform(sqrt(6 / FAN_IN))),
    ("keras.he_normal", {"fan_in": FAN_IN}, cut(sqrt(2 / FAN_IN) / CORRECTION)),
    ("jax.lecun_uniform", {"fan_in": FAN_IN}, uniform(sqrt(3 / FAN_IN))),
    ("jax.lecun_normal", {"fan_in": FAN_IN}, cut(sqrt(1 / FAN_IN) / CORRECTION)),
    ("keras.variance_scaling", {"fan_in": FAN_IN, "scale": 3}, cut(sqrt(3 / FAN_IN) / CORRECTION)),
    ("keras.random_uniform", {}, uniform(0.05)),
)


def torch_draws() -> tuple[tuple[str, dict[str, Any], Draw], ...]:
    """PyTorch's own functions; none where it is not installed."""
    try:
        import torch
    except ImportError:
        return ()

    def drawn(name: str, **given: float) -> Draw:
        def draw(rng: np.random.Generator, shape: tuple[int, int]) -> Array:
            torch.manual_seed(int(rng.integers(2**31)))
            # fan_in and fan_out are those of one layer of FAN_OUT rows: so many layers, one after the other
            layer, out = torch.empty(FAN_OUT, FAN_IN), np.empty(shape)
            for k in range(0, shape[0], FAN_OUT):
                out[k : k + FAN_OUT] = getattr(torch.nn.init, name)(layer, **given).numpy()
            return out

        return draw

    fans: dict[str, Any] = {"fan_in": FAN_IN, "fan_out": FAN_OUT}
    return (
        ("torch.kaiming_uniform_", {"fan_in": FAN_IN}, drawn("kaiming_uniform_")),
        ("torch.kaiming_normal_", {"fan_in": FAN_IN}, drawn("kaiming_normal_")),
        ("torch.xavier_uniform_", fans, drawn("xavier_uniform_")),
        ("torch.xavier_normal_", fans, drawn("xavier_normal_")),
        ("torch.trunc_normal_", {"std": "4/5"}, drawn("trunc_normal_", std=0.8)),
        ("torch.uniform_", {}, drawn("uniform_")),
        ("torch.orthogonal_", {"largest": FAN_IN}, drawn("orthogonal_")),
    )


@dataclass(frozen=True)
class Row:
    """One prediction against draws."""

    name: str
    energy: str
    predicted: float
    drawn: float
    error: float

    @property
    def apart(self) -> float:
        """In standard errors."""
        return abs(self.predicted - self.drawn) / self.error

    def __str__(self) -> str:
        verdict = "within" if self.apart <= MOST else "OUTSIDE"
        shown = f"{self.predicted:.6f}  {self.drawn:.6f} ± {self.error:.6f}"
        return f"{self.name:26} {self.energy:4} {shown}  {self.apart:4.1f} standard errors, {verdict}"


def compare(name: str, given: dict[str, Any], draw: Draw, energy: str, draws: int) -> Row:
    """The mean energy of a layer on eight samples, predicted and drawn."""
    known, rng = catalogue(), np.random.default_rng(SEED)
    X, y = rng.normal(size=(8, FAN_IN)), rng.normal(size=8)
    t = temperature(known.energies[energy], known.frameworks[name](**given), check=False)
    z = draw(rng, (draws, FAN_IN)) @ X.T - y
    each = (z**2 if energy == "mse" else np.abs(z)).mean(axis=1)
    return Row(name, energy, t.energy_of(X, y), float(each.mean()), float(each.std(ddof=1) / sqrt(draws)))


def rows(draws: int = DRAWS, own: bool = False) -> list[Row]:
    """Every initializer under the squared error, and under the absolute one where its parameters are independent."""
    found = []
    for name, given, draw in torch_draws() if own else NUMPY:
        for energy in ("mse", "mae"):
            if energy == "mse" or name != "torch.orthogonal_":
                found.append(compare(name, given, draw, energy, draws))
    return found


def main() -> int:
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else DRAWS
    print(f"{draws} initializations of a layer of {FAN_IN} inputs: predicted ⟨E₀⟩, and drawn")
    found = rows(draws)
    print(*found, sep="\n")
    own = rows(min(draws, 20_000), own=True)
    print(*(["drawn by PyTorch itself:", *own] if own else ["PyTorch is not installed: pip install 'derive[torch]'."]), sep="\n")
    return int(any(r.apart > MOST for r in found + own))


if __name__ == "__main__":
    sys.exit(main())
