"""A proposed line made fit to be read: numbers multiplied, zeros dropped, a minus sign carried inside a bracket."""

from __future__ import annotations

from fractions import Fraction

from derive.term import ONE, ZERO, Add, Mul, Num, Pow, Sum, Term, add, mul, rebuild


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
    return t


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
    if number < 0 and len(rest) == 1:
        inside = turned(rest[0])
        if inside is not None:
            return inside if number == -1 else _product(Mul((Num(-number), inside)))
    return mul(*([] if number == 1 and rest else [Num(number)]), *rest)


def turned(t: Term) -> Term | None:
    """−t for a sum of terms, where that looks no worse."""
    if isinstance(t, Add):
        return add(*(tidied(Mul((Num(Fraction(-1)), x))) for x in t.terms))
    if isinstance(t, Sum) and isinstance(t.body, (Add, Mul)):
        first = t.body.terms[0] if isinstance(t.body, Add) else t.body
        if isinstance(first, Mul) and isinstance(first.factors[0], Num) and first.factors[0].value < 0:
            return Sum(t.index, t.low, t.high, tidied(Mul((Num(Fraction(-1)), t.body))))
    return None
