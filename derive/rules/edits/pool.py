"""What may have been left out of a side: factors and terms that stand elsewhere in it, or in what it should equal."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from derive.reader.notation import Notation
from derive.rules.edits.places import INVERSE, factors, minus, places
from derive.term import HALF, PI, Add, Elem, Fn, Int, Min, Num, Pow, Sum, Sym, Term, free, mul, term

#: Constants that formulas lose or gain.
NUMBERS = tuple(Fraction(*q) for q in ((2,), (1, 2), (3,), (1, 3), (4,), (1, 4), (12,), (1, 12), (6,), (1, 6)))
#: Nodes of a part that is offered whole.
LARGE = 14


def missing_factors(t: Term, other: Term, notation: Notation) -> list[Term]:
    """Factors that may be missing, the likeliest first: parts of the side, numbers, squares, inverses."""
    own = list(_parts(t, notation))
    letters = [x for x in own if isinstance(x, (Elem, Sym))]
    out = [*own, *(Num(v) for v in NUMBERS)]
    out += [Pow(x, term(2)) for x in letters]
    out += [Pow(x, INVERSE) for x in own]
    out += [Pow(x, term(-2)) for x in letters]
    out += [PI, Pow(PI, INVERSE), PI * 2, Pow(PI, HALF), Pow(PI * 2, HALF)]
    foreign = [x for x in _parts(other, notation) if x not in own]
    alone = [x for x in foreign if isinstance(x, (Elem, Sym))]
    out += [*foreign, *(Pow(x, term(2)) for x in alone), *(Pow(x, INVERSE) for x in alone)]
    return list(dict.fromkeys(out))


def missing_terms(t: Term, other: Term, notation: Notation) -> list[Term]:
    """Terms that may be missing, each with both signs: terms of either side, letters, numbers."""
    found = [x for p in places(t) if isinstance(p.term, Add) for x in p.term.terms]
    found += [x for p in places(other) if isinstance(p.term, Add) for x in p.term.terms if _small(x)]
    found += _products(t)
    own = list(_parts(t, notation))
    found += own
    found += [Pow(x, term(2)) for x in own if isinstance(x, (Elem, Sym))]
    found += [x for x in _parts(other, notation) if x not in own]
    found += [term(1), HALF, term(2)]
    return [y for x in dict.fromkeys(found) for y in (x, minus(x))]


def _products(t: Term) -> list[Term]:
    """Products that stand somewhere, and with one factor less."""
    out: list[Term] = []
    for p in places(t):
        fs = factors(p.term)
        if 1 < len(fs) <= 4 and p.own:
            out += [p.term, *(mul(*fs[:k], *fs[k + 1 :]) for k in range(len(fs)))]
    return out


def _parts(t: Term, notation: Notation) -> Iterator[Term]:
    """Letters, functions with their arguments, sums, roots: whatever could be a factor."""
    seen: set[Term] = set()
    for p in places(t):
        x = p.term
        if x in seen or not p.own or isinstance(p.above, Elem):
            continue
        kind = isinstance(x, (Elem, Sym, Fn, Sum, Add, Int, Min)) or (
            isinstance(x, Pow) and isinstance(x.exponent, Num)
        )
        if kind and _small(x) and "oo" not in free(x) and not any("#" in n for n in free(x)):
            seen.add(x)
            yield x


def _small(t: Term) -> bool:
    return sum(1 for _ in places(t)) <= LARGE
