"""Every rule of the kernel accepts what it should and refuses what it must; nothing else makes a theorem."""

from __future__ import annotations

import ast
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import flint
import pytest

from derive.kernel.context import Context
from derive.kernel.definedness import Need, open_needs
from derive.kernel.equivalents import through
from derive.kernel.induction import induction
from derive.kernel.normal import Normal
from derive.kernel.poly import Refusal
from derive.kernel.single import singled
from derive.kernel.theorem import (
    Refutation,
    Statement,
    Theorem,
    apart,
    asymptotic,
    disorder,
    equality,
    existence,
    monotone,
    order,
)
from derive.term import (
    HALF,
    INF,
    MINUS_INF,
    ONE,
    PI,
    TWO,
    ZERO,
    Add,
    App,
    Elem,
    Fn,
    Int,
    Min,
    Mul,
    Num,
    Over,
    Pow,
    Prod,
    Sum,
    Sym,
    Term,
    add,
    exp,
    ln,
    mul,
    neg,
    sqrt,
    term,
)
from tests.test_kernel_layers import RULES as LAYERS

a, b, h, i, j, k, n, p, v, x, y, z, K, Q = (Sym(s) for s in "abhijknpvxyzKQ")
Rule = Callable[[], Theorem | Refutation]


def number(p: int, q: int = 1) -> Num:
    return Num(Fraction(p, q))


def mu(at: Term | int) -> Elem:
    return Elem("mu", (term(at),))


def at(name: str, *index: Term | int) -> Elem:
    return Elem(name, tuple(map(term, index)))


def sum_to(high: Term, body: Term, index: str = "j") -> Sum:
    return Sum(index, ONE, high, body)


def bell(*terms: Term) -> Term:
    """exp(−a² − b² …): an unnormalised density."""
    return exp(neg(add(*(t**2 for t in terms))))


def line(*variables: Term) -> tuple[Over, ...]:
    return tuple(Over(u, MINUS_INF, INF) for u in variables)


def absolute(t: Term) -> Fn:
    return Fn("abs", (t,))


def tr(t: Term) -> Fn:
    return Fn("tr", (t,))


FAMILY = Over(mu(j), MINUS_INF, INF, "j", ONE, K)
WEIGHT = exp(sum_to(K, neg(mu(j) ** 2) / 2))
MASS = sqrt(TWO * PI) ** K
TWO_AT_LEAST = Context(least={"K": 2})
TWO_AT_LEAST_POSITIVE = Context(signs={"x": "positive"}, least={"K": 2})
POSITIVE = Context(signs=dict.fromkeys("abpvxy", "positive"), least={"K": 1, "n": 1})
EVEN = Context(even=frozenset({"f"}))
MATRICES = Context(
    least={"K": 2, "Q": 2, "n": 1},
    facts=((at("x", i, K), ONE),),
    covariances={
        ("x", "x"): Sym("C_x"), ("y", "y"): Sym("C_y"), ("x", "y"): Sym("C_xy"), ("y", "x"): Sym("C_yx"),
    },
)  # fmt: skip
C_x, C_y, C_xy, C_yx = (Sym(f"C_{s}") for s in ("x", "y", "xy", "yx"))


def equal(left: Term, right: Term, context: Context = POSITIVE, **proposers: Any) -> Rule:
    return lambda: equality(Statement(left, "=", right, context), Normal(context, **proposers))


def ordered(left: Term, sign: str, right: Term, context: Context = POSITIVE, v: str | None = None) -> Rule:
    return lambda: order(Statement(left, sign, right, context, v), Normal(context))


def led(*parts: tuple[Term, str, Term]) -> Rule:
    """Two equivalences and what stands between their leading terms."""
    return lambda: through(*(asymptotic(Statement(a, r, b, POSITIVE, "v"), Normal(POSITIVE)) for a, r, b in parts))  # type: ignore[arg-type]


def far(left: Term, sign: str, right: Term, context: Context = POSITIVE) -> Rule:
    return lambda: asymptotic(Statement(left, sign, right, context, "v"), Normal(context))


def reversed_far(left: Term, sign: str, right: Term, variable: str | None = "v") -> Rule:
    return lambda: disorder(Statement(left, sign, right, POSITIVE, variable), Normal(POSITIVE))


def bounded(left: Term, sign: str, right: Term, boundary: Term, context: Context = POSITIVE) -> Rule:
    return lambda: monotone(Statement(left, sign, right, context, "v"), "p", boundary, Normal(context))


def with_constants(left: Term, right: Term, constants: dict[Term, Term]) -> Rule:
    return lambda: existence(Statement(left, "=", right, POSITIVE), constants, frozenset("xy"), Normal(POSITIVE))


def inducted(left: Term, right: Term, name: str = "K", context: Context = POSITIVE) -> Rule:
    return lambda: induction(Statement(left, "=", right, context), name, Normal(context))


def balls(sign: str, left: str, right: str) -> Rule:
    return lambda: apart(Statement(x, sign, y, POSITIVE), flint.arb(left), flint.arb(right))


def lowest(body: Term, value: Term, point: dict[Term, Term] | None, over: Over | None = None) -> Rule:
    least = Min((over or line(x)[0],), body)
    return equal(least, value, Context(signs={"b": "positive"}, least={"n": 1}), minimize=lambda *_: point)


def integrated(body: Term, proposed: Term, low: Term, high: Term, value: Term, context: Context = POSITIVE) -> Rule:
    def integrate(_: Term, variable: Term) -> Term:
        assert isinstance(variable, Sym)
        return Normal(Context()).ratio(rewritten(proposed, variable)).term

    return equal(Int((Over(z, low, high),), body), value, context, integrate=integrate)


def rewritten(t: Term, variable: Sym) -> Term:
    from derive.term import substitute

    return substitute(t, {z: variable})


def fit(last: Term) -> Min:
    residual = sum_to(last - 1, mu(j) * at("x", i, j)) + mu(last) - at("y", i)
    return Min((Over(mu(j), MINUS_INF, INF, "j", ONE, last),), sum_to(n, residual**2, "i") / n)


RESIDUAL = tr(C_y - C_yx * C_x ** number(-1) * C_xy)
SOFTPLUS = Int(line(x), ln(ONE + exp(neg(v * x))) * exp(neg(x**2) / 2) / sqrt(TWO * PI))
ALONE = Context(signs=dict.fromkeys("sxv", "positive"), least={"K": 2, "n": 1, "Q": 1})
BOXED = Context(signs={"x": "positive", "v": "positive"}, least={"K": 2})
FALLS_EMPTY = Context(signs={"x": "positive"}, least={"K": 0})
FALLS = Context(signs={"x": "positive", "s": "positive"}, least={"K": 2})

SPREAD = z**2 * v**2 + x
HELD = at("w", j) ** 2 * v**2 + x
BOX = Over(mu(j), neg(v), v, "j", ONE, K)
UNIT_BOX = Over(mu(j), neg(ONE), ONE, "j", ONE, K)
AFFINE = sum_to(K, mu(j) * at("x", j))
CUBE = Over(mu(j), neg(HALF), HALF, "j", ONE, K)


def softplus(t: Term) -> Fn:
    return ln(ONE + exp(t))


def sinhc(t: Term) -> Term:
    return (exp(t / 2) - exp(neg(t) / 2)) / t


def root(t: Term) -> Term:
    return sqrt(exp(t * 2) + v)


ROOTS = sum_to(K, root(v * at("x", j)))
NOT_ZERO = Context(signs={"v": "positive"}, least={"K": 2}, nonzero=frozenset({"w"}))
NONZERO = Context(signs={"x": "positive"}, nonzero=frozenset({"w"}))
TILTED = sum_to(K, mu(j) * at("w", j))


