"""Pairs of an energy and an initializer on the terminal, readable in a pipe as well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reports.terminal import _console, _facts, _show

if TYPE_CHECKING:
    from derive.theory.grid import Cell
    from derive.theory.measured import Measured
    from derive.theory.result import Temperature


def one(t: Temperature, numbers: Measured | None = None) -> None:
    """Print all that was found about a pair, and its temperature on data first."""
    from rich.text import Text

    console = _console()
    rows = [
        ("⟨E₀⟩", t.exact or "—"), ("as", t.kind or ""), ("⟨E₀⟩ ~", t.energy_law or ""), ("S₀", t.entropy),
        ("T ~", t.asymptotic or ""),
        ("S₀ > 0", f"from a common scale of {t.positive_from:.6g}" if t.positive_from else ""),
        ("condition", t.condition or ""), ("reason", t.reason), *(("proved", p) for p in t.proved),
        *(("check", f"{c.what}: {c.derived} and {c.other}, {c.how}") for c in t.checks),
    ]  # fmt: skip
    head = Text(f"{t.energy.called} × {t.initializer}, {t.model.name}: {t.verdict}", style="bold")
    on_data = numbers.rows() if numbers else []
    _show(console, [head, _facts(tuple((n, v) for n, v in [*on_data, *rows] if v), console.width)])


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
