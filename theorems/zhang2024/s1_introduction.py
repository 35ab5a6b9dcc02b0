r"""Section 1: the fundamental relations of thermodynamics, (1.1)–(1.5)."""

from derive.kernel.context import Context
from derive.reader.notation import Notation, families, names, ranges, symbols
from derive.term import ONE, Elem, Fn, Sum, Sym
from theorems.zhang2024.paper import zhang

U, S, T, V, P, I = (Sym(s) for s in ("U", "S", "T", "V", "P", "i"))
SPECIES = Sym("M")


def d(x):  # type: ignore[no-untyped-def]
    return Fn("d", (x,))


EXCHANGE = Sum("i", ONE, SPECIES, Elem("mu", (I,)) * d(Elem("N", (I,))))
#: The fundamental relation, taken as given; the other three follow from it by Legendre transforms.
LAW = T * d(S) - P * d(V) + EXCHANGE

THERMODYNAMICS = Notation(
    scalars=symbols("U S T V P M"),
    families=families(one=r"\mu N"),
    ranges=ranges(i=SPECIES),
    dimensions={"U": "E", "T": "K", "V": "V"},
    names=names({"F": "U - TS", "H": "U + PV", "G": "U + PV - TS"}),
    shapes={"mu": ("M",), "N": ("M",), "d_N": ("M",)},
    context=Context(least={"M": 1}, facts=((d(U), LAW),)),
)

zhang.equation(
    "1.1",
    THERMODYNAMICS,
    premise="the fundamental relation of thermodynamics, a law that the paper takes as given",
)
zhang.equation("1.2", THERMODYNAMICS, uses=["1.1"])
zhang.equation("1.3", THERMODYNAMICS, uses=["1.1"])
zhang.equation("1.4", THERMODYNAMICS, uses=["1.1"])
zhang.equation("1.5", THERMODYNAMICS, uses=["1.1", "1.3"], result=True)
