r"""Section 4.1, logistic regression with cross-entropy under a normal initializer: (4.1)–(4.10)."""

from fractions import Fraction

from derive.claim import Regime
from derive.kernel.context import Context
from derive.reader.notation import Family, families, functions, names
from derive.simulated import Simulated
from derive.system import Block, System, linear_form
from derive.term import INF, MINUS_INF, ONE, Int, Over, Sum, Sym, Term, exp, ln, neg
from theorems.catalogue.energies import cross_entropy
from theorems.catalogue.initializers import normal
from theorems.zhang2024.paper import zhang
from theorems.zhang2024.s3_energies import WIDTH
from theorems.zhang2024.s3_linear import ALL_SIGMA, ASSUMED, BASE, element, with_system

I, J, K, N = (Sym(s) for s in "ijKn")
FIT = System(cross_entropy, linear_form(K), element("y", I), (Block(normal, ONE, K),))


def rescaled(i: Term) -> Term:
    """The linear form in parameters rescaled to unit variance, z'."""
    inner = element("mu", J) * element("sigma", J) * element("x", i, J)
    return Sum("j", ONE, K - 1, inner) + element("mu", K) * element("sigma", K)


def form(i: Term) -> Term:
    return Sum("j", ONE, K - 1, element("mu", J) * element("x", i, J)) + element("mu", K)


#: z_i, z'_i and the logistic prediction, as the text states them.
STATED = (
    (element("z", I), form),
    (element("z'", I), rescaled),
    (element("hat(y)", I), lambda i: ONE / (ONE + exp(neg(form(i))))),
)
ONE_SAMPLE = Int(FIT.over, ln(ONE + exp(neg(form(I)))) * FIT.density) / N

LOGISTIC = with_system(
    BASE.extend(
        families=families(one=r"z z' \hat{y}") | {"xmin": Family("xmin", 1, r"x^{\min}")},
        vectors={r"\boldsymbol(\mu)": FIT.over},
        values={"y": (Fraction(0), Fraction(1))}, dimensions={"y": "1"},
        context=Context(ASSUMED.signs, {"K": 2, "n": 1}, ASSUMED.facts),
        leading=(
            r"\frac{\sigma}{\sqrt{2\pi}\,n}\sqrt{\sum_{j=1}^K x_{ij}^2}",
            r"\frac{\sigma}{\sqrt{2\pi}\,n}\sum_{i=1}^n \sqrt{\sum_{j=1}^K x_{ij}^2}",
            r"\frac{\sigma}{\sqrt{2\pi}\,n K\ln\sigma}\sum_{i=1}^n \sqrt{\sum_{j=1}^K x_{ij}^2}",
            r"\frac{\sigma_j \overline{|X_j|}}{\sqrt{2\pi}\ln\sigma_j}",
            rf"\frac{{1}}{{\sqrt{{2\pi}}\,n}}{WIDTH}",
            rf"\frac{{1}}{{\sqrt{{2\pi}}\,n}}\sum_{{i=1}}^n {WIDTH}",
            rf"\frac{{\frac{{1}}{{\sqrt{{2\pi}}\,n}}\sum_{{i=1}}^n {WIDTH}}}{{\sum_{{j=1}}^K \ln\sigma_j}}",
        ),
        names=names({
            "E_p": FIT.E, r"f(\boldsymbol{\mu})": FIT.density, r"\langle E_0 \rangle_i": ONE_SAMPLE,
            r"x_j^{\min}": element("xmin", J),
        }),
    ),
    FIT,
    S=r"\sum_{j=1}^K \ln\sigma_j + \frac{K}{2}[1 + \ln(2\pi)]",
    E0=r"\frac{1}{n}\sum_{i=1}^n \int \ln(1 + e^{-z_i}) \prod_{j=1}^K \left(\frac{1}{\sqrt{2\pi}\sigma_j} e^{-\frac{\mu_j^2}{2\sigma_j^2}} d\mu_j\right)",
)  # fmt: skip
#: Any even density f, integrated over the whole vector of parameters.
EVEN = BASE.extend(
    functions=functions("f"), families=families(one="z"),
    vectors={r"\boldsymbol(\mu)": (Over(Sym("mu"), MINUS_INF, INF),)}, scalars={r"\boldsymbol(\mu)": Sym("mu")},
    context=Context(ASSUMED.signs, {"K": 2, "n": 1}, ASSUMED.facts, even=frozenset({"f"})),
)  # fmt: skip

ONE_SIGMA = Regime(
    variable="sigma",
    path=((element("sigma", J), Sym("sigma")),),
    text="one σ_j → ∞ with j fixed; the other scales and the data fixed",
)

zhang.equation("4.1", LOGISTIC, uses=["2.19"], defines=[1], let=STATED)
zhang.equation("4.2", EVEN, let=STATED)
zhang.equation("4.3", LOGISTIC, uses=["2.5", "4.1", "4.2"], let=STATED)
zhang.equation("4.4", LOGISTIC, uses=["4.3"], let=STATED, regime=ALL_SIGMA)
zhang.equation("4.5", LOGISTIC, uses=["4.3"], let=STATED, regime=ALL_SIGMA)
zhang.equation("4.6", LOGISTIC, uses=["4.4", "4.5"], let=STATED, regime=ALL_SIGMA)
zhang.equation("4.7", LOGISTIC, uses=["4.6"], let=STATED, regime=ALL_SIGMA)
zhang.equation(
    "4.8",
    LOGISTIC,
    uses=["2.29", "3.2", "4.7"],
    let=STATED,
    regime=ALL_SIGMA,
    result=True,
    constant="normal, general K",
)
zhang.equation("4.9", LOGISTIC, uses=["4.8"], let=STATED, regime=ONE_SIGMA, fixed=["j"], result=True)
zhang.equation(
    "4.10", LOGISTIC, uses=["4.6", "4.8"], let=STATED, regime=ALL_SIGMA, result=True, simulate=Simulated(FIT)
)
