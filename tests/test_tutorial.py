"""The tutorial, followed word for word: its files written, its commands run, its outputs seen."""

from __future__ import annotations

import json
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


def follow(folder: Path, python: str) -> None:
    """Follow the tutorial in an empty folder with an interpreter that has pip and `derive`, each block in its turn."""
    package, env = folder / "mylosses", {**os.environ, "COLUMNS": "220", "DERIVE_CACHE": "off"}
    package.mkdir()
    shown = ""
    for step in steps(TUTORIAL.read_text(encoding="utf-8")):
        if step.kind in ("pyproject", "append"):
            write(package, step)
        elif step.kind == "output":
            seen(step, shown)
        elif step.kind == "run":
            subprocess.run([python, "-c", step.text], cwd=folder, env=env, check=True)
        else:
            shown = ""
            for command in step.text.splitlines():
                argv = [python, "-m", *shlex.split(command)]
                run = subprocess.run(argv, cwd=folder, env=env, capture_output=True, text=True, check=False)
                assert (run.returncode != 0) == (step.kind == "failing"), (command, run.stdout, run.stderr)
                shown += run.stdout + run.stderr


def write(package: Path, step: Step) -> None:
    name = "pyproject.toml" if step.kind == "pyproject" else "mylosses.py"
    with (package / name).open("a", encoding="utf-8") as f:
        f.write("\n\n" + step.text)


def seen(step: Step, shown: str) -> None:
    for line in step.text.splitlines():
        assert " ".join(line.split()) in " ".join(shown.split()), (line, shown)


#: All commands in one process, which is quicker: the code and the output of each come back as JSON.
DRIVER = """
import contextlib, io, json, sys
from derive.cli import main
found = []
for argv in json.load(sys.stdin):
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        code = main(argv)
    found.append((code, out.getvalue()))
print(json.dumps(found))
"""


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
    """Its files, its commands and its outputs; pip itself is stood in for."""
    found = steps(TUTORIAL.read_text(encoding="utf-8"))
    for step in found:
        if step.kind in ("pyproject", "append"):
            write(tmp_path, step)
    by_hand(tmp_path)
    env = {**os.environ, "COLUMNS": "220", "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    commands = [c for s in found if s.kind in ("commands", "failing") for c in s.text.splitlines()]
    asked = [shlex.split(c)[1:] for c in commands if c[:3] != "pip"]
    assert len(asked) == 10
    run = subprocess.run(
        [sys.executable, "-c", DRIVER], input=json.dumps(asked), env=env, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    answers, shown = iter(json.loads(run.stdout)), ""
    for step in found:
        if step.kind in ("commands", "failing"):
            given = [next(answers) for c in step.text.splitlines() if c[:3] != "pip"]
            assert all((code != 0) == (step.kind == "failing") for code, _ in given), given
            shown = "".join(text for _, text in given)
        elif step.kind == "output":
            seen(step, shown)
        elif step.kind == "run":
            subprocess.run([sys.executable, "-c", step.text], env=env, check=True)


def test_an_entry_takes_ten_lines_at_most() -> None:
    """Each declaration of the tutorial, decorator and docstring included."""
    code = "\n\n".join(s.text for s in steps(TUTORIAL.read_text(encoding="utf-8")) if s.kind == "append")
    entries = [e for e in re.split(r"\n\n+", code) if e.startswith("@ENTRIES")]
    assert len(entries) == 8 and all(len(e.strip().splitlines()) <= 10 for e in entries)
