"""Independent numbers: against closed forms, against mpmath, and each refusal once."""

from __future__ import annotations

import time
from fractions import Fraction as F
from typing import Any

import flint
import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.errors import DeriveError
from derive.kernel.context import Context
from derive.numeric import (
    Instance,
    NoNumber,
    enclose,
    evaluate,
    log_value,
    quadrature,
    quotient_table,
    sample,
)
from derive.term import (
    HALF,
    INF,
    MINUS_INF,
    ONE,
    PI,
    ZERO,
    Add,
    App,
    Elem,
    Fn,
    Int,
    Min,
    Mul,
    Over,
    Pow,
    Prod,
    Sum,
    Sym,
    Term,
    exp,
    ln,
    mul,
    neg,
    sqrt,
    term,
)

I, J, K, N = Sym("i"), Sym("j"), Sym("K"), Sym("n")  # noqa: E741
S, T, U, V = Sym("s"), Sym("t"), Sym("u"), Sym("v")
LINE = Over(T, MINUS_INF, INF)
TEN = term(10)


def normal(t: Term, s: Term) -> Term:
    return exp(neg(t**2 / (term(2) * s**2))) / (sqrt(term(2) * PI) * s)


def abs_(t: Term) -> Term:
    return Fn("abs", (t,))


def mean(body: Term) -> Term:
    return mul(Pow(N, term(-1)), Sum("i", ONE, N, body))


def el(name: str, *index: Term) -> Elem:
    return Elem(name, index)


X, Y = el("x", I, J), el("y", I)
MU, SIGMA, L = el("mu", J), el("sigma", J), el("l", J)
RESIDUAL = Sum("j", ONE, K, MU * X) - Y
POSITIVE = Context(signs={"sigma": "positive", "l": "positive", "s": "positive"}, facts=((el("x", I, K), ONE),))
SHAPES = {"x": ("n", "K"), "y": ("n",), "sigma": ("K",), "l": ("K",)}


def point(k: int, n: int, seed: int = 3) -> Instance:
    return sample(POSITIVE, {"K": k, "n": n}, SHAPES, seed)


def over_normal(body: Term) -> Term:
    weight = exp(neg(Sum("j", ONE, K, MU**2 / (term(2) * SIGMA**2))))
    scale = sqrt((term(2) * PI) ** K) * Prod("j", ONE, K, SIGMA)
    return Int((Over(MU, MINUS_INF, INF, "j", ONE, K),), mul(body, weight, Pow(scale, term(-1))))


def over_box(body: Term) -> Term:
    ends = neg(L / 2), L / 2
    return Int((Over(MU, *ends, "j", ONE, K),), mul(body, Prod("j", ONE, K, Pow(L, term(-1)))))


MSE_NORMAL = mean(Sum("j", ONE, K, SIGMA**2 * X**2) + Y**2)
MSE_BOX = mean(Sum("j", ONE, K, L**2 * X**2 / 12) + Y**2)
SOFT = ln(ONE + exp(neg(S * T)))
SOFTPLUS = Int((LINE,), mul(SOFT, exp(neg(T**2 / 2)), Pow(sqrt(term(2) * PI), term(-1))))


def close(a: Any, b: Any, digits: int) -> bool:
    ctx = mpmath.MPContext()
    ctx.dps = digits + 10
    a, b = ctx.mpf(a), ctx.mpf(b)
    return bool(abs(a - b) <= ctx.mpf(10) ** -digits * max(1, abs(b)))


def inside(ball: flint.arb, value: Any, digits: int) -> bool:
    """Whether the float, known to `digits`, meets the ball."""
    sign, man, e, _ = value._mpf_
    with flint.ctx.workprec(1000):
        v = flint.arb(-man if sign else man) * flint.arb(2) ** e
        return bool(ball.overlaps(v + flint.arb(0, 1) * (abs(v) + 1) * flint.arb(10) ** -digits))


# --- values against closed forms ------------------------------------------------------------------------


@pytest.mark.parametrize("s", [F(1, 1000), F(3, 2), F(10**6), F(10**40)])
@pytest.mark.parametrize(
    ("body", "moment"),
    [
        (ONE, ONE),
        (T, ZERO),
        (T**2, S**2),
        (T**4, term(3) * S**4),
        (abs_(T), sqrt(term(2) / PI) * S),
        (Fn("max", (ZERO, T)), S / sqrt(term(2) * PI)),
        (neg(ln(normal(T, S))), HALF * (ONE + ln(term(2) * PI * S**2))),
    ],
)
def test_normal_moments(body: Term, moment: Term, s: F) -> None:
    at = Instance(scalars={"s": s})
    got, error = quadrature(Int((LINE,), mul(body, normal(T, S))) / (moment if moment != ZERO else S), at, 20)
    assert close(got, got.context.mpf(0 if moment == ZERO else 1), 19)
    assert error < 1e-19


