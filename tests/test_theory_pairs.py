"""Energies × initializers: what an energy is made of, laws of one parameter, mean energies, leading laws, verdicts."""

from __future__ import annotations

from fractions import Fraction

import flint
import pytest
from flint import arb

from derive.errors import Conflict, DeriveError
from derive.kernel.context import Context
from derive.kernel.normal import Normal
from derive.library import catalogue
from derive.system import Energy, Initializer, Parameter
from derive.term import INF, MINUS_INF, ONE, PI, Fn, Int, Sym, Term, exp, ln, neg, sqrt, term, walk
from derive.theory import Linear, temperature
from derive.theory import checks as checking
from derive.theory.law import law
from derive.theory.loss import S, Y, taken_apart
from derive.theory.numbers import value

ENERGIES, INITIALIZERS = catalogue().energies, catalogue().initializers


def line(scale: Term) -> tuple[Term, Term]:
    return MINUS_INF, INF


# -- energies taken apart --------------------------------------------------------------------------

MADE_OF = {
    "mse": (2, []), "mae": (0, ["abs"]), "mba": (1, []), "huber": (0, ["abs", "abs"]), "log_cosh": (1, ["softplus"]),
    "pinball": (1, ["abs"]), "poisson": (1, ["exp"]), "cross_entropy": (1, ["softplus"]), "hinge": (1, ["abs"]),
    "squared_hinge": (2, ["abs"]), "exponential": (0, ["exp"]), "smooth_l1": (0, ["abs", "abs"]),
}  # fmt: skip


@pytest.mark.parametrize("name", MADE_OF)
def test_an_energy_is_the_sum_of_its_pieces(name: str) -> None:
    """Put together again it has the values of the formula, at points on all sides of its kinks."""
    energy = ENERGIES[name]
    found = taken_apart(energy)
    degree, kinds = MADE_OF[name]
    assert (found.degree, sorted(p.kind for p in found.pieces)) == (degree, kinds)
    with flint.ctx.workprec(120):
        numbers = {n: arb(flint.fmpq(v.numerator, v.denominator)) for n, v in energy.numbers.items()}
        for s in (-3, -1, 0, 1, 4):
            for y in (1, -1, 2):
                env = {**numbers, "s": arb(s), "y": arb(y)}
                assert abs(value(energy.of(S, Y), env) - value(found.at(S, Y), env)) < 1e-25, (s, y)


@pytest.mark.parametrize(
    "formula",
    [
        lambda s, y: Fn("sin", (s - y,)),
        lambda s, y: Fn("abs", (s,)) * Fn("abs", (s - y,)),
        lambda s, y: exp(s) * s,
        lambda s, y: ln(Fn("abs", (s - y,))),
        lambda s, y: exp(s**2),
    ],
)
def test_what_no_mean_is_known_of_is_refused(formula) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(DeriveError, match="energy other"):
        taken_apart(Energy("other", formula))


# -- laws of one parameter -------------------------------------------------------------------------

#: ⟨u²⟩ and the entropy at scale 1, from the literature.
KNOWN = {
    "normal": (ONE, ln(term(2) * PI) / 2 + ONE / 2),
    "uniform": (ONE / 12, term(0)),
    "laplace": (term(2), ONE + ln(term(2))),
    "logistic": (PI**2 / 3, term(2)),
    "triangular": (ONE / 6, ONE / 2),
    "rademacher": (ONE, ln(term(2))),
    "student_t": (term(5) / 3, None),
    "constant": (ONE, term(0)),
}
TAILS = {"normal": "faster", "uniform": "bounded", "laplace": "exponential", "student_t": "power", "sparse": "faster"}


@pytest.mark.parametrize("name", KNOWN)
def test_constants_of_laws(name: str) -> None:
    found, normal = law(INITIALIZERS[name]), Normal(Context())
    square, entropy = KNOWN[name]
    assert normal.equal(found.moment(2).term, square)
    assert entropy is None or normal.equal(found.entropy.term, entropy)


