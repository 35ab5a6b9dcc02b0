"""Where a formula means something: what it divides by, takes logarithms of, and how far its sums run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derive.kernel.context import NONNEGATIVE, POSITIVE
from derive.kernel.normal import Normal, primitive
from derive.kernel.poly import Refusal
from derive.term import Fn, Int, Min, Mul, Num, Pow, Prod, Sum, Term, children


@dataclass(frozen=True)
class Need:
    """`term` must be nonzero ("≠ 0"), positive ("> 0") or nonnegative ("≥ 0")."""

    term: Term
    relation: str


def needs(t: Term) -> Iterator[Need]:
    """What has to hold for `t` to be defined, outermost first. Minima and integrals of the definition are left out."""
    if isinstance(t, Pow) and isinstance(t.exponent, Num):
        if t.exponent.value < 0:
            yield Need(t.base, "≠ 0")
        elif t.exponent.value.denominator % 2 == 0:
            yield Need(t.base, "≥ 0")
    if isinstance(t, Fn) and t.name == "ln":
        yield Need(t.args[0], "> 0")
    if isinstance(t, (Sum, Prod)):
        yield Need(t.high - t.low + 1, "≥ 0")
    if not isinstance(t, (Int, Min)):
        for c in children(t):
            yield from needs(c)
    elif isinstance(t, Int):
        yield from needs(t.body)


def open_needs(t: Term, normal: Normal, granted: Term | None = None) -> list[Need]:
    """The needs of `t` that neither the assumptions nor the definedness of `granted` answer.

    Examples
    --------
    >>> from derive.kernel.context import Context
    >>> from derive.term import ONE, Sym
    >>> [n.relation for n in open_needs(ONE / Sym("x"), Normal(Context()))]
    ['≠ 0']
    """
    allowed = {(_core(n.term, normal)) for n in needs(granted)} if granted is not None else set()
    out: list[Need] = []
    for n in needs(t):
        if _met(n, normal) or (n.relation != "≥ 0" and _core(n.term, normal) in allowed):
            continue
        if n not in out:
            out.append(n)
    return out


def _core(t: Term, normal: Normal) -> str:
    try:
        r = normal.ratio(t)
        return primitive(r.num)[2].key if len(r.num.terms) > 1 else r.num.key
    except Refusal:
        return t.key


def _met(n: Need, normal: Normal) -> bool:
    if isinstance(n.term, Mul) and len(n.term.factors) > 1:
        if all(_met(Need(f, n.relation), normal) for f in n.term.factors):
            return True
    if isinstance(n.term, Pow) and n.relation != "≥ 0" and _met(Need(n.term.base, n.relation), normal):
        return True
    try:
        r = normal.ratio(n.term)
        if n.relation == "≥ 0" and normal.least(r.num) >= 0:
            return True
        signs = {normal.sign(r.num), normal.sign(r.den)}
        if signs == {POSITIVE}:
            return True
        if n.relation == "≥ 0":
            return normal.sign(r.num) in (POSITIVE, NONNEGATIVE) and normal.sign(r.den) == POSITIVE
        if n.relation == "≠ 0":
            if r.num.number not in (None, 0):
                return True
            return normal.sign(-r.num) == POSITIVE or normal.sign(-r.den) == POSITIVE
    except Refusal:
        return False
    return False
