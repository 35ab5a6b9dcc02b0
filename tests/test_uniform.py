r"""Means over a box: enclosures at the corners against quadrature; the lines of Section 4.2 spoiled after mending."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from derive.judging import Judge
from derive.library import load
from derive.numeric import Instance, enclose, quadrature
from derive.numeric.logarithmic import log_value
from derive.term import HALF, ONE, Elem, Fn, Int, Over, Sum, Sym, Term, exp, ln, neg

LIBRARY = load("zhang2024")
JUDGE = Judge(LIBRARY)
EQUATIONS = {e.number: e for e in LIBRARY.equations}

V, X = Elem("mu", (Sym("j"),)), Elem("x", (Sym("j"),))
CUBE = (Over(V, neg(HALF), HALF, "j", ONE, Sym("K")),)
FORM = Sum("j", ONE, Sym("K"), V * X)


def softplus(t: Term) -> Term:
    return ln(ONE + exp(t))


@pytest.mark.parametrize("function", [softplus, lambda t: Fn("abs", (t,))])
@pytest.mark.parametrize("slopes", [(3,), (Fraction(-1, 10),), (3, -2), (Fraction(1, 10), 40), (1, 0)])
@pytest.mark.parametrize("shift", [0, Fraction(3, 2), -7])
def test_corners_agree_with_quadrature(function, slopes, shift) -> None:  # type: ignore[no-untyped-def]
    families = {"x": {(k,): Fraction(a) for k, a in enumerate(slopes, 1)}}
    point = Instance(sizes={"K": len(slopes)}, scalars={"b": Fraction(shift)}, families=families)
    mean = Int(CUBE, function(FORM + Sym("b")))
    ball, (value, error) = enclose(mean, point, 30), quadrature(mean, point, 15)
    assert ball.rel_accuracy_bits() > 80
    assert abs(float(value) - float(ball.mid())) <= 100 * float(error) + 1e-13 * abs(float(value))


@pytest.mark.parametrize("power", [1, 100, 10**6])
def test_far_out_the_softplus_is_half_the_absolute_value(power: int) -> None:
    families = {"x": {(1,): Fraction(3), (2,): Fraction(-2), (3,): Fraction(1)}}
    point = Instance(sizes={"K": 3}, scalars={"l": Fraction(10) ** power}, families=families)
    quotient = Int(CUBE, softplus(Sym("l") * FORM)) / (Sym("l") * Int(CUBE, Fn("abs", (FORM,))))
    sign, log = log_value(quotient, point)
    assert sign == 1
    assert abs(log + log.context.ln(2)) < (1 if power == 1 else 10**-20)


#: (4.11) with the logarithm that its bracket needs, and (4.12) with its product signs.
LOGARITHM = (r"\left[1 + \exp\left(-\sum", r"\ln\left[1 + \exp\left(-\sum")
PRODUCT = (
    r"\right) d\mu_j \int_{-1/2}^{1/2} \exp\left(-\mu_K l_K\right) d\mu_K", r" - \mu_K l_K\right) \prod_{j=1}^K d\mu_j",
)  # fmt: skip


@pytest.mark.parametrize(
    ("number", "pairs", "expected"),
    [
        ("4.11", (LOGARITHM,), "proved"),
        ("4.11", (LOGARITHM, (r"\mu_K l_K", r"\mu_K")), "refuted"),
        ("4.11", (LOGARITHM, (r"l_j x_{ij}", r"l_j^2 x_{ij}")), "refuted"),
        ("4.11", (LOGARITHM, (r"\sum_{j=1}^{K-1}", r"\sum_{j=1}^{K}")), "refuted"),
        ("4.11", (LOGARITHM, (r"\frac{1}{n}", "1")), "refuted"),
        ("4.11", (LOGARITHM, (r"(-\sum", r"(\sum")), "supported"),  # each parameter is as likely as its negative
        ("4.12", (PRODUCT,), "refuted proved proved"),
        ("4.12", (PRODUCT, (r"\mu_K l_K\right)", r"\mu_K\right)")), "refuted refuted proved"),
        ("4.12", (PRODUCT, (r"- e^{-l_j", r"+ e^{-l_j")), "refuted proved proved"),  # equal in the limit
        ("4.14", (("0.614", "0.6157"),), "proved refuted proved proved"),
        ("4.14", (("0.614", "0.6158"),), "proved refuted refuted proved"),
        ("4.14", ((r"{K \ln l} \gtrsim", r"{K \ln l} \lesssim"),), "proved proved proved proved"),
    ],
)
def test_spoiled_after_mending(number: str, pairs: tuple[tuple[str, str], ...], expected: str) -> None:
    printed = EQUATIONS[number].latex
    for old, new in pairs:
        assert printed.count(old) == 1
        printed = printed.replace(old, new)
    found = JUDGE.equation(replace(EQUATIONS[number], latex=printed))
    assert " ".join(x.verdict.verdict.value for x in found) == expected
