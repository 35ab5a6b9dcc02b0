"""Functions of one linear form of independent uniform parameters: brought to the unit cube, and how they grow."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from derive.kernel.absolute import Part, _affine, _at, affine_body
from derive.kernel.measure import Cell, Hard, Product, Shape, _flatten, _summed
from derive.kernel.poly import Poly, Refusal, to_term
from derive.term import (
    HALF,
    ONE,
    Elem,
    Fn,
    Int,
    Min,
    Num,
    Over,
    Prod,
    Sum,
    Sym,
    Term,
    add,
    exp,
    free,
    fresh,
    ln,
    mul,
    neg,
    rebuild,
    substitute,
    walk,
)

if TYPE_CHECKING:
    from derive.kernel.growth import Growth, Lead
    from derive.kernel.normal import Normal


def on_unit_cube(
    product: Product, hard: list[Term], cells: list[Cell], shapes: dict[Cell, Shape], names: set[str], normal: Normal
) -> Term:
    """A function of one linear form of independent uniform parameters is a mean over a cube.

    μ_j uniform on an interval of middle m_j and width w_j, independent     z = c + Σ a_j μ_j
    -----------------------------------------------------------------------------------------
    ⟨g(z)⟩ = ∫ g(c + Σ a_j m_j + Σ a_j w_j u_j) du,   u_j from −1/2 to 1/2

    The cube does not change when every u_j changes sign: of the two forms that gives, one is taken.
    """
    if product.hits or len(names) != 1 or any(s.normal for s in shapes.values()) or any(c.symbol for c in cells):
        raise Hard
    if any(isinstance(x, Fn) and x.name == "abs" for f in hard for x in walk(f)):
        raise Hard  # absolute values have rules of their own
    form, g = _one_form(hard, names, normal)
    z, (name,) = Sym(fresh("z")), names
    centre, parts = _affine(form, Product([], [], []), cells, names, normal)
    constant = [centre, *(_over(p, p.coefficient * _at(shapes[p.cell].mean, p)) for p in parts)]
    slope = [_over(p, mul(p.coefficient, _at(shapes[p.cell].mass, p), p.cell.at(_index(p)))) for p in parts]
    over = tuple(
        Over(Elem(name, (Sym("#"),)), neg(HALF), HALF, "#", p.cell.first, p.cell.last)
        if p.index is None
        else Over(Elem(name, (p.index,)), neg(HALF), HALF)
        for p in parts
    )
    candidates = []
    for sign in (1, -1):
        value = add(*constant, Num(Fraction(sign)) * add(*slope))
        body = normal.ratio(substitute(g(z), {z: value})).term
        candidates.append(Int(over, body))
    result = min(candidates, key=lambda c: c.key)
    normal.adopt(result)
    normal.steps["a function of one linear form of uniform parameters"] = None
    outer = mul(Num(product.coefficient), *(f for f in product.others if f not in hard))
    return _summed(outer * result, product)


def _index(p: Part) -> Term:
    return Sym(p.cell.index) if p.index is None else p.index


def _over(p: Part, value: Term) -> Term:
    return Sum(p.cell.index, p.cell.first, p.cell.last, value) if p.index is None else value


def _one_form(hard: list[Term], names: set[str], normal: Normal):  # type: ignore[no-untyped-def]
    """The one linear form that the factors depend on, and their product as a function of it."""
    forms: list[Term] = []
    z = Sym(fresh("z"))

    def abstract(h: Term) -> Term:
        if not names & free(h):
            return h
        p = normal.poly(h)
        if _is_affine(p, names, normal):
            if not forms:
                forms.append(to_term(p))
            for scale, value in ((1, z), (-1, neg(z))):
                if not (normal.poly(forms[0]).scale(Fraction(scale)) - p).terms:
                    return value
            raise Hard
        if isinstance(h, (Elem, Sym, Sum, Prod, Int, Min)):
            raise Hard
        return rebuild(h, abstract)

    body = mul(*(abstract(f) for f in hard))
    if len(forms) != 1:
        raise Hard
    return forms[0], lambda value: substitute(body, {z: value})


def _is_affine(p: Poly, names: set[str], normal: Normal) -> bool:
    for m in p.terms:
        try:
            f = _flatten(m, names, normal)
        except Hard:
            return False
        if len(f.hits) > 1 or any(names & free(o) for o in f.others):
            return False
    return True


def softplus_over_box(g: Int, growth: Growth) -> Lead | None:
    """The integral of ln(1 + e^P) over a box, P linear, that its corner outgrows; None for any other integral.

    max(0, P) ≤ ln(1 + e^P) ≤ max(0, P) + ln 2     P(−μ) = −P(μ), B symmetric     ∫_B |P| ≻ ∫_B 1
    ---------------------------------------------------------------------------------------------
    ∫_B ln(1 + e^P) ~ ∫_B max(0, P) = ½ ∫_B |P|
    """
    from derive.kernel.growth import Lead

    normal = growth.normal
    form = _softplus(g, normal)
    if form is None:
        return None
    absolute = Int(g.over, Fn("abs", (form,)))
    affine = affine_body(absolute, normal)
    if affine is None or normal.poly(affine.centre).terms:
        return None
    for o in g.over:
        if "oo" in free(o.low) | free(o.high) or not normal.equal(o.low, neg(o.high)):
            return None
    corner, volume = normal.ratio(absolute), normal.ratio(Int(g.over, ONE))
    top, bottom = growth.lead(corner.num), growth.lead(corner.den)
    if 0 in (growth._sign(top.coefficient), growth._sign(bottom.coefficient)):
        raise Refusal("the mean of |z| may vanish")
    held = [growth.lead(p).scale for p in (volume.num, volume.den)]
    scale = top.scale.plus(bottom.scale, Fraction(-1))
    if growth.compare(scale.plus(held[0].plus(held[1], Fraction(-1)), Fraction(-1))) <= 0:
        return None
    normal.steps["softplus bounded by its corner"] = None
    value = top.coefficient * bottom.coefficient.inverse() * normal.ratio(HALF)
    return Lead(scale, value, False)


def _softplus(g: Int, normal: Normal) -> Term | None:
    """P of a body ln(1 + e^P)."""
    one = normal.poly(g.body).single
    if one is None or one[1] != 1 or one[0].power.terms or len(one[0].factors) != 1:
        return None
    ((f, e),) = one[0].factors
    if e != 1 or not (isinstance(f, Fn) and f.name == "ln"):
        return None
    for x in walk(f.args[0]):
        if isinstance(x, Fn) and x.name == "exp" and normal.equal(g.body, ln(ONE + exp(x.args[0]))):
            return x.args[0]
    return None
