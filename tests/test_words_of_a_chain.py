"""What an erratum says about the rest of its chain, and why a slip is taken for one of the extraction."""

from __future__ import annotations

import pytest

from derive.graph import RESULT_RIGHT
from derive.library import load
from derive.runner import check
from derive.verdict import Checked, Fault, Verdict

LIBRARY = load("zhang2024")


def checked(number: str) -> dict[str, Verdict]:
    found: Checked = check(LIBRARY, LIBRARY.equations, {"kind": "builtin", "sha256": "0" * 64}, numbers=[number])
    return {v.id: v for v in found.verdicts}


@pytest.fixture(scope="module")
def chain() -> dict[str, Verdict]:
    return checked("3.8")


def test_a_wrong_line_before_a_right_result_is_told(chain: dict[str, Verdict]) -> None:
    assert chain["3.8#3"].reason.endswith(RESULT_RIGHT)


def test_right_lines_and_the_result_itself_are_not_called_wrong(chain: dict[str, Verdict]) -> None:
    assert not any(RESULT_RIGHT in v.reason for v in chain.values() if v.verdict.value == "proved")


def test_a_wrong_result_gets_no_such_comfort() -> None:
    assert not any(RESULT_RIGHT in v.reason for v in checked("3.9").values())


def test_a_slip_of_the_extraction_says_why() -> None:
    slip = checked("3.35")["3.35#1"]
    assert slip.fault is Fault.EXTRACTION and "text extraction" in slip.reason and "(4.3)" in slip.reason
