r"""What the text says outside its displays, Sections 1–4: formal readings of sentences, each with our own paraphrase.

A formula that is printed in the line is given as printed. Where a sentence has none, the formal reading is ours, and
`cue`, a formula or a few words of it, is what a reader's own copy is searched for.
"""


from derive.claim import Regime
from derive.kernel.context import Context
from derive.reader.notation import Notation, families, functions, names, symbols
from derive.system import Block, System, linear_form
from derive.term import ONE, TWO, App, Elem, Sym, Term, add
from theorems.catalogue.energies import cross_entropy
from theorems.catalogue.initializers import normal, uniform
from theorems.zhang2024 import s2_theory as theory
from theorems.zhang2024 import s3_energies as energies
from theorems.zhang2024.paper import zhang
from theorems.zhang2024.s3_linear import (
    AS_SIGMA,
    LINE_NORMAL,
    MIXED,
    SIMILAR,
    WIDE_ENOUGH,
    WIDER,
    element,
    fit,
)  # fmt: skip
from theorems.zhang2024.s3_linear import NORMAL as LINEAR_NORMAL
from theorems.zhang2024.s4_logistic import ALL_SIGMA, EVEN, LOGISTIC, STATED

I, J, N, K, Q = (Sym(s) for s in "ijnKQ")

# -- 1 energy-based models -------------------------------------------------------------------------

#: A distribution with the energy E and the normalising constant Z.
MODEL = Notation(
    scalars=symbols(r"x Z_\theta"), functions=functions(r"E_\theta"),
    names=names({r"p_{\mu}(x)": r"\frac{\exp[-E_{\theta}(x)]}{Z_{\theta}}"}), context=Context(signs={"Z_theta": "positive"}),
)  # fmt: skip
zhang.statement(
    "s1.f",
    MODEL,
    r"p_{\mu}(x) = \exp[-E_{\theta}(x)/Z_{\theta}]",
    printed=True,
    where="on energy-based models",
    says="the distribution of such a model, with Z as its normalising constant",
)

# -- 2.2 energies ----------------------------------------------------------------------------------

zhang.statement(
    "s2.2.c",
    theory.PENALTY,
    r"\eqref{2.15#2} + \lambda \sum_{j=1}^K |\mu_j| = \eqref{2.20#1}",
    where="after (2.21)",
    cue="have extra terms added",
    says="(2.20) is (2.15) with a penalty as the extra term",
)
zhang.statement(
    "s2.2.d",
    theory.PENALTY,
    r"\eqref{2.15#2} + \lambda \sum_{j=1}^K |\mu_j^2| = \eqref{2.21#1}",
    where="after (2.21)",
    cue="have extra terms added",
    says="(2.21) is (2.15) with a penalty as the extra term",
)
# -- 2.3 entropies ---------------------------------------------------------------------------------

#: (2.7) and (2.29) in one notation: p for f, Ê for E_f.
BOTH = theory.GRID.extend(
    functions={"p": "f"}, slips={r"\dot(E)": r"\hat(E)"},
    names=names({r"E_{\boldsymbol{\mu}}": App("E", (theory.MU,)), r"\hat{E}": Sym("E_f")}),
)  # fmt: skip
zhang.statement(
    "s2.3.a",
    BOTH,
    r"\eqref{2.29#1} = \eqref{2.7#1}",
    where="after (2.29)",
    cue="as shown in Equation (2.7)",
    says="the temperature of (2.29) is that of (2.7)",
)
IN_CELLS = ((Elem("p", (I,)), lambda i: App("f", (Elem("boldsymbol(mu)", (i,)),)) * Elem("Delta", (i,))),)
zhang.statement(
    "s2.3.c", theory.GRID.extend(names=names({r"S_{\text{discrete}}": r"-\sum_{i=1}^n p_i\log p_i"})),
    r"S_{\text{discrete}} = -\sum_i f(\boldsymbol{\mu}_i)\Delta_i \log[f(\boldsymbol{\mu}_i)\Delta_i]", printed=True,
    where="before (2.24)", let=IN_CELLS, uses=["2.23"], says="the discrete entropy, with these probabilities put in",
)  # fmt: skip

# -- 3.1 and 3.2 normal and uniform parameters -----------------------------------------------------

