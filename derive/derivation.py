"""Derivations step by step: from what a chain starts from to the right form, for a reader to follow by hand.

Moves (`derive.moves`) propose lines; a line is shown only where the kernel proves how it stands to the one before.
What it does not prove is left out, so that two steps become one.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from derive.claim import Entry, along
from derive.errors import DeriveError, Unreadable
from derive.kernel.normal import Normal
from derive.kernel.poly import Refusal
from derive.kernel.proportion import proportional
from derive.kernel.theorem import Statement, Theorem, asymptotic, equality, order
from derive.moves import MOVES, Move, Proposal, Scene
from derive.paths import still_moving
from derive.reader.display import split
from derive.reader.notation import canonical
from derive.reader.printer import latex
from derive.term import Fn, Int, Min, Sym, Term, free, walk
from derive.tidy import tidied
from derive.unfold import read_latex
from derive.verdict import Status, Step, Verdict

if TYPE_CHECKING:
    from derive.judging import Judge, Said

MOST = 8  # lines
LONGEST = 420  # characters of LaTeX in a line
SECONDS = 1.0  # of processor time for one sign
REPEATED = 4  # times that one move may be made
TOLD = frozenset({Status.PROVED, Status.REFUTED, Status.CONDITIONAL, Status.ILL_FORMED})
ORDERS = ("<", ">", "≤", "≥")
#: Steps of the kernel that are bookkeeping, told only where there are no others.
BOOKKEEPING = frozenset({
    "linearity of sums, limits peeled", "order of summation exchanged", "a stated equality of the section",
    "product as exponential of a sum of logarithms",
})  # fmt: skip
LIMITS = ("~", "≈", "∝", "≳", "≲", "≫", "≪")


@dataclass(frozen=True)
class Claimed:
    """A relation sign with its sides as they were read."""

    entry: Entry
    sign: str
    left: Said | None
    right: Said
    anchor: Said | None  #: what the chain starts from


@dataclass(frozen=True)
class Line:
    """A line: its sign, the term that is shown and its LaTeX, the rule, and whether the path of the limit is put in."""

    relation: str
    shown: Term
    latex: str
    rule: str = ""

    def step(self) -> Step:
        return Step(self.relation, self.latex, self.rule)


@dataclass(frozen=True)
class Goal:
    """The right form: as printed or derived, and down to what it is about."""

    latex: str
    shown: Term
    full: Term


def derivation(
    judge: Judge, claimed: Claimed, verdict: Verdict, moves: Sequence[Move] = MOVES, seconds: float = SECONDS
) -> tuple[Step, ...]:
    """The derivation of what a sign claims, or of what it should claim; empty where none has two steps."""
    if verdict.verdict not in TOLD or claimed.right.side.dots or claimed.entry.cases:
        return ()
    start, goal = _start(claimed, verdict), _goal(judge, claimed, verdict)
    if start is None or start.term is None or goal is None:
        return ()
    regime = claimed.sign in LIMITS and claimed.entry.regime is not None and not claimed.entry.proportional_in
    kept = _names(goal.shown)
    scene = Scene(judge, claimed.entry, kept, *definitions(judge, claimed.entry), regime=regime)
    chain = Chain(scene, Line("", start.term, _printed(start.side.latex)), goal, claimed.sign, seconds)
    chain.extend(moves)
    return chain.steps() if chain.end() else ()


def _printed(shown: str) -> str:
    return shown.strip().rstrip(",.;").strip()


def _start(claimed: Claimed, verdict: Verdict) -> Said | None:
    """The quantity that the chain starts from; where a line is right about a wrong one before it, that line."""
    inherited = verdict.verdict is Status.PROVED and "inherits" in verdict.reason
    first = claimed.left if inherited or claimed.anchor is None or claimed.sign in ORDERS else claimed.anchor
    return first if first is not None and first.full is not None and not first.error else claimed.left


def _goal(judge: Judge, claimed: Claimed, verdict: Verdict) -> Goal | None:
    right, entry = claimed.right, claimed.entry
    if verdict.verdict is Status.PROVED and right.term is not None and right.full is not None:
        return Goal(_printed(right.side.latex), right.term, right.full)
    if not verdict.derived:
        return None
    if right.mended is not None and verdict.verdict is Status.ILL_FORMED:
        return Goal(_printed(verdict.derived), _read(verdict.derived, entry) or right.mended, right.mended)
    shown = _read(verdict.derived, entry)
    if shown is None:
        return None
    try:
        return Goal(_printed(verdict.derived), shown, judge.full(shown, entry))
    except (DeriveError, Refusal):
        return None


def _read(shown: str, entry: Entry) -> Term | None:
    try:
        return read_latex(_printed(shown), entry.notation)
    except Unreadable:
        return None


def _names(t: Term) -> frozenset[str]:
    return frozenset(x.name for x in walk(t) if isinstance(x, Sym))


class Chain:
    """Lines, each proved from the one before."""

    def __init__(self, scene: Scene, first: Line, goal: Goal, sign: str, seconds: float) -> None:
        self.scene, self.goal, self.sign = scene, goal, sign
        self.lines = [first]
        self.rules: list[str] = []  #: not told yet, of lines too long to be shown
        self.relation, self.limit = "=", False  #: of those lines; whether the path of the limit is put in
        self.current = first.shown
        self.stop = time.process_time() + seconds

    # -- growing -------------------------------------------------------------------------------------------

    def extend(self, moves: Iterable[Move]) -> None:
        """Make the moves in turn, each as often as it leads on, until the end is reached or the time is up."""
        open_end = any(isinstance(x, (Int, Min)) or (isinstance(x, Fn) and x.name == "mean") for x in walk(self.goal.full))
        for move in moves:
            if open_end and move is not moves[0]:  # the end is an integral itself: nothing is worked out
                break
            for _ in range(REPEATED):
                if self.ended() or time.process_time() > self.stop or not self._made(move):
                    break

    def _made(self, move: Move) -> bool:
        for p in self._proposed(move):
            if (line := tidied(p.line)) != self.current and self.add(replace(p, line=line)):
                return True
        return False

    def _proposed(self, move: Move) -> Iterator[Proposal]:
        try:
            yield from move(self.current, self.scene)
        except (DeriveError, Refusal, ArithmeticError):
            return

    def add(self, p: Proposal) -> bool:
        """Add a line if the kernel proves it from the one before."""
        steps = self.proof(self.current, p.relation, p.line, path=p.path)
        if steps is None:
            return False
        spelled = latex(p.line, self.scene.entry.notation)
        self.current = p.line
        if spelled == self.lines[-1].latex:
            self.lines[-1] = replace(self.lines[-1], shown=p.line)
            return True
        self._tell(p.rule, *(steps if p.steps else ()))
        self.relation = stronger(self.relation, p.relation)
        self.limit = self.limit or p.path
        if len(spelled) <= LONGEST:
            self._show(p.line, spelled)
        return True

    def _tell(self, *rules: str) -> None:
        self.rules += [r for r in dict.fromkeys(rules) if r and r not in self.rules]

    def _show(self, shown: Term, spelled: str) -> None:
        self.lines.append(Line(self.relation, shown, spelled, "; ".join(self.rules) or "rearranged"))
        self.rules, self.relation = [], "="

    def ended(self) -> bool:
        return len(self.lines) > 1 and (self.current == self.goal.shown or self.lines[-1].latex == self.goal.latex)

    def end(self) -> bool:
        """Close the chain with the right form; False where the kernel does not prove that last step."""
        steps = self.proof(self.current, self.sign, self.goal.full, whole=True)
        if steps is None:
            return False
        if self.ended():
            self.lines[-1] = replace(self.lines[-1], latex=self.goal.latex)
            return True
        regime = self.scene.entry.regime
        if self.scene.regime and regime is not None and not self.limit:
            self._tell(regime.text)
        self._tell(*steps)
        self.relation = self.sign
        self._show(self.goal.shown, self.goal.latex)
        return True

    def steps(self) -> tuple[Step, ...]:
        return tuple(line.step() for line in self.lines) if 2 < len(self.lines) <= MOST else ()

    # -- proving -------------------------------------------------------------------------------------------

    def proof(self, a: Term, sign: str, b: Term, whole: bool = False, path: bool = False) -> tuple[str, ...] | None:
        """Names of the kernel's steps in a proof of `a sign b`; None where it has none."""
        scene, entry = self.scene, self.scene.entry
        try:
            left, right = scene.full(a), b if whole else scene.full(b)
            if path and entry.regime is not None:
                left, right = along(left, entry.regime.path), along(right, entry.regime.path)
            return proved(scene.judge, entry, left, sign, right)
        except (DeriveError, Refusal):
            return None


