"""The derivation graph as DOT, SVG or JSON."""

from __future__ import annotations

import json

from derive.claim import Library
from derive.errors import DeriveError
from derive.graph import claims
from derive.verdict import Checked, Status

COLOURS = {
    Status.PROVED: "#2e7d32", Status.SUPPORTED: "#558b2f", Status.DEFINITION: "#607d8b", Status.PREMISE: "#455a64",
    Status.REFUTED: "#c62828", Status.CONDITIONAL: "#ef6c00", Status.ILL_FORMED: "#ad1457", Status.UNDECIDED: "#9e9e9e",
}  # fmt: skip


def drawn(checked: Checked, library: Library, suffix: str) -> bytes:
    """The graph in the format that a file name's ending asks for.

    Raises
    ------
    DeriveError
        Another ending, or an SVG where pygraphviz is not installed.
    """
    graph = claims(library, checked.verdicts)
    if suffix == ".json":
        from networkx import node_link_data

        for v in checked.verdicts:
            graph.nodes[v.id]["verdict"] = v.verdict.value
        return (json.dumps(node_link_data(graph, edges="edges"), indent=1) + "\n").encode()
    dot = [
        "digraph derivation {",
        "  rankdir=TB;",
        '  node [shape=box, style="rounded,filled", fontname="sans-serif", fontcolor=white];',
    ]
    dot += [f'  "{v.id}" [fillcolor="{COLOURS[v.verdict]}", tooltip="{v.verdict.value}"];' for v in checked.verdicts]
    dot += [f'  "{a}" -> "{b}";' for a, b in graph.edges]
    text = "\n".join([*dot, "}", ""])
    if suffix in (".dot", ".gv"):
        return text.encode()
    if suffix != ".svg":
        raise DeriveError(
            f"The graph can't be written as {suffix or 'a file without ending'}: choose .dot, .svg or .json."
        )
    try:
        import pygraphviz
    except ImportError:
        raise DeriveError("An SVG needs pygraphviz: pip install 'derive[graph]', or write a .dot file.") from None
    picture: bytes = pygraphviz.AGraph(text).draw(format="svg", prog="dot")
    return picture
