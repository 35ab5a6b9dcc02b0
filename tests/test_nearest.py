r"""The formula nearest to a printed one: what is found, what is left alone, and what numbers may say about it."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import replace
from fractions import Fraction

import pytest

from derive.judging import Judge, Judged
from derive.library import load
from derive.numeric import Instance, NoNumber
from derive.numeric.quick import Far, Quick
from derive.reader.notation import Notation, symbols
from derive.reader.splice import enclosing
from derive.rules.edits import Pool, repairs, times
from derive.rules.edits.places import inverse, minus, places, put, slots
from derive.sieve import Sieve
from derive.spell import at_most
from derive.term import ONE, Elem, Fn, Mul, Num, Pow, Sum, Sym, Term, exp, ln, term
from derive.verdict import Fault, Status
from tests.test_breaking import spelled

LIBRARY = load("zhang2024")
JUDGE = Judge(LIBRARY)
EQUATIONS = {e.number: e for e in LIBRARY.equations}
a, b, c, K = (Sym(x) for x in "abcK")


def judged(number: str, latex: str, sign: int = 1) -> Judged:
    return JUDGE.equation(replace(EQUATIONS[number], latex=latex))[sign - 1]


# -- what is found --------------------------------------------------------------------------------

ENTROPY = r"\sum_{j=1}^K \ln\sigma_j + \frac{K}{2}[1 + \ln(2\pi)]"
TOP, BOTTOM = r"\sigma^2 + \sigma^2 \overline{X^2} + \overline{Y^2}", r"2\ln\sigma"
LINE = rf"\frac{{{TOP}}}{{{BOTTOM}}}"

#: equation, its display with one part {0} to be broken, the part, instead of it, the fault.
FOUND = [
    ("3.2", "S_0 = {0}", ENTROPY, ENTROPY.replace("{2}", "{3}"), Fault.CONSTANT),
    ("3.2", "S_0 = {0}", ENTROPY, ENTROPY.replace(r" + \frac", r" - \frac"), Fault.SIGN),
    ("3.2", "S_0 = {0}", ENTROPY, ENTROPY.replace(r"\ln\sigma_j", r"\ln\sigma_j^2"), Fault.ALGEBRA),
    ("3.2", "S_0 = {0}", ENTROPY, ENTROPY.replace(r"\ln(2\pi)", r"(2\pi)"), Fault.MISSING_FACTOR),
    ("3.2", "S_0 = {0}", ENTROPY, ENTROPY.replace("}^K", "}^{K-1}"), Fault.SUM_LIMIT),
    ("3.6", r"T \sim {0}", LINE, LINE.replace(r"2\ln\sigma", r"3\ln\sigma"), Fault.CONSTANT),
    ("3.6", r"T \sim {0}", LINE, rf"\frac{{{BOTTOM}}}{{{TOP}}}", Fault.ALGEBRA),
    ("3.6", r"T \sim {0}", LINE, LINE.replace(r"\ln\sigma", r"\sigma"), Fault.MISSING_FACTOR),
    ("3.29", r"T_{\text{normal}} \sim {0}", r"\overline{X^2} \left(\frac{\sigma^2}{\ln \sigma} \right)",
     r"\overline{X^2} \left(\frac{\sigma^2}{\ln \sigma} \right)^2", None),
]  # fmt: skip


@pytest.mark.parametrize(("number", "display", "right", "wrong", "fault"), FOUND)
def test_one_edit_is_taken_back(number: str, display: str, right: str, wrong: str, fault: Fault | None) -> None:
    display = EQUATIONS[number].latex.split("\\sim")[0] + r"\sim {0}" if number == "3.29" else display
    v = judged(number, display.replace("{0}", wrong)).verdict
    assert v.verdict is Status.REFUTED and v.correction is not None and v.correction.near
    assert spelled(v.correction.read) == spelled(right)
    assert fault is None or v.fault is fault


def test_where_nothing_is_near_the_derived_form_is_given_and_that_is_said() -> None:
    v = judged("3.2", r"S_0 = 7 \sigma_1^5 - \sum_{j=1}^K \frac{1}{\sigma_j}").verdict
    assert v.verdict is Status.REFUTED and v.correction is not None and not v.correction.near
    assert JUDGE.reads(v.correction.read, JUDGE.full(Sym("S_0"), LIBRARY.entries["3.2"]), "=", LIBRARY.entries["3.2"])


def test_the_answer_itself_is_no_repair() -> None:
    r"""Next to ⟨E_0⟩ put in, what (3.38) prints would not count; up to a factor, anything could be made of anything."""
    v = JUDGE.equation(EQUATIONS["3.38"])[0].verdict
    assert v.correction is not None and not v.correction.near and r"\langle E_0" not in v.correction.read


def test_an_edit_for_one_case_is_none_for_all() -> None:
    v = JUDGE.equation(EQUATIONS["2.11"])[0].verdict
    assert v.verdict is Status.CONDITIONAL and v.correction is not None and not v.correction.near


def test_what_is_undecided_gets_a_proposal() -> None:
    line = EQUATIONS["4.1"].latex.replace(r"e^{-z_i}) + (1 - y_i)", r"e^{-z_{i+1}}) + (1 - y_i)")
    assert line != EQUATIONS["4.1"].latex
    v = judged("4.1", line, 2).verdict
    assert v.verdict is Status.UNDECIDED and v.correction is not None and r"e^{-z_{i}}" in v.correction.read


def test_what_is_right_gets_none() -> None:
    v = judged("3.2", f"S_0 = {ENTROPY}").verdict
    assert v.verdict is Status.PROVED and v.correction is None


# -- edits ----------------------------------------------------------------------------------------

NOTATION = Notation(scalars=symbols("a b c K"))


def edits(t: Term, other: Term = a) -> dict[Term, int]:
    pool = Pool(t, other, NOTATION, (), lambda x: x == other)
    return {r.term: r.edits for r in repairs(t, other, NOTATION, pool)}


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        (a * b, a),
        (a, a * b),
        (a + b, a - b),
        (a + b, a),
        (a, a + b),
        (a / b, b / a),
        (term(2) * a, term(3) * a),
        (a**2 + b, a + b),
        (a + b, a**2 + b),
        (a + b, (a + b) ** 2),
        (a + b, ln(a + b)),
        (exp(a) + b, a + b),
        (a / b + c, b / a + c),
        (a * c - b, b * c - a),
        (Sum("j", ONE, K, a), Sum("j", ONE, K - 1, a)),
        (Sum("j", ONE, K, a), Sum("j", term(2), K, a)),
    ],
)
def test_one_edit_reaches_it(printed: Term, meant: Term) -> None:
    found = edits(printed, other=b + c)
    assert found.get(meant) == 1 or any(n == 1 and same(t, meant) for t, n in found.items())
    assert printed not in found  # what stands there is no edit of itself


def same(t: Term, other: Term) -> bool:
    return Quick(POINT).value(t) == pytest.approx(Quick(POINT).value(other)) and t.key != ""


POINT = Instance(sizes={"K": 5}, scalars={x: Fraction(n, 7) for x, n in (("a", 9), ("b", 17), ("c", 31))})


def test_pairs_come_last_and_the_whole_answer_is_never_put_in() -> None:
    order = [r.edits for r in repairs(a + b, c, NOTATION, Pool(a + b, c, NOTATION, (), lambda x: x == c))]
    assert order[0] == 1 and order[-1] == 2
    put_in = [
        t for t, n in edits(a + b, other=c).items() if n == 1 and any(x == c for x in (t, *getattr(t, "terms", ())))
    ]
    assert not put_in


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (minus(a), Mul((Num(Fraction(-1)), a))),
        (minus(minus(a)), a),
        (minus(term(2)), term(-2)),
        (inverse(a / b), b / a),
        (inverse(inverse(a)), a),
        (times(a / b, Pow(b, Num(Fraction(-1)))), a * Pow(b * b, Num(Fraction(-1)))),
        (times(a * b, inverse(b)), a),
        (times(b * (a + c), term(2)), Mul((term(2), b, a + c))),
    ],
)
def test_signs_and_fractions_stay_simple(made: Term, expected: Term) -> None:
    assert made == expected


def test_places_know_their_sums_and_functions() -> None:
    t = Sum("j", ONE, K, Fn("ln", (Elem("sigma", (Sym("j"),)),)))
    (inner,) = [p for p in places(t) if isinstance(p.term, Elem)]
    assert inner.bound == {"j"} and inner.under == {"ln"} and inner.own
    assert put(t, inner.path, a) == Sum("j", ONE, K, ln(a))
    (index,) = [p for p in places(t) if p.term == Sym("j")]
    assert not index.own and index.path not in {p.path for p in slots(t)}


# -- numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "t", [a + b * c, Sum("j", ONE, K, Sym("j") ** 2 / a), ln(a) + exp(b), a ** Num(Fraction(1, 2))]
)
def test_far_is_the_logarithm_of_quick(t: Term) -> None:
    sign, size = Far(POINT).value(t)
    assert sign * math.exp(size) == pytest.approx(Quick(POINT).value(t))


@pytest.mark.parametrize(
    "t", [Sym("unknown"), ln(a - a), a / (b - b), (a - b) ** Num(Fraction(1, 2)), Elem("x", (ONE,))]
)
@pytest.mark.parametrize("kind", [Quick, Far])
def test_what_has_no_value_says_so(kind: type[Quick], t: Term) -> None:
    with pytest.raises(NoNumber):
        kind(POINT).value(t)


@pytest.mark.parametrize(("number", "sign"), [("3.2", "="), ("3.6", "~"), ("3.13", "="), ("3.29", "~")])
def test_the_sieve_lets_the_truth_through_and_nothing_far_from_it(number: str, sign: str) -> None:
    entry = LIBRARY.entries[number]
    target = JUDGE.full(Sym({"3.2": "S_0", "3.13": "S_0", "3.29": "T_L_2"}.get(number, "T")), entry)
    sieve = Sieve(JUDGE.decider, target, sign, entry, target)
    assert not sieve.open and sieve.passes(target)
    for wrong in (target * 2, target**2, minus(target)):
        assert not sieve.passes(wrong)
    assert sieve.passes(target + 1) == (sign == "~")


def test_a_search_ends_when_its_time_is_up() -> None:
    start = time.process_time()
    with at_most(0.05):
        while True:
            pass
    assert time.process_time() - start < 1


def test_outside_the_main_thread_there_is_no_limit() -> None:
    done: list[int] = []

    def work() -> None:
        with at_most(0.0001):
            done.append(sum(1 for _ in range(100_000)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [100_000]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(a + b)", ("(", ")")),
        (r"\left[ a \right]", (r"\left[", r"\right]")),
        ("(a) + (b)", None),
        ("a", None),
        ("(a", None),
    ],
)
def test_one_pair_of_brackets_around_all(text: str, expected: tuple[str, str] | None) -> None:
    assert enclosing(text) == expected
