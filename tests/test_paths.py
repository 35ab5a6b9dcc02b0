"""Numbers along a path: what moves is never put in as a datum."""

from __future__ import annotations

from dataclasses import replace

from derive.judging import Judge
from derive.library import load
from derive.verdict import Status

LIBRARY = load("zhang2024")
EQUATIONS = {e.number: e for e in LIBRARY.equations}


def test_the_variable_and_a_scalar_on_its_path_move() -> None:
    """(B.10): δ = 1/s, s → ∞ a whole number; at a fixed s or δ the sides differ, in the limit they don't."""
    judge = Judge(LIBRARY)
    right = judge.equation(EQUATIONS["B.10"])[1].verdict
    assert right.verdict in (Status.PROVED, Status.SUPPORTED)
    latex = r"T_2 = (\Delta E - \delta) / S_{\text{diff}} \approx 2 \Delta E / S_{\text{diff}}"
    wrong = judge.equation(replace(EQUATIONS["B.10"], latex=latex))[1].verdict
    assert wrong.verdict is Status.REFUTED
