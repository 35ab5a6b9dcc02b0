"""∝ in named variables: the quotient is free of them, or two points show that it is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from derive.claim import Entry
from derive.deciding import Outcome
from derive.errors import Conflict
from derive.kernel.poly import Refusal
from derive.kernel.proportion import disproportion, proportional
from derive.kernel.theorem import Statement
from derive.numeric import Instance, NoNumber
from derive.points import POINTS, balls, instance, relevant, sampled, shown
from derive.term import Sym, Term, substitute, term
from derive.verdict import Status, Witness

if TYPE_CHECKING:
    from derive.deciding import Decider

Pair = tuple[Instance, tuple[Any, Any], tuple[Any, Any], str]


def in_proportion(decider: Decider, left: Term, right: Term, entry: Entry) -> Outcome:
    """The outcome for `left ∝ right` in the variables of the entry."""
    normal = decider.normal(entry.notation.context)
    s = Statement(left, "∝", right, entry.notation.context)
    words = ", ".join(entry.proportional_in)
    try:
        theorem = proportional(s, entry.proportional_in, normal)
    except Refusal as e:
        return _not_shown(decider, s, entry, str(e))
    agreed = 0
    for _, (a1, b1), (a2, b2), at in _pairs(decider, s, entry):
        if not (a1 * b2).overlaps(a2 * b1):
            raise Conflict(f"{entry.number}: proved proportional, the quotients differ at {at}")
        agreed += 1
    told = f"the quotients agree at {agreed} pairs of exact points" if agreed else "no number for the printed sides"
    evidence = (*(f"kernel: {x}" for x in theorem.steps), f"numbers: {told}")
    status = Status.CONDITIONAL if theorem.needs else Status.PROVED
    return Outcome(status, f"the quotient does not depend on {words}", evidence, "general", needs=theorem.needs)


def proves_proportional(decider: Decider, left: Term, right: Term, entry: Entry) -> bool:
    """Whether the kernel proves left ∝ right (quick; no numbers)."""
    context = entry.notation.context
    try:
        theorem = proportional(Statement(left, "∝", right, context), entry.proportional_in, decider.normal(context))
    except Refusal:
        return False
    return not theorem.needs


def _not_shown(decider: Decider, s: Statement, entry: Entry, why: str) -> Outcome:
    words = ", ".join(entry.proportional_in)
    agreed = 0
    for point, first, second, at in _pairs(decider, s, entry):
        try:
            refutation = disproportion(s, first, second)
        except Refusal:
            agreed += 1
            continue
        (a1, b1), (a2, b2) = first, second
        here = relevant(point, s.left, s.right)
        witness = Witness(
            point={**here, "then": at},
            printed=f"{shown(b1)}, then {shown(b2)}",
            true=f"{shown(a1)}, then {shown(a2)}",
            digits=30,
        )
        evidence = tuple(f"kernel: {x}" for x in refutation.steps)
        return Outcome(Status.REFUTED, f"the quotient depends on {words}", evidence, "general", witness=witness)
    if agreed:
        return Outcome(Status.SUPPORTED, f"the quotients agree at {agreed} pairs of points; no proof was found ({why})")
    return Outcome(Status.UNDECIDED, f"no proof ({why}) and no pair of points at which both sides have a value")


def _pairs(decider: Decider, s: Statement, entry: Entry) -> Iterator[Pair]:
    """Both sides at two points that differ in the variables only, and the values that differ, in words."""
    normal, variables = decider.normal(s.context), entry.proportional_in
    indices = [v for v in variables if v in entry.notation.ranges]
    for seed in range(POINTS):
        try:
            places: list[dict[Term, Term]] = [{Sym(v): term(k) for v in indices} for k in (1, 2)]
            pinned = [[substitute(t, table) for t in (s.left, s.right)] for table in places]
            terms = [[sampled(t, decider.library, entry.notation, seed) for t in pair] for pair in pinned]
            terms = [[decider.plain(t, normal) for t in pair] for pair in terms]
            every = (*terms[0], *terms[1], s.left, s.right)
            point = instance(decider.library, entry, every, seed)
            other = instance(decider.library, entry, every, seed + POINTS)
            moved = {v: other.scalars[v] for v in variables if v in other.scalars}
            there = replace(point, scalars={**point.scalars, **moved})
            at = ", ".join([*(f"{v} = {x}" for v, x in moved.items()), *(f"{v} = 2" for v in indices)])
            yield point, balls(terms[0][0], terms[0][1], point), balls(terms[1][0], terms[1][1], there), at
        except NoNumber:
            continue
