"""The one view model: everything a template may see, worked out beforehand.

Templates hold no mathematics and ask for no status by name. What differs between verdicts (a label, a
colour, a sentence) is an attribute here.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from derive.verdict import WRONG, Checked, ConstantRow, Status, Verdict
from reports import words
from reports.clean import clean
from reports.errata import errata, groups, mended, placed
from reports.marks import marked
from reports.notes import Told, notes, remarks
from reports.rankings import ranking
from reports.sections import sections, tables
from reports.sentences import anchor, condition, mixed, phrase, place, pretty, prose
from reports.views import (
    ClaimView,
    ConstantView,
    Count,
    EquationView,
    LimitedView,
    Link,
    Math,
    NodeView,
    Prose,
    ReportView,
    SignView,
    StepView,
)
from reports.witnesses import witness

#: The last run and its report: files, pages and the terminal ask one after the other.
_LAST: list[tuple[Checked, ReportView]] = []


def view(checked: Checked) -> ReportView:
    """Turn the findings of a run into what the templates show.

    Parameters
    ----------
    checked
        All that one run of the engine found.

    Returns
    -------
    ReportView
        Frozen, free of control characters, in the order of the paper.
    """
    if not _LAST or _LAST[0][0] is not checked:
        _LAST[:] = [(checked, _view(checked))]
    return _LAST[0][1]


def _view(checked: Checked) -> ReportView:
    passages = {e.number: e.passage for e in checked.passages if e.passage}
    claims = tuple(_claim(v, v.equation in passages) for v in checked.verdicts)
    said = {clean(n): prose(p.says) for n, p in passages.items()}
    found = tuple(placed(e, checked) for e in errata(checked.verdicts, claims, said))
    mends = {c: Link(claim=str(e.number), anchor=e.anchor) for e in found for c in mended(e)}
    mending = Mending(mends, frozenset(e.lead.id for e in found), {})
    displays, statements = _equations(checked, claims, mending), _statements(checked, claims, mending)
    summary = checked.summary()
    return ReportView(
        document=clean(checked.document),
        title=clean(checked.title),
        authors=clean(checked.authors),
        source=", ".join(f"{clean(k)} {clean(v)}" for k, v in sorted(checked.source.items(), reverse=True)),
        versions=tuple((clean(k), clean(v)) for k, v in sorted(checked.versions.items())),
        extent=_extent(len(checked.equations), len(checked.not_judged), len(claims), summary["statements"]),
        reading=_reading(checked),
        right=_right(summary["right"]),
        stated=_stated([c for e in statements for c in e.claims]),
        counts=tuple(Count(badge=words.BADGES[s], number=summary["by_verdict"][s.value]) for s in Status),
        equations=displays,
        statements=statements,
        sections=sections(checked.headings, displays, statements),
        tables=tables(checked, statements),
        absent=tuple(place(n) for n in checked.absent),
        errata=found,
        groups=groups(found),
        limited=tuple(
            LimitedView(claim=c, erratum=mends[c.id]) for c, v in zip(claims, checked.verdicts, strict=True)
            if v.verdict in (Status.CONDITIONAL, Status.ILL_FORMED)
        ),
        nodes=_nodes(checked, claims),
        edges=tuple((anchor("claim", a), anchor("claim", b)) for a, b in checked.edges),
        constants=tuple(_constant(row) for row in checked.constants),
        constants_summary=_constants_summary(checked.constants),
        rankings=tuple(ranking(r, {c.id: c for c in claims}, mixed(clean(r.regime))) for r in checked.rankings),
        not_judged=tuple(place(n) for n in checked.not_judged),
        signs=tuple(SignView(math=Math(s.latex), plain=s.plain, meaning=s.meaning) for s in words.SIGNS),
    )  # fmt: skip


class Mending(NamedTuple):
    """The errata, by the claims that they mend."""

    of: Mapping[str, Link]
    leads: frozenset[str]  #: claims whose reason the erratum gives
    told: Told  #: what derivations have been told so far


def _claim(v: Verdict, stated: bool = False) -> ClaimView:
    """`stated` in the text or a table, so that the formula is our reading and has to be shown whole."""
    sign = words.SIGN_LATEX.get(v.relation, v.relation)
    wrong, right = _corrected(v, sign, stated)
    return ClaimView(
        id=clean(v.id),
        anchor=anchor("claim", v.id),
        equation=clean(v.equation),
        place=place(v.equation),
        relation=clean(v.relation),
        badge=words.BADGES[v.verdict],
        wrong=v.verdict in WRONG,
        section=clean(v.section),
        left=Math(clean(v.printed_lhs)),
        right=Math(clean(v.printed_rhs)),
        printed=Math(clean(f"{v.printed_lhs} {sign} {v.printed_rhs}")),
        read=words.READ.get(v.read, clean(v.read or "")),
        read_back=Math(clean(f"{v.read_back[0]} {sign} {v.read_back[1]}")) if v.read_back else None,
        read_sides=(Math(clean(v.read_back[0])), Math(clean(v.read_back[1]))) if v.read_back else None,
        derived=phrase(v.derived),
        correction_for=phrase(wrong),
        correction_read=phrase(right),
        near=v.correction is None or v.correction.near,
        scope=clean(v.scope or ""),
        condition=condition(v.condition or ""),
        fault=v.fault.value if v.fault else "",
        fault_meaning=words.FAULTS[v.fault] if v.fault else "",
        severity=v.severity.value if v.severity else "",
        severity_meaning=words.SEVERITIES[v.severity] if v.severity else "",
        reason=prose(v.reason),
        evidence=tuple(_finding(e) for e in v.evidence),
        witness=witness(v.witness) if v.witness else None,
        derivation=tuple(
            StepView(
                relation=Math(words.SIGN_LATEX.get(s.relation, s.relation), s.relation) if s.relation else None,
                formula=Math(clean(s.latex)),
                rule=mixed(clean(s.rule)),
            )
            for s in v.derivation
        ),
        rests_on=_links(v.rests_on),
        uses=_links(v.uses),
        falls=_joined(r.claim for r in v.reach if not r.stands),
        stands=_joined(r.claim for r in v.reach if r.stands),
        seconds=v.seconds,
    )


def _finding(text: str) -> Prose:
    """What the engine found; an assumption names its letters: sigma > 0."""
    found = mixed(clean(text))
    if not text.startswith("assumes:"):
        return found
    return Prose(tuple(p if isinstance(p, Math) else pretty(p) for p in found.parts))


#: How the engine says that a bound is none: what follows is the true leading law of the left side.
_NO_BOUND = r"\text{no such bound: the left side is}"
_SET_OFF = r"\quad ("
_OTHER_SIGN = re.compile(r"\\text\{\(the sign: \} (\S+) \\text\{\)\}")


def _corrected(v: Verdict, sign: str, stated: bool) -> tuple[str | None, str | None]:
    """What an erratum puts in place of what: a side, or the whole relation where its sign is the wrong part."""
    if v.correction is None:
        return None, None
    whole = f"{v.printed_lhs} {sign} {v.printed_rhs}"
    read = v.correction.read
    if read.startswith(_NO_BOUND):
        return whole, f"{v.printed_lhs} {read.removeprefix(_NO_BOUND).lstrip()}"
    if read.startswith(v.printed_rhs.rstrip(" .,;") + r" \quad (") or read.startswith(v.printed_rhs + r" \quad ("):
        return (whole, f"{whole} {read[read.index(_SET_OFF) :]}") if stated else (v.correction.printed, read)
    if found := _OTHER_SIGN.fullmatch(v.correction.read):
        return whole, f"{v.printed_lhs} {found[1]} {v.printed_rhs}"
    if stated and v.correction.printed == v.printed_rhs and not v.correction.read.startswith(r"\text"):
        equals = "=" if v.relation == "=" else r"\sim"
        return whole, f"{v.printed_lhs} {equals} {v.correction.read}"
    return v.correction.printed, v.correction.read


def _links(ids: Iterable[str]) -> tuple[Link, ...]:
    return tuple(Link(claim=clean(i), anchor=anchor("claim", i)) for i in ids)


def _joined(ids: Iterable[str]) -> tuple[Link, ...]:
    """Links to claims, signs of one equation that follow each other as one: 3.17#1–4.

    >>> [x.claim for x in _joined(["3.5#1", "3.17#1", "3.17#2", "3.17#3", "3.17#5", "s2.3.a#1"])]
    ['3.5#1', '3.17#1–3', '3.17#5', 's2.3.a#1']
    """
    runs: list[list[tuple[str, int]]] = []
    for i in ids:
        number, _, sign = i.rpartition("#")
        at = (number, int(sign) if sign.isdigit() else 0)
        if runs and at[1] > 1 and runs[-1][-1] == (number, at[1] - 1):
            runs[-1].append(at)
        else:
            runs.append([at])
    out = []
    for run in runs:
        (number, first), (_, last) = run[0], run[-1]
        name = clean(f"{number}#{first}" + (f"–{last}" if last > first else ""))
        out.append(Link(claim=name, anchor=anchor("claim", f"{number}#{first}")))
    return tuple(out)


def _nodes(checked: Checked, claims: tuple[ClaimView, ...]) -> tuple[NodeView, ...]:
    """The derivation graph between equations; signs of one chain are one node."""
    of = {v.id: clean(v.equation) for v in checked.verdicts}
    uses: dict[str, list[str]] = defaultdict(list)
    used_by: dict[str, list[str]] = defaultdict(list)
    for a, b in checked.edges:
        if a in of and b in of and of[a] != of[b]:
            uses[of[b]].append(of[a])
            used_by[of[a]].append(of[b])
    badges: dict[str, dict[words.Badge, None]] = defaultdict(dict)
    for c in claims:
        badges[c.equation][c.badge] = None

    def links(numbers: list[str]) -> tuple[Link, ...]:
        return tuple(Link(claim=place(n), anchor=anchor("eq", n)) for n in dict.fromkeys(numbers))

    return tuple(
        NodeView(
            place=place(n), anchor=anchor("eq", n), badges=tuple(b), uses=links(uses[n]), used_by=links(used_by[n])
        )
        for n, b in badges.items()
    )


def _equations(checked: Checked, claims: tuple[ClaimView, ...], mends: Mending) -> tuple[EquationView, ...]:
    """The displays in the order of the paper; claims of a run that does not hold their display come last."""
    by_equation: dict[str, list[ClaimView]] = defaultdict(list)
    for c in claims:
        by_equation[c.equation].append(c)
    for e in checked.passages:
        by_equation.pop(clean(e.number), None)
    belongs = {clean(v.equation): clean(v.section) for v in checked.verdicts}
    out = []
    for e in checked.equations:
        number = clean(e.number)
        section = clean(e.section) or belongs.get(number, "")
        out.append(_equation(number, section, Math(clean(e.latex)), by_equation.pop(number, []), mends))
    return (*out, *(_equation(n, belongs.get(n, ""), None, rest, mends) for n, rest in by_equation.items()))


def _statements(checked: Checked, claims: tuple[ClaimView, ...], mends: Mending) -> tuple[EquationView, ...]:
    """What sentences and table rows claim, each with its place, a paraphrase and the formal reading."""
    by_number: dict[str, list[ClaimView]] = defaultdict(list)
    for c in claims:
        by_number[c.equation].append(c)
    out = []
    for e in checked.passages:
        p = e.passage
        assert p is not None
        formal = None if p.cited else Math(clean(e.latex))
        one = _equation(clean(e.number), clean(e.section), formal, by_number[clean(e.number)], mends)
        out.append(replace(one, where=clean(p.where), says=prose(p.says)))
    return tuple(out)


def _equation(number: str, section: str, printed: Math | None, claims: list[ClaimView], mends: Mending) -> EquationView:
    kinds = dict.fromkeys(c.badge.css for c in claims)
    return EquationView(
        number=number,
        place=place(number),
        anchor=anchor("eq", number),
        section=section,
        printed=printed,
        claims=tuple(claims),
        judged=bool(claims),
        css=" ".join(kinds) or "not-judged",
        marked=Math(marked(printed.latex, len(claims))) if printed else None,
        errata=tuple(dict.fromkeys(mends.of[c.id] for c in claims if c.id in mends.of)),
        notes=notes(claims, mends.of),
        remarks=remarks(claims, mends.leads, mends.told),
        severities=" ".join(dict.fromkeys(c.severity for c in claims if c.severity)),
    )


def _constant(row: ConstantRow) -> ConstantView:
    return ConstantView(
        place=place(row.equation),
        anchor=anchor("eq", row.equation),
        case=clean(row.case),
        printed=Math(clean(row.printed)),
        derived=Math(clean(row.derived)),
        badge=words.BADGES[row.verdict],
        agreement=words.AGREEMENT.get(row.verdict, words.NOT_SETTLED),
        note=mixed(clean(row.note)),
        claim=Link(claim=clean(row.claim), anchor=anchor("claim", row.claim)),
    )


def _constants_summary(rows: tuple[ConstantRow, ...]) -> tuple[str, ...]:
    """One sentence per outcome, naming its cases: which constants agree, and which don't."""

    def outcome(row: ConstantRow) -> str:
        return words.AGREEMENT.get(row.verdict, words.NOT_SETTLED)

    order = [*dict.fromkeys(words.AGREEMENT.values()), words.NOT_SETTLED]
    found = []
    for name, group in groupby(sorted(rows, key=lambda r: order.index(outcome(r))), key=outcome):
        cases = [f"{clean(r.case)} {place(r.equation)}" for r in group]
        found.append(f"{name.capitalize()}: {len(cases)} of {len(rows)} ({'; '.join(cases)}).")
    return tuple(found) or (words.NO_CONSTANTS,)


