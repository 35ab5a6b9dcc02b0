"""A claim tried in several cases that its text allows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from derive.verdict import WRONG, Fault, Status

if TYPE_CHECKING:
    from derive.claim import Case
    from derive.judging import Judged

HOLDS = (Status.PROVED, Status.SUPPORTED)


def combined(found: list[tuple[Case, Judged]]) -> Judged:
    """The verdict on a sign from its cases: right in some of them only is conditional."""
    told = tuple(f"case, {case.text}: {j.verdict.verdict.value}" for case, j in found)
    holding = [case for case, j in found if j.verdict.verdict in HOLDS]
    failing = [(case, j) for case, j in found if j.verdict.verdict in WRONG]
    case, first = failing[0] if failing else found[0]
    verdict = replace(first.verdict, evidence=(*first.verdict.evidence, *told))
    if failing and holding:
        words = "; ".join(c.text for c in holding)
        verdict = replace(
            verdict,
            verdict=Status.CONDITIONAL,
            fault=Fault.DOMAIN,
            condition=r",\; ".join(c.where for c in holding if c.where) or None,
            reason=f"holds for {words}; fails for {case.text}",
        )
    elif not failing and any(j.verdict.verdict is Status.UNDECIDED for _, j in found):
        verdict = replace(verdict, verdict=Status.UNDECIDED, reason="; ".join(told))
    elif not failing and verdict.verdict in HOLDS:
        verdict = replace(verdict, verdict=Status.SUPPORTED, scope="the cases tried", reason="; ".join(told))
    return replace(first, verdict=verdict)
