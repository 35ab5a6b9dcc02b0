"""Whole layers of parameters: families with several indices, one Gaussian measure over all of them.

`Over(Over(W[p, k, j], …, "j", 1, l), …, "k", 1, m)` stands for the matrix dW_kj; an index that no Over binds is held
fixed, so that `Over(W[p, k, j], …, "j", 1, l)` is one row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from derive.kernel.context import POSITIVE
from derive.kernel.measure import Hard, Product, _flatten
from derive.kernel.poly import CONST_ONE, CONST_ZERO, UNIT, Mono, Poly, Ratio, Refusal, mono_term, to_term
from derive.term import (
    HALF,
    INF,
    MINUS_INF,
    PI,
    ZERO,
    App,
    Elem,
    Fn,
    Int,
    Min,
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
    term,
)

if TYPE_CHECKING:
    from derive.kernel.normal import Normal


@dataclass(frozen=True)
class Family:
    """Integration variables `var` for all values of the names in `moving`, each from its first to its last."""

    var: Sym | Elem
    moving: tuple[tuple[str, Term, Term], ...]
    low: Term
    high: Term

    @property
    def index(self) -> tuple[Term, ...]:
        return self.var.index if isinstance(self.var, Elem) else ()

    def range_of(self, part: Term) -> tuple[Term, Term] | None:
        return next(((first, last) for name, first, last in self.moving if part == Sym(name)), None)


def several(over: tuple[Over, ...]) -> bool:
    """Whether an integral runs over a family with more than one index."""
    return any(isinstance(o.var, Over) or (isinstance(o.var, Elem) and len(o.var.index) > 1) for o in over)


def families(over: tuple[Over, ...]) -> list[Family]:
    """The variables of an integral, their indices under new names."""
    out = []
    for o in over:
        moving: list[tuple[str, Term, Term]] = []
        var, low, high = _opened(o, moving)
        names = [n for n, _, _ in moving]
        if any(free(x) & set(names) for _, a, b in moving for x in (a, b)):
            raise Refusal("a layer whose size depends on its own index")
        if isinstance(var, Elem):
            if any(sum(part == Sym(n) for part in var.index) != 1 for n in names) or any(
                set(names) & free(part) for part in var.index if part not in {Sym(n) for n in names}
            ):
                raise Refusal("an index of a family that is no plain letter")
        elif moving or not isinstance(var, Sym):
            raise Refusal("an integral over something that is no variable")
        out.append(Family(var, tuple(moving), low, high))
    if len({f.var.name for f in out}) < len(out):
        raise Refusal("a parameter may be integrated over twice")
    return out


def _opened(o: Over, moving: list[tuple[str, Term, Term]]) -> tuple[Term, Term, Term]:
    var, low, high = o.var, o.low, o.high
    if o.index:
        name = fresh(o.index)
        moving.append((name, o.first, o.last))
        var, low, high = (substitute(x, {Sym(o.index): Sym(name)}) for x in (var, low, high))
    return _opened(var, moving) if isinstance(var, Over) else (var, low, high)


# -- reflection ------------------------------------------------------------------------------------


def halved(m: Mono, over: tuple[Over, ...], normal: Normal) -> Term | None:
    """A square of a rectified linear form: by symmetry, half of the square.

    F(−μ) = −F(μ)    g(−μ) = g(μ)    domain symmetric
    -------------------------------------------------
    ∫ max(0, F)² g dμ = ½ ∫ F² g dμ

    (F² = max(0, F)² + max(0, −F)², and the two have one integral.)
    """
    square = next((a for a, e in m.factors if e == 2 and isinstance(a, Fn) and a.name == "relu"), None)
    if square is None:
        return None
    variables = families(over)
    form = square.args[0]
    rest = mono_term(Mono([f for f in m.factors if f[0] != square], m.power))
    if any((f.low, f.high) != (MINUS_INF, INF) and not normal.equal(f.low, neg(f.high)) for f in variables):
        return None
    flipped, other = (reflected(t, variables, normal) for t in (form, rest))
    if flipped is None or other is None:
        return None
    if not normal.equal(flipped, neg(form)) or not normal.equal(other, rest):
        return None
    normal.steps["half of a square by symmetry"] = None
    return mul(HALF, form**2, rest)


def reflected(
    t: Term, variables: list[Family], normal: Normal, bound: dict[str, tuple[Term, Term]] | None = None
) -> Term | None:
    """`t` with the sign of every integration variable changed; None where it can't be told which are.

    An even function keeps its value where all its arguments change sign.
    """
    bound = bound or {}
    if isinstance(t, (Sym, Elem)):
        mine = [f for f in variables if f.var.name == t.name]
        if not mine:
            return t
        return neg(t) if any(_covers(f, t, normal, bound) for f in mine) else None
    if not {f.var.name for f in variables} & free(t):
        return t
    if isinstance(t, (Int, Min, Over)):
        return None
    if isinstance(t, App) and t.name in normal.context.even:
        flipped = [reflected(a, variables, normal, bound) for a in t.args]
        if all(f is not None and normal.equal(f, neg(a)) for f, a in zip(flipped, t.args, strict=True)):
            return t
    if isinstance(t, (Sum, Prod)):
        bound = {**bound, t.index: (t.low, t.high)}
    lost = False

    def one(c: Term) -> Term:
        nonlocal lost
        r = reflected(c, variables, normal, bound)
        lost = lost or r is None
        return c if r is None else r

    out = rebuild(t, one)
    return None if lost else out


def _covers(f: Family, t: Term, normal: Normal, bound: dict[str, tuple[Term, Term]]) -> bool:
    """The variable `t` is certainly one of the family's, or a component of the vector that is integrated over."""
    if isinstance(f.var, Sym):
        return True
    if not isinstance(t, Elem) or len(t.index) != len(f.index):
        return False
    for part, index in zip(f.index, t.index, strict=True):
        ends = f.range_of(part)
        if ends is None:
            if free(index) & set(bound) or not normal.equal(part, index):
                return False
            continue
        low, high = bound.get(index.name, (index, index)) if isinstance(index, Sym) else (index, index)
        if free(low) & set(bound) or free(high) & set(bound):
            return False
        if any(normal.least(normal.poly(d)) < 0 for d in (low - ends[0], ends[1] - high)):
            return False
    return True


