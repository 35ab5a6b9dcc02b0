"""The edition as LaTeX and as PDF: links, marks, derivations, charts, and lines that fit."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from derive.verdict import Checked, Equation, Status, Step
from reports import latex as tex
from reports import typeset as typ
from reports.charts import charts
from reports.latex import latex
from reports.layout import rows
from reports.model import view
from reports.notes import notes, remarks
from reports.views import Math
from tests.golden.made_up import LONG, checked

#: TeX counts what sticks out; wider than this is seen.
WIDEST = 10.0
PDFLATEX = ["pdflatex"] if shutil.which("pdflatex") else []


def too_wide(log: str) -> list[str]:
    r"""Overfull lines of a TeX log.

    >>> too_wide(r"Overfull \hbox (12.5pt too wide) in x" + "\n" + r"Overfull \hbox (2pt too wide) in y")
    ['12.5']
    """
    return [w for w in re.findall(r"Overfull \\hbox \(([\d.]+)pt too wide", log) if float(w) > WIDEST]


def typst_source(run: Checked) -> str:
    seen: list[str] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(typ, "_compile", lambda source: seen.append(source) or b"")
        typ.typeset(view(run))
    return seen[0]


# --- links -----------------------------------------------------------------------------------------


def test_every_link_of_the_latex_has_one_place() -> None:
    source = latex(view(checked()))
    places = re.findall(r"\\at\{(.*?)\}", source.replace(r"\newcommand{\at}", ""))
    links = re.findall(r"\\(?:hyperlink|errs|node\{\w+\})\{([\w.-]+)\}", source.split(r"\begin{document}")[1])
    assert len(places) == len(set(places)) and set(links) <= set(places)
    assert {"erratum-2", "claim-3.9-1", "eq-3.8"} <= set(links), "erratum ↔ claim, reach → equation"


def test_every_link_of_the_typst_has_one_place() -> None:
    source = typst_source(checked())
    places = re.findall(r'#at\("(.*?)"\)', source)
    links = re.findall(r'#to\("(.*?)"\)', source) + re.findall(r'\$, "(erratum-.*?)"\)', source)
    assert len(places) == len(set(places)) and links and set(links) <= set(places)


def test_a_link_that_leads_nowhere_is_text() -> None:
    run = replace(checked(), verdicts=tuple(v for v in checked().verdicts if v.equation != "3.8"))
    run = replace(run, equations=tuple(e for e in run.equations if e.number != "3.8"))
    source = latex(view(run))
    assert "(3.8)" in source and "{eq-3.8}" not in source
    assert '"eq-3.8"' not in typst_source(run)


# --- displays --------------------------------------------------------------------------------------


def test_signs_carry_their_verdict_and_wrong_ones_their_erratum() -> None:
    source = latex(view(checked()))
    assert r"\errs{erratum-2}{red}{\ensuremath{\boldsymbol{\times}}1}{\sim}" in source
    assert r"\sign{grey}{:=}{=}" in source, "the only sign of its display has no number"
    assert '#sign(red, "✗1", $tilde.op$, "erratum-2")' in typst_source(checked()).replace("$~$", "$tilde.op$")


def test_signs_that_fare_alike_share_a_note() -> None:
    (display,) = (e for e in view(checked()).equations if e.number == "3.8")
    assert [(n.signs, n.badge.label, n.scope) for n in display.notes] == [
        ("1", "supported", "K ≤ 4, n ≤ 4"),
        ("2–3", "proved", ""),
    ]


def test_what_is_proved_by_calculation_is_not_told() -> None:
    claims = view(checked()).equations[0].claims
    plain = replace(claims[0], reason=replace(claims[0].reason, parts=("Equal by normal form.",)))
    proved = replace(plain, badge=next(n.badge for n in notes(claims, {})))
    assert remarks([proved], frozenset(), {}) == ()
    assert [str(r.reason) for r in remarks(claims, frozenset(), {})] == ["Names the entropy."]


def test_a_derivation_stands_line_by_line_with_its_rules() -> None:
    source = latex(view(checked()))
    lines = re.findall(r"\\derive\{(.*)\}\{(.*)\}", source.split(r"\begin{document}")[1])
    first = next(k for k, (_, rule) in enumerate(lines) if rule.startswith("derivation, sign 1: "))
    assert lines[first][0].startswith(r"{\head{T}\step{=\frac") and lines[first][1].endswith("definition of T, (2.29)")
    assert lines[first + 1] == (
        r"{\head{\phantom{T}}\step{\sim \frac{\sigma ^{2}}{2\ln \sigma }(1+\overline{X^{2}})}{}}",
        r"\itshape leading terms",
    )
    assert typst_source(checked()).count("#derive[") == len(lines)


def test_a_derivation_that_begins_as_one_before_goes_on_from_there() -> None:
    run = checked()
    one = next(v for v in run.verdicts if len(v.derivation) > 2)
    more = Step(relation="=", latex="c", rule="more")
    same, longer = (
        replace(one, id=f"5.1#{k}", equation="5.1", witness=None, derivation=steps)
        for k, steps in ((1, one.derivation), (2, (*one.derivation, more)))
    )
    (display,) = (e for e in view(replace(run, verdicts=(*run.verdicts, same, longer))).equations if e.number == "5.1")
    first, second = display.remarks
    assert first.derivation == () and first.follows and first.follows.claim == one.id
    assert [s.formula.latex for s in second.derivation] == [one.derivation[-1].latex, "c"]


def test_a_display_is_not_torn_inside_brackets() -> None:
    shown = rows(r"a = \left[b\right] (c + d + e + f + g + h + i + j) + k", limit=17.0)
    assert [r.right for r in shown] == [r"=\left[b\right](c+d+e+f+g+h+i+j)", r"\quad +k"]


def test_marks_of_a_foreign_text_are_dropped() -> None:
    assert "\ue000" not in tex.inline(Math("a \ue000= b")) + tex.display(Math("a \ue000= b"))
    run = replace(checked(), equations=(Equation(number="1", latex="a \ue001= b"),))
    assert "\ue001" not in latex(view(run)) and "\ue001" not in typst_source(run)


# --- the charts ------------------------------------------------------------------------------------


def _chained(*edges: tuple[str, str]) -> Checked:
    """Displays with one proved sign each, and what uses what."""
    numbers = sorted({n for edge in edges for n in edge})
    one = next(v for v in checked().verdicts if v.verdict == Status.PROVED)
    return replace(
        checked(),
        equations=tuple(Equation(number=n, latex="a = b", section=n[0]) for n in numbers),
        verdicts=tuple(replace(one, id=f"{n}#1", equation=n, section=n[0], uses=()) for n in numbers),
        passages=(),
        edges=tuple((f"{a}#1", f"{b}#1") for a, b in edges),
    )


def test_a_chart_leaves_out_what_follows_and_names_other_chapters() -> None:
    found = charts(view(_chained(("1.1", "2.2"), ("2.1", "2.2"), ("2.2", "2.3"), ("2.1", "2.3"), ("1.1", "1.2"))))
    assert [len(c.boxes) for c in found] == [2, 3]
    assert len(found[1].arrows) == 2, "2.1 → 2.3 follows"
    assert {b.name: [u.claim for u in b.uses] for b in found[1].boxes} == {"2.1": [], "2.2": ["1.1"], "2.3": []}


def test_without_graphviz_there_is_no_chart(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    assert charts(view(checked())) == () and "What follows from what" not in latex(view(checked()))


# --- TeX -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", PDFLATEX)
def test_no_line_of_the_made_up_report_sticks_out(engine: str, tmp_path: Path) -> None:
    wide = Equation(number="9.9", latex=LONG.replace(r"\\", "") + LONG.replace(r"\\", ""), section="9")
    run = replace(checked(), equations=(*checked().equations, wide))
    (tmp_path / "errata.tex").write_text(latex(view(run)), encoding="utf-8")
    command = [engine, "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "errata.tex"]
    for _ in range(2):
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, env=os.environ)
    log = (tmp_path / "errata.log").read_bytes().decode("latin-1")
    assert not too_wide(log)
    assert not re.search("undefined references|Missing character|does not exist", log)
