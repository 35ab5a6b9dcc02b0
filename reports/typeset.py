"""errata.pdf by Typst: formulas are converted by tex2typst, and shown as text where that fails."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from reports import laws, mathwords, words
from reports.anchors import Links
from reports.charts import HIGH, WIDE, Chart, Point, charts
from reports.engine import Ready, render
from reports.layout import rows, width
from reports.marks import bare, dressed
from reports.mathparse import FIRST_MARK
from reports.mathtext import Unsafe, items, safe
from reports.plots import ACROSS, svg
from reports.views import EquationView, LawsPlot, Math, Plot, Prose, RemarkView, ReportView

#: Guesses of widths in em, as for LaTeX: a display, one behind a word, both parts of an exchange, running text.
_DISPLAY, _BEHIND, _BRIEF, _INLINE = 31.0, 30.0, 13.0, 17.0
#: A line of a derivation, and what may stand before its sign.
_STEP, _HEAD = 33.0, 6.0


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
        return self._set(math, self._code(math))

    def cell(self, math: Math) -> Ready:
        """A formula in display style inside a column, shrunk where it is wider."""
        code = self._code(math)
        return self._set(math, code and f"#fit({_large(code)})")

    def _code(self, math: Math) -> str | None:
        tex = safe(bare(math.latex))
        try:
            return f"${_convert(tex)}$" if tex else None
        except Unsafe:
            return None

    def display(
        self,
        math: Math,
        limit: float = _DISPLAY,
        tag: str = "",
        dress: Callable[[int, str], str] | None = None,
        head: str = "none",
    ) -> Ready:
        """A displayed formula with one line per relation sign, shrunk where it is too wide.

        `tag` stands at the right of its last line; `dress` is what becomes of marked signs; `head` stands before the
        first sign of a formula that begins with one.
        """
        shown: dict[str, str] = {}

        def keep(k: int, sign: str) -> str:
            shown[_kept(k)] = dress(k, sign) if dress else sign
            return _kept(k)

        def code(tex: str) -> str:
            found = _convert(dressed(tex, keep))
            for mark, command in shown.items():
                found = found.replace(mark, f" {command} ")
            return _large(f"${found}$") if found else "none"

        try:
            lines = [r for r in rows(math.latex if dress else bare(math.latex), limit) if r.left or r.right]
            head = code(lines[0].left) if lines and lines[0].left and lines[0].right else head
            bodies = ", ".join(code(r.right or r.left) for r in lines)
        except Unsafe:
            bodies = ""
        end = f", tag: {_string(tag)}" if tag else ""
        plain = f" #h(1fr) {escape(tag)}" if tag else ""
        return self._set(math, f"#chain({head}, ({bodies},){end})" if bodies else None, plain)

    def prose(self, sentence: Prose) -> Ready:
        """Text and formulas in turn, long formulas on lines of their own."""
        return Ready("".join(self._part(p) if isinstance(p, Math) else escape(p) for p in sentence.parts))

    def _part(self, math: Math) -> str:
        if width(bare(math.latex)) <= _INLINE and r"\\" not in math.latex:
            return self.inline(math)
        shown = self.display(math, _BEHIND)
        return f"#lines[{shown}]" if shown.startswith("#chain") else shown

    def exchange(self, printed: Math, read: Math, pair: tuple[str, str] = ("for", "read"), end: str = "") -> Ready:
        """For … read …: in one line where both are short, else one below the other; `end` is said after them."""
        both = tuple(zip(pair, (printed, read), strict=True))
        if all(width(bare(m.latex)) <= _BRIEF and r"\\" not in m.latex for _, m in both):
            one, two = (f"[_{w}_~{self._short(m)}]" for w, m in both)
            return Ready(f"#brief({one}, {two}, {_string(end)})")
        return Ready("".join(self.alone(m, w) for w, m in both) + (escape(end) if end else ""))

    def _short(self, math: Math) -> Ready:
        code = self._code(math)
        return self._set(math, code and _large(code))

    def alone(self, math: Math, word: str) -> Ready:
        """A formula behind the word that says what to do with it."""
        return Ready(f"#labelled[{escape(word)}][{self.display(math, _BEHIND)}]")

    def derivation(self, remark: RemarkView, onwards: str = "") -> Ready:
        """The lines of a derivation, their signs below each other, each with its rule; it may go `onwards`."""
        first, *rest = remark.derivation
        label = escape(f"derivation, sign {remark.signs}" if remark.signs else "derivation")
        label += f"#{_string(', on from ')};{onwards}" if onwards else ""
        head = self._code(first.formula) if rest and width(bare(first.formula.latex)) <= _HEAD else None
        head = None if head in self.refused else head and _large(head)
        out = [] if head else [f"#derive[{self.display(first.formula, _STEP)}][{label}]"]
        for k, step in enumerate(rest):
            sign = f"{step.relation.latex} " if step.relation else ""
            before = (head if k == 0 else f"hide({head})") if head else "none"
            shown = self.display(Math(sign + step.formula.latex), _STEP - (_HEAD if head else 0), head=before)
            about = f"{label}#{_string(': ')};" if head and k == 0 else ""
            out.append(f"#derive[{shown}][{about}#emph[{self.prose(step.rule)}]]")
        return Ready("\n".join(out))

    def annotated(self, e: EquationView, tag: str = "") -> Ready:
        """A display as printed, each judged sign with the mark of its verdict."""
        mends = {n: note.erratum for note in e.notes for n in note.numbers}

        def dress(k: int, sign: str) -> str:
            badge, erratum = e.claims[k].badge, mends.get(k + 1)
            mark = badge.symbol + (str(k + 1) if len(e.claims) > 1 else "")
            to = _string(erratum.anchor) if erratum else "none"
            return f"#sign({badge.tone}, {_string(mark)}, ${_convert(sign.strip())}$, {to})"

        math = e.marked or e.printed
        assert math is not None
        return self.display(math, _DISPLAY, tag, dress)

    def _set(self, math: Math, code: str | None, end: str = "") -> Ready:
        if code is None or code in self.refused:
            return Ready(monospace(bare(math.latex)) + end)
        self.seen.add(code)
        return Ready(code)


def _large(formula: str) -> str:
    """An inline formula in display style."""
    return f"$#math.display({formula})$"


def _kept(k: int) -> str:
    """A mark that passes the converter, where a sign stood."""
    return chr(FIRST_MARK + k)


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
    """A formula as Typst, piece by piece: the converter takes a time that grows with the square of the length."""
    pieces: list[str] = []
    for item in items(tex):
        if pieces and _is_digits(item.tex) and _is_digits(pieces[-1]):
            pieces[-1] += item.tex
        elif item.tex.strip():
            pieces.append(item.tex)
    return " ".join(filter(None, map(_piece, pieces)))


def _fraction(tex: str) -> tuple[str, str] | None:
    r"""Both parts of a piece that is one fraction, unless a comma or semicolon would part them anew.

    >>> _fraction(r"\frac{a}{b_{1}}"), _fraction(r"\frac{a,b}{c}"), _fraction("a")
    (('a', 'b_{1}'), None, None)
    """
    if not tex.startswith(r"\frac{") or "," in tex or ";" in tex:
        return None
    depth = 0
    for k, found in enumerate(re.finditer(r"\\.|[{}]", tex)):
        depth += (found[0] == "{") - (found[0] == "}")
        if k and depth == 0:
            return tex[len(r"\frac{") : found.start()], tex[found.end() + 1 : -1]
    return None


def _is_digits(tex: str) -> bool:
    return tex.replace(".", "").isdigit() or tex == "."


@lru_cache(maxsize=8192)
def _piece(tex: str) -> str:
    if parts := _fraction(tex):
        above, below = map(_convert, parts)
        if above and below:
            return f"frac({above}, {below})"
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

    def links() -> dict[str, Any]:
        a = Links(
            report, escape, '#to("{anchor}")[{text}]', '#at("{anchor}")'
        )  # anew for each try: it counts the places it has linked to
        return {
            "to": a.to, "link": a.link, "target": a.target, "targets": a.targets,
            "plot": _plot, "laws": _laws, "chart": _chart,
        }  # fmt: skip

    return made("errata.typ", links, report=report, charts=charts(report), box=(WIDE, HIGH))


def made(template: str, more: Callable[[], dict[str, Any]] = dict, **values: Any) -> bytes:
    """The PDF of a template. Each formula that Typst refuses is set as text; the document is made in any case."""
    import typst

    formulas = Formulas()
    source = _source(template, formulas, more(), values)
    for refuses in (_refuses, lambda _: True):
        try:
            return _compile(source)
        except typst.TypstError:
            source = _source(template, Formulas(c for c in formulas.seen if refuses(c)), more(), values)
    return _compile(source)


def _source(template: str, f: Formulas, more: dict[str, Any], values: dict[str, Any]) -> str:
    filters = {
        "inline": f.inline, "cell": f.cell, "display": f.display, "prose": f.prose, "exchange": f.exchange,
        "alone": f.alone, "derivation": f.derivation, "annotated": f.annotated,
        "bare": Ready, "quoted": lambda text: Ready(_string(text)),
    }  # fmt: skip
    return render(template, escape, filters | more, words=words, **values)


_INK, _TONE = "#333333", "#a3201d"


def _plot(found: Plot, signs: str = "") -> Ready:
    """A plot for the margin, as an SVG inside the source, with the signs that it is about and what its axes show."""
    label = f"{signs}: {found.label}" if signs else found.label
    drawn = str(svg(found, ink=_INK, tone=_TONE, wide=110))
    return Ready(f"#marginplot({_string(label)}, {_string(ACROSS)}, bytes({_string(drawn)}))")


def _laws(found: LawsPlot) -> Ready:
    return Ready(f"#image(bytes({_string(str(laws.svg(found, ink=_INK, tone='#1f4e86')))}), width: 150mm)")


def _chart(found: Chart) -> Ready:
    """A chapter of the derivation graph, drawn with Typst's own shapes."""
    (wide, high), by = found.size, found.scale

    def at(point: Point) -> str:
        return f"({point[0] * by:.2f}mm, {(high - point[1]) * by:.2f}mm)"

    out = [f"#box(width: {wide * by:.1f}mm, height: {high * by:.1f}mm)["]
    for *curve, tip in found.arrows:
        steps = [f"curve.cubic({', '.join(map(at, curve[k : k + 3]))})" for k in range(1, len(curve) - 2, 3)]
        out.append(f"#arrow({at(curve[-1])}, {at(tip)}, curve.move({at(curve[0])}), {', '.join(steps)})")
    for b in found.boxes:
        left, top = b.at[0] - WIDE / 2, b.at[1] + HIGH / 2
        uses = _string(", ".join(u.claim for u in b.uses))
        label = _string(f"{b.badge.symbol} {b.name}")
        out.append(f"#node({at((left, top))}, {by:.3f}, {b.badge.tone}, {_string(b.anchor)}, {label}, {uses})")
    return Ready("\n".join([*out, "]"]))


#: Stand-ins for the functions of the template around a single formula.
_PREAMBLE = """
#let fit(body) = body
#let chain(head, bodies, tag: none) = [#head #bodies.join()]
#let sign(tone, mark, body, to) = body
#let (green, teal, red, orange, purple, blue, grey) = (none,) * 7
"""


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
