"""The whole line has no origin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derive.kernel.poly import to_term
from derive.term import INF, MINUS_INF, App, Elem, Over, Sym, Term, free, substitute, walk

if TYPE_CHECKING:
    from derive.kernel.normal import Normal


def translated(body: Term, over: tuple[Over, ...], normal: Normal) -> Term | None:
    """The integrand with an open function's argument t + c made t, or None where there is none.

    c free of every variable that is bound here or further out
    -----------------------------------------
    ∫ f(t + c) dt = ∫ f(t) dt over the whole line
    """
    for o in over:
        if not isinstance(o.var, Sym) or (o.low, o.high) != (MINUS_INF, INF) or _has_components(body, o.var):
            continue
        for f in [x for x in walk(body) if isinstance(x, App)]:
            for argument in f.args:
                shift = normal.poly(argument - o.var)
                if shift.terms and not any("#" in n or n.startswith("_") for n in free(to_term(shift))):
                    return substitute(body, {o.var: o.var - to_term(shift)})
    return None


def _has_components(body: Term, var: Sym) -> bool:
    return any(isinstance(x, Elem) and x.name == var.name for x in walk(body))
