"""Temperatures in order: the rule that composes leading terms, and what it says about the paper's systems."""

from __future__ import annotations

from dataclasses import replace

import pytest

from derive.judging import Judge
from derive.kernel.context import Context
from derive.kernel.equivalents import through, together
from derive.kernel.normal import Normal
from derive.kernel.poly import Refusal
from derive.kernel.theorem import Statement, Theorem, asymptotic, equality
from derive.library import load
from derive.passages import laws
from derive.ranking import ranking
from derive.term import Sym, Term, ln
from derive.verdict import Ranking, Status

V, A, B = Sym("v"), Sym("a"), Sym("b")
CONTEXT = Context(signs={"v": "positive", "a": "positive", "b": "positive"})


def proved(left: Term, relation: str, right: Term, context: Context = CONTEXT) -> Theorem:
    found = asymptotic(Statement(left, relation, right, context, "v"), Normal(context))
    assert isinstance(found, Theorem)
    return found


FIRST, SECOND = proved(V**2 * A + V, "~", V**2 * A), proved(B * V + ln(V), "~", B * V)
BETWEEN = proved(V**2 * A, "≫", B * V)


def test_leading_terms_carry_a_relation_over() -> None:
    s = through(FIRST, BETWEEN, SECOND).statement
    assert (s.left, s.relation, s.right, s.variable) == (V**2 * A + V, "≫", B * V + ln(V), "v")


def test_assumptions_of_all_parts_are_kept() -> None:
    more = replace(CONTEXT, least={"K": 3})
    assert through(FIRST, proved(V**2 * A, "≫", B * V, more), SECOND).statement.context.least == {"K": 3}


@pytest.mark.parametrize(
    "parts",
    [
        (BETWEEN, FIRST, SECOND),
        (FIRST, BETWEEN, FIRST),
        (SECOND, BETWEEN, FIRST),
        (FIRST, proved(V**3 * A, "≫", B * V), SECOND),
        (FIRST, equality(Statement(A, "=", A, CONTEXT), Normal(CONTEXT)), SECOND),
    ],
)
def test_parts_that_do_not_meet_are_refused(parts: tuple[Theorem, Theorem, Theorem]) -> None:
    with pytest.raises(Refusal):
        through(*parts)


def test_orders_at_single_points_are_not_carried_over() -> None:
    """v² + v > v² and v ~ v, but v² ~ v² + v is not greater than v² + v: only relations of limits pass."""
    from derive.kernel.theorem import order

    greater = order(Statement(V**2 + V, ">", V**2, CONTEXT, "v"), Normal(CONTEXT))
    with pytest.raises(Refusal):
        through(proved(V**2, "~", V**2 + V), greater, proved(V**2 + V, "~", V**2))


def test_contexts_that_clash_are_refused() -> None:
    with pytest.raises(Refusal):
        together(CONTEXT, replace(CONTEXT, wild=frozenset({"i", "j"})))
    with pytest.raises(Refusal):
        together(
            replace(CONTEXT, covariances={("x", "x"): Sym("C")}), replace(CONTEXT, covariances={("x", "x"): Sym("D")})
        )


@pytest.fixture(scope="module")
def rankings() -> list[Ranking]:
    library = load("zhang2024")
    judge = Judge(library)
    return [ranking(c, judge, dict(laws([x.claim for x in c.rated], library.equations))) for c in library.comparisons]


def test_cross_entropy_is_half_as_hot_as_mae(rankings: list[Ranking]) -> None:
    rows = {r.system: r for r in rankings[0].rows}
    assert (rows["MAE"].relation, rows["MAE"].factor) == ("~", "2")
    assert rows["MAE"].rank == rows["cross-entropy"].rank > rows["MSE"].rank
    assert {r.system: r for r in rankings[1].rows}["MAE"].factor == "2"


def test_printed_laws_are_judged_as_laws_of_the_temperature(rankings: list[Ranking]) -> None:
    """The last sign of (4.10) holds between two wrong laws; as a law of the temperature its right side does not."""
    rows = {r.system: r for r in rankings[0].rows}
    assert rows["cross-entropy"].verdict is Status.REFUTED and rows["MSE"].verdict is Status.PROVED
    library = load("zhang2024")
    mended = (("4.10#3", r"\frac{\sigma}{\ln\sigma}"), ("3.11#3", r"\frac{\sigma}{\ln\sigma}"))
    judged = {r.claim: r.verdict for r in ranking(library.comparisons[0], Judge(library), dict(mended)).rows}
    assert (judged["4.10#3"], judged["3.11#3"]) == (Status.PROVED, Status.REFUTED)


def test_every_system_is_placed_with_its_law(rankings: list[Ranking]) -> None:
    for r in rankings:
        for above, below in zip(r.rows, r.rows[1:], strict=False):
            assert above.law and above.relation in ("≫", "~", "∝"), (r.title, above)
            assert below.rank - above.rank == (above.relation == "≫")


def test_a_law_that_is_not_equivalent_places_nothing() -> None:
    library = load("zhang2024")
    judge = Judge(library)
    judge.leading = lambda target, entry: r"\sigma^2"  # type: ignore[method-assign]
    for row in ranking(library.comparisons[0], judge).rows:
        assert row.rank == 0 and not row.law and "no leading law" in row.reason
