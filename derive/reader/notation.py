"""Notation: what each name of a section stands for. Declared, never guessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache

from derive.kernel.context import Context
from derive.reader.syntax import parse, text
from derive.reader.tokens import tokenize
from derive.shift import Shift
from derive.term import INF, MINUS_INF, ONE, Elem, Over, Sym, Term


@lru_cache(maxsize=4096)
def canonical(latex: str) -> str:
    r"""The spelling under which a name is looked up: no braces, no spacing.

    Examples
    --------
    >>> canonical(r"E_{\rm MSE}"), canonical(r"\langle E_0 \rangle")
    ('E_MSE', '<E_0>')
    """
    return text(parse(tokenize(latex)))


@dataclass(frozen=True)
class Family:
    """An indexed family: its name in terms, how many indices it takes, the LaTeX of its letter.

    Attributes
    ----------
    raised : the first index is printed as a superscript (`W_{kj}^p`).
    layer : the first index where no superscript is printed.
    short : what a member printed with one index too few stands for, a function of the indices that are printed.
    """

    name: str
    arity: int
    latex: str
    raised: bool = False
    layer: Term | None = None
    short: Callable[..., Term] | None = None


@dataclass(frozen=True)
class Name:
    """A named quantity: its spelling in LaTeX and what it means, as a term or as LaTeX in the same notation."""

    latex: str
    meaning: str | Term | None


@dataclass(frozen=True, kw_only=True)
class Notation:
    r"""The names of one section.

    Attributes
    ----------
    scalars : spelling -> term, for plain symbols (`\sigma`, `K`).
    families : spelling of the letter -> family (`\sigma_j`, `x_{ij}`).
    functions : spelling -> name of a function that the paper leaves open (`f`, `P`).
    unfolded : spelling -> meaning of an applied function (`f_n(\mu_j)` is a normal density).
    names : spelling, scripts included -> meaning, as a term or as LaTeX in this same notation
        (`E_f`, `\overline{X^2}`, `T_{\rm uniform}`).
    ranges : index letter -> (first, last).
    data : capital letter -> family of the data it stands for (`X` -> x); inside a mean it gets the data index.
    vectors : spelling -> the family integrated over when the whole vector is (`\boldsymbol{\mu}`).
    domains : family name -> function (index, first index of the range) giving the default domain of integration.
    parameters : what least values are taken over.
    average : meaning of angle brackets around a formula.
    shift : what the parameter of a shift of the data moves.
    frames : variable -> (its counterpart in another frame, that counterpart in terms of it).
    distributions : names that stand for no functions (a Dirac delta): nothing but an integral gives them a value.
    labels : superscripts that only label (`^{(n)}`, `^{(u)}`).
    slips : spelling -> spelling; names that look like slips of the text extraction.
    shapes : family name -> sizes of its indices, for numeric points; (0, size) for an index that starts at 0.
    values : family name -> the only values that its elements take (labels 0 and 1, say); symbol -> values tried for it.
    dimensions : name -> dimension (`"Y"`, `"M L^2/T^2"`, `"1"`), for a few names; those of the others are inferred.
    closed : spelling of a quantity -> LaTeX of a closed form; shown only when the kernel proves it equal.
    leading : LaTeX of leading terms, each shown only where the limit of the quotient is shown to be 1.
    context : the standing assumptions.
    """

    scalars: Mapping[str, Term] = field(default_factory=dict)
    families: Mapping[str, Family] = field(default_factory=dict)
    functions: Mapping[str, str] = field(default_factory=dict)
    unfolded: Mapping[str, Callable[..., Term]] = field(default_factory=dict)
    names: Mapping[str, Name] = field(default_factory=dict)
    ranges: Mapping[str, tuple[Term, Term]] = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)
    data_index: str = "i"
    vectors: Mapping[str, tuple[Over, ...]] = field(default_factory=dict)
    domains: Mapping[str, Callable[[Term, Term], tuple[Term, Term]]] = field(default_factory=dict)
    parameters: tuple[Over, ...] = ()
    average: Callable[[Term], Term] | None = None
    shift: Shift | None = None
    frames: Mapping[str, tuple[str, Term]] = field(default_factory=dict)
    distributions: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    slips: Mapping[str, str] = field(default_factory=dict)
    shapes: Mapping[str, tuple[Term | int | str | tuple[int, Term | int | str], ...]] = field(default_factory=dict)
    values: Mapping[str, tuple[Fraction, ...]] = field(default_factory=dict)
    dimensions: Mapping[str, str] = field(default_factory=dict)
    closed: Mapping[str, str] = field(default_factory=dict)
    leading: tuple[str, ...] = ()
    context: Context = field(default_factory=Context)

    def extend(self, **more: object) -> Notation:
        """This notation with entries added (mappings are merged, other fields replaced)."""
        changes: dict[str, object] = {}
        for key, value in more.items():
            old = getattr(self, key)
            changes[key] = {**old, **value} if isinstance(value, Mapping) else value
        return replace(self, **changes)  # type: ignore[arg-type]

    def domain(self, var: Term, first: Term) -> tuple[Term, Term]:
        """Where a variable (of a family whose range begins at `first`) is integrated by default."""
        rule = self.domains.get(getattr(var, "name", ""))
        return rule(var.index[0], first) if rule and isinstance(var, Elem) else (MINUS_INF, INF)


def symbols(latex: str) -> dict[str, Term]:
    r"""Declare plain symbols, separated by spaces: each is a symbol named by its spelling.

    Examples
    --------
    >>> [t.name for t in symbols(r"\sigma K").values()]
    ['sigma', 'K']
    """
    return {canonical(s): Sym(plain(s)) for s in latex.split()}


def families(**arity: str) -> dict[str, Family]:
    r"""Declare families by number of indices: `families(one=r"\sigma y", two="x")`."""
    counts = {"one": 1, "two": 2, "three": 3}
    return {canonical(s): Family(plain(s), counts[count], s) for count, listed in arity.items() for s in listed.split()}


def names(table: Mapping[str, str | Term | None]) -> dict[str, Name]:
    """Named quantities, keyed by their spelling."""
    return {canonical(key): Name(key, value) for key, value in table.items()}


def functions(latex: str) -> dict[str, str]:
    return {canonical(s): plain(s) for s in latex.split()}


def ranges(**last: Term) -> dict[str, tuple[Term, Term]]:
    """Index letters that run from 1."""
    return {index: (ONE, high) for index, high in last.items()}


def plain(latex: str) -> str:
    """A name for terms: `\\sigma` -> sigma."""
    return canonical(latex).replace("\\", "")


__all__ = ["Family", "Notation", "canonical", "families", "functions", "names", "plain", "ranges", "symbols"]
