"""What a derivation is told in: the section's names, means over the parameters, and proposals for a next line.

A mean over the parameters, ⟨·⟩, is written `Fn("mean", …)` here; `Scene.spelled` says what it stands for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from derive.claim import Entry, along
from derive.errors import Unreadable
from derive.kernel.growth import Growth
from derive.kernel.poly import Refusal
from derive.reader.notation import Name, canonical
from derive.rules.leading import leading_term
from derive.term import (
    ONE,
    Elem,
    Fn,
    Int,
    Min,
    Over,
    Sym,
    Term,
    children,
    free,
    mul,
    rebuild,
    walk,
)
from derive.unfold import meaning

if TYPE_CHECKING:
    from derive.judging import Judge

MEAN = "mean"
LONG = 160  # characters: a value any longer is not put in place of its name


@dataclass(frozen=True)
class Proposal:
    """A next line, what was used to get it, and how it stands to the line before."""

    line: Term
    rule: str = ""
    relation: str = "="
    steps: bool = True  #: the kernel's own names of its steps say more than the rule does
    path: bool = False  #: holds along the path of the limit only
    part: tuple[Term, Term] | None = None  #: what is replaced by what, if the step is no more than that


Move = Callable[[Term, "Scene"], Iterable[Proposal]]


@dataclass
class Scene:
    """What a move may look at."""

    judge: Judge
    entry: Entry
    kept: frozenset[str] = frozenset()  #: names that stand in the end too, and so are not replaced
    where: Mapping[str, str] = field(default_factory=dict)  #: name -> number of the equation that defines it
    worked: Mapping[str, str] = field(default_factory=dict)  #: name -> number of the equation that works it out
    over: tuple[Over, ...] = ()  #: ⟨f⟩ = ∫ f · density over these
    density: Term = ONE
    regime: bool = False  #: the end is reached in a limit
    ours: dict[Term, Term] = field(default_factory=dict)  #: names of our own, `called` so

    def spelled(self, t: Term) -> Term:
        """`t` with every mean over the parameters written as the integral it is."""
        if self.over and isinstance(t, Fn) and t.name == MEAN:
            return Int(self.over, mul(self.spelled(t.args[0]), self.density))
        return rebuild(t, self.spelled)

    def full(self, t: Term) -> Term:
        return self.judge.full(self.spelled(t), self.entry)

    def normal_form(self, t: Term) -> Term | None:
        """As the kernel has it, its integrals done; names of the section stay."""
        normal = self.judge.decider.normal(self.entry.notation.context, coarse=self.regime)
        try:
            return normal.ratio(self.judge.full(self.spelled(t), self.entry)).term
        except (Refusal, Unreadable, ArithmeticError):
            return None

    def defined(self, t: Term) -> Term | None:
        """What a name means, where that holds no integral."""
        named = isinstance(t, Sym) and t.name in self.entry.notation.names
        return meaning(t.name, self.entry.notation) if named and not heavy(self.full(t)) else None  # type: ignore[attr-defined]

    def leading(self, whole: Term) -> Term:
        """Leading term of an unfolded quantity in the regime.

        Raises
        ------
        Refusal : it is not known.
        """
        regime, normal = self.entry.regime, self.judge.decider.normal(self.entry.notation.context, coarse=True)
        if regime is None:
            raise Refusal("no regime")
        return leading_term(Growth(normal, regime.variable), normal.ratio(along(whole, regime.path)), regime.variable)

    def equal(self, a: Term, b: Term) -> bool:
        return self.judge.decider.proves_equal(a, b, self.entry)

    def called(self, spelling: str, what: Term) -> Term:
        """A name of our own for a formula that looks better as declared than as it is read."""
        key = canonical(spelling)
        known = self.entry.notation.names.get(key)
        if known is None:
            named = self.entry.notation.extend(names={key: Name(spelling, what)})
            self.entry = replace(self.entry, notation=named)
            self.kept |= {key}
            self.ours[Sym(key)] = what
        return Sym(key)

    @cached_property
    def letters(self) -> frozenset[str]:
        """Names that a reader of the section knows; the kernel has some of its own."""
        notation, regime = self.entry.notation, self.entry.regime
        path = [x for pair in regime.path for x in pair] if regime is not None else []
        over = [Sym(_name(o)) for group in notation.vectors.values() for o in group]
        terms = [*notation.scalars.values(), *(x for ends in notation.ranges.values() for x in ends), *path, *over]
        names = {f.name for f in notation.families.values()} | set(notation.functions.values()) | {"pi", "oo"}
        names |= {*notation.names, *notation.ranges, *([regime.variable] if regime is not None else [])}
        return frozenset(names).union(*(free(x) for x in terms))

    def parameters(self) -> frozenset[str]:
        return frozenset(_name(o) for o in self.over)


def _name(o: Over) -> str:
    var = o.var
    while isinstance(var, Over):
        var = var.var
    assert isinstance(var, (Sym, Elem))
    return var.name


def heavy(t: Term) -> bool:
    """Whether an integral or a least value stands in it."""
    return any(isinstance(x, (Int, Min)) for x in walk(t))


def tops(t: Term) -> Iterable[Term]:
    """The outermost integrals and least values of a line."""
    if isinstance(t, (Int, Min)):
        yield t
    else:
        for c in children(t):
            yield from tops(c)


def put(t: Term, old: Term, new: Term) -> Term:
    """`t` with one part put in place of another."""
    return new if t == old else rebuild(t, lambda c: put(c, old, new))
