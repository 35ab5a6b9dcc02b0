r"""errata.tex: the report as LaTeX that any plain pdflatex sets.

Text is escaped character by character; a character that the standard fonts lack is written as its code
point. Formulas come from `reports.mathtext` or, where that refuses them, as escaped typewriter text.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from reports import laws, words
from reports.anchors import Links
from reports.charts import HIGH, WIDE, Chart, charts
from reports.engine import Ready, render
from reports.layout import WIDEST, rows, width
from reports.marks import bare, dressed
from reports.mathtext import Unsafe, safe
from reports.mathwords import UNICODE
from reports.plots import ACROSS, picture, said
from reports.views import EquationView, Math, Plot, Prose, RemarkView, ReportView

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
    "✓": r"\ensuremath{\checkmark}",
    "✗": r"\ensuremath{\boldsymbol{\times}}",
    "◐": r"\halfmoon{}",
    "◇": r"\ensuremath{\Diamond}",
    "⊘": r"\ensuremath{\oslash}",
    "⊢": r"\ensuremath{\vdash}",
    "√": r"\ensuremath{\surd}",
}
_SPECIAL |= {c: rf"\ensuremath{{_{n}}}" for n, c in enumerate("₀₁₂₃₄₅₆₇₈₉")}
_SPECIAL |= {c: rf"\ensuremath{{^{n}}}" for n, c in zip("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True)}
_WORD = 24
_LETTERS = frozenset(
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿĂăĄąĆćČčĎďĐđĘęĚěĞğİıĹĺĽľŁłŃńŇňŐőŔŕŘřŚśŞşŠš"
    "ŤťŮůŰűŹźŻżŽžŒœ–—‘’“”…§©°µ¶·«»"
)
#: Guesses of widths in em, see `mathtext.Item`: a display beside its margin and its number, and one behind a word.
_DISPLAY, _BEHIND = 31.0, 30.0
#: The same for a line of a derivation, in smaller type, and what may stand before its sign.
_STEP, _HEAD = 33.0, 6.0
#: Up to which both parts of "for … read …" stand in one line.
_BRIEF = 13.0
#: Up to which a formula stands in running text.
_INLINE = 17.0


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


def _safe(math: Math) -> str | None:
    """The formula as `mathtext` lets it through; None where it can't be set as mathematics."""
    tex = safe(bare(math.latex))
    return None if tex is None or width(tex) > WIDEST else tex


def inline(math: Math) -> Ready:
    r"""A formula in running text.

    >>> print(inline(Math(r"\frac12")), inline(Math(r"\write18{rm}")))
    $\frac{1}{2}$ \foreign{\textbackslash{}write18\allowbreak{}\{\allowbreak{}rm\allowbreak{}\}\allowbreak{}}
    """
    tex = _safe(math)
    return typewriter(math.latex) if tex is None else Ready(f"${tex}$")


def cell(math: Math) -> Ready:
    """A formula in display style inside a column, shrunk where it is wider."""
    tex = _safe(math)
    return typewriter(math.latex) if tex is None else Ready(rf"\fit{{{tex}}}")


def display(
    math: Math,
    limit: float = _DISPLAY,
    tag: str = "",
    dress: Callable[[int, str], str] | None = None,
    head: str = "",
) -> Ready:
    r"""A displayed formula, broken at its relation signs and shrunk where that is not enough.

    `tag` stands at the right of its last line; `dress` is what becomes of marked signs; `head` stands before the first
    sign of a formula that begins with one.

    >>> print(display(Math(r"T \sim x"), tag=r"\tag{1}"))
    {\head{}\step{T\sim x}{\tag{1}}}
    """
    try:
        lines = [row for row in rows(math.latex if dress else bare(math.latex), limit) if row.left or row.right]
    except Unsafe:
        lines = []
    if not lines:
        return Ready(rf"\plain{{{typewriter(bare(math.latex))}}}{{{tag}}}")
    head = lines[0].left if lines[0].left and lines[0].right else head
    bodies = [row.right or row.left for row in lines]
    if dress:
        head, bodies = dressed(head, dress), [dressed(b, dress) for b in bodies]
    tags = [""] * (len(bodies) - 1) + [tag]
    steps = "%\n".join(rf"\step{{{b}}}{{{t}}}" for b, t in zip(bodies, tags, strict=True))
    return Ready(rf"{{\head{{{head}}}{steps}}}")


def prose(sentence: Prose) -> Ready:
    r"""Text and formulas in turn, long formulas on lines of their own.

    >>> print(prose(Prose(("50% of ", Math("x_1"), "."))))
    50\% of $x_{1}$.
    """
    return Ready("".join(_part(p) if isinstance(p, Math) else escape(p) for p in sentence.parts))


def _part(math: Math) -> str:
    if width(bare(math.latex)) <= _INLINE and r"\\" not in math.latex:
        return inline(math)
    shown = display(math, _BEHIND)
    return rf"\lines{{{shown}}}" if shown.startswith(r"{\head") else inline(math)


