r"""Where a long display may be broken: at relation signs first, then before + and -, then after commas."""

from __future__ import annotations

from dataclasses import dataclass

from reports.mathtext import Item, Unsafe, items

#: Widths are guesses in em, see `mathtext.Item`. A line of an A4 page at 11 pt holds about 41 em.
PAGE = 38.0
INDENT = 3.0
_SHORT = 10.0
#: Rather shrunk by so much than torn inside brackets.
_SHRINKS = 1.3
_OPENING, _CLOSING = ("(", "[", r"\{", r"\lbrace", r"\lbrack"), (")", "]", r"\}", r"\rbrace", r"\rbrack")
WIDEST = 400.0  # TeX measures nothing wider than 1600 em


@dataclass(frozen=True)
class Row:
    """One line of a display: what stands left and right of the alignment mark."""

    left: str
    right: str


def rows(latex: str, limit: float = PAGE) -> tuple[Row, ...]:
    r"""Break a formula into lines.

    A formula that fits is one row with nothing right of the mark. Otherwise every relation sign starts
    a line.

    Examples
    --------
    >>> [(r.left, r.right) for r in rows(r"T = a \sim b")]
    [('T=a\\sim b', '')]
    >>> [(r.left, r.right) for r in rows(r"T = a + b \\ \sim b")]
    [('T', '=a+b'), ('', '\\sim b')]

    Raises
    ------
    Unsafe
        As `mathtext.items`, or when a piece without a place to break is wider than any page.
    """
    found = items(latex)
    total = sum(i.width for i in found)
    if total <= limit and not any(i.tex == r"\\" for i in found):
        return (Row(_tex([i for i in found if i.kind != "break"]), ""),)
    sides = _sides(found)
    head, links = sides[0], sides[1:]
    beside = bool(links) and _width(head) < 0.4 * limit
    room = limit - (_width(head) if beside else INDENT)
    out = [] if beside else [Row("", _tex(line)) for line in _fold(head, limit) if line]
    indent = "" if beside else r"\qquad "
    for link in links:
        for n, line in enumerate(_fold(link, room - INDENT)):
            out.append(Row("", indent + (r"\quad " if n else "") + _tex(line)))
    return (Row(_tex(head), out[0].right), *out[1:]) if beside else tuple(out)


def width(latex: str) -> float:
    """A guess, in em; infinite for what is no plain mathematics."""
    try:
        return _width(list(items(latex)))
    except Unsafe:
        return float("inf")


def is_short(latex: str) -> bool:
    """Whether a formula can stand in a line of text."""
    return width(latex) <= _SHORT and r"\\" not in latex


def _sides(found: tuple[Item, ...]) -> list[list[Item]]:
    """Split before each relation sign, and at each printed line break that has none after it."""
    sides: list[list[Item]] = [[]]
    broken = False
    for item in found:
        if item.kind == "break":
            broken = broken or item.tex == r"\\"
            continue
        if item.kind == "relation" or (broken and sides[-1]):
            sides.append([])
        broken = False
        sides[-1].append(item)
    return sides


def _fold(line: list[Item], limit: float) -> list[list[Item]]:
    """Fill lines up to `limit`, breaking before a binary sign or after a comma: outside brackets, if that helps."""
    if _width(line) <= limit:
        return [line]
    outside = _pieces(line, inside=False)
    whole = max(map(_width, outside)) <= _SHRINKS * limit
    folded: list[list[Item]] = []
    for piece in outside if whole else _pieces(line, inside=True):
        if folded and _width(folded[-1]) + _width(piece) <= limit:
            folded[-1] = folded[-1] + piece
        else:
            folded.append(piece)
    return folded


def _pieces(line: list[Item], inside: bool) -> list[list[Item]]:
    """What may not be torn apart."""
    pieces: list[list[Item]] = [[]]
    depth = 0
    for n, item in enumerate(line):
        opens = item.kind == "binary" and item.tex in "+-" and n > 0 and line[n - 1].kind != "relation"
        if (inside or depth <= 0) and (opens or (pieces[-1] and pieces[-1][-1].tex == ",")):
            pieces.append([])
        pieces[-1].append(item)
        depth += item.tex.startswith(_OPENING) - item.tex.startswith(_CLOSING)
    return pieces


def _width(line: list[Item]) -> float:
    return sum(i.width for i in line)


def _tex(line: list[Item]) -> str:
    if _width(line) > WIDEST:
        raise Unsafe("a line that no page can hold")
    return "".join(i.tex for i in line).strip()
