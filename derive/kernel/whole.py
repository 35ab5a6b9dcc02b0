"""Whole numbers: what a linear expression in sizes is at least; members of families defined step by step."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from derive.kernel.constant import constant_sign
from derive.kernel.context import Context
from derive.kernel.poly import CONST_ZERO, UNIT, Mono, Poly, Ratio, to_term
from derive.term import ONE, App, Elem, Sym, Term, free, ln, substitute, term

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


STEPS = 200  # whole numbers at which a sum of k, ln k and a constant is looked at, at most


def positive_from(p: Poly, normal: Normal) -> bool:
    """Whether a combination of a whole number and its logarithm is positive from its least value on.

    f(k) = a k − b ln k + c     a > 0     a m > b     f(k₀), …, f(m) > 0          (k₀ ≥ 1, m ≥ k₀)
    ----------------------------------------------------------------------------------------------
    f(k) > 0 for every whole k ≥ k₀          (f(k+1) − f(k) = a − b ln(1 + 1/k) > 0 for k ≥ m)
    """
    names = [n for n in free(to_term(p)) if n != "pi"]
    if len(names) != 1 or normal.context.least.get(names[0], 0) < 1:
        return False
    k, first = Sym(names[0]), normal.context.least[names[0]]
    parts: dict[Term, Poly] = {k: CONST_ZERO, ln(k): CONST_ZERO, ONE: CONST_ZERO}
    for m, c in p.terms.items():
        own = [(a, e) for a, e in m.factors if k.name in free(a)]
        if k.name in free(to_term(m.power)) or len(own) > 1 or (own and (own[0][1] != 1 or own[0][0] not in parts)):
            return False
        rest = Poly({Mono([f for f in m.factors if f not in own], m.power): c})
        key = own[0][0] if own else ONE
        parts[key] = parts[key] + rest
    slope = to_term(parts[k])
    if constant_sign(slope) <= 0:
        return False
    for at in range(first, first + STEPS):
        if constant_sign(to_term(normal.poly(substitute(to_term(p), {k: term(at)})))) <= 0:
            return False
        if constant_sign(slope * at + to_term(parts[ln(k)])) > 0:
            normal.steps["a k − b ln k + c, positive while it may fall, grows from there on"] = None
            return True
    return False


def recursive(t: Elem, normal: Normal) -> Ratio | None:
    """A member of a recursion by its closed form; None where the family is no recursion."""
    if not normal.context.recursions:
        return None
    from derive.kernel.induction import unfolded  # which builds on the normal form

    return unfolded(t, normal)