def alone(left: Term, sign: str, right: Term, context: Context = ALONE) -> Rule:
    """A limit in which s_1 alone grows."""

    def rule() -> Theorem | Refutation:
        normal = Normal(context)
        sides = (singled(t, at("s", 1), v, normal) for t in (left, right))
        return asymptotic(Statement(next(sides), sign, next(sides), context, "v"), normal)

    return rule


def erf(t: Term) -> Fn:
    return Fn("erf", (t,))


def accepted(rule: Rule) -> Theorem:
    """What the rule proves; a refutation is refused."""
    made = rule()
    if not isinstance(made, Theorem):
        raise Refusal("refuted")
    return made


def sided(*coefficients: Term) -> Int:
    """∫ |Σ a_k z_k + y| over [−k, k]^… for numbered sides k."""
    names = [Sym(f"z{k}") for k in range(1, len(coefficients) + 1)]
    over = tuple(Over(u, term(-k), term(k)) for k, u in enumerate(names, 1))
    return Int(over, absolute(add(y, *(c * u for c, u in zip(coefficients, names, strict=True)))))


def cube() -> Rule:
    """Three parameters: eight corners."""
    signs = [(p, q, r) for p in (1, -1) for q in (1, -1) for r in (1, -1)]
    total = add(*(corner(y + x * p + b * 2 * q + a * 3 * r, 3) * (p * q * r) for p, q, r in signs))
    return equal(sided(x, b, a), total / (term(24) * x * b * a))


def corner(t: Term, power: int) -> Term:
    return t**power * absolute(t)


