"""Slips that reach over both sides of a sign: a wrong name on the left, a factor that belongs inside a sum."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from derive.claim import Entry
from derive.rewording import reworded
from derive.rules.edits import Repair, divided, look_alikes
from derive.term import Sym
from derive.verdict import Correction, Severity, Status, Verdict
from derive.wellformed import Problem

if TYPE_CHECKING:
    from derive.judging import Judge, Said


def relabelled(judge: Judge, left: Said, right: Said, entry: Entry, mending: bool) -> tuple[str | None, Repair | None]:
    """A name much like the printed left one for which the equality is proved, the right side mended if need be."""
    assert right.full is not None
    for name in look_alikes(left.term.name, entry.notation) if isinstance(left.term, Sym) else ():
        meant = entry.unfolded(Sym(name))
        repair = judge.repair(meant, "=", right, entry, narrow=True)[1] if mending else None
        if repair is not None or (not mending and judge.decider.proves_equal(meant, right.full, entry)):
            left.mended = meant
            return entry.notation.names[name].latex, repair
    return None, None


def moved(judge: Judge, base: Verdict, entry: Entry, left: Said, right: Said, found: list[Problem]) -> Verdict | None:
    """A factor with a stray index on the left is read as what divides the terms of the sum on the right."""
    stray = [p.text.split()[2] for p in found if p.text.endswith("free on the left side only")]
    if len(found) != 1 or not stray or left.term is None or left.full is None:
        return None
    assert right.term is not None and right.full is not None
    printed, full = (divided(*sides, stray[0]) for sides in ((left.term, right.term), (left.full, right.full)))
    if printed is None or full is None:
        return None
    outcome = judge.decider.decide(full[0], "=", full[1], entry)
    shown = " = ".join(reworded(judge, t, side, entry) for t, side in zip(printed, (left, right), strict=True))
    told = "it holds" if outcome.holds else f"it is {outcome.status.value} ({outcome.reason})"
    erratum = Correction(printed=f"{base.printed_lhs} = {base.printed_rhs}", read=shown)
    return replace(
        base,
        verdict=Status.ILL_FORMED,
        fault=found[0].fault,
        severity=Severity.NOTATION if outcome.holds else None,
        derived=shown if outcome.holds else judge.derived(full[0], entry),
        correction=erratum if outcome.holds else None,
        witness=outcome.witness,
        evidence=outcome.evidence,
        reason=f"Has no meaning as printed: {found[0].text}. Read as ${shown}$, {told}.",
    )
