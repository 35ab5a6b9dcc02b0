"""The whole line has no origin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derive.kernel.poly import to_term
from derive.term import INF, MINUS_INF, ZERO, App, Elem, Over, Sym, Term, free, substitute, walk

if TYPE_CHECKING:
    from derive.kernel.normal import Normal


def translated(body: Term, over: tuple[Over, ...], normal: Normal) -> Term | None:
    """The integrand with t in place of t + c where open functions hold t in no other way, None without such a t.

    c free of every variable that is bound here or further out
    ----------------------------------------------------------
    ∫ f(t + c) dt = ∫ f(t) dt over the whole line
    """
    for o in over:
        if not isinstance(o.var, Sym) or (o.low, o.high) != (MINUS_INF, INF) or _has_components(body, o.var):
            continue
        held = [a for x in walk(body) if isinstance(x, App) for a in x.args if o.var.name in free(a)]
        shifts = {to_term(normal.poly(a - o.var)) for a in held}
        if len(shifts) != 1:
            continue  # none, or not the same everywhere
        (shift,) = shifts
        if shift != ZERO and not any("#" in n or n.startswith("_") for n in free(shift)):
            return substitute(body, {o.var: o.var - shift})
    return None


def _has_components(body: Term, var: Sym) -> bool:
    return any(isinstance(x, Elem) and x.name == var.name for x in walk(body))
