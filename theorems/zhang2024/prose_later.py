r"""What the text says outside its displays: Section 3.6, Sections 5 and 6, and the appendices."""

from dataclasses import replace

from derive.claim import ANY, Regime
from derive.kernel.context import Context
from derive.reader.notation import Notation, families, functions, names, symbols
from derive.term import ONE, App, Elem, Sym, ln
from theorems.zhang2024 import appendix_b as collapse
from theorems.zhang2024 import appendix_e as boxes
from theorems.zhang2024 import s2_theory as theory
from theorems.zhang2024 import s5_engines as engines
from theorems.zhang2024.paper import zhang
from theorems.zhang2024.s3_linear import NORMAL as LINEAR_NORMAL

# -- 3.6 mixing ------------------------------------------------------------------------------------

#: Mean squares a, b of two data sets of m and n points; those of their union, and the temperatures by (3.11).
MIXING = Notation(
    scalars=symbols(r"\sigma a b m n K_A K_B"),
    names=names({
        r"\overline{X_A^2}": "a", r"\overline{X_B^2}": "b", r"\overline{X_{A \cup B}^2}": r"\frac{m \overline{X_A^2} + n \overline{X_B^2}}{m + n}",
        "T_A": r"\frac{\sigma^2}{\ln\sigma}\overline{X_A^2}", "T_B": r"\frac{\sigma^2}{\ln\sigma}\overline{X_B^2}",
        r"T_{A \cup B}": r"\frac{\sigma^2}{\ln\sigma}\overline{X_{A \cup B}^2}",
        r"\Delta E_A": r"K_A \sigma^2 (\overline{X_{A \cup B}^2} - \overline{X_A^2})",
        r"\Delta E_B": r"K_B \sigma^2 (\overline{X_{A \cup B}^2} - \overline{X_B^2})",
    }),
    closed={"gain": r"\frac{(K_B m - K_A n) (a - b) \sigma^2}{m + n}"},
    context=Context(
        signs=dict.fromkeys(("sigma", "a", "b", "d", "K_A", "K_B"), "positive"), least={"m": 1, "n": 1}, positive=(ln(Sym("sigma")),)
    ),
)  # fmt: skip
ONE_MODEL = MIXING.extend(names=names({"K_B": "K_A"}))
ALIKE = MIXING.extend(names=names({r"\overline{X_B^2}": "a"}))
HOTTER = MIXING.extend(scalars=symbols("d"), names=names({r"\overline{X_A^2}": "b + d"}))
COLDER = MIXING.extend(scalars=symbols("d"), names=names({r"\overline{X_B^2}": "a + d"}))
zhang.statement(
    "s3.6.b", ALIKE, r"T_A = T_B", printed=True, cue="we can derive $T_A = T_B$", where="after (3.47)", uses=["3.11"],
    says="equal mean squares give equal temperatures, by the law in the limit",
)
zhang.statement(
    "s3.6.c", ALIKE, r"\overline{X_A^2} = \overline{X_B^2} = \overline{X_{A \cup B}^2}", printed=True, where="before (3.48)",
    says="data sets of equal mean squares keep it when they are joined",
)
zhang.statement(
    "s3.6.d", HOTTER, r"\overline{X_B^2} < \overline{X_{A \cup B}^2} < \overline{X_A^2}", printed=True, where="before (3.52)",
    says="the mean square of the union lies between the two",
)
zhang.statement(
    "s3.6.e", ONE_MODEL, r"m \Delta E_A + n \Delta E_B = 0", where="after (3.56)", cue="transferred from system A to system B",
    says="what system A loses on mixing system B gains", result=True,
    note="with ΔE as in (3.55) and (3.56), energies per point of systems of m and n points, and one K: what is mixed has one model",
)
zhang.statement(
    "s3.6.f", COLDER, r"T_A < T_{A\cup B} < T_B", printed=True, where="on retraining", uses=["3.11"], result=True,
    says="new data of higher temperature raise the temperature, to a value between the two",
)
zhang.statement(
    "s3.6.g", HOTTER, r"T_A > T_{A\cup B} > T_B", printed=True, where="on retraining", uses=["3.11"], result=True,
    says="new data of lower temperature lower it, to a value between the two",
)

