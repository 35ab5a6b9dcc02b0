"""Activations and networks: mean squares, the recursion of second moments, leading laws, real forward passes."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from derive.errors import Conflict, DeriveError
from derive.kernel.context import Context
from derive.kernel.normal import Normal
from derive.library import catalogue
from derive.term import Num, Sym, substitute, term
from derive.theory import Network, networks, temperature
from derive.theory.activations import square
from derive.theory.asked import cells, model
from derive.theory.networks import STEPS

KNOWN = catalogue()
MSE, NORMAL = KNOWN.energies["mse"], KNOWN.initializers["normal"]
ALPHA = Sym("alpha")

#: Share of ⟨z²⟩ or the limit itself, whether it grows with z, whether it is exact.
SQUARES = (
    ("linear", term(1), True, True), ("relu", term(Fraction(1, 2)), True, True),
    ("leaky_relu", (ALPHA**2 + 1) / 2, True, True), ("gelu", term(Fraction(1, 2)), True, False),
    ("softplus", term(Fraction(1, 2)), True, False), ("swish", term(Fraction(1, 2)), True, False),
    ("tanh", term(1), False, False), ("sigmoid", term(Fraction(1, 2)), False, False),
    ("sine", term(Fraction(1, 2)), False, False),
)  # fmt: skip


@pytest.mark.parametrize(("name", "share", "growing", "exact"), SQUARES, ids=[s[0] for s in SQUARES])
def test_mean_squares(name, share, growing, exact) -> None:  # type: ignore[no-untyped-def]
    found = square(KNOWN.activations[name])
    assert (found.growing, found.exact) == (growing, exact)
    assert Normal(Context()).equal(found.share, share)


def test_the_share_follows_the_parameter() -> None:
    found = square(KNOWN.activations["leaky_relu"]).share
    for alpha, share in ((0, Fraction(1, 2)), (1, Fraction(1)), (Fraction(1, 5), Fraction(13, 25))):
        assert Normal(Context()).equal(substitute(found, {ALPHA: term(alpha)}), Num(share))


def network(text: str, initializer: str = "normal", **more):  # type: ignore[no-untyped-def]
    return temperature(MSE, KNOWN.initializers[initializer], model(text), **more)


PROVED = (("relu", "normal"), ("linear", "uniform"))


@pytest.mark.parametrize(("activation", "initializer"), PROVED)
def test_any_depth_and_any_widths_are_proved(activation: str, initializer: str) -> None:
    t = network(f"network(activation={activation})", initializer)
    assert t.verdict == "proved" and len(t.proved) == STEPS and r"\prod_{k=r}^{L-1}" in t.exact


def test_the_cell_of_a_network_is_as_agreed() -> None:
    schema = json.loads(Path("derive/schema/cells.schema.json").read_text(encoding="utf-8"))
    found = cells([network("network(widths=[2, 3, 1], activation=relu)", check=False)])
    jsonschema.validate(found, schema)
    assert found["cells"][0]["model"] == "network(widths=[2, 3, 1], activation=relu)"


def test_what_the_kernel_does_not_prove_is_supported() -> None:
    leaky = network("network(activation=leaky_relu)")
    assert leaky.verdict == "supported" and 0 < len(leaky.proved) < STEPS and r"\alpha" in leaky.exact
    bounded = network("network(activation=tanh)")
    assert bounded.positive.startswith("from a common scale of 0.241971 on")
    assert bounded.verdict == "supported" and not bounded.proved and bounded.exact is None and bounded.asymptotic


#: ⟨E₀⟩ by hand, layer by layer: share, widths.
EXACT = (
    ("relu", 0.5, (2, 3, 1)), ("linear", 1.0, (2, 4, 3, 2)), ("leaky_relu(alpha=1/2)", 0.625, (2, 3, 3, 1)),
    ("relu", 0.5, (2, 1)),
)  # fmt: skip


@pytest.mark.parametrize(("activation", "share", "widths"), EXACT)
def test_the_recursion_by_hand(activation: str, share: float, widths: tuple[int, ...]) -> None:
    t = network(f"network(widths={list(widths)}, activation={activation})")
    X, y, v = np.array([[0.5, -1.0], [2.0, 0.25]]), np.ones((2, widths[-1])), 0.7**2
    q = (X**2).sum(axis=1)
    for size in widths[1:-1]:
        q = share * size * v * (q + 1)
    wanted = (widths[-1] * v * (q + 1) + (y**2).sum(axis=1)).mean()
    assert t.energy_of(X, y, scale=0.7) == pytest.approx(wanted, rel=1e-12)
    assert any("forward passes" in c.how for c in t.checks)
    count = sum(b * (a + 1) for a, b in pairwise(widths))
    assert t.entropy_of(scale=0.7) == pytest.approx(count * (0.5 * np.log(2 * np.pi * np.e) + np.log(0.7)), rel=1e-12)


LEADING = (("tanh", 5 + 1), ("sigmoid", 2.5 + 1), ("sine", 2.5 + 1), ("gelu", None), ("softplus", None))


@pytest.mark.parametrize(("activation", "front"), LEADING)
def test_leading_laws_against_real_forward_passes(activation: str, front: float | None) -> None:
    t = network(f"network(widths=[3, 5, 1], activation={activation})")
    X, y, s = np.array([[0.5, -1.0, 1.0]]), np.zeros((1, 1)), 1e4
    wanted = s**2 * front if front else s**4 * 2.5 * ((X**2).sum() + 1)
    assert t.energy_of(X, y, scale=s) == pytest.approx(wanted, rel=1e-12) and t.exact is None
    assert [c.how for c in t.checks] == ["Monte Carlo of real forward passes"]


def test_a_framework_scales_each_layer_by_its_own_sizes() -> None:
    """Kaiming's normal law keeps the mean square of a rectifier's layers: v_p l_{p−1} = 2."""
    deep = Network(KNOWN.activations["relu"], (4, 4, 4, 1))
    t = temperature(MSE, KNOWN.frameworks["torch.kaiming_normal_"](), deep)
    q = 1.0
    for _ in range(2):
        q = 0.5 * 4 * (2 / 4) * (q + 1)
    assert t.energy_of([[1.0, 0, 0, 0]], [0.0]) == pytest.approx(2 / 4 * (q + 1), rel=1e-12)


def test_a_wrong_formula_is_a_conflict(monkeypatch: pytest.MonkeyPatch) -> None:
    passes = networks.Growing.passes
    monkeypatch.setattr(networks.Growing, "passes", lambda *a: 1.2 * passes(*a))
    with pytest.raises(Conflict, match="comes out as"):
        network("network(widths=[3, 5, 1], activation=relu)")


REFUSED = (
    ("mae", "normal", "network(activation=relu)", "mae needs more"),
    ("mse", "rademacher", "network(activation=relu)", "has none"),
    ("mse", "constant", "network(activation=relu)", "is not"),
    ("mse", "sparse", "network(activation=tanh)", "point masses"),
    ("mse", "normal", "network(widths=[3, 0, 1], activation=relu)", "are none"),
    ("mse", "normal", "network(widths=[3], activation=relu)", "are none"),
    ("mse", "normal", "network(widths=[3,1], activation=relo)", "did you mean relu"),
    ("mse", "normal", "network(widths=[3,1], activation=leaky_relu(beta=1))", "no parameter 'beta'"),
    ("mse", "normal", "network(widths=3, activation=relu)", "No model is called"),
)


@pytest.mark.parametrize(("energy", "initializer", "text", "says"), REFUSED)
def test_what_a_network_refuses(energy: str, initializer: str, text: str, says: str) -> None:
    with pytest.raises(DeriveError, match=says):
        temperature(KNOWN.energies[energy], KNOWN.initializers[initializer], model(text))


def test_a_heavy_tail_diverges() -> None:
    t = temperature(MSE, KNOWN.initializers["student_t"](nu=2), model("network(activation=relu)"))
    assert t.exact is None and t.condition == (
        "diverges: ⟨E₀⟩ needs a moment of order 2 of every parameter: student_t(nu=2) has none"
    )
    assert t.positive == "nowhere: ⟨E₀⟩ is infinite"


def test_the_logistic_model() -> None:
    from derive.theory.asked import pair

    assert pair("cross_entropy", "normal", "logistic", []).exact == pair("cross_entropy", "normal", "linear", []).exact
    with pytest.raises(DeriveError, match="of its logit"):
        pair("mse", "normal", "logistic", [])


def test_data_that_do_not_fit() -> None:
    t = network("network(widths=[3, 5, 1], activation=relu)", check=False)
    for X, y, says in (
        ([[1.0, 2.0]], [0.0], "the network takes 3 to 1"),
        ([[1.0, 2.0, float("nan")]], [0.0], "not finite"),
        ([["a", 2.0, 3.0]], [0.0], "no number"),
    ):
        with pytest.raises(DeriveError, match=says):
            t.energy_of(X, y, scale=1.0)
    with pytest.raises(DeriveError, match="give scale="):
        t.energy_of([[1.0, 2.0, 3.0]], [0.0])
