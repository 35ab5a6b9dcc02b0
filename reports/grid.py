"""The grid as a page: grid.html, grid.tex and grid.json, each written whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from derive.theory.asked import as_text, cells
from derive.theory.curves import SHOWN
from derive.verdict import Status
from reports import katex, words
from reports.clean import clean
from reports.engine import Ready, render, template_text
from reports.html import display, packed, policy, prose, templates
from reports.latex import escape
from reports.layout import WIDEST
from reports.mathtext import safe
from reports.panels import Panel, panels, picture, svg
from reports.views import Math, Prose
from reports.write import write_whole

if TYPE_CHECKING:
    from derive.theory.curves import Curve
    from derive.theory.grid import Cell
    from derive.theory.order import Ordering

FILES = ("grid.html", "grid.tex", "grid.json")


@dataclass(frozen=True, kw_only=True)
class CellView:
    energy: str
    initializer: str
    anchor: str
    badge: words.Badge
    order: Math | None  #: how T grows
    instead: str  #: what stands in its place in the table
    facts: tuple[tuple[str, Math | Prose], ...]


@dataclass(frozen=True, kw_only=True)
class RowView:
    rank: int
    name: str
    anchor: str
    law: Math
    relation: Math | None
    factor: Math | None
    badge: words.Badge | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class OrderView:
    title: str
    anchor: str
    rows: tuple[RowView, ...]
    unplaced: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class GridView:
    energies: tuple[str, ...]
    initializers: tuple[str, ...]
    cells: dict[tuple[str, str], CellView]
    counts: tuple[tuple[words.Badge, int], ...]
    decided: str
    orders: tuple[OrderView, ...]
    conditions: tuple[str, ...]
    panels: tuple[Panel, ...]
    shown: str


def view(found: Sequence[Cell], ordered: Sequence[Ordering], curves: Sequence[Curve]) -> GridView:
    """The model that the templates see."""
    made = {(c.energy, c.initializer): _cell(c) for c in found}
    badges = [c.badge for c in made.values()]
    decided = sum(b is not words.BADGES[Status.UNDECIDED] for b in badges)
    return GridView(
        energies=tuple(dict.fromkeys(e for e, _ in made)),
        initializers=tuple(dict.fromkeys(i for _, i in made)),
        cells=made,
        counts=tuple((b, badges.count(b)) for b in dict.fromkeys(badges)),
        decided=f"{decided} of {len(found)} cells are decided",
        orders=tuple(_order(o) for o in ordered if o.rows),
        conditions=tuple(dict.fromkeys(c for o in ordered if o.rows for c in o.conditions)),
        panels=panels(curves),
        shown=SHOWN,
    )


def _anchor(energy: str, initializer: str) -> str:
    return "cell-" + re.sub(r"[^\w.-]", "-", f"{energy}-{initializer}")


def _cell(c: Cell) -> CellView:
    facts: list[tuple[str, Math | Prose]] = []
    for name, tex in (
        ("mean energy", c.exact), ("leading law of it", c.energy_law), ("entropy", c.entropy),
        ("leading law of T", c.asymptotic), ("next order, to be added", c.next_order),
    ):  # fmt: skip
        if tex:
            facts.append((name, Math(clean(tex))))
    texts = [("as", c.kind), ("T > 0", c.positive), ("condition", c.condition), ("how", c.reason)]
    texts += [("proved", p) for p in c.proved]
    texts += [("check", k.said) for k in c.checks]
    facts += [(name, _prose(clean(text))) for name, text in texts if text]
    return CellView(
        energy=clean(c.energy), initializer=clean(c.initializer), anchor=_anchor(c.energy, c.initializer),
        badge=words.BADGES[Status(c.verdict)], order=Math(c.order) if c.order else None,
        instead=_instead(c),
        facts=tuple(facts),
    )  # fmt: skip


def _instead(c: Cell) -> str:
    """What stands in the table where there is no law, in a word or two; the cell itself has the whole sentence."""
    known = c.condition or ""
    short = ("⟨E₀⟩ = ∞", c.diverges), ("E_f = −∞", "E_f = −∞" in known), ("S₀ = 0", "S₀ = 0" in known)
    return next((text for text, yes in short if yes), "small c only" if "finite only" in known else "no law")


def _prose(text: str) -> Prose:
    parts = text.split("$")
    return Prose(tuple(Math(p) if k % 2 else p for k, p in enumerate(parts) if p))


_RELATIONS = {"≫": r"\gg", "~": r"\sim", "∝": r"\propto"}


def _order(o: Ordering) -> OrderView:
    def anchor(name: str) -> str:
        return _anchor(o.name, name) if o.fixed == "energy" else _anchor(name, o.name)

    rows = tuple(
        RowView(
            rank=r.rank, name=clean(r.name), anchor=anchor(r.name), law=Math(r.law),
            relation=Math(_RELATIONS[r.relation]) if r.relation else None,
            factor=Math(r.factor) if r.factor else None,
            badge=words.BADGES[Status(r.verdict)] if r.verdict else None, reason=clean(r.reason),
        )
        for r in o.rows
    )  # fmt: skip
    return OrderView(
        title=f"{o.name}, all initializers" if o.fixed == "energy" else f"{o.name}, all energies",
        anchor=f"order-{o.fixed}-{o.name}", rows=rows,
        unplaced=tuple(f"{name}: {clean(why)}" for name, why in o.unplaced),
    )  # fmt: skip


def write(
    found: Sequence[Cell], ordered: Sequence[Ordering], curves: Sequence[Curve], directory: str | Path
) -> list[Path]:
    """Write the page, its LaTeX and its data; all are made before the first is written."""
    seen, data = view(found, ordered, curves), cells(found, ordered)
    contents = (html(seen, data).encode(), latex(seen).encode(), as_text(data))
    Path(directory).mkdir(parents=True, exist_ok=True)
    paths = [Path(directory) / name for name in FILES]
    for path, content in zip(paths, contents, strict=True):
        write_whole(path, content)
    return paths


def html(seen: GridView, data: dict[str, Any]) -> str:
    """One file that holds all it needs, and asks for nothing."""
    scripts = (katex.script(), template_text("grid.js"))
    environment = templates()
    environment.filters.update(shown=lambda x: display(x) if isinstance(x, Math) else prose(x), panel=svg)
    return environment.get_template("grid.html").render(
        grid=seen, policy=policy(scripts), styles=Markup(katex.style() + template_text("page.css")),
        scripts=[Markup(s) for s in scripts], data=packed(as_text(data).decode()),
    )  # fmt: skip


def latex(seen: GridView) -> str:
    """The same as LaTeX for any pdflatex."""

    def set_(x: Math | Prose) -> Ready:
        parts = (x,) if isinstance(x, Math) else x.parts
        return Ready("".join(_math(p) if isinstance(p, Math) else escape(p) for p in parts))

    return render("grid.tex", escape, {"shown": set_, "panel": lambda p: Ready(picture(p))}, grid=seen, widest=WIDEST)


def _math(math: Math) -> str:
    tex = safe(math.latex)
    return rf"\fit{{{tex}}}" if tex else rf"{{\small\ttfamily {escape(math.latex)}}}"
