"""Traces of matrix expressions: words in matrices, up to cyclic order."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from derive.kernel.poly import CONST_ONE, CONST_ZERO, Poly, Ratio, Refusal, generator
from derive.term import Add, Elem, Fn, Mul, Num, Pow, Sym, Term, mul, walk

if TYPE_CHECKING:
    from derive.kernel.normal import Normal

Word = tuple[Term, ...]
MINUS_ONE = Num(Fraction(-1))


def trace(t: Fn, normal: Normal) -> Ratio:
    """The trace is linear and cyclic, and a matrix cancels against its inverse beside it.

    a, b numbers                                                A invertible
    -----------------------------     ---------------     -------------------
    tr{aA + bB} = a tr A + b tr B     tr{AB} = tr{BA}     tr{A A⁻¹ B} = tr B
    """
    matrices = set(normal.context.covariances.values())
    total = CONST_ZERO
    for word, c in _words(t.args[0], matrices, normal).items():
        if not word:
            raise Refusal("the trace of a number or of the unit matrix: its size is not known")
        turned = min((word[k:] + word[:k] for k in range(len(word))), key=lambda w: [x.key for x in w])
        total = total + c * generator(Fn("tr", (mul(*turned),)))
    return Ratio(total)


def _words(t: Term, matrices: set[Term], normal: Normal) -> dict[Word, Poly]:
    if t in matrices:
        return {(t,): CONST_ONE}
    if isinstance(t, Pow) and t.base in normal.context.invertible and normal.poly(t.exponent).number == -1:
        return {(Pow(t.base, MINUS_ONE),): CONST_ONE}
    if isinstance(t, Add):
        out: dict[Word, Poly] = {}
        for part in t.terms:
            for w, c in _words(part, matrices, normal).items():
                out[w] = out.get(w, CONST_ZERO) + c
        return {w: c for w, c in out.items() if c}
    if isinstance(t, Mul):
        out = {(): CONST_ONE}
        for factor in t.factors:
            step = _words(factor, matrices, normal)
            out = {_cancel(a + b): c * d for a, c in out.items() for b, d in step.items()}
        return out
    if isinstance(t, (Num, Sym, Elem)) or not _holds_matrix(t, matrices):
        return {(): normal.poly(t)}
    raise Refusal("a matrix expression that is not a sum of products")


def _holds_matrix(t: Term, matrices: set[Term]) -> bool:
    return any(x in matrices for x in walk(t))


def _cancel(word: Word) -> Word:
    out: list[Term] = []
    for x in word:
        if out and (_inverse(out[-1]) == x):
            out.pop()
        else:
            out.append(x)
    return tuple(out)


def _inverse(x: Term) -> Term:
    return x.base if isinstance(x, Pow) else Pow(x, MINUS_ONE)
