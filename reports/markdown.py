"""ERRATA.md: the list a journal editor would like to get."""

from __future__ import annotations

import re

from reports import words
from reports.engine import Ready, render
from reports.mathtext import safe
from reports.sentences import powers
from reports.views import Math, Prose, ReportView

#: Bars, braces and angle signs would be taken for tables, escapes and tags before the math is seen.
_MATH = (
    (r"\\\|", r"\\Vert "),
    (r"\\\{", r"\\lbrace "),
    (r"\\\}", r"\\rbrace "),
    (r"\\[,:;!]", " "),
    (r"\\\\", r"\\cr "),
    (r"\|", r"\\vert "),
    (r"<", r"\\lt "),
    (r">", r"\\gt "),
    (r"\*", r"\\ast "),
)


def escape(text: str) -> str:
    r"""Text as Markdown text: no markup, no HTML, no math, no table cell ends.

    >>> print(escape("<img> $x$ a|b *c* 1_000 `d`"))
    &lt;img&gt; \$x\$ a\|b \*c\* 1\_000 \`d\`
    """
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_{}\[\]$|~])", r"\\\1", text).replace("://", ":&#47;/")


def math(formula: Math) -> Ready:
    r"""A formula between dollar signs, or as code where it is not plain mathematics.

    >>> print(math(Math(r"|x| < 1")), math(Math(r"\input{x} `")))
    $\vert x\vert \lt 1$ `` \input{x} ` ``
    """
    tex = safe(formula.latex)
    if tex is None:
        return code(formula.latex)
    for pattern, replacement in _MATH:
        tex = re.sub(pattern, replacement, tex)
    return Ready(f"${tex.strip()}$")


def code(text: str) -> Ready:
    """Text as a code span that nothing inside it can close."""
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    blank = " " if "`" in text else ""
    return Ready(f"{fence}{blank}{text.strip() or '-'}{blank}{fence}")


def cell(formula: Math) -> Ready:
    """A formula inside a table, where a bar would end the cell."""
    return Ready(math(formula).replace("|", r"\|"))


def prose(sentence: Prose) -> Ready:
    """Text and formulas in turn.

    >>> print(prose(Prose(("a_b: ", Math("x_1"), "."))))
    a\\_b: $x_{1}$.
    """
    return Ready("".join(math(p) if isinstance(p, Math) else escape(p) for p in sentence.parts))


def power(number: str) -> Ready:
    """A number with its power of ten as a formula, anything else as text.

    >>> print(power("1e100"), power("2.86e2171"), power("10^(2.17e11)"), power("…"))
    $10^{100}$ $2.86\\cdot 10^{2171}$ $10^{2.17\\cdot 10^{11}}$ …
    """
    tex = powers(number)
    return Ready(f"${tex}$") if tex else Ready(escape(number))


def markdown(report: ReportView) -> str:
    """The whole of ERRATA.md."""
    filters = {"math": math, "code": code, "cell": cell, "prose": prose, "power": power, "ready": Ready}
    text = render("errata.md", escape, filters, report=report, words=words)
    return re.sub(r"\n{3,}", "\n\n", text)
