"""The command line as a newcomer meets it: right and wrong input, exit codes, and files whole or absent."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from derive.errors import Conflict
from tests.conftest import Run
from theorems.zhang2024 import LIBRARY

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = json.loads((ROOT / "derive" / "schema" / "verdicts.schema.json").read_text(encoding="utf-8"))
PRINTED = {e.number: e.latex for e in LIBRARY.equations}
READABLE = r"$$S_0 = 1 + \ln(2\pi\sigma_1\sigma_2) \tag{3.2}$$"


@pytest.fixture(autouse=True, scope="module")
def _outside_github() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("GITHUB_ACTIONS", raising=False)
        yield


def derive(*argv: str, **more: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "derive", *argv]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False, **more)


def valid(text: str) -> dict[str, Any]:
    """The contents of a verdicts.json that keeps to the schema."""
    import jsonschema

    found: dict[str, Any] = json.loads(text)
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    return found


def refuses(code: int, out: str, err: str, *said: str) -> None:
    """Exit code 2, nothing on standard output, one sentence on standard error."""
    assert (code, out) == (2, ""), err
    assert err.startswith("derive: ") and err.count("\n") == 1, err
    for words in said:
        assert words in err, err


# -- bad input -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ("", ["COMMAND", "derive --help"]),
        ("frob", ["'frob'", "check"]),
        ("check --frob", ["--frob"]),
        ("check nope", ["'nope'", "zhang2024"]),
        ("check ../nope", ["'../nope'"]),
        ("check 3.5", ["zhang2024 3.5"]),
        ("check zhang2024 3.999", ["'3.999'", "3.1 to 3."]),
        ("check zhang2024 77.1", ["'77.1'", "1.1 to "]),
        ("check zhang2024 --jobs 0", ["--jobs 0", "from 1 on"]),
        ("check zhang2024 --jobs many", ["--jobs", "'many'"]),
        ("check zhang2024 3.1 --write-lock", ["--write-lock", "leave out"]),
        ("show", ["DOCUMENT, EQUATION"]),
        ("show zhang2024", ["EQUATION", "derive show --help"]),
        ("show zhang2024 3.999", ["'3.999'"]),
        ("whatif zhang2024 3.5", ["LATEX"]),
        ("whatif zhang2024 3.999 T=1", ["'3.999'"]),
        ("graph nope", ["'nope'"]),
        ("graph zhang2024 -o graph.png", [".png", ".svg"]),
        ("graph zhang2024 -o graph", ["without an ending"]),
    ],
)
def test_bad_usage_is_one_sentence(run: Run, argv: str, said: list[str]) -> None:
    refuses(*run(*argv.split()), *said)


def test_a_name_declared_nowhere_is_ill_formed(run: Run) -> None:
    code, out, _ = run("whatif", "zhang2024", "3.5", "T = zeta")
    assert code == 1
    assert "ill-formed" in out and "character 5 is not declared" in " ".join(out.split())


@pytest.mark.parametrize(
    ("latex", "said"),
    [
        ("T", ["no relation sign", "A = B"]),
        ("", ["no relation sign"]),
        ("=", ["character 1"]),
        (r"T = \foo", [r"\foo", "character 5"]),
        (r"T = \input{/etc/passwd}", [r"\input", "character 5"]),
        (r"T = \frac{1", ["{", "character 10", "never closed"]),
        ("T = 中文", ["中", "5"]),
        ("T = \x00", ["5"]),
        ("T = \x1b[31m", ["5"]),
        ("T = [bold]x[/]", ["/", "character 13"]),
        (r"T = \unknown_{1}", [r"\unknown", "character 5"]),
        ("T = " + "x+" * 500_000 + "1", ["1000005 characters"]),
        ("T = " + "{" * 10_000 + "1" + "}" * 10_000, ["20005 characters"]),
        ("T = 1" * 300, ["300 relation signs"]),
    ],
)
def test_unreadable_latex_names_token_and_place(run: Run, latex: str, said: list[str]) -> None:
    code, out, err = run("whatif", "zhang2024", "3.5", latex)
    refuses(code, out, err, "given for 3.5", *said)
    assert len(err) < 700 and err.strip().isprintable()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing.tex", None, ["no file"]),
        ("empty.tex", b"", ["empty"]),
        ("folder", ..., ["directory"]),
        ("latin.tex", b"\xff\xfe $$a=b \\tag{3.5}$$", ["UTF-8", "byte 0"]),
        ("none.md", b"# Title\n$$a=b$$\n", ["no numbered equation"]),
        ("other.md", b"$$a=b \\tag{77.1}$$", ["no equation of zhang2024"]),
        ("twice.md", b"$$a=b \\tag{3.5}$$\n\n$$a=b \\tag{3.5}$$", ["3.5", "lines 1 and 3"]),
    ],
)
def test_bad_sources(run: Run, tmp_path: Path, name: str, content: Any, said: list[str]) -> None:
    if content is ...:
        (tmp_path / name).mkdir()
    elif content is not None:
        (tmp_path / name).write_bytes(content)
    for command in (["check", "zhang2024"], ["report", "zhang2024", "-o", str(tmp_path / "new")]):
        refuses(*run(*command, "--source", str(tmp_path / name)), name, *said)
    assert not (tmp_path / "new").exists()


def test_places_that_cannot_be_written(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "used" / "errata.tex").mkdir(parents=True)
    before = sorted(tmp_path.rglob("*"))
    check = ("check", "zhang2024", "3.1", "--json")
    refuses(*run(*check, ""), "--json ''")
    refuses(*run(*check, str(tmp_path)), "is a directory")
    refuses(*run(*check, str(tmp_path / "no" / "x.json")), "does not exist")
    refuses(*run(*check, str(tmp_path / "file" / "x.json")), "make it first")
    refuses(*run("whatif", "zhang2024", "3.5", "T=1", "--json", str(tmp_path)), "is a directory")
    refuses(*run("graph", "zhang2024", "-o", str(tmp_path / "no" / "x.dot")), "does not exist")
    report = ("report", "zhang2024", "-o")
    refuses(*run(*report, ""), "-o ''")
    refuses(*run(*report, str(tmp_path / "file")), "file", "choose another")
    refuses(*run(*report, str(tmp_path / "used")), "errata.tex", "in the way")

    def denied(**_: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", denied)
    refuses(*run(*check, str(tmp_path / "x.json")), "Permission denied")
    refuses(*run(*report, str(tmp_path)), "Permission denied")
    assert sorted(tmp_path.rglob("*")) == before and (tmp_path / "file").read_text() == "mine"


# -- what the commands print -----------------------------------------------------------------------


def test_check_prints_a_table_and_valid_json(run: Run, tmp_path: Path) -> None:
    code, out, err = run("check", "zhang2024", "3.1", "(3.2)")
    assert (code, err) == (0, "") and "3.1#1" in out and "3.2#1" in out
    assert max(map(len, out.splitlines())) <= 100 and "\x1b" not in out
    code, out, err = run("check", "zhang2024", "3.1", "--json", "-")
    assert (code, err) == (0, "") and valid(out)["claims"][0]["id"] == "3.1#1"
    code, _, _ = run("check", "zhang2024", "3.1", "--jobs", "1", "--json", str(tmp_path / "v.json"))
    again = valid((tmp_path / "v.json").read_text(encoding="utf-8"))
    assert code == 0 and again == json.loads(out) and os.listdir(tmp_path) == ["v.json"]


def test_an_unreadable_equation_of_a_copy_is_undecided_and_the_rest_is_judged(run: Run, tmp_path: Path) -> None:
    copy = tmp_path / "my.md"
    copy.write_bytes(b"$$S_0 = \\foo{x} \\tag{3.1}$$\n\n$$T = \\sigma\x01 \\tag{3.5}$$\n\n" + READABLE.encode())
    code, out, _ = run("check", "zhang2024", "--source", str(copy), "--json", "-")
    found = valid(out)
    claims = {c["id"]: c for c in found["claims"]}
    assert code == 0 and found["source"]["kind"] == "file"
    assert claims["3.1#1"]["verdict"] == "undecided" and r"\foo" in claims["3.1#1"]["reason"]
    assert claims["3.5#1"]["verdict"] == "undecided"
    assert claims["3.2#1"]["verdict"] != "undecided"
    refuses(*run("check", "zhang2024", "3.23", "--source", str(copy)), str(copy), "'3.23'")


def test_show(run: Run) -> None:
    code, out, err = run("show", "zhang2024", "3.23")
    assert (code, err) == (0, "")
    for part in ("(3.23)", "3.23#1  =  ✗ refuted", "did you mean", "constant", "Printed: ", "3.23#3"):
        assert part in out, part
    assert max(map(len, out.splitlines())) <= 100 and "\x1b" not in out


def test_whatif_follows_the_print(run: Run) -> None:
    printed = PRINTED["3.23"]
    code, out, _ = run("whatif", "zhang2024", "3.23", printed)
    assert code == 1 and "✗ refuted" in out
    mended = printed.replace(r"\ln[1 + \ln(2\pi)]", r"[1 + \ln(2\pi)]")
    assert mended != printed
    code, out, err = run("whatif", "zhang2024", "3.23", mended, "--json", "-")
    found = valid(out)
    assert (code, err) == (0, "") and {c["verdict"] for c in found["claims"]} == {"proved"}
    assert {c["equation"] for c in found["claims"]} == {"3.23"} and found["source"]["kind"] == "whatif"
    code, _, _ = run("whatif", "zhang2024", "3.23", mended.replace("[1 +", "[2 +", 1))
    assert code == 1


@pytest.mark.parametrize(
    "latex",
    [
        "T = 10^{10^{10}}",
        "T = 2^{2^{2^{2^{2^{2}}}}}",
        "T = " + "{" * 9_000 + "1" + "}" * 9_000,
        "T = " + "(" * 9_000 + "1" + ")" * 9_000,
        "T = " + r"\frac{1}{" * 300 + "2" + "}" * 300,
        r"T = \frac{1}{0}",
        r"T = \sum_{i=1}^{10^{10}} i",
        "T = 1000000!",
        r"T = (1+\sigma_1)^{10^6}",
        "T = " + "9" * 5_000,
    ],
    ids=lambda latex: latex[:24],
)
def test_hostile_formulas_end_in_a_verdict(run: Run, latex: str) -> None:
    start = time.monotonic()
    code, out, err = run("whatif", "zhang2024", "3.5", latex)
    assert time.monotonic() - start < 15
    assert code in (1, 2)
    if code == 2:
        refuses(code, out, err)
    else:
        assert "reason" in out and err == ""


def test_graph(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few = {n: LIBRARY.entries[n] for n in ("3.1", "3.2") if not set(LIBRARY.entries[n].uses) - {"3.1"}}
    monkeypatch.setattr(LIBRARY, "entries", few)
    code, out, _ = run("graph", "zhang2024")
    assert code == 0 and out.startswith("digraph") and '"3.1#1"' in out
    code, _, err = run("graph", "zhang2024", "-o", str(tmp_path / "g.json"))
    assert (code, err) == (0, "") and json.loads((tmp_path / "g.json").read_text())["nodes"]
    code, _, _ = run("graph", "zhang2024", "-o", str(tmp_path / "g.svg"))
    assert code == 0 and b"<svg" in (tmp_path / "g.svg").read_bytes()


def test_report_says_how_each_file_was_made(run: Run, tmp_path: Path) -> None:
    copy = tmp_path / "my.md"
    copy.write_text(READABLE)
    code, out, err = run("report", "zhang2024", "--source", str(copy), "-o", str(tmp_path / "out"))
    assert (code, err) == (0, "")
    for name in ("verdicts.json", "ERRATA.md", "errata.tex", "errata.pdf", "index.html"):
        assert (tmp_path / "out" / name).is_file() and f"{name} " in out
    (pdf,) = [line for line in out.splitlines() if "errata.pdf" in line]
    assert "pdflatex" in pdf or "Typst" in pdf


# -- the lock --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (None, 2, "missing"),
        ("{", 2, "spoilt"),
        ("[]", 2, "spoilt"),
        ('{"3.1#1": 7}', 2, "spoilt"),
        ('{"3.1#1": "refuted"}', 1, "3.1#1: refuted in the lock, proved now"),
        ("{}", 1, "3.1#1: not in the lock, proved now"),
        ('{"3.1#1": "proved", "3.2#1": "refuted"}', 0, ""),
    ],
)
def test_locked(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None, code: int, said: str
) -> None:
    place = tmp_path / "verdicts.lock"
    if content is not None:
        place.write_text(content)
    monkeypatch.setattr("derive.lock.place", lambda _: place)
    found, out, err = run("check", "zhang2024", "3.1", "--locked")
    assert found == code and said in err
    if code == 2:
        refuses(found, out, err, "--write-lock")


def test_a_whole_run_is_compared_both_ways(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "verdicts.lock"
    monkeypatch.setattr("derive.lock.place", lambda _: place)
    monkeypatch.setattr(LIBRARY, "entries", {"3.1": LIBRARY.entries["3.1"]})
    assert run("check", "zhang2024", "--write-lock")[0] == 0
    assert json.loads(place.read_text()) == {"3.1#1": "proved"} and os.listdir(tmp_path) == ["verdicts.lock"]
    assert run("check", "zhang2024", "--locked")[0] == 0
    place.write_text('{"3.1#1": "proved", "9.9#1": "proved"}')
    code, _, err = run("check", "zhang2024", "--locked")
    assert code == 1 and "9.9#1: proved in the lock, no such claim now" in err


# -- ends ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (Conflict("3.1: proof and numbers"), 3, "conflict, an engine bug: 3.1"),
        (KeyboardInterrupt(), 130, "finished verdicts are kept"),
        (ZeroDivisionError("x\ny"), 3, "an engine bug (ZeroDivisionError: x y)"),
    ],
)
def test_ends(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, said: str
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.delenv("DERIVE_TRACEBACK", raising=False)
    monkeypatch.setattr("derive.runner.check", fail)
    found, out, err = run("check", "zhang2024", "3.1", "--json", str(tmp_path / "x.json"))
    assert (found, out) == (code, "") and said in err and err.count("\n") == 1
    assert not os.listdir(tmp_path)


def test_a_broken_pipe_is_no_error() -> None:
    command = [sys.executable, "-m", "derive", "check", "zhang2024", "1.5", "3.1", "3.2"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout and process.stderr
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 0


def test_control_c_keeps_finished_verdicts(tmp_path: Path) -> None:
    environment = os.environ | {"DERIVE_CACHE": str(tmp_path)}
    command = [sys.executable, "-m", "derive", "check", "zhang2024", "--json", "-"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # a shell that runs the tests in the background starts them with the signal ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        deadline = time.monotonic() + 30
        while not any(p.is_file() for p in tmp_path.rglob("*")) and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 130 and out == ""
    assert err == "derive: stopped; finished verdicts are kept.\n"
    assert any(p.is_file() for p in tmp_path.rglob("*"))


def test_a_cache_that_cannot_be_written_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = derive("check", "zhang2024", "3.1", env=os.environ | {"DERIVE_CACHE": str(tmp_path / "file" / "x")})
    assert done.returncode == 0 and "3.1#1" in done.stdout
    assert done.stderr.count("verdicts can't be kept") == 1


def test_a_spoilt_cache_entry_is_judged_anew(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DERIVE_CACHE", str(tmp_path))
    assert run("check", "zhang2024", "3.1")[0] == 0
    for entry in [p for p in tmp_path.rglob("*") if p.is_file()]:
        for spoilt in ("{", "[]", "{}", '{"verdicts": [{}]}', "null"):
            entry.write_text(spoilt)
            code, out, _ = run("check", "zhang2024", "3.1")
            assert code == 0 and "proved" in out, spoilt


def test_help_imports_nothing_heavy() -> None:
    heavy = "{'sympy', 'networkx', 'lark', 'flint', 'mpmath', 'matplotlib', 'rich', 'jinja2', 'typst', 'pygraphviz'}"
    code = f"import sys; from derive.cli import main; c = main(['--help']); print(c, {heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 set()"
    assert "exit codes" in done.stdout
    for command in ("check", "report", "show", "whatif", "graph"):
        assert derive(command, "--help").returncode == 0
