"""The formula nearest to a printed one that the kernel proves: one edit, then two."""

from __future__ import annotations

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
from derive.rules.edits.places import places, put
from derive.sieve import Sieve
from derive.spell import at_most
from derive.term import Add, Elem, Int, Num, Sym, Term, add, ln, mul, walk
from derive.unfold import read_latex
from derive.verdict import Fault, Status
from derive.wellformed import problems

if TYPE_CHECKING:
    from derive.judging import Judge, Said

#: What may be spent on one side, in nodes of the formulas looked at: counted, so that every machine finds the same.
EFFORT, READING = 200_000, 60_000  #: for a formula that is true, and for one that has a meaning
PROOF, INTEGRAL = 150, 3000  #: what a try to prove an edit counts as, and each new integral to be worked out
SECONDS = 15.0  # of processor time: a safeguard far above what the effort takes
MOST = 2500  #: edits tried for one side
BLIND = 1000  #: edits tried where numbers say nothing
DOUBTFUL = 1  #: edits that numbers speak for and no quick proof was found: these are decided as a printed line is
SEVERAL = 3  #: of the edits that a limit allows, where much is lost next to the rest, so many are compared
FACTORS = 120  #: of which two may be missing
_Key = tuple[int, ...]


class Effort:
    """What is left to be spent.

    >>> left = Effort(5)
    >>> left.spend(3), left.spend(3)
    (True, False)
    """

    def __init__(self, most: int) -> None:
        self.left = most
        self.worked_out: set[Term] = set()

    def spend(self, much: int) -> bool:
        """Whether so much was left."""
        self.left -= much
        return self.left >= 0

    def read(self, t: Term) -> bool:
        """Whether enough was left to look at a formula."""
        return self.spend(sum(1 for _ in walk(t)))

    def work_out(self, t: Term) -> bool:
        """Whether enough was left to look at a formula and find its value."""
        new = {x for x in walk(t) if isinstance(x, Int)} - self.worked_out
        self.worked_out |= new
        return self.read(t) and self.spend(INTEGRAL * len(new))


def nearest(
    judge: Judge, target: Term, sign: str, right: Said, entry: Entry, narrow: bool = False
) -> tuple[str, Repair] | None:
    """The least edit of the printed right side for which `target sign side` is proved, in the print of the side.

    What is returned was read back, as anybody would read it, and proved in that reading.

    Parameters
    ----------
    narrow : only edits that bring in nothing new.
    """
    found: list[tuple[str, Repair]] = []
    with at_most(SECONDS):
        _gather(found, judge, target, sign, right, entry, narrow, Effort(EFFORT))
    return min(found, key=lambda f: (f[1].edits, _changed(right.side.latex, f[0]))) if found else None


def _gather(
    found: list[tuple[str, Repair]],
    judge: Judge,
    target: Term,
    sign: str,
    right: Said,
    entry: Entry,
    narrow: bool,
    effort: Effort,
) -> None:
    assert right.full is not None and right.term is not None
    sieve = Sieve(judge.decider, target, sign, entry, right.full)
    doubtful = 0

    named = _names(right.term)
    for source in (right.term, right.full) if right.term != right.full else (right.term,):
        pool = None if narrow else _pool(judge, source, target, sieve, entry)
        known = _letters(source)
        for n, r in enumerate(_proposals(judge, source, target, sieve, entry, pool)):
            if sign == "∝" and r.edits > 1:
                break  # up to a factor, pairs of edits make anything of anything
            if n > (BLIND if sieve.open else MOST) or (found and r.stage > found[0][1].stage):
                break
            full = unfolded(judge, r.term, entry)
            if full is None:
                continue
            if not effort.work_out(full):
                return
            if not sieve.passes(full) or problems(full, target, entry.notation, entry.fixed):
                continue
            if pool is not None and any(pool.unfit(x) for x in _letters(r.term) - known):
                continue
            if sign != "=" and _swamped(judge, source, r.term, sieve, entry):
                continue
            if not effort.spend(PROOF):
                return
            proved = judge.proves(target, sign, full, entry)
            if not proved:
                if sieve.open or doubtful == DOUBTFUL:
                    continue
                doubtful += 1
            shown = reworded(judge, r.term, right, entry)
            if source is not right.term and not _keeps(named, shown, entry):
                continue  # an edit of what a name stands for is none of the print
            if judge.reads(shown, target, sign, entry, thorough=not proved):
                found.append((shown, r))
                if sign == "=" or len(found) == SEVERAL:
                    break
        if found:
            return


def _keeps(named: set[str], shown: str, entry: Entry) -> bool:
    """Whether an edit, as it is printed, still holds these names; one that can't be read holds none."""
    try:
        return named <= _names(read_latex(shown, entry.notation))
    except Unreadable:
        return False


