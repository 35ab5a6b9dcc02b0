"""`derive temperature --data`: numbers against slow ways to them; one sentence, or "diverges", for what has none."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from derive.cli import main
from derive.errors import Conflict, DeriveError
from derive.library import catalogue
from derive.theory import Linear, asked, temperature
from derive.theory.asked import pair
from derive.theory.dataset import Dataset, read
from derive.theory.fit import Fit, Unbounded, checked, fit
from derive.theory.loss import S, Y, taken_apart
from derive.theory.numbers import Arrays, value

SCHEMA = json.loads(Path("derive/schema/cells.schema.json").read_text(encoding="utf-8"))
ENERGIES, INITIALIZERS = catalogue().energies, catalogue().initializers

GOOD = "u,v,y,label,sign,count,text\n" + "".join(
    f"{math.sin(7 * k):.6f},{math.cos(3 * k):.6f},{math.sin(7 * k) + math.sin(50 * k):.6f},"
    f"{k % 3 % 2},{2 * (k % 3 % 2) - 1},{k % 4},a\n"
    for k in range(40)
)


@pytest.fixture(autouse=True, scope="module")
def once() -> Iterator[None]:
    """A pair is derived once, whatever data it is asked on."""
    derived = cache(pair)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asked, "pair", lambda e, i, model, given, of: derived(e, i, model, tuple(given), of))
        yield


def run(capsys: Any, tmp_path: Path, text: str | bytes, *argv: str, shift: str | None = None) -> tuple[int, str, str]:
    file = tmp_path / "data.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    more = ()
    if shift is not None:
        (tmp_path / "other.csv").write_text(shift, encoding="utf-8")
        more = ("--against", str(tmp_path / "other.csv"))
    code = main(["temperature", "--data", str(file), *argv, *more])
    out, err = capsys.readouterr()
    return code, out, err


MSE = ("--energy", "mse", "--initializer", "normal", "--set", "sigma=1")
NET = "network(widths=[2,3,1], activation=relu)"
Y_UV = ("--target", "y", "--features", "u,v")


def on(energy: str, target: str, initializer: str = "normal", scale: str = "sigma=1") -> tuple[str, ...]:
    return ("--energy", energy, "--initializer", initializer, "--set", scale, "--target", target, "--features", "u,v")


#: What is no data, or no problem that has a temperature: file, arguments, and what the sentence says.
REFUSED: tuple[tuple[str | bytes, tuple[str, ...], str], ...] = (
    ("", (*MSE, "--target", "y"), "is empty"),
    ("u,y\n", (*MSE, "--target", "y"), "header and no rows"),
    ("u,y\n\n\n", (*MSE, "--target", "y"), "header and no rows"),
    ("1,2\n3,4\n", (*MSE, "--target", "1"), "holds numbers: put a line"),
    ("u,u,y\n1,2,3\n", (*MSE, "--target", "y"), "two columns called 'u'"),
    ("u,,y\n1,2,3\n", (*MSE, "--target", "y"), "Column 2 .* has no name"),
    ("u,y\n1,2\n3\n", (*MSE, "--target", "y"), "Line 3 .* has 1 field and the header 2"),
    ("u,y\n1,2\n3,4,5\n", (*MSE, "--target", "y"), "Line 3 .* has 3 fields"),
    ("u,y\n1,2\nNaN,4\n", (*MSE, "--target", "y"), "'u' has no value in line 3"),
    ("u,y\n1,2\n,4\n", (*MSE, "--target", "y"), "'u' has no value in line 3"),
    ("u,y\n1,2\n2,inf\n", (*MSE, "--target", "y"), "'y' holds 'inf' in line 3 .* not finite"),
    ("u,y\n1,2\n2,1e999\n", (*MSE, "--target", "y"), "not finite"),
    ("u,y\n1,2\nabc,4\n", (*MSE, "--target", "y"), "'u' holds 'abc' in line 3"),
    ("u;y\n1,5;2\n2,5;1\n", (*MSE, "--target", "y"), "write decimals with a point"),
    (b"\xff\xfe\x00u,y\n", (*MSE, "--target", "y"), "no text in UTF-8"),
    (b"u\0,y\n1,2\n", (*MSE, "--target", "y"), "no CSV file"),
    (GOOD, MSE, "--data needs --target"),
    (GOOD, (*MSE, "--target", "z"), "no column 'z'; it has u, v, y"),
    (GOOD, (*MSE, "--target", "y"), "'text' holds 'a' in line 2 .* leave the column out with --features"),
    (GOOD, (*MSE, "--target", "y", "--features", "u,w"), "no column 'w'"),
    (GOOD, (*MSE, "--target", "y", "--features", "u,u"), "names 'u' twice"),
    (GOOD, (*MSE, "--target", "y", "--features", "u,y"), "holds the target 'y'"),
    ("y\n1\n2\n", (*MSE, "--target", "y"), "nothing to predict it from"),
    ("u,v,y\n1,2,3\n", (*MSE, "--target", "y"), "1 row for 2 parameters"),
    ("u,v,y\n1,2,3\n2,4,5\n3,6,1\n", (*MSE, "--target", "y"), "columns u, v depend on each other"),
    ("u,y\n2,3\n2,5\n2,1\n", (*MSE, "--target", "y", "--intercept"), r"columns u, \(intercept\) depend"),
    ("u,v,y\n1,0,3\n2,0,5\n3,0,1\n", (*MSE, "--target", "y"), "'v' holds nothing but 0"),
    ("u,y\n1,3\n2,3\n", (*MSE, "--target", "y"), "'y' is 3 in every row"),
    (GOOD, on("cross_entropy", "sign"), "is for targets 0 or 1"),
    (GOOD, on("cross_entropy", "y"), "is for targets 0 or 1"),
    (GOOD, on("hinge", "label"), "is for targets −1 or 1"),
    (GOOD, on("exponential", "label"), "is for targets −1 or 1"),
    (GOOD, on("poisson", "sign"), "is for targets 0, 1, 2"),
    (GOOD, on("poisson", "y"), "is for targets 0, 1, 2"),
    (GOOD, on("mse", "text"), "'text' holds 'a'"),
    (GOOD, ("--energy", "mse", "--initializer", "normal", *Y_UV), "needs a value for its scale sigma"),
    (GOOD, on("mse", "y", scale="sigma=0"), "sigma > 0"),
    (GOOD, on("mse", "y", scale="sigma=-1"), "sigma > 0"),
    (GOOD, on("mse", "y", scale="sigma=1,2,3"), "3 scales were given for the 2 parameters"),
    (GOOD, on("mse", "y", scale="sigma=1,x"), "no number"),
    (GOOD, on("mse", "y", scale="sigma=1,-2"), "positive"),
    (GOOD, (*on("huber", "y"), "--set", "delta=1,2"), "takes one number; a list is for the scale sigma"),
    (GOOD, (*on("huber", "y"), "--set", "delta=-1"), "delta > 0"),
    (GOOD, (*on("pinball", "y"), "--set", "q=1.5"), "q < 1"),
    (GOOD, (*on("mse", "y"), "--model", "linear(K=3)"), "3 parameters and the data 2 columns"),
    (GOOD, on("log(1 + (f - y)**2)", "y"), "not convex .* --least"),
    (GOOD, on("sin(f - y)", "y"), "the function 'sin' is not known"),
    (GOOD, on("f.real - y", "y"), "holds more than numbers"),
    (GOOD, on("(f - y)**999999999", "y"), "a power other than a whole number"),
    (GOOD, on("f - z", "y"), "'z' stands for nothing"),
)


@pytest.mark.parametrize(("text", "argv", "says"), REFUSED)
def test_what_is_refused(capsys, tmp_path, text, argv, says) -> None:  # type: ignore[no-untyped-def]
    code, out, err = run(capsys, tmp_path, text, *argv)
    assert code == 2 and out == "", (out, err)
    assert err.startswith("derive: ") and err.count("\n") == 1 and "Traceback" not in err
    assert re.search(says, err), err


#: What is a problem, and one whose temperature has no value: the note that says so.
COUNTS = "u,y\n1,0\n0.5,2\n-0.3,1\n"
DIVERGES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (COUNTS, ("--energy", "poisson", "--initializer", "laplace", "--set", "b=1"), r"b_j \|x_ij\| < 1"),
    (COUNTS, ("--energy", "poisson", "--initializer", "student_t", "--set", "s=1"), "heavier than exp"),
    (GOOD, (*on("mse", "y", "student_t", "s=1"), "--set", "nu=2"), "nu ≤ 2"),
    (GOOD, on("mse", "y", "constant", "c=1"), "T diverges: S₀ of constant"),
    (GOOD, on("mba", "y"), "E_f = −∞"),
)


@pytest.mark.parametrize(("text", "argv", "says"), DIVERGES)
def test_what_diverges(capsys, tmp_path, text, argv, says) -> None:  # type: ignore[no-untyped-def]
    argv = argv if "--target" in argv else (*argv, "--target", "y")
    code, out, err = run(capsys, tmp_path, text, *argv, "--json", "-")
    assert code == 0 and err == ""
    found = json.loads(out)
    jsonschema.validate(found, SCHEMA)
    found = found["cells"][0]["data"]
    assert found["T"] is None and any(re.search(says, n) for n in found["notes"]), found["notes"]


def test_a_pair_below_the_pole_has_a_number(capsys, tmp_path) -> None:  # type: ignore[no-untyped-def]
    argv = ("--energy", "poisson", "--initializer", "laplace", "--set", "b=0.9", "--target", "y", "--json", "-")
    code, out, _ = run(capsys, tmp_path, "u,y\n1,0\n0.5,2\n-0.3,1\n", *argv)
    found = json.loads(out)["cells"][0]["data"]
    assert code == 0
    assert found["E0"] == pytest.approx(sum(1 / (1 - (0.9 * x) ** 2) for x in (1, 0.5, 0.3)) / 3, rel=1e-12)


def test_a_regression(capsys, tmp_path) -> None:  # type: ignore[no-untyped-def]
    """Every number of the issue's first line, worked out here a second time."""
    code, out, _ = run(capsys, tmp_path, GOOD, *MSE, *Y_UV, "--intercept", "--json", "-")
    assert code == 0
    found = json.loads(out)
    jsonschema.validate(found, SCHEMA)
    numbers = found["cells"][0]["data"]
    rows = np.array([[float(x) for x in line.split(",")[:3]] for line in GOOD.splitlines()[1:]])
    X, y = np.c_[rows[:, :2], np.ones(40)], rows[:, 2]
    mu = np.linalg.lstsq(X, y, rcond=None)[0]
    energy, least = float((X**2).sum(axis=1).mean() + (y**2).mean()), float(((X @ mu - y) ** 2).mean())
    entropy = 1.5 * math.log(2 * math.pi * math.e)
    assert (numbers["E0"], numbers["Ef"], numbers["S0"]) == pytest.approx((energy, least, entropy), rel=1e-12)
    assert numbers["T"] == pytest.approx((energy - least) / entropy, rel=1e-12)
    assert list(numbers["fit"]["parameters"].values()) == pytest.approx(mu.tolist(), rel=1e-9)
    assert main(["temperature", "--data", str(tmp_path / "data.csv"), *MSE, *Y_UV]) == 0
    assert "T = (⟨E₀⟩ − E_f) / S₀" in capsys.readouterr().out


