"""Quotients of sums whose terms grow at different rates, by their terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derive.kernel.context import POSITIVE
from derive.kernel.poly import Mono, Poly, Ratio
from derive.term import Sum, Sym, free, substitute

if TYPE_CHECKING:
    from derive.kernel.growth import Growth, Limit


def termwise(quotient: Ratio, growth: Growth) -> Limit | None:
    """The limit of a quotient of two sums, where one term over the other has the same limit for every index.

    f(j)/g(j) → c for every j, c free of j    g(j) > 0    K ≥ 1 free of v
    ---------------------------------------------------------------------
    Σ_{j=1}^{K} f(j) / Σ_{j=1}^{K} g(j) → c          (a mean of f(j)/g(j) with weights g(j))
    """
    from derive.kernel.growth import Limit

    normal = growth.normal
    above, below = _common(quotient.num, 1, growth), _common(quotient.den, 1, growth)
    if below is None and (divisor := _common(quotient.num, -1, growth)) is not None:
        above = _common(divisor[1], 1, growth)
        below = divisor[0], quotient.den
    if above is None or below is None:
        return None
    (f, rest_above), (g, rest_below) = above, below
    j = Sym(f.index)
    body = substitute(g.body, {Sym(g.index): j})
    same = (f.low, f.high) == (g.low, g.high) and growth.variable not in free(f.low) | free(f.high)
    if not same or f.index in free(g.body) - {g.index} or normal.least(normal.poly(f.high - f.low)) < 0:
        return None
    if normal.sign(normal.poly(body)) != POSITIVE:
        return None
    each = growth.limit(f.body, body)
    if each.value is None or {f.index, growth.variable} & free(each.value.term):
        return None
    outer = growth.limit_of(Ratio(rest_above, rest_below))
    normal.steps["a quotient of sums, term by term"] = None
    return Limit(outer.kind, outer.value * each.value if outer.value is not None else None)


def _common(p: Poly, power: int, growth: Growth) -> tuple[Sum, Poly] | None:
    """The one sum that moves and stands in every monomial to a power of 1 or −1, and what it is multiplied by."""
    sums = [
        {a for a, e in m.factors if isinstance(a, Sum) and e == power and growth.variable in free(a)} for m in p.terms
    ]
    shared = set.intersection(*sums) if sums else set()
    if len(shared) != 1:
        return None
    (total,) = shared
    return total, Poly({Mono([f for f in m.factors if f[0] != total], m.power): c for m, c in p.terms.items()})
