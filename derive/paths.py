"""Terms along the path of a regime, and with exact data put in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from derive.claim import ANY, Regime
from derive.kernel.context import Context
from derive.kernel.layers import several
from derive.kernel.normal import Normal
from derive.kernel.poly import Refusal
from derive.kernel.single import singled
from derive.kernel.theorem import Statement, Theorem, asymptotic
from derive.numeric import Instance
from derive.term import Elem, Int, Min, Num, Over, Sym, Term, add, free, mul, rebuild, substitute, term, walk


def still_moving(s: Statement, regime: Regime) -> bool:
    """Whether members of a family that the regime moves are left after its path was put in."""
    moved = {x.name for pattern, _ in regime.path for x in walk(pattern) if isinstance(x, Elem)}
    return any(isinstance(x, Elem) and x.name in moved for t in (s.left, s.right) for x in walk(t))


def one_member(s: Statement, regime: Regime, normal: Normal) -> tuple[Statement, Theorem]:
    """The statement where one member of a family grows and the others are held, and its proof.

    Raises
    ------
    Refusal : the kernel can't single the member out, or the limit does not prove the statement.
    """
    pattern, v = regime.path[0]
    if len(regime.path) > 1 or not isinstance(pattern, Elem) or not isinstance(v, Sym) or ANY in pattern.index:
        raise Refusal("the members of a family grow at different rates")
    if v.name in free(s.left) | free(s.right):  # the letter of the family: the member that grows gets its own
        v = Sym(f"{v.name}'")
        normal = Normal(replace(s.context, signs={**s.context.signs, v.name: s.context.sign(pattern.name)}), None)
    left, right = (singled(t, pattern, v, normal) for t in (s.left, s.right))
    at = replace(s, left=left, right=right, context=normal.context, variable=v.name)
    found = asymptotic(at, normal)
    if not isinstance(found, Theorem):
        raise Refusal("only one member of a family grows")
    return at, found


def moved_out(point: dict[str, str], regime: Regime) -> dict[str, str]:
    """A point without the variable of the regime and what moves with it."""
    moving = {x.name for pattern, _ in regime.path for x in walk(pattern) if isinstance(x, (Elem, Sym))}
    whole = {a.name for a, _ in regime.path if isinstance(a, Elem) and ANY in a.index} | {regime.variable}
    return {k: v for k, v in point.items() if k not in moving | whole and k.rpartition("_")[0] not in whole}


def without_minima(t: Term) -> Term:
    """`t` with every least value put to 0: for tables of quotients only, where a constant does not show."""
    return Num(Fraction(0)) if isinstance(t, Min) else rebuild(t, without_minima)


def without_layers(s: Statement, plain: Callable[[Term], Term]) -> Statement:
    """A statement about layers in normal form, before numbers are put in for their sizes and inputs."""
    layers = any(isinstance(x, Over) and several((x,)) for t in (s.left, s.right) for x in walk(t))
    if not layers and not s.context.recursions:
        return s
    s = replace(s, left=plain(s.left), right=plain(s.right))
    if {r.element.name for r in s.context.recursions} & (free(s.left) | free(s.right)):
        raise Refusal("a member of a recursion without a closed form")  # it holds the variable, and is no datum
    return s


def kept(point: Instance, moving: set[str]) -> Instance:
    """A point without what a path moves, families and scalars alike: these take their value from the path."""
    families = {k: v for k, v in point.families.items() if k not in moving}
    return replace(point, families=families, scalars={k: v for k, v in point.scalars.items() if k not in moving})


def put_in(t: Term, point: Instance, variable: str) -> Term:
    """`t` with exact values for sizes, data and scalars, the variable left standing."""
    sizes: dict[Term, Term] = {Sym(k): Num(Fraction(v)) for k, v in point.sizes.items() if k != variable}
    scalars: dict[Term, Term] = {Sym(k): Num(v) for k, v in point.scalars.items() if k != variable}

    def values(x: Term, expand: Callable[[Term], Term]) -> Term:
        if isinstance(x, Elem) and all(isinstance(i, Num) for i in x.index):
            key = tuple(int(i.value) for i in x.index if isinstance(i, Num))
            known: Any = point.families.get(x.name, {}).get(key)
            return x if known is None else Num(known)
        return rebuild(x, expand)

    unrolled = _unroll(substitute(t, {**sizes, **scalars}))

    def go(x: Term) -> Term:
        return values(x, go)

    return go(unrolled)


def _unroll(t: Term) -> Term:
    """Sums and products with whole limits written out, so that their elements can be given values."""
    from derive.kernel.normal import Normal as Plain
    from derive.term import Prod, Sum

    if isinstance(t, (Sum, Prod)):
        plain = Plain(Context())
        low, high = plain.poly(t.low).number, plain.poly(t.high).number
        if low is not None and high is not None and high - low <= 60:
            parts = [_unroll(substitute(t.body, {Sym(t.index): term(k)})) for k in range(int(low), int(high) + 1)]
            return add(*parts) if isinstance(t, Sum) else mul(*parts)
    if isinstance(t, (Int, Min)):
        t = type(t)(tuple(x for o in t.over for x in _members(o)), t.body)
    if isinstance(t, Elem):
        plain = Plain(Context())
        return Elem(t.name, tuple(plain.ratio(i).term for i in t.index))
    return rebuild(t, _unroll)


def turned(t: Term, name: str, change: Callable[[Term], Term]) -> Term:
    """`t` with every element of a family changed."""
    if isinstance(t, Elem) and t.name == name:
        return change(t)
    return rebuild(t, lambda c: turned(c, name, change))


def _members(o: Over) -> list[Over]:
    """The variables of a family one by one, where its range is known."""
    from derive.kernel.normal import Normal as Plain

    plain = Plain(Context())
    first, last = plain.poly(o.first).number, plain.poly(o.last).number
    if not o.index or first is None or last is None or last - first > 60:
        return [o]
    ks = (term(k) for k in range(int(first), int(last) + 1))
    tables: list[dict[Term, Term]] = [{Sym(o.index): k} for k in ks]
    return [Over(substitute(o.var, at), substitute(o.low, at), substitute(o.high, at)) for at in tables]