@pytest.mark.parametrize("name", TAILS)
def test_tails(name: str) -> None:
    found = law(INITIALIZERS[name]).tail
    assert found.kind == TAILS[name] and found.proved
    assert found.moment(4) and (name != "student_t" or not found.moment(5))


def bell(mu: Term, sigma: Term) -> Term:
    return exp(neg(mu**2 / (term(2) * sigma**2))) / (sqrt(term(2) * PI) * sigma)


WRONG = {
    "integrates": Initializer("half", "s", lambda mu, s: bell(mu, s) / 2, line),
    "negative": Initializer("dips", "s", lambda mu, s: bell(mu, s) * (3 * mu**2 / s**2 - 1) / 2, line),
    "widen": Initializer("fixed", "s", lambda mu, s: bell(mu, ONE), line),
    "even": Initializer(
        "one_sided",
        "s",
        lambda mu, s: exp(neg(mu / s)) / s,
        lambda s: (term(0), INF),
        cf=lambda t, s: ONE / (ONE + t**2),
    ),
}


def test_a_density_has_to_be_one() -> None:
    for word in ("integrates", "negative", "widen"):
        with pytest.raises(DeriveError, match=word):
            law(WRONG[word])
    with pytest.raises(DeriveError, match="even"):
        law(WRONG["even"]).cosine  # noqa: B018


def test_a_wrong_transform_is_refused() -> None:
    with pytest.raises(DeriveError, match="The cf declared for bent"):
        law(Initializer("bent", "s", bell, line, cf=lambda t, s: exp(neg(s * t**2)))).cosine  # noqa: B018


# -- pairs -----------------------------------------------------------------------------------------

PROVED = [
    (e, "normal") for e in ("mse", "mae", "mba", "log_cosh", "pinball", "cross_entropy", "hinge", "squared_hinge")
]
PROVED += [("mse", "uniform"), ("mba", "uniform")]


@pytest.mark.parametrize(("energy", "initializer"), PROVED)
def test_proved_pairs(energy: str, initializer: str) -> None:
    t = temperature(ENERGIES[energy], INITIALIZERS[initializer])
    assert t.verdict == "proved" and "the kernel proved ⟨E₀⟩, S₀" in t.reason
    assert min(c.digits for c in t.checks if c.digits) > 20


@pytest.mark.parametrize(
    ("energy", "initializer"),
    [
        ("huber", "laplace"),
        ("squared_hinge", "triangular"),
        ("cross_entropy", "sparse"),
        ("mae", "student_t"),
        ("log_cosh", "logistic"),
    ],
)
def test_supported_pairs_say_what_is_not_proved(energy: str, initializer: str) -> None:
    t = temperature(ENERGIES[energy], INITIALIZERS[initializer])
    assert t.verdict == "supported" and t.kind == "one-dimensional integral"
    assert "none of it checked by the kernel" in t.reason
    assert min(c.digits for c in t.checks if c.digits) > 20
    assert t.term is not None and any(isinstance(x, Int) for x in walk(t.term))


DIVERGES = (
    ("mse", "student_t", {"nu": 2}, "nu ≤ 2"),
    ("mae", "student_t", {"nu": 1}, "nu ≤ 1"),
    ("poisson", "student_t", {}, "heavier than exponential"),
    ("exponential", "student_t", {"nu": 9}, "heavier than exponential"),
)


@pytest.mark.parametrize(("energy", "initializer", "given", "says"), DIVERGES)
def test_infinite_means_are_no_number(energy, initializer, given, says) -> None:  # type: ignore[no-untyped-def]
    t = temperature(ENERGIES[energy], INITIALIZERS[initializer](**given))
    assert (
        t.exact is None and t.asymptotic is None and says in (t.condition or "") and t.condition.startswith("diverges")
    )
    with pytest.raises(DeriveError, match="has no value"):
        t.energy_of([[1.0]], [1.0], 1.0)


CONDITIONS = (
    ("poisson", "laplace", "b_j |x_ij| < 1"),
    ("exponential", "logistic", "s_j |x_ij| < 1"),
    ("mse", "constant", "S₀ = 0: T diverges"),
    ("mba", "normal", "E_f = −∞"),
    ("huber", "student_t", "nu > 2"),
)