#: Each rule with what it accepts and what it must refuse.
RULES: dict[str, tuple[list[Rule], list[Rule]]] = {
    "theorem.equality": (
        [equal((x + y) ** 2, x**2 + TWO * x * y + y**2), equal(x / y + y / x, (x**2 + y**2) / (x * y))],
        [
            equal((x + y) ** 2, x**2 + y**2),
            equal(x, x + ZERO * (ONE / (y - y))),
            lambda: equality(Statement(x, "≥", x, POSITIVE), Normal(POSITIVE)),
            lambda: equality(Statement(absolute(x), "=", x, Context()), Normal(POSITIVE)),
            equal(Sym("_0"), Sym("_0")),
        ],
    ),
    "theorem.existence": (
        [with_constants(x * y + 3, x * y + Sym("c"), {Sym("c"): term(3)})],
        [with_constants(x * y + x, x * y + Sym("c"), {Sym("c"): x}), with_constants(x, y + Sym("c"), {Sym("c"): ONE})],
    ),
    "theorem.asymptotic": (
        [
            far(v**2 + v, "~", v**2),
            far(ln(v + 1), "≈", ln(v)),
            far(TWO * v, "∝", v),
            far(TWO * v, "≳", v),
            far(v, "≲", v),
            far(v, "≫", ln(v) ** 5),
            far(exp(neg(v)), "≪", ONE / v**9),
        ],
        [far(v, "=", v), far(v, "<", v), far(ZERO, "~", ZERO), far(v * (x - y), "~", v * (x - y)), far(z * v, "∝", v)],
    ),
    "equivalents.through": (
        [
            led((v**2 + v, "~", v**2), (v**2, "≫", v), (v + 1, "~", v)),
            led((v + 1, "~", v), (v, "~", v), (v + x, "~", v)),
            led((x * v + 1, "~", x * v), (x * v, "∝", v), (v + 1, "~", v)),
        ],
        [
            led((v**2 + v, "~", v**2), (v**3, "≫", v), (v + 1, "~", v)),  # not the leading term
            led((v**2 + v, "~", v**2), (v**2, "≫", ln(v)), (v + 1, "~", v)),
            led((v**2, "∝", v**2), (v**2, "≫", v), (v + 1, "~", v)),
            led((v**2 + v, "≳", v**2), (v**2, "≫", v), (v + 1, "~", v)),
            led((v + 1, "~", v), (v, "≳", v), (v + 1, "~", v)),  # v + 1 against v + 1 / v: bounds do not pass
            led((v**2 + v, "~", v**2), (v**2, "≪", v), (v + 1, "~", v)),  # refuted, no theorem
        ],
    ),
    "theorem.order": (
        [
            ordered(x + y, ">", x),
            ordered(x, "≥", x),
            ordered(z**2, "≥", ZERO),
            ordered(x, "<", x * y + x),
            ordered(exp(x), ">", ONE),
            ordered(v**2, ">", term(100) * v, v="v"),
            ordered(sum_to(K + 1, at("x", j) ** 2), "≥", sum_to(K, at("x", j) ** 2)),
        ],
        [
            ordered(x, ">", x),
            ordered(x, ">", y),
            ordered(z, "≥", ZERO),
            ordered(x, "=", x),
            ordered(v, ">", term(100)),
            ordered(x, "<", x + ONE / z**2),
        ],
    ),
    "theorem.disorder": (
        [reversed_far(v, ">", v**2), reversed_far(v, "<", term(5))],
        [
            reversed_far(v**2, ">", v),
            reversed_far(v, ">", v),
            reversed_far(v, ">", v**2, None),
            reversed_far(v, "~", v**2),
        ],
    ),
    "theorem.monotone": (
        [bounded(p / ln(p), "≳", v / ln(v), v), bounded(p**2, ">", v, v + 1)],
        [
            bounded((p - term(10) * v) ** 2 + v, "≳", v**2, v),  # dips at p = 10 v
            bounded(p * v, "≳", v**2, v),
            bounded(ONE / p, "≳", ONE / v, v),
            bounded(p, "≳", v, ONE),
            bounded(neg(p), "≳", neg(v), v),
            bounded(p, "≳", p, v),
            bounded(exp(p), "≳", v, v),
        ],
    ),
    "theorem.apart": (
        [balls("=", "1 +/- 0.1", "2 +/- 0.1"), balls(">", "1", "2"), balls("≤", "2", "1")],
        [
            balls("=", "1 +/- 1", "2 +/- 1"),
            balls(">", "2", "1"),
            balls("≥", "1", "1"),
            balls("~", "1", "2"),
            balls("=", "nan", "2"),
            balls("=", "1 +/- inf", "2"),
        ],
    ),
    "induction.induction": (
        [inducted(sum_to(K, j), K * (K + 1) / 2), inducted(sum_to(K, j**2), K * (K + 1) * (TWO * K + 1) / 6)],
        [
            inducted(sum_to(K, j), K * (K + 1) / 3),
            inducted(sum_to(K, j), K * K),
            inducted(x, x, "z"),
            inducted(sum_to(K, j), K * (K + 1) / 2, context=Context(least={"K": 1}, facts=((at("x", K), ONE),))),
            inducted(sum_to(K, j), K * (K + 1) / 2, context=MATRICES),
        ],
    ),
    "antiderivative.certified": (
        [
            integrated(exp(z), exp(z), ZERO, ONE, exp(ONE) - 1),
            integrated(z / (z**2 + 1), ln(z**2 + 1) / 2, ZERO, x, ln(x**2 + 1) / 2),
        ],
        [
            integrated(exp(z), exp(z) * 2, ZERO, ONE, exp(ONE) * 2 - 2),
            integrated(ONE / z, ln(z), neg(ONE), ONE, ln(ONE) - ln(neg(ONE))),
            integrated(exp(z), exp(z) + absolute(z), neg(ONE), TWO, exp(TWO) - exp(neg(ONE)) + 1),
            integrated(ONE / z**2, neg(ONE / z), neg(ONE), ONE, neg(TWO)),
            integrated(App("f", (z,)), App("f", (z,)), ZERO, ONE, App("f", (ONE,)) - App("f", (ZERO,))),
        ],
    ),
    "differential.differential": (
        [equal(Fn("d", (x**2 * ln(y),)), TWO * x * ln(y) * Fn("d", (x,)) + x**2 / y * Fn("d", (y,)))],
        [equal(Fn("d", (absolute(z),)), Fn("d", (z,)))],
    ),
    "differential.partial": (
        [
            equal(Fn("partial", (x**2 * y, x, y)), TWO * x * y),
            equal(Fn("partial", (ln(x + y), x, y)), ONE / (x + y)),
        ],
        [
            equal(Fn("partial", (ln(x + y), x, y)), ONE),
            equal(Fn("partial", (at("x", 1) * y + at("x", 2), y, at("x", 1))), at("x", 1)),
            equal(Fn("partial", (x * y, x)), y),
        ],
    ),
    "trace.trace": (
        [
            equal(tr(C_x * C_xy * C_yx), tr(C_xy * C_yx * C_x), MATRICES),
            equal(tr(TWO * C_x - C_x), tr(C_x), MATRICES),
            equal(tr(C_x * C_x ** number(-1) * C_xy * C_yx), tr(C_xy * C_yx), MATRICES),
        ],
        [
            equal(tr(C_x * C_xy * C_y * C_yx), tr(C_xy * C_x * C_y * C_yx), MATRICES),
            equal(tr(C_x * C_x ** number(-1)), tr(C_y * C_y ** number(-1)), MATRICES),
            equal(C_xy * C_yx, C_yx * C_xy, MATRICES),
            equal(tr(C_xy * C_xy ** number(-1) * C_x), tr(C_x), MATRICES),  # not square
        ],
    ),
    "growth.limit": (
        [far((v**2 + v) / (TWO * v**2 + 1), "~", HALF), far(v * ln(v) / ln(v**2 + 1), "~", v / 2)],
        [
            far((x - y) * v + 1, "~", (x - y) * v + 2),  # the leading coefficients vanish at x = y
            far(exp(v * z), "≫", v),
            far(v + exp(neg(v)) - v, "~", ONE / v - ONE / v),
        ],
    ),
    "growth.eventually": (
        [ordered(v - term(5) * ln(v), ">", ZERO, v="v"), ordered(exp(v), ">", v**9, v="v")],
        [ordered(z * v, ">", ZERO, v="v"), ordered(v - v, ">", ZERO, v="v")],
    ),
    "growth._logarithm": (
        [far(ln(v**2 * x + v), "~", TWO * ln(v)), far(ln(exp(v) + v), "~", v)],
        [
            far(ln(v * z), "~", ln(v)),
            far(ln(ln(ln(v) + 1) + 1), "~", ln(ln(ln(v)))),
            far(ln(ONE + ONE / v), "~", ONE / v),
        ],
    ),
    "growth._total": (
        [far(sum_to(K, at("x", j) * v / (v + at("x", j))), "~", sum_to(K, at("x", j)), FALLS)],
        [
            far(sum_to(K, at("x", j) / (at("x", j) + exp(neg(v) * at("x", j)))), "~", K, Context(least={"K": 1})),
            far(sum_to(K, at("w", j) * v / (at("w", j) * v + 1)), "~", K, FALLS),  # some w_j may be 0
            far(sum_to(K, v ** at("w", j)), "≫", ONE, FALLS),
            far(sum_to(v, ONE / (v + j)), "≪", ONE, FALLS),
        ],
    ),
    "growth._softplus_mean": (
        [
            far(SOFTPLUS, "~", v / sqrt(TWO * PI)),
            far(Int(line(x), softplus(v * x + y) * exp(neg(x**2) / 2)) / sqrt(TWO * PI), "~", v / sqrt(TWO * PI)),
        ],
        [
            far(Int(line(x), ln(TWO + exp(neg(v * x))) * exp(neg(x**2) / 2)), "~", v),
            far(SOFTPLUS, "=", v),
            far(Int(line(x), softplus(v * x + v) * exp(neg(x**2) / 2)) / sqrt(TWO * PI), "~", v / sqrt(TWO * PI)),
            far(Int(line(x), softplus(v * x + x**2) * exp(neg(x**2) / 2)) / sqrt(TWO * PI), "~", v / sqrt(TWO * PI)),
            far(Int(line(x), softplus(x / v + y) * exp(neg(x**2) / 2)) / sqrt(TWO * PI), "~", v / sqrt(TWO * PI)),
        ],
    ),
    "measure.product_measure": (
        [
            equal(Int((FAMILY,), WEIGHT * mu(1) * mu(K) ** 2), ZERO, TWO_AT_LEAST),
            equal(
                Int((FAMILY,), WEIGHT * sum_to(K, mu(j) * at("x", j)) ** 2),
                MASS * sum_to(K, at("x", j) ** 2),
                TWO_AT_LEAST,
            ),
            equal(
                Int(
                    (FAMILY,),
                    WEIGHT * mul(*(sum_to(K, mu(j) ** e * at(s, j)) for s, e in (("a", 1), ("b", 1), ("h", 2)))),
                ),
                MASS
                * (
                    sum_to(K, at("a", j) * at("b", j)) * sum_to(K, at("h", j))
                    + TWO * sum_to(K, at("a", j) * at("b", j) * at("h", j))
                ),
                TWO_AT_LEAST,
            ),
            equal(Int((Over(mu(1), neg(ONE), ONE),), mu(1) ** 4), number(2, 5)),
            equal(Int(line(mu(1)), bell(mu(1)) * exp(mu(2))), sqrt(PI) * exp(mu(2))),
            equal(Int(line(x), exp(neg(x**2) + x)), sqrt(PI) * exp(number(1, 4))),
        ],
        [
            equal(Int((FAMILY,), WEIGHT * mu(2) ** 2), MASS, Context(least={"K": 1})),  # μ_2 may be none of them
            equal(Int((FAMILY,), WEIGHT * mu(2) ** 2 * mu(K) ** 2), MASS, TWO_AT_LEAST),  # 2 may be K
            equal(Int(line(mu(K)), bell(mu(K)) * mu(2) ** 2), sqrt(PI) * mu(2) ** 2, TWO_AT_LEAST),
            equal(Int(line(mu(2)), bell(mu(2)) * sum_to(n, mu(j + 1))), sqrt(PI) * sum_to(n, mu(j + 1))),
            equal(Int(line(mu(1)), bell(mu(1)) * exp(mu(2))), sqrt(PI)),
            equal(Int((FAMILY, *line(mu(1))), WEIGHT * bell(mu(1))), MASS * sqrt(PI), TWO_AT_LEAST),
            equal(Int(line(x, x), bell(x)), PI),
            equal(Int((Over(x, INF, MINUS_INF),), bell(x)), sqrt(PI)),
            equal(
                Int((FAMILY,), exp(sum_to(K, neg(mu(k) ** 2) * at("s", j), "k"))),
                Prod("j", ONE, K, sqrt(PI / at("s", j))),
                FALLS,
            ),
            equal(Int((Over(x, ZERO, y), Over(y, ZERO, ONE)), ONE), y),
            equal(Int(line(x), exp(z * x**2)), sqrt(PI / neg(z))),
            equal(Int(line(x), absolute(x) * bell(x)), ZERO),  # the context calls x positive; the variable is not
            equal(Int((FAMILY,), WEIGHT * sum_to(K, mu(j) * sum_to(j, mu(k), "k"))), MASS, TWO_AT_LEAST),
            equal(Int((FAMILY,), WEIGHT * at("mu", 1, 2)), ZERO, TWO_AT_LEAST),
        ],
    ),
    "measure._shape": (
        [
            equal(Int((Over(x, a, a + b),), x), ((a + b) ** 2 - a**2) / 2),
            equal(Int(line(x), x**4 * exp(neg(x**2) / 2)), term(3) * sqrt(TWO * PI)),
        ],
        [equal(Int((Over(x, y, z),), x), (z**2 - y**2) / 2, Context()), equal(Int(line(x), x**2), ZERO)],
    ),
    "measure._linear_form": (
        [
            equal(
                Int(line(x, y), Fn("tanh", (x + y,)) ** 2 * bell(x, y)),
                sqrt(PI) * Int(line(z), Fn("tanh", (sqrt(TWO) * z,)) ** 2 * bell(z)),
            )
        ],
        [
            equal(Int(line(x, y), Fn("tanh", (x + y,)) * Fn("tanh", (x - y,)) * bell(x, y)), ZERO),
            equal(
                Int(line(x, y), Fn("tanh", (x + y,)) ** 2 * bell(x, y)),
                Int(line(z), Fn("tanh", (sqrt(TWO) * z,)) ** 2 * bell(z)),
            ),
        ],
    ),
    "absolute.folded": (
        [
            equal(
                Int(line(z), absolute(z + y) * exp(neg(z**2) / 2)) / sqrt(TWO * PI),
                sqrt(TWO / PI) * exp(neg(y**2) / 2) + y * erf(y / sqrt(TWO)),
            ),
            equal(
                Int((FAMILY,), WEIGHT * absolute(AFFINE)),
                MASS * sqrt(TWO / PI * sum_to(K, at("x", j) ** 2)),
                TWO_AT_LEAST_POSITIVE,
            ),
            equal(Int((FAMILY,), WEIGHT * sum_to(K, absolute(mu(j)))), MASS * sqrt(TWO / PI) * K, TWO_AT_LEAST),
            equal(
                Int((FAMILY,), WEIGHT * sum_to(K, absolute(mu(j) - at("x", j)))),
                MASS
                * sum_to(K, sqrt(TWO / PI) * exp(neg(at("x", j) ** 2) / 2) + at("x", j) * erf(at("x", j) / sqrt(TWO))),
                TWO_AT_LEAST,
            ),
        ],
        [
            equal(
                Int(line(z), absolute(z + y) * exp(neg(z**2) / 2)) / sqrt(TWO * PI),
                sqrt(TWO / PI) * exp(neg(y**2) / 2) + y * erf(y),
            ),
            equal(  # the spread may be 0 when some x_j may be
                Int((FAMILY,), WEIGHT * absolute(AFFINE + 1)),
                MASS
                * (
                    sqrt(TWO / PI * sum_to(K, at("x", j) ** 2)) * exp(neg(ONE) / (TWO * sum_to(K, at("x", j) ** 2)))
                    + erf(ONE / sqrt(TWO * sum_to(K, at("x", j) ** 2)))
                ),
                TWO_AT_LEAST,
            ),
            equal(Int(line(z), absolute(z) * absolute(z + 1) * bell(z)), Int(line(z), (z**2 + z) * bell(z))),
            equal(Int(line(z), absolute(z) * z**2 * bell(z)), ONE / 2),  # not 1
            equal(Int((FAMILY,), WEIGHT * absolute(sum_to(K, mu(j)))), MASS * sqrt(TWO / PI) * K, TWO_AT_LEAST),
        ],
    ),
    "absolute.weighed": (
        [
            equal(  # z |z + y|
                Int(line(z), z * absolute(z + y) * exp(neg(z**2) / 2)) / sqrt(TWO * PI),
                erf(y / sqrt(TWO)),
            ),
            equal(  # a mean of its own comes in
                Int(line(z), z * absolute(z + y) * exp(neg((z - 1) ** 2) / 2)) / sqrt(TWO * PI),
                sqrt(TWO / PI) * exp(neg((y + 1) ** 2) / 2) + (y + 2) * erf((y + 1) / sqrt(TWO)),
            ),
            equal(
                Int((FAMILY,), WEIGHT * sum_to(K, mu(j) * at("x", j)) * absolute(AFFINE + 1)),
                MASS * sum_to(K, at("x", j) ** 2) * erf(ONE / sqrt(TWO * sum_to(K, at("x", j) ** 2))),
                TWO_AT_LEAST_POSITIVE,
            ),
        ],
        [
            equal(Int(line(z), z * absolute(z + y) * exp(neg(z**2) / 2)) / sqrt(TWO * PI), erf(y)),
            equal(
                Int(line(z), z * absolute(z + y) * exp(neg((z - 1) ** 2) / 2)) / sqrt(TWO * PI),
                sqrt(TWO / PI) * exp(neg((y + 1) ** 2) / 2) + (y + 1) * erf((y + 1) / sqrt(TWO)),
            ),
            equal(Int(line(z), z * z * absolute(z) * bell(z)), ZERO),
        ],
    ),
    "absolute.corners": (
        [
            equal(Int((Over(z, neg(a), a),), absolute(z)), a**2),
            equal(sided(x), (corner(y + x, 1) - corner(y - x, 1)) / (TWO * x)),
            lambda: cube()(),
            equal(
                sided(x, b),
                (
                    corner(y + x + b * 2, 2)
                    - corner(y + x - b * 2, 2)
                    - corner(y - x + b * 2, 2)
                    + corner(y - x - b * 2, 2)
                )
                / (term(6) * x * b),
            ),
            equal(
                Int((Over(mu(j), ZERO, at("x", j), "j", ONE, K),), sum_to(K, absolute(mu(j)))),
                Prod("j", ONE, K, at("x", j)) * sum_to(K, at("x", j)) / 2,
                TWO_AT_LEAST_POSITIVE,
            ),
        ],
        [
            equal(sided(z), (corner(y + z, 1) - corner(y - z, 1)) / (TWO * z)),  # z may be 0
            equal(sided(x, neg(b)), sided(x, b) + ONE),
            equal(sided(x, b), (corner(y + x + b * 2, 2) - corner(y - x - b * 2, 2)) / (term(6) * x * b)),
            equal(Int((Over(x, ZERO, ONE), Over(y, ZERO, x)), absolute(y)), ONE / 6),  # no box
        ],
    ),
    "absolute.thick": (
        [
            ordered(Int((UNIT_BOX,), absolute(AFFINE)), ">", ZERO, TWO_AT_LEAST_POSITIVE),
            ordered(Int((UNIT_BOX,), absolute(AFFINE + z)), ">", ZERO, TWO_AT_LEAST_POSITIVE),
        ],
        [
            ordered(Int((UNIT_BOX,), absolute(AFFINE)), ">", ZERO, TWO_AT_LEAST),  # every x_j may be 0
            ordered(Int((UNIT_BOX,), absolute(AFFINE)), ">", ZERO, FALLS_EMPTY),  # K may be 0
            ordered(
                Int((Over(mu(j), ZERO, at("w", j), "j", ONE, K),), absolute(AFFINE)), ">", ZERO, TWO_AT_LEAST_POSITIVE
            ),
        ],
    ),
    "growth._signed": (
        [
            far(absolute(v + x) - absolute(y - v), "~", x + y),
            far(absolute(v * (x - y)) / (x - y), "~", v, Context(signs={"v": "positive"}, positive=(x - y,))),
        ],
        [
            far(absolute(v * z + x) - absolute(v * z - x), "~", TWO * x),  # x·sgn z, twice
            far(absolute(v * z + x), "~", v * z),
        ],
    ),
    "growth._held_back": (
        [
            far(sqrt(SPREAD) * exp(neg(ONE) / SPREAD) + x * v, "~", (absolute(z) + x) * v),
            far(sum_to(K, sqrt(HELD) * exp(neg(y) / HELD)) + v, "~", v * (sum_to(K, absolute(at("w", j))) + ONE)),
        ],
        [
            far(sqrt(SPREAD) * exp(ONE / SPREAD) + x * v, "~", (absolute(z) + x) * v),  # grows where z is 0 and x small
            far(SPREAD * exp(neg(ONE) / SPREAD) + x * v, "~", z**2 * v**2),
            far(sqrt(SPREAD) * exp(neg(v) / SPREAD) + x * v, "~", (absolute(z) + x) * v),
            far(sqrt(SPREAD) * exp(z / SPREAD) + x * v, "~", (absolute(z) + x) * v),
        ],
    ),
    "single.singled": (
        [
            alone(sum_to(K, at("s", j) ** 2 * at("x", j)), "~", at("s", 1) ** 2 * at("x", 1)),
            alone(
                sum_to(K, sum_to(n, at("s", j) * at("x", i, j), "i")), "~", at("s", 1) * sum_to(n, at("x", i, 1), "i")
            ),
            alone(sqrt(sum_to(K, at("s", j) ** 2)), "~", at("s", 1)),
            alone(ln(at("s", 1)) + at("s", K), "~", ln(at("s", 1))),
            alone(
                Int((Over(mu(j), neg(at("s", j)), at("s", j), "j", ONE, K),), absolute(AFFINE)),
                "~",
                at("s", 1) * at("x", 1) * Prod("j", ONE, K, at("s", j)) * TWO ** (K - 1),
            ),
        ],
        [
            alone(sum_to(K, at("s", j)), "~", sum_to(K, at("s", j)) + at("s", Q)),  # Q may be 1
            alone(Prod("j", ONE, K, at("w", j) + at("s", j)), "~", at("s", 1)),
            alone(sum_to(K - 1, at("s", j)), "~", at("s", 1), Context(signs={"s": "positive"}, least={"K": 1})),
            alone(sum_to(K, at("s", j) * v), "~", at("s", 1) * v),
            alone(Int((Over(mu(j), ZERO, at("s", j), "j", Q, K + 1),), App("f", (mu(2),))), "~", at("s", 1)),
            alone(
                sum_to(K, at("s", j)),
                "~",
                at("s", 1),
                Context(signs={"s": "positive"}, least={"K": 1}, facts=((at("s", K), ONE),)),
            ),
        ],
    ),
    "box.on_unit_cube": (
        [
            equal(Int((BOX,), softplus(AFFINE)), (v * 2) ** K * Int((CUBE,), softplus(AFFINE * v * 2)), BOXED),
            equal(Int((CUBE,), softplus(AFFINE)), Int((CUBE,), softplus(neg(AFFINE))), BOXED),
            equal(
                Int((Over(mu(j), ZERO, v, "j", ONE, K),), softplus(AFFINE + z)),
                v**K * Int((CUBE,), softplus(z + v * sum_to(K, at("x", j)) / 2 + v * AFFINE)),
                BOXED,
            ),
        ],
        [
            equal(Int((BOX,), softplus(AFFINE)), v**K * Int((CUBE,), softplus(AFFINE * v * 2)), BOXED),
            equal(Int((BOX,), softplus(AFFINE)), (v * 2) ** K * Int((CUBE,), softplus(AFFINE * v)), BOXED),
            equal(Int((CUBE,), softplus(AFFINE + z)), Int((CUBE,), softplus(AFFINE - z)), BOXED),
            equal(  # μ_{K+1} is no variable of the integral
                Int((BOX,), softplus(AFFINE + mu(K + 1))),
                (v * 2) ** K * Int((CUBE,), softplus((AFFINE + mu(K + 1)) * v * 2)),
                BOXED,
            ),
            equal(
                Int((Over(mu(j), ZERO, v, "j", ONE, K),), softplus(AFFINE)),
                v**K * Int((CUBE,), softplus(v * AFFINE)),
                BOXED,
            ),
        ],
    ),
    "box.softplus_over_box": (
        [
            far(Int((CUBE,), softplus(AFFINE * v)), "~", v / 2 * Int((CUBE,), absolute(AFFINE)), BOXED),
            far(Int((BOX,), softplus(AFFINE)), "~", (v * 2) ** (K + 1) / 2 * Int((CUBE,), absolute(AFFINE)), BOXED),
            far(Int((Over(z, neg(ONE), ONE),), softplus(z * v)), "~", v / 2),
        ],
        [
            lambda: accepted(far(Int((CUBE,), softplus(AFFINE * v)), "~", v * Int((CUBE,), absolute(AFFINE)), BOXED)),
            lambda: accepted(far(Int((CUBE,), softplus(AFFINE)), "~", Int((CUBE,), absolute(AFFINE)) / 2, BOXED)),
            far(Int((CUBE,), softplus(AFFINE * v + v)), "∝", v, BOXED),
            far(Int((Over(z, ZERO, ONE),), softplus(z * v)), "∝", v),
            far(Int((CUBE,), softplus(TILTED * v)), "∝", v, BOXED),  # every w may be 0
            far(Int((CUBE,), softplus(AFFINE**2 * v)), "∝", v, BOXED),
        ],
    ),
    "exponentials.tilted_mass": (
        [
            equal(Int((CUBE,), exp(neg(TILTED))), Prod("j", ONE, K, sinhc(absolute(at("w", j)))), NOT_ZERO),
            equal(Int((Over(z, ZERO, ONE),), exp(y * z)), (exp(y) - ONE) / y),
            equal(Int((Over(z, x, x + 1),), exp(neg(z))), exp(neg(x)) - exp(neg(x) - 1)),
        ],
        [
            equal(Int((CUBE,), exp(neg(TILTED))), Prod("j", ONE, K, sinhc(at("w", j) * 2)), NOT_ZERO),
            equal(Int((CUBE,), exp(neg(TILTED))), Prod("j", ONE, K, sinhc(absolute(at("w", j)))), BOXED),
            equal(Int((Over(z, ZERO, ONE),), exp(y * z)), (exp(y) - exp(neg(y))) / y),
            equal(Int((Over(z, ZERO, ONE),), z * exp(y * z)), (exp(y) - ONE) / y / 2),
            equal(Int((Over(z, ZERO, ONE),), exp(y * z + z**2)), (exp(y) - ONE) / y),
        ],
    ),
    "exponentials.apart": (
        [
            ordered(exp(x + y), ">", exp(x)),
            ordered(x * exp(z + y), ">", x * exp(z - y)),
            ordered(exp(K) / (TWO**K * K), ">", number(3, 10)),
        ],
        [
            ordered(exp(x), ">", exp(y)),
            ordered(exp(z + x), ">", exp(x)),
            ordered(z * exp(x + y), ">", z * exp(x)),
            ordered(exp(K) / (TWO**K * K), ">", number(84, 100)),
            ordered(exp(x) / x, ">", TWO),  # x is no whole number
        ],
    ),
    "exponentials.unlogged": (
        [
            far(Prod("j", ONE, K, exp(v * at("x", j)) + v), "~", exp(v * sum_to(K, at("x", j))), BOXED),
            far(exp(ln(v + ONE) * y), "~", v**y),
        ],
        [
            lambda: accepted(
                far(Prod("j", ONE, K, exp(v * at("x", j)) * 2 + v), "~", exp(v * sum_to(K, at("x", j))), BOXED)
            ),
            lambda: accepted(far(exp(ln(v + ONE) * v), "~", v**v)),
            far(Prod("j", ONE, K, exp(v * at("w", j)) + v), "~", exp(v * sum_to(K, at("w", j))), BOXED),
            far(exp(sum_to(v, ln(v + at("x", j)))), "~", v**v, BOXED),
        ],
    ),
    "termwise.termwise": (
        [
            far(ROOTS / v, "~", sum_to(K, exp(v * at("x", j))) / (v + ONE), BOXED),
            far(ROOTS * v, "≫", sum_to(K, exp(v * at("x", j))), BOXED),
        ],
        [
            lambda: accepted(far(ROOTS * 2, "~", sum_to(K, exp(v * at("x", j))), BOXED)),
            far(sum_to(K, at("x", j) * exp(v * at("x", j))), "∝", sum_to(K, exp(v * at("x", j))), BOXED),
            far(ROOTS, "~", sum_to(K + 1, exp(v * at("x", j))), BOXED),
            far(ROOTS, "~", sum_to(K, exp(v * at("x", j)) * z), BOXED),
            far(sum_to(v, root(v * at("x", j))), "~", sum_to(v, exp(v * at("x", j))), BOXED),
        ],
    ),
    "whole.positive_from": (
        [
            ordered(exp(K - 1) / TWO ** (K - 1) / K, ">", number(614, 1000)),
            ordered(exp(K - 1) / TWO ** (K - 1) / K, ">", number(614, 1000), Context(least={"K": 2})),
            ordered(exp(K), ">", K**2),
        ],
        [
            ordered(exp(K - 1) / TWO ** (K - 1) / K, ">", number(616, 1000)),
            ordered(exp(K - 1) / TWO ** (K - 1) / K, ">", number(614, 1000), Context(least={"K": 0})),
            ordered(exp(K - 1) / TWO ** (K - 1) / K, ">", number(614, 1000), Context(signs={"K": "positive"})),
            ordered(TWO**K, ">", K**2),  # equal at K = 2
            ordered(K**2, ">", exp(K) / 10),
        ],
    ),
    "scaling.box_mean": (
        [
            far(Int((BOX,), absolute(AFFINE + z)), "~", v ** (K + 1) * Int((UNIT_BOX,), absolute(AFFINE)), BOXED),
            far(Int((BOX,), absolute(AFFINE + ln(v))), "∝", v ** (K + 1), BOXED),
            far(Int((Over(z, neg(v), v), UNIT_BOX), absolute(x * z + AFFINE)), "~", v**2 * x * TWO**K, BOXED),
        ],
        [
            far(Int((BOX,), absolute(AFFINE + v)), "∝", v ** (K + 1), BOXED),
            far(  # μ_{K+1} is no variable of the integral
                Int((BOX,), absolute(AFFINE + mu(K + 1))),
                "~",
                v ** (K + 1) * Int((UNIT_BOX,), absolute(AFFINE + mu(K + 1))),
                BOXED,
            ),
            far(Int((Over(z, neg(v), v), UNIT_BOX), absolute(y * z + AFFINE)), "~", v**2 * y * TWO**K, BOXED),
            far(Int((Over(mu(j), neg(v), v + 1, "j", ONE, K),), absolute(AFFINE)), "∝", v ** (K + 1), BOXED),
            far(Int((Over(mu(j), neg(at("x", j)), at("x", j), "j", ONE, K),), absolute(AFFINE + v)), "∝", v, BOXED),
            far(
                Int((Over(x, neg(v), v), Over(y, neg(v**2), v**2)), absolute(x * z + y * Sym("w"))),
                "∝",
                v**5,
                BOXED,
            ),
            far(Int((BOX,), absolute(AFFINE + v * mu(1))), "∝", v**K, BOXED),
        ],
    ),
    "integral._one_way": (
        [
            equal(Int((UNIT_BOX,), absolute(AFFINE + z)), Int((UNIT_BOX,), absolute(AFFINE - z)), TWO_AT_LEAST),
            equal(
                Int((Over(x, neg(a), a), Over(y, neg(b), b)), absolute(z * x + y * Sym("w") - v)),
                Int((Over(x, neg(a), a), Over(y, neg(b), b)), absolute(z * x + y * Sym("w") + v)),
            ),
        ],
        [
            equal(Int((Over(x, ZERO, a),), absolute(z * x - v)), Int((Over(x, ZERO, a),), absolute(z * x + v))),
            equal(Int((UNIT_BOX,), absolute(AFFINE + z)), Int((UNIT_BOX,), absolute(AFFINE - z * 2)), TWO_AT_LEAST),
        ],
    ),
    "integral._opaque": (
        [
            equal(Int(line(x), x * App("f", (x,))), ZERO, EVEN),
            equal(Int(line(Sym("w")), mul(at("w", 1), App("f", (Sym("w"),)))), ZERO, EVEN),
        ],
        [
            equal(Int((Over(x, ZERO, INF),), x * App("f", (x,))), ZERO, EVEN),
            equal(Int((Over(x, MINUS_INF, term(3)),), x * App("f", (x,))), ZERO, EVEN),
            equal(Int(line(x), x * App("f", (x + 1,))), ZERO, EVEN),
            equal(Int(line(x), x * App("f", (x, y))), ZERO, EVEN),
            equal(Int(line(x), x), ZERO),  # does not exist
            equal(Int(line(mu(1)), mu(2) * App("f", (mu(1),))), ZERO, EVEN),  # μ₂ is held
            equal(Int((Over(mu(j), MINUS_INF, INF, "j", ONE, TWO),), mu(3) * App("f", (mu(1), mu(2)))), ZERO, EVEN),
            equal(Int((Over(x, ZERO, INF),), x * bell(x)), ZERO),
        ],
    ),
    "minimum.minimum": (
        [
            lowest((x - y) ** 2 + z, z, {x: y}),
            lowest(
                sum_to(n, (x - at("y", i)) ** 2, "i") * b,
                ZERO * x + b * (sum_to(n, at("y", i) ** 2, "i") - sum_to(n, at("y", i), "i") ** 2 / n),
                {x: sum_to(n, at("y", i), "i") / n},
            ),
        ],
        [
            lowest(neg((x - y) ** 2), ZERO, {x: y}),
            lowest((x - y) ** 2 + z**2, ZERO, {x: y, z: ZERO}),  # a point for what is no variable
            lowest((a * x - y) ** 2, ZERO, {x: y / a}),  # a may be 0
            lowest((x - y) ** 2, ONE, {x: y + 1}),
            lowest((x - y) ** 2, ZERO, {x: x}),
            lowest(x**2, ZERO, {x: ZERO}, Over(x, ONE, INF)),
            lowest(Sum("n", term(-3), ONE, n * (x - 1) ** 2), ZERO, {x: ONE}),
            lowest(
                neg(Sum("j", ONE, TWO, mu(j) ** 2)),
                ZERO,
                {mu(1): ZERO, mu(2): ZERO},
                Over(mu(j), MINUS_INF, INF, "j", ONE, TWO),
            ),
            lowest((x - exp(x)) ** 2, ZERO, {x: ZERO}),
            lowest((x - y) ** 2, ZERO, None),
        ],
    ),
    "minimum.least_squares": (
        [equal(tr(C_y) - tr(C_yx * C_x ** number(-1) * C_xy), fit(K), MATRICES)],
        [
            equal(fit(Q), RESIDUAL, MATRICES),  # the matrices are those of K columns
            equal(fit(K) * TWO, RESIDUAL, MATRICES),
            equal(Min(fit(K).over, fit(K).body * n), RESIDUAL, MATRICES),
        ],
    ),
    "normal.equal": (
        [equal(ONE / (x + 1) + ONE / x, (TWO * x + 1) / (x * (x + 1)))],
        [equal(INF - INF, ZERO), equal(Pow(TWO, number(2 * 10**10 + 1, 2)), ONE)],
    ),
    "normal.sign": (
        [
            ordered(x + y * z**2, ">", ZERO),
            ordered(x - y, ">", ZERO, Context(positive=(x - y,))),
            ordered((y - x) * neg(ONE), ">", ZERO, Context(positive=(x - y,))),
        ],
        [
            ordered(y - x, ">", ZERO, Context(positive=(x - y,))),
            ordered(z * (x - y), ">", ZERO, Context(positive=(x - y,))),
            ordered(y / x, "≥", ZERO, Context(signs={"x": "nonnegative"})),
        ],
    ),
    "normal.mono_sign": (
        [
            ordered(at("w", j) ** 2 * x, ">", ZERO, NONZERO),
            ordered(ONE / at("w", j) ** 2, ">", ZERO, NONZERO),
            ordered(z**2 * at("w", j) ** 2, "≥", ZERO, NONZERO),
        ],
        [
            ordered(z**2, ">", ZERO, NONZERO),
            ordered(at("w", j) ** 3, ">", ZERO, NONZERO),
            ordered(at("w", j), "≥", ZERO, NONZERO),
            ordered(z**2 * at("w", j) ** 2, ">", ZERO, NONZERO),
            ordered((at("w", j) - 1) ** 2, ">", ZERO, NONZERO),
        ],
    ),
    "poly.settle": (
        [
            equal(absolute(z) ** 2, z**2),
            equal(ONE / absolute(z) ** 2, ONE / z**2),
            equal(absolute(z + y) ** 3, (z + y) ** 2 * absolute(z + y)),
            equal(sqrt(absolute(z) ** 2), absolute(z)),
        ],
        [
            equal(absolute(z) ** 3, z**3),
            equal(absolute(z + y), z + y),
            equal(sqrt(absolute(z) ** 2), z),
            equal(sqrt(absolute(z)) ** 3, sqrt(z) ** 3),
        ],
    ),
    "normal.generator_sign": (
        [
            ordered(sum_to(K, at("x", j)), ">", ZERO),
            ordered(ln(TWO), ">", ZERO),
            ordered(Int(line(z), App("f", (z,))), "≥", ZERO, Context(signs={"f": "positive"})),
        ],
        [
            ordered(sum_to(Q, at("x", j)), ">", ZERO, Context(signs={"x": "positive"}, least={"Q": 0})),
            ordered(neg(sum_to(Q, ONE)), "≥", Q, Context()),
            ordered(ln(x), ">", ZERO),
            ordered(Int((Over(z, a, b),), App("f", (z,))), "≥", ZERO, Context(signs={"f": "positive"})),
        ],
    ),
    "normal._longer_minus_shorter": (
        [ordered(sum_to(K * 2, at("x", j)) - sum_to(K, at("x", j)), ">", ZERO)],
        [
            ordered(sum_to(K * 2, at("x", j)) ** 2 - sum_to(K, at("x", j)), "≥", ZERO),
            ordered(sum_to(K * 2, at("z", j)) - sum_to(K, at("z", j)), "≥", ZERO),
        ],
    ),
    "members.shifted": (
        [
            equal(Sum("j", ZERO, K - 1, at("x", j + 1) * at("z", j)), sum_to(K, at("x", j) * at("z", j - 1))),
            equal(sum_to(K, j * at("z", j - 1)), Sum("j", ZERO, K - 1, (j + 1) * at("z", j))),
            equal(Prod("j", ONE, K, at("x", j) / at("x", j - 1)), at("x", K) / at("x", 0)),
        ],
        [
            equal(sum_to(K - 1, at("x", j + 1) * at("z", j)), sum_to(K, at("x", j) * at("z", j - 1))),
            equal(sum_to(K, j * at("z", j - 1)), Sum("j", ZERO, K - 1, j * at("z", j))),
            equal(sum_to(K, at("z", j + x)), sum_to(K, at("z", j))),
        ],
    ),
    "members.with_members": (
        [
            ordered(y + sum_to(K, at("x", j)), ">", at("x", 1)),
            ordered(sum_to(K, at("x", j)), "≥", at("x", 1) + at("x", K), TWO_AT_LEAST_POSITIVE),
        ],
        [
            ordered(sum_to(K, at("x", j)), "≥", at("x", 1) + at("x", K)),
            ordered(sum_to(K, at("x", j)), ">", at("x", 1)),
            ordered(sum_to(K, at("x", j)), "≥", at("x", 1) * 2, TWO_AT_LEAST_POSITIVE),
            ordered(sum_to(K, at("z", j)) + y, ">", at("z", 1)),
            ordered(sum_to(K, at("x", j)), "≥", at("x", 0)),
            ordered(sum_to(Sym("m"), at("x", j)) + y, "≥", at("x", 1)),
            ordered(z * sum_to(K, at("x", j)) + y, "≥", z * at("x", 1)),
        ],
    ),
    "normal._power": (
        [equal(x**y, exp(y * ln(x))), equal(x**y * x**z, x ** (y + z))],
        [equal(z**y * z**y, z ** (TWO * y)), equal((z**2) ** (y / 2), z**y)],
    ),
    "normal._root": (
        [
            equal(sqrt(x**2 * y), x * sqrt(y)),
            equal(sqrt(z**2), absolute(z)),
            equal(sqrt(term(12)), TWO * sqrt(term(3))),
        ],
        [
            equal(sqrt(z**2), z),
            equal(sqrt((z - x) ** 2), z - x),
            equal(sqrt(Sym("r") * z), sqrt(Sym("r")) * sqrt(z) * 2),
        ],
    ),
    "normal.log": (
        [equal(ln(x * y), ln(x) + ln(y)), equal(ln(exp(z)), z), equal(ln(x**z), z * ln(x))],
        [equal(ln(z**2), TWO * ln(z)), equal(ln(z * Sym("w")), ln(z) + ln(Sym("w"))), equal(ln(ZERO), ln(ZERO))],
    ),
    "normal._sum": (
        [
            equal(sum_to(K + 1, at("x", j)) - at("x", K + 1), sum_to(K, at("x", j))),
            equal(sum_to(K, sum_to(n, at("x", i, j), "i")), sum_to(n, sum_to(K, at("x", i, j)), "i")),
            equal(sum_to(K, x * at("y", j)), x * sum_to(K, at("y", j))),
        ],
        [
            equal(sum_to(K, at("x", j)), sum_to(K + 1, at("x", j))),
            equal(sum_to(K, sum_to(j, at("x", k), "k")), sum_to(K, sum_to(K, at("x", k), "k"))),
            equal(sum_to(K, at("x", j) * at("y", j)), sum_to(K, at("x", j)) * sum_to(K, at("y", j))),
        ],
    ),
    "normal._product": (
        [
            equal(ln(Prod("j", ONE, K, at("x", j))), sum_to(K, ln(at("x", j)))),
            equal(Prod("j", ONE, TWO, at("z", j)), at("z", 1) * at("z", 2)),
        ],
        [
            equal(ln(Prod("j", ONE, K, at("z", j))), sum_to(K, ln(at("z", j)))),
            equal(Prod("j", HALF, number(3, 2), j), ZERO),
            equal(Prod("n", p, x, absolute(n)), Prod("n", p, x, n)),
        ],
    ),
}


