"""An equation whose right side is a number: what is wrong stands on its left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

from derive.errors import Unreadable
from derive.kernel.poly import Refusal
from derive.reader.edits import edited
from derive.reader.notation import Notation
from derive.reader.tokens import tokenize
from derive.rules.edits.places import minus
from derive.term import Add, Num, Term
from derive.unfold import read_latex
from derive.verdict import Correction, Fault, Verdict

WIDEST = 6  # terms of a sum whose signs are tried


def flipped(t: Term) -> list[Term]:
    """A sum with the signs of some of its terms turned, fewest first."""
    if not isinstance(t, Add) or len(t.terms) > WIDEST:
        return []
    some = (c for k in range(1, len(t.terms)) for c in combinations(range(len(t.terms)), k))
    return [Add(tuple(minus(x) if k in chosen else x for k, x in enumerate(t.terms))) for chosen in some]


def mended_left(verdict: Verdict, right: Term, notation: Notation, holds: Callable[[Term], bool]) -> Verdict | None:
    """The verdict with the signs on its left put right, where a turn of some of them makes the equation hold."""
    if not isinstance(right, Num) or verdict.relation != "=":
        return None
    try:
        better = next((t for t in flipped(read_latex(verdict.printed_lhs, notation)) if holds(t)), None)
    except (Unreadable, Refusal):
        return None
    if better is None:
        return None
    tokens = tuple(tokenize(verdict.printed_lhs))
    shown = edited(verdict.printed_lhs, tokens, better, notation, Term.__eq__)
    correction = Correction(printed=verdict.printed_lhs, read=shown)
    return replace(verdict, fault=Fault.SIGN, derived=f"{shown} = {verdict.printed_rhs}", correction=correction)
