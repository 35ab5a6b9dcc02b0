"""`derive laws`: each law once holding and once broken; catalogues of packages; the frameworks' initializers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from importlib.metadata import EntryPoint
from math import sqrt
from pathlib import Path

import numpy as np
import pytest

from derive import library
from derive.cli import main
from derive.entries import LINE, Entries, absolute, around, cosh, tanh
from derive.errors import DeriveError
from derive.library import catalogue
from derive.system import Framework, Initializer
from derive.term import ONE, PI, TWO, Term, exp, ln
from derive.theory import temperature
from derive.theory.draws import draw
from derive.theory.law import law
from derive.theory.laws import failed, laws
from derive.theory.numbers import Arrays, value
from theorems.catalogue.examples.frameworks import MOST, NUMPY, compare
from theorems.catalogue.frameworks import CUT

KNOWN = catalogue()
WRONG = Entries("wrong")


@WRONG.initializer("s", LINE, "twice a Laplace law")
def doubled(mu: Term, s: Term) -> Term:
    return exp(-absolute(mu) / s) / s


@WRONG.initializer("s", around(1), "negative in the middle")
def sunken(mu: Term, s: Term) -> Term:
    return (3 * (mu / s) ** 2 - ONE / 4) / s * 2 / 3


@WRONG.initializer("s", LINE, "no scale")
def rigid(mu: Term, s: Term) -> Term:
    return exp(-absolute(mu)) / 2 + 0 * s


@WRONG.initializer("s", LINE, "another's transform", cf=lambda t, s: exp(-absolute(t) * s))
def mistaken(mu: Term, s: Term) -> Term:
    return exp(-absolute(mu) / s) / (2 * s)


@WRONG.energy("a sign lost")
def below(prediction: Term, target: Term) -> Term:
    return absolute(prediction - target) - ONE / 2


@WRONG.energy("Welsch (1978)")
def welsch(prediction: Term, target: Term) -> Term:
    return 1 - exp(-((prediction - target) ** 2) / 2)


@WRONG.activation("wrong on the left", right=lambda z: z, left=lambda z: z / 2)
def bent(z: Term) -> Term:
    return (z + absolute(z)) / 2


@WRONG.activation("no multiple of z", right=lambda z: z**2, left=lambda z: 0)
def steep(z: Term) -> Term:
    return (z + absolute(z)) ** 2 / 4 + ln(1 + exp(-absolute(z)))


BROKEN = (
    (doubled, "∫ f dμ = 1", "times 0.5 it would be one"),
    (sunken, "f ≥ 0", "mend the formula"),
    (rigid, "f(μ; s) = f(μ/s; 1)/s", "write its density in μ/s"),
    (mistaken, "⟨cos tμ⟩ as declared", "mend cf= or leave it out"),
    (below, "E ≥ 0", "signed=True"),
    (welsch, "made of pieces", "write it with"),
    (bent, "as z → −∞", "mend left="),
    (steep, "⟨φ(z)²⟩ is known", "declare right="),
)


@pytest.mark.parametrize(("entry", "law_name", "mend"), BROKEN, ids=lambda x: getattr(x, "name", ""))
def test_a_broken_law_is_named_with_what_to_do(entry, law_name: str, mend: str) -> None:  # type: ignore[no-untyped-def]
    found = laws(entry)
    said = failed(entry, found)
    assert law_name in " ".join(h.law for h in found if h.holds is False)
    assert said is not None and entry.name in said and mend in " ".join(h.mend for h in found if h.holds is False)


@pytest.mark.parametrize("name", ["rademacher", "constant", "mba", "leaky_relu", "tanh", "gelu", "sine", "swish"])
def test_laws_of_the_catalogue_hold(name: str) -> None:
    entry = KNOWN.entry(name)
    found = laws(entry)
    assert failed(entry, found) is None and sum(h.holds is True for h in found) >= 3


def test_temperature_refuses_what_is_no_density() -> None:
    with pytest.raises(DeriveError, match=r"integrates to 2\.0000000, not to one: mend"):
        temperature(KNOWN.energies["mse"], doubled)
    with pytest.raises(DeriveError, match="The cf declared for mistaken"):
        temperature(KNOWN.energies["mae"], mistaken)


def test_on_the_command_line(capsys) -> None:  # type: ignore[no-untyped-def]
    assert main(["laws", "rademacher", "--json", "-"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["entry"] == "rademacher" and {r["verdict"] for r in found["laws"]} == {"holds"}
    assert main(["laws", "radmacher"]) == 2
    assert "did you mean rademacher?" in capsys.readouterr().err
    assert main(["laws", "tests.test_theory_laws:welsch"]) == 1
    out, err = capsys.readouterr()
    assert "fails" in out and "breaks the law it is made of pieces" in err and err.count("\n") == 1


MODULES = (
    ("json:loads", "names no entry"),
    ("no_such_module_here:x", "current folder does not count"),
    ("theorems.catalogue.energies:nothing", "holds nothing called nothing"),
    ("theorems.catalogue.energies:positive", "is no entry but a function"),
    ("../evil:x", "names no entry"),
)


@pytest.mark.parametrize(("name", "says"), MODULES)
def test_entries_by_module(name: str, says: str) -> None:
    with pytest.raises(DeriveError, match=says):
        KNOWN.entry(name)
    assert KNOWN.energy("theorems.catalogue.energies:huber") is KNOWN.energies["huber"]


def test_what_lies_in_the_current_folder_is_not_imported(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("raise SystemExit('imported by accident')\n")
    info = tmp_path / "mine-1.0.dist-info"
    info.mkdir()
    (info / "entry_points.txt").write_text("[derive.catalogue]\nmine = mine\n")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: mine\nVersion: 1.0\n")
    env = {**os.environ, "PYTHONPATH": str(Path().resolve())}
    for argv in (["laws", "mine:entry"], ["laws", "minne"]):
        done = subprocess.run(
            [sys.executable, "-m", "derive", *argv], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 2 and "by accident" not in done.stdout + done.stderr, done.stderr


# -- packages --------------------------------------------------------------------------------------


def mine(change: Callable[[Entries], object]) -> Entries:
    made = Entries("mine")

    @made.energy("nobody")
    def quartic(prediction: Term, target: Term) -> Term:
        return (prediction - target) ** 4

    change(made)
    return made


CLASHES = (
    (lambda e: e.energies.update(mse=e.energies["quartic"]), "mine declares mse, which derive declares already"),
    (lambda e: e.aliases.update(huber="quartic"), "mine declares huber, which derive declares already"),
    (lambda e: e.aliases.update(fourth="quintic"), "there is no quintic"),
    (lambda e: e.energies.update({"My Loss": e.energies["quartic"]}), "which is no name"),
    (lambda e: e.energies.update(other=3), "is no energy but a int"),
    (lambda e: e.energies.clear(), "declares nothing"),
)


@pytest.mark.parametrize(("change", "says"), CLASHES)
def test_a_package_that_does_not_fit(monkeypatch: pytest.MonkeyPatch, change, says: str) -> None:  # type: ignore[no-untyped-def]
    class Point(EntryPoint):
        def load(self) -> Entries:
            return mine(change)

    monkeypatch.setattr(library, "entry_points", lambda group: [Point("mine", "mine:ENTRIES", group)])
    with pytest.raises(DeriveError, match=says):
        library.catalogue.__wrapped__()


def test_a_name_is_taken_once_within_a_package() -> None:
    def again(e: Entries) -> None:
        @e.energy("somebody else")
        def quartic(prediction: Term, target: Term) -> Term:
            return absolute(prediction - target)

    with pytest.raises(DeriveError, match="mine declares quartic twice"):
        mine(again)


# -- frameworks ------------------------------------------------------------------------------------

#: The variance that the framework promises, for fan_in = 64, fan_out = 32.
PROMISED = (
    ("torch.nn.init.kaiming_uniform_", {"fan_in": 64}, 2 / 64),
    ("torch.kaiming_normal_", {"fan_in": 64, "a": "1/5"}, 2 / (1.04 * 64)),
    ("torch.xavier_uniform_", {"fan_in": 64, "fan_out": 32}, 2 / 96),
    ("torch.xavier_normal_", {"fan_in": 64, "fan_out": 32, "gain": 2}, 8 / 96),
    ("torch.linear", {"fan_in": 64}, 1 / (3 * 64)),
    ("torch.sparse_", {"sparsity": "1/4", "std": 2}, 3.0),
    ("torch.orthogonal_", {"largest": 64, "gain": 3}, 9 / 64),
    ("keras.initializers.GlorotUniform", {"fan_in": 64, "fan_out": 32}, 2 / 96),
    ("keras.glorot_normal", {"fan_in": 64, "fan_out": 32}, 2 / 96),
    ("keras.HeUniform", {"fan_in": 64}, 2 / 64),
    ("keras.he_normal", {"fan_in": 64}, 2 / 64),
    ("jax.nn.initializers.lecun_uniform", {"fan_in": 64}, 1 / 64),
    ("keras.lecun_normal", {"fan_in": 64}, 1 / 64),
    ("keras.variance_scaling", {"fan_in": 64, "scale": 3}, 3 / 64),
    ("keras.random_uniform", {}, 0.05**2 / 3),
    ("torch.normal_", {"std": 3}, 9.0),
)


@pytest.mark.parametrize(("name", "given", "variance"), PROMISED, ids=[n for n, _, _ in PROMISED])
def test_a_framework_keeps_its_variance(name: str, given: dict[str, object], variance: float) -> None:
    made = KNOWN.initializer(name)
    assert isinstance(made, Framework)
    one = made(**given)
    assert isinstance(one.width, Term)
    found = float(law(one).moment(2)) * float(value(one.width, {}, Arrays)) ** 2
    assert found == pytest.approx(variance, rel=1e-14)


def test_the_correction_of_cut_normals() -> None:
    assert float(value(CUT, {}, Arrays)) == pytest.approx(0.87962566103423978, abs=1e-15)


def test_sizes_stay_symbols_until_they_are_given() -> None:
    mse, made = KNOWN.energies["mse"], KNOWN.frameworks["torch.xavier_normal_"]
    open_size = temperature(mse, made(fan_out=3), check=False)
    assert "fan" in (open_size.exact or "") and open_size.initializer == "torch.xavier_normal_(fan_out=3)"
    with pytest.raises(DeriveError, match="needs a number for fan_in"):
        open_size.energy_of([[1.0]], [0.0])
    given = temperature(mse, made(fan_in=5, fan_out=3), check=False)
    assert given.energy_of([[2.0]], [1.0]) == pytest.approx(1 + 4 * 2 / 8) and given.verdict == "proved"


def test_what_a_framework_refuses() -> None:
    for name, given, says in (
        ("torch.kaiming_uniform_", {"fan_in": 0}, "fan_in >= 1"),
        ("torch.normal_", {"sigma": 1}, "has no parameter 'sigma'"),
        ("torch.uniform_", {"a": 2}, "lower end below"),
    ):
        with pytest.raises(DeriveError, match=says):
            KNOWN.frameworks[name](**given)
    orthogonal = KNOWN.frameworks["torch.orthogonal_"](largest=4)
    with pytest.raises(DeriveError, match="depend on each other"):
        temperature(KNOWN.energies["mae"], orthogonal)
    t = temperature(KNOWN.energies["mse"], orthogonal, check=False)
    assert t.verdict == "supported" and t.entropy == r"-\infty" and t.positive == "nowhere: S₀ = −∞"
    with pytest.raises(DeriveError, match="is −∞"):
        t.value([[1.0]], [0.0])


@pytest.mark.parametrize(("name", "given", "drawn"), NUMPY, ids=[n for n, _, _ in NUMPY])
def test_real_draws_have_the_predicted_energy(name: str, given, drawn) -> None:  # type: ignore[no-untyped-def]
    """The example, with fewer draws; a scale that is off by a twentieth is told apart."""
    row = compare(name, given, drawn, "mse", 20_000)
    assert row.apart <= MOST
    off = compare(name, given, lambda rng, shape: 1.05 * drawn(rng, shape), "mse", 20_000)
    assert off.apart > MOST or name == "keras.random_uniform"


# -- draws and sympy -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["normal", "student_t", "truncated_normal", "sparse", "rademacher"])
def test_draws_have_the_moments_of_the_law(name: str) -> None:
    of = law(KNOWN.initializers[name])
    u = draw(of, (200_000,), np.random.default_rng(3))
    for found, wanted, spread in ((u.mean(), 0.0, u.std()), ((u**2).mean(), float(of.moment(2)), (u**2).std())):
        assert abs(found - wanted) <= 5 * spread / sqrt(len(u)) + 1e-12


def variables():  # type: ignore[no-untyped-def]
    from sympy import Rational as rational
    from sympy import stats

    return (
        (stats.Laplace("L", 0, 1), 2), (stats.Gamma("G", 2, 1), 6), (stats.RaisedCosine("R", 0, 1), None),
        (stats.Maxwell("M", 1), 3), (stats.Rademacher("Ra"), 1), (stats.Hypergeometric("H", 5, 3, 2), None),
        (stats.Bernoulli("Be", rational(1, 3)), None), (stats.Die("D", 6), Fraction(91, 6)),
    )  # fmt: skip


def test_variables_of_sympy_as_they_are() -> None:
    from sympy import stats

    for variable, second in variables():
        t = temperature(KNOWN.energies["mse"], Initializer.from_sympy(variable))
        assert t.exact and t.kind == "closed form" and min(c.digits for c in t.checks if c.digits) > 20
        wanted = float(stats.E(variable**2)) if second is None else float(second)
        assert t.energy_of([[1.0]], [0.0], scale=1.0) == pytest.approx(wanted, rel=1e-12)


def test_moments_without_a_closed_form() -> None:
    """They stand as integrals, and have their numbers all the same."""
    leaning = Entries("t").initializer("s", around(1), "nobody")(_leaning)
    t = temperature(KNOWN.energies["mse"], leaning, check=False)
    x, w = np.polynomial.legendre.leggauss(40)
    wanted = float(w @ ((x - 1) ** 2 * (1 + np.tanh(x)) / 2))
    assert r"\int_{-1}^{1}" in t.exact and t.energy_of([[1.0]], [1.0], scale=1.0) == pytest.approx(wanted, rel=1e-12)


def _leaning(mu: Term, s: Term) -> Term:
    return (1 + tanh(mu / s)) / (2 * s)


def test_what_sympy_has_and_is_not_taken() -> None:
    from sympy import stats

    for variable, says in (
        (stats.Triangular("T", -1, 1, 0), "3 pieces"),
        (stats.VonMises("V", 0, 1), "besseli"),
        (stats.Poisson("G", 2), "infinitely many"),
    ):
        with pytest.raises(DeriveError, match=says):
            temperature(KNOWN.energies["mse"], Initializer.from_sympy(variable))


def test_even_and_rate_of_what_the_kernel_does_not_know() -> None:
    secant = Entries("t").initializer("s", LINE, "Talacko (1956)")(_secant)
    of = law(secant)
    assert of.even and of.tail.kind == "exponential" and not of.tail.proved
    assert float(value(of.tail.rate, {})) == pytest.approx(np.pi / 2, rel=1e-12)  # type: ignore[arg-type]


def _secant(mu: Term, s: Term) -> Term:
    return 1 / (TWO * s * cosh(PI * mu / (2 * s)))
