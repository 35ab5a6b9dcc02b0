"""index.html: one file that holds everything it needs, KaTeX and its fonts included, and asks for nothing.

What stands behind a click (the details of each claim, verdicts.json) lies compressed in the page, and is opened by
the browser when it is wanted.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Sequence
from typing import Any

import jinja2
from markupsafe import Markup

from reports import katex, laws, words
from reports.engine import TEMPLATES, template_text
from reports.errata import mended
from reports.graph import picture
from reports.layout import is_short, rows
from reports.marks import bare, dressed
from reports.mathtext import Unsafe, safe
from reports.plots import svg
from reports.sentences import powers
from reports.views import ClaimView, EquationView, Math, Prose, ReportView, StepView

#: A column of the page is a little narrower than a printed line, but may scroll.
_COLUMN = 42.0


def html(report: ReportView, data: dict[str, Any]) -> str:
    """The whole page.

    Parameters
    ----------
    report
        The view model.
    data
        The contents of verdicts.json, put into the page so that a reader can save it.

    Returns
    -------
    str
        HTML with a policy that forbids every request and every script but its own.
    """
    scripts = (katex.script(), template_text("page.js"), template_text("graph.js"))
    environment = templates()
    environment.globals.update(words=words, mends={c: e for e in report.errata for c in mended(e)})
    return environment.get_template("index.html").render(
        report=report,
        policy=policy(scripts),
        styles=Markup(katex.style() + template_text("page.css")),  # our own files
        scripts=[Markup(s) for s in scripts],
        verdicts=packed(json.dumps(data, ensure_ascii=False, indent=2) + "\n"),
        details=packed(json.dumps(_details(report, environment.get_template("claim.html")), ensure_ascii=False)),
        picture=picture(report),
    )


def templates() -> jinja2.Environment:
    """Templates of pages: strict about names, everything escaped, formulas for KaTeX by filters."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        auto_reload=False,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        plot=svg,
        laws=laws.svg,
        inline=inline,
        display=display,
        cell=cell,
        formula=formula,
        prose=prose,
        step=step,
        findings=findings,
        power=power,
    )
    return environment


def _details(report: ReportView, panel: jinja2.Template) -> dict[str, dict[str, str]]:
    """What opens at each claim, and what a search finds of each equation."""
    displays = (*report.equations, *report.statements)
    return {
        "panels": {c.anchor: panel.render(c=c, n=n) for e in displays for n, c in enumerate(e.claims, 1)},
        "texts": {e.anchor: _text(e) for e in displays},
    }


def _text(e: EquationView) -> str:
    printed = e.printed.latex if e.printed else ""
    return " ".join((e.number, e.place, e.where, str(e.says), printed, *(str(c.reason) for c in e.claims)))


def inline(math: Math) -> Markup:
    r"""A formula for KaTeX, or code where it is not plain mathematics.

    >>> print(inline(Math("a < b")), inline(Math(r"\input{<b>}")))
    <span class="m">a&lt;b</span> <code class="foreign">\input{&lt;b&gt;}</code>
    """
    tex = safe(math.latex)
    return Markup('<span class="m">{}</span>').format(tex) if tex else _foreign(math)


def cell(math: Math) -> Markup:
    """A formula in a table, with fractions in full size."""
    tex = safe(math.latex)
    return Markup('<span class="m">{}</span>').format(r"\displaystyle " + tex) if tex else _foreign(math)


def display(math: Math, claims: Sequence[ClaimView] = ()) -> Markup:
    r"""A displayed formula, broken at its relation signs when long; a marked sign leads to its claim.

    >>> print(display(Math(r"T \sim a")), display(Math(r"\input{x}")))
    <div class="m display" style="--rows:1">T\sim a</div> <div><code class="foreign">\input{x}</code></div>
    """
    try:
        lines = rows(math.latex, _COLUMN)
    except Unsafe:
        return Markup("<div>{}</div>").format(_foreign(math))
    if len(lines) == 1:
        tex = lines[0].left + lines[0].right
    else:
        tex = r"\begin{aligned}" + r"\\[.6em] ".join(f"{r.left}&{r.right}" for r in lines) + r"\end{aligned}"
    # Foreign text can't hold \href: `rows` refuses it.
    tex = dressed(tex, lambda k, sign: rf"\href{{#{claims[k].anchor}}}{{{sign}}}" if k < len(claims) else sign)
    return Markup('<div class="m display" style="--rows:{}">{}</div>').format(len(lines), tex)


def formula(math: Math, end: str = "") -> Markup:
    """In the line when short, displayed when long; `end` is the mark that closes the sentence."""
    tex = safe(math.latex)
    if tex is None or not is_short(math.latex):
        return display(math)
    return Markup('<span class="m">{}</span>{}').format(r"\displaystyle " + tex, end)


def step(line: StepView) -> Markup:
    """A line of a derivation: its sign, then what follows it."""
    sign = f"{line.relation.latex} " if line.relation else ""
    return display(Math(sign + line.formula.latex))


def prose(sentence: Prose, end: str = "") -> Markup:
    """Text and formulas in turn; `end` closes the sentence, unless a displayed formula does.

    >>> print(prose(Prose(("a < ", Math("b"))), "."))
    a &lt; <span class="m">\\displaystyle b</span>.
    """
    *parts, last = sentence.parts or ("",)
    begin = Markup("").join(formula(p) if isinstance(p, Math) else Markup.escape(p) for p in parts)
    return begin + (formula(last, end) if isinstance(last, Math) else Markup.escape(last + end))


def power(number: str) -> Markup:
    """A number with its power of ten as a formula, anything else as text.

    >>> print(power("1e100"), power("…"))
    <span class="m">10^{100}</span> …
    """
    tex = powers(number)
    return inline(Math(tex)) if tex else Markup.escape(number)


def findings(evidence: Sequence[Prose]) -> list[tuple[str, list[Prose]]]:
    """What the engine found, "numbers: …", by its kind.

    >>> [(kind, [str(one) for one in found]) for kind, found in findings([Prose(("kernel: a",)), Prose(("b",))])]
    [('kernel', ['a']), ('found', ['b'])]
    """
    out: dict[str, list[Prose]] = {}
    for one in evidence:
        first = one.parts[0] if one.parts else ""
        kind, colon, rest = first.partition(": ") if isinstance(first, str) else ("", "", "")
        if colon and kind.isalpha():
            out.setdefault(kind, []).append(Prose((rest, *one.parts[1:])))
        else:
            out.setdefault("found", []).append(one)
    return list(out.items())


def packed(text: str) -> Markup:
    """Text that can stand inside a script element: gzip in base 64, always the same for the same text.

    >>> gzip.decompress(base64.b64decode(packed("</script>"))).decode()
    '</script>'
    """
    data = gzip.compress(text.encode("utf-8", "backslashreplace"), 6, mtime=0)
    return Markup(base64.b64encode(data).decode())


def _foreign(math: Math) -> Markup:
    return Markup('<code class="foreign">{}</code>').format(bare(math.latex))


def policy(scripts: tuple[str, ...]) -> str:
    """What the page may load: its own scripts, by their hashes, and nothing from anywhere."""
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts)
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; font-src data:; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
