"""The normal form: arithmetic, logarithms, sums with symbolic limits, products, differentials.

Each step is an equality valid wherever the expression is defined under the assumptions. Names of the steps taken
are collected in `Normal.steps`; their inference figures stand in the docstrings of the methods.
"""

from __future__ import annotations

import itertools
from fractions import Fraction

from derive.kernel.constant import constant_sign
from derive.kernel.context import NONNEGATIVE, POSITIVE, Context
from derive.kernel.exponentials import apart
from derive.kernel.members import shifted, with_members
from derive.kernel.poly import (
    CONST_ONE,
    CONST_ZERO,
    UNIT,
    Mono,
    Poly,
    Ratio,
    Refusal,
    content,
    exponential,
    factorize,
    generator,
    mono_term,
    number,
    primitive,
    to_term,
)
from derive.kernel.series import series
from derive.kernel.whole import least, recursive
from derive.term import (
    INF,
    MINUS_INF,
    ONE,
    Add,
    App,
    Elem,
    Fn,
    Int,
    Min,
    Mul,
    Num,
    Over,
    Pow,
    Prod,
    Sum,
    Sym,
    Term,
    bound_in,
    free,
    fresh,
    mul,
    rebuild,
    substitute,
    term,
    walk,
)

PEEL = 8  # largest distance of a sum's limit from its symbol that is peeled off term by term


