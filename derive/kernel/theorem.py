"""Theorems: the only place that can make one. Every rule's docstring is its inference figure.

A `Theorem` says that a statement holds for all values inside its context; a `Refutation` says that it fails. Nothing
outside this package can construct either. The engine's proposers (repairs, stationary points, constants, paths) hand
in terms; these rules check them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from derive.kernel.context import NONNEGATIVE, POSITIVE, Context
from derive.kernel.definedness import RANGE, Need, open_needs
from derive.kernel.grid import Grid, refined
from derive.kernel.growth import Growth, Limit
from derive.kernel.minimum import derivative
from derive.kernel.normal import Normal
from derive.kernel.poly import CONST_ONE, Poly, Ratio, Refusal, generator, to_term
from derive.term import ONE, Sym, Term, free, ln, substitute

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
        self.__dict__.update(statement=statement, steps=steps, **more)

    def __setattr__(self, name: str, value: object) -> None:
        raise TypeError("a theorem says what it said when it was made")


class Theorem(_Sealed):
    """`statement` holds wherever `needs` are met. `steps` names the rules used."""

    statement: Statement
    steps: tuple[str, ...]
    needs: tuple[Need, ...] = ()


class Refutation(_Sealed):
    """`statement` fails: at a point (two disjoint enclosures), or by the limit of the quotient."""

    statement: Statement
    steps: tuple[str, ...]
    limit: Limit | None = None


@contextmanager
def proving(s: Statement, normal: Normal) -> Iterator[None]:
    """A proof under the claim's own assumptions, with steps of its own; what goes wrong in it is a refusal."""
    if normal.context != s.context:
        raise Refusal("the normal form was made under other assumptions than the claim's")
    outer, normal.steps = normal.steps, {}
    try:
        if any("#" in n or (n[:1] == "_" and n[1:].isdigit()) for n in free(s.left) | free(s.right)):
            raise Refusal("a name that the kernel keeps for bound variables")
        yield
    except (RecursionError, ArithmeticError) as e:
        raise Refusal(f"the formula is too deep or has no value ({type(e).__name__})") from None
    finally:
        normal.steps = outer


def equality(s: Statement, normal: Normal) -> Theorem:
    """Equality by normal form.

    nf(a) = nf(b)
    -----------------------------------------------------------------------------
    a = b    wherever a is defined, its ranges are none, and b's open needs are met
    """
    if s.relation != "=":
        raise Refusal("this rule proves equalities")
    with proving(s, normal):
        if not normal.equal(s.left, s.right):
            raise Refusal("the two sides have different normal forms")
        return Theorem(_SEAL, s, tuple(normal.steps), needs=tuple(open_needs(s.right, normal, s.left)))


def refinement(s: Statement, grid: Grid, normal: Normal) -> Theorem:
    """The limit of a sum over the cells of a grid; where both sides run away, that of their difference.

    a → a₀ as the grid is refined (`refined`)     a₀ = b
    ----------------------------------------------------
    a − b → 0
    """
    with proving(s, normal):
        limit = refined(s.left, grid, normal)
        steps = tuple(normal.steps)
    if grid.density and normal.context.sign(grid.density) not in (POSITIVE, NONNEGATIVE):
        raise Refusal("a density that may be negative")
    inner = equality(Statement(limit, "=", s.right, s.context), normal)
    return Theorem(_SEAL, s, tuple(dict.fromkeys((*steps, *inner.steps))), needs=inner.needs)


def _defined(s: Statement, normal: Normal) -> None:
    """Refuse a claim whose right side may have no value where the left one has: in a regime, far out."""
    for n in open_needs(s.right, normal, s.left):
        if s.variable is not None and n.relation != RANGE:
            sign = Growth(normal, s.variable).eventually(n.term)
            if sign > 0 or (sign < 0 and n.relation == "≠ 0"):
                continue
        raise Refusal(f"a side may be undefined: {n.relation} is not known of a part of it")


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
    with proving(s, normal):
        limit = Growth(normal, s.variable).limit(s.left, s.right)
        holds = _limit_holds(s.relation, limit, s.variable, normal)
        _defined(s, normal)
        steps = (*normal.steps, "comparison of growth scales")
        return Theorem(_SEAL, s, steps) if holds else Refutation(_SEAL, s, steps, limit=limit)


