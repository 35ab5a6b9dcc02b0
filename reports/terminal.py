"""What a run shows on the terminal, readable in a pipe as well.

Everything printed is `rich.text.Text`, never markup: nothing a paper says may be taken for a style.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from derive.verdict import Checked
from reports.clean import inert
from reports.errata import differences
from reports.model import view
from reports.views import ClaimView, EquationView, Link, WitnessView

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table
    from rich.text import Text

_PIPE = 100  # columns where there is no terminal to ask
_NAME = 12  # columns of the names of the rows


def summary_table(checked: Checked) -> None:
    """Print every claim in one line, then the counts of verdicts.

    Colours are used on a terminal only; in a pipe the table is plain text of 100 columns.
    """
    from rich.table import Table
    from rich.text import Text

    report = view(checked)
    console = _console()
    table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
    for name, most in (("equation", 18), ("sign", 4), ("verdict", 13), ("fault", 15), ("severity", 8)):
        table.add_column(name, no_wrap=True, max_width=most, overflow="ellipsis")
    table.add_column("reason", no_wrap=True, overflow="ellipsis", ratio=1)
    for equation in (*report.equations, *report.statements):
        for claim in equation.claims:
            table.add_row(*(Text(cell, style=style) for cell, style in _cells(claim)))
    parts: list[RenderableType] = [table, ""]
    for count in report.counts:
        line = f"{count.number:6}  {count.badge.symbol} {count.badge.label}"
        parts.append(Text(line, style=_style(count.badge.tone)))
    if report.not_judged:
        parts.append(Text(f"{len(report.not_judged):6}    equations not judged yet", style="dim"))
    _show(console, [*parts, Text(report.extent), Text(report.reading), Text(report.right)])


def one_equation(checked: Checked, number: str, beyond: Sequence[str] = ()) -> None:
    """Print all that was found about one equation.

    Parameters
    ----------
    checked
        What the run found.
    number
        The equation, such as "3.5".
    beyond
        Equations that it uses and that this run did not judge.
    """
    from rich.text import Text

    report = view(checked)
    equation = next((e for e in (*report.equations, *report.statements) if e.number == number), None)
    if equation is None:
        return
    console = _console()
    lines: list[RenderableType] = [_heading(equation, report.title)]
    if equation.says:
        lines.append(_facts((("where", equation.where), ("says", str(equation.says))), console.width))
    if equation.printed:
        lines.append(_facts(((" ", equation.printed.latex),), console.width, names=0))
    before: ClaimView | None = None
    for claim in equation.claims:
        line = Text(f"\n{claim.id}  {claim.relation}  ", style="bold")
        line.append(f"{claim.badge.symbol} {claim.badge.label}", style=f"bold {_style(claim.badge.tone)}")
        if claim.scope:
            line.append(f"  ({claim.scope})", style="dim")
        lines += [line, _facts(_rows(claim, before, beyond if before is None else ()), console.width)]
        before = claim
    if not equation.claims:
        lines.append(Text("No sign of it was judged.", style="dim"))
    _show(console, lines)


def _console() -> Console:
    from rich.console import Console

    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console = Console(highlight=False, markup=False, emoji=False, width=_PIPE, no_color=True)
    return console


def _heading(equation: EquationView, title: str) -> Text:
    from rich.text import Text

    line = Text(equation.place, style="bold")
    if equation.section:
        line.append(f"  Section {equation.section}", style="dim")
    return line.append(f"  {title}", style="dim") if title else line


def _show(console: Console, parts: Iterable[RenderableType]) -> None:
    """Print without the blanks that fill up lines, so that a pipe gets what it needs and no more."""
    with console.capture() as captured:
        for part in parts:
            console.print(part)
    with inert():
        sys.stdout.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))


def _facts(rows: Iterable[tuple[str, str]], width: int, names: int = _NAME) -> Table:
    """Names and values in two columns; a row without contents is left out."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    table.add_column(width=names, no_wrap=True, style="dim", justify="right")
    table.add_column(overflow="fold")
    for name, value in rows:
        if value:
            table.add_row(Text(name), Text(_folded(value, width - names - 2), overflow="fold"))
    return table


