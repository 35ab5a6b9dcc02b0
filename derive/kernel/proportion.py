"""Proportionality in named variables, the others held fixed."""

from __future__ import annotations

from typing import Any

from derive.kernel.context import POSITIVE
from derive.kernel.definedness import open_needs
from derive.kernel.normal import Normal
from derive.kernel.poly import Refusal, to_term
from derive.kernel.theorem import _SEAL, Refutation, Statement, Theorem, proving
from derive.term import free


def proportional(s: Statement, variables: tuple[str, ...], normal: Normal) -> Theorem:
    """A quotient free of the variables.

    nf(a/b) = c    c ≠ 0, free of the variables
    -------------------------------------------
    a ∝ b

    Examples
    --------
    >>> from derive.kernel.context import Context
    >>> from derive.term import Sym
    >>> x, c = Sym("x"), Sym("c")
    >>> context = Context(signs={"c": "positive"})
    >>> proportional(Statement(c * x, "∝", x, context), ("x",), Normal(context)).steps[-1]
    'the quotient is free of x'
    """
    if s.relation != "∝" or not variables:
        raise Refusal("this rule proves proportionality in named variables")
    with proving(s, normal):
        quotient = normal.ratio(s.left) * normal.ratio(s.right).inverse()
        for p in (quotient.num, quotient.den):
            if set(variables) & free(to_term(p)):
                raise Refusal("the quotient of the two sides depends on a variable")
            if POSITIVE not in (normal.sign(p), normal.sign(-p)):
                raise Refusal("the quotient of the two sides may vanish")
        needs = tuple(open_needs(s.right, normal, s.left))
        return Theorem(_SEAL, s, (*normal.steps, f"the quotient is free of {', '.join(variables)}"), needs=needs)


def disproportion(s: Statement, first: tuple[Any, Any], second: tuple[Any, Any]) -> Refutation:
    """Enclosures of both sides at two points that differ in the variables only.

    aᵢ ∈ Aᵢ    bᵢ ∈ Bᵢ    A₁B₂ ∩ A₂B₁ = ∅
    ------------------------------------------
    a ∝ b fails: a₁ = c b₁ and a₂ = c b₂ would give a₁b₂ = a₂b₁
    """
    (a1, b1), (a2, b2) = first, second
    left, right = a1 * b2, a2 * b1
    if s.relation != "∝" or not (left.is_finite() and right.is_finite()) or left.overlaps(right):
        raise Refusal("the enclosures do not refute the claim")
    return Refutation(_SEAL, s, ("disjoint enclosures of the cross products at two points",))
