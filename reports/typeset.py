"""errata.pdf by Typst: formulas are converted by tex2typst, and shown as text where that fails."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from reports import mathwords, words
from reports.engine import Ready, render
from reports.layout import is_short, rows
from reports.mathtext import Unsafe, safe
from reports.plots import svg
from reports.views import Math, Plot, Prose, ReportView


def escape(text: str) -> str:
    r"""Text as a Typst string in markup; the semicolon ends it, so nothing after it is read as code.

    >>> print(escape('#read("/etc/passwd") \\'))
    #"#read(\"/etc/passwd\") \\";
    """
    return f"#{_string(text)};"


def _string(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def monospace(text: str) -> Ready:
    """Text in typewriter letters, which may break anywhere."""
    return Ready(f"#foreign[{escape(text)}]")


class Formulas:
    """Formulas as Typst; `refused` are those that Typst turned down, known only after a first try."""

    def __init__(self, refused: Iterable[str] = ()) -> None:
        self.refused = set(refused)
        self.seen: set[str] = set()

    def inline(self, math: Math) -> Ready:
        """A formula in running text."""
        tex = safe(math.latex)
        try:
            code = f"${_convert(tex)}$" if tex else None
        except Unsafe:
            code = None
        return self._set(math, code)

    def display(self, math: Math) -> Ready:
        """A displayed formula with one line per relation sign, shrunk when it is too wide."""
        try:
            lines = [row for row in rows(math.latex) if row.left or row.right]
            body = " \\\n ".join(f"{_convert(r.left)} & {_convert(r.right)}".removesuffix("& ") for r in lines)
        except Unsafe:
            body = ""
        return self._set(math, f"#fit[$ {body} $]" if body else None)

    def formula(self, math: Math, end: str = "") -> Ready:
        """In the line when short, displayed when long; `end` is the mark that closes the sentence."""
        if is_short(math.latex):
            code = self.inline(math)
            return Ready((f"$#math.display({code})$" if code.startswith("$") else code) + end)
        shown = self.display(math)
        return shown if shown.startswith("#fit") else Ready(shown + end)

    def prose(self, sentence: Prose) -> Ready:
        """Text and formulas in turn."""
        return Ready("".join(self.formula(p) if isinstance(p, Math) else escape(p) for p in sentence.parts))

    def _set(self, math: Math, code: str | None) -> Ready:
        if code is None or code in self.refused:
            return monospace(math.latex)
        self.seen.add(code)
        return Ready(code)


#: What tex2typst does not know, in words that it does.
_KNOWN = {
    r"\dotsb": r"\dots", r"\dotsc": r"\dots", r"\dotsm": r"\dots", r"\lnot": r"\neg",
    r"\lvert": "|", r"\rvert": "|", r"\lVert": r"\|", r"\rVert": r"\|",
    r"\cfrac": r"\frac", r"\stackrel": r"\overset", r"\mathnormal": "", r"\mathord": "",
    r"\textrm": r"\text", r"\textit": r"\text", r"\textbf": r"\text",
    r"\textsf": r"\text", r"\texttt": r"\text",
} | dict.fromkeys(mathwords.BIG, "")  # fmt: skip
_ROWS = {"gathered": "aligned", "smallmatrix": "matrix"}


@lru_cache(maxsize=8192)
def _convert(tex: str) -> str:
    if not tex:
        return ""
    from tex2typst import tex2typst

    tex = re.sub(r"\\[A-Za-z]+", lambda found: _KNOWN.get(found[0], found[0]), tex.replace("~", r"\ "))
    tex = re.sub(r"\{(gathered|smallmatrix)\}", lambda found: f"{{{_ROWS[found[1]]}}}", tex)
    if r"\begin{cases}" in tex:
        tex = tex.replace("&", r"&\quad ")  # Typst leaves no room between the columns
    try:
        found: str = tex2typst(tex, frac_to_slash=False, non_strict=True)
    except ValueError as error:
        raise Unsafe(f"no Typst for {tex}") from error
    found = found.replace("times.circle", "times.o")
    if r"\left" not in tex and "matrix" not in tex:
        found = found.replace("|", ' class("normal", bar.v) ')  # else spaced like a relation
    return found.strip()


def typeset(report: ReportView) -> bytes:
    """The PDF of a report."""
    return made("errata.typ", report=report)


def made(template: str, **values: Any) -> bytes:
    """The PDF of a template. Each formula that Typst refuses is set as text; the document is made in any case."""
    import typst

    formulas = Formulas()
    source = _source(template, formulas, values)
    for refuses in (_refuses, lambda _: True):
        try:
            return _compile(source)
        except typst.TypstError:
            source = _source(template, Formulas(code for code in formulas.seen if refuses(code)), values)
    return _compile(source)


def _source(template: str, formulas: Formulas, values: dict[str, Any]) -> str:
    filters = {
        "inline": formulas.inline,
        "display": formulas.display,
        "formula": formulas.formula,
        "prose": formulas.prose,
        "plot": _picture,
        "bare": Ready,  # names of colours from reports.words
        "quoted": lambda text: Ready(_string(text)),
    }
    return render(template, escape, filters, words=words, **values)


def _picture(found: Plot) -> Ready:
    """A plot as an SVG inside the source."""
    drawn = str(svg(found, ink="#333333", tone="#a3201d"))
    return Ready(f"#image(bytes({_string(drawn)}), width: 11cm)")


_PREAMBLE = "#let fit(body) = body\n"


def _compile(source: str) -> bytes:
    import typst

    # An empty root: whatever the text says, there is no file it could read.
    with tempfile.TemporaryDirectory() as root:
        compiler = typst.Compiler(root=root, ignore_system_fonts=True)
        found = compiler.compile(source.encode(), format="pdf")
    if not isinstance(found, bytes):
        raise TypeError("Typst made no single file")
    return found


def _refuses(formula: str) -> bool:
    import typst

    try:
        _compile(_PREAMBLE + formula)
    except typst.TypstError:
        return True
    return False