def flat(which: int) -> list[Any]:
    return [pytest.param(f, id=f"{name}-{k}") for name, both in RULES.items() for k, f in enumerate(both[which])]


@pytest.mark.parametrize("rule", flat(0))
def test_a_rule_accepts(rule: Rule) -> None:
    made = rule()
    assert isinstance(made, (Theorem, Refutation))
    assert not (isinstance(made, Theorem) and made.needs)


@pytest.mark.parametrize("rule", flat(1))
def test_a_rule_refuses(rule: Rule) -> None:
    with pytest.raises(Refusal):
        rule()


def figures() -> set[str]:
    """Functions of the kernel whose docstring is an inference figure."""
    out = set()
    headings = {"Parameters", "Attributes", "Examples", "Raises", "Returns", "Notes"}
    for path in Path("derive/kernel").resolve().glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                lines = (ast.get_docstring(node) or "").splitlines()
                bars = [q for q, s in enumerate(lines) if s.strip().startswith("-----")]
                if any(lines[q - 1].strip() not in headings for q in bars):
                    out.add(f"{path.stem}.{node.name}")
    return out


#: Rules with a file of their own in which each accepts and refuses.
ELSEWHERE = {
    "bounded.plateau": "test_kernel_plateau", "floor.floor": "test_kernel_floor", "grid.refined": "test_kernel_grid",
    "theorem.refinement": "test_kernel_grid", "proportion.disproportion": "test_kernel_appendices",
    "proportion.proportional": "test_kernel_appendices", "rate.rate": "test_kernel_appendices",
    "series.diverges": "test_kernel_appendices", "series.series": "test_kernel_appendices",
    "translation.translated": "test_kernel_appendices",
}  # fmt: skip


