"""Quotients printed/derived drawn along their parameter, out to 10^(10^6): one picture, in SVG and in LaTeX.

Both axes are logarithmic in the exponents where they have to be: across stands k of the parameter 10^k, upwards the
quotient itself or, where it leaves a few powers of ten, its logarithm.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from markupsafe import Markup

from reports.views import Plot

Point = tuple[float, float]
ACROSS = "k, where the parameter is 10ᵏ"
PLAIN, LOGARITHM = "printed/derived", "log₁₀(printed/derived)"
TWICE = "log₁₀|log₁₀(printed/derived)|, negative where the quotient is below 1"
#: Folded logarithms up to which the quotient itself is drawn, and from which on its logarithm is too large.
_NEAR, _FAR = 0.6, 300.0
#: A table with fewer different quotients needs no picture.
_FEWEST = 3
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class Marked(Protocol):
    """A picture with marks along its axes: places and what they say."""

    @property
    def across(self) -> tuple[tuple[float, str], ...]: ...
    @property
    def up(self) -> tuple[tuple[float, str], ...]: ...


def plot(pairs: Sequence[tuple[str, str]]) -> Plot | None:
    """The picture of a table of quotients; None where there is nothing to see.

    >>> found = plot([("1e1", "2.0"), ("1e100", "1.5"), ("1e10000", "1.0")])
    >>> found.points, found.across[0], found.label
    (((0.0, 1.0), (0.5, 0.5), (1.0, 0.0)), (0.0, '1'), 'printed/derived')
    >>> plot([("1e1", "10^(5e5)"), ("1e2", "10^(5e6)"), ("1e6", "10^(5e9)")]).label
    'log₁₀(printed/derived)'
    >>> [text for _, text in plot([("1e1", "3e20"), ("1e2", "10^(5e199)"), ("1e6", "10^(-2e1999999)")]).up]
    ['0', '10', '100', '−100', '−10⁴', '−10⁶']
    """
    found = [(k, q) for k, q in ((_exponent(at), _size(value)) for at, value in pairs) if k and q is not None]
    if len({q for _, q in found}) < _FEWEST:
        return None
    low, high = min(q.folded for _, q in found), max(q.folded for _, q in found)
    plain = low > -_NEAR and high < _NEAR and high - low < _NEAR
    twice = not plain and max(-low, high) > _FAR
    height = [10**q.logarithm if plain else _folded(q.folded) if twice else q.folded for _, q in found]
    level = 1.0 if plain else 0.0
    low, high = min(*height, level), max(*height, level)
    place = [math.log10(k) for k, _ in found]
    left, right = min(place), max(place)

    def x(value: float) -> float:
        return round((value - left) / (right - left), 4)

    def y(value: float) -> float:
        return round((value - low) / (high - low), 4)

    up = _round(low, high) if plain else _powers(low, high)
    return Plot(
        label=PLAIN if plain else TWICE if twice else LOGARITHM,
        points=tuple((x(a), y(b)) for a, b in zip(place, height, strict=True)),
        across=tuple((x(d), power(d)) for d in range(math.ceil(left), math.floor(right) + 1)),
        up=tuple((y(value), text) for value, text in up),
        level=y(level),
    )


def _exponent(at: str) -> float | None:
    """k of "1e100"."""
    found = re.fullmatch(r"1e(\d{1,9})", at)
    return float(found[1]) if found and int(found[1]) > 0 else None


@dataclass(frozen=True)
class _Size:
    """log₁₀ of a quotient where a float holds it, and ±log₁₀(1 + |that|)."""

    logarithm: float
    folded: float


def _size(value: str) -> _Size | None:
    """Of "1.25", "3.14e25", "-10^(2e1999999)", without the sign; None for zero and what is no number."""
    value = value.removeprefix("-")
    if found := re.fullmatch(r"10\^\((-?)(\d{1,20}(?:\.\d{1,20})?)(?:e([+-]?\d{1,9}))?\)", value):
        size = math.log10(float(found[2]) or 1.0) + int(found[3] or 0)
        if size > 300:
            return _Size(math.copysign(math.inf, -1 if found[1] else 1), -size if found[1] else size)
        return _of(float(f"{found[1]}{found[2]}") * 10 ** int(found[3] or 0))
    if found := re.fullmatch(r"(\d{1,20}(?:\.\d{1,20})?)(?:e([+-]?\d{1,9}))?", value):
        return _of(math.log10(float(found[1])) + int(found[2] or 0)) if float(found[1]) else None
    return None


def _of(logarithm: float) -> _Size:
    return _Size(logarithm, _folded(logarithm))


def _folded(q: float) -> float:
    """±log₁₀(1 + |q|): logarithmic in large logarithms, of either sign."""
    return math.copysign(math.log10(1 + abs(q)), q)


def power(d: int) -> str:
    return {0: "1", 1: "10", 2: "100"}.get(d) or "10" + str(d).translate(_SUPERSCRIPTS)


def _powers(low: float, high: float) -> list[tuple[float, str]]:
    """Marks at 0 and at powers of ten, at most six on a side."""
    out = [(0.0, "0")]
    for sign, end in ((1, high), (-1, -low)):
        top = math.floor(end + 0.01)
        step = max(1, math.ceil(top / 5))
        out += [
            (sign * math.log10(1 + 10**d), ("" if sign > 0 else "−") + power(d)) for d in range(step, top + 1, step)
        ]
    return [(value, text) for value, text in out if low - 1e-9 <= value <= high + 1e-9]


def _round(low: float, high: float) -> list[tuple[float, str]]:
    """Marks at round numbers, about four."""
    step = 10 ** math.floor(math.log10((high - low) / 3))
    step *= next(f for f in (1, 2, 5, 10) if (high - low) / (f * step) <= 5)
    first = math.ceil(low / step - 1e-9)
    digits = max(0, -math.floor(math.log10(step)))
    return [(k * step, f"{k * step:.{digits}f}") for k in range(first, math.floor(high / step + 1e-9) + 1)]


# -- drawing ---------------------------------------------------------------------------------------

_WIDE, _HIGH, _LEFT, _BELOW, _ABOVE, _RIGHT = 330.0, 120.0, 46.0, 34.0, 20.0, 14.0


def svg(
    found: Plot, *, ink: str = "currentColor", tone: str = "var(--tone, currentColor)", wide: float = _WIDE
) -> Markup:
    """The picture for the page, in the colours of its surroundings, and for Typst.

    A narrow one, for a margin, leaves what the axes show to the text around it.
    """
    narrow = wide < _WIDE
    above, high, below = (6.0, 80.0, 20.0) if narrow else (_ABOVE, _HIGH, _BELOW)

    def place(point: Point) -> Point:
        return _LEFT + point[0] * wide, above + (1 - point[1]) * high

    parts = [
        stroke([(0, found.level), (1, found.level)], place, ink, ' stroke-dasharray="3 3"'),
        stroke(found.points, place, tone, ' stroke-width="1.6"'),
    ]  # fmt: skip
    for p in found.points:
        cx, cy = place(p)
        parts.append(Markup('<circle cx="{:.1f}" cy="{:.1f}" r="2.4" fill="{}"/>').format(cx, cy, tone))
    parts += axes(found, place, ink)
    if not narrow:
        parts += [
            caption(_LEFT - 40, 11, "start", found.label, ink),
            caption(_LEFT + wide / 2, above + high + 30, "middle", ACROSS, ink),
        ]
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="plot" width="{w:.0f}" height="{h:.0f}" '
        'viewBox="0 0 {w:.0f} {h:.0f}" role="img" aria-label="{label} along the parameter; the dashed line is '
        'agreement">{body}</svg>'
    ).format(w=_LEFT + wide + _RIGHT, h=above + high + below, label=found.label, body=Markup("").join(parts))


def axes(found: Marked, place: Callable[[Point], Point], ink: str) -> list[Markup]:
    """Both axes with their marks and what these say."""
    parts = [stroke([(0, 0), (1, 0)], place, ink), stroke([(0, 0), (0, 1)], place, ink)]
    for at, text in found.across:
        x, y = place((at, 0))
        parts += [_tick(x, y, 0, 4, ink), caption(x, y + 15, "middle", text, ink)]
    for at, text in found.up:
        x, y = place((0, at))
        parts += [_tick(x, y, -4, 0, ink), caption(x - 7, y + 3.5, "end", text, ink)]
    return parts


def stroke(points: Iterable[Point], place: Callable[[Point], Point], colour: str, more: str = "") -> Markup:
    d = " L".join("{:.1f} {:.1f}".format(*place(p)) for p in points)
    return Markup('<path d="M{}" fill="none" stroke="{}"{}/>').format(d, colour, Markup(more))


def _tick(x: float, y: float, dx: float, dy: float, colour: str) -> Markup:
    return Markup('<path d="M{:.1f} {:.1f} l{} {}" stroke="{}"/>').format(x, y, dx, dy, colour)


def caption(x: float, y: float, anchor: str, text: str, colour: str) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}" font-size="10.5" fill="{}">{}</text>').format(
        x, y, anchor, colour, text
    )


def picture(found: Plot) -> str:
    """The narrow one in LaTeX's own picture environment, in millimetres, for a margin 40 mm wide."""
    wide, high, left, below = 28.0, 20.0, 10.0, 4.0

    def at(point: Point) -> Point:
        return left + point[0] * wide, below + point[1] * high

    def line(*points: Point) -> str:
        return rf"\polyline{''.join('({:.2f},{:.2f})'.format(*at(p)) for p in points)}"

    out = [line((0, 1), (0, 0), (1, 0))]
    out += [line((k / 20, found.level), ((k + 0.5) / 20, found.level)) for k in range(20)]
    out += [r"\thicklines", line(*found.points), r"\thinlines"]
    out += [r"\put({:.2f},{:.2f}){{\circle*{{0.8}}}}".format(*at(p)) for p in found.points]
    out += marks(found, at, 0.7, 0.5)
    body = "\n".join(out)
    return f"\\begin{{picture}}({left + wide:.0f},{below + high + 1:.0f})\n{body}\n\\end{{picture}}"


