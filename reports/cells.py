"""Pairs of an energy and an initializer on the terminal, readable in a pipe as well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reports.terminal import _console, _facts, _show

if TYPE_CHECKING:
    from derive.theory.grid import Cell
    from derive.theory.laws import Held
    from derive.theory.measured import Measured
    from derive.theory.order import Ordering
    from derive.theory.result import Temperature


def one(t: Temperature, numbers: Measured | None = None) -> None:
    """Print all that was found about a pair, and its temperature on data first."""
    from rich.text import Text

    console = _console()
    rows = [
        ("⟨E₀⟩", t.exact or "—"), ("as", t.kind or ""), ("⟨E₀⟩ ~", t.energy_law or ""), ("S₀", t.entropy),
        ("T ~", t.asymptotic or ""), ("then", t.next_order or ""), ("T > 0", t.positive),
        ("condition", t.condition or ""), ("reason", t.reason), *(("proved", p) for p in t.proved),
        *(("check", c.said) for c in t.checks),
    ]  # fmt: skip
    head = Text(f"{t.energy.called} × {t.initializer}, {t.called_model}: {t.verdict}", style="bold")
    on_data = numbers.rows() if numbers else []
    _show(console, [head, _facts(tuple((n, v) for n, v in [*on_data, *rows] if v), console.width)])


def laws(name: str, found: Sequence[Held]) -> None:
    """Print the laws of an entry, one a row, with the evidence."""
    from rich.table import Table
    from rich.text import Text

    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("law", "verdict", "evidence"):
        made.add_column(column, overflow="fold")
    for h in found:
        made.add_row(Text(h.law), Text(h.verdict), Text(h.evidence))
    _show(_console(), [Text(name, style="bold"), made])


def orders(found: Sequence[Ordering]) -> None:
    """Print the temperatures in order, highest first, with the verdict of each comparison."""
    from rich.text import Text

    console = _console()
    for o in found:
        lines = [Text(f"{o.fixed} {o.name}, every other one varied:", style="bold")]
        for r in o.rows:
            factor = f", quotient {r.factor}" if r.relation == "~" and r.factor != "1" else ""
            then = f"  {r.relation} the next{factor}: {r.verdict} ({r.reason})" if r.relation else ""
            lines.append(Text(f"  {r.rank}. {r.name}{then}"))
        lines += [Text(f"  – {name}: {why}") for name, why in o.unplaced]
        _show(console, [*lines, ""])
    if found:
        _show(console, [Text(f"Assumed: {'; '.join(found[0].conditions)}.")])


def table(cells: Sequence[Cell]) -> None:
    """Print the grid, one line a cell, then how many are decided."""
    from rich.table import Table
    from rich.text import Text

    console = _console()
    made = Table(box=None, pad_edge=False, header_style="bold", expand=True)
    for name, most in (("energy", 14), ("initializer", 16), ("verdict", 10), ("⟨E₀⟩ as", 24)):
        made.add_column(name, no_wrap=True, max_width=most, overflow="ellipsis")
    made.add_column("T ~, or the condition", no_wrap=True, overflow="ellipsis", ratio=1)
    for c in cells:
        shown = c.asymptotic or c.condition or c.reason
        made.add_row(
            *(Text(x) for x in (c.energy, c.initializer, c.verdict, "diverges" if c.diverges else c.kind or "", shown))
        )
    decided = sum(c.verdict != "undecided" for c in cells)
    last = f"{decided} of {len(cells)} cells decided; {sum(c.diverges for c in cells)} of them diverge."
    _show(console, [made, "", Text(last)])
