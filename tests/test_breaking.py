r"""Right equations broken by one random edit each, and what the erratum makes of them.

`python -m tests.test_breaking [HOW MANY [SEED]]` prints the table; `-v` as last word prints every case.

The sides are right sides of `=`, `~`, `≈` and `∝` that are accepted as printed, in lines above which nothing is wrong,
of all sections, statements and tables; each is judged against the side before it. A break that leaves a true line or
one that can't be read is none: another is drawn. A correction is *identical* (the print as it was), *equivalent* (the
kernel proves correction = print; of a limit the judge accepts the mended line), or *wrong*.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import pytest

from derive import deciding, nearest
from derive.errors import Unreadable
from derive.judging import Judge
from derive.numeric import NoNumber
from derive.reader.display import split
from derive.reader.tokens import tokenize
from derive.runner import Task, tasks_for
from derive.unfold import read_latex
from derive.verdict import WRONG, Status, Verdict
from tests.breaking import Broken, breaks, drawn
from tests.whole import LIBRARY, checked

HOW_MANY, SEED, PARTS = 200, 4, 4
EFFORT = 60_000  #: for one search
DRAWS = 12  #: for one claim
GOOD = ("identical", "equivalent")


@dataclass(frozen=True)
class Trial:
    claim: str
    broken: Broken
    verdict: Verdict
    outcome: str
    seconds: float


def claims(rng: random.Random) -> Iterator[tuple[str, Task]]:
    """Claims accepted as proved, by section in turn, at random within each."""
    accepted = {v.id: v.verdict for v in checked().verdicts}
    whole = (*LIBRARY.equations, *LIBRARY.passages)
    tasks = {t.equation.number: t for t in tasks_for(LIBRARY, whole) if t.comparison is None}
    sections: dict[str, list[str]] = {}
    for claim, status in accepted.items():
        if status is Status.PROVED and claim.split("#")[0] in tasks:
            task = tasks[claim.split("#")[0]]
            link = split(task.equation.latex)[int(claim.split("#")[1]) - 1]
            before = [accepted.get(f"{task.equation.number}#{k}") for k in range(1, int(claim.split("#")[1]))]
            sound = WRONG.isdisjoint(before) and not any(b is None for b in before)
            if sound and link.relation in "=~≈∝" and len(link.right.tokens) > 1 and not link.right.dots:
                sections.setdefault(task.equation.section.split(".")[0], []).append(claim)
    while True:
        section = rng.choice([s for s, found in sorted(sections.items()) for _ in found])
        claim = rng.choice(sections[section])
        yield claim, tasks[claim.split("#")[0]]


def trials(how_many: int, seed: int) -> Iterator[Trial]:
    rng = random.Random(seed)
    judge = Judge(LIBRARY)
    seen: set[str] = set()
    found = 0
    for claim, task in claims(rng):
        if found >= how_many:
            break
        for broken in islice(drawn(task.equation.latex, int(claim.split("#")[1]), rng), DRAWS):
            if broken.latex in seen:
                continue
            seen.add(broken.latex)
            trial = tried(judge, claim, task, broken)
            if trial is not None:
                found += 1
                yield trial
                break


def tried(judge: Judge, claim: str, task: Task, broken: Broken) -> Trial | None:
    """What becomes of a broken line; None where it is true all the same or can't be read."""
    start = time.process_time()
    ordinal = int(claim.split("#")[1])
    try:
        if len(split(broken.latex)) != len(split(task.equation.latex)):
            return None
        verdict = judged(judge, task, ordinal, alone(broken.latex, ordinal))
    except Unreadable:
        return None
    if verdict.read is None or verdict.verdict not in WRONG | {Status.UNDECIDED}:
        return None
    if verdict.correction is not None and verdict.correction.read.startswith(rf"{verdict.printed_rhs} \quad ("):
        return None  # true as printed, under a condition
    return Trial(claim, broken, verdict, outcome(judge, task, ordinal, broken, verdict), time.process_time() - start)


def judged(judge: Judge, task: Task, ordinal: int, latex: str) -> Verdict:
    """The verdict on one sign, with the side before it and what the entry says of it."""
    entry = LIBRARY.entries[task.equation.number]
    signed: dict[str, Any] = {
        name: _only(getattr(entry, name), ordinal) for name in ("relations", "nearest", "defines", "refined")
    }
    before = task.before if split(latex)[0].left is None else None
    return judge.entry(replace(task.equation, latex=latex), replace(entry, **signed), before)[0].verdict


def _only(said: Any, ordinal: int) -> Any:
    """What is said of one sign, as said of the first."""
    if isinstance(said, tuple):
        return tuple(1 if k else 0 for k in said if k in (0, ordinal))
    return {1: said[ordinal]} if ordinal in said else {}