@pytest.mark.parametrize("power", [0, 1, 2, 4, 7])
def test_uniform_moments(power: int) -> None:
    at = Instance(scalars={"s": F(7, 3)})
    t = Int((Over(T, neg(S / 2), S / 2),), T**power / S)
    want = (S / 2) ** power / (power + 1) if power % 2 == 0 else ZERO
    assert close(quadrature(t, at, 25)[0], evaluate(want, at, 30), 24)


@pytest.mark.parametrize(
    ("integral", "value"),
    [
        (Int((Over(T, ZERO, INF),), exp(neg(T))), ONE),
        (Int((Over(T, MINUS_INF, ZERO),), exp(T)), ONE),
        (Int((Over(T, INF, MINUS_INF),), exp(neg(T**2))), neg(sqrt(PI))),
        (Int((LINE,), exp(neg(abs_(T - 3)))), term(2)),
        (Int((LINE,), exp(neg((T - 1000) ** 2))), sqrt(PI)),
        (
            Int((LINE,), exp(neg((T - 3) ** 2 * 900)) + exp(neg((T + 5) ** 2 * 900))),
            sqrt(PI) / 15,
        ),
        (Int((LINE,), exp(TEN * T - T**2 / 2)), exp(term(50)) * sqrt(term(2) * PI)),
        (Int((Over(T, ZERO, ONE),), ln(T)), term(-1)),
        (Int((Over(T, term(-(10**6)), term(10**6)),), exp(neg((T - 3) ** 2))), sqrt(PI)),
        (Int((Over(T, ZERO, ONE), Over(U, ZERO, T)), T * U), ONE / 8),
        (Int((Over(T, ZERO, ONE),), T * Int((Over(U, T, ONE),), abs_(U - HALF))), term(3) / 64),
        (Int((Over(T, ZERO, ONE),), ONE), ONE),
        (Sum("i", ONE, term(3), Int((Over(T, ZERO, I),), T**I)), HALF + term(8) / 3 + term(81) / 4),
    ],
)
def test_integrals(integral: Term, value: Term) -> None:
    got, error = quadrature(integral, Instance(), 18)
    want = evaluate(value, Instance(), 25)
    assert abs(got - want) <= 1e-17 * max(1, abs(want))
    assert error <= 1e-16 * max(1, abs(want))


@pytest.mark.parametrize(("k", "n"), [(1, 3), (2, 4), (2, 1), (3, 2)])
@pytest.mark.parametrize(("over", "closed"), [(over_normal, MSE_NORMAL), (over_box, MSE_BOX)], ids=["normal", "box"])
def test_mean_squared_error_of_the_printed_integral(over: Any, closed: Term, k: int, n: int) -> None:
    at = point(k, n)
    integral = over(mean(RESIDUAL**2))
    got, _ = quadrature(integral, at, 12 if k == 3 else 20)
    assert close(got, evaluate(closed, at), 11 if k == 3 else 19)


def test_mean_absolute_error_in_two_variables() -> None:
    at = point(2, 2)
    x, y, w, s = (at.families[name] for name in ("x", "y", "l", "sigma"))
    exact = F(0)
    for i in (1, 2):
        for a in (-1, 1):
            for b in (-1, 1):
                corner = a * w[1,] / 2 * x[i, 1] + b * w[2,] / 2 - y[i,]
                exact += F(1, 2) * a * b * abs(corner) ** 3 / 6 / x[i, 1] / w[1,] / w[2,]
    assert close(quadrature(over_box(mean(abs_(RESIDUAL))), at, 15)[0], evaluate(term(exact), at), 14)
    folded = mpmath.mpf(0)
    for i in (1, 2):
        m = mpmath.mpf(y[i,].numerator) / y[i,].denominator
        d = mpmath.sqrt(float(s[1,] ** 2 * x[i, 1] ** 2 + s[2,] ** 2))
        folded += (
            d * mpmath.sqrt(2 / mpmath.pi) * mpmath.exp(-(m**2) / (2 * d**2)) + m * mpmath.erf(m / d / mpmath.sqrt(2))
        ) / 2
    assert close(quadrature(over_normal(mean(abs_(RESIDUAL))), at, 15)[0], folded, 12)


