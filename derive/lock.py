"""verdicts.lock: the verdicts a maintainer has accepted. It is compared with; no verdict is made from it."""

from __future__ import annotations

import json
import os
from pathlib import Path

from derive.claim import Library
from derive.differences import beside, shown
from derive.errors import DeriveError
from derive.verdict import Checked


def place(library: Library) -> Path:
    """verdicts.lock in the folder of a library, which is its own."""
    path = beside(library, "verdicts.lock")
    if path is None:
        raise DeriveError(f"The library of {library.name} has no folder for a verdicts.lock; install it as a package.")
    return path


def write(path: Path, checked: Checked) -> Path:
    """Record the verdicts of a whole run; the file is whole or as it was."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    record = {v.id: v.verdict.value for v in checked.verdicts}
    try:
        part.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        part.replace(path)
    except OSError as e:
        part.unlink(missing_ok=True)
        raise DeriveError(f"{shown(path)} can't be written ({e.strerror}); make its folder writable.") from None
    return path


def read(path: Path, anew: str) -> dict[str, str]:
    """Claim → accepted verdict; `anew` is the command that records a lock.

    Raises
    ------
    DeriveError
        The file is missing, or does not hold that.
    """
    try:
        accepted = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise DeriveError(f"There is no lock {shown(path)}: record it with {anew}.") from None
    except ValueError:
        accepted = None
    if not isinstance(accepted, dict) or not all(isinstance(v, str) for v in accepted.values()):
        raise DeriveError(f"The lock {shown(path)} is spoilt: restore it, or record it anew with {anew}.")
    return accepted
