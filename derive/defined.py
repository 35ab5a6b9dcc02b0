"""The condition under which a printed side is defined, and a point outside it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from derive.claim import Entry
from derive.kernel.definedness import Need
from derive.kernel.poly import Refusal
from derive.points import instance, relevant
from derive.reader.printer import latex
from derive.term import Term, free, mul
from derive.verdict import Correction, Fault, Severity, Verdict, Witness

if TYPE_CHECKING:
    from derive.deciding import Decider


def where_defined(verdict: Verdict, decider: Decider, entry: Entry, needs: tuple[Need, ...], left: Term) -> Verdict:
    """The verdict on a side that is right wherever it is defined, with that condition."""
    signs = {"≠": r"\neq", "≥": r"\geq", "≤": r"\leq"}
    parts = []
    for n in needs:
        sign = n.relation.split()[0]
        part = f"{latex(_open_part(n, decider, entry), entry.notation)} {signs.get(sign, sign)} 0"
        if part not in parts:
            parts.append(part)
    condition = r",\; ".join(parts)
    point = relevant(instance(decider.library, entry, (left,), 0), left)
    for n in needs:
        for name in sorted(free(_open_part(n, decider, entry))) if n.relation == "≠ 0" else ():
            first = next((k for k in point if k.startswith(name + "_")), name)
            if first in point:
                point[first] = "0"
    return replace(
        verdict, condition=condition, fault=Fault.DOMAIN, severity=Severity.NOTATION,
        derived=verdict.printed_lhs or None,
        witness=Witness(point=point, printed="not defined", true="defined"),
        reason="equal wherever the printed side is defined, which is not everywhere that the derived quantity is",
        correction=Correction(printed=verdict.printed_rhs, read=rf"{verdict.printed_rhs} \quad ({condition})"),
    )  # fmt: skip


def _open_part(need: Need, decider: Decider, entry: Entry) -> Term:
    """The factors of a need whose sign is not known."""
    normal = decider.normal(entry.notation.context)
    try:
        one = normal.ratio(need.term).num.single
    except Refusal:
        return need.term
    if one is None or need.relation != "≠ 0":
        return need.term
    return mul(*(a for a, _ in one[0].factors if normal.generator_sign(a) != "positive"))
