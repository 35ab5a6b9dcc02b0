r"""The outcome follows the print: the paper is handed in with one equation changed, and the verdicts change with it.

Each case of `tests/mutations.py` is written into a Markdown copy of the paper and goes the way of a reader's own copy:
`derive.source.read_source`, then `derive.runner`. Nothing here knows how a verdict is found.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from derive.library import load
from derive.runner import check
from derive.source import read_source
from derive.verdict import Equation
from tests.mutations import BREAKS, KEEPS, KINDS, MENDS, WRONG, Change, names

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = ROOT / "theorems"
DOCUMENT = "zhang2024"
#: The equations in question: (1.1)–(3.26) and (4.1)–(4.10).
SCOPE = re.compile(r"[12]\.\d+|3\.(?:\d|1\d|2[0-6])|4\.(?:\d|10)")

Verdicts = dict[str, dict[str, Any]]
CHANGES = dict(
    zip(
        [f"{group}:{name}" for group, cases in (("break", BREAKS), ("mend", MENDS), ("keep", KEEPS)) for name in names(cases)],
        (*BREAKS, *MENDS, *KEEPS),
        strict=True,
    )
)


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
    os.environ["DERIVE_CACHE"] = "off"
    library = load(DOCUMENT)
    found = check(library, read_source(file), {"kind": "file"}, numbers=numbers)
    return {v.id: v.as_json() for v in found.verdicts}


@pytest.fixture(scope="module")
def verdicts(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Verdicts]]:
    """Verdicts by case, or by an equation's number as printed; all that is asked for goes to a pool at once."""
    folder = tmp_path_factory.mktemp("copies")
    asked = {str(i.callspec.params["case"]) for i in request.session.items if "case" in getattr(getattr(i, "callspec", None), "params", {})}  # type: ignore[attr-defined]  # fmt: skip
    waiting: dict[str, Future[Verdicts]] = {}
    original = folder / "printed.md"
    original.write_text(copy_of_paper(), encoding="utf-8")
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for name, change in CHANGES.items():
            if name not in asked:
                continue
            file = folder / f"{name.replace(':', '-')}.md"
            file.write_text(copy_of_paper(change), encoding="utf-8")
            for number in change.numbers:
                if number not in waiting:
                    waiting[number] = pool.submit(judged, original, (number,))
            waiting[name] = pool.submit(judged, file, change.numbers)
        try:
            yield lambda name: waiting[name].result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def before(change: Change, verdicts: Callable[[str], Verdicts]) -> Verdicts:
    """The verdicts without the change."""
    return {claim: v for number in change.numbers for claim, v in verdicts(number).items()}


def told(claim: str, new: dict[str, Any]) -> str:
    return f"{claim}: {new['printed_lhs']} {new['relation']} {new['printed_rhs']}\n{new['verdict']}: {new['reason']}"


def others_stay(change: Change, old: Verdicts, new: Verdicts) -> None:
    """Claims whose sides and sign the change leaves alone keep their verdicts."""
    assert list(old) == list(new)
    for claim, v in new.items():
        same = all(v[part] == old[claim][part] for part in ("printed_lhs", "relation", "printed_rhs"))
        if same and claim not in change.claims:
            assert v["verdict"] == old[claim]["verdict"], told(claim, v)


def cases(group: str) -> list[str]:
    return [name for name in CHANGES if name.startswith(group + ":")]


def short(name: str) -> str:
    return name.split(":")[1]


@pytest.mark.parametrize("case", cases("break"), ids=short)
def test_a_broken_line_is_wrong(case: str, verdicts: Callable[[str], Verdicts]) -> None:
    change = CHANGES[case]
    old, new = before(change, verdicts), verdicts(case)
    for claim in change.claims:
        assert new[claim]["verdict"] in change.allowed, told(claim, new[claim])
    first = old[change.claims[0]]
    assert first["verdict"] not in {"refuted", "ill-formed", "undecided"}, "what the case breaks is to hold as printed"
    others_stay(change, old, new)