def alone(latex: str, ordinal: int) -> str:
    """A sign with its two sides, cut out of a display."""
    link = split(latex)[ordinal - 1]
    start = link.left.tokens[0].start if link.left is not None else 0
    return latex[start : link.right.tokens[-1].end]


def spelled(latex: str) -> list[str]:
    """The tokens of a side, whatever its spacing and braces around one token."""
    out = [t.text for t in tokenize(latex)]
    for k in range(len(out) - 3, -1, -1):
        if out[k] == "{" and out[k + 2] == "}":
            out[k : k + 3] = [out[k + 1]]
    return out


def outcome(judge: Judge, task: Task, ordinal: int, broken: Broken, verdict: Verdict) -> str:
    if verdict.correction is None:
        return "none"
    read = verdict.correction.read
    if r"\text" in read and r"\text" not in broken.was:
        return "words"
    if spelled(read) == spelled(broken.was):
        return "identical"
    entry = LIBRARY.entries[task.equation.number]
    if verdict.relation == "=" and not entry.cases:
        try:
            mine, was = (judge.full(read_latex(x, entry.notation), entry) for x in (read, broken.was))
        except Unreadable:
            return "wrong"
        if judge.decider.proves_equal(mine, was, entry):
            return "equivalent"
    side = split(broken.latex)[ordinal - 1].right
    mended = broken.latex[: side.tokens[0].start] + read + broken.latex[side.tokens[-1].end :]
    try:
        again = judged(judge, task, ordinal, alone(mended, ordinal))
    except (Unreadable, IndexError):
        return "wrong"
    return "equivalent" if again.verdict is Status.PROVED else "wrong"


@contextmanager
def hurried() -> Iterator[None]:
    """Less time for one search, and no tables of numbers far out beside a refutation: nobody reads them here."""

    def none(*_: Any) -> Any:
        raise NoNumber("not asked for")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nearest, "EFFORT", EFFORT)
        patch.setattr(deciding, "quotient_table", none)
        patch.setattr(deciding, "far_opinion", lambda *_: "")
        yield


@pytest.mark.parametrize("part", range(PARTS))
def test_right_equations_broken_at_random(part: int) -> None:
    """At least 90 % of the broken equations get a correction equivalent to the original, and none a wrong one."""
    with hurried():
        found = list(trials(HOW_MANY // PARTS, SEED + part))
    assert len(found) == HOW_MANY // PARTS
    assert not [(t.claim, t.broken.side, t.verdict.correction) for t in found if t.outcome == "wrong"], table(found)
    assert sum(t.outcome in GOOD for t in found) >= 0.9 * len(found), table(found)


def test_a_wrong_correction_would_be_seen() -> None:
    """The yardstick itself: a side that is not the original is neither identical nor equivalent."""
    whole = {t.equation.number: t for t in tasks_for(LIBRARY, LIBRARY.equations) if t.comparison is None}
    task, judge = whole["3.2"], Judge(LIBRARY)
    (found,) = [b for b in breaks(task.equation.latex, 1)["sign"] if b.side.startswith("-")]
    verdict = judged(judge, task, 1, found.latex)
    assert verdict.correction is not None and outcome(judge, task, 1, found, verdict) == "identical"
    for read, expected in (
        (found.side, "wrong"),
        (f"{found.was} + K - K", "equivalent"),
        (rf"{found.was} + \nu", "wrong"),
    ):
        other = replace(verdict, correction=replace(verdict.correction, read=read))
        assert outcome(judge, task, 1, found, other) == expected


def table(found: list[Trial]) -> str:
    by_kind: dict[str, Counter[str]] = {}
    for t in found:
        by_kind.setdefault(t.broken.kind, Counter())[t.outcome] += 1
        by_kind.setdefault("all", Counter())[t.outcome] += 1
    names = sorted({t.outcome for t in found})
    rows = [f"{'':16}" + "".join(f"{n:>12}" for n in names)]
    rows += [f"{k:16}" + "".join(f"{c[n]:12}" for n in names) for k, c in sorted(by_kind.items())]
    return "\n".join(rows)


if __name__ == "__main__":
    words = [w for w in sys.argv[1:] if w != "-v"]
    numbers = [int(w) for w in words]
    how_many, seed = (*numbers, *(HOW_MANY, SEED)[len(numbers) :])
    found = []
    with hurried():
        for t in trials(how_many, seed):
            found.append(t)
            if "-v" in sys.argv:
                read = t.verdict.correction.read if t.verdict.correction else None
                print(f"{t.claim} {t.broken.kind}: {t.outcome} ({t.seconds:.2f} s) {t.verdict.verdict.value}")
                print(f"   was  {t.broken.was}\n   now  {t.broken.side}\n   read {read}", flush=True)
    print(table(found))
    print(f"{sum(t.seconds for t in found):.0f} s for the {len(found)} judged")