class Normal:
    """Normal forms under one set of assumptions.

    Parameters
    ----------
    context : the assumptions.
    minimize : proposes a stationary point for a least value: (variables, body, self) -> table, or None.
    integrate : proposes an antiderivative: (integrand, variable) -> term, or None.

    Examples
    --------
    >>> normal = Normal(Context(signs={"a": "positive", "b": "positive"}))
    >>> a, b = Sym("a"), Sym("b")
    >>> normal.equal(Fn("ln", (a * b,)), Fn("ln", (a,)) + Fn("ln", (b,)))
    True
    """

    def __init__(self, context: Context, minimize=None, integrate=None) -> None:  # type: ignore[no-untyped-def]
        self.context = context
        self.minimize, self.integrate = minimize, integrate
        self.steps: dict[str, None] = {}
        self._memo: dict[Term, tuple[Ratio, dict[str, None]]] = {}
        self._positive: dict[str, Fraction] | None = None

    # -- the two questions -------------------------------------------------------------------------

    def equal(self, a: Term, b: Term) -> bool:
        """a and b have one normal form.

        nf(a) = p/q    nf(b) = r/s    p·s − r·q = 0 as polynomials
        ----------------------------------------------------------
        a = b wherever both are defined
        """
        return self.ratio(a).same(self.ratio(b))

    def sign(self, p: Poly) -> str:
        """Sign of a polynomial: "positive", "nonnegative" or "real" (not known).

        every monomial ≥ 0, one of them > 0   or   p ≥ b > 0 for whole numbers
        -----------------------------------------------------------------------
        p > 0
        """
        if not p.terms:
            return NONNEGATIVE
        low = self.least(p)
        if low > 0 or (low == 0 and not self.context.positive):
            return POSITIVE if low > 0 else NONNEGATIVE
        if self._positive is None:
            self._positive = {}
            known = [primitive(self.poly(t)) for t in self.context.positive]
            self._positive = {core.key: c for c, m, core in known if self.mono_sign(m) == POSITIVE}
        if len(p.terms) > 1:
            c, m, core = primitive(p)
            if c * self._positive.get(core.key, 0) > 0 and self.mono_sign(m) == POSITIVE:
                return POSITIVE
            constant = constant_sign(to_term(p))
            if constant:
                return POSITIVE if constant > 0 else "real"
            if apart(p, self):
                return POSITIVE
        strict = False
        for m, c in with_members(self._longer_minus_shorter(p), self).items():
            s = self.mono_sign(m)
            if c < 0 or s not in (POSITIVE, NONNEGATIVE):
                return "real"
            strict = strict or s == POSITIVE
        return POSITIVE if strict else NONNEGATIVE

    def _longer_minus_shorter(self, p: Poly) -> dict[Mono, Fraction]:
        """Pairs of sums give way to a bound of their difference from below.

        f ≥ 0    b > a ≥ 0
        ----------------------------------------
        Σ_{j=1}^{b} f(j) − Σ_{j=1}^{a} f(j) ≥ f(b)
        """
        terms = dict(p.terms)
        for m in p.terms:
            for k, (a, e) in enumerate(m.factors):
                if terms[m] >= 0 or not isinstance(a, Sum) or e != 1:
                    continue
                if self.sign(self.poly(a.body)) == "real":
                    continue
                rest = Mono(m.factors[:k] + m.factors[k + 1 :], m.power)
                if self.mono_sign(rest) == "real":
                    continue
                for longer, have in list(terms.items()):
                    if have < -terms[m] or longer == m:
                        continue
                    other = [
                        x
                        for x, e in longer.factors
                        if isinstance(x, Sum) and e == 1 and (x.index, x.low, x.body) == (a.index, a.low, a.body)
                    ]
                    if not other or Mono([f for f in longer.factors if f[0] != other[0]], longer.power) != rest:
                        continue
                    high = self.poly(other[0].high)
                    if self.least(high - self.poly(a.high)) >= 1 and self.least(self.poly(a.high)) >= 0:
                        last = self.poly(substitute(a.body, {Sym(a.index): other[0].high}))
                        bound = last * Poly({rest: -terms[m]})
                        terms[longer] += terms[m]
                        terms[m] = Fraction(0)
                        for mb, cb in bound.terms.items():
                            terms[mb] = terms.get(mb, Fraction(0)) + cb
                        break
        return {m: c for m, c in terms.items() if c}

    def mono_sign(self, m: Mono) -> str:
        """Sign of a product, by its factors.

        exp p > 0    a > 0 ⇒ aˢ > 0    a ≥ 0 ⇒ aˢ ≥ 0    a real ⇒ a²ᵏ ≥ 0    a ≠ 0 ⇒ a²ᵏ > 0
        -------------------------------------------------------------------------------------
        Π > 0 where every factor is > 0, Π ≥ 0 where every one is ≥ 0
        """
        result = POSITIVE
        for a, e in m.factors:
            s = self.generator_sign(a)
            if s != POSITIVE:
                if s == "real" and not (e.denominator == 1 and e.numerator % 2 == 0):
                    return "real"
                if not (isinstance(a, (Sym, Elem)) and a.name in self.context.nonzero and s == "real"):
                    result = NONNEGATIVE
        return result

    def generator_sign(self, a: Term) -> str:
        """Sign of a generator: assumed, or that of a sum, logarithm, absolute value or integral by its parts.

        f(j) ≥ 0 for every j    b ≥ 0         f ≥ 0    l ≤ h
        ------------------------------        ---------------
        Σ_{j=1}^{b} f(j) ≥ 0                  ∫_l^h f ≥ 0
        """
        if isinstance(a, Num):
            return POSITIVE if a.value > 0 else "real"
        if isinstance(a, Sum) and any(self.ratio(t).term == a for t in self.context.positive):
            return POSITIVE
        if isinstance(a, (Sym, Elem, App)):
            return self.context.sign(a.name)
        if isinstance(a, Add):
            return self.sign(self.poly(a))
        if isinstance(a, Sum):
            # to a negative bound the formal sum is no sum of terms
            inner = self.sign(self.poly(a.body)) if self.least(self.poly(a.high)) >= 0 else "real"
            if inner == NONNEGATIVE:  # Σ f ≥ f(last)
                last = substitute(a.body, {Sym(a.index): a.high})
                return POSITIVE if self._nonempty(a.high) and self.sign(self.poly(last)) == POSITIVE else NONNEGATIVE
            return inner if inner != POSITIVE or self._nonempty(a.high) else NONNEGATIVE
        if isinstance(a, Fn):
            if a.name == "ln":
                less_one = self.poly(a.args[0]) - CONST_ONE
                if a.args[0] == Sym("pi") or self.sign(less_one) == POSITIVE:
                    return POSITIVE
            if a.name == "abs":
                from derive.kernel.absolute import nonzero

                return POSITIVE if nonzero(self.poly(a.args[0]), self) else NONNEGATIVE
            if a.name == "erf":  # odd and growing
                return self.sign(self.poly(a.args[0]))
        if isinstance(a, Int) and all(map(self._oriented, a.over)) and self.sign(self.poly(a.body)) != "real":
            from derive.kernel.absolute import thick

            return POSITIVE if thick(a, self) else NONNEGATIVE
        if a in self.context.positive:
            return POSITIVE
        return "real"

    def _oriented(self, o: Over) -> bool:
        """The lower end of a domain is known to lie below the upper one."""
        if o.low == MINUS_INF or o.high == INF:
            return "oo" not in free(o.high if o.low == MINUS_INF else o.low) or (o.low, o.high) == (MINUS_INF, INF)
        return "oo" not in free(o.low) | free(o.high) and self.sign(self.poly(o.high - o.low)) != "real"

    def _nonempty(self, high: Term) -> bool:
        return self.least(self.poly(high)) >= 1

    def least(self, p: Poly) -> Fraction | float:
        """A lower bound of an integer-linear expression (−∞ when none is known)."""
        return least(p, self.context)

    # -- recursion ---------------------------------------------------------------------------------

    def poly(self, t: Term) -> Poly:
        """Normal form without a denominator: sums in a denominator become generators."""
        r = self.ratio(t)
        if r.den == CONST_ONE:
            return r.num
        c, m, core = primitive(r.den)
        k = Poly({m: c})
        return Ratio(r.num, k).num * generator(to_term(core), -1)

    def ratio(self, t: Term) -> Ratio:
        known = self._memo.get(t)
        if known is None:
            outer, self.steps = self.steps, {}
            try:
                known = self._memo[t] = (self._ratio(t), self.steps)
            finally:
                self.steps = outer
        self.steps.update(known[1])
        return known[0]

    def _ratio(self, t: Term) -> Ratio:
        if isinstance(t, Num):
            return Ratio(number(t.value))
        if isinstance(t, (Sym, Elem)):
            return self._symbol(t)
        if isinstance(t, Add):
            total = Ratio(CONST_ZERO)
            for part in t.terms:
                total = total + self.ratio(part)
            return total
        if isinstance(t, Mul):
            product = Ratio(CONST_ONE)
            for factor in t.factors:
                product = product * self.ratio(factor)
            return product
        if isinstance(t, Pow):
            return self._power(t)
        if isinstance(t, Fn):
            return self._function(t)
        if isinstance(t, Sum):
            return self._sum(t)
        if isinstance(t, Prod):
            return self._product(t)
        if isinstance(t, Int):
            from derive.kernel.integral import integral

            return integral(t, self)
        if isinstance(t, Min):
            from derive.kernel.minimum import minimum

            return minimum(t, self)
        return self.named(self._canonical_parts(t))

    def named(self, t: Term) -> Ratio:
        """A term in standard form as a generator, or what a stated equality makes of it."""
        changed = self.context.rewrite(t)
        if changed != t:
            self.steps["a stated equality of the section"] = None
            return self.ratio(changed)
        return Ratio(generator(t))

    def adopt(self, t: Term) -> None:
        """Take a term that is in standard form already as a generator."""
        self._memo[t] = (Ratio(generator(t)), {})

    def _canonical_parts(self, t: Term) -> Term:
        return rebuild(t, lambda c: self.ratio(c).term if not isinstance(c, Over) else c)

    def _symbol(self, t: Sym | Elem) -> Ratio:
        if t == INF:
            raise Refusal("infinity is no number")
        if t in self.context.covariances.values():
            raise Refusal("a matrix outside a trace: its products don't commute")
        if isinstance(t, Elem):
            t = Elem(t.name, tuple(self.ratio(i).term for i in t.index))
            if (member := recursive(t, self)) is not None:
                return member
        return self.named(t)

    # -- powers, logarithms, exponentials ----------------------------------------------------------

    def _power(self, t: Pow) -> Ratio:
        """Whole powers are multiplied out; any other power is an exponential where that is known to be one.

        a > 0
        ----------------
        aˢ = exp(s ln a)      (a power of what may be negative, to an exponent that is no number, stays closed)
        """
        base, e = self.ratio(t.base), self.ratio(t.exponent)
        exponent = e.num.number if e.den == CONST_ONE else None
        if exponent is None:
            if self.sign(base.num) != POSITIVE or self.sign(base.den) != POSITIVE:
                return Ratio(generator(Pow(base.term, e.term)))
            return self.ratio(Fn("exp", (Mul((t.exponent, Fn("ln", (t.base,)))),)))
        if exponent.denominator == 1:
            n = exponent.numerator
            if n < 0:
                base, n = base.inverse(), -n
            return Ratio(base.num**n, base.den**n)
        return self._root(base.num, exponent) * self._root(base.den, exponent).inverse()

    def _root(self, p: Poly, e: Fraction) -> Ratio:
        """A root of a product, factor by factor; what may be negative stays under the root.

        c > 0    g ≥ 0
        -----------------------     --------------
        (c g h)ᵉ = cᵉ gᵉ hᵉ         (a²)^(1/2) = |a|
        """
        c, m, core = content(p)
        if c <= 0:
            return self._opaque_root(p, e)
        out, kept = CONST_ONE, dict[Term, Fraction]()
        power = m.power.scale(e)
        for a, k in m.factors:
            if self.generator_sign(a) in (POSITIVE, NONNEGATIVE):
                out = out * generator(a, k * e)
            elif k.denominator == 1 and k.numerator % 2 == 0:
                out = out * self._absolute_generator(a, k * e)
            else:
                kept[a] = k
        out = out * exponential(power) * exponential(self._log_number(c).scale(e))
        if kept:
            core = core * Poly({Mono(kept.items()): Fraction(1)})
        if core != CONST_ONE:
            out = out * (generator(to_term(core), e) if len(core.terms) > 1 else self._opaque_root(core, e).num)
        return Ratio(out)

    def _opaque_root(self, p: Poly, e: Fraction) -> Ratio:
        return Ratio(generator(Pow(to_term(p), Num(e))))

    def _absolute_generator(self, a: Term, e: Fraction) -> Poly:
        if e.denominator == 1 and e.numerator % 2 == 0:
            return generator(a, e)
        return generator(Fn("abs", (a,)), e)

    def _log_number(self, c: Fraction) -> Poly:
        """ln of a positive rational, over the logarithms of primes."""
        out = CONST_ZERO
        for value, s in ((c.numerator, 1), (c.denominator, -1)):
            for prime, k in factorize(value).items():
                out = out + generator(Fn("ln", (term(prime),))).scale(Fraction(s * k))
        return out

    def log(self, p: Poly) -> Poly:
        """ln of a product of positive factors is the sum of the logarithms.

        a > 0    b > 0
        ----------------------------------------------
        ln(a b) = ln a + ln b,  ln(aᵉ) = e ln a,  ln exp p = p
        """
        if not p.terms:
            raise Refusal("the logarithm of zero")
        c, m, core = content(p)
        if c <= 0 or self.mono_sign(m) != POSITIVE:
            return generator(Fn("ln", (to_term(p),)))
        self.steps["logarithm of a product of positive factors"] = None
        out = self._log_number(c) + m.power
        for a, e in m.factors:
            out = out + (self._log_number(a.value) if isinstance(a, Num) else generator(Fn("ln", (a,)))).scale(e)
        if core != CONST_ONE:
            out = out + generator(Fn("ln", (to_term(core),)))
        return out

    def _function(self, t: Fn) -> Ratio:
        if t.name == "exp":
            return Ratio(exponential(self.poly(t.args[0])))
        if t.name == "ln":
            r = self.ratio(t.args[0])
            if r.den == CONST_ONE or self.sign(r.den) == POSITIVE:
                return Ratio(self.log(r.num)) - Ratio(self.log(r.den))
            return Ratio(generator(Fn("ln", (r.term,))))
        if t.name == "sqrt":
            return self.ratio(Pow(t.args[0], Num(Fraction(1, 2))))
        if t.name in ("d", "partial"):
            from derive.kernel.differential import differential, partial

            return differential(t, self) if t.name == "d" else partial(t, self)
        if t.name == "tr":
            from derive.kernel.trace import trace

            return trace(t, self)
        if t.name in ("abs", "norm", "erf"):
            from derive.kernel.absolute import absolute_value, error_function

            return error_function(t, self) if t.name == "erf" else absolute_value(t, self)
        return Ratio(generator(self._canonical_parts(t)))

    # -- sums --------------------------------------------------------------------------------------

    def _sum(self, t: Sum) -> Ratio:
        """A sum is linear, a sum to K + c differs from the sum to K by c terms, and sums may be exchanged.

        a, b free of j                      q ≥ p − 1: an open need where it is not known
        -----------------------------     ------------------------------------------------------------------------
        Σⱼ (a f + b g) = a Σⱼ f + b Σⱼ g     Σ_{j=p}^{q} f = F(q) − F(p−1),  F(K+c) = F(K) + f(K+1) + … + f(K+c)

        limits that don't depend on one another
        ---------------------------------------
        Σᵢ Σⱼ f = Σⱼ Σᵢ f
        """
        if t.high == INF:
            return series(t, self)
        index = fresh("b")
        body = self.ratio(substitute(t.body, {Sym(t.index): Sym(index)}))
        low, high = self.poly(t.low), self.poly(t.high)
        a, b = low.number, high.number
        if a is not None and b is not None:
            alike = index not in free(body.term)
            if a.denominator != 1 or b.denominator != 1 or (b - a > 60 and not alike):
                raise Refusal("a sum whose limits are not small whole numbers")
            if alike:
                return body * Ratio(number(max(b - a + 1, Fraction(0))))
            total = Ratio(CONST_ZERO)
            for k in range(int(a), int(b) + 1):
                total = total + self.ratio(substitute(body.term, {Sym(index): term(k)}))
            return total
        self.steps["linearity of sums, limits peeled"] = None
        outside = CONST_ONE
        if index not in free(to_term(body.den)):
            poly, outside = body.num, body.den
        else:
            poly = self.poly(body.term)
        result = CONST_ZERO
        for m, c in poly.terms.items():
            out, inside = self._split(m, index)
            if inside == UNIT:
                part = high - low + CONST_ONE
            elif (moved := shifted(inside, index, t.low, t.high, self)) is not None:
                part = self.poly(moved)
            else:
                part = self._upto(inside, index, high) - self._upto(inside, index, low - CONST_ONE)
            result = result + part * Poly({out: c})
        return Ratio(result, outside)

    def _split(self, m: Mono, index: str) -> tuple[Mono, Mono]:
        """A monomial as (free of the index) × (the rest)."""
        inside = [(a, e) for a, e in m.factors if index in free(a)]
        outside = [(a, e) for a, e in m.factors if index not in free(a)]
        bound: dict[Mono, Fraction] = {}
        rest: dict[Mono, Fraction] = {}
        for pm, pc in m.power.terms.items():
            (bound if index in free(mono_term(pm)) else rest)[pm] = pc
        return Mono(outside, Poly(rest)), Mono(inside, Poly(bound))

    def _upto(self, body: Mono, index: str, bound: Poly) -> Poly:
        """Σ_{index=1}^{bound} body, over the sum to the bound without its rational part."""
        offset = bound.constant
        base = bound - number(offset)
        if offset.denominator != 1 or abs(offset) > PEEL:
            raise Refusal("a sum's limit is too far from its symbol")
        at = mono_term(body)
        total = CONST_ZERO if not base.terms else self._canonical_sum(body, index, base)
        start = to_term(base)
        for k in range(1, int(offset) + 1):
            total = total + self.poly(substitute(at, {Sym(index): start + k}))
        for k in range(0, -int(offset)):
            total = total - self.poly(substitute(at, {Sym(index): start - k}))
        return total

    def _canonical_sum(self, body: Mono, index: str, base: Poly) -> Poly:
        """Nested sums as one, their order and the names of their indices fixed."""
        binders = [(index, to_term(base))]
        factors: list[Term] = []
        for a, e in body.factors:
            if isinstance(a, Sum) and e.denominator == 1 and 0 < e <= 4:
                for _ in range(int(e)):
                    inner: Term = a
                    while isinstance(inner, Sum) and not free(inner.high) & {n for n, _ in binders}:
                        name = fresh("b")
                        binders.append((name, inner.high))
                        inner = substitute(inner.body, {Sym(inner.index): Sym(name)})
                    factors.append(inner)
            else:
                factors.append(a if e == 1 else Pow(a, Num(e)))
        if body.power.terms:
            factors.append(Fn("exp", (to_term(body.power),)))
        whole = mul(*factors)
        if len(binders) > 1:
            # the merged body may hold factors that no longer depend on every index
            self.steps["order of summation exchanged"] = None
        if len(binders) > 4:
            raise Refusal("more than four nested sums")
        inner_poly = self.poly(whole)
        if len(inner_poly.terms) != 1:
            nested: Term = whole
            for name, high in binders[1:]:
                nested = Sum(name, ONE, high, nested)
            raise Refusal("a nested sum did not stay a single product")
        ((m, c),) = inner_poly.terms.items()
        names = {n for n, _ in binders}
        outside = [(a, e) for a, e in m.factors if not (names & free(a))]
        inside = [(a, e) for a, e in m.factors if names & free(a)]
        level = 1 + max((_level(a) for a, _ in inside), default=-1)
        level = max(level, 1 + max((_level(mono_term(pm)) for pm in m.power.terms), default=-1))
        held = Mono(inside, m.power)
        best: Term | None = None
        for order in itertools.permutations(binders):
            table: dict[Term, Term] = {Sym(n): Sym(f"_{level + k}") for k, (n, _) in enumerate(order)}
            candidate = self._rename(held, table)
            for k, (_, high) in enumerate(order):
                candidate = Sum(f"_{level + k}", ONE, high, candidate)
            if best is None or candidate.key < best.key:
                best = candidate
        assert best is not None
        return generator(best) * Poly({Mono(outside): c})

    def _rename(self, m: Mono, table: dict[Term, Term]) -> Term:
        simple = all(isinstance(a, (Elem, Sym)) for a, _ in m.factors) and not m.power.terms
        renamed = substitute(mono_term(m), table)
        if simple:
            factors = [(substitute(a, table), e) for a, e in m.factors]
            return mono_term(Mono(factors))
        p = self.poly(renamed)
        return to_term(p)

    def _product(self, t: Prod) -> Ratio:
        """A product of positive factors is the exponential of the sum of their logarithms.

        f(j) > 0 for p ≤ j ≤ q
        ---------------------------------------
        Π_{j=p}^{q} f(j) = exp Σ_{j=p}^{q} ln f(j)
        """
        low, high = self.poly(t.low), self.poly(t.high)
        a, b = low.number, high.number
        if a is not None and b is not None:
            if a.denominator != 1 or b.denominator != 1 or b - a > 60:
                raise Refusal("a product whose limits are not small whole numbers")
            parts = [substitute(t.body, {Sym(t.index): term(k)}) for k in range(int(a), int(b) + 1)]
            return self.ratio(mul(*parts))
        index = fresh("b")
        body = self.ratio(substitute(t.body, {Sym(t.index): Sym(index)}))
        if self.sign(body.num) == POSITIVE and self.sign(body.den) == POSITIVE:
            self.steps["product as exponential of a sum of logarithms"] = None
            return self.ratio(Fn("exp", (Sum(index, t.low, t.high, Fn("ln", (body.term,))),)))
        name = f"_{_level(body.term) + 1}"
        inner = self.ratio(substitute(body.term, {Sym(index): Sym(name)})).term
        return Ratio(generator(Prod(name, to_term(low), to_term(high), inner)))


def _level(t: Term) -> int:
    """Highest number among the canonical bound names in `t` (−1: none)."""
    top = -1
    for x in walk(t):
        for name in bound_in(x):
            if name[:1] == "_" and name[1:].isdigit():
                top = max(top, int(name[1:]))
    return top
