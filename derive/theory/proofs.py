"""What the kernel says about a derived formula. A refusal is no error: the formula then rests on numbers."""

from __future__ import annotations

from derive.kernel.context import Context
from derive.kernel.normal import Normal
from derive.kernel.poly import Refusal
from derive.kernel.theorem import Statement, Theorem, asymptotic, equality
from derive.rules.antiderivative import antiderivative
from derive.rules.normal_equations import stationary_point
from derive.term import Term


def theorem(
    left: Term, relation: str, right: Term, context: Context, variable: str | None = None, integrate: bool = False
) -> Theorem | None:
    """The kernel's theorem, or None where it refuses (or where something is left to be assumed)."""
    normal = Normal(context, stationary_point, antiderivative if integrate else None)
    s = Statement(left, relation, right, context, variable)
    try:
        found = equality(s, normal) if relation == "=" else asymptotic(s, normal)
    except Refusal:
        return None
    return found if isinstance(found, Theorem) and not found.needs else None


def equal(left: Term, right: Term, context: Context) -> bool:
    return theorem(left, "=", right, context) is not None
