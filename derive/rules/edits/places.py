"""Places inside a term: what stands there, under which sums, and the term with something else in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from derive.term import ONE, Elem, Fn, Mul, Num, Over, Pow, Term, bound_in, mul, neg
from derive.verdict import Fault

Edit = tuple[Fault, Term]  #: an edited side, and the fault that the edit mends
INVERSE = Num(Fraction(-1))
Step = tuple[str, int | None]


@dataclass(frozen=True)
class Place:
    """What stands at a place, the way there, and the index letters that are bound around it."""

    path: tuple[Step, ...]
    term: Term
    bound: frozenset[str]
    above: Term | None = None
    under: frozenset[str] = frozenset()  #: functions that it is an argument of, directly or not

    @property
    def own(self) -> bool:
        """A value of its own: no index, limit or exponent, and no factor or term that its row is edited for."""
        return not isinstance(self.term, Over) and all(name in _VALUES for name, _ in self.path)


#: Fields that hold values, as against indices, limits and exponents.
_VALUES = frozenset({"terms", "factors", "base", "args", "body"})


def places(
    t: Term, bound: frozenset[str] = frozenset(), above: Term | None = None, under: frozenset[str] = frozenset()
) -> Iterator[Place]:
    """Every place, outermost first.

    >>> from derive.term import Sym
    >>> [p.term.name for p in places(Sym("a") + Sym("b")) if isinstance(p.term, Sym)]
    ['a', 'b']
    """
    yield Place((), t, bound, above, under)
    if isinstance(t, Fn):
        under |= {t.name}
    inner = bound | bound_in(t) if not isinstance(t, Over) else bound
    for name in t.__match_args__:
        value = getattr(t, name)
        scope = inner if name == "body" else bound
        if isinstance(value, Term):
            for p in places(value, scope, t, under):
                yield Place(((name, None), *p.path), p.term, p.bound, p.above, p.under)
        elif isinstance(value, tuple):
            for k, v in enumerate(value):
                if isinstance(v, Term):
                    for p in places(v, scope, t, under):
                        yield Place(((name, k), *p.path), p.term, p.bound, p.above, p.under)


def put(t: Term, path: tuple[Step, ...], new: Term) -> Term:
    """`t` with `new` at a place."""
    if not path:
        return new
    (name, k), *rest = path
    value = getattr(t, name)
    if k is None:
        return with_part(t, name, put(value, tuple(rest), new))
    return with_part(t, name, (*value[:k], put(value[k], tuple(rest), new), *value[k + 1 :]))


def with_part(t: Term, name: str, value: object) -> Term:
    """`t` with one field changed."""
    return type(t)(*(value if n == name else getattr(t, n) for n in t.__match_args__))


def everywhere(t: Term, edit: Callable[[Term], Iterator[Edit]]) -> Iterator[Edit]:
    """`t` with an edit made at each of its places in turn."""
    for p in places(t):
        for fault, new in edit(p.term):
            yield fault, put(t, p.path, new)


def slots(t: Term) -> Iterator[Place]:
    """Places where a factor, a term or a function may have been left out: products as a whole, and what is none."""
    for p in places(t):
        inside = isinstance(p.above, Mul) or (isinstance(p.term, Num) and isinstance(p.above, Pow))
        turned = isinstance(p.above, Pow) and isinstance(p.term, (Elem, Num))
        if p.own and not inside and not turned:
            yield p


def minus(t: Term) -> Term:
    """The opposite, a sign that is there dropped."""
    if isinstance(t, Num):
        return Num(-t.value)
    if isinstance(t, Mul) and isinstance(t.factors[0], Num) and t.factors[0].value < 0:
        first = Num(-t.factors[0].value)
        return mul(*t.factors[1:]) if first.value == 1 else Mul((first, *t.factors[1:]))
    return neg(t)


def inverse(t: Term) -> Term:
    """One over `t`; of a fraction, that upside down."""
    if isinstance(t, Pow) and t.exponent == INVERSE:
        return t.base
    if isinstance(t, Mul):
        top = [f for f in t.factors if not _over(f)]
        bottom = [f.base for f in t.factors if isinstance(f, Pow) and _over(f)]
        if bottom:
            return mul(*bottom) if not top or top == [ONE] else mul(*bottom, Pow(mul(*top), INVERSE))
    return Pow(t, INVERSE)


def _over(t: Term) -> bool:
    return isinstance(t, Pow) and t.exponent == INVERSE


def factors(t: Term) -> tuple[Term, ...]:
    return t.factors if isinstance(t, Mul) else (t,)


__all__ = [
    "INVERSE",
    "Edit",
    "Place",
    "everywhere",
    "factors",
    "inverse",
    "minus",
    "places",
    "put",
    "slots",
    "with_part",
]
