r"""Sections 5.1–5.2, networks: (5.1)–(5.22).

L layers of sizes l_1 … l_L, l_0 components of the input; every weight and bias normal. Limits take σ → ∞ with the
widths, the depth and the data held fixed. Where a line holds activations below a layer in their squares only, they
stand for their root mean square over the parameters of the layers below (see `derive.network`).
"""

from dataclasses import replace
from fractions import Fraction

from derive.claim import ANY, Regime, rewritten
from derive.kernel.context import Context
from derive.network import Network, activation, rectified, rectified_rms, width
from derive.reader.notation import Family, Notation, canonical, families, functions, names, ranges, symbols
from derive.term import INF, MINUS_INF, ONE, ZERO, Elem, Fn, Over, Sum, Sym, Term, mul, sqrt
from theorems.catalogue.initializers import normal
from theorems.zhang2024.paper import zhang

I, J, K, N, P, DEPTH, SIGMA = (Sym(s) for s in "i j k n p L sigma".split())
WIDEST, FEW = 4, {"n": 2}  # layers and samples of numeric points


def label(i: Term, k: Term) -> Term:
    return Elem("y", (i, k))


def ideal(p: Term):  # type: ignore[no-untyped-def]
    """ẑ of layer p."""
    return lambda i, k: Elem("hat(z)", (p, i, k))


def shared(p: Term, k: Term, j: Term) -> Term:
    """One scale for all parameters."""
    return SIGMA


EACH = Network(normal.density, lambda p, k, j: Elem("sigma", (p, k, j)))
ALL = Network(normal.density, shared)


def layered(name: str, latex: str, arity: int = 3, **more) -> Family:  # type: ignore[no-untyped-def]
    return Family(name, arity, latex, raised=True, **more)


def of_sample(name: str):  # type: ignore[no-untyped-def]
    """a_k^p: the index of the sample is not printed."""
    return lambda p, k: Elem(name, (p, I, k))


SIGNS = {"sigma": "positive", "E_f": "nonnegative"}
NETWORK = Notation(
    scalars=symbols(r"\sigma n L p E_f"),
    families={
        **families(one="l", two=r"x"),
        "y": Family("y", 2, "y", short=lambda i: sqrt(Sum("k", ONE, width(DEPTH), label(i, K) ** 2))),
        "W": layered("W", "W"),
        "b": layered("b", "b", 2),
        "a": layered("a", "a", layer=DEPTH - 1, short=of_sample("a")),
        "z": layered("z", "z", short=of_sample("z")),
        r"\sigma": layered("sigma", r"\sigma", short=lambda p, k: Elem("sigma", (p, k, ZERO))),
        canonical(r"\hat{z}"): layered("hat(z)", r"\hat{z}"),
    },
    ranges=ranges(i=N, j=width(DEPTH - 1), k=width(DEPTH)),
    shapes={
        "l": ((0, 8),), "x": ("n", WIDEST), "y": ("n", WIDEST), "a": ((0, 8), "n", WIDEST), "hat(z)": (8, "n", WIDEST),
        "sigma": (8, WIDEST, (0, WIDEST)), "q": ((0, 8), "n"),
    },
    parameters=ALL.over(P),
    names=names({
        r"\overline{X^2}": r"\frac{1}{n}\sum_{i=1}^n \left(\sum_{j=1}^{l_0} x_{ij}^2 + 1\right)",
        r"\overline{Y^2}": r"\frac{1}{n}\sum_{i=1}^n \sum_{k=1}^{l_L} y_{ik}^2",
        r"\mathcal{D}": r"\sum_{p=1}^L l_p(l_{p-1}+1)",
    }),
    context=Context(signs=SIGNS, least={"L": 2, "p": 2, "n": 1, "l": 1}),
)  # fmt: skip
WIDE = Regime(
    variable="sigma",
    path=((Elem("sigma", (ANY, ANY, ANY)), SIGMA),),
    text="every standard deviation equal to σ, σ → ∞; widths, depth and data fixed",
)


def measure(p: Term, network: Network, spelled: str) -> dict:
    """The parameters of a layer as vectors of integration."""
    weights, biases = network.over(p)
    return {
        canonical(rf"\boldsymbol{{W}}^{spelled}"): (weights,),
        canonical(rf"\boldsymbol{{b}}^{spelled}"): (biases,),
        f"b^{spelled}": (biases,),
    }


def globally(network: Network) -> Notation:
    """⟨E₀⟩, S and T of the whole network."""
    p = Sym("p")
    return NETWORK.extend(
        vectors=measure(DEPTH, network, "L"),
        names=names({
            r"f(\boldsymbol{W}^L)": network.layer(DEPTH),
            r"\langle E_0 \rangle": network.energy(DEPTH, label),
            "S": Sum("p", ONE, DEPTH, network.entropy(p)),
            "T": r"\frac{\langle E_0 \rangle - E_f}{S}",
        }),
        leading=(r"\frac{l_L(l_{L-1}+1)}{\sum_{p=1}^L l_p(l_{p-1}+1)} \left(\frac{\sigma^2}{\ln\sigma}\right)",),
    )  # fmt: skip