def _limit_holds(relation: str, limit: Limit, variable: str, normal: Normal) -> bool:
    value = limit.value
    if value is not None and variable in free(value.term):
        raise Refusal("the limit still depends on the variable")
    if relation in ("~", "≈"):
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
    return POSITIVE in (normal.sign(r.num), normal.sign(-r.num))


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
    with proving(s, normal):
        _defined(s, normal)
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


def disorder(s: Statement, normal: Normal) -> Refutation:
    """The leading term of the difference has the wrong sign.

    a − b ~ c · scale,  c < 0
    -------------------------------------
    a > b fails from some point on
    """
    left, right = (s.left, s.right) if s.relation in (">", "≥") else (s.right, s.left)
    if s.relation not in (">", "<", "≥", "≤"):
        raise Refusal("this rule refutes inequalities")
    with proving(s, normal):
        _defined(s, normal)
        if s.variable is None or Growth(normal, s.variable).eventually(left - right) >= 0:
            raise Refusal("the sign of the difference is not known")
        try:
            limit = Growth(normal, s.variable).limit(s.left, s.right)
        except Refusal:
            limit = Limit("difference of the wrong sign")
        return Refutation(_SEAL, s, ("sign of the leading term: from some point on",), limit=limit)


def monotone(s: Statement, parameter: str, boundary: Term, normal: Normal) -> Theorem:
    """A lower bound over a range, from its boundary.

    ∂a/∂p > 0 from some p on (a free of v, b of p)     boundary(v) → ∞     a ≳ b along p = boundary (b > 0)
    -------------------------------------------------------------------------------------------------------
    a ≳ b for every path with p ≥ boundary, v → ∞

    Were a not free of the variable v, the p from which a grows might run away with v.
    """
    if s.relation not in ("≳", ">", "≥") or parameter in free(s.right) or s.variable is None:
        raise Refusal("this rule bounds a growing left side from below")
    if s.variable in free(s.left) or parameter in free(boundary):
        raise Refusal("where the left side starts to grow may depend on the variable of the regime")
    p, along = Sym(parameter), Growth(normal, parameter)
    at = Statement(substitute(s.left, {p: boundary}), s.relation, s.right, s.context, s.variable)
    inner = asymptotic(at, normal) if s.relation == "≳" else order(at, normal)
    if not isinstance(inner, Theorem):
        raise Refusal("the bound fails at the boundary")
    with proving(s, normal):
        far = Growth(normal, s.variable)
        if far.limit(boundary, ONE).kind != "infinite" or far.eventually(boundary) < 0:
            raise Refusal("the boundary is not known to go to infinity")
        if s.relation == "≳" and far.eventually(s.right) <= 0:
            raise Refusal("the right side is not known to be positive")
        r = normal.ratio(s.left)
        slope = _slope(r.num, p) * r.den - r.num * _slope(r.den, p)
        if along.eventually(to_term(r.den)) == 0 or along.eventually(to_term(slope)) <= 0:
            raise Refusal("the left side is not known to grow")
        return Theorem(_SEAL, s, (*inner.steps, "growth in the bounded parameter"))


def _slope(p: Poly, v: Sym) -> Poly:
    """∂p/∂v of a polynomial in v and ln v."""
    for m in p.terms:
        inside = [a for pm in m.power.terms for a, _ in pm.factors]
        inside += [a for a, _ in m.factors if a not in (v, ln(v))]
        if any(v.name in free(a) for a in inside):
            raise Refusal("the bounded parameter stands inside another function")
    return derivative(p, v) + derivative(p, ln(v)) * generator(v, -1)


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
