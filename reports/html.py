"""index.html: one file that holds everything it needs, KaTeX and its fonts included, and asks for nothing."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from reports import words
from reports.engine import TEMPLATES, template_text
from reports.graph import picture
from reports.layout import is_short, rows
from reports.mathtext import Unsafe, safe
from reports.plots import svg
from reports.views import Math, Prose, ReportView

_KATEX = Path(__file__).parent / "assets" / "katex"
#: A column of the page is a little narrower than a printed line, but may scroll.
_COLUMN = 44.0


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
        HTML with a policy that forbids every request and every script but its own two.
    """
    scripts = (_katex_script(), template_text("page.js"))
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(plot=svg, inline=inline, display=display, formula=formula, prose=prose, brief=brief)
    return environment.get_template("index.html").render(
        report=report,
        words=words,
        policy=_policy(scripts),
        styles=Markup(_katex_style() + template_text("page.css")),  # our own files
        scripts=[Markup(s) for s in scripts],
        data=embed(data),
        picture=picture(report),
    )


def inline(math: Math) -> Markup:
    r"""A formula for KaTeX, or code where it is not plain mathematics.

    >>> print(inline(Math("a < b")), inline(Math(r"\input{<b>}")))
    <span class="m">a&lt;b</span> <code class="foreign">\input{&lt;b&gt;}</code>
    """
    tex = safe(math.latex)
    return Markup('<span class="m">{}</span>').format(tex) if tex else _foreign(math)


def display(math: Math) -> Markup:
    """A displayed formula, broken at its relation signs when long."""
    try:
        lines = rows(math.latex, _COLUMN)
    except Unsafe:
        return Markup("<div>{}</div>").format(_foreign(math))
    if len(lines) == 1:
        tex = lines[0].left + lines[0].right
    else:
        tex = r"\begin{aligned}" + r"\\ ".join(f"{r.left}&{r.right}" for r in lines) + r"\end{aligned}"
    return Markup('<div class="m display">{}</div>').format(tex)


def formula(math: Math, end: str = "") -> Markup:
    """In the line when short, displayed when long; `end` is the mark that closes the sentence."""
    tex = safe(math.latex)
    if tex is None or not is_short(math.latex):
        return display(math)
    return Markup('<span class="m">{}</span>{}').format(r"\displaystyle " + tex, end)


def prose(sentence: Prose) -> Markup:
    """Text and formulas in turn."""
    return Markup("").join(formula(p) if isinstance(p, Math) else Markup.escape(p) for p in sentence.parts)


def brief(sentence: Prose) -> Markup:
    """The same for a line of its own: a long formula is left out."""
    return Markup("").join(
        Markup.escape(p) if isinstance(p, str) else inline(p) if is_short(p.latex) else "…" for p in sentence.parts
    )


def embed(data: dict[str, Any]) -> Markup:
    r"""JSON that can stand inside a script element: nothing in it can end the element or open a comment.

    >>> print(embed({"a": "</script><!--&"}))
    {"a":"\u003c/script\u003e\u003c!--\u0026"}
    """
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=True)
    return Markup(text.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026"))


def _foreign(math: Math) -> Markup:
    return Markup('<code class="foreign">{}</code>').format(math.latex)


def _policy(scripts: tuple[str, ...]) -> str:
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts)
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; font-src data:; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


@cache
def _katex_script() -> str:
    return (_KATEX / "katex.min.js").read_text(encoding="utf-8")


@cache
def _katex_style() -> str:
    """KaTeX's style sheet with its woff2 fonts inside and the other formats left out."""

    def font(found: re.Match[str]) -> str:
        data = base64.b64encode((_KATEX / "fonts" / found[1]).read_bytes()).decode()
        return f'src:url(data:font/woff2;base64,{data}) format("woff2")'

    style = (_KATEX / "katex.min.css").read_text(encoding="utf-8")
    return re.sub(r'src:url\(fonts/([\w-]+\.woff2)\) format\("woff2"\)(?:,url\([^)]*\) format\("\w+"\))*', font, style)
