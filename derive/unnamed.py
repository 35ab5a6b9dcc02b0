"""Equalities with constants that the paper does not spell out."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from derive.claim import Entry
from derive.deciding import Outcome
from derive.kernel.poly import Refusal
from derive.kernel.theorem import Statement, apart, existence
from derive.numeric import enclose
from derive.points import instance, relevant, shown
from derive.rules.constants import propose_constants, split_quotient
from derive.term import Num, Sym, Term, substitute
from derive.verdict import Status, Witness

if TYPE_CHECKING:
    from derive.deciding import Decider


def with_constants(decider: Decider, left: Term, right: Term, constants: list[Sym], entry: Entry) -> Outcome:
    """Constants that a formula leaves unnamed: values that make it true, or three points that allow none."""
    context = entry.notation.context
    normal = decider.normal(context)
    values = propose_constants(left, right, constants, normal)
    if values is None:
        return Outcome(Status.UNDECIDED, "no values for the unnamed constants were found")
    varied = frozenset(n for n, s in context.signs.items() if s == "positive")
    statement = Statement(left, "=", right, context)
    try:
        theorem = existence(statement, values, varied, normal)
    except Refusal as e:
        return _no_constants(decider, statement, constants, entry, str(e))
    out = decider.proved(theorem, left, substitute(right, dict(values)), entry)
    named = tuple((c.name, t) for c, t in values.items() if isinstance(c, Sym))
    return replace(out, reason="equal, with constants that do not vary with the initializer", values=named)


def _no_constants(decider: Decider, s: Statement, constants: list[Sym], entry: Entry, why: str) -> Outcome:
    """(A + c₁)/(B + c₂) = T at three points with the same data is three linear equations for two constants.

    T B − A = c₁ − T c₂ has a solution only if the determinant of (1, −T, T B − A) vanishes.
    """
    zero: dict[Term, Term] = {c: Num(Fraction(0)) for c in constants}
    normal = decider.normal(s.context)
    left = decider.plain(s.left, normal)
    top, bottom = (decider.plain(substitute(x, zero), normal) for x in split_quotient(s.right))
    first = instance(decider.library, entry, (left, top, bottom), 0)
    moved = [n for n, sign in s.context.signs.items() if sign == "positive"]
    rows = []
    for seed in range(3):
        other = instance(decider.library, entry, (left, top, bottom), seed)
        families = {**first.families, **{n: other.families[n] for n in moved if n in other.families}}
        t, a, b = (enclose(x, replace(first, families=families), 30) for x in (left, top, bottom))
        rows.append((t, t * b - a))
    (t0, r0), (t1, r1), (t2, r2) = rows
    determinant = (t2 - t1) * r0 - (t2 - t0) * r1 + (t1 - t0) * r2
    try:
        refutation = apart(s, determinant, determinant * 0)
    except Refusal:
        return Outcome(Status.UNDECIDED, f"no values for the unnamed constants were found ({why})")
    return Outcome(
        Status.REFUTED,
        "no constants make the sides equal at three points with the same data",
        tuple(f"kernel: {x}" for x in refutation.steps),
        "general",
        witness=Witness(point=relevant(first, left), printed="no constants fit", true=shown(rows[0][0]), digits=30),
    )
