"""Quotients of sums in lowest terms and in factors.

SymPy proposes, with all but sums, products and whole powers held opaque; the kernel's normal form has to agree.
"""

from __future__ import annotations

from derive.kernel.normal import Normal
from derive.kernel.poly import Ratio, Refusal
from derive.rules.handover import Handover
from derive.term import Term, walk

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
    >>> from derive.reader.printer import latex
    >>> from derive.term import ONE, Sym
    >>> a, b = Sym("a"), Sym("b")
    >>> latex(factored((a * b + b) / (a**2 + a * 2 + ONE)))
    '\\\\frac{b}{1+a}'
    """
    if sum(1 for _ in walk(t)) > LARGEST:
        return t
    import sympy

    there = Handover(opaque=True)
    top, bottom = sympy.fraction(sympy.factor(sympy.cancel(sympy.together(there.to(t)))))
    return there.back(top) if bottom == 1 else there.back(top) / there.back(bottom)
