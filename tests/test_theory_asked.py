"""`derive temperature` and `derive grid`: outputs against their schema, and one sentence for whatever is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from derive.cli import main
from derive.errors import Conflict, DeriveError
from derive.library import catalogue
from derive.theory import grid as gridding
from derive.theory.asked import cells, expression, model, settings
from derive.theory.grid import PAIRS, cell, grid
from derive.theory.result import Linear

SCHEMA = json.loads(Path("derive/schema/cells.schema.json").read_text(encoding="utf-8"))


def asked(capsys, *argv: str) -> dict:  # type: ignore[no-untyped-def,type-arg]
    assert main(["temperature", *argv, "--json", "-"]) == 0
    found = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, SCHEMA)
    return found["cells"][0]


@pytest.mark.parametrize(
    ("argv", "verdict"),
    [
        (("--energy", "mse", "--initializer", "normal"), "proved"),
        (
            ("--energy", "huber", "--initializer", "laplace", "--set", "delta=1/2", "--model", "linear(K=3)"),
            "supported",
        ),
        (("--energy", "poisson", "--initializer", "student-t"), "proved"),
        (("--energy", "mbe", "--initializer", "spike_and_slab", "--set", "p=0.5"), "supported"),
        (("--energy", "mse", "--initializer", "uniform", "--set", "l=2", "--set", "l1=0.1"), "proved"),
    ],
)
def test_temperature(capsys, argv, verdict) -> None:  # type: ignore[no-untyped-def]
    found = asked(capsys, *argv)
    assert found["verdict"] == verdict
    assert (found["exact"] is None) == (found["condition"] or "").startswith("diverges")


def test_temperature_on_a_terminal(capsys) -> None:  # type: ignore[no-untyped-def]
    assert main(["temperature", "--energy", "log_cosh", "--initializer", "logistic"]) == 0
    out = capsys.readouterr().out
    assert "log_cosh × logistic, linear: supported" in out and "quadrature" in out


def test_a_formula_as_energy(capsys) -> None:  # type: ignore[no-untyped-def]
    found = asked(capsys, "--energy", r"|\hat{y} - y| / c", "--initializer", "normal", "--set", "c=2")
    plain = asked(capsys, "--energy", "mae", "--initializer", "normal")
    assert found["verdict"] == plain["verdict"] == "proved" and "2" in found["exact"]


def test_a_high_power_of_the_distance_has_a_mean_and_no_leading_law(capsys) -> None:  # type: ignore[no-untyped-def]
    """The expansion of ⟨|z|^p⟩ is known up to p = 3: beyond, none is given, and none is guessed."""
    for power, law in ((3, True), (5, False), (7, False)):
        found = asked(capsys, "--energy", f"abs(f-y)**{power}", "--initializer", "normal")
        assert found["kind"] == "closed form" and found["checks"][0]["digits"] > 20
        assert (found["asymptotic"] is not None) == law


BAD = (
    (("--energy", "hubr", "--initializer", "normal"), "did you mean huber?"),
    (("--energy", "mse", "--initializer", "lapalce"), "did you mean laplace?"),
    (("--energy", "mse", "--initializer", "normal", "--model", "cubic"), "No model is called 'cubic'"),
    (("--energy", "huber", "--initializer", "normal", "--set", "delta=0"), "delta > 0"),
    (("--energy", "pinball", "--initializer", "normal", "--set", "q=1"), "q < 1"),
    (("--energy", "mse", "--initializer", "student_t", "--set", "nu=0"), "nu > 0"),
    (("--energy", "mse", "--initializer", "normal", "--set", "delta=1"), "neither mse nor normal takes it"),
    (("--energy", "mse", "--initializer", "normal", "--set", "sigma"), "no NAME=VALUE"),
    (("--energy", "mse", "--initializer", "normal", "--set", "sigma=x"), "needs a number"),
    (("--energy", "mse", "--initializer", "normal", "--set", "sigma=1e999999999"), "needs a number"),
    (("--energy", r"\hat{y} + foo(", "--initializer", "normal"), "neither a name nor a formula"),
    (("--energy", "y^2 + 1", "--initializer", "normal"), "does not hold the prediction"),
    (("--energy", r"\sin(\hat{y})", "--initializer", "normal"), "can't be read|no mean is known|neither"),
    (("--energy", "abs(f-y)**5", "--initializer", "laplace"), "holds .z.\\^5, whose mean"),
    (("--energy", "(f-y)/(1+(f-y)**2)", "--initializer", "normal"), "odd numerator"),
    (("--energy", "mse", "--initializer", "normal", "--json", "/no/such/folder/x"), "can't be written"),
)


@pytest.mark.parametrize(("argv", "says"), BAD)
def test_bad_input_is_one_sentence(capsys, argv, says) -> None:  # type: ignore[no-untyped-def]
    import re

    assert main(["temperature", *argv]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("derive: ") and err.count("\n") == 1 and "Traceback" not in err
    assert re.search(says, err), err


def test_the_grid_holds_the_whole_catalogue() -> None:
    pairs = PAIRS()
    assert len({e for e, _ in pairs}) >= 12 and len({i for _, i in pairs}) >= 10
    assert len(pairs) == len(catalogue().energies) * len(catalogue().initializers)


SOME = [
    ("mse", "normal"),
    ("mae", "triangular"),
    ("poisson", "student_t"),
    ("hinge", "constant"),
    ("exponential", "uniform"),
]


def test_cells_of_the_grid() -> None:
    found = grid(SOME)
    jsonschema.validate(cells(found), SCHEMA)
    assert [(c.energy, c.initializer) for c in found] == SOME
    assert [c.verdict for c in found] == ["proved", "supported", "proved", "proved", "supported"]
    assert [c.diverges for c in found] == [False, False, True, False, False]
    assert all(c.digits is None or c.digits > 20 for c in found)


def test_cells_worked_out_in_other_processes_are_the_same() -> None:
    bare = [[(c.exact, c.verdict, c.reason) for c in grid(SOME[:3], jobs)] for jobs in (1, 2)]
    assert bare[0] == bare[1]


def test_what_takes_too_long_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    def forever(*a: object) -> None:
        while True:
            pass

    monkeypatch.setattr(gridding, "SECONDS", 0.3)
    monkeypatch.setattr(gridding, "temperature", forever)
    found = cell(("mse", "normal"))
    assert found.verdict == "undecided" and "no result within" in found.reason


def test_what_is_refused_is_undecided_and_a_conflict_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*a: object) -> None:
        raise DeriveError("No mean is known of it.")

    def conflict(*a: object) -> None:
        raise Conflict("two ways, two numbers")

    monkeypatch.setattr(gridding, "temperature", refuse)
    assert cell(("mse", "normal")).reason == "Undecided: No mean is known of it."
    monkeypatch.setattr(gridding, "temperature", conflict)
    with pytest.raises(Conflict):
        cell(("mse", "normal"))


def test_readings() -> None:
    assert model("linear") == Linear() and model("linear(K = 12)") == Linear(12)
    assert settings(["a=1/3", "b=0.5"]) == {"a": pytest.approx(1 / 3), "b": 0.5}
    assert expression(r"(\hat{y}-y)^2 + \lambda", settings(["lambda=2"])).numbers["lambda"] == 2
