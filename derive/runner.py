"""Runs the judge over a paper: in parallel, under limits of time and memory, finished verdicts kept."""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from derive import __version__
from derive import cache as store
from derive.claim import Comparison, Library
from derive.errors import Conflict, DeriveError
from derive.graph import claims, connect
from derive.library import load
from derive.passages import Finding, filled, laws, retold
from derive.verdict import Checked, ConstantRow, Equation, Ranking, Verdict

DERIVING = 5  # seconds at most for the derivations of one equation, beyond those for its verdicts
SECONDS = 25  # of processor time for one equation: a busy machine is no reason to give up
MEMORY = 3 << 30  # bytes, for one worker


@dataclass(frozen=True)
class Task:
    """One display to judge, with the display it may continue."""

    document: str
    equation: Equation
    before: Equation | None
    findings: tuple[Finding, ...] = ()  #: of a cross-reference
    comparison: Comparison | None = None  #: of temperatures, in place of a display
    laws: tuple[tuple[str, str], ...] = ()  #: printed in the copy at hand, by claim

    @property
    def seconds(self) -> int:
        return SECONDS * (4 if self.comparison else 1)  # as many systems as half a section


@dataclass(frozen=True)
class Done:
    """Verdicts of one display, whether each right side has the derived value, and its entropy constants."""

    verdicts: tuple[Verdict, ...]
    agrees: tuple[bool | None, ...]
    constants: tuple[ConstantRow, ...]
    ranking: Ranking | None = None


class _TimeLimit(Exception):
    pass


@cache
def _judge(document: str) -> Any:
    from derive.judging import Judge

    return Judge(load(document))


def _alarm(signum: int, frame: Any) -> None:
    raise _TimeLimit


