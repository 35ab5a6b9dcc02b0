"""What a build sees of a paper whose verdicts changed: a small library is broken, and every output says what to do."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from derive import runner
from derive.claim import Library
from derive.cli import _parser
from derive.differences import Advice, Difference, differences, witness
from derive.errors import DeriveError
from derive.library import load
from derive.pytest_plugin import Paper
from derive.reader.notation import Notation
from derive.verdict import Checked, Correction, Equation, Status, Verdict, Witness
from reports import badge, github, junit
from reports.clean import inert

ROOT = Path(__file__).resolve().parent.parent

LIBRARY = """
from pathlib import Path

from derive.claim import Library
from derive.kernel.context import Context
from derive.reader.notation import Notation, symbols
from derive.source import read_source

POSITIVE = Context(signs={"a": "positive", "b": "positive"})
NAMES = Notation(scalars=symbols("a b"), context=POSITIVE)

LIBRARY = Library("squares", "On Squares", "Nobody", read_source(Path(__file__).with_name("paper.tex")))
LIBRARY.equation("1", NAMES)
LIBRARY.equation(
    "2", NAMES, uses=["1"]
)
LIBRARY.equation("3", NAMES)
"""
PRINT = r"""
\begin{equation} (a + b)^2 = a^2 + 2 a b + b^2 \end{equation}
\begin{equation} (a + b)^2 - (a - b)^2 = 4 a b = 2 (a b + b a) \end{equation}
\begin{equation} a^2 - b^2 = (a + b)(a - b) = a^2 - b^2 \end{equation}
"""
LOCK = {"1#1": "proved", "2#1": "proved", "2#2": "proved", "3#1": "proved", "3#2": "proved"}
#: A sign of (2) is wrong now, (3) has lost one.
BROKEN = PRINT.replace("2 (a b + b a)", "2 (a b - b a)").replace("(a - b) = a^2 - b^2", "(a - b)")
RECORD = "derive check shapes.squares --write-lock"

Run = Callable[..., subprocess.CompletedProcess[str]]


def project(folder: Path, printed: str) -> Path:
    package = folder / "shapes"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "squares.py").write_text(LIBRARY)
    (package / "paper.tex").write_text(printed)
    (package / "verdicts.lock").write_text(json.dumps(LOCK))
    (folder / "test_other.py").write_text("def test_other(): pass\n")
    return folder


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run a command of Python in a folder, away from the settings of whoever runs the tests."""
    cache = str(tmp_path_factory.mktemp("cache"))
    ours = {k: v for k, v in os.environ.items() if not k.startswith(("GITHUB_", "PYTEST_", "DERIVE_"))}

    def call(folder: Path, *argv: str, **more: str) -> subprocess.CompletedProcess[str]:
        env = {**ours, "PYTHONPATH": str(ROOT), "DERIVE_CACHE": cache, **more}
        command = [sys.executable, "-m", *argv]
        done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False)
        assert "Traceback" not in done.stdout + done.stderr, done.stdout + done.stderr
        return done

    return call


PYTEST = ("pytest", "-p", "derive.pytest_plugin", "-p", "no:cacheprovider", "--derive", "shapes.squares")


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project(tmp_path_factory.mktemp("right"), PRINT)


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project(tmp_path_factory.mktemp("broken"), BROKEN)


def line_of(folder: Path, file: str, text: str) -> int:
    return (folder / file).read_text().split(text)[0].count("\n") + 1


def verdict(claim: str, status: Status = Status.PROVED, **more: Any) -> Verdict:
    number = claim.partition("#")[0]
    return Verdict(
        id=claim, equation=number, section="1", relation="=", printed_lhs="a", printed_rhs="b", read="printed",
        verdict=status, **more,
    )  # fmt: skip


def checked(*verdicts: Verdict) -> Checked:
    return Checked(
        document="demo", title="A demo", authors="Nobody", source={"kind": "builtin", "sha256": "0"},
        versions={"derive": "0"}, equations=(), verdicts=verdicts,
    )  # fmt: skip


DEMO = Advice(Library("demo", "A demo", "Nobody", [Equation(number="1", latex="a = b")]))

