r"""The outcome follows the print: the paper is handed in with one equation changed, and the verdicts follow.

Each case of `tests/mutations.py` is written into a Markdown copy of the paper and goes the way of a reader's
own copy: `derive.source.read_source`, then `derive.runner`. Nothing here knows how a verdict is found.
"""

from __future__ import annotations

import ast
import io
import json
import os
import re
import subprocess
import sys
import tokenize
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from derive import nearest, runner
from derive.library import load
from derive.runner import check
from derive.source import read_source
from derive.verdict import Equation
from tests import mutations, mutations_appendices, mutations_engines, mutations_networks
from tests.mutations import KINDS, WRONG, Change, names

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = ROOT / "theorems"
DOCUMENT = "zhang2024"
BRIEFLY = 12_000
#: The equations in question: all of them.
SCOPE = re.compile(r"[1-6A-E]\.\d+")
BREAKS, MENDS, KEEPS = (
    sum((getattr(m, part) for m in (mutations, mutations_engines, mutations_networks, mutations_appendices)), ())
    for part in ("BREAKS", "MENDS", "KEEPS")
)

Verdicts = dict[str, dict[str, Any]]
Ask = Callable[[str], Verdicts]

CHANGES = {
    f"{group}:{name}": change
    for group, changes in (("break", BREAKS), ("mend", MENDS), ("keep", KEEPS))
    for name, change in zip(names(changes), changes, strict=True)
}


@cache
def printed() -> dict[str, Equation]:
    return {e.number: e for e in load(DOCUMENT).equations}


def copy_of_paper(change: Change | None = None) -> str:
    """A Markdown copy of the paper's displays, in the paper's order."""
    parts = ["# A copy of the displays\n"]
    for e in printed().values():
        latex = change.applied(e.latex) if change is not None and change.equation == e.number else e.latex
        parts.append(f"$$\n{latex} \\tag{{{e.number}}}\n$$\n")
    return "\n".join(parts)


def judged(file: Path, numbers: tuple[str, ...]) -> Verdicts:
    """Verdicts of some equations of a copy, by claim."""
    found = check(load(DOCUMENT), read_source(file), {"kind": "file"}, numbers=numbers)
    return {v.id: v.as_json() for v in found.verdicts}


def fresh() -> None:
    """Let no verdict of an earlier run be taken for one of this run; corrections are searched for briefly.

    No verdict asked for here hangs on a correction or on a derivation: other tests look at these.
    """
    os.environ["DERIVE_CACHE"] = "off"
    runner.DERIVING = 0
    nearest.EFFORT = nearest.READING = BRIEFLY


@pytest.fixture(autouse=True)
def no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DERIVE_CACHE", "off")


def asked(session: pytest.Session) -> set[str]:
    """The cases among the tests that are to run."""
    calls = [getattr(item, "callspec", None) for item in session.items]
    return {str(call.params["case"]) for call in calls if call is not None and "case" in call.params}


@pytest.fixture(scope="module")
def verdicts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Verdicts by case, or as printed by an equation's number; what is asked for goes to a pool at once."""
    folder = tmp_path_factory.mktemp("copies")
    original = folder / "printed.md"
    original.write_text(copy_of_paper(), encoding="utf-8")
    wanted = asked(request.session)
    changes = {name: change for name, change in CHANGES.items() if name in wanted}
    numbers = [n for n in printed() if n in wanted or any(n in c.numbers for c in changes.values())]
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), fresh) as pool:
        waiting: dict[str, Future[Verdicts]] = {n: pool.submit(judged, original, (n,)) for n in numbers}
        for name, change in changes.items():
            file = folder / f"{name.replace(':', '-')}.md"
            file.write_text(copy_of_paper(change), encoding="utf-8")
            waiting[name] = pool.submit(judged, file, change.numbers)
        try:
            yield lambda name: waiting[name].result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def before(change: Change, verdicts: Ask) -> Verdicts:
    """The verdicts without the change."""
    return {claim: v for number in change.numbers for claim, v in verdicts(number).items()}


def told(claim: str, v: dict[str, Any]) -> str:
    return f"{claim}: {v['printed_lhs']} {v['relation']} {v['printed_rhs']}\n{v['verdict']}: {v['reason']}"


