"""The derivation graph as DOT, SVG or JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager

from derive.claim import Library
from derive.errors import DeriveError
from derive.graph import claims
from derive.verdict import Checked, Status

COLOURS = {
    Status.PROVED: "#2e7d32", Status.SUPPORTED: "#558b2f", Status.DEFINITION: "#607d8b", Status.PREMISE: "#455a64",
    Status.REFUTED: "#c62828", Status.CONDITIONAL: "#ef6c00", Status.ILL_FORMED: "#ad1457", Status.UNDECIDED: "#9e9e9e",
}  # fmt: skip


ENDINGS = (".dot", ".gv", ".svg", ".json")


def known(suffix: str) -> None:
    """Refuse the ending of a file name that stands for no format."""
    if suffix not in ENDINGS:
        told = f"as {suffix}" if suffix else "to a file without an ending"
        raise DeriveError(f"The graph can't be written {told}: choose .dot, .svg or .json.")


def drawn(checked: Checked, library: Library, suffix: str) -> bytes:
    """The graph in the format that a file name's ending asks for.

    Raises
    ------
    DeriveError
        Another ending, or an SVG where pygraphviz is not installed.
    """
    known(suffix)
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
    for v in checked.verdicts:
        dot.append(f'  {_quoted(v.id)} [fillcolor="{COLOURS[v.verdict]}", tooltip="{v.verdict.value}"];')
    dot += [f"  {_quoted(a)} -> {_quoted(b)};" for a, b in graph.edges]
    text = "\n".join([*dot, "}", ""])
    if suffix != ".svg":
        return text.encode()
    try:
        import pygraphviz
    except ImportError:
        raise DeriveError("An SVG needs pygraphviz: pip install pygraphviz, or write a .dot file.") from None
    with quiet():
        picture: bytes = pygraphviz.AGraph(text).draw(format="svg", prog="dot")
    return picture


def _quoted(name: str) -> str:
    """A name as DOT takes it, whatever it holds."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@contextmanager
def quiet() -> Iterator[None]:
    """Graphviz writes remarks about the machine's fonts straight to descriptor 2."""
    kept = os.dup(2)
    try:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
