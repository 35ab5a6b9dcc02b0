"""Names of the places of a report: a link leads only to a place that there is, and no place is named twice."""

from __future__ import annotations

from reports.views import EquationView, ReportView


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
