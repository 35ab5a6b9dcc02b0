"""Product measures over parameters: cells, moments, and functions of one linear form.

The range of the parameters is cut into cells on which the weight has one shape; every sum in the integrand is cut
alike. Where it can't be told in which cell a parameter lies, the integrand is `Hard`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from derive.kernel.context import POSITIVE
from derive.kernel.poly import Mono, Poly, Ratio, Refusal, mono_term, to_term
from derive.term import (
    INF,
    MINUS_INF,
    ONE,
    PI,
    TWO,
    ZERO,
    Elem,
    Int,
    Min,
    Mul,
    Num,
    Over,
    Pow,
    Prod,
    Sum,
    Sym,
    Term,
    add,
    exp,
    free,
    fresh,
    mul,
    neg,
    rebuild,
    sqrt,
    substitute,
    walk,
)

if TYPE_CHECKING:
    from derive.kernel.normal import Normal

REACH = 8  # how many single parameters may be cut off the end of a family


@dataclass(frozen=True)
class Cell:
    """Parameters `name[first..last]` (or one plain symbol) with one shape of domain; ends are terms in `index`."""

    name: str
    first: Term
    last: Term
    index: str
    low: Term
    high: Term
    symbol: Sym | None = None

    @property
    def point(self) -> bool:
        return self.symbol is not None or self.first == self.last

    def at(self, index: Term) -> Term:
        return self.symbol or Elem(self.name, (index,))


@dataclass
class Product:
    """A monomial taken apart: sums over `binders`, the integration variables `hits`, all other factors."""

    binders: list[tuple[str, Term, Term]]
    hits: list[Term]
    others: list[Term]
    coefficient: Fraction = Fraction(1)


class Hard(Exception):
    """The integrand is no polynomial times a product weight."""


def product_measure(m: Mono, over: tuple[Over, ...], names: set[str], normal: Normal) -> Ratio:
    r"""Independence and linearity.

    weight = Π_j w_j(μ_j)     masses M_j, cumulants κ_1, κ_2, κ_3 = 0, κ_4
    ---------------------------------------------------------------------------------------------
    ∫ μ_a μ_b … weight dμ = (Π_j M_j) · Σ over partitions Π over blocks κ_{|block|} [all indices of a block equal]
    """
    product = _flatten(Mono(m.factors), names, normal)
    weights = [(_flatten(pm, names, normal), pc) for pm, pc in m.power.terms.items() if names & free(mono_term(pm))]
    rest_power = Poly({pm: pc for pm, pc in m.power.terms.items() if not names & free(mono_term(pm))})
    hard = [f for f in product.others if names & free(f)]
    vectors = {o.var.name for o in over if isinstance(o.var, Sym)}
    if any(isinstance(x, Elem) and x.name in vectors for x in walk(mono_term(m))):
        raise Hard  # components of a vector that is integrated over as a whole
    if any(names & free(f) for w, _ in weights for f in w.others):
        raise Hard
    every = [product, *(w for w, _ in weights)]
    points = [i for w in every for h in w.hits if isinstance(h, Elem) for i in h.index]
    points += [i for f in hard for x in walk(f) if isinstance(x, Elem) and x.name in names for i in x.index]
    bound = {b for w in every for b, _, _ in w.binders}
    points = [p for p in points if not (bound & free(p)) and not any(s.startswith("_") for s in free(p))]
    cells = _cells(over, points, normal)
    constant = Ratio(rest_power)
    for w, pc in weights:
        for p in _expand(w, cells, normal):
            if all(_cell_of(h, p, cells, normal) is None for h in p.hits):  # not integrated over
                constant = constant + normal.ratio(_summed(mul(Num(pc * p.coefficient), *p.others, *p.hits), p))
    shapes = {c: _shape(c, weights, cells, normal) for c in cells}
    if (hard or product.hits) and not all(s.moments for s in shapes.values()):
        raise Hard
    mass = mul(*(_over_cell(c, s.mass) for c, s in shapes.items()))
    if hard:
        value = _of_form(product, hard, cells, shapes, names, normal)
    else:
        value = _moments(product, cells, shapes, normal)
    normal.steps["independence and linearity of the mean over parameters"] = None
    return normal.ratio(mul(exp(constant.term), mass, value))


def _of_form(
    product: Product, hard: list[Term], cells: list[Cell], shapes: dict[Cell, Shape], names: set[str], normal: Normal
) -> Term:
    from derive.kernel.absolute import absolute_mean
    from derive.kernel.box import on_unit_cube

    for rule in (absolute_mean, _linear_form):
        try:
            return rule(product, hard, cells, shapes, names, normal)
        except Hard:
            continue
    return on_unit_cube(product, hard, cells, shapes, names, normal)


def _summed(body: Term, p: Product) -> Term:
    for b, first, last in p.binders:
        body = Sum(b, first, last, body)
    return body


def _flatten(m: Mono, names: set[str], normal: Normal) -> Product:
    out = Product([], [], [])
    for a, e in m.factors:
        copies = int(e) if e.denominator == 1 and e > 0 else 0
        if isinstance(a, (Elem, Sym)) and a.name in names:
            if not copies or copies > 4:
                raise Hard
            out.hits += [a] * copies
        elif isinstance(a, Sum) and copies and names & free(a):
            for _ in range(copies):
                inner: Term = a
                while isinstance(inner, Sum):
                    b = fresh("b")
                    out.binders.append((b, inner.low, inner.high))
                    inner = substitute(inner.body, {Sym(inner.index): Sym(b)})
                p = normal.poly(inner).single
                if p is None or p[0].power.terms:
                    raise Hard
                part = _flatten(p[0], names, normal)
                out.binders += part.binders
                out.hits += part.hits
                out.others += part.others
                out.coefficient *= p[1] * part.coefficient
        else:
            out.others.append(a if e == 1 else Pow(a, Num(e)))
    if m.power.terms:
        if names & free(to_term(m.power)):
            raise Hard
        out.others.append(exp(to_term(m.power)))
    if {b for b, _, _ in out.binders} & {n for _, low, high in out.binders for n in free(low) | free(high)}:
        raise Hard  # a sum whose length depends on the index of another
    return out


def _below(a: Term, b: Term, normal: Normal) -> bool:
    """a ≤ b − 1 is known."""
    return normal.least(normal.poly(b) - normal.poly(a)) >= 1


def _distance(a: Term, b: Term, normal: Normal) -> int | None:
    """b − a when it is a known whole number."""
    d = (normal.poly(b) - normal.poly(a)).number
    return int(d) if d is not None and d.denominator == 1 else None


def _cells(over: tuple[Over, ...], points: list[Term], normal: Normal) -> list[Cell]:
    cells: list[Cell] = []
    for o in over:
        if isinstance(o.var, Sym):
            cells.append(Cell(o.var.name, ONE, ONE, "", o.low, o.high, o.var))
        elif isinstance(o.var, Elem):
            if not o.index:
                cells.append(Cell(o.var.name, o.var.index[0], o.var.index[0], "", o.low, o.high))
            elif o.var.index == (Sym(o.index),):
                cells.append(Cell(o.var.name, o.first, o.last, o.index, o.low, o.high))
            else:
                raise Hard
    for one, two in itertools.combinations(cells, 2):
        if one.name == two.name and not (_below(one.last, two.first, normal) or _below(two.last, one.first, normal)):
            raise Refusal("a parameter may be integrated over twice")
    for p in dict.fromkeys(points):
        cells = [piece for c in cells for piece in _cut(c, p, normal)]
    return cells


def _cut(c: Cell, p: Term, normal: Normal) -> Iterator[Cell]:
    """The cell, with the parameter of index p on its own if it lies inside."""
    if c.point:
        yield c
        return

    def piece(first: Term, last: Term) -> Cell:
        return Cell(c.name, normal.ratio(first).term, normal.ratio(last).term, c.index, c.low, c.high)

    up, down = _distance(p, c.last, normal), _distance(c.first, p, normal)
    length = _distance(c.first, c.last, normal)
    if (up is not None and up < 0) or (down is not None and down < 0):
        yield c  # the parameter lies outside
    elif up is not None and 0 <= up <= REACH and (length is None or up <= length):
        if normal.least(normal.poly(p) - normal.poly(c.first)) < 0:
            raise Refusal("a parameter may lie outside the range of integration")
        if up != length:
            yield piece(c.first, p - 1)
        yield piece(p, p)
        if up:
            yield piece(p + 1, c.last)
    elif down is not None and 0 <= down <= REACH:
        if normal.least(normal.poly(c.last) - normal.poly(p)) < 0:
            raise Refusal("a parameter may lie outside the range of integration")
        if down:
            yield piece(c.first, p - 1)
        yield piece(p, p)
        yield piece(p + 1, c.last)
    else:
        raise Hard


def _pieces(cells: list[Cell], name: str, last: Term, normal: Normal) -> Iterator[tuple[int, Cell | None, Term]]:
    """The range 1..last as (sign, cell, ·) or (sign, None, a single index)."""
    mine = [c for c in cells if c.name == name and c.symbol is None]
    covered: Term = ZERO
    while True:
        left = _distance(covered, last, normal)
        if left is not None and abs(left) <= REACH:
            for k in range(1, left + 1):
                yield 1, None, normal.ratio(covered + k).term
            for k in range(0, -left):
                yield -1, None, normal.ratio(covered - k).term
            return
        step = next((c for c in mine if _distance(covered + 1, c.first, normal) == 0), None)
        if step is None:
            raise Hard
        yield 1, (None if step.point else step), step.first
        covered = step.last


def _expand(p: Product, cells: list[Cell], normal: Normal) -> Iterator[Product]:
    """Sums over parameter indices cut along the cells; the indices of single parameters put in."""
    table = {b: next((h for h in p.hits if isinstance(h, Elem) and Sym(b) in h.index), None) for b, _, _ in p.binders}
    plain = [x for x in p.binders if table[x[0]] is None]
    cut = [x for x in p.binders if table[x[0]] is not None]
    choices = []
    for b, low, high in cut:
        if low != ONE:
            raise Hard
        hit = table[b]
        assert isinstance(hit, Elem)
        choices.append(list(_pieces(cells, hit.name, high, normal)))
    for choice in itertools.product(*choices):
        sign, binders, points = 1, list(plain), dict[Term, Term]()
        for (b, _, _), (s, cell, index) in zip(cut, choice, strict=True):
            sign *= s
            if cell is None:
                points[Sym(b)] = index
            else:
                binders.append((b, cell.first, cell.last))
        yield Product(
            binders,
            [normal.ratio(substitute(h, points)).term for h in p.hits],
            [substitute(f, points) for f in p.others],
            p.coefficient * sign,
        )


def _cell_of(hit: Term, p: Product, cells: list[Cell], normal: Normal) -> Cell | None:
    """The cell an integration variable lies in; None when it certainly lies in none."""
    mine = [c for c in cells if isinstance(hit, (Sym, Elem)) and c.name == hit.name]
    if not isinstance(hit, Elem) or len(hit.index) != 1 or any(c.symbol for c in mine):
        if [c.symbol for c in mine] != [hit]:
            raise Hard
        return mine[0]
    (index,) = hit.index
    for b, first, last in p.binders:
        if index == Sym(b):
            inside = [c for c in mine if not c.point and (c.first, c.last) == (first, last)]
            if not inside:
                raise Hard
            return inside[0]
    for c in mine:
        if c.point and _distance(c.first, index, normal) == 0:
            return c
        if not (_below(index, c.first, normal) or _below(c.last, index, normal)):
            raise Hard  # it may lie inside
    return None


@dataclass(frozen=True)
class Shape:
    """Mass and cumulants of the weight on a cell, as terms in the cell's index."""

    mass: Term
    mean: Term
    variance: Term
    fourth: Term
    normal: bool
    moments: bool = True  #: whether more than the mass is known