# -- differences -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepted", "among", "said"),
    [
        ({"1#1": "proved", "2#1": "refuted"}, None, []),
        ({"1#1": "refuted", "2#1": "refuted"}, None, ["1#1: refuted in the lock, proved now"]),
        ({"2#1": "refuted"}, None, ["1#1: not in the lock, proved now"]),
        ({"1#1": "proved", "2#1": "refuted", "3#1": "premise"}, None, ["3#1: premise in the lock, no such claim now"]),
        ({"1#1": "proved", "2#1": "refuted", "3#1": "premise"}, {"1", "2"}, []),
        ({"1#1": "proved", "2#1": "refuted", "2#2": "proved"}, {"2"}, ["2#2: proved in the lock, no such claim now"]),
    ],
)
def test_differences(accepted: dict[str, str], among: set[str] | None, said: list[str]) -> None:
    found = differences(accepted, checked(verdict("1#1"), verdict("2#1", Status.REFUTED)), among)
    assert [str(d) for d in found] == said


def test_a_message_holds_all_there_is_and_stays_short() -> None:
    v = verdict(
        "1#1", Status.REFUTED, reason="no", witness=Witness(regime="x → ∞", limit="2"),
        correction=Correction(printed="b" * 5000, read="c\nd"),
    )  # fmt: skip
    told = DEMO.told(Difference("1#1", "proved", v)).splitlines()
    assert told[0] == "1#1 is proved in the lock, refuted now."
    assert "  claim     a = b" in told and "  witness   printed/true tends to 2 as x → ∞" in told
    assert "  read      c d" in told and max(map(len, told)) < 500
    assert told[-2] == f"If this is meant, record it: {DEMO.record}, and review the diff of verdicts.lock."
    assert told[-1].startswith("Else mend ") and "(1)" in told[-1]
    gone = DEMO.told(Difference("1#2", "proved", None))
    assert "printed   a = b" in gone and "no such relation sign" in gone


def test_many_equations_are_not_all_named() -> None:
    _, mend = DEMO.todo([str(n) for n in range(1, 30)])
    assert mend == "Else mend the declaration or the print of (1), (2), (3), (4), (5) and more."


def test_a_witness_without_a_limit_is_a_point() -> None:
    assert witness(Witness(point={"a": "1", "b": "2"}, printed="3")) == "at a = 1, b = 2 printed 3"


# -- libraries of one's own ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("mine.none", None, "No document is called 'mine.none'"),
        ("os.path", None, "No document is called 'os.path'"),
        ("../mine", None, "No document is called '../mine'"),
        ("theorems.catalogue", None, "has no derive.claim.Library called LIBRARY"),
        ("mine.empty", "", "has no derive.claim.Library called LIBRARY"),
        ("mine.typo", "LIBRARY = (", "can't be imported (SyntaxError"),
        ("mine.needy", "import nobody_has_this", "needs nobody_has_this"),
        ("mine.zero", "1 / 0", "can't be imported (ZeroDivisionError"),
    ],
)
def test_modules_that_are_no_library(
    name: str, content: str | None, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if content is not None:
        (tmp_path / f"{name.partition('.')[2]}.py").write_text(content)
    monkeypatch.setattr(sys, "modules", dict(sys.modules))
    package = type(sys)("mine")
    package.__path__ = [str(tmp_path)]
    sys.modules["mine"] = package
    monkeypatch.setattr(sys, "path", list(sys.path))
    with pytest.raises(DeriveError) as e:
        load(name)
    assert said in str(e.value) and str(e.value).endswith(".")


def test_a_paper_has_one_library_by_both_of_its_names() -> None:
    assert load("theorems.zhang2024") is load("zhang2024")
    assert load("theorems.zhang2024").known_as == "zhang2024"


def test_declarations_know_their_line() -> None:
    library = load("zhang2024")
    for number in ("3.9", "s4.1.b", "table3.9"):
        file, line = library.declared[number]
        assert Path(file).parent == ROOT / "theorems" / "zhang2024"
        assert "zhang." in Path(file).read_text(encoding="utf-8").splitlines()[line - 1]


# -- the command line ------------------------------------------------------------------------------


def test_a_right_library_passes(run: Run, right: Path) -> None:
    done = run(right, "derive", "check", "shapes.squares", "--locked")
    assert (done.returncode, done.stderr) == (0, "")


def test_locked_says_what_to_do(run: Run, broken: Path) -> None:
    done = run(broken, "derive", "check", "shapes.squares", "--locked")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "2#2: proved in the lock, refuted now",
        "3#2: proved in the lock, no such claim now",
        f"If this is meant, record it: {RECORD}, and review the diff of verdicts.lock. "
        "Else mend the declaration or the print of (2), (3).",
    ]
    one = run(broken, "derive", "check", "shapes.squares", "3", "--locked")
    line = line_of(broken, "shapes/squares.py", 'LIBRARY.equation("3"')
    assert one.returncode == 1 and one.stderr.count("\n") == 2
    assert f"Else mend the declaration (shapes/squares.py:{line}) or the print of (3)." in one.stderr
    assert run(broken, "derive", "check", "shapes.squares", "1", "--locked").returncode == 0


