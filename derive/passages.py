r"""Claims in prose and in tables: found in the copy at hand, and tied to the displays that they speak of.

A statement is judged as a display is. What makes it one is done here: ``\eqref{4.4#3}`` in its formal reading gives
way to that side of the display as printed, and a cross-reference becomes the number of displays that the cited place
holds of the kind it is cited for, which has to be 1 at least.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from derive.errors import Unreadable
from derive.reader.display import Link, split
from derive.verdict import LOOKED_UP, Cited, Correction, Equation, Fault, Severity, Status, Verdict, Witness

_MARK = re.compile(r"\\eqref\{([\w.]*)#(\d+)\}")
_BETWEEN = r"[\s|&$]*"  # what separates the cells of a row, and a cell from its formula
_FONT = r"(?:\$?\\(?:mathrm|text|rm)\b\s*\{?)?"
_FORMULA = re.compile(r"[\s|&]*(?:\\\\[\s|&]*)?\$([^$\n]{1,400})\$")


@dataclass(frozen=True)
class Finding:
    """A cross-reference, looked up: what was sought, where, the displays found there, and places that hold it."""

    place: str
    what: str
    there: tuple[str, ...]
    elsewhere: str = ""  #: another place that holds it, in words
    cited: bool = True  #: the paper names the place; else it is where the reference before was found


@dataclass(frozen=True)
class Filled:
    """A passage ready to be judged."""

    latex: str
    findings: tuple[Finding, ...] = ()


# -- in the copy -------------------------------------------------------------------------------------------


def in_copy(passages: Iterable[Equation], text: str) -> tuple[Equation, ...]:
    """The passages that a copy of the paper holds, table rows as printed there.

    Examples
    --------
    >>> from derive.verdict import Passage
    >>> cells = Passage(where="", says="", cells=("Line + A", "normal"))
    >>> row = Equation(number="table1.1", latex="a = b", passage=cells)
    >>> [e.latex for e in in_copy([row], "Line + A & normal & $a = c$")], in_copy([row], "Line + B & normal & $a = c$")
    (['a = c'], ())
    """
    plain = _squeezed(text)
    found: list[Equation] = []
    for e in passages:
        p = e.passage
        assert p is not None
        if p.cells and (row := _row(p.cells, p.cited != (), text)) is not None:
            found.append(
                replace(e, latex=row) if not p.cited else replace(e, passage=replace(p, cited=_moved(p.cited, row)))
            )
        elif not p.cells and _squeezed(p.cue or (e.latex if p.printed else "")) in plain:
            found.append(e)
    return tuple(found)


def located(passages: Iterable[Equation], text: str, displays: Sequence[tuple[int, int]] = ()) -> dict[str, int]:
    """Where in a copy each passage that it holds ends, as far as it is known: behind its cue, or a row's labels.

    A cue that a numbered display prints as well is not meant there; `displays` are their starts and ends, in order.

    Examples
    --------
    >>> from derive.verdict import Passage
    >>> said = Equation(number="s1.a", latex="a = b", passage=Passage(where="", says="", cue="as a whole"))
    >>> located([said], "It is, as a\\nwhole, so.")
    {'s1.a': 17}
    """
    letters = [(at, c) for at, c in enumerate(text) if not c.isspace()]
    places = [at for at, c in letters for _ in c.lower()]
    plain = "".join(c.lower() for _, c in letters)
    found: dict[str, int] = {}
    for e in passages:
        p = e.passage
        assert p is not None
        if p.cells:
            if row := _labels(p.cells, text):
                found[e.number] = row[0].end()
        elif cue := _squeezed(p.cue or (e.latex if p.printed else "")):
            at = plain.find(cue)
            while at >= 0 and (display := _around(displays, places[at])) is not None:
                at = plain.find(cue, bisect_left(places, display))
            if at >= 0:
                found[e.number] = places[at + len(cue) - 1] + 1
    return found


def _around(displays: Sequence[tuple[int, int]], place: int) -> int | None:
    """The end of the display that holds a place."""
    k = bisect_right(displays, place, key=lambda one: one[0]) - 1
    return displays[k][1] if k >= 0 and place < displays[k][1] else None


def _labels(cells: Sequence[str], text: str) -> tuple[re.Match[str], int] | None:
    """The labels of a row where a table prints them; labels after "+" count formulas further on."""
    *labels, last = cells if cells[-1].startswith("+") else (*cells, "+0")
    pattern = _BETWEEN.join(r"\s*".join(_FONT + re.escape(word) + "}?" for word in label.split()) for label in labels)
    at = re.search(pattern, text)
    return None if at is None else (at, int(last))


def _row(cells: Sequence[str], words: bool, text: str) -> str | None:
    """What a table prints after the labels of a row."""
    at, further = _labels(cells, text) or (None, 0)
    if at is None:
        return None
    if words:
        return text[at.end() :].split("\n", 1)[0].strip(" \t|&\\")
    here, found = at.end(), ""
    for _ in range(further + 1):
        formula = _FORMULA.match(text, here)
        if formula is None:
            return None
        here, found = formula.end(), formula[1].strip()
    return found


def _moved(cited: Sequence[Cited], cell: str) -> tuple[Cited, ...]:
    """Cross-references with the places that a table's cell names, in order."""
    places = re.findall(r"(?:Section|Appendix)\s+([A-Z\d][\d.]*)", cell)
    named = iter(places)
    if len(places) != sum(bool(c.place) for c in cited):
        return tuple(cited)
    return tuple(replace(c, place=next(named).rstrip(".")) if c.place else c for c in cited)


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text).lower()