@pytest.mark.parametrize("case", cases("mend"), ids=short)
def test_a_mended_line_holds(case: str, verdicts: Callable[[str], Verdicts]) -> None:
    change = CHANGES[case]
    old, new = before(change, verdicts), verdicts(case)
    for claim in change.claims:
        assert new[claim]["verdict"] in change.allowed, told(claim, new[claim])
    assert any(old[claim]["verdict"] in WRONG for claim in change.claims), "what the case mends is to be wrong as printed"
    others_stay(change, old, new)


@pytest.mark.parametrize("case", cases("keep"), ids=short)
def test_another_notation_changes_nothing(case: str, verdicts: Callable[[str], Verdicts]) -> None:
    old, new = before(CHANGES[case], verdicts), verdicts(case)
    assert list(old) == list(new)
    for claim, v in new.items():
        assert v["verdict"] == old[claim]["verdict"], told(claim, v)


# -- the command line ------------------------------------------------------------------------------------------------------


def derive(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DERIVE_CACHE": "off"}
    return subprocess.run(
        [sys.executable, "-m", "derive", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )  # fmt: skip


@pytest.mark.parametrize("name", ["break:3.2-sign", "break:2.24-sign", "mend:3.23-constant", "mend:3.9-roles"], ids=short)
def test_check_of_a_changed_copy(name: str, tmp_path: Path) -> None:
    change = CHANGES[name]
    file = tmp_path / "copy.md"
    file.write_text(copy_of_paper(change), encoding="utf-8")
    done = derive("check", DOCUMENT, *change.numbers, "--source", str(file), "--json", "-")
    assert done.returncode == 0, done.stderr
    claims = {c["id"]: c for c in json.loads(done.stdout)["claims"]}
    assert {c: claims[c]["verdict"] for c in change.claims if claims[c]["verdict"] not in change.allowed} == {}


@pytest.mark.parametrize(
    ("name", "code"),
    [("break:3.2-constant", 1), ("break:3.6-coefficient", 1), ("mend:3.23-constant", 0), ("mend:2.33-index", 0), ("keep:3.13-logarithm", 0)],
    ids=lambda x: short(x) if isinstance(x, str) else None,
)  # fmt: skip
def test_whatif(name: str, code: int, tmp_path: Path) -> None:
    change = CHANGES[name]
    latex = change.applied(printed()[change.equation].latex)
    file = tmp_path / "verdicts.json"
    done = derive("whatif", DOCUMENT, change.equation, latex, "--json", str(file))
    assert done.returncode == code, done.stdout + done.stderr
    claims = {c["id"]: c for c in json.loads(file.read_text(encoding="utf-8"))["claims"]}
    for claim in change.claims:
        assert claims[claim]["verdict"] in change.allowed, told(claim, claims[claim])


# -- nothing about the outcome is stored -------------------------------------------------------------------------------------

#: Words that a stored outcome would need. "premise" and "definition" name what a paper takes as given, not what was found.
OUTCOMES = re.compile(
    r"\b(?:proved|proven|supported|refuted?|conditional|ill-formed|undecided|verdicts?|incorrect|correct\w*|wrong\w*|errat\w+|"
    r"faults?|faulty|mistake\w*|misprint\w*|typos?|should (?:read|be)|instead of|true|false)\b",
    re.IGNORECASE,
)
#: What a library may take from the verdicts' module: the printed equation, a fact.
FACTS = frozenset({"Equation"})


def library_files() -> list[Path]:
    return sorted(LIBRARIES.rglob("*.py"))


@pytest.mark.parametrize("file", library_files(), ids=lambda p: p.relative_to(LIBRARIES).as_posix())
def test_no_outcome_is_stored(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found = OUTCOMES.search(node.value)
            assert found is None, f"line {node.lineno}: {found[0]!r} in {node.value!r}" if found else ""
        if isinstance(node, ast.ImportFrom) and node.module == "derive.verdict":
            assert {a.name for a in node.names} <= FACTS
        if isinstance(node, ast.Import):
            assert "derive.verdict" not in {a.name for a in node.names}
        if isinstance(node, ast.Call):
            assert not {"verdict", "status", "fault", "severity", "expected", "correction"} & {k.arg for k in node.keywords}
    comments = re.findall(r"#(?!:).*", file.read_text(encoding="utf-8"))
    assert [c for c in comments if OUTCOMES.search(c)] == []


def test_the_printed_equations_are_facts_only() -> None:
    data = json.loads((LIBRARIES / DOCUMENT / "equations.json").read_text(encoding="utf-8"))
    assert {key for e in data for key in e} == {"number", "latex", "section"}


@pytest.mark.parametrize("number", ["2.27", "3.4", "3.5", "3.9", "3.10", "3.14", "3.19", "3.21", "3.23"])
def test_verdicts_do_not_need_the_closed_forms(number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The closed forms that a library gives are a way to show what was derived. Without them nothing changes."""
    from derive.judging import Judge

    library = load(DOCUMENT)
    entry = library.entries[number]
    assert entry.notation.closed
    with_them = [j.verdict.verdict for j in Judge(library).equation(printed()[number])]
    monkeypatch.setitem(library.entries, number, replace(entry, notation=replace(entry.notation, closed={})))
    without = [j.verdict.verdict for j in Judge(library).equation(printed()[number])]
    assert with_them == without


# -- the table, and the count of signs ---------------------------------------------------------------------------------------


def test_the_table_covers_the_issue() -> None:
    assert len({(c.equation, c.pairs) for c in BREAKS}) == len(BREAKS) >= 34
    assert len({c.equation for c in MENDS}) >= 12
    assert len(KEEPS) >= 10
    assert {c.kind for c in BREAKS} == set(KINDS)
    assert {c.equation.split(".")[0] for c in BREAKS} == set("1234")
    assert all(SCOPE.fullmatch(n) for c in (*BREAKS, *MENDS, *KEEPS) for n in c.numbers)


@pytest.mark.parametrize("case", sorted(CHANGES))
def test_a_change_fits_its_equation(case: str) -> None:
    change = CHANGES[case]
    latex = printed()[change.equation].latex
    assert change.applied(latex) != latex


SIGN = re.compile(
    r"=|<|>|\\(?:sim|approx|propto|simeq|equiv|leq?|geq?|lesssim|gtrsim|ll|gg|to|rightarrow|neq?)(?![A-Za-z])"
)


def signs(latex: str) -> int:
    r"""Relation signs outside all braces and sets.

    >>> signs(r"a = \sum_{i=1}^n b \sim \{ c | c = d \} > \left(e\right)")
    3
    """
    latex = re.sub(r"\\\{.*\\\}", "", latex)
    while (shorter := re.sub(r"\{[^{}]*\}", "", latex)) != latex:
        latex = shorter
    return len(SIGN.findall(latex))


def test_every_sign_is_a_claim(tmp_path: Path) -> None:
    file = tmp_path / "copy.md"
    file.write_text(copy_of_paper(), encoding="utf-8")
    done = derive("check", DOCUMENT, "--source", str(file), "--json", "-")
    assert done.returncode == 0, done.stderr
    counted: dict[str, int] = {}
    for c in json.loads(done.stdout)["claims"]:
        counted[c["equation"]] = counted.get(c["equation"], 0) + 1
    expected = {n: signs(e.latex) for n, e in printed().items() if SCOPE.fullmatch(n)}
    assert {n: counted.get(n, 0) for n in expected} == expected


def test_a_copy_without_a_change_has_the_verdicts_of_the_library(tmp_path: Path) -> None:
    file = tmp_path / "copy.md"
    file.write_text(copy_of_paper(), encoding="utf-8")
    numbers = ("2.24", "2.25", "3.2", "3.4", "3.9")
    from_print = judged(file, numbers)
    builtin = check(load(DOCUMENT), load(DOCUMENT).equations, {"kind": "builtin"}, numbers=numbers)
    assert {c: v["verdict"] for c, v in from_print.items()} == {v.id: v.verdict for v in builtin.verdicts}
