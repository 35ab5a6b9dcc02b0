"""The paper: its printed equations, and what numeric points for its claims look like."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from importlib import resources
from zlib import crc32

from derive.claim import Library
from derive.numeric import Instance
from derive.term import ONE, PI, TWO, Elem, Pow, Sum, Sym, Term, add, exp, mul, neg, sqrt, term
from derive.verdict import Equation

N, K = Sym("n"), Sym("K")


def covariance(a: Elem, b: Elem) -> Term:
    """Covariance over the data, normalised by n."""
    over = Pow(N, term(-1))

    def mean(t: Term) -> Term:
        return over * Sum("i", ONE, N, t)

    return mean(a * b) - mean(a) * mean(b)


def variance(a: Elem) -> Term:
    """Variance over the data, normalised by n."""
    over = Pow(N, term(-1))
    return over * Sum("i", ONE, N, a**2) - (over * Sum("i", ONE, N, a)) ** 2


def x(j: str) -> Elem:
    return Elem("x", (Sym("i"), Sym(j)))


Y = Elem("y", (Sym("i"),))

#: Covariance matrices of the data: row index, column index, rows, columns, entry. The constant column is left out.
MATRICES = {
    "C_x": ("a", "b", K - 1, K - 1, covariance(x("a"), x("b"))),
    "C_xy": ("a", "b", K - 1, ONE, covariance(x("a"), Y)),
    "C_yx": ("a", "b", ONE, K - 1, covariance(x("b"), Y)),
    "C_y": ("a", "b", ONE, ONE, covariance(Y, Y)),
}


def least_component(point: Instance) -> Instance:
    """Give x_j^min, the least of the j-th components, its value."""
    data = point.families.get("x", {})
    if not data or any(len(k) != 2 for k in data):
        return point
    least: dict[tuple[int, ...], Fraction] = {
        (j,): min(v for (_, b), v in data.items() if b == j) for j in {b for _, b in data}
    }
    return replace(point, families={**point.families, "xmin": least})


def density(*args: Term) -> Term:
    """A sample of an open density: independent standard normals."""
    return mul(*(exp(neg(a**2 / 2)) / sqrt(TWO * PI) for a in args))


def well(*args: Term) -> Term:
    """A sample of an open energy: smooth and integrable in each argument."""
    return mul(*(exp(neg(a**2 / term(k + 1))) for k, a in enumerate(args)))


def bowl(*args: Term) -> Term:
    """A sample of an open energy under a Boltzmann factor: quadratic, so that the factor is normal."""
    return add(*(a**2 for a in args))


def size(*args: Term) -> Term:
    """Numbers of elements of sample data sets, different from one another."""
    return term(1 + crc32("".join(a.key for a in args).encode()) % 5)


def load() -> tuple[Equation, ...]:
    text = resources.files("theorems.zhang2024").joinpath("equations.json").read_text(encoding="utf-8")
    return tuple(Equation(number=e["number"], latex=e["latex"], section=e["section"]) for e in json.loads(text))


zhang = Library(
    "zhang2024",
    "On the Temperature of Machine Learning Systems",
    "Dong Zhang",
    load(),
    sizes={"K": 2, "n": 4, "Q": 1, "N": 2, "M": 2},
    matrices=MATRICES,
    functions={
        "f": density,
        "p": density,
        "P": density,
        "E": well,
        "f_mu": lambda a: term(2) * a,
        "size": size,
        "P|": density,
        "E_boldsymbol(mu)": bowl,
        "E_mu": bowl,
        "n": density,
        "*": well,
    },
    complete=least_component,
)