def test_every_rule_is_listed_here() -> None:
    assert figures() == set(RULES) | set(LAYERS) | set(ELSEWHERE)
    for file in set(ELSEWHERE.values()):
        assert "pytest.raises(Refusal" in (Path("tests") / f"{file}.py").read_text(encoding="utf-8"), file
    assert all(accepts and refuses for accepts, refuses in RULES.values())


# -- the outcome of the asymptotic signs ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "sign", "right", "kind"),
    [
        (TWO * v, "~", v, "finite"),
        (v**2, "~", v, "infinite"),
        (ln(v), "∝", v, "zero"),
        (v / 2, "≳", v, "finite"),
        (v, "≫", v, "finite"),
        (v**2, "≲", v, "infinite"),
    ],
)
def test_a_limit_refutes(left: Term, sign: str, right: Term, kind: str) -> None:
    found = far(left, sign, right)()
    assert isinstance(found, Refutation) and found.limit is not None and found.limit.kind == kind


@pytest.mark.parametrize("rule", [far(v + 1, "~", v), far(sqrt(v**2 + v), "~", v), far(exp(ONE / v), "≈", ONE)])
def test_a_limit_proves(rule: Rule) -> None:
    assert isinstance(rule(), Theorem)


# -- where a formula is defined ---------------------------------------------------------------------------------------