zhang.statement(
    "s3.1.1.b", LINE_NORMAL.extend(families=families(one=r"\hat{y}"), shapes={"hat(y)": ("n",)}),
    r"\eqref{2.16#1} = \frac{1}{n}\sum(\mu_1 x_i + \mu_2 - y_i)^2", where="before (3.3)", cue=r"\frac{1}{n}\sum(\mu_1 x_i + \mu_2 - y_i)^2",
    let=((Elem("hat(y)", (I,)), lambda i: add(Elem("mu", (ONE,)) * Elem("x", (i,)), Elem("mu", (TWO,)))),),
    says="the MSE of a straight line, as (2.16) has it",
)  # fmt: skip
zhang.statement(
    "s3.1.2.a",
    LINEAR_NORMAL,
    r"\overline{X_K^2} = 1",
    printed=True,
    where="after (3.10)",
    says="the mean square of the constant component is 1",
)
zhang.statement(
    "s3.2.1.b",
    Notation(),
    r"\operatorname{erf}(\sqrt{2}) \geq 0.95445,\; \operatorname{erf}(\sqrt{2}) < 0.95455",
    where="before (3.17)",
    cue="0.9545^K",
    says="a normal variable lies within 2σ of its mean with probability 0.9545, to the printed digits",
)
zhang.statement(
    "s3.2.1.e",
    SIMILAR,
    r"l \ge 4\sigma",
    printed=True,
    where="before (3.17)",
    premise="the condition under which the paper calls two systems similar",
    says="a uniform system is similar to a normal one from this width on",
)
zhang.statement(
    "s3.2.1.d",
    SIMILAR,
    r"T_{\text{uniform}} > T_{\text{normal}}",
    printed=True,
    cue="the Uniform System has a higher temperature",
    where="after (3.17)",
    regime=WIDE_ENOUGH,
    uses=["3.17"],
    result=True,
    says="of two similar systems the uniform one is the hotter, for a straight line",
)
CUBES = energies.UNIFORM.extend(names=names({
    r"T_{\text{uniform}}": fit(uniform).T, r"T_{\text{normal}}": fit(normal).T,
}))  # fmt: skip
zhang.statement(
    "s3.2.2.a",
    CUBES,
    r"T_{\text{uniform}} > T_{\text{normal}}",
    printed=True,
    cue="For two similar Normal and Uniform Systems",
    where="after (3.20)",
    regime=WIDE_ENOUGH,
    uses=["3.11", "3.20"],
    result=True,
    says="of two similar systems the uniform one is the hotter, in any dimension",
)

# -- 3.3 mixed parameters --------------------------------------------------------------------------

zhang.statement(
    "s3.3.b",
    MIXED,
    r"\frac{4\sigma}{\sqrt{12}} = 2\sigma/\sqrt{3}",
    where="case (2)",
    cue=r"\sigma_j \ge 2\sigma/\sqrt{3}",
    says="a width l_j of 4σ is a standard deviation of 2σ/√3",
)
zhang.statement(
    "s3.3.c",
    MIXED,
    r"\eqref{3.25#2} = \eqref{3.11#3}",
    where="after (3.25)",
    cue="which is the same as normal distribution",
    let=AS_SIGMA,
    says="the temperature of mixed parameters has the form of (3.11)",
)
zhang.statement(
    "s3.3.d",
    MIXED,
    r"\eqref{3.26#1} > \eqref{3.25#2}",
    where="after (3.26)",
    cue="which gives a higher temperature",
    let=AS_SIGMA,
    regime=WIDER,
    says="wide uniform parameters make the mixed system hotter than in case (1)",
    result=True,
)

# -- 3.4 penalties ---------------------------------------------------------------------------------

WITH_MSE = energies.NORMAL.extend(names=names({
    r"E_{\text{MSE}}": Sym("E"), "E_{L_1}": r"E_{\text{MSE}} + \lambda\sum_{j=1}^K |\mu_j|",
}))  # fmt: skip
WITH_SQUARES = energies.NORMAL.extend(names=names({
    r"E_{\text{MSE}}": Sym("E"), "E_{L_2}": r"E_{\text{MSE}} + \lambda\sum_{j=1}^K \mu_j^2",
}))  # fmt: skip
zhang.statement(
    "s3.4.a",
    WITH_MSE,
    r"E_{L_1} = E_{\text{MSE}} + \lambda \sum_j |\mu_j|",
    printed=True,
    uses=["2.20"],
    where="first paragraph",
    says="MSE with an L1 penalty, as (2.20) has it",
)
zhang.statement(
    "s3.4.b",
    WITH_SQUARES,
    r"E_{L_2} = E_{\text{MSE}} + \lambda \sum_j |\mu_j|",
    printed=True,
    uses=["2.21"],
    where="first paragraph",
    says="MSE with an L2 penalty, as (2.21) has it",
)
HEATS = r"\frac{\lambda}{\overline{X^2}} T_{\text{normal}}"
for letter, notation, regime, name, law, where in (
    ("3.4.1", energies.NORMAL, energies.ALL_SIGMA, "normal", r"\frac{\sigma^2}{\ln\sigma}", "after (3.30)"),
    ("3.4.2", energies.UNIFORM, energies.ALL_L, "uniform", r"\frac{l^2}{12\ln l}", "after (3.34)"),
):
    first, second = ("3.29", "3.30") if name == "normal" else ("3.33", "3.34")
    cue = {"normal": "does not change the system temperature", "uniform": "we have the similar result that"}[name]
    zhang.statement(
        f"s{letter}.a", notation, rf"T_{{L_1}} \sim T_{{\text{{{name}}}}}", where=where, cue=cue, regime=regime, uses=[first],
        result=True, says="an L1 penalty leaves the temperature as it is, in the limit",
    )  # fmt: skip
    zhang.statement(
        f"s{letter}.b", notation, rf"T_{{L_2}} \propto {law}", where=where, cue=cue, regime=regime, uses=[second],
        says="an L2 penalty leaves the form of the law as it is",
    )  # fmt: skip
