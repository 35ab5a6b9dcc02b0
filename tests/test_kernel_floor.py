"""The least value over a family whose members may all grow at rates of their own."""

from dataclasses import replace

import pytest

from derive.kernel.context import Context
from derive.kernel.floor import floor
from derive.kernel.normal import Normal
from derive.kernel.poly import Refusal
from derive.kernel.theorem import Statement
from derive.term import ONE, Elem, Sum, Sym, Term, ln, term

K, J, V = Sym("K"), Sym("j"), Sym("v")
L, B = Elem("l", (J,)), Elem("b", (J,))
CONTEXT = Context(signs={"l": "positive", "b": "positive", "v": "positive"}, least={"K": 1}, wild=frozenset({"i", "j"}))


def total(body: Term, high: Term = K) -> Term:
    return Sum("j", ONE, high, body)


SQUARES, LOGS = total(B * L**2), total(ln(L)) + ln(V)
LEAST = V**2 * total(B) / ((K + 1) * ln(V))
CLAIM = Statement(SQUARES / LOGS, "≳", LEAST, CONTEXT, "v")


def proves(s: Statement, boundary: Term = V) -> bool:
    return bool(floor(s, "l", boundary, Normal(s.context)).steps)


def test_least_where_every_member_is_least():
    assert proves(CLAIM)
    assert proves(replace(CLAIM, left=(SQUARES + V) / (LOGS + K)))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"right": LEAST * 2}, "fails where every member is least"),
        ({"right": LEAST * L}, "bounds a left side|in a regime"),
        ({"relation": "~"}, "in a regime"),
        ({"left": total(L) / LOGS, "right": K * V / ((K + 1) * ln(V))}, "another way than as a square"),
        ({"left": total(B * L**2, K - 1) / LOGS}, "fails where|leading|another|one sum"),
        ({"left": SQUARES / (total(ln(L), K + 1) + ln(V)), "right": LEAST / 3}, "one sum above"),
        ({"left": SQUARES / (total(ln(L) / L**2) + ln(V)), "right": V**2 * total(B) / ln(V)}, "another way"),
        ({"left": SQUARES / (ln(V) - LOGS / 4), "right": LEAST / 9}, "."),
        ({"context": replace(CONTEXT, signs={"l": "positive", "v": "positive"})}, "may vanish|not known"),
    ],
)  # fmt: skip
def test_what_may_be_lower_elsewhere_is_refused(changed, why):
    with pytest.raises(Refusal, match=why):
        proves(replace(CLAIM, **changed))


def test_a_bound_that_does_not_go_to_infinity_is_refused():
    with pytest.raises(Refusal):
        proves(replace(CLAIM, right=total(B) * 4 / (K * ln(term(2)))), boundary=term(2))
