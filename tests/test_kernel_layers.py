"""Whole layers of parameters, squares of rectified forms, recursions, sums over layers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from derive.kernel.context import Context, Recursion
from derive.kernel.induction import solution
from derive.kernel.normal import Normal
from derive.kernel.poly import Refusal
from derive.kernel.theorem import Refutation, Statement, Theorem, asymptotic, equality, order
from derive.network import Network, rectified, width
from derive.term import (
    HALF,
    INF,
    MINUS_INF,
    ONE,
    PI,
    TWO,
    ZERO,
    Elem,
    Fn,
    Int,
    Num,
    Over,
    Sum,
    Sym,
    Term,
    exp,
    ln,
    neg,
    sqrt,
    term,
)

Rule = Callable[[], Theorem | Refutation]

i, j, k, n, p, t, v, x, L, P = (Sym(s) for s in "i j k n p t v x L P".split())


def normal(mu: Term, sigma: Term) -> Term:
    return ONE / (sqrt(TWO * PI) * sigma) * exp(neg(mu**2 / (TWO * sigma**2)))


CONTEXT = Context(signs={"sigma": "positive", "v": "positive"}, least={"p": 2, "L": 2, "n": 1, "l": 1})
EACH = Network(normal, lambda p, k, m: Elem("sigma", (p, k, m)))
ALIKE = Network(normal, lambda p, k, m: v)
BOX = Network(lambda mu, s: ONE / s, lambda p, k, m: v, domain=lambda s: (neg(s / 2), s / 2))
SHIFTED = Network(lambda mu, s: ONE / s, lambda p, k, m: v, domain=lambda s: (ZERO, s))


def equal(a: Term, b: Term, context: Context = CONTEXT) -> Rule:
    return lambda: equality(Statement(a, "=", b, context), Normal(context))


def far(a: Term, sign: str, b: Term, context: Context = CONTEXT) -> Rule:
    return lambda: asymptotic(Statement(a, sign, b, context, "v"), Normal(context))


def above(a: Term, b: Term, context: Context = CONTEXT) -> Rule:
    return lambda: order(Statement(a, ">", b, context), Normal(context))


def proved(made: Theorem | Refutation) -> bool:
    return isinstance(made, Theorem) and not made.needs


# -- layers ------------------------------------------------------------------------------------------------------------


def target(i: Term, k: Term) -> Term:
    return Elem("y", (i, k))


def energy(weights: Term, biases: Term) -> Term:
    """(1/n) Σ_i Σ_k of three parts."""
    part = weights + biases + target(i, k) ** 2
    return Sum("i", ONE, n, Sum("k", ONE, width(L), part)) / n


SQUARES = Sum("j", ONE, width(L - 1), Elem("sigma", (L, k, j)) ** 2 * Elem("a", (L - 1, i, j)) ** 2)
ENERGY = EACH.energy(L, target)
TRUE = energy(SQUARES, Elem("sigma", (L, k, ZERO)) ** 2)
Z = EACH.preactivation(p, i, k)


def row_mean(f: Term) -> Term:
    return Int(EACH.row_over(p, k), f * EACH.row(p, k))


def layer_mean(f: Term, network: Network = EACH) -> Term:
    return Int(network.over(p), f * network.layer(p))


def relu(z: Term) -> Term:
    return Fn("relu", (z,))


def standard_mean(f: Term) -> Term:
    return Int((Over(t, MINUS_INF, INF),), f * exp(neg(t**2) / 2) / sqrt(TWO * PI))


def w(a: Term, b: Term) -> Elem:
    return Elem("W", (p, a, b))


WHOLE = Sum("k", ONE, width(p), Sum("j", ONE, width(p - 1), w(k, j)))
ENTROPY = (ln(v) + (ONE + ln(TWO * PI)) / 2) * width(p) * (width(p - 1) + 1)

# -- recursions --------------------------------------------------------------------------------------------------------

RISING = rectified(CONTEXT, lambda p: v**2, lambda i: Elem("s", (i,)) ** 2)
(STEPS,) = RISING.recursions
Q = Elem("q", (L - 1, i))


def solved(r: Recursion, context: Context = CONTEXT) -> Rule:
    return lambda: solution(r, context)


def changed(**more: Term | int) -> Recursion:
    return replace(STEPS, **more)  # type: ignore[arg-type]


def powers(shift: Term, low: Term = ONE, high: Term = L) -> Term:
    """Σ_r c_r v^{shift − 2r}."""
    return Sum("r", low, high, Elem("l", (Sym("r"),)) * v ** (shift - TWO * Sym("r")))


RULES: dict[str, tuple[list[Rule], list[Rule]]] = {
    "layers._wick": (
        [
            equal(ENERGY, TRUE),
            equal(ALIKE.entropy(p), ENTROPY),
            equal(layer_mean(WHOLE), ZERO),
            equal(layer_mean(Sum("k", ONE, width(p), Elem("b", (p, k)) ** 4), ALIKE), term(3) * v**4 * width(p)),
            equal(row_mean(w(k, ONE) * ZERO + 1), ONE),
            equal(layer_mean(Sum("k", ONE, width(p), Elem("b", (p, k)) ** 2), BOX), width(p) * v**2 / 12),
            equal(layer_mean(Sum("k", ONE, width(p), Elem("b", (p, k))), BOX), ZERO),
        ],
        [
            equal(ENERGY, energy(SQUARES, ZERO)),
            equal(ENERGY, TRUE * 2),
            equal(ENERGY, energy(SQUARES / 2, Elem("sigma", (L, k, ZERO)) ** 2)),
            equal(layer_mean(Sum("k", ONE, width(p - 1), Elem("b", (p, k)) ** 2), ALIKE), v**2 * width(p - 1)),
            equal(layer_mean(Sum("k", ONE, width(p), Elem("b", (L, k)))), ZERO),  # another layer's, unless L = p
            equal(layer_mean(Sum("j", ONE, width(p), w(j, j))), ZERO),
            equal(Int((*ALIKE.over(p), *ALIKE.over(p)), ALIKE.layer(p)), ONE),
            equal(layer_mean(Sum("k", ONE, width(p), Elem("b", (p, k)) ** 2), BOX), width(p) * v**2),
            equal(layer_mean(Sum("k", ONE, width(p), Elem("b", (p, k)) ** 4), BOX), width(p) * v**4 / 48),
            equal(layer_mean(ONE, SHIFTED), ONE),  # no interval around zero
            equal(layer_mean(WHOLE**4 * WHOLE**4), ONE),
            equal(layer_mean(ONE, Network(normal, lambda p, k, m: Elem("r", (m,)))), ONE),  # a scale of unknown sign
        ],
    ),
    "layers._as_row": (
        [
            equal(ALIKE.unit_square("tanh", p, i, k), ALIKE.line_square("tanh", p, i, k)),
            equal(EACH.unit_square("sigmoid", p, i, k), EACH.line_square("sigmoid", p, i, k)),
        ],
        [
            equal(EACH.unit_square("tanh", p, i, k), EACH.line_square("tanh", p, i, j)),
            equal(row_mean(Fn("tanh", (EACH.preactivation(p, i, j),)) ** 2), ZERO),  # another unit's
            equal(layer_mean(Fn("tanh", (Z,)) ** 2), EACH.line_square("tanh", p, i, k)),
        ],
    ),
    "layers.halved": (
        [
            equal(row_mean(relu(Z) ** 2), row_mean(Z**2) / 2),
            equal(row_mean(relu(neg(Z)) ** 2 * Z**2), row_mean(Z**4) / 2),
            equal(Int((Over(x, neg(ONE), ONE),), relu(x) ** 2), Num(Fraction(1, 3))),
        ],
        [
            equal(row_mean(relu(Z) ** 2), row_mean(Z**2)),
            equal(row_mean(relu(Z + 1) ** 2), row_mean((Z + 1) ** 2) / 2),
            equal(row_mean(relu(Z + Elem("b", (p, j))) ** 2), row_mean((Z + Elem("b", (p, j))) ** 2) / 2),  # b_j held
            equal(row_mean(relu(Z) ** 2 * Z), ZERO),
            equal(row_mean(relu(Z)), row_mean(Z) / 2),
            equal(Int((Over(x, neg(ONE), TWO),), relu(x) ** 2), Num(Fraction(3, 2))),
            equal(Int((Over(Elem("w", (ONE,)), neg(ONE), ONE),), relu(Elem("w", (TWO,))) ** 2), Elem("w", (TWO,)) ** 2),
        ],
    ),
    "whole.least": (
        [above(width(p) * 2 + L, TWO), above(width(p) + L - 2, ZERO)],
        [above(width(p) - width(L) + 1, ZERO), above(width(p) * 2, TWO), above(Elem("a", (p,)) + L, ZERO)],
    ),
    "bounded.far_mean": (
        [
            far(standard_mean(Fn("tanh", (v * t,)) ** 2), "~", ONE),
            far(standard_mean(Fn("sigmoid", (v**2 * t,))), "~", HALF),
            far(standard_mean(Fn("tanh", (v * t,)) ** 3 * Fn("sigmoid", (v * t,))), "~", HALF),
            far(ALIKE.unit_square("sigmoid", p, i, k), "~", HALF),
        ],
        [
            far(standard_mean(Fn("tanh", (v * t,))), "~", ONE),  # it is 0
            far(standard_mean(Fn("tanh", (t / v,)) ** 2), "~", ONE),
            far(standard_mean(Fn("tanh", (v * t + 1,)) ** 2), "~", ONE),
            far(standard_mean(Fn("tanh", (Elem("a", (p,)) * v * t,)) ** 2), "~", ONE),  # a may be 0
            far(standard_mean(Fn("tanh", (v * t**2,)) ** 2), "~", ONE),
            far(standard_mean(Fn("tanh", (v * t,)) ** 2 * t**2), "~", ONE),
        ],
    ),
    "induction.solution": (
        [solved(STEPS), far(Q, "∝", v ** (TWO * L - 2), replace(RISING, signs={**CONTEXT.signs, "s": "positive"}))],
        [
            solved(changed(closed=STEPS.closed * 2)),
            solved(changed(closed=STEPS.closed + 1)),
            solved(changed(first=1)),
            solved(changed(value=STEPS.value + 1)),
            solved(changed(step=STEPS.step + STEPS.element)),
            solved(changed(closed=STEPS.element)),
            solved(changed(step=Sum("i", ONE, n, STEPS.step))),
            solved(STEPS, replace(CONTEXT, least={**CONTEXT.least, "layer": 3})),
            far(Elem("q", (neg(L), i)), "~", v, RISING),  # before the first
        ],
    ),
}


@pytest.mark.parametrize("rule", [pytest.param(r, id=f"{s}-{q}") for s, b in RULES.items() for q, r in enumerate(b[0])])
def test_a_rule_accepts(rule: Rule) -> None:
    assert proved(rule())


@pytest.mark.parametrize("rule", [pytest.param(r, id=f"{s}-{q}") for s, b in RULES.items() for q, r in enumerate(b[1])])
def test_a_rule_does_not_accept(rule: Rule) -> None:
    try:
        made = rule()
    except Refusal:
        return
    assert isinstance(made, Refutation)


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        (far(powers(TWO * L), "~", Elem("l", (ONE,)) * v ** (TWO * L - 2)), True),
        (far(powers(TWO * L), "~", Elem("l", (L,))), False),
        (far(powers(TWO * L, TWO), "≪", powers(TWO * L)), None),  # the first term is taken away again: not settled
        (far(Sum("r", ONE, L, v ** (TWO * Sym("r"))), "~", v ** (TWO * L)), True),
        (far(Sum("r", ONE, L - 2, v ** (TWO * Sym("r"))), "~", v ** (TWO * (L - 2))), None),  # it may be empty
        (far(v ** (TWO * p) + v ** (TWO * p - 4) + 1, "~", v ** (TWO * p)), True),  # the last two needn't be compared
        (far(v ** (TWO * p) + v ** (TWO * L) + 1, "~", v ** (TWO * p)), None),
        (far(v ** (TWO * L), "≫", v**2), True),
        (far(v ** (TWO * L), "≫", v**4), None),  # not where L = 2
    ],
)
def test_sums_over_layers(rule: Rule, holds: bool | None) -> None:
    if holds is None:
        with pytest.raises(Refusal):
            rule()
    else:
        assert isinstance(rule(), Theorem if holds else Refutation)


def test_the_closed_form_of_a_recursion_is_what_the_steps_give() -> None:
    from derive.numeric.exact import exact
    from derive.numeric.instance import Instance, recurred
    from derive.term import substitute

    widths = {(m,): Fraction(m + 1) for m in range(6)}
    inputs = {(1,): Fraction(2), (2,): Fraction(-1, 3)}
    point = Instance(sizes={"n": 2}, scalars={"v": Fraction(3, 2)}, families={"l": widths, "s": inputs})
    worked = recurred(point, RISING, 5).families["q"]
    for m in range(6):
        for r in (1, 2):
            closed = substitute(STEPS.closed, {Sym("layer"): term(m), i: term(r)})
            assert exact(closed, point) == worked[m, r]


@pytest.mark.parametrize("phi", ["tanh", "sigmoid", "relu"])
def test_a_unit_by_quadrature(phi: str) -> None:
    """The mean square of a unit with one input, over its parameters, against its one-dimensional form."""
    from derive.numeric import quadrature
    from derive.numeric.instance import Instance

    point = Instance(
        families={"l": {(1,): Fraction(1)}, "a": {(1, 1, 1): Fraction(2, 3)}}, scalars={"v": Fraction(5, 4)}
    )
    both = (f(phi, TWO, ONE, ONE) for f in (ALIKE.unit_square, ALIKE.line_square))
    (one, _), (two, _) = (quadrature(f, point, 8) for f in both)
    assert abs(one - two) < 1e-7
