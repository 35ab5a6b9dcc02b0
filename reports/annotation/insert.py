"""Putting notes into a text so that nothing else in it changes."""

from __future__ import annotations

from collections.abc import Iterable


def inserted(text: str, additions: Iterable[tuple[int, str]]) -> str:
    """The text with each addition put in at its place; those at one place follow in the order given.

    >>> inserted("ab", [(1, "X"), (2, "Z"), (1, "Y")])
    'aXYbZ'
    """
    parts: list[str] = []
    at = 0
    for place, addition in sorted(additions, key=lambda one: one[0]):
        parts += [text[at:place], addition]
        at = place
    return "".join([*parts, text[at:]])