def test_sum_and_scales(capsys, tmp_path) -> None:  # type: ignore[no-untyped-def]
    def numbers(*argv: str) -> Any:
        code, out, _ = run(capsys, tmp_path, GOOD, *argv, *Y_UV, "--json", "-")
        assert code == 0
        return json.loads(out)["cells"][0]["data"]

    bare = ("--energy", "mae", "--initializer", "laplace", "--set")
    mean, total = numbers(*bare, "b=2"), numbers(*bare, "b=2", "--reduction", "sum")
    for name in ("E0", "Ef", "T"):
        assert total[name] == pytest.approx(40 * mean[name], rel=1e-9)
    listed = numbers(*bare, "b=2,2")
    assert listed["T"] == pytest.approx(mean["T"], rel=1e-12)
    assert numbers(*bare, "b=2", "--least", "0.5")["Ef"] == 0.5
    own = numbers("--energy", "abs(f - y)", *bare[2:], "b=2")
    assert own["T"] == pytest.approx(mean["T"], rel=1e-9)
    # the scale of Student's law is called s, as the prediction is in other formulas
    quartic = numbers("--energy", "(s - y)**2", "--initializer", "student_t", "--set", "s=2")
    assert quartic["T"] == pytest.approx(
        numbers("--energy", "mse", "--initializer", "student_t", "--set", "s=2")["T"], rel=1e-12
    )