def test_two_dimensions_are_fast() -> None:
    integral, at = over_normal(mean(RESIDUAL**2)), point(2, 4)
    start = time.process_time()
    quadrature(integral, at, 20)
    assert time.process_time() - start < 2  # 0.2 s on a quiet machine


def test_a_narrow_dip_at_zero_is_seen() -> None:
    ctx = mpmath.MPContext()
    ctx.dps = 30
    dip = ctx.quad(lambda t: ctx.sech(1000 * t) ** 2 * ctx.npdf(t), [0, 0.001, 0.004, 0.02, 0.1])
    integral = Int((LINE,), Fn("tanh", (term(1000) * T,)) ** 2 * normal(T, ONE))
    assert close(quadrature(integral, Instance(), 20)[0], 1 - 2 * dip, 19)


# --- other nodes ----------------------------------------------------------------------------------------

MATRIX = {
    "A": ("p", "q", term(2), term(2), Sym("p") + Sym("q") ** 2),
    "w": ("p", "q", term(2), ONE, Sym("p")),
}


@pytest.mark.parametrize(
    ("t", "value"),
    [
        (Sum("i", term(3), term(2), I), F(0)),
        (Prod("i", term(3), term(2), I), F(1)),
        (Prod("i", ONE, term(5), I), F(120)),
        (Pow(term(-8), term(3)), F(-512)),
        (Pow(ZERO, ZERO), F(1)),
        (Fn("max", (ONE, term(3), term(2))), F(3)),
        (Fn("min", (ONE, term(-3), term(2))), F(-3)),
        (Fn("sqrt", (term(F(9, 4)),)), F(3, 2)),
        (Fn("tr", (Sym("A"),)), F(8)),
        (Fn("det", (Sym("A"),)), F(-3)),
        (Fn("tr", (Sym("A") * Pow(Sym("A"), term(-1)),)), F(2)),
        (Fn("tr", (term(3) * Sym("A") - Sym("A"),)), F(16)),
        (Fn("tr", (Fn("transpose", (Sym("w"),)) * Sym("A") * Sym("w"),)), F(2 + 10 + 6 + 24)),
        (Fn("transpose", (Sym("w"),)) * Sym("w"), F(5)),
        (App("f", (term(3), ONE)), F(10)),
        (Min((Over(T, MINUS_INF, INF), Over(U, MINUS_INF, INF)), T**2 + U**2 + T * U - T + 5), F(14, 3)),
        (
            Min((Over(MU, MINUS_INF, INF, "j", ONE, term(3)),), Sum("j", ONE, term(3), (MU - J) ** 2 + J)),
            F(6),
        ),
    ],
)
def test_values(t: Term, value: F) -> None:
    at = Instance(matrices=MATRIX, functions={"f": lambda field, a, b: a * a + b})
    assert close(evaluate(t, at), evaluate(term(value), at), 29)
    assert inside(enclose(t, at), evaluate(term(value), at, 40), 39)


def test_least_squares() -> None:
    at = point(2, 5)
    normal_equations = Min((Over(MU, MINUS_INF, INF, "j", ONE, K),), mean(RESIDUAL**2))
    got = evaluate(normal_equations, at)
    x = [[at.families["x"][i, 1], F(1)] for i in range(1, 6)]
    y = [at.families["y"][i,] for i in range(1, 6)]
    a, b, c = sum(r[0] ** 2 for r in x), sum(r[0] for r in x), F(5)
    p, q = sum(r[0] * v for r, v in zip(x, y, strict=True)), sum(y)
    m, k = (c * p - b * q) / (a * c - b * b), (a * q - b * p) / (a * c - b * b)
    want = sum((m * r[0] + k - v) ** 2 for r, v in zip(x, y, strict=True)) / 5
    assert close(got, evaluate(term(F(want)), at), 29)
    assert inside(enclose(normal_equations, at), got, 28)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_floats_lie_in_the_balls(data: st.DataObject) -> None:
    small = st.fractions(min_value=-3, max_value=3, max_denominator=7).map(term)
    leaf = small | st.sampled_from([S, PI, el("y", ONE), el("y", term(2))])

    def grow(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
        return st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda ts: Add(tuple(ts))),
            st.lists(inner, min_size=1, max_size=3).map(lambda ts: Mul(tuple(ts))),
            st.tuples(inner, st.integers(-2, 3)).map(lambda p: Pow(p[0], term(p[1]))),
            inner.map(lambda t: exp(Fn("tanh", (t,)))),
            inner.map(lambda t: ln(ONE + abs_(t))),
            inner.map(lambda t: sqrt(abs_(t))),
            st.tuples(inner, inner).map(lambda p: Fn("max", p)),
            inner.map(lambda t: Sum("i", ONE, term(2), t * el("y", I))),
            inner.map(lambda t: Prod("i", ONE, term(2), t - I)),
        )

    t = data.draw(st.recursive(leaf, grow, max_leaves=12))
    at = Instance(scalars={"s": F(5, 4)}, families={"y": {(1,): F(-2, 3), (2,): F(7, 5)}})
    try:
        ball, value = enclose(t, at), evaluate(t, at, 40)
    except NoNumber:
        return
    assert inside(ball, value, 30)


