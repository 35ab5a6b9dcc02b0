r"""Section 2: states, energies, entropies, (2.1)–(2.33)."""

from fractions import Fraction

from derive.kernel.context import Context
from derive.kernel.grid import Grid
from derive.reader.notation import Notation, families, functions, names, ranges, symbols
from derive.term import INF, MINUS_INF, ONE, App, Elem, Fn, Int, Over, Sum, Sym, ln, neg
from theorems.catalogue.energies import ENERGIES
from theorems.zhang2024.paper import zhang

I, J, N, K, MU = (Sym(s) for s in ("i", "j", "n", "K", r"boldsymbol(mu)"))
Y, Y_HAT = Elem("y", (I,)), Elem("hat(y)", (I,))


def mean_energy(name: str):  # type: ignore[no-untyped-def]
    """The catalogue's energy of a data set, for predictions ŷ_i."""
    return Sum("i", ONE, N, ENERGIES[name].of(Y_HAT, Y)) / N


CROSS_ENTROPY = neg(Sum("i", ONE, N, Y * ln(Y_HAT) + (ONE - Y) * ln(ONE - Y_HAT)) / N)
_0 = Sym("_0")

BASE = Notation(
    scalars=symbols(r"\boldsymbol{\mu} T n N K \lambda \delta \epsilon \sigma \mathcal{X} \mathcal{Y} \mu x y \mathcal{G} \Delta f")
    | {"y'": Sym("y'"), r"\mathbb(R)^n": Sym("R^n"), "E_f": Sym("E_f")},
    families=families(one=r"E p y x \hat{y} \Delta n \boldsymbol{\mu} \mathcal{G}", two="r"),
    functions=functions(r"E p f P f_\mu \mathscr{V} \mathcal{X} \mathcal{Y} \mathcal{L} \hat{y} E_{\boldsymbol{\mu}} E_\mu"),
    ranges=ranges(i=N, j=N, k=N),
    dimensions={"E": "E"},
    shapes={"p": ("n",), "E": ("n",), "y": ("n",), "x": ("n",), "hat(y)": ("n",), "Delta": ("n",), "n": ("n",), "boldsymbol(mu)": ("n",), "r": ("N", "N")},
    context=Context(
        signs={"f": "positive", "p": "positive", "P": "positive", "n": "positive", "N": "positive", "delta": "positive",
               "T": "positive", "r": "positive", "Delta": "positive", "sigma": "positive"},
        least={"n": 2, "N": 2},
        facts=((Int((Over(_0, MINUS_INF, INF),), App("f", (_0,))), ONE),),
    ),
)  # fmt: skip


def meaning(table, base: Notation = BASE) -> Notation:  # type: ignore[no-untyped-def]
    return base.extend(names=names(table))


DISCRETE = {
    "E_0": r"\sum_{i=1}^n E_i p_i", "S_0": r"-\sum_{i=1}^n p_i \log p_i",
    r"E_{\text{stage II}}": r"\hat{E}", r"E_{\text{stage I}}": "E_0", r"S_{\text{stage II}}": "0", r"S_{\text{stage I}}": "S_0",
    r"\hat{E}": Sym("hat E"),
    "T": r"\frac{E_{\text{stage II}} - E_{\text{stage I}}}{S_{\text{stage II}} - S_{\text{stage I}}}",
}  # fmt: skip
CONTINUOUS = {
    "E_0": r"\int E(\boldsymbol{\mu}) p(\boldsymbol{\mu}) d\boldsymbol{\mu}",
    "S_0": r"-\int p(\boldsymbol{\mu}) \log p(\boldsymbol{\mu}) d\boldsymbol{\mu}",
    r"E_{\boldsymbol{\mu}}": App("E", (MU,)), r"\hat{E}": Sym("hat E"),
    "T": r"\frac{E_0 - \hat{E}}{S_0}",
}  # fmt: skip

# -- 2.1 states ------------------------------------------------------------------------------------

zhang.equation(
    "2.1",
    meaning(
        {r"\mathfrak{F}": None, r"\hat{\mathcal{Y}}": Sym("hat Y")},
        BASE.extend(functions=functions(r"f_\mu \mathcal{X}")),
    ),
    defines=[1],
)
zhang.equation("2.2", meaning(DISCRETE), defines=[1])
zhang.equation("2.3", meaning(DISCRETE), defines=[1])
zhang.equation("2.4", meaning(DISCRETE), uses=["2.2", "2.3"], defines=[1], result=True)
zhang.equation("2.5", meaning(CONTINUOUS), defines=[1])
zhang.equation("2.6", meaning(CONTINUOUS), defines=[1])
zhang.equation(
    "2.7", meaning(CONTINUOUS).extend(slips={r"\dot(E)": r"\hat(E)"}), uses=["2.4", "2.5", "2.6"], result=True
)

