"""Derivations: from the printed left side to the right form, each line proved from the one before."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import pytest

import theorems.zhang2024  # noqa: F401
from derive.cache import verdict_from
from derive.chain import LIMITS, LONGEST, MOST, ORDERS, Chain, proved
from derive.claim import along
from derive.derivation import derivation, derived
from derive.errors import Unreadable
from derive.judging import Judge, Judged
from derive.library import load
from derive.moves import MOVES
from derive.runner import Task, judge, tasks_for
from derive.scene import MEAN, Proposal, Scene
from derive.term import ONE, Fn, Int, Term, add, mul, walk
from derive.unfold import read_latex
from derive.verdict import Status, Step, Verdict

#: sign -> what has to stand in one of the lines between the first and the last, and a rule that has to be told
TOLD = {
    "2.4#2": (r"\frac{\hat{E}-E_0}", "definition"),
    "3.1#1": (r"\left\langle", "Gaussian"),
    "3.2#1": (r"\frac{K}{2}", "logarithm of a product"),
    "3.3#6": (r"\sigma_{1}^{2} x_{i}^{2}+\sigma_{2}^{2}+y_{i}^{2}", "the square multiplied out"),
    "3.4#4": (r"\min", "stationary point"),
    "3.5#2": (r"(1-\rho^2)\operatorname{Var}(Y)", "definition of $T$, (2.29)"),
    "3.6#1": (r"\ln\left(2\pi\sigma^{2}\right)", "every σ_j equal to σ, σ → ∞"),
    "3.8#7": (r"\left\langle", "independence"),
    "3.9#2": (r"\min", "normal equations"),
    "3.10#1": (r"\overline{X_{j}^{2}}", "worked out at (3.8)"),
    "3.13#1": (r"\ln", "written as a mean"),
    "3.37#1": (r"\operatorname{erf}", "the mean of |z| for a normal z"),
    "4.4#1": (r"\left|", "softplus by its corner"),
    "5.6#2": (r"\ln \sigma", "leading term of $S$"),
    "5.8#1": (r"\ln \sigma", "leading term of"),
    "C.9#2": (r"k_{B} T", "definition of $\\beta$"),
    "s3.6.f#1": (r"\overline{X_{A \cup B}^2}", "sign of the difference"),
    "s3.4.1.a#1": (r"\overline{X_{j}^{2}}", "leading term of $T_{\\text{normal}}$"),
}


@cache
def judged(number: str) -> tuple[Judge, tuple[Judged, ...]]:
    library = load("zhang2024")
    one = Judge(library)
    (task,) = tasks_for(library, (*library.equations, *library.passages), [number])
    return one, tuple(one.equation(task.equation, task.before))


def sign(claim: str) -> tuple[Judge, Judged]:
    number, _, k = claim.partition("#")
    one, found = judged(number)
    return one, found[int(k) - 1]


def chain(claim: str) -> Chain:
    one, found = sign(claim)
    assert found.claimed is not None
    lines = derived(one, found.claimed, found.verdict)
    assert lines is not None
    return lines


def plain(shown: str) -> str:
    return shown.strip().rstrip(",.;").strip()


@pytest.mark.parametrize("claim", TOLD)
def test_from_the_left_side_to_the_right_form(claim: str) -> None:
    one, found = sign(claim)
    assert found.claimed is not None
    v = found.verdict
    told = derivation(one, found.claimed, v)
    assert 3 <= len(told) <= MOST
    start = found.claimed.anchor if claim != "C.9#2" else found.claimed.left
    assert start is not None
    assert told[0] == Step("", plain(start.side.latex), "")
    right = v.printed_rhs if v.verdict is Status.PROVED else v.derived or ""
    assert told[-1].latex == plain(right)
    assert all(s.relation in ("=", *ORDERS, *LIMITS) and s.rule for s in told[1:])
    assert all(len(s.latex) <= LONGEST for s in told[1:-1])
    between, rule = TOLD[claim]
    assert any(between in s.latex for s in told[1:-1])
    assert any(rule in s.rule for s in told)


@pytest.mark.parametrize("claim", TOLD)
def test_each_line_is_proved_from_the_one_before_by_a_kernel_that_did_not_make_it(claim: str) -> None:
    lines = chain(claim)
    scene = replace(lines.scene, judge=Judge(load("zhang2024")))
    entry = scene.entry
    fulls = [*(scene.full(x.shown) for x in lines.lines[:-1]), lines.goal.full]
    for k, line in enumerate(lines.lines[1:], 1):
        a, b = fulls[k - 1 : k + 1]
        if line.path and entry.regime is not None:
            a, b = along(a, entry.regime.path), along(b, entry.regime.path)
        assert isinstance(proved(scene.judge, entry, a, line.relation, b), tuple)


def test_what_is_printed_is_what_was_proved() -> None:
    """The LaTeX of a line, read back by the reader, is equal to its term."""
    read = 0
    for claim in TOLD:
        lines = chain(claim)
        scene, entry = lines.scene, lines.scene.entry

        def mean(x: Term, scene: Scene = scene) -> Term:
            return Int(scene.over, mul(x, scene.density))

        notation = entry.notation.extend(average=mean) if scene.over else entry.notation
        for line in lines.lines[1:-1]:
            try:
                back = read_latex(line.latex, notation)
            except Unreadable:
                continue
            spelled = scene.judge.full(back, replace(entry, notation=notation))
            assert scene.equal(spelled, scene.full(line.shown)), (claim, line.latex)
            read += 1
    assert read >= 35


def wrong(t: Term, scene: Scene) -> Iterable[Proposal]:
    """One more than it should be."""
    yield Proposal(add(t, ONE), "a wrong move")


def wrong_mean(t: Term, scene: Scene) -> Iterable[Proposal]:
    """The mean of a square taken for the square of the mean."""
    found = next((x for x in walk(t) if isinstance(x, Fn) and x.name == MEAN), None)
    if found is not None:
        yield Proposal(mul(t, t), "a wrong move")


@pytest.mark.parametrize("move", [wrong, wrong_mean])
@pytest.mark.parametrize("claim", ["3.3#6", "3.5#2", "3.6#1", "4.4#1"])
def test_a_wrong_proposal_is_not_shown(move, claim: str) -> None:  # type: ignore[no-untyped-def]
    one, found = sign(claim)
    assert found.claimed is not None
    moves = [m for each in MOVES for m in (each, move)]
    assert derivation(one, found.claimed, found.verdict, moves) == derivation(one, found.claimed, found.verdict)


def test_a_wrong_end_has_no_derivation() -> None:
    """A right form that is none is not reached, whoever says that it is proved."""
    one, found = sign("3.3#6")
    assert found.claimed is not None
    twice = replace(found.claimed.right, full=found.claimed.right.full * 2, term=found.claimed.right.term * 2)  # type: ignore[operator]
    assert derivation(one, replace(found.claimed, right=twice), found.verdict) == ()


def test_without_time_it_is_shorter_and_still_right() -> None:
    one, found = sign("3.8#7")
    assert found.claimed is not None
    short = derived(one, found.claimed, found.verdict, seconds=0.0)
    assert short is not None
    assert len(short.lines) < len(chain("3.8#7").lines)
    assert short.lines[-1].latex == chain("3.8#7").lines[-1].latex


@pytest.mark.parametrize("claim", ["3.5#1", "2.2#1"])
def test_nothing_to_follow_is_no_derivation(claim: str) -> None:
    """A definition alone has no line between its sides."""
    one, found = sign(claim)
    assert found.claimed is None or derivation(one, found.claimed, found.verdict) == ()


def test_verdicts_are_the_same_with_and_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DERIVE_CACHE", "off")
    library = load("zhang2024")
    (task,) = tasks_for(library, library.equations, ["3.9"])
    with_them = judge(task)["verdicts"]

    def broken(*args: object, **more: object) -> tuple[Step, ...]:
        raise MemoryError

    monkeypatch.setattr("derive.derivation.derivation", broken)
    without = judge(Task(task.document, task.equation, task.before))["verdicts"]
    assert not any(v["derivation"] for v in without)
    assert any(v["derivation"] for v in with_them)
    for a, b in zip(with_them, without, strict=True):
        assert {**a, "derivation": (), "seconds": 0} == {**b, "seconds": 0}


def test_a_derivation_survives_the_cache() -> None:
    told = (Step("", "T", ""), Step("=", r"\frac{1}{S_0}", "definition of T, (2.29)"))
    verdict = Verdict(
        id="1.1#1", equation="1.1", section="1", relation="=", printed_lhs="T", printed_rhs="1", read="printed",
        derivation=told,
    )  # fmt: skip
    assert verdict_from(json.loads(json.dumps(verdict.as_data()))) == verdict


SHOWN = r"""
  derivation  S
              = -\int_{-\frac{l_{j}}{2}}^{\frac{l_{j}}{2}} \left(\prod_{j=1}^{K}
              \frac{1}{l_{j}}\right)\ln\left(\prod_{j=1}^{K} \frac{1}{l_{j}}\right)\prod_{j=1}^{K}
              d\mu_{j}    [definition of $S$]
              = -\ln\left(\prod_{j=1}^{K} \frac{1}{l_{j}}\right)    [written as a mean over the
              parameters; the mean is linear, the density normalized]
              = \ln\left(\prod_{k=1}^{K} l_k\right)    [rearranged]
"""


def test_show_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    from derive.cli import main

    main(["show", "zhang2024", "3.13"])
    assert SHOWN.strip("\n") in capsys.readouterr().out
