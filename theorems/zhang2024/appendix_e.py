r"""Appendix E, networks with uniform parameters: (E.1)–(E.4).

The letter l is the length of the interval; with an index it is the width of a layer.
"""

from derive.claim import Regime
from derive.network import Network, activation
from derive.reader.notation import families, names
from derive.term import HALF, ZERO, Elem, Fn, Int, Over, Sym, Term, ln, neg, sqrt
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

P, SAMPLE, UNIT, LENGTH, MU = (Sym(s) for s in ("p", "i", "j", "length", "mu"))
NET = Network(uniform.density, lambda p, k, j: LENGTH, domain=uniform.domain)
VARIANCE = Int((Over(MU, *uniform.domain(LENGTH)),), MU**2 * uniform.density(MU, LENGTH))
LONG = Regime(variable="length", path=(), text="one interval for all parameters, l → ∞; widths, depth and data fixed")


def saturating(p: Term, i: Term, j: Term) -> Term:
    """Root mean square of a_ij^p = tanh[l(c_ij^p + t)] over its bias l t, with l c all that comes from the layer below."""
    if p == ZERO:
        return activation(p, i, j)
    t = Sym("t")
    return sqrt(Int((Over(t, neg(HALF), HALF),), Fn("tanh", (LENGTH * (Elem("c", (p, i, j)) + t),)) ** 2))


UNITS = ((Elem("a", (P, SAMPLE, UNIT)), saturating),)
GIVEN_BELOW = "the weights of layer L − 1, in units of l, and the activations below it are any given numbers"


def entropy(p: Term) -> Term:
    return count(p) * ln(LENGTH)


LAYERS = NETWORK.extend(
    scalars={"l": LENGTH},
    families=families(one=r"S {\Delta}E", three="c"),
    shapes={"c": (8, "n", 4)},
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

zhang.equation("E.1", LAYERS, uses=["2.5", "5.3"], let=UNITS, regime=LONG, result=True, note=GIVEN_BELOW)
zhang.equation("E.2", BOXED, uses=["5.24", "E.1"], let=TANH, regime=LONG, result=True)
zhang.equation(
    "E.3", LAYERS, uses=["5.12", "E.1"], let=derived(NET, UNITS), regime=LONG, relations=LEADING, note=AS_LEADING,
)  # fmt: skip
zhang.equation(
    "E.4", BOXED.extend(names=names({r"\sigma^2": VARIANCE})), uses=["E.3"], defines=[1], relations={1: "="},
    note="a substitution: σ² is the variance of a parameter",
)  # fmt: skip
