"""Temperatures along their scale, one small picture an energy, one line an initializer; in SVG and in LaTeX."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from reports.clean import clean
from reports.plots import axes, caption, marks, power, put, stroke

if TYPE_CHECKING:
    from derive.theory.curves import Curve

#: A curve beyond this power of ten leaves its picture.
HIGHEST = 9.0
#: Colours that differ in hue and lightness on white and on black, and dashes for those who see neither.
STYLES = (
    ("#2a78c2", ""), ("#d1592a", ""), ("#2f9e6e", ""), ("#b0578d", ""), ("#a98a1c", ""),
    ("#2a78c2", "5 3"), ("#d1592a", "5 3"), ("#2f9e6e", "5 3"), ("#b0578d", "5 3"), ("#a98a1c", "5 3"),
)  # fmt: skip
INK = {"#2a78c2": "blue", "#d1592a": "red", "#2f9e6e": "green", "#b0578d": "purple", "#a98a1c": "orange"}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A curve in a square of side 1."""

    name: str
    colour: str
    dashes: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One energy; marks are places and what they say."""

    title: str
    lines: tuple[Line, ...]
    across: tuple[tuple[float, str], ...]
    up: tuple[tuple[float, str], ...]


def panels(curves: Sequence[Curve]) -> tuple[Panel, ...]:
    """A picture for each energy, all across the same scales.

    Examples
    --------
    >>> from derive.theory.curves import Curve
    >>> (found,) = panels([Curve("mse", "normal", ((0.0, 0.0), (1.0, 1.0))), Curve("mse", "sparse", ((0.0, 2.0),))])
    >>> found.title, [(x.name, x.points) for x in found.lines]
    ('mse', [('normal', ((0.0, 0.0), (1.0, 0.5))), ('sparse', ((0.0, 1.0),))])
    """
    names = list(dict.fromkeys(c.initializer for c in curves))
    out = []
    for energy in dict.fromkeys(c.energy for c in curves):
        mine = {c.initializer: [p for p in c.points if p[1] <= HIGHEST] for c in curves if c.energy == energy}
        every = [p for points in mine.values() for p in points]
        if not every:
            continue
        right = max(1.0, *(p[0] for c in curves for p in c.points))
        low, high = math.floor(min(p[1] for p in every)), math.ceil(max(p[1] for p in every))
        high = max(high, low + 1)
        step = max(1, math.ceil((high - low) / 4))
        lines = []
        for name, points in mine.items():
            colour, dashes = STYLES[names.index(name) % len(STYLES)]
            place = tuple((round(x / right, 4), round((y - low) / (high - low), 4)) for x, y in points)
            lines.append(Line(name=clean(name), colour=colour, dashes=dashes, points=place))
        out.append(
            Panel(
                title=clean(energy), lines=tuple(lines),
                across=tuple((d / right, power(d)) for d in range(math.floor(right) + 1)),
                up=tuple(((d - low) / (high - low), power(d)) for d in range(low, high + 1, step)),
            )
        )  # fmt: skip
    return tuple(out)


_WIDE, _HIGH, _LEFT, _BELOW, _ABOVE, _RIGHT = 200.0, 130.0, 38.0, 34.0, 24.0, 10.0


def svg(panel: Panel, *, ink: str = "currentColor") -> Markup:
    """One picture for the page, in the colours of its surroundings."""

    def place(point: tuple[float, float]) -> tuple[float, float]:
        return _LEFT + point[0] * _WIDE, _ABOVE + (1 - point[1]) * _HIGH

    parts = axes(panel, place, ink)
    for line in panel.lines:
        more = ' stroke-width="1.5"' + (f' stroke-dasharray="{line.dashes}"' if line.dashes else "")
        name = Markup("<title>{}</title>").format(line.name)
        parts.append(Markup("<g>{}{}</g>").format(name, stroke(line.points, place, line.colour, more)))
    parts += [
        caption(_LEFT - 30, 12, "start", f"T of {panel.title}", ink),
        caption(_LEFT + _WIDE / 2, _ABOVE + _HIGH + 30, "middle", "common scale c", ink),
    ]
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="plot" width="{w:.0f}" height="{h:.0f}" viewBox="0 0 {w:.0f} '
        '{h:.0f}" role="img" aria-label="Temperature of {name} along a common scale, both axes logarithmic, one line '
        'for each of {n} initializers">{body}</svg>'
    ).format(
        w=_LEFT + _WIDE + _RIGHT, h=_ABOVE + _HIGH + _BELOW, name=panel.title, n=len(panel.lines),
        body=Markup("").join(parts),
    )  # fmt: skip


def picture(panel: Panel) -> str:
    """The same in LaTeX's own picture environment, in millimetres."""
    from reports.latex import escape

    wide, high, left, below = 40.0, 26.0, 9.0, 7.0

    def at(point: tuple[float, float]) -> tuple[float, float]:
        return left + point[0] * wide, below + point[1] * high

    def line(points: Sequence[tuple[float, float]]) -> str:
        return rf"\polyline{''.join('({:.2f},{:.2f})'.format(*at(p)) for p in points)}"

    out = [line([(0, 1), (0, 0), (1, 0)])]
    for one in panel.lines:
        if len(one.points) > 1:
            pieces = [one.points] if not one.dashes else list(zip(one.points[::2], one.points[1::2], strict=False))
            out.append(rf"{{\color{{{INK[one.colour]}}}{''.join(line(p) for p in pieces)}}}")
    out += marks(panel, at, 0.7, 0.5)
    out.append(put(1, below + high + 3, "l", escape(f"T of {panel.title}")))
    body = "\n".join(out)
    return f"\\begin{{picture}}({left + wide + 3:.0f},{below + high + 5:.0f})\n{body}\n\\end{{picture}}"