DATA = BASE.extend(
    scalars={
        **symbols(r"\mathcal{D}"), r"\mathcal(D)_1": Sym("D_1"), r"\mathcal(D)_j": Sym("D_j"), r"\mathcal(D)_j+1": Sym("D_j+1"),
    },
    names=names({
        r"S(\mathcal{D}_1)": r"-\sum_{(x_i,y_i)\in\mathcal{D}_1} P(x_i,y_i)\log P(x_i,y_i)",
        r"S(\mathcal{D}_j)": r"-\sum_{(x_i,y_i)\in\mathcal{D}_j} P(x_i,y_i)\log P(x_i,y_i)",
        r"S(\mathcal{D}_{j+1})": r"-\sum_{(x_i,y_i)\in\mathcal{D}_{j+1}} P(x_i,y_i)\log P(x_i,y_i)",
        "T_{j,j+1}": r"\frac{E(\mathcal{D}_{j+1}) - E(\mathcal{D}_j)}{S(\mathcal{D}_{j+1}) - S(\mathcal{D}_j)}",
    }),
)  # fmt: skip
zhang.equation("2.8", DATA, uses=["2.3"], defines=[1])
zhang.equation("2.9", DATA, uses=["2.4", "2.8"], result=True)
SHIFT = meaning({
    r"S(\lambda)": r"-\int P[\mathcal{X}(\lambda), \mathcal{Y}(\lambda)] \log[P(\mathcal{X}(\lambda), \mathcal{Y}(\lambda))] d\mathcal{X} d\mathcal{Y}",
    r"T(\lambda)": None,
})  # fmt: skip
zhang.equation("2.10", SHIFT, defines=[1])
BAYES = (
    (
        App("P", (Sym("mathcal(X)"), Sym("mathcal(Y)"))),
        App("P|", (Sym("mathcal(Y)"), Sym("mathcal(X)"))) * App("P", (Sym("mathcal(X)"),)),
    ),
)
zhang.equation(
    "2.12", BASE.extend(context=Context(signs=BASE.context.signs, facts=BAYES)),
    premise="the product rule of probability, cited as Bayes' theorem",
)  # fmt: skip

# -- 2.2 energies ----------------------------------------------------------------------------------

PARTICLES = BASE.extend(
    ranges=ranges(i=Sym("N"), j=Sym("N"), k=Sym("N")), shapes={"y": ("N",), "x": ("N",), "hat(y)": ("N",)}
)
zhang.equation(
    "2.13",
    meaning(
        {
            "E_{L-J}": r"4\epsilon\sum_{i=1}^N\sum_{j>i}^N \left[\left(\frac{\sigma}{r_{ij}}\right)^{12} - \left(\frac{\sigma}{r_{ij}}\right)^6\right]"
        },
        PARTICLES,
    ),
    defines=[1],
)
zhang.equation(
    "2.14",
    meaning(
        {
            "E_p": r"\sum_{i=1}^N\sum_{k=1}^N \mathscr{V}(\hat{y}_k, y_i) + \sum_{i=1}^N\sum_{j>i}^N \mathscr{V}(y_j, y_i)"
        },
        PARTICLES,
    ),
    defines=[1],
)
#: The short-range energy is the distance between prediction and target, ŷ_i = f_μ(x_i).
SHORT_RANGE = ((Elem("hat(y)", (I,)), lambda i: App("f_mu", (Elem("x", (i,)),))),)
NEAR = BASE.extend(dimensions={"y": "Y"}, unfolded={r"\mathscr(V)": lambda a, b: Fn("norm", (a - b,))})
zhang.equation(
    "2.15",
    meaning({"E_p": r"\sum_{i=1}^n \mathscr{V}(\hat{y}_i, y_i)"}, NEAR),
    uses=["2.14"],
    defines=[1],
    let=SHORT_RANGE,
)
AVERAGES = meaning({
    r"E_{\rm MSE}": mean_energy("mse"), r"E_{\rm MAE}": mean_energy("mae"), r"E_{\rm MBA}": mean_energy("mba"), r"E_{\rm CE}": CROSS_ENTROPY,
})  # fmt: skip
AVERAGES = AVERAGES.extend(
    dimensions={"y": "Y", "hat(y)": "Y"}, values={"hat(y)": (Fraction(1, 3), Fraction(3, 5), Fraction(1, 4))}
)
for number in ("2.16", "2.17", "2.18"):
    zhang.equation(number, AVERAGES, defines=[1])
zhang.equation("2.19", AVERAGES.extend(dimensions={"y": "1", "hat(y)": "1"}), defines=[1])
PENALTY = BASE.extend(
    dimensions={"y": "Y"},
    families=families(one=r"\mu"), ranges=ranges(i=N, j=K), shapes={"mu": ("K",)},
    parameters=(Over(Elem("mu", (J,)), MINUS_INF, INF, "j", ONE, K),), context=Context(signs=BASE.context.signs, least={"n": 2, "K": 1}),
)  # fmt: skip
zhang.equation(
    "2.20",
    meaning({"E_p": r"\sum_{i=1}^n ||f_\mu(x_i) - y_i|| + \lambda\sum_{j=1}^K |\mu_j|"}, PENALTY),
    uses=["2.15"],
    defines=[1],
)
zhang.equation(
    "2.21",
    meaning({"E_p": r"\sum_{i=1}^n ||f_\mu(x_i) - y_i|| + \lambda\sum_{j=1}^K \mu_j^2"}, PENALTY),
    uses=["2.15"],
    defines=[1],
)
zhang.equation(
    "2.22", meaning({r"\hat{\boldsymbol{\mu}}": r"\operatorname{argmin}_{\boldsymbol{\mu}} \frac{1}{n}\sum_{i=1}^n \mathcal{L}(\hat{y}(x_i, \boldsymbol{\mu}), y_i)"}),
    defines=[1],
)  # fmt: skip

