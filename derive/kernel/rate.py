"""How a quantity changes with a parameter that moves several symbols at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from derive.kernel.poly import Refusal
from derive.term import ZERO, Add, App, Fn, Int, Mul, Num, Pow, Sym, Term, add, bound_in, free, mul

if TYPE_CHECKING:
    from derive.kernel.normal import Normal


def rate(t: Term, rates: Mapping[str, Term], normal: Normal) -> Term:
    """dt/dλ, where dx/dλ is given for each symbol x that depends on λ.

    open functions f continuously differentiable; f'k is the derivative in the k-th argument
    ----------------------------------------------------------------------------------------
    (a + b)' = a' + b'    (ab)' = a'b + ab'    (aᵉ)' = e aᵉ⁻¹ a'  (e a number)    (exp a)' = a' exp a
    (ln a)' = a'/a        f(a, …)' = Σ_k f'k(a, …) a_k'

    l, h numbers or free of λ, finite
    ---------------------------------
    (∫_l^h f dx)' = ∫_l^h f' dx

    Examples
    --------
    >>> from derive.kernel.context import Context
    >>> from derive.kernel.normal import Normal
    >>> x = Sym("x")
    >>> normal = Normal(Context())
    >>> normal.equal(rate(x * x, {"x": Sym("v")}, normal), x * Sym("v") * 2)
    True
    """
    if not set(rates) & free(t):
        return ZERO
    if isinstance(t, Sym):
        return rates[t.name]
    if isinstance(t, Add):
        return add(*(rate(x, rates, normal) for x in t.terms))
    if isinstance(t, Mul):
        return add(
            *(
                mul(*t.factors[:k], rate(x, rates, normal), *t.factors[k + 1 :])
                for k, x in enumerate(t.factors)
                if set(rates) & free(x)
            )
        )
    if isinstance(t, Pow):
        e = normal.poly(t.exponent).number
        if e is None:
            raise Refusal("the rate of a power with an exponent that is no number")
        return mul(Num(e), Pow(t.base, Num(e - 1)), rate(t.base, rates, normal))
    if isinstance(t, Fn) and t.name == "exp":
        return t * rate(t.args[0], rates, normal)
    if isinstance(t, Fn) and t.name == "ln":
        return rate(t.args[0], rates, normal) / t.args[0]
    if isinstance(t, App):
        inner = [(k, rate(a, rates, normal)) for k, a in enumerate(t.args, 1)]
        return add(*(App(f"{t.name}'{k}", t.args) * r for k, r in inner if r != ZERO))
    if isinstance(t, Int):
        return _under_the_sign(t, rates, normal)
    raise Refusal(f"the rate of {type(t).__name__}")


def _under_the_sign(t: Int, rates: Mapping[str, Term], normal: Normal) -> Term:
    bound = bound_in(t)
    ends = frozenset().union(*(free(o.low) | free(o.high) for o in t.over))
    if any(not isinstance(o.var, Sym) or o.index for o in t.over) or "oo" in ends or ends & set(rates):
        raise Refusal("a domain of integration that is infinite or moves")
    inner = {name: value for name, value in rates.items() if name in free(t.body) - bound}
    if any(bound & free(value) for value in inner.values()):
        raise Refusal("a rate that depends on a variable of the integral")
    return Int(t.over, rate(t.body, inner, normal))
