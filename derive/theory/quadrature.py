"""Integrals of one variable to twenty digits and more, over Arb: between points, out to infinity, periodic ones.

The radius of what comes back holds an estimate of the error (two orders of Gauss and Legendre compared), not a bound.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import flint
from flint import arb

from derive.numeric import NoNumber

Function = Callable[[Any], Any]
BITS = 200  #: working precision: sixty digits
DEPTH = 200  #: halvings of a piece
PIECES = 600  #: halvings of one integral
PERIODS = 30  #: partial sums of an oscillating tail


@lru_cache(maxsize=32)
def nodes(n: int, precision: int) -> tuple[tuple[Any, Any], ...]:
    """Nodes and weights of Gauss and Legendre on [−1, 1]."""
    with flint.ctx.workprec(precision):
        return tuple(arb.legendre_p_root(n, k, weight=True) for k in range(n))


def gauss(f: Function, a: Any, b: Any, n: int) -> Any:
    half, middle = (b - a) / 2, (a + b) / 2
    total = arb(0)
    for x, w in nodes(n, flint.ctx.prec):
        total += w * f((middle + half * x).mid())
    return (total * half).mid()


def piece(f: Function, a: Any, b: Any, digits: int, depth: int = DEPTH, n: int = 24) -> Any:
    """A smooth integrand between a and b, halved until two orders agree."""
    total, todo, done = arb(0), [(a, b, depth)], 0
    while todo:
        lo, hi, left = todo.pop()
        one, two = gauss(f, lo, hi, n), gauss(f, lo, hi, 2 * n)
        if not two.is_finite():
            raise NoNumber("the integrand has no finite value somewhere")
        error = abs(two - one)
        if error < arb(10) ** -digits * (1 + abs(two)):
            total += two + arb(0, 1) * error
            continue
        done += 1
        if not left or done > PIECES:  # rounding that no halving takes off, or a singularity
            raise NoNumber("a quadrature that does not converge")
        m = ((lo + hi) / 2).mid()
        todo += [(lo, m, left - 1), (m, hi, left - 1)]
    return total


def between(f: Function, a: Any, b: Any, cuts: Sequence[Any] = (), digits: int = 26) -> Any:
    """Integral from a to b; `None` ends are infinite. `cuts` are where the integrand is not smooth.

    Examples
    --------
    >>> with flint.ctx.workprec(BITS):
    ...     float(between(lambda x: (-x * x).exp(), None, None) ** 2)
    3.141592653589793
    """
    inside = sorted({float(c): c for c in cuts}.values(), key=float)
    inside = [c for c in inside if (a is None or c > a) and (b is None or c < b)]
    if not inside and (a is None or b is None):
        inside = [arb(0) if a is None and b is None else a + 1 if b is None else b - 1]
    points = [*([] if a is None else [a]), *inside, *([] if b is None else [b])]
    total = sum((piece(f, lo, hi, digits) for lo, hi in pairwise(points)), arb(0))
    if a is None:
        total += tail(lambda u: f(points[0] - u), digits)
    if b is None:
        total += tail(lambda u: f(points[-1] + u), digits)
    return total


def tail(f: Function, digits: int) -> Any:
    """∫₀^∞ f: steps of doubling length while the integrand falls fast, else 1/u for u beyond 1."""
    small = arb(10) ** -(digits + 8)
    total, lo, step = arb(0), arb(0), arb(1)
    for k in range(12):
        hi = lo + step
        part = piece(f, lo, hi, digits)
        total += part
        lo, step = hi, step * 2
        if abs(f(hi.mid())) * hi * hi < small and abs(part) < small:
            return total
        if k > 6 and abs(f(hi.mid())) * hi * hi > arb("1e-9"):
            break
    # a power: u = 1/w is smooth down to w = 0 for whole powers, and halves of pieces meet the others
    return total + piece(lambda w: f(1 / w) / (w * w), arb(0), 1 / lo, digits, 2 * DEPTH)


def oscillating(f: Function, period: Any, digits: int = 24, first: Sequence[Any] = ()) -> Any:
    """∫₀^∞ f where f is, far out, a sum of powers of 1/t with factors of the given period.

    Partial sums over whole periods have an expansion in 1/k, taken off by Neville's scheme.
    """
    sums: list[Any] = []
    total, error = arb(0), arb(0)
    small = arb(10) ** -(digits + 6)
    for k in range(1, PERIODS + 1):
        part = piece(f, (k - 1) * period, k * period, digits + 12)
        error += part.rad()
        total = (total + part).mid()
        sums.append(total)
        if abs(part) < small and abs(f((k * period).mid())) * k * period < small:
            return total + arb(0, 1) * (error + small)
    found = [_at_zero(sums[lo:], lo + 1) for lo in (2, 3)]
    return found[0] + arb(0, 1) * (abs(found[0] - found[1]) + error * 10)


def _at_zero(sums: list[Any], start: int) -> Any:
    """The value at 1/k = 0 of the polynomial in 1/k through the partial sums."""
    x = [arb(1) / (start + k) for k in range(len(sums))]
    row = list(sums)
    for m in range(1, len(row)):
        row = [((x[k] * row[k + 1] - x[k + m] * row[k]) / (x[k] - x[k + m])).mid() for k in range(len(row) - 1)]
    return row[0]


def alternating(f: Function, quarter: Any, terms: int = 44, digits: int = 28) -> Any:
    """∫₀^∞ f where f changes its sign at quarter, 3 quarter, 5 quarter, … and falls smoothly otherwise.

    Cohen, Rodriguez Villegas and Zagier's acceleration of the alternating sum of the parts: 5.8^−terms.
    """
    first = piece(f, arb(0), quarter, digits)
    parts = [piece(f, quarter * (2 * k + 1), quarter * (2 * k + 3), digits) * (-1) ** k for k in range(terms)]
    d = (3 + arb(8).sqrt()) ** terms
    d = (d + 1 / d) / 2
    b, c, total = arb(-1), -d, arb(0)
    for k in range(terms):
        c = b - c
        total += c * parts[k]
        b = b * (k + terms) * (k - terms) / ((arb(k) + arb(1) / 2) * (k + 1))
    return first + total / d


def tanh_sinh(f: Function, low: Any, high: Any, cuts: Sequence[Any] = ()) -> Any:
    """∫ f between finite ends that it may run away at, as 1/√ does: x = tanh(π/2 · sinh v), the step halved once."""
    points = [low, *sorted((c for c in cuts if c > low and c < high), key=float), high]
    out = arb(0)
    for a, b in pairwise(points):
        sums, half, middle = [], (b - a) / 2, (a + b) / 2
        for n in (16, 32):
            total = arb(0)
            for k in range(-5 * n, 5 * n + 1):
                v = arb(k) / n
                s = arb.pi() / 2 * v.sinh()
                x = (middle + half * s.tanh()).mid()
                if a < x < b:
                    weight = arb.pi() / 2 * v.cosh() / s.cosh() ** 2
                    part = f(x) * weight
                    total += part if part.is_finite() else 0
            sums.append((total * half / n).mid())
        out += sums[1] + arb(0, 1) * abs(sums[1] - sums[0])
    return out
