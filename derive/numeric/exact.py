"""Exact rational values of terms: indices, bounds, exponents."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from derive.term import INF, Add, Elem, Fn, Mul, Num, Pow, Prod, Sum, Sym, Term

if TYPE_CHECKING:
    from derive.numeric.instance import Instance

#: Numbers with more bits than this are left to floating point.
LIMIT = 20_000
#: Nodes that one exact value may cost.
STEPS = 100_000


def exact(t: Term, instance: Instance, env: Mapping[Any, Any] | None = None) -> Fraction | None:
    """The rational value of `t`, or None where it has none, is too large or too costly.

    `env` binds names, and elements by (name, index), in front of the instance; a binding that isn't
    a rational hides the name.

    Examples
    --------
    >>> from derive.numeric.instance import Instance
    >>> exact(Sym("K") - 1, Instance(sizes={"K": 3}))
    Fraction(2, 1)
    >>> exact(Num(Fraction(10)) ** (Num(Fraction(10)) ** 10), Instance()) is None
    True
    """
    if isinstance(t, Num):
        return t.value
    try:
        return _Exact(instance).value(t, env or {})
    except _NotRational:
        return None


def infinite(t: Term) -> int:
    """1 for oo, -1 for its negative, 0 for anything else."""
    if t == INF:
        return 1
    if isinstance(t, Mul) and INF in t.factors:
        rest = [u for u in t.factors if u != INF]
        if all(isinstance(u, Num) and u.value for u in rest):
            return -1 if sum(isinstance(u, Num) and u.value < 0 for u in rest) % 2 else 1
    return 0


class _NotRational(Exception):
    pass


def _found(value: Any) -> Fraction:
    if isinstance(value, (int, Fraction)):
        return Fraction(value)
    raise _NotRational


class _Exact:
    def __init__(self, instance: Instance) -> None:
        self.instance, self.steps = instance, 0

    def value(self, t: Term, env: Mapping[Any, Any]) -> Fraction:
        self.steps += 1
        value = self.node(t, env)
        if self.steps > STEPS or value.numerator.bit_length() + value.denominator.bit_length() > LIMIT:
            raise _NotRational
        return value

    def integer(self, t: Term, env: Mapping[Any, Any]) -> int:
        value = self.value(t, env)
        if value.denominator != 1:
            raise _NotRational
        return int(value)

    def node(self, t: Term, env: Mapping[Any, Any]) -> Fraction:
        match t:
            case Num(value):
                return value
            case Sym(name):
                if name in env:
                    return _found(env[name])
                return _found(self.instance.sizes.get(name, self.instance.scalars.get(name)))
            case Elem(name, index):
                at = tuple(self.integer(i, env) for i in index)
                if (name, at) in env:
                    return _found(env[name, at])
                return _found(self.instance.families.get(name, {}).get(at))
            case Add(terms):
                return self.fold([self.value(u, env) for u in terms], True)
            case Mul(factors):
                return self.fold([self.value(u, env) for u in factors], False)
            case Pow(base, exponent):
                return _power(self.value(base, env), self.integer(exponent, env))
            case Fn("abs", (u,)):
                return abs(self.value(u, env))
            case Fn("max", us) if us:
                return max(self.value(u, env) for u in us)
            case Fn("min", us) if us:
                return min(self.value(u, env) for u in us)
            case Sum(index, low, high, body) | Prod(index, low, high, body):
                first, last = self.integer(low, env), self.integer(high, env)
                if last - first > STEPS:
                    raise _NotRational
                values = [self.value(body, {**env, index: k}) for k in range(first, last + 1)]
                return self.fold(values, isinstance(t, Sum))
        raise _NotRational

    def fold(self, values: list[Fraction], adding: bool) -> Fraction:
        total = Fraction(0 if adding else 1)
        for v in values:
            total = total + v if adding else total * v
            if total.numerator.bit_length() + total.denominator.bit_length() > LIMIT:
                raise _NotRational
        return total


def _power(base: Fraction, n: int) -> Fraction:
    if base == 0 and n < 0:
        raise _NotRational
    if base in (0, 1, -1):
        return Fraction(1) if n == 0 or base == 1 or (base == -1 and n % 2 == 0) else base
    if abs(n) * max(base.numerator.bit_length(), base.denominator.bit_length()) > LIMIT:
        raise _NotRational
    return Fraction(base**n)
