r"""What the text says outside its displays: Section 3.6, Sections 5 and 6, and the appendices."""

from derive.claim import Regime
from derive.kernel.context import Context
from derive.reader.notation import Notation, families, functions, names, ranges, symbols
from derive.term import ONE, App, Sym, exp, ln
from theorems.zhang2024 import appendix_b as collapse
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
    context=Context(
        signs=dict.fromkeys(("sigma", "a", "b", "d", "K_A", "K_B"), "positive"), least={"m": 1, "n": 1}, positive=(ln(Sym("sigma")),)
    ),
)  # fmt: skip
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
    "s3.6.e", MIXING, r"\Delta E_A + \Delta E_B = 0", where="after (3.56)", cue="The energy is transferred from system A to system B",
    says="what system A loses on mixing system B gains", result=True,
    note="with ΔE as in (3.55) and (3.56); it holds where K_A n_B = K_B n_A: equal dimensions and equal numbers of points, say",
)
zhang.statement(
    "s3.6.f", COLDER, r"T_A < T_{A\cup B} < T_B", printed=True, where="on retraining", uses=["3.11"], result=True,
    says="new data of higher temperature raise the temperature, to a value between the two",
)
zhang.statement(
    "s3.6.g", HOTTER, r"T_A > T_{A\cup B} > T_B", printed=True, where="on retraining", uses=["3.11"], result=True,
    says="new data of lower temperature lower it, to a value between the two",
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
