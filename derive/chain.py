"""Lines of a derivation, each proved from the one before.

A line is shown only where the kernel proves how it stands to the last line that is shown. What it does not prove is
left out, so that two steps become one.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from derive.claim import Entry, along
from derive.errors import DeriveError
from derive.kernel.normal import Normal
from derive.kernel.poly import Refusal
from derive.kernel.proportion import proportional
from derive.kernel.theorem import Statement, Theorem, asymptotic, equality, monotone, order
from derive.moves import MEAN, Move, Proposal, Scene, by_definition, heavy
from derive.paths import still_moving
from derive.reader.printer import latex
from derive.term import Elem, Fn, Sym, Term, free, walk
from derive.tidy import tidied
from derive.verdict import Step

if TYPE_CHECKING:
    from derive.judging import Judge

MOST = 8  # lines
LONGEST = 420  # characters of LaTeX in a line
REPEATED = 4  # times that one move may be made
REARRANGED = "rearranged"
ORDERS = ("<", ">", "≤", "≥")
#: Steps of the kernel that are bookkeeping, told only where there are no others.
BOOKKEEPING = frozenset({
    "linearity of sums, limits peeled", "order of summation exchanged", "a stated equality of the section",
    "product as exponential of a sum of logarithms", "logarithm of a product of positive factors",
})  # fmt: skip
LIMITS = ("~", "≈", "∝", "≳", "≲", "≫", "≪")


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
        if len(spelled) <= LONGEST and self._known(p.line):
            self._show(p.line, spelled)
        return True

    def _known(self, shown: Term) -> bool:
        """Whether a reader knows every name in a line."""
        ours = {x.name for x in self.scene.ours if isinstance(x, Sym)}
        told = self.scene.letters | free(self.lines[0].shown) | free(self.goal.shown)
        return free(shown) <= told | self.scene.parameters() | ours

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
            named = isinstance(self.goal.shown, (Sym, Elem)) and self.goal.full != self.goal.shown
            if named and self._summed_up(self.goal.shown, self.goal.full, self.sign):
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
        if found is None or len(spelled) > LONGEST or spelled in known or not self._known(found):
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
