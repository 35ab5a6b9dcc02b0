"""Leading behaviour as one variable goes to infinity: comparison of growth scales.

A scale is a positive function exp(Σ c · v^a (ln v)^b (ln ln v)^d), stored as its logarithm; v itself is
exp(1 · ln v). Two scales compare by the largest term of the difference of their logarithms, so quotients such as
σ² / ln σ are settled exactly, where numbers would have to be followed out to σ = 10^(10^6).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from derive.kernel.bounded import far_mean, plateau
from derive.kernel.box import softplus_over_box
from derive.kernel.context import NONNEGATIVE, POSITIVE
from derive.kernel.exponentials import unlogged
from derive.kernel.normal import Normal
from derive.kernel.poly import (
    CONST_ONE,
    CONST_ZERO,
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
from derive.kernel.scaling import box_mean, error_function_lead
from derive.kernel.termwise import termwise
from derive.term import (
    INF,
    MINUS_INF,
    ONE,
    PI,
    TWO,
    Add,
    Fn,
    Int,
    Num,
    Over,
    Pow,
    Sum,
    Sym,
    Term,
    exp,
    free,
    ln,
    neg,
    substitute,
    walk,
)

Basis = tuple[Fraction, Fraction, Fraction]
LN: Basis = (Fraction(0), Fraction(1), Fraction(0))
LNLN: Basis = (Fraction(0), Fraction(0), Fraction(1))


class Scale(dict[Basis, Poly]):
    """Logarithm of a growth scale; coefficients are free of the variable."""

    def plus(self, other: Scale, k: Fraction = Fraction(1)) -> Scale:
        out = Scale(self)
        for b, c in other.items():
            total = out.get(b, CONST_ZERO) + c.scale(k)
            if total:
                out[b] = total
            else:
                out.pop(b, None)
        return out


@dataclass(frozen=True)
class Lead:
    """value = scale · (coefficient + o(1)); `exact` when there is no o(1). The coefficient may vanish."""

    scale: Scale
    coefficient: Ratio
    exact: bool


@dataclass(frozen=True)
class Limit:
    """Limit of a quotient: "zero", "infinite", or "finite" with its value."""

    kind: str
    value: Ratio | None = None


class Growth:
    """Leading terms in `variable` → ∞ under the assumptions of `normal`."""

    def __init__(self, normal: Normal, variable: str) -> None:
        self.normal, self.variable = normal, variable

    # -- what is asked -----------------------------------------------------------------------------

    def limit(self, a: Term, b: Term) -> Limit:
        """lim a/b.

        a ~ c s,  b ~ d t     c, d ≠ 0, free of the variable; s and t scales
        -----------------------------------------------------------------------
        a/b → 0, c/d, ∞   as   s ≺ t, s = t, s ≻ t
        """
        over, under = self.normal.ratio(a), self.normal.ratio(b)
        try:
            return self._compared(*(self._quotient_lead(r) for r in (over, under)))
        except Refusal:  # what cancels between the two may be what can't be followed
            quotient = over * under.inverse()
        try:
            return self.limit_of(quotient)
        except Refusal:
            found = termwise(quotient, self)
            if found is None:
                raise
            return found

    def limit_of(self, quotient: Ratio) -> Limit:
        """The limit of a quotient by the leading terms above and below (see `limit`)."""
        return self._compared(self.lead(quotient.num), self.lead(quotient.den))

    def _compared(self, top: Lead, bottom: Lead) -> Limit:
        for x in (top, bottom):
            if self._sign(x.coefficient) == 0:
                raise Refusal("the leading coefficient may vanish")
        order = self.compare(top.scale.plus(bottom.scale, Fraction(-1)))
        if order > 0:
            return Limit("infinite")
        if order < 0:
            return Limit("zero")
        return Limit("finite", top.coefficient * bottom.coefficient.inverse())

    def _quotient_lead(self, r: Ratio) -> Lead:
        """The leading term of numerator over denominator, remembered: one side is compared with many."""
        known: dict[tuple[str, str, str], Lead] = self.normal.__dict__.setdefault("_leads", {})
        key = (self.variable, r.num.key, r.den.key)
        if key not in known:
            top, bottom = self.lead(r.num), self.lead(r.den)
            if self._sign(bottom.coefficient) == 0:
                raise Refusal("the leading coefficient may vanish")
            scale = top.scale.plus(bottom.scale, Fraction(-1))
            known[key] = Lead(scale, top.coefficient * bottom.coefficient.inverse(), top.exact and bottom.exact)
        return known[key]

    def eventually(self, t: Term) -> int:
        """Sign of `t` from some point on: 1 or −1, or 0 when it is not settled.

        t ~ c s     c > 0
        ------------------------
        t > 0 from some point on
        """
        r = self.normal.ratio(t)
        if not r.num.terms:
            return 0
        return self._sign(self.lead(r.num).coefficient) * self._sign(self.lead(r.den).coefficient)

    # -- scales ------------------------------------------------------------------------------------

    def compare(self, difference: Scale) -> int:
        """Whether exp(difference) tends to ∞ (1), to 0 (−1) or is 1 (0)."""
        if not difference:
            return 0
        top = max(difference)
        sign = self._sign(Ratio(difference[top]))
        if sign == 0:
            raise Refusal("two growth scales can't be compared: a sign is not known")
        return sign

    def _sign(self, r: Ratio) -> int:
        out = 1
        for p in (r.num, r.den):
            if self.normal.sign(p) == POSITIVE:
                continue
            if self.normal.sign(-p) == POSITIVE:
                out = -out
            else:
                return 0
        return out

    def lead(self, p: Poly) -> Lead:
        """The terms on the largest scale, added up; cancelling terms drop out only if they are exact."""
        p = self._signed(p)
        if not p.terms:
            raise Refusal("the leading term of zero")
        parts = [self._mono(m, c) for m, c in p.terms.items()]
        while parts:
            best = self._largest(parts)
            group = [x for x in parts if x.scale == best.scale]
            rest = [x for x in parts if x.scale != best.scale]
            total = Ratio(CONST_ZERO)
            for x in group:
                total = total + x.coefficient
            if total.num.terms:
                return Lead(best.scale, total, all(x.exact for x in group) and not rest)
            if not all(x.exact for x in group):
                return Lead(best.scale, total, False)  # what is left is small against this scale; no more is known
            parts = rest
        raise Refusal("all leading terms cancel")

    def _signed(self, p: Poly) -> Poly:
        """Absolute values of what has a sign from some point on.

        p ~ c s    c > 0
        -----------------------------
        |p| = p from some point on          (c < 0: |p| = −p)
        """
        out = CONST_ZERO
        for m, c in p.terms.items():
            one = Poly({m: c})
            for a, e in m.factors:
                if isinstance(a, Fn) and a.name == "abs" and self.variable in free(a) and e == 1:
                    inner = self.normal.poly(a.args[0])
                    sign = self._sign(self.lead(inner).coefficient)
                    if sign:
                        rest = Mono([f for f in m.factors if f[0] != a], m.power)
                        one = self._signed(Poly({rest: c * sign}) * inner)
                        break
            out = out + one
        return out

    def _largest(self, parts: list[Lead]) -> Lead:
        """A part on the largest scale; the smaller ones need not be comparable with one another."""
        best = parts[0]
        try:
            for x in parts[1:]:
                if self.compare(x.scale.plus(best.scale, Fraction(-1))) > 0:
                    best = x
            return best
        except Refusal as e:
            why = e
        for best in parts:
            try:
                if all(self.compare(best.scale.plus(x.scale, Fraction(-1))) >= 0 for x in parts):
                    return best
            except Refusal:
                continue
        raise why

    def _mono(self, m: Mono, c: Fraction) -> Lead:
        scale, coefficient, exact = Scale(), Ratio(number(c)), True
        for a, e in m.factors:
            if self.variable not in free(a):  # where it divides, it is not zero
                coefficient = coefficient * Ratio(generator(a, e))
                continue
            x = self._generator(a)
            scale = scale.plus(x.scale, e)
            coefficient = coefficient * self._raise(x.coefficient, e)
            exact = exact and x.exact
        power, sharp = unlogged(m.power, self)
        exact = exact and sharp
        for pm, pc in power.terms.items():
            if self._held_back(m, pm, pc):
                exact = False
                continue
            basis, k, fades = self._exponent(pm)
            if fades:
                exact = False
            elif basis is None:
                coefficient = coefficient * Ratio(exponential(Poly({pm: pc})))
            else:
                scale = scale.plus(Scale({basis: k.scale(pc)}))
        return Lead(scale, coefficient, exact)

    def _held_back(self, m: Mono, power: Mono, c: Fraction) -> bool:
        """Whether exp(−q/g) in g^{1/2} exp(−q/g) does not show, even where the leading coefficient of g vanishes.

        g ≥ 0    q ≥ 0 free of v    s → ∞          (g divides, so it is not 0)
        ---------------------------------------------------------------------------------
        g^{1/2} = s (c + o(1))  ⇒  g^{1/2} exp(−q/g) = s (c + o(1))          (0 ≤ g^{1/2} (1 − exp(−q/g)) ≤ q^{1/2})
        """
        inside = [a for a, e in power.factors if self.variable in free(a) and e == -1]
        rest = Poly({Mono([f for f in power.factors if f[0] not in inside]): c})
        if len(inside) != 1 or power.power.terms or self.variable in free(to_term(rest)):
            return False
        under = self.normal.poly(inside[0])
        for g, e in m.factors:
            if e == Fraction(1, 2) and self.normal.generator_sign(g) in (POSITIVE, NONNEGATIVE):
                root = self.normal.poly(g)
                q = -rest if root == under else rest if root == -under else None
                if q is not None and self.normal.sign(q) in (POSITIVE, NONNEGATIVE):
                    return self.compare(self._generator(g).scale) > 0
        return False

    def _raise(self, r: Ratio, e: Fraction) -> Ratio:
        if e < 0 and self._sign(r) == 0:
            raise Refusal("division by something whose leading coefficient may vanish")
        if e.denominator == 1:
            base = r if e > 0 else r.inverse()
            return Ratio(base.num ** abs(int(e)), base.den ** abs(int(e)))
        return self.normal.ratio(Pow(r.term, Num(e)))

    def _exponent(self, m: Mono) -> tuple[Basis | None, Poly, bool]:
        """A monomial in the argument of exp as (basis, coefficient, whether it tends to 0)."""
        if self.variable not in free(mono_term(m)):
            return None, Poly({m: Fraction(1)}), False
        if m.power.terms and self.variable in free(to_term(m.power)):
            raise Refusal("an exponential inside an exponential")
        a, b = Fraction(0), Fraction(0)
        rest = []
        for g, e in m.factors:
            if g == Sym(self.variable):
                a += e
            elif g == ln(Sym(self.variable)):
                b += e
            elif self.variable in free(g):
                if self.compare(self._mono(m, Fraction(1)).scale) < 0:
                    return None, CONST_ONE, True
                raise Refusal("an exponent that is not a polynomial in the variable and its logarithm")
            else:
                rest.append((g, e))
        coefficient = Poly({Mono(rest, m.power): Fraction(1)})
        if (a, b) < (Fraction(0), Fraction(0)):
            return None, CONST_ONE, True
        return (a, b, Fraction(0)), coefficient, False

    def _generator(self, g: Term) -> Lead:
        v = Sym(self.variable)
        if self.variable not in free(g):
            return Lead(Scale(), Ratio(generator(g)), True)
        if g == v:
            return Lead(Scale({LN: CONST_ONE}), Ratio(CONST_ONE), True)
        if g == ln(v):
            return Lead(Scale({LNLN: CONST_ONE}), Ratio(CONST_ONE), True)
        if isinstance(g, Fn) and g.name == "ln":
            return self._logarithm(g)
        if isinstance(g, Add):
            x = self.lead(self.normal.poly(g))
            return Lead(x.scale, x.coefficient, x.exact)
        if isinstance(g, Pow) and isinstance(g.exponent, Num):
            x = self.lead(self.normal.poly(g.base))
            return Lead(Scale().plus(x.scale, g.exponent.value), self._raise(x.coefficient, g.exponent.value), x.exact)
        if isinstance(g, Fn) and g.name == "abs":
            x = self.lead(self.normal.poly(g.args[0]))
            return Lead(x.scale, self.normal.ratio(Fn("abs", (x.coefficient.term,))), x.exact)
        if isinstance(g, Sum):
            return self._total(g)
        if isinstance(g, Fn) and g.name == "erf":
            return error_function_lead(g, self)
        if isinstance(g, Int):
            return self._bounded_mean(g) or box_mean(g, self) or softplus_over_box(g, self) or self._softplus_mean(g)
        raise Refusal("the growth of a part is not known")

    def _logarithm(self, g: Fn) -> Lead:
        """The logarithm of a leading term.

        P ~ c s,  c > 0      s → 0 or ∞
        -------------------------------       (s = 1: ln P → ln c)
        ln P ~ ln s
        """
        x = self.lead(self.normal.poly(g.args[0]))
        if self._sign(x.coefficient) != 1:
            raise Refusal("the logarithm of something that may not be positive")
        if not x.scale:
            value = self.normal.ratio(ln(x.coefficient.term))
            return Lead(Scale(), value, x.exact)
        (a, b, d), coefficient = max(x.scale), x.scale[max(x.scale)]
        scale = Scale({k: number(q) for k, q in ((LN, a), (LNLN, b)) if q})
        if d:
            raise Refusal("a logarithm iterated three times")
        return Lead(scale, Ratio(coefficient), False)

    def _total(self, g: Sum) -> Lead:
        """A finite sum of terms on one scale, or on scales that rise or fall with the index.

        f(j) = s (c(j) + o(1))  for every j, s free of j     K free of the variable
        ----------------------------------------------------------------------------
        Σ_{j=1}^{K} f(j) = s (Σ c(j) + o(1))

        f(j) = s(j) (c(j) + o(1))    s(j+1)/s(j) = q free of j, q → 0 (∞)    K ≥ 1 free of the variable
        ----------------------------------------------------------------------------------------------
        Σ_{j=1}^{K} f(j) = s(1) (c(1) + o(1))       (s(K) (c(K) + o(1)))

        v whole
        ---------------------------------------------
        Σ_{j=1}^{v} 1/j = ln v + γ + o(1) ~ ln v
        """
        if g.high == Sym(self.variable) and self.normal.equal(g.body, ONE / Sym(g.index)):
            return Lead(Scale({LNLN: CONST_ONE}), Ratio(CONST_ONE), False)
        x = self.lead(self.normal.poly(g.body))
        if self.variable in free(g.high):
            raise Refusal("a sum with more and more terms")
        if g.index in {n for c in x.scale.values() for n in free(to_term(c))}:
            return self._steepest(g, x)
        if not x.exact and (
            x.coefficient.den != CONST_ONE or self.normal.sign(x.coefficient.num) not in (POSITIVE, NONNEGATIVE)
        ):
            raise Refusal("terms of unknown sign might cancel in a sum")
        total = self.normal.ratio(Sum(g.index, g.low, g.high, x.coefficient.term))
        return Lead(x.scale, total, x.exact)

    def _steepest(self, g: Sum, x: Lead) -> Lead:
        """The end of a sum whose terms lie on scales that rise or fall with its index (see `_total`)."""
        j = Sym(g.index)

        def scale_at(index: Term) -> Scale:
            moved = {b: self.normal.poly(substitute(to_term(c), {j: index})) for b, c in x.scale.items()}
            return Scale({b: c for b, c in moved.items() if c})

        quotient = scale_at(j + 1).plus(x.scale, Fraction(-1))
        if g.index in {n for c in quotient.values() for n in free(to_term(c))}:
            raise Refusal("the terms of a sum grow at different rates")
        if self.normal.least(self.normal.poly(g.high - g.low)) < 0:
            raise Refusal("a sum that may be empty")
        end = g.low if self.compare(quotient) < 0 else g.high
        return Lead(scale_at(end), self.normal.ratio(substitute(x.coefficient.term, {j: end})), False)

    def _bounded_mean(self, g: Int) -> Lead | None:
        """The mean of a bounded function of s t, as s → ∞: see `far_mean` and `plateau`."""
        t, low, high = g.over[0].var, g.over[0].low, g.over[0].high
        if len(g.over) != 1 or not isinstance(t, Sym):
            return None
        if (low, high) != (MINUS_INF, INF):
            slopes = plateau(g.body, t, self.variable, self.normal) if self._fixed(low, high) else None
            leads = [self.lead(self.normal.poly(s)) for s in slopes or ()]
            if not leads or any(self.compare(x.scale) <= 0 or not self._sign(x.coefficient) for x in leads):
                return None
            self.normal.steps["a bounded function far out under the integral"] = None
            return Lead(Scale(), self.normal.ratio(high - low), False)
        found = far_mean(g.body, t, self.normal)
        if found is None:
            return None
        leads = [self.lead(self.normal.poly(s)) for s in found[1]]
        signs = {self._sign(x.coefficient) for x in leads}
        if any(self.compare(x.scale) <= 0 for x in leads) or signs not in ({1}, {-1}):
            raise Refusal("a slope that does not go to infinity")
        self.normal.steps["a bounded function far out under the mean"] = None
        return Lead(Scale(), Ratio(number(found[0])), False)

    def _fixed(self, *ends: Term) -> bool:
        """Finite, and free of the variable."""
        return not {self.variable, "oo"} & frozenset().union(*map(free, ends))

    def _softplus_mean(self, g: Int) -> Lead:
        """max(0, z) ≤ ln(1 + e^z) ≤ max(0, z) + ln 2, ⟨max(0, s t)⟩ = |s|/√(2π); a shift moves it by |b| at most.

        s → ∞ or s → −∞     b free of the variable
        ------------------------------------------
        ∫ ln(1 + e^{s t + b}) φ(t) dt ~ |s|/√(2π)
        """
        t = g.over[0].var
        if len(g.over) != 1 or not isinstance(t, Sym):
            raise Refusal("the growth of an integral is not known")
        for s, b in self._slopes(g.body, t):
            density = exp(neg(t**2) / 2) / Pow(TWO * PI, Num(Fraction(1, 2)))
            model = Int((Over(t, MINUS_INF, INF),), ln(ONE + exp(s * t + b)) * density)
            if self.normal.equal(model, g):
                x = self.lead(self.normal.poly(s))
                if self.compare(x.scale) > 0:
                    value = self.normal.ratio(Fn("abs", (x.coefficient.term,)))
                    root = self.normal.ratio(Pow(TWO * PI, Num(Fraction(-1, 2))))
                    self.normal.steps["softplus bounded by its corner"] = None
                    return Lead(x.scale, value * root, False)
        raise Refusal("the growth of an integral is not known")

    def _slopes(self, body: Term, t: Sym) -> list[tuple[Term, Term]]:
        """Slope and shift of the exponents that are affine in t, the shift free of the variable."""
        out: list[tuple[Term, Term]] = []
        for x in walk(body):
            if isinstance(x, Fn) and x.name == "exp":
                p = self.normal.poly(x.args[0])
                rising = {m: c for m, c in p.terms.items() if (t, Fraction(1)) in m.factors}
                slope = Poly({Mono([f for f in m.factors if f[0] != t], m.power): c for m, c in rising.items()})
                shift = Poly({m: c for m, c in p.terms.items() if m not in rising})
                s, b = to_term(slope), to_term(shift)
                if slope.terms and t.name not in free(s) | free(b) and self.variable not in free(b):
                    out.append((s, b))
        return out
