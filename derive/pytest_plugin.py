"""A pytest plugin: ``pytest --derive theorems.zhang2024`` has an item per claim, which fails where a verdict changed.

Nothing heavy is imported before the option is given. Collecting judges nothing: the claims are read off the relation
signs and the lock. An equation is judged once, when the first of its items runs, in another process with bounded
memory; without pytest-xdist all equations that were selected are handed out then, to as many processes as there are
cores. With it, each worker judges what it is given, and the items of one equation go to one worker.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from derive.errors import Conflict, DeriveError

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor
    from pathlib import Path

    from derive.runner import Done, Task

MARK = "derive"
_PAPERS = pytest.StashKey["list[Paper]"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("derive", "verdicts of a paper's library")
    group.addoption(
        "--derive",
        action="append",
        default=[],
        metavar="MODULE",
        help="an item per claim of this paper's library, such as theorems.zhang2024, which fails where the verdict is "
        "not the one in its verdicts.lock (may be repeated); on the command line without paths: nothing else is run",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", f"{MARK}: a claim of a paper, see --derive")
    modules = config.getoption("--derive")
    if not modules:
        return
    try:
        config.stash[_PAPERS] = [Paper(name) for name in dict.fromkeys(modules)]
    except DeriveError as e:
        raise pytest.UsageError(f"--derive: {e}") from None
    given = (word.partition("=")[0] for word in config.invocation_params.args)
    if "--derive" in given and config.args_source is not pytest.Config.ArgsSource.ARGS:
        config.option.derive_alone = True  # an option, so that it gets to the workers of pytest-xdist as well
    if getattr(config.option, "derive_alone", False):
        config.args = []


def pytest_unconfigure(config: pytest.Config) -> None:
    for paper in config.stash.get(_PAPERS, []):
        paper.close()


def pytest_report_header(config: pytest.Config) -> list[str]:
    papers = config.stash.get(_PAPERS, [])
    only = " (nothing else; name paths to run tests as well)" if getattr(config.option, "derive_alone", False) else ""
    return [f"derive: {', '.join(p.name for p in papers)}{only}"] if papers else []


@pytest.hookimpl(tryfirst=True)  # before -k, -m and the like choose among the items
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    for paper in config.stash.get(_PAPERS, []):
        node = PaperNode.from_parent(session, name=paper.name, nodeid=paper.name, paper=paper)
        items.extend(session.genitems(node))


def pytest_collection_finish(session: pytest.Session) -> None:
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    for item in session.items:
        if isinstance(item, ClaimItem):
            item.paper.wanted.add(item.equation)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep an equation together where pytest-xdist would hand out its items one by one."""
    if not config.stash.get(_PAPERS, []) or config.getoption("dist") not in ("load", "loadgroup"):
        return None
    from xdist.scheduler import LoadGroupScheduling

    own = tuple(f"{paper.name}::" for paper in config.stash[_PAPERS])

    class Equations(LoadGroupScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return nodeid.partition("#")[0] if nodeid.startswith(own) else str(super()._split_scope(nodeid))

    return Equations(config, log)


class Paper:
    """A library, its lock, and the verdicts found so far."""

    def __init__(self, name: str) -> None:
        from derive.differences import Advice
        from derive.library import load
        from derive.lock import place, read
        from derive.runner import claims_of, tasks_for

        self.name = name
        self.library = load(name)
        self.advice = Advice(self.library)
        self.accepted = read(place(self.library), self.advice.record)
        tasks = tasks_for(self.library, (*self.library.equations, *self.library.passages))
        self.tasks: dict[str, Task] = {t.equation.number: t for t in tasks if t.comparison is None}
        printed = [claim for t in tasks for claim in claims_of(t)]
        self.claims = list(dict.fromkeys((*printed, *self.accepted)))
        self.wanted: set[str] = set()  #: equations that will be asked for, where that is known
        self._done: dict[str, Done] = {}
        self._waiting: dict[str, Future[dict[str, Any]]] = {}
        self._pool: ProcessPoolExecutor | None = None

    def judged(self, number: str) -> Done:
        """The verdicts of an equation.

        Raises
        ------
        Conflict
            A proof and the numbers disagree.
        """
        if number not in self._done:
            from derive import cache
            from derive.runner import finished, key

            known = cache.get(key(self.tasks[number]))
            self._done[number] = finished(known if known is not None else self._in_worker(number))
        return self._done[number]

    def _in_worker(self, number: str) -> dict[str, Any]:
        from concurrent.futures.process import BrokenProcessPool

        from derive.runner import lost

        for last in (False, True):
            if number not in self._waiting:
                self._hand_out({number} if last else {number, *self.wanted})
            try:
                return self._waiting.pop(number).result()
            except BrokenProcessPool:  # one that wants too much takes those beside it along, which get another try
                self.close()
                self.wanted.clear()
        return lost(self.tasks[number])

    def _hand_out(self, numbers: set[str]) -> None:
        from concurrent.futures import ProcessPoolExecutor

        from derive.runner import judge, limited

        if self._pool is None:
            workers = 1 if "PYTEST_XDIST_WORKER" in os.environ else os.cpu_count() or 1
            self._pool = ProcessPoolExecutor(max(1, min(workers, len(numbers))), initializer=limited)
        for number, task in self.tasks.items():
            if number in numbers and number not in self._done and number not in self._waiting:
                self._waiting[number] = self._pool.submit(judge, task)

    def close(self) -> None:
        """End the processes, at once: after -x or Ctrl-C nobody waits for what is left."""
        pool, self._pool = self._pool, None
        self._waiting.clear()
        if pool is None:
            return
        workers = list((getattr(pool, "_processes", None) or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in workers:
            worker.terminate()


class PaperNode(pytest.Collector):
    """A paper's library, with a claim per item."""

    def __init__(self, *, paper: Paper, **more: Any) -> None:
        super().__init__(**more)
        self.paper = paper

    def collect(self) -> Iterator[ClaimItem]:
        for claim in self.paper.claims:
            nodeid = f"{self.nodeid}::{claim}"
            yield ClaimItem.from_parent(self, name=claim, nodeid=nodeid, paper=self.paper)


class ClaimItem(pytest.Item):
    """One relation sign of the paper."""

    def __init__(self, *, paper: Paper, **more: Any) -> None:
        super().__init__(**more)
        self.paper, self.equation = paper, self.name.partition("#")[0]
        self.add_marker(MARK)

    def setup(self) -> None:
        """Judge the equation, so that an engine bug is an error of the item and no failure."""
        try:
            if self.equation in self.paper.tasks:
                self.paper.judged(self.equation)
        except Conflict as e:
            pytest.fail(f"conflict, an engine bug: {e}. Please report it; no verdict was reached.", pytrace=False)
        except DeriveError as e:
            pytest.fail(str(e), pytrace=False)

    def runtest(self) -> None:
        from derive.differences import difference

        done = self.paper.judged(self.equation) if self.equation in self.paper.tasks else None
        found = next((v for v in done.verdicts if v.id == self.name), None) if done is not None else None
        differs = difference(self.name, self.paper.accepted.get(self.name), found)
        if differs is not None:
            raise _Differs(self.paper.advice.told(differs))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        return str(excinfo.value) if isinstance(excinfo.value, _Differs) else super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[os.PathLike[str] | str, int | None, str]:
        place: tuple[Path, int] | None = self.paper.advice.place(self.equation)
        return (place[0], place[1] - 1, self.name) if place else (self.path, None, self.name)


class _Differs(Exception):
    """A verdict that is not the accepted one, told in full."""
