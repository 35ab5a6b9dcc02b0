"""The score s_i = Σ_j μ_j x_ij of one sample, as a random number: its moments, transforms, and whether it is normal."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from derive.kernel.context import POSITIVE, Context
from derive.kernel.normal import Normal
from derive.system import Initializer
from derive.term import (
    HALF,
    ONE,
    PI,
    ZERO,
    Elem,
    Fn,
    Num,
    Prod,
    Sum,
    Sym,
    Term,
    add,
    exp,
    free,
    mul,
    neg,
    sqrt,
    substitute,
    term,
)
from derive.theory.law import Law, T, U, law
from derive.theory.tidy import signed, tidy

I, J, K, N = Sym("i"), Sym("j"), Sym("K"), Sym("n")  # noqa: E741


def of_data(j: Term) -> Term:
    """x_ij."""
    return Elem("x", (I, j))


def target() -> Term:
    return Elem("y", (I,))


@dataclass(frozen=True)
class Block:
    """Parameters `first … last` of one law, each with a scale of its own."""

    initializer: Initializer
    first: Term
    last: Term

    @property
    def law(self) -> Law:
        return law(self.initializer)

    def scale(self, j: Term) -> Term:
        width = self.initializer.width
        return Elem(self.initializer.scale, (j,)) if width is None else term(width)

    @property
    def sizes(self) -> set[str]:
        """Names in the scale that was given: fan_in."""
        return set() if self.initializer.width is None else set(free(term(self.initializer.width)) - {"pi"})

    def total(self, body: Term) -> Term:
        return Sum("j", self.first, self.last, body)

    def product(self, body: Term) -> Term:
        return Prod("j", self.first, self.last, body)


def standard() -> Term:
    """The standard normal density of u."""
    return exp(neg(U**2) / 2) / sqrt(Num(Fraction(2)) * PI)


def is_normal(of: Law) -> bool:
    """Whether a law is the standard normal one, by normal forms."""
    if of.density is None or of.atoms or of.tail.kind != "faster":
        return False
    return Normal(Context()).equal(of.density, standard())


@dataclass(frozen=True)
class Score:
    """Σ_j μ_j x_ij over independent blocks of parameters."""

    blocks: tuple[Block, ...]
    tabled: bool = False  #: transforms as arrays take them

    @cached_property
    def laws(self) -> tuple[Law, ...]:
        return tuple(b.law for b in self.blocks)

    @cached_property
    def certain(self) -> bool:
        """No parameter varies."""
        return all(w.density is None and len(w.atoms) == 1 for w in self.laws)

    @cached_property
    def normal(self) -> bool:
        """A normal score: every parameter is normal, or does not vary."""
        each = [is_normal(w) or (w.density is None and len(w.atoms) == 1) for w in self.laws]
        return all(each) and not self.certain

    @cached_property
    def even(self) -> bool:
        return all(w.even for w in self.laws)

    @cached_property
    def mean(self) -> Term:
        return self._sum(1)

    @cached_property
    def variance(self) -> Term:
        return self._sum(2)

    def _sum(self, k: int) -> Term:
        """k-th cumulant."""
        parts = []
        for b in self.blocks:
            c = cumulant(b.law, k)
            if c != ZERO:
                each = b.scale(J) * of_data(J)
                parts.append(b.total(c * each**k if k > 1 else c * each))
        return add(*parts) if parts else ZERO

    def moment(self, k: int) -> Term:
        """⟨s^k⟩ from cumulants, k ≤ 4."""
        c = [ZERO, *(self._sum(r) for r in range(1, k + 1))]
        if k == 1:
            return c[1]
        if k == 2:
            return _plus(c[2], _power(c[1], 2))
        if k == 3:
            return _plus(c[3], _times(Num(Fraction(3)), c[1], c[2]), _power(c[1], 3))
        return _plus(
            c[4], _times(Num(Fraction(4)), c[1], c[3]), _times(Num(Fraction(3)), _power(c[2], 2)),
            _times(Num(Fraction(6)), _power(c[1], 2), c[2]), _power(c[1], 4),
        )  # fmt: skip

    def cosine(self, slope: Term, shift: Term, t: Term = T) -> Term:
        """⟨cos t z⟩ of z = slope · s + shift."""
        return self._modulus(slope, t) * _cos(self._phase(slope, shift, t))

    def sine(self, slope: Term, shift: Term, t: Term = T) -> Term:
        """⟨sin t z⟩; 0 where z is even."""
        phase = self._phase(slope, shift, t)
        return ZERO if phase == ZERO else self._modulus(slope, t) * Fn("sin", (phase,))

    def _phase(self, slope: Term, shift: Term, t: Term) -> Term:
        parts = [t * shift] if shift != ZERO else []
        for b in self.blocks:
            if not b.law.even:
                parts.append(b.total(self._argument(b, slope, t)))
        return add(*parts) if parts else ZERO

    def _argument(self, b: Block, slope: Term, t: Term) -> Term:
        w = b.law
        at: dict[Term, Term] = {T: _times(t, slope, b.scale(J), of_data(J))}
        if w.density is None and len(w.atoms) == 1:
            return at[T] * w.atoms[0][0]
        return Fn("atan2", (substitute(w.sine, at), substitute(w.cosine, at)))

    def _modulus(self, slope: Term, t: Term) -> Term:
        def of(b: Block) -> Term:
            w = b.law
            at: dict[Term, Term] = {T: _times(t, slope, b.scale(J), of_data(J))}
            if w.even:  # ⟨cos⟩ does not see the sign
                return substitute(w.tabled if self.tabled else w.cosine, {T: signed(tidy(at[T]))[1]})
            return sqrt(substitute(w.cosine, at) ** 2 + substitute(w.sine, at) ** 2)

        parts = [b.product(of(b)) for b in self.blocks if not self._fixed(b)]
        return mul(*parts) if parts else ONE

    def _fixed(self, b: Block) -> bool:
        return b.law.density is None and len(b.law.atoms) == 1

    def exponential(self, slope: Term, shift: Term) -> Term:
        """⟨e^z⟩ of z = slope · s + shift; whether it is finite is for the caller to see."""
        parts: list[Term] = [] if shift == ZERO else [exp(shift)]
        for b in self.blocks:
            sloped = signed(tidy(slope))[1] if b.law.even else slope
            at: dict[Term, Term] = {T: _times(sloped, b.scale(J), of_data(J))}
            parts.append(b.product(substitute(b.law.mgf, at)))
        return mul(*parts)

    @cached_property
    def context(self) -> Context:
        """What is assumed: positive scales and layer sizes, K and n whole numbers from 1 on."""
        signs = {b.initializer.scale: POSITIVE for b in self.blocks}
        signs |= {n: POSITIVE for b in self.blocks for n in b.sizes}
        return Context(signs=signs, least={"K": 1, "n": 1})


def cumulant(of: Law, k: int) -> Term:
    """κ_k of a parameter at scale 1, k ≤ 4."""
    if of.even and k % 2:
        return ZERO
    m = [ONE, *(of.moment(r).term for r in range(1, k + 1))]
    if k == 1:
        out = m[1]
    elif k == 2:
        out = m[2] - m[1] ** 2
    elif k == 3:
        out = m[3] - m[1] * m[2] * 3 + m[1] ** 3 * 2
    else:
        out = m[4] - m[1] * m[3] * 4 - m[2] ** 2 * 3 + m[1] ** 2 * m[2] * 12 - m[1] ** 4 * 6
    return of.tidy(out)


def _plus(*parts: Term) -> Term:
    kept = [p for p in parts if p != ZERO]
    return add(*kept) if kept else ZERO


def _times(*parts: Term) -> Term:
    if ZERO in parts:
        return ZERO
    kept = [p for p in parts if p != ONE]
    return mul(*kept) if kept else ONE


def _power(t: Term, k: int) -> Term:
    return ZERO if t == ZERO else t**k


def _cos(phase: Term) -> Term:
    return ONE if phase == ZERO else Fn("cos", (phase,))


times, plus = _times, _plus
__all__ = ["HALF", "Block", "I", "J", "K", "N", "Score", "cumulant", "is_normal", "of_data", "plus", "target", "times"]
