"""Traces and determinants of printed matrix expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from derive.numeric.exact import exact
from derive.numeric.fields import NoNumber
from derive.term import Add, Elem, Fn, Mul, Pow, Sym, Term

if TYPE_CHECKING:
    from derive.numeric.compiled import Compiler, Env
    from derive.numeric.instance import Instance

Matrix = list[list[Any]]

#: Rows or columns at most.
LARGEST = 64


def mentions(t: Term, instance: Instance) -> bool:
    """Whether a matrix stands in `t` outside a trace or determinant."""
    if isinstance(t, (Sym, Elem)):
        return t.name in instance.matrices and t.name not in instance.scalars
    if isinstance(t, Add):
        return any(mentions(u, instance) for u in t.terms)
    if isinstance(t, Mul):
        return any(mentions(u, instance) for u in t.factors)
    if isinstance(t, Pow):
        return mentions(t.base, instance)
    return isinstance(t, Fn) and t.name == "transpose" and mentions(t.args[0], instance)


def value(t: Term, compiler: Compiler, env: Env) -> Matrix:
    """Entries of a matrix expression; a scalar is a 1x1 matrix."""
    if not mentions(t, compiler.instance):
        return [[compiler.constant(t, env)]]
    match t:
        case Sym(name) | Elem(name, _):
            return _entries(name, compiler, env)
        case Add(terms):
            total = value(terms[0], compiler, env)
            for u in terms[1:]:
                total = _sum(total, value(u, compiler, env))
            return total
        case Mul(factors):
            result = value(factors[0], compiler, env)
            for u in factors[1:]:
                result = _product(result, value(u, compiler, env), compiler)
            return result
        case Pow(base, exponent):
            n = exact(exponent, compiler.instance, env)
            if n is None or n.denominator != 1 or abs(n) > 64 or n == 0:
                raise NoNumber("a matrix to a power that isn't a small integer")
            m = value(base, compiler, env)
            m = inverse(m, compiler) if n < 0 else m
            result = m
            for _ in range(abs(int(n)) - 1):
                result = _product(result, m, compiler)
            return result
        case Fn("transpose", (u,)):
            return [list(column) for column in zip(*value(u, compiler, env), strict=True)]
    raise NoNumber(f"{type(t).__name__} of a matrix isn't known")


def _entries(name: str, compiler: Compiler, env: Env) -> Matrix:
    row, column, rows, columns, entry = compiler.instance.matrices[name]
    n, m = (
        compiler.integer(rows, env, f"the height of {name}"),
        compiler.integer(columns, env, f"the width of {name}"),
    )
    if not (1 <= n <= LARGEST and 1 <= m <= LARGEST):
        raise NoNumber(f"{name} is a matrix of {n} by {m}")
    return [[compiler.constant(entry, {**env, row: i, column: j}) for j in range(1, m + 1)] for i in range(1, n + 1)]


def _sum(a: Matrix, b: Matrix) -> Matrix:
    if len(a) != len(b) or len(a[0]) != len(b[0]):
        raise NoNumber("matrices of different shapes are added")
    return [[x + y for x, y in zip(r, s, strict=True)] for r, s in zip(a, b, strict=True)]


def _product(a: Matrix, b: Matrix, compiler: Compiler) -> Matrix:
    if len(a) == len(a[0]) == 1:
        return [[a[0][0] * y for y in s] for s in b]
    if len(b) == len(b[0]) == 1:
        return [[x * b[0][0] for x in r] for r in a]
    if len(a[0]) != len(b):
        raise NoNumber("the shapes of multiplied matrices don't fit")
    columns = list(zip(*b, strict=True))
    add = compiler.field.sum
    return [[add([x * y for x, y in zip(r, c, strict=True)]) for c in columns] for r in a]


def eliminate(rows: Matrix, compiler: Compiler, pivoting: bool = True) -> tuple[Any, Matrix]:
    """Gauss elimination of the left square block: the pivots' product with its sign, and the reduced rows."""
    field, n = compiler.field, len(rows)
    rows = [list(r) for r in rows]
    det = field.num(1)
    scale = max((field.weight(x) for r in rows for x in r[:n]), default=1)
    for k in range(n):
        best = max(range(k, n), key=lambda i: field.weight(rows[i][k])) if pivoting else k
        pivot = rows[best][k]
        if not field.weight(pivot) > 0 or (not field.rigorous and field.agree(pivot, 0, scale)):
            raise NoNumber("singular: a matrix has no inverse, or it can't be told")
        if best != k:
            rows[k], rows[best], det = rows[best], rows[k], -det
        det = det * pivot
        for i in range(n):
            if i != k:
                factor = rows[i][k] / pivot
                rows[i] = [x - factor * y for x, y in zip(rows[i], rows[k], strict=True)]
    return det, rows


def inverse(m: Matrix, compiler: Compiler) -> Matrix:
    if len(m) != len(m[0]):
        raise NoNumber("the inverse of a matrix that isn't square")
    n, num = len(m), compiler.field.num
    _, rows = eliminate([[*r, *(num(int(i == j)) for j in range(n))] for i, r in enumerate(m)], compiler)
    return [[x / r[i] for x in r[n:]] for i, r in enumerate(rows)]


def trace(t: Term, compiler: Compiler, env: Env) -> Any:
    m = value(t, compiler, env)
    if len(m) != len(m[0]):
        raise NoNumber("the trace of a matrix that isn't square")
    return compiler.field.sum([m[k][k] for k in range(len(m))])


def determinant(t: Term, compiler: Compiler, env: Env) -> Any:
    m = value(t, compiler, env)
    if len(m) != len(m[0]):
        raise NoNumber("the determinant of a matrix that isn't square")
    return eliminate(m, compiler)[0]


def scalar(t: Term, compiler: Compiler, env: Env) -> Any:
    m = value(t, compiler, env)
    if len(m) > 1 or len(m[0]) > 1:
        raise NoNumber("a matrix stands where a number must")
    return m[0][0]