def _extent(equations: int, left: int, claims: int, statements: int) -> str:
    """How much of the paper was judged."""
    rest = f"; the other {left} are not judged yet and are listed at the end" if left else ""
    kind = "claim" if statements == 1 else "claims"
    besides = f" Besides, {statements} {kind} in its text and tables got a verdict." if statements else ""
    signs = f"{claims - statements} relation signs were judged"
    return f"{signs}, those of {equations - left} of the {equations} numbered equations{rest}.{besides}"


def _stated(claims: list[ClaimView]) -> str:
    """How the claims in text and tables came out.

    >>> _stated([])
    'None was judged.'
    """
    if not claims:
        return "None was judged."
    labels = Counter(c.badge.label for c in claims)
    each = ", ".join(f"{n} {label}" for label, n in labels.items())
    wrong = sum(c.wrong for c in claims)
    return (
        f"{len(claims)} claims were judged: {each}. The {wrong} that are wrong are among the errata above; "
        "index.html and errata.pdf list all of them, each with its formal reading."
    )


def _right(found: dict[str, int]) -> str:
    """Which of the right claims are proved.

    >>> _right({"claims": 20, "looked_up": 7, "proved": 19, "proved_in_general": 19})
    'Of the 20 claims of mathematics that are right (proved or supported), 19 (95.0 %) are proved, and 19 (95.0 %)
    proved in general, for all values inside the assumptions. Besides, 7 cross-references were looked up in the print
    and found right: they count as supported.'
    """
    whole, proved, general = found["claims"], found["proved"], found["proved_in_general"]
    if not whole:
        return "No claim was found right."
    told = (
        f"Of the {whole} claims of mathematics that are right (proved or supported), {proved} "
        f"({100 * proved / whole:.1f} %) are proved, and {general} ({100 * general / whole:.1f} %) proved in general, "
        "for all values inside the assumptions."
    )
    number = found["looked_up"]
    if not number:
        return told
    looked_up = "cross-references were looked up in the print and found right: they count as supported."
    return f"{told} Besides, {number} {looked_up}"


def _reading(checked: Checked) -> str:
    """What fraction of the claims was read from the paper itself."""
    elsewhere = {e.number for e in checked.passages}
    signs = [v for v in checked.verdicts if v.equation not in elsewhere]
    printed, encoded = (sum(v.read == how for v in signs) for how in ("printed", "encoded"))
    need = printed + encoded
    if not need:
        return f"None of the {len(signs)} signs needed an expression." + _statements_read(checked, elsewhere)
    rest = len(signs) - need
    return (
        f"Of {need} signs that need an expression, {printed} ({100 * printed / need:.1f} %) were read from "
        f"the printed LaTeX and {encoded} were encoded by the library."
        + (f" The other {rest}, definitions and premises, need none." if rest else "")
        + _statements_read(checked, elsewhere)
    )


def _statements_read(checked: Checked, elsewhere: set[str]) -> str:
    """The same for claims in prose and in tables, whose formal reading is most often ours."""
    found = [v for v in checked.verdicts if v.equation in elsewhere]
    if not found:
        return ""
    printed = sum(v.read == "printed" for v in found)
    return f" Of the claims in text and tables, {printed} were read from print and {len(found) - printed} formalised."
