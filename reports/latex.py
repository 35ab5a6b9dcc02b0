r"""errata.tex: the report as LaTeX that any plain pdflatex sets.

Text is escaped character by character; a character that the standard fonts lack is written as its code
point. Formulas come from `reports.mathtext` or, where that refuses them, as escaped typewriter text.
"""

from __future__ import annotations

import re

from reports import words
from reports.engine import Ready, render
from reports.layout import WIDEST, is_short, rows, width
from reports.mathtext import Unsafe, safe
from reports.mathwords import UNICODE
from reports.plots import picture
from reports.views import Math, Prose, ReportView

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "`": r"\textasciigrave{}",
    "'": "'",
    "-": "{-}",  # keeps two hyphens from becoming a dash
    "≔": ":=",
}
_WORD = 24
_LETTERS = frozenset(
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿĂăĄąĆćČčĎďĐđĘęĚěĞğİıĹĺĽľŁłŃńŇňŐőŔŕŘřŚśŞşŠš"
    "ŤťŮůŰűŹźŻżŽžŒœ–—‘’“”…§©°µ¶·«»"
)


def escape(text: str) -> str:
    r"""Text as LaTeX text; nothing in it stays a command.

    >>> print(escape(r"\input{/etc/passwd} 50% σ ∼ 中"))
    \textbackslash{}input\{/etc/passwd\} 50\% \ensuremath{\sigma} \ensuremath{\sim} [U+4E2D]
    """
    return " ".join(_word(w) for w in text.split(" "))


def _word(text: str) -> str:
    """A word that may break inside when it is too long for any line."""
    parts = [text[n : n + _WORD] for n in range(0, len(text), _WORD)]
    return r"\allowbreak{}".join("".join(_character(c) for c in part) for part in parts)


def _character(c: str) -> str:
    if c in _SPECIAL:
        return _SPECIAL[c]
    if (" " <= c <= "~") or c in _LETTERS:
        return c
    return rf"\ensuremath{{{UNICODE[c]}}}" if c in UNICODE else f"[U+{ord(c):04X}]"


def typewriter(text: str) -> Ready:
    """Text that may break after any character that is no letter."""
    parts = re.findall(rf"\s|[^\W_]{{1,{_WORD}}}|\S", text)
    return Ready(rf"\foreign{{{''.join(escape(p) + _after(p) for p in parts)}}}")


def _after(part: str) -> str:
    return "" if part.isspace() or part == "\\" else r"\allowbreak{}"


def inline(math: Math) -> Ready:
    r"""A formula in running text.

    >>> print(inline(Math(r"\frac12")), inline(Math(r"\write18{rm}")))
    $\frac{1}{2}$ \foreign{\textbackslash{}write18\allowbreak{}\{\allowbreak{}rm\allowbreak{}\}\allowbreak{}}
    """
    tex = safe(math.latex)
    if tex is None or width(math.latex) > WIDEST:
        return typewriter(math.latex)
    return Ready(f"${tex}$")


def cell(math: Math) -> Ready:
    """A formula in display style inside a column, shrunk where it is wider."""
    tex = safe(math.latex)
    if tex is None or width(math.latex) > WIDEST:
        return typewriter(math.latex)
    return Ready(rf"\fit{{}}{{{tex}}}")


def display(math: Math) -> Ready:
    """A displayed formula, broken at its relation signs and shrunk where that is not enough."""
    try:
        lines = [row for row in rows(math.latex) if row.left or row.right]
    except Unsafe:
        lines = []
    if not lines:
        return Ready(rf"\begin{{quote}}{typewriter(math.latex)}\end{{quote}}")
    head = lines[0].left if lines[0].right else ""
    body = "\\\\\n".join(
        rf"{r.left} & \fit{{{head}}}{{{r.right}}}" if r.right else rf"\fit{{}}{{{r.left}}}" for r in lines
    )
    return Ready(f"\\begin{{align*}}\n{body}\n\\end{{align*}}")


def formula(math: Math, end: str = "") -> Ready:
    """In the line when short, displayed when long; `end` is the mark that closes the sentence."""
    if is_short(math.latex):
        return Ready(inline(math).replace("$", r"$\displaystyle ", 1) + end)
    return display(math)


def prose(sentence: Prose) -> Ready:
    r"""Text and formulas in turn.

    >>> print(prose(Prose(("50% of ", Math("x_1"), "."))))
    50\% of $\displaystyle x_{1}$.
    """
    return Ready("".join(formula(p) if isinstance(p, Math) else escape(p) for p in sentence.parts))


def latex(report: ReportView) -> str:
    """The whole of errata.tex."""
    filters = {
        "inline": inline, "display": display, "formula": formula, "prose": prose, "cell": cell,
        "typewriter": typewriter, "plot": lambda found: Ready(picture(found)),
    }  # fmt: skip
    return render("errata.tex", escape, filters, report=report, words=words)
