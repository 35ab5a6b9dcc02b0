"""A reader's own copy with the errata in place: Markdown, LaTeX or PDF. The original is never written to."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple, Protocol

from derive.claim import Library
from derive.errors import DeriveError
from derive.verdict import Checked, Equation

#: Where annotated copies go unless another folder is named.
DIRECTORY = Path("build") / "annotated"


Names = tuple[str, ...]  #: of the files that an annotated copy consists of


class Annotated(NamedTuple):
    """Files to write, by name, and what to tell about them."""

    files: dict[str, bytes]
    told: tuple[str, ...]


class Copy(Protocol):
    """A copy that has been read, whatever its format."""

    names: Names

    def against(self, document: str | None) -> tuple[Library, tuple[Equation, ...], dict[str, str]]:
        """The library that the copy belongs to, what of the copy is to be judged, and the record of its source."""
        ...

    def annotated(self, checked: Checked) -> Annotated:
        """The copy with its notes, once it has been judged."""
        ...


def opened(path: Path) -> Copy:
    """Read a copy; what can't be annotated is refused in a sentence."""
    from derive.source import is_pdf

    if is_pdf(path):
        from reports.annotation.pdf import PdfCopy

        return PdfCopy(path)
    from reports.annotation.text import TextCopy

    return TextCopy(path)


def keep_apart(path: Path, directory: Path, names: tuple[str, ...]) -> None:
    """Refuse a folder in which the annotated copy would take the place of the original.

    Raises
    ------
    DeriveError
        One of the files there is the original, by its own or another name.
    """
    original = path.resolve()
    for name in names:
        target = directory / name
        try:
            same = target.resolve() == original or (target.exists() and os.path.samefile(target, path))
        except (OSError, RuntimeError):
            same = True  # a loop of links: better not
        if same:
            raise DeriveError(f"{target} is the original, which is never overwritten; choose another folder with -o.")
