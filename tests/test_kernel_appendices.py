"""Rules of the kernel that the appendices asked for: each in a case it accepts and in cases it must refuse."""

from __future__ import annotations

import flint
import pytest

from derive.errors import DeriveError
from derive.given import determined
from derive.kernel.context import Context
from derive.kernel.growth import Growth
from derive.kernel.normal import Normal
from derive.kernel.poly import Refusal
from derive.kernel.proportion import disproportion, proportional
from derive.kernel.rate import rate
from derive.kernel.series import diverges, escapes
from derive.kernel.theorem import Statement
from derive.term import INF, MINUS_INF, ONE, ZERO, App, Elem, Int, Over, Pow, Sum, Sym, exp, ln, neg, term

A, C, K, X, Y, T, V = (Sym(s) for s in ("a", "c", "k", "x", "y", "t", "v"))


def whole_line(*over: Sym) -> tuple[Over, ...]:
    return tuple(Over(o, MINUS_INF, INF) for o in over)


# -- series ----------------------------------------------------------------------------------------

SMALL = Context(signs={"x": "positive"}, positive=(ONE - X,))


def power_series(x, c=ONE, low=ONE):  # type: ignore[no-untyped-def]
    return Sum("k", low, INF, c * Pow(x, K) / K)


def test_the_power_series_of_a_logarithm():
    normal = Normal(SMALL)
    assert normal.equal(power_series(X), neg(ln(ONE - X)))
    assert normal.equal(power_series(X, C), neg(C * ln(ONE - X)))
    assert normal.equal(power_series(ONE - X), neg(ln(X)))


@pytest.mark.parametrize(
    "t",
    [
        power_series(X + 1),  # outside the range of convergence
        power_series(Y),  # nothing is known of y
        power_series(X, K),  # another series
        power_series(X, low=ZERO),  # 0⁰/0
        Sum("k", ONE, INF, Pow(X, K) / (K + 1)),
        Sum("k", ONE, INF, ONE / K),
    ],
)
def test_other_series_have_no_normal_form(t):  # type: ignore[no-untyped-def]
    with pytest.raises(Refusal):
        Normal(SMALL).ratio(t)


def test_a_series_inside_a_bound_letter_is_not_met_by_assumptions_on_that_letter():
    """The x of Σ_x is no x of the context."""
    with pytest.raises(Refusal):
        Normal(SMALL).ratio(Sum("x", ONE, INF, Pow(X, X) / X))


def test_divergence_by_comparison_with_the_harmonic_series():
    assert diverges(Sum("k", ONE, INF, ONE / K))
    assert diverges(Sum("k", ONE, INF, K))
    assert diverges(Sum("k", ONE, INF, ONE))
    assert not diverges(Sum("k", ONE, INF, ONE / K**2))
    assert not diverges(power_series(X))
    assert not diverges(Sum("k", ONE, Sym("n"), ONE / K))
    assert not diverges(Sum("k", ONE, INF, ZERO))


def test_limits_that_are_infinite():
    assert escapes(ln(K), "k")
    assert not escapes(ONE / K, "k")
    assert not escapes(C, "k")
    assert not escapes(C * K, "k")  # c may be 0


def test_harmonic_numbers_grow_like_the_logarithm():
    growth = Growth(Normal(Context(signs={"v": "positive"})), "v")
    harmonic = Sum("k", ONE, V, ONE / K)
    assert growth.limit(harmonic, ln(V)).kind == "finite"
    assert growth.limit(harmonic, ln(V)).value.term == ONE
    assert growth.limit(harmonic, V).kind == "zero"
    for other in (Sum("k", ONE, V, ONE / K**2), Sum("k", ONE, V * 2, ONE / K)):
        with pytest.raises(Refusal):
            growth.limit(other, ln(V))


# -- proportionality -------------------------------------------------------------------------------


def test_a_quotient_free_of_the_variables_proves_proportionality():
    context = Context(signs={"c": "positive"})
    s = Statement(C * exp(X), "∝", exp(X), context)
    assert proportional(s, ("x",), Normal(context)).steps[-1] == "the quotient is free of x"


@pytest.mark.parametrize(
    ("left", "right", "variables"),
    [
        (C * exp(X), exp(X * 2), ("x",)),  # depends on x
        (C * exp(X), exp(X), ("c", "x")),  # c is a variable itself
        (Y * exp(X), exp(X), ("x",)),  # y may be 0
        (ZERO, exp(X), ("x",)),
        (C * exp(X), exp(X), ()),
    ],
)
def test_no_proportionality_is_proved_otherwise(left, right, variables):  # type: ignore[no-untyped-def]
    context = Context(signs={"c": "positive"})
    with pytest.raises(Refusal):
        proportional(Statement(left, "∝", right, context), variables, Normal(context))