# -- ready to be judged ------------------------------------------------------------------------------------


def filled(e: Equation, equations: Iterable[Equation], paper: Sequence[Equation]) -> Filled | None:
    """A passage with the displays that it speaks of put in; None where none of its claims can be made up.

    A copy may be an extract: a cited place that `paper` has and the copy lacks says nothing about the reference.
    """
    p = e.passage
    assert p is not None
    printed = {x.number: x for x in equations}
    if p.cited:
        for c in p.cited:
            lost = [x for x in paper if c.place and _lies(x, c.place)]
            if lost and not any(_lies(x, c.place) for x in printed.values()):
                return None
        findings: tuple[Finding, ...] = ()
        for c in p.cited:
            findings += (_looked_up(c, tuple(printed.values()), findings),)
        return Filled(r",\; ".join(rf"{len(f.there)} \geq 1" for f in findings), findings)
    printed[""] = printed["."] = e
    claims = [c for c in (_put_in(t, printed) for t in (e.latex, *p.also)) if c is not None]
    return Filled(r",\; ".join(c.rstrip(" .,;") for c in claims)) if claims else None


def _put_in(latex: str, printed: Mapping[str, Equation]) -> str | None:
    sides: list[str] = []
    for number, ordinal in _MARK.findall(latex):
        side = _side(printed[number].latex, int(ordinal)) if number in printed else None
        if side is None:
            return None
        sides.append(side)
    rest = iter(sides)
    return _MARK.sub(lambda _: next(rest), latex)


@lru_cache(maxsize=512)
def _links(latex: str) -> tuple[Link, ...]:
    try:
        return tuple(split(latex))
    except Unreadable:
        return ()


def _side(latex: str, ordinal: int) -> str | None:
    links = _links(latex)
    if ordinal > len(links):
        return None
    side = links[ordinal - 1].right if ordinal else links[0].left if links else None
    return side.latex if side is not None else None


def laws(claims: Iterable[str], equations: Iterable[Equation]) -> tuple[tuple[str, str], ...]:
    """The right sides that claims print in a copy, by their ids; a claim that is not in it is left out."""
    here = {e.number: e.latex for e in equations}
    found = []
    for claim in claims:
        number, _, sign = claim.partition("#")
        side = _side(here.get(number, ""), int(sign))
        if side is not None:
            found.append((claim, side))
    return tuple(found)


