"""Induction on a whole number."""

from __future__ import annotations

from derive.kernel.definedness import open_needs
from derive.kernel.normal import Normal
from derive.kernel.poly import Refusal
from derive.kernel.theorem import _SEAL, Statement, Theorem, proving
from derive.term import Sym, free, substitute, term


def induction(s: Statement, name: str, normal: Normal) -> Theorem:
    """An equality for every value of a whole number, from its first value and the step.

    a(k₀) = b(k₀)     a(k+1) − a(k) = b(k+1) − b(k)     no assumption but k ≥ k₀ mentions k
    ----------------------------------------------------------------------------------
    a(k) = b(k) for every k ≥ k₀

    Examples
    --------
    >>> from derive.kernel.context import Context
    >>> from derive.term import ONE, Sum
    >>> K = Sym("K")
    >>> context = Context(least={"K": 1})
    >>> gauss = Statement(Sum("j", ONE, K, Sym("j")), "=", K * (K + 1) / 2, context)
    >>> induction(gauss, "K", Normal(context)).steps[-1]
    'induction on K from 1'
    """
    first = s.context.least.get(name)
    if s.relation != "=" or first is None or name not in free(s.left) | free(s.right):
        raise Refusal(f"no induction on {name}")
    stated = [t for fact in s.context.facts for t in fact]
    if s.context.covariances or any(name in free(t) for t in (*stated, *s.context.positive)):
        raise Refusal(f"an assumption depends on {name}")
    k, zero, difference = Sym(name), term(0), s.left - s.right
    with proving(s, normal):
        if not normal.equal(substitute(difference, {k: term(first)}), zero):
            raise Refusal("the first case fails")
        if not normal.equal(substitute(difference, {k: k + 1}) - difference, zero):
            raise Refusal("the step is not shown")
        needs = tuple(open_needs(s.right, normal, s.left))
        return Theorem(_SEAL, s, (*normal.steps, f"induction on {name} from {first}"), needs=needs)
