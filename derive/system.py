"""A machine learning system as thermodynamics sees it: energy, initial distribution, and what follows from the two."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from derive.errors import DeriveError
from derive.term import INF, MINUS_INF, ONE, Elem, Int, Min, Num, Over, Prod, Sum, Sym, Term, add, ln, mul, neg

#: Letters of data, indices and integrals.
RESERVED = frozenset("x y i j k n K t u mu pi oo E_f".split())
INDEX, J, N = Sym("i"), Sym("j"), Sym("n")


_RATIONAL = re.compile(r"[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})(e[+-]?\d{1,2}|/\d{1,40})?", re.IGNORECASE)


def rational(value: Any) -> Fraction:
    """A number from outside as it is; text of a size that a formula may hold, since 1e999999999 fills the memory.

    Raises
    ------
    ValueError
        It is none, not finite, or too large to be written out.

    Examples
    --------
    >>> rational("1/3"), rational(" 2.5e-1 "), rational(0.5)
    (Fraction(1, 3), Fraction(1, 4), Fraction(1, 2))
    >>> rational("1e999")
    Traceback (most recent call last):
    ...
    ValueError: '1e999' is no number that can be written out
    """
    if isinstance(value, str):
        value = value.strip()
        if not _RATIONAL.fullmatch(value):
            raise ValueError(f"{value[:40]!r} is no number that can be written out")
    try:
        return Fraction(value)
    except (TypeError, OverflowError, ZeroDivisionError):
        raise ValueError(f"{str(value)[:40]!r} is no number") from None


@dataclass(frozen=True)
class Parameter:
    """A number that an energy or an initializer takes besides its scale: δ of Huber, ν of Student.

    Attributes
    ----------
    name : as a symbol of terms.
    default : taken for numbers where none is given; formulas keep the symbol then.
    above, below : bounds, themselves not allowed unless `closed`.
    open : has no default, and stays a symbol where none is given.
    """

    name: str
    default: Fraction
    above: Fraction | None = None
    below: Fraction | None = None
    closed: bool = False
    open: bool = False

    def __post_init__(self) -> None:
        for of in ("default", "above", "below"):  # 1 and "1/4" are as good
            if getattr(self, of) is not None:
                object.__setattr__(self, of, Fraction(getattr(self, of)))

    def checked(self, value: Any, of: str) -> Fraction:
        """The value as a rational number inside the bounds.

        Raises
        ------
        DeriveError
            It is no finite number, or lies outside.
        """
        try:
            v = rational(value)
        except ValueError:
            raise DeriveError(f"{of} needs a number for {self.name}, and {str(value)[:40]!r} is none.") from None
        for bound, over, sign in ((self.above, True, ">"), (self.below, False, "<")):
            if bound is not None and not (v > bound if over else v < bound) and not (self.closed and v == bound):
                needed = f"{sign}{'=' if self.closed else ''} {bound}"
                raise DeriveError(f"{of} needs {self.name} {needed}; {value} is out of range.")
        return v


def _values(of: _Parametrized, given: Mapping[str, Any]) -> tuple[tuple[str, Fraction], ...]:
    known = {p.name: p for p in of.parameters}
    for name in given:
        if name not in known:
            takes = f"it takes {', '.join(known)}" if known else "it takes none"
            raise DeriveError(f"{of.name} has no parameter {name!r}: {takes}.")
    values = {**dict(of.values), **{n: known[n].checked(v, of.name) for n, v in given.items()}}
    return tuple(sorted(values.items()))


class _Parametrized:
    """What energies and initializers share: values for their parameters."""

    name: str
    parameters: tuple[Parameter, ...]
    values: tuple[tuple[str, Fraction], ...]

    @property
    def at(self) -> dict[str, Term]:
        """Each parameter as a term: its value, or its symbol where none was given."""
        return {**{p.name: Sym(p.name) for p in self.parameters}, **{n: Num(v) for n, v in self.values}}

    @property
    def numbers(self) -> dict[str, Fraction]:
        """Each parameter as a number: its value, or its default."""
        return {**{p.name: p.default for p in self.parameters}, **dict(self.values)}

    @property
    def called(self) -> str:
        """The name with the values that were given."""
        shown = ", ".join(f"{n}={v}" for n, v in self.values)
        return f"{self.name}({shown})" if shown else self.name


@dataclass(frozen=True)
class Energy(_Parametrized):
    """An energy of one sample; a data set's energy is the mean over its samples.

    Attributes
    ----------
    formula : of prediction, target and the parameters by name.
    targets : what targets are: "real", "sign" (−1 or 1), "binary" (0 or 1), "count" (0, 1, 2, …).
    signed : whether it may be negative.
    """

    name: str
    formula: Callable[..., Term]
    source: str = ""
    parameters: tuple[Parameter, ...] = ()
    values: tuple[tuple[str, Fraction], ...] = ()
    targets: str = "real"
    signed: bool = False

    def of(self, prediction: Term, target: Term) -> Term:
        return self.formula(prediction, target, **self.at)

    def __call__(self, **values: Any) -> Energy:
        return replace(self, values=_values(self, values))


#: A law's point masses: (where, how much) pairs, functions of the scale and the parameters.
Atoms = tuple[tuple[Term, Term], ...]


@dataclass(frozen=True)
class Initializer(_Parametrized):
    """The law of one parameter: a density on a domain, point masses, or both, as functions of a scale.

    Attributes
    ----------
    scale : family of the scale: "sigma", "l".
    formula : density of the parameter and its scale (and parameters by name); None where there are atoms only.
    ends : domain of the density, from the scale.
    atoms : point masses.
    cf, mgf : proposals for ⟨cos(t μ)⟩ (for a law that is not even, with ⟨sin(t μ)⟩) and ⟨exp(t μ)⟩; each is held
        against quadrature.
    width : value of the scale, where it was given: a number, or a term in sizes such as fan_in.
    alias : what a framework calls it.
    dependent : why parameters are not independent, where they are not and only uncorrelated.
    """

    name: str
    scale: str
    formula: Callable[..., Term] | None
    ends: Callable[..., tuple[Term, Term]]
    source: str = ""
    parameters: tuple[Parameter, ...] = ()
    values: tuple[tuple[str, Fraction], ...] = ()
    atoms: Callable[..., Atoms] | None = None
    cf: Callable[..., Term | tuple[Term, Term]] | None = None
    mgf: Callable[..., Term] | None = None
    width: Fraction | Term | None = None
    alias: str = ""
    dependent: str = ""

    @property
    def called(self) -> str:
        return self.alias or super().called

    def density(self, mu: Term, scale: Term) -> Term:
        if self.formula is None:
            raise DeriveError(f"{self.name} has point masses and no density.")
        return self.formula(mu, scale, **self.at)

    def domain(self, scale: Term) -> tuple[Term, Term]:
        return self.ends(scale, **self.at)

    def masses(self, scale: Term) -> Atoms:
        return self.atoms(scale, **self.at) if self.atoms else ()

    def __call__(self, width: Any = None, **values: Any) -> Initializer:
        """This law with a scale (positionally or by its own name) and parameters given.

        A symbol for the scale (a `Sym`, SymPy's, or text) is what the scales of the parameters are called then.
        """
        width = values.pop(self.scale, width)
        letter = width if isinstance(width, str) else getattr(width, "name", None)
        if isinstance(letter, str) and letter.isidentifier():
            if letter in RESERVED or letter in {p.name for p in self.parameters}:
                raise DeriveError(f"The scale of {self.name} can't be called {letter}: that stands for something else.")
            return replace(self, values=_values(self, values), scale=letter, width=None)
        scale = Parameter(self.scale, Fraction(1), above=Fraction(0))
        given = self.width if width is None else width if isinstance(width, Term) else scale.checked(width, self.name)
        return replace(self, values=_values(self, values), width=given)

    @classmethod
    def from_sympy(cls, variable: Any, name: str = "") -> Initializer:
        """The law of a `sympy.stats` random variable, times a scale s."""
        from derive.theory.sympy_law import initializer

        return initializer(variable, name)


@dataclass(frozen=True)
class Framework(_Parametrized):
    """A framework's initializer: a law with a scale that follows from the shape of the layer.

    Attributes
    ----------
    name : "torch.kaiming_uniform_".
    of : of the arguments by name, gives (law, scale), and why parameters depend on each other where they do.
    says : what the framework does, in words.
    """

    name: str
    of: Callable[..., Any]
    says: str = ""
    parameters: tuple[Parameter, ...] = ()
    values: tuple[tuple[str, Fraction], ...] = ()

    def __call__(self, **values: Any) -> Initializer:
        """The law with its scale; sizes that are not given stay symbols, the rest is the framework's default."""
        given = dict(_values(self, values))
        at = {p.name: Sym(p.name) if p.open else Num(p.default) for p in self.parameters}
        law, scale, *why = self.of(**{**at, **{n: Num(v) for n, v in given.items()}})
        called = replace(self, values=tuple(given.items())).called
        return replace(law, width=scale, alias=called, dependent="".join(why))


@dataclass(frozen=True)
class Activation(_Parametrized):
    """An activation φ(z), and what it is far out.

    Attributes
    ----------
    formula : of z and the parameters by name.
    right, left : what φ(z) tends to as z → ∞ and z → −∞: a multiple of z, or a number.
    period : where φ is periodic instead.
    """

    name: str
    formula: Callable[..., Term]
    right: Callable[..., Term] | None = None
    left: Callable[..., Term] | None = None
    period: Term | None = None
    source: str = ""
    parameters: tuple[Parameter, ...] = ()
    values: tuple[tuple[str, Fraction], ...] = ()

    def of(self, z: Term) -> Term:
        return self.formula(z, **self.at)

    def __call__(self, **values: Any) -> Activation:
        return replace(self, values=_values(self, values))


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
