"""The list of errata: one for each wrong line, with all the signs that it breaks."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

from derive.verdict import Checked, Fault, Verdict
from reports import words
from reports.clean import clean
from reports.notes import nth
from reports.sentences import place, places
from reports.views import ClaimView, Edit, ErrataGroup, ErratumView, Link, Math, Prose


def errata(
    verdicts: tuple[Verdict, ...], claims: tuple[ClaimView, ...], says: dict[str, Prose]
) -> tuple[ErratumView, ...]:
    """One erratum per wrong line.

    A sign whose right side has the derived value is broken by the line before, and a line that only repeats
    the fault of the one before is carried: both go with the line where the fault starts.
    """
    leads: dict[object, list[ClaimView]] = {}
    broken: dict[object, list[ClaimView]] = defaultdict(list)
    carried: dict[object, list[ClaimView]] = defaultdict(list)
    home: dict[str, object] = {}  # claim → key of its erratum
    lines: dict[tuple[str, str], object] = {}  # (equation, a wrong line) → key of its erratum
    reach = {c.id: v.reach for v, c in zip(verdicts, claims, strict=True)}
    signs = Counter(c.equation for c in claims)
    reads = {(c.equation, c.correction_read): (c.equation, c.correction_for, c.correction_read) for c in claims}
    for v, c in zip(verdicts, claims, strict=True):
        if not c.wrong and not c.correction_read:
            continue
        before = [home[u] for u in v.uses if u in home and u.rpartition("#")[0] == v.equation]
        wrong_left = lines.get((c.equation, c.left.latex.rstrip(" .,;")))
        key: object = (c.equation, c.correction_for, c.correction_read) if c.correction_read else c.id
        if not c.wrong and before:
            key = before[0]
            carried[key].append(c)
        elif c.derived and not c.correction_read and wrong_left is not None:
            key = wrong_left
            broken[key].append(c)
        elif c.derived and not c.correction_read and (c.equation, c.derived) in reads:
            key = reads[(c.equation, c.derived)]  # dots: the line after them is the wrong one
            broken[key].append(c)
        else:
            leads.setdefault(key, []).append(c)
            if c.correction_for:
                lines.setdefault((c.equation, c.correction_for.latex), key)
                line = c.right.latex.rstrip(" .,;")
                if c.correction_for.latex.endswith(f"= {line}"):  # the whole equation is corrected, name and all
                    lines.setdefault((c.equation, line), key)
        home[v.id] = key
    return tuple(
        replace(
            _erratum(n, cs, broken[key], carried[key]),
            falls=places(r.claim for r in reach[cs[0].id] if not r.stands),
            stands=places(r.claim for r in reach[cs[0].id] if r.stands),
            sign=nth(cs[0].id, signs[cs[0].equation]),
            says=says.get(cs[0].equation, Prose(())),
        )
        for n, (key, cs) in enumerate(leads.items(), start=1)
    )


def _erratum(n: int, claims: list[ClaimView], broken: list[ClaimView], carried: list[ClaimView]) -> ErratumView:
    lead, *also = claims
    read, printed = lead.correction_read, lead.correction_for
    only_adds = read is not None and printed is not None and read.latex.startswith(printed.latex + r" \quad")
    return ErratumView(
        number=n,
        anchor=f"erratum-{n}",
        place=lead.place,
        sign="",
        lead=lead,
        reason=_without(lead.reason, read),
        adds=lead.condition if only_adds else Prose(()),
        also=tuple(also),
        broken=tuple(Link(claim=c.id, anchor=c.anchor) for c in broken),
        carried=tuple(
            Edit(claim=Link(claim=c.id, anchor=c.anchor), printed=c.correction_for, read=c.correction_read)
            for c in carried
            if c.correction_for and c.correction_read
        ),
    )


def placed(e: ErratumView, checked: Checked) -> ErratumView:
    """An erratum to a statement says where in its section that stands."""
    where = next((p.passage.where for p in checked.passages if p.passage and place(p.number) == e.place), "")
    return replace(e, place=f"{e.place}, {clean(where)}") if where else e


def _without(reason: Prose, read: Math | None) -> Prose:
    """The reason without the formula that the erratum has just given."""
    same = read.latex if read else None
    parts: list[str | Math] = []
    for p in reason.parts:
        if isinstance(p, Math) and p.latex.rstrip(" .,;") == same:
            parts.append("corrected here" + p.latex[len(same) :])
        else:
            parts.append(p)
    return Prose(tuple(parts))


def mended(e: ErratumView) -> list[str]:
    links = [*e.broken, *(edit.claim for edit in e.carried)]
    return [*(c.id for c in e.claims), *(link.claim for link in links)]


def groups(errata: tuple[ErratumView, ...]) -> tuple[ErrataGroup, ...]:
    """The overview: by weight; what the extraction most likely did stands apart, it is not the author's."""

    def kind(e: ErratumView) -> str:
        extraction = e.lead.fault == Fault.EXTRACTION.value
        return words.EXTRACTION if extraction else e.lead.severity or words.UNWEIGHED

    found = [
        ErrataGroup(name=name, meaning=meaning, errata=tuple(e for e in errata if kind(e) == name))
        for name, meaning in words.GROUPS.items()
    ]
    return tuple(g for g in found if g.errata)
