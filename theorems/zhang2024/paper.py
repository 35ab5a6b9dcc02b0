"""The paper: its printed equations, and what numeric points for its claims look like."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import resources

from derive.claim import Library
from derive.numeric import Instance
from derive.term import ONE, Elem, Pow, Sum, Sym, Term, term
from derive.verdict import Equation

N, K = Sym("n"), Sym("K")


def covariance(a: Elem, b: Elem) -> Term:
    """Covariance over the data, normalised by n."""
    over = Pow(N, term(-1))

    def mean(t: Term) -> Term:
        return over * Sum("i", ONE, N, t)

    return mean(a * b) - mean(a) * mean(b)


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
    least = {(j,): min(v for (_, b), v in data.items() if b == j) for j in {b for _, b in data}}
    return replace(point, families={**point.families, "xmin": least})


def bump(field, *args):  # type: ignore[no-untyped-def]
    """A sample of an open function: smooth, positive and integrable in each argument."""
    total = field.num(1)
    for k, a in enumerate(args):
        total = total * field.exp(-(a - field.num(k + 1) / field.num(3)) ** 2)
    return total


def wave(field, *args):  # type: ignore[no-untyped-def]
    """Another sample, different from the first."""
    total = field.num(2)
    for k, a in enumerate(args):
        total = total * field.exp(-(a**2) * field.num(k + 2) / field.num(5))
    return total


def load() -> tuple[Equation, ...]:
    text = resources.files("theorems.zhang2024").joinpath("equations.json").read_text(encoding="utf-8")
    return tuple(Equation(number=e["number"], latex=e["latex"], section=e["section"]) for e in json.loads(text))


zhang = Library(
    "zhang2024",
    "On the Temperature of Machine Learning Systems",
    "Dong Zhang",
    load(),
    sizes={"K": 2, "n": 3, "Q": 1, "N": 2},
    matrices=MATRICES,
    functions={"f": bump, "p": bump, "E": wave, "P": bump, "V": wave, "f_mu": lambda field, a: a * field.num(2)},
    complete=least_component,
)
