"""The grid: what a decided cell needs, temperatures in order, the next order of T, and the page."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import jsonschema
import numpy as np
import pytest
import sympy

from derive.cli import main
from derive.errors import Conflict, DeriveError
from derive.kernel.theorem import Theorem
from derive.library import catalogue
from derive.system import Energy, Initializer
from derive.term import ONE, ZERO, Fn, Sym, exp, neg
from derive.theory import Huber, Laplace, Linear, Normal, grid, order, pair, temperature  # type: ignore[attr-defined]
from derive.theory.asked import cells
from derive.theory.checks import check as compared
from derive.theory.curves import Curve, lowest
from derive.theory.expectation import Mean
from derive.theory.grid import Cell
from derive.theory.loss import taken_apart
from derive.theory.order import Ordering, Row, ordering
from derive.theory.result import Check
from reports import grid as page

ENERGIES, INITIALIZERS = catalogue().energies, catalogue().initializers
SCHEMA = json.loads(Path("derive/schema/cells.schema.json").read_text(encoding="utf-8"))


# -- what a decided cell needs ---------------------------------------------------------------------


def test_draws_are_among_the_checks() -> None:
    row = next(c for c in grid.cell(("mse", "laplace")).checks if "Monte Carlo" in c.how)
    derived, (drawn, error) = float(row.derived), map(float, row.other.split(" ± "))
    assert row.what.startswith("⟨E₀⟩ at K = 3, n = 4") and 0 < error < 0.02 * drawn
    assert abs(drawn - derived) < 5 * error


def test_a_formula_that_draws_contradict_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    """Quadrature of one parameter does not see what is wrong between several."""
    plain = pair.bare

    class Spoiled:
        def __init__(self, *given: object) -> None:
            self.of = plain(*given)  # type: ignore[arg-type]

        def energy_and_error(self, X: np.ndarray, y: np.ndarray, scale: float) -> tuple[float, float]:
            return self.of.energy_of(X[:, :2], y, scale), 0.0

    monkeypatch.setattr(pair, "bare", Spoiled)
    found = grid.cell(("mse", "uniform"))
    jsonschema.validate(cells([found]), SCHEMA)
    assert (found.verdict, found.exact, found.diverges, found.positive) == ("undecided", None, False, "undecided")
    assert re.search(r"as [\d.]+ by the formula and as [\d.]+ ± [\d.e-]+ by draws, \d+\.\d st", found.reason)
    t = temperature(ENERGIES["mse"], INITIALIZERS["uniform"])
    with pytest.raises(DeriveError, match="Undecided: ⟨E₀⟩ comes out"):
        t.energy_of([[1.0]], [0.0], 1.0)


def test_a_mean_that_is_far_off_by_chance_is_drawn_again() -> None:
    """Seed and law are those of the catalogue: 20000 draws of it happen to lie 3.3 standard errors off."""
    (row,) = (c for c in temperature(ENERGIES["mse"], INITIALIZERS["sparse"]).checks if "Monte Carlo" in c.how)
    assert "200000 draws" in row.how


def test_draws_of_infinite_variance_have_no_error_bar() -> None:
    t = temperature(ENERGIES["mse"], INITIALIZERS["student_t"](nu=3))
    (row,) = (c for c in t.checks if c.what == "Monte Carlo")
    assert row.other == "" and "variance is infinite: student_t(nu=3) has no moment of order 4" in row.said
    assert t.verdict != "undecided"


def with_initializer(monkeypatch: pytest.MonkeyPatch, changed: Initializer) -> None:
    known = catalogue()
    table = MappingProxyType({**known.initializers, changed.name: changed})
    monkeypatch.setattr(grid, "catalogue", lambda: replace(known, initializers=table))


SPOILED = (
    ("mae", "laplace", {"cf": lambda t, b: ONE / (ONE + t**2 * b**2 * 2)}),
    ("mae", "rademacher", {"cf": lambda t, s: Fn("cos", (s * t * 2,))}),
    ("exponential", "uniform", {"mgf": lambda t, l: exp(l * t)}),  # noqa: E741
    ("mse", "normal", {"formula": lambda mu, sigma: exp(neg(mu**2 / sigma**2)) / sigma}),
)


@pytest.mark.parametrize(("energy", "initializer", "change"), SPOILED)
def test_a_spoiled_declaration_decides_nothing(energy, initializer, change, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    with_initializer(monkeypatch, replace(INITIALIZERS[initializer], **change))
    found = grid.cell((energy, initializer))
    assert found.verdict == "undecided" and found.exact is None and initializer in found.reason


def test_a_decided_cell_agrees_to_twenty_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The original integral, density times energy, and the derived formula: at one point, to more than 20 digits."""
    found = grid.cell(("hinge", "sparse"))
    (first, *_) = found.checks
    assert found.verdict == "supported" and found.digits is not None and found.digits >= 20
    assert first.derived[:21] == first.other[:21] and "density" in first.how

    def rough(*a: object) -> Check:
        return replace(first, digits=19.0)

    monkeypatch.setattr(pair, "compared", rough)
    found = grid.cell(("hinge", "sparse"))
    assert found.verdict == "undecided" and "19 digits" in found.reason

    monkeypatch.setattr(pair, "_checks", lambda *a: ())
    assert grid.cell(("hinge", "sparse")).verdict == "undecided"


