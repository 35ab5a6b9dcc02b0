"""Stationary points of quadratics, by elimination over quotients of polynomials."""

from __future__ import annotations

from derive.kernel.minimum import derivative
from derive.kernel.normal import Normal
from derive.kernel.poly import to_term
from derive.term import Term, substitute, term


def stationary_point(variables: list[Term], body: Term, normal: Normal) -> dict[Term, Term] | None:
    """Solve ∂body/∂v = 0, all v, for a body quadratic in the variables; None when the system is singular."""
    p = normal.poly(body)
    gradient = [to_term(derivative(p, v)) for v in variables]
    zero: dict[Term, Term] = {v: term(0) for v in variables}
    base = [normal.ratio(substitute(g, zero)) for g in gradient]
    rows = []
    for g, c in zip(gradient, base, strict=True):
        row = [normal.ratio(substitute(g, {**zero, v: term(1)})) - c for v in variables]
        rows.append([*row, -c])
    n = len(variables)
    for k in range(n):
        pivot = next((r for r in range(k, n) if rows[r][k].num.terms), None)
        if pivot is None:
            return None
        rows[k], rows[pivot] = rows[pivot], rows[k]
        inverse = rows[k][k].inverse()
        rows[k] = [x * inverse for x in rows[k]]
        for r in range(n):
            if r != k and rows[r][k].num.terms:
                factor = rows[r][k]
                rows[r] = [x - factor * y for x, y in zip(rows[r], rows[k], strict=True)]
    return {v: rows[k][n].term for k, v in enumerate(variables)} if n else {}
