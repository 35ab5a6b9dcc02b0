"""The one view model: everything a template may see, worked out beforehand.

Templates hold no mathematics and ask for no status by name. What differs between verdicts (a label, a
colour, a sentence) is an attribute here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby

from derive.verdict import WRONG, Checked, ConstantRow, Status, Verdict, Witness
from reports import words
from reports.clean import clean
from reports.views import (
    ClaimView,
    ConstantView,
    Count,
    EquationView,
    ErratumView,
    Link,
    Math,
    ReportView,
    SignView,
    WitnessView,
)

#: Beyond this many pairs a table of quotients is thinned; its first and last rows stay.
_QUOTIENTS = 12


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
    claims = tuple(_claim(v) for v in checked.verdicts)
    summary = checked.summary()
    return ReportView(
        document=clean(checked.document),
        title=clean(checked.title),
        authors=clean(checked.authors),
        source=", ".join(f"{clean(k)} {clean(v)}" for k, v in sorted(checked.source.items(), reverse=True)),
        versions=tuple((clean(k), clean(v)) for k, v in sorted(checked.versions.items())),
        equations_total=len(checked.equations),
        claims_total=len(claims),
        reading=_reading(summary["claims"], summary["read_from_print"], summary["encoded"]),
        counts=tuple(Count(badge=words.BADGES[s], number=summary["by_verdict"][s.value]) for s in Status),
        equations=_equations(checked, claims),
        errata=_errata(claims),
        limited=tuple(
            c for c, v in zip(claims, checked.verdicts, strict=True)
            if v.verdict in (Status.CONDITIONAL, Status.ILL_FORMED)
        ),
        constants=tuple(_constant(row) for row in checked.constants),
        constants_summary=_constants_summary(checked.constants),
        not_judged=tuple(place(n) for n in checked.not_judged),
        signs=tuple(SignView(math=Math(s.latex), plain=s.plain, meaning=s.meaning) for s in words.SIGNS),
    )  # fmt: skip


def place(equation: str) -> str:
    """How a reader finds the equation in the paper.

    >>> place("3.9"), place("s3.2.1.a"), place("table3.9")
    ('(3.9)', 'Section 3.2.1 (a)', 'Table 3.9')
    """
    equation = clean(equation)
    if found := re.fullmatch(r"s([\w.]+?)(?:\.([a-z]+))?", equation):
        return f"Section {found[1]}" + (f" ({found[2]})" if found[2] else "")
    if found := re.fullmatch(r"table([\w.]+)", equation):
        return f"Table {found[1]}"
    return f"({equation})"


def anchor(kind: str, name: str) -> str:
    """An HTML id: letters, digits, full stops and hyphens only.

    >>> anchor("claim", '3.23#2"><script>')
    'claim-3.23-2---script-'
    """
    return f"{kind}-" + re.sub(r"[^A-Za-z0-9.]", "-", name)


def _claim(v: Verdict) -> ClaimView:
    sign = words.SIGN_LATEX.get(v.relation, v.relation)
    return ClaimView(
        id=clean(v.id),
        anchor=anchor("claim", v.id),
        equation=clean(v.equation),
        place=place(v.equation),
        relation=clean(v.relation),
        badge=words.BADGES[v.verdict],
        wrong=v.verdict in WRONG,
        printed=Math(clean(f"{v.printed_lhs} {sign} {v.printed_rhs}")),
        read=words.READ.get(v.read, clean(v.read or "")),
        read_back=Math(clean(f"{v.read_back[0]} {sign} {v.read_back[1]}")) if v.read_back else None,
        derived=_phrase(v.derived),
        correction_for=_phrase(v.correction.printed if v.correction else None),
        correction_read=_phrase(v.correction.read if v.correction else None),
        scope=clean(v.scope or ""),
        condition=clean(v.condition or ""),
        fault=v.fault.value if v.fault else "",
        fault_meaning=words.FAULTS[v.fault] if v.fault else "",
        severity=v.severity.value if v.severity else "",
        severity_meaning=words.SEVERITIES[v.severity] if v.severity else "",
        reason=clean(v.reason),
        evidence=tuple(clean(e) for e in v.evidence),
        witness=_witness(v.witness) if v.witness else None,
        rests_on=_links(v.rests_on),
        uses=_links(v.uses),
        reach=tuple(
            Link(
                claim=clean(r.claim),
                anchor=anchor("claim", r.claim),
                word=words.STANDS if r.stands else words.FALLS,
                css=words.STANDS if r.stands else words.FALLS,
            )
            for r in v.reach
        ),
    )


def _phrase(latex: str | None) -> Math | None:
    """A formula inside a sentence: the mark that ended it in print would clash with the sentence's own."""
    return Math(clean(latex).rstrip(" .,;")) if latex else None


