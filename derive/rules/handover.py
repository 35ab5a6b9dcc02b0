"""Terms handed over to SymPy and taken back: a proposal may go that way, a proof never does."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derive.term import ONE, ZERO, Add, Elem, Fn, Mul, Num, Pow, Sym, Term, add, exp, ln, mul


class Unknown(Exception):
    """A function that the two languages don't share."""


class Handover:
    """One exchange, with a symbol for every letter.

    Parameters
    ----------
    opaque : only sums, products and whole powers are handed over; all else is a symbol.

    Examples
    --------
    >>> a = Sym("a")
    >>> there = Handover()
    >>> there.back(there.to(a + exp(a))) == a + exp(a)
    True
    """

    def __init__(self, opaque: bool = False) -> None:
        self.opaque = opaque
        self.names: dict[Any, Term] = {}

    def symbol(self, t: Term) -> Any:
        import sympy

        if t == Sym("pi") and not self.opaque:
            return sympy.pi
        symbol = sympy.Symbol(f"v{t.key}", real=True)
        self.names[symbol] = t
        return symbol

    def to(self, t: Term) -> Any:
        """The term in SymPy; `Unknown` where it holds what SymPy is not given."""
        import sympy

        if isinstance(t, Num):
            return sympy.Rational(t.value.numerator, t.value.denominator)
        if isinstance(t, Add):
            return sympy.Add(*(self.to(x) for x in t.terms))
        if isinstance(t, Mul):
            return sympy.Mul(*(self.to(x) for x in t.factors))
        whole = isinstance(t, Pow) and isinstance(t.exponent, Num) and t.exponent.value.denominator == 1
        if isinstance(t, Pow) and (whole or not self.opaque):
            return sympy.Pow(self.to(t.base), self.to(t.exponent))
        if self.opaque or isinstance(t, (Sym, Elem)):
            return self.symbol(t)
        if isinstance(t, Fn) and t.name in ("exp", "ln"):
            return {"exp": sympy.exp, "ln": sympy.log}[t.name](self.to(t.args[0]))
        raise Unknown

    def back(self, e: Any) -> Term:
        """What SymPy answers as a term."""
        import sympy

        if e.is_Rational:
            return Num(Fraction(int(e.p), int(e.q)))
        if e in self.names:
            return self.names[e]
        if e is sympy.pi:
            return Sym("pi")
        if e.is_Add:
            return add(*(self.back(x) for x in e.args)) if e.args else ZERO
        if e.is_Mul:
            return mul(*(self.back(x) for x in e.args)) if e.args else ONE
        if isinstance(e, sympy.exp):
            return exp(self.back(e.args[0]))
        if e.is_Pow:
            return Pow(self.back(e.base), self.back(e.exp))
        if isinstance(e, sympy.log):
            return ln(self.back(e.args[0]))
        raise Unknown
