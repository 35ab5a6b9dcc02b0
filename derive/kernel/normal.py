"""The normal form: arithmetic, logarithms, sums with symbolic limits, products, differentials.

Each step is an equality valid wherever the expression is defined under the assumptions. Names of the steps taken
are collected in `Normal.steps`; their inference figures stand in the docstrings of the methods.
"""

from __future__ import annotations

import itertools
from fractions import Fraction

from derive.kernel.constant import constant_sign
from derive.kernel.context import NONNEGATIVE, POSITIVE, Context
from derive.kernel.poly import (
    CONST_ONE,
    CONST_ZERO,
    UNIT,
    Mono,
    Poly,
    Ratio,
    Refusal,
    exponential,
    generator,
    mono_term,
    number,
    to_term,
)
from derive.term import (
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
    minimize : proposes a stationary point for a least value: (variables, body) -> table, or None.

    Examples
    --------
    >>> normal = Normal(Context(signs={"a": "positive", "b": "positive"}))
    >>> a, b = Sym("a"), Sym("b")
    >>> normal.equal(Fn("ln", (a * b,)), Fn("ln", (a,)) + Fn("ln", (b,)))
    True
    """

    def __init__(self, context: Context, minimize=None) -> None:  # type: ignore[no-untyped-def]
        self.context = context
        self.minimize = minimize
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

        every monomial ≥ 0, one of them > 0
        -----------------------------------
        p > 0
        """
        if not p.terms:
            return NONNEGATIVE
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
        strict = False
        for m, c in self._longer_minus_shorter(p).items():
            s = self.mono_sign(m)
            if c < 0 or s not in (POSITIVE, NONNEGATIVE):
                return "real"
            strict = strict or s == POSITIVE
        return POSITIVE if strict else NONNEGATIVE

    def _longer_minus_shorter(self, p: Poly) -> dict[Mono, Fraction]:
        """Σ_{1}^{b} f − Σ_{1}^{a} f ≥ f(b) for f ≥ 0 and b > a: such pairs give way to that bound."""
        terms = dict(p.terms)
        for m, c in p.terms.items():
            if c >= 0:
                continue
            for k, (a, e) in enumerate(m.factors):
                if not isinstance(a, Sum) or e != 1 or self.sign(self.poly(a.body)) == "real":
                    continue
                rest = Mono(m.factors[:k] + m.factors[k + 1 :], m.power)
                if self.mono_sign(rest) == "real":
                    continue
                for longer, have in list(terms.items()):
                    if have < -terms[m] or longer == m:
                        continue
                    other = [
                        x
                        for x, _ in longer.factors
                        if isinstance(x, Sum) and (x.index, x.low, x.body) == (a.index, a.low, a.body)
                    ]
                    if not other or Mono([f for f in longer.factors if f[0] != other[0]], longer.power) != rest:
                        continue
                    if self.least(self.poly(other[0].high) - self.poly(a.high)) >= 1:
                        last = self.poly(substitute(a.body, {Sym(a.index): other[0].high}))
                        bound = last * Poly({rest: -terms[m]})
                        terms[longer] += terms[m]
                        terms[m] = Fraction(0)
                        for mb, cb in bound.terms.items():
                            terms[mb] = terms.get(mb, Fraction(0)) + cb
                        break
        return {m: c for m, c in terms.items() if c}

    def mono_sign(self, m: Mono) -> str:
        result = POSITIVE
        for a, e in m.factors:
            s = self.generator_sign(a)
            if s != POSITIVE:
                even = e.denominator == 1 and e.numerator % 2 == 0
                if e < 0 and not even:
                    return "real" if s == "real" else NONNEGATIVE
                if s == "real" and not even:
                    return "real"
                result = NONNEGATIVE
        return result

    def generator_sign(self, a: Term) -> str:
        if isinstance(a, Num):
            return POSITIVE if a.value > 0 else "real"
        if isinstance(a, (Sym, Elem, App)):
            return self.context.sign(a.name)
        if isinstance(a, Add):
            return self.sign(self.poly(a))
        if isinstance(a, Sum):
            inner = self.sign(self.poly(a.body))
            if inner == NONNEGATIVE:  # Σ f ≥ f(last)
                inner = (
                    self.sign(self.poly(substitute(a.body, {Sym(a.index): a.high})))
                    if self._nonempty(a.high)
                    else inner
                )
                return POSITIVE if inner == POSITIVE else NONNEGATIVE
            return inner if inner != POSITIVE or self._nonempty(a.high) else NONNEGATIVE
        if isinstance(a, Fn):
            if a.name == "ln":
                less_one = self.poly(a.args[0]) - CONST_ONE
                if a.args[0] == Sym("pi") or self.sign(less_one) == POSITIVE:
                    return POSITIVE
            if a.name == "abs":
                return NONNEGATIVE
        if isinstance(a, Int) and self.sign(self.poly(a.body)) in (POSITIVE, NONNEGATIVE):
            return NONNEGATIVE
        if a in self.context.positive:
            return POSITIVE
        return "real"

    def _nonempty(self, high: Term) -> bool:
        return self.least(self.poly(high)) >= 1

    def least(self, p: Poly) -> Fraction | float:
        """A lower bound of an integer-linear expression (−∞ when none is known)."""
        total: Fraction | float = Fraction(0)
        for m, c in p.terms.items():
            if m == UNIT:
                total += c
            elif not m.power.terms and len(m.factors) == 1 and c > 0 and _is_size(m.factors[0]):
                continue
            elif not m.power.terms and len(m.factors) == 1 and isinstance(m.factors[0][0], Sym):
                name = m.factors[0][0].name
                if m.factors[0][1] != 1 or c < 0 or name not in self.context.least:
                    return float("-inf")
                total += c * self.context.least[name]
            else:
                return float("-inf")
        return total

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
        if isinstance(t, Elem):
            t = Elem(t.name, tuple(self.ratio(i).term for i in t.index))
        return self.named(t)

    # -- powers, logarithms, exponentials ----------------------------------------------------------

    def _power(self, t: Pow) -> Ratio:
        """a^(p/q) of a positive product is the product of the powers; a^s = exp(s ln a) for a > 0."""
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
        """(c m g)^e = c^e m^e g^e for c, m > 0; (a^2)^(1/2) = |a|; what may be negative stays under the root."""
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
        if t.name in ("abs", "norm"):  # every quantity is a real number
            r = self.ratio(t.args[0])
            return Ratio(self._absolute(r.num)) * Ratio(self._absolute(r.den)).inverse()
        if t.name == "sqrt":
            return self.ratio(Pow(t.args[0], Num(Fraction(1, 2))))
        if t.name == "d":
            return self._differential(t)
        if t.name == "partial":
            return self._partial(t)
        if t.name == "tr":
            from derive.kernel.trace import trace

            return trace(t, self)
        return Ratio(generator(self._canonical_parts(t)))

    def _absolute(self, p: Poly) -> Poly:
        if self.sign(p) in (POSITIVE, NONNEGATIVE):
            return p
        if self.sign(-p) in (POSITIVE, NONNEGATIVE):
            return -p
        c, m, core = primitive(p)
        out = exponential(m.power).scale(abs(c))
        for a, e in m.factors:
            if self.generator_sign(a) in (POSITIVE, NONNEGATIVE):
                out = out * generator(a, e)
            else:
                out = out * self._absolute_generator(a, e)
        return out if core == CONST_ONE else out * generator(Fn("abs", (to_term(core),)))

    # -- sums --------------------------------------------------------------------------------------

    def _sum(self, t: Sum) -> Ratio:
        """A sum is linear, and a sum to K + c differs from the sum to K by c terms.

        Σ (a f + b g) = a Σ f + b Σ g          (a, b free of the index)
        Σ_{j=p}^{q} f(j) = F(q) − F(p−1),  F(K+c) = F(K) + f(K+1) + … + f(K+c)      (q ≥ p − 1)
        Σᵢ Σⱼ f = Σⱼ Σᵢ f                       (limits that don't depend on one another)
        """
        index = fresh("b")
        body = self.ratio(substitute(t.body, {Sym(t.index): Sym(index)}))
        low, high = self.poly(t.low), self.poly(t.high)
        a, b = low.number, high.number
        if a is not None and b is not None:
            if a.denominator != 1 or b.denominator != 1 or b - a > 60:
                raise Refusal("a sum whose limits are not small whole numbers")
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
            if isinstance(a, Sum) and e.denominator == 1 and 0 < e <= 4 and index not in free(a.high):
                for _ in range(int(e)):
                    inner: Term = a
                    while isinstance(inner, Sum) and inner.low == ONE:
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
        low, high = self.poly(t.low).number, self.poly(t.high).number
        if low is not None and high is not None and 0 <= high - low < 60:
            parts = [substitute(t.body, {Sym(t.index): term(k)}) for k in range(int(low), int(high) + 1)]
            return self.ratio(mul(*parts))
        body = self.ratio(t.body)
        if self.sign(body.num) == POSITIVE and self.sign(body.den) == POSITIVE:
            self.steps["product as exponential of a sum of logarithms"] = None
            return self.ratio(Fn("exp", (Sum(t.index, t.low, t.high, Fn("ln", (t.body,))),)))
        return Ratio(generator(Prod(t.index, to_term(self.poly(t.low)), to_term(self.poly(t.high)), body.term)))

    # -- differentials -----------------------------------------------------------------------------

    def _differential(self, t: Fn) -> Ratio:
        """d is linear, d(ab) = a db + b da, d(aᵉ) = e aᵉ⁻¹ da, d ln a = da/a, d exp p = exp p dp."""
        p = self.poly(t.args[0])
        one = p.single
        if one and one[1] == 1 and len(one[0].factors) == 1 and not one[0].power.terms:
            a, e = one[0].factors[0]
            if e == 1:
                if isinstance(a, Fn) and a.name == "ln":
                    return self.ratio(Mul((Fn("d", (a.args[0],)), Pow(a.args[0], Num(Fraction(-1))))))
                if isinstance(a, Sum):
                    return self.ratio(Sum(a.index, a.low, a.high, Fn("d", (a.body,))))
                held = Fn("d", (a,))
                changed = self.context.rewrite(held)
                if changed != held:
                    self.steps["a law taken as a premise"] = None
                    return self.ratio(changed)
                return Ratio(CONST_ZERO if a == Sym("pi") or isinstance(a, Num) else generator(held))
        self.steps["product rule"] = None
        total = Ratio(CONST_ZERO)
        for m, c in p.terms.items():
            for k, (a, e) in enumerate(m.factors):
                others = m.factors[:k] + m.factors[k + 1 :] + (((a, e - 1),) if e != 1 else ())
                total = total + Ratio(Poly({Mono(others, m.power): c * e})) * self.ratio(Fn("d", (a,)))
            if m.power.terms:
                total = total + Ratio(Poly({m: c})) * self.ratio(Fn("d", (to_term(m.power),)))
        return total

    def _partial(self, t: Fn) -> Ratio:
        """(∂U/∂S) at fixed V, N is the coefficient of dS in dU.

        dU = a dS + b dV + …    V, … fixed
        ----------------------------------
        (∂U/∂S)_{V,…} = a
        """
        of, by, *fixed = t.args
        form = self.ratio(Fn("d", (of,))).num
        target = Fn("d", (by,))
        held = {f.name for f in fixed if isinstance(f, (Sym, Elem))}
        coefficient = CONST_ZERO
        for m, c in form.terms.items():
            differentials = [x for a, _ in m.factors for x in walk(a) if isinstance(x, Fn) and x.name == "d"]
            if len(differentials) != 1:
                return Ratio(generator(self._canonical_parts(t)))
            inner = differentials[0].args[0]
            if differentials[0] == target and (target, Fraction(1)) in m.factors:
                coefficient = coefficient + Poly({Mono(f for f in m.factors if f[0] != target): c})
            elif not (isinstance(inner, (Sym, Elem)) and inner.name in held):
                return Ratio(generator(self._canonical_parts(t)))
        self.steps["partial derivative read from a differential form"] = None
        return Ratio(coefficient)


def _is_size(factor: tuple[Term, Fraction]) -> bool:
    """The number of elements of a set: at least 0."""
    return isinstance(factor[0], App) and factor[0].name == "size" and factor[1] == 1


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


def _level(t: Term) -> int:
    """Highest number among the canonical bound names in `t` (−1: none)."""
    top = -1
    for x in walk(t):
        for name in bound_in(x):
            if name.startswith("_"):
                top = max(top, int(name[1:]))
    return top