def test_a_lock_is_missing_or_spoilt(run: Run, tmp_path: Path) -> None:
    project(tmp_path, PRINT)
    lock = tmp_path / "shapes" / "verdicts.lock"
    for content in ("[", None):
        lock.unlink() if content is None else lock.write_text(content)
        for command in (("derive", "check", "shapes.squares", "--locked"), PYTEST):
            done = run(tmp_path, *command)
            assert done.returncode in (2, 4) and RECORD in done.stderr and "shapes/verdicts.lock" in done.stderr
    assert run(tmp_path, *RECORD.replace("derive", "derive", 1).split()).returncode == 0
    assert json.loads(lock.read_text()) == LOCK


def test_a_copy_is_compared_on_what_it_holds(run: Run, right: Path, tmp_path: Path) -> None:
    project(tmp_path, PRINT)
    copy = tmp_path / "my copy.tex"
    check = ("derive", "check", "shapes.squares", "--source", copy.name)
    copy.write_text(PRINT.split("\\begin{equation} a^2")[0])
    assert run(tmp_path, *check, "--locked").returncode == 0
    copy.write_text(copy.read_text().replace("= 4 a b", "= 5 a b"))
    done = run(tmp_path, *check, "--locked", "--github")
    own = "derive check shapes.squares --source 'my copy.tex' --lock 'my copy.lock' --write-lock"
    assert done.returncode == 1 and own in done.stderr and "Else mend (2) in my copy.tex." in done.stderr
    assert "::error file=my copy.tex,line=3,title=derive 2#1" in done.stdout
    recorded = run(tmp_path, "derive", *shlex.split(own)[1:])
    assert recorded.returncode == 0 and json.loads((tmp_path / "my copy.lock").read_text())["2#1"] == "refuted"
    assert run(tmp_path, *check, "--locked", "--lock", "my copy.lock").returncode == 0
    assert json.loads((tmp_path / "shapes" / "verdicts.lock").read_text()) == LOCK


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ("--json - --junit -", "can't both go to standard output"),
        ("--badge badge.png", "neither .svg nor .json"),
        ("--badge -", "neither .svg nor .json"),
        ("--badge no/badge.svg", "does not exist"),
        ("--junit no/v.xml", "does not exist"),
        ("--lock no.lock --locked", "There is no lock no.lock"),
        ("--lock no.lock", "give one of them"),
        ("--source paper.tex --write-lock", "with --lock"),
    ],
)
def test_bad_usage(run: Run, right: Path, argv: str, said: str) -> None:
    (right / "paper.tex").write_text(PRINT)
    done = run(right, "derive", "check", "shapes.squares", *argv.split())
    assert (done.returncode, done.stdout) == (2, "") and said in done.stderr and done.stderr.count("\n") == 1


# -- JUnit -----------------------------------------------------------------------------------------

#: What the common schema (JUnit 10 of Jenkins) lets an element have: attributes, and elements inside it.
SCHEMA = {
    "testsuites": ("name time tests failures errors", "testsuite"),
    "testsuite": ("name tests failures errors time skipped timestamp hostname id", "properties testcase"),
    "properties": ("", "property"),
    "property": ("name value", ""),
    "testcase": ("name time classname", "skipped failure error system-out"),
    "skipped": ("message type", ""),
    "failure": ("message type", ""),
    "system-out": ("", ""),
}


