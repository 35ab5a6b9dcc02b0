"""Absolute values of affine forms under a product measure, and the error function they bring with them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction
from math import factorial
from typing import TYPE_CHECKING

from derive.kernel.context import NONNEGATIVE, POSITIVE
from derive.kernel.measure import Cell, Hard, Product, Shape, _cell_of, _cells, _expand, _flatten, _summed
from derive.kernel.poly import (
    CONST_ONE,
    CONST_ZERO,
    Mono,
    Poly,
    Ratio,
    exponential,
    generator,
    mono_term,
    primitive,
    to_term,
)  # fmt: skip
from derive.term import (
    ONE,
    PI,
    TWO,
    ZERO,
    Elem,
    Fn,
    Int,
    Num,
    Over,
    Sum,
    Sym,
    Term,
    add,
    exp,
    free,
    fresh,
    mul,
    neg,
    sqrt,
    substitute,
    walk,
)

if TYPE_CHECKING:
    from derive.kernel.normal import Normal

CORNERS = 5  # parameters over whose interval an absolute value is integrated, at most


@dataclass(frozen=True)
class Part:
    """What an affine form holds of a cell: a coefficient of one member (`index`), or of all, in the cell's index."""

    cell: Cell
    index: Term | None
    coefficient: Term


def absolute_mean(
    product: Product, hard: list[Term], cells: list[Cell], shapes: dict[Cell, Shape], names: set[str], normal: Normal
) -> Term:
    """The mean of |z|, z affine in independent parameters; in a sum over parameters, cell by cell."""
    (f,) = hard if len(hard) == 1 else (ZERO,)
    if len(product.hits) > 1 or not (isinstance(f, Fn) and f.name == "abs"):
        raise Hard
    bound = {b for b, _, _ in product.binders}
    hits: list[Term] = [x for x in walk(f) if isinstance(x, Elem) and x.name in names and bound & free(x)]
    total: list[Term] = []
    whole = Product(product.binders, [*product.hits, *hits], product.others, product.coefficient)
    for p in _expand(whole, cells, normal):
        (z,) = (o for o in p.others if names & free(o))
        assert isinstance(z, Fn)
        centre, parts = _affine(z.args[0], p, cells, names, normal)
        used = [shapes[x.cell] for x in parts]
        if all(s.normal for s in used) and parts:
            beside = p.hits[0] if product.hits else None
            cell = None if beside is None else _cell_of(beside, Product(p.binders, [beside], []), cells, normal)
            if beside is None or cell is None:
                value = mul(*p.hits[: len(product.hits)], folded(centre, parts, shapes, normal))
            else:
                value = weighed(centre, parts, shapes, normal, cell, beside)
        elif product.hits:
            raise Hard
        elif not any(s.normal for s in used):
            value = corners(centre, parts, shapes, normal)
        else:
            raise Hard
        rest = (o for o in p.others if o is not z)
        total.append(_summed(mul(Num(p.coefficient), *rest, value), p))
    return add(*total)


def _affine(t: Term, outer: Product, cells: list[Cell], names: set[str], normal: Normal) -> tuple[Term, list[Part]]:
    """An affine form as its constant and its parts; indices bound outside it stand for one member each."""
    centre: list[Term] = []
    found: dict[tuple[Cell, Term | None], list[Term]] = {}
    for m, c in normal.poly(t).terms.items():
        for q in _expand(_flatten(m, names, normal), cells, normal):
            if len(q.hits) > 1 or any(names & free(o) for o in q.others):
                raise Hard
            factor = mul(Num(c * q.coefficient), *q.others)
            within = Product([*outer.binders, *q.binders], [], [])
            cell = _cell_of(q.hits[0], within, cells, normal) if q.hits else None
            if cell is None:
                centre.append(_summed(mul(factor, *q.hits), q))
                continue
            (hit,) = q.hits
            own = [b for b, _, _ in q.binders if isinstance(hit, Elem) and hit.index == (Sym(b),)]
            if len(own) != len(q.binders):
                raise Hard
            index = None if own else hit.index[0] if isinstance(hit, Elem) else ONE
            found.setdefault((cell, index), []).append(substitute(factor, {Sym(b): Sym(cell.index) for b in own}))
    parts = [Part(cell, index, normal.ratio(add(*a)).term) for (cell, index), a in found.items()]
    if len({p.cell for p in parts}) < len(parts):
        raise Hard  # two members of one cell that may be the same
    return add(*centre) if centre else ZERO, parts


def _at(t: Term, part: Part) -> Term:
    """A term in the cell's index, for the member that the part speaks of."""
    return t if part.index is None or not part.cell.index else substitute(t, {Sym(part.cell.index): part.index})


