"""Means of ln(1 + e^P) and |P| over a box, P linear, enclosed through their values at the corners."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from math import factorial
from typing import TYPE_CHECKING, Any

import flint
from flint import acb, arb

from derive.numeric.exact import infinite
from derive.numeric.fields import NoNumber, size
from derive.term import Add, Elem, Fn, Int, Mul, Num, Over, Sum, Sym, Term, free

if TYPE_CHECKING:
    from derive.numeric.compiled import Compiler, Env

#: Variables at most: there are 2^10 corners.
VARIABLES = 10
#: From here on Li_s(−e^−z) is bounded by twice its first term.
FAR = 10_000


def softplus_antiderivative(z: arb, k: int) -> arb:
    """G with G⁽ᵏ⁾(z) = ln(1 + e^z): −Li_{k+1}(−e^z).

    For z > 0 by Li_s(−e^z) = −(−1)^s Li_s(−e^−z) − 2 Σ_{m ≤ s/2} η(2m) z^{s−2m}/(s−2m)!, η(0) = 1/2.

    Examples
    --------
    >>> [float(softplus_antiderivative(arb(z), 0).str(6, radius=False)) for z in (1, -1)]
    [1.31326, 0.313262]
    """
    s = k + 1
    if not (z > 0 or z <= 0):  # G grows: its values at the ends of the ball enclose it
        low, high = (softplus_antiderivative(x, k) for x in (z.lower(), z.upper()))
        return low.union(high)
    if not z > 0:
        return -_polylogarithm(s, z)
    total = arb(0)
    for m in range(s // 2 + 1):
        eta = arb(1) / 2 if m == 0 else (1 - arb(2) ** (1 - 2 * m)) * arb(2 * m).zeta()
        total += 2 * eta * z ** (s - 2 * m) / factorial(s - 2 * m)
    return total + (-1) ** s * _polylogarithm(s, -z)


def _polylogarithm(s: int, z: arb) -> arb:
    """Li_s(−e^z); the series alternates where z < 0."""
    w = z.exp()
    if z < -FAR:
        return -w * arb(1, arb(1) / 2)
    return (-acb(w)).polylog(s).real


def absolute_antiderivative(z: arb, k: int) -> arb:
    """G with G⁽ᵏ⁾(z) = |z|: zᵏ|z|/(k+1)!."""
    return z**k * abs(z) / factorial(k + 1)


def match(t: Int, compiler: Compiler, env: Env) -> arb | None:
    """Enclosure of ∫ c ln(1 + e^P) or ∫ c |P| over a box, P linear; None for any other integral.

    ∫ G⁽ᵏ⁾(b + Σ a_j v_j) dv_1 … dv_k = (1/Π a_j) Σ over the corners, signed, of G(b + Σ a_j v_j)
    """
    names = {o.var.name for o in t.over if isinstance(o.var, (Elem, Sym))}
    found = _taken_apart(t.body, names)
    if found is None or any(not isinstance(v, int) for v in env.values()):
        return None
    constants, of, form = found
    if any(isinstance(o.var, Over) or infinite(o.low) or infinite(o.high) for o in t.over) or not _linear(form, names):
        return None
    from derive.numeric.integrals import variables

    box = variables(t.over, compiler, env)
    if len(box) > VARIABLES:
        return None
    precision = flint.ctx.prec
    with flint.ctx.workprec(precision + 64):
        ends = [[compiler.constant(x, {**env, **v.binding}) for x in (v.low, v.high)] for v in box]
        at: dict[Any, Any] = {v.key: 0 for v in box}
        centre = compiler.constant(form, {**env, **at})
        slopes = [compiler.constant(form, {**env, **at, v.key: 1}) - centre for v in box]
        constant = compiler.constant(Mul(tuple(constants)), env) if constants else arb(1)
    lost = sum(max(0, -size(a)) for a in slopes if a != 0)
    with flint.ctx.workprec(precision + 64 + 2 * lost):
        total = _corners(of, centre, slopes, ends)
    return constant * total if total is not None else None


def _corners(of: Callable[[arb, int], arb], centre: arb, slopes: list[arb], ends: list[list[arb]]) -> arb | None:
    factor = arb(1)
    moving = []
    for a, (low, high) in zip(slopes, ends, strict=True):
        if a == 0:
            factor *= high - low
        elif a > 0 or a < 0:
            factor /= a
            moving.append((a * low, a * high))
        else:
            return None
    total = arb(0)
    for corner in itertools.product((0, 1), repeat=len(moving)):
        z = centre
        for pair, k in zip(moving, corner, strict=True):
            z = z + pair[k]
        total += (-1) ** (len(moving) - sum(corner)) * of(z, len(moving))
    if not total.is_finite():
        raise NoNumber("a mean over a box couldn't be enclosed")
    return factor * total


def _taken_apart(body: Term, names: set[str]) -> tuple[list[Term], Callable[[arb, int], arb], Term] | None:
    """Constant factors, the function, and what it is taken of."""
    factors = _factors(body)
    inside = [f for f in factors if names & free(f)]
    f = inside[0] if len(inside) == 1 else None
    if not isinstance(f, Fn):
        return None
    constants = [x for x in factors if x is not f]
    if f.name == "abs":
        return constants, absolute_antiderivative, f.args[0]
    if f.name == "ln" and isinstance(f.args[0], Add) and len(f.args[0].terms) == 2:
        for one, other in (f.args[0].terms, f.args[0].terms[::-1]):
            if isinstance(one, Num) and one.value == 1 and isinstance(other, Fn) and other.name == "exp":
                return constants, softplus_antiderivative, other.args[0]
    return None


def _factors(t: Term) -> list[Term]:
    return [f for u in t.factors for f in _factors(u)] if isinstance(t, Mul) else [t]


def _linear(t: Term, names: set[str]) -> bool:
    """Linear in the variables, as it is written."""
    if not names & free(t) or (isinstance(t, (Elem, Sym)) and t.name in names):
        return not (isinstance(t, Elem) and any(names & free(i) for i in t.index))
    if isinstance(t, Add):
        return all(_linear(x, names) for x in t.terms)
    if isinstance(t, Mul):
        inside = [f for f in t.factors if names & free(f)]
        return len(inside) == 1 and _linear(inside[0], names)
    if isinstance(t, Sum):
        return not names & (free(t.low) | free(t.high)) and t.index not in names and _linear(t.body, names)
    return False
