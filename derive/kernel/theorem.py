"""Theorems: the only place that can make one. Every rule's docstring is its inference figure.

A `Theorem` says that a statement holds for all values inside its context; a `Refutation` says that it fails. Nothing
outside this package can construct either. The engine's proposers (repairs, stationary points, constants, paths) hand
in terms; these rules check them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from derive.kernel.context import NONNEGATIVE, POSITIVE, Context
from derive.kernel.definedness import Need, open_needs
from derive.kernel.growth import Growth, Limit
from derive.kernel.normal import Normal
from derive.kernel.poly import CONST_ONE, Ratio, Refusal
from derive.term import Term, free, ln, substitute

_SEAL = object()


@dataclass(frozen=True)
class Statement:
    """left relation right, for all values in `context`; with `variable` it speaks of the limit variable → ∞."""

    left: Term
    relation: str
    right: Term
    context: Context
    variable: str | None = None


class _Sealed:
    def __init__(self, seal: object, statement: Statement, steps: tuple[str, ...], **more: Any) -> None:
        if seal is not _SEAL:
            raise TypeError("only the rules of derive.kernel.theorem make theorems and refutations")
        self.statement, self.steps = statement, steps
        self.__dict__.update(more)


class Theorem(_Sealed):
    """`statement` holds wherever `needs` are met. `steps` names the rules used."""

    needs: tuple[Need, ...] = ()


class Refutation(_Sealed):
    """`statement` fails: at a point (two disjoint enclosures), or by the limit of the quotient."""

    limit: Limit | None = None


def equality(s: Statement, normal: Normal) -> Theorem:
    """Equality by normal form.

    nf(a) = nf(b)
    ------------------------------------------------
    a = b    wherever the open needs of b are met
    """
    if s.relation != "=":
        raise Refusal("this rule proves equalities")
    outer, normal.steps = normal.steps, {}
    try:
        if not normal.equal(s.left, s.right):
            raise Refusal("the two sides have different normal forms")
        return Theorem(_SEAL, s, tuple(normal.steps), needs=tuple(open_needs(s.right, normal, s.left)))
    finally:
        normal.steps = outer


def existence(s: Statement, constants: dict[Term, Term], fixed: frozenset[str], normal: Normal) -> Theorem:
    """A formula with constants it does not name.

    a = b[c₁ := t₁, …]     every t free of what the claim varies
    -------------------------------------------------------------
    there are constants c₁, … with a = b
    """
    for c, t in constants.items():
        if free(t) & fixed:
            raise Refusal(f"the value found for {c.key} is no constant: it varies with the claim's parameters")
    return equality(Statement(s.left, "=", substitute(s.right, constants), s.context), normal)


def asymptotic(s: Statement, normal: Normal) -> Theorem | Refutation:
    """Relations in a limit, by comparison of growth scales.

    L = lim a/b
    --------------------------------------------------------------------------------------------
    a ~ b, a ≈ b: L = 1    a ∝ b: L finite, ≠ 0    a ≳ b: L ≥ 1 or ∞    a ≫ b: L = ∞    a ≪ b: L = 0
    """
    if s.variable is None:
        raise Refusal("no regime")
    outer, normal.steps = normal.steps, {}
    try:
        limit = Growth(normal, s.variable).limit(s.left, s.right)
        holds = _limit_holds(s.relation, limit, s.variable, normal)
        steps = (*normal.steps, "comparison of growth scales")
        return Theorem(_SEAL, s, steps) if holds else Refutation(_SEAL, s, steps, limit=limit)
    finally:
        normal.steps = outer


def _limit_holds(relation: str, limit: Limit, variable: str, normal: Normal) -> bool:
    value = limit.value
    if value is not None and variable in free(value.term):
        raise Refusal("the limit still depends on the variable")
    if relation in ("~", "≈", "="):
        if value is None:
            return False
        if value.same(Ratio(CONST_ONE)):
            return True
        difference = value - Ratio(CONST_ONE)
        if not _nonzero(difference, normal):
            raise Refusal("the limit of the quotient is not known to differ from 1")
        return False
    if relation == "∝":
        return value is not None
    if relation in ("≳", "≲"):
        up = relation == "≳"
        if value is None:
            return (limit.kind == "infinite") == up
        excess = value - Ratio(CONST_ONE)
        if not up:
            excess = -excess
        if not excess.num.terms or normal.sign(excess.num * excess.den) in (POSITIVE, NONNEGATIVE):
            return True
        if normal.sign(-(excess.num * excess.den)) == POSITIVE:
            return False
        raise Refusal("the limit of the quotient is not comparable with 1")
    if relation in ("≫", "≪"):
        return limit.kind == ("infinite" if relation == "≫" else "zero")
    raise Refusal(f"no rule for {relation} in a limit")


def _nonzero(r: Ratio, normal: Normal) -> bool:
    number = r.num.number
    if number is not None:
        return number != 0
    if normal.sign(r.num) == POSITIVE or normal.sign(-r.num) == POSITIVE:
        return True
    return False


def order(s: Statement, normal: Normal) -> Theorem:
    """Order, by the sign of the difference or of the difference of logarithms.

    nf(a − b) > 0   or   a, b > 0 and nf(ln a − ln b) > 0
    ------------------------------------------------------
    a > b      (likewise ≥; in a regime: from some point on)
    """
    strict = s.relation in (">", "<")
    left, right = (s.left, s.right) if s.relation in (">", "≥") else (s.right, s.left)
    if s.relation not in (">", "<", "≥", "≤"):
        raise Refusal("this rule proves inequalities")
    outer, normal.steps = normal.steps, {}
    try:
        wanted = (POSITIVE,) if strict else (POSITIVE, NONNEGATIVE)
        difference = normal.ratio(left - right)
        if normal.sign(difference.num) in wanted and normal.sign(difference.den) == POSITIVE:
            return Theorem(_SEAL, s, (*normal.steps, "sign of the difference"))
        if not strict and not difference.num.terms:
            return Theorem(_SEAL, s, tuple(normal.steps))
        a, b = normal.ratio(left), normal.ratio(right)
        if all(normal.sign(p) == POSITIVE for p in (a.num, a.den, b.num, b.den)):
            logs = normal.poly(ln(left) - ln(right))
            if normal.sign(logs) in wanted:
                return Theorem(_SEAL, s, (*normal.steps, "sign of the difference of logarithms"))
        if s.variable is not None and Growth(normal, s.variable).eventually(left - right) > 0:
            return Theorem(_SEAL, s, (*normal.steps, "sign of the leading term: from some point on"))
        raise Refusal("the sign of the difference is not known")
    finally:
        normal.steps = outer


def disorder(s: Statement, normal: Normal) -> Refutation:
    """The leading term of the difference has the wrong sign.

    a − b ~ c · scale,  c < 0
    -------------------------------------
    a > b fails from some point on
    """
    left, right = (s.left, s.right) if s.relation in (">", "≥") else (s.right, s.left)
    if s.variable is None or Growth(normal, s.variable).eventually(left - right) >= 0:
        raise Refusal("the sign of the difference is not known")
    limit = None
    try:
        limit = Growth(normal, s.variable).limit(s.left, s.right)
    except Refusal:
        limit = Limit("difference of the wrong sign")
    return Refutation(_SEAL, s, ("sign of the leading term: from some point on",), limit=limit)


def monotone(s: Statement, parameter: str, boundary: Term, normal: Normal) -> Theorem:
    """A lower bound over a range, from its boundary.

    ∂(a/b)/∂p > 0 from some p on (b free of p)     a ≳ b along p = boundary
    -----------------------------------------------------------------------
    a ≳ b for every path with p ≥ boundary, p → ∞
    """
    if s.relation not in ("≳", ">", "≥") or parameter in free(s.right) or s.variable is None:
        raise Refusal("this rule bounds a growing left side from below")
    from derive.kernel.minimum import derivative
    from derive.kernel.poly import to_term
    from derive.term import Sym

    p = Sym(parameter)
    r = normal.ratio(s.left)
    logs = ln(p)
    slope_num = _slope(r.num, p, logs, derivative, normal)
    slope_den = _slope(r.den, p, logs, derivative, normal)
    whole = to_term(slope_num * r.den - r.num * slope_den)
    if Growth(normal, parameter).eventually(whole) <= 0:
        raise Refusal("the left side is not known to grow")
    at = Statement(substitute(s.left, {p: boundary}), s.relation, s.right, s.context, s.variable)
    inner = asymptotic(at, normal) if s.relation == "≳" else order(at, normal)
    if not isinstance(inner, Theorem):
        raise Refusal("the bound fails at the boundary")
    return Theorem(_SEAL, s, (*inner.steps, "growth in the bounded parameter"))


def _slope(p: Any, v: Term, logs: Term, derivative: Callable[..., Any], normal: Normal) -> Any:
    from derive.kernel.poly import generator

    for m in p.terms:
        if m.power.terms and any(v.key in a.key for pm in m.power.terms for a, _ in pm.factors):
            raise Refusal("an exponential of the bounded parameter")
        if any(a not in (v, logs) and v.key in a.key for a, _ in m.factors):
            raise Refusal("the bounded parameter stands inside another function")
    return derivative(p, v) + derivative(p, logs) * generator(v, -1)


def apart(s: Statement, left: Any, right: Any) -> Refutation:
    """Two enclosures of the sides, at one point inside the context.

    a ∈ A    b ∈ B    A ∩ B = ∅          (for a > b: A ≤ B)
    --------------------------------------------------------
    a = b fails
    """
    finite = left.is_finite() and right.is_finite()
    wrong = {
        "=": lambda: not left.overlaps(right),
        ">": lambda: left <= right,
        "<": lambda: left >= right,
        "≥": lambda: left < right,
        "≤": lambda: left > right,
    }.get(s.relation)
    if not finite or wrong is None or not wrong():
        raise Refusal("the enclosures do not refute the claim")
    return Refutation(_SEAL, s, ("disjoint enclosures at a point",))
