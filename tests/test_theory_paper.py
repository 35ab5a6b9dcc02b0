"""One source: for the paper's own pairs `temperature` gives what its library has, corrected where it is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache

import pytest

from derive import nearest
from derive.judging import Judge
from derive.kernel.theorem import Statement, equality
from derive.library import load
from derive.term import Elem, Num, Sym, Term, rebuild, substitute
from derive.theory import Linear, temperature
from derive.theory.proofs import theorem
from derive.unfold import read_latex
from derive.verdict import Verdict
from theorems.catalogue.energies import cross_entropy, mae, mse
from theorems.catalogue.initializers import normal, uniform

LIBRARY = load("zhang2024")
EQUATIONS = {e.number: e for e in LIBRARY.equations}
WEIGHT = Fraction(1, 10)

#: Equation, ordinal of its sign, the pair, the quantity its left side is.
ASYMPTOTIC = (
    ("3.11", 1, mse, normal, None, "T"),
    ("3.11", 3, mse, normal, None, "T"),
    ("3.20", 1, mse, uniform, None, "T"),
    ("3.20", 2, mse, uniform, None, "T"),
    ("3.29", 1, mse, normal, "l1", "T"),
    ("3.30", 1, mse, normal, "l2", "T"),
    ("3.33", 1, mse, uniform, "l1", "T"),
    ("3.34", 1, mse, uniform, "l2", "T"),
    ("3.37", 1, mae, normal, None, "E"),
    ("3.39", 1, mae, normal, None, "T"),
    ("3.45", 1, mae, uniform, None, "T"),
    ("4.10", 1, cross_entropy, normal, None, "T"),
    ("4.14", 2, cross_entropy, uniform, None, "T"),
)
EXACT = (("3.10", mse, normal), ("3.19", mse, uniform))


@cache
def judge() -> Judge:
    return Judge(LIBRARY)


@pytest.fixture(autouse=True, scope="module")
def briefly() -> Iterator[None]:
    """The corrections of these equations are near: their search takes no more than this."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nearest, "EFFORT", 30_000)
        patch.setattr(nearest, "READING", 30_000)
        yield


@cache
def judged(number: str) -> list[Verdict]:
    return [link.verdict for link in judge().equation(EQUATIONS[number], None)]


@cache
def corrected(number: str, ordinal: int) -> str:
    """The right side as printed where it holds, else as the judge derives it."""
    found = judged(number)[ordinal - 1]
    right = found.printed_rhs if found.verdict.value in ("proved", "supported") else found.derived
    assert right
    return right


def term(number: str, latex: str) -> Term:
    entry = LIBRARY.entries[number]
    return judge().full(read_latex(latex, entry.notation), entry)


def at_one_scale(t: Term, scale: str) -> Term:
    def go(x: Term) -> Term:
        return Sym(scale) if isinstance(x, Elem) and x.name == scale else rebuild(x, go)

    return substitute(go(t), {Sym("lambda"): Num(WEIGHT)})


@pytest.mark.parametrize(("number", "ordinal", "energy", "initializer", "penalty", "quantity"), ASYMPTOTIC)
def test_leading_laws(number, ordinal, energy, initializer, penalty, quantity) -> None:  # type: ignore[no-untyped-def]
    found = temperature(energy, initializer, Linear(), penalty={penalty: WEIGHT} if penalty else None, check=False)
    context = LIBRARY.entries[number].notation.context
    ours = found.leading.temperature if quantity == "T" else found.leading.energy
    theirs = at_one_scale(term(number, corrected(number, ordinal)), initializer.scale)
    assert theorem(ours, "~", theirs, context, initializer.scale) is not None


@pytest.mark.parametrize(("number", "energy", "initializer"), EXACT)
def test_temperatures(number, energy, initializer) -> None:  # type: ignore[no-untyped-def]
    found = temperature(energy, initializer, Linear(), check=False)
    entry = LIBRARY.entries[number]
    least = term(
        number, entry.notation.closed["E_f"] if "E_f" in entry.notation.closed else entry.notation.closed["Ef"]
    )
    ours = (found.term - least) / found.entropy_term
    theirs = term(number, corrected(number, 1))
    context = entry.notation.context
    assert equality(Statement(ours, "=", theirs, context), judge().decider.normal(context))


def test_what_differs_is_told_apart() -> None:
    """The comparison is not empty: the printed (3.37), which the library refutes, is not what comes out here."""
    found = temperature(mae, normal, Linear(), check=False)
    context = LIBRARY.entries["3.37"].notation.context
    printed = judged("3.37")[0].printed_rhs
    theirs = at_one_scale(term("3.37", printed), "sigma")
    assert theorem(found.leading.energy, "~", theirs, context, "sigma") is None
