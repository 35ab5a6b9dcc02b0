"""A PDF copy: its equation numbers are marked, with the notes of the library's own print, and errata appended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from derive.claim import Library
from derive.errors import DeriveError
from derive.matching import by_numbers
from derive.source import digest, shown
from derive.verdict import Checked, Equation
from reports.annotation import Annotated, Names
from reports.annotation.notes import Note, notes
from reports.annotation.numbers import Found, Word, candidates, placed
from reports.annotation.plain import prose
from reports.annotation.text import MOST, listed
from reports.model import view
from reports.views import ReportView

if TYPE_CHECKING:
    from pikepdf import Pdf

    from reports.annotation.highlights import Box

MAX_BYTES, MAX_PAGES = 200_000_000, 2000
#: The title is looked for on so many pages.
_FIRST = 2


class Space(NamedTuple):
    """How a page is turned when it is looked at, and its left, bottom, right and top edge."""

    angle: int
    media: tuple[float, ...]


class PdfCopy:
    """One copy."""

    def __init__(self, path: Path) -> None:
        self.path, self.shown = path, shown(path)
        self.names: Names = (path.name,)
        self.data = _bytes(path, self.shown)
        with self._opened():
            pass
        self.spaces: list[Space] = []
        self.first = ""
        self.found = self._numbers()
        self.library: Library | None = None

    def _opened(self) -> Pdf:
        """The file for writing; a file that must not be changed is refused."""
        import pikepdf

        try:
            pdf = pikepdf.open(BytesIO(self.data))
        except pikepdf.PasswordError:
            raise DeriveError(
                f"{self.shown} is encrypted and asks for a password; save it without one and give that."
            ) from None
        except (pikepdf.PdfError, ValueError, RecursionError, MemoryError) as e:
            raise DeriveError(f"{self.shown} is damaged and can't be opened as a PDF ({_short(e)}).") from None
        may = pdf.allow
        if pdf.is_encrypted and not (may.modify_annotation and (may.modify_assembly or may.modify_other)):
            pdf.close()
            raise DeriveError(
                f"{self.shown} is encrypted and does not allow notes or further pages; ask its author for a free copy."
            )
        return pdf

    def _numbers(self) -> list[Found]:
        """The equation numbers, in the order printed."""
        import pdfplumber

        seen: list[Found] = []
        letters = 0
        try:
            with pdfplumber.open(BytesIO(self.data)) as pdf:
                if len(pdf.pages) > MAX_PAGES:
                    raise DeriveError(f"{self.shown} has {len(pdf.pages)} pages; at most {MAX_PAGES} are read.")
                for n, page in enumerate(pdf.pages):
                    words = self._words(page)
                    letters += sum(len(w.text) for w in words)
                    seen += candidates(words, n)
                    if n < _FIRST:
                        self.first += " ".join(w.text for w in words)
                    page.close()
        except DeriveError:
            raise
        except Exception as e:  # the reader of PDF raises whatever a damaged file leads it to
            raise DeriveError(f"{self.shown} is damaged: its text can't be read ({_short(e)}).") from None
        if not letters:
            raise DeriveError(
                f"{self.shown} holds no text, only pictures of pages; give a PDF with text, or Markdown or LaTeX."
            )
        found = placed(seen)
        if not found:
            raise DeriveError(
                f"{self.shown} holds no equation number such as (3.5) beside a display, so there is no place for notes."
            )
        return found

    def _words(self, page: Any) -> list[Word]:
        """The words of a page in the order of its text; a page shown on its side is read as it was written."""
        if page.rotation and sum(_upright(c["matrix"]) for c in page.chars) < len(page.chars) / 2:
            page.page_obj.rotate = page.page_obj.attrs["Rotate"] = 0
            page = type(page)(page.pdf, page.page_obj, page.page_number)
        self.spaces.append(Space(page.rotation, tuple(map(float, page.page_obj.mediabox))))
        x, y = page.mediabox[:2]
        flow = page.extract_words(use_text_flow=True)
        return [Word(w["text"], w["x0"] - x, w["top"] - y, w["x1"] - x, w["bottom"] - y) for w in flow]

    def against(self, document: str | None) -> tuple[Library, tuple[Equation, ...], dict[str, str]]:
        """The library that the copy belongs to, and the print that it has: formulas of a PDF are not read."""
        numbers = list(dict.fromkeys(f.number for f in self.found))
        self.library = by_numbers(numbers, self.first, self.shown, document)
        whole = self.library.equations + self.library.passages
        return self.library, whole, {"kind": "builtin", "sha256": digest(whole)}

    def annotated(self, checked: Checked) -> Annotated:
        """The copy with a mark on each number that the library knows, and its errata at the end."""
        import pikepdf

        from reports.annotation.highlights import append, highlight
        from reports.typeset import made

        assert self.library is not None, "a copy is held against its library first"
        report = view(checked)
        told = notes(report)
        summary = tuple(self._summary())
        pages = {f.number: f.page for f in reversed(self.found)}
        with self._opened() as pdf:
            try:
                for k, f in enumerate(self.found):
                    if f.number in told:
                        note, box = told[f.number], in_page(f.box, self.spaces[f.page])
                        highlight(pdf, pdf.pages[f.page], box, note.tone, contents(note), f"derive-{k}")
                parts = _parts(report, told, pages)
                more = made("notes.typ", report=report, parts=parts, foreword=(_foreword(report), *summary))
                append(pdf, more, pages)
                out = BytesIO()
                pdf.save(out, encryption=pdf.is_encrypted, deterministic_id=not pdf.is_encrypted)
            except (pikepdf.PdfError, TypeError, ValueError, KeyError, IndexError, AttributeError) as e:
                raise DeriveError(f"{self.shown} is damaged: notes can't be put into it ({_short(e)}).") from None
        return Annotated({self.path.name: out.getvalue()}, summary)

    def _summary(self) -> Iterator[str]:
        """What was found, as sentences."""
        assert self.library is not None
        own = [e.number for e in self.library.equations]
        here = Counter(f.number for f in self.found)
        missing = [n for n in own if n not in here]
        doubled = [n for n, times in here.items() if times > 1]
        unknown = [n for n in here if n not in own]
        yield (
            f"{self.library.name}: {len(self.found)} equation numbers found, {len(here) - len(unknown)} noted, "
            f"{len(missing)} missing, {len(doubled)} doubled, {len(unknown)} unknown."
        )
        if missing:
            yield f"Not found on its pages: {listed(missing)}."
        for number in doubled[:MOST]:
            pages = [str(f.page + 1) for f in self.found if f.number == number]
            yield f"({number}) stands beside a display more than once, on pages {' and '.join(pages[:MOST])}."
        if unknown:
            yield f"Not in the library, so without a note: {listed(unknown)}."


def _upright(matrix: tuple[float, ...]) -> bool:
    """Whether a letter stands upright on the page as it is looked at."""
    return matrix[0] > abs(matrix[1])


def _foreword(report: ReportView) -> str:
    return (
        "The formulas of a PDF can't be read, so this copy itself was not judged. The notes, and the errata below, are "
        f"those of the print of “{report.title}” that derive has in its library: where this copy prints an equation "
        "otherwise, they may not apply. Click a coloured equation number to read its note."
    )


def _parts(
    report: ReportView, told: dict[str, Note], pages: dict[str, int]
) -> list[tuple[str, list[tuple[Note, int]]]]:
    """Errata to displays and to statements, each with the page (from 1) that prints it, 0 where that is not known."""

    def chosen(numbers: Iterable[str]) -> list[tuple[Note, int]]:
        return [(told[n], pages.get(n, -1) + 1) for n in numbers if any(i.wrong for i in told[n].items)]

    return [
        ("Errata to equations", chosen(e.number for e in report.equations)),
        ("Errata to the text and to tables", chosen(e.number for e in report.statements)),
    ]


def contents(note: Note) -> str:
    """A note as plain text."""
    marks = "; ".join(f"{m.badge.symbol} {m.badge.label} {m.signs}".rstrip() for m in note.marks)
    first = ": ".join(filter(None, (note.place, note.remark or marks)))
    return "\n\n".join([f"{first}.", *(f"{i.kind} ({i.claims}): {prose(i.text)}" for i in note.items)])


def in_page(box: Word, space: Space) -> Box:
    """A box, measured from the top left corner of a page as it is looked at, in the page's own space.

    >>> box = Word("(1)", 10, 20, 30, 25)
    >>> in_page(box, Space(0, (0, 0, 200, 100))), in_page(box, Space(90, (0, 0, 200, 100)))
    (Box(left=10, bottom=75, right=30, top=80), Box(left=20, bottom=10, right=25, top=30))
    """
    from reports.annotation.highlights import Box

    left, bottom, right, top = space.media

    def back(across: float, down: float) -> tuple[float, float]:
        if space.angle == 90:
            return left + down, bottom + across
        if space.angle == 180:
            return right - across, bottom + down
        if space.angle == 270:
            return right - down, top - across
        return left + across, top - down

    (x0, y0), (x1, y1) = back(box.left, box.top), back(box.right, box.bottom)
    return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _bytes(path: Path, name: str) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DeriveError(f"{name} is larger than {MAX_BYTES // 10**6} MB; give the pages of the paper alone.")
        return path.read_bytes()
    except OSError as e:
        raise DeriveError(f"{name} can't be read ({e.strerror}); check the path and your right to read it.") from None


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__
