"""Derivations step by step: from what a chain starts from to the right form, for a reader to follow by hand.

Moves (`derive.moves`) propose lines; a line is shown only where the kernel proves how it stands to the one before.
What it does not prove is left out, so that two steps become one.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from derive.claim import Entry
from derive.errors import DeriveError, Unreadable
from derive.kernel.poly import Refusal
from derive.moves import MOVES, Move, Scene
from derive.reader.display import split
from derive.reader.notation import canonical
from derive.reader.printer import latex
from derive.term import Int, Sym, Term, walk
from derive.unfold import read_latex
from derive.verdict import Fault, Severity, Status, Step, Verdict

if TYPE_CHECKING:
    from derive.judging import Judge, Said
from derive.chain import LIMITS, ORDERS, Chain, Goal, Line

SECONDS = 1.0  # of processor time for one sign
TOLD = frozenset({Status.PROVED, Status.REFUTED, Status.CONDITIONAL, Status.ILL_FORMED})


@dataclass(frozen=True)
class Claimed:
    """A relation sign with its sides as they were read."""

    entry: Entry
    sign: str
    left: Said | None
    right: Said
    anchor: Said | None  #: what the chain starts from


def derivation(
    judge: Judge, claimed: Claimed, verdict: Verdict, moves: Sequence[Move] = MOVES, seconds: float = SECONDS
) -> tuple[Step, ...]:
    """The derivation of what a sign claims, or of what it should claim; empty where none has two steps.

    Parameters
    ----------
    moves : what proposes lines; they are believed in nothing.
    seconds : of processor time; when they are up, the derivation goes to its end from where it is.
    """
    chain = derived(judge, claimed, verdict, moves, seconds)
    return chain.steps() if chain is not None else ()


def derived(
    judge: Judge, claimed: Claimed, verdict: Verdict, moves: Sequence[Move] = MOVES, seconds: float = SECONDS
) -> Chain | None:
    """The lines of `derivation`, as terms."""
    if verdict.verdict not in TOLD or claimed.right.side.dots or claimed.entry.cases:
        return None
    stop = time.process_time() + seconds
    for start, sign, goal in aims(judge, claimed, verdict):
        entry = claimed.entry
        regime = sign in LIMITS and entry.regime is not None and not entry.proportional_in
        kept = frozenset(x.name for x in walk(goal.shown) if isinstance(x, Sym))
        scene = Scene(judge, entry, kept, *definitions(judge, entry), regime=regime)
        chain = Chain(scene, start, goal, sign, stop)
        chain.extend(moves)
        if chain.end() and chain.steps():
            return chain
    return None


def aims(judge: Judge, claimed: Claimed, verdict: Verdict) -> Iterator[tuple[Line, str, Goal]]:
    """Where a derivation may start, the sign it should reach, and the right form; the likeliest first.

    It starts from what the chain starts from; where a line is right about a wrong one before it, from that line.
    """
    entry, signs = claimed.entry, [claimed.sign]
    if verdict.verdict is not Status.PROVED and claimed.sign in (*ORDERS, *LIMITS) and not entry.proportional_in:
        signs = ["~", claimed.sign]  # what is given in place of a wrong bound is a leading term
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
