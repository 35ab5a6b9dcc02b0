"""What may be assumed: the signs of symbols, the ranges of integers, and equalities the paper has stated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from derive.term import Elem, Sym, Term, free, substitute

POSITIVE, NONNEGATIVE, REAL = "positive", "nonnegative", "real"


@dataclass(frozen=True)
class Recursion:
    """A family defined layer after layer; `step` is the member after `element`, whose first index runs.

    Attributes
    ----------
    element : the general member, all its indices plain letters.
    first : the first value of the running index.
    value : the member at `first`.
    step : the member at the running index + 1, in terms of `element`.
    closed : a proposal for `element` itself, used only where the kernel's induction proves it.
    """

    element: Elem
    first: int
    value: Term
    step: Term
    closed: Term


@dataclass(frozen=True)
class Context:
    """Assumptions of a claim.

    Attributes
    ----------
    signs : mapping from the name of a symbol or family to "positive", "nonnegative" or "real".
        A name that is not listed is real.
    least : mapping from the name of an integer symbol to its least value (K ≥ 2, n ≥ 1).
        Integers are positive when their least value is.
    facts : pairs (left, right), each an equality valid for all values of the free indices named in `wild`,
        used from left to right. Example: x[i, K] = 1 for every i.
    wild : names that match any index in a fact.
    positive : terms that are known to be positive, beyond single symbols (a variance, say).
    covariances : the symbols of the covariance matrices of the data, by the pair of families: ("x", "y") -> C_xy.
        Normalised by n, the constant last column of x left out. Square ones are assumed to be invertible.
    even : open functions f with f(−μ) = f(μ).
    recursions : families defined step by step.
    nonzero : symbols that are not 0, and families none of whose elements is 0.
    """

    signs: Mapping[str, str] = field(default_factory=dict)
    least: Mapping[str, int] = field(default_factory=dict)
    facts: tuple[tuple[Term, Term], ...] = ()
    wild: frozenset[str] = frozenset({"i"})
    positive: tuple[Term, ...] = ()
    even: frozenset[str] = frozenset()
    covariances: Mapping[tuple[str, str], Term] = field(default_factory=dict)
    recursions: tuple[Recursion, ...] = ()
    nonzero: frozenset[str] = frozenset()

    def sign(self, name: str) -> str:
        """Sign of a symbol or of every element of a family."""
        if name in ("pi", "oo") or self.least.get(name, 0) > 0:
            return POSITIVE
        if self.least.get(name) == 0:
            return NONNEGATIVE
        return self.signs.get(name, REAL)

    def rewrite(self, t: Term) -> Term:
        """`t` after the stated equalities (one step, at the top of the term)."""
        for left, right in self.facts:
            table = self._match(left, t)
            if table is not None:
                return substitute(right, table)
        return t

    def _match(self, left: Term, t: Term) -> dict[Term, Term] | None:
        """What the wild indices of `left` stand for where it reads `t`; None where it doesn't."""
        if left == t:
            return {}
        if not (isinstance(left, Elem) and isinstance(t, Elem)):
            return None
        if left.name != t.name or len(left.index) != len(t.index):
            return None
        table: dict[Term, Term] = {}
        for a, b in zip(left.index, t.index, strict=True):
            if isinstance(a, Sym) and a.name in self.wild:
                if table.setdefault(a, b) != b:
                    return None
            elif a != b:
                return None
        return table

    @property
    def invertible(self) -> set[Term]:
        """The square covariance matrices."""
        return {c for (a, b), c in self.covariances.items() if a == b}

    def assumes(self, name: str) -> bool:
        """Whether anything is assumed of a name: such a name can't be bound."""
        stated = [t for fact in self.facts for t in fact]
        stated += [t for r in self.recursions for t in (r.value, r.step, r.closed)]
        known = [*stated, *self.positive, *self.covariances.values()]
        return self.sign(name) != REAL or name in {*self.least, *self.nonzero} or any(name in free(t) for t in known)