def _shape(c: Cell, weights: list[tuple[Product, Fraction]], cells: list[Cell], normal: Normal) -> Shape:
    """A named identity for each of the two weights.

    a > 0
    ---------------------------------------------------------------------------------------------------
    ∫ exp(−a μ² + b μ) dμ = √(π/a) exp(b²/4a), of mean b/2a and variance 1/2a, all higher cumulants 0

    h > l
    ---------------------------------------------------------------------------------------------------
    ∫_l^h dμ = h − l, of mean (h+l)/2 and variance (h−l)²/12, third cumulant 0, fourth −(h−l)⁴/120
    """
    quadratic: Term = ZERO
    linear: Term = ZERO
    index = Sym(c.index) if c.index else c.first
    for product, pc in weights:
        for p in _expand(product, cells, normal):
            if not p.hits or _cell_of(p.hits[0], p, cells, normal) is not c:
                if len(p.hits) == 2 and _cell_of(p.hits[1], p, cells, normal) is c:
                    raise Hard
                continue
            factor: Term = mul(Num(pc * p.coefficient), *p.others)
            own = [b for b, _, _ in p.binders if isinstance(p.hits[0], Elem) and p.hits[0].index == (Sym(b),)]
            if len(own) != len(p.binders) or len(p.hits) > 2 or p.hits[0] != p.hits[-1]:
                raise Hard
            factor = substitute(factor, {Sym(b): index for b in own})
            if len(p.hits) == 2:
                quadratic = quadratic + factor
            else:
                linear = linear + factor
    a, b = normal.poly(neg(quadratic)), normal.poly(linear)
    low, high = (substitute(x, {Sym(c.index): index}) if c.index else x for x in (c.low, c.high))
    if c.point and c.index:
        low, high = (substitute(x, {Sym(c.index): c.first}) for x in (c.low, c.high))
        a, b = (normal.poly(substitute(to_term(x), {Sym(c.index): c.first})) for x in (a, b))
    if (low, high) == (MINUS_INF, INF):
        if normal.sign(a) != POSITIVE:
            raise Hard
        ta, tb = to_term(a), to_term(b)
        normal.steps["Gaussian integral and its moments"] = None
        return Shape(sqrt(PI / ta) * exp(tb**2 / (ta * 4)), tb / (ta * 2), ONE / (ta * 2), ZERO, True)
    if a.terms or "oo" in free(low) | free(high):
        raise Hard
    width = high - low
    if normal.sign(normal.poly(width)) != POSITIVE:
        raise Hard
    if b.terms:
        from derive.kernel.absolute import nonzero
        from derive.kernel.exponentials import tilted_mass

        if not nonzero(b, normal):
            raise Hard
        return Shape(tilted_mass(b, low, high, normal), ZERO, ZERO, ZERO, False, moments=False)
    normal.steps["moments on an interval"] = None
    return Shape(width, (high + low) / 2, width**2 / 12, neg(width**4) / 120, False)


