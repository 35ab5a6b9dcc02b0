r"""Section 3, linear regression with MSE: (3.1)–(3.26).

Data: n samples, x_ij the j-th component of the i-th, the last component 1 so that μ_K is the intercept.
"""

from derive.claim import ANY, Regime
from derive.kernel.context import Context
from derive.reader.notation import Notation, families, names, ranges, symbols
from derive.simulated import Simulated
from derive.system import Block, System, linear_form
from derive.term import ONE, TWO, Elem, Prod, Sum, Sym, Term, sqrt, term
from theorems.catalogue.energies import mse
from theorems.catalogue.initializers import normal, uniform
from theorems.zhang2024.paper import variance, zhang

I, J, K, Q, N = (Sym(s) for s in "ijKQn")
SIGMA, L = Sym("sigma"), Sym("l")


def element(name: str, *index: Term) -> Elem:
    return Elem(name, index)


X_VARIES, Y_VARIES = variance(element("x", I)), variance(element("y", I))

ASSUMED = Context(
    signs={"sigma": "positive", "l": "positive"},
    least={"K": 2, "Q": 1, "n": 1},
    facts=((element("x", I, K), ONE),),
    covariances={
        ("x", "x"): Sym("C_x"),
        ("y", "y"): Sym("C_y"),
        ("x", "y"): Sym("C_xy"),
        ("y", "x"): Sym("C_yx"),
    },
)

BASE = Notation(
    scalars=symbols(r"\sigma l K Q n C_x C_y") | {"C_xy": Sym("C_xy"), "C_yx": Sym("C_yx")},
    families=families(one=r"\sigma l y \mu", two="x"),
    ranges=ranges(i=N, j=K, k=K),
    data={"X": "x", "Y": "y"},
    dimensions={"y": "Y"},
    shapes={"x": ("n", "K"), "y": ("n",), "sigma": ("K",), "l": ("K",), "mu": ("K",)},
    names=names({
        r"\overline{X^2}": r"\frac{1}{K}\sum_{j=1}^K \overline{X_j^2}",
        r"|\Sigma|": Prod("j", ONE, K, element("sigma", J) ** 2),
    }),
    context=ASSUMED,
)  # fmt: skip


def with_system(notation: Notation, system: System, **closed: str) -> Notation:
    """Name the quantities of a system: ⟨E₀⟩, E_f, S₀, T."""
    quantities: dict[str, str | Term | None] = {
        r"\langle E_0 \rangle": system.E0, "E_f": system.Ef, "S_0": system.S0, "S": system.S0,
        "T": r"\frac{\langle E_0 \rangle - E_f}{S_0}", "MSE": system.E,
    }  # fmt: skip
    return notation.extend(names=names(quantities), parameters=system.free_parameters, closed=closed)


def fit(initializer) -> System:  # type: ignore[no-untyped-def]
    """K parameters of a linear fit, all from one initializer."""
    return System(mse, linear_form(K), element("y", I), (Block(initializer, ONE, K),))


def line(initializer) -> System:  # type: ignore[no-untyped-def]
    """Slope and intercept."""
    straight = element("mu", ONE) * element("x", I) + element("mu", TWO)
    return System(mse, straight, element("y", I), (Block(initializer, ONE, TWO),))


FLAT = BASE.extend(
    families=families(one=r"\sigma l y \mu x"),
    ranges=ranges(i=N, j=TWO),
    shapes={"x": ("n",), "sigma": (2,), "l": (2,), "mu": (2,)},
    names=names({
        r"\overline{X^2}": r"\frac{1}{n}\sum_{i=1}^n x_i^2",
        r"\rho": r"\frac{\operatorname{Cov}(X,Y)}{\sqrt{\operatorname{Var}(X)\operatorname{Var}(Y)}}",
    }),
    context=Context(signs=ASSUMED.signs, least={"n": 2}, positive=(X_VARIES, Y_VARIES)),
)  # fmt: skip

LEAST_LINE = r"(1-\rho^2)\operatorname{Var}(Y)"
LEAST_FIT = r"\operatorname{tr}\{C_y - C_{yx}C_x^{-1}C_{xy}\}"