# -- moments ---------------------------------------------------------------------------------------


def layer_mean(t: Int, normal: Normal) -> Ratio:
    """An integral over whole layers, monomial by monomial.

    ∫ (a f + b g) = a ∫ f + b ∫ g
    """
    variables = families(t.over)
    names = {f.var.name for f in variables}
    if any(normal.context.assumes(n) for n in names):
        raise Refusal("an integral over something that is assumed to be known")
    body = normal.ratio(t.body)
    if names & free(to_term(body.den)):
        raise Refusal("a mean over a layer of a quotient")
    total = Ratio(CONST_ZERO)
    for m, c in body.num.terms.items():
        half = halved(m, t.over, normal)
        if half is not None:
            part = layer_mean(Int(t.over, half), normal)
        else:
            try:
                part = normal.ratio(_wick(m, variables, names, normal))
            except Hard:
                part = _as_row(mono_term(m), variables, normal)
        total = total + Ratio(Poly({UNIT: c})) * part
    return total * Ratio(body.den, CONST_ONE).inverse()


def _as_row(body: Term, variables: list[Family], normal: Normal) -> Ratio:
    """A mean over one row: its parameters are a family with one index, whatever they are called.

    every W[k, j] in f has the k of the row
    ------------------------------------------------
    ∫ f(W[k, 1], …) dW[k, ·] = ∫ f(w[1], …) dw[·]
    """
    called: dict[str, tuple[Family, str]] = {}
    over: list[Over] = []
    for f in variables:
        if len(f.moving) > 1:
            raise Refusal("a mean over a layer of something that is no polynomial in its parameters")
        name = f"row of {f.var.name}"
        if normal.context.assumes(name) or name in free(body):
            raise Refusal(f"the name {name} is taken")
        called[f.var.name] = (f, name)
        if f.moving:
            ((index, first, last),) = f.moving
            over.append(Over(Elem(name, (Sym(index),)), f.low, f.high, index, first, last))
        else:
            over.append(Over(Sym(name), f.low, f.high))

    def go(t: Term, bound: frozenset[str]) -> Term:
        if isinstance(t, Sym) and t.name in called:
            f, name = called[t.name]
            if f.var != t:
                raise Refusal("a family in place of one of its members")
            return Sym(name)
        if isinstance(t, Elem) and t.name in called:
            f, name = called[t.name]
            kept = []
            for part, index in zip(f.index, t.index, strict=True):
                if f.range_of(part) is not None:
                    kept.append(index)
                elif bound & free(index) or not normal.equal(part, index):
                    raise Refusal("a parameter of another row")
            return Elem(name, tuple(kept)) if kept else Sym(name)
        if isinstance(t, (Int, Min)) and set(called) & free(t):
            raise Refusal("a mean inside a mean over a layer")
        inner = bound | bound_in(t)
        return rebuild(t, lambda c: go(c, inner))

    return normal.ratio(Int(tuple(over), go(body, frozenset())))


