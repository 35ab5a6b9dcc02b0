"""Quantities compared through their leading terms, each under assumptions of its own."""

from __future__ import annotations

from dataclasses import fields

from derive.kernel.context import NONNEGATIVE, POSITIVE, REAL, Context
from derive.kernel.poly import Refusal
from derive.kernel.theorem import _SEAL, Statement, Theorem

STRENGTH = (REAL, NONNEGATIVE, POSITIVE)
#: What `together` knows of; a kind of assumption that came later would be lost in it.
JOINED = set("signs least facts wild positive even covariances nonzero recursions".split())
#: Relations of a limit that see nothing of a quantity but its leading term.
OF_LIMITS = ("~", "∝", "≫", "≪")


def together(*contexts: Context) -> Context:
    """The assumptions of several contexts at once.

    Examples
    --------
    >>> a, b = Context(signs={"s": POSITIVE}, least={"K": 2}), Context(signs={"s": NONNEGATIVE}, least={"K": 1})
    >>> together(a, b).signs, together(a, b).least
    ({'s': 'positive'}, {'K': 2})
    """
    if len({c.wild for c in contexts}) > 1:
        raise Refusal("facts of two contexts are read with different wild indices")
    signs: dict[str, str] = {}
    least: dict[str, int] = {}
    covariances = dict(contexts[0].covariances)
    for c in contexts:
        for name, sign in c.signs.items():
            signs[name] = max(signs.get(name, REAL), sign, key=STRENGTH.index)
        for name, value in c.least.items():
            least[name] = max(least.get(name, value), value)
        for pair, matrix in c.covariances.items():
            if covariances.setdefault(pair, matrix) != matrix:
                raise Refusal("one covariance has two names")
    joined = Context(
        signs=signs,
        least=least,
        facts=tuple(dict.fromkeys(f for c in contexts for f in c.facts)),
        wild=contexts[0].wild,
        positive=tuple(dict.fromkeys(t for c in contexts for t in c.positive)),
        even=frozenset().union(*(c.even for c in contexts)),
        covariances=covariances,
        nonzero=frozenset().union(*(c.nonzero for c in contexts)),
        recursions=tuple(dict.fromkeys(r for c in contexts for r in c.recursions)),
    )
    if {f.name for f in fields(Context)} != JOINED:
        raise Refusal("an assumption of a kind that can't be joined")
    return joined


def through(first: Theorem, between: Theorem, second: Theorem) -> Theorem:
    """A relation of two quantities in a limit, from that of their leading terms.

    a ~ c     c R d     b ~ d          R one of ~ ∝ ≫ ≪, one variable
    -----------------------------------------------------------------
    a R b     under the assumptions of all three
    """
    parts = (first, between, second)
    a, r, b = (t.statement for t in parts)
    if not all(isinstance(t, Theorem) and not t.needs for t in parts):
        raise Refusal("a part is no theorem, or holds under conditions only")
    if a.relation != "~" or b.relation != "~" or r.relation not in OF_LIMITS:
        raise Refusal("the parts are not two equivalences and a relation of limits")
    if r.variable is None or {a.variable, b.variable} != {r.variable}:
        raise Refusal("the parts speak of different limits")
    if a.right != r.left or b.right != r.right:
        raise Refusal("the relation is not between the leading terms")
    statement = Statement(a.left, r.relation, b.left, together(*(s.context for s in (a, r, b))), r.variable)
    steps = tuple(dict.fromkeys((*first.steps, *between.steps, *second.steps)))
    return Theorem(_SEAL, statement, (*steps, "the relation of the leading terms"))