def stronger(a: str, b: str) -> str:
    """The sign of two steps in one."""
    return b if a == "=" else a


def proved(judge: Judge, entry: Entry, left: Term, sign: str, right: Term) -> tuple[str, ...]:
    """Names of the kernel's steps in its proof of a relation between unfolded terms, bookkeeping last and least.

    Raises
    ------
    Refusal : the kernel does not prove it.
    """
    context, regime = entry.notation.context, entry.regime
    if sign == "=" or (sign == "∝" and entry.proportional_in):
        s, normal = Statement(left, sign, right, context), judge.decider.normal(context)
        theorem = equality(s, normal) if sign == "=" else proportional(s, entry.proportional_in, normal)
        if theorem.needs:
            raise Refusal("it holds under a condition only")
        return telling(theorem, right, normal)
    variable = regime.variable if regime is not None else None
    if regime is not None:
        left, right = along(left, regime.path), along(right, regime.path)
    s = Statement(left, sign, right, context, variable)
    normal = judge.decider.normal(context, coarse=regime is not None)
    unsettled = regime is not None and regime.above is not None and regime.above[0] in free(left) | free(right)
    if regime is not None and (still_moving(s, regime) or unsettled):
        raise Refusal("no single path")
    found = order(s, normal) if sign in ORDERS else asymptotic(s, normal)
    if not isinstance(found, Theorem):
        raise Refusal("it fails")
    return telling(found, right, normal)


