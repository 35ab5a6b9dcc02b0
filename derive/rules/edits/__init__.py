"""Small edits of a printed side: what a referee would write in the margin.

A repair is a proposal. It becomes a correction only after the kernel has proved the edited formula, and the kind of
the edit that succeeds names the fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derive.reader.notation import Notation
from derive.rules.edits.broad import broad, light, times
from derive.rules.edits.local import local, lost
from derive.rules.edits.names import divided, look_alikes
from derive.rules.edits.places import Edit
from derive.rules.edits.pool import Pool
from derive.rules.edits.whole import structural, unshadowed
from derive.term import Term
from derive.verdict import Fault

FEW = 16  #: roles and letters in the wrong place, of which pairs are tried before anything new is put in


@dataclass(frozen=True)
class Repair:
    """An edited side, the fault that the edit mends, and how many edits it took."""

    fault: Fault
    term: Term
    edits: int = 1
    stage: int = 0  #: edits of one stage are about as likely; in the first they bring in nothing new


def repairs(
    t: Term, other: Term, notation: Notation, pool: Pool | None = None, meaningless: bool = False
) -> Iterator[Repair]:
    """Edited versions of `t`: one edit, the likeliest first, then pairs. `other` is the side it should equal.

    Without a pool, nothing is put in that the side does not hold. What has no meaning as printed is likelier to need
    two edits, one of which gives it a meaning.
    """
    seen = {t}

    def new(edits: Iterator[Edit], number: int = 1, stage: int = 0) -> Iterator[Repair]:
        for fault, x in edits:
            if x not in seen:
                seen.add(x)
                yield Repair(fault, x, number, stage + number)

    yield from new(iter([(Fault.INDEX, unshadowed(t, notation, frozenset()))]))
    first = list(new(structural(t, other, notation)))
    yield from first
    yield from new(local(t, other, notation))

    def pairs() -> Iterator[Repair]:
        for r in first:
            more = local(r.term, other, notation)
            yield from new(((r.fault, y) for fault, y in more if fault in (Fault.MISSING_FACTOR, Fault.LABEL)), 2)

    def roles() -> Iterator[Repair]:
        for r in first:
            yield from new(((r.fault, y) for _, y in structural(r.term, other, notation)), 2)

    early = [roles] if len(first) <= FEW else []
    early += [roles, pairs] if meaningless else []
    for way in early:
        yield from way()
    if pool is not None:
        yield from new(broad(t, other, notation, pool), 1, 1)
    yield from roles()
    yield from pairs()
    yield from new(lost(t, notation), 2, 1)
    if pool is None:
        return
    for fault, x in light(t, other, notation):
        yield from new(((fault, y) for _, y in light(x, other, notation)), 2, 1)


__all__ = ["Edit", "Pool", "Repair", "divided", "look_alikes", "repairs", "times"]
