"""The formula nearest to a printed one that the kernel proves: one edit, then two."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import chain, combinations
from typing import TYPE_CHECKING

from derive.claim import BECOMES, Entry
from derive.deciding import ORDER, Outcome
from derive.errors import Unreadable
from derive.kernel.poly import Refusal
from derive.reader.changes import changes
from derive.rewording import reworded
from derive.rules.edits import Pool, Repair, repairs, times
from derive.sieve import Sieve
from derive.term import Elem, Sym, Term, ln, mul, walk
from derive.unfold import read_latex
from derive.verdict import Fault, Status
from derive.wellformed import problems

if TYPE_CHECKING:
    from derive.judging import Judge, Said

SECONDS = 1.2  # of processor time for one side
BLIND = 4000  #: edits tried where numbers say nothing
DOUBTFUL = 1  #: edits that numbers speak for and no quick proof was found: these are decided as a printed line is
SEVERAL = 3  #: of the edits that a limit allows, where much is lost next to the rest, so many are compared
FACTORS = 120  #: of which two may be missing
_Key = tuple[int, ...]


def nearest(
    judge: Judge, target: Term, sign: str, right: Said, entry: Entry, narrow: bool = False
) -> tuple[str, Repair] | None:
    """The least edit of the printed right side for which `target sign side` is proved, in the print of the side.

    What is returned was read back, as anybody would read it, and proved in that reading.

    Parameters
    ----------
    narrow : only edits that bring in nothing new.
    """
    assert right.full is not None and right.term is not None
    stop = time.process_time() + SECONDS
    sieve = Sieve(judge.decider, target, sign, entry, right.full)
    doubtful = 0

    found: list[tuple[str, Repair]] = []
    named = _names(right.term)
    for source in (right.term, right.full) if right.term != right.full else (right.term,):
        pool = None if narrow else _pool(judge, source, target, sieve, entry)
        known = _letters(source)
        for n, r in enumerate(_proposals(judge, source, target, sieve, entry, pool)):
            if sign == "∝" and r.edits > 1:
                break  # up to a factor, pairs of edits make anything of anything
            if time.process_time() > stop or (sieve.open and n > BLIND) or (found and r.stage > found[0][1].stage):
                break
            full = unfolded(judge, r.term, entry)
            if full is None or not sieve.passes(full) or problems(full, target, entry.notation, entry.fixed):
                continue
            if pool is not None and any(pool.unfit(x) for x in _letters(r.term) - known):
                continue
            proved = judge.proves(target, sign, full, entry)
            if not proved:
                if sieve.open or doubtful == DOUBTFUL:
                    continue
                doubtful += 1
            shown = reworded(judge, r.term, right, entry)
            if source is not right.term and not named <= _names(read_latex(shown, entry.notation)):
                continue  # an edit of what a name stands for is none of the print
            if judge.reads(shown, target, sign, entry, thorough=not proved):
                found.append((shown, r))
                if sign == "=" or len(found) == SEVERAL:
                    break
        if found:
            break
    return min(found, key=lambda f: _changed(right.side.latex, f[0])) if found else None


def _letters(t: Term) -> set[Term]:
    return {x for x in walk(t) if isinstance(x, (Elem, Sym))}


def _names(t: Term) -> set[str]:
    return {x.name for x in walk(t) if isinstance(x, (Elem, Sym))}


def _changed(printed: str, read: str) -> int:
    """How much of a side an erratum changes, in characters."""
    parts = changes(printed, read)
    return sum(len(c.printed) + len(c.read) for c in parts) if parts else len(printed) + len(read)


def nearest_reading(
    judge: Judge,
    left: Term,
    sign: str,
    right: Said,
    entry: Entry,
    first_of_all: list[Repair],
    introduces: bool,
    no_other: bool,
) -> tuple[Repair, Outcome, Term] | None:
    """Of a side that has no meaning as printed: the first edit that has one and holds, else the first that has one."""
    assert right.full is not None and right.term is not None
    first: tuple[Repair, Outcome, Term] | None = None
    stop = time.process_time() + 2 * SECONDS
    sieve = Sieve(judge.decider, left, sign, entry, right.full)
    pool = _pool(judge, right.term, left, sieve, entry)
    others = iter(()) if no_other else _proposals(judge, right.term, left, sieve, entry, pool, True)
    for n, r in enumerate(chain(first_of_all, others)):
        if time.process_time() > stop or (sieve.open and n > BLIND):
            break
        full = unfolded(judge, r.term, entry)
        if full is None:
            continue
        if full != right.full and (
            problems(full, left, entry.notation, entry.fixed)
            or (judge.left_over(full, entry) and not judge.left_over(left, entry))
        ):
            continue
        if first is not None and not introduces and not sieve.open and not sieve.passes(full):
            continue
        if introduces:
            what = "marks a change of the system, no limit" if sign == BECOMES else "introduces a name"
            return r, Outcome(Status.DEFINITION, what), full
        if sign == "=":
            good = judge.decider.proves_equal(left, full, entry)
        elif first is None or sign in ORDER:
            good = judge.decider.decide(left, sign, full, entry).holds
        else:
            good = judge.proves(left, sign, full, entry)
        if good:
            return r, Outcome(Status.PROVED, "holds"), full
        if first is None:
            first = r, judge.decider.decide(left, sign, full, entry), full
    return first


def unfolded(judge: Judge, t: Term, entry: Entry) -> Term | None:
    try:
        return judge.full(t, entry)
    except (Unreadable, Refusal):
        return None


def _pool(judge: Judge, t: Term, target: Term, sieve: Sieve, entry: Entry) -> Pool:
    """What a side may lack; not the answer itself, next to which nothing that is printed would count."""

    def unfit(x: Term) -> bool:
        full = unfolded(judge, x, entry)
        return full is not None and (full == target or (not sieve.open and sieve.passes(full)))

    return Pool(t, target, entry.notation, _scales(entry), unfit)


def _proposals(
    judge: Judge, t: Term, target: Term, sieve: Sieve, entry: Entry, pool: Pool | None, meaningless: bool = False
) -> Iterator[Repair]:
    """Single edits; then two factors that are missing, or one beside an edit, found by their value; then pairs."""
    single: list[Repair] = []
    for r in repairs(t, target, entry.notation, pool, meaningless):
        if r.stage > 2 and single and pool is not None and not sieve.open:
            yield from _with_factors(judge, t, single, sieve, entry, pool)
            single = []
        if r.edits == 1:
            single.append(r)
        yield r


def _scales(entry: Entry) -> tuple[Term, ...]:
    """What grows in the regime."""
    if entry.regime is None:
        return ()
    v = Sym(entry.regime.variable)
    return v, ln(v), v**2


def _with_factors(
    judge: Judge, t: Term, single: list[Repair], sieve: Sieve, entry: Entry, pool: Pool
) -> Iterator[Repair]:
    known: list[tuple[Term, tuple[float, ...]]] = []
    for f in pool.factors[:FACTORS]:
        full = unfolded(judge, f, entry)
        sizes = sieve.sizes(full) if full is not None else None
        if sizes is not None:
            known.append((f, sizes))
    one = {_key(sizes): f for f, sizes in reversed(known)}
    two = {
        _key(tuple(a + b for a, b in zip(x, y, strict=True))): mul(f, g)
        for (f, x), (g, y) in combinations(reversed(known), 2)
    }
    for r, table in ((Repair(Fault.MISSING_FACTOR, t, 0), two), *((r, one) for r in single)):
        full = unfolded(judge, r.term, entry)
        wanted = sieve.lacks(full) if full is not None else None
        factor = table.get(_key(wanted)) if wanted is not None else None
        if factor is not None:
            yield Repair(r.fault, times(r.term, factor), 2, 2)


def _key(sizes: tuple[float, ...]) -> _Key:
    return tuple(round(x * 1000) for x in sizes)
