"""Systems simulated: parameters drawn, real losses taken, and the means held against what the engine derived.

The simulation knows the names of losses, initializers and activations only; of the terms, whose values it is held
against, it knows nothing. NumPy is imported where it is needed, so that other commands start without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from derive.claim import Entry, Library
from derive.errors import Conflict, DeriveError
from derive.kernel.poly import Refusal
from derive.numeric import Instance, NoNumber, enclose, quadrature
from derive.numeric.exact import exact
from derive.points import WALL, instance
from derive.system import System
from derive.term import Term, free

if TYPE_CHECKING:
    from derive.deciding import Decider

DRAWS, BATCHES, POINT = 200_000, 50, 1
#: Standard errors from which on a difference is a bug of the engine (or of the simulation).
MOST = 5.0
#: What is known exactly (an entropy of uniform parameters, a least-squares fit) agrees to this.
ROUNDING = 1e-9
DIGITS = 12


@dataclass(frozen=True)
class Simulated:
    """A system with a model linear in its parameters, to be drawn from.

    Attributes
    ----------
    system : the energy and the parameters; its ⟨E₀⟩, S₀ and (under MSE) E_f are what the numbers are held against.
    penalty : its name and the symbol of its weight, where the system has one.
    sizes : of the point.
    """

    system: System
    penalty: tuple[str, str] | None = None
    sizes: Mapping[str, int] = field(default_factory=lambda: {"K": 3, "Q": 2, "n": 6})

    def terms(self) -> dict[str, Term]:
        """Derived quantities, by the names that `draw` and `exactly` give their numbers."""
        least = {"E_f": self.system.Ef} if self._fitted else {}
        return {"⟨E₀⟩": self.system.E0, "S₀": self.system.S0} | least

    @property
    def _fitted(self) -> bool:
        return self.system.energy.name == "mse" and self.penalty is None

    def draw(self, point: Instance, rng: Any) -> dict[str, Any]:
        """Energy and −ln f at independently drawn parameters."""
        import numpy as np

        columns, surprise = [], np.zeros(DRAWS)
        for block in self.system.blocks:
            for j in range(_whole(block.first, point), _whole(block.last, point) + 1):
                scale = float(point.families[block.initializer.scale][j,])
                drawn, minus_log = _known(INITIALIZERS, block.initializer.name)(rng, scale, DRAWS)
                columns.append(drawn)
                surprise += minus_log
        mu = np.stack(columns, axis=1)
        x, y = _data(point, mu.shape[1])
        energy = _known(LOSSES, self.system.energy.name)(mu @ x.T, y).mean(axis=1)
        if self.penalty is not None:
            name, weight = self.penalty
            energy = energy + float(point.scalars[weight]) * _known(PENALTIES, name)(mu).sum(axis=1)
        return {"⟨E₀⟩": energy, "S₀": surprise}

    def exactly(self, point: Instance) -> dict[str, float]:
        """Least mean square by NumPy's least squares, an algorithm of its own."""
        if not self._fitted:
            return {}
        import numpy as np

        x, y = _data(point, sum(_whole(b.last, point) - _whole(b.first, point) + 1 for b in self.system.blocks))
        best, *_ = np.linalg.lstsq(x, y, rcond=None)
        return {"E_f": float(((x @ best - y) ** 2).mean())}


def _normal(rng: Any, scale: Any, shape: Any) -> tuple[Any, Any]:
    import numpy as np

    unit = rng.standard_normal(shape)
    return scale * unit, unit**2 / 2 + np.log(scale) + np.log(2 * np.pi) / 2


def _uniform(rng: Any, width: Any, shape: Any) -> tuple[Any, Any]:
    import numpy as np

    return width * (rng.random(shape) - 0.5), np.log(width)


def _cross_entropy(logit: Any, y: Any) -> Any:
    import numpy as np

    return np.logaddexp(0, -logit) * y + np.logaddexp(0, logit) * (1 - y)


#: Drawn parameters and their −ln f.
INITIALIZERS: dict[str, Callable[[Any, Any, Any], tuple[Any, Any]]] = {"normal": _normal, "uniform": _uniform}
LOSSES: dict[str, Callable[[Any, Any], Any]] = {
    "mse": lambda z, y: (z - y) ** 2,
    "mae": lambda z, y: abs(z - y),
    "cross_entropy": _cross_entropy,
}
PENALTIES: dict[str, Callable[[Any], Any]] = {"l1": abs, "l2": lambda mu: mu**2}


def _known(table: Mapping[str, Any], name: str) -> Any:
    if name not in table:
        raise DeriveError(f"The simulation has no {name}; it knows {', '.join(sorted(table))}.")
    return table[name]


