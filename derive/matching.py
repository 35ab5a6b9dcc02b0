"""Which library a reader's copy belongs to, and which equation of it each display of the copy is.

A copy may lack equations, print a number twice, or number them otherwise. What a display is goes by its number as
long as it prints about what the library has there, else by what it prints.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from derive.claim import Library
from derive.errors import DeriveError
from derive.library import documents, load
from derive.source_latex import Numbered
from derive.verdict import Equation

#: A display that agrees so far with what the library has under its number is that equation, mended or broken.
LIKE = 0.6
#: A display that agrees so far with another number's print is that equation, renumbered.
CLOSE = 0.9
#: Of the displays of a copy, so many have to be the library's.
SHARE = 0.3
#: Of a PDF, where only numbers are seen: so many numbers, so many of them in common with the library.
NUMBERS, COMMON = 20, 0.8
#: A hostile copy may be long: prints are compared so far, and looked for elsewhere in so many displays.
_LONGEST, _MOST = 2000, 2000
#: No paper has so many numbered displays.
MOST_DISPLAYS = 5000

_IDLE = re.compile(
    r"\\(?:left|right|[bB]igg?[lrm]?|q?quad|displaystyle|textstyle|limits|nolimits)(?![A-Za-z])|\\[,;:!> ]"
)


@dataclass(frozen=True)
class Place:
    """A display of the copy, and the number of the equation that it is ("" for none of the library)."""

    display: Numbered
    number: str
    judged: bool = False  #: False where another display is that equation


@dataclass(frozen=True)
class Match:
    """A copy held against a library.

    Attributes
    ----------
    library, places : what it was held against, and each display in the order printed.
    missing : equations of the library that the copy lacks.
    like : how many displays print about what the library has.
    doubled : numbers that the copy prints more than once.
    renumbered : (number in the copy, number in the library).
    unknown : numbers of displays that the library does not have.
    """

    library: Library
    places: tuple[Place, ...]
    like: int  #: displays that print about what the library has

    @property
    def missing(self) -> tuple[str, ...]:
        here = {p.number for p in self.places}
        return tuple(e.number for e in self.library.equations if e.number not in here)

    @property
    def doubled(self) -> tuple[str, ...]:
        count = Counter(p.display.number for p in self.places)
        return tuple(number for number, times in count.items() if times > 1)

    @property
    def renumbered(self) -> tuple[tuple[str, str], ...]:
        moved = ((p.display.number, p.number) for p in self.places)
        return tuple((printed, number) for printed, number in moved if number not in ("", printed))

    @property
    def unknown(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(p.display.number for p in self.places if not p.number))

    def equations(self) -> tuple[Equation, ...]:
        """The displays to judge, as equations of the library."""
        sections = {e.number: e.section for e in self.library.equations}
        return tuple(
            Equation(number=p.number, latex=d.latex, section=sections[p.number] or d.section, line=d.line)
            for p in self.places
            if (d := p.display) and p.judged
        )


def best(displays: Sequence[Numbered], name: str, document: str | None = None) -> Match:
    """The library that a copy, which messages call `name`, belongs to; `document` names it where given.

    Raises
    ------
    DeriveError
        No library fits.
    """
    if len(displays) > MOST_DISPLAYS:
        raise DeriveError(f"{name} numbers {len(displays)} displays, and at most {MOST_DISPLAYS} are taken; split it.")
    if document is not None:
        found = match(displays, load(document))
        if not any(p.judged for p in found.places):
            raise DeriveError(
                f"{name} holds no equation of {document}: none of its numbers is known there; look at the file, or "
                "name another document."
            )
        return found
    tried = [match(displays, load(one)) for one in documents()]
    found = max(tried, key=lambda one: one.like)
    if found.like < max(1, SHARE * len(displays)):
        raise DeriveError(_none_fits(name, [(one.library, one.like) for one in tried], len(displays), "print"))
    return found


def by_numbers(numbers: Sequence[str], text: str, name: str, document: str | None = None) -> Library:
    """The library of a PDF, by its title in the `text` of the first pages, else by the equation numbers found.

    Raises
    ------
    DeriveError
        No library fits.
    """
    if document is not None:
        return load(document)
    known = [load(one) for one in documents()]
    for library in known:
        if _squeezed(library.title) in _squeezed(text):
            return library
    here = set(numbers)
    shares = []
    for library in known:
        there = {e.number for e in library.equations}
        shares.append((library, len(here & there) / len(here | there) if here else 0.0))
    library, share = max(shares, key=lambda one: one[1])
    if share < COMMON or len(here) < NUMBERS:
        counts = [(one, len(here & {e.number for e in one.equations})) for one in known]
        raise DeriveError(_none_fits(name, counts, len(here), "numbers"))
    return library


def _none_fits(name: str, tried: Iterable[tuple[Library, int]], whole: int, what: str) -> str:
    shares = "; ".join(f"{library.name} has {found} of them" for library, found in tried)
    by = "by what they print" if what == "print" else "by their numbers, and its first pages don't print the title"
    return (
        f"{name} belongs to no known document: of its {whole} numbered equations, {by}, {shares}; "
        "name the document with --document if it is one of these all the same."
    )


def match(displays: Sequence[Numbered], library: Library) -> Match:
    r"""Hold the displays of a copy against a library.

    Examples
    --------
    >>> there = [Equation(number="1", latex="a = b + c"), Equation(number="2", latex=r"x \sim \ln y")]
    >>> paper = Library("demo", "A demo", "Nobody", there)
    >>> found = match([Numbered("1", r"x \sim\ln y,", "", 1), Numbered("3", "q", "", 2)], paper)
    >>> found.renumbered, found.missing, found.unknown
    ((('1', '2'),), ('1',), ('3',))
    """
    prints = {e.number: plain(e.latex) for e in library.equations}
    own = {id(d): _likeness(plain(d.latex), prints.get(d.number), LIKE) for d in displays}
    settled = {d.number for d in displays if own[id(d)] == 1}
    like = settled | {d.number for d in displays if own[id(d)] >= LIKE}
    by_print: dict[str, str] = {}
    for number, latex in prints.items():
        if number not in settled:
            by_print.setdefault(latex, number)
    places = []
    for d in displays:
        number = d.number if d.number in prints else ""
        if own[id(d)] < 1:
            moved = by_print.get(plain(d.latex)) or (
                _closest(plain(d.latex), {n: x for n, x in prints.items() if n not in like})
                if own[id(d)] < LIKE and len(displays) <= _MOST
                else None
            )
            number = moved or number
        places.append(Place(d, number))
    fitting = sum(p.number != "" and (p.number != p.display.number or own[id(p.display)] >= LIKE) for p in places)
    return Match(library, _judged(places, prints), fitting)


def _judged(places: list[Place], prints: dict[str, str]) -> tuple[Place, ...]:
    """Mark, of the displays that are one equation, the one that prints it most closely."""
    chosen: dict[str, tuple[float, int]] = {}
    for k, p in enumerate(places):
        if p.number:
            close = _likeness(plain(p.display.latex), prints[p.number])
            if close > chosen.get(p.number, (-1.0, 0))[0]:
                chosen[p.number] = (close, k)
    taken = {k for _, k in chosen.values()}
    return tuple(replace(p, judged=k in taken) for k, p in enumerate(places))


def _closest(latex: str, prints: dict[str, str]) -> str | None:
    """The number whose print is close to `latex`, if one is."""
    found, most = None, CLOSE
    for number, there in prints.items():
        likeness = _likeness(latex, there, most)
        if likeness > most:
            found, most = number, likeness
    return found


def _likeness(a: str, b: str | None, least: float = 0.0) -> float:
    """How far two prints agree, from 0 to 1; 0 where it is surely less than `least`."""
    if b is None or not a or not b:
        return 0.0
    if a == b:
        return 1.0
    matcher = SequenceMatcher(None, a[:_LONGEST], b[:_LONGEST], autojunk=False)
    if least and (matcher.real_quick_ratio() < least or matcher.quick_ratio() < least):
        return 0.0
    return min(matcher.ratio(), 0.999)


def plain(latex: str) -> str:
    r"""A display without what changes nothing in what it says: blanks, sizes of brackets, closing marks.

    >>> plain(r"\left( a \right)^{2} \quad = b .")
    '(a)^{2}=b'
    """
    return re.sub(r"\s+|\\\\", "", _IDLE.sub("", latex)).rstrip(".,;")


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()