@pytest.mark.parametrize(
    ("closed", "meets"),
    [
        (MSE_NORMAL, True),
        (mean(Sum("j", ONE, K, SIGMA * X**2) + Y**2), False),
        (MSE_NORMAL + Pow(TEN, term(-20)), False),
    ],
)
def test_balls_of_wrong_formulas_are_disjoint(closed: Term, meets: bool) -> None:
    at = point(3, 4)
    right = Sum("j", ONE, K, SIGMA**2 * mean(X**2)) + mean(Y**2)
    assert bool(enclose(right, at).overlaps(enclose(closed, at))) is meets


# --- the mean of ln(1 + e^-z) ---------------------------------------------------------------------------


@pytest.mark.parametrize("s", [F(0), F(1, 100), F(1, 2), F(1), F(10), F(300)])
def test_softplus_mean(s: F) -> None:
    ball = enclose(SOFTPLUS, Instance(scalars={"s": s}), 30)
    ctx = mpmath.MPContext()
    ctx.dps = 40
    w = ctx.mpf(s.numerator) / s.denominator
    rest = ctx.quad(lambda u: ctx.log1p(ctx.exp(-w * u)) * ctx.exp(-u * u / 2), [0, 0.02, 0.1, 0.3, 1, 3, 6, 10, 16])
    want = w / ctx.sqrt(2 * ctx.pi) + 2 * rest / ctx.sqrt(2 * ctx.pi)
    assert inside(ball, want, 28)
    assert ball.rel_accuracy_bits() > 95
    assert close(evaluate(SOFTPLUS, Instance(scalars={"s": s})), want, 28)
    wide = Int((LINE,), SOFT * exp(neg(T**2 / 2)) * (ONE + ZERO * T) / sqrt(term(2) * PI))  # by quadrature
    assert close(quadrature(wide, Instance(scalars={"s": s}), 20)[0], want, 19)


def test_softplus_mean_at_ten_to_a_million() -> None:
    at = Instance(scalars={"s": F(10 ** (10**6))})
    ratio = enclose(SOFTPLUS / S * sqrt(term(2) * PI), at)
    assert ratio.overlaps(flint.arb(1)) and ratio.rel_accuracy_bits() > 90
    assert at.point() == {"s": "1e1000000"}


# --- logarithms -----------------------------------------------------------------------------------------


@given(st.fractions(min_value=F(1, 9), max_value=9, max_denominator=9))
@settings(max_examples=30, deadline=None)
def test_log_value_is_the_logarithm(s: F) -> None:
    at = Instance(scalars={"s": s})
    for t in (
        exp(S) - exp(term(2) * S),
        ln(S + 1) * S**3,
        neg(SOFTPLUS),
        Sum("i", ONE, term(3), S**I) - term(20) * S,
    ):
        value = evaluate(t, at)
        if abs(value) < 1e-10:
            continue
        sign, log = log_value(t, at)
        assert sign == (1 if value > 0 else -1)
        assert close(log, value.context.ln(abs(value)), 20)


SIXTY = Instance(scalars={"s": F(10 ** (10**6))})


