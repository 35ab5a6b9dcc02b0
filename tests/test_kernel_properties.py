"""Random terms against numbers that know nothing of the kernel: a normal form keeps the value, a sign is right."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from derive.errors import DeriveError
from derive.kernel.context import Context
from derive.kernel.definedness import RANGE, open_needs
from derive.kernel.growth import Growth
from derive.kernel.normal import Normal
from derive.kernel.poly import Refusal
from derive.kernel.theorem import Statement, equality, order
from derive.numeric import Instance, NoNumber, evaluate, log_value, sample
from derive.term import (
    HALF,
    INF,
    MINUS_INF,
    ONE,
    PI,
    TWO,
    ZERO,
    Add,
    Elem,
    Fn,
    Int,
    Mul,
    Num,
    Over,
    Pow,
    Prod,
    Sum,
    Sym,
    Term,
    children,
    exp,
    ln,
    neg,
    rebuild,
    sqrt,
    term,
)

Draw = Callable[..., Any]
K, N, M, V = Sym("K"), Sym("n"), Sym("m"), Sym("v")
SIGNS = {
    "p": "positive", "q": "nonnegative", "r": "real", "s": "real", "u": "positive", "w": "real", "h": "nonnegative",
    "v": "positive",
}  # fmt: skip
SHAPES: Mapping[str, Any] = {"u": (12,), "w": (12,), "h": (12,), "z": (12, 12), "p": (), "q": (), "r": (), "s": ()}
EXPONENTS = [Fraction(e) for e in ("2", "-1", "1/2", "-1/2", "3", "3/2", "-2", "0", "1/3")]


def checked(examples: int) -> Any:
    slow = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    return settings(derandomize=True, deadline=None, max_examples=examples, suppress_health_check=slow, database=None)


@st.composite
def contexts(draw: Draw) -> Context:
    """Assumptions whose names the terms below also use for indices."""
    fact = draw(st.sampled_from([(), ((Elem("w", (K,)), ONE),), ((Elem("z", (Sym("i"), K)), Elem("u", (Sym("i"),))),)]))
    least = {"K": draw(st.integers(1, 2)), "n": draw(st.integers(0, 1)), "m": 1}
    return Context(signs=SIGNS, least=least, facts=fact)


numbers = st.builds(lambda p, q: Num(Fraction(p, q)), st.sampled_from([-3, -1, 1, 2, 3, 12, 0]), st.integers(1, 3))


@st.composite
def atoms(draw: Draw, inside: tuple[str, ...] = ()) -> Term:
    kind = draw(st.integers(0, 9))
    if kind < 2:
        return draw(numbers | st.just(PI))
    if (kind < 6 and not inside) or kind < 4:
        return Sym(draw(st.sampled_from("pqrsKn")))
    index: Term = draw(st.sampled_from([*map(Sym, inside), *map(Sym, inside), ONE, TWO, K]))
    if draw(st.integers(0, 7)) == 0:
        index = index + 1
    if kind == 9:
        return Elem("z", (index, K))
    return Elem(draw(st.sampled_from("uuwh")), (index,))


@st.composite
def terms(draw: Draw, depth: int = 3, inside: tuple[str, ...] = ()) -> Term:
    if depth == 0:
        return draw(atoms(inside))
    one = terms(depth - 1, inside)
    kind = draw(st.integers(0, 16))
    if kind < 4:
        return Add(tuple(draw(st.lists(one, min_size=2, max_size=3))))
    if kind < 7:
        return Mul(tuple(draw(st.lists(one, min_size=2, max_size=3))))
    if kind < 10:
        return Pow(draw(one), Num(draw(st.sampled_from(EXPONENTS))))
    if kind == 10:
        return exp(draw(numbers) * ln(draw(one)))
    if kind == 11:
        return Fn(draw(st.sampled_from(["ln", "abs", "exp"])), (draw(one),))
    if kind < 16:
        index = draw(st.sampled_from([x for x in ("i", "j", "k", "p", "K") if x not in inside]))
        high = draw(st.sampled_from([K, N, K + 1, K - 1, N + 2, TWO, K * 2, *map(Sym, inside)]))
        low = draw(st.sampled_from([ONE, ONE, ONE, TWO, ZERO, M]))
        body = draw(terms(depth - 1, (*inside, index)))
        return (Sum if kind < 15 else Prod)(index, low, high, body)
    return draw(atoms(inside))


def points(context: Context, seed: int) -> Instance | None:
    """A point inside the assumptions; every third one has zeros where they are allowed."""
    sizes = {name: least + (seed + k) % 3 for k, (name, least) in enumerate(context.least.items())}
    try:
        point = sample(context, sizes, SHAPES, seed)
    except DeriveError:
        return None
    return point.at("q", 0).at("r", 0) if seed % 3 == 0 else point


def value(t: Term, point: Instance | None) -> float | None:
    try:
        return None if point is None else float(evaluate(t, point, 20))
    except (NoNumber, OverflowError):
        return None


def close(a: float, b: float) -> bool:
    return a == b or abs(a - b) <= 1e-9 * (1 + abs(a) + abs(b))


@checked(300)
@given(contexts(), terms(), st.integers(0, 99))
def test_a_normal_form_keeps_the_value_and_its_sign_is_right(context: Context, t: Term, seed: int) -> None:
    normal = Normal(context)
    try:
        r = normal.ratio(t)
        signs = normal.sign(r.num), normal.sign(r.den)
    except Refusal:
        return
    if any(n.relation == RANGE for n in open_needs(t, normal)):
        return
    for k in range(2):
        point = points(context, seed + k)
        before, after = value(t, point), value(r.term, point)
        if before is not None and after is not None:
            assert close(before, after)
        if before is not None and signs[1] == "positive":
            assert signs[0] != "positive" or before > 0
            assert signs[0] != "nonnegative" or before > -1e-12


@checked(200)
@given(contexts(), terms(2), terms(2), st.integers(0, 99))
def test_needs_that_are_answered_leave_nothing_undefined(context: Context, a: Term, b: Term, seed: int) -> None:
    """With no open need left, `b` has a value wherever `a` has one."""
    normal = Normal(context)
    whole = Add((b, Mul((a, b))))
    try:
        if open_needs(whole, normal, a):
            return
    except Refusal:
        return
    for k in range(3):
        point = points(context, seed + k)
        if point is None or value(a, point) is None:
            continue
        try:
            evaluate(whole, point, 15)
        except NoNumber as e:
            assert not any(word in str(e) for word in ("square root", "ln of", "division")), str(e)


def nudged(t: Term, where: int) -> Term:
    """`t` with its `where`-th part changed a little."""
    count = -1

    def go(x: Term) -> Term:
        nonlocal count
        count += 1
        if count == where:
            if isinstance(x, Num):
                return Num(x.value + 1)
            if isinstance(x, (Sum, Prod)):
                return type(x)(x.index, x.low, x.high + 1, x.body)
            if isinstance(x, (Add, Mul)):
                return type(x)(x.factors[1:]) if isinstance(x, Mul) else type(x)(x.terms[1:])
            if isinstance(x, (Sym, Elem)):
                return neg(x)
            return next(children(x))
        return x if isinstance(x, (Elem, Sym, Num)) else rebuild(x, go)

    return go(t)


@checked(200)
@given(contexts(), terms(2), st.integers(0, 6), st.integers(0, 99))
def test_what_differs_somewhere_is_never_proved_equal_or_in_order(
    context: Context, t: Term, where: int, seed: int
) -> None:
    other, normal = nudged(t, where), Normal(context)
    for rule, sign in ((equality, "="), (order, "≥"), (order, "<")):
        try:
            theorem = rule(Statement(t, sign, other, context), normal)
        except Refusal:
            continue
        if any(n.relation == RANGE for n in theorem.needs):
            continue
        for k in range(2):
            point = points(context, seed + k)
            a, b = value(t, point), value(other, point)
            if a is not None and b is not None:
                assert {"=": close(a, b), "≥": a >= b or close(a, b), "<": a < b}[sign]


# -- integrals against quadrature ------------------------------------------------------------------------------------

S = {"s": "positive", "l": "positive", "u": "positive"}
NODES = np.polynomial.legendre.leggauss(20)
LINE = np.linspace(-11, 11, 111)


def vectorised(t: Term, env: dict[Any, Any]) -> Any:
    """Value of a term, on arrays of the integration variables."""
    if isinstance(t, Num):
        return float(t.value)
    if isinstance(t, Sym):
        return math.pi if t.name == "pi" else env[t.name]
    if isinstance(t, Elem):
        return env[(t.name, *(round(vectorised(i, env)) for i in t.index))]
    if isinstance(t, Add):
        return sum(vectorised(x, env) for x in t.terms)
    if isinstance(t, Mul):
        return math.prod(vectorised(x, env) for x in t.factors)
    if isinstance(t, Pow):
        return np.power(vectorised(t.base, env) + 0.0, vectorised(t.exponent, env))
    if isinstance(t, Fn):
        return {"exp": np.exp, "ln": np.log, "abs": np.abs, "tanh": np.tanh}[t.name](vectorised(t.args[0], env))
    if isinstance(t, (Sum, Prod)):
        low, high = round(vectorised(t.low, env)), round(vectorised(t.high, env))
        parts = [vectorised(t.body, {**env, t.index: k}) for k in range(low, high + 1)]
        return sum(parts) if isinstance(t, Sum) else math.prod(parts)
    assert isinstance(t, Int)
    return integrated(t, env)


def integrated(t: Int, env: dict[Any, Any]) -> float:
    axes: list[tuple[Any, Any, Any]] = []
    for o in t.over:
        first, last = (round(vectorised(x, env)) for x in (o.first, o.last))
        for k in range(first, last + 1):
            here = {**env, o.index: k}
            assert isinstance(o.var, (Sym, Elem))
            key = o.var.name
            if isinstance(o.var, Elem):
                key = (key, *(round(vectorised(i, here)) for i in o.var.index))  # type: ignore[assignment]
            if o.high == INF:
                axes.append((key, LINE, np.full_like(LINE, LINE[1] - LINE[0])))
            else:
                low, high = vectorised(o.low, here), vectorised(o.high, here)
                axes.append((key, (low + high + (high - low) * NODES[0]) / 2, (high - low) / 2 * NODES[1]))
    assume(0 < len(axes) <= 2 and len({a[0] for a in axes}) == len(axes))
    inner, weight = dict(env), 1.0
    for q, (key, x, w) in enumerate(axes):
        shape = [-1 if q == r else 1 for r in range(len(axes))]
        inner[key] = x.reshape(shape)
        weight = weight * w.reshape(shape)
    return float(np.sum(vectorised(t.body, inner) * weight * np.ones([len(a[1]) for a in axes])))


def mu(at: Term) -> Elem:
    return Elem("mu", (at,))


AT, J = Sym("i"), Sym("j")
INDICES: list[Term] = [ONE, TWO, K, K - 1, K + 1]


@st.composite
def factors(draw: Draw, last: Term, hard: bool) -> Term:
    """What stands under an integral beside its weight: moments up to cross terms, functions of a linear form."""
    w = Elem(draw(st.sampled_from("wu")), (J,))
    high = draw(st.sampled_from([K, K, K - 1, last, K + 1, TWO]))
    form = Sum("j", ONE, last, mu(J) * w)
    options: list[Term] = [
        Sum("j", ONE, high, mu(J) ** draw(st.integers(1, 2)) * w),
        Sum("j", ONE, high, mu(J) ** draw(st.integers(1, 2)) * w),
        mu(draw(st.sampled_from(INDICES))),
        Sum("i", ONE, TWO, Elem("u", (AT,)) * form),
        Sum("j", ONE, K, mu(J + draw(st.integers(0, 1))) * w),
        Sum("i", ONE, last, Sum("j", ONE, AT, mu(J) * Elem("w", (AT,)))),
        Elem("w", (ONE,)) + mu(draw(st.sampled_from(INDICES))),
    ]
    if hard:
        options += [Fn("tanh", (form,)), ln(ONE + exp(form))]
    return draw(st.sampled_from(options))


@st.composite
def integrals(draw: Draw) -> Int:
    """Normal and uniform parameters: families, their ends cut off, and single ones that may coincide."""
    kind = draw(st.sampled_from(["normal", "normal", "uniform", "mixed", "single"]))
    last = draw(st.sampled_from([K, K, K, K - 1, K + 1, TWO]))
    weight: Term = ONE
    scale, width = Elem("s", (J,)), Elem("l", (J,))
    if kind == "uniform":
        over = [Over(mu(J), neg(width / 2), width / 2 + draw(st.sampled_from([ZERO, ONE])), "j", ONE, last)]
    elif kind == "normal":
        over = [Over(mu(J), MINUS_INF, INF, "j", ONE, last)]
        power: Term = Sum("j", ONE, draw(st.sampled_from([last, last, last, last + 1])), neg(mu(J) ** 2 / scale**2))
        if draw(st.booleans()):
            power = power + Sum("j", ONE, draw(st.sampled_from([last, K])), Elem("w", (J,)) * mu(J)) / 4
        weight = exp(power)
    elif kind == "mixed":
        over = [Over(mu(J), MINUS_INF, INF, "j", ONE, K - 1), Over(mu(draw(st.sampled_from([K, K, ONE]))), ZERO, ONE)]
        weight = exp(Sum("j", ONE, draw(st.sampled_from([K - 1, K - 1, K])), neg(mu(J) ** 2)))
    else:
        a, b = draw(st.permutations([ONE, TWO, K, K + 1]))[:2]
        over = [Over(mu(a), MINUS_INF, INF), Over(mu(b), MINUS_INF, INF)]
        shift = draw(st.sampled_from([ZERO, *map(mu, INDICES)]))
        weight = exp(neg(mu(a) ** 2) - mu(b) ** 2 + shift / 3)
    inside = draw(st.lists(factors(last, kind != "uniform"), max_size=3))
    return Int(tuple(over), Mul((weight, *inside)))


@checked(120)
@given(integrals(), st.integers(1, 2), st.integers(0, 9))
def test_an_integral_keeps_the_value(t: Int, least: int, seed: int) -> None:
    normal = Normal(Context(signs=S, least={"K": least}))
    try:
        r = normal.ratio(t)
    except Refusal:
        return
    if open_needs(t, normal):
        return
    rng = np.random.default_rng(seed)
    env: dict[Any, Any] = {"K": max(least, 1 + seed % 2)}
    for k in range(6):
        env |= {("s", k): rng.uniform(0.6, 1.2), ("l", k): rng.uniform(0.5, 2), ("u", k): rng.uniform(0.3, 1.5)}
        env |= {("w", k): rng.uniform(-1, 1), ("mu", k): rng.uniform(-1, 1)}
    before, after = vectorised(t, env), vectorised(r.term, env)
    assert abs(before - after) <= 1e-6 * (1 + abs(before) + abs(after))


# -- growth against numbers far out ----------------------------------------------------------------------------------


@st.composite
def growing(draw: Draw, depth: int = 3) -> Term:
    p, r, u, w = Sym("p"), Sym("r"), Elem("u", (J,)), Elem("w", (J,))
    simple: list[Term] = [
        V, V, ln(V), V**2, sqrt(V), ONE / V, ln(V) * V, exp(neg(V * p)), exp(ONE / V), p, r, HALF, term(-2),
    ]  # fmt: skip
    if depth == 0:
        return draw(st.sampled_from(simple))
    one, kind = growing(depth - 1), draw(st.integers(0, 9))
    if kind < 3:
        return Add((draw(one), draw(one)))
    if kind < 6:
        return Mul((draw(one), draw(one)))
    if kind == 6:
        return Pow(draw(one), Num(draw(st.sampled_from([Fraction(e) for e in ("-1", "2", "1/2", "-1/2", "-2")]))))
    if kind < 9:
        return Fn(draw(st.sampled_from(["ln", "abs"])), (draw(one),))
    return Sum("j", ONE, K, draw(one) * draw(st.sampled_from([u, w, u + V, ONE / (w + V), ONE / (w * V + 1)])))


@checked(250)
@given(growing(), growing(2), st.integers(0, 9))
def test_a_limit_agrees_with_numbers_far_out(a: Term, b: Term, seed: int) -> None:
    context = Context(signs=SIGNS, least={"K": 1})
    growth = Growth(Normal(context), "v")
    try:
        limit = growth.limit(a, b)
    except Refusal:
        return
    point = sample(context, {"K": 1 + seed % 3}, {**SHAPES, "v": ()}, seed)
    point = point.at("r", 0) if seed % 3 == 0 else point
    quotients: list[tuple[int, float]] = []
    for k in (100, 1000, 20_000):
        try:
            (sign_a, log_a), (sign_b, log_b) = (log_value(t, point.at("v", 10**k)) for t in (a, b))
        except NoNumber:
            return
        if max(abs(log_a), abs(log_b)) > 1e15:
            return  # beyond the digits of a logarithm
        quotients.append((sign_a * sign_b, float(log_a - log_b)))
    (_, first), (sign, last) = quotients[0], quotients[-1]
    if limit.kind == "finite":
        assert limit.value is not None
        found = value(limit.value.term, point)
        assert found and sign == math.copysign(1, found)
        off = [abs(q - math.log(abs(found))) for _, q in quotients]
        assert off[-1] < 1e-3 or off[-1] < 0.8 * off[0]
    elif limit.kind == "zero":
        assert last < -20 or last < first - 0.5
    else:
        assert last > 20 or last > first + 0.5


@checked(150)
@given(growing(), st.integers(0, 9))
def test_the_sign_from_some_point_on_is_right(t: Term, seed: int) -> None:
    context = Context(signs=SIGNS, least={"K": 1})
    try:
        sign = Growth(Normal(context), "v").eventually(t)
    except Refusal:
        return
    point = sample(context, {"K": 1 + seed % 3}, {**SHAPES, "v": ()}, seed)
    if sign:
        try:
            assert log_value(t, point.at("v", 10**20_000))[0] == sign
        except NoNumber:
            return


def test_the_strategies_reach_what_they_are_for() -> None:
    """Most random terms get through: a kernel that refused them all would pass every test above."""
    done = {"terms": 0, "integrals": 0, "limits": 0}

    @checked(60)
    @given(contexts(), terms(), integrals(), growing(2), growing(2))
    def run(context: Context, t: Term, integral: Int, a: Term, b: Term) -> None:
        normal = Normal(Context(signs=S, least={"K": 2}))
        attempts: dict[str, Callable[[], Any]] = {
            "terms": lambda: Normal(context).ratio(t),
            "integrals": lambda: normal.ratio(integral),
            "limits": lambda: Growth(Normal(Context(signs=SIGNS, least={"K": 1})), "v").limit(a, b),
        }
        for name, attempt in attempts.items():
            try:
                attempt()
            except Refusal:
                continue
            done[name] += 1

    run()
    assert done["terms"] > 45 and done["integrals"] > 40 and done["limits"] > 20


if __name__ == "__main__":
    pytest.main([__file__])