def _over_cell(c: Cell, value: Term) -> Term:
    if c.point:
        return value
    return Prod(c.index, c.first, c.last, value)


def _cumulant(k: int, shape: Shape) -> Term:
    return {1: shape.mean, 2: shape.variance, 4: shape.fourth}.get(k, ZERO)


def _partitions(items: list[int]) -> Iterator[list[list[int]]]:
    if not items:
        yield []
        return
    first, rest = items[0], items[1:]
    for smaller in _partitions(rest):
        for k, block in enumerate(smaller):
            yield [*smaller[:k], [first, *block], *smaller[k + 1 :]]
        yield [[first], *smaller]


def _last(index: Term, merged: dict[Term, Term]) -> Term:
    while index in merged:
        index = merged[index]
    return index


def _moments(product: Product, cells: list[Cell], shapes: dict[Cell, Shape], normal: Normal) -> Term:
    if len(product.hits) > 4:
        raise Hard
    total: list[Term] = []
    for p in _expand(product, cells, normal):
        where = [_cell_of(h, p, cells, normal) for h in p.hits]
        fixed = [h for h, c in zip(p.hits, where, strict=True) if c is None]
        moving = [k for k, c in enumerate(where) if c is not None]
        for partition in _partitions(moving):
            value: list[Term] = [Num(p.coefficient), *fixed]
            merged: dict[Term, Term] = {}
            gone: set[str] = set()
            for block in partition:
                cell = where[block[0]]
                assert cell is not None
                if any(where[k] is not cell for k in block):
                    break
                shape = shapes[cell]
                kappa = _cumulant(len(block), shape)
                lead = p.hits[block[0]]
                if not cell.point:
                    assert isinstance(lead, Elem)
                    kappa = substitute(kappa, {Sym(cell.index): lead.index[0]})
                    for k in block[1:]:
                        other = p.hits[k]
                        assert isinstance(other, Elem) and isinstance(other.index[0], Sym)
                        one, two = _last(lead.index[0], merged), _last(other.index[0], merged)
                        if one != two:
                            assert isinstance(two, Sym)
                            merged[two] = one
                            gone.add(two.name)
                value.append(kappa)
            else:
                body = mul(*value, *p.others)
                for _ in merged:
                    body = substitute(body, merged)
                for b, first, last in p.binders:
                    if b not in gone:
                        body = Sum(b, first, last, body)
                total.append(body)
    return add(*total) if total else ZERO


