"""Nothing is left out: relation signs are counted from the print, by other means than the reader's, and every one has
its verdict.

The counter below knows no grammar. It drops words, scripts and whatever stands in brackets, and counts the commands
and characters of a relation that are left.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

from derive.library import load

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = load("zhang2024")
PRINTED = {e.number: e.latex for e in LIBRARY.equations}

SIGNS = re.compile(
    r"\\(?:sim|simeq|approx|equiv|propto|gtrsim|lesssim|geq?|leq?|gg|ll|neq?|gt|lt|to|(?:long)?(?:left)?rightarrow)"
    r"(?![A-Za-z])|[=<>]"
)
#: Displays that hold no relation sign, or where the text around the display changes their number, with the reason.
EXCEPTIONS = {
    "5.12": (0, "an expression; it claims nothing"),
    "C.8": (1, "the arrow pairs the names of two frames; it claims nothing"),
}


def signs(latex: str) -> int:
    r"""Relation signs at the top level of a display.

    >>> signs(r"\mathfrak{F} = \{f | a = b\}"), signs(r"\sum_{i=1}^n a_i \sim b \\ > c"), signs(r"S(x=1) \leq \text{=}")
    (1, 2, 1)
    """
    latex = re.sub(r"\\(?:text|mathrm|operatorname|tag)\s*\{[^{}]*\}", " ", latex)
    latex = re.sub(r"\\(?:left|right|[bB]igg?[lr]?)(?![A-Za-z])", "", latex)
    latex = re.sub(r"\\(?:begin|end)\{\w+\}", " ", latex)
    latex = re.sub(r"\\([{}])", lambda m: "([" if m[1] == "{" else "])", latex)
    outside, depth = [], 0
    for character in latex:
        depth -= character in ")]}"
        outside.append(character if depth == 0 else " ")
        depth += character in "([{"
    assert depth == 0, latex
    plain = re.sub(r"[_^]\s*(?:\\[A-Za-z]+|\S)", " ", "".join(outside))
    return len(SIGNS.findall(plain))


def expected(number: str) -> int:
    return EXCEPTIONS[number][0] if number in EXCEPTIONS else signs(PRINTED[number])


@cache
def run() -> dict[str, object]:
    """verdicts.json of the whole paper, from the command."""
    command = [sys.executable, "-m", "derive", "check", "zhang2024", "--json", "-"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def judged() -> dict[str, list[int]]:
    """Ordinals of the signs judged, by number of the equation or statement."""
    found: dict[str, list[int]] = {}
    for claim in run()["claims"]:  # type: ignore[attr-defined]
        found.setdefault(claim["equation"], []).append(int(claim["id"].rpartition("#")[2]))
    return found


def test_the_counter_counts() -> None:
    """The counter on displays whose signs were counted by eye."""
    by_eye = {
        "1.1": 1,
        "1.5": 2,
        "2.1": 1,
        "2.27": 3,
        "3.3": 6,
        "3.4": 4,
        "3.8": 7,
        "3.17": 4,
        "4.14": 4,
        "5.10": 6,
        "5.26": 8,
        "C.8": 2,
    }
    assert {n: signs(PRINTED[n]) for n in by_eye} == by_eye


def test_every_printed_sign_has_a_verdict_and_no_verdict_lacks_one() -> None:
    found = judged()
    declared = [n for n in PRINTED if n in LIBRARY.entries]
    assert {n: found.get(n, []) for n in declared} == {n: list(range(1, expected(n) + 1)) for n in declared}
    statements = {e.number for e in LIBRARY.passages}
    assert set(found) <= set(declared) | statements
    assert statements <= set(found), "a statement without a verdict"


def test_exceptions_are_needed() -> None:
    """An exception that the counter doesn't need hides nothing, and goes."""
    for number, (count, reason) in EXCEPTIONS.items():
        assert reason and (signs(PRINTED[number]) != count or count == 0)


def test_statements_are_many() -> None:
    """At least 60 claims in prose and tables are judged."""
    assert sum(len(o) for n, o in judged().items() if n in {e.number for e in LIBRARY.passages}) >= 60


def test_every_equation_is_declared() -> None:
    assert [n for n in PRINTED if n not in LIBRARY.entries] == []
    assert run()["not_judged"] == [] and len(PRINTED) == 189
