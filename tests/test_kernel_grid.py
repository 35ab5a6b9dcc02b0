"""Sums over the cells of a grid: the rule accepts, and refuses what only looks like one."""

import pytest

from derive.kernel.context import Context
from derive.kernel.grid import Grid, refined
from derive.kernel.normal import Normal
from derive.kernel.poly import Refusal
from derive.kernel.theorem import Statement, refinement
from derive.term import INF, MINUS_INF, ONE, App, Elem, Int, Over, Sum, Sym, ln, neg

CONTEXT = Context(signs={"f": "positive", "delta": "positive", "Delta": "positive"}, least={"n": 1, "N": 1})
CELLS = Grid("mu", "Delta", width="delta", density="f")
MU, CELL, N, WIDTH = Sym("mu"), Sym("i"), Sym("n"), Sym("delta")
AT, VOLUME = Elem("mu", (CELL,)), Elem("Delta", (CELL,))
E, F = App("E", (AT,)), App("f", (AT,))


def cells(body, high=N, low=ONE):
    return Sum("i", low, high, body)


def whole(body):
    return Int((Over(MU, MINUS_INF, INF),), body)


ENTROPY = neg(whole(App("f", (MU,)) * ln(App("f", (MU,)))))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (cells(E * VOLUME), whole(App("E", (MU,)))),
        (cells(E * F * WIDTH) * Sym("N"), Sym("N") * whole(App("E", (MU,)) * App("f", (MU,)))),
        (neg(cells(F * WIDTH * ln(F * WIDTH))), ENTROPY - ln(WIDTH)),
        (cells(F * VOLUME), ONE),
    ],
)
def test_limits_of_grids(left, right):
    assert refinement(Statement(left, "→", right, CONTEXT), CELLS, Normal(CONTEXT)).steps


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (neg(cells(F * WIDTH * ln(F * WIDTH))), ENTROPY + ln(WIDTH)),
        (neg(cells(F * WIDTH * ln(F * WIDTH))), ENTROPY),
        (cells(E * VOLUME), whole(App("E", (MU,))) * 2),
    ],
)
def test_a_wrong_limit_is_refused(left, right):
    with pytest.raises(Refusal):
        refinement(Statement(left, "→", right, CONTEXT), CELLS, Normal(CONTEXT))


@pytest.mark.parametrize(
    ("left", "why"),
    [
        (cells(E), "without their volumes"),
        (cells(E * VOLUME**2), "without their volumes"),
        (cells(E * VOLUME, high=N - 1), "more than the point|changes with the grid|some of the cells"),
        (cells(E * VOLUME, high=Sym("N")), "some of the cells"),
        (cells(E * VOLUME) ** 2, "product|nested"),
        (cells(E * WIDTH) * ln(WIDTH), "before a sum"),
        (cells(E * VOLUME * CELL), "more than the point"),
        (cells(E * VOLUME) * N, "before a sum"),
        (cells(E * VOLUME) / WIDTH, "before a sum|denominator"),
        (cells(Elem("w", (CELL,)) * E * VOLUME), "more than the point"),
        (ONE / cells(E * VOLUME), "product|denominator"),
    ],
)
def test_what_is_no_sum_over_cells_is_refused(left, why):
    with pytest.raises(Refusal, match=why):
        refined(left, CELLS, Normal(CONTEXT))


def test_a_density_that_may_be_negative_is_refused():
    real = Context(least={"n": 1})
    with pytest.raises(Refusal, match="may be negative"):
        refinement(Statement(cells(F * VOLUME), "→", ONE, real), CELLS, Normal(real))
