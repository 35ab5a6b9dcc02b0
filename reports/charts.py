"""The derivation graph between the displays, one chart a chapter, laid out by Graphviz for print.

What follows through another display has no arrow of its own; what comes from another chapter is named under the box.
Graphviz never sees a name of the paper, only numbers, so nothing in a paper can be taken for its language.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import networkx as nx

from derive.drawing import quiet
from reports import words
from reports.views import EquationView, Link, NodeView, ReportView

Point = tuple[float, float]
#: Sizes in millimetres.
WIDE, HIGH = 13.0, 5.0
_ROOM = 172.0  #: of a page, across
_HIGHEST = 235.0
_INCH = 25.4
_POINT = _INCH / 72
_APART, _RANKS = 2.0, 5.5


@dataclass(frozen=True, kw_only=True)
class Box:
    """A display of the chart, at its centre."""

    at: Point
    name: str
    anchor: str
    badge: words.Badge  #: the weightiest of its signs
    uses: tuple[Link, ...]  #: displays of other chapters


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chapter's part of the graph, in millimetres from the lower left; `scale` makes it fit the page."""

    title: str
    size: Point
    scale: float
    boxes: tuple[Box, ...]
    arrows: tuple[tuple[Point, ...], ...]  #: Bézier points, then the tip
    apart: tuple[Link, ...]  #: displays without any arrow here


def charts(report: ReportView) -> tuple[Chart, ...]:
    """One chart for each chapter that has arrows; none where pygraphviz is not installed."""
    shown = {e.anchor: e for e in report.equations}
    nodes = {n.anchor: n for n in report.nodes if n.anchor in shown}
    graph = _reduced(nodes)
    chapters: dict[str, list[str]] = defaultdict(list)
    for anchor in nodes:
        chapters[shown[anchor].section.split(".")[0]].append(anchor)
    titles = {s.number: f"{s.place}. {s.title}" for s in report.sections}
    found = []
    for chapter, inside in chapters.items():
        within = set(inside)
        arrows = [(a, b) for a in inside for b in graph.successors(a) if b in within]
        if arrows and (places := _laid_out(arrows)):
            found.append(_chart(titles.get(chapter, chapter), graph, places, shown, inside))
    return tuple(found)


def _reduced(nodes: Mapping[str, NodeView]) -> nx.DiGraph:
    """Without the arrows that follow from others, where the graph has no circle."""
    graph = nx.DiGraph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from((u.anchor, a) for a, n in nodes.items() for u in n.uses if u.anchor in nodes)
    if nx.is_directed_acyclic_graph(graph):
        kept = nx.transitive_reduction(graph)
        graph.remove_edges_from([e for e in graph.edges if e not in kept.edges])
    return graph


@dataclass(frozen=True)
class _Places:
    size: Point
    of: dict[str, Point]
    arrows: tuple[tuple[Point, ...], ...]


def _laid_out(arrows: Sequence[tuple[str, str]]) -> _Places | None:
    try:
        import pygraphviz
    except ImportError:
        return None
    names = list(dict.fromkeys(a for arrow in arrows for a in arrow))
    number = {a: str(k) for k, a in enumerate(names)}
    graph = pygraphviz.AGraph(directed=True, rankdir="TB", nodesep=f"{_APART / _INCH}", ranksep=f"{_RANKS / _INCH}")
    graph.node_attr.update(shape="box", fixedsize="true", width=f"{WIDE / _INCH}", height=f"{HIGH / _INCH}", label="")
    graph.edge_attr.update(arrowsize="0.4")
    for a in names:
        graph.add_node(number[a])
    numbered = [(number[a], number[b]) for a, b in arrows]
    graph.add_edges_from(numbered)
    with quiet():
        graph.layout(prog="dot")
    _, _, wide, high = (float(x) * _POINT for x in graph.graph_attr["bb"].split(","))
    return _Places(
        (wide, high),
        {a: _points(graph.get_node(number[a]).attr["pos"])[0] for a in names},
        tuple(_spline(graph.get_edge(a, b).attr["pos"]) for a, b in numbered),
    )


def _points(text: str) -> list[Point]:
    found = re.findall(r"(-?[\d.]+(?:e[+-]\d+)?),(-?[\d.]+(?:e[+-]\d+)?)", text)
    return [(float(x) * _POINT, float(y) * _POINT) for x, y in found]


def _spline(pos: str) -> tuple[Point, ...]:
    """A spline of Graphviz, "e,x,y x,y x,y …": its tip first; here it comes last."""
    tip, *curve = _points(pos)
    return (*curve, tip)


def _chart(
    title: str, graph: nx.DiGraph, places: _Places, shown: Mapping[str, EquationView], inside: Sequence[str]
) -> Chart:
    def link(anchor: str) -> Link:
        return Link(claim=shown[anchor].number, anchor=anchor)

    here = set(inside)
    wide, high = places.size
    return Chart(
        title=title,
        size=places.size,
        scale=min(1.0, _ROOM / wide, _HIGHEST / high),
        boxes=tuple(
            Box(
                at=at,
                name=shown[a].number,
                anchor=a,
                badge=words.weightiest(c.badge for c in shown[a].claims),
                uses=tuple(link(u) for u in graph.predecessors(a) if u not in here),
            )
            for a, at in places.of.items()
        ),
        arrows=places.arrows,
        apart=tuple(link(a) for a in inside if a not in places.of),
    )