# -- the fit ---------------------------------------------------------------------------------------


def problem(energy: str, rows: int = 60) -> tuple[Any, Any]:
    rng = np.random.default_rng(7)
    X = np.c_[rng.normal(size=rows), 20 * rng.normal(size=rows), np.ones(rows)]
    y = X @ [1, 0.02, 0.3] + rng.normal(size=rows)
    kind = ENERGIES[energy].targets
    return X, {"sign": np.sign(y), "binary": (y > 0) * 1.0, "count": np.round(np.abs(y))}.get(kind, y)


def fitted(energy: str, X: Any, y: Any, **more: Any) -> Fit:
    t = temperature(ENERGIES[energy], INITIALIZERS["normal"], check=False, **more)
    return fit(t, np.asarray(X, dtype=float), np.asarray(y, dtype=float), {})


@pytest.mark.parametrize("energy", [e for e in ENERGIES if e != "mba"])
@pytest.mark.parametrize("penalty", [{}, {"l1": 0.1, "l2": 0.01}])
def test_nothing_near_is_lower(energy, penalty) -> None:  # type: ignore[no-untyped-def]
    """The energy at thousands of parameters beside the minimum is no lower than E_f less its gap."""
    X, y = problem(energy)
    found = fitted(energy, X, y, penalty=penalty)
    formula = taken_apart(ENERGIES[energy]).at(S, Y)
    numbers = {n: float(v) for n, v in ENERGIES[energy].numbers.items()}
    rng = np.random.default_rng(1)

    def of(mu: Any) -> Any:
        each = value(formula, {**numbers, "s": mu @ X.T, "y": y}, Arrays).mean(axis=1)
        return each + penalty.get("l1", 0) * np.abs(mu).sum(axis=1) + penalty.get("l2", 0) * (mu**2).sum(axis=1)

    assert of(found.parameters[None])[0] == pytest.approx(found.least, rel=1e-9)
    for step in (1e-6, 1e-4, 1e-2, 1.0):
        beside = found.parameters + step * rng.normal(size=(2000, 3)) * [1, 0.05, 1]
        assert of(beside).min() >= found.least - found.gap - 1e-12
    assert found.attained and found.gap < 1e-9


