"""Names replaced by what they mean, down to the parameters and the data."""

from __future__ import annotations

from collections.abc import Mapping

from derive.errors import DeriveError
from derive.reader.interpret import read
from derive.reader.notation import Notation
from derive.reader.tokens import tokenize
from derive.term import Elem, Fn, Int, Sym, Term, rebuild, substitute

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


def tied(t: Term, frames: Mapping[str, tuple[str, Term]]) -> Term:
    """`t` with one variable for each integral: under it, its counterpart in another frame is written in terms of it."""
    t = rebuild(t, lambda c: tied(c, frames)) if frames else t
    if isinstance(t, Int):
        here = {frames[o.var.name] for o in t.over if isinstance(o.var, Sym) and o.var.name in frames}
        t = Int(t.over, substitute(t.body, {Sym(name): value for name, value in here}))
    return t


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
    if isinstance(t, Fn) and t.name == "mean" and notation.average is not None:
        return notation.average(unfold(t.args[0], notation, depth + 1))
    if isinstance(t, Elem) or not notation.names:
        return t
    return rebuild(t, lambda c: unfold(c, notation, depth))
