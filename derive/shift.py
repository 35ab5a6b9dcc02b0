"""Data that shift with a parameter: derivatives along it worked out, integrals over moving domains pulled back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from derive.kernel.normal import Normal
from derive.kernel.poly import Refusal
from derive.kernel.rate import rate
from derive.term import ONE, ZERO, Fn, Int, Over, Sym, Term, free, mul, rebuild, substitute, walk


@dataclass(frozen=True, kw_only=True)
class Shift:
    """What a parameter moves.

    Attributes
    ----------
    parameter : its symbol.
    moved : name of a variable of the data -> its rate, dx/dλ at the place x.
    changed : name of a quantity that depends on the parameter -> its rate.
    windows : name of a variable of the data -> (label, place): the domain is run through as the label goes from 0 to 1.
    """

    parameter: str
    moved: Mapping[str, Term] = field(default_factory=dict)
    changed: Mapping[str, Term] = field(default_factory=dict)
    windows: Mapping[str, tuple[str, Term]] = field(default_factory=dict)


def worked_out(t: Term, shift: Shift, normal: Normal) -> Term:
    """`t` without derivatives, from the inside out: total ones along the parameter, partial ones at a fixed place."""
    t = rebuild(t, lambda c: worked_out(c, shift, normal))
    if isinstance(t, Int):
        return _pulled_back(t, shift, normal)
    if not (isinstance(t, Fn) and t.name in ("deriv", "partial") and len(t.args) == 2):
        return t
    along = {**shift.changed, **(shift.moved if t.name == "deriv" else {})}
    of, by = (_integrated(x, normal) for x in t.args)
    if isinstance(by, Sym) and by.name not in shift.changed:
        return rate(of, along if by.name == shift.parameter else {by.name: ONE}, normal)
    return rate(of, along, normal) / rate(by, along, normal)  # two quantities along the shift


def _integrated(t: Term, normal: Normal) -> Term:
    """Integrals over the whole line have to be done before they can be differentiated."""
    if any(isinstance(x, Over) and "oo" in free(x.low) | free(x.high) for x in walk(t)):
        return normal.ratio(t).term
    return t


def _pulled_back(t: Int, shift: Shift, normal: Normal) -> Term:
    """∫ f(x) dx over a moving domain as an integral over labels.

    x = place(u)    ∂place/∂u free of u and not zero
    -------------------------------------------------
    ∫ f(x) dx = ∫₀¹ f(place(u)) ∂place/∂u du
    """
    over, body = list[Over](), t.body
    for o in t.over:
        if not isinstance(o.var, Sym) or o.var.name not in shift.windows:
            over.append(o)
            continue
        label, place = shift.windows[o.var.name]
        stretch = rate(place, {label: ONE}, normal)
        if label in free(normal.ratio(stretch).term):
            raise Refusal("a window that is not stretched evenly")
        over.append(Over(Sym(label), ZERO, ONE))
        body = mul(substitute(body, {o.var: place}), stretch)
    return Int(tuple(over), body)
