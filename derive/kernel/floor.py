"""A lower bound where every member of a family may grow at a rate of its own."""

from __future__ import annotations

from fractions import Fraction

from derive.kernel.context import POSITIVE
from derive.kernel.growth import Growth
from derive.kernel.normal import Normal
from derive.kernel.poly import Mono, Poly, Refusal, mono_term, number, to_term
from derive.kernel.theorem import _SEAL, Statement, Theorem, asymptotic, proving
from derive.term import ONE, Elem, Sum, Sym, Term, free, ln, rebuild, substitute, walk

MEMBER = Sym("#j")


def floor(s: Statement, family: str, boundary: Term, normal: Normal) -> Theorem:
    """A quotient that grows as squares over logarithms is least where every member is least.

    a = N/D     N = N₀ + Σ_{j=p}^{q} n(j) l_j²     D = D₀ + Σ_{j=p}^{q} d(j) ln l_j     N₀, D₀, n, d, b free of l
    n(j), d(j) > 0     θ = a at l = β     β → ∞, D(β) > 0, 2 β² n(j) > θ d(j) from some v on     θ ≳ b > 0
    ----------------------------------------------------------------------------------------------------------
    a ≳ b, v → ∞, for all l_j ≥ β(v)

    For N − θ D is 0 at l = β, and its slope in l_j, (2 n(j) l_j² − θ d(j))/l_j, is positive from there on. The
    members are finitely many, so that one v serves them all.
    """
    if s.relation != "≳" or s.variable is None or family in free(s.right) | free(boundary):
        raise Refusal("this rule bounds a left side from below, in a regime")
    least = Statement(_least(s.left, family, boundary), s.relation, s.right, s.context, s.variable)
    inner = asymptotic(least, normal)
    if not isinstance(inner, Theorem):
        raise Refusal("the bound fails where every member is least")
    with proving(s, normal):
        r = normal.ratio(s.left)
        squares, logarithms = _members(r.num, family, normal), _members(r.den, family, normal)
        member = Elem(family, (MEMBER,))
        if squares is None or logarithms is None or squares[1:] != logarithms[1:]:
            raise Refusal("the members of the family don't stand in one sum above and one below")
        n, d = _weight(squares[0], member**2, family, normal), _weight(logarithms[0], ln(member), family, normal)
        growth = Growth(normal, s.variable)
        if growth.limit(boundary, ONE).kind != "infinite" or growth.eventually(boundary) <= 0:
            raise Refusal("the bound of the members is not known to go to infinity")
        if growth.eventually(_least(to_term(r.den), family, boundary)) <= 0:
            raise Refusal("the denominator is not known to be positive")
        if growth.eventually(s.right) <= 0:
            raise Refusal("the right side is not known to be positive")
        for index in map(Sym, sorted(s.context.wild)):
            above, under = (substitute(t, {MEMBER: index}) for t in (n, d))
            positive = all(normal.sign(normal.poly(t)) == POSITIVE for t in (above, under))
            if positive and growth.eventually(boundary**2 * above * 2 - least.left * under) > 0:
                break
        else:
            raise Refusal("the left side is not known to grow with every member")
        return Theorem(_SEAL, s, (*inner.steps, "least where every member of the family is least"))


def _least(t: Term, family: str, boundary: Term) -> Term:
    if isinstance(t, Elem) and t.name == family:
        return boundary
    return rebuild(t, lambda c: _least(c, family, boundary))


def _members(p: Poly, family: str, normal: Normal) -> tuple[Term, Term, Term] | None:
    """The part of `p` that holds the family, as one sum: (term of the sum in MEMBER, bound below the first, last)."""
    found: dict[Term, list[tuple[Fraction, Term]]] = {}
    for m, c in p.terms.items():
        if family not in free(mono_term(m)):
            continue
        totals = [a for a, e in m.factors if family in free(a)]
        if len(totals) != 1 or (totals[0], Fraction(1)) not in m.factors or family in free(to_term(m.power)):
            return None
        opened = _opened(totals[0], family)
        if opened is None:
            return None
        body, high = opened
        rest = mono_term(Mono([f for f in m.factors if f[0] != totals[0]], m.power))
        found.setdefault(normal.ratio(rest * body).term, []).append((c, high))
    if len(found) != 1:
        return None
    ((body, ranges),) = found.items()
    ranges.sort(reverse=True, key=lambda x: x[0])
    if len(ranges) == 1 and ranges[0][0] > 0:
        (c, high), low = ranges[0], to_term(number(Fraction(0)))
    elif len(ranges) == 2 and ranges[0][0] > 0 and ranges[0][0] == -ranges[1][0]:
        (c, high), (_, low) = ranges
    else:
        return None
    if normal.least(normal.poly(high - low)) < 0 or normal.least(normal.poly(low)) < 0:
        return None
    return normal.ratio(to_term(number(c)) * body).term, low, high


def _opened(t: Term, family: str) -> tuple[Term, Term] | None:
    """A nest of sums with the member's index taken out: (the sums over the others, last member)."""
    binders: list[tuple[str, Term]] = []
    while isinstance(t, Sum):
        if t.low != ONE or free(t.high) & {b for b, _ in binders}:
            return None
        binders.append((t.index, t.high))
        t = t.body
    own = [b for b in binders if _indexed(t, family, b[0])]
    if len(own) != 1:
        return None
    (index, high), body = own[0], t
    for name, last in reversed([b for b in binders if b != own[0]]):
        body = Sum(name, ONE, last, body)
    return substitute(body, {Sym(index): MEMBER}), high


def _indexed(t: Term, family: str, index: str) -> bool:
    return any(isinstance(x, Elem) and x.name == family and x.index == (Sym(index),) for x in walk(t))


def _weight(body: Term, part: Term, family: str, normal: Normal) -> Term:
    """What stands before `part` in a term of a sum; free of the family."""
    weight = normal.ratio(body / part).term
    if family in free(weight):
        raise Refusal("a member of the family stands in another way than as a square or a logarithm")
    return weight
