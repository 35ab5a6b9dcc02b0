"""How wide a formula is printed, in letters of the line: what a reader can follow has to fit a page."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|[{}^_]|\s+|.", re.DOTALL)
_WIDE = {r"\sum": 2.0, r"\prod": 2.0, r"\int": 1.5, r"\exp": 3.0, r"\ln": 2.0, r"\log": 3.0, r"\operatorname": 0.0}
_NONE = re.compile(r"\\(left|right|big|Big|,|;|!|overline|bar|hat|boldsymbol|mathcal|mathbf|text|mathrm)$")
SMALL = 0.7  #: of indices and exponents


def width(latex: str) -> float:
    r"""Width of a formula in letters: of a fraction the wider part, of an index and an exponent the wider one.

    Examples
    --------
    >>> width("a+b"), width(r"\frac{a+b}{c}"), width("x_{ij}^2")
    (3.0, 3.0, 2.4)
    """
    return _row(iter(_TOKEN.findall(latex)), "")


def _row(tokens: Iterator[str], end: str) -> float:
    total, script = 0.0, 0.0
    for t in tokens:
        if t == end:
            break
        if t in "^_":
            script = max(script, SMALL * _part(tokens))
            continue
        if t.isspace():
            continue
        piece = _one(t, tokens)
        if piece:
            total, script = total + script, 0.0
        total += piece
    return total + script


def _part(tokens: Iterator[str]) -> float:
    """The next letter or group."""
    for t in tokens:
        if not t.isspace():
            return _one(t, tokens)
    return 0.0


def _one(t: str, tokens: Iterator[str]) -> float:
    if t == "{":
        return _row(tokens, "}")
    if t in (r"\frac", r"\tfrac", r"\dfrac"):
        return max(_part(tokens), _part(tokens))
    if t == r"\sqrt":
        return 1.0 + _part(tokens)
    if _NONE.match(t):
        return 0.0
    return _WIDE.get(t, 1.0)
