"""Foreign text, made fit to print: no control characters, nothing that turns the direction of writing."""

from __future__ import annotations

import unicodedata


def clean(text: str) -> str:
    r"""Replace control, direction and surrogate characters; line ends and tabs become blanks.

    >>> clean("a\nb\x00\u202ec\udc80")
    'a b\ufffd\ufffdc\ufffd'
    """
    return "".join(_fit(c) for c in text)


def _fit(character: str) -> str:
    if character in "\n\r\t":
        return " "
    return "\N{REPLACEMENT CHARACTER}" if unicodedata.category(character) in ("Cc", "Cf", "Cs") else character
