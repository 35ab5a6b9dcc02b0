"""Finding a paper's library by its name, or by the module that holds it."""

from __future__ import annotations

import importlib
import importlib.util
import os
import pkgutil
import sys
from typing import TYPE_CHECKING

from derive.errors import DeriveError

if TYPE_CHECKING:
    from derive.claim import Library

_HOME = "theorems"


def documents() -> list[str]:
    """Names of the papers that are installed."""
    found = importlib.import_module("theorems")
    return sorted(m.name for m in pkgutil.iter_modules(found.__path__) if m.ispkg and m.name != "catalogue")


def load(name: str) -> Library:
    """The library of a paper.

    Parameters
    ----------
    name
        An installed paper, such as ``zhang2024`` or ``theorems.zhang2024``; or a module of one's own that holds a
        `Library` called LIBRARY, such as ``mypackage.mypaper``, which may lie in the current folder.

    Raises
    ------
    DeriveError
        No paper of that name is installed, or the module holds none.
    """
    known = documents()
    short = name.removeprefix(f"{_HOME}.")
    if short in known:
        library: Library = importlib.import_module(f"theorems.{short}").LIBRARY
        return library
    return _in_module(name, known)


def _in_module(name: str, known: list[str]) -> Library:
    from derive.claim import Library

    unknown = f"No document is called {name!r}; the installed ones are: {', '.join(known)}"
    parts = name.split(".")
    if not all(p.isidentifier() for p in parts) or parts[0] in sys.stdlib_module_names:
        raise DeriveError(f"{unknown}.")
    if os.getcwd() not in sys.path:
        sys.path.append(os.getcwd())  # last, so that nothing there stands in for what is installed
    try:
        module = importlib.import_module(name)
    except DeriveError:
        raise
    except ModuleNotFoundError as e:
        if e.name is not None and f"{name}.".startswith(f"{e.name}."):
            own = "a library of your own is named by its module, as in mypackage.mypaper"
            raise DeriveError(f"{unknown}; {own}.") from None
        raise DeriveError(f"{name} can't be imported, since it needs {e.name}: install that.") from None
    except Exception as e:
        raise DeriveError(f"{name} can't be imported ({type(e).__name__}: {e}): mend it.") from None
    library = getattr(module, "LIBRARY", None)
    if not isinstance(library, Library):
        raise DeriveError(f"{name} is no paper's library: it has no derive.claim.Library called LIBRARY.")
    library.known_as = name
    return library
