"""Floating-point values of many terms that share their parts: each part is worked out once.

Nothing here is rigorous. It tells at a glance which of a thousand formulas can't be the one looked for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, ClassVar

from derive.numeric.exact import exact
from derive.numeric.fields import NoNumber
from derive.numeric.instance import Instance
from derive.term import Add, Elem, Fn, Mul, Num, Pow, Prod, Sum, Sym, Term, free

#: Terms of one sum at most, and the largest whole exponent that is multiplied out.
MOST = 400
Env = Mapping[str, int]


class Quick:
    """Values at one point, as floats.

    Parameters
    ----------
    point : values for every free name.
    other : the value of a term that is no arithmetic (an integral, an open function), given its free indices.

    Examples
    --------
    >>> quick = Quick(Instance(sizes={"K": 3}, scalars={"a": Fraction(1, 2)}))
    >>> quick.value(Sum("j", Num(Fraction(1)), Sym("K"), Sym("a") ** Sym("j")))
    0.875
    """

    def __init__(self, point: Instance, other: Callable[[Term, Env], float] | None = None) -> None:
        self.point, self.other = point, other
        self.given = frozenset((*point.sizes, *point.scalars, *point.families))
        self.known: dict[int, tuple[Term, tuple[str, ...], dict[tuple[int | None, ...], Any]]] = {}

    def value(self, t: Term, env: Env | None = None) -> Any:
        """The value of `t`.

        Raises
        ------
        NoNumber : it has none here, or not in floating point.
        """
        try:
            return self.at(t, env or {})
        except (ArithmeticError, ValueError, RecursionError) as e:
            raise NoNumber(f"no number in floating point ({type(e).__name__})") from None

    def at(self, t: Term, env: Env) -> Any:
        found = self.known.get(id(t))
        if found is None:
            found = t, tuple(sorted(free(t) - self.given)), {}
            self.known[id(t)] = found
        key = tuple(map(env.get, found[1]))
        value = found[2].get(key)
        if value is None:
            value = found[2][key] = self.worked_out(t, env)
        return value

    def worked_out(self, t: Term, env: Env) -> Any:
        match t:
            case Num(value):
                return self.number(value)
            case Add(terms):
                return self.added([self.at(x, env) for x in terms])
            case Mul(factors):
                return self.multiplied([self.at(x, env) for x in factors])
            case Pow(base, exponent):
                return self.power(base, exponent, env)
            case Sum(index, low, high, body) | Prod(index, low, high, body):
                first, last = self.integer(low, env), self.integer(high, env)
                if last - first >= MOST:
                    raise NoNumber("a sum of many terms")
                each = [self.at(body, {**env, index: k}) for k in range(first, last + 1)]
                return self.added(each) if isinstance(t, Sum) else self.multiplied(each)
            case Elem(name, index):
                member = self.point.families.get(name, {}).get(tuple(self.integer(i, env) for i in index))
                if member is None:
                    raise NoNumber(f"no such member of {name}")
                return self.number(member)
            case Sym(name):
                return self.number(self.symbol(name, env))
            case Fn(name, args) if name in self.functions and len(args) == 1:
                return self.functions[name](self, self.at(args[0], env))
        if self.other is None:
            raise NoNumber(f"no value for {type(t).__name__}")
        return self.number(self.other(t, env))

    def symbol(self, name: str, env: Env) -> Any:
        if name in env:
            return env[name]
        value = self.point.sizes.get(name, self.point.scalars.get(name))
        if value is None and name != "pi":
            raise NoNumber(f"no value for {name}")
        return math.pi if value is None else value

    def integer(self, t: Term, env: Env) -> int:
        if isinstance(t, Num) and t.value.denominator == 1:
            return t.value.numerator
        if isinstance(t, Sym) and t.name in env:
            return env[t.name]
        value = exact(t, self.point, env)
        if value is None or value.denominator != 1:
            raise NoNumber("an index or a limit that is no whole number")
        return int(value)

    # -- arithmetic --------------------------------------------------------------------------------

    def number(self, value: Any) -> Any:
        return float(value)

    def added(self, values: list[Any]) -> Any:
        return math.fsum(values)

    def multiplied(self, values: list[Any]) -> Any:
        return math.prod(values)

    def power(self, base: Term, exponent: Term, env: Env) -> Any:
        b = self.at(base, env)
        e = exponent.value if isinstance(exponent, Num) else self.at(exponent, env)
        if isinstance(e, Fraction):
            if e.denominator == 1:
                return b ** int(e)
            e = float(e)
        if b < 0 and not float(e).is_integer():
            raise NoNumber("a root of a negative number")
        return b**e

    functions: ClassVar[Mapping[str, Callable[[Any, Any], Any]]] = {
        "exp": lambda q, x: math.exp(x),
        "ln": lambda q, x: math.log(x),
        "abs": lambda q, x: abs(x),
        "sqrt": lambda q, x: math.sqrt(x),
        "tanh": lambda q, x: math.tanh(x),
        "erf": lambda q, x: math.erf(x),
        "relu": lambda q, x: max(x, 0.0),
        "sigmoid": lambda q, x: 0.5 + 0.5 * math.tanh(x / 2),
    }


class Far(Quick):
    """Values far out, as (sign, logarithm of the size); (0, 0.0) is zero.

    Examples
    --------
    >>> far = Far(Instance(scalars={"s": Fraction(10**400)}))
    >>> sign, size = far.value(Sym("s") ** 3)
    >>> sign, round(size / math.log(10))
    (1, 1200)
    """

    #: Digits that a difference may lose before it counts as zero.
    LOST = 1e-11

    def number(self, value: Any) -> tuple[int, float]:
        if isinstance(value, tuple):
            return value
        if not value:
            return 0, 0.0
        if isinstance(value, Fraction):
            size = math.log(abs(value.numerator)) - math.log(value.denominator)
        else:
            size = math.log(abs(value))
        return (1 if value > 0 else -1), size

    def added(self, values: list[Any]) -> tuple[int, float]:
        values = [v for v in values if v[0]]
        if not values:
            return 0, 0.0
        top = max(size for _, size in values)
        total = math.fsum(sign * math.exp(size - top) for sign, size in values)
        if abs(total) < self.LOST:
            return 0, 0.0
        return (1 if total > 0 else -1), top + math.log(abs(total))

    def multiplied(self, values: list[Any]) -> tuple[int, float]:
        sign = math.prod(s for s, _ in values)
        return (sign, math.fsum(size for _, size in values)) if sign else (0, 0.0)

    def power(self, base: Term, exponent: Term, env: Env) -> tuple[int, float]:
        sign, size = self.at(base, env)
        e = exponent.value if isinstance(exponent, Num) else self.plain(self.at(exponent, env))
        whole = float(e).is_integer()
        if (sign < 0 and not whole) or (not sign and e <= 0):
            raise NoNumber("a power without a value")
        return (sign if whole and int(e) % 2 else abs(sign)), size * float(e)

    def plain(self, value: tuple[int, float]) -> float:
        return value[0] * math.exp(value[1]) if value[0] else 0.0

    def _ln(self, value: tuple[int, float]) -> tuple[int, float]:
        if value[0] <= 0:
            raise NoNumber("the logarithm of what is not positive")
        return self.number(value[1])

    def _near(self, f: Callable[[float], float], value: tuple[int, float]) -> tuple[int, float]:
        return self.number(f(math.copysign(40.0, value[0]) if value[1] > 3.7 else self.plain(value)))

    functions: ClassVar[Mapping[str, Callable[[Any, Any], Any]]] = {
        "exp": lambda q, x: (1, q.plain(x)),
        "ln": lambda q, x: q._ln(x),
        "abs": lambda q, x: (abs(x[0]), x[1]),
        "sqrt": lambda q, x: (1, x[1] / 2) if x[0] > 0 else q._ln(x),
        "tanh": lambda q, x: x if x[1] < -20 else q._near(math.tanh, x),
        "erf": lambda q, x: (x[0], x[1] + math.log(2 / math.sqrt(math.pi))) if x[1] < -20 else q._near(math.erf, x),
        "relu": lambda q, x: x if x[0] > 0 else (0, 0.0),
        "sigmoid": lambda q, x: q._near(lambda v: 0.5 + 0.5 * math.tanh(v / 2), x),
    }
