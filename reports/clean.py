"""Foreign text, made fit to print: no control characters, nothing that turns the direction of writing."""

from __future__ import annotations

import os
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager


def clean(text: str) -> str:
    r"""Replace control, direction and surrogate characters; line ends and tabs become blanks.

    >>> clean("a\nb\x00\u202ec\udc80")
    'a b\ufffd\ufffdc\ufffd'
    """
    return text if text.isprintable() else "".join(_fit(c) for c in text)


def _fit(character: str) -> str:
    if character in "\n\r\t":
        return " "
    return "\N{REPLACEMENT CHARACTER}" if unicodedata.category(character) in ("Cc", "Cf", "Cs") else character


@contextmanager
def inert() -> Iterator[None]:
    """Let the runner of GitHub Actions take nothing that is printed inside for a command; elsewhere do nothing."""
    on = os.environ.get("GITHUB_ACTIONS") == "true"
    token = secrets.token_hex(16)  # who writes a paper must not guess how commands are resumed
    if on:
        print(f"::stop-commands::{token}", flush=True)
    try:
        yield
    finally:
        if on:
            print(f"::{token}::", flush=True)
