"""What may have been left out of a side: factors and terms that stand elsewhere in it, or in what it should equal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cached_property

from derive.reader.ellipsis import shift
from derive.reader.notation import Notation
from derive.rules.edits.places import INVERSE, factors, minus, places
from derive.term import HALF, PI, Add, Elem, Fn, Int, Min, Num, Pow, Sum, Sym, Term, free, mul, term

#: Constants that formulas lose or gain.
NUMBERS = tuple(Fraction(*q) for q in ((2,), (1, 2), (3,), (1, 3), (4,), (1, 4), (12,), (1, 12), (6,), (1, 6)))
#: Nodes of a part that is offered whole.
LARGE = 14
#: Named quantities that are tried.
NAMES = 24


class Pool:
    """What a side may lack, the likeliest first.

    Parameters
    ----------
    t : the side.
    other : the side it should equal.
    hints : parts that it is likely to lack.
    unfit : tells what must not be put in: what would be the whole answer by itself.
    """

    def __init__(
        self, t: Term, other: Term, notation: Notation, hints: tuple[Term, ...], unfit: Callable[[Term], bool]
    ) -> None:
        self.t, self.other, self.notation, self.hints, self.unfit = t, other, notation, hints, unfit

    @cached_property
    def factors(self) -> list[Term]:
        """Parts of the side, numbers, hints, squares, inverses, named quantities; then parts of the other side."""
        own = [x for x in _parts(self.t) if x != self.t]
        letters = [x for x in own if isinstance(x, (Elem, Sym))]
        out = [*own, *(Num(v) for v in NUMBERS)]
        out += [x for h in self.hints for x in (h, Pow(h, INVERSE), *_parts(h))]
        out += [Pow(x, term(2)) for x in letters]
        out += [Pow(x, INVERSE) for x in own]
        out += [Elem(x.name, (shift(x.index[0], d), *x.index[1:])) for x in own if isinstance(x, Elem) for d in (1, -1)]
        out += self._named()
        out += [Pow(x, term(-2)) for x in letters]
        out += [PI, Pow(PI, INVERSE), PI * 2, Pow(PI, HALF), Pow(PI * 2, HALF)]
        foreign = [x for x in _parts(self.other) if x not in own]
        alone = [x for x in foreign if isinstance(x, (Elem, Sym))]
        out += [*foreign, *(Pow(x, term(2)) for x in alone), *(Pow(x, INVERSE) for x in foreign)]
        return [x for x in dict.fromkeys(out) if not self.unfit(x)]

    @cached_property
    def terms(self) -> list[Term]:
        """Terms of either side, products, letters, named quantities, numbers, each with both signs."""
        found = [x for p in places(self.t) if isinstance(p.term, Add) for x in p.term.terms]
        found += [x for p in places(self.other) if isinstance(p.term, Add) for x in p.term.terms if _small(x)]
        found += _products(self.t)
        own = [x for x in _parts(self.t) if x != self.t]
        found += [*own, *self._named()]
        found += [Pow(x, term(2)) for x in own if isinstance(x, (Elem, Sym))]
        found += [x for x in _parts(self.other) if x not in own]
        found += [term(1), HALF, term(2)]
        return [y for x in dict.fromkeys(found) for y in (x, minus(x)) if not self.unfit(y)]

    def _named(self) -> list[Term]:
        """Quantities that the section has a name for."""
        known = [name for name, n in self.notation.names.items() if n.meaning is not None]
        return [Sym(name) for name in known[:NAMES]]


def _products(t: Term) -> list[Term]:
    """Products that stand somewhere, and with one factor less."""
    out: list[Term] = []
    for p in places(t):
        fs = factors(p.term)
        if 1 < len(fs) <= 4 and p.own:
            out += [p.term, *(mul(*fs[:k], *fs[k + 1 :]) for k in range(len(fs)))]
    return out


def _parts(t: Term) -> Iterator[Term]:
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
