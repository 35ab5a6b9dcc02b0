"""Values far beyond any exponent, as sign and logarithm: exp(σ²/2) at σ = 10^(10^6)."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple

import flint
from flint import arb, fmpq

from derive.numeric import integrals
from derive.numeric.compiled import Compiler
from derive.numeric.evaluate import clean
from derive.numeric.exact import exact
from derive.numeric.fields import ArbField, NoNumber, bits, context, size, to_mpf
from derive.numeric.instance import Instance
from derive.numeric.quadrature import Quadrature
from derive.term import Add, Elem, Fn, Int, Mul, Num, Pow, Prod, Sum, Sym, Term

#: Bits of an exact exponent at most: σ = 10^(10^6) squared has seven million.
EXACT_BITS = 2**26
#: Digits carried. Values are balls, so lost ones are seen.
DIGITS = 60


class Log(NamedTuple):
    """sign · e^(whole + part): the whole exact, so that leading exponents of 10^6 digits cancel."""

    sign: int
    whole: fmpq
    part: arb

    def total(self) -> arb:
        return arb(self.whole) + self.part


ZERO = Log(0, fmpq(0), arb(0))


def log_value(t: Term, instance: Instance) -> tuple[int, Any]:
    """Sign of `t` and ln|t|; (0, -inf) for zero.

    Examples
    --------
    >>> from derive.term import Sym, exp
    >>> sign, ln = log_value(exp(Sym("s") ** 2), Instance(scalars={"s": Fraction(10**5000)}))
    >>> sign, ln.context.nstr(ln, 5)
    (1, '1.0e+10000')
    """
    with flint.ctx.workprec(bits(DIGITS)):
        found = clean(partial(Logs(instance).log, t, {}))
        ctx = context(bits(40))
        if not found.sign:
            return 0, ctx.ninf
        return found.sign, to_mpf(sound(found.total()), ctx)


def sound(x: arb) -> arb:
    if not x.is_finite():
        raise NoNumber("a logarithm has no finite value")
    return x


class Logs:
    """Mutual recursion: `log` of terms, and `value` of what stands in exponents."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.compiler = Compiler(instance, ArbField(), Quadrature(25), 25)
        self.compiler.closed = True

    # --- logarithms ---------------------------------------------------------------------------------

    def log(self, t: Term, env: dict[Any, Any]) -> Log:
        match t:
            case Num() | Sym() | Elem():
                return self.of_ball(self.compiler.constant(t, env))
            case Add(terms):
                q = self.rational(t, env)
                if q is not None:
                    return self.of_ball(arb(q))
                return self.added([self.log(u, env) for u in terms])
            case Mul(factors):
                return self.multiplied([self.log(u, env) for u in factors])
            case Pow(base, exponent):
                return self.power(self.log(base, env), exponent, env)
            case Sum(index, low, high, body) | Prod(index, low, high, body):
                first = self.compiler.integer(low, env, "the lower bound of a sum or product")
                last = self.compiler.integer(high, env, "the upper bound of a sum or product")
                if last - first > 10**4:
                    raise NoNumber("a sum or product of more than 10^4 terms")
                logs = [self.log(body, {**env, index: k}) for k in range(first, last + 1)]
                return self.added(logs) if isinstance(t, Sum) else self.multiplied(logs)
            case Fn("exp", (u,)):
                whole, part = self.split(u, env)
                return Log(1, whole, part)
            case Fn("ln", (u,)):
                return self.log_of_log(u, env)
            case Fn("abs", (u,)):
                inner = self.log(u, env)
                return inner._replace(sign=abs(inner.sign))
            case Fn("sqrt", (u,)):
                return self.power(self.log(u, env), Num(Fraction(1, 2)), env)
            case Fn("max" | "min", us):
                return self.extreme([self.log(u, env) for u in us], 1 if t.name == "max" else -1)
            case Int():
                return self.of_ball(integrals.code(t, self.compiler, env).value)
        return self.of_ball(self.compiler.constant(t, env))

    def of_ball(self, x: arb) -> Log:
        if x == 0:
            return ZERO
        if not (x > 0 or x < 0):
            raise NoNumber("a value can't be told from zero")
        return Log(1 if x > 0 else -1, fmpq(0), sound(abs(x).log()))

    def multiplied(self, logs: list[Log]) -> Log:
        sign, whole, part = 1, fmpq(0), arb(0)
        for x in logs:
            sign, whole, part = sign * x.sign, whole + x.whole, part + x.part
        return Log(sign, whole, part) if sign else ZERO

    def power(self, base: Log, exponent: Term, env: dict[Any, Any]) -> Log:
        n = exact(exponent, self.instance, env)
        if n == 0:
            return Log(1, fmpq(0), arb(0))
        if not base.sign:
            if n is None or n < 0:
                raise NoNumber("division by zero")
            return ZERO
        if base.sign < 0 and (n is None or n.denominator != 1):
            raise NoNumber("a negative number to a power that isn't an integer")
        if n is None:
            if base.whole == 0:
                return Log(1, fmpq(0), self.value(exponent, env) * base.part)
            return Log(1, fmpq(0), self.value(exponent, env) * base.total())
        q = fmpq(n.numerator, n.denominator)
        return Log(base.sign if n.numerator % 2 else 1, base.whole * q, base.part * arb(q))

    def added(self, logs: list[Log]) -> Log:
        """Signed log-sum-exp, relative to the largest."""
        logs = [x for x in logs if x.sign]
        if not logs:
            return ZERO
        top = logs[0]
        for x in logs[1:]:
            if self.gap(x, top) > 0:
                top = x
        total = arb(0)
        for x in logs:
            total += x.sign * _small_exp(self.gap(x, top))
        if not (total > 0 or total < 0):
            raise NoNumber("a sum cancels beyond the digits carried")
        return Log(1 if total > 0 else -1, top.whole, top.part + abs(total).log())

    def gap(self, a: Log, b: Log) -> arb:
        return sound(arb(a.whole - b.whole) + (a.part - b.part))

    def extreme(self, logs: list[Log], side: int) -> Log:
        def above(a: Log, b: Log) -> bool:
            if a.sign != b.sign:
                return a.sign > b.sign
            return bool(a.sign and a.sign * self.gap(a, b) > 0)

        best = logs[0]
        for x in logs[1:]:
            if above(x, best) == (side > 0):
                best = x
        return best

    def log_of_log(self, u: Term, env: dict[Any, Any]) -> Log:
        """ln|ln u|; of 1 + tiny it is ln(tiny)."""
        if isinstance(u, Add):
            logs = [x for x in (self.log(v, env) for v in u.terms) if x.sign]
            ones = [x for x in logs if x.sign > 0 and x.whole == 0 and x.part == 0]
            rest = self.added([x for x in logs if x not in ones[:1]]) if ones else ZERO
            if rest.sign and rest.total() < -bits(DIGITS):
                return rest
        x = self.log(u, env)
        if x.sign <= 0:
            raise NoNumber("ln of a number that isn't positive")
        return self.of_ball(x.total())

    # --- what stands in exponents -------------------------------------------------------------------

    def split(self, t: Term, env: dict[Any, Any]) -> tuple[fmpq, arb]:
        """Value of `t` as an exact part and a ball."""
        whole, part = fmpq(0), arb(0)
        for u in t.terms if isinstance(t, Add) else (t,):
            q = self.rational(u, env)
            if q is None:
                part += self.value(u, env)
            else:
                whole += q
        return whole, part

    def value(self, t: Term, env: dict[Any, Any]) -> arb:
        if isinstance(t, Fn) and t.name == "ln":
            x = self.log(t.args[0], env)
            if x.sign <= 0:
                raise NoNumber("ln of a number that isn't positive")
            return x.total()
        q = self.rational(t, env)
        if q is not None:
            return arb(q)
        if isinstance(t, Add):
            total = arb(0)
            for u in t.terms:
                total += self.value(u, env)
            return total
        x = self.log(t, env)
        return x.sign * _small_exp(x.total())

    def rational(self, t: Term, env: dict[Any, Any]) -> fmpq | None:
        """Exact value, of any practical length; None where there is none."""
        small = exact(t, self.instance, env)
        if small is not None:
            return fmpq(small.numerator, small.denominator)
        parts: list[fmpq | None]
        match t:
            case Sym(name) if name not in env and name in self.instance.scalars:
                big = self.instance.scalars[name]
                return fmpq(big.numerator, big.denominator)
            case Add(us) | Mul(us):
                parts = [self.rational(u, env) for u in us]
            case Pow(base, exponent):
                n, b = exact(exponent, self.instance, env), self.rational(base, env)
                if b is None or n is None or n.denominator != 1 or abs(n) > 64 or (b == 0 and n < 0):
                    return None
                if (b.p.bit_length() + b.q.bit_length()) * abs(int(n)) > EXACT_BITS:
                    return None
                return b ** int(n)
            case _:
                return None
        total = fmpq(0) if isinstance(t, Add) else fmpq(1)
        for q in parts:
            if q is None or total.p.bit_length() + q.p.bit_length() > EXACT_BITS:
                return None
            total = total + q if isinstance(t, Add) else total * q
        return total


def _small_exp(x: arb) -> arb:
    """e^x where the result may be too small to matter, never too large to hold."""
    if size(x) > 64 and x > 0:
        raise NoNumber("exp of a number beyond 2^64 where a value is needed")
    return x.exp()