# -- 5.1 and 5.2 networks --------------------------------------------------------------------------

WHOLE = r"\sum_{p=1}^L l_p(l_{p-1}+1)"
#: T of networks with tanh, and with the logistic function.
BOUNDED = TANH, SIGMOID = tuple(rf"\frac{{l_L({xi}l_{{L-1}}+1)}}{{{WHOLE}}} \left(\frac{{\sigma^2}}{{\ln\sigma}}\right)" for xi in ("", r"\xi "))
#: The laws of (5.6) and (5.8), with the depth L where they print l_L.
LAWS = engines.DEEP.extend(
    scalars=symbols(r"\xi w") | {r"\mathcal(D)": Sym("D")}, families=families(one="c"), shapes={"c": ((0, "L"),)},
    names=names({
        r"\mathcal{D}": WHOLE,
        r"T_{\text{tanh}}": TANH, r"T_{\text{sigmoid}}": SIGMOID,
    }),
    leading=(TANH, SIGMOID), closed={"count": WHOLE, "sigmoid": SIGMOID},
    context=replace(
        engines.DEEP.context, signs={**engines.DEEP.context.signs, "xi": "positive", "w": "positive", "c": "positive", "l": "positive"},
        positive=(*engines.DEEP.context.positive, ONE - Sym("xi")),
    ),
)  # fmt: skip
WIDE = Regime(
    variable="w", path=((engines.width(ANY), Sym("w") * Elem("c", (ANY,))),), text="all layers wide: l_p = c_p w with w → ∞, after σ → ∞",
)  # fmt: skip
zhang.statement(
    "s5.1.1.a", LAWS, r"\mathcal{D} = l_L(l_{L-1}+1) + l_{L-1}(l_{L-2}+1) + \dots + l_1(l_0+1) = \sum_{p=1}^{l_L} l_p(l_{p-1}+1)", printed=True,
    where="before (5.6)", says="the number of parameters, as a sum over the layers",
)
zhang.statement(
    "s5.1.2.a", LAWS, r"T_{\text{sigmoid}} \sim \frac{\xi l_{L-1}+1}{l_{L-1}+1}T_{\text{tanh}} \sim \xi T_{\text{tanh}}", printed=True, where="after (5.8)",
    uses=["5.6", "5.8"], regime=engines.ONE_SCALE, beyond=WIDE, result=True, says="sigmoid networks are colder than tanh networks by the factor ξ",
)
zhang.statement(
    "s5.1.2.b", LAWS, r"T_{\text{sigmoid}} < T_{\text{tanh}}", where="after (5.8)", cue="Sigmoid activation function has lower temperature", uses=["5.6", "5.8"],
    result=True, says="sigmoid networks are colder than tanh networks (ξ < 1)",
)
zhang.statement(
    "s5.1.3.a", engines.DEEP, r"T_{\text{sys}} \gg \frac{\sigma^2}{\ln\sigma}", where="after (5.11)", cue="the temperature from the system using Sigmoid",
    let=engines.RELU, regime=engines.ONE_SCALE, uses=["5.11"], result=True, says="networks with ReLU are far hotter than those with sigmoid or tanh (L ≥ 2)",
)
zhang.statement(
    "s5.2.c", engines.DEEP, r"T_2 \sim T_3", where="after (5.17)", cue="which are independent from layers", let=engines.TANH, regime=engines.ONE_SCALE, uses=["5.15"],
    says="with tanh the temperature does not depend on the layer", note="from the second layer on; (5.17) has ∝ for the first",
)

# -- 5.3 and 5.4 engines ---------------------------------------------------------------------------

