"""Every energy with every initializer: worked out in other processes, each pair under a limit of time."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, fields
from typing import Any, TypeVar

from derive.errors import Conflict, DeriveError
from derive.library import catalogue
from derive.theory.curves import Curve, of_energy
from derive.theory.order import Ordering, by_energy, by_initializer
from derive.theory.pair import temperature
from derive.theory.result import UNDECIDED, Check

SECONDS = 20  # of processor time for one pair
DIGITS = 20  # to which the formula of a decided cell agrees with quadrature of what it stands for

Pair = tuple[str, str]


@dataclass(frozen=True)
class Cell:
    """One pair of the grid, as plain data; see `Temperature` for what the names mean."""

    energy: str
    initializer: str
    verdict: str
    exact: str | None
    asymptotic: str | None
    condition: str | None
    reason: str
    kind: str | None = None
    energy_law: str | None = None
    next_order: str | None = None
    order: str | None = None  #: how T grows with a common scale c, in LaTeX
    entropy: str | None = None
    positive: str | None = None  #: where T > 0
    proved: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    diverges: bool = False
    seconds: float = 0.0

    @property
    def digits(self) -> float | None:
        """To how many digits quadrature of the original integral agrees."""
        return min((c.digits for c in self.checks if c.digits), default=None)

    def as_json(self) -> dict[str, Any]:
        left_out = {"diverges", "seconds"}
        return {
            **{f.name: getattr(self, f.name) for f in fields(self) if f.name not in left_out},
            "proved": list(self.proved), "checks": [asdict(c) for c in self.checks],
        }  # fmt: skip


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
        found = Cell(
            **t.as_json(), kind=t.kind, energy_law=t.energy_law, next_order=t.next_order, order=t.order,
            entropy=t.entropy, positive=t.positive, proved=t.proved, checks=t.checks,
            diverges=t.exact is None and t.verdict != UNDECIDED, seconds=time.perf_counter() - start,
        )  # fmt: skip
        if found.diverges or found.verdict == UNDECIDED or (found.digits or 0) >= DIGITS:
            return found
        agrees = f"agrees to {found.digits:.0f} digits only" if found.digits else "was not worked out"
        why = f"quadrature of the original integral {agrees}, and {DIGITS} are asked for"
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


def curves(jobs: int = 1) -> list[Curve]:
    """The temperatures of all pairs along their scale, at two samples."""
    tasks = list(catalogue().energies)
    done = dict(_spread(of_energy, tasks, jobs))
    return [c for t in tasks for c in done[t]]


def _ordering(task: tuple[str, str]) -> Ordering:
    fixed, name = task
    return by_initializer(name) if fixed == "initializer" else by_energy(name)


Task = TypeVar("Task")
Found = TypeVar("Found")


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
