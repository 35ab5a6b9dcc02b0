"""verdicts.lock: the verdicts a maintainer has accepted. Only --locked reads it; no verdict is made from it."""

from __future__ import annotations

import json
import os
from importlib.util import find_spec
from pathlib import Path

from derive.claim import Library
from derive.errors import DeriveError
from derive.verdict import Checked


def place(library: Library) -> Path:
    """verdicts.lock in the folder of a library."""
    spec = find_spec(f"theorems.{library.name}")
    if spec is None or spec.origin is None:
        raise DeriveError(f"The library of {library.name} has no folder for a verdicts.lock; install it as a package.")
    return Path(spec.origin).with_name("verdicts.lock")


def write(library: Library, checked: Checked) -> Path:
    """Record the verdicts of a whole run; the file is whole or as it was."""
    path = place(library)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_text(json.dumps(_record(checked), indent=1) + "\n", encoding="utf-8")
        part.replace(path)
    except OSError as e:
        part.unlink(missing_ok=True)
        raise DeriveError(f"{path} can't be written ({e.strerror}); make its folder writable.") from None
    return path


def read(library: Library) -> dict[str, str]:
    """Claim → accepted verdict.

    Raises
    ------
    DeriveError
        The file is missing, or does not hold that.
    """
    path = place(library)
    anew = f"derive check {library.name} --write-lock"
    try:
        accepted = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise DeriveError(
            f"{path.name} is missing beside the library of {library.name}: record it with {anew}."
        ) from None
    except ValueError:
        accepted = None
    if not isinstance(accepted, dict) or not all(isinstance(v, str) for v in accepted.values()):
        raise DeriveError(
            f"{path.name} beside the library of {library.name} is spoilt: restore it, or record it anew with {anew}."
        )
    return accepted


def differences(accepted: dict[str, str], checked: Checked, partial: bool = False) -> list[str]:
    """What differs from the lock, a line each; a `partial` run is compared on its own claims only."""
    now = _record(checked)
    out = [f"{c}: {accepted[c]} in the lock, {now[c]} now" for c in now if c in accepted and accepted[c] != now[c]]
    out += [f"{c}: not in the lock, {now[c]} now" for c in now if c not in accepted]
    if not partial:
        out += [f"{c}: {accepted[c]} in the lock, no such claim now" for c in accepted if c not in now]
    return out


def _record(checked: Checked) -> dict[str, str]:
    return {v.id: v.verdict.value for v in checked.verdicts}
