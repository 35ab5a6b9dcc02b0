"""Whole numbers: what a linear expression in sizes is at least, and shifts of an index of summation."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from derive.kernel.context import Context
from derive.kernel.poly import CONST_ZERO, UNIT, Mono, Poly, mono_term, number
from derive.term import App, Elem, Sym, Term, bound_in, free, substitute, walk

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


def shifted(body: Mono, index: str, normal: Normal) -> tuple[Mono, Poly]:
    """The body of a sum with its index moved, so that none of its families is ahead of it: l_{k+1} l_k → l_k l_{k−1}.

    Returns g and c with body(k) = g(k + c). Where the index stands outside the indices of families, nothing moves.
    """
    k, t = Sym(index), mono_term(body)
    offsets: list[Fraction] = []
    hidden: dict[Term, Term] = {}
    for x in walk(t):
        if index in bound_in(x):
            return body, CONST_ZERO
        if isinstance(x, Elem) and index in free(x):
            for part in x.index:
                if index not in free(part):
                    continue
                off = (normal.poly(part) - normal.poly(k)).number
                if off is None or off.denominator != 1:
                    return body, CONST_ZERO
                offsets.append(off)
            hidden[x] = Sym("#")
    if not offsets or not max(offsets) or index in free(substitute(t, hidden)):
        return body, CONST_ZERO
    by = max(offsets)
    moved = normal.poly(substitute(t, {k: k - int(by)})).single
    if moved is None or moved[1] != 1:
        return body, CONST_ZERO
    return moved[0], number(by)