# -- a function of one linear form -----------------------------------------------------------------


def _linear_form(
    product: Product,
    hard: list[Term],
    cells: list[Cell],
    shapes: dict[Cell, Shape],
    names: set[str],
    normal: Normal,
) -> Term:
    """A function of one linear form of independent normal parameters is a one-dimensional mean.

    μ_j ~ N(m_j, v_j) independent     z = c + Σ a_j μ_j
    ---------------------------------------------------------------------------------
    ⟨g(z)⟩ = ∫ g(c + Σ a_j m_j + s t) exp(−t²/2)/√(2π) dt,   s² = Σ a_j² v_j
    """
    if product.hits or any(not s.normal for s in shapes.values()):
        raise Hard
    forms: list[Term] = []
    z = Sym(fresh("z"))

    def abstract(h: Term) -> Term:
        if not names & free(h):
            return h
        p = normal.poly(h)
        affine = True
        for m in p.terms:
            try:
                f = _flatten(m, names, normal)
            except Hard:
                affine = False
                break
            if len(f.hits) > 1 or any(names & free(o) for o in f.others):
                affine = False
        if affine:
            if not forms:
                forms.append(to_term(p))
            for scale in (1, -1):
                if (normal.poly(forms[0]).scale(Fraction(scale)) - p).terms == {}:
                    return z if scale == 1 else neg(z)
            raise Hard
        if isinstance(h, (Elem, Sym, Sum, Prod, Int, Min)):
            raise Hard
        return rebuild(h, abstract)

    outer = mul(Num(product.coefficient), *(f for f in product.others if f not in hard))
    g = mul(*(abstract(f) for f in hard))
    if len(forms) != 1:
        raise Hard
    mean: list[Term] = []
    variance: list[Term] = []
    coefficients: dict[Cell, list[Term]] = {}
    for m, c in normal.poly(forms[0]).terms.items():
        for p in _expand(_flatten(m, names, normal), cells, normal):
            factor = mul(Num(c * p.coefficient), *p.others)
            cell = _cell_of(p.hits[0], p, cells, normal) if p.hits else None
            if cell is None:
                mean.append(_summed(mul(factor, *p.hits), p))
                continue
            hit = p.hits[0]
            own = [b for b, _, _ in p.binders if isinstance(hit, Elem) and hit.index == (Sym(b),)]
            if len(own) != len(p.binders):
                raise Hard
            coefficients.setdefault(cell, []).append(
                substitute(factor, {Sym(b): Sym(cell.index) for b in own}) if own else factor
            )
    for cell, parts in coefficients.items():
        a, shape = add(*parts), shapes[cell]
        for into, value in ((mean, a * shape.mean), (variance, a**2 * shape.variance)):
            into.append(value if cell.point else Sum(cell.index, cell.first, cell.last, value))
    s = normal.ratio(sqrt(add(*variance))).term
    centre = normal.ratio(add(*mean)).term if mean else ZERO
    t = Sym(fresh("t"))
    candidates = []
    for side in (t, neg(t)):
        value = normal.ratio(substitute(g, {z: centre + s * side})).term
        candidates.append(_standard_mean(value, t, normal))
    normal.steps["a function of one linear form of normal parameters"] = None
    return _summed(outer * min(candidates, key=lambda c: c.key), product)


def _standard_mean(value: Term, t: Sym, normal: Normal) -> Term:
    """The mean of `value` over a standard normal t, in its standard form: from here on a generator."""
    from derive.kernel.normal import _level

    name = Sym(f"_{_level(value) + 1}")
    density = (exp(neg(name**2) / 2), Pow(TWO * PI, Num(Fraction(-1, 2))))
    result = Int((Over(name, MINUS_INF, INF),), Mul((substitute(value, {t: name}), *density)))
    normal.adopt(result)
    return result
