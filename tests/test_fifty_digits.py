"""No verdict on an equality contradicts mpmath: the printed sides, evaluated apart from the kernel."""

from __future__ import annotations

from functools import cache

import pytest

from derive.errors import Unreadable
from derive.judging import Judge
from derive.library import load
from derive.numeric import NoNumber, evaluate, quadrature
from derive.points import WALL, instance, lawful, sampled
from derive.reader.display import split
from derive.reader.interpret import read
from derive.runner import check
from derive.term import Int, Min, walk
from derive.verdict import Status

LIBRARY = load("zhang2024")
EQUATIONS = {e.number: e for e in LIBRARY.equations}
JUDGE = Judge(LIBRARY)


@cache
def verdicts():
    """Every verdict on an equality with both sides read, keyed by id."""
    checked = check(LIBRARY, LIBRARY.equations, {"kind": "builtin"}, jobs=2)
    wanted = (Status.PROVED, Status.REFUTED)
    return {v.id: v for v in checked.verdicts if v.relation == "=" and v.verdict in wanted and "taken" not in v.reason}


def sides(number: str, ordinal: int):
    """Both sides as the judge takes them; None where the sign is not read as an equality."""
    entry, link = LIBRARY.entries[number], split(EQUATIONS[number].latex)[ordinal - 1]
    other = entry.relations.get(ordinal, "=") != "=" or ordinal in entry.refined
    if link.left is None or link.left.dots or link.right.dots or entry.constants or other:
        return None
    try:
        return entry, [JUDGE.full(read(s.tokens, entry.notation).term, entry) for s in (link.left, link.right)]
    except Unreadable:
        return None


def value(term, point):
    """At 50 digits; at 20 where an integral or a least value has to be done numerically."""
    hard = any(isinstance(x, (Int, Min)) for x in walk(term))
    return quadrature(term, point, 20, WALL)[0] if hard else evaluate(term, point, 50)


@pytest.mark.parametrize("number", sorted(LIBRARY.entries))
def test_equalities(number):
    """Proved: the sides agree at two points. Refuted: they differ at some point."""
    for v in [v for v in verdicts().values() if v.equation == number]:
        found = sides(number, int(v.id.split("#")[1]))
        if found is None:
            continue
        entry, terms = found
        differences = []
        for seed in range(2):
            try:
                ready = [sampled(lawful(t, entry.notation.context), LIBRARY, entry.notation, seed) for t in terms]
                point = instance(LIBRARY, entry, tuple(ready), seed, grow=seed if v.verdict is Status.REFUTED else 0)
                a, b = (value(t, point) for t in ready)
            except NoNumber:
                continue
            scale = abs(float(a)) + abs(float(b)) + 1e-30
            differences.append(abs(float(a - b)) / scale)
        if v.verdict is Status.PROVED:
            assert all(d < 1e-15 for d in differences), v.id
        elif differences:
            assert max(differences) > 1e-12, v.id


def test_most_equalities_have_numbers():
    """The test above is not empty: most proved equalities were evaluated."""
    decided = [v for v in verdicts().values() if v.verdict is Status.PROVED]
    told = [v for v in decided if any("agrees at" in e for e in v.evidence)]
    assert len(told) > 0.7 * len(decided)
