"""Whether a side means anything: indices free and bound, names, limits. (Dimensions: `derive.dimensions`.)"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from derive.dimensions import whole
from derive.kernel.context import Context
from derive.kernel.normal import Normal
from derive.kernel.poly import Refusal
from derive.kernel.series import diverges, escapes
from derive.reader.notation import Notation
from derive.term import (
    INF,
    MINUS_INF,
    ONE,
    App,
    Elem,
    Fn,
    Int,
    Min,
    Mul,
    Num,
    Over,
    Pow,
    Prod,
    Sum,
    Sym,
    Term,
    bound_in,
    children,
    free,
    substitute,
    term,
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
    found = list(_node_problems(t, notation, frozenset()))
    if all(p.fault is not Fault.SUM_LIMIT for p in found):
        found += _no_member(t, notation, {})
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
    applied = {x.name for x in walk(t.body) if isinstance(x, App)}  # 𝒳(λ) under d𝒳
    return isinstance(var, Sym) and var.name not in free(t.body) | applied


def _fractional(index: Term) -> bool:
    if isinstance(index, Num):
        return index.value.denominator != 1
    if isinstance(index, Mul):
        return any(isinstance(f, Pow) and f.exponent == Num(Fraction(-1)) for f in index.factors)
    return False


def _node_problems(t: Term, notation: Notation, outer: frozenset[str]) -> Iterator[Problem]:
    """What is wrong at each node; `outer` are the indices of the sums and products around it."""
    inside = outer
    if isinstance(t, Elem):
        for index in t.index:
            if _fractional(index):
                yield Problem(Fault.EXTRACTION, f"{t.name} carries an index that is no whole number")
    yield from _no_number(t, notation)
    if isinstance(t, (Sum, Prod)) and not t.index.startswith(("_", "t#")):
        yield from _sum_problems(t, notation, outer)
        inside = outer | {t.index}
    if isinstance(t, Int):
        for o in t.over:
            yield from _over_problems(o)
            yield from _layer_problems(o, t.body, notation)
        if len(set(t.over)) < len(t.over):
            yield Problem(Fault.INDEX, "a variable is integrated over twice")
    if _mean(t, notation):  # the bar over a mean prints no index: it can't clash with a printed one
        inside = inside - {notation.data_index}
    for c in children(t):
        yield from _node_problems(c, notation, inside)


def _mean(t: Term, notation: Notation) -> bool:
    """Whether a term is a mean over the data, as a bar is read."""
    if not (isinstance(t, Mul) and len(t.factors) == 2 and isinstance(t.factors[1], Sum)):
        return False
    n, s = t.factors
    assert isinstance(s, Sum)
    whole_range = notation.ranges.get(s.index) == (s.low, s.high)
    return s.index == notation.data_index and whole_range and n == Pow(s.high, Num(Fraction(-1)))


def _sum_problems(s: Sum | Prod, notation: Notation, outer: frozenset[str]) -> Iterator[Problem]:
    kind = "sum" if isinstance(s, Sum) else "product"
    if s.index not in free(s.body) and _could_carry(s, notation):
        part = "terms" if isinstance(s, Sum) else "factors"
        yield Problem(Fault.INDEX, f"a {kind} over {s.index} whose {part} do not carry {s.index}")
    if s.index in outer:
        yield Problem(Fault.INDEX, f"the index {s.index} is bound twice, one {kind} inside the other")
    if s.index in (free(s.low) | free(s.high)) - outer:
        yield Problem(Fault.SUM_LIMIT, f"the {kind} over {s.index} has {s.index} in its own limits")
    if _reversed(s, notation):
        yield Problem(Fault.SUM_LIMIT, f"the {kind} over {s.index} ends before it starts")
    if s.index in notation.ranges and isinstance(s.low, Num):
        first, last = notation.ranges[s.index]
        normal = Normal(Context())
        low = normal.poly(s.low).number
        start = normal.poly(first).number
        if low is not None and start is not None and low < start and s.high == last:
            text = f"the {kind} over {s.index} starts at {s.low.value}, outside the range of {s.index}"
            yield Problem(Fault.SUM_LIMIT, text)


def _no_member(t: Term, notation: Notation, ends: dict[str, tuple[Term, Term]]) -> Iterator[Problem]:
    """Members that a family does not have, such as l_{p+1} in a sum over all layers p; `ends` of the indices around."""
    if isinstance(t, Elem):
        for i, part in zip(t.index, notation.shapes.get(t.name, ()), strict=False):
            first, last = part if isinstance(part, tuple) else (1, part)
            last = Sym(last) if isinstance(last, str) else term(last)
            lowest, highest = (substitute(i, {Sym(n): e[k] for n, e in ends.items()}) for k in (0, 1))
            fault = Fault.SUM_LIMIT if set(ends) & free(i) else Fault.INDEX
            if _whole(term(first) - lowest) > 0:
                yield Problem(fault, f"a member of {t.name} before the first")
            elif _whole(highest - last) > 0:
                yield Problem(fault, f"a member of {t.name} beyond the last")
    inner = {**ends, t.index: (t.low, t.high)} if isinstance(t, (Sum, Prod)) else ends
    for c in children(t):
        yield from _no_member(c, notation, {n: e for n, e in inner.items() if n not in bound_in(c)})


def _whole(t: Term) -> int:
    """The value of a term that is a whole number, else 0."""
    try:
        value = Normal(Context()).poly(t).number
    except Refusal:
        return 0
    return int(value) if value is not None and value.denominator == 1 else 0


def _could_carry(s: Sum | Prod, notation: Notation) -> bool:
    """Whether something in a body without the index might have had it: y, where i runs over the data, but no width l_p.

    The sum of what can't depend on the index (the mean of a constant) is no fault.
    """
    last = notation.ranges[s.index][1] if s.index in notation.ranges else s.high

    def room(t: Term, inner: frozenset[str]) -> bool:
        if isinstance(t, App):
            return True
        if isinstance(t, (Elem, Sym)):
            shape = notation.shapes.get(t.name, (last,) if isinstance(t, Elem) else ())
            sizes = [part[1] if isinstance(part, tuple) else part for part in shape]
            index = t.index if isinstance(t, Elem) else (ONE,) * len(sizes)
            taken = [isinstance(i, Sym) and i.name in inner for i in index]
            fits = [(Sym(n) if isinstance(n, str) else term(n)) == last for n in sizes]
            return any(f and not own for f, own in zip(fits, taken, strict=False))
        return any(room(c, inner | bound_in(t)) for c in children(t))

    return room(s.body, frozenset())


def _reversed(s: Sum | Prod, notation: Notation) -> bool:
    """Whether a range is never longer than empty, and shorter for some counts. Σ_{j=1}^{0}, an empty sum, is none."""
    lengths = []
    for more in range(4):
        counts = {n: least + more * k for k, (n, least) in enumerate(sorted(notation.context.least.items()), 1)}
        low, high = whole(s.low, counts), whole(s.high, counts)
        if low is None or high is None:
            return False
        lengths.append(high - low + 1)
    return max(lengths) <= 0 and min(lengths) < 0


def _over_problems(o: Over) -> Iterator[Problem]:
    if isinstance(o.low, Fn) and o.low.name == "lower" and len(o.low.args) == 2 and o.low.args[1] != o.var:
        yield Problem(Fault.INDEX, "the variable named under the integral sign is not the one integrated over")
    elif not isinstance(o.low, Fn) and any(x == o.var for end in (o.low, o.high) for x in walk(end)):
        yield Problem(Fault.INDEX, "an integral has its own variable in its limits")


def _layer_problems(o: Over, body: Term, notation: Notation) -> Iterator[Problem]:
    """Parameters in the body that the family under the integral does not hold: of another layer, or beyond its size."""
    last: dict[Term, Term] = {}
    while o.index and isinstance(o.var, Over):
        last, o = last | {Sym(o.index): o.last}, o.var
    last |= {Sym(o.index): o.last} if o.index else {}
    if not isinstance(o.var, Elem) or len(o.var.index) < 2:
        return
    normal, name, pattern = Normal(notation.context), o.var.name, o.var.index

    def visit(t: Term, bound: dict[Term, Term]) -> Iterator[Problem]:
        if isinstance(t, Elem) and t.name == name and len(t.index) == len(pattern):
            for part, index in zip(pattern, t.index, strict=True):
                if part in last:
                    if index in bound and not normal.equal(bound[index], last[part]):
                        yield Problem(Fault.SUM_LIMIT, f"a sum runs over more, or fewer, {name} than the integral")
                elif index not in bound and not normal.equal(part, index):
                    yield Problem(Fault.LABEL, f"the integral runs over {name} of another layer than its integrand")
        inner = {**bound, Sym(t.index): t.high} if isinstance(t, (Sum, Prod)) else bound
        for c in children(t):
            yield from visit(c, inner)

    yield from visit(body, {})


def parameters(notation: Notation) -> set[str]:
    """Families of parameters: what integrals and minima are taken over."""

    def innermost(t: Term) -> Term:
        return innermost(t.var) if isinstance(t, Over) else t

    return {x.name for o in notation.parameters if isinstance(x := innermost(o), Elem)}


def unbound(t: Term) -> set[str]:
    """Families with elements outside every integral and minimum."""
    if isinstance(t, (Int, Min)):
        return set()
    found = {t.name} if isinstance(t, Elem) else set()
    for c in children(t):
        found |= unbound(c)
    return found