def _wick(m: Mono, variables: list[Family], names: set[str], normal: Normal) -> Term:
    """Moments of independent normal parameters with mean zero.

    weight = Π_F Π_i exp(−a_F(i) μ_F(i)²)    a_F > 0    v_F = 1/2a_F
    --------------------------------------------------------------------------------------------
    ∫ μ_1 … μ_2q weight dμ = Π_F Π_i √(π/a_F(i)) · Σ over pairings Π over pairs v [indices equal]

    A family on symmetric intervals, without a weight, has the moments up to the second of that with a = 3/(2 h²):

    −h_F(i) ≤ μ_F(i) ≤ h_F(i)    h_F > 0    q ≤ 1
    ------------------------------------------------------------
    ∫ μ_1 … μ_2q dμ = Π_F Π_i 2 h_F(i) · Σ … with v_F = h_F²/3
    """
    product = _flatten(Mono(m.factors), names, normal)
    if any(names & free(f) for f in product.others) or len(product.hits) > 6:
        raise Hard
    touched = {pm: pc for pm, pc in m.power.terms.items() if names & free(mono_term(pm))}
    rest = Poly({pm: pc for pm, pc in m.power.terms.items() if pm not in touched})
    weights = [(_flatten(pm, names, normal), pc) for pm, pc in touched.items()]
    if any(names & free(o) for w, _ in weights for o in w.others):
        raise Hard
    rate = {f: _rate(f, weights, normal) for f in variables}
    where = [_variable(h, product, variables, normal) for h in product.hits]
    if len(product.hits) > 2 and any((f.low, f.high) != (MINUS_INF, INF) for f in variables):
        raise Hard
    mass: list[Term] = []
    for f, a in rate.items():
        one: Term = sqrt(PI / a) if (f.low, f.high) == (MINUS_INF, INF) else f.high * 2
        for name, first, last in reversed(f.moving):
            one = Prod(name, first, last, one)
        mass.append(one)
    terms = [_paired(pairs, product, where, rate) for pairs in _pairings(list(range(len(where))))]
    normal.steps["moments of independent normal parameters with mean zero"] = None
    return mul(exp(to_term(rest)), *mass, add(*terms) if terms else ZERO)


