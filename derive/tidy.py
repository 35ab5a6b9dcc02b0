"""A proposed line made fit to be read: numbers multiplied, zeros dropped, a minus sign carried inside a bracket."""

from __future__ import annotations

from fractions import Fraction

from derive.term import ONE, ZERO, Add, Elem, Fn, Mul, Num, Pow, Sum, Sym, Term, add, free, mul, rebuild

MINUS = Num(Fraction(-1))


def tidied(t: Term) -> Term:
    """`t` without the litter that a replacement leaves. Whether it still says the same, the kernel judges.

    Examples
    --------
    >>> from derive.reader.printer import latex
    >>> from derive.term import Sym, neg
    >>> a, b = Sym("a"), Sym("b")
    >>> latex(tidied(neg(neg(a) - b) + a * 2 * ZERO + neg(a) * neg(b)))
    'a+b+a b'
    """
    t = rebuild(t, tidied)
    if isinstance(t, Add):
        terms = [y for x in t.terms for y in (x.terms if isinstance(x, Add) else (x,)) if y != ZERO]
        return add(*terms)
    if isinstance(t, Pow) and t.exponent == ONE:
        return t.base
    if isinstance(t, Mul):
        return _product(t)
    if isinstance(t, Sum):
        return _sum(t)
    if isinstance(t, Fn) and t.name == "abs" and _negative(t.args[0]):
        return Fn("abs", (_product(Mul((MINUS, t.args[0]))),))
    return t


def _sum(t: Sum) -> Term:
    """Factors that don't count out of it; powers stay, such as the 1/n of a mean within."""
    factors = t.body.factors if isinstance(t.body, Mul) else (t.body,)
    inside = [f for f in factors if t.index in free(f) or (isinstance(f, Pow) and isinstance(f.exponent, Num))]
    outside = [f for f in factors if f not in inside]
    if not any(t.index in free(f) for f in inside):
        inside = []
        outside = list(factors)
    if not inside:
        return _product(Mul((t.high, *outside))) if t.low == ONE else t
    whole = Sum(t.index, t.low, t.high, mul(*inside))
    return _product(Mul((*outside, whole))) if outside else whole


def _negative(t: Term) -> bool:
    return isinstance(t, Mul) and isinstance(t.factors[0], Num) and t.factors[0].value < 0


def _product(t: Mul) -> Term:
    number, rest = Fraction(1), list[Term]()
    for x in t.factors:
        for f in x.factors if isinstance(x, Mul) else (x,):
            if isinstance(f, Num):
                number *= f.value
            else:
                rest.append(f)
    if number == 0:
        return ZERO
    rest = _powers(rest)
    if number < 0 and len(rest) == 1:
        inside = turned(rest[0])
        if inside is not None:
            return inside if number == -1 else _product(Mul((Num(-number), inside)))
    return mul(*([] if number == 1 and rest else [Num(number)]), *rest)


def _powers(factors: list[Term]) -> list[Term]:
    """σσ as σ²: plain symbols only, since matrices don't commute."""
    out: list[Term] = []
    for f in factors:
        plain = isinstance(f, (Sym, Elem)) and not f.name.startswith("C_")
        if plain and f in out:
            out[out.index(f)] = Pow(f, Num(Fraction(2)))
        else:
            out.append(f)
    return out


def turned(t: Term) -> Term | None:
    """−t for a sum of terms, where that looks no worse."""
    if isinstance(t, Add):
        return add(*(tidied(Mul((MINUS, x))) for x in t.terms))
    if isinstance(t, Sum) and isinstance(t.body, (Add, Mul)):
        first = t.body.terms[0] if isinstance(t.body, Add) else t.body
        if _negative(first):
            return Sum(t.index, t.low, t.high, tidied(Mul((MINUS, t.body))))
    return None
