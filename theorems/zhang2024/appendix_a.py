r"""Appendix A: Type I and Type II states in one picture, (A.1) and (A.2)."""

from derive.reader.notation import names, symbols
from derive.term import ONE, App, Elem, Sum, Sym
from theorems.zhang2024.paper import zhang
from theorems.zhang2024.s2_shift import moving_window
from theorems.zhang2024.s2_theory import DATA

X, Y = (lambda i: Elem("x", (i,))), (lambda i: Elem("y", (i,)))
I, SIZE = Sym("i"), App("size", (Sym("D"), X(Sym("each")), Y(Sym("each"))))


def weight(i: Sym) -> App:
    """What a model gives to one pair, before it is normalised."""
    return App("P", (X(i), Y(i)))


zhang.equation(
    "A.1",
    DATA.extend(
        scalars=symbols(r"\mathcal{D}") | {r"\mathcal(D)": Sym("D")},
        names=names({"P(x_i,y_i)": weight(I) / Sum("m", ONE, SIZE, weight(Sym("m")))}),
    ),
    uses=["2.8"],
    defines=[1],
    note="an assignment: weights on the right, probabilities on the left; of one and the same P it holds where the sum is 1",
)  # fmt: skip
zhang.equation("A.2", moving_window(), uses=["2.11"], defines=[1])
