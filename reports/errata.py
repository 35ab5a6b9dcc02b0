"""The list of errata: one for each wrong line, with all the signs that it breaks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from derive.reader.changes import changes
from derive.verdict import Checked, Fault, Status, Verdict
from reports import words
from reports.clean import clean
from reports.sentences import anchor, place
from reports.views import ChangeView, ClaimView, Edit, ErrataGroup, ErratumView, Link, Math, Prose

#: Where the changed parts make up more of a side than this, it is shown as a whole.
_MUCH = 0.7


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
    reads = {(c.equation, c.correction_read): (c.equation, c.correction_for, c.correction_read) for c in claims}
    for v, c in zip(verdicts, claims, strict=True):
        if not c.wrong and (not c.correction_read or v.verdict is Status.UNDECIDED):
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
    signs = Counter(c.equation for c in claims)
    found = []
    for n, (key, cs) in enumerate(leads.items(), start=1):
        one = _erratum(n, cs, broken[key], carried[key])
        falls, stands = _reached(cs, {v.id: v for v in verdicts})
        several = signs[one.lead.equation] > 1 and not says.get(one.lead.equation)
        where = f"{one.place}, {_sign(one.lead)}" if several else one.place
        about = says.get(one.lead.equation, Prose(()))
        found.append(replace(one, says=about, where=where, falls=falls, stands=stands))
    return tuple(found)


def _sign(claim: ClaimView) -> str:
    """Which sign of its display a claim is: "second sign"."""
    k = int(claim.id.rpartition("#")[2])
    return f"{words.ORDINALS[k - 1]} sign" if k <= len(words.ORDINALS) else f"sign {k}"


def _reached(claims: Sequence[ClaimView], verdicts: Mapping[str, Verdict]) -> tuple[tuple[Link, ...], tuple[Link, ...]]:
    """Equations and statements that rest on these claims: those that fall, and those that stand."""
    own = {c.equation for c in claims}
    fate: dict[str, bool] = {}
    for c in claims:
        for r in verdicts[c.id].reach if c.id in verdicts else ():
            equation = r.claim.rpartition("#")[0]
            if equation not in own:
                fate[equation] = fate.get(equation, True) and r.stands
    order = {v.equation: k for k, v in enumerate(verdicts.values())}
    numbers = sorted(fate, key=lambda n: order.get(n, 0))
    return ranges(n for n in numbers if not fate[n]), ranges(n for n in numbers if fate[n])


def ranges(numbers: Iterable[str]) -> tuple[Link, ...]:
    """Links to equations and statements, those that follow each other as one.

    >>> [x.claim for x in ranges(["3.29", "3.30", "3.33", "s3.4.a", "s3.4.b", "s3.4.c", "table3.9", "table3.10"])]
    ['(3.29), (3.30)', '(3.33)', 'Section 3.4 (a)–(c)', 'Table 3.9, Table 3.10']
    """
    runs: list[list[str]] = []
    for n in numbers:
        if runs and _after(runs[-1][-1]) == n:
            runs[-1].append(n)
        else:
            runs.append([n])
    return tuple(Link(claim=_run(r), anchor=anchor("eq", r[0])) for r in runs)


def _after(number: str) -> str:
    """The number that follows in the same section: 3.10 after 3.9, s3.4.b after s3.4.a."""
    stem, dot, last = number.rpartition(".")
    return f"{stem}{dot}{int(last) + 1 if last.isdigit() else chr(ord(last[-1:] or '`') + 1)}"


def _run(numbers: list[str]) -> str:
    first, last = place(numbers[0]), place(numbers[-1])
    if len(numbers) < 3:
        return first if len(numbers) == 1 else f"{first}, {last}"
    return f"{first}–{last.rpartition(' ')[2]}"


def _why(reason: Prose, fault: str) -> Prose:
    """The reason with the fault in words, in place of the bare finding."""
    first, *rest = reason.parts or ("",)
    if isinstance(first, str) and fault and fault != words.FAULTS[Fault.EXTRACTION]:
        for finding, told in words.FAILS.items():
            if first.startswith(finding):
                text = told.format(fault=fault[0].upper() + fault[1:]) + first.removeprefix(finding)
                return Prose((text, *rest))
    return reason


def _erratum(n: int, claims: list[ClaimView], broken: list[ClaimView], carried: list[ClaimView]) -> ErratumView:
    lead, *also = claims
    read, printed = lead.correction_read, lead.correction_for
    only_adds = read is not None and printed is not None and read.latex.startswith(printed.latex + r" \quad")
    return ErratumView(
        number=n,
        anchor=f"erratum-{n}",
        place=lead.place,
        lead=lead,
        reason=_without(lead.reason, read),
        adds=lead.condition if only_adds or read is None else Prose(()),
        also=tuple(also),
        where=lead.place,
        changes=differences(printed, read),
        remark="" if lead.near else words.DERIVED_INSTEAD,
        why=_why(_without(lead.reason, read), lead.fault_meaning),
        falls=(),
        stands=(),
        broken=tuple(Link(claim=c.id, anchor=c.anchor) for c in broken),
        carried=tuple(
            Edit(
                claim=c.link,
                printed=c.correction_for,
                read=c.correction_read,
                changes=differences(c.correction_for, c.correction_read),
            )
            for c in carried
            if c.correction_for and c.correction_read
        ),
    )


def differences(printed: Math | None, read: Math | None) -> tuple[ChangeView, ...]:
    """The smallest parts that change, where they are much shorter than the whole."""
    if printed is None or read is None or r"\text" in read.latex:
        return ()
    found = changes(printed.latex, read.latex)
    if sum(len(c.printed) for c in found) > _MUCH * len(printed.latex):
        return ()
    pairs = Counter((c.printed, c.read) for c in found)
    return tuple(ChangeView(printed=Math(a), read=Math(b), times=n) for (a, b), n in pairs.items())


def placed(e: ErratumView, checked: Checked) -> ErratumView:
    """An erratum to a statement says where in its section that stands."""
    where = next((p.passage.where for p in checked.passages if p.passage and place(p.number) == e.place), "")
    told = f"{e.place}, {clean(where)}"
    return replace(e, place=told, where=told) if where else e


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
