"""A user's own package: entries through an entry point, in ten lines or less each, worked out like our own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from derive.errors import DeriveError
from derive.system import Initializer
from derive.theory import Linear, temperature
from theorems.catalogue.energies import cross_entropy, mae, mse

ENTRIES = """
from fractions import Fraction
from derive.system import Energy, Initializer, Parameter
from derive.term import INF, MINUS_INF, ONE, PI, Fn, exp, ln, sqrt


def cauchy(prediction, target, c):
    return ln(1 + ((prediction - target) / c) ** 2)


def gumbel(mu, s):
    return exp(-mu / s - exp(-mu / s)) / s


def arcsine(mu, s):
    return 1 / (PI * sqrt(s**2 - mu**2))


C = Parameter("c", Fraction(1), above=Fraction(0))
ENERGIES = {"cauchy": Energy("cauchy", cauchy, "Black and Anandan (1996)", (C,))}
INITIALIZERS = {
    "gumbel": Initializer("gumbel", "s", gumbel, lambda s: (MINUS_INF, INF), "Gumbel (1935)"),
    "arcsine": Initializer("arcsine", "s", arcsine, lambda s: (-s, s), "Lévy (1939)"),
}
ALIASES = {"lorentzian": "cauchy"}
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "mylosses.py").write_text(ENTRIES, encoding="utf-8")
    info = tmp_path / "mylosses-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: mylosses\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[derive.catalogue]\nmylosses = mylosses\n")
    return tmp_path


def run(folder: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join([str(folder), str(Path().resolve())])
    return subprocess.run(
        [sys.executable, "-m", "derive", *argv],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("energy", "initializer"),
    [("lorentzian", "normal"), ("mae", "gumbel")],
)
def test_entries_from_outside(package: Path, energy: str, initializer: str) -> None:
    done = run(package, "temperature", "--energy", energy, "--initializer", initializer, "--json", "-")
    assert done.returncode == 0, done.stderr
    (found,) = json.loads(done.stdout)["cells"]
    assert found["verdict"] == "supported" and found["exact"] and found["entropy"] and found["checks"]


def test_an_entry_that_cannot_be_loaded(package: Path) -> None:
    (package / "mylosses.py").write_text("import nothing_of_the_kind\n", encoding="utf-8")
    done = run(package, "temperature", "--energy", "mse", "--initializer", "normal")
    assert done.returncode == 2 and "The catalogue mylosses" in done.stderr and done.stderr.count("\n") == 1


def test_a_name_that_is_taken(package: Path) -> None:
    (package / "mylosses.py").write_text(ENTRIES + 'ENERGIES["mse"] = ENERGIES["cauchy"]\n', encoding="utf-8")
    done = run(package, "temperature", "--energy", "mse", "--initializer", "normal")
    assert done.returncode == 2 and "The catalogue mylosses declares mse, which derive declares already" in done.stderr


def test_variables_of_sympy() -> None:
    from sympy import stats

    for variable, energy in (
        (stats.Laplace("L", 0, 1), mae),
        (stats.Exponential("E", 1), mse),
        (stats.Die("D", 6), cross_entropy),
    ):
        t = temperature(energy, Initializer.from_sympy(variable), Linear())
        assert t.exact and min(c.digits for c in t.checks if c.digits) > 20
    normal = temperature(mse, Initializer.from_sympy(stats.Normal("N", 0, 1)))
    assert normal.verdict == "proved"


def test_what_is_no_variable() -> None:
    import sympy
    from sympy import stats

    for variable, says in (
        (3, "no random variable"),
        (stats.Normal("N", 0, sympy.Symbol("s", positive=True)), "holds symbols"),
        (stats.Poisson("P", 2), "infinitely many"),
    ):
        with pytest.raises(DeriveError, match=says):
            Initializer.from_sympy(variable)