def test_the_median_is_the_least_absolute_error() -> None:
    y = np.random.default_rng(2).normal(size=101)
    assert fitted("mae", np.ones((101, 1)), y).parameters[0] == pytest.approx(np.median(y), abs=1e-8)
    assert fitted("mse", np.ones((101, 1)), y).least == pytest.approx(y.var(), rel=1e-12)


SEPARABLE = (
    ("cross_entropy", [[-2, 1], [-1, 1], [1, 1], [3, 1]], [0, 0, 1, 1], 0.0, False),
    ("exponential", [[-2, 1], [-1, 1], [1, 1], [3, 1]], [-1, -1, 1, 1], 0.0, False),
    ("hinge", [[-2, 1], [-1, 1], [1, 1], [3, 1]], [-1, -1, 1, 1], 0.0, True),
    # two rows that speak against each other, and two that a parameter of their own takes out
    ("cross_entropy", [[1, 0], [1, 0], [1, 1], [1, 1]], [0, 1, 1, 1], math.log(2) / 2, False),
    ("poisson", [[1, 0], [1, 0], [1, 1], [1, 1]], [2, 1, 0, 0], (1.5 - 1.5 * math.log(1.5)) / 2, False),
    ("cross_entropy", [[-2, 1], [-1, 1], [1, 1], [3, 1]], [0, 1, 0, 1], None, True),
)


@pytest.mark.parametrize(("energy", "X", "y", "least", "attained"), SEPARABLE)
def test_an_infimum_that_is_not_attained_is_said(energy, X, y, least, attained) -> None:  # type: ignore[no-untyped-def]
    found = fitted(energy, X, y)
    assert found.attained is attained and ("separable" in found.said) is not attained
    if least is not None:
        assert found.least == pytest.approx(least, abs=1e-9)


def test_a_penalty_makes_a_minimum_of_separable_data() -> None:
    _, X, y, *_ = SEPARABLE[0]
    assert fitted("cross_entropy", X, y, penalty={"l2": 0.01}).attained