zhang.statement(
    "s3.4.1.c", energies.NORMAL, rf"T_{{L_2}} - T_{{\text{{normal}}}} \sim {HEATS}", where="after (3.30)",
    cue=r"(\lambda/\overline{X^2})T_{\text{normal}}", regime=energies.ALL_SIGMA, uses=["3.30"], result=True,
    says="an L2 penalty adds λ/X² times the temperature without it",
)  # fmt: skip

# -- 3.5 MAE ---------------------------------------------------------------------------------------

zhang.statement(
    "s3.5.b", energies.MAE_NORMAL.extend(names=names({"E_p": energies.absolute_fit(normal).E})),
    r"E_p = \frac{1}{n} |\sum_{j}^{K-1} \mu_j x_{ij} + \mu_K - y_i|", printed=True, where="before (3.35)", uses=["2.17"],
    says="the mean absolute error, as (2.17) has it",
)  # fmt: skip
zhang.statement(
    "s3.5.c", energies.MAE_NORMAL, rf"\langle E_0 \rangle = {energies.MAE_NORMAL.closed['E0']}", where="before (3.36)", denied=True,
    cue="MAE does not have an analytical solution", uses=["3.35"], result=True,
    says="the mean absolute error under normal parameters has no closed form",
)  # fmt: skip
zhang.statement(
    "s3.5.d", energies.AT_SIGMA,
    r"T_{\text{MSE}} \sim \overline{X^2} \left(\frac{\sigma^2}{\ln \sigma}\right) \gg T_{\text{MAE}} \sim \sqrt{\frac{2}{\pi}} \left(\frac{\sigma}{\ln \sigma}\right) \overline{|X|}",
    printed=True, where="after (3.39)", regime=ALL_SIGMA, uses=["3.11", "3.39"], result=True, says="MSE is far hotter than MAE, with both laws",
)  # fmt: skip
zhang.statement(
    "s3.5.e",
    energies.AT_SIGMA,
    r"T_{\text{MSE}} \propto \sigma^2",
    printed=True,
    where="after (3.39)",
    regime=ALL_SIGMA,
    uses=["3.11"],
    says="under MSE the temperature goes as σ²",
)
zhang.statement(
    "s3.5.f",
    energies.AT_SIGMA,
    r"T_{\text{MAE}} \propto \sigma",
    printed=True,
    where="after (3.39)",
    regime=ALL_SIGMA,
    uses=["3.39"],
    says="under MAE the temperature goes as σ",
)
FIRST_WIDTH, SECOND_WIDTH = (
    Regime(variable="l", path=((element("l", w), Sym("l")),), text=f"l_{w.value} → ∞; the other width and the data fixed") for w in (ONE, energies.TWO)
)  # fmt: skip
zhang.statement(
    "s3.5.g",
    energies.MAE_LINE,
    r"\langle E_0 \rangle \sim \frac{1}{4} l_1 \overline{|x|}",
    cue=r"\langle E_0 \rangle \sim \frac{1}{4} l_1 \overline{|x_i|}",
    where="after (3.41)",
    regime=FIRST_WIDTH,
    uses=["3.41"],
    says="for l_1 ≫ l_2 the slope alone counts",
)
zhang.statement(
    "s3.5.h",
    energies.MAE_LINE,
    r"\langle E_0 \rangle \sim \frac{1}{4} l_2",
    printed=True,
    where="after (3.41)",
    regime=SECOND_WIDTH,
    uses=["3.41"],
    says="for l_2 ≫ l_1 the intercept alone counts",
)