ALIKE_ENTROPY = engines.layers("S", lambda p: Sym("S")) + engines.layers("DeltaE", lambda p: Elem("T", (p,)) * Sym("S"))
zhang.statement(
    "s5.3.b", engines.ENGINE, r"\eta = T_L/(\sum_p T_p)", printed=True, where="before (5.25)", let=ALIKE_ENTROPY, uses=["5.23"],
    says="the efficiency, where all layers have the same entropy",
)
#: Saturated layers of one width h but for the first input and the last output; m of them stand in between.
ONE_WIDTH = engines.engine(
    lambda p: engines.alike_count(p) * engines.SIGMA**2, lambda p: engines.alike(p) * engines.SQUARE * engines.SIGMA**2,
    lambda p: engines.alike_count(p) * ln(engines.SIGMA),
)  # fmt: skip
STACKED = engines.SATURATED.extend(
    scalars=symbols("h m"),
    names=names({r"\Delta E_{\text{tot}}": r"\Delta E_1 + m \Delta E_2 + \Delta E_L", r"S_{\text{tot}}": r"S_1 + m S_2 + S_L"}),
    context=engines.assume("sigma X2", ln(engines.SIGMA), m=0, h=1),
)  # fmt: skip
MANY = Regime(variable="m", path=(), text="many layers of one width: m = L − 2 → ∞, after σ → ∞")
zhang.statement(
    "s5.3.1.a", STACKED, r"T_{\text{sys}} \sim \eta T \sim \eta T_L", printed=True, where="after (5.28)", let=ONE_WIDTH, regime=MANY, uses=["5.28"], result=True,
    says="for many layers the temperature of the whole is η times that of a layer",
)
zhang.statement(
    "s5.3.1.b", STACKED, r"\eta \ll 1", printed=True, where="the first type of heat engine", let=ONE_WIDTH, regime=engines.ONE_SCALE, beyond=MANY, uses=["5.27"], result=True,
    says="a network with bounded activations has a low efficiency",
)
zhang.statement(
    "s5.3.2.a", engines.DEEP, r"T_{\text{sys}} \sim T_L S_L / S_{\text{tot}}", printed=True, where="end of the section", let=engines.RELU, regime=engines.ONE_SCALE, uses=["5.31"],
    says="the temperature of the whole is that of the last layer, times its share of the entropy",
)
zhang.statement(
    "s5.3.2.b", engines.DEEP, r"\Delta E_1 \ll \Delta E_2,\; T_1 \ll T_2", where="after (5.29)", cue=r"\Delta E_1 \ll \Delta E_2 \ll", let=engines.RELU, regime=engines.ONE_SCALE, uses=["5.29"],
    says="with ReLU energies and temperatures grow from layer to layer",
)
#: η is its limit, 1, by (5.30).
RECTIFIED = STACKED.extend(names=names({r"\eta": "1", r"T_{\text{sys}}": r"\frac{T_L S_L}{S_{\text{tot}}}"}))
zhang.statement(
    "s5.3.2.c", RECTIFIED, r"T_{\text{sys}} \ll \eta T_L", printed=True, cue=r"$T_{\rm sys} \ll \eta T_L$, which is different", where="after (5.31)", let=engines.layers("S", lambda p: engines.alike_count(p) * ln(engines.SIGMA)),
    regime=MANY, uses=["5.30", "5.31"], result=True, says="for many layers with ReLU the temperature of the whole is far below that of the last layer",
)
zhang.statement(
    "s5.4.d", engines.OWN, r"T_L \sim \frac{l_{L-2}}{l_{L-1}} T_{L-1} \sim \frac{l_{L-3}}{l_{L-1}} T_{L-2} \sim \dots \sim \frac{l_1}{l_{L-1}} T_2", printed=True,
    where="after (5.35)", let=engines.SCALED, regime=engines.OWN_SCALES, uses=["5.35"], says="the temperatures of the layers are as the inverse widths before them",
)
zhang.statement(
    "s5.4.e", engines.OWN, rf"T \sim \frac{{1}}{{l_{{L-1}}+1}} \frac{{l_L(l_{{L-1}}+1)}}{{{WHOLE}}} \frac{{\sigma_0^2}}{{\ln\sigma_0}}", where="after (5.34)",
    cue="of the original version", let=engines.SCALED, regime=engines.OWN_SCALES, beyond=engines.WIDE, uses=["5.6", "5.34"], result=True, says="with scales of their own the temperature is 1/(l_{L−1} + 1) of that of (5.6)",
)
zhang.statement(
    "s5.4.f", engines.OWN.extend(slips={r"\sigma": r"\sigma_0"}, closed={"T_1": r"\frac{\sigma_0^2 \overline{X^2}}{l_0(l_0+1)\ln\sigma_0}"}), r"T_1 = \sigma_0^2 \overline{X^2} / [l_0(l_0 + 1) \ln \sigma]", printed=True, where="after (5.41)", let=engines.SCALED_RELU, uses=["5.41"],
    says="the temperature of the first layer",
)
FOUR = engines.OWN.extend(context=engines.assume("sigma_0 X2 c w", ln(engines.SIGMA_0), L=4))
zhang.statement(
    "s5.4.g", FOUR, r"T_1 \ll T_2 \ll T_2 \ll \ldots \ll T_L", printed=True, where="after (5.41)", let=engines.SCALED_RELU, regime=engines.OWN_SCALES, uses=["5.41"],
    says="the temperatures grow from layer to layer",
)
zhang.statement(
    "s5.4.h", engines.OWN, r"\eta \approx 1", printed=True, cue="the work efficiency $\\eta \\approx 1$, and", where="after (5.41)", let=engines.SCALED_RELU, regime=engines.OWN_SCALES, uses=["5.41"],
    says="the efficiency tends to 1",
)

