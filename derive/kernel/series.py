"""Infinite sums: a power series by name, and series that have no value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derive.kernel.context import NONNEGATIVE, POSITIVE, Context
from derive.kernel.poly import CONST_ONE, Ratio, Refusal, to_term
from derive.term import INF, ONE, Pow, Sum, Sym, Term, free, fresh, ln, neg, substitute, walk

if TYPE_CHECKING:
    from derive.kernel.normal import Normal


def series(t: Sum, normal: Normal) -> Ratio:
    """A named identity.

    0 ≤ x < 1    c, x free of k
    ------------------------------
    Σ_{k=1}^∞ c xᵏ/k = −c ln(1 − x)
    """
    index = fresh("b")
    k, body = Sym(index), substitute(t.body, {Sym(t.index): Sym(index)})
    for power in [x for x in walk(body) if isinstance(x, Pow) and x.exponent == k]:
        x = power.base
        if index in free(x) or t.low != ONE:
            continue
        inside = normal.sign(normal.poly(ONE - x)) == POSITIVE
        if not inside or normal.sign(normal.poly(x)) not in (POSITIVE, NONNEGATIVE):
            raise Refusal("a power series outside the range in which it is known to converge")
        c = normal.ratio(body) * normal.ratio(power / k).inverse()
        if index not in free(to_term(c.num)) | free(to_term(c.den)):
            normal.steps["the power series of a logarithm"] = None
            return c * normal.ratio(neg(ln(ONE - x)))
    raise Refusal("an infinite sum that the kernel does not know")


def diverges(t: Sum) -> bool:
    """Whether an infinite sum is known to have no value, by comparison with the harmonic series.

    k f(k) → c ≠ 0 or ±∞
    -----------------------
    Σ_{k=1}^∞ f(k) diverges
    """
    if t.high != INF:
        return False
    limit = _growth(t.index, Sym(t.index) * t.body)
    return limit is not None and limit != "zero"


def escapes(body: Term, variable: str) -> bool:
    """Whether the limit of `body` as a variable goes to infinity is known to be infinite."""
    return _growth(variable, body) == "infinite"


def _growth(variable: str, body: Term) -> str | None:
    from derive.kernel.growth import Growth
    from derive.kernel.normal import Normal

    normal = Normal(Context(signs={variable: POSITIVE}))
    try:
        if normal.ratio(body).same(Ratio(CONST_ONE - CONST_ONE)):
            return "zero"
        return Growth(normal, variable).limit(body, ONE).kind
    except Refusal:
        return None
