"""Finding a paper's library by its name."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from typing import TYPE_CHECKING

from derive.errors import DeriveError

if TYPE_CHECKING:
    from derive.claim import Library


def documents() -> list[str]:
    """Names of the papers that are installed."""
    found = importlib.import_module("theorems")
    return sorted(m.name for m in pkgutil.iter_modules(found.__path__) if m.ispkg and m.name != "catalogue")


def load(name: str) -> Library:
    """The library of a paper.

    Raises
    ------
    DeriveError
        No paper of that name is installed.
    """
    known = documents()
    if name not in known:
        raise DeriveError(f"No document is called {name!r}; the installed ones are: {', '.join(known)}.")
    library: Library = importlib.import_module(f"theorems.{name}").LIBRARY
    return library
