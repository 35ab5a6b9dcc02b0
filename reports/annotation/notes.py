"""What a note says, worked out once for Markdown, LaTeX and PDF."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from derive.verdict import Status
from reports import words
from reports.layout import is_short
from reports.mathtext import safe
from reports.views import ChangeView, ClaimView, Edit, EquationView, ErratumView, Math, Prose, ReportView

#: Which verdict gives a note its colour, weightiest first.
WEIGHT = (
    Status.REFUTED, Status.ILL_FORMED, Status.CONDITIONAL, Status.UNDECIDED, Status.SUPPORTED, Status.PREMISE,
    Status.DEFINITION, Status.PROVED,
)  # fmt: skip
_ORDER = {words.BADGES[s]: k for k, s in enumerate(WEIGHT)}
_PLAIN = words.BADGES[Status.DEFINITION].tone
#: A note names at most so many places that are wrong as well.
_FALLS = 6
_NOTHING = Prose(())


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A verdict and the relation signs that have it: "#1, #3", or nothing where there is one sign only."""

    badge: words.Badge
    signs: str


@dataclass(frozen=True, kw_only=True)
class Item:
    """One erratum."""

    claims: str  #: "3.9#1, 3.9#2"
    kind: str  #: "refuted, severity: result"
    tone: str
    text: Prose
    wrong: bool = True  #: False where a claim was left undecided


@dataclass(frozen=True, kw_only=True)
class Note:
    """What is told at one equation or statement."""

    number: str
    place: str
    tone: str
    marks: tuple[Mark, ...]
    items: tuple[Item, ...]
    remark: str = ""  #: about the display itself: renumbered, printed twice
    says: Prose = _NOTHING  #: of a statement: what the paper says, in our words


def notes(report: ReportView) -> dict[str, Note]:
    """The notes of a report by the numbers of their equations and statements."""
    errata: dict[str, list[ErratumView]] = defaultdict(list)
    for e in report.errata:
        errata[e.lead.equation].append(e)
    found = {}
    for one in (*report.equations, *report.statements):
        badges = sorted({c.badge for c in one.claims}, key=_ORDER.__getitem__)
        found[one.number] = Note(
            number=one.number,
            place=_placed(one),
            tone=badges[0].tone if badges else _PLAIN,
            marks=_marks(one.claims),
            items=(*(_item(e) for e in errata[one.number]), *map(_open, filter(_is_open, one.claims))),
            remark="" if one.claims else "not judged",
            says=one.says,
        )
    return found


def bare(place: str, remark: str) -> Note:
    """A note without verdicts."""
    return Note(number="", place=place, tone=_PLAIN, marks=(), items=(), remark=remark)


def _placed(one: EquationView) -> str:
    return f"{one.place}, {one.where}" if one.where else one.place


def _marks(claims: Iterable[ClaimView]) -> tuple[Mark, ...]:
    """Verdicts in the order of their first sign."""
    signs: dict[words.Badge, list[int]] = defaultdict(list)
    for n, claim in enumerate(claims, start=1):
        signs[claim.badge].append(n)
    whole = sum(map(len, signs.values()))
    return tuple(Mark(badge=b, signs=_run(found) if whole > 1 else "") for b, found in signs.items())


def _run(numbers: list[int]) -> str:
    """Numbers of signs, those that follow each other as one.

    >>> _run([1, 2, 3, 5])
    '#1–3, #5'
    """
    runs: list[list[int]] = []
    for n in numbers:
        if runs and runs[-1][-1] == n - 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    return ", ".join(f"#{r[0]}" + (f"–{r[-1]}" if len(r) > 1 else "") for r in runs)


def _is_open(claim: ClaimView) -> bool:
    return claim.badge == words.BADGES[Status.UNDECIDED]


def _open(claim: ClaimView) -> Item:
    """What was tried in vain."""
    return Item(claims=claim.id, kind=claim.badge.label, tone=claim.badge.tone, text=claim.reason, wrong=False)


def _item(e: ErratumView) -> Item:
    lead = e.lead
    severity = f", severity: {lead.severity}" if lead.severity else ""
    parts: list[str | Math] = [*_correction(e), f" {e.remark}" if e.remark else "", " ", *e.why.parts]
    if lead.condition and not e.adds:
        parts += [" Holds under the condition ", *lead.condition.parts, "."]
    for edit in e.carried:
        parts += [f" The line after it repeats the fault ({edit.claim.claim}): ", *_for_read(edit), "."]
    if e.broken:
        parts.append(f" Also broken by this line: {', '.join(one.claim for one in e.broken)}.")
    if e.falls:
        more = f" and {len(e.falls) - _FALLS} more" if len(e.falls) > _FALLS else ""
        parts.append(f" Rests on it and is wrong as well: {'; '.join(one.claim for one in e.falls[:_FALLS])}{more}.")
    claims = ", ".join(c.id for c in e.claims)
    return Item(claims=claims, kind=f"{lead.badge.label}{severity}", tone=lead.badge.tone, text=_joined(parts))


def _correction(e: ErratumView) -> list[str | Math]:
    """For … read …, as a journal prints it."""
    printed, read = e.lead.correction_for, e.lead.correction_read
    if e.adds:
        return ["To ", e.adds_to, " add “for ", *e.adds.parts, "”."]
    if e.changes and read:
        return [*_changed(e.changes), ". The side then reads ", read, "."]
    if read:
        return ["For ", printed, " read ", read, "."] if printed else ["Read ", read, "."]
    if e.lead.derived:
        return [e.lead.printed, " does not stand as printed. The derived form is ", e.lead.derived, "."]
    return [] if e.says else [e.lead.printed, " does not stand as printed."]


def _for_read(edit: Edit) -> list[str | Math]:
    return _changed(edit.changes) if edit.changes else ["for ", edit.printed, " read ", edit.read]


def _changed(changes: Iterable[ChangeView]) -> list[str | Math]:
    parts: list[str | Math] = []
    for n, change in enumerate(changes):
        parts += [", for " if n else "For ", change.printed, " read ", change.read, change.everywhere]
    return parts


def _displayed(latex: str) -> bool:
    return not is_short(latex) and safe(latex) is not None


def _joined(parts: list[str | Math]) -> Prose:
    """Neighbouring texts as one, blanks at the ends left out; a mark goes with the long formula that it closes."""
    out: list[str | Math] = []
    for part in parts:
        last = out[-1] if out else ""
        if isinstance(part, str) and isinstance(last, Math) and part[:1] in (*".,;",) and _displayed(last.latex):
            out[-1], part = Math(last.latex + part[0]), part[1:]
        if isinstance(part, str) and out and isinstance(out[-1], str):
            out[-1] += part
        elif part:
            out.append(part)
    if out and isinstance(out[-1], str):
        out[-1] = out[-1].rstrip()
    return Prose(tuple(p for p in out if p))
