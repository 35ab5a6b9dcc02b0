"""verdicts.lock: the verdicts a maintainer has accepted. Only --locked reads it; no verdict is made from it."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

from derive.claim import Library
from derive.errors import DeriveError
from derive.verdict import Checked


def place(library: Library) -> Path:
    module = importlib.import_module(f"theorems.{library.name}")
    return Path(str(module.__file__)).with_name("verdicts.lock")


def write(library: Library, checked: Checked) -> Path:
    """Record the verdicts of a whole run."""
    path = place(library)
    path.write_text(json.dumps(_record(checked), indent=1) + "\n", encoding="utf-8")
    return path


def differences(library: Library, checked: Checked, partial: bool = False) -> list[str]:
    """What differs from the lock, a sentence each; a `partial` run is compared on its own claims only."""
    path = place(library)
    try:
        accepted: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise DeriveError(
            f"{path.name} is missing beside the library of {library.name}: record it with derive check {library.name} --write-lock."
        ) from None
    except ValueError:
        raise DeriveError(
            f"{path.name} beside the library of {library.name} is no JSON: restore it, or record it anew with --write-lock."
        ) from None
    now = _record(checked)
    out = [f"{c}: {accepted[c]} in the lock, {now[c]} now" for c in now if c in accepted and accepted[c] != now[c]]
    out += [f"{c}: not in the lock, {now[c]} now" for c in now if c not in accepted]
    if not partial:
        out += [f"{c}: {accepted[c]} in the lock, no such claim now" for c in accepted if c not in now]
    return out


def _record(checked: Checked) -> dict[str, str]:
    return {v.id: v.verdict.value for v in checked.verdicts}
