"""The least value of what is quadratic in its variables."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from derive.numeric import integrals, matrices
from derive.numeric.exact import exact
from derive.numeric.fields import NoNumber
from derive.term import Add, Elem, Min, Mul, Pow, Sum, Sym, Term, free

if TYPE_CHECKING:
    from derive.numeric.compiled import Compiler, Env

#: Variables at most.
LARGEST = 24


def value(t: Min, compiler: Compiler, env: Env) -> Any:
    """Least value: the stationary one, once the matrix of second derivatives is found positive definite."""
    from derive.numeric.compiled import Code

    field = compiler.field
    keys = [v.key for v in integrals.variables(t.over, compiler, env)]
    if not keys or len(keys) > LARGEST:
        raise NoNumber(f"a minimum over {len(keys)} variables")
    names = {k if isinstance(k, str) else k[0] for k in keys}
    if degree(t.body, names, compiler, env) not in (0, 1, 2):
        raise NoNumber("Min of a body that isn't quadratic")

    def at(point: dict[Any, Fraction]) -> Any:
        bound = {k: Code(None, 0, field.num(point.get(k, Fraction(0)))) for k in keys}
        return compiler.constant(t.body, {**env, **bound})

    one = Fraction(1)
    zero = at({})
    plus, minus = [at({k: one}) for k in keys], [at({k: -one}) for k in keys]
    gradient = [(p - m) / 2 for p, m in zip(plus, minus, strict=True)]
    n = len(keys)
    hessian = [[field.num(0)] * n for _ in keys]
    for i in range(n):
        hessian[i][i] = plus[i] + minus[i] - 2 * zero
        for j in range(i):
            both = at({keys[i]: one, keys[j]: one})
            hessian[i][j] = hessian[j][i] = both - plus[i] - plus[j] + zero
    _verify(zero, gradient, hessian, at({k: Fraction(i + 2, 3) for i, k in enumerate(keys)}), field)
    rows = [[*h, g] for h, g in zip(hessian, gradient, strict=True)]
    _, solved = matrices.eliminate(rows, compiler, pivoting=False)
    if not all(field.positive(solved[k][k]) for k in range(n)):
        raise NoNumber("Min of a body that isn't bounded below")
    return zero - field.sum([g * r[-1] / r[i] for i, (g, r) in enumerate(zip(gradient, solved, strict=True))]) / 2


def _verify(zero: Any, gradient: list[Any], hessian: list[list[Any]], seen: Any, field: Any) -> None:
    point = [field.num(Fraction(i + 2, 3)) for i in range(len(gradient))]
    parts = [zero, *(g * x for g, x in zip(gradient, point, strict=True))]
    parts += [h * x * y / 2 for row, x in zip(hessian, point, strict=True) for h, y in zip(row, point, strict=True)]
    if not field.agree(field.sum(parts), seen, max((abs(p) for p in parts), default=1)):
        raise NoNumber("Min of a body that isn't quadratic")


def degree(t: Term, names: Collection[str], compiler: Compiler, env: Env) -> int | None:
    """Bound on the degree in the named variables, None if `t` isn't seen to be a polynomial in them."""
    if not free(t) & set(names):
        return 0
    match t:
        case Sym():
            return 1
        case Elem(_, index):
            return None if any(free(i) & set(names) for i in index) else 1
        case Add(parts) | Mul(parts):
            degrees = [degree(u, names, compiler, env) for u in parts]
            if any(d is None for d in degrees):
                return None
            known = [d for d in degrees if d is not None]
            return max(known) if isinstance(t, Add) else sum(known)
        case Pow(base, exponent):
            inner, n = degree(base, names, compiler, env), exact(exponent, compiler.instance, env)
            if inner is None or n is None or n.denominator != 1 or n < 0:
                return None
            return inner * int(n)
        case Sum(_, low, high, body):
            return None if (free(low) | free(high)) & set(names) else degree(body, names, compiler, env)
    return None