# -- 2.3 discrete and differential entropy ---------------------------------------------------------

#: The cells of a grid over parameter space; their probabilities f(μ_i)Δ_i add up to one.
CELLS = Grid(r"boldsymbol(mu)", "Delta", width="delta", density="f")
GRID = meaning({
    r"S_{\text{discrete}}": r"S_{\text{diff}} - \log\delta",
    r"S_{\text{diff}}": r"-\int f(\boldsymbol{\mu})\log f(\boldsymbol{\mu}) d\boldsymbol{\mu}",
    "S_0": r"N S_{\text{discrete}}",
    r"E_{\text{initial}}": r"\sum_{i=1}^n E(\boldsymbol{\mu}_i) n_i \Delta_i",
    r"f_{\boldsymbol{\mu}}": App("f", (MU,)),
})  # fmt: skip
zhang.equation("2.23", meaning({r"S_{\text{discrete}}": r"-\sum_{i=1}^n p_i\log p_i"}), uses=["2.3"], defines=[1])
#: Probabilities of cells of one volume: p_i = f(μ_i)Δ_i, Δ_i → δ.
IN_CELLS = meaning(
    {r"S_{\text{discrete}}": r"-\sum_{i=1}^n f(\boldsymbol{\mu}_i)\delta\log[f(\boldsymbol{\mu}_i)\delta]"}, GRID
)
zhang.equation(
    "2.24", IN_CELLS, uses=["2.23"], result=True, grid=CELLS, refined=[1],
    note="p_i = f(μ_i)Δ_i with all Δ_i = δ; read as δ → 0: the difference of the two sides tends to 0",
)  # fmt: skip
zhang.equation("2.25", GRID, uses=["2.24"])
zhang.equation("2.26", GRID, uses=["2.25"], result=True)
#: n_i particles in a grid cell: N f(μ_i), as the text has it.
PARTICLES_IN_CELLS = ((Elem("n", (I,)), lambda i: Sym("N") * App("f", (Elem("boldsymbol(mu)", (i,)),))),)
zhang.equation(
    "2.27", GRID.extend(closed={"initial": r"\sum_{i=1}^n E(\boldsymbol{\mu}_i) N f(\boldsymbol{\mu}_i) \Delta_i"}), uses=["2.2"], defines=[1], let=PARTICLES_IN_CELLS,
    grid=CELLS, refined=[3],
)  # fmt: skip
ENSEMBLE = GRID.extend(
    names=names({"T": r"\frac{N\int E(\boldsymbol{\mu}) f(\boldsymbol{\mu}) d\boldsymbol{\mu} - N E_f}{S_0}"})
)
zhang.equation("2.28", ENSEMBLE, uses=["2.4", "2.26", "2.27"], result=True)
zhang.equation(
    "2.29", GRID.extend(names=names({"T": r"\frac{\int E(\boldsymbol{\mu}) f(\boldsymbol{\mu}) d\boldsymbol{\mu} - E_f}{S_{\text{diff}}}"})),
    uses=["2.28"], defines=[1], note="takes the differential entropy as the change of entropy; every temperature of Section 3 rests on it",
)  # fmt: skip
zhang.equation(
    "2.30",
    meaning(
        {
            r"S_{\rm sys}": r"S_{\rm parameter} + S_{\rm data}",
            r"S_{\rm parameter}": Sym("S_p"),
            r"S_{\rm data}": Sym("S_d"),
        }
    ),
    premise="entropies of independent parts add",
)

# -- 2.4 Boltzmann distributions -------------------------------------------------------------------

BOLTZMANN = "the normalised Boltzmann distribution, taken as given"
zhang.equation(
    "2.31",
    meaning(
        {"P(x)": r"\frac{\exp[-E_{\boldsymbol{\mu}}(x)/T]}{\int_{x\in\mathcal{X}} \exp[-E_{\boldsymbol{\mu}}(x)/T] dx}"}
    ),
    premise=BOLTZMANN,
)
zhang.equation(
    "2.32",
    meaning({"P(y|x)": r"\frac{\exp[-E_{\mu}(x,y)/T]}{\int_{y'\in\mathcal{Y}} \exp[-E_{\mu}(x,y')/T] dy'}"}),
    premise=BOLTZMANN,
)
zhang.equation(
    "2.33", meaning({"P(x)": r"\frac{f(\mathcal{G}) \exp[-E_{\boldsymbol{\mu}}(x)/T]}{\int_{x\in\mathcal{X}} f(\mathcal{G}) \exp[-E_{\boldsymbol{\mu}}(x)/T] dx}"}),
    premise="a Boltzmann distribution with a further factor, taken as given",
)  # fmt: skip