LINE_NORMAL = with_system(
    FLAT,
    line(normal),
    E0=r"\sigma_1^2\overline{X^2} + \sigma_2^2 + \overline{Y^2}",
    Ef=LEAST_LINE,
    S=r"1 + \ln(2\pi\sigma_1\sigma_2)",
)
LINE_UNIFORM = with_system(
    FLAT,
    line(uniform),
    E0=r"\frac{l_1^2}{12}\overline{X^2} + \frac{l_2^2}{12} + \overline{Y^2}",
    Ef=LEAST_LINE,
    S=r"\ln(l_1 l_2)",
)
NORMAL = with_system(
    BASE, fit(normal), E0=r"\sum_{j=1}^K \sigma_j^2 \overline{X_j^2} + \overline{Y^2}", Ef=LEAST_FIT,
    S=r"\sum_{j=1}^K \ln\sigma_j + \frac{K}{2}[1 + \ln(2\pi)]",
    T=rf"\frac{{\sum_{{j=1}}^K \sigma_j^2 \overline{{X_j^2}} + \overline{{Y^2}} - {LEAST_FIT}}}{{\sum_{{j=1}}^K \ln\sigma_j + \frac{{K}}{{2}}[1 + \ln(2\pi)]}}",
)  # fmt: skip
UNIFORM = with_system(
    BASE, fit(uniform), E0=r"\frac{1}{12}\sum_{j=1}^K l_j^2 \overline{X_j^2} + \overline{Y^2}", Ef=LEAST_FIT, S=r"\sum_{j=1}^K \ln l_j",
    T=rf"\frac{{\frac{{1}}{{12}}\sum_{{j=1}}^K l_j^2 \overline{{X_j^2}} + \overline{{Y^2}} - {LEAST_FIT}}}{{\sum_{{j=1}}^K \ln l_j}}",
)  # fmt: skip

ALL_SIGMA = Regime(
    variable="sigma",
    path=((element("sigma", ANY), SIGMA),),
    text="every σ_j equal to σ, σ → ∞; the data fixed",
)
ALL_L = Regime(variable="l", path=((element("l", ANY), L),), text="every l_j equal to l, l → ∞; the data fixed")

# -- 3.1 normal initialization ---------------------------------------------------------------------

zhang.equation(
    "3.1", NORMAL, constant="normal, general K", note="Σ is diagonal, as the display after the equation says"
)
zhang.equation("3.2", NORMAL, uses=["3.1"], result=True, constant="normal, general K")
zhang.equation("3.3", LINE_NORMAL, uses=["2.5", "2.16"])
zhang.equation("3.4", LINE_NORMAL, uses=["2.16"])
zhang.equation("3.5", LINE_NORMAL, uses=["2.29", "3.2", "3.3", "3.4"], result=True, constant="normal, K = 2")
zhang.equation("3.6", LINE_NORMAL, uses=["3.5"], regime=ALL_SIGMA, result=True, simulate=Simulated(line(normal)))
zhang.equation("3.7", NORMAL, uses=["2.16"], defines=[1])
zhang.equation("3.8", NORMAL, uses=["2.5", "3.7"])
zhang.equation("3.9", NORMAL, uses=["3.7"], result=True)
zhang.equation("3.10", NORMAL, uses=["2.29", "3.2", "3.8", "3.9"], result=True, constant="normal, general K")
zhang.equation("3.11", NORMAL, uses=["3.10"], regime=ALL_SIGMA, result=True, simulate=Simulated(fit(normal)))

# -- 3.2 uniform initialization --------------------------------------------------------------------

DENSITY = UNIFORM.extend(names=names({r"f(\boldsymbol{\mu})": Prod("k", ONE, K, ONE / element("l", Sym("k")))}))
ON_INTERVALS = {"mu": lambda index, first: uniform.domain(element("l", index))}

zhang.equation("3.12", DENSITY, defines=[1])
zhang.equation("3.13", UNIFORM, uses=["2.6", "3.12"], result=True, constant="uniform, general K")
zhang.equation("3.14", LINE_UNIFORM.extend(domains=ON_INTERVALS), uses=["2.5", "2.16", "3.12"])
zhang.equation("3.15", LINE_UNIFORM, uses=["2.29", "3.4", "3.13", "3.14"], result=True, constant="uniform, K = 2")
zhang.equation("3.16", LINE_UNIFORM, uses=["3.15"], regime=ALL_L, result=True, simulate=Simulated(line(uniform)))

SIMILAR = FLAT.extend(
    names=names({
        r"T_{\text{uniform}}": (line(uniform).E0 - line(uniform).Ef) / line(uniform).S0,
        r"T_{\text{normal}}": (line(normal).E0 - line(normal).Ef) / line(normal).S0,
    })
)  # fmt: skip
WIDE_ENOUGH = Regime(
    variable="sigma",
    path=((element("sigma", ANY), SIGMA), (element("l", ANY), L)),
    text="every σ_j equal to σ, every l_j equal to l ≥ 4σ, σ → ∞; the data fixed",
    above=("l", term(4) * SIGMA),
)
zhang.equation("3.17", SIMILAR, uses=["3.6", "3.16"], regime=WIDE_ENOUGH, result=True)
zhang.equation(
    "3.18", UNIFORM.extend(domains=ON_INTERVALS, context=Context(ASSUMED.signs, {"K": 3, "n": 1}, ASSUMED.facts, covariances=ASSUMED.covariances)),
    uses=["2.5", "3.7", "3.12"], note="K ≥ 3, so that the printed steps have their terms",
)  # fmt: skip
zhang.equation("3.19", UNIFORM, uses=["2.29", "3.9", "3.13", "3.18"], result=True, constant="uniform, general K")
zhang.equation("3.20", UNIFORM, uses=["3.19"], regime=ALL_L, result=True, simulate=Simulated(fit(uniform)))

