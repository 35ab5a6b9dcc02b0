"""Integrals over parameters: product measures, their moments, and functions of one linear form.

A printed integral over μ_1 … μ_K with a product of densities is read as what it is, an iterated integral. The range
of the parameters is cut into cells on which the weight has one shape; every sum in the integrand is cut alike.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from derive.kernel.antiderivative import certified
from derive.kernel.context import POSITIVE
from derive.kernel.poly import CONST_ONE, CONST_ZERO, UNIT, Mono, Poly, Ratio, Refusal, mono_term, to_term
from derive.term import (
    INF,
    MINUS_INF,
    ONE,
    PI,
    TWO,
    ZERO,
    App,
    Elem,
    Fn,
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
    bound_in,
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


class _Hard(Exception):
    """The integrand is no polynomial times a product weight."""


def integral(t: Int, normal: Normal) -> Ratio:
    """The normal form of an integral.

    ∫ (a f + b g) = a ∫ f + b ∫ g;   ∫ Σᵢ f = Σᵢ ∫ f   (finite sums)
    """
    t = _renamed(t, normal)
    over = tuple(_canonical_over(o, normal) for o in t.over)
    body = normal.ratio(t.body)
    names = {o.var.name for o in over if isinstance(o.var, (Elem, Sym))}
    outside = CONST_ONE
    if names & free(to_term(body.den)):
        poly = normal.poly(body.term)
    else:
        poly, outside = body.num, body.den
    total = Ratio(CONST_ZERO)
    for m, c in poly.terms.items():
        total = total + Ratio(Poly({UNIT: c})) * _monomial(m, over, names, normal)
    return total * Ratio(outside).inverse()


def _renamed(t: Int, normal: Normal) -> Int:
    """Bound names made new, so that no assumption about a letter reaches a variable that is spelled like it.

    The index of a family is "#" in every Over: its reach is the Over alone. A family keeps its name.
    """
    plain = [o.var.name for o in t.over if isinstance(o.var, Sym)]
    family = {o.var.name for o in t.over if isinstance(o.var, Elem)}
    if len(set(plain)) < len(plain) or family & set(plain) or any(normal.context.assumes(f) for f in family):
        raise Refusal("a variable that is integrated over twice, or one that something is assumed of")
    body, over = t.body, list[Over]()
    table = {name: fresh("v") for name in plain}
    for name, new in table.items():
        body = called(body, name, new)
    for o in t.over:
        var, low, high, ends = o.var, o.low, o.high, free(o.low) | free(o.high)
        if isinstance(var, Sym) and not o.index:
            if isinstance(low, Fn) and low.name == "lower":  # an open domain may be written with its variable
                low, high = (called(x, var.name, table[var.name]) for x in (low, high))
                ends -= {var.name}
            over.append(Over(Sym(table[var.name]), low, high))
        elif isinstance(var, Elem):
            inner: dict[Term, Term] = {Sym(o.index): Sym("#")} if o.index else {}
            index = tuple(substitute(i, inner) for i in var.index)
            low, high = substitute(low, inner), substitute(high, inner)
            over.append(Over(Elem(var.name, index), low, high, o.index and "#", o.first, o.last))
        else:
            raise Refusal("an integral over something that is no variable")
        if ends & (family | set(plain)):
            raise Refusal("a domain that depends on the variables of its own integral")
    return Int(tuple(over), body)


def called(t: Term, name: str, new: str) -> Term:
    """`t` with a free symbol, and its components, under a new name."""
    if name not in free(t):
        return t
    if name in bound_in(t):
        raise Refusal(f"{name} is bound twice")
    if isinstance(t, Sym):
        return Sym(new)
    t = rebuild(t, lambda c: called(c, name, new))
    return Elem(new, t.index) if isinstance(t, Elem) and t.name == name else t


def _canonical_over(o: Over, normal: Normal) -> Over:
    def canonical(x: Term) -> Term:
        return x if "oo" in free(x) else normal.ratio(x).term

    var = Elem(o.var.name, tuple(canonical(i) for i in o.var.index)) if isinstance(o.var, Elem) else o.var
    return Over(var, canonical(o.low), canonical(o.high), o.index, canonical(o.first), canonical(o.last))


def _monomial(m: Mono, over: tuple[Over, ...], names: set[str], normal: Normal) -> Ratio:
    try:
        return _product_measure(m, over, names, normal)
    except _Hard:
        if normal.integrate is not None and len(over) == 1:
            body = mono_term(m)
            proposed = normal.integrate(body, over[0].var)
            value = certified(body, over[0], proposed, normal) if proposed is not None else None
            if value is not None:
                return value
        return _opaque(m, over, names, normal)


# -- product measures ------------------------------------------------------------------------------


def _product_measure(m: Mono, over: tuple[Over, ...], names: set[str], normal: Normal) -> Ratio:
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
        raise _Hard  # components of a vector that is integrated over as a whole
    if any(names & free(f) for w, _ in weights for f in w.others):
        raise _Hard
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
    mass = mul(*(_over_cell(c, s.mass) for c, s in shapes.items()))
    if hard:
        value = _linear_form(product, hard, cells, shapes, names, normal)
    else:
        value = _moments(product, cells, shapes, normal)
    normal.steps["independence and linearity of the mean over parameters"] = None
    return normal.ratio(mul(exp(constant.term), mass, value))


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
                raise _Hard
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
                    raise _Hard
                part = _flatten(p[0], names, normal)
                out.binders += part.binders
                out.hits += part.hits
                out.others += part.others
                out.coefficient *= p[1] * part.coefficient
        else:
            out.others.append(a if e == 1 else Pow(a, Num(e)))
    if m.power.terms:
        if names & free(to_term(m.power)):
            raise _Hard
        out.others.append(exp(to_term(m.power)))
    if {b for b, _, _ in out.binders} & {n for _, low, high in out.binders for n in free(low) | free(high)}:
        raise _Hard  # a sum whose length depends on the index of another
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
                raise _Hard
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
    if up is not None and 0 <= up <= REACH and (length is None or up <= length):
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
    elif (up is not None and up < 0) or (down is not None and down < 0):
        yield c
    else:
        raise _Hard


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
            raise _Hard
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
            raise _Hard
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
            raise _Hard
        return mine[0]
    (index,) = hit.index
    for b, first, last in p.binders:
        if index == Sym(b):
            inside = [c for c in mine if not c.point and (c.first, c.last) == (first, last)]
            if not inside:
                raise _Hard
            return inside[0]
    for c in mine:
        if c.point and _distance(c.first, index, normal) == 0:
            return c
        if not (_below(index, c.first, normal) or _below(c.last, index, normal)):
            raise _Hard  # it may lie inside
    return None


@dataclass(frozen=True)
class Shape:
    """Mass and cumulants of the weight on a cell, as terms in the cell's index."""

    mass: Term
    mean: Term
    variance: Term
    fourth: Term
    normal: bool


