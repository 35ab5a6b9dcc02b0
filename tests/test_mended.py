r"""The paper mended by our own corrections, and the parts that mending is made of.

The whole paper is checked, every correction put into the print, and the copy handed in as a reader would hand it in,
as Markdown. What is then still wrong has to be listed here, with the reason.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from derive.errors import Unreadable
from derive.judging import Judge
from derive.library import load
from derive.mending import Mended, conceptual, markdown, mended, mended_copy
from derive.reader.display import split
from derive.reader.edits import edited
from derive.reader.interpret import read
from derive.reader.printer import latex
from derive.runner import check
from derive.source import read_source
from derive.unfold import read_latex
from derive.verdict import WRONG, Checked, Correction, Equation, Status, Verdict
from tests.mutations import MENDS

LIBRARY = load("zhang2024")
JUDGE = Judge(LIBRARY)
EQUATIONS = {e.number: e for e in LIBRARY.equations}
SQUARES = r"\sum_{j=1}^K \sigma_j^2 \overline{X_j^2}"

#: Claims that stay wrong in the mended copy, and why no formula of ours mends them.
LEFT: dict[str, str] = {}


def judged(number: str, latex: str) -> list[Verdict]:
    return [x.verdict for x in JUDGE.equation(replace(EQUATIONS[number], latex=latex))]


# -- the whole paper -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def checked() -> Checked:
    return check(LIBRARY, LIBRARY.equations, {"kind": "builtin"}, jobs=2)


@pytest.fixture(scope="module")
def copy(checked: Checked) -> Mended:
    return mended_copy(LIBRARY, checked, jobs=2)


def test_the_mended_paper_comes_out_right(copy: Mended, tmp_path: Path) -> None:
    file = tmp_path / "mended.md"
    file.write_text(markdown(copy.equations), encoding="utf-8")
    handed_in = read_source(file)
    assert [e.number for e in handed_in] == [e.number for e in copy.equations]
    assert [(e.latex, e.section) for e in handed_in] == [(e.latex, e.section) for e in copy.equations]
    found = check(LIBRARY, handed_in, {"kind": "file"}, jobs=2)
    wrong = {v.id: v.reason for v in found.verdicts if v.verdict in WRONG and not conceptual(v)}
    assert not {k: why for k, why in wrong.items() if k not in LEFT}
    unread = {v.id for v in found.verdicts if v.equation in copy.changed and "could not be read" in v.reason}
    assert not unread - set(LEFT)
    assert len(copy.changed) > 20


def test_what_was_right_stays_as_printed(checked: Checked, copy: Mended) -> None:
    sound = {e.number for e in checked.equations} - {v.equation for v in checked.verdicts if v.verdict in WRONG}
    printed = {e.number: e.latex for e in LIBRARY.equations}
    for e in copy.equations:
        if e.number in sound and e.number not in copy.changed:
            assert e.latex == printed[e.number]


def test_no_right_claim_fails_its_dimensions(checked: Checked) -> None:
    told = 0
    for v in checked.verdicts:
        units = [e for e in v.evidence if e.startswith("dimensions")]
        told += bool(units)
        if v.verdict not in WRONG:
            assert not any("no dimensions" in e for e in units), v.id
    assert told > 100


def test_every_correction_is_read_back_as_it_was_meant(checked: Checked) -> None:
    unread = {}
    for v in checked.verdicts:
        if v.correction is None or v.equation not in LIBRARY.entries or v.correction.read.startswith(r"\text{"):
            continue  # words: there is no such bound, or another sign
        entry = LIBRARY.entries[v.equation]
        try:
            first = read(split(f"a = {v.correction.read}")[-1].right.tokens, entry.notation).term
            again = read_latex(latex(first, entry.notation), entry.notation)
        except Unreadable as e:
            unread[v.id] = f"{v.correction.read}: {e}"
            continue
        same = latex(first, entry.notation) == latex(again, entry.notation)
        if not same and not JUDGE.decider.proves_equal(JUDGE.full(first, entry), JUDGE.full(again, entry), entry):
            unread[v.id] = v.correction.read
    assert not unread


# -- the parts -------------------------------------------------------------------------------------


def wrong(relation: str, read: str, derived: str | None, printed: str = "b", reason: str = "") -> Verdict:
    return Verdict(
        id="1#1", equation="1", section="1", relation=relation, printed_lhs="a", printed_rhs="b", read="printed",
        read_back=("a", "b"),
        verdict=Status.REFUTED, derived=derived, correction=Correction(printed=printed, read=read), reason=reason,
    )  # fmt: skip


SIGN = r"\text{(the sign: } \leq \text{)}"
NO_BOUND = r"\text{no such bound: the left side is} \sim c"


@pytest.mark.parametrize(
    ("print", "verdict", "expected"),
    [
        (r"a = b \sim d", wrong("=", "c", "c"), r"a = c \sim d"),
        (r"a > b = d", wrong(">", NO_BOUND, "c"), r"a \sim c = d"),
        (r"a \gtrsim b = d", wrong("≳", NO_BOUND, "c"), r"a \sim c = d"),
        (r"a>b = d", wrong(">", SIGN, SIGN), r"a\leq b = d"),
        (r"a = b = d", wrong("=", "e = c", "e = c", printed="a = b"), "e = c = d"),
        (r"a = b = d", wrong("=", "c", "c = b", printed="a"), "c = b = d"),
        (r"a = b = d", wrong("=", "a", "a"), "a = b = d"),  # says nothing
        (r"a > b_j", wrong(">", r"b_j \text{ for every value of the free indices}", "b_j",
                           reason="the index j is free on the right side only"), r"a > b_j \quad (\forall j)"),
        (r"a \neq 2", replace(wrong("≠", "c", "c"), correction=None, derived=None), r"a \neq 2"),
    ],
)  # fmt: skip
def test_a_correction_is_put_where_it_belongs(print: str, verdict: Verdict, expected: str) -> None:
    assert mended(print, [verdict])[0] == expected


def test_only_what_changed_is_written_anew() -> None:
    (v,) = judged("3.22", r"\langle E_0 \rangle  =  \sum_{1}^{K+Q}  \sigma_j^2 \overline{X_j^2} + \overline{Y}^2")
    assert (
        v.correction is not None
        and v.correction.read == r"\sum_{1}^{K+Q}  \sigma_j^2 \overline{X_j^2} + \overline{Y^{2}}"
    )
    v = judged("3.23", EQUATIONS["3.23"].latex)[2]
    assert v.correction is not None
    assert (
        v.correction.read
        == r"\ln\left(\prod_{j}^{K+Q}\sigma_{j}\right) + \frac{K}{2}[1 + \ln(2\pi)] + \frac{Q}{2}\ln 12"
    )


def test_no_edit_is_written_so_that_it_would_be_read_otherwise() -> None:
    notation = LIBRARY.entries["3.10"].notation
    side = split(r"a = 2 \overline{Y^2}")[0].right
    new = read_latex(r"\overline{Y^2} - \sigma_1^2", notation)
    shown = edited(side.latex, side.tokens, new, notation, lambda a, b: False)
    assert shown.startswith(r"\overline{Y^2}")  # as printed, without the 2
    assert latex(read_latex(shown, notation), notation) == latex(new, notation)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (r"\quad (x_i \neq 0)", Status.PROVED),
        (r"\qquad (x_i \neq 0, \; y_i \neq 0)", Status.PROVED),
        (r"\quad (y_i \neq 0)", Status.CONDITIONAL),
        (r"\quad (x_1 \neq 0)", Status.CONDITIONAL),
        (r"\quad (x_i > 1)", Status.CONDITIONAL),
        ("", Status.CONDITIONAL),
    ],
)
def test_a_printed_condition_counts_where_it_is_the_one_needed(condition: str, expected: Status) -> None:
    line = r"\sum \frac{\sigma_1^2 x_i^2}{n} \left[1 + "
    line += r" \frac{y_i^2}{x_i^2 \sigma_1^2} + \frac{\sigma_2^2}{\sigma_1^2 x_i^2}\right]"
    (v,) = judged("3.3", rf"\langle E_0 \rangle = {line} {condition}")
    assert v.verdict is expected
    if expected is Status.CONDITIONAL:
        assert v.correction is not None
        (again,) = judged("3.3", rf"\langle E_0 \rangle = {v.correction.read}")
        assert again.verdict is Status.PROVED


def test_no_condition_makes_a_wrong_line_right() -> None:
    (v,) = judged("3.10", rf"\langle E_0 \rangle = {SQUARES} \quad (y_i \neq 0)")
    assert v.verdict is Status.REFUTED
    (v,) = judged("3.10", rf"\langle E_0 \rangle = {SQUARES} \quad (y_i > 3)")
    assert v.verdict is Status.UNDECIDED  # the witness may lie outside the condition


def test_a_condition_in_words_is_the_section_s_own_or_none() -> None:
    latex = EQUATIONS["3.55"].latex.rstrip(" .,")
    v = judged("3.55", latex)[1]
    assert v.verdict is Status.CONDITIONAL and v.correction is not None and r"\quad (\text{" in v.correction.read
    assert judged("3.55", latex.replace("< 0", f"< {v.correction.read}"))[1].verdict is Status.PROVED
    assert judged("3.55", rf"{latex} \quad (\text{{on Sundays}})")[1].verdict is Status.UNDECIDED


def test_mends_by_hand_agree_with_ours(checked: Checked) -> None:
    """Formulas that were worked out by hand are accepted, and so are ours for the same claims."""
    ours = {v.id: v for v in checked.verdicts}
    for change in MENDS:
        for claim in change.claims:
            v = ours.get(claim)
            if v is not None and v.verdict is Status.REFUTED and v.relation == "=":
                assert v.correction is not None or v.derived is not None, claim


def test_markdown_reads_back() -> None:
    text = markdown([Equation(number="1", latex=r"a = b \\ = c"), Equation(number="2", latex="a > b")], "T")
    assert text.count(r"\tag") == 2 and text.startswith("# T")
