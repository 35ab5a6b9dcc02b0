"""Derivations step by step: from what a chain starts from to the right form, for a reader to follow by hand.

Moves (`derive.moves`) propose lines; a line is shown only where the kernel proves how it stands to the one before.
What it does not prove is left out, so that two steps become one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from derive.claim import Entry, Library, along
from derive.errors import DeriveError, Unreadable
from derive.kernel.poly import Refusal
from derive.kernel.proportion import proportional
from derive.kernel.theorem import Statement, Theorem, asymptotic, equality, order
from derive.moves import MOVES, Move, Scene
from derive.paths import still_moving
from derive.reader.display import split
from derive.reader.notation import canonical
from derive.reader.printer import latex
from derive.term import Fn, Int, Min, Sym, Term, free, walk
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
    limit: bool = False

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
    scene = Scene(judge, claimed.entry, kept, definitions(judge.library, claimed.entry), regime=regime)
    chain = Chain(scene, Line("", start.term, _printed(start.side.latex)), goal, claimed.sign, seconds)
    chain.extend(moves)
    if not chain.ended() and (regime and not chain.on_path()):
        pass
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
        self.rules: list[str] = []  #: of lines too long to be shown
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
        for proposed, rule in self._proposed(move):
            if proposed != self.current and self.add("=", proposed, rule):
                return True
        return False

    def _proposed(self, move: Move) -> Iterator[tuple[Term, str]]:
        try:
            yield from move(self.current, self.scene)
        except (DeriveError, Refusal, ArithmeticError):
            return

    def add(self, relation: str, shown: Term, rule: str) -> bool:
        """Add a line if the kernel proves it from the one before."""
        steps = self.proof(self.current, relation, shown)
        if steps is None:
            return False
        told = rule or "; ".join(steps)
        spelled = latex(shown, self.scene.entry.notation)
        self.current = shown
        if told and told not in self.rules:
            self.rules.append(told)
        if spelled == self.lines[-1].latex:
            self.lines[-1] = replace(self.lines[-1], shown=shown)
        elif len(spelled) <= LONGEST:
            self._show(Line(relation, shown, spelled))
        return True

    def _show(self, line: Line) -> None:
        self.lines.append(replace(line, rule="; ".join(self.rules)))
        self.rules = []

    def ended(self) -> bool:
        return len(self.lines) > 1 and (self.current == self.goal.shown or self.lines[-1].latex == self.goal.latex)

    def end(self) -> bool:
        """Close the chain with the right form; False where the kernel does not prove that last step."""
        if self.ended() and self.sign == "=":
            self.lines[-1] = replace(self.lines[-1], latex=self.goal.latex)
            return True
        steps = self.proof(self.current, self.sign, self.goal.full, whole=True)
        if steps is None:
            return False
        regime = self.scene.entry.regime
        if self.scene.regime and regime is not None:
            steps = (regime.text, *steps)
        for told in steps:
            if told not in self.rules:
                self.rules.append(told)
        self._show(Line(self.sign, self.goal.shown, self.goal.latex))
        return True

    def steps(self) -> tuple[Step, ...]:
        return tuple(line.step() for line in self.lines) if 2 < len(self.lines) <= MOST else ()

    # -- proving -------------------------------------------------------------------------------------------

    def proof(self, a: Term, sign: str, b: Term, whole: bool = False) -> tuple[str, ...] | None:
        """Names of the kernel's steps in a proof of `a sign b`; None where it has none."""
        scene, entry = self.scene, self.scene.entry
        try:
            left, right = scene.full(a), b if whole else scene.full(b)
            return proved(scene.judge, entry, left, sign, right)
        except (DeriveError, Refusal):
            return None


def proved(judge: Judge, entry: Entry, left: Term, sign: str, right: Term) -> tuple[str, ...]:
    """Names of the kernel's steps in its proof of a relation between unfolded terms; those that `left` alone takes.

    Raises
    ------
    Refusal : the kernel does not prove it.
    """
    context, regime = entry.notation.context, entry.regime
    if sign == "=":
        normal = judge.decider.normal(context)
        theorem = equality(Statement(left, "=", right, context), normal)
        if theorem.needs:
            raise Refusal("equal under a condition only")
        after = equality(Statement(right, "=", right, context), normal).steps
        return tuple(s for s in theorem.steps if s not in after) or theorem.steps
    if sign == "∝" and entry.proportional_in:
        return proportional(
            Statement(left, sign, right, context), entry.proportional_in, judge.decider.normal(context)
        ).steps
    variable = regime.variable if regime is not None else None
    if regime is not None:
        left, right = along(left, regime.path), along(right, regime.path)
    s = Statement(left, sign, right, context, variable)
    normal = judge.decider.normal(context, coarse=regime is not None)
    if regime is not None and (still_moving(s, regime) or (regime.above and regime.above[0] in free(left) | free(right))):
        raise Refusal("no single path")
    found = order(s, normal) if sign in ORDERS else asymptotic(s, normal)
    if not isinstance(found, Theorem):
        raise Refusal("it fails")
    return found.steps


# -- where a name is defined ---------------------------------------------------------------------------


def definitions(library: Library, entry: Entry) -> dict[str, str]:
    """The equation that defines each name, among those that an equation follows from, the nearest first."""
    found: dict[str, str] = {}
    seen, waiting = {entry.number}, list(entry.uses)
    displays = {e.number: e for e in library.equations}
    while waiting:
        number = waiting.pop(0)
        if number in seen or number not in library.entries:
            continue
        seen.add(number)
        other = library.entries[number]
        waiting += other.uses
        if (other.defines or other.premise) and number in displays:
            name = _left_of(displays[number].latex)
            for spelling in (name, f"<{name}>") if name else ():
                found.setdefault(spelling, number)
    return found


def _left_of(display: str) -> str | None:
    try:
        first = split(display)[0].left
        return canonical(first.latex) if first is not None else None
    except (Unreadable, IndexError):
        return None


Injected = Callable[[Term, Scene], Iterable[tuple[Term, str]]]
