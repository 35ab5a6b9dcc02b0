"""What is said beside a display and below it: one note for signs that fare alike, one remark for those told alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
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


#: Where the first lines of a derivation have stood before.
Told = dict[tuple[StepView, ...], Link]
#: So many lines at least are referred to rather than told again.
_FEWEST = 3


def remarks(claims: Sequence[ClaimView], leads: frozenset[str], before: Told) -> tuple[RemarkView, ...]:
    """What there is to tell of the claims of a display; the errata give the reasons of their `leads`.

    A witness that several signs share is told once, and a derivation that begins as one `before` goes on from there.
    A sign that is proved by plain calculation needs no words beside its mark, unless there is a derivation to follow.
    """
    told = {c.id: _reason(c, leads) for c in claims}

    def alike(c: ClaimView) -> object:
        alone = c.witness or c.derivation or c.condition
        return c.id if alone else (c.badge, told[c.id])

    found = []
    shown: set[WitnessView] = set()
    for _, group in groupby(claims, key=alike):
        same = list(group)
        c = same[0]
        witness = c.witness if c.witness not in shown else None
        shown |= {c.witness} if c.witness else set()
        condition = Prose(()) if c.id in leads else c.condition
        derivation, follows = _goes_on(c, before)
        if told[c.id] or condition or witness or derivation or follows:
            found.append(
                RemarkView(
                    badge=c.badge,
                    signs=_signs(_numbers(same, claims), claims),
                    reason=told[c.id],
                    condition=condition,
                    witness=witness,
                    derivation=derivation,
                    follows=follows,
                )
            )
    return tuple(found)


def _goes_on(c: ClaimView, before: Told) -> tuple[tuple[StepView, ...], Link | None]:
    """The lines of a derivation that are new, behind the last old one, and where the old ones stand."""
    steps = c.derivation
    old = next((k for k in range(len(steps), _FEWEST - 1, -1) if steps[:k] in before), 0)
    for k in range(_FEWEST, len(steps) + 1):
        before.setdefault(steps[:k], c.link)
    if not old:
        return steps, None
    start = replace(steps[old - 1], relation=None, rule=Prose(()))
    return ((start, *steps[old:]) if old < len(steps) else ()), before[steps[:old]]


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
