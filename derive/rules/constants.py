"""Constants that a formula leaves unnamed, from the quotient it should equal."""

from __future__ import annotations

from fractions import Fraction

from derive.kernel.normal import Normal
from derive.term import Add, Mul, Num, Pow, Sym, Term, free, mul, substitute


def propose_constants(left: Term, right: Term, constants: list[Sym], normal: Normal) -> dict[Term, Term] | None:
    """Values for unnamed constants in (A + c₁)/(B + c₂), from the numerator and denominator of the left side.

    A proposal only: the kernel checks the equality and that nothing varies.
    """
    zero: dict[Term, Term] = {c: Num(Fraction(0)) for c in constants}
    top, bottom = split_quotient(left)
    a, b = split_quotient(right)
    found: dict[Term, Term] = {}
    for c in constants:
        for whole, part in ((top, a), (bottom, b)):
            if c.name in free(part) and isinstance(part, Add):
                found[c] = normal.ratio(whole - substitute(part, zero)).term
    return found if len(found) == len(constants) else None


def split_quotient(t: Term) -> tuple[Term, Term]:
    """Numerator and denominator of a printed quotient."""
    if isinstance(t, Mul):
        inverse = [f for f in t.factors if isinstance(f, Pow) and f.exponent == Num(Fraction(-1))]
        rest = [f for f in t.factors if f not in inverse]
        if inverse:
            return mul(*rest), mul(*(f.base for f in inverse))
    return t, Num(Fraction(1))
