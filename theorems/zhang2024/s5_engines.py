r"""Sections 5.3–5.4, networks as heat engines: (5.23)–(5.42), and (6.1).

Layer p has l_p(l_{p−1} + 1) parameters, releases the energy ΔE_p and has the entropy S_p; T_p = ΔE_p/S_p. All limits
take the scale of the parameters to infinity first, with the widths, the depth and the data held fixed.
"""

from derive.claim import Regime
from derive.kernel.context import Context
from derive.reader.ellipsis import shift
from derive.reader.notation import Notation, families, names, ranges, symbols
from derive.term import ONE, TWO, Elem, Prod, Sym, Term, ln, sqrt
from theorems.zhang2024.paper import zhang

P, DEPTH, SIGMA, SIGMA_0, SQUARE = (Sym(s) for s in ("p", "L", "sigma", "sigma_0", "X2"))


def width(p: Term) -> Elem:
    return Elem("l", (p,))


def count(p: Term) -> Term:
    """Number of parameters of layer p."""
    return width(p) * (width(shift(p, -1)) + 1)


def layers(name: str, of, first=None):  # type: ignore[no-untyped-def]
    """What a quantity of layer p is, where the first layer may have its own."""
    alone = ((Elem(name, (ONE,)), first),) if first else ()
    return (*alone, (Elem(name, (P,)), of))


# -- 5.3 any layers ------------------------------------------------------------------------------------

ENGINE = Notation(
    scalars=symbols(r"L \sigma \sigma_0") | {r"\overline(X^2)": SQUARE},
    families=families(one=r"l T S {\Delta}E"),
    ranges=ranges(p=DEPTH, i=Sym("n")),
    shapes={"l": ((0, "L"),), "T": ("L",), "S": ("L",), "DeltaE": ("L",)},
    names=names({
        r"\Delta E_{\text{tot}}": r"\sum_{p=1}^L \Delta E_p", r"S_{\text{tot}}": r"\sum_{p=1}^L S_p",
        r"\eta": r"\frac{\Delta E_L}{\Delta E_{\text{tot}}}", r"T_{\text{sys}}": r"\frac{\Delta E_L}{S_{\text{tot}}}",
        r"\overline{T}": r"\frac{1}{L}\sum_{p=1}^L T_p",
    }),
    context=Context(
        signs=dict.fromkeys(("l", "T", "S", "DeltaE", "sigma", "sigma_0", "X2"), "positive"),
        least={"L": 1, "n": 1, "l": 1},
    ),
)  # fmt: skip
TEMPERATURES = layers("T", lambda p: Elem("DeltaE", (p,)) / Elem("S", (p,)))
ALIKE = layers("S", lambda p: Sym("S")) + layers("DeltaE", lambda p: Elem("T", (p,)) * Sym("S"))

DEFINED = ENGINE.extend(names=names({r"\eta": None}))
zhang.equation("5.23", DEFINED, defines=[0])
zhang.equation("5.24", ENGINE, uses=["5.23"], defines=[1], let=TEMPERATURES, result=True)
zhang.equation("5.25", ENGINE, uses=["5.24"], let=ALIKE, result=True, note="every S_p equal to one S, the case that the text assumes")

# -- 5.3.1 saturating activations, one σ -------------------------------------------------------------

DEEP = ENGINE.extend(
    context=Context(signs=ENGINE.context.signs, least={"L": 2, "n": 1, "l": 1}, positive=(ln(SIGMA), ln(SIGMA_0))),
)


def engine(energy, first, entropy):  # type: ignore[no-untyped-def]
    """ΔE_p, S_p and T_p = ΔE_p/S_p."""

    def temperature(p: Term) -> Term:
        return (first if p == ONE else energy)(p) / entropy(p)

    return (
        *layers("DeltaE", energy, first),
        *layers("S", entropy),
        *layers("T", temperature, temperature),
    )


def entropy(p: Term) -> Term:
    return count(p) * ln(SIGMA)


