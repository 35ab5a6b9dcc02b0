"""Sums over the cells of a grid that is refined without end."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from derive.kernel.normal import Normal
from derive.kernel.poly import Mono, Refusal, mono_term, to_term
from derive.term import INF, MINUS_INF, ONE, App, Elem, Int, Num, Over, Sum, Sym, Term, add, free, mul, rebuild


@dataclass(frozen=True)
class Grid:
    """A partition of parameter space, of any dimension, into `count` cells that shrink to points.

    Attributes
    ----------
    point : family of the points at which the cells are read; the points of the space have the same name.
    volume : family of the cells' volumes.
    width : the common volume, where all cells have one.
    density : a density whose cells' probabilities, density(point) · volume, add up to one (the points are those of
        the mean value theorem).
    count : number of cells.
    """

    point: str
    volume: str
    width: str = ""
    density: str = ""
    count: str = "n"


def refined(t: Term, grid: Grid, normal: Normal) -> Term:
    """What `t` comes to as the grid is refined.

    g(μ_i) at a point of cell i, g Riemann-integrable     c free of the grid, or Σ_i g(μ_i) Δ_i = 1 exactly
    ------------------------------------------------------------------------------------------------------
    c · Σ_i g(μ_i) Δ_i  →  c · ∫ g(μ) dμ

    The cells' probabilities add up to one, exactly; so a factor ln δ before their sum does no harm. Before any other
    sum a factor that runs away with the grid is refused: the error of the sum times that factor might not vanish.

    Examples
    --------
    >>> from derive.kernel.context import Context
    >>> mu, i = Elem("mu", (Sym("i"),)), Sym("i")
    >>> total = Sum("i", ONE, Sym("n"), App("E", (mu,)) * Elem("Delta", (i,)))
    >>> limit = refined(total, Grid("mu", "Delta"), Normal(Context(least={"n": 1})))
    >>> expected = Int((Over(Sym("mu"), MINUS_INF, INF),), App("E", (Sym("mu"),)))
    >>> Normal(Context()).equal(limit, expected)
    True
    """
    value = normal.ratio(t)
    moving = {grid.point, grid.volume, grid.width, grid.count} - {""}
    if moving & free(to_term(value.den)):
        raise Refusal("a denominator that changes with the grid")
    parts = [mul(Num(c), _limit(m, grid, moving)) for m, c in value.num.terms.items()]
    normal.steps["sums over ever finer cells tend to integrals (Riemann)"] = None
    return add(*parts) / to_term(value.den)


def _limit(m: Mono, grid: Grid, moving: set[str]) -> Term:
    totals = [a for a, e in m.factors if isinstance(a, Sum) and grid.point in free(a)]
    if not totals:
        if (moving - {grid.width}) & free(mono_term(m)):
            raise Refusal("a part that changes with the grid and is no sum over its cells")
        return mono_term(m)
    total = totals[0]
    if (total, Fraction(1)) not in m.factors or len(totals) > 1:
        raise Refusal("a product of sums over cells")
    if total.high != Sym(grid.count) or total.low != ONE:
        raise Refusal("a sum over some of the cells only")
    index, width = Sym(total.index), (Sym(grid.width), Fraction(1))
    outer = [f for f in m.factors if f[0] != total]
    inner = list(getattr(total.body, "factors", (total.body,)))
    volume = Elem(grid.volume, (index,))
    if volume in inner:
        inner.remove(volume)
    elif grid.width and width in outer:
        outer.remove(width)
    else:
        raise Refusal("a sum over cells without their volumes")
    value, factor = _at(mul(*inner), grid, index), mono_term(Mono(outer, m.power))
    if (moving - {grid.point} | {index.name}) & free(value):
        raise Refusal("the terms of a sum over cells depend on more than the point of the cell")
    if grid.density and value == App(grid.density, (Sym(grid.point),)):
        return factor  # the probabilities of the cells
    if moving & free(factor):
        raise Refusal("a factor that changes with the grid before a sum over its cells")
    return mul(factor, Int((Over(Sym(grid.point), MINUS_INF, INF),), value))


def _at(t: Term, grid: Grid, index: Sym) -> Term:
    """`t` with the point of the cell read as a point of the space."""
    if t == Elem(grid.point, (index,)):
        return Sym(grid.point)
    return rebuild(t, lambda c: _at(c, grid, index))