def marks(found: Marked, at: Callable[[Point], Point], long: float, gap: float) -> list[str]:
    """The marks of both axes in LaTeX, so long, with what they say behind a gap."""
    out = []
    for place, text in found.across:
        x, y = at((place, 0))
        out += [rf"\put({x:.2f},{y:.2f}){{\line(0,-1){{{long}}}}}", put(x, y - long - gap, "t", text)]
    for place, text in found.up:
        x, y = at((0, place))
        out += [rf"\put({x:.2f},{y:.2f}){{\line(-1,0){{{long}}}}}", put(x - long - gap, y, "r", text)]
    return out


def said(label: str) -> str:
    """What an axis shows, in LaTeX."""
    return _LATEX.get(label, label)


#: What the labels say, for LaTeX.
_LATEX = {
    ACROSS: r"$k$, where the parameter is $10^k$",
    LOGARITHM: r"$\log_{10}(\mbox{printed}/\mbox{derived})$",
    TWICE: r"$\log_{10}|\log_{10}(\mbox{printed}/\mbox{derived})|$, negative where the quotient is below 1",
}


def put(x: float, y: float, side: str, text: str) -> str:
    tex = _LATEX.get(text)
    if tex is None:
        back = {ord(b): str(a) for a, b in zip("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True)}
        tex = re.sub(r"[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda m: f"^{{{m[0].translate(back)}}}", text.replace("−", "-"))
        tex = f"${tex}$" if re.search(r"\d", text) else tex
    return rf"\put({x:.2f},{y:.2f}){{\makebox(0,0)[{side}]{{{tex}}}}}"
