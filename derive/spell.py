"""A limit of processor time for a part of the work, which is then given up and the rest goes on."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Expired(BaseException):  # no rule may take it for a refusal of its own
    """The time is up."""


def _ring(signum: int, frame: Any) -> None:
    raise Expired


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Leave the block after so many seconds of the process's own time; without effect outside the main thread.

    >>> with at_most(0.05):
    ...     while True:
    ...         pass
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = signal.signal(signal.SIGVTALRM, _ring)
    before = signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    except Expired:
        pass
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, *before)
        signal.signal(signal.SIGVTALRM, previous)
