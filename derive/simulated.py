"""What a library says about a system that can be simulated, and the derived quantities its numbers are held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from derive.numeric import Instance
from derive.reader.notation import Notation
from derive.system import System
from derive.term import Term


@dataclass(frozen=True)
class Simulated:
    """A system with a model linear in its parameters.

    Attributes
    ----------
    system : the energy and the parameters; gives ⟨E₀⟩, S₀ and (under MSE without a penalty) E_f.
    penalty : its name and the symbol of its weight, where the system has one.
    sizes : of the point.
    notation : of the derived quantities, where it is not that of the equation.
    """

    system: System
    penalty: tuple[str, str] | None = None
    sizes: Mapping[str, int] = field(default_factory=lambda: {"K": 3, "Q": 2, "n": 6})
    notation: Notation | None = None

    @property
    def derived(self) -> dict[str, Term]:
        least: dict[str, Term] = {"E_f": self.system.Ef} if self.fitted else {}
        found: dict[str, Term] = {"⟨E₀⟩": self.system.E0, "S₀": self.system.S0}
        return found | least

    @property
    def fitted(self) -> bool:
        """Whether least squares find the least energy."""
        return self.system.energy.name == "mse" and self.penalty is None

    def at(self, point: Instance) -> Instance:
        return point


@dataclass(frozen=True)
class SimulatedNetwork:
    """A fully connected network, its layers of parameters drawn independently.

    Attributes
    ----------
    activation, initializer : by name.
    scale : the symbol of the scale of every parameter.
    derived : ⟨E_p⟩ and S_p of the layers that are compared, by these names; layer L has the labels as its target.
    widths : l_0 … l_L.
    shrinking : each layer's scale is the common one over √l_{p−1}.
    samples : n.
    notation : of the derived quantities, where it is not that of the equation.
    """

    activation: str
    initializer: str
    scale: str
    derived: Mapping[str, Term]
    widths: tuple[int, ...]
    shrinking: bool = False
    samples: int = 3
    notation: Notation | None = None

    @property
    def sizes(self) -> dict[str, int]:
        return {"n": self.samples, "L": len(self.widths) - 1}

    def at(self, point: Instance) -> Instance:
        """The point with the widths of this network."""
        widths: dict[tuple[int, ...], Fraction] = {(p,): Fraction(width) for p, width in enumerate(self.widths)}
        families: dict[str, Mapping[tuple[int, ...], Fraction]] = {**point.families, "l": widths}
        return replace(point, families=families)
