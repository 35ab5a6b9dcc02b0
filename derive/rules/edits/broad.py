"""Edits that need a pool to draw from: a factor, a term or a function left out, two letters exchanged."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from derive.reader.ellipsis import shift
from derive.reader.notation import Notation
from derive.rules.edits.local import local
from derive.rules.edits.names import replace_all
from derive.rules.edits.places import INVERSE, Edit, Place, everywhere, factors, inverse, minus, places, put, slots
from derive.rules.edits.pool import Pool
from derive.term import (
    HALF,
    ONE,
    Add,
    App,
    Elem,
    Fn,
    Mul,
    Num,
    Over,
    Pow,
    Prod,
    Sum,
    Sym,
    Term,
    add,
    free,
    mul,
    term,
    walk,
)
from derive.verdict import Fault

#: Functions that a formula may lack.
FUNCTIONS = ("ln", "exp", "abs")
#: Functions that undo one another.
_UNDONE = {"ln": ("exp",), "exp": ("ln",)}


def broad(t: Term, other: Term, notation: Notation, pool: Pool) -> Iterator[Edit]:
    """Edits at one place, the commonest first."""
    for edit in (_signs, _exponents, _turned, _constants):
        yield from everywhere(t, edit)
    yield from _applied(t)
    yield from _inserted_factors(t, pool.factors, notation)
    yield from _inserted_terms(t, pool.terms, notation)
    yield from _swapped(t, notation)
    yield from _indices_seen(t, other)
    yield from _ends(t, other, notation)


def light(t: Term, other: Term, notation: Notation) -> Iterator[Edit]:
    """Edits that come in pairs: those that bring in nothing new."""
    yield from local(t, other, notation)
    for edit in (_signs, _exponents, _turned):
        yield from everywhere(t, edit)


# -- nothing new ------------------------------------------------------------------------------------


def _signs(t: Term) -> Iterator[Edit]:
    if isinstance(t, (Add, Elem, Sym, Fn, Sum, Prod, Mul, Pow)) and t != Sym("oo"):
        yield Fault.SIGN, minus(t)


def _exponents(t: Term) -> Iterator[Edit]:
    if isinstance(t, Pow):
        e = t.exponent
        for new in (shift(e, 1), shift(e, -1)) if not isinstance(e, Num) else ():
            yield Fault.ALGEBRA, Pow(t.base, new)
        if e == HALF:
            yield Fault.ALGEBRA, t.base
    elif isinstance(t, (Add, Fn, Sum, App, Mul)):
        yield Fault.ALGEBRA, Pow(t, term(2))
    if isinstance(t, (Add, Fn, Sum, Mul, Elem, Sym)) and t != Sym("oo"):
        yield Fault.ALGEBRA, Pow(t, HALF)


def _turned(t: Term) -> Iterator[Edit]:
    """A fraction upside down: all of a product, or one fraction in it."""
    if isinstance(t, Mul):
        yield Fault.ALGEBRA, inverse(t)
        for k, f in enumerate(t.factors[1:], 1):
            if isinstance(f, Pow) and f.exponent == INVERSE:
                yield Fault.ALGEBRA, Mul((*t.factors[: k - 1], f.base / t.factors[k - 1], *t.factors[k + 1 :]))


def _constants(t: Term) -> Iterator[Edit]:
    if isinstance(t, Num):
        for n in (1, 2, 3, 4, 6, 8, 12, 24):
            if n != t.value:
                yield Fault.CONSTANT, term(n)
                yield Fault.CONSTANT, Num(Fraction(1, n))


# -- something new ----------------------------------------------------------------------------------


def _applied(t: Term) -> Iterator[Edit]:
    """A function that was left out: of a product as a whole, of one of its factors."""
    for p in places(t):
        if p.own and not isinstance(p.term, (Num, Over)) and p.term != Sym("oo"):
            for name in FUNCTIONS:
                inside = {p.term.name} if isinstance(p.term, Fn) else set()
                if not {name, *_UNDONE.get(name, ())} & (p.under | inside):
                    yield Fault.MISSING_FACTOR if name == "ln" else Fault.ALGEBRA, put(t, p.path, Fn(name, (p.term,)))


def _fits(x: Term, p: Place, t: Term, notation: Notation) -> bool:
    """Whether the index letters of a part are known at a place: bound there, or free in the whole."""
    letters = free(x) & (set(notation.ranges) | _indices(x))
    return letters <= p.bound | (free(t) - _bound(t))


def _indices(x: Term) -> set[str]:
    return {i.name for e in walk(x) if isinstance(e, Elem) for i in e.index if isinstance(i, Sym)} & free(x)


def _bound(t: Term) -> set[str]:
    return {x.index for x in walk(t) if isinstance(x, (Sum, Prod))}


def _inserted_factors(t: Term, pool: list[Term], notation: Notation) -> Iterator[Edit]:
    where = list(slots(t))
    for x in pool:
        for p in where:
            if _fits(x, p, t, notation):
                yield Fault.MISSING_FACTOR, put(t, p.path, times(p.term, x))


def times(t: Term, x: Term) -> Term:
    """`t` with one more factor: numbers first, then letters, then sums and brackets; below the line, if a line is."""
    fs = factors(t)
    for k, f in enumerate(fs):
        if f in (inverse(x), Mul((ONE, inverse(x)))):
            return mul(*fs[:k], *fs[k + 1 :])
    if isinstance(x, Num) and x.value.numerator == 1 and x.value != 1:
        x = Pow(Num(1 / x.value), INVERSE)
    if isinstance(x, Pow) and x.exponent == INVERSE:
        for k, f in enumerate(fs):
            if isinstance(f, Pow) and f.exponent == INVERSE:
                return mul(*fs[:k], Pow(times(f.base, x.base), INVERSE), *fs[k + 1 :])
        return Mul((t, x))
    k = next((k for k, f in enumerate(fs) if _rank(f) > _rank(x)), len(fs))
    return mul(*fs[:k], x, *fs[k:])


def _rank(t: Term) -> int:
    base = t.base if isinstance(t, Pow) else t
    if isinstance(t, Mul):  # a fraction
        return 1
    return 0 if isinstance(base, Num) else 1 if isinstance(base, (Sym, Elem)) else 2


def _inserted_terms(t: Term, pool: list[Term], notation: Notation) -> Iterator[Edit]:
    where = [p for p in places(t) if p.own and not isinstance(p.above, Add) and not isinstance(p.term, Over)]
    for x in pool:
        for p in where:
            if x != p.term and _fits(x, p, t, notation):
                terms = p.term.terms if isinstance(p.term, Add) else (p.term,)
                yield Fault.ALGEBRA, put(t, p.path, add(*terms, x))


def _swapped(t: Term, notation: Notation) -> Iterator[Edit]:
    """Two letters exchanged: everywhere, or at two places only."""
    families = {f.name: f.arity for f in notation.families.values()}
    names = sorted({(type(x).__name__, families.get(x.name, 0), x.name) for x in walk(t) if isinstance(x, (Elem, Sym))})
    for (kind, arity, a), (other, number, b) in combinations(names, 2):
        if (kind, arity) == (other, number) and "oo" not in (a, b):
            yield Fault.LABEL, replace_all(t, {a: b, b: a})
    letters = [p for p in places(t) if _letter(p)]
    for p, q in combinations(letters, 2):
        if p.term != q.term and p.path[: len(q.path)] != q.path and q.path[: len(p.path)] != p.path:
            yield Fault.LABEL, put(put(t, p.path, q.term), q.path, p.term)


def _letter(p: Place) -> bool:
    """A letter with its scripts, as it is printed."""
    x = p.term.base if isinstance(p.term, Pow) and isinstance(p.term.exponent, Num) else p.term
    return p.own and isinstance(x, (Elem, Sym)) and x != Sym("oo")


def _indices_seen(t: Term, other: Term) -> Iterator[Edit]:
    """Indices that another member of the family has."""
    seen: dict[tuple[str, int], dict[Term, None]] = {}
    for s in (t, other):
        for x in walk(s):
            for k, i in enumerate(x.index if isinstance(x, Elem) else ()):
                if not any("#" in n for n in free(i)):
                    seen.setdefault((x.name, k), {})[i] = None  # type: ignore[attr-defined]
    for p in places(t):
        x = p.term
        for k, own in enumerate(x.index if isinstance(x, Elem) else ()):
            for i in seen[x.name, k]:  # type: ignore[attr-defined]
                if i != own:
                    yield Fault.INDEX, put(t, p.path, Elem(x.name, (*x.index[:k], i, *x.index[k + 1 :])))  # type: ignore[attr-defined]


def _ends(t: Term, other: Term, notation: Notation) -> Iterator[Edit]:
    """Sums and products with limits that others have."""
    known = [x for s in (t, other) for x in walk(s) if isinstance(x, (Sum, Prod))]
    lows = dict.fromkeys([x.low for x in known])
    highs = dict.fromkeys([*(x.high for x in known), *(high for _, high in notation.ranges.values())])
    for p in places(t):
        x = p.term
        if isinstance(x, (Sum, Prod)):
            for low in lows:
                yield Fault.SUM_LIMIT, put(t, p.path, type(x)(x.index, low, x.high, x.body))
            for high in highs:
                yield Fault.SUM_LIMIT, put(t, p.path, type(x)(x.index, x.low, high, x.body))
            for k in (2, -2):
                yield Fault.SUM_LIMIT, put(t, p.path, type(x)(x.index, x.low, shift(x.high, k), x.body))
