"""Polynomials over opaque generators, with exponentials: the arithmetic under the normal form.

A monomial is a product of generators with rational exponents times exp(polynomial); a polynomial maps monomials to
rational numbers. Two expressions with the same normal form are equal wherever both are defined, whatever the
generators stand for, so a generator that is not understood costs completeness and never soundness.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property

from derive.term import ZERO, Add, Elem, Fn, Mul, Num, Pow, Sym, Term, add, mul

LIMIT = 4000  # monomials; beyond it a formula is refused rather than left to fill the memory
HIGHEST = 4096  # exponent of a number that is worked out


class Refusal(Exception):
    """The kernel can't take this step. Nothing follows about the claim."""


class Mono:
    """Generators with exponents, and the argument of an exponential."""

    __slots__ = ("factors", "key", "power")

    def __init__(self, factors: Iterable[tuple[Term, Fraction]] = (), power: Poly | None = None) -> None:
        self.factors = tuple(sorted(factors, key=lambda f: f[0].key))
        self.power = power or Poly({})
        self.key = ";".join(f"{a.key}^{e}" for a, e in self.factors) + (
            f"|{self.power.key}" if self.power.terms else ""
        )

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mono) and self.key == other.key


class Poly:
    """A finite rational combination of monomials (immutable)."""

    def __init__(self, terms: Mapping[Mono, Fraction]) -> None:
        self.terms = {m: c for m, c in terms.items() if c}
        if len(self.terms) > LIMIT:
            raise Refusal(f"a normal form grew beyond {LIMIT} terms")

    @cached_property
    def key(self) -> str:
        return "+".join(sorted(f"{c}*{m.key}" for m, c in self.terms.items()))

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Poly) and self.key == other.key

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __add__(self, other: Poly) -> Poly:
        terms = dict(self.terms)
        for m, c in other.terms.items():
            terms[m] = terms.get(m, Fraction(0)) + c
        return Poly(terms)

    def scale(self, c: Fraction) -> Poly:
        return Poly({m: c * k for m, k in self.terms.items()})

    def __neg__(self) -> Poly:
        return self.scale(Fraction(-1))

    def __sub__(self, other: Poly) -> Poly:
        return self + -other

    def __mul__(self, other: Poly) -> Poly:
        if len(self.terms) * len(other.terms) > 40 * LIMIT:
            raise Refusal("a product is too large")
        out = Poly({})
        terms: dict[Mono, Fraction] = {}
        for m1, c1 in self.terms.items():
            for m2, c2 in other.terms.items():
                c, m, rest = times(m1, m2)
                if rest is None:
                    terms[m] = terms.get(m, Fraction(0)) + c * c1 * c2
                else:
                    out = out + (Poly({m: c * c1 * c2}) * rest)
        return out + Poly(terms)

    def __pow__(self, n: int) -> Poly:
        if n > 64:
            raise Refusal(f"power {n} is too high to expand")
        result = CONST_ONE
        for _ in range(n):
            result = result * self
        return result

    @property
    def single(self) -> tuple[Mono, Fraction] | None:
        return next(iter(self.terms.items())) if len(self.terms) == 1 else None

    @property
    def number(self) -> Fraction | None:
        """The value, if it is a rational number."""
        if not self.terms:
            return Fraction(0)
        one = self.single
        return one[1] if one and one[0] == UNIT else None

    @property
    def constant(self) -> Fraction:
        """The rational part."""
        return self.terms.get(UNIT, Fraction(0))


UNIT = Mono()
CONST_ONE = Poly({UNIT: Fraction(1)})
CONST_ZERO = Poly({})


def number(c: Fraction | int) -> Poly:
    return Poly({UNIT: Fraction(c)})


def generator(t: Term, e: Fraction | int = 1) -> Poly:
    return Poly({Mono(((t, Fraction(e)),)): Fraction(1)})


def times(m1: Mono, m2: Mono) -> tuple[Fraction, Mono, Poly | None]:
    """Product of two monomials: coefficient, monomial, and a sum that had to be multiplied out (or None)."""
    exps: dict[Term, Fraction] = dict(m1.factors)
    for a, e in m2.factors:
        exps[a] = exps.get(a, Fraction(0)) + e
    power = m1.power + m2.power if m2.power.terms else m1.power
    if power.terms and m1.power.terms and m2.power.terms:
        power = _fold_logs(power, exps)
    return settle(exps, power)


