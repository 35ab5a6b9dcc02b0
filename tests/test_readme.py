"""What README.md says is so: its counts, its code, its commands.

To bring the counts and the badge up to date::

    python -m tests.test_readme
"""

from __future__ import annotations

import doctest
import json
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from derive.cli import _parser
from reports.badge import badge

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
BADGE = ROOT / "theorems" / "zhang2024" / "badge.svg"
TEXT = README.read_text(encoding="utf-8")
COUNTS = re.compile(r"(?<=<!-- counts: a test compares this table with that command -->\n).*?(?=<!-- end)", re.DOTALL)


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)


@cache
def found() -> dict[str, Any]:
    """What the command that the README names writes."""
    command = [sys.executable, "-m", "derive", "check", "zhang2024", "--json", "-"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    data: dict[str, Any] = json.loads(done.stdout)
    return data


def counts() -> str:
    """The table of counts."""
    summary = found()["summary"]
    named = {
        "equations": "numbered equations",
        "not_judged": "of these not judged yet",
        "claims": "claims (relation signs judged)",
        "read_from_print": "claims read from the print",
        "encoded": "claims encoded by the library",
    }
    rows = {said: summary[key] for key, said in named.items()} | summary["by_verdict"]
    right = summary["right"]
    rows["of these supported: cross-references looked up in the print"] = right["looked_up"]
    for key, said in (("proved", "proved"), ("proved_in_general", "proved in general")):
        share = f"{100 * right[key] / right['claims']:.1f} %"
        rows[f"of the right claims of mathematics (proved or supported), {said}"] = share
    return "| | |\n|---|---:|\n" + "".join(f"| {said} | {number} |\n" for said, number in rows.items())


def test_the_counts_are_current() -> None:
    (table,) = COUNTS.findall(TEXT)
    assert table == counts(), "run: python -m tests.test_readme"


def test_the_badge_is_current() -> None:
    assert BADGE.read_bytes() == badge(found()), "run: python -m tests.test_readme"
    assert f"]({BADGE.relative_to(ROOT).as_posix()})" in TEXT


@pytest.mark.parametrize("code", blocks("python"))
def test_code_is_copied_from_the_library(code: str) -> None:
    before = TEXT[: TEXT.index(code)]
    source = re.findall(r"`(theorems/[\w/]+\.py)`", before)[-1]
    assert code in (ROOT / source).read_text(encoding="utf-8"), source
    assert len(code.splitlines()) <= 10


@pytest.mark.parametrize("code", blocks("pycon"))
def test_what_is_typed_gives_what_is_shown(code: str) -> None:
    typed = doctest.DocTestParser().get_doctest(code, {}, "README.md", "README.md", 0)
    runner = doctest.DocTestRunner()
    runner.run(typed)
    assert (runner.failures, runner.tries) == (0, len(typed.examples)) and typed.examples


@pytest.mark.parametrize("line", re.findall(r"^(?:.* )?derive .*", "\n".join(blocks("sh")), re.MULTILINE))
def test_commands_are_understood(line: str) -> None:
    words = shlex.split(line, comments=True)
    last = len(words) - 1 - words[::-1].index("derive")
    options = _parser().parse_args(words[last + 1 :])
    assert getattr(options, "document", None) in {"zhang2024", None}  # None where a command needs none, or finds it


def test_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+)", "\n".join(blocks("sh")), re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_pictures_and_links_exist_and_no_machine_shows() -> None:
    for place in re.findall(r"\]\((?!https?:)([^)#]+)\)", TEXT):
        assert (ROOT / place).is_file(), place
        assert (ROOT / place).stat().st_size < 300_000
    assert not re.search(r"/work/|/tmp/|/root/|/home/|localhost|pypi\.|\.internal", TEXT)


if __name__ == "__main__":
    README.write_text(COUNTS.sub(lambda _: counts(), TEXT), encoding="utf-8")
    BADGE.write_bytes(badge(found()))