def test_a_start_where_the_energy_is_straight() -> None:
    """Targets far beyond Huber's δ: no curvature at the start, and a minimum all the same."""
    rng = np.random.default_rng(4)
    X = np.c_[rng.normal(size=(80, 2)), np.ones(80)]
    y = X @ [40, -30, 150] + 50 * rng.standard_t(3, size=80)
    found, other = fitted("huber", X, y), fitted("mae", X, y)
    assert found.gap < 1e-6 and abs(found.least - (other.least - 0.5)) < 0.5
    assert fitted("huber", 1e3 * X, y).least == pytest.approx(found.least, rel=1e-9)


def test_no_lower_bound() -> None:
    X, y = problem("mba")
    with pytest.raises(Unbounded):
        fitted("mba", X, y)


def test_degenerate_data_are_told() -> None:
    with pytest.raises(DeriveError, match="depend on each other"):
        checked(np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]), np.array([1.0, 2.0, 4.0]))
    checked(np.array([[1.0, 1.0], [2.0, 2.1], [3.0, 3.0]]), np.array([1.0, 2.0, 4.0]))


# -- files -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("a,b,y\n1,2,3\n4,5,6\n", ("a", "b")),
        ("a;b;y\r\n1;2;3\r\n4;5;6\r\n", ("a", "b")),
        ("a\tb\ty\n1\t2\t3\n\n4\t5\t6", ("a", "b")),
        ('\ufeff"a","b, too",y\n"1",2,3\n4,"5",6\n', ("a", "b, too")),
        (" a , b ,y\n 1 , 2 ,3\n4,5,6\n", ("a", "b")),
    ],
)
def test_dialects(tmp_path, text, columns) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "d.csv").write_text(text, encoding="utf-8")
    found = read(str(tmp_path / "d.csv"), "y")
    assert found.features == columns and found.X.tolist() == [[1, 2], [4, 5]] and found.y.tolist() == [3, 6]


