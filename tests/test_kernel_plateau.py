"""Bounded functions far out under an integral over a bounded interval."""

from __future__ import annotations

import pytest

from derive.kernel.context import Context
from derive.kernel.normal import Normal
from derive.kernel.poly import Refusal
from derive.kernel.theorem import Statement, Theorem, asymptotic
from derive.term import ONE, Fn, Int, Over, Sym, Term, neg, term

T, V = Sym("t"), Sym("v")
CONTEXT = Context(signs={"v": "positive"})


def over_interval(body: Term) -> Term:
    return Int((Over(T, neg(ONE) / 2, ONE / 2),), body)


def limit(body: Term, value: Term) -> Theorem:
    found = asymptotic(Statement(over_interval(body), "~", value, CONTEXT, "v"), Normal(CONTEXT))
    if not isinstance(found, Theorem):
        raise Refusal("another limit")
    return found


def test_the_square_of_a_saturating_function_tends_to_one():
    assert limit(Fn("tanh", (V * T,)) ** 2, ONE).steps


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (Fn("tanh", (V * T,)) ** 2, term(2)),
        (Fn("tanh", (V * T,)), ONE),
        (Fn("tanh", (T,)) ** 2 + V * 0, ONE),
        (Fn("tanh", (T / V,)) ** 2, ONE),
    ],
)
def test_other_integrands_are_refused(body, value):
    with pytest.raises(Refusal):
        limit(body, value)