def keeps_to_schema(element: ET.Element) -> None:
    attributes, children = SCHEMA[element.tag]
    assert set(element.attrib) <= set(attributes.split()), element.tag
    assert re.fullmatch(r"\d+\.\d{3}", element.get("time", "0.000"))
    for child in element:
        assert child.tag in children.split(), f"{child.tag} in {element.tag}"
        keeps_to_schema(child)


def test_junit_of_a_broken_library(run: Run, broken: Path) -> None:
    done = run(broken, "derive", "check", "shapes.squares", "--locked", "--junit", "-")
    root = ET.fromstring(done.stdout.encode())
    keeps_to_schema(root)
    cases = {c.get("name"): c for c in root.iter("testcase")}
    assert done.returncode == 1 and list(cases) == ["1#1", "2#1", "2#2", "3#1", "3#2"]
    failed = {name: c.find("failure") for name, c in cases.items() if c.find("failure") is not None}
    assert {n: f.get("message") for n, f in failed.items() if f is not None} == {
        "2#2": "proved in the lock, refuted now",
        "3#2": "proved in the lock, no such claim now",
    }
    said = cases["2#2"].findtext("failure") or ""
    for words in ("2 (a b - b a)", "expected  proved", "got       refuted", "witness   at a = ", ", true ", RECORD):
        assert words in said
    import junitparser

    read = junitparser.JUnitXml.fromstring(done.stdout.encode())
    assert (read.tests, read.failures, read.errors) == (5, 2, 0)


def test_junit_without_a_lock_fails_nothing(run: Run, broken: Path) -> None:
    done = run(broken, "derive", "check", "shapes.squares", "--junit", "report.xml")
    root = ET.parse(broken / "report.xml").getroot()
    assert done.returncode == 0 and root.get("failures") == "0"
    assert "refuted: " in (root.findtext(".//testcase[@name='2#2']/system-out") or "")


