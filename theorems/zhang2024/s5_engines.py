r"""Sections 5.3–5.4, networks as heat engines: (5.23)–(5.42), and (6.1).

Layer p has l_p(l_{p−1} + 1) parameters, releases the energy ΔE_p and has the entropy S_p; T_p = ΔE_p/S_p. All limits
take the scale of the parameters to infinity first, with the widths, the depth and the data held fixed.
"""

from fractions import Fraction

from derive.claim import ANY, Regime, rewritten
from derive.kernel.context import Context
from derive.network import Network, rectified
from derive.reader.ellipsis import shift
from derive.reader.notation import Notation, families, names, ranges, symbols
from derive.term import ONE, TWO, ZERO, Elem, Prod, Sum, Sym, Term, ln, sqrt
from theorems.catalogue.initializers import normal
from theorems.zhang2024.paper import zhang
from theorems.zhang2024.s5_networks import ALL, NETWORK, RECTIFIED, ideal, label, tanh
from theorems.zhang2024.s5_networks import RELU as RELU_UNITS
from theorems.zhang2024.s5_networks import TANH as TANH_UNITS
from theorems.zhang2024.s5_networks import WIDE as ALL_SIGMA

P, DEPTH, SIGMA, SIGMA_0, SQUARE, H = (Sym(s) for s in ("p", "L", "sigma", "sigma_0", "X2", "h"))


def width(p: Term) -> Elem:
    return Elem("l", (p,))


def inputs(i: Term) -> Term:
    """Σ_j x_ij²."""
    return Sum("j", ONE, width(ZERO), Elem("x", (i, Sym("j"))) ** 2)


def count(p: Term) -> Term:
    """Number of parameters of layer p."""
    return width(p) * (width(shift(p, -1)) + 1)


def layers(name: str, of, first=None):  # type: ignore[no-untyped-def]
    """What a quantity of layer p is, where the first layer may have its own."""
    alone = ((Elem(name, (ONE,)), first),) if first else ()
    return (*alone, (Elem(name, (P,)), of))


def engine(energy, first, entropy):  # type: ignore[no-untyped-def]
    """ΔE_p, S_p and T_p = ΔE_p/S_p."""

    def temperature(p: Term) -> Term:
        return (first if p == ONE else energy)(p) / entropy(p)

    return (*layers("DeltaE", energy, first), *layers("S", entropy), *layers("T", temperature, temperature))


def assume(positive: str, logarithm: Term | None = None, **least: int) -> Context:
    """Names that are positive, a logarithm that is, and least values; widths are whole."""
    above = {"L": 2, "l": 1, "n": 1} if logarithm else {"L": 1}
    signs = dict.fromkeys(positive.split(), "positive")
    return Context(signs=signs, least=above | least, positive=(logarithm,) if logarithm else ())


# -- 5.3 any layers ------------------------------------------------------------------------------------

ENGINE = Notation(
    scalars=symbols(r"L \sigma \sigma_0 n") | {r"\overline(X^2)": SQUARE},
    families=families(one=r"l T S {\Delta}E"),
    ranges=ranges(p=DEPTH, k=DEPTH, i=Sym("n")),
    shapes={"l": ((0, "L"),), "T": ("L",), "S": ("L",), "DeltaE": ("L",)},
    values={"X2": (Fraction(5, 2), Fraction(1), Fraction(7), Fraction(40))},  # the constant input adds 1 to it
    names=names({
        r"\Delta E_{\text{tot}}": r"\sum_{p=1}^L \Delta E_p", r"S_{\text{tot}}": r"\sum_{p=1}^L S_p",
        r"\eta": r"\frac{\Delta E_L}{\Delta E_{\text{tot}}}", r"T_{\text{sys}}": r"\frac{\Delta E_L}{S_{\text{tot}}}",
        r"\overline{T}": r"\frac{1}{L}\sum_{p=1}^L T_p",
    }),
    context=assume("T S DeltaE"),
)  # fmt: skip
TEMPERATURES = layers("T", lambda p: Elem("DeltaE", (p,)) / Elem("S", (p,)))

SAME = Regime(
    variable="S", path=(), text="S_p = S + e_p with S → ∞, so that S_1 ~ … ~ S_L; the temperatures and e_p fixed"
)


def alike_entropy(p: Term) -> Term:
    return Sym("S") + Elem("e", (p,))


ALIKE = layers("S", alike_entropy) + layers("DeltaE", lambda p: Elem("T", (p,)) * alike_entropy(p))
EFFICIENCY = ENGINE.extend(names=names({r"\eta": None}))