def tanh(network: Network):  # type: ignore[no-untyped-def]
    """Root mean square of a_ij^p = tanh z_ij^p, for given activations of the layer below it."""

    def rms(p: Term, i: Term, j: Term) -> Term:
        return activation(p, i, j) if p == ZERO else sqrt(network.line_square("tanh", p, i, j))

    return ((Elem("a", (P, I, J)), rms),)


TANH, RELU = tanh(ALL), ((Elem("a", (P, I, J)), rectified_rms),)

# -- 5 the network --------------------------------------------------------------------------------------

VECTORS = NETWORK.extend(
    scalars={"y": Sym("labels")},
    functions=functions(r"\phi"),
    names=names(dict.fromkeys(
        (r"\mathbf{z}^p", r"\mathbf{W}^p", r"\mathbf{a}^{p-1}", r"\mathbf{b}^p", r"\mathbf{a}^p", r"\mathbf{W}^L", r"\mathbf{a}^{L-1}", r"\mathbf{b}^L", "E")
    )),
)  # fmt: skip
zhang.equation("5.1", VECTORS, defines=[1])
zhang.equation("5.2", VECTORS, uses=["5.1"], defines=[1])
zhang.equation("5.3", VECTORS, uses=["2.16", "5.1"], defines=[1])

# -- 5.1.1 tanh -----------------------------------------------------------------------------------------

GIVEN_BELOW = "the activations of layer L − 2 are any given numbers; the biases keep the limit uniform in them"
zhang.equation("5.4", globally(EACH), uses=["2.5", "5.3"], let=tanh(EACH), regime=WIDE, sizes=FEW, note=GIVEN_BELOW)
zhang.equation(
    "5.5", globally(ALL), uses=["5.4"], let=TANH, regime=WIDE, sizes=FEW, result=True,
    note=f"{GIVEN_BELOW}; y_i² is the square of the vector of labels of a sample",
)  # fmt: skip
zhang.equation(
    "5.6", globally(ALL), uses=["2.29", "5.5"], let=TANH, regime=WIDE, sizes=FEW, result=True, note=GIVEN_BELOW
)

# -- 5.1.2 the logistic function ------------------------------------------------------------------------


def share(p: Term) -> Term:
    """ξ_p, the share of units with a → 1: the mean of a² over samples and units, each a at its limit 0 or 1."""
    r, s = Sym("r"), Sym("s")
    return Sum("r", ONE, N, Sum("s", ONE, width(p), activation(p, r, s) ** 2)) / (N * width(p))


LOGISTIC = globally(ALL).extend(
    leading=(r"\frac{l_L(\xi l_{L-1}+1)}{\sum_{p=1}^L l_p(l_{p-1}+1)} \left(\frac{\sigma^2}{\ln\sigma}\right)",),
    names=names({r"\xi": share(DEPTH - 1)}), values={"a": (Fraction(0), Fraction(1), Fraction(1))}
)
AT_LIMIT = "the activations of layer L − 1 at their limits 0 and 1, a share ξ of them at 1 (in the mean over the parameters, one half)"
zhang.equation("5.7", LOGISTIC, uses=["5.4"], regime=WIDE, result=True, note=AT_LIMIT)
zhang.equation("5.8", LOGISTIC, uses=["2.29", "5.7"], regime=WIDE, result=True, note=AT_LIMIT)

# -- 5.1.3 ReLU ------------------------------------------------------------------------------------------

weights, biases = EACH.row_over(P, J)
ONE_UNIT = NETWORK.extend(
    vectors={canonical(r"\boldsymbol{W}^p"): (weights,), canonical(r"\boldsymbol{b}^p"): (biases,)},
    names=names({r"f(\boldsymbol{W}^p, \boldsymbol{b}^p)": EACH.row(P, J)}),
)  # fmt: skip
OF_UNIT = (
    (Elem("a", (P, I, J)), lambda p, i, j: Fn("relu", (EACH.preactivation(p, i, j),)) if p == P else activation(p, i, j)),
    (Elem("z", (P, I, J)), EACH.preactivation),
)  # fmt: skip
zhang.equation(
    "5.9", ONE_UNIT, uses=["5.1", "5.2"], let=OF_UNIT, regime=WIDE, fixed=["j"], result=True,
    note="for one sample and one unit, the activations of layer p − 1 given; the other units of the layer integrate to 1",
)  # fmt: skip