def exchange(printed: Math, read: Math, pair: tuple[str, str] = ("for", "read"), end: str = "") -> Ready:
    """For … read …: in one line where both are short, else one below the other; `end` is said after them."""
    both = (printed, read)
    if all(width(bare(m.latex)) <= _BRIEF and r"\\" not in m.latex for m in both):
        one, two = (rf"{w}~$\displaystyle {_safe(m)}$" for w, m in zip(pair, both, strict=True))
        return Ready(rf"\brief{{{one}}}{{{two}}}{{{escape(end)}}}")
    shown = "".join(alone(m, w) for w, m in zip(pair, both, strict=True))
    return Ready(shown + (rf"\par {escape(end)}" if end else ""))


def alone(math: Math, word: str) -> Ready:
    """A formula behind the word that says what to do with it."""
    return Ready(rf"\labelled{{{escape(word)}}}{{{display(math, _BEHIND)}}}")


def derivation(remark: RemarkView, onwards: str = "") -> Ready:
    """The lines of a derivation, their signs below each other, each with its rule; it may go `onwards` from another."""
    first, *rest = remark.derivation
    label = escape(f"derivation, sign {remark.signs}" if remark.signs else "derivation")
    label += f", on from {onwards}" if onwards else ""
    head = _safe(first.formula) if rest and width(bare(first.formula.latex)) <= _HEAD else None
    out = [] if head else [rf"\derive{{{display(first.formula, _STEP)}}}{{{label}}}"]
    for k, step in enumerate(rest):
        sign = f"{step.relation.latex} " if step.relation else ""
        before = (head if k == 0 else rf"\phantom{{{head}}}") if head else ""
        shown = display(Math(sign + step.formula.latex), _STEP - (_HEAD if head else 0), head=before)
        about = f"{label}: " if head and k == 0 else ""
        out.append(rf"\derive{{{shown}}}{{{about}\itshape {prose(step.rule)}}}")
    return Ready("\n".join(out))


def plot(found: Plot, signs: str = "") -> Ready:
    """A plot for the margin, with the signs that it is about and what its axes show."""
    about = f"{escape(signs)}: " if signs else ""
    return Ready(rf"\marginplot{{{about}{said(found.label)}}}{{{said(ACROSS)}}}{{{picture(found)}}}")


def chart(found: Chart) -> Ready:
    """A chapter of the derivation graph, in LaTeX's picture environment."""
    out = [rf"\setlength{{\unitlength}}{{{found.scale:.3f}mm}}"]
    out.append(r"\begin{{picture}}({:.1f},{:.1f})".format(*found.size))
    out.append(r"\color{grey}\linethickness{0.3pt}")
    for *curve, tip in found.arrows:
        path = "".join(f"({x:.1f},{y:.1f})" for x, y in curve[1:])
        steps = re.sub(r"((?:\([^()]*\)){3})", r"\\curveto\1", path)
        (bx, by), (x, y) = curve[-1], tip
        out.append(rf"\moveto({curve[0][0]:.1f},{curve[0][1]:.1f}){steps}\strokepath")
        px, py = (y - by) * 0.35, (bx - x) * 0.35
        out.append(rf"\polygon*({x:.2f},{y:.2f})({bx + px:.2f},{by + py:.2f})({bx - px:.2f},{by - py:.2f})")
    for b in found.boxes:
        uses = ", ".join(escape(u.claim) for u in b.uses)
        out.append(
            rf"\put({b.at[0] - WIDE / 2:.1f},{b.at[1] - HIGH / 2:.1f})"
            rf"{{\node{{{b.badge.tone}}}{{{b.anchor}}}{{{escape(b.badge.symbol)}~{escape(b.name)}}}{{{uses}}}}}"
        )
    return Ready("\n".join([*out, r"\end{picture}"]))


def annotated(e: EquationView, tag: str = "") -> Ready:
    """A display as printed, each judged sign with the mark of its verdict."""
    mends = {n: note.erratum for note in e.notes for n in note.numbers}

    def dress(k: int, sign: str) -> str:
        badge, erratum = e.claims[k].badge, mends.get(k + 1)
        mark = escape(badge.symbol) + (str(k + 1) if len(e.claims) > 1 else "")
        shown = rf"{{{badge.tone}}}{{{mark}}}{{{sign.strip()}}}"
        return rf"\errs{{{erratum.anchor}}}{shown}" if erratum else rf"\sign{shown}"

    math = e.marked or e.printed
    assert math is not None
    return display(math, _DISPLAY, rf"\eqnumber{{{escape(tag)}}}" if tag else "", dress)


def latex(report: ReportView) -> str:
    """The whole of errata.tex."""
    at = Links(report, escape, r"\hyperlink{{{anchor}}}{{{text}}}", r"\at{{{anchor}}}")
    filters = {
        "inline": inline, "display": display, "prose": prose, "cell": cell, "plot": plot,
        "typewriter": typewriter, "exchange": exchange, "alone": alone, "bare": Ready, "derivation": derivation,
        "chart": chart,
        "laws": lambda found: Ready(laws.picture(found)),
        "to": at.to, "link": at.link, "target": at.target, "targets": at.targets, "annotated": annotated,
    }  # fmt: skip
    return render("errata.tex", escape, filters, report=report, charts=charts(report), box=(WIDE, HIGH), words=words)
