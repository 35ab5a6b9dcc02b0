r"""Appendix B: entropy and the collapse of dimensions, (B.1)–(B.10)."""

from derive.claim import BECOMES, Regime
from derive.kernel.context import Context
from derive.reader.notation import Notation, canonical, families, functions, names, ranges, symbols
from derive.term import INF, MINUS_INF, ONE, App, Elem, Int, Over, Sum, Sym
from theorems.zhang2024.paper import zhang

DELTA = Sym("delta")
#: ∫ f dμ = 1.
NORMALISED = ((Int((Over(Sym("_0"), MINUS_INF, INF),), App("f", (Sym("_0"),))), ONE),)

BASE = Notation(
    scalars=symbols(
        r"a b x y u n x_0 y_0 \delta \boldsymbol{\mu} \mathcal{D}_1 \mathcal{D}_2 \mathcal{N}"
    ),
    functions=functions("f"),
    context=Context(signs={"a": "positive", "b": "positive", "delta": "positive", "f": "positive"}, facts=NORMALISED),
)  # fmt: skip


def entropy(density: str, domain: str) -> str:
    """Differential entropy of a constant density: −∫ f log f over its domain."""
    ends, over = domain.split("|")
    return rf"-{ends} {density} \log[{density}] {over}"


# -- a rectangle that collapses to a line ----------------------------------------------------------

RECTANGLE = r"\int_{x_0}^{x_0+a}\int_{y_0}^{y_0+b}|dy dx"
THIN = r"\int_{x_0}^{x_0+a}\int_{y_0}^{y_0+\delta}|dy dx"
LINE = r"\int_{x_0}^{x_0+a}|dx"


def uniform(domain: str) -> str:
    return rf"\frac{{1}}{{{domain.replace('|', ' ')}}}"


BOX = BASE.extend(names=names({
    "f(x,y)": uniform(RECTANGLE),
    "S_2(x,y)": entropy(uniform(RECTANGLE), RECTANGLE),
    r"S_{\delta}(x,y)": entropy(uniform(THIN), THIN),
    "S_1(x)": entropy(uniform(LINE), LINE),
}))  # fmt: skip
zhang.equation("B.1", BOX, defines=[1])
zhang.equation("B.2", BOX, uses=["2.6", "B.1"])
zhang.equation("B.3", BOX, uses=["B.2"])
zhang.equation("B.4", BOX, uses=["2.6"])

# -- a distribution that collapses to the cells of a grid ------------------------------------------

I, N, P_I = Sym("i"), Sym("n"), Elem("p", (Sym("i"),))
#: Probabilities of n cells that add up to one.
WEIGHTS = ((P_I, lambda i: Elem("w", (i,)) / Sum("m", ONE, N, Elem("w", (Sym("m"),)))),)
PEAK = r"\delta^{-\mathcal{N}}"
CELLS = BASE.extend(
    families=families(one=r"p w \boldsymbol{\mu} \Delta"),
    ranges=ranges(i=N),
    shapes={"w": ("n",), "p": ("n",)},
    unfolded={"f": lambda mu: Elem("p", mu.index) if isinstance(mu, Elem) else App("f", (mu,))},
    distributions=frozenset({canonical(r"\delta_D(\boldsymbol{\mu}-\boldsymbol{\mu}_i)")}),
    names=names({
        r"S_{\text{diff}}": r"-\int f(\boldsymbol{\mu})\log f(\boldsymbol{\mu}) d\boldsymbol{\mu}",
        r"S_{\text{discrete}}": r"-\sum_{i=1}^n p_i\log p_i",
        r"\delta_D(\boldsymbol{\mu}-\boldsymbol{\mu}_i)": PEAK, r"\delta(0)": PEAK, r"\delta_D^{\mathcal{N}}(0)": PEAK,
    }),
    context=Context(signs={"delta": "positive", "f": "positive", "p": "positive", "w": "positive"}, least={"n": 1}),
)  # fmt: skip
#: The delta as a box of volume δ^𝒩 with the height 1/δ^𝒩; u measures the volume.
BOXES = rf"-\sum_{{i=1}}^n \int_0^{{\delta^\mathcal{{N}}}} f(\boldsymbol{{\mu}}_i){PEAK}\log[f(\boldsymbol{{\mu}}_i){PEAK}] du"
zhang.equation(
    "B.5", CELLS, uses=["2.6", "B.3"], defines=[1], relations={2: BECOMES}, nearest={2: BOXES}, let=WEIGHTS, result=True,
    note="δ_D(0) = 1/δ and f(μ_i) = p_i, as the text denotes; the arrow marks the collapse",
)  # fmt: skip