def _shape(c: Cell, weights: list[tuple[Product, Fraction]], cells: list[Cell], normal: Normal) -> Shape:
    """A named identity for each of the two weights.

    a > 0:   ∫ exp(−a μ² + b μ) dμ = √(π/a) exp(b²/4a), mean b/2a, variance 1/2a, higher cumulants 0
    h > l:   ∫_l^h dμ = h − l, mean (h+l)/2, variance (h−l)²/12, third cumulant 0, fourth −(h−l)⁴/120
    """
    quadratic: Term = ZERO
    linear: Term = ZERO
    index = Sym(c.index) if c.index else c.first
    for product, pc in weights:
        for p in _expand(product, cells, normal):
            if not p.hits or _cell_of(p.hits[0], p, cells, normal) is not c:
                if len(p.hits) == 2 and _cell_of(p.hits[1], p, cells, normal) is c:
                    raise _Hard
                continue
            factor: Term = mul(Num(pc * p.coefficient), *p.others)
            own = [b for b, _, _ in p.binders if isinstance(p.hits[0], Elem) and p.hits[0].index == (Sym(b),)]
            if len(own) != len(p.binders) or len(p.hits) > 2 or p.hits[0] != p.hits[-1]:
                raise _Hard
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
            raise _Hard
        ta, tb = to_term(a), to_term(b)
        normal.steps["Gaussian integral and its moments"] = None
        return Shape(sqrt(PI / ta) * exp(tb**2 / (ta * 4)), tb / (ta * 2), ONE / (ta * 2), ZERO, True)
    if a.terms or b.terms or "oo" in free(low) | free(high):
        raise _Hard
    width = high - low
    if normal.sign(normal.poly(width)) != POSITIVE:
        raise _Hard
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
        raise _Hard
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
        raise _Hard
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
            except _Hard:
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
            raise _Hard
        if isinstance(h, (Elem, Sym, Sum, Prod, Int, Min)):
            raise _Hard
        return rebuild(h, abstract)

    outer = mul(Num(product.coefficient), *(f for f in product.others if f not in hard))
    g = mul(*(abstract(f) for f in hard))
    if len(forms) != 1:
        raise _Hard
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
                raise _Hard
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


# -- everything else -------------------------------------------------------------------------------


def _opaque(m: Mono, over: tuple[Over, ...], names: set[str], normal: Normal) -> Ratio:
    """An integral of something open keeps only its linearity, and vanishes when odd.

    f(−μ) = −f(μ)     domain symmetric     f holds an open function: that ∫ f exists is a premise then
    --------------------------------------------------------------------------------------------------
    ∫ f dμ = 0
    """
    outside = Mono([(a, e) for a, e in m.factors if not names & free(a)])
    inside = Mono([(a, e) for a, e in m.factors if names & free(a)], m.power)
    body = mono_term(inside)
    symmetric = any(isinstance(x, App) for x in walk(body)) and all(_symmetric(o, normal) for o in over)
    nested = any(isinstance(x, Over) and names & free(x.var) for x in walk(body))
    if symmetric and not nested and normal.equal(_reflect(body, names, normal), neg(body)):
        normal.steps["an odd integrand over a symmetric domain"] = None
        return Ratio(CONST_ZERO)
    from derive.kernel.normal import _level

    level = _level(body) + 1
    renamed = []
    for k, o in enumerate(over):
        if isinstance(o.var, Sym):
            low, high = (called(x, o.var.name, f"_{level + k}") for x in (o.low, o.high))
            renamed.append(Over(Sym(f"_{level + k}"), low, high))
            body = called(body, o.var.name, f"_{level + k}")
        else:
            renamed.append(o)
    canonical = normal.poly(body)
    return Ratio(Poly({outside: Fraction(1)})) * normal.named(Int(tuple(renamed), to_term(canonical)))


def _symmetric(o: Over, normal: Normal) -> bool:
    if "oo" in free(o.low) | free(o.high):
        return (o.low, o.high) == (MINUS_INF, INF)
    return normal.equal(o.low, neg(o.high))


def _reflect(t: Term, names: set[str], normal: Normal) -> Term:
    """t(−μ). An even function keeps its value where all its arguments change sign."""
    if isinstance(t, (Elem, Sym)) and t.name in names:
        return neg(t)
    odd = isinstance(t, App) and all(normal.equal(_reflect(a, names, normal), neg(a)) for a in t.args)
    if odd and isinstance(t, App) and t.name in normal.context.even:
        return t
    return rebuild(t, lambda c: _reflect(c, names, normal))
