"""Verdicts put together: of one sign from several cases, of a sign before dots from the one after them."""

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
            reason=f"holds for {words}; fails, at the witness, for {case.text}",
        )
    elif not failing and any(j.verdict.verdict is Status.UNDECIDED for _, j in found):
        verdict = replace(verdict, verdict=Status.UNDECIDED, reason="; ".join(told))
    elif not failing and verdict.verdict in HOLDS:
        verdict = replace(verdict, verdict=Status.SUPPORTED, scope="the cases tried", reason="; ".join(told))
    return replace(first, verdict=verdict)


def elided(out: list[Judged]) -> list[Judged]:
    """A sign before dots claims what the sign after them claims."""
    for k, j in enumerate(out[:-1]):
        if j.right is not None and j.right.side.dots:
            after = out[k + 1].verdict
            note = "the dots stand for steps left out; judged as one sign with the next: "
            j.verdict = replace(
                after, id=j.verdict.id, printed_lhs=j.verdict.printed_lhs, printed_rhs=j.verdict.printed_rhs,
                relation=j.verdict.relation, reason=note + after.reason, correction=None, seconds=0.0,
            )  # fmt: skip
            j.agrees = out[k + 1].agrees
    return out