def limited() -> None:
    """Bound the memory of a worker, so that 10**10**10 ends as a reason and not as a dead machine."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY if hard < 0 else min(MEMORY, hard), hard))


def judge(task: Task) -> dict[str, Any]:
    """Judge one display under a time limit. Returns plain data, so that any executor can carry it."""
    name = key(task)
    known = store.get(name)
    if known is not None:
        return dict(known)
    previous = signal.signal(signal.SIGPROF, _alarm)
    signal.setitimer(signal.ITIMER_PROF, task.seconds)
    try:
        data = _work(task)
    except _TimeLimit:  # what was given up is not kept: another machine may have the time
        return _given_up(task, f"no verdict within {task.seconds} seconds of processor time")
    except (MemoryError, RecursionError) as e:
        return _given_up(task, f"the formula is too large ({type(e).__name__})")
    except (Conflict, DeriveError):
        raise
    except Exception as e:  # one equation must not take the others down; what happened is said, and not kept
        if os.environ.get("DERIVE_TRACEBACK"):
            raise
        print(f"derive: {task.equation.number}: a bug of the engine ({type(e).__name__}: {e}).", file=sys.stderr)
        return _given_up(task, f"a bug of the engine ({type(e).__name__}: {e}); please report it")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, previous)
    store.put(name, data)
    return data


def key(task: Task) -> str:
    """The name of its verdicts in the cache."""
    return store.key(
        task.document,
        task.equation.number,
        task.equation.section,
        task.equation.latex,
        task.before.latex if task.before else "",
        *(repr(f) for f in (*task.findings, *task.laws)),
    )


def _work(task: Task) -> dict[str, Any]:
    if task.comparison is not None:
        return _ordered(task)
    from derive.constants import rows

    j = _judge(task.document)
    found = j.equation(task.equation, task.before)
    entry = j.library.entries[task.equation.number]
    table = rows(task.equation, entry, j.decider)
    verdicts = [x.verdict for x in found]
    if entry.simulate is not None:
        from derive.montecarlo import simulation

        first = verdicts[0]  # its left side is the temperature itself
        verdicts[0] = replace(first, evidence=(*first.evidence, simulation(entry, j.library, j.decider)))
    verdicts = verdicts if task.findings else _with_derivations(j, found, verdicts)
    if task.equation.passage is not None:
        verdicts = retold(task.equation, task.findings, verdicts)
    return {
        "verdicts": [v.as_data() for v in verdicts],
        "agrees": [x.agrees for x in found],
        "constants": [asdict(r) for r in table],
    }


def _with_derivations(j: Any, found: list[Any], verdicts: list[Verdict]) -> list[Verdict]:
    """Verdicts with their derivations. These never cost a verdict: what they take too long for is left out."""
    from derive.derivation import derivation

    stop = time.process_time() + DERIVING
    out = []
    for x, v in zip(found, verdicts, strict=True):
        if x.claimed is not None and time.process_time() < stop:
            try:
                with _aside(2 * DERIVING / 5):
                    v = replace(v, derivation=derivation(j, x.claimed, v))
            except (_TimeLimit, MemoryError, RecursionError):
                pass  # the verdict stands without one
        out.append(v)
    return out


@contextmanager
def _aside(seconds: float) -> Iterator[None]:
    """A time limit of its own, that of the task held back meanwhile."""
    previous = signal.signal(signal.SIGPROF, _alarm)
    left, _ = signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, left)
        signal.signal(signal.SIGPROF, previous)


def _ordered(task: Task) -> dict[str, Any]:
    from derive.ranking import ranking

    assert task.comparison is not None
    found = ranking(task.comparison, _judge(task.document), dict(task.laws))
    return {"verdicts": [], "agrees": [], "constants": [], "ranking": asdict(found)}


def _given_up(task: Task, why: str) -> dict[str, Any]:
    if task.comparison is not None:
        from derive.ranking import unranked

        return {"verdicts": [], "agrees": [], "constants": [], "ranking": asdict(unranked(task.comparison, why))}
    e = task.equation
    verdicts = [
        Verdict(
            id=f"{e.number}#{k}", equation=e.number, section=e.section, relation=sign,
            printed_lhs=a, printed_rhs=b, read=None, reason=f"Undecided: {why}.",
        )
        for k, (a, sign, b) in enumerate(_links(e), 1)
    ]  # fmt: skip
    return {"verdicts": [v.as_data() for v in verdicts], "agrees": [None] * len(verdicts), "constants": []}


def _links(e: Equation) -> list[tuple[str, str, str]]:
    from derive.errors import Unreadable
    from derive.reader.display import split

    try:
        return [(x.left.latex if x.left else "", x.relation, x.right.latex) for x in split(e.latex)]
    except Unreadable:
        return [("", "=", e.latex)]


def claims_of(task: Task) -> tuple[str, ...]:
    """Names of the claims of a task, from the signs of its display alone: nothing is judged."""
    if task.comparison is not None:
        return ()
    return tuple(f"{task.equation.number}#{k}" for k, _ in enumerate(_links(task.equation), 1))


def lost(task: Task) -> dict[str, Any]:
    """What is reported of a display whose worker was killed."""
    return _given_up(task, "the worker died, most likely for want of memory")


def finished(data: dict[str, Any]) -> Done:
    """The record of what `judge` returned as plain data."""
    return Done(
        tuple(store.verdict_from(v) for v in data["verdicts"]),
        tuple(data["agrees"]),
        tuple(store.row_from(r) for r in data["constants"]),
        store.ranking_from(data.get("ranking")),
    )


def run(
    tasks: Iterable[Task],
    jobs: int = 1,
    executor: Executor | None = None,
    progress: Callable[[Task], None] | None = None,
) -> dict[str, Done]:
    """Judge displays, one task each, on any executor that follows concurrent.futures.

    Raises
    ------
    Conflict
        A proof and the numbers disagree somewhere: nothing is reported then.
    """
    tasks = list(tasks)
    done: dict[str, Done] = {}

    def finish(task: Task, data: dict[str, Any]) -> None:
        done[task.equation.number] = finished(data)
        if progress:
            progress(task)

    fresh = []
    for t in tasks:
        known = store.get(key(t))
        if known is not None:
            finish(t, known)
        else:
            fresh.append(t)
    if executor is None and (jobs == 1 or len(fresh) < 2):
        for t in fresh:
            finish(t, judge(t))
        return done
    pool = executor or ProcessPoolExecutor(jobs, initializer=limited)
    try:
        waiting: dict[Future[dict[str, Any]], Task] = {
            pool.submit(judge, t): t
            for t in sorted(fresh, key=lambda t: t.comparison is None)  # the longest first
        }
        for future in as_completed(waiting):
            try:
                finish(waiting[future], future.result())
            except BrokenProcessPool:
                finish(waiting[future], lost(waiting[future]))
    except BaseException:
        if executor is None:
            pool.shutdown(wait=False, cancel_futures=True)
        raise
    if executor is None:
        pool.shutdown()
    return done


def tasks_for(library: Library, equations: Iterable[Equation], numbers: Iterable[str] | None = None) -> list[Task]:
    """Tasks for the equations and passages that the library declares (or the named ones among them)."""
    wanted = set(numbers) if numbers is not None else None
    equations = tuple(equations)
    out, before = [], None
    for e in equations:
        if e.passage is not None:
            asked = e.number in library.entries and (wanted is None or e.number in wanted)
            ready = filled(e, equations, library.equations) if asked else None
            if ready is not None:
                out.append(Task(library.known_as, replace(e, latex=ready.latex), None, ready.findings))
            continue
        if e.number in library.entries and (wanted is None or e.number in wanted):
            out.append(Task(library.known_as, e, before))
        before = e
    if wanted is None:
        for k, c in enumerate(library.comparisons, 1):
            printed = laws((r.claim for r in c.rated), equations)
            if 2 * len(printed) >= len(c.rated):  # a copy with a few equations is no place for it
                place = Equation(number=f"comparison {k}", latex="")
                out.append(Task(library.known_as, place, None, comparison=c, laws=printed))
    return out


def _absent(library: Library, equations: tuple[Equation, ...]) -> tuple[str, ...]:
    """Passages that a copy does not hold, or that speak of displays which it does not hold."""
    paper = library.equations
    here = {e.number for e in equations if e.passage is not None and filled(e, equations, paper) is not None}
    return tuple(e.number for e in library.passages if e.number not in here)


def versions() -> dict[str, str]:
    found = {"derive": __version__}
    for package in ("sympy", "mpmath", "numpy", "python-flint"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def check(
    library: Library, equations: tuple[Equation, ...], source: dict[str, str], *, numbers: Iterable[str] | None = None,
    jobs: int = 1, executor: Executor | None = None, progress: Callable[[Task], None] | None = None,
) -> Checked:  # fmt: skip
    """Check a paper: every declared equation and passage of `equations`, or the named ones."""
    tasks = tasks_for(library, equations, numbers)
    found = run(tasks, jobs, executor, progress)
    passages = tuple(t.equation for t in tasks if t.equation.passage is not None)
    displays = tuple(e for e in equations if e.passage is None)
    order = [e.number for e in equations if e.number in found]
    verdicts = [v for n in order for v in found[n].verdicts]
    agrees = {v.id: a for n in order for v, a in zip(found[n].verdicts, found[n].agrees, strict=True)}
    connected = connect(library, verdicts, agrees)
    return Checked(
        document=library.name, title=library.title, authors=library.authors, source=source, versions=versions(),
        equations=displays,
        verdicts=tuple(connected), not_judged=tuple(e.number for e in displays if e.number not in library.entries),
        passages=passages, absent=_absent(library, equations),
        constants=tuple(r for n in order for r in found[n].constants), edges=tuple(claims(library, connected).edges),
        rankings=tuple(d.ranking for t in tasks if (d := found[t.equation.number]).ranking is not None),
        headings=tuple(library.headings.items()),
    )  # fmt: skip
