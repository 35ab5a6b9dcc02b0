r"""Notes in a LaTeX copy: a macro right after each display, and a package beside the file that says how it looks.

Notes are written in plain ASCII, so that they do not depend on the author's encoding or fonts.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable

from derive.source_latex import Outline
from reports import words
from reports.annotation.notes import Note
from reports.engine import Ready, template_text
from reports.latex import escape as escaped
from reports.mathtext import safe
from reports.views import Math, Prose

PACKAGE = "derive-notes"
_LOADING = f"\\usepackage{{{PACKAGE}}}"
#: Stands in each note; a text that holds it has been annotated already.
SIGN = r"\derivenote{"
_ASCII = {
    "–": "--", "—": "---", "‘": "`", "’": "'", "“": "``", "”": "''", "…": r"\dots{}", "©": "(c)", "°": " degrees",
    "µ": r"\ensuremath{\mu}", "·": r"\ensuremath{\cdot}", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
    "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "đ": "d", "Đ": "D", "ı": "i", "§": r"\S{}", "¶": r"\P{}",
    "«": "``", "»": "''",
}  # fmt: skip
_TOKEN = re.compile(
    r"\\(?P<what>begin|end)\s?\{(?P<env>[^{}]{1,40})\}|\\.|(?P<comment>%[^\n]*)|(?P<brace>[{}])"
    r"|(?P<paragraph>\r?\n[ \t]*\r?\n)",
    re.DOTALL,
)


def escape(text: str) -> str:
    r"""Text as LaTeX text in plain ASCII.

    >>> print(escape("3.17#1–4: «é» ∼ \"x\" 中"))
    3.17\#1--4: ``e'' \ensuremath{\sim} ''x'' [U+4E2D]
    """
    found = escaped(text).replace(r"\textquotedbl{}", "''")
    return "".join(c if c.isascii() else _ascii(c) for c in found)


def _ascii(c: str) -> str:
    letters = "".join(x for x in unicodedata.normalize("NFKD", c) if x.isascii())
    return _ASCII.get(c) or letters or f"[U+{ord(c):04X}]"


def math(formula: Math) -> Ready:
    """A formula, or its LaTeX as text where it is not plain mathematics."""
    tex = safe(formula.latex)
    if tex is None:
        return Ready(rf"\derivecode{{{escape(formula.latex)}}}")
    return Ready(rf"\derivemath{{{tex}}}")


def prose(sentence: Prose) -> str:
    """Text and formulas in turn."""
    return "".join(math(p) if isinstance(p, Math) else escape(p) for p in sentence.parts)


def macro(note: Note) -> str:
    """A note as the call of a macro, all on one line."""
    marks = "; ".join(f"{m.badge.label} {escape(m.signs)}".rstrip() for m in note.marks)
    remark = escape(f"{note.remark}. ") if note.remark else ""
    says = rf"\derivesays{{{words.SAYS} {prose(note.says)}}}" if note.says and note.items else ""
    items = "".join(
        rf"\deriveitem{{{item.tone}}}{{{escape(f'{item.kind} ({item.claims}):')}}}{{{prose(item.text)}}}"
        for item in note.items
    )
    ending = "." if marks else ""
    return f"{SIGN}{note.tone}}}{{{escape(note.place)}}}{{{remark}{marks}{ending}}}{{{says}{items}}}"


def package() -> str:
    """The LaTeX package that the notes need."""
    return template_text(f"{PACKAGE}.sty")


def additions(
    text: str, outline: Outline, placed: Iterable[tuple[int, int, Note]], stated: Iterable[tuple[int, Note]]
) -> list[tuple[int, str]]:
    """What to put in, and where: the loading of the package, and notes behind displays and paragraphs."""
    ending = _ending(text)
    found = [(outline.begin, _LOADING + ending)] if outline.begin >= 0 else []
    found += [(end, macro(note)) for _, end, note in placed]
    return found + [(at, ending + macro(note)) for at, note in stated]  # the last line may end in a comment


def appended(text: str, outline: Outline, notes: Iterable[Note]) -> tuple[int, str]:
    """The notes whose place was not found, at the end of the document."""
    at, ending = outline.end if outline.end >= 0 else len(text), _ending(text)
    before = ending if outline.end < 0 and not text.endswith("\n") else ""
    return at, before + "".join(macro(note) + ending for note in notes)


def _ending(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def paragraphs(text: str, outline: Outline) -> list[tuple[int, bool]]:
    """Where the paragraphs of the document end, and whether outside of every table, list and argument.

    >>> paragraphs("so we see\\n\\n{that\\n\\nnot} this\\n\\n", Outline(()))
    [(9, True), (16, False), (27, True)]
    """
    depth = 0
    found: list[tuple[int, bool]] = []
    for m in _TOKEN.finditer(text, max(outline.begin, 0), outline.end if outline.end >= 0 else len(text)):
        if m["what"] and m["env"] != "document":
            depth += 1 if m["what"] == "begin" else -1
        elif m["brace"]:
            depth += 1 if m["brace"] == "{" else -1
        elif m["paragraph"]:
            found.append((m.start(), depth == 0))
    return found


def paragraph_end(ends: list[tuple[int, bool]], place: int) -> int | None:
    """Where the paragraph around a place ends; None where a note can't stand there."""
    k = bisect_left(ends, (place, False))
    return ends[k][0] if k < len(ends) and ends[k][1] else None