def follow(change: Change, old: Verdicts, new: Verdicts) -> None:
    """The claims named have a verdict allowed; those whose sides and sign are untouched keep theirs."""
    assert list(old) == list(new)
    for claim in change.claims:
        assert new[claim]["verdict"] in change.allowed, told(claim, new[claim])
    for claim, v in new.items():
        same = all(v[part] == old[claim][part] for part in ("printed_lhs", "relation", "printed_rhs"))
        if same and claim not in change.claims:
            assert v["verdict"] == old[claim]["verdict"], told(claim, v)


def cases(group: str) -> list[str]:
    return [name for name in CHANGES if name.startswith(group + ":")]


def short(name: str) -> str:
    return name.split(":")[1]


@pytest.mark.parametrize("case", cases("break"), ids=short)
def test_a_broken_line_is_wrong(case: str, verdicts: Ask) -> None:
    change = CHANGES[case]
    old = before(change, verdicts)
    first = change.claims[0]
    assert old[first]["verdict"] not in {"refuted", "ill-formed", "undecided"}, told(first, old[first])
    follow(change, old, verdicts(case))


@pytest.mark.parametrize("case", cases("mend"), ids=short)
def test_a_mended_line_holds(case: str, verdicts: Ask) -> None:
    change = CHANGES[case]
    old = before(change, verdicts)
    assert any(old[c]["verdict"] in WRONG for c in change.claims), [told(c, old[c]) for c in change.claims]
    follow(change, old, verdicts(case))


@pytest.mark.parametrize("case", cases("keep"), ids=short)
def test_another_notation_changes_nothing(case: str, verdicts: Ask) -> None:
    old, new = before(CHANGES[case], verdicts), verdicts(case)
    assert list(old) == list(new)
    for claim, v in new.items():
        assert v["verdict"] == old[claim]["verdict"], told(claim, v)


# -- the command line -------------------------------------------------------------------------------------

CHECKED = ("break:3.2-sign", "break:2.24-sign", "mend:3.23-constant", "mend:3.9-roles")
#: Cases with the exit code of `derive whatif`: 1 when a sign of the equation does not hold.
EXIT_CODES = {
    "break:3.2-constant": 1,
    "break:3.6-coefficient": 1,
    "mend:3.23-constant": 0,
    "mend:2.33-index": 0,
    "keep:3.13-logarithm": 0,
}


