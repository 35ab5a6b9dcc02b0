"""A sign that fails in the regime of its equation, and holds in a further limit that the paper may have in mind."""

from __future__ import annotations

from dataclasses import replace

from derive.claim import Entry
from derive.conditions import Printed, says, worded
from derive.deciding import Decider
from derive.term import Term
from derive.verdict import Correction, Status, Verdict


def holds_beyond(
    verdict: Verdict, decider: Decider, left: Term, sign: str, right: Term, entry: Entry, said: Printed
) -> Verdict:
    """The verdict on a refuted sign, conditional where the sign holds in the further limit of its entry.

    The refutation stays: it is the witness outside the condition. Where the print states that limit, the sign holds.
    """
    if entry.beyond is None or verdict.verdict is not Status.REFUTED:
        return verdict
    further = decider.decide(left, sign, right, replace(entry, regime=entry.beyond))
    if further.status is not Status.PROVED:
        return verdict
    evidence = (*verdict.evidence, *(f"in the further limit: {e}" for e in further.evidence))
    if says(said, entry.beyond.text):
        return replace(
            verdict, verdict=Status.PROVED, fault=None, severity=None, derived=None, correction=None, witness=None,
            reason=f"holds under the printed condition: {entry.beyond.text}", evidence=evidence,
        )  # fmt: skip
    if verdict.correction is None or r"\text" in verdict.correction.read:  # a right formula says more than a condition
        read = rf"{verdict.printed_rhs} \quad ({worded(entry.beyond.text)})"
        verdict = replace(verdict, correction=Correction(printed=verdict.printed_rhs, read=read))
    return replace(
        verdict,
        verdict=Status.CONDITIONAL,
        condition=entry.beyond.text,
        reason=f"holds for {entry.beyond.text}; without that, {verdict.reason}",
        evidence=evidence,
    )