R = Sym("r")
NEEDS: list[tuple[Term, Term, list[tuple[Term, str]]]] = [
    (ONE, R / R, [(R, "≠ 0")]),
    (ONE, R * Pow(R, neg(ONE)), [(R, "≠ 0")]),
    (ONE / R, ONE / R, []),
    (y / R, y / exp(ln(R)), [(R, "> 0")]),
    (ln(R), ln(R) * R / R, []),
    (ONE / (R + 1), z / (z * (R + 1)), [(z * (R + 1), "≠ 0")]),
    (ONE, R**0 + Pow(R, number(-1, 2)) - Pow(R, number(-1, 2)), [(R, "≥ 0"), (R, "≠ 0")]),
    (absolute(R), sqrt(R) * sqrt(R) + absolute(R) - sqrt(R) ** 2, [(R, "≥ 0")]),
    (ZERO, Fn("sqrt", (R,)) - sqrt(R), [(R, "≥ 0")]),
    (sum_to(R, ONE), R, [(R - 1 + 1, "range ≥ 0")]),
    (R, sum_to(R, ONE), [(R - 1 + 1, "range ≥ 0")]),
    (K, sum_to(K, ONE), []),
    (ZERO, ZERO * Sum("K", term(-3), Sym("m"), ln(K + 9)), [(Sym("m") - term(-3) + 1, "range ≥ 0"), (K + 9, "> 0")]),
    (ONE / R, ONE / R + ZERO * Prod("j", ONE, n, ONE / R), []),
]


