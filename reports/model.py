"""The one view model: everything a template may see, worked out beforehand.

Templates hold no mathematics and ask for no status by name. What differs between verdicts (a label, a
colour, a sentence) is an attribute here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from derive.verdict import WRONG, Checked, ConstantRow, Fault, Status, Verdict, Witness
from reports import words
from reports.clean import clean
from reports.layout import is_short
from reports.mathtext import safe
from reports.plots import plot
from reports.rankings import ranking
from reports.views import (
    ClaimView,
    ConstantView,
    Count,
    Edit,
    EquationView,
    ErrataGroup,
    ErratumView,
    LimitedView,
    Link,
    Math,
    NodeView,
    Prose,
    ReportView,
    SignView,
    WitnessView,
)

#: Beyond this many pairs a table of quotients is thinned; its first and last rows stay.
_QUOTIENTS = 12
#: Values of a witness are shown to so many characters.
_DIGITS = 12


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
    passages = {e.number: e.passage for e in checked.passages if e.passage}
    claims = tuple(_claim(v, v.equation in passages) for v in checked.verdicts)
    said = {clean(n): prose(p.says) for n, p in passages.items()}
    errata = tuple(_placed(e, checked) for e in _errata(checked.verdicts, claims, said))
    mends = {c: Link(claim=str(e.number), anchor=e.anchor) for e in errata for c in _mended(e)}
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
        counts=tuple(Count(badge=words.BADGES[s], number=summary["by_verdict"][s.value]) for s in Status),
        equations=_equations(checked, claims),
        statements=_statements(checked, claims),
        absent=tuple(place(n) for n in checked.absent),
        errata=errata,
        groups=_groups(errata),
        limited=tuple(
            LimitedView(claim=c, erratum=mends[c.id]) for c, v in zip(claims, checked.verdicts, strict=True)
            if v.verdict in (Status.CONDITIONAL, Status.ILL_FORMED)
        ),
        nodes=_nodes(checked, claims),
        edges=tuple((anchor("claim", a), anchor("claim", b)) for a, b in checked.edges),
        constants=tuple(_constant(row) for row in checked.constants),
        constants_summary=_constants_summary(checked.constants),
        rankings=tuple(ranking(r, {c.id: c for c in claims}, _mixed(clean(r.regime))) for r in checked.rankings),
        not_judged=tuple(place(n) for n in checked.not_judged),
        signs=tuple(SignView(math=Math(s.latex), plain=s.plain, meaning=s.meaning) for s in words.SIGNS),
    )  # fmt: skip


def place(equation: str) -> str:
    """How a reader finds the equation in the paper.

    >>> place("3.9"), place("s3.2.1.a"), place("sC.b"), place("table3.9")
    ('(3.9)', 'Section 3.2.1 (a)', 'Appendix C (b)', 'Table 3.9')
    """
    equation = clean(equation)
    if found := re.fullmatch(r"s([\w.]+?)(?:\.([a-z]+))?", equation):
        kind = "Appendix" if found[1][0].isalpha() else "Section"
        return f"{kind} {found[1]}" + (f" ({found[2]})" if found[2] else "")
    if found := re.fullmatch(r"table([\w.]+)", equation):
        return f"Table {found[1]}"
    return f"({equation})"


def anchor(kind: str, name: str) -> str:
    """An HTML id: letters, digits, full stops and hyphens only.

    >>> anchor("claim", '3.23#2"><script>')
    'claim-3.23-2---script-'
    """
    return f"{kind}-" + re.sub(r"[^A-Za-z0-9.]", "-", name)


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
        derived=_phrase(v.derived),
        correction_for=_phrase(wrong),
        correction_read=_phrase(right),
        scope=clean(v.scope or ""),
        condition=_condition(v.condition or ""),
        fault=v.fault.value if v.fault else "",
        fault_meaning=words.FAULTS[v.fault] if v.fault else "",
        severity=v.severity.value if v.severity else "",
        severity_meaning=words.SEVERITIES[v.severity] if v.severity else "",
        reason=prose(v.reason),
        evidence=tuple(_mixed(clean(e)) for e in v.evidence),
        witness=_witness(v.witness) if v.witness else None,
        rests_on=_links(v.rests_on),
        uses=_links(v.uses),
        falls=_joined(r.claim for r in v.reach if not r.stands),
        stands=_joined(r.claim for r in v.reach if r.stands),
        seconds=v.seconds,
    )


_OTHER_SIGN = re.compile(r"\\text\{\(the sign: \} (\S+) \\text\{\)\}")


def _corrected(v: Verdict, sign: str, stated: bool) -> tuple[str | None, str | None]:
    """What an erratum puts in place of what: a side, or the whole relation where its sign is the wrong part."""
    if v.correction is None:
        return None, None
    whole = f"{v.printed_lhs} {sign} {v.printed_rhs}"
    if found := _OTHER_SIGN.fullmatch(v.correction.read):
        return whole, f"{v.printed_lhs} {found[1]} {v.printed_rhs}"
    if stated and v.correction.printed == v.printed_rhs and not v.correction.read.startswith(r"\text"):
        equals = "=" if v.relation == "=" else r"\sim"
        return whole, f"{v.printed_lhs} {equals} {v.correction.read}"
    return v.correction.printed, v.correction.read


def prose(text: str) -> Prose:
    """A reason of the engine as a sentence; what stands between dollar signs is a formula.

    >>> str(prose("the sides differ: $a$ and $b$")), prose("").parts
    ('The sides differ: $a$ and $b$.', ())
    >>> prose("it costs $5").parts
    ('It costs $5.',)
    """
    text = clean(text).strip()
    if not text:
        return Prose(())
    if re.match(r"(?:[a-z]{2}|a )", text):
        text = text[0].upper() + text[1:]
    if text[-1] not in ".!?…":
        text += "."
    return _mixed(text)


#: What a sentence may name without dollar signs: σ_j, l_1, \\hat(E).
_NAMED = re.compile(
    r"(?<![\w\\$])([A-Za-zα-ω])_(?:([A-Za-z0-9])(?![\w^{(])|\{([^{}$\\]{1,8})\})"
    r"|(?<![\w\\])\\?(hat|bar|dot|tilde|mathcal|boldsymbol|overline)\((\\?[A-Za-z]{1,8}(?:\^\d)?)\)(\^\d)?"
)


def _mixed(text: str) -> Prose:
    r"""Text in which formulas stand between dollar signs; an odd dollar sign is just text.

    >>> [p.latex for p in _mixed(r"every σ_j; \hat(E); $x^2$; a_bc").parts if isinstance(p, Math)]
    ['\\sigma_{j}', '\\hat{E}', 'x^2']
    """
    pieces = text.split("$")
    if len(pieces) % 2 == 0:
        return Prose(tuple(_named(text)))
    for n in range(1, len(pieces), 2):
        # A long formula is displayed: the mark that follows goes along, it can't start a line.
        if pieces[n + 1][:1] in set(",;.") and not is_short(pieces[n]) and safe(pieces[n]):
            pieces[n], pieces[n + 1] = pieces[n] + pieces[n + 1][0], pieces[n + 1][1:]
    parts: list[str | Math] = []
    for n, piece in enumerate(pieces):
        parts += [Math(piece)] if n % 2 else _named(piece)
    return Prose(tuple(p for p in parts if p))


def _named(text: str) -> list[str | Math]:
    """Text with the names in it as formulas."""
    spelled = {v: f"\\{k}" for k, v in words.LETTERS.items()}
    parts: list[str | Math] = []
    at = 0
    for found in _NAMED.finditer(text):
        letter, index, several, accent, under, power = found.groups()
        below = index or (several or "").replace("−", "-")
        tex = rf"\{accent}{{{under}}}{power or ''}" if accent else f"{spelled.get(letter, letter)}_{{{below}}}"
        parts += [text[at : found.start()], Math(tex, found[0])]
        at = found.end()
    return [p for p in (*parts, text[at:]) if p]


def _condition(text: str) -> Prose:
    """A condition, which the engine gives as LaTeX and a library may give in words."""
    text = clean(text).strip()
    if not text or "$" in text:
        return _mixed(text)
    words = re.search(r"(?<![\\A-Za-z{])[a-z]{3,}[ ,:;]", text) is not None
    formula = not words and re.search(r"[\\_^]", text) is not None and safe(text) is not None
    return Prose((Math(text),)) if formula else _mixed(text)


def _phrase(latex: str | None) -> Math | None:
    """A formula inside a sentence: the mark that ended it in print would clash with the sentence's own."""
    return Math(clean(latex).rstrip(" .,;")) if latex else None


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


