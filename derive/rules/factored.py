"""Quotients of sums in lowest terms and in factors.

SymPy proposes, with all but sums, products and whole powers held opaque; the kernel's normal form has to agree.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derive.kernel.normal import Normal
from derive.kernel.poly import Ratio, Refusal
from derive.term import ONE, ZERO, Add, Mul, Num, Pow, Term, add, mul, walk

LARGEST = 400  # nodes that are worth handing over


def lowest(r: Ratio, normal: Normal) -> Term:
    """A quotient as it is shown: in lowest terms where the kernel knows that to be the same."""
    found = factored(r.term)
    try:
        return found if normal.ratio(found).same(r) else r.term
    except Refusal:
        return r.term


def factored(t: Term) -> Term:
    """`t` with common factors taken out and cancelled; `t` itself where it is too large.

    Examples
    --------
    >>> from derive.term import Sym
    >>> a, b = Sym("a"), Sym("b")
    >>> factored((a * b + b) / (a**2 + a * 2 + ONE)) == b / (a + ONE)
    True
    """
    if sum(1 for _ in walk(t)) > LARGEST:
        return t
    import sympy

    names: dict[Any, Term] = {}
    top, bottom = sympy.fraction(sympy.factor(sympy.cancel(sympy.together(_to(t, names)))))
    return _from(top, names) if bottom == 1 else mul(_from(top, names), Pow(_from(bottom, names), Num(Fraction(-1))))


def _to(t: Term, names: dict[Any, Term]) -> Any:
    import sympy

    if isinstance(t, Num):
        return sympy.Rational(t.value.numerator, t.value.denominator)
    if isinstance(t, Add):
        return sympy.Add(*(_to(x, names) for x in t.terms))
    if isinstance(t, Mul):
        return sympy.Mul(*(_to(x, names) for x in t.factors))
    if isinstance(t, Pow) and isinstance(t.exponent, Num) and t.exponent.value.denominator == 1:
        return sympy.Pow(_to(t.base, names), int(t.exponent.value))
    symbol = sympy.Symbol(f"v{t.key}")
    names[symbol] = t
    return symbol


def _from(e: Any, names: dict[Any, Term]) -> Term:
    if e.is_Rational:
        return Num(Fraction(int(e.p), int(e.q)))
    if e in names:
        return names[e]
    if e.is_Add:
        return add(*(_from(x, names) for x in e.args)) if e.args else ZERO
    if e.is_Mul:
        return mul(*(_from(x, names) for x in e.args)) if e.args else ONE
    return Pow(_from(e.base, names), Num(Fraction(int(e.exp))))