@pytest.mark.parametrize(("left", "right", "wanted"), NEEDS)
def test_what_has_to_hold_is_told(left: Term, right: Term, wanted: list[tuple[Term, str]]) -> None:
    found = equal(left, right)()
    assert isinstance(found, Theorem)
    assert [(m.term.key, m.relation) for m in found.needs] == [(t.key, r) for t, r in wanted]


def test_a_need_inside_a_sum_that_may_be_empty_grants_nothing() -> None:
    context = Context(least={"n": 0})
    granted = Sum("j", ONE, n, ln(R))
    assert open_needs(ln(R), Normal(context), granted) == [Need(R, "> 0")]
    assert open_needs(ln(R), Normal(Context(least={"n": 1})), granted) == []


def test_ranges_inside_a_least_value_are_asked_for() -> None:
    body = (x - sum_to(K - 3, at("y", j))) ** 2
    assert [m.relation for m in open_needs(Min(line(x), body), Normal(Context(least={"K": 2})))] == ["range ≥ 0"]


def test_an_empty_range_is_never_taken_formally() -> None:
    """Σ_{j=1}^{K−3} 1 is no K − 3 at K = 2, so nothing may be ordered by it."""
    for rule in (
        ordered(sum_to(K - 3, ONE), "<", K - 2, TWO_AT_LEAST),
        far(v * sum_to(K - 3, at("x", j) ** 2) + v**2, "~", v**2, TWO_AT_LEAST),
    ):
        with pytest.raises(Refusal):
            rule()


