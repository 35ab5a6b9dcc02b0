"""What one package declares for the catalogue: energies, initializers, activations, under the names of their functions.

    from derive.entries import LINE, Entries

    entries = Entries("mylosses")

    @entries.energy(source="Black and Anandan (1996)")
    def cauchy(prediction, target):
        return ln(1 + (prediction - target) ** 2)

A package says where its entries are by an entry point of the group `derive.catalogue`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from derive.errors import DeriveError
from derive.system import Activation, Energy, Framework, Initializer, Parameter
from derive.term import INF, MINUS_INF, ZERO, Fn, Term, neg

Function = Callable[..., Any]


def _named(name: str) -> Callable[[Term], Term]:
    return lambda z: Fn(name, (z,))


#: Functions that formulas may hold beside exp, ln and sqrt of `derive.term`.
absolute, sin, cos, sinh, cosh, tanh, erf = (_named(n) for n in "abs sin cos sinh cosh tanh erf".split())


def plus(z: Term) -> Term:
    """max(z, 0)."""
    return (z + absolute(z)) / 2


def LINE(scale: Term, **_: Term) -> tuple[Term, Term]:
    """The domain of a density on all real numbers."""
    return MINUS_INF, INF


def around(halves: int | Term = 1) -> Function:
    """The domain from −`halves` to `halves` scales."""
    return lambda scale, **_: (neg(scale * halves), scale * halves)


def _nowhere(scale: Term, **_: Term) -> tuple[Term, Term]:
    return ZERO, ZERO


class Entries:
    """Entries by name; a name can be taken once.

    Examples
    --------
    >>> mine = Entries("mine")
    >>> @mine.energy("nobody")
    ... def quartic(prediction, target):
    ...     return (prediction - target) ** 4
    >>> mine.energies["quartic"].called
    'quartic'
    """

    def __init__(self, package: str) -> None:
        self.package = package
        self.energies: dict[str, Energy] = {}
        self.initializers: dict[str, Initializer] = {}
        self.activations: dict[str, Activation] = {}
        self.frameworks: dict[str, Framework] = {}
        self.aliases: dict[str, str] = {}

    def energy(self, source: str, *parameters: Parameter, targets: str = "real", signed: bool = False) -> Function:
        """Declare the energy of one sample, a function of prediction and target; `signed` if it may be negative."""

        def register(of: Function) -> Energy:
            return self._put(self.energies, Energy(of.__name__, of, source, parameters, (), targets, signed))

        return register

    def initializer(
        self, scale: str, domain: Function, source: str, *parameters: Parameter,
        cf: Function | None = None, mgf: Function | None = None, atoms: Function | None = None,
    ) -> Function:  # fmt: skip
        """Declare a density, a function of the parameter and its scale; `domain` gives its ends from the scale."""

        def register(of: Function) -> Initializer:
            made = Initializer(of.__name__, scale, of, domain, source, parameters, atoms=atoms, cf=cf, mgf=mgf)
            return self._put(self.initializers, made)

        return register

    def discrete(
        self, scale: str, source: str, *parameters: Parameter, cf: Function | None = None, mgf: Function | None = None
    ) -> Function:
        """Declare point masses, a function of the scale that gives pairs (where, how much)."""

        def register(of: Function) -> Initializer:
            made = Initializer(of.__name__, scale, None, _nowhere, source, parameters, atoms=of, cf=cf, mgf=mgf)
            return self._put(self.initializers, made)

        return register

    def activation(
        self, source: str, *parameters: Parameter, right: Function | None = None, left: Function | None = None,
        period: Term | None = None,
    ) -> Function:  # fmt: skip
        """Declare an activation, a function of z, with what it tends to on either side (or its period)."""

        def register(of: Function) -> Activation:
            made = Activation(of.__name__, of, right, left, period, source, parameters)
            return self._put(self.activations, made)

        return register

    def framework(self, name: str, says: str, *parameters: Parameter, also: tuple[str, ...] = ()) -> Function:
        """Declare what a framework calls an initializer: a function of its arguments gives (law, scale)."""

        def register(of: Function) -> Framework:
            self.aliases.update({other.lower(): name for other in also})
            return self._put(self.frameworks, Framework(name, of, says, parameters))

        return register

    def _put(self, known: dict[str, Any], entry: Any) -> Any:
        if known.setdefault(entry.name, entry) is not entry:
            raise DeriveError(f"{self.package} declares {entry.name} twice: choose another name for one of the two.")
        return entry