# -- 6 conclusions ---------------------------------------------------------------------------------

zhang.statement(
    "s6.b", theory.GRID, r"T = \frac{E_f - \int E(\boldsymbol{\mu}) f(\boldsymbol{\mu}) d\boldsymbol{\mu}}{\int f(\boldsymbol{\mu}) \log[f(\boldsymbol{\mu})] d\boldsymbol{\mu}}",
    printed=True, where="first unnumbered display", also=[r"\eqref{.#1} = \eqref{2.29#1}"], defines=[1], says="the temperature of a Type I state, as (2.29) has it",
)  # fmt: skip
zhang.statement(
    "s6.c", LINEAR_NORMAL,
    r"T = \frac{\sum_{j=1}^{K} \sigma_j^2 \overline{X_j^2} + \overline{Y^2} - \overline{\operatorname{tr}\{C_x - C_{xy}C_y^{-1}C_{yx}\}}}{\sum_{j=1}^{K} \ln \sigma_j + \frac{K}{2}[1 + \ln(2\pi)]}",
    printed=True, where="second unnumbered display", also=[r"\eqref{.#1} = \eqref{3.10#1}"], result=True, says="the temperature under normal parameters, as (3.10) has it",
)  # fmt: skip

# -- B the collapse of dimensions ------------------------------------------------------------------

zhang.statement(
    "sB.b", collapse.BOX, r"S_2(x, y) - S_1(x) = \log b", printed=True, where="after (B.4)", uses=["B.2", "B.4"],
    says="the entropy that the second dimension had",
)
ENERGIES = Notation(
    scalars=symbols("E_0 E_f") | {"S_diff": Sym("S_diff")}, names=names({r"S_{\text{diff}}": Sym("S_diff"), "T": r"\frac{E_0 - E_f}{S_{\text{diff}}}"}),
    context=Context(signs={"S_diff": "positive"}),
)  # fmt: skip
zhang.statement(
    "sB.c", ENERGIES, r"T = (E_f - E_0)/(-S_{\text{diff}}) = (E_0 - E_f)/S_{\text{diff}}", cue=r"T = (E_f - E_0)/(-S_{\text{diff}}) = (E_0 - E_f)/S_{\text{diff}}",
    where="after (B.7)", says="the temperature as change of energy over the finite change of entropy", uses=["2.4", "B.7"],
)
BOTH = theory.GRID.extend(
    functions={"p": "f"}, slips={r"\dot(E)": r"\hat(E)"},
    names=names({r"E_{\boldsymbol{\mu}}": App("E", (theory.MU,)), r"\hat{E}": Sym("E_f"), "T": r"\frac{\int E(\boldsymbol{\mu}) f(\boldsymbol{\mu}) d\boldsymbol{\mu} - E_f}{S_{\text{diff}}}"}),
)  # fmt: skip
zhang.statement(
    "sB.d", BOTH, r"T = \eqref{2.29#1},\; T = \eqref{2.7#1}", where="after (B.7)", cue="This is exactly Equation (2.7)",
    says="this temperature is that of (2.29), and that of (2.7)",
)