@pytest.mark.parametrize(
    ("t", "sign", "start"),
    [
        (exp(S**2 / 2), 1, "5.0e+1999999"),
        (neg(exp(S**2 / 2) - exp(S)), -1, "5.0e+1999999"),
        (ln(ONE + exp(neg(S))), 1, "-1.0e+1000000"),
        (ln(ONE + exp(S)), 1, "2302585.092994"),
        (exp(S**2) * exp(neg(S**2)), 1, "0.0"),
        (SOFTPLUS, 1, "2302584.1740555"),
        (S - S + ONE, 1, "0.0"),
        (Fn("max", (exp(S), neg(exp(S**2)))), 1, "1.0e+1000000"),
        (Fn("min", (exp(S), neg(exp(S**2)))), -1, "1.0e+2000000"),
    ],
)
def test_log_value_far_out(t: Term, sign: int, start: str) -> None:
    got, log = log_value(t, SIXTY)
    assert got == sign
    assert log.context.nstr(log, 14) == start


def test_log_value_of_zero() -> None:
    assert log_value(ZERO * S, SIXTY) == (0, mpmath.mpf("-inf"))


def test_quotient_tables() -> None:
    right = S / sqrt(term(2) * PI)
    rows = dict(quotient_table(SOFTPLUS, right, Instance(), "s"))
    assert list(rows) == ["1e1", "1e2", "1e3", "1e6", "1e12", "1e100", "1e10000", "1e1000000"]
    assert rows["1e1"] == "1.0163" and rows["1e1000000"] == "1.0000"
    wrong = dict(quotient_table(exp(S**2 / 2), SOFTPLUS, Instance(), "s"))
    assert wrong["1e1"] == "1.28e21"
    assert wrong["1e1000000"] == "10^(2.17e1999999)"
    small = dict(quotient_table(neg(SOFTPLUS), exp(S**2 / 2), Instance(), "s"))
    assert small["1e1000000"] == "-10^(-2.17e1999999)"
    slow = dict(quotient_table(exp(S**2 / 2) * (ln(S) + 2), exp(HALF * S * S) * ln(S), Instance(), "s"))
    assert slow["1e100"] == "1.0087" and slow["1e1000000"] == "1.0000"
    assert quotient_table(ZERO, S, Instance(), "s", (1,)) == (("1e1", "0"),)
    with pytest.raises(NoNumber):
        quotient_table(S, ZERO, Instance(), "s")


# --- refusals -------------------------------------------------------------------------------------------

TOWER = Pow(TEN, Pow(TEN, TEN))


@pytest.mark.parametrize("number", [evaluate, enclose])
@pytest.mark.parametrize(
    ("t", "reason"),
    [
        (TOWER, "power"),
        (Pow(TEN, TOWER), "power"),
        (exp(exp(exp(exp(TEN)))), "exp"),
        (Pow(term(-1), HALF), "finite|negative"),
        (Pow(term(-1), term(F(1, 3))), "integer"),
        (Pow(term(-2), PI), "positive base"),
        (Pow(ZERO, term(-1)), "zero"),
        (ln(ZERO), "ln"),
        (ln(term(-1)), "ln"),
        (Fn("d", (ONE,)), "function d"),
        (App("g", (ONE,)), "for g"),
        (Sym("nowhere"), "nowhere"),
        (el("x", term(99)), r"x\[99\]"),
        (el("x", PI), "index of x"),
        (INF, "oo"),
        (Sum("i", ONE, term(10**7), I), "terms"),
        (Sum("i", ONE, term(2000), Sum("j", ONE, term(2000), I)), "terms"),
        (Sum("i", ONE, HALF, I), "integer"),
        (Fn("tr", (Sym("A") * Sym("w") + Sym("A"),)), "shapes"),
        (Fn("tr", (Sym("w") * Sym("A"),)), "shapes"),
        (Fn("tr", (Sym("w"),)), "square"),
        (Fn("det", (Sym("w"),)), "square"),
        (Fn("tr", (Pow(Sym("Z"), term(-1)),)), "singular"),
        (Sym("A"), "where a number"),
        (Min((LINE,), T**4), "quadratic"),
        (Min((LINE,), exp(T)), "quadratic"),
        (Min((LINE,), neg(T**2)), "bounded below"),
        (Min((LINE,), T), "singular"),
        (Over(T, ZERO, ONE), "Over"),
    ],
)
def test_refusals(number: Any, t: Term, reason: str) -> None:
    zero = {"Z": ("p", "q", term(2), term(2), ZERO)}
    start = time.process_time()
    with pytest.raises(NoNumber, match=reason):
        number(t, Instance(matrices=MATRIX | zero))
    assert time.process_time() - start < 30  # the long sums take 5 s, the rest nothing


