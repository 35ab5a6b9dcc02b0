"""A text changed by substitutions that still knows where in the original each place lies."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable


class Rewritten:
    r"""A text, and for each place in it the place in the text that it was made from.

    Examples
    --------
    >>> text = Rewritten("a%x\nb").sub(re.compile("%[^\n]*"), lambda m: "").sub(re.compile("b"), lambda m: "long")
    >>> text.text, text.start(2), text.end(6), text.end(1)
    ('a\nlong', 4, 5, 1)
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._before: Rewritten | None = None
        self._new, self._old = [0], [0]  # ends of the stretches that were kept and of those that were replaced

    def sub(self, pattern: re.Pattern[str], replacement: Callable[[re.Match[str]], str | None]) -> Rewritten:
        """The text with each match replaced; where `replacement` gives None the match stays as it is."""
        spans = []
        for m in pattern.finditer(self.text):
            new = replacement(m)
            if new is not None:
                spans.append((m.start(), m.end(), new))
        return self.replaced(spans)

    def replaced(self, spans: list[tuple[int, int, str]]) -> Rewritten:
        """The text with the stretches (start, end, new text), which come in order, replaced."""
        parts: list[str] = []
        made = Rewritten("")
        made._before = self
        at = length = 0
        for start, end, new in spans:
            parts += [self.text[at:start], new]
            length += start - at
            made._mark(length, start)
            length += len(new)
            made._mark(length, end)
            at = end
        made.text = "".join([*parts, self.text[at:]])
        return made

    def _mark(self, new: int, old: int) -> None:
        self._new.append(new)
        self._old.append(old)

    def start(self, at: int) -> int:
        """Where in the original what starts at `at` starts: behind what was left out there."""
        if self._before is None:
            return at
        k = bisect_right(self._new, at) - 1
        return self._before.start(self._old_place(k, at))

    def end(self, at: int) -> int:
        """Where in the original what ends at `at` ends: before what was left out there."""
        if self._before is None:
            return at
        k = bisect_left(self._new, at)
        k = k if k < len(self._new) and self._new[k] == at else k - 1
        return self._before.end(self._old_place(k, at))

    def _old_place(self, k: int, at: int) -> int:
        place = self._old[k] + at - self._new[k]
        return min(place, self._old[k + 1]) if k + 1 < len(self._old) else place