def _folded(text: str, width: int) -> str:
    r"""Lines of at most `width`, broken at blanks where there are some, else between tokens of LaTeX.

    >>> _folded(r"\frac{a+b}{c+d}", 9)
    '\\frac{a+b\n}{c+d}'
    """
    lines = [""]
    for word in re.findall(r"\S+\s*", text):
        if len(lines[-1]) + len(word.rstrip()) <= width:
            lines[-1] += word
            continue
        for n, token in enumerate(re.findall(r"\\[A-Za-z]+\s*|\\?.\s*", word, re.DOTALL)):
            long = len(word.rstrip()) > width - 8
            if (not n and not long and lines[-1]) or len(lines[-1]) + len(token.rstrip()) > width:
                lines.append("")
            lines[-1] += token
    return "\n".join(lines)


def _rows(claim: ClaimView, before: ClaimView | None, beyond: Sequence[str]) -> Iterable[tuple[str, str]]:
    chained = before is not None and bool(before.right.latex) and before.right == claim.left
    yield "left", f"as the right side of {before.id}" if before and chained else claim.left.latex
    yield "right", claim.right.latex
    if claim.read_sides:
        yield "left read", "" if chained else claim.read_sides[0].latex
        yield "right read", claim.read_sides[1].latex
    read = claim.correction_read.latex if claim.correction_read else ""
    derived = claim.derived.latex if claim.derived else ""
    yield "derived", derived if derived != read else ""
    yield from _right_form(claim)
    yield "condition", "".join(p if isinstance(p, str) else p.latex for p in claim.condition.parts)
    yield "reason", str(claim.reason)
    yield "fault", f"{claim.fault}: {claim.fault_meaning}" if claim.fault else ""
    yield "severity", f"{claim.severity}: {claim.severity_meaning}" if claim.severity else ""
    if claim.witness:
        yield from _witness(claim.witness)
    for n, step in enumerate(claim.derivation):
        sign = step.relation.plain or step.relation.latex if step.relation else " "
        rule = f"    [{step.rule}]" if step.rule.parts else ""
        yield "" if n else "derivation", f"{sign} {step.formula.latex}{rule}"
    for n, one in enumerate(claim.evidence):
        yield "" if n else "evidence", str(one)
    yield "uses", _ids([*claim.uses, *(Link(claim=f"({n})", anchor="") for n in beyond)])
    yield "rests on", _ids(claim.rests_on)
    if beyond:
        yield "", "derive check finds out what these rest on"
    yield "falls", _ids(claim.falls)
    yield "stands", _ids(claim.stands)
    yield "seconds", f"{claim.seconds:.2f}"


def _right_form(claim: ClaimView) -> Iterable[tuple[str, str]]:
    """The nearest formula that was proved, and what it changes; or, where none is near, the derived one."""
    if claim.correction_read is None:
        return
    yield "did you mean" if claim.near else "right form", claim.correction_read.latex
    if not claim.near:
        yield "", "nothing near was found; this is the derived form"
    for n, change in enumerate(differences(claim.correction_for, claim.correction_read) if claim.near else ()):
        yield "" if n else "for", f"{change.printed.latex}   read   {change.read.latex}{change.everywhere}"


def _witness(witness: WitnessView) -> Iterable[tuple[str, str]]:
    for n, sentence in enumerate(witness.sentences):
        plain = "".join(p if isinstance(p, str) else p.plain or p.latex for p in sentence.parts)
        yield "" if n else "witness", plain
    wide = max((len(at) for at, _ in witness.quotients), default=0)
    for n, (at, quotient) in enumerate(witness.quotients):
        yield "" if n else "quotients", f"{at:>{wide}}  {quotient}"


def _ids(links: Sequence[Link]) -> str:
    return ", ".join(link.claim for link in links)


def _cells(claim: ClaimView) -> tuple[tuple[str, str], ...]:
    colour = _style(claim.badge.tone)
    return (
        (claim.id, ""),
        (claim.relation, ""),
        (f"{claim.badge.symbol} {claim.badge.label}", colour),
        (claim.fault, ""),
        (claim.severity, ""),
        (str(claim.reason), "dim"),
    )


def _style(tone: str) -> str:
    return {"teal": "cyan", "orange": "yellow", "purple": "magenta", "grey": "dim"}.get(tone, tone)
