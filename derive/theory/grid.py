"""Every energy with every initializer: worked out in other processes, each pair under a limit of time."""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

from derive.errors import Conflict, DeriveError
from derive.library import catalogue
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
    from derive.runner import limited

    done: dict[Pair, Cell] = {}
    tell = advance or (lambda name: None)
    # one task an initializer: its law is worked out once
    rows = [[p for p in pairs if p[1] == i] for i in dict.fromkeys(i for _, i in pairs)]
    if jobs == 1 or len(rows) < 2:
        for p in pairs:
            done[p] = cell(p)
            tell(" × ".join(p))
        return [done[p] for p in pairs]
    pool = ProcessPoolExecutor(min(jobs, len(rows)), initializer=limited)
    try:
        from concurrent.futures import as_completed

        waiting = {pool.submit(_row, row): row for row in rows}
        for future in as_completed(waiting):
            for p, c in zip(waiting[future], future.result(), strict=True):
                done[p] = c
                tell(" × ".join(p))
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()
    return [done[p] for p in pairs]
