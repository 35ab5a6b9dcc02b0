"""The derivation graph as an inline SVG: Graphviz finds the places, the picture itself is drawn here.

Graphviz never sees a name of the paper, only numbers, so nothing in a paper can be taken for its language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from markupsafe import Markup

from derive.drawing import quiet
from reports.views import ClaimView, ReportView

_WIDE, _HIGH = 0.86, 0.3  # of a node, in inches
_MARGIN = 8.0
_SVG = Markup(
    '<svg class="graph" id="graph-picture" width="{w:.0f}" height="{h:.0f}" viewBox="0 0 {w:.0f} {h:.0f}" '
    'role="img" aria-label="The derivation graph">\n{body}</svg>'
)
_NODE = Markup(
    '<a href="#{c.anchor}" class="{c.badge.css}"><title>{c.id}: {c.badge.label}</title>'
    '<rect x="{x:.0f}" y="{y:.0f}" width="62" height="22" rx="4"/>'
    '<text x="{tx:.0f}" y="{ty:.0f}">{c.badge.symbol} {c.id}</text></a>\n'
)
_EDGE = Markup('<path d="{d}"/>\n')
_HEAD = Markup('<polygon points="{points}"/>\n')


def picture(report: ReportView) -> Markup | None:
    """The graph, every claim a link to its place on the page; None where pygraphviz is not installed.

    Claims without any edge are left out: there is nothing to see about them.
    """
    try:
        import pygraphviz
    except ImportError:
        return None
    claims = {c.anchor: c for e in report.equations for c in e.claims}
    edges = [(a, b) for a, b in report.edges if a in claims and b in claims]
    joined = [a for a in claims if any(a in edge for edge in edges)]
    if not joined:
        return None
    number = {a: f"n{k}" for k, a in enumerate(joined)}
    graph = pygraphviz.AGraph(directed=True, rankdir="TB", nodesep="0.12", ranksep="0.32")
    graph.node_attr.update(shape="box", fixedsize="true", width=str(_WIDE), height=str(_HIGH), label="")
    for a in joined:
        graph.add_node(number[a])
    graph.add_edges_from((number[a], number[b]) for a, b in edges)
    with quiet():
        graph.layout(prog="dot")
    return _drawn(graph, [(claims[a], number[a]) for a in joined])


def _drawn(graph: Any, nodes: list[tuple[ClaimView, str]]) -> Markup:
    _, _, wide, high = map(float, graph.graph_attr["bb"].split(","))

    def at(x: float, y: float) -> tuple[float, float]:
        return x + _MARGIN, high - y + _MARGIN  # Graphviz counts upwards

    body: list[Markup] = []
    for edge in graph.edges():
        body += _edge(edge.attr["pos"], at)
    for claim, name in nodes:
        x, y = at(*map(float, graph.get_node(name).attr["pos"].split(",")))
        body.append(_NODE.format(c=claim, x=x - 31, y=y - 11, tx=x, ty=y + 4))
    return _SVG.format(w=wide + 2 * _MARGIN, h=high + 2 * _MARGIN, body=Markup("").join(body))


def _edge(pos: str, at: Callable[[float, float], tuple[float, float]]) -> Iterator[Markup]:
    """A spline of Graphviz, "e,x,y x,y x,y …": the tip of the arrow, then the points of Bézier curves."""
    points = [at(*map(float, p)) for p in re.findall(r"(?<!e,)(?<![\d.-])(-?[\d.]+),(-?[\d.]+)", pos.split(" ", 1)[1])]
    tip = at(*map(float, pos.split(" ", 1)[0].removeprefix("e,").split(",")))
    curve = " ".join(f"{x:.1f},{y:.1f}" for x, y in points[1:])
    yield _EDGE.format(d=f"M{points[0][0]:.1f},{points[0][1]:.1f} C{curve}")
    (ax, ay), (bx, by) = points[-1], tip
    length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5 or 1.0
    ux, uy = (by - ay) / length * 3, -(bx - ax) / length * 3
    yield _HEAD.format(points=f"{bx:.1f},{by:.1f} {ax + ux:.1f},{ay + uy:.1f} {ax - ux:.1f},{ay - uy:.1f}")