TANH = engine(lambda p: count(p) * SIGMA**2, lambda p: width(p) * SQUARE * SIGMA**2, entropy)
SATURATED = DEEP.extend(names=names({"T": r"\frac{\sigma^2}{\ln\sigma}"}), slips={r"\overline(X)^2": r"\overline(X^2)"})
zhang.equation("5.26", SATURATED, let=TANH)
zhang.equation("5.27", SATURATED, uses=["5.23", "5.26"], let=TANH, result=True)
zhang.equation("5.28", SATURATED, uses=["5.17", "5.24", "5.26"], let=TANH, result=True)

# -- 5.3.2 ReLU ----------------------------------------------------------------------------------------

WIDE_SCALE = Regime(variable="sigma", path=(), text="one σ for all parameters, σ → ∞; widths, depth and data fixed")


def relu(scale):  # type: ignore[no-untyped-def]
    """Leading energy of a layer of rectifiers, where the parameters of layer k have the scale σ_k."""

    def energy(p: Term) -> Term:
        k = Sym("k")
        return TWO ** (ONE - p) * Prod("k", ONE, p, width(k)) * Prod("k", ONE, p, scale(k) ** 2) * SQUARE

    return energy


RELU = engine(relu(lambda k: SIGMA), relu(lambda k: SIGMA), entropy)
zhang.equation("5.29", DEEP, uses=["5.20"], let=RELU)
zhang.equation("5.30", DEEP, uses=["5.23", "5.29"], let=RELU, regime=WIDE_SCALE, result=True)
zhang.equation("5.31", DEEP, uses=["5.24", "5.30"], let=RELU, regime=WIDE_SCALE, result=True)

# -- 5.4 a scale of its own for each layer ---------------------------------------------------------------

ALL_SCALES = Regime(
    variable="sigma_0", path=(), text="σ_p = σ_0/√l_{p−1}, σ_0 → ∞; widths, depth and data fixed"
)


def scale(p: Term) -> Term:
    return SIGMA_0 / sqrt(width(shift(p, -1)))


def leading_entropy(p: Term) -> Term:
    return count(p) * ln(SIGMA_0)


SCALED = engine(
    lambda p: count(p) * scale(p) ** 2, lambda p: width(p) * SQUARE * scale(p) ** 2, leading_entropy
) + layers("sigma", scale)
SCALED_RELU = engine(relu(scale), relu(scale), leading_entropy) + layers("sigma", scale)
OWN = DEEP.extend(
    families=families(one=r"\sigma"),
    names=names({
        r"\langle E_0 \rangle": r"\Delta E_L", "T": r"\frac{\Delta E_L}{S_{\text{tot}}}", r"\Delta T": r"T_L - T_1"
    }),
)  # fmt: skip
zhang.equation("5.32", OWN, defines=[1], let=SCALED)
zhang.equation("5.33", OWN, uses=["5.5", "5.32"], let=SCALED, regime=ALL_SCALES, result=True)
zhang.equation("5.34", OWN, uses=["5.24", "5.33"], let=SCALED, regime=ALL_SCALES, result=True)
zhang.equation("5.35", OWN, uses=["5.15", "5.32"], let=SCALED, regime=ALL_SCALES, result=True, note="p ≥ 2, as the text says")
zhang.equation("5.36", OWN, uses=["5.23", "5.32"], let=SCALED, regime=ALL_SCALES, result=True)
zhang.equation("5.37", OWN, uses=["5.24", "5.35"], let=SCALED, regime=ALL_SCALES, result=True)
zhang.equation("5.38", OWN, uses=["5.37"], let=SCALED, regime=ALL_SCALES, result=True)
zhang.equation("5.39", OWN, uses=["5.10", "5.32"], let=SCALED_RELU, regime=ALL_SCALES, result=True)
zhang.equation("5.40", OWN, uses=["5.39"], let=SCALED_RELU, regime=ALL_SCALES, result=True)
zhang.equation("5.41", OWN, uses=["5.21", "5.32"], let=SCALED_RELU, regime=ALL_SCALES, result=True)
zhang.equation("5.42", OWN, uses=["5.31", "5.32"], let=SCALED_RELU, regime=ALL_SCALES, result=True)

# -- 6 conclusions -------------------------------------------------------------------------------------

zhang.equation("6.1", DEFINED, uses=["5.23"], defines=[0])
