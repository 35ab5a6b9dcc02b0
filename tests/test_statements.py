"""Claims in prose and in tables: found in a copy, tied to the print, and decided by computation only."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from derive.cache import verdict_from
from derive.cli import main
from derive.errors import DeriveError
from derive.library import load
from derive.passages import filled, in_copy
from derive.reader.ellipsis import expand, same_value
from derive.reader.notation import Notation, symbols
from derive.runner import _work, tasks_for
from derive.term import ONE, Elem, Sum, Sym, substitute, term
from derive.verdict import Cited, Equation, Passage, Verdict

LIBRARY = load("zhang2024")
PASSAGES = {e.number: e for e in LIBRARY.passages}


def judge(
    number: str, *, changed: dict[str, str] | None = None, passages: tuple[Equation, ...] | None = None
) -> list[Verdict]:
    """Verdicts of one passage, with displays printed otherwise or passages as a copy has them."""
    displays = tuple(replace(e, latex=(changed or {}).get(e.number, e.latex)) for e in LIBRARY.equations)
    (task,) = tasks_for(LIBRARY, displays + (LIBRARY.passages if passages is None else passages), [number])
    return [verdict_from(v) for v in _work(task)["verdicts"]]


def said(number: str, text: str) -> list[str]:
    """Verdicts of a passage as a text has it; none where the text lacks it."""
    here = in_copy([PASSAGES[number]], text)
    others = tuple(e for e in LIBRARY.passages if e.number != number)
    return [v.verdict.value for v in judge(number, passages=others + here)] if here else []


# -- found in a copy -----------------------------------------------------------------------------------------

ROW = "$T \\sim \\overline{X^2} \\left(\\frac{\\sigma^2}{\\ln \\sigma} \\right)$"


@pytest.mark.parametrize(
    "text",
    [
        f"LineR + MSE\tnormal\t{ROW}",
        f"LineR + MSE & normal & {ROW} \\\\",
        f"| LineR + MSE | normal | {ROW} |",
        f"LineR  + MSE   normal {ROW}",
    ],
)
def test_a_row_is_found_by_its_labels(text: str) -> None:
    assert said("table3.1", text) == ["proved", "proved"]


def test_a_row_follows_the_copy() -> None:
    """The formula of the copy is judged, against the truth and against the equation."""
    assert said("table3.1", f"LineR + MSE & normal & {ROW.replace('frac{', 'frac{2')}") == ["refuted", "refuted"]
    assert said("table3.1", "LineR + MAE & normal & $a$") == []
    twice = "LineR + MSE + reg\tnormal\t$T_{L_1} \\sim a$\n\t\t$T_{L_2} \\sim b$"
    assert [e.latex for e in in_copy([PASSAGES["table3.4"]], twice)] == ["T_{L_2} \\sim b"]


def test_a_printed_formula_is_found_whatever_its_blanks() -> None:
    assert said("s3.1.2.a", "where $\\overline{ X_K^2 }=1$ holds") == ["proved"]
    assert said("s3.1.2.a", "where $\\overline{X_K^2} = 2$ holds") == []


def test_an_extract_says_nothing_of_what_it_lacks() -> None:
    e = PASSAGES["s2.1.a"]
    there = [x for x in LIBRARY.equations if x.number in ("2.2", "2.3")]
    assert filled(e, there, LIBRARY.equations) is not None
    assert filled(e, there[:1], LIBRARY.equations) is None
    spoken = PASSAGES["s4.1.b"]
    assert filled(spoken, [x for x in LIBRARY.equations if x.number != "4.4"], LIBRARY.equations) is None


def test_a_copy_without_the_sentence_lists_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import json

    copy = tmp_path / "copy.md"
    copy.write_text("$$S = \\ln\\left(\\prod_{k=1}^{K} l_k\\right). \\tag{3.13}$$\n\n$\\overline{X_K^2} = 1$\n")
    assert main(["check", "zhang2024", "--source", str(copy), "--json", "-", "--jobs", "1"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [s["id"] for s in found["statements"]] == ["s3.1.2.a"] and len(found["absent"]) == len(PASSAGES) - 1
    assert {c["equation"] for c in found["claims"]} == {"3.13", "s3.1.2.a"} and found["summary"]["statements"] == 1


# -- cross-references ----------------------------------------------------------------------------------------


def test_a_reference_follows_the_print() -> None:
    """The wrong section of Table 2 is refuted with the right one; a copy that cites it is right."""
    (wrong, method) = judge("table2.10")
    assert (wrong.verdict.value, wrong.fault.value) == ("refuted", "cross-reference")  # type: ignore[union-attr]
    assert wrong.correction and wrong.correction.read == r"\text{Appendix E}" and method.verdict.value == "supported"
    mended = "Neural Network with MSE\tuniform distribution\tasymptotic\tAppendix E"
    assert said("table2.10", mended) == ["supported", "supported"]


def test_a_reference_falls_with_the_display_that_it_cites() -> None:
    assert [v.verdict.value for v in judge("s2.1.a")] == ["supported", "supported"]
    spoilt = judge("s2.1.a", changed={"2.3": r"Q_0 = -\sum_{i=1}^{n} p_i \log p_i"})
    assert [v.verdict.value for v in spoilt] == ["supported", "refuted"]


def test_every_reference_could_fail() -> None:
    """Each cited place holds what it is cited for because of its displays: without them nothing is found."""
    for e in LIBRARY.passages:
        assert e.passage is not None
        if e.passage.cited:
            ready = filled(e, [], ())
            assert ready is not None and all(not f.there for f in ready.findings), e.number


# -- the same as a display -----------------------------------------------------------------------------------


def test_a_comparison_follows_both_displays() -> None:
    assert [v.verdict.value for v in judge("s4.1.b")] == ["proved"]
    same = r"\langle E_0 \rangle \sim 0 \sim \frac{1}{n} \exp[\sum_{j=1}^{K-1} \sigma_j^2 x_{ij}^2]"
    assert [v.verdict.value for v in judge("s4.1.b", changed={"4.5": same})] == ["refuted"]


# -- what is said not to exist -------------------------------------------------------------------------------


def denied(latex: str) -> str:
    """The verdict on "x + x has no closed form", with a formal reading."""
    from derive.claim import Entry
    from derive.judging import Judge
    from derive.passages import retold

    e = Equation(number="s3.5.c", latex=latex, passage=Passage(where="", says="", denied=True))
    judged = Judge(LIBRARY)
    before = LIBRARY.entries["s3.5.c"]
    LIBRARY.entries["s3.5.c"] = Entry(number="s3.5.c", notation=Notation(scalars=symbols("x t")))
    try:
        return retold(e, (), [j.verdict for j in judged.equation(e)])[0].verdict.value
    finally:
        LIBRARY.entries["s3.5.c"] = before


def test_only_a_proved_closed_form_refutes_that_there_is_none() -> None:
    assert denied("x + x = 2x") == "refuted"
    assert denied("x + x = 3x") == "undecided"
    assert denied(r"x + x = \int_0^2 x dt") == "undecided"  # no closed form, though it is equal


# -- declarations and the command line -----------------------------------------------------------------------


def test_numbers_of_passages_are_checked() -> None:
    from derive.claim import Library

    paper = Library("demo", "", "", ())
    with pytest.raises(DeriveError, match="names no passage"):
        paper.statement("3.5", Notation(), "a = a", where="", says="")
    paper.reference("s1.a", Cited("1", "a thing"), where="", says="")
    with pytest.raises(DeriveError, match="twice"):
        paper.reference("s1.a", Cited("1", "a thing"), where="", says="")


def test_commands_take_statements(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "zhang2024", "s3.1.2.a"]) == 0
    assert "Section 3.1.2 (a)" in capsys.readouterr().out
    assert main(["whatif", "zhang2024", "s3.1.2.a", r"\overline{X_K^2} = 2"]) == 1
    assert main(["whatif", "zhang2024", "table2.1", "a = b"]) == 2
    assert "cross-reference" in capsys.readouterr().err
    assert main(["show", "zhang2024", "s9.9.z"]) == 2


def test_paraphrases_are_our_own() -> None:
    """No sentence of the paper: what is kept of it are formulas, and a few words to find a place by."""
    for e in LIBRARY.passages:
        p = e.passage
        assert p is not None and p.where and p.says
        words = [w for w in p.cue.split() if w.isalpha()]
        assert len(words) <= 8, e.number


# -- dots whose indices shift together -------------------------------------------------------------------------


def test_dots_with_indices_that_shift_together() -> None:
    def layer(p: object) -> object:
        return Elem("l", (p,)) * (Elem("l", (p - ONE,)) + ONE)  # type: ignore[operator, arg-type]

    L = Sym("L")
    parts = [Elem("l", (L,)) * Elem("l", (L - 1,)), Elem("l", (ONE,)) * Elem("l", (term(0),))]
    (whole,) = expand(parts[:1], parts[1:], product=False)
    assert isinstance(whole, Sum)
    at = substitute(whole.body, {Sym(whole.index): Sym("p")})
    assert same_value(at, Elem("l", (Sym("p"),)) * Elem("l", (Sym("p") - 1,)))
    with pytest.raises(Exception, match="no pattern"):  # the indices move by different steps
        expand([Elem("l", (L,)) * Elem("l", (L - 1,))], [Elem("l", (ONE,)) * Elem("l", (term(-5),))], product=False)