#: All parameters at once, of which nothing is left in the integrands but their density, of mass 1.
EVERYTHING = tuple(Sym(f"boldsymbol({name})") for name in "Wb")
RECTIFIED = rectified(
    Context(signs={**SIGNS, "q": "nonnegative"}, least={"L": 3, "p": 1, "n": 1, "l": 1}),
    lambda p: SIGMA**2,
    lambda i: Sum("j", ONE, width(ZERO), Elem("x", (i, J)) ** 2),
)
DEEP = globally(ALL).extend(
    scalars={rf"\{v.name}": v for v in EVERYTHING},
    vectors={rf"\{v.name}": (Over(v, MINUS_INF, INF),) for v in EVERYTHING},
    names=names({r"f(\boldsymbol{W}, \boldsymbol{b})": mul(*(normal.density(v, ONE) for v in EVERYTHING))}),
    slips={"j=1": "1"},
    context=RECTIFIED,
    leading=(
        r"2^{1-L} \left(\prod_{p=1}^L l_p\right) \sigma^{2L} \overline{X^2}",
        r"\frac{2^{1-L} \left(\prod_{p=1}^L l_p\right) \sigma^{2L} \overline{X^2}}{\sum_{p=1}^L l_p(l_{p-1}+1) \ln\sigma}",
    ),
)
DEPTHS = "L ≥ 3, so that the printed lines have their layers; the mean of X_i² = Σ_j x_ij² + 1 is over the samples"
zhang.equation("5.10", DEEP, uses=["5.9"], let=RELU, regime=WIDE, result=True, note=DEPTHS)
zhang.equation("5.11", DEEP, uses=["2.29", "5.10"], let=RELU, regime=WIDE, result=True)

# -- 5.2 one layer ----------------------------------------------------------------------------------------


def temperatures(act):  # type: ignore[no-untyped-def]
    """⟨E_p⟩ and T_p = ⟨E_p⟩/S_p, where the ideal values leave nothing of the energy at the end."""

    def of(p: Term) -> Term:
        return rewritten(ALL.energy(p, ideal(p)) / ALL.entropy(p), act)

    return (*act, (Elem("T", (P,)), of))


LAYER = NETWORK.extend(
    families=families(one=r"T \xi"),
    vectors=measure(P, ALL, "p") | measure(DEPTH, ALL, "L"),
    names=names({
        r"\langle E_p \rangle": ALL.energy(P, ideal(P)),
        r"f(\boldsymbol{W}^p)": ALL.weights(P), r"f(\boldsymbol{b}^p)": ALL.biases(P),
        r"f(\boldsymbol{W}^L)": ALL.weights(DEPTH), r"f(\boldsymbol{b}^L)": ALL.biases(DEPTH),
    }),
)  # fmt: skip
zhang.equation(
    "5.12", LAYER, uses=["5.1"], note="an expression without a sign: the energy of one layer, ẑ its ideal value"
)
zhang.equation(
    "5.13", LAYER, uses=["5.3", "5.12"], regime=WIDE, note="the activations of layer p − 1 given",
    nearest={
        1: r"\frac{1}{n} \int \sum_{i=1}^n \sum_{k=1}^{l_p} \left(\sum_{j=1}^{l_{p-1}} W_{kj}^p a_{ij}^{p-1} + b_k^p - y_{ik}\right)^2 f(\boldsymbol{W}^p) f(\boldsymbol{b}^p) d\boldsymbol{W}^p d\boldsymbol{b}^p"
    },
)  # fmt: skip
BELOW = "p ≥ 2; the activations of layer p − 2 are any given numbers"
zhang.equation("5.14", LAYER, uses=["5.13"], let=TANH, regime=WIDE, sizes=FEW, result=True, note=BELOW)
zhang.equation(
    "5.15", LAYER, uses=["2.29", "5.14"], let=temperatures(TANH), regime=WIDE, sizes=FEW, result=True, note=BELOW
)
zhang.equation("5.16", LAYER, uses=["2.29", "5.13"], let=temperatures(TANH), regime=WIDE, sizes=FEW, result=True)
zhang.equation(
    "5.17",
    LAYER.extend(context=Context(signs=SIGNS, least={"L": 4, "n": 1, "l": 1})),
    uses=["5.15", "5.16"],
    let=temperatures(TANH),
    regime=WIDE,
    result=True,
    note="L ≥ 4",
)
SHARES = ((Elem("xi", (P,)), share),)
SATURATED = LAYER.extend(
    values={"a": (Fraction(0), Fraction(1), Fraction(1))}, slips={"p_1": "p-1"}, scalars={"p-1": P - 1}
)  # fmt: skip
zhang.equation(
    "5.18",
    SATURATED,
    uses=["5.13"],
    let=SHARES,
    regime=WIDE,
    result=True,
    note="p ≥ 2; " + AT_LIMIT.replace("L − 1", "p − 1"),
)
zhang.equation("5.19", SATURATED, uses=["2.29", "5.18"], let=(*SHARES, *temperatures(())), regime=WIDE, result=True)

RISING = LAYER.extend(context=RECTIFIED)
zhang.equation("5.20", RISING, uses=["5.9", "5.13"], let=RELU, regime=WIDE, result=True)
zhang.equation("5.21", RISING, uses=["2.29", "5.20"], let=temperatures(RELU), regime=WIDE, result=True)
zhang.equation(
    "5.22",
    LAYER.extend(context=replace(RECTIFIED, least={"L": 4, "n": 1, "l": 1})),
    uses=["5.21"],
    let=temperatures(RELU),
    regime=WIDE,
    result=True,
    note="L ≥ 4",
)
