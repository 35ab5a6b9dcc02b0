"""What a library declares: regimes, equations, papers. A declaration gives meaning; it never gives an outcome."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

from derive.errors import DeriveError, Unreadable
from derive.kernel.context import Context
from derive.kernel.grid import Grid
from derive.kernel.poly import Refusal
from derive.reader.notation import Notation
from derive.simulated import Simulated, SimulatedNetwork
from derive.term import Elem, Num, Prod, Sum, Sym, Term, add, bound_in, free, mul, rebuild, substitute, term, walk
from derive.unfold import unfold
from derive.verdict import Cited, Equation, Passage

ANY = Sym("*")
#: A sign, in `Entry.relations`, that marks a change of the system, where nothing is claimed to be equal.
BECOMES = "⇝"
_EQREF = re.compile(r"\\eqref\{([\w.]*)#")


@dataclass(frozen=True, kw_only=True)
class Regime:
    """A limit: which variable grows, along which path, what is held fixed.

    Attributes
    ----------
    variable : name of the symbol that goes to infinity.
    path : pairs (pattern, value); a pattern `Elem(name, (ANY,))` stands for every element of the family, ANY in its
        value for the index of that element.
    text : the regime in words.
    above : (symbol, least value): a second parameter that may grow faster, but not slower than this.
    """

    variable: str
    path: tuple[tuple[Term, Term], ...]
    text: str
    above: tuple[str, Term] | None = None


@dataclass(frozen=True, kw_only=True)
class Case:
    """One of the cases that a text allows: in words, its notation, and the condition it stands for, in LaTeX."""

    text: str
    notation: Notation
    where: str = ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One numbered equation: how its signs are to be understood.

    Attributes
    ----------
    number : "3.5".
    notation : names of its section.
    uses : numbers of the equations it follows from.
    regime : for asymptotic signs.
    beyond : a further limit that the paper may have in mind (wide layers, say): a sign that fails in the regime and
        holds there is conditional.
    defines : ordinals of the signs that introduce a name (0 means every sign of the equation).
    premise : the law or result is taken as given; the text says which.
    fixed : index letters that the text holds fixed, so they may stand free on one side.
    let : rewritings that the text states for this equation, pattern -> function of its indices.
    relations : ordinal -> sign it is read as, where the text says so ("→" in place of "=").
    result : states a result of the paper rather than a step.
    grid : the grid whose cells shrink, where the text passes to a limit of grids.
    refined : ordinals of the signs that pass to that limit.
    nearest : ordinal -> LaTeX of what the right side is taken for where it has no meaning as printed.
    proportional_in : the variables in which ∝ is meant; everything else is a constant of proportion.
    cases : cases that the text allows, each with a notation of its own; the claim is judged in all of them.
    given : symbol -> LaTeX of what vanishes and so determines it (a condition of a stationary point, say).
    constants : names that stand for constants the paper does not spell out.
    sizes : sizes for numeric points, where the standing ones don't suit.
    constant : shown on the page "Entropy constants", with this description of the case.
    note : said in the report.
    simulate : the system whose temperature it states, to be drawn from with the sizes of one run.
    """

    number: str
    notation: Notation
    uses: tuple[str, ...] = ()
    regime: Regime | None = None
    beyond: Regime | None = None
    defines: tuple[int, ...] = ()
    premise: str = ""
    fixed: frozenset[str] = frozenset()
    let: tuple[tuple[Elem, Callable[..., Term]], ...] = ()
    relations: Mapping[int, str] = field(default_factory=dict)
    result: bool = False
    grid: Grid | None = None
    refined: tuple[int, ...] = ()
    nearest: Mapping[int, str] = field(default_factory=dict)
    proportional_in: tuple[str, ...] = ()
    cases: tuple[Case, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)
    constants: tuple[str, ...] = ()
    sizes: Mapping[str, int] = field(default_factory=dict)
    constant: str = ""
    note: str = ""
    simulate: Simulated | SimulatedNetwork | None = None

    def unfolded(self, t: Term) -> Term:
        """`t` down to parameters and data: names replaced by what they mean, stated rewritings done."""
        return rewritten(unfold(t, self.notation), self.let)


