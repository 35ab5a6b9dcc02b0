"""A machine learning system as thermodynamics sees it: energy, initial distribution, and what follows from the two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from derive.term import INF, MINUS_INF, ONE, Elem, Int, Min, Over, Prod, Sum, Sym, Term, add, ln, mul, neg

INDEX, J, N = Sym("i"), Sym("j"), Sym("n")


@dataclass(frozen=True)
class Energy:
    """An energy of one sample; a data set's energy is the mean over its samples."""

    name: str
    of: Callable[[Term, Term], Term]
    source: str = ""


@dataclass(frozen=True)
class Initializer:
    """A density of one parameter and its domain, as functions of the parameter and its scale."""

    name: str
    scale: str  #: family of the scale: "sigma", "l"
    density: Callable[[Term, Term], Term]
    domain: Callable[[Term], tuple[Term, Term]]
    source: str = ""


@dataclass(frozen=True)
class Block:
    """Parameters `first … last` drawn independently by one initializer."""

    initializer: Initializer
    first: Term
    last: Term

    def density(self, mu: Elem) -> Term:
        return self.initializer.density(mu, Elem(self.initializer.scale, mu.index))

    def over(self) -> Over:
        low, high = self.initializer.domain(Elem(self.initializer.scale, (J,)))
        return Over(Elem("mu", (J,)), low, high, "j", self.first, self.last)


@dataclass(frozen=True)
class System:
    r"""A model with an energy and initialized parameters.

    Attributes
    ----------
    energy : of one sample.
    prediction, target : terms with the free data index i.
    blocks : the parameters, in order.
    penalty : what is added to the energy of each parameter μ_j, such as λ|μ_j|.

    Notes
    -----
    ⟨E₀⟩ = ∫ E(μ) f(μ) dμ, S₀ = −∫ f ln f dμ, E_f = min E, T = (⟨E₀⟩ − E_f)/S₀: Zhang (2.5), (2.6), (2.29).
    Energies in units of the target squared (MSE), entropies in nat.
    """

    energy: Energy
    prediction: Term
    target: Term
    blocks: tuple[Block, ...]
    penalty: Callable[[Term], Term] | None = None

    @cached_property
    def E(self) -> Term:
        """Energy at parameters μ."""
        energy = mul(Sum("i", ONE, N, self.energy.of(self.prediction, self.target))) / N
        if self.penalty is None:
            return energy
        of_each = self.penalty(Elem("mu", (J,)))
        return add(energy, *(Sum("j", b.first, b.last, of_each) for b in self.blocks))

    @cached_property
    def density(self) -> Term:
        mu = Elem("mu", (J,))
        return mul(*(Prod("j", b.first, b.last, b.density(mu)) for b in self.blocks))

    @property
    def over(self) -> tuple[Over, ...]:
        return tuple(b.over() for b in self.blocks)

    @property
    def free_parameters(self) -> tuple[Over, ...]:
        first, last = self.blocks[0].first, self.blocks[-1].last
        return (Over(Elem("mu", (J,)), MINUS_INF, INF, "j", first, last),)

    @cached_property
    def E0(self) -> Term:
        """Mean energy of the initial state."""
        return Int(self.over, self.E * self.density)

    @cached_property
    def S0(self) -> Term:
        """Differential entropy of the initial state, in nat."""
        return neg(Int(self.over, self.density * ln(self.density)))

    @cached_property
    def Ef(self) -> Term:
        """Least energy."""
        return Min(self.free_parameters, self.E)

    @cached_property
    def T(self) -> Term:
        return (self.E0 - self.Ef) / self.S0


def linear_form(last: Term) -> Term:
    """Σ_{j<K} μ_j x_ij + μ_K: a linear model whose last parameter is the intercept."""
    mu, x = Elem("mu", (J,)), Elem("x", (INDEX, J))
    return add(Sum("j", ONE, last - 1, mu * x), Elem("mu", (last,)))