def _looked_up(c: Cited, equations: Sequence[Equation], before: Sequence[Finding]) -> Finding:
    fit = [e for e in equations if (e.passage is None or e.passage.printed) and _is(c, e)]
    place = c.place
    if not place and before:  # where the reference before it is found, right or wrong
        place = before[-1].place if before[-1].there else before[-1].elsewhere.rpartition(" ")[2]
    there = tuple(e.number for e in fit if _lies(e, place))
    other = next((e for e in fit if e.number not in there), None)
    elsewhere = "" if other is None else _named(f"({other.number})" if place.startswith("(") else other.section)
    return Finding(place, c.what, there, elsewhere, bool(c.place))


def _lies(e: Equation, place: str) -> bool:
    if place.startswith("("):
        return e.number == place.strip("()")
    return e.section == place or e.section.startswith(f"{place}.")


def _is(c: Cited, e: Equation) -> bool:
    links = _links(e.latex)
    if c.body and not re.search(c.body, re.sub(r"\s+", "", e.latex)):
        return False
    if c.sign and not any(x.relation in c.sign.split() for x in links):
        return False
    heads = [re.sub(r"\s+", "", x.left.latex) for x in links if x.left is not None]
    return not c.left or any(re.fullmatch(c.left, h) for h in heads)


# -- what is told of it ------------------------------------------------------------------------------------


def retold(e: Equation, findings: Sequence[Finding], verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Verdicts of a passage, in words that fit one: how it was read, and what a cross-reference should cite."""
    p = e.passage
    assert p is not None
    out = [v if p.printed or v.read is None else replace(v, read="encoded") for v in verdicts]
    if findings:
        out = [_cross_reference(v, f) for v, f in zip(out, findings, strict=True)]
    return [_denied(v) for v in out] if p.denied else out


def _named(place: str) -> str:
    if place.startswith("("):
        return f"Equation {place}"
    return f"{'Appendix' if place[:1].isalpha() else 'Section'} {place}"


def _cross_reference(v: Verdict, f: Finding) -> Verdict:
    where = _named(f.place)
    v = replace(v, printed_lhs=rf"\text{{displays of {where}: {f.what}}}", read_back=None)
    listed = ", ".join(f"({n})" if n[0] not in "st" else n for n in f.there)
    if v.verdict is Status.PROVED:  # a look-up is no proof, whatever the kernel says of the number found
        reason = f"{where} holds {f.what}: {listed}; looked up in the print, nothing to prove"
        return replace(v, verdict=Status.SUPPORTED, scope=LOOKED_UP, reason=reason)
    if v.verdict is not Status.REFUTED:
        return v
    other = f.elsewhere if f.cited else ""
    reason = f"{where} holds no {f.what.removeprefix('a ').removeprefix('the ')}" + (f"; {other} does" if other else "")
    read = Correction(printed=rf"\text{{{where}}}", read=rf"\text{{{other}}}") if other else None
    return replace(
        v, fault=Fault.CROSS_REFERENCE if f.cited else Fault.LABEL, severity=v.severity or Severity.NOTATION,
        reason=reason, derived=read.read if read else None, correction=read,
        witness=Witness(printed="at least 1 such display", true="none"),
    )  # fmt: skip


def _denied(v: Verdict) -> Verdict:
    """The text says that there is no such form; the kernel's proof of one refutes it, and nothing else decides."""
    open_form = re.search(r"\\(?:int|lim|sum_\{[^}]*\}\^\{?\\infty)", v.printed_rhs)
    if v.verdict in (Status.PROVED, Status.CONDITIONAL) and not open_form:
        reason = f"there is one, and the kernel proves it: ${v.printed_lhs} = {v.printed_rhs}$"
        return replace(
            v, verdict=Status.REFUTED, fault=Fault.CONCEPT, derived=v.printed_rhs, condition=None, reason=reason,
            witness=Witness(printed="no closed form", true="one without integrals, series or limits"),
            correction=Correction(printed=r"\text{no analytic solution}", read=f"{v.printed_lhs} = {v.printed_rhs}"),
        )  # fmt: skip
    return replace(
        v,
        verdict=Status.UNDECIDED,
        fault=None,
        derived=None,
        correction=None,
        reason=f"no closed form was proved: {v.reason}",
    )
