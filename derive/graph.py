"""What uses what: the derivation graph over claims, and what follows from it for verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from derive.errors import DeriveError
from derive.verdict import WRONG, Fault, Reached, Severity, Status, Verdict

if TYPE_CHECKING:
    import networkx as nx

    from derive.claim import Library

#: An ancestor with one of these stays visible in what rests on it.
OPEN = frozenset({Status.PREMISE, Status.SUPPORTED, Status.UNDECIDED})
#: Signs under which the end of a chain has the value, or the growth, of its start.
EQUATING = frozenset("= ~ ≈ →".split())
RESULT_RIGHT = "This line is wrong, the result at the end of the chain is right"
SOUND = frozenset({Status.PROVED, Status.SUPPORTED, Status.DEFINITION, Status.PREMISE})


def equations(library: Library) -> nx.DiGraph:
    """Equation numbers, an edge from each to those that use it.

    Raises
    ------
    DeriveError
        A number that is used but declared nowhere, or a circle.
    """
    import networkx as nx

    graph: nx.DiGraph = nx.DiGraph()
    passages = {e.number for e in library.passages}
    for number, entry in library.entries.items():
        graph.add_node(number)
        for used in entry.uses:
            if used not in library.entries and number in passages:
                continue  # a sentence may speak of a display that is not judged
            if used not in library.entries:
                raise DeriveError(
                    f"{library.name}: equation {number} uses {used}, which is declared nowhere; declare it or drop it."
                )
            graph.add_edge(used, number)
    if not nx.is_directed_acyclic_graph(graph):
        circle = " → ".join(a for a, _ in nx.find_cycle(graph))
        raise DeriveError(f"{library.name}: the equations {circle} use one another in a circle; drop one of the uses.")
    return graph


def reached(library: Library, number: str) -> list[str]:
    """Equations that depend on `number`, in the paper's order."""
    import networkx as nx

    below = nx.descendants(equations(library), number)
    return [n for n in library.entries if n in below]


def claims(library: Library, verdicts: Iterable[Verdict]) -> nx.DiGraph:
    """Claims, with an edge from each to those that use it.

    A sign uses the sign before it in its chain; the first of a chain uses the ends of the chains it follows from.
    A display may hold several chains (rows, or formulas set apart by commas).
    """
    import networkx as nx

    by_equation: dict[str, list[str]] = {}
    said = {v.id: v for v in verdicts}
    for v in said.values():
        by_equation.setdefault(v.equation, []).append(v.id)
    equations(library)
    graph: nx.DiGraph = nx.DiGraph()
    for number, ids in by_equation.items():
        for k, claim in enumerate(ids):
            graph.add_node(claim)
            if k and goes_on(said[ids[k - 1]], said[claim]):
                graph.add_edge(ids[k - 1], claim)
            elif number in library.entries:
                for used in library.entries[number].uses:
                    followed = by_equation.get(used, [])
                    for end, after in zip(followed, [*followed[1:], None], strict=False):
                        if after is None or not goes_on(said[end], said[after]):
                            graph.add_edge(end, claim)
    return graph


def goes_on(before: Verdict, v: Verdict) -> bool:
    """Whether two neighbouring signs stand in one chain."""
    return v.printed_lhs in ("", before.printed_rhs)


def connect(library: Library, verdicts: list[Verdict], agrees: Mapping[str, bool | None]) -> list[Verdict]:
    """Verdicts with uses, what they rest on, their reach, and their severity."""
    import networkx as nx

    graph = claims(library, verdicts)
    by_id = {v.id: v for v in verdicts}
    order = {v.id: k for k, v in enumerate(verdicts)}

    def stands(claim: str) -> bool:
        return by_id[claim].verdict in SOUND and agrees.get(claim) is not False

    def sort(ids: Iterable[str]) -> list[str]:
        return sorted(ids, key=lambda c: order[c])

    last = {v.equation: v.id for v in verdicts}
    out = []
    for v in verdicts:
        above = nx.ancestors(graph, v.id)
        rests = [c for c in sort(above) if by_id[c].verdict in OPEN]
        before = [c for c in graph.predecessors(v.id) if by_id[c].equation == v.equation]
        rests += [c for c in before if not stands(c) and c not in rests]
        reach = (
            tuple(Reached(claim=c, stands=stands(c)) for c in sort(nx.descendants(graph, v.id)))
            if v.verdict in WRONG
            else ()
        )
        severity, reason = v.severity, v.reason
        entry = library.entries[v.equation]
        chain = {x.relation for x in verdicts if x.equation == v.equation}
        ends_right = agrees.get(last[v.equation]) is True and last[v.equation] != v.id and chain <= EQUATING
        after = [x for x in verdicts if x.equation == v.equation and order[x.id] >= order[v.id]]
        joined = all(goes_on(a, b) or b.printed_lhs == a.printed_lhs for a, b in pairwise(after))  # or over dots
        if v.verdict in WRONG and ends_right and joined and agrees.get(v.id) is False:
            reason = f"{reason.rstrip('.')}. {RESULT_RIGHT}"
        if v.fault is Fault.EXTRACTION and v.verdict in WRONG and entry.note:
            reason = f"{reason.rstrip('.')}. {entry.note[:1].upper()}{entry.note[1:]}"
        if v.verdict in WRONG and severity is None:
            # what falls further on has a cause nearer to it
            fallen = [c for c in graph.successors(v.id) if not stands(c) and by_id[c].equation != v.equation]
            results = [c for c in fallen if library.entries[by_id[c].equation].result]
            severity = Severity.STEP if ends_right or not (entry.result or results) else Severity.RESULT
            if v.fault is Fault.EXTRACTION:  # no slip of the author's: nothing was derived from it
                severity = Severity.NOTATION
        out.append(
            replace(
                v,
                uses=tuple(sort(graph.predecessors(v.id))),
                rests_on=tuple(sort(rests)),
                reach=reach,
                severity=severity,
                reason=reason,
            )
        )
    return out
