"""An energy of one sample taken apart: a polynomial in the score, and functions of affine forms of it.

Every energy of a linear model is looked at as a function of one number, the score s. What an energy is made of is read
off its formula, never declared: Huber's energy is found to be a polynomial and two z|z|, cross-entropy a polynomial and
one ln(1 + e^z).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import comb

from derive.errors import DeriveError
from derive.kernel.context import NONNEGATIVE, POSITIVE, Context
from derive.kernel.normal import Normal
from derive.kernel.poly import CONST_ONE, Mono, Poly, Refusal, mono_term, to_term
from derive.system import Energy
from derive.term import ONE, ZERO, Add, Fn, Num, Pow, Sym, Term, add, exp, free, ln, mul, neg, sqrt, term, walk

S, Y = Sym("s"), Sym("y")
#: Highest power of the score in a polynomial.
HIGHEST = 4


@dataclass(frozen=True)
class Piece:
    """coefficient · g(z) with z = slope · s + shift; slope and shift are free of s.

    `kind` is one of
        "abs"       z^power |z|
        "exp"       e^z
        "softplus"  ln(1 + e^z)
        "log"       ln(1 + z²)
        "lorentz"   1/(1 + z²)
    """

    kind: str
    coefficient: Term
    slope: Term
    shift: Term
    power: int = 0

    def of(self, z: Term) -> Term:
        return self.coefficient * shape(self.kind, z, self.power)


def shape(kind: str, z: Term, power: int = 0) -> Term:
    """g(z)."""
    if kind == "abs":
        return Fn("abs", (z,)) if not power else z**power * Fn("abs", (z,))
    if kind == "exp":
        return exp(z)
    if kind == "softplus":
        return ln(ONE + exp(z))
    return ln(ONE + z**2) if kind == "log" else ONE / (ONE + z**2)


@dataclass(frozen=True)
class Loss:
    """polynomial[k] · s^k summed over k, and pieces; coefficients are terms in the target and the parameters."""

    polynomial: Mapping[int, Term]
    pieces: tuple[Piece, ...]
    context: Context
    targets: str = "real"

    @property
    def degree(self) -> int:
        return max(self.polynomial, default=0)

    @cached_property
    def normal(self) -> Normal:
        return Normal(self.context)

    @property
    def kinds(self) -> set[str]:
        return {p.kind for p in self.pieces}

    @property
    def growth(self) -> int:
        """Largest power of the score that has to have a mean (exponentials aside)."""
        own = [p.power + 1 for p in self.pieces if p.kind == "abs"] + [1 for p in self.pieces if p.kind == "softplus"]
        return max([self.degree, *own])

    def at(self, score: Term, target: Term) -> Term:
        """The energy put together again."""
        from derive.term import substitute

        parts = [c * score**k if k else c for k, c in self.polynomial.items()]
        parts += [p.of(p.slope * score + p.shift) for p in self.pieces]
        return substitute(add(*parts), {Y: target})


def context(energy: Energy) -> Context:
    """What may be assumed: parameters with a lower bound of 0 or more are positive."""
    signs = {p.name: POSITIVE for p in energy.parameters if p.above is not None and p.above >= 0}
    return Context(signs=signs, positive=tuple(ONE - Sym(p.name) for p in energy.parameters if p.below == 1))


def taken_apart(energy: Energy) -> Loss:
    """The pieces of an energy.

    Raises
    ------
    DeriveError
        It holds a function of the score that no piece stands for.

    Examples
    --------
    >>> def hinge(s, y):
    ...     return (ONE - y * s + Fn("abs", (ONE - y * s,))) / 2
    >>> found = taken_apart(Energy("hinge", hinge))
    >>> found.degree, [p.kind for p in found.pieces]
    (1, ['abs'])
    """
    known = context(energy)
    normal = Normal(known)
    try:
        ratio = normal.ratio(energy.of(S, Y))
        p = normal.poly(ratio.term) if "s" in free(to_term(ratio.den)) else None
        p = p if p is not None else Poly(ratio.num.terms)
        under = ONE if ratio.den == CONST_ONE or "s" in free(to_term(ratio.den)) else ONE / to_term(ratio.den)
        return _collected(
            [x for m, c in p.terms.items() for x in _pieces(m, c, under, normal, energy)], normal, energy.targets
        )
    except Refusal as e:
        raise DeriveError(f"The energy {energy.name} can't be taken apart: {e}.") from None


#: Either (power of s, coefficient) or a piece.
Part = tuple[int, Term] | Piece


def _pieces(m: Mono, c: Fraction, under: Term, normal: Normal, energy: Energy) -> list[Part]:
    power, rest, special = 0, [], []
    for a, e in m.factors:
        if a == S:
            if e.denominator != 1 or e < 0:
                raise DeriveError(f"The energy {energy.name} holds a power of the prediction that is no whole one.")
            power += int(e)
        elif "s" in free(a):
            special.append((a, e))
        else:
            rest.append((a, e))
    inside = Poly({pm: pc for pm, pc in m.power.terms.items() if "s" in free(mono_term(pm))})
    outside = m.power - inside
    coefficient = mono_term(Mono(rest, outside), c)
    coefficient = coefficient if under == ONE else coefficient * under
    if inside.terms:
        if power or special:
            raise DeriveError(f"The energy {energy.name} multiplies an exponential of the prediction by more of it.")
        slope, shift = _affine(to_term(inside), normal, energy)
        return [Piece("exp", coefficient, slope, shift)]
    if not special:
        return [(power, coefficient)]
    if len(special) > 1:
        raise DeriveError(f"The energy {energy.name} multiplies several functions of the prediction.")
    ((f, e),) = special
    if isinstance(f, Fn) and f.name == "abs" and e.denominator == 1 and e > 0:
        return _absolute(f.args[0], int(e), power, coefficient, normal, energy)
    if isinstance(f, Fn) and f.name == "ln" and e == 1 and not power:
        return _logarithm(f.args[0], coefficient, normal, energy)
    if isinstance(f, Add) and e == -1 and power in (0, 1, 2):
        return _lorentz(f, power, coefficient, normal, energy)
    shown = f.name if isinstance(f, Fn) else "a quotient"
    raise DeriveError(f"The energy {energy.name} holds {shown} of the prediction, of which no mean is known here.")


def _coefficients(t: Term, normal: Normal, energy: Energy) -> dict[int, Term]:
    """A polynomial in the score by powers."""
    out: dict[int, list[Term]] = {}
    for m, c in normal.poly(t).terms.items():
        held = [(a, e) for a, e in m.factors if "s" in free(a)]
        if any(a != S or e.denominator != 1 or e < 0 for a, e in held) or "s" in free(to_term(m.power)):
            raise DeriveError(f"The energy {energy.name} nests functions of the prediction: only one may hold it.")
        k = int(sum(e for _, e in held))
        out.setdefault(k, []).append(mono_term(Mono([f for f in m.factors if f not in held], m.power), c))
    return {k: add(*v) for k, v in out.items()}


def _affine(t: Term, normal: Normal, energy: Energy) -> tuple[Term, Term]:
    by = _coefficients(t, normal, energy)
    if set(by) - {0, 1}:
        raise DeriveError(f"The energy {energy.name} holds a function of a form that is not linear in the prediction.")
    return by.get(1, ZERO), by.get(0, ZERO)


def _absolute(inner: Term, e: int, power: int, c: Term, normal: Normal, energy: Energy) -> list[Part]:
    """s^power |z|^e over z^k |z| and powers of s: |z|^{2k} = z^{2k}, and s = (z − shift)/slope."""
    slope, shift = _affine(inner, normal, energy)
    if e % 2 == 0:
        by = _coefficients(S**power * (slope * S + shift) ** e if power else (slope * S + shift) ** e, normal, energy)
        return [(k, c * v) for k, v in by.items()]
    out: list[Part] = []
    for k in range(power + 1):
        factor = Num(Fraction(comb(power, k))) * (neg(shift) ** (power - k) if k < power else ONE) / slope**power
        out.append(Piece("abs", c * factor if power else c, slope, shift, k + e - 1))
    return out


def _logarithm(inner: Term, c: Term, normal: Normal, energy: Energy) -> list[Part]:
    """ln(a e^p + b e^q) = p + ln a + ln(1 + (b/a) e^{q−p}); ln of a quadratic by its completed square."""
    p = normal.poly(inner)
    if any("s" in free(to_term(m.power)) for m in p.terms):
        if len(p.terms) != 2:
            raise DeriveError(f"The energy {energy.name} holds a logarithm of other than two exponentials.")
        (m1, c1), (m2, c2) = sorted(p.terms.items(), key=lambda x: ("s" in free(to_term(x[0].power)), x[0].key))
        first, second = (mono_term(Mono(m.factors), k) for m, k in ((m1, c1), (m2, c2)))
        if {"s"} & (free(first) | free(second)) or any(
            normal.sign(normal.poly(x)) != POSITIVE for x in (first, second)
        ):
            raise DeriveError(f"The energy {energy.name} holds a logarithm of what may not be positive.")
        low = _affine(to_term(m1.power), normal, energy)
        form = _affine(to_term(m2.power - m1.power), normal, energy)
        shift = normal.ratio(form[1] + ln(second / first)).term
        out: list[Part] = [Piece("softplus", c, form[0], shift), (0, c * (low[1] + ln(first)))]
        return [*out, (1, c * low[0])] if low[0] != ZERO else out
    scale, slope, shift = _square(inner, normal, energy)
    return [Piece("log", c, slope, shift), (0, c * ln(scale))]


def _lorentz(f: Term, power: int, c: Term, normal: Normal, energy: Energy) -> list[Part]:
    """s^k/(α (1 + z²)) over 1/(1 + z²): only z²/(1 + z²) = 1 − 1/(1 + z²) and constants are known."""
    scale, slope, shift = _square(f, normal, energy)
    if power == 0:
        return [Piece("lorentz", c / scale, slope, shift)]
    if normal.equal(shift, ZERO) and power == 2:
        each = c / (scale * slope**2)
        return [(0, each), Piece("lorentz", neg(each), slope, shift)]
    return [Piece(f"lorentz s^{power}", c / scale, slope, shift)]  # put together with its neighbours in `_collected`


def _square(t: Term, normal: Normal, energy: Energy) -> tuple[Term, Term, Term]:
    """A quadratic as scale · (1 + z²), z = slope · s + shift."""
    by = _coefficients(t, normal, energy)
    a, b, d = (by.get(k, ZERO) for k in (2, 1, 0))
    if set(by) - {0, 1, 2} or normal.sign(normal.poly(a)) != POSITIVE:
        raise DeriveError(f"The energy {energy.name} holds a function of a form that is not understood.")
    scale = normal.ratio(d - b**2 / (a * 4))
    if normal.sign(scale.num) != POSITIVE or normal.sign(scale.den) != POSITIVE:
        raise DeriveError(f"The energy {energy.name} holds a quadratic form that may vanish.")
    root = normal.ratio(sqrt(a / scale.term)).term
    return scale.term, root, normal.ratio(root * b / (a * 2)).term


def _collected(parts: list[Part], normal: Normal, targets: str) -> Loss:
    polynomial: dict[int, list[Term]] = {}
    pieces: dict[tuple[str, str, str, int], list[Piece]] = {}
    lorentz: dict[tuple[str, str], list[tuple[int, Piece]]] = {}
    for p in parts:
        if isinstance(p, Piece):
            slope, shift = (normal.ratio(x).term for x in (p.slope, p.shift))
            p = Piece(p.kind, p.coefficient, slope, shift, p.power)
            if p.kind.startswith("lorentz"):
                k = int(p.kind[-1]) if "^" in p.kind else 0
                lorentz.setdefault((slope.key, shift.key), []).append((k, p))
            else:
                pieces.setdefault((p.kind, slope.key, shift.key, p.power), []).append(p)
        else:
            polynomial.setdefault(p[0], []).append(p[1])
    for group in lorentz.values():
        for k, p in _lorentz_together(group, normal):
            if isinstance(p, Piece):
                pieces.setdefault((p.kind, p.slope.key, p.shift.key, 0), []).append(p)
            else:
                polynomial.setdefault(k, []).append(p)
    found = {k: normal.ratio(add(*v)).term for k, v in polynomial.items()}
    out = []
    for same in pieces.values():
        total = normal.ratio(add(*(p.coefficient for p in same)))
        if total.num.terms:
            out.append(Piece(same[0].kind, total.term, same[0].slope, same[0].shift, same[0].power))
    found = {k: v for k, v in found.items() if v != ZERO}
    if max(found, default=0) > HIGHEST:
        raise DeriveError(f"an energy with a power of the prediction beyond {HIGHEST}")
    return Loss(found, tuple(out), normal.context, targets)


def _lorentz_together(group: list[tuple[int, Piece]], normal: Normal):  # type: ignore[no-untyped-def]
    """(a s² + b s + c)/(1 + z²) = A + B/(1 + z²), where the numerator is A z² + (A + B) − A."""
    slope, shift = group[0][1].slope, group[0][1].shift
    by = {k: add(*(p.coefficient for j, p in group if j == k)) for k in (0, 1, 2) if any(j == k for j, _ in group)}
    a = normal.ratio(by.get(2, ZERO) / slope**2).term
    rest = normal.ratio(by.get(0, ZERO) - a * shift**2)
    if normal.ratio(by.get(1, ZERO) - a * slope * shift * 2).num.terms:
        raise DeriveError("The energy has an odd numerator over 1 + z², of which no mean is known here.")
    out: list[tuple[int, Term | Piece]] = [(0, a)] if a != ZERO else []
    out.append((0, Piece("lorentz", normal.ratio(rest.term - a).term, slope, shift)))
    return out


__all__ = ["NONNEGATIVE", "Loss", "Num", "Piece", "Pow", "S", "Y", "mul", "shape", "taken_apart", "term", "walk"]
