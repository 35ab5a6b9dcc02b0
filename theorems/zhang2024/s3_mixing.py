r"""Section 3.6, mixing of two systems: (3.47)–(3.56).

Systems A and B have one model of K parameters, all initialized with one σ, and data of m and n points; a and b are the
mean squares of their inputs. The union of the data has the mean square (m a + n b)/(m + n).
"""

from dataclasses import replace

from derive.claim import Regime
from derive.kernel.context import Context
from derive.reader.notation import Notation, families, names, ranges, symbols
from derive.term import ZERO, Sym
from theorems.zhang2024.paper import zhang

A, B, UNION = r"\overline{X_A^2}", r"\overline{X_B^2}", r"\overline{X_{A \cup B}^2}"


def temperature(system: str, square: str) -> str:
    """(3.10) with every σ_j = σ: the least energy and the mean square of the targets do not grow."""
    return rf"\frac{{K\sigma^2 {square} + y_{system} - f_{system}}}{{K\ln\sigma + \frac{{K}}{{2}}[1 + \ln(2\pi)]}}"


MIXING = Notation(
    scalars=symbols(r"\sigma a b d e m n K K_A K_B x"),
    families=families(one="y f"),
    shapes={"y": (3,), "f": (3,)},
    dimensions={"sigma": "Y", "y": "Y^2", "f": "Y^2", **dict.fromkeys("abdex", "1")},
    names=names({
        A: "a", B: "b", UNION: rf"\frac{{m {A} + n {B}}}{{m + n}}", r"\overline{X^2_{A \cup B}}": UNION,
        "T_A": temperature("1", A), "T_B": temperature("2", B), r"T_{A \cup B}": temperature("3", UNION),
        "E_A": rf"K_A\sigma^2 {A} + y_1", "E_B": rf"K_B\sigma^2 {B} + y_2",
        "E'_A": rf"K_A\sigma^2 {UNION} + y_1", "E'_B": rf"K_B\sigma^2 {UNION} + y_2",
        r"\Delta E_A": "E'_A - E_A", r"\Delta E_B": "E'_B - E_B",
    }),
    #: (3.55) and its neighbours print the bars.
    slips={r"X_A\cupB^2": r"\overline(X_A\cupB^2)", "X_B^2": r"\overline(X_B^2)"},
    leading=(rf"K_A\sigma^2 {A}", rf"K_B\sigma^2 {B}", rf"K_A\sigma^2 {UNION}", rf"K_B\sigma^2 {UNION}"),
    context=Context(
        signs=dict.fromkeys(("sigma", "a", "b", "d", "e"), "positive"),
        least={"m": 1, "n": 1, "K": 1, "K_A": 1, "K_B": 1},
    ),
)  # fmt: skip
ALIKE = MIXING.extend(names=names({B: "a"}))
HOTTER = MIXING.extend(names=names({A: "b + d"}))
NOT_COLDER = HOTTER.extend(context=replace(MIXING.context, signs={**MIXING.context.signs, "d": "nonnegative"}))
GROWING = Regime(variable="sigma", path=(), text="σ → ∞; the data fixed")
STRICTLY = Regime(variable="sigma", path=((Sym("d"), Sym("e")),), text="T_A above T_B, not equal to it")

zhang.equation("3.47", MIXING, uses=["3.11"], regime=GROWING)
zhang.equation(
    "3.48", ALIKE, uses=["3.11", "3.47"], regime=GROWING, relations={2: "~", 3: "~"}, result=True,
    note="the text takes temperatures by their law (3.11), so that = is read in the limit",
)  # fmt: skip
zhang.equation("3.49", MIXING, premise="an assumption on the data of system A")
zhang.equation("3.50", MIXING, premise="an assumption on the data of system B")

#: Inputs 1 + p_i > 1 in A. In B inputs below 1, whose mean square may be any number: 1/(1 + w), below 1, if they all lie
#: between −1 and 1, plus an excess r if some lie at or below −1.
SPLIT = MIXING.extend(
    scalars=symbols("w r"),
    families=families(one="p"),
    ranges=ranges(i=Sym("m")),
    shapes={"p": ("m",)},
    names=names({A: r"\frac{1}{m}\sum_{i=1}^m (1 + p_i)^2", B: r"\frac{1}{1 + w} + r"}),
    context=replace(
        MIXING.context, signs={**MIXING.context.signs, "p": "positive", "w": "positive", "r": "nonnegative"}
    ),
)
ABOVE = Regime(variable="sigma", path=((Sym("r"), ZERO),), text="inputs of B above −1 as well")

zhang.equation("3.51", SPLIT, uses=["3.47", "3.49", "3.50"], regime=GROWING, beyond=ABOVE, result=True)
zhang.equation("3.52", HOTTER, uses=["3.47", "3.51"], regime=GROWING, result=True)
zhang.equation("3.53", MIXING, uses=["3.8"], regime=GROWING)
zhang.equation("3.54", MIXING, uses=["3.8"], regime=GROWING)
zhang.equation("3.55", NOT_COLDER, uses=["3.53", "3.54"], defines=[1], beyond=STRICTLY, result=True)
zhang.equation("3.56", NOT_COLDER, uses=["3.53", "3.54"], defines=[1], beyond=STRICTLY, result=True)