def _swamped(judge: Judge, old: Term, new: Term, sieve: Sieve, entry: Entry) -> bool:
    """Whether a term that was put in is all that counts in the limit, and what is printed beside it nothing."""
    there = {p.path: p.term for p in places(old)}
    for p in places(new):
        if isinstance(p.term, Add) and p.term not in there.values() and not sieve.open:
            for k, x in enumerate(p.term.terms):
                rest = add(*p.term.terms[:k], *p.term.terms[k + 1 :])
                if rest != there.get(p.path) and (isinstance(rest, Num) or rest not in there.values()):
                    continue  # not put in
                full = unfolded(judge, put(new, p.path, x), entry)
                if full is not None and sieve.passes(full):
                    return True
    return False


def _letters(t: Term) -> set[Term]:
    return {x for x in walk(t) if isinstance(x, (Elem, Sym))}


def _names(t: Term) -> set[str]:
    return {x.name for x in walk(t) if isinstance(x, (Elem, Sym))}


def _changed(printed: str, read: str) -> int:
    """How much of a side an erratum changes, in characters."""
    parts = changes(printed, read)
    return sum(len(c.printed) + len(c.read) for c in parts) if parts else len(printed) + len(read)


Reading = tuple[Repair, Outcome, Term]


def nearest_reading(
    judge: Judge,
    left: Term,
    sign: str,
    right: Said,
    entry: Entry,
    first_of_all: list[Repair],
    introduces: bool,
    no_other: bool,
    start: Term | None = None,
) -> Reading | None:
    """Of a side that has no meaning as printed: the first edit that has one and holds, else the first that has one.

    Parameters
    ----------
    start : what the chain starts from. More edits than a meaning takes count only where they lead back to it, so that
        no reading follows a line before it into that line's mistake.
    """
    kept: list[Reading] = []
    with at_most(SECONDS):
        _read(kept, judge, left, sign, right, entry, first_of_all, introduces, no_other, start, Effort(READING))
    return kept[-1] if kept else None


def _read(
    kept: list[Reading],
    judge: Judge,
    left: Term,
    sign: str,
    right: Said,
    entry: Entry,
    first_of_all: list[Repair],
    introduces: bool,
    no_other: bool,
    start: Term | None,
    effort: Effort,
) -> None:
    assert right.full is not None and right.term is not None
    sieve = Sieve(judge.decider, left, sign, entry, right.full)
    pool = _pool(judge, right.term, left, sieve, entry)
    others = iter(()) if no_other else _proposals(judge, right.term, left, sieve, entry, pool, True)
    for n, r in enumerate(chain(first_of_all, others)):
        if n > (BLIND if sieve.open else MOST):
            return
        full = unfolded(judge, r.term, entry)
        if full is None:
            continue
        if not effort.read(full):
            return
        if full != right.full and (
            problems(full, left, entry.notation, entry.fixed)
            or (judge.left_over(full, entry) and not judge.left_over(left, entry))
        ):
            continue
        if introduces:
            what = "marks a change of the system, no limit" if sign == BECOMES else "introduces a name"
            kept.append((r, Outcome(Status.DEFINITION, what), full))
            return
        if not kept:
            decided = sign != "=" and judge.decider.decide(left, sign, full, entry).holds
            good = decided or (sign == "=" and judge.decider.proves_equal(left, full, entry))
        elif not sieve.open and not sieve.passes(full):
            continue
        elif not effort.spend(PROOF):
            return
        elif sign in ORDER:
            good = judge.decider.decide(left, sign, full, entry).holds
        else:
            good = judge.proves(left, sign, full, entry)
        if good and sign == "=" and start not in (None, left) and kept and r.edits > kept[0][0].edits:
            good = judge.proves(start, sign, full, entry)
        if good:
            kept.append((r, Outcome(Status.PROVED, "holds"), full))
            return
        if not kept:
            kept.append((r, judge.decider.decide(left, sign, full, entry), full))


def next_member(judge: Judge, left: Term, sign: str, right: Said, entry: Entry) -> tuple[str, Repair] | None:
    """Of a member of a sequence that is put above or below itself: the one beside it for which the sign holds."""
    t = right.term
    if left != right.full or not isinstance(t, Elem) or len(t.index) != 1 or not isinstance(t.index[0], Num):
        return None
    for step in (1, -1):
        beside = Elem(t.name, (Num(t.index[0].value + step),))
        full = unfolded(judge, beside, entry)
        if full is not None and judge.decider.decide(left, sign, full, entry).status is Status.PROVED:
            repair = Repair(Fault.INDEX, beside)
            return reworded(judge, beside, right, entry), repair
    return None


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
    for f in (x for x in pool.factors[:FACTORS] if not (isinstance(x, Sym) and x.name in entry.notation.names)):
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
