"""Notes in a Markdown copy: a block quote after each display."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable

from reports import words
from reports.annotation.notes import Note
from reports.markdown import code, escape, prose

#: Begins each note; a text that holds it has been annotated already.
SIGN = "> **derive** "
_LEAD = re.compile(r"([ \t>]*)((?:[-*+]|\d{1,9}[.)])[ \t]+)?")


def block(note: Note) -> list[str]:
    """The lines of a note."""
    remark = escape(f"{note.remark}. ") if note.remark else ""
    marks = "; ".join(f"{m.badge.symbol} {m.badge.label} {escape(m.signs)}".rstrip() for m in note.marks)
    says = f"{words.SAYS} {prose(note.says)} " if note.says and note.items else ""
    lines = [f"{SIGN}{escape(note.place)}: {remark}{says}{marks}".rstrip() + ("." if marks else "")]
    for item in note.items:
        lines += [">", f"> - **{escape(item.kind)}** ({code(item.claims)}): {prose(item.text)}"]
    return lines


def additions(
    text: str, breaks: tuple[int, ...], placed: Iterable[tuple[int, int, Note]], stated: Iterable[tuple[int, Note]]
) -> list[tuple[int, str]]:
    """What to put in, and where.

    Parameters
    ----------
    text, breaks
        The copy, and the ends of its lines outside displays and code.
    placed
        Notes of displays, with the start and the end of the display.
    stated
        Notes of statements, with the place that their paragraph has to be over by.
    """
    following = {at: text[at : at + 400].split("\n", 1)[0].strip() for at in breaks}
    rows = [at for at in breaks if not following[at].startswith("|")]  # within a table nothing can be put
    paragraphs = [at for at in breaks if not following[at]]
    found: dict[tuple[int, str], list[Note]] = {}
    for start, end, note in placed:
        found.setdefault((_next(rows, end, text), _lead(text, start)), []).append(note)
    for end, note in stated:
        found.setdefault((_next(paragraphs, end, text), ""), []).append(note)
    return [(at, _block(text, at, lead, some)) for (at, lead), some in found.items()]


def appended(text: str, notes: Iterable[Note]) -> tuple[int, str]:
    """The notes whose place was not found, at the end of the copy."""
    return len(text), _block(text, len(text), "", notes)


def _next(places: list[int], end: int, text: str) -> int:
    k = bisect_left(places, end)
    return places[k] if k < len(places) else len(text)


def _lead(text: str, start: int) -> str:
    """What a line has to begin with to belong to the list or quotation of the display."""
    line = text.rfind("\n", 0, start) + 1
    found = _LEAD.match(text, line, max(line, start))
    return "" if found is None else found[1] + " " * len(found[2] or "")


def _block(text: str, at: int, lead: str, notes: Iterable[Note]) -> str:
    """One block quote, with blank lines around it and the line ends of the copy."""
    ending = "\r\n" if "\r\n" in text else "\n"
    lines = [line for note in notes for line in (*block(note), ">")][:-1]
    blank = lead.rstrip()
    after = [] if at == len(text) or text[at : at + 2].startswith(("\n", "\r")) else [blank]
    whole = ending.join([blank, *(lead + line for line in lines), *after, ""])
    return whole if at == 0 or text[at - 1] in "\r\n" else ending + whole
