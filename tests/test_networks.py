"""Layers as they are printed: superscripts that are indices, sums over two letters, parameters of another layer."""

from __future__ import annotations

import pytest

from derive.library import load
from derive.numeric import quadrature
from derive.numeric.instance import Instance
from derive.reader.notation import Notation
from derive.reader.printer import latex
from derive.term import INF, MINUS_INF, ONE, PI, TWO, Elem, Int, Num, Over, Pow, Sum, Sym, Term, exp, neg, sqrt, term
from derive.unfold import read_latex
from derive.wellformed import problems

i, j, k, p, L = (Sym(s) for s in "ijkpL")


@pytest.fixture(scope="module")
def notation() -> Notation:
    return load("zhang2024").entries["5.9"].notation


def read(text: str, notation: Notation) -> Term:
    return read_latex(text, notation)


@pytest.mark.parametrize(
    ("printed", "read_as"),
    [
        (r"W_{kj}^L", Elem("W", (L, k, j))),
        (r"b_k^p", Elem("b", (p, k))),
        (r"a_{ij}^{p-1}", Elem("a", (p + neg(ONE), i, j))),
        (r"(a_{ij}^p)^2", Pow(Elem("a", (p, i, j)), TWO)),
        (r"a_{ij}", Elem("a", (L - 1, i, j))),
        (r"a_j^p", Elem("a", (p, i, j))),
        (r"\sigma_k^L", Elem("sigma", (L, k, term(0)))),
        (r"\sigma^2", Pow(Sym("sigma"), TWO)),
    ],
)
def test_a_superscript_is_the_layer(printed: str, read_as: Term, notation: Notation) -> None:
    assert read(printed, notation) == read_as


def test_what_is_shown_is_read_back(notation: Notation) -> None:
    t = Pow(Elem("W", (L, k, j)), TWO) + Elem("a", (p + neg(ONE), i, j))
    assert latex(t, notation) == r"\left(W_{kj}^{L}\right)^{2}+a_{ij}^{p-1}"
    assert read(latex(t, notation), notation) == t


def test_a_sum_over_two_letters_is_two_sums(notation: Notation) -> None:
    assert read(r"\sum_{i,k} y_{ik}", notation) == read(r"\sum_i \sum_k y_{ik}", notation)


def test_a_sum_of_what_is_always_the_same(notation: Notation) -> None:
    t = read(r"\sum_1^{n} \ln \sigma", notation)
    assert isinstance(t, Sum) and t.high == Sym("n") and t.index not in notation.ranges


@pytest.mark.parametrize(
    ("size", "layer", "wrong"),
    [("l_{p-1}", "p", set()), ("l_p", "p", {"sum-limit"}), ("l_{p-1}", "L", {"label"})],
)
def test_a_layer_holds_its_own_parameters_only(size: str, layer: str, wrong: set[str], notation: Notation) -> None:
    square = rf"\left(\sum_{{k=1}}^{{{size}}} W_{{jk}}^{layer} + b_j^{layer}\right)^2"
    text = rf"\int {square} f(\boldsymbol{{W}}^p, \boldsymbol{{b}}^p) d\boldsymbol{{W}}^p d\boldsymbol{{b}}^p"
    found = problems(read(text, notation), Num(ONE.value), notation, frozenset("j"))
    assert {x.fault.value for x in found} == wrong


def test_an_integral_over_a_matrix_by_quadrature() -> None:
    """∫ (Σ_kj W_kj)² over two independent standard normal weights is 2."""
    w = Elem("W", (k, j))
    over = Over(Over(w, MINUS_INF, INF, "j", ONE, ONE), MINUS_INF, INF, "k", ONE, TWO)
    total = Sum("k", ONE, TWO, Sum("j", ONE, ONE, w))
    weight = exp(neg(Sum("k", ONE, TWO, Sum("j", ONE, ONE, w**2))) / 2) / (sqrt(TWO * PI) ** 2)
    value, error = quadrature(Int((over,), total**2 * weight), Instance(), 12)
    assert abs(float(value) - 2) < 1e-9 + float(error)