# -- C Boltzmann distributions -----------------------------------------------------------------------

GAS = Notation(
    scalars=symbols(r"V m \beta k_B T g v h \mathcal{G} G_i"), functions=functions("f"),
    names=names({"f(V)": r"\exp\left(\frac{1}{2}\beta mV^2\right)", r"f_i(\mathcal{G})": r"\exp(\beta G_i)"}),
    context=Context(signs=dict.fromkeys(("beta", "m", "k_B", "T"), "positive")),
)  # fmt: skip
zhang.statement(
    "sC.b", GAS, r"f(V) = \frac{1}{2}mV^2", printed=True, where="after (C.14)", uses=["C.14"],
    says="the factor by which the distribution differs from Boltzmann's, by (C.14)",
)
zhang.statement(
    "sC.c", GAS, r"f_i(\mathcal{G}) = e^{\beta G_i}", printed=True, where="after (C.20)", uses=["C.20"], says="the factor that (C.20) adds",
)
#: The factor of normalisation is dropped by both; β = 1/(k_B T) and ε = ½mv² + mgh, as the text has them.
OBSERVED = GAS.extend(
    names=names({r"\beta": r"\frac{1}{k_B T}", r"\varepsilon_{v,h}": r"\frac{1}{2}mv^2 + mgh", r"n_{v,h}": None}), scalars={"beta": Sym("beta")},
)  # fmt: skip
zhang.statement(
    "sC.d", OBSERVED, r"\eqref{C.14#1} = \eqref{C.9#5}", where="after (C.14)", cue="which is the same as equation (C.9)",
    says="(C.14) gives the distribution that (C.9) gives", result=True,
)

# -- D frames ----------------------------------------------------------------------------------------

OPINION = "one of three views in the literature, cited and left open by the paper"
FRAMES = Notation(
    scalars=symbols("T T' v c") | {"gamma": Sym("gamma")}, names=names({"T'": None, r"\gamma": None}), context=Context(signs={"c": "positive", "T": "positive"}),
)  # fmt: skip
for letter, view, words in (
    ("a", r"T' = T/\gamma", "a moving body looks colder"), ("c", r"T' = T\gamma", "a moving body looks hotter"), ("d", "T' = T", "temperature is an invariant"),
):  # fmt: skip
    zhang.statement(f"sD.{letter}", FRAMES, view, printed=True, where="the list of views", premise=OPINION, says=words)
zhang.statement(
    "sD.b", FRAMES, r"\gamma = (1 - v^2/c^2)^{-1/2}", printed=True, where="the list of views", defines=[1], says="the Lorentz factor",
    cue=r"\gamma = (1 v^2/c^2)^{-1/2}",
)

# -- E uniform parameters ----------------------------------------------------------------------------

DEEP_BOX = boxes.BOXED.extend(context=engines.assume("length X2", ln(boxes.LENGTH), L=5))
zhang.statement(
    "sE.b", DEEP_BOX.extend(leading=(r"\frac{l^2}{12\ln l}",)), r"T_2 \sim T_3 \sim T_4 \sim ... \sim T_L \sim l^2 / \ln l", printed=True, where="after (E.3)", let=boxes.TANH, regime=boxes.LONG, uses=["E.3"],
    result=True, says="the layers' temperatures under uniform parameters",
)
zhang.statement(
    "sE.c", engines.ENGINE, r"T_{\rm sys} \approx T_L(S_L/S_{\rm tot})", printed=True, where="last paragraph", let=engines.TEMPERATURES, uses=["5.24"],
    says="the temperature of the whole with ReLU is that of the last layer, times its share of the entropy",
)
