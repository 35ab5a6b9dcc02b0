"""Every energy with every initializer: worked out in other processes, each pair under a limit of time."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any, TypeVar

from derive.errors import Conflict, DeriveError
from derive.library import catalogue
from derive.theory.order import Ordering, by_energy, by_initializer
from derive.theory.pair import temperature

SECONDS = 20  # of processor time for one pair

Pair = tuple[str, str]


@dataclass(frozen=True)
class Cell:
    """One pair of the grid, as plain data."""

    energy: str
    initializer: str
    verdict: str
    exact: str | None
    asymptotic: str | None
    condition: str | None
    reason: str
    kind: str | None = None
    diverges: bool = False
    digits: float | None = None  #: to which quadrature of the original integral agrees
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        names = ("energy", "initializer", "verdict", "exact", "asymptotic", "condition", "reason")
        return {n: getattr(self, n) for n in names}


def PAIRS() -> list[Pair]:
    """The pairs of the installed catalogue, energy by energy."""
    known = catalogue()
    return [(e, i) for e in known.energies for i in known.initializers]


class _TimeLimit(Exception):
    pass


def _alarm(signum: int, frame: Any) -> None:
    raise _TimeLimit


def cell(pair: Pair) -> Cell:
    """One cell; what can't be worked out is undecided, with the reason."""
    import time

    energy, initializer = pair
    known = catalogue()
    previous = signal.signal(signal.SIGPROF, _alarm)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    start = time.perf_counter()
    why = ""
    try:
        t = temperature(known.energies[energy], known.initializers[initializer])
        digits = min((c.digits for c in t.checks if c.digits), default=None)
        return Cell(
            **t.as_json(), kind=t.kind, diverges=t.exact is None, digits=digits, seconds=time.perf_counter() - start
        )
    except _TimeLimit:
        why = f"no result within {SECONDS} seconds of processor time"
    except (MemoryError, RecursionError) as e:
        why = f"the formula is too large ({type(e).__name__})"
    except Conflict:
        raise
    except DeriveError as e:
        why = str(e)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, previous)
    return Cell(
        energy,
        initializer,
        "undecided",
        None,
        None,
        None,
        f"Undecided: {why.rstrip(chr(46))}.",
        seconds=time.perf_counter() - start,
    )


def _row(pairs: Sequence[Pair]) -> list[Cell]:
    return [cell(p) for p in pairs]


def grid(pairs: Sequence[Pair], jobs: int = 1, advance: Callable[[str], None] | None = None) -> list[Cell]:
    """All cells, in the order of the pairs.

    Raises
    ------
    Conflict
        A formula and the quadrature of what it stands for disagree somewhere.
    """
    # one task an initializer: its law is worked out once
    rows = [[p for p in pairs if p[1] == i] for i in dict.fromkeys(i for _, i in pairs)]
    done: dict[Pair, Cell] = {}
    for row, cells in _spread(_row, rows, jobs):
        for p, c in zip(row, cells, strict=True):
            done[p] = c
            if advance:
                advance(" × ".join(p))
    return [done[p] for p in pairs]


def orderings(jobs: int = 1, advance: Callable[[str], None] | None = None) -> list[Ordering]:
    """The temperatures in order: every initializer with all energies, then every energy with all initializers."""
    known = catalogue()
    tasks = [*(("initializer", i) for i in known.initializers), *(("energy", e) for e in known.energies)]
    done = {}
    for task, found in _spread(_ordering, tasks, jobs):
        done[task] = found
        if advance:
            advance(task[1])
    return [done[t] for t in tasks]


def _ordering(task: tuple[str, str]) -> Ordering:
    fixed, name = task
    return by_initializer(name) if fixed == "initializer" else by_energy(name)


Task, Found = TypeVar("Task"), TypeVar("Found")


def _spread(work: Callable[[Task], Found], tasks: Sequence[Task], jobs: int) -> Iterator[tuple[Task, Found]]:
    """Each task with what was found, as it is done; in other processes where there are several jobs."""
    from derive.runner import limited

    if jobs == 1 or len(tasks) < 2:
        yield from ((t, work(t)) for t in tasks)
        return
    pool = ProcessPoolExecutor(min(jobs, len(tasks)), initializer=limited)
    try:
        waiting = {pool.submit(work, t): t for t in tasks}
        for future in as_completed(waiting):
            yield waiting[future], future.result()
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()