def settle(exps: dict[Term, Fraction], power: Poly) -> tuple[Fraction, Mono, Poly | None]:
    """Whole powers of numbers become a coefficient, whole powers of sums are multiplied out.

    a real    k whole
    -----------------
    |a|²ᵏ = a²ᵏ
    """
    coefficient, rest, factors = Fraction(1), None, []
    for a, e in list(exps.items()):
        if isinstance(a, Fn) and a.name == "abs" and not e % 2:
            (inner,) = a.args
            if isinstance(inner, (Sym, Elem)) or (isinstance(inner, Add) and e > 0):
                del exps[a]
                exps[inner] = exps.get(inner, Fraction(0)) + e
    for a, e in exps.items():
        whole = e.numerator // e.denominator
        if isinstance(a, Num) and whole:
            if abs(whole) > HIGHEST or not a.value:
                raise Refusal("a power of zero, or one too high to work out")
            coefficient *= a.value**whole
            e -= whole
        elif isinstance(a, Add) and whole > 0:
            expanded = _sum_poly(a) ** whole
            rest = expanded if rest is None else rest * expanded
            e -= whole
        if e:
            factors.append((a, e))
    return coefficient, Mono(factors, power), rest


def exponential(p: Poly) -> Poly:
    """exp(p), with every rational multiple of a logarithm turned into a power of its argument."""
    exps: dict[Term, Fraction] = {}
    power = _fold_logs(p, exps)
    coefficient, mono, rest = settle(exps, power)
    result = Poly({mono: coefficient})
    return result if rest is None else result * rest


def _fold_logs(power: Poly, exps: dict[Term, Fraction]) -> Poly:
    kept: dict[Mono, Fraction] = {}
    for m, c in power.terms.items():
        if not m.power.terms and len(m.factors) == 1:
            a, e = m.factors[0]
            if e == 1 and isinstance(a, Fn) and a.name == "ln":
                inner = a.args[0]
                exps[inner] = exps.get(inner, Fraction(0)) + c
                continue
        kept[m] = c
    return Poly(kept)


def _sum_poly(t: Add) -> Poly:
    """The polynomial of a sum that serves as a generator (its terms are already in normal form)."""
    out = CONST_ZERO
    for part in t.terms:
        factors = part.factors if isinstance(part, Mul) else (part,)
        poly = CONST_ONE
        for f in factors:
            if isinstance(f, Num):
                poly = poly.scale(f.value)
            elif isinstance(f, Pow) and isinstance(f.exponent, Num):
                poly = poly * generator(f.base, f.exponent.value)
            elif isinstance(f, Fn) and f.name == "exp":
                inner = f.args[0]
                poly = poly * exponential(_sum_poly(inner if isinstance(inner, Add) else Add((inner,))))
            else:
                poly = poly * generator(f)
        out = out + poly
    return out


def mono_term(m: Mono, c: Fraction = Fraction(1)) -> Term:
    parts: list[Term] = [] if c == 1 else [Num(c)]
    parts += [a if e == 1 else Pow(a, Num(e)) for a, e in m.factors]
    if m.power.terms:
        parts.append(Fn("exp", (to_term(m.power),)))
    return mul(*parts)


def to_term(p: Poly) -> Term:
    """The canonical term of a polynomial."""
    if not p.terms:
        return ZERO
    return add(*(mono_term(m, p.terms[m]) for m in sorted(p.terms, key=lambda m: m.key)))


def cleared(p: Poly) -> Poly:
    """p times the sums that its monomials divide by."""
    for _ in range(8):
        under: dict[Term, Fraction] = {}
        for m in p.terms:
            for a, e in m.factors:
                if isinstance(a, Add) and e < 0:
                    under[a] = min(under.get(a, Fraction(0)), e)
        if not under:
            break
        for a, e in under.items():
            p = p * generator(a, -e)
    return p


