"""Names replaced by what they mean, down to the parameters and the data."""

from __future__ import annotations

from derive.errors import DeriveError
from derive.reader.interpret import read
from derive.reader.notation import Notation
from derive.reader.tokens import tokenize
from derive.term import Elem, Sym, Term, rebuild

DEPTH = 12


def read_latex(latex: str, notation: Notation) -> Term:
    """A formula of our own, read in a section's notation."""
    return read(tokenize(latex), notation).term


def meaning(name: str, notation: Notation) -> Term | None:
    """What a declared name stands for; None for a name that stands for itself."""
    value = notation.names[name].meaning
    return _read(value, notation) if isinstance(value, str) else value


def _read(latex: str, notation: Notation) -> Term:
    store = notation.__dict__.setdefault("_meanings", {})
    if latex not in store:
        store[latex] = read_latex(latex, notation)
    found: Term = store[latex]
    return found


def unfold(t: Term, notation: Notation, depth: int = 0) -> Term:
    """`t` with every declared name replaced by its meaning.

    Raises
    ------
    DeriveError
        Names that stand for one another in a circle.
    """
    if depth > DEPTH:
        raise DeriveError("The names of a section are defined by one another in a circle: look at its notation.")
    if isinstance(t, Sym) and t.name in notation.names:
        inner = meaning(t.name, notation)
        return t if inner is None or inner == t else unfold(inner, notation, depth + 1)
    if isinstance(t, Elem) or not notation.names:
        return t
    return rebuild(t, lambda c: unfold(c, notation, depth))
