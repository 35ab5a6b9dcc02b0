"""What is said beside a display and below it: one note for signs that fare alike, one remark for those told alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from reports import words
from reports.views import ClaimView, Link, NoteView, Prose, RemarkView, StepView, WitnessView


def notes(claims: Sequence[ClaimView], mends: Mapping[str, Link]) -> tuple[NoteView, ...]:
    """The notes in the margin, in the order of the signs."""

    def alike(c: ClaimView) -> tuple[words.Badge, str, Link | None]:
        return c.badge, words.BRIEF_SCOPES.get(c.scope, c.scope), mends.get(c.id)

    found = []
    for (badge, scope, erratum), group in groupby(claims, key=alike):
        numbers = _numbers(group, claims)
        signs = _signs(numbers, claims)
        found.append(NoteView(badge=badge, numbers=numbers, signs=signs, scope=scope, erratum=erratum))
    return tuple(found)


def remarks(claims: Sequence[ClaimView], leads: frozenset[str]) -> tuple[RemarkView, ...]:
    """What there is to tell of the claims of a display; the errata give the reasons of their `leads`.

    A witness or derivation that several signs share is told once. A sign that is proved by plain calculation needs
    no words beside its mark, unless there is a derivation to follow.
    """
    told = {c.id: _reason(c, leads) for c in claims}

    def alike(c: ClaimView) -> object:
        alone = c.witness or c.derivation or c.condition
        return c.id if alone else (c.badge, told[c.id])

    found = []
    shown: set[WitnessView | tuple[StepView, ...]] = set()
    for _, group in groupby(claims, key=alike):
        same = list(group)
        c = same[0]
        witness = c.witness if c.witness not in shown else None
        derivation = c.derivation if c.derivation not in shown else ()
        shown |= {one for one in (c.witness, c.derivation) if one}
        condition = Prose(()) if c.id in leads else c.condition
        if told[c.id] or condition or witness or derivation:
            found.append(
                RemarkView(
                    badge=c.badge,
                    signs=_signs(_numbers(same, claims), claims),
                    reason=told[c.id],
                    condition=condition,
                    witness=witness,
                    derivation=derivation,
                )
            )
    return tuple(found)


def _reason(c: ClaimView, leads: frozenset[str]) -> Prose:
    said = str(c.reason)
    plain = c.badge in words.QUIET and said in words.PLAIN_REASONS
    return Prose(()) if c.id in leads or plain or said.endswith(words.LOOKED_UP) else c.reason


def _numbers(some: Iterable[ClaimView], every: Sequence[ClaimView]) -> tuple[int, ...]:
    names = {c.id for c in some}
    return tuple(n for n, c in enumerate(every, start=1) if c.id in names)


def _signs(numbers: tuple[int, ...], every: Sequence[ClaimView]) -> str:
    """The numbers of signs that follow each other: "1–3"."""
    if len(every) < 2:
        return ""
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}"