@pytest.mark.parametrize(
    ("t", "reason"),
    [
        (Int((LINE,), ONE), "decay"),
        (Int((LINE,), T**2), "decay"),
        (Int((LINE,), ONE / Fn("sqrt", (ONE + T**2,))), "decay"),
        (Int((LINE,), ZERO * T), "vanishes"),
        (Int((Over(T, ZERO, ONE),), ONE / T), "converge"),
        (Int((Over(T, ZERO, ONE),), ln(T - 2)), "finite"),
        (Int(tuple(Over(Sym(v), ZERO, ONE) for v in "abcd"), ONE), "3 variables"),
        (Int((LINE, LINE), ONE), "twice"),
        (Int((Over(T, INF, INF),), ONE), "infinity"),
        (Int((Over(MU, ZERO, ONE, "j", ONE, term(10**9)),), ONE), "variables"),
        (Int((Over(T * T, ZERO, ONE),), ONE), "integration variable"),
        (Int((Over(T, ZERO, ONE),), Fn("det", (T,))), "depends on"),
        (Int((Over(T, ZERO, ONE),), Sum("i", ONE, T, I)), "integer"),
    ],
)
def test_integrals_that_have_no_number(t: Term, reason: str) -> None:
    with pytest.raises(NoNumber, match=reason):
        quadrature(t, Instance(), 15)


def test_the_wall_and_the_enclosure_of_integrals() -> None:
    with pytest.raises(NoNumber, match="more than 1000 values"):
        quadrature(over_normal(mean(RESIDUAL**2)), point(2, 2), 20, wall=1000)
    with pytest.raises(NoNumber, match="Int"):
        enclose(Int((LINE,), exp(neg(T**2))), Instance())


def test_nothing_global_changes() -> None:
    before = flint.ctx.prec, mpmath.mp.dps
    evaluate(over_normal(ONE), point(1, 1), 50)
    enclose(SOFTPLUS, Instance(scalars={"s": F(3)}), 80)
    log_value(exp(S), Instance(scalars={"s": F(3)}))
    with pytest.raises(NoNumber):
        enclose(Sym("nowhere"), Instance(), 90)
    with pytest.raises(NoNumber):
        quadrature(Int((LINE,), ONE), Instance(), 70)
    assert (flint.ctx.prec, mpmath.mp.dps) == before


# --- instances ------------------------------------------------------------------------------------------


def test_sample_is_deterministic_and_inside_the_assumptions() -> None:
    assert point(3, 4, 7) == point(3, 4, 7) != point(3, 4, 8)
    at = point(3, 4)
    assert all(at.families["x"][i, 3] == 1 for i in range(1, 5))
    assert all(v > 0 for v in at.families["sigma"].values())
    assert any(v < 0 for k in range(5) for v in point(3, 4, k).families["y"].values())
    whole = sample(Context(least={"Q": 2}), {}, {"Q": ()}, 1).scalars["Q"]
    assert whole.denominator == 1 and whole >= 2
    tied = sample(Context(facts=((S, T**2), (T, term(-3)))), {}, {"s": (), "t": ()}, 1)
    assert tied.scalars == {"s": 9, "t": -3}
    bounded = sample(Context(positive=(S - 1,)), {}, {"s": ()}, 1)
    assert bounded.scalars["s"] > 1


@pytest.mark.parametrize(
    ("context", "sizes", "shapes"),
    [
        (Context(least={"K": 2}), {"K": 1}, {}),
        (Context(signs={"s": "positive"}, facts=((S, term(-1)),)), {}, {"s": ()}),
        (Context(signs={"x": "positive"}, facts=((el("x", I), term(-1)),)), {"n": 2}, {"x": ("n",)}),
        (Context(facts=((S, ONE), (S, term(2)))), {}, {"s": ()}),
        (Context(facts=((el("x", I), ONE), (el("x", ONE), term(2)))), {"n": 2}, {"x": ("n",)}),
        (Context(facts=((S, sqrt(term(2))),)), {}, {"s": ()}),
        (Context(positive=(neg(S**2),)), {}, {"s": ()}),
        (Context(least={"Q": 2}, facts=((Sym("Q"), term(F(5, 2))),)), {}, {"Q": ()}),
        (Context(), {}, {"x": ("n",)}),
    ],
)
def test_contradictory_assumptions(context: Context, sizes: dict[str, int], shapes: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(DeriveError):
        sample(context, sizes, shapes)
