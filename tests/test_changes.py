r"""The parts that an erratum names: as small as can be, whole nodes of the formula, and enough to mend the print."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.reader.changes import applied, changes
from derive.reader.syntax import parse
from derive.reader.tokens import tokenize

CASES = [
    # a function dropped, a function put in
    (r"a + \ln[1+\ln(2\pi)]", r"a + [1+\ln(2\pi)]", [(r"\ln[1+\ln(2\pi)]", r"[1+\ln(2\pi)]")]),
    (r"\sigma \ln 2 + b", r"\sigma 2 + b", [(r"\ln 2", "2")]),
    # a sign, a term more or less
    ("a + b - c", "a - b - c", [("+ b", "- b")]),
    ("a - b", "a - b + c", [("b", "b + c")]),
    ("a + b + c", "a + c", [("a + b", "a")]),
    # scripts go with their letter, limits with their sum
    (r"\frac{1}{n}\sum_{i=0}^n \sigma_j x_i", r"\frac{1}{n}\sum_{i=1}^{n} \sigma_j^2 x_i",
     [(r"\sum_{i=0}^n", r"\sum_{i=1}^{n}"), (r"\sigma_j", r"\sigma_j^2")]),
    (r"\overline{Y}^2 + c", r"\overline{Y^2} + c", [(r"\overline{Y}^2", r"\overline{Y^2}")]),
    (r"e^{-\frac{\mu^2}{2}} x", r"e^{-\frac{\mu^2}{2\sigma^2}} x", [(r"\frac{\mu^2}{2}", r"\frac{\mu^2}{2\sigma^2}")]),
    # what stands twice is told apart by its neighbours; what changes everywhere is not
    (r"\frac{1}{n} + \frac{K}{n} + n c", r"\frac{1}{n} + \frac{K}{2 n} + n c", [(r"\frac{K}{n}", r"\frac{K}{2 n}")]),
    ("k a + k b", "K a + K b", [("k", "K"), ("k", "K")]),
    ("f(y) - y + 1", "f(x) - y + 1", [("f(y)", "f(x)")]),
    # spelling is no change
    (r"a_{i} \left[ b + c \right]", r"a_i [b + d]", [("c", "d")]),
    # nothing is left, or nothing can be told
    ("a b", r"c^2 d", []),
    ("a", r"\text{no such bound}", []),
    (r"a \unknown", "a b", []),
    (r"a + \left(", "a", []),
]  # fmt: skip


@pytest.mark.parametrize(("printed", "corrected", "expected"), CASES)
def test_the_smallest_parts(printed: str, corrected: str, expected: list[tuple[str, str]]) -> None:
    found = changes(printed, corrected)
    assert [(c.printed, c.read) for c in found] == expected
    for c in found:
        assert (printed[slice(*c.at)], corrected[slice(*c.now)]) == (c.printed, c.read)


# -- any formula ----------------------------------------------------------------------------------

ATOMS = st.sampled_from(["a", "b", "2", r"\sigma_j", "x_{ij}^2", r"\pi", r"\overline{X^2}", "K"])


def _grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        pair.map(lambda p: rf"\left({p[0]} + {p[1]}\right)"),
        pair.map(lambda p: rf"[{p[0]} - {p[1]}]^2"),
        pair.map(lambda p: rf"\frac{{{p[0]}}}{{{p[1]}}}"),
        pair.map(lambda p: f"{p[0]} {p[1]}"),
        inner.map(lambda x: rf"\sum_{{j=1}}^K {x}"),
        inner.map(lambda x: rf"\ln\left({x}\right)"),
        inner.map(lambda x: rf"e^{{-{x}}}"),
        inner.map(lambda x: rf"\sqrt{{{x}}}"),
    )


FORMULAS = st.recursive(ATOMS, _grow, max_leaves=12)


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_the_changes_make_the_one_into_the_other(data: st.DataObject) -> None:
    """One formula with a part of it written anew: the changes mend exactly that, and each can stand alone."""
    hole, rest = "QQQ", data.draw(FORMULAS)
    around = data.draw(st.sampled_from([f"{hole} + {rest}", rf"\frac{{{hole}}}{{{rest}}} b", rf"{rest} \ln({hole})"]))
    printed, corrected = (around.replace(hole, data.draw(FORMULAS)) for _ in range(2))
    found = changes(printed, corrected)
    spelled = [[(t.kind, t.text) for t in tokenize(x)] for x in (printed, corrected)]
    if spelled[0] == spelled[1]:
        assert not found
    elif found:
        assert applied(printed, found) == corrected
    for c in found:
        assert c.printed and c.read and c.printed != c.read
        for part in (c.printed, c.read):
            parse([t for t in tokenize(part)])


@settings(max_examples=150, deadline=None)
@given(FORMULAS, FORMULAS)
def test_two_formulas_at_random(printed: str, corrected: str) -> None:
    found = changes(printed, corrected)
    if found:
        assert applied(printed, found).replace(" ", "") == corrected.replace(" ", "")
