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
from derive.kernel.theorem import Statement, Theorem, asymptotic, equality, monotone, order
from derive.moves import MEAN, MOVES, Move, Proposal, Scene, by_definition, heavy
from derive.paths import still_moving
from derive.reader.display import split
from derive.reader.notation import canonical
from derive.reader.printer import latex
from derive.term import Elem, Fn, Int, Sym, Term, free, walk
from derive.tidy import tidied
from derive.unfold import read_latex
from derive.verdict import Fault, Severity, Status, Step, Verdict

if TYPE_CHECKING:
    from derive.judging import Judge, Said

MOST = 8  # lines
LONGEST = 420  # characters of LaTeX in a line
SECONDS = 1.0  # of processor time for one sign
REPEATED = 4  # times that one move may be made
TOLD = frozenset({Status.PROVED, Status.REFUTED, Status.CONDITIONAL, Status.ILL_FORMED})
REARRANGED = "rearranged"
ORDERS = ("<", ">", "≤", "≥")
#: Steps of the kernel that are bookkeeping, told only where there are no others.
BOOKKEEPING = frozenset({
    "linearity of sums, limits peeled", "order of summation exchanged", "a stated equality of the section",
    "product as exponential of a sum of logarithms", "logarithm of a product of positive factors",
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
    path: bool = False

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
    """The derivation of what a sign claims, or of what it should claim; empty where none has two steps.

    Parameters
    ----------
    moves : what proposes lines; they are believed in nothing.
    seconds : of processor time; when they are up, the derivation goes to its end from where it is.
    """
    if verdict.verdict not in TOLD or claimed.right.side.dots or claimed.entry.cases:
        return ()
    stop = time.process_time() + seconds
    for start, sign, goal in aims(judge, claimed, verdict):
        entry = claimed.entry
        regime = sign in LIMITS and entry.regime is not None and not entry.proportional_in
        kept = frozenset(x.name for x in walk(goal.shown) if isinstance(x, Sym))
        scene = Scene(judge, entry, kept, *definitions(judge, entry), regime=regime)
        chain = Chain(scene, start, goal, sign, stop)
        chain.extend(moves)
        if chain.end() and (steps := chain.steps()):
            return steps
    return ()


def aims(judge: Judge, claimed: Claimed, verdict: Verdict) -> Iterator[tuple[Line, str, Goal]]:
    """Where a derivation may start, the sign it should reach, and the right form; the likeliest first.

    It starts from what the chain starts from; where a line is right about a wrong one before it, from that line.
    """
    entry, signs = claimed.entry, (claimed.sign,)
    if verdict.verdict is not Status.PROVED and claimed.sign in (*ORDERS, *LIMITS) and not entry.proportional_in:
        signs = ("~", claimed.sign)  # what is given in place of a wrong bound is a leading term
    sides = [claimed.left] if claimed.sign in ORDERS and signs[0] != "~" else [claimed.anchor, claimed.left]
    starts = [Line("", x.term, _printed(x.side.latex)) for x in sides if x is not None and x.term is not None]
    if verdict.fault is Fault.LABEL and verdict.derived and (named := _named(verdict.derived)) is not None:
        starts, whole = [Line("", x, named[0]) for x in [_read(named[0], entry)] if x is not None], named[1]
        goals = [_goal(judge, entry, whole, None)]
    elif verdict.verdict is Status.PROVED and claimed.right.term is not None and claimed.right.full is not None:
        goals = [Goal(_printed(claimed.right.side.latex), claimed.right.term, claimed.right.full)]
    else:
        mended = claimed.right.mended if verdict.severity is Severity.NOTATION else None
        goals = [_goal(judge, entry, verdict.derived or "", mended)]
    for start in starts:
        for goal in goals:
            for sign in signs:
                if goal is None:
                    goal = _worked_out(judge, entry, start.shown, sign, verdict.derived or "")
                if goal is not None:
                    yield start, sign, goal


def _printed(shown: str) -> str:
    return shown.strip().rstrip(",.;").strip()


def _goal(judge: Judge, entry: Entry, derived: str, mended: Term | None) -> Goal | None:
    shown = _read(derived, entry) if derived else None
    if mended is not None and derived:
        return Goal(_printed(derived), shown or mended, mended)
    try:
        return Goal(_printed(derived), shown, judge.full(shown, entry)) if shown is not None else None
    except (DeriveError, Refusal):
        return None


def _worked_out(judge: Judge, entry: Entry, start: Term, sign: str, derived: str) -> Goal | None:
    """A right form that is printed in letters of the engine's own, which its reader does not take back."""
    scene = Scene(judge, entry, regime=sign != "=")
    try:
        found = scene.normal_form(start) if sign == "=" else scene.leading(scene.full(start))
    except (DeriveError, Refusal):
        return None
    return Goal(derived, found, found) if found is not None and latex(found, entry.notation) == derived else None


def _named(derived: str) -> tuple[str, str] | None:
    """Label and body of a right form that is a whole equation."""
    try:
        links = split(derived)
    except Unreadable:
        return None
    first = links[0].left if links else None
    return (first.latex, links[0].right.latex) if first is not None and len(links) == 1 else None


def _read(shown: str, entry: Entry) -> Term | None:
    try:
        return read_latex(_printed(shown), entry.notation)
    except Unreadable:
        return None


class Chain:
    """Lines, each proved from the one before."""

    def __init__(self, scene: Scene, first: Line, goal: Goal, sign: str, stop: float) -> None:
        self.scene, self.goal, self.sign, self.stop = scene, goal, sign, stop
        self.lines = [first]
        self.proofs: dict[tuple[Term, str, Term | None, bool], tuple[str, ...] | None] = {}
        self.rules: list[str] = []  #: not told yet, of lines too long to be shown
        self.relation, self.path = "=", False  #: of those lines; whether one of them puts in the path of the limit
        self.current = first.shown
        ends = walk(goal.shown)
        self.open_end = any(heavy(x) or (isinstance(x, Fn) and x.name == MEAN) for x in ends)  #: an integral itself

    # -- growing -------------------------------------------------------------------------------------------

    def extend(self, moves: Iterable[Move]) -> None:
        """Make the moves in turn, each as often as it leads on, until the end is reached or the time is up."""
        for move in moves:
            if self.open_end and move is not by_definition:  # it is to be reached, not worked out
                continue
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
        steps = self.proof(self.current, p.relation, p.line, p.path)
        if steps is None:
            return False
        if p.part is not None:
            steps = self.proof(p.part[0], p.relation, p.part[1]) or steps
        spelled = latex(p.line, self.scene.entry.notation)
        self.current = p.line
        if spelled == self.lines[-1].latex:
            return True
        self._tell(p.rule, *(steps if p.steps else ()))
        self.relation, self.path = weaker(self.relation, p.relation), self.path or p.path
        if len(spelled) <= LONGEST:
            self._show(p.line, spelled)
        return True

    def _tell(self, *rules: str) -> None:
        self.rules += [r for r in dict.fromkeys(rules) if r and r not in self.rules]

    def _show(self, shown: Term, spelled: str) -> bool:
        """Show a line if it is proved from the last one that is shown, too."""
        if self.proof(self.lines[-1].shown, self.relation, shown, self.path) is None:
            return False
        self.lines.append(Line(self.relation, shown, spelled, "; ".join(self.rules) or REARRANGED, self.path))
        self.rules, self.relation, self.path = [], "=", False
        return True

    def ended(self) -> bool:
        return len(self.lines) > 1 and (self.current == self.goal.shown or self.lines[-1].latex == self.goal.latex)

    def end(self) -> bool:
        """Close the chain with the right form; False where the kernel does not prove that last step."""
        last = self.sign
        if not self.ended() and not self.open_end:
            if len(self.lines) == 1:
                if self.scene.full(self.current) == self.goal.full:
                    return False  # the same formula twice
                self.current, self.rules = self.lines[0].shown, []
                self._summed_up(self.current, self.scene.full(self.current), "~" if self.scene.regime else "=")
            if (
                isinstance(self.goal.shown, (Sym, Elem)) and self.goal.full != self.goal.shown
            ):  # what a name at the end is
                if self._summed_up(self.goal.shown, self.goal.full, self.sign):
                    last = "~" if self.scene.regime else "="
        steps = self.proof(self.current, last, self.goal)
        if steps is None:
            return False
        if self.ended():
            self.lines[-1] = replace(self.lines[-1], latex=self.goal.latex)
            return True
        regime = self.scene.entry.regime
        if self.scene.regime and regime is not None and not any(regime.text in x.rule for x in self.lines):
            self._tell(regime.text)
        self._tell(*steps)
        self.relation = weaker(self.relation, last)
        if self.proof(self.lines[-1].shown, self.relation, self.goal, self.path) is None:
            return False
        self.lines.append(Line(self.relation, self.goal.shown, self.goal.latex, "; ".join(self.rules) or REARRANGED))
        return True

    def _summed_up(self, shown: Term, whole: Term, relation: str) -> bool:
        """A line with the leading term, or outside a limit the normal form, of a quantity."""
        scene = self.scene
        try:
            found = scene.leading(whole) if scene.regime else scene.defined(shown) or scene.normal_form(shown)
        except (DeriveError, Refusal):
            return False
        notation, regime = scene.entry.notation, scene.entry.regime
        spelled = latex(found, notation) if found is not None else ""
        known = (self.goal.latex, self.lines[-1].latex, latex(self.goal.shown, notation), latex(self.current, notation))
        if found is None or len(spelled) > LONGEST or spelled in known:
            return False
        told = f" of ${latex(shown, notation)}$" if isinstance(shown, (Sym, Elem)) else ""
        limit = f"leading term{told}: {regime.text}" if scene.regime and regime is not None else ""
        return self.add(Proposal(found, limit or ("" if told else "multiplied out"), relation))

    def steps(self) -> tuple[Step, ...]:
        """The lines, at most so many: the longest gives way where the one after it is proved from the one before."""
        while len(self.lines) > MOST and self._shortened():
            pass
        return tuple(x.step() for x in self.lines) if 2 < len(self.lines) <= MOST else ()

    def _shortened(self) -> bool:
        for k in sorted(range(2, len(self.lines) - 1), key=lambda k: -len(self.lines[k].latex)):
            before, line, after = self.lines[k - 1 : k + 2]
            relation, path = weaker(line.relation, after.relation), line.path or after.path
            end = self.goal if k + 2 == len(self.lines) else after.shown
            if self.proof(before.shown, relation, end, path) is not None:
                rule = "; ".join(dict.fromkeys(x for x in (line.rule, after.rule) if x != REARRANGED)) or REARRANGED
                self.lines[k : k + 2] = [replace(after, relation=relation, path=path, rule=rule)]
                return True
        return False

    # -- proving -------------------------------------------------------------------------------------------

    def proof(self, a: Term, sign: str, b: Term | Goal, path: bool = False) -> tuple[str, ...] | None:
        """Names of the kernel's steps in a proof of `a sign b`; None where it has none."""
        known = (a, sign, b if isinstance(b, Term) else None, path)
        if known not in self.proofs:
            self.proofs[known] = self._proof(a, sign, b, path)
        return self.proofs[known]

    def _proof(self, a: Term, sign: str, b: Term | Goal, path: bool) -> tuple[str, ...] | None:
        scene, entry = self.scene, self.scene.entry
        try:
            left, right = scene.full(a), b.full if isinstance(b, Goal) else scene.full(b)
            if path and entry.regime is not None:
                left, right = along(left, entry.regime.path), along(right, entry.regime.path)
            return proved(scene.judge, entry, left, sign, right)
        except (DeriveError, Refusal):
            return None


def weaker(a: str, b: str) -> str:
    """The sign of two steps in one."""
    return a if b == "=" or (b == "~" and a != "=") else b


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
    if regime is not None and still_moving(s, regime):
        raise Refusal("members of a family are left that move apart")
    if regime is not None and regime.above is not None and regime.above[0] in free(left) | free(right):
        second, boundary = regime.above
        if regime.variable in free(left) | free(right):
            return monotone(s, second, boundary, normal).steps
        s = replace(s, variable=second)  # it goes to infinity with the first, along whatever path
    found = order(s, normal) if sign in ORDERS else asymptotic(s, normal)
    if not isinstance(found, Theorem):
        raise Refusal("it fails")
    return telling(found, right, normal)


def telling(theorem: Theorem, right: Term, normal: Normal) -> tuple[str, ...]:
    """The steps of a proof that a reader wants named: what the right side alone takes too is no step to it."""
    after = equality(Statement(right, "=", right, normal.context), normal).steps
    new = tuple(s for s in theorem.steps if s not in after)
    told = tuple(s for s in new or theorem.steps if s not in BOOKKEEPING) or new
    return told if new or not heavy(right) else ("both lines work out alike", *told)


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
