"""What a job of GitHub Actions shows: an annotation at the line to mend, and a summary on the job's page.

A line of output that starts with two colons is a command to the runner, as is ``##[…]`` anywhere in one. So foreign
text is put out while commands are stopped (`reports.clean.inert`), and escaped where it stands in a command of ours.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

from derive.differences import Advice, Difference
from derive.verdict import Checked
from reports import words
from reports.clean import clean
from reports.engine import render
from reports.markdown import escape

#: GitHub shows ten annotations of one step.
MOST_ANNOTATIONS = 10
#: Rows of the summary, whose size is bounded as well.
MOST_ROWS = 100


def commands(found: Sequence[Difference], advice: Advice, environment: Mapping[str, str]) -> list[str]:
    """An ``::error`` command for each difference, the last of ten for all the others.

    Parameters
    ----------
    found
        What differs from the lock.
    advice
        Where each is to be mended, and how.
    environment
        GITHUB_WORKSPACE in it is the folder that paths start from.
    """
    each = len(found) if len(found) <= MOST_ANNOTATIONS else MOST_ANNOTATIONS - 1
    lines = []
    for d in found[:each]:
        place = _place(advice.place(d.equation), environment)
        lines.append(command(advice.told(d), **place, title=f"derive {d.claim}: {d.expected}, {d.got}"))
    if rest := found[each:]:
        told = "\n".join(str(d) for d in rest[:MOST_ROWS])
        lines.append(command(told, title=f"derive: {len(rest)} more verdicts differ from the lock"))
    return lines


def command(message: str, **properties: str) -> str:
    r"""One ``::error`` command, on one line whatever it is made of.

    >>> command("50 %\n::warning::x", file="a,b.py", line="3", title="(3.9): no")
    '::error file=a%2Cb.py,line=3,title=(3.9)%3A no::50 %25%0A::warning::x'
    """
    listed = ",".join(f"{k}={_escaped(v).replace(':', '%3A').replace(',', '%2C')}" for k, v in properties.items())
    return f"::error {listed}::{_escaped(message)}" if listed else f"::error::{_escaped(message)}"


def _escaped(text: str) -> str:
    return "%0A".join(clean(line.replace("%", "%25")) for line in text.split("\n"))


def _place(place: tuple[Path, int] | None, environment: Mapping[str, str]) -> dict[str, str]:
    """File and line as GitHub wants them; nothing where the file is not part of the repository."""
    if place is None:
        return {}
    base = Path(environment.get("GITHUB_WORKSPACE") or ".").resolve()
    try:
        return {"file": place[0].resolve().relative_to(base).as_posix(), "line": str(place[1])}
    except ValueError:
        return {}


def summary(checked: Checked, found: Sequence[Difference], advice: Advice) -> str:
    """The job's summary, in Markdown."""
    counts = checked.summary()["by_verdict"]
    return render(
        "job.md", lambda text: escape(clean(text)), {},
        document=checked.document, title=checked.title, claims=len(checked.verdicts),
        counts=[(badge, counts[status.value]) for status, badge in words.BADGES.items()],
        found=found[:MOST_ROWS], more=len(found[MOST_ROWS:]), number=len(found),
        todo=advice.todo([d.equation for d in found]) if found else (),
    )  # fmt: skip


def tell(
    checked: Checked, found: Sequence[Difference], advice: Advice, stream: TextIO, environment: Mapping[str, str]
) -> None:
    """Put out the annotations, and add the summary to the file that GITHUB_STEP_SUMMARY names."""
    for line in commands(found, advice, environment):
        print(line, file=stream, flush=True)
    place = environment.get("GITHUB_STEP_SUMMARY")
    if not place:
        return
    try:
        with open(place, "a", encoding="utf-8", errors="replace") as file:  # shared by all commands of the step
            file.write(summary(checked, found, advice) + "\n")
    except OSError as e:
        print(f"derive: the job's summary can't be written ({e.strerror}).", file=sys.stderr)
