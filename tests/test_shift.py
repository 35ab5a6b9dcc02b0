"""Entropies of shifting data: rates by the engine against closed forms and against difference quotients of numbers."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from derive.kernel.context import Context
from derive.kernel.normal import Normal
from derive.kernel.poly import Refusal
from derive.library import load
from derive.numeric import Instance, quadrature
from derive.points import sampled
from derive.shift import Shift, worked_out
from derive.term import INF, MINUS_INF, ONE, ZERO, Fn, Int, Over, Sym, Term, ln, substitute, term
from derive.unfold import read_latex, unfold
from theorems.zhang2024.s2_shift import moving_window, spreading

ENTROPY = r"S(\lambda)"
PRINTED = (
    r"-\int \{1 + \log[P(\mathcal{X}, \mathcal{Y})]\} \left(\frac{dP}{d\mathcal{X}}\frac{d\mathcal{X}}{d\lambda}"
    r" + \frac{dP}{d\mathcal{Y}}\frac{d\mathcal{Y}}{d\lambda}\right) d\mathcal{X}d\mathcal{Y}"
)
LAMBDA = Sym("lambda")


def read_(notation, latex: str) -> Term:  # type: ignore[no-untyped-def]
    return unfold(read_latex(latex, notation), notation)


def rates(notation, still: frozenset[str] = frozenset()) -> tuple[Term, Term]:  # type: ignore[no-untyped-def]
    """dS/dλ and what (2.11) prints for it, with the quantities named held still."""
    normal = Normal(notation.context)
    shift = notation.shift
    frozen = {name: ZERO if name in still else r for name, r in shift.changed.items()}
    held = {Sym(f"{name}'"): ZERO for name in still}
    true = worked_out(Fn("deriv", (read_(notation, ENTROPY), LAMBDA)), replace(shift, changed=frozen), normal)
    printed = worked_out(read_(notation, PRINTED), shift, normal)
    return normal.ratio(substitute(true, held)).term, normal.ratio(substitute(printed, held)).term


def test_normal_data_that_only_move_keep_their_entropy():
    assert rates(spreading(), still=frozenset("st")) == (ZERO, ZERO)


def test_normal_data_that_spread():
    """S = ln(s t) + ln(2π) + 1, so dS/dλ = s'/s + t'/t; the print has that times −S."""
    notation = spreading()
    normal = Normal(notation.context)
    true, printed = rates(notation)
    s, t = Sym("s"), Sym("t")
    spread = Sym("s'") / s + Sym("t'") / t
    entropy = ln(s * t) + ln(term(2) * Sym("pi")) + ONE
    assert normal.equal(read_(notation, ENTROPY), entropy)
    assert normal.equal(true, spread)
    assert normal.equal(printed, ZERO - spread * entropy)


@pytest.mark.parametrize("stretched", [False, True])
def test_a_window_against_difference_quotients(stretched: bool):
    """The window of x + λx', a + λa', … at λ = ±h: (S(h) − S(−h))/2h against dS/dλ, P a normal density."""
    library, notation = load("zhang2024"), moving_window(stretched)
    normal, shift = Normal(notation.context), notation.shift
    point = Instance(
        scalars={
            "x": Fraction(1, 3), "y": Fraction(-1, 2), "a": Fraction(3, 2), "b": Fraction(1, 2),
            "x'": Fraction(1), "y'": Fraction(-2), "a'": Fraction(2, 3), "b'": Fraction(5, 4),
        }
    )  # fmt: skip

    def number(t: Term, at: Instance) -> float:
        return float(quadrature(sampled(t, library, notation, 0), at, 15)[0])

    entropy = worked_out(read_(notation, ENTROPY), shift, normal)
    true, printed = rates(notation)
    h = Fraction(1, 1000)
    values = []
    for step in (h, -h):
        moved = {}
        for name in ("x", "y", "a", "b"):
            slope = shift.changed[name]
            moved[name] = point.scalars[name] + step * Fraction(number(slope, point)).limit_denominator(10**6)
        values.append(number(entropy, replace(point, scalars={**point.scalars, **moved})))
    quotient = (values[0] - values[1]) / float(2 * h)
    assert number(true, point) == pytest.approx(quotient, rel=1e-4)
    assert (number(printed, point) == pytest.approx(quotient, rel=1e-4)) is not stretched


def test_a_window_is_stretched_evenly_or_refused():
    uneven = Shift(parameter="lambda", windows={"x": ("u", Sym("u") * Sym("u"))})
    with pytest.raises(Refusal, match="evenly"):
        worked_out(Int((Over(Sym("x"), MINUS_INF, INF),), Sym("x")), uneven, Normal(Context()))
