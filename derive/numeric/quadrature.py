"""One-dimensional quadrature, nested: trapezoidal on the line, Gauss-Legendre on pieces between kinks."""

from __future__ import annotations

from collections.abc import Callable
from functools import cmp_to_key, lru_cache
from itertools import pairwise
from typing import Any

import flint
from flint import arb

from derive.numeric.fields import NoNumber, size
from derive.numeric.support import Point, find, hidden, small_at_ends

#: Values of the integrand at most, over all dimensions.
WALL = 2_000_000
#: Finest trapezoid.
FINEST = 4000


class Quadrature:
    """Nested quadrature to `digits`; each result is a ball whose radius holds the estimated error."""

    def __init__(self, digits: int, wall: int = WALL) -> None:
        self.digits, self.wall, self.count = digits, wall, 0
        self.drop = int(digits * 3.33) + 30
        self.tolerance, self.least = 10.0 ** -(digits + 1), 10.0 ** -(digits + 5)

    def line(self, frame: list[Any], level: Any, body: Callable[[list[Any]], Any], low: Any, high: Any) -> Any:
        """Integral of `body` over the variable of `level`; an end is a ball, or ±1 (an int) for ±oo."""
        slot, prelude = level.slot, level.prelude

        def at(x: Any) -> Any:
            self.count += 1
            if self.count > self.wall:
                raise NoNumber(f"quadrature needs more than {self.wall} values of the integrand")
            frame[slot] = x
            for s, work in prelude:
                frame[s] = work(frame)
            return body(frame)

        sign = 1
        if isinstance(low, int) and isinstance(high, int) and low == high:
            raise NoNumber("an integral from an infinity to itself")
        if (isinstance(low, int) and low > 0) or (isinstance(high, int) and high < 0):
            low, high, sign = high, low, -1
        if isinstance(low, int) and isinstance(high, int) and not level.kinks:
            return sign * self.whole(at, frame, level)
        if isinstance(low, int) or isinstance(high, int):
            a = None if isinstance(low, int) else low
            b = None if isinstance(high, int) else high
            low, high = self.support(at, a, b)
            found = self.pieces(at, frame, level, low, high)
            return sign * self.with_tails(found, high - low, [at(x) for x, e in ((low, a), (high, b)) if e is None])
        return sign * self.pieces(at, frame, level, low, high)

    def with_tails(self, found: Any, width: Any, ends: list[Any]) -> Any:
        """The integral with what may lie beyond infinite ends; a slow decay (as 1/x²) is refused."""
        tail = sum((abs(v) for v in ends), arb(0)) * width
        if not (tail < abs(found) * self.tolerance or tail <= found.rad()):
            raise NoNumber("the integrand decays too slowly")
        return found + arb(0, 1) * tail

    def support(self, at: Point, low: Any, high: Any) -> tuple[Any, Any]:
        """Where the integrand lives; integrals inside it needn't be good for that."""
        tolerance, self.tolerance = self.tolerance, 0.01
        try:
            return find(at, low, high, self.drop)
        finally:
            self.tolerance = tolerance

    # --- the whole line -----------------------------------------------------------------------------

    def whole(self, at: Point, frame: list[Any], level: Any) -> Any:
        """Trapezoidal rule with step halving: beats any power of the step where the integrand is analytic."""
        if level.support is not None:
            low, high = level.support
            result = self.trapezoid(at, low, high, checked=False)
            if result is not None:
                return self.with_tails(result, high - low, [at(low), at(high)])
        level.support = low, high = self.support(at, None, None)
        result = self.trapezoid(at, low, high, checked=True)
        if result is None:  # a singularity close to the line
            result = self.pieces(at, frame, level, low, high, 16)
        return self.with_tails(result, high - low, [at(low), at(high)])

    def trapezoid(self, at: Point, low: Any, high: Any, checked: bool) -> Any:
        """The integral; None if it takes too long, or the integrand isn't small at ends not yet `checked`."""
        n = 20
        h = (high - low) / n
        values = [at((low + h * k).mid()) for k in range(n + 1)]
        if not checked and not small_at_ends(values, self.drop - 20):
            return None
        before = _sum(values)[0] * h
        while n < FINEST:
            between = [at((low + h * k + h / 2).mid()) for k in range(n)]
            values = [v for pair in zip(values, [*between, None], strict=True) for v in pair][:-1]
            n, h = 2 * n, h / 2
            total, weight = _sum(values)
            now = total * h
            if not now.is_finite():
                raise NoNumber("the integrand has no finite value somewhere")
            step = _relative(now - before, weight * h)
            if step <= self.tolerance and not (checked and hidden(at, values, low, h)):
                return now + arb(0, step + self.least) * weight * h
            before = now
        return None

    # --- a finite interval --------------------------------------------------------------------------

    def pieces(self, at: Point, frame: list[Any], level: Any, low: Any, high: Any, parts: int = 1) -> Any:
        """Gauss-Legendre between the kinks, halving a piece until two orders agree."""
        even = [arb(0)] * (parts > 1) + [(low + (high - low) * k / parts).mid() for k in range(1, parts)]
        cuts = [low, *_between([*self.roots(at, frame, level, low, high), *even], low, high), high]
        for _ in range(3):
            result, weight, scale, widest = self.adaptive(at, cuts)
            if size(weight) >= size(scale) - 6:
                return result
            peak = _largest(at, *widest)  # a peak that was met once and lost again
            near = [(peak + (high - low) * s * arb(2) ** -k).mid() for k in range(1, 60) for s in (-1, 1)]
            cuts = [low, *_between([*cuts, peak, *near], low, high), high]
        raise NoNumber("quadrature loses a narrow peak on a finite interval")

    def adaptive(self, at: Point, cuts: list[Any]) -> tuple[Any, Any, Any, tuple[Any, Any, int]]:
        """The integral, that of |integrand|, the largest value of it met on any piece, and where that was."""
        todo = list(pairwise(cuts))
        depth = size(cuts[-1] - cuts[0]) - 400
        most = 200 + len(todo)
        result, error, mass, scale = arb(0), arb(0), arb(0), arb(0)
        widest = (*todo[0], 6)
        for a, b in todo:
            weight = _gauss(at, a, b, 6)[1]
            if size(weight) > size(scale):
                scale, widest = weight, (a, b, 6)
        while todo:
            a, b = todo.pop()
            before = _gauss(at, a, b, 6)[0]
            for n in (12, 24, 48):
                now, weight = _gauss(at, a, b, n)
                if not now.is_finite():
                    raise NoNumber("the integrand has no finite value somewhere")
                if size(weight) > size(scale):
                    scale, widest = weight, (a, b, n)
                step = _relative(now - before, scale)
                if step <= self.tolerance:
                    result, error, mass = result + now, error + scale * arb(step + self.least), mass + weight
                    break
                before = now
            else:
                middle = ((a + b) / 2).mid()
                if size(b - a) < depth or len(todo) > most:
                    raise NoNumber("quadrature doesn't converge on a finite interval")
                todo += [(a, middle), (middle, b)]
        return result + arb(0, 1) * error, mass, scale, widest

    def roots(self, at: Point, frame: list[Any], level: Any, low: Any, high: Any) -> list[Any]:
        """Where an absolute value, maximum or minimum switches between `low` and `high`, in order."""
        found: list[Any] = []
        middle = (low + high) / 2
        for kink in level.kinks:

            def value(x: Any, run: Any = kink.run) -> Any:
                at(x)
                return run(frame).mid()

            a, m, b = value(low), value(middle), value(high)
            if size(2 * m - a - b) < size(abs(a) + abs(b)) - flint.ctx.prec + 20:  # affine
                if (a < 0 < b) or (b < 0 < a):
                    found.append((low - a * (high - low) / (b - a)).mid())
                continue
            grid = [(low + (high - low) * k / 32).mid() for k in range(33)]
            values = [value(x) for x in grid]
            for k in range(32):
                if (values[k] < 0) != (values[k + 1] < 0):
                    found.append(_bisect(value, grid[k], grid[k + 1], values[k] < 0))
        return _between(found, low, high)


