"""Laws of temperatures drawn along their scale: one curve a system, named at its right end; in SVG and in LaTeX."""

from __future__ import annotations

import math
from collections.abc import Sequence

from markupsafe import Markup

from derive.verdict import Temperature
from reports.clean import clean
from reports.plots import axes, caption, marks, power, put, stroke
from reports.views import Curve, LawsPlot

#: Names at the right edge keep this distance, as a part of the height.
_APART = 0.075
#: A law that grows beyond this power of ten leaves the picture.
_HIGHEST = 30.0


def laws(rows: Sequence[Temperature], variable: str) -> LawsPlot | None:
    """The picture of a comparison; None where fewer than two systems have a curve.

    Examples
    --------
    >>> def row(name, rank, *curve):
    ...     return Temperature(system=name, claim="", law="", rank=rank, relation="", factor="", reason="", curve=curve)
    >>> found = laws([row("a", 1, ("10", "2"), ("100", "4")), row("b", 2, ("10", "0"), ("100", "1"))], "σ")
    >>> [(c.name, c.points) for c in found.curves]
    [('a', ((0.0, 0.5), (1.0, 1.0))), ('b', ((0.0, 0.0), (1.0, 0.25)))]
    >>> found.across, [text for _, text in found.up]
    (((0.0, '10'), (1.0, '100')), ['1', '10', '100', '10³', '10⁴'])
    """
    drawn = {clean(r.system): [(math.log10(int(x)), float(y)) for x, y in r.curve] for r in rows if len(r.curve) > 1}
    if len(drawn) < 2:
        return None
    every = [p for curve in drawn.values() for p in curve if p[1] <= _HIGHEST]
    (left, right), (low, high) = ((min(v), max(v)) for v in zip(*every, strict=True))

    def across(value: float) -> float:
        return round((value - left) / (right - left), 4)

    def up(value: float) -> float:
        return round((value - low) / (high - low), 4)

    step = max(1, math.ceil((high - low) / 6))
    found = {n: tuple((across(x), up(y)) for x, y in c if y <= _HIGHEST) for n, c in drawn.items()}
    labels = _spread({n: c[-1][1] for n, c in found.items()})
    return LawsPlot(
        variable=variable,
        curves=tuple(Curve(name=n, points=c, label=labels[n]) for n, c in found.items()),
        across=tuple((across(d), power(d)) for d in range(math.ceil(left), math.floor(right) + 1)),
        up=tuple((up(d), power(d)) for d in range(math.ceil(low), math.floor(high) + 1) if d % step == 0),
    )


def _spread(ends: dict[str, float]) -> dict[str, float]:
    """Heights of the names: as near to the ends of their curves as they may stand without overlapping."""
    out: dict[str, float] = {}
    below = -math.inf
    for name in sorted(ends, key=lambda n: (ends[n], -list(ends).index(n))):
        below = out[name] = max(ends[name], below + _APART)
    over = max(0.0, below - 1.0)
    return {n: round(y - over * (1 if y > over else y / over), 4) for n, y in out.items()} if over else out


_WIDE, _HIGH, _LEFT, _BELOW, _ABOVE, _RIGHT = 300.0, 230.0, 40.0, 34.0, 24.0, 290.0


def svg(found: LawsPlot, *, ink: str = "currentColor", tone: str = "var(--link, currentColor)") -> Markup:
    """The picture for the page, in the colours of its surroundings, and for Typst."""

    def place(point: tuple[float, float]) -> tuple[float, float]:
        return _LEFT + point[0] * _WIDE, _ABOVE + (1 - point[1]) * _HIGH

    parts = axes(found, place, ink)
    for c in found.curves:
        (x, y), (_, name) = place(c.points[-1]), place((1, c.label))
        parts += [
            stroke(c.points, place, tone, ' stroke-width="1.4"'),
            Markup('<path d="M{:.1f} {:.1f} L{:.1f} {:.1f}" stroke="{}" stroke-width=".5" fill="none"/>').format(
                x + 2, y, _LEFT + _WIDE + 14, name, ink
            ),
            caption(_LEFT + _WIDE + 17, name + 3.5, "start", c.name, ink),
        ]
    parts += [
        caption(_LEFT - 30, 11, "start", "the true law of T, at sample data", ink),
        caption(_LEFT + _WIDE / 2, _ABOVE + _HIGH + 30, "middle", found.variable, ink),
    ]
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="plot laws" width="{w:.0f}" height="{h:.0f}" '
        'viewBox="0 0 {w:.0f} {h:.0f}" role="img" aria-label="True laws of the temperatures of {n} systems along '
        '{v}, both axes logarithmic">{body}</svg>'
    ).format(
        w=_LEFT + _WIDE + _RIGHT,
        h=_ABOVE + _HIGH + _BELOW,
        n=len(found.curves),
        v=found.variable,
        body=Markup("").join(parts),
    )


def picture(found: LawsPlot) -> str:
    """The same in LaTeX's own picture environment, in millimetres."""
    from reports.latex import escape

    wide, high, left, below = 72.0, 62.0, 12.0, 9.0

    def at(point: tuple[float, float]) -> tuple[float, float]:
        return left + point[0] * wide, below + point[1] * high

    def line(a: tuple[float, float], b: tuple[float, float]) -> str:
        (x, y), (u, v) = at(a), at(b)
        return rf"\qbezier({x:.2f},{y:.2f})({(x + u) / 2:.2f},{(y + v) / 2:.2f})({u:.2f},{v:.2f})"

    out = [line((0, 0), (1, 0)), line((0, 0), (0, 1))]
    for c in found.curves:
        out += [r"\thicklines", *(line(a, b) for a, b in zip(c.points, c.points[1:], strict=False)), r"\thinlines"]
        out.append(line(c.points[-1], (1.05, c.label)))
        x, y = at((1.06, c.label))
        out.append(rf"\put({x:.2f},{y:.2f}){{\makebox(0,0)[l]{{\scriptsize {escape(c.name)}}}}}")
    out += marks(found, at, 1, 1)
    out += [put(1, below + high + 4, "l", "the true law of T, at sample data")]
    x, y = at((0.5, 0))
    out.append(rf"\put({x:.2f},0){{\makebox(0,0)[b]{{{escape(found.variable)}}}}}")
    body = "\n".join(out)
    return (
        "\\begin{center}\\footnotesize\\setlength{\\unitlength}{1mm}\n"
        f"\\begin{{picture}}(150,{below + high + 7:.0f})\n{body}\n\\end{{picture}}\\end{{center}}"
    )
