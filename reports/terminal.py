"""The table that ends a run on the terminal, readable in a pipe as well."""

from __future__ import annotations

from derive.verdict import Checked
from reports.model import view
from reports.views import ClaimView

_PIPE = 100  # columns where there is no terminal to ask


def summary_table(checked: Checked) -> None:
    """Print every claim in one line, then the counts of verdicts.

    Colours are used on a terminal only; in a pipe the table is plain text of 100 columns.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    report = view(checked)
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_PIPE, no_color=True)
    table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
    for name, most in (("equation", 18), ("sign", 4), ("verdict", 13), ("fault", 15), ("severity", 8)):
        table.add_column(name, no_wrap=True, max_width=most, overflow="ellipsis")
    table.add_column("reason", no_wrap=True, overflow="ellipsis", ratio=1)
    for equation in report.equations:
        for claim in equation.claims:
            table.add_row(*(Text(cell, style=style) for cell, style in _cells(claim)))
    console.print(table)
    console.print()
    for count in report.counts:
        # Text, not markup: nothing a paper says may be taken for a style.
        console.print(
            Text(
                f"{count.number:6}  {count.badge.symbol} {count.badge.label}", style=_style(count.badge.tone)
            )
        )
    console.print(Text(report.reading))


def _cells(claim: ClaimView) -> tuple[tuple[str, str], ...]:
    colour = _style(claim.badge.tone)
    return (
        (claim.id, ""),
        (claim.relation, ""),
        (f"{claim.badge.symbol} {claim.badge.label}", colour),
        (claim.fault, ""),
        (claim.severity, ""),
        (claim.reason, "dim"),
    )


def _style(tone: str) -> str:
    return {"teal": "cyan", "orange": "yellow", "purple": "magenta", "grey": "dim"}.get(tone, tone)
