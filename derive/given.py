"""What the conditions stated for an equation determine: symbols solved for, derivatives worked out."""

from __future__ import annotations

from collections.abc import Mapping

from derive.errors import DeriveError
from derive.kernel.normal import Normal
from derive.kernel.poly import Mono, Poly, Refusal, to_term
from derive.reader.notation import Notation
from derive.term import ZERO, Fn, Term, exp, free, ln, substitute, walk
from derive.unfold import read_latex, unfold


def determined(condition: Term, unknown: Term, normal: Normal) -> Term:
    """The one value of a positive `unknown` at which `condition` vanishes.

    The condition has to be c ln(unknown) + r, with c a number and r free of the unknown.

    Raises
    ------
    DeriveError
        It is nothing of the kind.
    """
    r = normal.ratio(condition)
    logarithm = Mono(((ln(unknown), 1),))  # type: ignore[arg-type]
    c = r.num.terms.get(logarithm)
    rest = Poly({m: k for m, k in r.num.terms.items() if m != logarithm})
    if c is None or r.den.number != 1 or free(unknown) & free(to_term(rest)):
        raise DeriveError(f"The condition stated for {unknown.key} does not determine it.")
    value = exp(to_term(rest.scale(-1 / c)))
    if not normal.equal(substitute(to_term(r.num), {unknown: value}), ZERO):
        raise DeriveError(f"The value found for {unknown.key} does not meet the condition stated for it.")
    return value


def solved(given: Mapping[str, str], notation: Notation, normal: Normal) -> dict[Term, Term]:
    """The symbols of `given` with their values."""
    out: dict[Term, Term] = {}
    for name, condition in given.items():
        unknown, vanishing = (unfold(read_latex(x, notation), notation) for x in (name, condition))
        out[unknown] = determined(vanishing, unknown, normal)
    return out


def put_in(t: Term, table: dict[Term, Term], normal: Normal) -> Term:
    """`t` with the values put in, after its derivatives are taken."""
    if any(isinstance(x, Fn) and x.name == "partial" for x in walk(t)):
        try:
            t = normal.ratio(t).term
        except Refusal:
            return t
    return substitute(t, table)