# -- stated equalities -------------------------------------------------------------------------------------------------


def test_a_stated_equality_carries_its_wild_index_along() -> None:
    context = Context(facts=((at("x", i, K), at("y", i)),))
    assert isinstance(equal(at("x", j, K), at("y", j), context)(), Theorem)
    with pytest.raises(Refusal):
        equal(at("x", j, K), at("y", i), context)()
    with pytest.raises(Refusal):
        equal(at("x", j, K), ONE, Context(facts=((at("x", i, i), ONE),)))()


# -- trust -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("made", [Theorem, Refutation])
def test_nobody_else_makes_a_theorem(made: Any) -> None:
    with pytest.raises(TypeError):
        made(object(), Statement(ONE, "=", TWO, Context()), ())


def test_a_theorem_stays_what_it_is() -> None:
    found = equal(x, x)()
    with pytest.raises(TypeError):
        found.statement = Statement(ONE, "=", TWO, POSITIVE)
    assert found.statement.left == x


def nested(depth: int) -> Term:
    t: Term = x
    for _ in range(depth):
        t = ln(t + 1)
    return t


@pytest.mark.parametrize(
    "t",
    [
        nested(3000),
        Pow(Add((x, y, z, a, b)), term(64)),
        Pow(Pow(x, term(64)), Num(Fraction(10**10))),
        exp(mul(term(10**10), ln(TWO))),
        ln(ZERO),
        exp(neg(ln(ZERO))),
        Sum("j", HALF, K, j),
        Sum("j", ZERO, term(10**9), j),
        Prod("j", ZERO, term(10**9), j),
        Sum("j", ONE, K + 100, at("x", j)),
        Int((Over(ONE, ZERO, ONE),), x),
        Int((Over(x, INF, INF),), Mul((INF, x))),
        ONE / (x - x),
        C_x,
    ],
    ids=lambda t: type(t).__name__,
)
def test_what_is_hopeless_is_refused(t: Term) -> None:
    with pytest.raises(Refusal):
        equal(t, t + 1, MATRICES)()
