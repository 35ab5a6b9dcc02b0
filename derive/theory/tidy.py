"""A formula in fewer signs: numbers put together, zeros and ones dropped, signs drawn out of even and odd functions.

No more than rewriting for the eye; whether two formulas are equal is for the kernel to say.
"""

from __future__ import annotations

from fractions import Fraction

from derive.kernel.context import Context
from derive.kernel.normal import Normal
from derive.kernel.poly import Refusal
from derive.term import ONE, ZERO, Add, Fn, Int, Mul, Num, Pow, Prod, Sum, Term, add, free, mul, rebuild, walk

EVEN, ODD = ("cos", "cosh", "abs"), ("sin", "sinh", "tanh", "erf", "atan")
DISTINCT = 400  # nodes of a formula that is given to the normal form for shortening


def tidy(t: Term) -> Term:
    r"""The same formula, shorter.

    Examples
    --------
    >>> from derive.term import Sym
    >>> from derive.reader.printer import latex
    >>> latex(tidy(Fn("cos", (-Sym("t") * 1 * 2,)) + 0))
    '\\cos\\left(2 t\\right)'
    """
    t = rebuild(t, lambda c: tidy(c))
    if isinstance(t, Mul):
        return _product(t)
    if isinstance(t, Add):
        return _sum(t)
    if isinstance(t, Pow):
        if t.exponent == ONE:
            return t.base
        if t.base == ONE:
            return ONE
        return _whole_power(t, t.exponent.value) if isinstance(t.exponent, Num) else t
    if isinstance(t, Fn) and len(t.args) == 1 and t.name in (*EVEN, *ODD):
        sign, body = signed(t.args[0])
        if sign < 0:
            return Fn(t.name, (body,)) if t.name in EVEN else tidy(Mul((Num(Fraction(-1)), Fn(t.name, (body,)))))
    if isinstance(t, (Sum, Int)) and t.body == ZERO:
        return ZERO
    if isinstance(t, Sum) and isinstance(t.body, Mul):  # what does not run with the index stands before the sum
        outside = [f for f in t.body.factors if t.index not in free(f)]
        inside = [f for f in t.body.factors if t.index in free(f)]
        if outside and inside:
            return _product(Mul((*outside, tidy(Sum(t.index, t.low, t.high, mul(*inside))))))
    if isinstance(t, Prod) and t.body == ONE:
        return ONE
    return t


def _whole_power(t: Pow, e: Fraction) -> Term:
    if e.denominator != 1:
        return t
    if isinstance(t.base, Num) and t.base.value and abs(e) < 64:
        return Num(t.base.value ** int(e))
    if e % 2 == 0:
        sign, body = signed(t.base)
        return Pow(body, t.exponent) if sign < 0 else t
    if e == -1 and isinstance(t.base, Mul):
        return _product(Mul(tuple(tidy(Pow(f, t.exponent)) for f in t.base.factors)))
    if isinstance(t.base, Pow) and isinstance(t.base.exponent, Num):
        return tidy(Pow(t.base.base, Num(t.base.exponent.value * e)))
    return t


def signed(t: Term) -> tuple[int, Term]:
    """A sign drawn out in front."""
    if isinstance(t, Num) and t.value < 0:
        return -1, Num(-t.value)
    if isinstance(t, Mul) and isinstance(t.factors[0], Num) and t.factors[0].value < 0:
        c, rest = -t.factors[0].value, t.factors[1:]
        return -1, mul(*rest) if c == 1 else mul(Num(c), *rest)
    if isinstance(t, Add) and all(signed(x)[0] < 0 for x in t.terms):
        return -1, add(*(signed(x)[1] for x in t.terms))
    return 1, t


def _flat(t: Term, kind: type) -> list[Term]:
    if isinstance(t, kind):
        return [x for part in (t.factors if isinstance(t, Mul) else t.terms) for x in _flat(part, kind)]  # type: ignore[attr-defined]
    return [t]


def _product(t: Mul) -> Term:
    number, powers = Fraction(1), dict[Term, Fraction]()
    for f in _flat(t, Mul):
        if isinstance(f, Num):
            number *= f.value
            continue
        base, e = (f.base, f.exponent.value) if isinstance(f, Pow) and isinstance(f.exponent, Num) else (f, Fraction(1))
        if isinstance(base, Num) and e.denominator == 1 and base.value:
            number *= base.value ** int(e)
        else:
            powers[base] = powers.get(base, Fraction(0)) + e
    if not number:
        return ZERO
    out: list[Term] = [] if number == 1 else [Num(number)]
    out += [b if e == 1 else Pow(b, Num(e)) for b, e in powers.items() if e]
    return mul(*out)


def _sum(t: Add) -> Term:
    number, counts = Fraction(0), dict[Term, Fraction]()
    for x in _flat(t, Add):
        if isinstance(x, Num):
            number += x.value
            continue
        c, body = Fraction(1), x
        if isinstance(x, Mul) and isinstance(x.factors[0], Num):
            c, body = x.factors[0].value, mul(*x.factors[1:])
        counts[body] = counts.get(body, Fraction(0)) + c
    out = [b if c == 1 else _product(Mul((Num(c), b))) for b, c in counts.items() if c]
    if number:
        out.append(Num(number))
    return add(*out) if out else ZERO


def normalized(t: Term, context: Context) -> Term:
    """The formula in the kernel's normal form where that is shorter; integrals are left as they are."""
    t = tidy(t)
    if isinstance(t, Add) and any(_holds_integral(x) for x in t.terms):
        plain = [x for x in t.terms if not _holds_integral(x)]
        rest = [x for x in t.terms if _holds_integral(x)]
        return tidy(add(*rest, normalized(add(*plain), context))) if plain else t
    if _holds_integral(t) or sum(1 for _ in walk(t)) > DISTINCT:
        return t
    try:
        found = tidy(Normal(context).ratio(t).term)
    except Refusal:
        return t
    return found if sum(1 for _ in walk(found)) <= sum(1 for _ in walk(t)) else t


def _holds_integral(t: Term) -> bool:
    return any(isinstance(x, Int) for x in walk(t))
