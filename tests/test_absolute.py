r"""Means of absolute values: closed forms against quadrature, and the lines of Section 3.5 spoiled after mending."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from functools import cache

import flint
import pytest

from derive.judging import Judge
from derive.kernel.context import Context
from derive.kernel.normal import Normal
from derive.library import load
from derive.numeric import Instance, enclose, evaluate, quadrature
from derive.numeric.logarithmic import log_value
from derive.term import INF, MINUS_INF, Fn, Int, Num, Over, Sym, Term, add, exp, mul, neg, term, walk
from tests.mutations import MENDS

NORMAL = Normal(Context())


def rational(rng: random.Random) -> Num:
    return Num(Fraction(rng.choice((-1, 1)) * rng.randint(1, 12), rng.randint(1, 5)))


def box(seed: int, dimension: int) -> Int:
    """∫ |c + Σ a_k z_k| over a random box."""
    rng = random.Random(seed)
    variables = [Sym(f"z{k}") for k in range(dimension)]
    lows = [rational(rng) for _ in variables]
    over = tuple(Over(z, low, low + abs(rational(rng).value)) for z, low in zip(variables, lows, strict=True))
    return Int(over, Fn("abs", (add(rational(rng), *(rational(rng) * z for z in variables)),)))


def bells(seed: int, dimension: int) -> Int:
    """∫ |c + Σ a_k z_k| under random normal weights."""
    rng = random.Random(seed)
    variables = [Sym(f"z{k}") for k in range(dimension)]
    form = Fn("abs", (add(rational(rng), *(rational(rng) * z for z in variables)),))
    weights = (exp(neg((z - rational(rng)) ** 2 / abs(rational(rng).value))) for z in variables)
    return Int(tuple(Over(z, MINUS_INF, INF) for z in variables), mul(form, *weights))


CASES = [box(s, d) for d in (1, 2, 3) for s in range(3)] + [bells(s, 1) for s in range(4)]


@pytest.mark.parametrize("integral", CASES)
def test_closed_forms_agree_with_quadrature(integral: Int) -> None:
    closed = NORMAL.ratio(integral).term
    assert not any(isinstance(x, Int) for x in walk(closed))
    value, error = quadrature(integral, Instance(), 15)
    ball = enclose(closed, Instance(), 30)
    assert abs(float(value) - float(ball.mid())) <= 100 * float(error) + 1e-13 * abs(float(value))


def erf(t: Term) -> Fn:
    return Fn("erf", (t,))


def test_the_error_function_has_numbers() -> None:
    half = enclose(erf(term(Fraction(1, 2))), Instance())
    assert half.overlaps(flint.arb("0.520499877813046537682746653892 +/- 1e-29")) and half.rad() < 1e-28
    assert abs(float(evaluate(erf(Sym("s")), Instance(scalars={"s": Fraction(-2)}))) + 0.9953222650189527) < 1e-15
    sign, log = log_value(erf(Num(Fraction(-1)) / Sym("s")), Instance(scalars={"s": Fraction(10) ** 1000}))
    assert sign == -1 and abs(float(log) + 2302.5850929940457 - 0.12078223763524522) < 1e-9
    s = Sym("s")
    assert NORMAL.equal(erf(neg(s)), neg(erf(s))) and not NORMAL.equal(erf(s), s)
    slope = Num(Fraction(4)) * s * exp(neg(s**4)) * Num(Fraction(1)) / Fn("sqrt", (Sym("pi"),))
    assert NORMAL.equal(Fn("d", (erf(s**2),)), slope * Fn("d", (s,)))


@cache
def judge() -> tuple[Judge, dict[str, int]]:
    library = load("zhang2024")
    return Judge(library), {e.number: k for k, e in enumerate(library.equations)}


def verdicts(number: str, latex: str) -> list[str]:
    j, places = judge()
    k = places[number]
    equations = j.library.equations
    return [str(x.verdict.verdict) for x in j.equation(replace(equations[k], latex=latex), equations[k - 1])]


SPOILED = (
    ("3.27", r"|\mu_j|}", r"|\mu_j^2|}"),
    ("3.28", r"|\mu_j^2|", r"|\mu_j|"),
    ("3.35", r"\sum_{j=1}^{K-1}", r"\sum_{j=1}^{K}"),
    ("3.35", r"\frac{1}{n}", r"\frac{1}{K}"),
    ("3.37", r"\frac{2}{\pi}", r"\frac{1}{\pi}"),
    ("3.37", r"x_{ij}^2", r"x_{ij}"),
    ("3.38", r"\frac{K}{2} [", r"K [1 + \ln\sigma_K + "),
    ("3.41", "6n", "12n"),
    ("3.41", r"+\sum", r"-\sum"),
    ("3.41", r"= \sum \frac{1}{x_i} \left(\frac{l_1}{2}x_i + ", r"= \sum \frac{1}{x_i} \left(\frac{l_1}{2}x_i - "),
    ("3.41", r"= \sum \frac{1}{x_i}", r"= \sum "),
    ("3.42", r"\mu_K", r"2\mu_K"),
    ("3.43", r"\frac{1}{2}}^", r"\frac{1}{3}}^"),
    ("3.43", r"^K \mu_j", r"^{K-1} \mu_j"),
    ("3.44", r"4l", r"3l"),
    ("3.45", r"nK", r"n"),
)


@pytest.mark.parametrize(("number", "old", "new"), SPOILED)
def test_a_mended_line_that_is_spoiled_again_is_not_accepted(number: str, old: str, new: str) -> None:
    (change,) = (c for c in MENDS if c.equation == number)
    j, places = judge()
    latex = change.applied(j.library.equations[places[number]].latex)
    assert latex.count(old) >= 1
    assert verdicts(number, latex.replace(old, new, 1))[0] in ("refuted", "ill-formed")