def content(p: Poly) -> tuple[Fraction, Mono, Poly]:
    """p = c · m · core with c ≥ 0: as `primitive`, but the core keeps the sign."""
    c, m, core = primitive(p)
    return (c, m, core) if c >= 0 or core == CONST_ONE else (-c, m, -core)


def primitive(p: Poly) -> tuple[Fraction, Mono, Poly]:
    """p = c · m · core, with m the common monomial and the first coefficient of the core 1."""
    if not p.terms:
        return Fraction(0), UNIT, CONST_ONE
    one = p.single
    if one:
        return one[1], one[0], CONST_ONE
    monos = list(p.terms)
    common: dict[Term, Fraction] = dict(monos[0].factors)
    for m in monos[1:]:
        mine = dict(m.factors)
        common = {a: min(common.get(a, Fraction(0)), mine.get(a, Fraction(0))) for a in {*common, *mine}}
    common = {a: e for a, e in common.items() if e}
    shared: dict[Mono, Fraction] = dict(monos[0].power.terms)
    for m in monos[1:]:
        shared = {k: c for k, c in shared.items() if m.power.terms.get(k) == c}
    m0 = Mono(common.items(), Poly(shared))
    core: dict[Mono, Fraction] = {}
    for m, c in p.terms.items():
        exps = {a: e - common.get(a, Fraction(0)) for a, e in m.factors}
        for a, e in common.items():
            exps.setdefault(a, -e)
        core[Mono(((a, e) for a, e in exps.items() if e), m.power - m0.power)] = c
    lead = core[min(core, key=lambda m: m.key)]
    return lead, m0, Poly({m: c / lead for m, c in core.items()})


def reduced(r: Ratio) -> tuple[Poly, Poly, Mono]:
    """Numerator, denominator and the monomial that both are freed of: num/den · m, no generator dividing num or den."""
    c, m, num = primitive(r.num)
    k, under, den = primitive(r.den)
    _, both, _ = times(m, Mono(((a, -e) for a, e in under.factors), -under.power))
    return num.scale(c / k), den, both


def factorize(n: int) -> dict[int, int]:
    """Prime factors, by trial division; a large remainder is kept whole."""
    out: dict[int, int] = {}
    p = 2
    while p * p <= n and p < 100_000:
        while n % p == 0:
            out[p] = out.get(p, 0) + 1
            n //= p
        p += 1
    if n > 1:
        out[n] = out.get(n, 0) + 1
    return out


class Ratio:
    """A quotient of polynomials; the denominator is never the zero polynomial."""

    __slots__ = ("den", "num")

    def __init__(self, num: Poly, den: Poly = CONST_ONE) -> None:
        if not den.terms:
            raise Refusal("division by zero")
        one = den.single
        if one and den.key != CONST_ONE.key:
            m, c = one
            exps = {a: -e for a, e in m.factors}
            k, inverse, rest = settle(exps, -m.power)
            num, den = num * Poly({inverse: k / c}), CONST_ONE
            if rest is not None:
                num = num * rest
        self.num, self.den = num, den

    def __add__(self, other: Ratio) -> Ratio:
        if self.den == other.den:
            return Ratio(self.num + other.num, self.den)
        return Ratio(self.num * other.den + other.num * self.den, self.den * other.den)

    def __mul__(self, other: Ratio) -> Ratio:
        if self.den == other.num:
            return Ratio(self.num, other.den)
        if self.num == other.den:
            return Ratio(other.num, self.den)
        return Ratio(self.num * other.num, self.den * other.den)

    def __neg__(self) -> Ratio:
        return Ratio(-self.num, self.den)

    def __sub__(self, other: Ratio) -> Ratio:
        return self + -other

    def inverse(self) -> Ratio:
        return Ratio(self.den, self.num)

    def same(self, other: Ratio) -> bool:
        """Equal as quotients, by cross multiplication; sums that stand in denominators are multiplied out."""
        return not cleared(self.num * other.den - other.num * self.den).terms

    @property
    def term(self) -> Term:
        top = to_term(self.num)
        if self.den == CONST_ONE:
            return top
        return Mul((top, Pow(to_term(self.den), Num(Fraction(-1)))))
