"""Finding a paper's library, by its name or the module that holds it, and the catalogue's entries by their names."""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import os
import pkgutil
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from derive.errors import DeriveError

if TYPE_CHECKING:
    from derive.claim import Library
    from derive.system import Activation, Energy, Framework, Initializer

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


#: What a package may declare, by the attributes of the module (or of the Entries) that its entry point names.
KINDS = ("energies", "initializers", "activations", "frameworks")
GROUP = "derive.catalogue"


@dataclass(frozen=True)
class Catalogue:
    """Entries by name: those that come with the program, and those of installed packages."""

    energies: Mapping[str, Energy]
    initializers: Mapping[str, Initializer]
    activations: Mapping[str, Activation]
    frameworks: Mapping[str, Framework]
    aliases: Mapping[str, str]

    def energy(self, name: str) -> Energy:
        """The energy of a name, or of a `module:name` that is installed.

        Raises
        ------
        DeriveError
            There is none; the nearest name is said.
        """
        return self._named("energy", name, self.energies)

    def initializer(self, name: str) -> Initializer | Framework:
        """The initializer of a name, the catalogue's or a framework's; see `energy`."""
        return self._named("initializer", name, {**self.initializers, **self.frameworks})

    def activation(self, name: str) -> Activation:
        """The activation of a name; see `energy`."""
        return self._named("activation", name, self.activations)

    def entry(self, name: str) -> Energy | Initializer | Framework | Activation:
        """The entry of a name, whatever it is."""
        every = {**self.energies, **self.initializers, **self.frameworks, **self.activations}
        return self._named("entry", name, every)

    def called(self, capitals: str) -> Energy | Initializer | Activation | None:
        """The entry of a name in capitals: `CrossEntropy` is cross_entropy."""
        plain = capitals.lower()
        for name in (*self.energies, *self.initializers, *self.activations, *self.aliases):
            if name.replace("_", "") == plain:
                real = self.aliases.get(name, name)
                return self.energies.get(real) or self.initializers.get(real) or self.activations.get(real)
        return None

    def _named(self, kind: str, name: str, known: Mapping[str, Any]) -> Any:
        if ":" in name:
            return _of_kind(kind, _imported(name), name)
        plain = name.strip().lower().replace("-", "_")
        found = known.get(plain) or known.get(self.aliases.get(plain, plain))
        if found is None:  # HeNormal is he_normal
            short = {n.replace("_", ""): n for n in (*self.aliases, *known)}.get(plain.replace("_", ""), plain)
            found = known.get(self.aliases.get(short, short))
        if found is None:
            near = difflib.get_close_matches(plain, [*known, *self.aliases], 1, 0.5)
            meant = f"; did you mean {near[0]}?" if near else "."
            shown = sorted(k for k in known if "." not in k)
            raise DeriveError(f"No {kind} is called {name[:60]!r}; there are {', '.join(shown)}{meant}")
        return found


@contextmanager
def _installed() -> Iterator[None]:
    """Imports find what is installed, not what happens to lie in the folder that `python -m` was started in."""
    before = list(sys.path)
    if not sys.flags.safe_path and before and before[0] in ("", os.getcwd()):
        sys.path[:] = before[1:]
    try:
        yield
    finally:
        sys.path[:] = before


def _imported(name: str) -> Any:
    """What `module:name` names."""
    module, _, inside = name.partition(":")
    parts = [*module.split("."), inside]
    if not all(p.isidentifier() for p in parts) or parts[0] in sys.stdlib_module_names:
        raise DeriveError(f"{name[:60]!r} names no entry: write mypackage.mymodule:name.")
    try:
        with _installed():
            found = importlib.import_module(module)
    except ModuleNotFoundError as e:
        if e.name is not None and f"{module}.".startswith(f"{e.name}."):
            raise DeriveError(
                f"No module {module} is installed (the current folder does not count): install its package, "
                "as with pip install -e FOLDER."
            ) from None
        raise DeriveError(f"{module} can't be imported, since it needs {e.name}: install that.") from None
    except Exception as e:
        raise DeriveError(f"{module} can't be imported ({type(e).__name__}: {e}): mend it.") from None
    if not hasattr(found, inside):
        raise DeriveError(f"{module} holds nothing called {inside}: look at its names.")
    return getattr(found, inside)


