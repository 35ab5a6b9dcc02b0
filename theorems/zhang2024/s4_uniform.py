r"""Section 4.2, logistic regression with cross-entropy under a uniform initializer: (4.11)–(4.14)."""

from dataclasses import replace
from fractions import Fraction

from derive.kernel.context import Context
from derive.system import Block, System, linear_form
from derive.term import ONE, Num, Sym, Term
from theorems.catalogue.energies import cross_entropy
from theorems.catalogue.initializers import uniform
from theorems.zhang2024.paper import zhang
from theorems.zhang2024.s3_energies import SCALED
from theorems.zhang2024.s3_linear import ALL_L, ASSUMED, BASE, element, with_system

I, J, K, N, L = (Sym(s) for s in "ijKnl")
HALF = Num(Fraction(1, 2))
FIT = System(cross_entropy, linear_form(K), element("y", I), (Block(uniform, ONE, K),))


def rescaled(index: Term, first: Term) -> tuple[Term, Term]:
    """Parameters in units of their width, as (4.11) has them."""
    return uniform.domain(ONE)


UNIFORM_LOGISTIC = with_system(
    BASE.extend(
        values={"y": (Fraction(0), Fraction(1))},
        dimensions={"y": "1"},
        domains={"mu": rescaled},
        leading=(rf"\frac{{1}}{{2n}} {SCALED}",),
        context=Context(ASSUMED.signs, {"K": 2, "n": 1}, ASSUMED.facts),
    ),
    FIT,
    E0=r"\int \frac{1}{n}\sum_{i=1}^n \ln\left[1 + \exp\left(-\sum_{j=1}^{K-1} \mu_j l_j x_{ij} - \mu_K l_K\right)\right] \prod_{j=1}^K d\mu_j",
    S=r"\sum_{j=1}^K \ln l_j",
)
#: l_1 = … = l_K = l, as the text sets before (4.13).
ONE_WIDTH = ((element("l", J), lambda j: L),)

zhang.equation("4.11", UNIFORM_LOGISTIC, uses=["2.5", "3.12", "4.1"])
#: (4.12) divides by every |x_ij|.
NONZERO = UNIFORM_LOGISTIC.extend(context=replace(UNIFORM_LOGISTIC.context, nonzero=frozenset({"x"})))
#: The first line of (4.12) with the product signs that its differentials need.
EXPONENTIALS = r"\sum_{i} \frac{1}{n} \int \exp\left(-\sum_{j=1}^{K-1} \mu_j l_j x_{ij}\right) \exp(-\mu_K l_K) \prod_{j=1}^K d\mu_j"
zhang.equation("4.12", NONZERO, uses=["4.11"], regime=ALL_L, nearest={1: EXPONENTIALS})
zhang.equation("4.13", UNIFORM_LOGISTIC, uses=["4.12"], regime=ALL_L)
zhang.equation("4.14", UNIFORM_LOGISTIC, uses=["2.29", "3.13", "4.13"], let=ONE_WIDTH, regime=ALL_L, result=True)
