"""The leading term of a quantity, put back together from its growth scale."""

from __future__ import annotations

from derive.kernel.growth import LN, LNLN, Growth
from derive.kernel.poly import Ratio, to_term
from derive.rules.factored import lowest
from derive.term import Pow, Sym, Term, exp, ln, mul, term


def leading_term(growth: Growth, r: Ratio, variable: str) -> Term:
    """coefficient · scale of a quotient (a proposal for a report; a claim with it is proved like any other)."""
    top, bottom = growth.lead(r.num), growth.lead(r.den)
    scale = top.scale
    for basis, c in bottom.scale.items():
        scale = scale.plus(type(scale)({basis: -c}))
    parts: list[Term] = [lowest(top.coefficient * bottom.coefficient.inverse(), growth.normal)]
    v = Sym(variable)
    for (a, b, d), c in sorted(scale.items(), key=lambda x: x[0]):
        number = c.number
        if number == 0:
            continue
        if (a, b, d) == LN:
            parts.append(v if number == 1 else Pow(v, to_term(c)))
        elif (a, b, d) == LNLN:
            parts.append(ln(v) if number == 1 else Pow(ln(v), to_term(c)))
        else:
            powers = [Pow(x, term(e)) if e != 1 else x for x, e in ((v, a), (ln(v), b)) if e]
            parts.append(exp(mul(to_term(c), *powers)))
    return mul(*parts)
