r"""Appendix E, networks with uniform parameters: (E.1)–(E.4).

The letter l is the length of the interval; with an index it is the width of a layer.
"""

from derive.claim import Regime
from derive.reader.notation import names
from derive.term import Int, Over, Sym, Term, ln
from theorems.catalogue.initializers import uniform
from theorems.zhang2024.paper import zhang
from theorems.zhang2024.s5_engines import ENGINE, SQUARE, assume, count, engine, width

LENGTH, MU = Sym("length"), Sym("mu")
VARIANCE = Int((Over(MU, *uniform.domain(LENGTH)),), MU**2 * uniform.density(MU, LENGTH))
LONG = Regime(variable="length", path=(), text="one interval for all parameters, l → ∞; widths, depth and data fixed")


def entropy(p: Term) -> Term:
    return count(p) * ln(LENGTH)


BOXED = ENGINE.extend(
    scalars={"l": LENGTH},
    leading=(r"\frac{l_L(l_{L-1}+1)}{\sum_{p=1}^L l_p(l_{p-1}+1)} \left(\frac{l^2}{12\ln l}\right)",),
    context=assume("length X2", ln(LENGTH)),
)
TANH = engine(lambda p: count(p) * VARIANCE, lambda p: width(p) * SQUARE * VARIANCE, entropy)

zhang.equation("E.2", BOXED, uses=["5.24"], let=TANH, regime=LONG, result=True)
zhang.equation("E.3", BOXED, let=TANH)
zhang.equation(
    "E.4", BOXED.extend(names=names({r"\sigma^2": VARIANCE})), uses=["E.3"], defines=[1], relations={1: "="},
    note="a substitution: σ² is the variance of a parameter",
)  # fmt: skip
