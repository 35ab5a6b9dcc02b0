r"""Appendix A: Type I and Type II states in one picture, (A.1) and (A.2)."""

from derive.reader.notation import symbols
from derive.term import ONE, App, Elem, Sum, Sym
from theorems.zhang2024.paper import zhang
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
        unfolded={"P": lambda x, y: App("P", (x, y)) / Sum("i", ONE, SIZE, weight(I))},
    ),
    uses=["2.8"],
    defines=[1],
)
