"""A Markdown or LaTeX copy: read, judged by what it prints itself, and given its notes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from derive.claim import Library
from derive.errors import DeriveError
from derive.matching import Match, Place, best, plain
from derive.passages import in_copy, located
from derive.source import is_latex, outline, sha256, shown, text_of
from derive.verdict import Checked, Equation
from reports.annotation import Annotated, Names, latex, markdown
from reports.annotation.insert import inserted
from reports.annotation.notes import Note, bare, notes
from reports.model import view

#: A list of numbers on standard output names at most so many.
MOST = 12
_BROUGHT_IN = re.compile(r"\\(?:input|include|subfile)(?![A-Za-z])")


class TextCopy:
    """One copy."""

    def __init__(self, path: Path) -> None:
        self.path, self.shown = path, shown(path)
        self.text = text_of(path)
        self.latex = is_latex(path, self.text)
        self.names: Names = (path.name, f"{latex.PACKAGE}.sty") if self.latex else (path.name,)
        if (latex.SIGN if self.latex else markdown.SIGN) in self.text:
            raise DeriveError(f"{self.shown} holds notes of derive already; give the original.")
        self.outline = outline(self.text, name=self.shown, latex=self.latex)
        self.match: Match | None = None
        self.passages: tuple[Equation, ...] = ()

    def against(self, document: str | None) -> tuple[Library, tuple[Equation, ...], dict[str, str]]:
        """The library that the copy belongs to, and its displays and statements."""
        self.match = best(self.outline.displays, self.shown, document)
        library = self.match.library
        self.passages = in_copy(library.passages, self.text)
        source = {"kind": "file", "sha256": sha256(self.path)}
        return library, self.match.equations() + self.passages, source

    def annotated(self, checked: Checked) -> Annotated:
        """The copy with a note at each of its equations and statements."""
        assert self.match is not None, "a copy is held against its library first"
        found = notes(view(checked))
        placed = [(p.display.start, p.display.end, n) for p in self.match.places if (n := self._note(p, found))]
        stated, rest = self._statements(found)
        if self.latex:
            additions = latex.additions(self.text, self.outline, placed, stated)
            additions += [latex.appended(self.text, self.outline, rest)] if rest else []
        else:
            additions = markdown.additions(self.text, self.outline.breaks, placed, stated)
            additions += [markdown.appended(self.text, rest)] if rest else []
        files = {self.path.name: inserted(self.text, additions).encode()}
        if self.latex:
            files[f"{latex.PACKAGE}.sty"] = latex.package().encode()
        told = [*summary(self.match, len(placed)), *self._told(len(stated), len(rest))]
        return Annotated(files, tuple(told))

    def _note(self, p: Place, found: dict[str, Note]) -> Note | None:
        """The note of a display, by the number that the copy prints."""
        here = f"({p.display.number})"
        if not p.number:
            return None
        remark = "" if p.number == p.display.number else f"prints what the library has as ({p.number})"
        if p.judged:
            note = found[p.number]
            return replace(note, place=here, remark="; ".join(filter(None, (remark, note.remark))))
        assert self.match is not None
        chosen = next(other.display for other in self.match.places if other.judged and other.number == p.number)
        where = f"printed more than once; judged is the one on line {chosen.line}"
        remark = "; ".join(filter(None, (remark, where)))
        if plain(chosen.latex) == plain(p.display.latex):
            return replace(found[p.number], place=here, remark=remark)
        return bare(here, remark)

    def _statements(self, found: dict[str, Note]) -> tuple[list[tuple[int, Note]], list[Note]]:
        """Notes of statements: those behind a paragraph of the copy, and those whose place is not known."""
        ends = located(self.passages, self.text, [(d.start, d.end) for d in self.outline.displays])
        paragraphs = latex.paragraphs(self.text, self.outline) if self.latex else []
        stated: list[tuple[int, Note]] = []
        rest: list[Note] = []
        for e in self.passages:
            if e.number not in found:
                continue
            at = ends.get(e.number)
            if at is not None and self.latex:
                at = latex.paragraph_end(paragraphs, at)
            if at is None:
                rest.append(found[e.number])
            else:
                stated.append((at, found[e.number]))
        return stated, rest

    def _told(self, stated: int, rest: int) -> Iterable[str]:
        if stated + rest:
            yield f"{stated} statements noted behind their paragraphs, {rest} at the end."
        for d in self.outline.displays:
            for name, why in d.left:
                yield f"Equation ({d.number}) uses {name}, which {why} and can't be written out."
        if self.latex:
            if self.outline.begin < 0:
                yield f"There is no \\begin{{document}}: load {latex.PACKAGE} in the main file with \\usepackage."
            if _BROUGHT_IN.search(self.text, max(self.outline.begin, 0)):
                yield "Files brought in with \\input or \\include are not followed: annotate them by themselves."
            yield f"Compile it with {latex.PACKAGE}.sty beside it, and with the files that the original needs."


def summary(match: Match, noted: int) -> Iterable[str]:
    """What was found, as sentences: counts first, then the numbers concerned."""
    missing, doubled, moved, unknown = match.missing, match.doubled, match.renumbered, match.unknown
    yield (
        f"{match.library.name}: {len(match.places)} numbered equations found, {noted} noted, {len(missing)} missing, "
        f"{len(doubled)} doubled, {len(moved)} renumbered, {len(unknown)} unknown."
    )
    if missing:
        yield f"Missing from the copy: {listed(missing)}."
    for number in doubled[:MOST]:
        lines = [str(p.display.line) for p in match.places if p.display.number == number]
        yield f"({number}) is printed more than once, on lines {' and '.join(lines[:MOST])}."
    for printed, number in moved[:MOST]:
        yield f"({printed}) prints what the library has as ({number})."
    if len(moved) > MOST:
        yield f"{len(moved) - MOST} more are renumbered; their notes say how."
    if unknown:
        yield f"Not in the library, so without a note: {listed(unknown)}."


def listed(numbers: Iterable[str]) -> str:
    """Equation numbers for a sentence, the first of them if there are many.

    >>> listed(["3.1", "3.2"])
    '(3.1), (3.2)'
    """
    found = [f"({n})" for n in numbers]
    return ", ".join(found[:MOST]) + (f" and {len(found) - MOST} more" if len(found) > MOST else "")
