"""Whether a side means anything: indices free and bound, names, limits."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from derive.kernel.context import Context
from derive.kernel.normal import Normal
from derive.kernel.series import diverges, escapes
from derive.reader.notation import Notation
from derive.term import (
    INF,
    MINUS_INF,
    App,
    Elem,
    Fn,
    Int,
    Min,
    Mul,
    Num,
    Over,
    Pow,
    Sum,
    Sym,
    Term,
    children,
    free,
    walk,
)
from derive.verdict import Fault


@dataclass(frozen=True)
class Problem:
    """Why a side has no meaning as printed."""

    fault: Fault
    text: str


def free_indices(t: Term, notation: Notation) -> frozenset[str]:
    """Index letters free in a term.

    Examples
    --------
    >>> from derive.reader.notation import ranges
    >>> from derive.term import Sym
    >>> sorted(free_indices(Elem("x", (Sym("i"), Sym("j"))), Notation(ranges=ranges(i=Sym("n"), j=Sym("K")))))
    ['i', 'j']
    """
    return frozenset(n for n in free(t) if n in notation.ranges)


def problems(t: Term, other: Term, notation: Notation, fixed: frozenset[str]) -> list[Problem]:
    """What is wrong with `t` as one side of a sign whose other side is `other`."""
    found: list[Problem] = []
    for x in walk(t):
        if isinstance(x, Elem):
            for index in x.index:
                if _fractional(index):
                    found.append(Problem(Fault.EXTRACTION, f"{x.name} carries an index that is no whole number"))
        found += _no_number(x, notation)
        if isinstance(x, Sum) and not x.index.startswith(("_", "t#")):
            found += _sum_problems(x, notation)
        if isinstance(x, Int):
            found += [p for o in x.over for p in _over_problems(o)]
            if len(set(x.over)) < len(x.over):
                found.append(Problem(Fault.INDEX, "a variable is integrated over twice"))
    mine, theirs = free_indices(t, notation) - fixed, free_indices(other, notation) - fixed
    for name in sorted(mine - theirs):
        found.append(Problem(Fault.INDEX, f"the index {name} is free on the right side only"))
    for name in sorted(theirs - mine) if not isinstance(t, Num) else ():
        found.append(Problem(Fault.INDEX, f"the index {name} is free on the left side only"))
    return list(dict.fromkeys(found))


def _no_number(x: Term, notation: Notation) -> list[Problem]:
    """A series or limit that is infinite, the logarithm of a distribution."""
    if isinstance(x, Sum) and diverges(x):
        return [Problem(Fault.CONCEPT, f"the series over {x.index} diverges, its sum is no number")]
    if (
        isinstance(x, Fn)
        and x.name == "lim"
        and isinstance(x.args[1], Sym)
        and x.args[2] == INF
        and escapes(x.args[0], x.args[1].name)
    ):
        return [Problem(Fault.CONCEPT, "the limit is infinite, it is no number")]
    if isinstance(x, Int):
        bare = [o.var for o in x.over if (o.low, o.high) == (MINUS_INF, INF) and _unused(o.var, x)]
        return [Problem(Fault.CONCEPT, f"an integral over {v.name}, on which nothing depends") for v in bare]  # type: ignore[attr-defined]
    if isinstance(x, Fn) and x.name == "ln" and notation.distributions & free(x):
        return [Problem(Fault.CONCEPT, "the logarithm of a Dirac delta, which is no function")]
    return []


def _unused(var: Term, t: Int) -> bool:
    return isinstance(var, Sym) and var.name not in free(t.body)


def _fractional(index: Term) -> bool:
    if isinstance(index, Num):
        return index.value.denominator != 1
    if isinstance(index, Mul):
        return any(isinstance(f, Pow) and f.exponent == Num(Fraction(-1)) for f in index.factors)
    return False


def _sum_problems(s: Sum, notation: Notation) -> list[Problem]:
    out: list[Problem] = []
    if s.index not in free(s.body) and any(isinstance(x, (App, Elem)) for x in walk(s.body)):
        out.append(Problem(Fault.INDEX, f"a sum over {s.index} whose terms do not carry {s.index}"))
    if s.index in notation.ranges and isinstance(s.low, Num):
        first, last = notation.ranges[s.index]
        normal = Normal(Context())
        low = normal.poly(s.low).number
        start = normal.poly(first).number
        same_end = s.high == last
        if low is not None and start is not None and low < start and same_end:
            text = f"the sum over {s.index} starts at {s.low.value}, outside the range of {s.index}"
            out.append(Problem(Fault.SUM_LIMIT, text))
    return out


def _over_problems(o: Over) -> list[Problem]:
    if isinstance(o.low, Fn) and o.low.name == "lower" and len(o.low.args) == 2 and o.low.args[1] != o.var:
        return [Problem(Fault.INDEX, "the variable named under the integral sign is not the one integrated over")]
    return []


def parameters(notation: Notation) -> set[str]:
    """Families of parameters: what integrals and minima are taken over."""
    return {o.var.name for o in notation.parameters if isinstance(o.var, Elem)}


def unbound(t: Term) -> set[str]:
    """Families with elements outside every integral and minimum."""
    if isinstance(t, (Int, Min)):
        return set()
    found = {t.name} if isinstance(t, Elem) else set()
    for c in children(t):
        found |= unbound(c)
    return found