def test_proportionality_fails_at_two_points():
    s = Statement(X, "∝", X * X, Context())
    one, two, four = flint.arb(1), flint.arb(2), flint.arb(4)
    assert disproportion(s, (one, one), (two, four)).steps
    with pytest.raises(Refusal):
        disproportion(s, (one, one), (two, two))  # in proportion
    with pytest.raises(Refusal):
        disproportion(s, (one, one), (two, flint.arb("nan")))
    with pytest.raises(Refusal):
        disproportion(Statement(X, "=", X, Context()), (one, one), (two, four))


# -- translations ----------------------------------------------------------------------------------


def test_the_whole_line_has_no_origin():
    normal = Normal(Context())
    f = lambda x: App("f", (x,))  # noqa: E731
    assert normal.equal(Int(whole_line(X), f(X + C)), Int(whole_line(X), f(X)))
    moved = Int(whole_line(X), X * f(X + C))
    assert normal.equal(moved, Int(whole_line(X), (X - C) * f(X)))
    two = Int(whole_line(X, Y), App("g", (X + C, Y)))
    assert normal.equal(two, Int(whole_line(X, Y), App("g", (X, Y))))


def test_what_is_no_translation_of_the_whole_line():
    normal = Normal(Context())
    f = lambda x: App("f", (x,))  # noqa: E731
    half = lambda body: Int((Over(X, ZERO, ONE),), body)  # noqa: E731
    assert not normal.equal(half(f(X + C)), half(f(X)))
    assert not normal.equal(Int(whole_line(X), f(X * 2)), Int(whole_line(X), f(X)))
    assert not normal.equal(Int(whole_line(X), X * f(X + C)), Int(whole_line(X), X * f(X)))
    both = Int(whole_line(X), f(X + C) * App("g", (X,)))
    assert not normal.equal(both, Int(whole_line(X), f(X) * App("g", (X,))))
    parts = Int(whole_line(X), f(X + C) * Elem("x", (ONE,)))  # components of what is integrated over
    assert not normal.equal(parts, Int(whole_line(X), f(X) * Elem("x", (ONE,))))


# -- rates -----------------------------------------------------------------------------------------

UNIT = (Over(Sym("u"), ZERO, ONE),)


@pytest.mark.parametrize(
    ("t", "wanted"),
    [
        (X * Y + 3, V * Y),
        (X**3 / 2, X**2 * V * 3 / 2),
        (exp(X * Y), exp(X * Y) * Y * V),
        (ln(X), V / X),
        (App("f", (X + Y, Y)), App("f'1", (X + Y, Y)) * V),
        (Int(UNIT, X * Sym("u")), V / 2),
        (Y, ZERO),
    ],
)
def test_rates(t, wanted):  # type: ignore[no-untyped-def]
    normal = Normal(Context(signs={"x": "positive"}))
    assert normal.equal(rate(t, {"x": V}, normal), wanted)


@pytest.mark.parametrize(
    "t",
    [
        Pow(Y, X),  # an exponent that moves
        Int((Over(Sym("u"), ZERO, X),), Sym("u")),  # a domain that moves
        Int(whole_line(Sym("u")), App("f", (Sym("u"), X))),  # an infinite domain
        Sum("i", ONE, X, Sym("i")),
    ],
)
def test_rates_that_are_refused(t):  # type: ignore[no-untyped-def]
    with pytest.raises(Refusal):
        rate(t, {"x": V}, Normal(Context()))


def test_a_rate_is_not_captured_by_an_integral():
    with pytest.raises(Refusal):
        rate(Int(UNIT, X * Sym("u")), {"x": Sym("u")}, Normal(Context()))
    normal = Normal(Context())
    assert normal.equal(rate(Int(UNIT, Sym("u") * Y), {"u": V, "y": ONE}, normal), term(1) / 2)


# -- conditions that determine a symbol ------------------------------------------------------------


def test_a_condition_determines_a_positive_symbol():
    normal = Normal(Context(signs={"x": "positive"}))
    assert normal.equal(determined(ln(X) * 2 + Y, X, normal), exp(neg(Y / 2)))


@pytest.mark.parametrize("condition", [X + Y, ln(X) + X, ln(X) * Y, Y, ln(X) / X])
def test_a_condition_that_does_not(condition):  # type: ignore[no-untyped-def]
    with pytest.raises(DeriveError, match="does not determine"):
        determined(condition, X, Normal(Context(signs={"x": "positive"})))