@pytest.mark.parametrize(("energy", "initializer", "says"), CONDITIONS)
def test_conditions_are_told(energy: str, initializer: str, says: str) -> None:
    t = temperature(ENERGIES[energy], INITIALIZERS[initializer], check=False)
    assert says in (t.condition or "")


LAWS = (
    ("huber", "laplace", "c", True),
    ("log_cosh", "logistic", "c", True),
    ("squared_hinge", "triangular", "c^2", True),
    ("mae", "rademacher", "c", False),
    ("poisson", "uniform", "exponential", False),
)


@pytest.mark.parametrize(("energy", "initializer", "order", "complete"), LAWS)
def test_leading_laws_are_held_against_quadrature(energy, initializer, order, complete) -> None:  # type: ignore[no-untyped-def]
    t = temperature(ENERGIES[energy], INITIALIZERS[initializer])
    assert t.leading is not None and (t.leading.order, t.leading.complete) == (order, complete)
    assert any("→ 0" in c.other for c in t.checks)


def test_a_wrong_mean_energy_is_a_conflict(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check is not empty: a formula off by a hundredth stops the run."""
    derived = checking._derived
    monkeypatch.setattr(checking, "_derived", lambda *a: derived(*a) * arb("1.01"))
    with pytest.raises(Conflict, match="comes out as"):
        temperature(ENERGIES["mae"], INITIALIZERS["laplace"])


def test_a_wrong_leading_law_is_a_conflict(monkeypatch: pytest.MonkeyPatch) -> None:
    original = checking._original
    monkeypatch.setattr(checking, "_original", lambda *a, **k: original(*a, **k) * (arb("1.01") if k else 1))
    with pytest.raises(Conflict, match="leading law"):
        temperature(ENERGIES["mae"], INITIALIZERS["laplace"])


def test_an_energy_of_ones_own() -> None:
    """Cauchy's ln(1 + z²/c²) and Geman and McClure's z²/(1 + z²): no piece of the catalogue."""
    c = Parameter("c", Fraction(1), above=Fraction(0))
    cauchy = Energy("cauchy", lambda s, y, c: ln(ONE + ((s - y) / c) ** 2), parameters=(c,))
    geman = Energy("geman_mcclure", lambda s, y: (s - y) ** 2 / (ONE + (s - y) ** 2))
    for energy, order in ((cauchy, "ln c"), (geman, "1")):
        t = temperature(energy, INITIALIZERS["laplace"], Linear())
        assert t.exact and min(c.digits for c in t.checks if c.digits) > 20
        assert t.leading is not None and t.leading.order == order


def test_parameters_out_of_range() -> None:
    for make, says in (
        (lambda: ENERGIES["huber"](delta=0), "delta > 0"),
        (lambda: ENERGIES["pinball"](q=1), "q < 1"),
        (lambda: ENERGIES["pinball"](q="x"), "is none"),
        (lambda: INITIALIZERS["student_t"](nu=-1), "nu > 0"),
        (lambda: INITIALIZERS["laplace"](0), "b > 0"),
        (lambda: ENERGIES["mse"](delta=1), "takes none"),
        (lambda: temperature(ENERGIES["mse"], INITIALIZERS["normal"], reduction="max"), "mean or sum"),
        (lambda: temperature(ENERGIES["mse"], INITIALIZERS["normal"], penalty={"l3": 1}), "No penalty"),
        (lambda: temperature(ENERGIES["mse"], INITIALIZERS["normal"], Linear(0)), "K = 0"),
    ):
        with pytest.raises(DeriveError, match=says):
            make()


def test_symbols_stay_unless_given() -> None:
    free_delta = temperature(ENERGIES["huber"], INITIALIZERS["normal"], check=False).exact
    given = temperature(ENERGIES["huber"](delta=2), INITIALIZERS["normal"], check=False).exact
    assert r"\delta" in free_delta and r"\delta" not in given
    assert Sym("delta").name not in given