def telling(theorem: Theorem, right: Term, normal: Normal) -> tuple[str, ...]:
    """The steps of a proof that a reader wants named: what the right side alone takes too is no step to it."""
    after = equality(Statement(right, "=", right, normal.context), normal).steps
    new = tuple(s for s in theorem.steps if s not in after)
    told = tuple(s for s in new or theorem.steps if s not in BOOKKEEPING) or new
    return told if new or not told else ("both lines work out alike", *told)


# -- where a name is defined ---------------------------------------------------------------------------


def definitions(judge: Judge, entry: Entry) -> tuple[dict[str, str], dict[str, str]]:
    """Equations that define a name, and that work one out, among those that an equation follows from, nearest first.

    A definition counts where it speaks of an integral if the name stands for one here.
    """
    defined: dict[str, str] = {}
    worked: dict[str, str] = {}
    seen, waiting = {entry.number}, list(entry.uses)
    displays = {e.number: e.latex for e in judge.library.equations}
    while waiting:
        number = waiting.pop(0)
        if number in seen or number not in displays or number not in judge.library.entries:
            continue
        seen.add(number)
        other = judge.library.entries[number]
        waiting += other.uses
        name = _left_of(displays[number])
        for spelling in (name, f"<{name}>"):
            known = entry.notation.names.get(spelling)
            if known is None:
                continue
            if other.defines or other.premise:
                full = judge.full(Sym(spelling), entry)
                if any(isinstance(x, Int) for x in walk(full)) == (r"\int" in displays[number]):
                    defined.setdefault(spelling, number)
            elif other.number in entry.uses:
                worked.setdefault(spelling, number)
    return defined, worked


def _left_of(display: str) -> str:
    try:
        first = split(display)[0].left
        return canonical(first.latex) if first is not None else ""
    except (Unreadable, IndexError):
        return ""
