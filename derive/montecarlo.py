"""Systems simulated: parameters drawn, real losses taken, and the means held against what the engine derives.

The simulation knows losses, initializers and activations by name, and nothing of the terms whose values it is held
against. This is the one module that needs NumPy; it is imported when the first system is simulated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from derive.claim import Entry, Library
from derive.errors import Conflict, DeriveError
from derive.kernel.poly import Refusal
from derive.numeric import Instance, NoNumber, enclose, quadrature
from derive.numeric.exact import exact
from derive.points import WALL, instance
from derive.simulated import Simulated, SimulatedNetwork
from derive.term import Term, free

if TYPE_CHECKING:
    from derive.deciding import Decider

Rig = Simulated | SimulatedNetwork
Array = np.ndarray[Any, np.dtype[np.float64]]

DRAWS, BATCHES, POINT = 200_000, 50, 1
#: Standard errors from which on a difference is a bug of the engine (or of the simulation).
MOST = 5.0
#: What is known exactly (an entropy of uniform parameters, a least-squares fit) agrees to this.
ROUNDING = 1e-9
DIGITS = 12

# -- what is drawn ---------------------------------------------------------------------------------


def _normal(rng: np.random.Generator, sigma: float, shape: Any) -> tuple[Array, Array]:
    unit = rng.standard_normal(shape)
    return sigma * unit, unit**2 / 2 + np.log(sigma) + np.log(2 * np.pi) / 2


def _uniform(rng: np.random.Generator, width: float, shape: Any) -> tuple[Array, Array]:
    return width * (rng.random(shape) - 0.5), np.full(shape, np.log(width))


#: Parameters, and −ln f of each.
INITIALIZERS: dict[str, Callable[[np.random.Generator, float, Any], tuple[Array, Array]]] = {
    "normal": _normal,
    "uniform": _uniform,
}
#: Of model and target, for each sample.
LOSSES: dict[str, Callable[[Array, Array], Array]] = {
    "mse": lambda z, y: (z - y) ** 2,
    "mae": lambda z, y: abs(z - y),
    "cross_entropy": lambda z, y: np.logaddexp(0, -z) * y + np.logaddexp(0, z) * (1 - y),
}
PENALTIES: dict[str, Callable[[Array], Array]] = {"l1": abs, "l2": np.square}
ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "tanh": np.tanh,
    "sigmoid": lambda z: (1 + np.tanh(z / 2)) / 2,
    "relu": lambda z: z.clip(0),
}


def draw(rig: Rig, point: Instance, rng: np.random.Generator) -> dict[str, Array]:
    """Energies and −ln f at independently drawn parameters, by the names of their means."""
    return _fit(rig, point, rng) if isinstance(rig, Simulated) else _network(rig, point, rng)


def _fit(rig: Simulated, point: Instance, rng: np.random.Generator) -> dict[str, Array]:
    columns, surprise = [], np.zeros(DRAWS)
    for block in rig.system.blocks:
        for j in _members(block.first, block.last, point):
            scale = float(point.families[block.initializer.scale][j,])
            drawn, minus_log = _known(INITIALIZERS, block.initializer.name)(rng, scale, DRAWS)
            columns.append(drawn)
            surprise += minus_log
    mu = np.stack(columns, axis=1)
    x, y = _data(point, mu.shape[1])
    energy = _known(LOSSES, rig.system.energy.name)(mu @ x.T, y).mean(axis=1)
    if rig.penalty is not None:
        name, weight = rig.penalty
        energy = energy + float(point.scalars[weight]) * _known(PENALTIES, name)(mu).sum(axis=1)
    return {"⟨E₀⟩": energy, "S₀": surprise}


def _network(rig: SimulatedNetwork, point: Instance, rng: np.random.Generator) -> dict[str, Array]:
    """Layer by layer on the way forward; the last one's target is the label."""

    def values(name: str, *head: int, width: int) -> Array:
        members, n = point.families[name], rig.samples
        return np.array([[float(members[(*head, i + 1, k + 1)]) for k in range(width)] for i in range(n)])

    last, out = len(rig.widths) - 1, {}
    a = np.broadcast_to(values("x", width=rig.widths[0]), (DRAWS, rig.samples, rig.widths[0]))
    for p in range(1, last + 1):
        before, width = rig.widths[p - 1], rig.widths[p]
        scale = float(point.scalars[rig.scale]) / (before**0.5 if rig.shrinking else 1)
        w, minus_log = _known(INITIALIZERS, rig.initializer)(rng, scale, (DRAWS, before + 1, width))
        z = a @ w[:, :before] + w[:, before:]
        ideal = values("y", width=width) if p == last else values("hat(z)", p, width=width)
        out[f"⟨E_{p}⟩"] = ((z - ideal) ** 2).sum(axis=2).mean(axis=1)
        out[f"S_{p}"] = minus_log.sum(axis=(1, 2))
        a = _known(ACTIVATIONS, rig.activation)(z)
    return {name: out[name] for name in rig.derived}


def least_squares(rig: Rig, point: Instance) -> dict[str, float]:
    """The least mean square, by an algorithm of its own."""
    if not (isinstance(rig, Simulated) and rig.fitted):
        return {}
    x, y = _data(point, sum(len(_members(b.first, b.last, point)) for b in rig.system.blocks))
    best, *_ = np.linalg.lstsq(x, y, rcond=None)
    return {"E_f": float(((x @ best - y) ** 2).mean())}


def _known(table: Mapping[str, Any], name: str) -> Any:
    if name not in table:
        raise DeriveError(f"The simulation has no {name}; it knows {', '.join(sorted(table))}.")
    return table[name]