def _links(ids: Iterable[str]) -> tuple[Link, ...]:
    return tuple(Link(claim=clean(i), anchor=anchor("claim", i)) for i in ids)


def _witness(w: Witness) -> WitnessView:
    """A point with both values, or a limit with the quotients that lead there."""
    sentences = []
    if w.point:
        sentences.append("At " + ", ".join(f"{k} = {v}" for k, v in w.point.items()) + ".")
    if w.printed is not None or w.true is not None:
        digits = f" (enclosed to {w.digits} digits)" if w.digits else ""
        sentences.append(f"Printed: {w.printed or 'no value'}. Derived: {w.true or 'no value'}{digits}.")
    if w.regime or w.limit is not None:
        regime = f" as {w.regime}" if w.regime else ""
        sentences.append(f"The quotient printed/derived tends to {w.limit or 'no limit'}{regime}.")
    sentences = [_pretty(clean(s)) for s in sentences]
    pairs = [(clean(str(a)), clean(str(b))) for a, b in w.quotients or ()]
    if len(pairs) > _QUOTIENTS:
        pairs = [*pairs[: _QUOTIENTS - 2], ("…", "…"), pairs[-1]]
    return WitnessView(sentences=tuple(sentences), quotients=tuple(pairs))


def _pretty(text: str) -> str:
    """Names of letters as the letters themselves: sigma_1 → σ_1, oo → ∞."""
    return re.sub(r"(?<![A-Za-z])[A-Za-z]+(?![A-Za-z])", lambda m: words.LETTERS.get(m[0], m[0]), text)


def _errata(claims: Iterable[ClaimView]) -> tuple[ErratumView, ...]:
    shared: dict[object, list[ClaimView]] = defaultdict(list)
    for c in claims:
        if c.correction_read:
            shared[(c.equation, c.correction_for, c.correction_read)].append(c)
        elif c.wrong:
            shared[c.id].append(c)
    return tuple(
        ErratumView(number=n, anchor=f"erratum-{n}", place=cs[0].place, lead=cs[0], claims=tuple(cs))
        for n, cs in enumerate(shared.values(), start=1)
    )


def _equations(checked: Checked, claims: tuple[ClaimView, ...]) -> tuple[EquationView, ...]:
    """The displays in the order of the paper; claims made elsewhere stand after the last of their section."""
    by_equation: dict[str, list[ClaimView]] = defaultdict(list)
    for c in claims:
        by_equation[c.equation].append(c)
    sections = {clean(v.equation): clean(v.section) for v in checked.verdicts}
    out = []
    for e in checked.equations:
        number = clean(e.number)
        section = clean(e.section) or sections.get(number, "")
        out.append(_equation(number, section, Math(clean(e.latex)), by_equation.pop(number, [])))
    for number, rest in by_equation.items():
        section = sections.get(number, "")
        at = max((n + 1 for n, e in enumerate(out) if e.section == section), default=len(out))
        out.insert(at, _equation(number, section, None, rest))
    return tuple(out)


def _equation(number: str, section: str, printed: Math | None, claims: list[ClaimView]) -> EquationView:
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
        note=clean(row.note),
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


def _reading(claims: int, printed: int, encoded: int) -> str:
    """What fraction of the claims was read from the paper itself."""
    need = printed + encoded
    if not need:
        return f"None of the {claims} claims needed an expression."
    return (
        f"Of {need} claims that need an expression, {printed} ({100 * printed / need:.1f} %) were read from "
        f"the printed LaTeX and {encoded} were encoded by the library."
        + (f" The other {claims - need}, definitions and premises, need none." if claims > need else "")
    )
