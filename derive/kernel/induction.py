"""Induction on a whole number."""

from __future__ import annotations

from dataclasses import replace

from derive.kernel.context import Context, Recursion
from derive.kernel.definedness import open_needs
from derive.kernel.normal import Normal
from derive.kernel.poly import Ratio, Refusal
from derive.kernel.theorem import _SEAL, Statement, Theorem, proving
from derive.term import Elem, Sym, Term, bound_in, free, substitute, term, walk


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


def solution(r: Recursion, context: Context) -> Theorem:
    """The closed form of a recursion.

    c(k₀) = m(k₀)     step(k, c(k)) = c(k+1) for k ≥ k₀, all defined     nothing else is assumed of k
    -------------------------------------------------------------------------------------------------
    m(k) = c(k) for every k ≥ k₀

    The theorem speaks of the family that the recursion defines; its context is the one given, with k ≥ k₀ added.
    """
    k = r.element.index[0]
    inner = replace(context, recursions=())
    names = [x.name for x in r.element.index if isinstance(x, Sym)]
    if not isinstance(k, Sym) or len(set(names)) < len(r.element.index) or inner.assumes(k.name):
        raise Refusal("the running index of a recursion is no plain letter, or something is assumed of it")
    if any(isinstance(x, Elem) and x.name == r.element.name and x != r.element for x in walk(r.step)):
        raise Refusal("a recursion that looks back by more than one step")
    if any(set(names) & bound_in(x) for x in walk(r.step)):
        raise Refusal("a recursion whose step binds its own letters")
    if r.element.name in free(r.value) | free(r.closed):
        raise Refusal("a closed form that holds the family itself")
    inner = replace(inner, least={**inner.least, k.name: r.first})
    normal = Normal(inner)
    statement = Statement(r.element, "=", r.closed, inner)
    with proving(statement, normal):
        if not normal.equal(substitute(r.closed, {k: term(r.first)}), r.value):
            raise Refusal("the first case fails")
        step = substitute(r.step, {r.element: r.closed})
        if not normal.equal(step, substitute(r.closed, {k: k + 1})):
            raise Refusal("the step is not shown")
        for t in (r.closed, step, r.value):
            if open_needs(t, normal):
                raise Refusal("a recursion that may be undefined")
        return Theorem(_SEAL, statement, (*normal.steps, f"closed form of a recursion by induction on {k.name}"))


def unfolded(t: Elem, normal: Normal) -> Ratio | None:
    """A member of a recursion by its closed form; None where the family is no recursion."""
    r = next((r for r in normal.context.recursions if r.element.name == t.name), None)
    if r is None:
        return None
    solved: dict[str, Theorem] = normal.__dict__.setdefault("_solved", {})
    if t.name not in solved:
        solved[t.name] = solution(r, normal.context)
    if len(t.index) != len(r.element.index) or normal.least(normal.poly(t.index[0]) - normal.poly(term(r.first))) < 0:
        raise Refusal("a member before the first of a recursion")
    normal.steps["closed form of a recursion by induction"] = None
    table: dict[Term, Term] = dict(zip(r.element.index, t.index, strict=True))
    return normal.ratio(substitute(r.closed, table))