def _members(first: Term, last: Term, point: Instance) -> range:
    a, b = exact(first, point), exact(last, point)
    if a is None or b is None or a.denominator != 1 or b.denominator != 1:
        raise DeriveError("A block of parameters has no whole number of members at the point of its simulation.")
    return range(int(a), int(b) + 1)


def _data(point: Instance, parameters: int) -> tuple[Array, Array]:
    """The samples as a matrix with one column per parameter, and the targets."""
    samples = range(1, point.sizes["n"] + 1)
    x = np.array([[float(v) for k, v in sorted(point.families["x"].items()) if k[0] == i] for i in samples])
    if x.shape[1] < parameters:  # a straight line: its intercept has no column in the data
        x = np.column_stack([x, np.ones(len(x))])
    return x, np.array([float(point.families["y"][i,]) for i in samples])


# -- against the derived quantities ----------------------------------------------------------------


@dataclass(frozen=True)
class Compared:
    """A simulated mean with its standard error, the derived value, and their distance in standard errors."""

    name: str
    mean: float
    error: float
    derived: float

    @property
    def differs(self) -> bool:
        exactly = ROUNDING * (1 + abs(self.mean) + abs(self.derived))
        return not abs(self.mean - self.derived) <= (MOST * self.error if self.error else exactly)

    def __str__(self) -> str:
        if not self.error:
            return f"{self.name} = {self.mean:.6g}, derived {self.derived:.6g}"
        z = (self.mean - self.derived) / self.error
        return f"{self.name} = {self.mean:.6g} ± {self.error:.2g}, derived {self.derived:.6g} (z = {z:+.1f})"


def standard_error(draws: Array) -> float:
    """Standard error of the mean of independent draws: of batch means or of the draws, the greater of the two.

    It is widened by its own relative uncertainty, √((κ − 1)/4M) for M draws of kurtosis κ, which matters for the
    heavy tails of products of layers.
    """
    m = len(draws)
    centred = draws - draws.mean()
    variance = float((centred**2).mean())
    if variance <= (ROUNDING * abs(float(draws.mean()))) ** 2:
        return 0.0
    kurtosis = float((centred**4).mean()) / variance**2
    means = draws[: m - m % BATCHES].reshape(BATCHES, -1).mean(axis=1)
    batch = float(means.std(ddof=1)) / BATCHES**0.5
    return max(batch, (variance / m) ** 0.5) * (1 + float(np.sqrt(max(kurtosis - 1, 0) / (4 * m))))


def compare(rig: Rig, derived: Mapping[str, float], point: Instance, seed: str) -> tuple[Compared, ...]:
    """Simulated against derived; where E_f is known, T = (⟨E₀⟩ − E_f)/S₀ as well.

    Raises
    ------
    Conflict
        They lie five standard errors apart, or differ where the simulation has no error.
    """
    drawn, exactly = draw(rig, point, np.random.default_rng(list(seed.encode()))), least_squares(rig, point)
    found = [Compared(name, float(d.mean()), standard_error(d), derived[name]) for name, d in drawn.items()]
    found += [Compared(name, value, 0.0, derived[name]) for name, value in exactly.items()]
    if "E_f" in exactly:
        energy, surprise = drawn["⟨E₀⟩"], drawn["S₀"]
        s = float(surprise.mean())
        t = (float(energy.mean()) - exactly["E_f"]) / s
        truly = (derived["⟨E₀⟩"] - derived["E_f"]) / derived["S₀"]
        found.append(Compared("T", t, standard_error((energy - t * surprise) / s), truly))  # by the delta method
    for c in found:
        if c.differs:
            raise Conflict(f"the simulated system has {c}, at {point.point()}")
    return tuple(found)


_DONE: dict[int, tuple[Rig, str]] = {}


def simulation(entry: Entry, library: Library, decider: Decider) -> str:
    """The sentence for the evidence of a temperature; worked out once per system and process."""
    rig = entry.simulate
    if rig is None:
        raise DeriveError(f"{entry.number} declares no system to simulate.")
    if id(rig) not in _DONE:
        _DONE[id(rig)] = (rig, _sentence(rig, entry, library, decider))
    return _DONE[id(rig)][1]


def _sentence(rig: Rig, entry: Entry, library: Library, decider: Decider) -> str:
    at = replace(entry, sizes={**entry.sizes, **rig.sizes}, notation=rig.notation or entry.notation)
    terms = {name: _plain(t, at, decider) for name, t in rig.derived.items()}
    point = rig.at(instance(library, at, (*rig.derived.values(), *terms.values()), POINT))
    try:
        derived = {name: _value(t, point) for name, t in terms.items()}
    except NoNumber as e:
        return f"simulation: not compared, for the derived quantity has no value at the point ({e})"
    spoken_of: set[str] = set().union(*map(free, rig.derived.values()))
    sizes = ", ".join(f"{k} = {v}" for k, v in sorted(rig.sizes.items()) if k in spoken_of)
    numbers = "; ".join(str(c) for c in compare(rig, derived, point, entry.number))
    return f"simulation: {DRAWS} draws of the system itself ({sizes}; seed “{entry.number}”): {numbers}"


def _plain(t: Term, entry: Entry, decider: Decider) -> Term:
    """The derived form; where the kernel has none, the quantity as it is defined."""
    try:
        return decider.normal(entry.notation.context).ratio(t).term
    except Refusal:
        return t


def _value(t: Term, point: Instance) -> float:
    """Of a derived term: enclosed, or by quadrature where an integral is left in it."""
    try:
        return float(enclose(t, point, DIGITS).mid())
    except NoNumber:
        return float(quadrature(t, point, DIGITS, WALL)[0])
