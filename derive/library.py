"""Finding a paper's library, by its name or the module that holds it, and the catalogue's entries by their names."""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import os
import pkgutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from derive.errors import DeriveError

if TYPE_CHECKING:
    from derive.claim import Library
    from derive.system import Energy, Initializer

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


@dataclass(frozen=True)
class Catalogue:
    """Energies and initializers by name: those that come with the program, and those of installed packages."""

    energies: Mapping[str, Energy]
    initializers: Mapping[str, Initializer]
    aliases: Mapping[str, str]

    def energy(self, name: str) -> Energy:
        """The energy of a name.

        Raises
        ------
        DeriveError
            There is none; the nearest name is said.
        """
        return _named("energy", name, self.energies, self.aliases)

    def initializer(self, name: str) -> Initializer:
        """The initializer of a name; see `energy`."""
        return _named("initializer", name, self.initializers, self.aliases)

    def called(self, capitals: str) -> Energy | Initializer | None:
        """The entry of a name in capitals: `CrossEntropy` is cross_entropy."""
        plain = capitals.lower()
        for name in (*self.energies, *self.initializers, *self.aliases):
            if name.replace("_", "") == plain:
                real = self.aliases.get(name, name)
                return self.energies.get(real) or self.initializers.get(real)
        return None


def _named(kind: str, name: str, known: Mapping[str, Any], aliases: Mapping[str, str]) -> Any:
    plain = name.strip().lower().replace("-", "_")
    found = known.get(plain) or known.get(aliases.get(plain, plain))
    if found is None:
        near = difflib.get_close_matches(plain, [*known, *aliases], 1, 0.5)
        meant = f"; did you mean {near[0]}?" if near else ""
        raise DeriveError(f"No {kind} is called {name[:60]!r}; there are {', '.join(sorted(known))}{meant or '.'}")
    return found


@cache
def catalogue() -> Catalogue:
    """The installed catalogue: the program's own, then entry points of the group `derive.catalogue`.

    An entry point names a module (or anything) with mappings `ENERGIES` and `INITIALIZERS`, either one optional.
    """
    energies = importlib.import_module("theorems.catalogue.energies")
    initializers = importlib.import_module("theorems.catalogue.initializers")
    found: tuple[dict[str, Any], dict[str, Any]] = (dict(energies.ENERGIES), dict(initializers.INITIALIZERS))
    aliases = {**energies.ALIASES, **initializers.ALIASES}
    for point in sorted(entry_points(group="derive.catalogue"), key=lambda p: p.name):
        try:
            module = point.load()
        except Exception as e:  # another's package: said, and left out
            why = f"{type(e).__name__}: {e}"
            raise DeriveError(f"The catalogue {point.name} ({point.value}) can't be loaded: {why}.") from None
        for mine, name in zip(found, ("ENERGIES", "INITIALIZERS"), strict=True):
            for key, entry in getattr(module, name, {}).items():
                if mine.setdefault(key, entry) is not entry:
                    raise DeriveError(
                        f"The catalogue {point.name} declares {key}, which there is already: choose another name."
                    )
        aliases.update(getattr(module, "ALIASES", {}))
    return Catalogue(*found, aliases)