def _witness(w: Witness) -> WitnessView:
    """A point with both values, or a limit with the quotients that lead there."""
    sentences: list[Prose] = []
    if w.point:
        parts: list[str | Math] = []
        for n, (name, value) in enumerate(w.point.items()):
            parts += [", " if n else "At ", _value(clean(name), clean(value))]
        sentences.append(Prose((*parts, ".")))
    if w.printed is not None or w.true is not None:
        digits = f" (enclosed to {w.digits} digits)" if w.digits else ""
        printed, true = _shortened(w.printed or "no value", w.true or "no value")
        sentences.append(Prose((clean(f"Printed: {printed}. Derived: {true}{digits}."),)))
    if w.regime or w.limit is not None:
        regime = f" in the limit of: {_pretty(clean(w.regime))}" if w.regime else ""
        limit = _condition(w.limit or "no limit")
        tends = ("The quotient printed/derived tends to ", *limit.parts, *_mixed(f"{regime}.").parts)
        sentences.append(Prose(tends))
    pairs = [(clean(str(a)), clean(str(b)).removesuffix(".").replace("e+", "e")) for a, b in w.quotients or ()]
    drawn = plot(pairs)
    if len(pairs) > 1 and len({b for _, b in pairs}) == 1:
        sentences.append(Prose((f"It is {pairs[0][1]} at every value from {pairs[0][0]} to {pairs[-1][0]}.",)))
        pairs = []
    if len(pairs) > _QUOTIENTS:
        pairs = [*pairs[: _QUOTIENTS - 2], ("…", "…"), pairs[-1]]
    return WitnessView(sentences=tuple(sentences), quotients=tuple(pairs), plot=drawn)


