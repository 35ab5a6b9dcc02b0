"""theorems/zhang2024/ERRATA.md: the versioned copy is what the engine finds today, and each entry can be read alone.

To bring it up to date::

    python -m tests.test_errata
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from reports.markdown import markdown
from reports.model import view
from reports.views import ReportView
from tests.whole import checked

COPY = Path(__file__).resolve().parent.parent / "theorems" / "zhang2024" / "ERRATA.md"


@cache
def report() -> ReportView:
    return view(checked())


def lasting(text: str) -> str:
    """Without the versions of the libraries, which differ between machines."""
    return re.sub(r"\nMade with .*", "\n", text)


def test_the_versioned_copy_is_current() -> None:
    assert COPY.read_text(encoding="utf-8") == lasting(markdown(report())), "run: python -m tests.test_errata"


def test_each_erratum_says_what_to_read_or_to_add() -> None:
    for e in report().errata:
        assert e.adds or e.lead.correction_read or e.lead.derived or e.says or e.broken, e.where


def test_each_erratum_says_why_and_how_grave_it_is() -> None:
    for e in report().errata:
        assert e.why and e.lead.fault and e.lead.severity, e.where


@pytest.mark.parametrize("trace", [r"\overline(", r"\hat(", "None", "Refusal", "Traceback", "_{0}_{0}", "Elem("])
def test_nothing_of_the_engine_shows(trace: str) -> None:
    found = [line for line in markdown(report()).splitlines() if trace in line]
    assert not found, found[0][:300]


if __name__ == "__main__":
    COPY.write_text(lasting(markdown(report())), encoding="utf-8")