def _between(points: list[Any], low: Any, high: Any) -> list[Any]:
    """The points strictly between the ends by their distance from `low`, without repetitions."""
    out: list[Any] = []
    inside = [x for x in points if (low < x < high) or (high < x < low)]
    for p in sorted(inside, key=cmp_to_key(lambda a, b: -1 if abs(a - low) < abs(b - low) else 1)):
        if not out or p != out[-1]:
            out.append(p)
    return out


def _largest(at: Point, low: Any, high: Any, n: int) -> Any:
    """The Legendre node of the piece at which the integrand is largest."""
    half, middle = (high - low) / 2, (high + low) / 2
    return max(((middle + half * x).mid() for x, _ in _nodes(n, flint.ctx.prec)), key=lambda x: size(at(x)))


def _bisect(value: Callable[[Any], Any], a: Any, b: Any, negative: bool) -> Any:
    for _ in range(flint.ctx.prec):
        middle = ((a + b) / 2).mid()
        if (value(middle) < 0) == negative:
            a = middle
        else:
            b = middle
    return a


def _sum(values: list[Any]) -> tuple[Any, Any]:
    total, weight = arb(0), arb(0)
    for v in values:
        total += v
        weight += abs(v)
    return total, weight.mid()


def _relative(difference: Any, scale: Any) -> float:
    """|midpoint of the difference| / |scale| as a float; at least 0."""
    mid = difference.mid()
    if mid == 0:
        return 0.0
    quotient = abs(mid) / scale
    return float(quotient.mid()) if quotient.is_finite() else 1.0


def _gauss(at: Point, low: Any, high: Any, n: int) -> tuple[Any, Any]:
    half, middle = (high - low) / 2, (high + low) / 2
    total, weight = arb(0), arb(0)
    for x, w in _nodes(n, flint.ctx.prec):
        v = at((middle + half * x).mid()) * w
        total += v
        weight += abs(v)
    return total * half, (weight * abs(half)).mid()


@lru_cache(maxsize=64)
def _nodes(n: int, precision: int) -> list[tuple[Any, Any]]:
    return [arb.legendre_p_root(n, k, weight=True) for k in range(n)]