def _value(name: str, value: str) -> str | Math:
    r"""One coordinate of a point: "sigma_1", "3/2" → σ_1 = 3/2 as a formula; other names stay text.

    >>> _value("sigma_1", "3/2").latex, _value("hat(y)_1,2", "-1").latex, _value("</b>", "1")
    ('\\sigma_{1} = 3/2', '\\hat{y}_{1,2} = -1', '</b> = 1')
    """
    found = re.fullmatch(r"(?:(hat|bar|tilde|dot|boldsymbol|mathbf)[( ])?([^\W\d_]+)\)?(?:_([\w,]+))?", name)
    if not found or not re.fullmatch(r"-?[\w.,/+-]{1,60}", value):
        return f"{_pretty(name)} = {value}"
    accent, letter, index = found.groups()
    spelled = {v: k for k, v in words.LETTERS.items()}
    letter = spelled.get(letter, letter)
    if letter in words.LETTERS and letter != "oo":
        tex = f"\\{letter}"
    else:
        tex = letter if len(letter) == 1 else rf"\mathrm{{{letter}}}"
    tex = rf"\{accent}{{{tex}}}" if accent else tex
    return Math(f"{tex}_{{{index}}} = {value}" if index else f"{tex} = {value}", f"{_pretty(name)} = {value}")


def _shortened(a: str, b: str) -> tuple[str, str]:
    """Two values cut to the digits that tell them apart; verdicts.json holds them in full.

    >>> _shortened("1.60151676603860", "0.7592649321"), _shortened("1", "2.5")
    (('1.6015167660…', '0.7592649321'), ('1', '2.5'))
    >>> _shortened("5.00000000000000000000", "24.25000000000000000000")
    ('5', '24.25')
    """
    whole = [re.sub(r"(\.\d*?)0{8,}$", r"\1", v).removesuffix(".") for v in (a, b)]
    short = [v if len(v) <= _DIGITS or "e" in v else f"{v[:_DIGITS]}…" for v in whole]
    return (a, b) if short[0] == short[1] else (short[0], short[1])


def _pretty(text: str) -> str:
    """Names of letters as the letters themselves: sigma_1 → σ_1, oo → ∞."""
    return re.sub(r"(?<![A-Za-z])[A-Za-z]+(?![A-Za-z])", lambda m: words.LETTERS.get(m[0], m[0]), text)


# -- errata ------------------------------------------------------------------------------------------------


def _errata(
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
        replace(_erratum(n, cs, broken[key], carried[key]), says=says.get(cs[0].equation, Prose(())))
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


def _placed(e: ErratumView, checked: Checked) -> ErratumView:
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


def _mended(e: ErratumView) -> list[str]:
    links = [*e.broken, *(edit.claim for edit in e.carried)]
    return [*(c.id for c in e.claims), *(link.claim for link in links)]


def _groups(errata: tuple[ErratumView, ...]) -> tuple[ErrataGroup, ...]:
    """The overview: by weight; what the extraction most likely did stands apart, it is not the author's."""

    def kind(e: ErratumView) -> str:
        extraction = e.lead.fault == Fault.EXTRACTION.value
        return words.EXTRACTION if extraction else e.lead.severity or words.UNWEIGHED

    found = [
        ErrataGroup(name=name, meaning=meaning, errata=tuple(e for e in errata if kind(e) == name))
        for name, meaning in words.GROUPS.items()
    ]
    return tuple(g for g in found if g.errata)


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


def _equations(checked: Checked, claims: tuple[ClaimView, ...]) -> tuple[EquationView, ...]:
    """The displays in the order of the paper; claims of a run that does not hold their display come last."""
    by_equation: dict[str, list[ClaimView]] = defaultdict(list)
    for c in claims:
        by_equation[c.equation].append(c)
    for e in checked.passages:
        by_equation.pop(clean(e.number), None)
    sections = {clean(v.equation): clean(v.section) for v in checked.verdicts}
    out = []
    for e in checked.equations:
        number = clean(e.number)
        section = clean(e.section) or sections.get(number, "")
        out.append(_equation(number, section, Math(clean(e.latex)), by_equation.pop(number, [])))
    return (*out, *(_equation(n, sections.get(n, ""), None, rest) for n, rest in by_equation.items()))


def _statements(checked: Checked, claims: tuple[ClaimView, ...]) -> tuple[EquationView, ...]:
    """What sentences and table rows claim, each with its place, a paraphrase and the formal reading."""
    by_number: dict[str, list[ClaimView]] = defaultdict(list)
    for c in claims:
        by_number[c.equation].append(c)
    out = []
    for e in checked.passages:
        p = e.passage
        assert p is not None
        formal = None if p.cited else Math(clean(e.latex))
        one = _equation(clean(e.number), clean(e.section), formal, by_number[clean(e.number)])
        out.append(replace(one, where=clean(p.where), says=prose(p.says)))
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
        note=_mixed(clean(row.note)),
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