zhang.equation("5.23", EFFICIENCY, defines=[0])
zhang.equation("5.24", ENGINE, uses=["5.23"], defines=[1], let=TEMPERATURES, result=True)
zhang.equation("5.25", ENGINE.extend(shapes={"e": ("L",)}), uses=["5.24"], let=ALIKE, regime=SAME, result=True)

# -- 5.3.1 saturating activations, one σ ---------------------------------------------------------------


def entropy(p: Term) -> Term:
    return count(p) * ln(SIGMA)


DEEP = ENGINE.extend(context=assume("sigma X2", ln(SIGMA)))
TANH = engine(lambda p: count(p) * SIGMA**2, lambda p: width(p) * SQUARE * SIGMA**2, entropy)
SATURATED = DEEP.extend(names=names({"T": r"\frac{\sigma^2}{\ln\sigma}"}), slips={r"\overline(X)^2": r"\overline(X^2)"})


def derived(network: Network, units):  # type: ignore[no-untyped-def]
    """ΔE_p = ⟨E_p⟩ and S_p from the parameters, exactly."""

    def energy(p: Term) -> Term:
        return rewritten(network.energy(p, ideal(p)), units)

    return (*layers("DeltaE", energy), *layers("S", network.entropy))


ROWS = NETWORK.extend(families=families(one=r"S {\Delta}E"), slips=SATURATED.slips)
LEADING = dict.fromkeys(range(1, 9), "~")
AS_LEADING = "each sign as ~: ΔE_p = ⟨E_p⟩ and S_p by their leading terms"

zhang.equation(
    "5.26",
    ROWS,
    uses=["5.14", "5.16"],
    let=derived(ALL, TANH_UNITS),
    regime=ALL_SIGMA,
    relations=LEADING,
    note=AS_LEADING,
)
zhang.equation("5.27", SATURATED, uses=["5.23", "5.26"], let=TANH, result=True)
zhang.equation("5.28", SATURATED, uses=["5.17", "5.24", "5.26"], let=TANH, result=True)

# -- 5.3.2 ReLU ----------------------------------------------------------------------------------------


def relu(scale):  # type: ignore[no-untyped-def]
    """Leading energy of a layer of rectifiers, where the parameters of layer k have the scale σ_k."""

    def energy(p: Term) -> Term:
        k = Sym("k")
        return TWO ** (ONE - p) * Prod("k", ONE, p, width(k)) * Prod("k", ONE, p, scale(k) ** 2) * SQUARE

    return energy


RELU = engine(relu(lambda k: SIGMA), relu(lambda k: SIGMA), entropy)
ONE_SCALE = Regime(variable="sigma", path=(), text="one σ for all parameters, σ → ∞; widths, depth and data fixed")

zhang.equation(
    "5.29",
    ROWS.extend(context=RECTIFIED),
    uses=["5.20"],
    let=derived(ALL, RELU_UNITS),
    regime=ALL_SIGMA,
    relations=LEADING,
    note=AS_LEADING,
)
zhang.equation("5.30", DEEP, uses=["5.23", "5.29"], let=RELU, regime=ONE_SCALE, result=True)
zhang.equation("5.31", DEEP, uses=["5.24", "5.30"], let=RELU, regime=ONE_SCALE, result=True)

# -- 5.4 a scale of its own for each layer -------------------------------------------------------------

OWN_SCALES = Regime(variable="sigma_0", path=(), text="σ_p = σ_0/√l_{p−1}, σ_0 → ∞; widths, depth and data fixed")
#: Second limits, after the first: what the section drops where it writes 1 for 1 + 1/l_{L−1}, or T_L for T_L − ….
WIDE = Regime(
    variable="w", path=((width(ANY), Sym("w") * Elem("c", (ANY,))),),
    text=r"wide layers, $l_p = c_p w$ with $w \to \infty$ after $\sigma_0 \to \infty$",
)  # fmt: skip
DEEPER = Regime(variable="m", path=(), text=r"many layers, $L \to \infty$ after $\sigma_0 \to \infty$")


def scale(p: Term) -> Term:
    return SIGMA_0 / sqrt(width(shift(p, -1)))


def own_entropy(p: Term) -> Term:
    return count(p) * ln(SIGMA_0)