@dataclass(frozen=True, kw_only=True)
class Rated:
    """A system in a comparison of temperatures.

    Attributes
    ----------
    system : in words.
    claim : the printed law, "3.11#3"; its entry has the notation and the regime.
    temperature : LaTeX of its name there.
    relation : how the printed law is claimed to stand to the temperature.
    own : has data and sizes of its own, so that it is compared up to a constant factor only.
    """

    system: str
    claim: str
    temperature: str = "T"
    relation: str = "~"
    own: bool = False


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Temperatures of several systems in one limit."""

    title: str
    variable: str
    text: str  #: the regime in words
    rated: tuple[Rated, ...]


class Library:
    """A paper: its printed equations as facts, and the declarations that give them meaning.

    Examples
    --------
    >>> paper = Library("demo", "A demo", "Nobody", ())
    >>> paper.equation("1.1", Notation())
    >>> list(paper.entries)
    ['1.1']
    >>> paper.equation("1.1", Notation())
    Traceback (most recent call last):
    ...
    derive.errors.DeriveError: demo declares equation 1.1 twice: keep one of the two declarations.
    """

    def __init__(
        self,
        name: str,
        title: str,
        authors: str,
        equations: Sequence[Equation],
        *,
        sizes: Mapping[str, int] | None = None,
        matrices: Mapping[str, Any] | None = None,
        functions: Mapping[str, Any] | None = None,
        complete: Callable[[Any], Any] | None = None,
    ) -> None:
        self.name, self.title, self.authors = name, title, authors
        self.known_as = name  #: what `derive.library.load` finds it by: its name, or a dotted module
        self.declared: dict[str, tuple[str, int]] = {}  #: file and line of each declaration
        self.equations = tuple(equations)
        self.entries: dict[str, Entry] = {}
        self.passages: tuple[Equation, ...] = ()
        self.comparisons: tuple[Comparison, ...] = ()
        self.headings: dict[str, str] = {}  #: what each section is about, in our own words, by its number
        self.sizes = dict(sizes or {})
        self.matrices, self.functions = dict(matrices or {}), dict(functions or {})
        self.complete = complete

    def equation(self, number: str, notation: Notation, **more: Any) -> None:
        """Declare how equation `number` is to be read. See `Entry` for what can be said."""
        if number in self.entries:
            raise DeriveError(f"{self.name} declares equation {number} twice: keep one of the two declarations.")
        for key in ("uses", "defines", "constants", "refined", "proportional_in"):
            if key in more:
                more[key] = tuple(more[key])
        if "fixed" in more:
            more["fixed"] = frozenset(more["fixed"])
        self.entries[number] = Entry(number=number, notation=notation, **more)
        self.declared[number] = _caller()

    def simulate(self, number: str, rig: Simulated | SimulatedNetwork) -> None:
        """Declare the system that equation `number` speaks of, where it is not said with the equation."""
        self.entries[number] = replace(self.entries[number], simulate=rig)

    def compare(self, title: str, variable: str, text: str, *rated: Rated) -> None:
        """Declare systems whose temperatures are put in order as `variable` grows; `text` describes the limit."""
        self.comparisons += (Comparison(title=title, variable=variable, text=text, rated=rated),)

    def statement(
        self, number: str, notation: Notation, latex: str, *, where: str, says: str, cells: Sequence[str] = (),
        also: Sequence[str] = (), printed: bool = False, cue: str = "", denied: bool = False, **more: Any,
    ) -> None:  # fmt: skip
        """Declare what a sentence or a table row claims: a formal reading, judged as an equation is.

        Parameters
        ----------
        number : "s3.2.1.a" (section, letter) or "table3.9" (table, row).
        latex : the formal reading; ``\\eqref{4.4#3}`` stands for the right side of the third sign of (4.4) as printed,
            ``\\eqref{4.4#0}`` for its first left side.
        where, says, printed, cue, also, cells, denied : see `Passage`.
        more : see `Entry`.
        """
        spoken_of = [n for n in _EQREF.findall(" ".join((latex, *also))) if n.strip(".")]
        more["uses"] = tuple(dict.fromkeys((*more.get("uses", ()), *spoken_of)))
        self.equation(number, notation, **more)
        passage = Passage(
            where=where, says=says, printed=printed, cue=cue, also=tuple(also), cells=tuple(cells), denied=denied
        )
        self._passage(number, latex, passage)

    def reference(
        self, number: str, *cited: Cited, where: str, says: str, cue: str = "", cells: Sequence[str] = (), **more: Any
    ) -> None:
        """Declare a cross-reference: the cited places have to hold what the paper says they hold."""
        self.equation(number, Notation(), **more)
        self._passage(number, "", Passage(where=where, says=says, cue=cue, cited=cited, cells=tuple(cells)))

    def _passage(self, number: str, latex: str, passage: Passage) -> None:
        found = re.fullmatch(r"s(.+)\.[a-z]+|table(\d+)\.\d+(?:\.[a-z])?", number)
        if not found:
            raise DeriveError(f"{self.name}: {number} names no passage; write s3.2.1.a or table3.9.")
        section = found[1] or f"Table {found[2]}"
        one = Equation(number=number, latex=latex, section=section, passage=passage)
        self.passages = tuple(sorted((*self.passages, one), key=lambda e: _in_paper(e.number)))


def _caller() -> tuple[str, int]:
    """File and line of the code outside this module that is being run."""
    frame = sys._getframe(1)
    while frame.f_code.co_filename == __file__ and frame.f_back is not None:
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


def _in_paper(number: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key of a passage: sections, then appendices, then tables, each by its numbers.

    Examples
    --------
    >>> sorted(["table1.10", "table1.9", "sA.a", "s3.10.a", "s3.2.1.b", "s3.2.a"], key=_in_paper)
    ['s3.2.1.b', 's3.2.a', 's3.10.a', 'sA.a', 'table1.9', 'table1.10']
    """
    kind = 2 if number.startswith("table") else int(number[1].isalpha())
    parts = number.removeprefix("table" if kind == 2 else "s").split(".")
    return ((kind, 0, ""), *((0, int(p), "") if p.isdigit() else (1, 0, p) for p in parts))


def along(t: Term, path: tuple[tuple[Term, Term], ...]) -> Term:
    """`t` on a path: every match of a pattern replaced.

    Examples
    --------
    >>> s = Elem("sigma", (Sym("j"),))
    >>> along(s, ((Elem("sigma", (ANY,)), Sym("sigma")),)) == Sym("sigma")
    True
    """
    for pattern, value in path:
        if t == pattern:
            return value
        if isinstance(pattern, Elem) and isinstance(t, Elem) and t.name == pattern.name and ANY in pattern.index:
            return substitute(value, {ANY: t.index[0]})
    bound = bound_in(t)
    if bound:  # σ_j of the regime is not the σ_j under a sum over j
        path = tuple(p for p in path if not (bound & free(p[0])))
    return rebuild(t, lambda c: along(c, path))


def rewritten(t: Term, let: tuple[tuple[Elem, Callable[..., Term]], ...]) -> Term:
    """`t` after the rewritings stated for an equation, the first that fits each element.

    An index of a pattern that is a number stands for itself, a letter for anything. Where a sum or product runs over
    such a member, its terms up to there are written apart.

    Raises
    ------
    Unreadable
        It can't be told whether a sum runs over such a member.

    Examples
    --------
    >>> from derive.term import ONE, TWO
    >>> a, b, p, L = (Sym(s) for s in "abpL")
    >>> let = ((Elem("E", (ONE,)), lambda p: a), (Elem("E", (p,)), lambda p: b * p))
    >>> rewritten(Sum("p", ONE, L, Elem("E", (p,))), let) == a + Sum("p", TWO, L, b * p)
    True
    """
    if not let:
        return t
    for pattern, value in let:
        if isinstance(t, Elem) and t.name == pattern.name and _fits(pattern.index, t.index):
            return value(*t.index)
    if isinstance(t, (Sum, Prod)) and (apart := _apart(t, let)):
        parts = [substitute(t.body, {Sym(t.index): term(k)}) for k in apart]
        rest = type(t)(t.index, term(apart[-1] + 1), t.high, t.body)
        return (add if isinstance(t, Sum) else mul)(*(rewritten(x, let) for x in (*parts, rest)))
    return rebuild(t, lambda c: rewritten(c, let))


def _fits(pattern: tuple[Term, ...], index: tuple[Term, ...]) -> bool:
    same = (not isinstance(a, Num) or _difference(a, b) == 0 for a, b in zip(pattern, index, strict=False))
    return len(pattern) == len(index) and all(same)


def _apart(s: Sum | Prod, let: tuple[tuple[Elem, Callable[..., Term]], ...]) -> range | None:
    """The first values of an index, up to the last at which a rewriting speaks of a single member.

    (That the sum is no shorter needs no check: the kernel asks of the rest that its range be no shorter than empty.)
    """
    low, last = _difference(s.low, Num(Fraction(0))), None
    for pattern, _ in let:
        for x in walk(s.body):
            if not isinstance(x, Elem) or x.name != pattern.name or len(x.index) != len(pattern.index):
                continue
            for own, i in zip(pattern.index, x.index, strict=True):
                if not isinstance(own, Num) or s.index not in free(i):
                    continue
                at = _difference(own, i - Sym(s.index))
                if low is None or at is None or at.denominator != 1 or at - low > 8:
                    raise Unreadable(f"a sum over {s.index} may run over a member of {x.name} that has its own meaning")
                if at >= low:
                    last = max(int(at), int(low) if last is None else last)
    return None if last is None or low is None else range(int(low), last + 1)


@lru_cache(maxsize=4096)
def _difference(a: Term, b: Term) -> Fraction | None:
    """a − b, where that is a number."""
    from derive.kernel.normal import Normal

    try:
        return Normal(Context()).poly(a - b).number
    except Refusal:
        return None
