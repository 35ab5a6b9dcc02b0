"""Names of the places of a report: a link leads only to a place that there is, and no place is named twice."""

from __future__ import annotations

from collections.abc import Callable

from reports.engine import Ready
from reports.views import EquationView, Link, ReportView


class Anchors:
    """The places of one report, and which of them have been set so far."""

    def __init__(self, report: ReportView) -> None:
        every = (*report.equations, *report.statements)
        self._known = {a for e in every for a in self.of(e)}
        self._known |= {e.anchor for e in report.errata} | {s.anchor for s in report.sections}
        self._set: set[str] = set()

    def __contains__(self, anchor: str) -> bool:
        return anchor in self._known

    def of(self, e: EquationView) -> tuple[str, ...]:
        """A display or statement, and its claims."""
        return (e.anchor, *(c.anchor for c in e.claims))

    def new(self, *anchors: str) -> tuple[str, ...]:
        """Those that are set now for the first time."""
        found = tuple(a for a in dict.fromkeys(anchors) if a not in self._set)
        self._set |= set(found)
        return found


class Links:
    """Links and their targets in one output language; a link without a target is text."""

    def __init__(self, report: ReportView, escape: Callable[[str], str], to: str, at: str) -> None:
        """`to` and `at` are patterns: of a link, from {anchor} and {text}; of a target, from {anchor}."""
        self.anchors = Anchors(report)
        self._escape, self._to, self._at = escape, to, at

    def to(self, text: str, anchor: str) -> Ready:
        shown = self._escape(text)
        return Ready(self._to.format(anchor=anchor, text=shown) if anchor in self.anchors else shown)

    def link(self, found: Link) -> Ready:
        return self.to(found.claim, found.anchor)

    def target(self, *anchors: str) -> Ready:
        return Ready("".join(self._at.format(anchor=a) for a in self.anchors.new(*anchors)))

    def targets(self, e: EquationView) -> Ready:
        return self.target(*self.anchors.of(e))
