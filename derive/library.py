"""Finding a paper's library, and the catalogue's entries, by their names."""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from derive.errors import DeriveError

if TYPE_CHECKING:
    from derive.claim import Library
    from derive.system import Energy, Initializer


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
            raise DeriveError(f"The catalogue {point.name} ({point.value}) can't be loaded: {type(e).__name__}: {e}.") from None
        for mine, name in zip(found, ("ENERGIES", "INITIALIZERS"), strict=True):
            for key, entry in getattr(module, name, {}).items():
                if mine.setdefault(key, entry) is not entry:
                    raise DeriveError(f"The catalogue {point.name} declares {key}, which there is already: choose another name.")
        aliases.update(getattr(module, "ALIASES", {}))
    return Catalogue(*found, aliases)
