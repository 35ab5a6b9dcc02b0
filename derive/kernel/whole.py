"""Whole numbers: what a linear expression in sizes is at least; members of families defined step by step."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from derive.kernel.context import Context
from derive.kernel.poly import UNIT, Poly, Ratio
from derive.term import App, Elem, Sym

if TYPE_CHECKING:
    from derive.kernel.normal import Normal


def least(p: Poly, context: Context) -> Fraction | float:
    """A lower bound of a linear expression in whole numbers (−∞ when none is known).

    N ≥ a    each l_p ≥ b    c, d ≥ 0
    ---------------------------------
    c N + d l_p + e ≥ c a + d b + e
    """
    total: Fraction | float = Fraction(0)
    for m, c in p.terms.items():
        if m == UNIT:
            total += c
            continue
        if m.power.terms or len(m.factors) != 1 or c < 0 or m.factors[0][1] != 1:
            return float("-inf")
        t = m.factors[0][0]
        if isinstance(t, (Sym, Elem)) and t.name in context.least:
            total += c * context.least[t.name]
        elif not (isinstance(t, App) and t.name == "size"):  # the number of elements of a set: at least 0
            return float("-inf")
    return total


def recursive(t: Elem, normal: Normal) -> Ratio | None:
    """A member of a recursion by its closed form; None where the family is no recursion."""
    if not normal.context.recursions:
        return None
    from derive.kernel.induction import unfolded  # which builds on the normal form

    return unfolded(t, normal)
