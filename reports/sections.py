"""The paper in its own order: sections with their displays and statements, and its tables of formulas."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby

from derive.verdict import Checked
from reports.clean import clean
from reports.sentences import anchor, mixed
from reports.views import EquationView, RowView, SectionView, TableView


def sections(
    headings: Sequence[tuple[str, str]], displays: Sequence[EquationView], statements: Sequence[EquationView]
) -> tuple[SectionView, ...]:
    """The sections that hold something, in the order of the headings; those without a heading after them."""
    inside: dict[str, tuple[list[EquationView], list[EquationView]]] = defaultdict(lambda: ([], []))
    for k, several in enumerate((displays, statements)):
        for e in several:
            inside[e.section][k].append(e)
    titles = {clean(number): clean(title) for number, title in headings}
    order = [n for n in titles if any(i == n or i.startswith(f"{n}.") for i in inside)]
    order += [n for n in inside if n not in titles]
    return tuple(
        SectionView(
            number=n,
            place=section(n),
            title=titles.get(n, ""),
            anchor=anchor("section", n),
            level=n.count(".") + 1,
            equations=tuple(inside[n][0]),
            statements=tuple(inside[n][1]),
        )
        for n in order
    )


def section(number: str) -> str:
    """How a section is called.

    >>> section("3.1"), section("B"), section("Table 3"), section("")
    ('Section 3.1', 'Appendix B', 'Table 3', 'No section')
    """
    if not number:
        return "No section"
    if re.fullmatch(r"\d[\d.]*", number):
        return f"Section {number}"
    return f"Appendix {number}" if re.fullmatch(r"[A-Z][\d.]*", number) else number


def tables(checked: Checked, statements: Sequence[EquationView]) -> tuple[TableView, ...]:
    """Printed tables whose cells hold formulas, each row with the law as it should be."""
    printed = {clean(e.number) for e in checked.passages if e.passage and e.passage.cells and e.passage.printed}
    rows = [e for e in statements if e.number in printed and e.printed and e.claims]
    return tuple(
        TableView(title=title, rows=tuple(map(_row, group))) for title, group in groupby(rows, key=lambda e: e.section)
    )


def _row(e: EquationView) -> RowView:
    """The first claim of a row is about the truth; the others compare it with the equations that it sums up."""
    first = e.claims[0]
    assert e.printed is not None
    return RowView(
        place=e.place,
        anchor=e.anchor,
        where=str(mixed(e.where)),
        printed=first.printed,
        read=first.correction_read,
        badge=first.badge,
        claim=first.link,
        erratum=next(iter(e.errata), None),
    )
