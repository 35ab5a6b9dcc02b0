r"""Relation signs of a display, marked by the claims they stand for, so that a renderer can colour and link them.

A mark is one private character in front of the sign, which no foreign text can bring along: such characters are
replaced before marking. `mathtext` keeps a marked sign as one relation; a renderer puts its own command in the
place of mark and sign with `dressed`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from derive.errors import Unreadable
from derive.reader.display import Link, split
from derive.reader.tokens import tokenize
from reports.mathparse import FIRST_MARK, MOST_MARKS

_PRIVATE = re.compile("[\ue000-\uf8ff]")
_MARKED = re.compile("([\ue000-\uf8ff])(\\\\[A-Za-z]+ ?|\\\\?.)")


def marked(latex: str, claims: int) -> str:
    r"""The display with a mark in front of the sign of each of its first `claims` links.

    Where the display can't be split, or holds more signs than a mark can number, nothing is marked.

    Examples
    --------
    >>> marked(r"T = \frac{a}{b} \\ \sim c", 2).replace(chr(FIRST_MARK), "0:").replace(chr(FIRST_MARK + 1), "1:")
    'T 0:= \\frac{a}{b} \\\\ 1:\\sim c'
    """
    latex = _PRIVATE.sub("\N{REPLACEMENT CHARACTER}", latex)
    try:
        places = [_place(latex, link) for link in split(latex)[:claims]]
    except Unreadable:
        return latex
    if len(places) > MOST_MARKS:
        return latex
    for k, at in sorted(enumerate(places), key=lambda found: -found[1]):
        latex = latex[:at] + chr(FIRST_MARK + k) + latex[at:]
    return latex


def dressed(tex: str, dress: Callable[[int, str], str]) -> str:
    r"""`tex` with `dress(k, sign)` in the place of each marked sign, k counted from 0.

    >>> dressed("T" + chr(FIRST_MARK) + r"\sim c", lambda k, sign: rf"\mark{{{k}}}{{{sign.strip()}}}")
    'T\\mark{0}{\\sim}c'
    """
    return _MARKED.sub(lambda found: dress(ord(found[1]) - FIRST_MARK, found[2]), tex)


def bare(tex: str) -> str:
    """`tex` without its marks."""
    return _PRIVATE.sub("", tex)


def _place(latex: str, link: Link) -> int:
    """Where the sign of a link stands: the last one before its right side."""
    begin = link.left.tokens[-1].end if link.left is not None and link.left.tokens else 0
    end = link.right.tokens[0].start
    return begin + [t.start for t in tokenize(latex[begin:end]) if t.kind == "REL"][-1]
