"""Moves under a mean over the parameters: its linearity, logarithms of densities, squares, moments."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from derive.term import (
    ONE,
    PI,
    TWO,
    Add,
    Elem,
    Fn,
    Int,
    Mul,
    Num,
    Pow,
    Prod,
    Sum,
    Sym,
    Term,
    add,
    free,
    ln,
    mul,
    rebuild,
    walk,
)

if TYPE_CHECKING:
    pass

from derive.scene import MEAN, Proposal, Scene, heavy, put, tops

# -- means ---------------------------------------------------------------------------------------------


AS_MEAN = "written as a mean over the parameters; the mean is linear, the density normalized"


def as_mean(t: Term, scene: Scene) -> Iterable[Proposal]:
    """∫ E(μ) f(μ) dμ with a normalized f as ⟨E⟩, sums and constants taken out of it."""
    if scene.over or any(isinstance(x, Fn) and x.name == MEAN for x in walk(t)) or len(list(tops(t))) > 1:
        return
    for x in walk(t):
        if isinstance(x, Int):
            for energy, density in _split(x.body):
                scene.over, scene.density = x.over, density
                if scene.equal(scene.full(Fn(MEAN, (ONE,))), ONE):
                    yield Proposal(put(t, x, linear(energy, scene)), AS_MEAN, steps=False)
                    return
                scene.over, scene.density = (), ONE
            return


def _split(body: Term) -> Iterable[tuple[Term, Term]]:
    """Ways to read an integrand as energy times density."""
    if not isinstance(body, Mul):
        return
    if len(body.factors) == 2:
        a, b = body.factors
        yield (b, a) if isinstance(b, Fn) and b.name == "ln" else (a, b)
        yield b, a
    factors = list(_factors(body))
    weights = [f for f in factors if isinstance(f, Prod) or any(isinstance(x, Fn) and x.name == "exp" for x in walk(f))]
    for more in ([], [f for f in factors if f not in weights and not free(f)]):
        inside = [*weights, *more]
        yield mul(*(f for f in factors if f not in inside)), mul(*inside)


def _factors(t: Term) -> Iterable[Term]:
    if isinstance(t, Mul):
        for f in t.factors:
            yield from _factors(f)
    else:
        yield t


def linear(t: Term, scene: Scene) -> Term:
    """⟨t⟩ with sums and what holds no parameter taken out."""
    names = scene.parameters()

    def mean(x: Term) -> Term:
        if not names & free(x):
            return x
        if isinstance(x, Add):
            return add(*map(mean, x.terms))
        if isinstance(x, Sum) and not names & (free(x.low) | free(x.high)):
            if not _members(x, names):
                return Sum(x.index, x.low, x.high, mean(x.body))
            terms = x.body.terms if isinstance(x.body, Add) else (x.body,)
            still = [y for y in terms if not names & free(y)]
            if still:  # a sum over the parameters themselves stays inside, but for what holds none
                moving = [y for y in terms if names & free(y)]
                whole = (Sum(x.index, x.low, x.high, add(*part)) for part in (still, moving))
                return add(next(whole), mean(next(whole)))
        if isinstance(x, Mul):
            factors = list(_factors(x))
            inside = [f for f in factors if names & free(f)]
            outside = [f for f in factors if not names & free(f)]
            if outside or len(inside) == 1:
                return mul(*outside, mean(mul(*inside)))
        return Fn(MEAN, (x,))

    return mean(t)


def _members(s: Sum, names: frozenset[str]) -> bool:
    """Whether a sum runs over the parameters themselves."""
    return any(isinstance(x, Elem) and x.name in names and Sym(s.index) in x.index for x in walk(s.body))


def logarithms(t: Term, scene: Scene) -> Iterable[Proposal]:
    """⟨ln of a product⟩ as a sum of means."""
    new = _each_mean(t, lambda x: linear(logarithm(x.args[0]), scene) if isinstance(x, Fn) and x.name == "ln" else None)
    if new is not None:
        yield Proposal(new, "logarithm of a product of positive factors; the mean is linear", steps=False)


def logarithm(t: Term) -> Term:
    """ln t, of a product as a sum.

    Examples
    --------
    >>> from derive.reader.printer import latex
    >>> a, b = Sym("a"), Sym("b")
    >>> latex(logarithm(Fn("exp", (a,)) / (b * a)))
    'a-\\\\ln b-\\\\ln a'
    """
    if isinstance(t, Prod):
        return Sum(t.index, t.low, t.high, logarithm(t.body))
    if isinstance(t, Fn) and t.name == "exp":
        return t.args[0]
    if t == ONE:
        return Num(ONE.value - 1)
    if isinstance(t, Pow) and isinstance(t.exponent, Num):
        inner = logarithm(t.base)
        return add(*(_scaled(x, t.exponent) for x in (inner.terms if isinstance(inner, Add) else (inner,))))
    if isinstance(t, Mul) and not all(isinstance(f, Num) or f == PI for f in t.factors):
        logs = [logarithm(f) for f in _factors(t) if f != ONE]
        return add(*(y for x in logs for y in (x.terms if isinstance(x, Add) else (x,))))
    return ln(t)


def _scaled(t: Term, by: Num) -> Term:
    if isinstance(t, Mul) and isinstance(t.factors[0], Num):
        by, t = Num(by.value * t.factors[0].value), mul(*t.factors[1:])
    return t if by == ONE else Mul((by, t))


def squares(t: Term, scene: Scene) -> Iterable[Proposal]:
    """⟨(u + v)²⟩ = ⟨u²⟩ + 2v⟨u⟩ + v² for a v without parameters."""
    names = scene.parameters()

    def multiplied(x: Term) -> Term | None:
        if not (isinstance(x, Pow) and x.exponent == TWO and isinstance(x.base, Add)):
            return None
        terms = [y for part in x.base.terms for y in (part.terms if isinstance(part, Add) else (part,))]
        u = [y for y in terms if names & free(y)]
        v = [y for y in terms if not names & free(y)]
        if not u or not v:
            return None
        moving, still = add(*u), add(*v)
        square = _plus(still) ** 2
        return Add((Fn(MEAN, (moving**2,)), mul(TWO, still, Fn(MEAN, (moving,))), square))

    new = _each_mean(t, multiplied)
    if new is not None:
        yield Proposal(new, "the square multiplied out; the mean is linear", steps=False)


def _plus(t: Term) -> Term:
    """−a as a, where only the square counts."""
    if isinstance(t, Mul) and isinstance(t.factors[0], Num) and t.factors[0].value < 0:
        return _scaled(mul(*t.factors[1:]), Num(-t.factors[0].value))
    return t


def moments(t: Term, scene: Scene) -> Iterable[Proposal]:
    """Each mean by its value."""

    def value(x: Term) -> Term | None:
        found = scene.normal_form(Fn(MEAN, (x,)))
        return None if found is None or heavy(found) else found

    new = _each_mean(t, value)
    if new is not None:
        yield Proposal(new)


def _each_mean(t: Term, change: Callable[[Term], Term | None]) -> Term | None:
    """`t` with each mean that `change` has something for replaced; None where it has nothing."""
    changed = False

    def go(x: Term) -> Term:
        nonlocal changed
        if isinstance(x, Fn) and x.name == MEAN:
            new = change(x.args[0])
            if new is not None:
                changed = True
                return new
            return x
        return rebuild(x, go)

    out = go(t)
    return out if changed else None