def test_a_wrong_formula_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Off by one part in 10¹²: twelve digits agree, which is no agreement."""
    whole = pair.mean

    def off(*a: object, **more: object) -> Mean:
        m = whole(*a, **more)  # type: ignore[arg-type]
        return replace(m, term=m.term * (ONE + ONE / 10**12))

    monkeypatch.setattr(pair, "mean", off)
    assert grid.cell(("mse", "laplace")).verdict == "undecided"
    monkeypatch.setattr(pair, "mean", lambda *a, **k: replace(whole(*a, **k), term=whole(*a, **k).term * 2))
    with pytest.raises(Conflict, match="mse"):
        grid.cell(("mse", "laplace"))


def test_the_comparison_is_with_what_is_declared() -> None:
    """A formula that is right for another energy is not accepted, whatever it was derived from."""
    loss = taken_apart(ENERGIES["mae"])
    t = temperature(ENERGIES["mae"], INITIALIZERS["laplace"], Linear(1), check=False)
    assert t.mean is not None
    with pytest.raises(Conflict):
        compared(ENERGIES["pinball"], loss, t.score, t.mean)


# -- the next order --------------------------------------------------------------------------------

NEXT = (
    ("mse", "normal"), ("mae", "normal"), ("mse", "uniform"), ("squared_hinge", "rademacher"), ("mse", "rademacher"),
)  # fmt: skip


@pytest.mark.parametrize(("energy", "initializer"), NEXT)
def test_the_next_order_comes_nearer(energy: str, initializer: str) -> None:
    """(T − leading)/next tends to 1: at c = 10²⁰ within what is left out, 1/ln c."""
    from derive.theory.numbers import value

    t = temperature(ENERGIES[energy], INITIALIZERS[initializer], Linear(1), check=False)
    law = t.leading
    assert law is not None and law.temperature is not None
    if law.second is None:
        assert t.next_order is None and any(b.law.atoms for b in t.blocks)
        return
    import flint

    with flint.ctx.workprec(400):
        env = {"i": 1, "n": 1, "K": 1, "E_f": 0, ("x", 1, 1): 1, ("y", 1): 2, law.variable.name: 10**20}
        env = {k: flint.arb(v) for k, v in env.items()}
        every = {**env, (law.variable.name, 1): env[law.variable.name]}
        assert t.term is not None and t.entropy_term is not None
        whole = value(t.term, every) / value(t.entropy_term, every)
        rest = (whole - value(law.temperature, env)) / value(law.second, env)
    assert abs(float(rest) - 1) < 0.05


def test_where_the_temperature_is_positive() -> None:
    def where(i: str) -> str:
        return temperature(ENERGIES["mse"], INITIALIZERS[i], check=False).positive

    assert "0.241971" in where("normal") and "scale of $1$" in where("uniform")
    assert where("rademacher").startswith("at every scale") and where("constant").startswith("nowhere")


def test_a_bounded_energy_keeps_its_least_value() -> None:
    """z²/(1 + z²) does not grow: T ~ (1 − E_f)/S₀, not 1/S₀."""
    geman = Energy("geman_mcclure", lambda s, y: (s - y) ** 2 / (ONE + (s - y) ** 2))
    found = temperature(geman, INITIALIZERS["normal"], check=False).asymptotic
    assert found is not None and "E_{f}" in found


# -- temperatures in order -------------------------------------------------------------------------


def rows(fixed: str, names: str) -> Ordering:
    return ordering("initializer", fixed, [(e, ENERGIES[e], INITIALIZERS[fixed]) for e in names.split()])


def test_an_order_that_the_kernel_proves() -> None:
    found = rows("normal", "mae mse cross_entropy hinge mba")
    shown = [(r.name, r.rank, r.relation, r.factor, r.verdict) for r in found.rows]
    assert shown == [
        ("mse", 1, "≫", "", "proved"), ("mae", 2, "~", "2", "proved"), ("cross_entropy", 2, "~", "1", "proved"),
        ("hinge", 2, "", "", ""),
    ]  # fmt: skip
    assert [name for name, _ in found.unplaced] == ["mba"] and "E_f = −∞" in found.unplaced[0][1]
    assert found.chain.startswith(r"T_{\text{mse}} \gg T_{\text{mae}} \sim 2\,")


def test_what_rests_on_numbers_is_not_proved() -> None:
    assert [r.verdict for r in rows("laplace", "mse mae").rows] == ["supported", ""]
    assert [r.verdict for r in rows("normal", "exponential mse").rows] == ["supported", ""]


def test_a_law_that_is_not_that_of_the_temperature_proves_nothing() -> None:
    a, b = (order._placed(e, ENERGIES[e], INITIALIZERS["normal"]) for e in ("mse", "mae"))
    assert not isinstance(a, str) and not isinstance(b, str) and isinstance(a.theorem, Theorem)
    true = order._proved(a, b)
    assert true is not None and true.kind == "infinite"
    assert order._proved(replace(a, law=a.law * Sym("c")), b) is None
    assert order._proved(replace(a, theorem=b.theorem), b) is None


def test_initializers_under_one_energy() -> None:
    names = ("uniform", "normal", "rademacher", "constant")
    found = ordering("energy", "mse", [(i, ENERGIES["mse"], INITIALIZERS[i]) for i in names])
    assert [(r.name, r.relation, r.factor) for r in found.rows] == [
        ("rademacher", "≫", ""), ("uniform", "~", r"\frac{1}{12}"), ("normal", "", ""),
    ]  # fmt: skip
    assert [name for name, _ in found.unplaced] == ["constant"]


# -- the page --------------------------------------------------------------------------------------

EVIL = r"</script><script>alert(1)</script>\input{x}"
MADE = (
    Cell("mse", "normal", "proved", "s^2", r"\frac{s^2}{\ln s}", None, "why", order="c^2", proved=("all",)),
    Cell("mse", EVIL, "undecided", None, None, None, f"Undecided: {EVIL}."),
)
ORDER = Ordering("energy", "mse", (Row("normal", r"\frac{c^2}{\ln c}", 1),), ((EVIL, "no law"),))
CURVE = Curve("mse", "normal", ((0.0, 0.0), (1.0, 2.0)))


def test_the_page_is_whole_and_asks_for_nothing(tmp_path: Path) -> None:
    paths = page.write(MADE, [ORDER], [CURVE], tmp_path / "out")
    assert [p.name for p in paths] == ["grid.html", "grid.tex", "grid.json"]
    html, tex, data = (p.read_text(encoding="utf-8") for p in paths)
    jsonschema.validate(json.loads(data), SCHEMA)
    body = re.sub(r"<(style|script)\b.*?</\1>", "", html, flags=re.S)
    assert "<script>alert" not in body and r"\input" not in tex and "default-src &#39;none&#39;" in html
    links, anchors = set(re.findall(r'href="#([^"]+)"', body)), set(re.findall(r'\bid="([^"]+)"', body))
    assert {"cell-mse-normal", "table", "picture", "orders"} <= links <= anchors
    assert "<svg" in body and r"\polyline" in tex


def test_nothing_is_written_where_something_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "latex", lambda seen: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        page.write(MADE, [ORDER], [CURVE], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_orderings_are_part_of_the_json() -> None:
    data = cells(MADE, [ORDER])
    jsonschema.validate(data, SCHEMA)
    assert data["orderings"][0]["chain"] == r"T_{\text{normal}}" and "orderings" not in cells(MADE)


def test_the_least_energy_of_the_picture() -> None:
    def of(name: str, *y: float) -> float:
        return lowest(taken_apart(ENERGIES[name]), ENERGIES[name].numbers, np.array(y))

    assert of("mse", 1.0, -1.0) == pytest.approx(0, abs=1e-12)
    assert of("poisson", 1.0, 0.0) == pytest.approx(0.5, abs=1e-9)
    assert of("exponential", 1.0, -1.0) == pytest.approx(0, abs=1e-12)


# -- Python and the command line -------------------------------------------------------------------


@pytest.mark.parametrize("b", [2, "b", Sym("b"), sympy.Symbol("b", positive=True)])
def test_as_it_is_written(b: object) -> None:
    found = temperature(energy=Huber(delta=1), initializer=Laplace(b), model=Linear(K=3), check=False)
    assert found.exact is not None and found.verdict == "supported" and ("b_{j}" in found.exact) == (b != 2)
    assert found.asymptotic is not None and found.next_order is not None
    assert found._repr_latex_().startswith("$$") and r"\langle E_0 \rangle" in found._repr_latex_()
    X, y = np.array([[1.0, 2.0, 1.0], [0.5, -1.0, 1.0]]), np.array([1.0, -1.0])
    assert found.value(X, y, 2.0, least=0.0) > 0


def test_letters_that_stand_for_something_else() -> None:
    with pytest.raises(DeriveError, match="can't be called x"):
        Laplace("x")
    with pytest.raises(DeriveError, match="delta is a parameter of huber"):
        temperature(ENERGIES["huber"], Laplace("delta"), check=False)


def test_a_scale_by_another_name_is_the_same_law() -> None:
    assert temperature(ENERGIES["mse"], Normal("tau"), check=False).asymptotic == (
        r"\frac{\tau^{2}\sum_{i=1}^{n} \sum_{j=1}^{K} x_{ij}^{2}}{n K\ln \tau}"
    )


def test_latex_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["temperature", "--energy", "mse", "--initializer", "uniform", "--latex"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("$$\n\\begin{aligned}") and out.rstrip().endswith("$$") and r"T & \sim" in out


def test_the_grid_on_the_command_line(tmp_path, monkeypatch, capsys) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(grid, "PAIRS", lambda: [("mse", "normal"), ("mse", "constant")])
    monkeypatch.setattr(grid, "orderings", lambda jobs: [rows("normal", "mse mae")])
    monkeypatch.setattr(grid, "curves", lambda jobs: [CURVE])
    out, data = tmp_path / "page", tmp_path / "cells.json"
    assert main(["grid", "--orderings", "-o", str(out), "--json", str(data), "--jobs", "1"]) == 0
    shown = capsys.readouterr().out
    assert "2 of 2 cells decided" in shown and "1. mse  ≫ the next: proved" in shown and "grid.html" in shown
    found = json.loads(data.read_text(encoding="utf-8"))
    jsonschema.validate(found, SCHEMA)
    assert found == json.loads((out / "grid.json").read_text(encoding="utf-8"))
    assert main(["grid", "-o", str(data)]) == 2 and "Traceback" not in capsys.readouterr().err


def test_a_sure_parameter_is_proved() -> None:
    found = temperature(ENERGIES["hinge"], INITIALIZERS["constant"], check=False)
    assert found.verdict == "proved" and found.asymptotic is None and "S₀ = 0" in (found.condition or "")
    assert found.entropy_term == ZERO
