"""Signs between two printed lines: what is compared where an index is free in both, and which other sign would hold."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from derive.claim import Entry
from derive.deciding import ORDER, Decider
from derive.term import Term
from derive.verdict import Status, Verdict
from derive.wellformed import free_indices, problems

if TYPE_CHECKING:
    from derive.judging import Judge, Judged, Said

OTHERS = {">": ("≥", "<", "≤"), "<": ("≤", ">", "≥"), "≥": ("<",), "≤": (">",)}


def shared(left: Said, right: Said, sign: str, entry: Entry) -> frozenset[str] | None:
    """The indices that the line before leaves free, where this side leaves no other: then the two can be compared.

    An order may speak of every value of an index that only one of its sides has.
    """
    if not left.loose or right.slips or left.full is None or right.full is None:
        return None
    mine, theirs = (free_indices(t, entry.notation) - entry.fixed for t in (right.full, left.full))
    index = theirs | mine if sign in ORDER else theirs
    if not theirs or (mine != theirs and sign not in ORDER):
        return None
    return None if problems(right.full, left.full, entry.notation, entry.fixed | index) else index


def between(judge: Judge, base: Verdict, entry: Entry, sign: str, left: Term, right: Said) -> Judged:
    """A sign between two lines of which neither has its index bound: judged for every value of the index."""
    assert right.full is not None
    outcome = judge.decider.decide(left, sign, right.full, entry)
    judged = judge.settled(base, entry, sign, left, right, outcome, None)
    right.loose = bool(free_indices(right.full, entry.notation) & entry.fixed)
    told = "taken for each value of the indices left free; the line before is not the derived quantity"
    judged.verdict = replace(judged.verdict, reason=f"{judged.verdict.reason}; {told}")
    judged.agrees = False
    return judged


def other_sign(decider: Decider, left: Term, sign: str, right: Term, entry: Entry) -> str | None:
    """The order that is proved in place of one that fails; None where none is."""
    for other in OTHERS[sign]:
        if decider.decide(left, other, right, entry).status is Status.PROVED:
            return other
    return None