def folded(centre: Term, parts: list[Part], shapes: dict[Cell, Shape], normal: Normal) -> Term:
    """The mean of |z| for a normal z, on both sides of its zero.

    μ_j ~ N(m_j, v_j) independent    z = c + Σ a_j μ_j    m = c + Σ a_j m_j    s² = Σ a_j² v_j > 0
    F(t) = m erf(t/√2)/2 − s φ(t),  F' = (m + s t) φ,  F(±∞) = ±m/2,   zero at t = −m/s
    ------------------------------------------------------------------------------------------------
    ⟨|z|⟩ = F(∞) + F(−∞) − 2 F(−m/s) = s √(2/π) exp(−m²/2s²) + m erf(m/(s √2))
    """
    mean, variance = moments(centre, parts, shapes)
    v = normal.ratio(variance)
    if normal.sign(v.num) != POSITIVE or normal.sign(v.den) != POSITIVE:
        raise Hard
    m, s = normal.ratio(mean).term, normal.ratio(sqrt(v.term)).term
    normal.steps["the mean of |z| for a normal z"] = None
    return s * sqrt(TWO / PI) * exp(neg(m**2 / (TWO * v.term))) + m * Fn("erf", (m / (s * sqrt(TWO)),))


def weighed(
    centre: Term, parts: list[Part], shapes: dict[Cell, Shape], normal: Normal, cell: Cell, beside: Term
) -> Term:
    """The mean of μ_a |z| for normal parameters, by Stein's identity.

    μ_j ~ N(m_j, v_j) independent    z = c + Σ a_j μ_j    m = c + Σ a_j m_j    s² = Σ a_j² v_j > 0
    ------------------------------------------------------------------------------------------------
    ⟨μ_a |z|⟩ = m_a ⟨|z|⟩ + a_a v_a erf(m/(s √2))          (⟨(μ − m) g(z)⟩ = a v ⟨g′(z)⟩)
    """
    shape, index = shapes[cell], beside.index[0] if isinstance(beside, Elem) else ONE
    inside = [p for p in parts if p.cell is cell]
    if any(p.index is not None and not normal.equal(p.index, index) for p in inside):
        raise Hard  # it can't be told which of the members is meant

    def here(t: Term) -> Term:
        return substitute(t, {Sym(cell.index): index}) if cell.index else t

    slope = add(*(here(p.coefficient) for p in inside)) if inside else ZERO
    m, v = moments(centre, parts, shapes)
    sign = Fn("erf", (m / sqrt(TWO * v),))
    normal.steps["the mean of μ |z| by Stein's identity"] = None
    return here(shape.mean) * folded(centre, parts, shapes, normal) + slope * here(shape.variance) * sign


def moments(centre: Term, parts: list[Part], shapes: dict[Cell, Shape]) -> tuple[Term, Term]:
    """Mean and variance of an affine form of independent parameters."""
    mean, variance = [centre], list[Term]()
    for p in parts:
        shape = shapes[p.cell]
        for into, value in ((mean, p.coefficient * shape.mean), (variance, p.coefficient**2 * shape.variance)):
            whole = p.index is None
            into.append(Sum(p.cell.index, p.cell.first, p.cell.last, value) if whole else _at(value, p))
    return add(*mean), add(*variance)


def corners(centre: Term, parts: list[Part], shapes: dict[Cell, Shape], normal: Normal) -> Term:
    """The mean of |z| over a box, from its corners: one variable after the other is integrated out.

    z = a t + b    a ≠ 0                                    (z ↦ zᵏ|z| has the antiderivative zᵏ⁺¹|z|/(k+2))
    ------------------------------------------------
    ∫_l^h zᵏ |z| dt = [zᵏ⁺¹|z| / ((k+2) a)] from l to h

    z = c + Σ_{j=1}^{m} a_j μ_j    μ_j uniform on an interval of width w_j    a_j ≠ 0    ε ∈ {−1, 1}ᵐ the corners
    -----------------------------------------------------------------------------------------------------------
    ⟨|z|⟩ = Σ_ε ε_1 ⋯ ε_m z_εᵐ |z_ε| / ((m+1)! Π a_j w_j)
    """
    parts = [p for p in parts if normal.poly(p.coefficient).terms]
    m = len(parts)
    if m > CORNERS or any(p.index is None or not nonzero(normal.poly(p.coefficient), normal) for p in parts):
        raise Hard
    if not all(normal.equal(shapes[p.cell].variance, shapes[p.cell].mass ** 2 / 12) for p in parts):
        raise Hard  # no interval
    total: list[Term] = []
    widths = [_at(shapes[p.cell].mass, p) for p in parts]
    for signs in itertools.product((1, -1), repeat=m):
        z, sign = centre, 1
        for p, w, e in zip(parts, widths, signs, strict=True):
            z, sign = z + p.coefficient * (_at(shapes[p.cell].mean, p) + w * Num(Fraction(e, 2))), sign * e
        total.append(mul(Num(Fraction(sign)), z**m, Fn("abs", (z,))))
    normal.steps["the mean of |z| over a box, from its corners"] = None
    under = mul(Num(Fraction(factorial(m + 1))), *(p.coefficient * w for p, w in zip(parts, widths, strict=True)))
    return add(*total) / under