# -- 4 cross entropy -------------------------------------------------------------------------------

zhang.statement(
    "s4.1.a",
    EVEN.extend(families=families(one="z'")),
    r"\int z'_i f(\boldsymbol{\mu}) d\boldsymbol{\mu} = 0",
    printed=True,
    where="case II",
    let=STATED,
    uses=["4.2"],
    says="the linear form in rescaled parameters has mean zero as well",
)
zhang.statement(
    "s4.1.b",
    LOGISTIC,
    r"\eqref{4.5#2} = \eqref{4.4#3}",
    where="after (4.5)",
    cue="exactly the same as Equation",
    says="the second case gives the same energy as the first",
    let=STATED,
)
REAL_Z = Notation(scalars=symbols("z"))
zhang.statement(
    "s4.1.c",
    REAL_Z,
    r"\ln(1 + e^{-z}) = -z + \ln(1 + e^{z})",
    where="case II",
    cue=r"\ln(1 + e^{-z'_i}) = \ln[e^{-z'_i}(1 + e^{z'_i})] = -z'_i + \ln(1 + e^{z'_i})",
    says="the logarithm, rewritten for large negative arguments",
)


def ranking(initializer, energy) -> dict[str, Term]:  # type: ignore[no-untyped-def]
    """Temperatures under cross entropy, MSE and MAE, with parameters from one initializer."""
    logistic = System(cross_entropy, linear_form(K), element("y", I), (Block(initializer, ONE, K),))
    return {r"T_{\text{C.E.}}": logistic.T, r"T_{\text{MSE}}": fit(initializer).T, r"T_{\text{MAE}}": energy.T}


RANKED = LOGISTIC.extend(names=names(ranking(normal, energies.absolute_fit(normal))))
LAWS = r"T_{\text{MSE}} \propto \frac{\sigma^2}{\ln\sigma},\; T_{\text{MAE}} \propto \frac{\sigma}{\ln\sigma}"
zhang.statement(
    "s4.1.d",
    RANKED,
    LAWS,
    where="after (4.10)",
    cue=r"\propto \sigma^2/(\ln \sigma)",
    regime=ALL_SIGMA,
    uses=["3.11", "3.39"],
    says="under MSE the temperature goes as σ²/ln σ, under MAE as σ/ln σ",
)
zhang.statement(
    "s4.1.e", RANKED, r"T_{\text{C.E.}} \gg T_{\text{MSE}},\; T_{\text{C.E.}} \gg T_{\text{MAE}}", where="after (4.10)", let=STATED,
    cue=r"T_{\text{C.E.}} \gg T_{\text{MSE}}, T_{\text{MAE}}", regime=ALL_SIGMA, uses=["3.11", "3.39", "4.10"], result=True,
    says="cross entropy is far hotter than MSE and MAE, under normal parameters",
)  # fmt: skip
POSITIVE_X = Notation(scalars=symbols("x"), context=Context(signs={"x": "positive"}))
zhang.statement(
    "s4.2.a",
    POSITIVE_X,
    r"\frac{e^{x/2}}{x} \geq \frac{e}{2}",
    where="after (4.12)",
    cue=r"e^{x/2}/x",
    says="e^(x/2)/x has the least value e/2",
)

#: Uniform parameters, and labels 0 and 1 for the logistic model.
RANKED_UNIFORM = energies.MAE_UNIFORM.extend(
    values={"y": LOGISTIC.values["y"]}, dimensions={"y": "1"}, names=names(ranking(uniform, energies.absolute_fit(uniform))),
)  # fmt: skip
zhang.statement(
    "s4.2.b", RANKED_UNIFORM, r"T_{\text{MSE}} \propto l^2 / \ln l,\; T_{\text{MAE}} \propto l / \ln l", where="after (4.14)", regime=energies.ALL_L,
    cue=r"T_{\text{MSE}} \propto l^2 / \ln l", uses=["3.20", "3.45"], says="under MSE the temperature goes as l²/ln l, under MAE as l/ln l",
)  # fmt: skip
zhang.statement(
    "s4.2.c", RANKED_UNIFORM, r"T_{\text{C.E.}} \gg T_{\text{MSE}},\; T_{\text{C.E.}} \gg T_{\text{MAE}}", where="after (4.14)", regime=energies.ALL_L,
    cue=r"we get the conclusion that $T_{\text{C.E.}}", uses=["3.20", "3.45", "4.14"], result=True, says="cross entropy is far hotter than MSE and MAE, under uniform parameters",
)  # fmt: skip
