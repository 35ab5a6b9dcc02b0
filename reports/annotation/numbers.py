"""Equation numbers on the pages of a PDF: where they stand, told from references to them in the text.

A number stands alone at an edge that most numbers of the document share: the right edge of its column, or the left
one. A reference in the text stands among words. Nothing is looked up in any library here.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_NUMBER = re.compile(r"\(\s?((?:[A-Z]{1,2}\.?)?\d{1,3}(?:[.\-–]\d{1,3}){0,3}[a-z]?['*′]{0,2})\s?\)[.,;]?$")
#: Between a number and the formula beside it; words of a line are closer, columns are not.
GAP = 7.0
#: Edges within this distance are one; so many numbers make one, beside the share of the strongest edge.
SAME, FEWEST, SHARE = 2.0, 2, 0.12
#: Without a common edge: so much room before a number that can be none in the text.
WIDE = 24.0


@dataclass(frozen=True)
class Word:
    """A word on a page: its box, measured from the top left corner of the page as it is looked at."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Found:
    """An equation number on a page, counted from 0."""

    number: str
    page: int
    box: Word
    before: float  #: room to the word left of it
    after: float  #: and to the one right of it


def candidates(words: Sequence[Word], page: int) -> list[Found]:
    """Every word of a page that could be a number, with the room on both sides of it."""
    found = []
    by_top = sorted(words, key=lambda w: w.top)
    tops = [w.top for w in by_top]
    highest = max((w.bottom - w.top for w in words), default=0.0)
    for word in words:
        if number := _NUMBER.match(word.text):
            near = by_top[bisect_left(tops, word.top - highest) : bisect_left(tops, word.bottom)]
            beside = [w for w in near if w is not word and _level(w, word)]
            before = min((word.left - w.right for w in beside if w.left < word.left), default=1000.0)
            after = min((w.left - word.right for w in beside if w.right > word.right), default=1000.0)
            found.append(Found(number[1], page, word, before, after))
    return found


def _level(a: Word, b: Word) -> bool:
    """Whether two words share a line: half the height of the lower one lies beside the other."""
    return min(a.bottom, b.bottom) - max(a.top, b.top) > 0.5 * min(a.bottom - a.top, b.bottom - b.top)


def placed(seen: Sequence[Found]) -> list[Found]:
    """Of all candidates, the numbers of displays, in the order of the document.

    Examples
    --------
    >>> def at(number, left, top, before):
    ...     return Found(number, 0, Word(f"({number})", left, top, left + 30, top + 10), before, 1000.0)
    >>> listed = placed([at("1", 400, 0, 50.0), at("1", 100, 20, 3.0), at("2", 400, 40, 1000.0)])
    >>> [(f.number, f.box.top) for f in listed]
    [('1', 0), ('2', 40)]
    """
    apart = [f for f in seen if f.before >= GAP and f.after >= GAP]
    # The side at which fewer edges hold as many: numbers of one width share both edges.
    sides = (_edges(apart, side) for side in (_right, _left))
    side, edges, _ = max(sides, key=lambda found: (found[2], -len(found[1])))

    def at_edge(f: Found) -> bool:
        return any(abs(side(f) - edge) <= SAME for edge in edges)

    def place(f: Found) -> Place:
        behind = [edge < side(f) - SAME for edge in edges]
        return f.page, sum(behind), f.box.top

    chosen = [f for f in apart if at_edge(f)]
    # A wide formula leaves little room, or runs over its number; and a narrow box has an edge of its own.
    for more in ([f for f in seen if at_edge(f)], [f for f in apart if min(f.before, f.after) >= WIDE]):
        numbers = {f.number for f in chosen}
        known = sorted((place(f), order(f.number)) for f in chosen)
        fitting = [f for f in more if f.number not in numbers and _fits(place(f), order(f.number), known, 1)]
        chosen += [f for f in fitting if sum(g.number == f.number for g in fitting) == 1]
    return _without_references(sorted(chosen, key=place), place)


Place = tuple[int, int, float]  #: page, column, height
Key = tuple[int, ...]
Side = Callable[[Found], float]


def _right(f: Found) -> float:
    return f.box.right


def _left(f: Found) -> float:
    return f.box.left


def _edges(found: Sequence[Found], side: Side) -> tuple[Side, list[float], int]:
    """The edges that many numbers share, and how many numbers stand at the two strongest."""
    rest = Counter(float(round(side(f))) for f in found)
    strong: list[tuple[int, float]] = []
    while rest:
        best = max(rest, key=lambda p: (sum(rest[q] for q in rest if abs(q - p) <= SAME), -p))
        together = [q for q in rest if abs(q - best) <= SAME]
        number = sum(rest[q] for q in together)
        if strong and number < max(FEWEST, SHARE * strong[0][0]):
            break
        strong.append((number, best))
        for q in together:
            del rest[q]
    return side, sorted(edge for _, edge in strong), sum(number for number, _ in strong[:2])


def _without_references(found: Sequence[Found], place: Callable[[Found], Place]) -> list[Found]:
    """Of a number found several times, those out of order are references and go, unless none would be left."""
    count = Counter(f.number for f in found)
    known = sorted((place(f), order(f.number)) for f in found if count[f.number] == 1)
    kept = {f for f in found if count[f.number] == 1 or _fits(place(f), order(f.number), known, 3)}
    there = {f.number for f in kept}
    return [f for f in found if f in kept or f.number not in there]


def _fits(here: Place, mine: Key, known: Sequence[tuple[Place, Key]], near: int) -> bool:
    """Whether a number stands where most of the numbers next to it let one expect it."""
    first = bisect_left(known, here, key=lambda one: one[0])
    behind = bisect_right(known, here, key=lambda one: one[0])
    before = [key for _, key in known[max(0, first - near) : first]]
    after = [key for _, key in known[behind : behind + near]]
    return sum(key < mine for key in before) * 2 >= len(before) and sum(key > mine for key in after) * 2 >= len(after)


def order(number: str) -> tuple[int, ...]:
    """A key that sorts equation numbers as a paper does; appendices come last.

    >>> order("2.9") < order("2.10") < order("10.1") < order("A.1")
    True
    """
    parts = re.findall(r"\d+|[A-Z]+|[a-z]", number)
    return tuple(int(p) if p.isdigit() else 10_000 + ord(p[0]) if p.isupper() else ord(p) for p in parts)
