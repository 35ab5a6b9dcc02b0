"""A repaired side in LaTeX, the rest of it as printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lark import Token, Tree

from derive.claim import Entry
from derive.errors import Unreadable
from derive.reader.edits import edited
from derive.reader.printer import spelling
from derive.reader.syntax import parse, text
from derive.reader.tokens import tokenize
from derive.term import Term

if TYPE_CHECKING:
    from derive.judging import Judge, Said


def reworded(judge: Judge, new: Term, right: Said, entry: Entry) -> str:
    """LaTeX of `new`, which a repair made of a printed side: what it did not touch stands as printed, slips mended."""
    tokens = right.side.tokens

    def same(a: Term, b: Term) -> bool:
        return judge.decider.proves_equal(judge.full(a, entry), judge.full(b, entry), entry)

    out = edited(right.side.latex[: tokens[-1].end - tokens[0].start], tokens, new, entry.notation, same)
    for slip, meant in right.slips:
        names = entry.notation.names
        out = _renamed(out, slip, names[meant].latex if meant in names else spelling(meant))
    return _on_one_row(out)


def _on_one_row(latex: str) -> str:
    """A side without the breaks between the rows that it was printed on."""
    try:
        breaks = [t for t in tokenize(latex) if t.kind == "ROW"]
    except Unreadable:
        return latex
    for t in reversed(breaks):
        latex = f"{latex[: t.start].rstrip()} {latex[t.end :].lstrip()}"
    return latex


def _renamed(latex: str, slip: str, good: str) -> str:
    """A side with a name that stands nowhere else written as it is meant, its exponents kept."""
    try:
        tree = parse(tokenize(latex))
    except Unreadable:
        return latex
    places = set()
    for f in (*tree.find_data("factor"), *tree.find_data("list")):
        named = [c for c in f.children if not (isinstance(c, Tree) and c.data == "sup")]
        for part in (f, Tree("factor", named)):
            if text(part) == slip:
                ends = [(t.start_pos or 0, t.end_pos or 0) for t in part.scan_values(lambda t: isinstance(t, Token))]
                places.add((min(a for a, _ in ends), max(b for _, b in ends)))
    for a, b in sorted(places, reverse=True):
        latex = latex[:a] + good + latex[b:]
    return latex
