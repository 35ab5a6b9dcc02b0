"""Where an integrand on an infinite domain lives: peaks and the distance at which it has died away."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

from flint import arb

from derive.numeric.fields import NoNumber, size

Point = Callable[[Any], Any]

#: Distances up to 2 to this are tried.
FAR = 1200


def find(at: Point, low: Any, high: Any, drop: int) -> tuple[Any, Any]:
    """An interval outside which the integrand lies `drop` binary orders below its maximum.

    None for an end means that the domain is infinite there. The balls of Arb don't underflow, so that even a
    narrow peak far away is felt from anywhere.

    Examples
    --------
    >>> a, b = find(lambda x: (-(x - 1000) ** 2).exp(), None, None, 100)
    >>> float(a) > 980 and float(b) < 1020
    True
    """

    def look(x: Any) -> int:
        v = at(x)
        if not v.is_finite():
            raise NoNumber("the integrand has no finite value somewhere")
        return size(v)

    points = _first(low, high)
    heights = [look(x) for x in points]
    points, heights = _outwards(look, points, heights, low, high)
    order = sorted(_peaks(heights), key=lambda k: -heights[k])[:4]
    if not order or max(heights) <= -(1 << 1999):
        raise NoNumber("the integrand vanishes wherever it was looked at")
    climbed = [_climb(look, points, heights, k) for k in order]
    best = max(h for _, h, _ in climbed)
    floor = best - drop
    left, right = [], []
    for centre, height, width in climbed:
        if height > floor:
            right.append(high if high is not None else _edge(look, centre, width, floor))
            left.append(low if low is not None else _edge(look, centre, -width, floor))
    for x, h in zip(points, heights, strict=True):
        if h > floor:
            left.append(x if low is None else low)
            right.append(x if high is None else high)
    return reduce(_lesser, left), -reduce(_lesser, [-x for x in right])


def small_at_ends(values: list[Any], drop: int) -> bool:
    """Whether the first and the last of `values` lie `drop` binary orders below the largest."""
    sizes = [size(v) for v in values]
    return max(sizes[0], sizes[-1]) < max(sizes) - drop


def hidden(at: Point, values: list[Any], low: Any, h: Any) -> bool:
    """Whether the integrand has a feature that the grid low, low + h, … doesn't see.

    The sinc series interpolates the values, as well as the trapezoidal rule with twice the step integrates,
    and is compared near 0, where the features of printed integrands are, and at a few odd places.
    """
    width = h * (len(values) - 1)
    probes = [arb(0), *(s * arb(2) ** -k for k in (3, 6, 9, 12, 16, 20) for s in (-1, 1))]
    probes += [low + width * 0.41421, low + width * 0.57735]
    largest = max((abs(v).mid() for v in values), key=size)
    for x in probes:
        if low < x < low + width:
            total = arb(0)
            for k, v in enumerate(values):
                total += v * ((x - low) / h - k).sinc_pi()
            if size(total - at(x.mid())) > size(largest) - 16:
                return True
    return False


def _lesser(x: Any, y: Any) -> Any:
    return min(x, y)


def _first(low: Any, high: Any) -> list[Any]:
    steps = [arb(2) ** k for k in range(-24, 25, 2)]
    if low is not None:
        return [low.mid()] + [(low + s).mid() for s in steps]
    if high is not None:
        return [(high - s).mid() for s in reversed(steps)] + [high.mid()]
    return [-s for s in reversed(steps)] + [arb(0)] + steps


def _outwards(
    look: Callable[[Any], int], points: list[Any], heights: list[int], low: Any, high: Any
) -> tuple[list[Any], list[int]]:
    """More points where the integrand still rises at the far end."""
    for _ in range(FAR):
        grown = False
        if high is None and heights[-1] > heights[-2]:
            points, grown = [*points, (points[-1] * 2 - (low if low is not None else 0)).mid()], True
            heights = [*heights, look(points[-1])]
        if low is None and heights[0] > heights[1]:
            points, grown = [(points[0] * 2 - (high if high is not None else 0)).mid(), *points], True
            heights = [look(points[0]), *heights]
        if not grown:
            return points, heights
    raise NoNumber("the integrand doesn't decay")


def _peaks(heights: list[int]) -> list[int]:
    last = len(heights) - 1
    return [k for k, h in enumerate(heights) if (k == 0 or h >= heights[k - 1]) and (k == last or h >= heights[k + 1])]


def _climb(look: Callable[[Any], int], points: list[Any], heights: list[int], k: int) -> tuple[Any, int, Any]:
    """Summit near the k-th point: where, how high, and a width on which the integrand is resolved."""
    a, c, b = max(k - 1, 0), k, min(k + 1, len(points) - 1)
    xa, xc, xb = points[a], points[c], points[b]
    ha, hc, hb = heights[a], heights[c], heights[b]
    for _ in range(300):
        if hc - min(ha, hb) < 4:
            break
        left, right = ((xa + xc) / 2).mid(), ((xc + xb) / 2).mid()
        hl, hr = look(left), look(right)
        if hl > hc and hl >= hr:
            xb, hb, xc, hc = xc, hc, left, hl
        elif hr > hc:
            xa, ha, xc, hc = xc, hc, right, hr
        else:
            xa, ha, xb, hb = left, hl, right, hr
    width = max(float(xb - xc), float(xc - xa)) if abs(xb) < 2**1000 and abs(xa) < 2**1000 else 0.0
    return xc, hc, arb(width) if width else (xb - xa).mid()


def _edge(look: Callable[[Any], int], centre: Any, width: Any, floor: int) -> Any:
    """A point on the side of `width` from where on the integrand stays below `floor`."""
    d = width

    def dead(d: Any) -> bool:
        return all(look((centre + d * k / 4).mid()) < floor for k in (4, 5, 7, 8))

    if dead(d):
        for _ in range(FAR):
            if not dead(d / 2):
                break
            d = d / 2
        else:
            raise NoNumber("the integrand has no width")
        inner, outer = d / 2, d
    else:
        for _ in range(FAR):
            d = d * 2
            if dead(d):
                break
        else:
            raise NoNumber("the integrand doesn't decay")
        inner, outer = d / 2, d
    for _ in range(3):
        middle = (inner + outer) / 2
        if dead(middle):
            outer = middle
        else:
            inner = middle
    return (centre + outer).mid()
