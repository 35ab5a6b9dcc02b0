"""Antiderivatives by SymPy. Only a proposal: the kernel differentiates what comes back."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derive.term import (
    ZERO,
    Add,
    App,
    Elem,
    Fn,
    Int,
    Min,
    Mul,
    Num,
    Pow,
    Prod,
    Sum,
    Sym,
    Term,
    add,
    exp,
    free,
    ln,
    mul,
    walk,
)

TABLED = ("exp", "ln")
LARGEST = 400  # nodes of an integrand that is worth handing over


def antiderivative(body: Term, var: Term) -> Term | None:
    """An antiderivative of `body` in `var`, None where none is found.

    Examples
    --------
    >>> from derive.term import ONE
    >>> t = Sym("t")
    >>> antiderivative(exp(t), t) == exp(t)
    True
    >>> antiderivative(App("f", (t,)), t) is None
    True
    """
    if any(isinstance(x, (App, Int, Min, Sum, Prod)) for x in walk(body)) or sum(1 for _ in walk(body)) > LARGEST:
        return None
    if not isinstance(var, (Sym, Elem)) or var.name not in free(body):
        return None
    import sympy
    from sympy.integrals.manualintegrate import manualintegrate

    names: dict[Any, Term] = {}
    try:
        f, v = _to_sympy(body, names), _symbol(var, names)
        try:
            found = manualintegrate(f, v)
        except (NotImplementedError, ValueError, TypeError, AttributeError, RecursionError):
            return None  # the ways in which SymPy itself gives up: the kernel then does without a proposal
        return None if found.has(sympy.Integral) else _from_sympy(found, names)
    except _Unknown:  # a function that the two languages don't share
        return None


class _Unknown(Exception):
    pass


def _symbol(t: Sym | Elem, names: dict[Any, Term]) -> Any:
    import sympy

    if t == Sym("pi"):
        return sympy.pi
    symbol = sympy.Symbol(f"v{t.key}", real=True)
    names[symbol] = t
    return symbol


def _to_sympy(t: Term, names: dict[Any, Term]) -> Any:
    import sympy

    if isinstance(t, Num):
        return sympy.Rational(t.value.numerator, t.value.denominator)
    if isinstance(t, (Sym, Elem)):
        return _symbol(t, names)
    if isinstance(t, Add):
        return sympy.Add(*(_to_sympy(x, names) for x in t.terms))
    if isinstance(t, Mul):
        return sympy.Mul(*(_to_sympy(x, names) for x in t.factors))
    if isinstance(t, Pow):
        return sympy.Pow(_to_sympy(t.base, names), _to_sympy(t.exponent, names))
    if isinstance(t, Fn) and t.name in TABLED:
        return {"exp": sympy.exp, "ln": sympy.log}[t.name](_to_sympy(t.args[0], names))
    raise _Unknown


def _from_sympy(e: Any, names: dict[Any, Term]) -> Term:
    import sympy

    if e.is_Rational:
        return Num(Fraction(int(e.p), int(e.q)))
    if e in names:
        return names[e]
    if e is sympy.pi:
        return Sym("pi")
    if e.is_Add:
        return add(*(_from_sympy(x, names) for x in e.args)) if e.args else ZERO
    if e.is_Mul:
        return mul(*(_from_sympy(x, names) for x in e.args))
    if isinstance(e, sympy.exp):
        return exp(_from_sympy(e.args[0], names))
    if e.is_Pow:
        return Pow(_from_sympy(e.base, names), _from_sympy(e.exp, names))
    if isinstance(e, sympy.log):
        return ln(_from_sympy(e.args[0], names))
    raise _Unknown