def derive(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "derive", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("name", CHECKED, ids=short)
def test_check_of_a_changed_copy(name: str, tmp_path: Path) -> None:
    change = CHANGES[name]
    file = tmp_path / "copy.md"
    file.write_text(copy_of_paper(change), encoding="utf-8")
    done = derive("check", DOCUMENT, *change.numbers, "--source", str(file), "--json", "-")
    assert done.returncode == 0, done.stderr
    claims = {c["id"]: c for c in json.loads(done.stdout)["claims"]}
    for claim in change.claims:
        assert claims[claim]["verdict"] in change.allowed, told(claim, claims[claim])


@pytest.mark.parametrize("name", EXIT_CODES, ids=short)
def test_whatif(name: str, tmp_path: Path) -> None:
    change = CHANGES[name]
    latex = change.applied(printed()[change.equation].latex)
    file = tmp_path / "verdicts.json"
    done = derive("whatif", DOCUMENT, change.equation, latex, "--json", str(file))
    assert done.returncode == EXIT_CODES[name], done.stdout + done.stderr
    claims = {c["id"]: c for c in json.loads(file.read_text(encoding="utf-8"))["claims"]}
    for claim in change.claims:
        assert claims[claim]["verdict"] in change.allowed, told(claim, claims[claim])


def test_an_unchanged_copy_has_the_verdicts_of_the_library(tmp_path: Path) -> None:
    file = tmp_path / "copy.md"
    file.write_text(copy_of_paper(), encoding="utf-8")
    numbers = ("2.24", "2.25", "3.2", "3.4", "3.9")
    builtin = check(load(DOCUMENT), load(DOCUMENT).equations, {"kind": "builtin"}, numbers=numbers)
    from_file = {claim: v["verdict"] for claim, v in judged(file, numbers).items()}
    assert from_file == {v.id: v.verdict for v in builtin.verdicts}


# -- nothing about the outcome is stored ------------------------------------------------------------------

#: Words that a stored outcome would need. "premise" and "definition" say what a paper takes as given.
OUTCOMES = re.compile(
    r"\b(?:proved|proven|supported|refuted?|conditional|ill-formed|undecided|verdicts?|incorrect|correct\w*"
    r"|wrong\w*|errat\w+|faults?|faulty|mistake\w*|misprint\w*|typos?|should (?:read|be)|true|false)\b",
    re.IGNORECASE,
)
#: Arguments that a stored outcome would need.
ARGUMENTS = frozenset({"verdict", "status", "fault", "severity", "expected", "correction"})
#: What a library may take from the verdicts' module: what is printed or cited, facts.
FACTS = frozenset({"Equation", "Cited"})


def library_files() -> list[Path]:
    return sorted(LIBRARIES.rglob("*.py"))


@pytest.mark.parametrize("file", library_files(), ids=lambda p: p.relative_to(LIBRARIES).as_posix())
def test_no_outcome_is_stored(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert not OUTCOMES.search(node.value), f"line {node.lineno}: {node.value!r}"
        elif isinstance(node, ast.ImportFrom) and node.module == "derive.verdict":
            assert {a.name for a in node.names} <= FACTS, f"line {node.lineno}"
        elif isinstance(node, ast.Import):
            assert "derive.verdict" not in {a.name for a in node.names}, f"line {node.lineno}"
        elif isinstance(node, ast.Call):
            assert not ARGUMENTS & {k.arg for k in node.keywords if k.arg}, f"line {node.lineno}"
    comments = [t.string for t in tokenize.generate_tokens(io.StringIO(text).readline) if t.type == tokenize.COMMENT]
    assert [c for c in comments if OUTCOMES.search(c)] == []


def test_the_printed_equations_are_facts_only() -> None:
    data = json.loads((LIBRARIES / DOCUMENT / "equations.json").read_text(encoding="utf-8"))
    assert {key for e in data for key in e} == {"number", "latex", "section"}


@pytest.mark.parametrize("number", ["2.27", "3.9", "3.10", "3.23"])
def test_verdicts_do_not_need_the_closed_forms(number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library's closed forms are a way to show what was derived; without them the verdicts are the same."""
    from derive.judging import Judge

    library = load(DOCUMENT)
    entry = library.entries[number]
    assert entry.notation.closed
    with_them = [j.verdict.verdict for j in Judge(library).equation(printed()[number])]
    bare = replace(entry, notation=replace(entry.notation, closed={}))
    monkeypatch.setitem(library.entries, number, bare)
    assert [j.verdict.verdict for j in Judge(library).equation(printed()[number])] == with_them


# -- the table, and the count of signs --------------------------------------------------------------------


def test_the_table_is_wide_enough() -> None:
    assert len({(c.equation, c.pairs) for c in BREAKS}) >= 34
    assert len({c.equation for c in MENDS}) >= 12
    assert len(KEEPS) >= 10
    assert {c.kind for c in BREAKS} == set(KINDS)
    assert {c.equation.split(".")[0] for c in BREAKS} == set("123456ABCDE")
    assert all(SCOPE.fullmatch(n) for c in CHANGES.values() for n in c.numbers)


def test_every_change_fits_its_equation() -> None:
    for change in CHANGES.values():
        latex = printed()[change.equation].latex
        assert change.applied(latex) != latex


SIGN = re.compile(
    r"=|<|>|\\(?:sim|approx|propto|simeq|equiv|leq?|geq?|lesssim|gtrsim|ll|gg|to|rightarrow|neq?)(?![A-Za-z])"
)


def signs(latex: str) -> int:
    r"""Relation signs outside all braces, brackets and sets.

    >>> signs(r"a = \sum_{i=1}^n b \sim \{ c | c = d \} > \left(e\right)_{\{f\}} = g")
    4
    """
    latex = latex.replace(r"\{", "[").replace(r"\}", "]")
    for group in (r"\{[^{}]*\}", r"\[[^\[\]]*\]"):
        while (shorter := re.sub(group, "", latex)) != latex:
            latex = shorter
    return len(SIGN.findall(latex))


@pytest.mark.parametrize("case", [n for n in printed() if SCOPE.fullmatch(n)])
def test_every_sign_is_a_claim(case: str, verdicts: Ask) -> None:
    expected = [f"{case}#{k}" for k in range(1, signs(printed()[case].latex) + 1)]
    assert list(verdicts(case)) == expected
