"""Integrals: linearity, product measures, certified antiderivatives, odd integrands.

A printed integral over μ_1 … μ_K with a product of densities is read as what it is, an iterated integral.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from derive.kernel.absolute import exchanged
from derive.kernel.antiderivative import certified
from derive.kernel.layers import families, halved, layer_mean, reflected, several
from derive.kernel.measure import REACH, Hard, product_measure
from derive.kernel.poly import CONST_ONE, CONST_ZERO, UNIT, Mono, Poly, Ratio, Refusal, mono_term, to_term
from derive.kernel.translation import translated
from derive.term import (
    INF,
    MINUS_INF,
    App,
    Elem,
    Fn,
    Int,
    Num,
    Over,
    Sym,
    Term,
    bound_in,
    free,
    fresh,
    neg,
    rebuild,
    substitute,
    term,
    walk,
)

if TYPE_CHECKING:
    from derive.kernel.normal import Normal


def integral(t: Int, normal: Normal) -> Ratio:
    """The normal form of an integral.

    ∫ (a f + b g) = a ∫ f + b ∫ g;   ∫ Σᵢ f = Σᵢ ∫ f   (finite sums)
    """
    if several(t.over):
        return layer_mean(t, normal)
    t = _renamed(t, normal)
    over = tuple(_canonical_over(x, normal) for o in t.over for x in _members(o, normal))
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


def _members(o: Over, normal: Normal) -> list[Over]:
    """The variables of a family one by one, where its range is a known short one."""
    first, last = (normal.poly(x).number for x in (o.first, o.last))
    if not o.index or first is None or last is None or not 0 <= last - first < REACH or first.denominator != 1:
        return [o]
    tables: list[dict[Term, Term]] = [{Sym(o.index): term(k)} for k in range(int(first), int(last) + 1)]
    return [Over(substitute(o.var, at), substitute(o.low, at), substitute(o.high, at)) for at in tables]


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
    half = halved(m, over, normal)
    if half is not None:
        return integral(Int(over, half), normal)
    try:
        return product_measure(m, over, names, normal)
    except Hard:
        if normal.integrate is not None and len(over) == 1:
            body = mono_term(m)
            proposed = normal.integrate(body, over[0].var)
            value = certified(body, over[0], proposed, normal) if proposed is not None else None
            if value is not None:
                return value
        return exchanged(m, over, names, normal) or _opaque(m, over, names, normal)


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
    flipped = _turned(body, over, normal) if symmetric and not nested else None
    if flipped is not None and normal.equal(flipped, neg(body)):
        normal.steps["an odd integrand over a symmetric domain"] = None
        return Ratio(CONST_ZERO)
    moved = translated(body, over, normal)
    if moved is not None:
        normal.steps["translation of the whole line"] = None
        return normal.ratio(mono_term(outside) * Int(over, moved))
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
    canonical = _one_way(to_term(normal.poly(body)), tuple(renamed), normal)
    return Ratio(Poly({outside: Fraction(1)})) * normal.named(Int(tuple(renamed), canonical))


def _one_way(body: Term, over: tuple[Over, ...], normal: Normal) -> Term:
    """An absolute value over a symmetric domain, with its variables turned or not: one of the two for both.

    domain symmetric
    -------------------------
    ∫ |f(−μ)| dμ = ∫ |f(μ)| dμ
    """
    if not (isinstance(body, Fn) and body.name == "abs" and all(_symmetric(o, normal) for o in over)):
        return body
    if any(isinstance(x, (App, Over)) for x in walk(body)):
        return body
    turned = _turned(body, over, normal)
    return body if turned is None else min(body, to_term(normal.poly(turned)), key=lambda t: t.key)


def _symmetric(o: Over, normal: Normal) -> bool:
    if "oo" in free(o.low) | free(o.high):
        return (o.low, o.high) == (MINUS_INF, INF)
    return normal.equal(o.low, neg(o.high))


def _turned(body: Term, over: tuple[Over, ...], normal: Normal) -> Term | None:
    """`body` with the sign of every integration variable changed; None where it can't be told which are."""
    return reflected(body, [f for o in over for f in families((o,))], normal) if _single(over) else None


def _single(over: tuple[Over, ...]) -> bool:
    """No variable stands twice: families have names of their own, or are single members with different numbers."""
    names = [o.var.name for o in over if isinstance(o.var, (Elem, Sym))]
    numbered = [o.var.key for o in over if isinstance(o.var, Elem) and all(isinstance(i, Num) for i in o.var.index)]
    alone = len(numbered) == len(over) and len(set(numbered)) == len(over)
    return alone or len(set(names)) == len(names)