# -- from one dimension to another -----------------------------------------------------------------

#: A density f on 𝒟₂ dimensions, the other 𝒟₁ − 𝒟₂ a box of width δ.
COLLAPSE = BASE.extend(names=names({
    r"S_{\mathcal{D}_1}": Sym("S_before"),
    r"S_{\mathcal{D}_2}": r"-\int f(\boldsymbol{\mu})\log f(\boldsymbol{\mu}) d\boldsymbol{\mu}",
    r"\Delta S": r"-\int f(\boldsymbol{\mu})\log[f(\boldsymbol{\mu})\delta^{\mathcal{D}_2-\mathcal{D}_1}] d\boldsymbol{\mu} - S_{\mathcal{D}_1}",
}))  # fmt: skip
zhang.equation(
    "B.6", COLLAPSE, uses=["B.3", "B.5"], result=True,
    note="the differential entropy after the collapse, with 𝒟₁ − 𝒟₂ directions a box of width δ, minus the one before",
)  # fmt: skip
TO_A_POINT = BASE.extend(names=names({
    r"S_{\text{diff}}": r"-\int f(\boldsymbol{\mu})\log f(\boldsymbol{\mu}) d\boldsymbol{\mu}", r"S_{\text{discrete}}": r"-1\log 1",
    r"\Delta S_1": r"S_{\text{discrete}} - S_{\text{diff}}",
}))  # fmt: skip
zhang.equation("B.7", TO_A_POINT, uses=["B.6"], result=True, note="S in 𝒟₂ = 0 dimensions is that of one point, 0")

# -- two subsystems --------------------------------------------------------------------------------

SUBSYSTEMS = BASE.extend(
    scalars=symbols("k T_1 T_2") | {"E": Sym("E")},
    names=names({
        r"\Delta E": Sym("E"), r"S_{\text{diff}}": Sym("S_diff"),
        r"\Delta Q_1": r"\delta", r"\Delta Q_2": r"\Delta E - \delta",
        r"\Delta S_1": r"-\log\delta", r"\Delta S_2": r"S_{\text{diff}}",
        "T_1": r"\frac{\Delta Q_1}{\Delta S_1}", "T_2": r"\frac{\Delta Q_2}{\Delta S_2}",
    }),
    context=Context(signs={"delta": "positive", "E": "positive"}, least={"s": 2}, positive=(ONE - DELTA, ONE - ONE / Sym("s"))),
)  # fmt: skip
HEATS = "energy is conserved, and each subsystem takes up the heat TΔS at its own temperature"
HEAT = BASE.extend(names=names({
    r"\Delta E": r"\Delta Q_1 + \Delta Q_2", r"\Delta Q_1": r"T_1\Delta S_1", r"\Delta Q_2": r"T_2\Delta S_2",
    r"\Delta S_1": Sym("S_1"), r"\Delta S_2": Sym("S_2"), "T_1": Sym("T_1"), "T_2": Sym("T_2"),
}))  # fmt: skip
zhang.equation("B.8", HEAT, premise=HEATS)
NARROW = Regime(variable="s", path=((DELTA, ONE / Sym("s")),), text="δ = 1/s → 0")
zhang.equation(
    "B.9", SUBSYSTEMS, uses=["B.8", "2.25"], regime=NARROW, result=True,
    nearest={3: r"\frac{\delta}{\sum_{k=1}^{1/\delta} \frac{1}{k}}", 4: r"\frac{\delta}{\ln(1/\delta) + 0.57721}"},
    note="δ < 1; a series that diverges is taken up to k = 1/δ, where the powers of 1 − δ fade",
)  # fmt: skip
zhang.equation("B.10", SUBSYSTEMS, uses=["B.8"], regime=NARROW, result=True)