def _whole(t: Term, point: Instance) -> int:
    value = exact(t, point)
    if value is None or value.denominator != 1:
        raise DeriveError("A block of parameters has no whole number of members at the point of its simulation.")
    return int(value)


def _data(point: Instance, parameters: int) -> tuple[Any, Any]:
    """The samples as a matrix with one column per parameter, and the targets."""
    import numpy as np

    n = point.sizes["n"]
    rows = [[float(v) for k, v in sorted(point.families["x"].items()) if k[0] == i] for i in range(1, n + 1)]
    x = np.array(rows)
    if x.shape[1] < parameters:  # a straight line: its intercept has no column in the data
        x = np.column_stack([x, np.ones(n)])
    return x, np.array([float(point.families["y"][i,]) for i in range(1, n + 1)])


# -- against the derived quantities ----------------------------------------------------------------


@dataclass(frozen=True)
class Compared:
    """A simulated mean with its standard error, the derived value, and their distance in standard errors."""

    name: str
    mean: float
    error: float
    derived: float

    @property
    def z(self) -> float:
        return (self.mean - self.derived) / self.error if self.error else 0.0

    def __str__(self) -> str:
        if not self.error:
            return f"{self.name} = {self.mean:.6g}, derived {self.derived:.6g}"
        return f"{self.name} = {self.mean:.6g} ± {self.error:.2g}, derived {self.derived:.6g} (z = {self.z:+.1f})"


def standard_error(draws: Any) -> float:
    """Standard error of the mean of independent draws: of batch means or of the draws, the greater of the two.

    It is widened by its own relative uncertainty, √((κ − 1)/4M) for M draws of kurtosis κ, which matters for the
    heavy tails of products of layers.
    """
    import numpy as np

    m = len(draws)
    centred = draws - draws.mean()
    variance = float((centred**2).mean())
    if variance <= (ROUNDING * abs(float(draws.mean()))) ** 2:
        return 0.0
    kurtosis = float((centred**4).mean()) / variance**2
    means = draws[: m - m % BATCHES].reshape(BATCHES, -1).mean(axis=1)
    batch = float(means.std(ddof=1)) / BATCHES**0.5
    return max(batch, (variance / m) ** 0.5) * (1 + float(np.sqrt(max(kurtosis - 1, 0) / (4 * m))))


def compare(rig: Any, derived: Mapping[str, float], point: Instance, seed: str) -> tuple[Compared, ...]:
    """Simulated against derived; where E_f is known, T = (⟨E₀⟩ − E_f)/S₀ as well.

    Raises
    ------
    Conflict
        They lie five standard errors apart, or differ where the simulation has no error.
    """
    import numpy as np

    drawn, exactly = rig.draw(point, np.random.default_rng(list(seed.encode()))), rig.exactly(point)
    found = [Compared(name, float(d.mean()), standard_error(d), derived[name]) for name, d in drawn.items()]
    found += [Compared(name, value, 0.0, derived[name]) for name, value in exactly.items()]
    if "E_f" in exactly:
        energy, surprise = (drawn[name] for name in ("⟨E₀⟩", "S₀"))
        s = float(surprise.mean())
        t = (float(energy.mean()) - exactly["E_f"]) / s
        truly = (derived["⟨E₀⟩"] - derived["E_f"]) / derived["S₀"]
        found.append(Compared("T", t, standard_error((energy - t * surprise) / s), truly))  # by the delta method
    for c in found:
        rounding = ROUNDING * (1 + abs(c.mean) + abs(c.derived))
        if abs(c.mean - c.derived) > (MOST * c.error if c.error else rounding):
            raise Conflict(f"the simulated system has {c}, at {point.point()}")
    return tuple(found)


_DONE: dict[int, tuple[Any, str]] = {}


def simulated(entry: Entry, library: Library, decider: Decider) -> Iterable[str]:
    """The sentence for the evidence of a temperature; once per system and process."""
    rig = entry.simulate
    if rig is None:
        return ()
    if id(rig) not in _DONE:
        _DONE[id(rig)] = (rig, _sentence(rig, entry, library, decider))
    return (_DONE[id(rig)][1],)


def _sentence(rig: Any, entry: Entry, library: Library, decider: Decider) -> str:
    terms = {name: _plain(t, entry, decider) for name, t in rig.terms().items()}
    at = replace(entry, sizes={**entry.sizes, **rig.sizes})
    point = instance(library, at, (*rig.terms().values(), *terms.values()), POINT)
    try:
        derived = {name: _value(t, point) for name, t in terms.items()}
    except NoNumber as e:
        return f"simulation: not compared, for the derived quantity has no value at the point ({e})"
    spoken_of = set().union(*map(free, rig.terms().values()))
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
