r"""Appendix E, networks with uniform parameters: (E.1)–(E.4).

The letter l is the length of the interval; with an index it is the width of a layer.
"""

from derive.claim import ANY, Regime
from derive.network import Network
from derive.reader.notation import families, names
from derive.term import ONE, Elem, Int, Over, Sym, Term, ln
from theorems.catalogue.initializers import uniform
from theorems.zhang2024.paper import zhang
from theorems.zhang2024.s5_engines import (
    AS_LEADING,
    DEPTH,
    ENGINE,
    LEADING,
    SQUARE,
    assume,
    count,
    derived,
    engine,
    width,
)
from theorems.zhang2024.s5_networks import NETWORK, label, measure

LENGTH, MU = Sym("length"), Sym("mu")
NET = Network(uniform.density, lambda p, k, j: LENGTH, domain=uniform.domain)
VARIANCE = Int((Over(MU, *uniform.domain(LENGTH)),), MU**2 * uniform.density(MU, LENGTH))
LONG = Regime(
    variable="length",
    path=((Elem("a", (ANY, ANY, ANY)), ONE),),
    text="one interval for all parameters, l → ∞; activations at their limits ±1, widths, depth and data fixed",
)
AT_LIMIT = "that activations tend to ±1 is taken from the text: their squares, all that is left of them, are put at 1"


def entropy(p: Term) -> Term:
    return count(p) * ln(LENGTH)


LAYERS = NETWORK.extend(
    scalars={"l": LENGTH},
    families=families(one=r"S {\Delta}E"),
    vectors=measure(DEPTH, NET, "L"),
    names=names({r"f(\boldsymbol{W}^L)": NET.layer(DEPTH), r"\langle E_0 \rangle": NET.energy(DEPTH, label)}),
    context=assume("length", ln(LENGTH)),
)
BOXED = ENGINE.extend(
    scalars={"l": LENGTH},
    leading=(r"\frac{l_L(l_{L-1}+1)}{\sum_{p=1}^L l_p(l_{p-1}+1)} \left(\frac{l^2}{12\ln l}\right)",),
    context=assume("length X2", ln(LENGTH)),
)
TANH = engine(lambda p: count(p) * VARIANCE, lambda p: width(p) * SQUARE * VARIANCE, entropy)

zhang.equation("E.1", LAYERS, uses=["2.5", "5.3"], regime=LONG, missing={3: AT_LIMIT}, result=True)
zhang.equation("E.2", BOXED, uses=["5.24", "E.1"], let=TANH, regime=LONG, result=True)
zhang.equation(
    "E.3", LAYERS, uses=["5.12"], let=derived(NET, ()), regime=LONG, relations=LEADING, note=AS_LEADING,
    missing={k: AT_LIMIT for k in (3, 5, 7)},
)  # fmt: skip
zhang.equation(
    "E.4", BOXED.extend(names=names({r"\sigma^2": VARIANCE})), uses=["E.3"], defines=[1], relations={1: "="},
    note="a substitution: σ² is the variance of a parameter",
)  # fmt: skip
