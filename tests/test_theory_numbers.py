"""⟨E₀⟩, S₀ and T on arrays: against draws, against each other, fast, and refusing what is no data."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from derive.entries import Entries, around
from derive.errors import DeriveError
from derive.library import catalogue
from derive.term import ONE, PI, Fn, Term
from derive.theory import Linear, numeric, temperature
from derive.theory.law import law
from derive.theory.loss import S, Y, taken_apart
from derive.theory.numbers import Arrays, erf, value

ENERGIES, INITIALIZERS = catalogue().energies, catalogue().initializers
ROWS, DRAWS, SCALE = 40, 40_000, 1.5

DRAWN: dict[str, Callable[[np.random.Generator, tuple[int, int]], Any]] = {
    "normal": lambda r, s: r.normal(size=s),
    "uniform": lambda r, s: r.uniform(-0.5, 0.5, size=s),
    "laplace": lambda r, s: r.laplace(size=s),
    "logistic": lambda r, s: r.logistic(size=s),
    "triangular": lambda r, s: r.triangular(-1, 0, 1, size=s),
    "student_t": lambda r, s: r.standard_t(5, size=s),
    "rademacher": lambda r, s: r.choice([-1.0, 1.0], size=s),
    "sparse": lambda r, s: r.normal(size=s) * (r.uniform(size=s) < 0.1),
    "constant": lambda r, s: np.ones(s),
}
PAIRS = (
    ("mse", "logistic"), ("mae", "laplace"), ("huber", "sparse"), ("pinball", "uniform"), ("log_cosh", "triangular"),
    ("cross_entropy", "student_t"), ("hinge", "rademacher"), ("squared_hinge", "normal"), ("smooth_l1", "uniform"),
    ("mba", "constant"), ("poisson", "uniform"), ("exponential", "sparse"), ("cross_entropy", "normal"),
    ("hinge", "student_t"),
)  # fmt: skip


def sample(energy: str, rows: int = ROWS) -> tuple[Any, Any]:
    rng = np.random.default_rng(3)
    X = np.c_[rng.normal(size=(rows, 2)) * (0.4 if energy in ("poisson", "exponential") else 1.0), np.ones(rows)]
    y = rng.normal(size=rows)
    kind = ENERGIES[energy].targets
    return X, {"sign": np.sign(y), "binary": (y > 0) * 1.0, "count": np.round(np.abs(y))}.get(kind, y)


@pytest.mark.parametrize(("energy", "initializer"), PAIRS)
def test_draws_agree(energy: str, initializer: str) -> None:
    """The mean over draws of the parameters, within five standard errors."""
    X, y = sample(energy)
    t = temperature(ENERGIES[energy], INITIALIZERS[initializer], Linear(3), check=False)
    found, error = t.energy_and_error(X, y, SCALE)
    mu = SCALE * DRAWN[initializer](np.random.default_rng(5), (DRAWS, 3))
    formula = taken_apart(ENERGIES[energy]).at(S, Y)  # the same energy, which does not overflow
    numbers = {n: float(v) for n, v in ENERGIES[energy].numbers.items()}
    drawn = value(formula, {**numbers, "s": mu @ X.T, "y": y}, Arrays).mean(axis=1)
    off = abs(found - drawn.mean())
    assert off <= 5 * drawn.std() / DRAWS**0.5 + error + 1e-9, (found, drawn.mean())


@pytest.mark.parametrize(
    ("energy", "initializer"),
    [("mae", "uniform"), ("huber", "uniform"), ("hinge", "rademacher"), ("cross_entropy", "normal")],
)
def test_the_short_ways_agree_with_the_integral(energy, initializer, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    X, y = sample(energy, 200)
    t = temperature(ENERGIES[energy], INITIALIZERS[initializer], Linear(3), check=False)
    short = t.energy_of(X, y, SCALE)
    monkeypatch.setattr(numeric, "_flat", lambda *a: False)
    monkeypatch.setattr(numeric, "patterns", lambda *a: None)
    monkeypatch.setattr(numeric, "_only_spread", lambda *a: False)
    long, error = t.energy_and_error(X, y, SCALE)
    assert short != long and abs(short - long) < 2 * error + 1e-7


@pytest.mark.parametrize("energy", ["mae", "huber", "squared_hinge"])
def test_a_mixture_of_laplace_laws(energy: str) -> None:
    """Against the sums over nodes: where scales differ, where two are equal, and where two nearly are."""
    X, y = sample(energy, 120)
    X[40:80, 1] = X[40:80, 0]
    X[80:, 1] = -X[80:, 0] * (1 + np.geomspace(1e-12, 1e-2, 40))
    t = temperature(ENERGIES[energy], INITIALIZERS["laplace"], Linear(3), check=False)
    swift = numeric.swift.Swift(t, 3, {n: float(v) for n, v in ENERGIES[energy].numbers.items()})
    A = np.abs(X) * SCALE
    mixed, left = swift._mixture(A, y)
    assert swift.laplace and left[40:80].all() and left[80] and not left[:40].any() and not left[-1]
    nodes = swift._chunk(A, y, 2, numeric.swift.nodes(numeric.swift.TIERS[2][0]))[0]
    scale = A.sum(axis=1) ** (2 if energy in ("huber", "squared_hinge") else 1)
    assert (np.abs(mixed - nodes) / scale)[~left].max() < 2e-6
    assert (np.abs(mixed - swift.exactly(A, y)) / scale)[~left].max() < 1e-10
    whole, rest = swift.total(A, y)
    assert (whole[~rest & ~left] == mixed[~rest & ~left]).all()


def test_other_laws_are_no_mixture_of_laplace_laws() -> None:
    for name in ("normal", "logistic", "student_t", "sparse"):
        assert not numeric.swift.is_laplace(law(INITIALIZERS[name]))


@pytest.mark.parametrize("energy", ["mae", "huber", "log_cosh", "cross_entropy", "squared_hinge"])
@pytest.mark.parametrize("initializer", ["laplace", "logistic", "triangular", "truncated_normal", "student_t"])
def test_short_sums_against_quadrature_of_the_density(energy: str, initializer: str) -> None:
    """One parameter is the hardest case for the nodes: to 2e-5 of the scale, and where it is resolved to 1e-6."""
    import flint
    from flint import arb

    t = temperature(ENERGIES[energy], INITIALIZERS[initializer], Linear(1), check=False)
    assert numeric.swift.fits(t) and t.loss is not None
    _, y = sample(energy, 60)
    x = np.linspace(0.2, 3.0, 60)
    numbers = {n: float(v) for n, v in ENERGIES[energy].numbers.items()}
    found, left = numeric.swift.Swift(t, 1, numbers).total(x[:, None], y)
    rest = numeric.mean(numeric.swift.rest(t.loss), t.score, numeric=True).term
    env = numeric.environment(t, x[:, None], y, np.ones(1), {})
    found = found + np.broadcast_to(value(rest, env, Arrays), y.shape)
    formula = taken_apart(ENERGIES[energy]).at(S, Y)
    for row in (3, 31, 55):
        with flint.ctx.workprec(100):
            at = {**{n: arb(v) for n, v in numbers.items()}, "y": arb(float(y[row]))}
            cuts = []
            for p in t.loss.pieces:
                if p.kind == "abs":
                    cuts.append(arb(-float(value(p.shift, at) / value(p.slope, at)) / float(x[row])))
            factor = arb(float(x[row]))
            wanted = float(
                t.score.laws[0].mean(lambda u: value(formula, {**at, "s": factor * u}), tuple(cuts), 10, 100)  # noqa: B023
            )
        assert left[row] or abs(found[row] - wanted) < 2e-5 * x[row] + 1e-6, (found[row], wanted)


def test_temperature_is_the_quotient() -> None:
    X, y = sample("mse")
    t = temperature(ENERGIES["mse"], INITIALIZERS["normal"](sigma=2), Linear(3), check=False)
    least = float(((X @ np.linalg.lstsq(X, y, rcond=None)[0] - y) ** 2).mean())
    mean = float((4 * (X**2).sum(axis=1) + y**2).mean())
    entropy = 3 * (np.log(2) + 0.5 * np.log(2 * np.pi * np.e))
    assert t.value(X, y) == pytest.approx((mean - least) / entropy, rel=1e-12)
    assert t.value(X, y, 2.0) == pytest.approx(t.value(X, y), rel=1e-12)
    assert t.positive_from == pytest.approx(1 / np.sqrt(2 * np.pi * np.e), rel=1e-12)
    total = temperature(ENERGIES["mse"], INITIALIZERS["normal"], Linear(3), reduction="sum", check=False)
    assert total.energy_of(X, y, 2.0) == pytest.approx(mean * ROWS, rel=1e-12)
    ridge = temperature(ENERGIES["mse"], INITIALIZERS["normal"], Linear(3), penalty={"l1": 2, "l2": 1}, check=False)
    assert ridge.energy_of(X, y, 2.0) == pytest.approx(mean + 3 * 4 + 2 * 3 * 2 * np.sqrt(2 / np.pi), rel=1e-12)


def test_a_mixed_initializer() -> None:
    X, y = sample("mse")
    mixed = [(INITIALIZERS["normal"](sigma=2), 2), (INITIALIZERS["uniform"](l=6), 1)]
    t = temperature(ENERGIES["mse"], mixed, check=False)
    mean = float((4 * (X[:, :2] ** 2).sum(axis=1) + 3 * X[:, 2] ** 2 + y**2).mean())
    assert t.energy_of(X, y) == pytest.approx(mean, rel=1e-12)
    assert t.entropy_of(3) == pytest.approx(2 * np.log(2) + np.log(2 * np.pi * np.e) + np.log(6), rel=1e-12)


def test_columns_of_zeros() -> None:
    """sin(u)/u and its like have a limit at 0."""
    X, y = sample("mae")
    X[:, 1] = 0.0
    for name in ("uniform", "logistic", "laplace"):
        t = temperature(ENERGIES["mae"], INITIALIZERS[name], Linear(3), check=False)
        two = temperature(ENERGIES["mae"], INITIALIZERS[name], Linear(2), check=False)
        assert t.energy_of(X, y, SCALE) == pytest.approx(two.energy_of(X[:, [0, 2]], y, SCALE), rel=1e-5)


BAD = (
    ("mse", "normal", [[1.0, 2.0]], [1.0, 2.0], 1.0, "shapes"),
    ("mse", "normal", [["a", 2.0]], [1.0], 1.0, "no number"),
    ("mse", "normal", [[np.nan, 2.0]], [1.0], 1.0, "not finite"),
    ("mse", "normal", [[1.0, 2.0]], [np.inf], 1.0, "not finite"),
    ("mse", "normal", [[1.0, 2.0]], [1.0], None, "needs a value for its scale"),
    ("mse", "normal", [[1.0, 2.0]], [1.0], -1.0, "positive"),
    ("mse", "normal", [[1.0, 2.0]], [1.0], [1.0, 2.0, 3.0], "3 scales were given for 2"),
    ("hinge", "normal", [[1.0, 2.0]], [0.5], 1.0, "targets −1 or 1"),
    ("cross_entropy", "normal", [[1.0, 2.0]], [2.0], 1.0, "targets 0 or 1"),
    ("poisson", "normal", [[1.0, 2.0]], [-1.0], 1.0, "targets 0, 1, 2"),
    ("poisson", "laplace", [[1.0, 2.0]], [1.0], 0.5, "infinite on these data"),
)


@pytest.mark.parametrize(("energy", "initializer", "X", "y", "scale", "says"), BAD)
def test_what_is_no_data_is_told(energy, initializer, X, y, scale, says) -> None:  # type: ignore[no-untyped-def]
    t = temperature(ENERGIES[energy], INITIALIZERS[initializer], check=False)
    with pytest.raises(DeriveError, match=says):
        t.energy_of(X, y, scale)


def test_no_temperature_without_its_parts() -> None:
    X, y = sample("mae")
    with pytest.raises(DeriveError, match="least="):
        temperature(ENERGIES["mae"], INITIALIZERS["normal"], check=False).value(X, y, 1.0)
    with pytest.raises(DeriveError, match="T diverges"):
        temperature(ENERGIES["mse"], INITIALIZERS["constant"], check=False).value(X, y, 1.0)


def test_a_million_rows() -> None:
    """Closed forms take half a second for a million rows (measured here with room for a busy machine)."""
    rng = np.random.default_rng(1)
    X, y = np.c_[rng.normal(size=(10**6, 2)), np.ones(10**6)], rng.normal(size=10**6)
    for energy in ("mse", "mae"):
        t = temperature(ENERGIES[energy], INITIALIZERS["normal"], Linear(3), check=False)
        t.value(X[:10], y[:10], 2.0, least=0.0)
        start = time.process_time()
        t.value(X, y, 2.0, least=None if energy == "mse" else 0.0)
        assert time.process_time() - start < 1.0


def test_the_error_function() -> None:
    from math import erf as exactly

    x = np.linspace(-7, 7, 1001)
    assert np.abs(erf(x) - np.array([exactly(v) for v in x])).max() < 1e-15


MADE = Entries("made")


@MADE.initializer("s", around(1), "raised cosine, its transforms not declared")
def raised(mu: Term, s: Term) -> Term:
    return (ONE + Fn("cos", (PI * mu / s,))) / (2 * s)


def test_a_transform_over_a_bounded_domain_is_integrated() -> None:
    """⟨e^{tμ}⟩ = π² sinh t / (t (π² + t²))."""
    X, y = np.array([[0.5, 2.0], [1.0, -0.25]]), np.array([1.0, -1.0])
    t = 1.5 * X
    wanted = (np.pi**2 * np.sinh(t) / (t * (np.pi**2 + t**2))).prod(axis=1).mean()
    found, error = temperature(ENERGIES["exponential"], raised, Linear(), check=False).energy_and_error(X, y, 1.5)
    assert found == pytest.approx(wanted, rel=1e-12) and error < 1e-8