def _rate(f: Family, weights: list[tuple[Product, Fraction]], normal: Normal) -> Term:
    """a in the weight exp(−a μ²) of a family, as a term in its indices."""
    if (f.low, f.high) != (MINUS_INF, INF):
        half = normal.ratio(f.high)
        symmetric = normal.equal(f.low, neg(f.high)) and normal.sign(half.num) == normal.sign(half.den) == POSITIVE
        if not symmetric or any(h.name == f.var.name for w, _ in weights for h in w.hits):  # type: ignore[attr-defined]
            raise Hard
        return term(3) / (half.term**2 * 2)
    total: list[Term] = []
    for w, c in weights:
        if any(h.name != f.var.name for h in w.hits):  # type: ignore[attr-defined]
            if any(h.name == f.var.name for h in w.hits):  # type: ignore[attr-defined]
                raise Hard
            continue
        if len(w.hits) != 2 or w.hits[0] != w.hits[1] or any({f.var.name} & free(o) for o in w.others):
            raise Hard
        table = _met(f, w.hits[0], w, normal)
        if len(table) != len(w.binders):
            raise Hard
        value = mul(Num(-c * w.coefficient), *w.others)
        total.append(substitute(value, {v: k for k, v in table.items()}))
    a = normal.ratio(add(*total)) if total else Ratio(CONST_ZERO)
    if normal.sign(a.num) != POSITIVE or normal.sign(a.den) != POSITIVE:
        raise Hard
    return a.term


def _met(f: Family, hit: Term, p: Product, normal: Normal) -> dict[Term, Term]:
    """The family's moving indices -> the binders of `p` that run through them in `hit`."""
    if isinstance(f.var, Sym) or isinstance(hit, Sym):
        if hit != f.var:
            raise Hard
        return {}
    if not isinstance(hit, Elem) or len(hit.index) != len(f.index):
        raise Hard
    table: dict[Term, Term] = {}
    ranges = {b: (low, high) for b, low, high in p.binders}
    for part, index in zip(f.index, hit.index, strict=True):
        ends = f.range_of(part)
        if ends is None:
            if free(index) & set(ranges) or not normal.equal(part, index):
                raise Hard
            continue
        run = ranges.get(index.name) if isinstance(index, Sym) else None
        if run is None or not all(normal.equal(a, b) for a, b in zip(run, ends, strict=True)):
            raise Hard
        table[part] = index
    if len(set(table.values())) < len(table):
        raise Hard  # a diagonal
    return table


def _pairings(items: list[int]) -> Iterator[list[tuple[int, int]]]:
    if not items:
        yield []
    for k in range(1, len(items)):
        for rest in _pairings(items[1:k] + items[k + 1 :]):
            yield [(items[0], items[k]), *rest]


def _variable(hit: Term, product: Product, variables: list[Family], normal: Normal) -> tuple[Family, dict[Term, Term]]:
    """The family that a parameter certainly belongs to, and where its indices run."""
    f = next((f for f in variables if f.var.name == hit.name), None)  # type: ignore[attr-defined]
    if f is None:
        raise Hard
    return f, _met(f, hit, product, normal)


def _paired(
    pairs: list[tuple[int, int]],
    product: Product,
    where: list[tuple[Family, dict[Term, Term]]],
    rate: dict[Family, Term],
) -> Term:
    merged: dict[Term, Term] = {}
    value: list[Term] = [Num(product.coefficient)]

    def last(t: Term) -> Term:
        return last(merged[t]) if t in merged else t

    for one, two in pairs:
        (f, mine), (g, yours) = where[one], where[two]
        if f is not g:
            return ZERO
        value.append(Pow(substitute(rate[f], mine) * 2, Num(Fraction(-1))))
        for part in mine:
            a, b = last(mine[part]), last(yours[part])
            if a != b:
                merged[b] = a
    body = mul(*value, *product.others)
    for _ in merged:
        body = substitute(body, merged)
    for name, first, end in product.binders:
        if Sym(name) not in merged:
            body = Sum(name, first, end, body)
    return body
