"""Antiderivatives by SymPy. Only a proposal: the kernel differentiates what comes back."""

from __future__ import annotations

from derive.rules.handover import Handover, Unknown
from derive.term import App, Elem, Int, Min, Prod, Sum, Sym, Term, free, walk

LARGEST = 400  # nodes of an integrand that is worth handing over


def antiderivative(body: Term, var: Term) -> Term | None:
    """An antiderivative of `body` in `var`, None where none is found.

    Examples
    --------
    >>> from derive.term import exp
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

    there = Handover()
    try:
        f, v = there.to(body), there.symbol(var)
        try:
            found = manualintegrate(f, v)
        except (NotImplementedError, ValueError, TypeError, AttributeError, RecursionError):
            return None  # the ways in which SymPy itself gives up: the kernel then does without a proposal
        return None if found.has(sympy.Integral) else there.back(found)
    except Unknown:  # a function that the two languages don't share
        return None