def nonzero(p: Poly, normal: Normal) -> bool:
    """Whether a polynomial is known not to vanish: by its sign, or as a product of what is assumed not to."""
    if POSITIVE in (normal.sign(p), normal.sign(-p)):
        return True
    one = p.single
    return one is not None and all(
        normal.generator_sign(a) == POSITIVE or (isinstance(a, (Elem, Sym)) and a.name in normal.context.nonzero)
        for a, _ in one[0].factors
    )


@dataclass(frozen=True)
class Form:
    """factor · |centre + parts|, affine in the variables of an integral."""

    factor: Term
    centre: Term
    parts: tuple[Part, ...]


def affine_body(t: Int, normal: Normal) -> Form | None:
    """The integrand of `t` as an absolute value of an affine form; None for any other."""
    one = normal.poly(t.body).single
    names = {o.var.name for o in t.over if isinstance(o.var, (Sym, Elem))}
    if one is None or one[0].power.terms:
        return None
    inside = [(a, e) for a, e in one[0].factors if names & free(a)]
    (f, e) = inside[0] if len(inside) == 1 else (ONE, Fraction(1))
    if not (isinstance(f, Fn) and f.name == "abs") or e != 1:
        return None
    try:
        cells = _cells(t.over, _points(f, names), normal)
        centre, parts = _affine(f.args[0], Product([], [], []), cells, names, normal)
    except Hard:
        return None
    factor = mono_term(Mono([x for x in one[0].factors if x not in inside]), one[1])
    return Form(factor, centre, tuple(parts)) if not names & free(centre) else None


def thick(t: Int, normal: Normal) -> bool:
    """Whether ∫ |P| over a box is known to be positive.

    P affine, one of its coefficients ≠ 0     every side of the box longer than 0
    -----------------------------------------------------------------------------
    ∫ |P| > 0         (P vanishes on a plane at most)
    """
    form = affine_body(t, normal)
    if form is None or normal.sign(normal.poly(form.factor)) != POSITIVE:
        return False
    if any("oo" in free(o.low) | free(o.high) or normal.sign(normal.poly(o.high - o.low)) != POSITIVE for o in t.over):
        return False
    for p in form.parts:
        there = normal.least(normal.poly(p.cell.last - p.cell.first)) >= 0
        at = p.coefficient if p.index else substitute(p.coefficient, {Sym(p.cell.index): p.cell.last})
        if there and nonzero(normal.poly(at), normal):
            return True
    return False


def _points(t: Term, names: set[str]) -> list[Term]:
    """Indices at which single parameters stand in `t`."""
    indices = (i for x in walk(t) if isinstance(x, Elem) and x.name in names for i in x.index)
    return [i for i in indices if not any(s.startswith("_") for s in free(i))]


def exchanged(m: Mono, over: tuple[Over, ...], names: set[str], normal: Normal) -> Ratio | None:
    """∫ Σᵢ |fᵢ| dμ = Σᵢ ∫ |fᵢ| dμ, what is free of μ taken outside; None for any other integrand."""
    inside = [(a, e) for a, e in m.factors if names & free(a)]
    bound = Poly({pm: c for pm, c in m.power.terms.items() if names & free(mono_term(pm))})
    (total, e) = inside[0] if len(inside) == 1 else (ONE, 1)
    if bound.terms or not isinstance(total, Sum) or e != 1 or names & (free(total.low) | free(total.high)):
        return None
    if not any(isinstance(x, Fn) and x.name == "abs" for x in walk(total.body)):
        return None
    index = fresh("b")
    each = Int(over, substitute(total.body, {Sym(total.index): Sym(index)}))
    outside = Mono([f for f in m.factors if f not in inside], m.power)
    return normal.ratio(mul(mono_term(outside), Sum(index, total.low, total.high, each)))


def absolute_value(t: Fn, normal: Normal) -> Ratio:
    """|a b| = |a| |b|, |a| = a where a ≥ 0. Every quantity is a real number."""
    r = normal.ratio(t.args[0])
    return Ratio(_absolute(r.num, normal)) * Ratio(_absolute(r.den, normal)).inverse()


def _absolute(p: Poly, normal: Normal) -> Poly:
    if normal.sign(p) in (POSITIVE, NONNEGATIVE):
        return p
    if normal.sign(-p) in (POSITIVE, NONNEGATIVE):
        return -p
    c, m, core = primitive(p)
    out = exponential(m.power).scale(abs(c))
    for a, e in m.factors:
        signed = normal.generator_sign(a) in (POSITIVE, NONNEGATIVE)
        out = out * (generator(a, e) if signed else normal._absolute_generator(a, e))
    return out if core == CONST_ONE else out * generator(Fn("abs", (to_term(core),)))


def error_function(t: Fn, normal: Normal) -> Ratio:
    """erf(−z) = −erf(z), erf(0) = 0."""
    p = normal.poly(t.args[0])
    if not p.terms:
        return Ratio(CONST_ZERO)
    turned = primitive(p)[0] < 0
    out = generator(Fn("erf", (to_term(-p if turned else p),)))
    return Ratio(-out if turned else out)
