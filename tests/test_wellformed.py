r"""Well-formedness on its own: indices, limits, dimensions, each with a side it must pass and one it must not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from derive.dimensions import compare
from derive.judging import Judge
from derive.library import load
from derive.numeric import enclose
from derive.points import instance
from derive.unfold import read_latex, unfold
from derive.verdict import Status, Verdict
from derive.wellformed import problems

LIBRARY = load("zhang2024")
JUDGE = Judge(LIBRARY)
EQUATIONS = {e.number: e for e in LIBRARY.equations}


def judged(number: str, latex: str) -> list[Verdict]:
    return [x.verdict for x in JUDGE.equation(replace(EQUATIONS[number], latex=latex))]


def units(number: str, left: str, sign: str, right: str) -> str:
    """What is wrong with the dimensions of a relation in the notation of an equation."""
    notation = LIBRARY.entries[number].notation
    a, b = (unfold(read_latex(x, notation), notation) for x in (left, right))
    return compare(a, sign, b, notation).fault


@pytest.mark.parametrize(
    ("right", "fault"),
    [
        (r"\sum_{j=1}^K \sigma_j^2 \overline{X_j^2}", ""),
        (r"\frac{1}{n}\sum_{i=1}^n \sum_{j=1}^K \sigma_j^2 x_{ij}^2", ""),
        (r"\frac{1}{n}\sum_{i=1}^n (\overline{Y})^2", ""),  # the mean of a constant
        (r"\frac{1}{n}\sum_{i=1}^n (y_i - \overline{Y})^2", ""),  # the bar prints no index
        (r"\frac{1}{n}\sum_{i=1}^n \sigma_K^2", ""),  # sigma can't carry i
        (r"\sum_{j=1}^K \sigma_K^2 \overline{X_1^2}", "do not carry j"),
        (r"\sum_{i=1}^n \sum_{i=1}^n y_i^2", "bound twice"),
        (r"\sum_{j=1}^j \sigma_j^2", "own limits"),
        (r"\sum_{j=K}^1 \sigma_j^2", "before it starts"),
        (r"\prod_{j=K}^1 \sigma_j^2", "before it starts"),
        (r"\sum_{j=1}^{K-2} \sigma_j^2", ""),  # empty for K = 2
        (r"\sum_{j=0}^K \sigma_j^2", "outside the range"),
        (r"\sum_{j=1}^{K-1} \sigma_{j+1}^2", ""),
        (r"\sum_{j=1}^K \sigma_{j+1}^2", "beyond the last"),
        (r"\sum_{j=1}^K \sigma_{j-1}^2", "before the first"),
        (r"\sigma_{K+1}^2", "beyond the last"),
        (r"\sigma_k^2", "free on the right side only"),
        (r"\int_{-\mu_1}^{\mu_1} \mu_1^2 d\mu_1", "own variable in its limits"),
        (r"\int_{-l_1}^{l_1} \mu_1^2 d\mu_1", ""),
    ],
)  # fmt: skip
def test_indices_and_limits(right: str, fault: str) -> None:
    notation = LIBRARY.entries["3.10"].notation
    found = problems(read_latex(right, notation), read_latex("K", notation), notation, frozenset())
    if fault:
        assert any(fault in p.text for p in found)
    else:
        assert not found


@pytest.mark.parametrize(
    ("number", "left", "sign", "right", "fault"),
    [
        ("3.10", r"\langle E_0 \rangle", "=", r"\sum_j \sigma_j^2 \overline{X_j^2} + \overline{Y^2}", ""),
        ("3.10", r"\langle E_0 \rangle", "=", r"\sum_j \sigma_j \overline{X_j^2} + \overline{Y^2}",
         "in Y^2, is added to a sum in Y"),
        ("3.10", r"\langle E_0 \rangle", "=", r"\sum_j \sigma_j \overline{|Y|}", ""),
        ("3.10", r"\langle E_0 \rangle", "~", r"K \overline{X^2}", "the right side without a unit"),  # as (3.53) has it
        ("3.10", r"\langle E_0 \rangle", "∝", r"K \overline{X^2}", ""),  # the factor may carry the unit
        ("3.10", r"\langle E_0 \rangle", ">", r"\sigma_1 \overline{|X_1|}", "the right side in Y"),
        ("3.10", r"\langle E_0 \rangle", "≫", r"\sigma_1 \overline{|X_1|}", ""),
        ("3.10", r"\langle E_0 \rangle", "=", r"\overline{Y^2} e^{\sigma_1}", "under an exponential, is in Y"),
        ("3.10", r"\langle E_0 \rangle", "=", r"\overline{Y^2} e^{\sigma_1/\sigma_2}", ""),
        ("3.10", r"\langle E_0 \rangle", "=", r"\overline{Y^2} \ln \sigma_1", ""),  # ln sigma: up to a constant
        ("3.10", "T", "=", r"\frac{\overline{Y^2}}{\sum_j \ln \sigma_j}", ""),
        # (3.27) with its root over sigma, and without; lambda takes the unit it needs
        ("3.10", r"\langle E_0 \rangle", "=",
         r"\langle E_0 \rangle + \int \frac{|\mu_1|}{\sqrt{2\pi\sigma_1}} e^{-\frac{\mu_1^2}{2\sigma_1^2}} d\mu_1",
         "in Y^(3/2), is added to a sum in Y^2"),
        ("3.10", r"\langle E_0 \rangle", "=",
         r"\langle E_0 \rangle + \int \frac{|\mu_1|^2}{\sqrt{2\pi}\sigma_1} e^{-\frac{\mu_1^2}{2\sigma_1^2}} d\mu_1",
         ""),
        # a product over K factors, and one too few
        ("3.10", r"\langle E_0 \rangle", "=", r"\frac{\overline{Y^2}}{\sigma^K} \prod_{j=1}^K \sigma_j", ""),
        ("3.10", r"\langle E_0 \rangle", "=", r"\frac{\overline{Y^2}}{\sigma^K} \prod_{j=1}^{K-1} \sigma_j",
         "the right side in Y"),
        ("3.10", r"\langle E_0 \rangle", "=", r"\overline{Y^2} \sigma^{2K}", "the right side in"),
    ],
)  # fmt: skip
def test_dimensions(number: str, left: str, sign: str, right: str, fault: str) -> None:
    found = units(number, left, sign, right)
    assert (fault in found) if fault else not found


@pytest.mark.parametrize(
    ("number", "name", "power"),
    [
        ("3.10", r"\langle E_0 \rangle", 2),
        ("3.10", "E_f", 2),
        ("3.19", r"\langle E_0 \rangle", 2),
        ("3.21", r"\langle E_0 \rangle", 2),
        ("3.35", r"\langle E_0 \rangle", 1),  # MAE
    ],
)
def test_energies_scale_with_the_unit_of_the_target(number: str, name: str, power: int) -> None:
    """y → 3y, σ → 3σ, l → 3l makes a squared energy nine times what it was: numbers, not the inference."""
    entry = LIBRARY.entries[number]
    energy = JUDGE.decider.normal(entry.notation.context).ratio(
        unfold(read_latex(name, entry.notation), entry.notation)
    )
    point = instance(LIBRARY, entry, (energy.term,), 0)
    families = {
        n: {k: 3 * v if n in ("y", "sigma", "l") else v for k, v in members.items()}
        for n, members in point.families.items()
    }
    once, thrice = (enclose(energy.term, p, 30) for p in (point, replace(point, families=families)))
    assert (thrice / once).overlaps(once / once * 3**power) and once != 0
    right = {1: r"\overline{|Y|}", 2: r"\overline{Y^2}"}[power]
    assert not units(number, name, "~", right) and units(number, name, "~", rf"\sqrt{{{right}}}")


def test_a_wrong_unit_is_told_with_the_verdict() -> None:
    (v,) = judged("3.20", r"T \sim \frac{l \sum_{j=1}^{K} \overline{X_j^2}}{12K \ln l}")
    assert v.verdict is Status.REFUTED and "the left side is in Y^2, the right side in Y" in v.reason


def test_a_sum_inside_a_sum_gets_its_own_letter() -> None:
    (v,) = judged(
        "3.22",
        r"\langle E_0 \rangle = \overline{Y^2} + \sum_{j=1}^{K+Q} \sum_{j=1}^{K+Q} \sigma_j^2 \overline{X_j^2}",
    )
    assert v.verdict is Status.ILL_FORMED and "bound twice" in v.reason
