"""What a build takes from a run: files for its server, and what GitHub shows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from derive.differences import Advice, Difference
from derive.errors import DeriveError
from derive.verdict import Checked
from reports.badge import SUFFIXES, badge
from reports.junit import junit
from reports.write import verdicts_json


def known(flag: str, path: str) -> None:
    """Refuse a file of a kind that `rendered` can't make."""
    if flag == "--badge" and Path(path).suffix not in SUFFIXES:
        raise DeriveError(f"--badge {path} is neither .svg nor .json: name a file with one of these endings.")


def rendered(flag: str, path: str, checked: Checked, found: Sequence[Difference], advice: Advice) -> bytes:
    """The file that an option of the command line asks for."""
    if flag == "--junit":
        return junit(checked, found, advice)
    if flag == "--badge":
        return badge(checked.as_json(), Path(path).suffix)
    return verdicts_json(checked)
