"""The tutorial, followed word for word: its files written, its commands run, its outputs seen."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TUTORIAL = ROOT / "theorems/catalogue/TUTORIAL.md"
BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.M | re.S)


@dataclass(frozen=True)
class Step:
    """One block: a file to write, code to append or to run, commands, or lines that their output holds."""

    kind: str
    text: str


def steps(text: str) -> list[Step]:
    names = {("python", " test"): "run", ("python", ""): "append", ("toml", ""): "pyproject", ("sh", ""): "commands"}
    names |= {("sh", " fails"): "failing", ("text", ""): "output"}
    return [Step(names[m[1], m[2]], m[3]) for m in BLOCK.finditer(text)]


def follow(folder: Path, install: bool, python: str = sys.executable) -> int:
    """Follow the tutorial in a folder; `install` runs pip as it says, else an installation is written by hand."""
    package = folder / "mylosses"
    package.mkdir()
    env = {**os.environ, "COLUMNS": "220", "DERIVE_CACHE": "off"}
    if not install:
        env["PYTHONPATH"] = os.pathsep.join([str(package), str(ROOT)])
    shown, done = "", 0
    for step in steps(TUTORIAL.read_text(encoding="utf-8")):
        if step.kind == "pyproject":
            (package / "pyproject.toml").write_text(step.text, encoding="utf-8")
        elif step.kind == "append":
            with (package / "mylosses.py").open("a", encoding="utf-8") as f:
                f.write("\n\n" + step.text)
        elif step.kind == "output":
            for line in step.text.splitlines():
                assert " ".join(line.split()) in " ".join(shown.split()), (line, shown)
        elif step.kind == "run":
            run = subprocess.run([python, "-c", step.text], cwd=folder, env=env, capture_output=True, text=True)
            assert run.returncode == 0, run.stderr
        else:
            shown = ""
            for command in step.text.splitlines():
                argv = shlex.split(command)
                if argv[0] == "pip" and not install:
                    by_hand(package)
                    continue
                run = subprocess.run([python, "-m", *argv], cwd=folder, env=env, capture_output=True, text=True)
                assert (run.returncode != 0) == (step.kind == "failing"), (command, run.stdout, run.stderr)
                shown += run.stdout + run.stderr
                done += 1
    return done


def by_hand(package: Path) -> None:
    """What pip makes of the package's pyproject.toml, as far as entry points go."""
    project = tomllib.loads((package / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    info = package / f"{project['name']}-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    points = "".join(
        f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in named.items())
        for group, named in project["entry-points"].items()
    )
    (info / "entry_points.txt").write_text(points)


def test_the_tutorial_word_for_word(tmp_path: Path) -> None:
    assert follow(tmp_path, install=False) == 10


def test_an_entry_takes_ten_lines_at_most() -> None:
    """Each declaration of the tutorial, decorator and docstring included."""
    code = "\n\n".join(s.text for s in steps(TUTORIAL.read_text(encoding="utf-8")) if s.kind == "append")
    entries = [e for e in re.split(r"\n\n+", code) if e.startswith("@ENTRIES")]
    assert len(entries) == 8 and all(len(e.strip().splitlines()) <= 10 for e in entries)
