"""Closed forms of numbers: proposed by an integer relation, to be held against further digits.

A proposal is a guess. It counts as `supported` only because it agrees with digits that did not take part in finding it.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import flint
from flint import arb

from derive.numeric import NoNumber
from derive.term import ZERO, Num, Term, add
from derive.theory.numbers import value

SEARCH, HOLD = 30, 45  #: digits that a relation is looked for with, and that it has to hold to
LARGEST = 5000  #: coefficient of a relation


def recognized(x: arb, basis: Sequence[Term], most: int = 3) -> Term | None:
    """`x` as a rational combination of at most `most` of the basis; None where there is none.

    Examples
    --------
    >>> from derive.term import ONE, PI
    >>> from derive.reader.printer import latex
    >>> with flint.ctx.workprec(200):
    ...     latex(recognized(arb.pi() / 3 + arb(1) / 2, (ONE, PI)))
    '\\\\frac{1}{2}+\\\\frac{\\\\pi}{3}'
    """
    from mpmath import MPContext

    from derive.numeric.fields import to_mpf

    if not x.is_finite():
        return None
    ctx = MPContext()
    ctx.dps = SEARCH
    known = []
    for b in basis:
        try:
            v = value(b, {})
        except (NoNumber, ZeroDivisionError):
            continue
        if v.is_finite() and not abs(v) < arb(10) ** -HOLD:
            known.append((b, v))
    if abs(x) < arb(10) ** -HOLD:
        return ZERO
    for size in range(1, most + 1):
        for chosen in itertools.combinations(known, size):
            vector = [to_mpf(v, ctx) for v in (x, *(v for _, v in chosen))]
            relation = ctx.pslq(vector, maxcoeff=LARGEST, maxsteps=2000, tol=ctx.mpf(10) ** -(SEARCH - 4))
            if not relation or not relation[0] or 0 in relation[1:]:
                continue
            parts = [Fraction(-c, relation[0]) for c in relation[1:]]
            total = sum(
                (arb(flint.fmpq(q.numerator, q.denominator)) * v for q, (_, v) in zip(parts, chosen, strict=True)),
                arb(0),
            )
            if abs(total - x) < arb(10) ** -HOLD * (1 + abs(x)) + x.rad():
                return add(*(b * Num(q) for q, (b, _) in zip(parts, chosen, strict=True)))
    return None


def close(a: Any, b: Any, digits: int) -> bool:
    """Whether two balls agree to so many digits."""
    return bool(abs(a - b).mid() <= arb(10) ** -digits * (1 + abs(b).mid()))
