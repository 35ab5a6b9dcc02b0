"""Edits at one place: a factor, a sign, a constant, an exponent, an index, a limit, a function."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from derive.kernel.context import Context
from derive.kernel.normal import Normal
from derive.reader.ellipsis import shift
from derive.reader.notation import Notation
from derive.rules.edits.places import Edit, everywhere, inverse, minus, places, put
from derive.term import (
    ZERO,
    Add,
    App,
    Elem,
    Fn,
    Int,
    Mul,
    Num,
    Over,
    Pow,
    Prod,
    Sum,
    Sym,
    Term,
    bound_in,
    children,
    free,
    mul,
    term,
    walk,
)
from derive.verdict import Fault


def local(t: Term, other: Term, notation: Notation) -> Iterator[Edit]:
    """Edits at one place."""
    for edit in (_wrap, _limits, _unwrap, _dropped, _factors):
        yield from everywhere(t, edit)
    for p in places(t):
        for fault, x in _numbers(p.term):
            if x != ZERO or not p.own:  # a term that is 0 is one left out
                yield fault, put(t, p.path, x)
    yield from everywhere(t, lambda x: _neighbours(x, notation))
    yield from everywhere(t, lambda x: _inserted(x, other))


def _wrap(t: Term) -> Iterator[Edit]:
    """The logarithm of a sum that holds an exponential, left out."""
    if isinstance(t, Add) and any(isinstance(x, Fn) and x.name == "exp" for x in t.terms):
        yield Fault.MISSING_FACTOR, Fn("ln", (t,))


def _unwrap(t: Term) -> Iterator[Edit]:
    if isinstance(t, Fn) and t.name in ("ln", "exp", "abs") and len(t.args) == 1:
        yield Fault.CONSTANT if not _indexed(t) else Fault.ALGEBRA, t.args[0]


def _indexed(t: Term) -> bool:
    return any(isinstance(x, Elem) for x in walk(t))


def _numbers(t: Term) -> Iterator[Edit]:
    if isinstance(t, Num):
        v = t.value
        for w in (-v, v + 1, v - 1, v * 2, v / 2, 1 / v if v else v, v * v, Fraction(0)):
            if w != v:
                yield (Fault.SIGN if w == -v else Fault.CONSTANT), Num(w)
    if isinstance(t, Add):
        for k, x in enumerate(t.terms):
            yield Fault.SIGN, Add((*t.terms[:k], minus(x), *t.terms[k + 1 :]))
        for k in range(len(t.terms)):
            rest = t.terms[:k] + t.terms[k + 1 :]
            yield Fault.ALGEBRA, rest[0] if len(rest) == 1 else Add(rest)


def _dropped(t: Term) -> Iterator[Edit]:
    """A factor too many."""
    if isinstance(t, Mul):
        for k, f in enumerate(t.factors):
            sign = isinstance(f, Num) and f.value == -1
            yield Fault.SIGN if sign else Fault.MISSING_FACTOR, mul(*t.factors[:k], *t.factors[k + 1 :])


def _factors(t: Term) -> Iterator[Edit]:
    """A factor turned upside down, one of the measure too few, a square too many or too few."""
    if isinstance(t, Mul):
        for k, f in enumerate(t.factors):
            yield Fault.ALGEBRA, Mul((*t.factors[:k], inverse(f), *t.factors[k + 1 :]))
    if isinstance(t, (Sum, Int)):
        for f in _candidates(t):
            yield Fault.MISSING_FACTOR, t / f
            yield Fault.MISSING_FACTOR, t * f
    if isinstance(t, (Elem, Sym)) and getattr(t, "name", "") not in ("pi", "oo"):
        yield Fault.ALGEBRA, Pow(t, term(2))
    if isinstance(t, Pow) and isinstance(t.exponent, Num) and t.exponent.value > 0:
        yield Fault.ALGEBRA, t.base


def _candidates(t: Sum | Int) -> Iterator[Term]:
    if isinstance(t, Int):
        for o in t.over:
            if "oo" not in free(o.high):
                yield Normal(Context()).ratio(o.high - o.low).term
            if isinstance(o.var, Elem):
                yield Elem("sigma", o.var.index)
    yield Sym("n")


def _limits(t: Term) -> Iterator[Edit]:
    if isinstance(t, (Sum, Prod)):
        for k in (1, -1):
            yield Fault.SUM_LIMIT, type(t)(t.index, t.low, shift(t.high, k), t.body)
            yield Fault.SUM_LIMIT, type(t)(t.index, shift(t.low, k), t.high, t.body)
    if isinstance(t, Over) and t.index:
        for k in (1, -1):
            yield Fault.SUM_LIMIT, Over(t.var, t.low, t.high, t.index, t.first, shift(t.last, k))
    if isinstance(t, Over) and isinstance(t.low, Fn) and t.low.name == "lower" and len(t.low.args) == 2:
        domain = t.low.args[0]
        yield (
            Fault.INDEX,
            Over(t.var, Fn("lower", (domain, t.var)), Fn("upper", (domain, t.var)), t.index, t.first, t.last),
        )


def _neighbours(t: Term, notation: Notation) -> Iterator[Edit]:
    """Another family or another index in the same place."""
    if isinstance(t, Elem):
        arity = {f.name: f.arity for f in notation.families.values()}
        for name in sorted(arity):
            if name != t.name and arity[name] == arity.get(t.name):
                yield Fault.LABEL, Elem(name, t.index)
        for k, i in enumerate(t.index):
            others: list[Term] = [shift(i, 1), shift(i, -1)] if not isinstance(i, Num) else [term(1), term(2)]
            others += [Sym(x) for x in notation.ranges]
            for x in others:
                if x != i:
                    yield Fault.INDEX, Elem(t.name, (*t.index[:k], x, *t.index[k + 1 :]))


def _inserted(t: Term, other: Term) -> Iterator[Edit]:
    """A density left out of an integral."""
    if isinstance(t, Int):
        present = {x for x in walk(t.body) if isinstance(x, App)}
        variables = {o.var for o in t.over}
        for x in walk(other):
            if isinstance(x, App) and x not in present and set(x.args) & variables:
                yield Fault.MISSING_FACTOR, Int(t.over, t.body * x)
                present.add(x)


def lost(t: Term, notation: Notation) -> Iterator[Edit]:
    """A factor lost, and an index wrong besides."""
    alone = [x for x in _outside(t) if isinstance(x, Elem)]
    missing = [y for x in dict.fromkeys(alone) for fault, y in _neighbours(x, notation) if fault is Fault.INDEX]
    for fault, x in everywhere(t, lambda x: _neighbours(x, notation)):
        if fault is Fault.INDEX:
            rest = x.factors if isinstance(x, Mul) else (x,)
            yield from ((Fault.MISSING_FACTOR, mul(y, *rest)) for y in missing)


def _outside(t: Term) -> Iterator[Term]:
    """`t` and what lies below it, outside all sums and integrals."""
    yield t
    if not bound_in(t) and not isinstance(t, (Elem, Int)):
        for c in children(t):
            yield from _outside(c)