# -- 3.3 mixed initialization: K normal parameters, then Q uniform ones ----------------------------

KQ = K + Q
MIXED_SYSTEM = System(mse, linear_form(KQ), element("y", I), (Block(normal, ONE, K), Block(uniform, K + ONE, KQ)))


def domain(index: Term, first: Term) -> tuple[Term, Term]:
    """Parameters from K + 1 on are uniform."""
    return uniform.domain(element("l", index)) if first == K + ONE else normal.domain(element("sigma", index))


MIXED = with_system(
    BASE.extend(
        ranges=ranges(i=N, j=KQ, k=KQ),
        shapes={"x": ("n", KQ), "sigma": (KQ,), "l": (KQ,), "mu": (KQ,)},
        labels=frozenset({"(n)", "(u)"}),
        domains={"mu": domain},
        unfolded={
            "f_n": lambda mu: normal.density(mu, element("sigma", *mu.index)),
            "f_u": lambda mu: uniform.density(mu, element("l", *mu.index)),
        },
        names=names(
            {
                r"\overline{X^2}": r"\frac{1}{K+Q}\sum_{j=1}^{K+Q} \overline{X_j^2}",
                r"\text{const1.}": None,
                r"\text{const2.}": None,
            }
        ),
        context=Context(ASSUMED.signs, {"K": 1, "Q": 1, "n": 1}, ((element("x", I, KQ), ONE),)),
    ),
    MIXED_SYSTEM,
    E0=r"\sum_{j=1}^K \sigma_j^2 \overline{X_j^2} + \sum_{j=K+1}^{K+Q} \frac{l_j^2}{12} \overline{X_j^2} + \overline{Y^2}",
    S=r"\sum_{j=1}^K \ln\sigma_j + \sum_{j=K+1}^{K+Q} \ln l_j + \frac{K}{2}[1 + \ln(2\pi)]",
    S_sigma=r"\sum_{j=1}^{K+Q} \ln\sigma_j + \frac{K}{2}[1 + \ln(2\pi)] + \frac{Q}{2}\ln 12",
)
#: σ_j = l_j/√12 for the uniform parameters, as the text sets before (3.22).
AS_SIGMA = ((element("l", J), lambda j: sqrt(term(12)) * element("sigma", j)),)

zhang.equation("3.21", MIXED, uses=["2.5", "3.8", "3.18"], sizes={"K": 1, "Q": 1})
zhang.equation("3.22", MIXED, uses=["3.21"], sizes={"K": 1, "Q": 1}, let=AS_SIGMA, result=True)
zhang.equation(
    "3.23", MIXED, uses=["3.1", "3.13"], sizes={"K": 1, "Q": 1}, let=AS_SIGMA, constant="mixed, K normal and Q uniform"
)
zhang.equation(
    "3.24", MIXED, uses=["2.29", "3.22", "3.23"], let=AS_SIGMA, constants=["const1.", "const2."], result=True,
    constant="mixed, K normal and Q uniform",
)  # fmt: skip
zhang.equation(
    "3.25", MIXED, uses=["3.24"], let=AS_SIGMA, regime=ALL_SIGMA, result=True, simulate=Simulated(MIXED_SYSTEM)
)
WIDER = Regime(
    variable="sigma",
    path=((element("sigma", ANY), SIGMA), (element("l", ANY), L)),
    text="σ_j = σ for j ≤ K, every l_j ≥ 4σ on a path of its own, σ → ∞; the data fixed",
    above=("l", term(4) * SIGMA),
)
#: No column of the data vanishes.
NO_EMPTY_COLUMN = Context(
    ASSUMED.signs, {"K": 1, "Q": 1, "n": 1}, ((element("x", I, KQ), ONE),), wild=frozenset({"i", "j"}),
    positive=(Sum("i", ONE, N, element("x", I, J) ** 2),),
)  # fmt: skip
zhang.equation("3.26", MIXED.extend(context=NO_EMPTY_COLUMN), uses=["3.24"], regime=WIDER, result=True)