def _of_kind(kind: str, found: Any, name: str) -> Any:
    from derive.system import Activation, Energy, Framework, Initializer

    kinds: dict[str, tuple[type, ...]] = {
        "energy": (Energy,), "initializer": (Initializer, Framework), "activation": (Activation,),
        "framework": (Framework,), "entry": (Energy, Initializer, Framework, Activation),
    }  # fmt: skip
    if type(found).__module__.startswith("sympy.stats") and kind in ("initializer", "entry"):
        return Initializer.from_sympy(found, name.partition(":")[2])
    if not isinstance(found, kinds[kind]):
        raise DeriveError(
            f"{name} is no {kind} but a {type(found).__name__}: declare it with derive.entries, as the tutorial does."
        )
    return found


@cache
def catalogue() -> Catalogue:
    """The installed catalogue: the program's own, then entry points of the group `derive.catalogue`.

    An entry point names a `derive.entries.Entries`, a module that holds one as ENTRIES, or a module with mappings
    such as ENERGIES and INITIALIZERS.

    Raises
    ------
    DeriveError
        A package can't be loaded, declares what is no entry, or takes a name that is taken; both packages are said.
    """
    kinds: tuple[dict[str, Any], ...] = tuple({} for _ in KINDS)
    aliases: dict[str, str] = {}
    owner: dict[str, str] = {}
    for name in KINDS:
        _taken_in(importlib.import_module(f"theorems.catalogue.{name}").ENTRIES, "derive", kinds, aliases, owner)
    with _installed():
        for point in sorted(entry_points(group=GROUP), key=lambda p: p.name):
            try:
                found = point.load()
            except Exception as e:  # another's package: said, and nothing is worked out without it
                why = f"{type(e).__name__}: {e}"
                raise DeriveError(
                    f"The catalogue {point.name} ({point.value}) can't be loaded: {why}; mend it or uninstall it."
                ) from None
            _taken_in(getattr(found, "ENTRIES", found), point.name, kinds, aliases, owner)
    energies, initializers, activations, frameworks = kinds
    return Catalogue(energies, initializers, activations, frameworks, aliases)


def _taken_in(
    found: Any, package: str, kinds: tuple[dict[str, Any], ...], aliases: dict[str, str], owner: dict[str, str]
) -> None:
    def claim(name: Any) -> None:
        if not isinstance(name, str) or not re.fullmatch(r"[a-z_][a-z0-9_.]{0,59}", name):
            raise DeriveError(
                f"The catalogue {package} declares {str(name)[:60]!r}, which is no name: take small letters, digits, _."
            )
        if name in owner:
            raise DeriveError(
                f"The catalogue {package} declares {name}, which {owner[name]} declares already: choose another name."
            )
        owner[name] = package

    def part(kind: str) -> Mapping[str, Any]:
        given = getattr(found, kind, None)
        return given if isinstance(given, Mapping) else getattr(found, kind.upper(), {})

    if not any(part(kind) for kind in KINDS):
        raise DeriveError(f"The catalogue {package} declares nothing: its entry point has to name its Entries.")
    for mine, kind in zip(kinds, KINDS, strict=True):
        for name, entry in part(kind).items():
            claim(name)
            mine[name] = _of_kind({"energies": "energy"}.get(kind, kind[:-1]), entry, name)
    for name, meant in part("aliases").items():
        claim(name)
        if not any(meant in mine for mine in kinds):
            raise DeriveError(f"The catalogue {package} calls {meant} {name} as well, and there is no {meant}.")
        aliases[name] = meant