def test_what_is_too_large(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    from derive.theory import dataset

    (tmp_path / "d.csv").write_text("a,y\n1,2\n", encoding="utf-8")
    monkeypatch.setattr(dataset, "LARGEST", 4)
    with pytest.raises(DeriveError, match="hand in a sample"):
        read(str(tmp_path / "d.csv"), "y")
    with pytest.raises(DeriveError, match="can't be read"):
        read(str(tmp_path / "none.csv"), "y")
    with pytest.raises(DeriveError, match="is a folder"):
        read(str(tmp_path), "y")


# -- Type II ---------------------------------------------------------------------------------------

MOVED = GOOD.replace(",1,1,", ",0,-1,", 4)


def test_type_ii_by_hand() -> None:
    """Two files of labels: −Σ P ln P over each, P ∝ exp(−E/T₁)/Z over both, worked out row by row."""
    from derive.theory.measured import measured
    from derive.theory.shifted import shifted

    X = np.array([[1.0], [2.0], [-1.0], [-2.0], [0.5]])
    first = Dataset("a", ("u",), "y", X, np.array([1.0, 1, 0, 0, 0]))
    second = Dataset("b", ("u",), "y", X + 0.3, np.array([1.0, 0, 0, 1, 0]))
    t = temperature(ENERGIES["cross_entropy"], INITIALIZERS["normal"], Linear(1), check=False)
    one = measured(t, first, 2.0)
    found = shifted(t, one, second)
    assert one.temperature is not None and one.fit is not None

    def rows(d: Dataset) -> tuple[list[float], list[float]]:
        energies, weights = [], []
        for x, y in zip(d.X[:, 0], d.y, strict=True):
            s = float(x * one.fit.parameters[0])  # type: ignore[union-attr]
            each = [math.log1p(math.exp(s)), math.log1p(math.exp(-s))]
            energies.append(each[int(y)])
            boltzmann = [math.exp(-e / one.temperature) for e in each]  # type: ignore[operator]
            weights.append(boltzmann[int(y)] / sum(boltzmann))
        return energies, weights

    (e1, w1), (e2, w2) = rows(first), rows(second)
    z = sum(w1) + sum(w2)
    s1, s2 = (-sum(w / z * math.log(w / z) for w in ws) for ws in (w1, w2))
    assert found.energies == pytest.approx((sum(e1) / 5, sum(e2) / 5), rel=1e-12)
    assert found.entropies == pytest.approx((s1, s2), rel=1e-12)
    assert found.temperature == pytest.approx((sum(e2) - sum(e1)) / 5 / (s2 - s1), rel=1e-9)


def test_type_ii_on_the_command_line(capsys, tmp_path) -> None:  # type: ignore[no-untyped-def]
    argv = (*MSE, *Y_UV)
    code, out, _ = run(capsys, tmp_path, GOOD, *argv, "--json", "-", shift=GOOD)
    found = json.loads(out)
    jsonschema.validate(found, SCHEMA)
    assert code == 0 and found["cells"][0]["data"]["type_ii"]["T"] is None  # nothing has shifted
    code, out, _ = run(capsys, tmp_path, GOOD, *on("cross_entropy", "label"), shift=MOVED)
    assert code == 0 and "Type II" in out and "P(y|x)" in out
    for argv, says in (
        ((*on("poisson", "count", scale="sigma=0.2"),), "can't be normalized|not positive"),
        ((*on("mse", "y", scale="sigma=0.01"),), "not positive here"),
    ):
        code, out, err = run(capsys, tmp_path, GOOD, *argv, shift=GOOD)
        assert code == 2 and out == "" and re.search(says, err), err
    assert main(["temperature", *MSE, "--against", "x.csv"]) == 2
    assert "--against goes with --data" in capsys.readouterr().err


def test_data_sets_that_come_with_scikit_learn(capsys, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    import sys

    from theorems.catalogue.examples import datasets

    monkeypatch.setitem(sys.modules, "sklearn", None)
    assert datasets.main() == 2
    assert "scikit-learn, which is not installed" in capsys.readouterr().err
    monkeypatch.undo()
    monkeypatch.setattr(
        datasets, "PROBLEMS", ((*datasets.PROBLEMS[0][:2], ("mse",), ("normal",)), datasets.PROBLEMS[3])
    )
    found = {(name, energy): m for name, energy, _, m in datasets.rows()}
    mse, softmax = found["diabetes", "mse"], found["iris", "softmax"]
    assert mse.least is not None and mse.energy is not None
    assert mse.least == pytest.approx(2859.696, abs=1e-3)  # the residual variance that textbooks give
    assert mse.energy == pytest.approx(11 + float((mse.data.y**2).mean()), rel=1e-12)
    assert softmax.fit is not None and not softmax.fit.attained  # setosa is separable from the others


# -- softmax ---------------------------------------------------------------------------------------


def test_the_largest_of_normal_numbers_has_closed_forms() -> None:
    from derive.theory.softmax import largest

    root, third = math.sqrt(math.pi), math.asin(1 / 3)
    known = {
        2: 1 / root,
        3: 1.5 / root,
        4: 3 / root * (0.5 + third / math.pi),
        5: 5 / root * (0.25 + 1.5 * third / math.pi),
    }
    for C, m in known.items():
        assert largest(C) == pytest.approx(m, rel=1e-13)


@pytest.mark.parametrize("tau", [0.3, 2.0, 30.0, 300.0])
def test_softmax_against_draws_and_two_classes_against_one(tau: float) -> None:
    from derive.theory.softmax import largest, mean

    u = np.linspace(-12, 12, 20001)
    weight = (u[1] - u[0]) * np.exp(-u * u / 2) / math.sqrt(2 * math.pi)
    binary = float(np.logaddexp(0, tau * math.sqrt(2) * u) @ weight)
    assert mean(np.array([tau]), 2)[0] == pytest.approx(binary, rel=1e-9)
    z = tau * np.random.default_rng(3).normal(size=(100_000, 4))
    drawn = np.logaddexp.reduce(z, axis=1)
    found = mean(np.array([tau]), 4)[0]
    assert abs(found - drawn.mean()) < 5 * drawn.std() / 100_000**0.5
    assert 0 < found - largest(4) * tau < 2 / tau + 0.1 * (tau < 1)


def test_a_wrong_softmax_is_a_conflict(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    from derive.theory import softmax

    three = softmax.Classes(3, INITIALIZERS["normal"])
    (row,) = three.temperature().checks
    assert "Monte Carlo" in row.how
    softmax.drawn_logits.cache_clear()
    monkeypatch.setattr(softmax, "mean", lambda tau, C: np.log(C) + 0.3 * tau)
    with pytest.raises(Conflict, match="by draws"):
        three.temperature()
    softmax.drawn_logits.cache_clear()


UNIT = ("--initializer", "normal", "--set", "sigma=1")
#: What goes together with no data, and says so.
TOGETHER = (
    ((*UNIT, "--model", NET, "--against", "x.csv", "--least", "1"), "linear models"),
    ((*UNIT, "--model", NET), "train it, and give it as --least"),
    (("--initializer", "normal", "--set", "sigma=1,2", "--model", NET), "sigma of a linear model"),
    (("--initializer", "torch.kaiming_normal_", "--set", "sigma=1,2"), "follows from the sizes of the layer"),
    (("--initializer", "torch.kaiming_normal_"), "needs a number for fan_in"),
    ((*UNIT, "--model", NET.replace("[2,", "[4,"), "--least", "1"), "takes 4 to 1"),
)


@pytest.mark.parametrize(("argv", "says"), TOGETHER)
def test_networks_and_frameworks_on_data(capsys, tmp_path, argv, says) -> None:  # type: ignore[no-untyped-def]
    code, out, err = run(capsys, tmp_path, GOOD, "--energy", "mse", *Y_UV, *argv)
    assert code == 2 and not out and err.count("\n") == 1 and says in err, err


def test_a_network_and_a_framework_have_a_temperature_on_data(capsys, tmp_path) -> None:  # type: ignore[no-untyped-def]
    """⟨E₀⟩ by hand: relu halves the mean square of its layer, Kaiming's law has the variance 2/fan_in = 1."""
    d = np.genfromtxt(GOOD.splitlines(), delimiter=",", names=True, usecols=("u", "v", "y"), encoding="utf-8")
    squares, least = d["u"] ** 2 + d["v"] ** 2, float((d["y"] ** 2).mean())
    net = (*UNIT, "--model", NET, "--least", "0.25")
    for argv, wanted in (
        (net, float((1 + 3 * (squares + 1) / 2).mean()) + least),
        (("--initializer", "torch.kaiming_normal_", "--set", "fan_in=2"), float(squares.mean()) + least),
    ):
        code, out, err = run(capsys, tmp_path, GOOD, "--energy", "mse", *Y_UV, *argv, "--json", "-")
        assert code == 0, err
        found = json.loads(out)
        jsonschema.validate(found, SCHEMA)
        numbers = found["cells"][0]["data"]
        assert numbers["E0"] == pytest.approx(wanted, rel=1e-9)
        assert numbers["T"] == pytest.approx((wanted - numbers["Ef"]) / numbers["S0"], rel=1e-12)


def test_softmax_on_data(capsys, tmp_path) -> None:  # type: ignore[no-untyped-def]
    bare = ("--energy", "softmax", "--initializer", "normal", "--features", "u,v", "--intercept", "--json", "-")
    code, out, _ = run(capsys, tmp_path, GOOD, *bare, "--target", "label", "--set", "C=2", "--set", "sigma=3")
    found = json.loads(out)
    jsonschema.validate(found, SCHEMA)
    two = found["cells"][0]["data"]
    X, y = np.array([[float(x) for x in line.split(",")[:4]] for line in GOOD.splitlines()[1:]]), None
    X, y = np.c_[X[:, :2], np.ones(40)], X[:, 3]
    one = temperature(ENERGIES["cross_entropy"], INITIALIZERS["normal"], Linear(3), check=False)
    assert code == 0 and two["E0"] == pytest.approx(one.energy_of(X, y, 3 * math.sqrt(2)), rel=1e-7)
    assert two["Ef"] == pytest.approx(fitted("cross_entropy", X, y).least, rel=1e-10)
    assert two["S0"] == pytest.approx(2 * one.entropy_of(3, 3.0), rel=1e-12)
    for target, more, says in (
        ("label", ("--set", "C=3", "--set", "sigma=1"), "holds 2 classes .* write --set C=2"),
        ("count", ("--set", "C=1", "--set", "sigma=1"), "from 2 to"),
        ("count", ("--set", "C=4", "--initializer", "laplace", "--set", "b=1"), "normal initializer alone"),
        ("text", ("--set", "C=2", "--set", "sigma=1"), "holds 1 classes"),
    ):
        code, out, err = run(capsys, tmp_path, GOOD, *bare, "--target", target, *more)
        assert code == 2 and out == "" and re.search(says, err), err
    code, out, _ = run(capsys, tmp_path, GOOD, *bare, "--target", "count", "--set", "C=4", "--set", "sigma=1")
    assert code == 0 and json.loads(out)["cells"][0]["data"]["Ef"] < math.log(4)
