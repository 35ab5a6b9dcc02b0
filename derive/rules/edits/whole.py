"""Edits of a side as a whole: roles, letters, sums and squares in the wrong place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from fractions import Fraction

from derive.kernel.context import Context
from derive.kernel.normal import Normal
from derive.reader.ellipsis import shift
from derive.reader.notation import Notation
from derive.rules.edits.names import replace_all
from derive.rules.edits.places import Edit, everywhere, with_part
from derive.term import (
    HALF,
    ONE,
    Add,
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
    free,
    mul,
    rebuild,
    rename,
    term,
    walk,
)
from derive.verdict import Fault


def structural(t: Term, other: Term, notation: Notation) -> Iterator[Edit]:
    """Edits of the whole side: roles, letters, sums and squares in the wrong place. They often come in pairs."""
    yield from _swaps(t, notation)
    yield from _whole(t, notation, other)
    yield from everywhere(t, _scripts)
    yield from everywhere(t, _sizes)


def _swaps(t: Term, notation: Notation) -> Iterator[Edit]:
    """Two roles exchanged; a letter in the wrong case; an index that only occurs free."""
    matrices = {c: k for k, c in notation.context.covariances.items() if isinstance(c, Sym)}
    if any(x in matrices for x in walk(t)):
        other = {"x": "y", "y": "x"}
        swapped = {c.name: notation.context.covariances[other[a], other[b]] for c, (a, b) in matrices.items()}
        opposite = {name: c.name for name, c in swapped.items() if isinstance(c, Sym)}
        yield Fault.LABEL, replace_all(t, opposite)
    names = free(t)
    for name in sorted(names):
        if len(name) == 1 and name.swapcase() in notation.scalars and name in notation.ranges:
            capital = replace_all(t, {name: name.swapcase()})
            yield Fault.EXTRACTION, capital
            yield Fault.SUM_LIMIT, _widened(capital)
    for name in sorted(names & set(notation.ranges)):
        for x in sorted({s.index for s in walk(t) if isinstance(s, (Sum, Prod))}):
            yield Fault.INDEX, _rebind(t, name, x, notation.ranges)


def _widened(t: Term) -> Term:
    """Integrals that leave out the one parameter after their last, which the integrand holds: with it, weights too."""
    if isinstance(t, Int):
        for k, o in enumerate(t.over):
            if not o.index or not isinstance(o.var, Elem):
                continue
            last = Normal(Context()).ratio(o.last + 1).term
            if Elem(o.var.name, (last,)) in walk(t.body):
                over = (*t.over[:k], Over(o.var, o.low, o.high, o.index, o.first, last), *t.over[k + 1 :])
                return Int(over, _longer_weights(t.body, o.last, last))
    return rebuild(t, _widened)


def _longer_weights(t: Term, old: Term, new: Term) -> Term:
    """Sums under exponentials that end at `old` end at `new`."""

    def longer(x: Term) -> Term:
        if isinstance(x, Sum) and x.high == old:
            return Sum(x.index, x.low, new, x.body)
        return rebuild(x, longer)

    return longer(t) if isinstance(t, Fn) and t.name == "exp" else rebuild(t, lambda x: _longer_weights(x, old, new))


def _rebind(t: Term, stray: str, index: str, ranges: Mapping[str, tuple[Term, Term]]) -> Term:
    """A sum over `index` whose terms carry the stray letter: let it run over that letter."""
    if isinstance(t, (Sum, Prod)) and t.index == index and index not in free(t.body):
        ends = (t.low, t.high)
        if ranges.get(index) == ends:  # a range that was not printed goes with the letter
            ends = ranges.get(stray, ends)
        return type(t)(stray, *ends, t.body)
    values = []
    for f in fields(t):  # type: ignore[arg-type]
        v = getattr(t, f.name)
        if isinstance(v, Term):
            v = _rebind(v, stray, index, ranges)
        elif isinstance(v, tuple):
            v = tuple(_rebind(x, stray, index, ranges) if isinstance(x, Term) else x for x in v)
        values.append(v)
    return type(t)(*values)


def _whole(t: Term, notation: Notation, other: Term) -> Iterator[Edit]:
    """A sum or mean over a free index; run-together indices; every exponent of the weights at once."""
    joined = _split_indices(t)
    if joined != t:
        yield Fault.EXTRACTION, joined
    multiplied = _over_families(t, notation)
    if multiplied != t:
        yield Fault.INDEX, multiplied
    plain = {v.name for v in notation.scalars.values() if isinstance(v, Sym)}
    for name in sorted(free(t) & set(notation.ranges)):
        for x in walk(t):
            if isinstance(x, Elem) and x.index == (Sym(name),) and x.name in plain:
                yield Fault.INDEX, _without_index(t, x)
        low, high = notation.ranges[name]
        sums = ((Fault.INDEX, x) for x in _summed(t, name, low, high))
        mean = (Fault.INDEX, Sum(name, low, high, t) / high)
        over = Pow(high, Num(Fraction(-1)))
        averaged = over in set(walk(other)) - set(walk(t))  # the other side is a mean: so is this one, likely
        yield from (mean, *sums) if averaged else (*sums, mean)
    for x in walk(t):
        if isinstance(x, Pow) and isinstance(x.base, Elem) and x.exponent == term(2) and x.base.name in ("sigma",):
            yield Fault.MISSING_FACTOR, _drop_scales(t, x.base.name)
            break


def _drop_scales(t: Term, name: str) -> Term:
    """Exponents −μ²/2 in place of −μ²/2σ²: the parameters were rescaled, their weight was not."""
    if isinstance(t, Fn) and t.name == "exp":

        def strip(x: Term) -> Term:
            def scale(y: Term) -> bool:
                return isinstance(y, Pow) and isinstance(y.base, Elem) and y.base.name == name

            if isinstance(x, Mul):
                return mul(*(strip(f) for f in x.factors if not scale(f)))
            return ONE if scale(x) else rebuild(x, strip)

        return rebuild(t, strip)
    return rebuild(t, lambda x: _drop_scales(x, name))


def _without_index(t: Term, element: Elem) -> Term:
    return Sym(element.name) if t == element else rebuild(t, lambda c: _without_index(c, element))


def _over_families(t: Term, notation: Notation) -> Term:
    """A differential whose index stands free, beside a sum over that index: the product sign was left out."""
    if isinstance(t, Int):
        over = []
        for o in t.over:
            letters = [i.name for i in o.var.index if isinstance(i, Sym)] if isinstance(o.var, Elem) else []
            if not o.index and len(letters) == 1 and letters[0] in notation.ranges:
                summed = [s for s in walk(t.body) if isinstance(s, Sum) and s.index == letters[0]]
                if summed:
                    o = Over(o.var, o.low, o.high, letters[0], summed[0].low, summed[0].high)
            over.append(o)
        t = Int(tuple(over), t.body)
    return rebuild(t, lambda c: _over_families(c, notation))


def _split_indices(t: Term) -> Term:
    """l_{1/2} is l_1/2 run together."""
    if isinstance(t, Elem) and len(t.index) == 1 and isinstance(t.index[0], Mul):
        i = t.index[0]
        if len(i.factors) == 2 and isinstance(i.factors[1], Pow):
            return Elem(t.name, (i.factors[0],)) * i.factors[1]
    return rebuild(t, _split_indices)


def _summed(t: Term, name: str, low: Term, high: Term) -> Iterator[Term]:
    """A sum over a free index, put in front of the whole, then of smaller parts that carry it."""
    if name not in free(t) or isinstance(t, Over):
        return
    yield Sum(name, low, high, t)
    for f in fields(t):  # type: ignore[arg-type]
        value = getattr(t, f.name)
        if isinstance(t, Elem):
            break
        if isinstance(value, Term):
            for x in _summed(value, name, low, high):
                yield with_part(t, f.name, x)
        elif isinstance(value, tuple):
            for k, v in enumerate(value):
                if isinstance(v, Term):
                    for x in _summed(v, name, low, high):
                        yield with_part(t, f.name, (*value[:k], x, *value[k + 1 :]))


def _scripts(t: Term) -> Iterator[Edit]:
    """A square inside or outside its mean or sum; the bar of a root that reaches too far."""
    if isinstance(t, Pow) and t.exponent == term(2):
        inner = _inside(t.base)
        if inner is not None:
            yield Fault.EXTRACTION, _put(t.base, Pow(inner, t.exponent))
    if isinstance(t, Pow) and t.exponent == HALF and isinstance(t.base, Mul):
        for k in range(len(t.base.factors) - 1, 0, -1):
            yield Fault.EXTRACTION, Mul((Pow(mul(*t.base.factors[:k]), HALF), *t.base.factors[k:]))
    if isinstance(t, Sum) and isinstance(t.body, Pow):
        yield Fault.ALGEBRA, Pow(Sum(t.index, t.low, t.high, t.body.base), t.body.exponent)


def _inside(t: Term) -> Term | None:
    if isinstance(t, Sum):
        return t.body
    if isinstance(t, Mul) and isinstance(t.factors[-1], Sum):
        return t.factors[-1].body
    return None


def _put(t: Term, body: Term) -> Term:
    if isinstance(t, Sum):
        return Sum(t.index, t.low, t.high, body)
    assert isinstance(t, Mul)
    return Mul((*t.factors[:-1], _put(t.factors[-1], body)))


def _sizes(t: Term) -> Iterator[Edit]:
    """A layer beside the one meant; a sum up to the size of the wrong layer, or to l_L in place of L."""
    if isinstance(t, Elem) and len(t.index) > 1 and isinstance(t.index[0], Add):
        yield from ((Fault.INDEX, Elem(t.name, (shift(t.index[0], d), *t.index[1:]))) for d in (-1, 1))
    if isinstance(t, (Sum, Prod)) and isinstance(t.high, Elem):
        name, index = t.high.name, t.high.index
        near = [Elem(name, (*index[:k], shift(x, d), *index[k + 1 :])) for k, x in enumerate(index) for d in (-1, 1)]
        yield from ((Fault.SUM_LIMIT, type(t)(t.index, t.low, x, t.body)) for x in (*index, *near))


def unshadowed(t: Term, notation: Notation, outer: frozenset[str]) -> Term:
    """A sum inside a sum over the same letter gets a letter of its own, as the printed scopes have it."""
    if isinstance(t, (Sum, Prod)):
        if t.index in outer:
            used = outer | free(t) | free(t.body)
            letters = [x for x in (*notation.ranges, *"jkmrs") if x not in used and x != t.index]
            if letters:
                t = rename(t, {t.index: letters[0]})
        outer = outer | bound_in(t)
    return rebuild(t, lambda c: unshadowed(c, notation, outer))
