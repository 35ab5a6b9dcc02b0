r"""Printed formulas, made safe to typeset.

A formula of a paper is foreign text. Before it may go into math mode of any engine it is parsed
here against `mathwords` and written again from the parse: braces balance, every command is on the
list and has its arguments, nothing can leave math mode. What does not parse is `Unsafe` and is
shown as escaped text instead; it is never repaired.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from reports import mathwords as words
from reports.mathparse import BREAKS, Item, Parser, Unsafe

__all__ = ["Item", "Unsafe", "items", "safe"]

_TOKEN = re.compile(r"\\operatorname\*|\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)
_LONGEST = 12_000


@lru_cache(maxsize=16384)
def items(latex: str) -> tuple[Item, ...]:
    r"""Parse a formula into its outermost pieces.

    Raises
    ------
    Unsafe
        When anything is not on the list of allowed commands, or the structure is broken.

    Examples
    --------
    >>> [i.tex for i in items(r"T \sim \frac12 \sigma^2")]
    ['T', '\\sim ', '\\frac{1}{2}', '\\sigma ^{2}']
    >>> items(r"\input{/etc/passwd}")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    Unsafe: \input is not allowed
    """
    if len(latex) > _LONGEST:
        raise Unsafe("too long")
    parser = Parser(list(_tokens(latex)))
    found = tuple(parser.sequence(0, BREAKS))
    if parser.peek():
        raise Unsafe(f"{parser.peek()} without its partner")
    return found


def safe(latex: str) -> str | None:
    r"""The formula written anew, or None when it must be shown as text.

    >>> safe(r"{\rm sys}_1 \% "), safe(r"\write18{rm}"), safe("a^b^c"), safe(r"\left( x")
    ('{\\mathrm{sys}}_{1}\\%', None, None, None)
    """
    try:
        found = items(latex)
    except Unsafe:
        return None
    return "".join(i.tex for i in found if i.kind != "break").strip() or None


def _tokens(latex: str) -> Iterator[str]:
    for token in _TOKEN.findall(latex):
        token = words.UNICODE.get(token, token)
        if token not in words.DROPPED:
            yield " " if token.isspace() else token
