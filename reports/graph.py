"""The derivation graph as an inline SVG: Graphviz finds the places, the picture itself is drawn here.

Graphviz never sees a name of the paper, only numbers, so nothing in a paper can be taken for its language.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from derive.drawing import quiet
from reports.views import NodeView, ReportView

_WIDE, _HIGH = 62.0, 24.0  # of a node, in points
_MARGIN = 12.0
_SVG = Markup(
    '<svg class="graph" id="graph-picture" width="{w:.0f}" height="{h:.0f}" viewBox="0 0 {w:.0f} {h:.0f}" '
    'role="group" aria-label="The derivation graph, {n} equations">\n{body}</svg>'
)
_NODE = Markup(
    '<a href="#{n.anchor}" id="{id}" class="node {n.badge.css}" tabindex="-1" aria-label="{n.place}, {n.badge.label}">'
    '<rect x="{x:.0f}" y="{y:.0f}" width="{w:.0f}" height="{h:.0f}" rx="4"/>'
    '<text x="{tx:.0f}" y="{ty:.0f}">{n.badge.symbol} {name}</text></a>\n'
)
_EDGE = Markup('<g class="edge" data-from="{a}" data-to="{b}"><path d="{d}"/><polygon points="{tip}"/></g>\n')


def picture(report: ReportView) -> Markup | None:
    """The graph of the displays, each a link to its place on the page; None where pygraphviz is not installed.

    Displays without any arrow are left out: there is nothing to see about them. So are statements of the text,
    on which nothing rests.
    """
    try:
        import pygraphviz
    except ImportError:
        return None
    displays = {e.anchor for e in report.equations}
    nodes = {n.anchor: n for n in report.nodes if n.anchor in displays}
    edges = [(link.anchor, n.anchor) for n in nodes.values() for link in n.uses if link.anchor in nodes]
    joined = [a for a in nodes if any(a in edge for edge in edges)]
    if not joined:
        return None
    number = {a: str(k) for k, a in enumerate(joined)}
    graph = pygraphviz.AGraph(directed=True, rankdir="TB", nodesep="0.14", ranksep="0.42")
    graph.node_attr.update(shape="box", fixedsize="true", width=str(_WIDE / 72), height=str(_HIGH / 72), label="")
    graph.add_nodes_from(number.values())
    graph.add_edges_from((number[a], number[b]) for a, b in edges)
    with quiet():
        graph.layout(prog="dot")
    return _drawn(graph, [nodes[a] for a in joined])


def node(equation: str) -> str:
    """The id of a node, from the anchor of its display.

    >>> node("eq-3.9")
    'node-3.9'
    """
    return "node-" + equation.removeprefix("eq-")


def _drawn(graph: Any, nodes: list[NodeView]) -> Markup:
    _, _, wide, high = map(float, graph.graph_attr["bb"].split(","))

    def at(x: float, y: float) -> tuple[float, float]:
        return x + _MARGIN, high - y + _MARGIN  # Graphviz counts upwards

    body = [_edge(edge[0], edge[1], edge.attr["pos"], nodes, at) for edge in graph.edges()]
    for k, n in enumerate(nodes):
        x, y = at(*map(float, graph.get_node(str(k)).attr["pos"].split(",")))
        body.append(
            _NODE.format(
                n=n, id=node(n.anchor), name=n.place.strip("()"),
                x=x - _WIDE / 2, y=y - _HIGH / 2, w=_WIDE, h=_HIGH, tx=x, ty=y + 4,
            )
        )  # fmt: skip
    return _SVG.format(w=wide + 2 * _MARGIN, h=high + 2 * _MARGIN, n=len(nodes), body=Markup("").join(body))


def _edge(a: str, b: str, pos: str, nodes: list[NodeView], at: Callable[[float, float], tuple[float, float]]) -> Markup:
    """A spline of Graphviz, "e,x,y x,y x,y …": the tip of the arrow, then the points of Bézier curves."""
    first, _, rest = pos.partition(" ")
    points = [at(*map(float, p)) for p in re.findall(r"(-?[\d.e+-]+),(-?[\d.e+-]+)", rest)]
    tip = at(*map(float, first.removeprefix("e,").split(",")))
    curve = " ".join(f"{x:.0f},{y:.0f}" for x, y in points[1:])
    (ax, ay), (bx, by) = points[-1], tip
    length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5 or 1.0
    ux, uy = (by - ay) / length * 3, -(bx - ax) / length * 3
    return _EDGE.format(
        a=node(nodes[int(a)].anchor),
        b=node(nodes[int(b)].anchor),
        d=f"M{points[0][0]:.0f},{points[0][1]:.0f} C{curve}",
        tip=f"{bx:.0f},{by:.0f} {ax + ux:.1f},{ay + uy:.1f} {ax - ux:.1f},{ay - uy:.1f}",
    )