def test_junit_skips_what_is_undecided_and_holds_any_text() -> None:
    hostile = "]]> <b> & \x00\x1b[31m\ud800\ufffe \N{GRINNING FACE}"
    run_ = checked(verdict("1#1", Status.UNDECIDED, reason=hostile), verdict("2#1", Status.REFUTED, reason=hostile))
    found = differences({"1#1": "undecided", "2#1": "proved"}, run_)
    root = ET.fromstring(junit.junit(run_, found, DEMO))
    keeps_to_schema(root)
    suite = root.find("testsuite")
    assert suite is not None and (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("2", "1", "1")
    skipped = root.find(".//testcase[@name='1#1']/skipped")
    assert skipped is not None and "]]> <b> &" in (skipped.get("message") or "")
    now_decided = differences({"1#1": "proved"}, run_)
    assert ET.fromstring(junit.junit(run_, now_decided, DEMO)).find(".//testcase[@name='1#1']/failure") is not None


# -- GitHub ----------------------------------------------------------------------------------------


def commands(text: str) -> tuple[list[str], list[str]]:
    """Lines that the runner of GitHub Actions takes for commands, and those it lets pass while they are stopped."""
    taken, passed, token = [], [], ""
    for line in re.split(r"\r\n|\r|\n", text):
        looks = line.lstrip().startswith("::") or "##[" in line
        if token:
            if line.strip() == f"::{token}::":
                token = ""
            elif looks:
                passed.append(line)
        elif stop := re.match(r"::stop-commands::(\w{20,})$", line):
            token = stop[1]
        elif looks:
            taken.append(line)
    assert not token
    return taken, passed


def test_annotations_and_the_job_summary(run: Run, broken: Path) -> None:
    (broken / "summary.md").write_text("# before\n")
    here = {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(broken), "GITHUB_STEP_SUMMARY": "summary.md"}
    done = run(broken, "derive", "check", "shapes.squares", "--locked", **here)
    taken, _ = commands(done.stdout)
    second = line_of(broken, "shapes/squares.py", "LIBRARY.equation(\n")
    third = line_of(broken, "shapes/squares.py", 'LIBRARY.equation("3"')
    starts = [
        f"::error file=shapes/squares.py,line={second},title=derive 2#2%3A proved in the lock%2C refuted now::2#2 is ",
        f"::error file=shapes/squares.py,line={third},title=derive 3#2%3A proved in the lock%2C no such claim now::",
    ]
    assert done.returncode == 1 and len(taken) == 2
    for line, start in zip(taken, starts, strict=True):
        assert line.startswith(start) and RECORD in line and "%0AElse mend the declaration" in line
    summary = (broken / "summary.md").read_text()
    assert summary.startswith("# before\n") and "| ✓ proved | 3 |" in summary
    assert "#### 2 verdicts differ from the lock" in summary
    assert "| 2\\#2 | proved | refuted now |" in summary.replace("2#2", "2\\#2") and RECORD in summary


def test_outside_of_github_there_is_no_command(run: Run, broken: Path) -> None:
    assert commands(run(broken, "derive", "check", "shapes.squares", "--locked").stdout) == ([], [])


def test_what_is_piped_stays_whole(run: Run, broken: Path) -> None:
    done = run(broken, "derive", "check", "shapes.squares", "--locked", "--github", "--json", "-")
    assert json.loads(done.stdout)["document"] == "squares"
    assert len(commands(done.stderr)[0]) == 2


def test_a_hostile_copy_gives_no_command(run: Run, tmp_path: Path) -> None:
    project(tmp_path, PRINT)
    evil = r"\begin{equation} \text{::add-mask::x} = a %s \tag{1} \end{equation}"
    names = ("##[add-mask]a", "\n::stop-commands::pause\n", "::error::forged")
    for name in names:
        (tmp_path / "evil.tex").write_text(evil % name)
        check = ("derive", "check", "shapes.squares", "--source", "evil.tex", "--locked")
        done = run(tmp_path, *check, GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(tmp_path / "s.md"))
        taken, _ = commands(done.stdout)
        assert done.returncode == 1 and len(taken) >= 1, done.stderr
        assert all(line.startswith("::error file=evil.tex,line=1,title=derive 1#") for line in taken)
        assert commands(done.stderr) == ([], [])


def test_printed_while_stopped(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    with inert():
        print("::error::forged\nx ##[error]y")
    assert commands(capsys.readouterr().out) == ([], ["::error::forged", "x ##[error]y"])
    with pytest.raises(ZeroDivisionError), inert():
        raise ZeroDivisionError
    assert commands(capsys.readouterr().out) == ([], [])
    monkeypatch.delenv("GITHUB_ACTIONS")
    with inert():
        print("plain")
    assert capsys.readouterr().out == "plain\n"


def test_of_many_differences_the_rest_is_one_annotation() -> None:
    found = [Difference(f"{n}#1", "proved", None) for n in range(1, 31)]
    lines = github.commands(found, DEMO, {})
    assert len(lines) == 10 and "21 more verdicts" in lines[-1] and "30#1: proved in the lock" in lines[-1]
    assert len(github.commands(found[:10], DEMO, {})) == 10 and "more" not in github.commands(found[:10], DEMO, {})[-1]


def test_a_file_outside_of_the_repository_is_not_annotated(tmp_path: Path) -> None:
    zhang = Advice(load("zhang2024"))
    found = [Difference("3.9#2", "proved", None)]
    assert github.commands(found, zhang, {"GITHUB_WORKSPACE": str(tmp_path)})[0].startswith("::error title=")
    inside = github.commands(found, zhang, {"GITHUB_WORKSPACE": str(ROOT)})[0]
    assert inside.startswith("::error file=theorems/zhang2024/s3_linear.py,line=")
    assert "the print (theorems/zhang2024/equations.json:" in inside


def test_a_summary_that_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    github.tell(checked(), [], DEMO, sys.stdout, {"GITHUB_STEP_SUMMARY": str(tmp_path)})
    assert "summary can't be written" in capsys.readouterr().err


# -- the badge -------------------------------------------------------------------------------------


def test_the_badge_is_a_picture_with_words(run: Run, broken: Path) -> None:
    done = run(broken, "derive", "check", "shapes.squares", "--badge", "b.svg", "--json", "v.json")
    root = ET.parse(broken / "b.svg").getroot()
    said = "derive, squares: 4 claims, of these 3 proved, 1 refuted"
    assert done.returncode == 0 and root.get("role") == "img" and root.get("aria-label") == said
    assert [t.text for t in root.iter("{http://www.w3.org/2000/svg}text")] == ["derive", "3 proved · 1 refuted"]
    assert root.findtext("{http://www.w3.org/2000/svg}title") == said
    again = run(broken, "reports.badge", "v.json", "again.svg")
    assert again.returncode == 0 and (broken / "again.svg").read_bytes() == (broken / "b.svg").read_bytes()


def test_the_badge_holds_any_name_and_speaks_to_shields() -> None:
    data = checked(verdict("1#1"), verdict("2#1", Status.UNDECIDED)).as_json() | {"document": '"><script>'}
    ET.fromstring(badge.badge(data))
    assert json.loads(badge.badge(data, ".json")) == {
        "schemaVersion": 1, "label": "derive", "message": "1 proved · 0 refuted · 1 undecided", "color": "1a5fb4",
    }  # fmt: skip


@pytest.mark.parametrize("argv", [[], ["v.json"], ["v.json", "b.png"], ["none.json", "b.svg"], ["bad.json", "b.svg"]])
def test_bad_usage_of_the_badge(
    argv: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bad.json").write_text("[]")
    assert badge.main(argv) == 2 and not Path("b.svg").exists()
    assert capsys.readouterr().err.count("\n") == 1


# -- pytest ----------------------------------------------------------------------------------------


def test_the_plugin_fails_readably(run: Run, broken: Path) -> None:
    done = run(broken, *PYTEST)
    assert done.returncode == 1 and "2 failed, 3 passed" in done.stdout
    second = line_of(broken, "shapes/squares.py", "LIBRARY.equation(\n")
    for line in (
        "2#2 is proved in the lock, refuted now.",
        "  claim     4 a b = 2 (a b - b a)",
        "  expected  proved",
        "  got       refuted",
        "  reason    the sides differ at a point inside the assumptions",
        f"If this is meant, record it: {RECORD}, and review the diff of verdicts.lock.",
        f"Else mend the declaration (shapes/squares.py:{second}) or the print of (2).",
        "FAILED shapes.squares::3#2 - 3#2 is proved in the lock, no such claim now.",
    ):
        assert line in done.stdout.splitlines(), line
    assert re.search(r"^  witness   at a = \S+, b = \S+ printed 0, true ", done.stdout, re.MULTILINE)


def test_the_plugin_lets_a_right_library_pass_and_nothing_else_run(run: Run, right: Path) -> None:
    done = run(right, *PYTEST, "-v")
    assert done.returncode == 0 and "5 passed" in done.stdout and "test_other" not in done.stdout
    assert "shapes.squares::2#2 PASSED" in done.stdout
    beside = run(right, *PYTEST, "test_other.py")
    assert "6 passed" in beside.stdout


def test_named_in_the_settings_it_runs_beside_the_tests(run: Run, tmp_path: Path) -> None:
    project(tmp_path, PRINT)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --derive shapes.squares\n")
    done = run(tmp_path, "pytest", "-p", "derive.pytest_plugin")
    assert "6 passed" in done.stdout


POISON = """
from pathlib import Path
from derive.errors import Conflict
from derive.pytest_plugin import Paper

before = Paper._in_worker

def judged(self, number):
    {what}
    return before(self, number)

Paper._in_worker = judged
"""
CONFLICT = "raise Conflict('proof and numbers disagree')"
COUNT = "Path('asked').open('a').write(number + chr(10))"


def test_collecting_judges_nothing(run: Run, tmp_path: Path) -> None:
    project(tmp_path, PRINT)
    (tmp_path / "conftest.py").write_text(POISON.format(what=COUNT))
    listed = run(tmp_path, *PYTEST, "--collect-only", "-q", DERIVE_CACHE="off").stdout.splitlines()
    assert [x for x in listed if "::" in x] == [f"shapes.squares::{claim}" for claim in LOCK]
    assert not (tmp_path / "asked").exists()
    some = run(tmp_path, *PYTEST, "-k", "2", "-q", DERIVE_CACHE="off")
    assert "3 passed, 2 deselected" in some.stdout  # 2#1, 2#2, 3#2
    assert sorted((tmp_path / "asked").read_text().split()) == ["2", "3"]
    (tmp_path / "asked").unlink()
    marked = run(tmp_path, *PYTEST, ".", "-m", "derive", "-q", "--strict-markers", DERIVE_CACHE="off")
    assert "5 passed, 1 deselected" in marked.stdout


def test_workers_share_the_equations(run: Run, tmp_path: Path) -> None:
    project(tmp_path, BROKEN)
    (tmp_path / "conftest.py").write_text(POISON.format(what=COUNT))
    done = run(tmp_path, *PYTEST, "-n", "2", DERIVE_CACHE="off")
    assert done.returncode == 1 and "2 failed, 3 passed" in done.stdout and "the print of (2)" in done.stdout
    assert sorted((tmp_path / "asked").read_text().split()) == ["1", "2", "3"]


def test_a_conflict_is_an_error_that_says_so(run: Run, tmp_path: Path) -> None:
    project(tmp_path, PRINT)
    (tmp_path / "conftest.py").write_text(POISON.format(what=CONFLICT))
    done = run(tmp_path, *PYTEST, DERIVE_CACHE="off")
    assert "5 errors" in done.stdout and "conflict, an engine bug: proof and numbers disagree." in done.stdout


@pytest.mark.parametrize("module", ["shapes.none", "shapes", "os"])
def test_no_library_is_a_usage_error(run: Run, right: Path, module: str) -> None:
    for workers in ((), ("-n", "2")):
        done = run(right, "pytest", "-p", "derive.pytest_plugin", "--derive", module, *workers)
        assert done.returncode == 4 and module in done.stderr and done.stderr.strip().count("\n") == 0


def test_a_worker_that_dies_takes_its_equation_only(
    right: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = runner.judge

    def judge(task: runner.Task) -> dict[str, Any]:
        if task.equation.number == "2":
            os._exit(9)
        return before(task)

    judge.__module__, judge.__qualname__ = "derive.runner", "judge"  # found by name, in a process that was forked
    monkeypatch.setattr(runner, "judge", judge)
    monkeypatch.setenv("DERIVE_CACHE", "off")
    monkeypatch.syspath_prepend(str(right))
    paper = Paper("shapes.squares")
    paper.wanted |= {"1", "2", "3"}
    try:
        found = [paper.judged(n).verdicts[0] for n in ("1", "2", "3")]
    finally:
        paper.close()
    assert [v.verdict for v in found] == [Status.PROVED, Status.UNDECIDED, Status.PROVED]
    assert "the worker died" in found[1].reason


def test_every_claim_of_the_paper_is_an_item() -> None:
    paper = Paper("theorems.zhang2024")
    assert len(paper.claims) == len(paper.accepted) and set(paper.claims) == set(paper.accepted)
    order = [e.number for e in (*paper.library.equations, *paper.library.passages)]
    places = [order.index(c.partition("#")[0]) for c in paper.claims]
    assert places == sorted(places)


def test_claims_are_told_from_the_print_alone() -> None:
    names = Notation()
    printed = {"1": "a = b = c", "2": r"a = \foo{"}
    library = Library("demo", "", "", [Equation(number=n, latex=latex) for n, latex in printed.items()])
    library.equation("1", names)
    library.equation("2", names)
    tasks = runner.tasks_for(library, library.equations)
    assert [runner.claims_of(t) for t in tasks] == [("1#1", "1#2"), ("2#1",)]


def test_without_the_option_nothing_is_imported() -> None:
    code = "import sys, derive.pytest_plugin; print([m for m in sys.modules if m.startswith(('derive', 'theorems'))])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['derive', 'derive.errors', 'derive.pytest_plugin']"


# -- the workflow ----------------------------------------------------------------------------------


def test_the_plugin_is_registered() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    assert declared == {"pytest11": {"derive.pytest_plugin": "derive.pytest_plugin"}}


def test_the_example_workflow() -> None:
    import yaml

    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "verdicts.yml").read_text(encoding="utf-8"))
    assert set(workflow) == {"name", True, "permissions", "jobs"}  # YAML 1.1 reads "on" as true
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    assert all(("run" in step) != ("uses" in step) for step in steps)
    ran = [shlex.split(line) for step in steps for line in step.get("run", "").splitlines()]
    options = [_parser().parse_args(words[1:]) for words in ran if words[0] == "derive"]
    assert [o.document for o in options] == ["zhang2024"] * 2
    assert any(getattr(o, "locked", False) and o.junit for o in options)
    assert workflow["permissions"] == {"contents": "read"}
    for step in steps:
        assert "${{" not in step.get("run", ""), "text of an event must not reach a shell"