OWN = DEEP.extend(
    scalars=symbols("h m w"),
    families=families(one=r"\sigma c"),
    shapes={"c": ((0, "L"),)},
    names=names({
        r"\langle E_0 \rangle": r"\Delta E_L", "T": r"\frac{\Delta E_L}{S_{\text{tot}}}", r"\Delta T": r"T_L - T_1"
    }),
    leading=(
        r"\frac{l_L \sigma_0^2}{\sum_{p=1}^L l_p(l_{p-1}+1) \ln\sigma_0}\left(1 + \frac{1}{l_{L-1}}\right)",
        r"\frac{l_L\left(1+\frac{1}{l_{L-1}}\right)}"
        r"{\frac{l_1}{l_0}\overline{X^2} + \sum_{p=2}^L l_p\left(1+\frac{1}{l_{p-1}}\right)}",
        r"\eta\left(T_L - \frac{S_1}{S_{\text{tot}}} \Delta T\right)",
    ),
    context=assume("sigma_0 X2 c w", ln(SIGMA_0)),
)  # fmt: skip
SCALED = engine(lambda p: count(p) * scale(p) ** 2, lambda p: width(p) * SQUARE * scale(p) ** 2, own_entropy)
SCALED += layers("sigma", scale)
SCALED_RELU = engine(relu(scale), relu(scale), own_entropy) + layers("sigma", scale)


#: The same from the parameters, exactly.
NET = Network(normal.density, lambda p, k, j: scale(p))
UNITS = tanh(NET)
EXACT = NETWORK.extend(
    scalars=symbols(r"\sigma_0 w"),
    families=families(one="T c"),
    shapes={"c": ((0, "L"),)},
    names=names({
        r"\langle E_0 \rangle": NET.energy(DEPTH, label), "S": Sum("p", ONE, DEPTH, NET.entropy(P)),
        "T": r"\frac{\langle E_0 \rangle - E_f}{S}",
    }),
    leading=OWN.leading[:1],
    context=assume("sigma_0 c w", ln(SIGMA_0), p=2),
)  # fmt: skip
EXACT_RELU = EXACT.extend(context=rectified(assume("sigma_0", ln(SIGMA_0), p=1), lambda p: scale(p) ** 2, inputs))


def local(units):  # type: ignore[no-untyped-def]
    """T_p = ⟨E_p⟩/S_p, where the ideal values leave nothing of the energy at the end."""
    return layers("T", lambda p: rewritten(NET.energy(p, ideal(p)) / NET.entropy(p), units))


def alike(p: Term) -> Term:
    """Widths where the layers 1 … L − 1 all have the width h."""
    return width(p) if p in (ZERO, DEPTH) else H


def alike_count(p: Term) -> Term:
    return alike(p) * (alike(shift(p, -1)) + 1)


ALIKE_WIDTHS = engine(
    lambda p: alike_count(p) * SIGMA_0**2 / alike(shift(p, -1)),
    lambda p: alike(p) * SQUARE * SIGMA_0**2 / width(ZERO),
    lambda p: alike_count(p) * ln(SIGMA_0),
)
SAME_WIDTH = OWN.extend(
    names=names({
        r"\Delta E_{\text{tot}}": r"\Delta E_1 + m \Delta E_2 + \Delta E_L", r"S_{\text{tot}}": r"S_1 + m S_2 + S_L",
    }),
    context=assume("sigma_0 X2", ln(SIGMA_0), m=0, h=1),
)  # fmt: skip

zhang.equation("5.32", OWN, defines=[1], let=SCALED)
zhang.equation("5.33", EXACT, uses=["5.5", "5.32"], let=UNITS, regime=OWN_SCALES, result=True)
zhang.equation("5.34", OWN, uses=["2.29", "5.33"], let=SCALED, regime=OWN_SCALES, beyond=WIDE, result=True)
zhang.equation("5.35", EXACT, uses=["5.15", "5.32"], let=local(UNITS), regime=OWN_SCALES, result=True, note="p ≥ 2")
zhang.equation("5.36", OWN, uses=["5.23", "5.32"], let=SCALED, regime=OWN_SCALES, beyond=WIDE, result=True)
zhang.equation("5.37", OWN, uses=["5.24", "5.35"], let=SCALED, result=True)
zhang.equation(
    "5.38", SAME_WIDTH, uses=["5.37"], let=ALIKE_WIDTHS, regime=OWN_SCALES, beyond=DEEPER, result=True,
    note="h is the common width of the layers 1 … L − 1, and m = L − 2 layers stand between the first and the last",
)  # fmt: skip
zhang.equation("5.39", EXACT_RELU, uses=["5.10", "5.32"], let=RELU_UNITS, regime=OWN_SCALES, result=True)
zhang.equation("5.40", EXACT_RELU, uses=["2.29", "5.39"], let=RELU_UNITS, regime=OWN_SCALES, result=True)
zhang.equation("5.41", EXACT_RELU, uses=["5.21", "5.32"], let=local(RELU_UNITS), regime=OWN_SCALES, result=True)
zhang.equation("5.42", OWN, uses=["5.31", "5.32"], let=SCALED_RELU, regime=OWN_SCALES, result=True)

# -- 6 conclusions -------------------------------------------------------------------------------------

zhang.equation("6.1", EFFICIENCY, uses=["5.23"], defines=[0])
