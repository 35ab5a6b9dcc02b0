"""Dimensions: whether every sum, comparison and argument of exp adds, compares and takes what it may.

Only a few names are given a dimension (the target y, say); what the others must have follows from the formula itself:
each sum and each exponential is a linear equation between exponents. A side is at fault only when *no* dimensions of
the remaining names make it agree with the quantity that it stands for. Counts are pure numbers. A whole number of
factors (σ^{2L}, Πσ_j) is counted at two choices of the counts.

A logarithm puts no condition on its argument: ln σ, as in every differential entropy, is meant with σ in some unit, and
depends on that unit by an additive constant. That is noted, and is no fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import count

from derive.kernel.context import Context
from derive.reader.notation import Notation
from derive.reader.printer import latex
from derive.term import Add, App, Elem, Fn, Int, Min, Mul, Num, Over, Pow, Prod, Sum, Sym, Term, free
from derive.verdict import WRONG, Fault, Status, Verdict

#: Exponents of units ("Y") and of the unknown dimensions of names ("?x"); empty is a pure number.
Dimension = dict[str, Fraction]

OPEN = "a unit that the formula leaves open"
COUNTS = (7, 5)  #: the first count of each of the two choices; the others follow in steps of 2 and 3
LONGEST = 40  #: factors of a product that are counted one by one
SAME = frozenset(("abs", "norm", "min", "max", "tr", "d", "mean", "lower", "upper", "relu"))
PURE = frozenset(("tanh", "sinh", "cosh", "sin", "cos", "factorial", "sigmoid"))
COMPARED = frozenset("= ~ ≈ → > < ≥ ≤ ≳ ≲".split())  #: ∝ and ≫ speak of a quotient: its unit is free


class Mixed(Exception):
    """No dimensions make this a sum, a comparison or an argument of exp."""


@dataclass(frozen=True)
class Compared:
    """What testing one relation found."""

    fault: str = ""  #: why the right side can't be; empty where it can
    evidence: tuple[str, ...] = ()


def parsed(text: str) -> Dimension:
    """A declared dimension.

    Examples
    --------
    >>> parsed("M L^2/T^2") == {"M": 1, "L": 2, "T": -2}, parsed("1")
    (True, {})
    """
    out: Dimension = {}
    for slash, unit, power in re.findall(r"(/?)\s*([A-Za-z]\w*)(?:\^(-?\d+(?:/\d+)?))?", text):
        out = _plus(out, {unit: Fraction(power or 1)}, -1 if slash else 1)
    return out


def compare(left: Term, sign: str, right: Term, notation: Notation) -> Compared:
    r"""Test `left sign right`, the left side being what the right one must agree with.

    Examples
    --------
    >>> from derive.reader.notation import families
    >>> n = Notation(families=families(one="y a"), dimensions={"y": "Y"})
    >>> y, a = Elem("y", (Sym("i"),)), Elem("a", (Sym("i"),))
    >>> compare(y**2 + a**2, "=", y**2 + a, n).fault
    '$a_{i}$, in Y, is added to a sum in Y^2'
    """
    if not any(map(parsed, notation.dimensions.values())):
        return Compared()
    tried = [_compare(left, sign, right, notation, first) for first in COUNTS]
    if all(t.fault for t in tried):
        same = len({t.fault for t in tried}) == 1
        return Compared(tried[0].fault if same else f"{tried[0].fault} ({tried[0].counts})")
    found = [t for t in tried if not t.fault]
    if not all(t.tested for t in found):
        return Compared()
    units = {t.unit for t in found}
    shown = units.pop() if len(units) == 1 else "in a unit whose power depends on the counts"
    evidence = [f"dimensions: every sum, comparison and argument of exp is homogeneous; the side is {shown}"]
    if found[0].logs:
        logs = ", ".join(f"${latex(t, notation)}$" for t in found[0].logs)
        evidence.append(f"dimensions: ln of {logs} is defined up to a constant that depends on the unit")
    return Compared(evidence=tuple(evidence))


def weighed(verdict: Verdict, found: Compared) -> Verdict:
    """A verdict with what its dimensions say: evidence for it, a further reason against it, or a fault of its own.

    A claim that was proved keeps its verdict: what was added in the wrong unit cancels then, and the evidence says so.
    """
    if not found.fault:
        return replace(verdict, evidence=(*verdict.evidence, *found.evidence))
    why = f"no dimensions of the symbols make it homogeneous: {found.fault}"
    if verdict.verdict in WRONG:
        return replace(verdict, reason=f"{verdict.reason.rstrip('.')}; besides, {why}")
    given = verdict.verdict in (Status.DEFINITION, Status.PREMISE) and not any(
        e.startswith("kernel") for e in verdict.evidence
    )
    if verdict.verdict is Status.UNDECIDED or given:
        reason = f"Has no meaning as printed: {why}."
        return replace(verdict, verdict=Status.ILL_FORMED, fault=Fault.MISSING_FACTOR, reason=reason)
    return replace(verdict, evidence=(*verdict.evidence, f"dimensions: {why}"))


@dataclass(frozen=True)
class _Tried:
    """One choice of the counts."""

    fault: str = ""
    counts: str = ""
    tested: bool = False
    unit: str = ""
    logs: tuple[Term, ...] = ()


def _compare(left: Term, sign: str, right: Term, notation: Notation, first: int) -> _Tried:
    counts = _counts(notation, (left, right), first)
    system = _System(notation, counts)
    a: Dimension | None
    try:
        system.stated()
        a = system.of(left)
    except Mixed:  # the left side is at fault itself: the right one is held against what is stated only
        a, system = None, _System(notation, counts)
        try:
            system.stated()
        except Mixed:
            return _Tried()
    system.logs.clear()
    try:
        b = system.of(right)
        if a is not None and sign in COMPARED:
            there = f"the left side is {system.told(a)}, the right side {system.told(b)}"
            system.equal(a, b, there)
    except Mixed as e:
        spoken = free(left) | free(right)
        return _Tried(str(e), ", ".join(f"{n} = {k}" for n, k in counts.items() if n in spoken))
    logs = tuple(t for t, d in system.logs.items() if system.shown(d) not in ("1", OPEN))
    return _Tried("", "", b is not ANY, system.told(b), logs)


def _counts(notation: Notation, terms: tuple[Term, ...], first: int) -> dict[str, int]:
    """A number for every count, no two alike."""
    names = set(notation.context.least) | {n for a, b in notation.ranges.values() for n in free(a) | free(b)}
    steps = count(first, 2 if first % 2 else 3)
    return {n: max(next(steps), notation.context.least.get(n, 1)) for n in sorted(names)}


#: A zero or an infinity has every dimension.
ANY: Dimension = {"*": Fraction(1)}


@dataclass
class _System:
    """Linear equations between the dimensions of names, solved as they come."""

    notation: Notation
    counts: Mapping[str, int]
    solved: dict[str, Dimension] = field(default_factory=dict)
    bound: dict[str, Dimension] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)  #: values of sum and product indices
    logs: dict[Term, Dimension] = field(default_factory=dict)
    _fresh: Iterator[int] = field(default_factory=count)

    def stated(self) -> None:
        """What the assumptions say: x_iK = 1 makes x a pure number; C_xy has the dimension of x times y."""
        context: Context = self.notation.context
        for a, b in context.facts:
            if isinstance(a, Elem):
                self.equal(self.of(a), self.of(b), "the stated equalities")
        for (row, column), c in context.covariances.items():
            if isinstance(c, Sym):
                self.equal(self.name(c.name), _plus(self.name(row), self.name(column)), "the covariances")

    # -- equations ---------------------------------------------------------------------------------

    def reduced(self, d: Dimension) -> Dimension:
        out: Dimension = {}
        for unit, e in d.items():
            known = self.solved.get(unit)
            out = _plus(out, {unit: e} if known is None else self.reduced(known), Fraction(1) if known is None else e)
        return out

    def equal(self, a: Dimension, b: Dimension, where: str) -> None:
        if a is ANY or b is ANY:
            return
        rest = self.reduced(_plus(a, b, -1))
        unknown = min((u for u in rest if u[0] == "?"), default=None)
        if unknown is not None:
            e = rest.pop(unknown)
            self.solved[unknown] = {u: -x / e for u, x in rest.items()}
        elif rest:
            raise Mixed(where)

    def shown(self, d: Dimension) -> str:
        d = self.reduced(d)
        if any(unit[0] == "?" for unit in d):
            return OPEN
        parts = [u if e == 1 else f"{u}^{e}" if e.denominator == 1 else f"{u}^({e})" for u, e in sorted(d.items())]
        return " ".join(parts) or "1"

    def told(self, d: Dimension) -> str:
        """In a sentence: "in Y^2", or "without a unit"."""
        shown = self.shown(d)
        return "without a unit" if shown == "1" else f"in {shown}"

    def name(self, name: str) -> Dimension:
        notation = self.notation
        if name in self.bound:
            return self.bound[name]
        if name in notation.dimensions:
            return parsed(notation.dimensions[name])
        if name == "oo":
            return ANY
        if name == "pi" or name in self.counts or name in notation.ranges or name in notation.values:
            return {}
        return {f"?{name}": Fraction(1)}

    def new(self, name: str) -> Dimension:
        return {f"?{name}#{next(self._fresh)}": Fraction(1)}

    # -- terms -------------------------------------------------------------------------------------

    def of(self, t: Term) -> Dimension:
        if isinstance(t, Num):
            return {} if t.value else ANY
        if isinstance(t, (Sym, Elem)):
            return self.name(t.name)
        if isinstance(t, Add):
            return self.sum_of(t)
        if isinstance(t, Mul):
            parts = [self.of(f) for f in t.factors]
            return ANY if any(p is ANY for p in parts) else _total(parts)
        if isinstance(t, Pow):
            return self.power(t)
        if isinstance(t, Fn):
            return self.function(t)
        if isinstance(t, App):
            for a in t.args:
                self.of(a)
            declared = self.notation.dimensions.get(t.name)
            return {f"?{t.key}": Fraction(1)} if declared is None else parsed(declared)
        if isinstance(t, (Sum, Prod)):
            return self.big(t)
        if isinstance(t, Over):
            return self.of(t.var)
        assert isinstance(t, (Int, Min)), t
        return self.integral(t)

    def sum_of(self, t: Add) -> Dimension:
        first: Dimension = ANY
        for part in t.terms:
            d = self.of(part)
            if first is ANY:
                first = d
            elif d is not ANY:
                self.equal(first, d, self.added(part, d, first))
        return first

    def added(self, part: Term, d: Dimension, to: Dimension) -> str:
        return f"${latex(part, self.notation)}$, {self.told(d)}, is added to a sum {self.told(to)}"

    def power(self, t: Pow) -> Dimension:
        base, e = self.of(t.base), self.whole(t.exponent)
        if base is ANY:
            return ANY
        if e is not None:
            return {u: x * e for u, x in base.items() if x * e}
        self.pure(t.exponent, "an exponent")
        self.equal(base, {}, f"${latex(t, self.notation)}$ raises {self.shown(base)} to a power that varies")
        return {}

    def pure(self, t: Term, what: str) -> None:
        d = self.of(t)
        self.equal(d, {}, f"${latex(t, self.notation)}$, {what}, is {self.told(d)}" if d is not ANY else "")

    def function(self, t: Fn) -> Dimension:
        if t.name == "exp":
            self.pure(t.args[0], "under an exponential")
            return {}
        if t.name == "ln":
            d = self.of(t.args[0])
            if d is not ANY:
                self.logs[t.args[0]] = d
            return {}
        if t.name in PURE:
            self.pure(t.args[0], f"under {t.name}")
            return {}
        if t.name in SAME:
            return self.of(t.args[0])
        if t.name in ("partial", "deriv"):
            return _plus(self.of(t.args[0]), self.of(t.args[1]), -1)
        for a in t.args:
            self.of(a)
        return self.new(t.name)

    def big(self, t: Sum | Prod) -> Dimension:
        low, high = self.whole(t.low), self.whole(t.high)
        known = low is not None and high is not None and low.denominator == high.denominator == 1
        members = range(int(low), int(high) + 1) if known and low is not None and high is not None else range(1, 4)
        if isinstance(t, Sum):  # the first, a middle and the last member show whether the dimension moves
            members = range(members.start, members.stop, max(1, (len(members) - 1) // 2 or 1))
        elif not known or len(members) > LONGEST:
            self.of(t.body)
            return self.new("product")
        found = [self.member(t, k) for k in members] or [{}]
        if isinstance(t, Prod):
            return ANY if any(d is ANY for d in found) else _total(found)
        for d in found[1:]:
            self.equal(found[0], d, self.added(t.body, d, found[0]))
        return found[0]

    def member(self, t: Sum | Prod, k: int) -> Dimension:
        saved = self.numbers
        self.numbers = {**saved, t.index: k}
        d = self.of(t.body)
        self.numbers = saved
        return d

    def integral(self, t: Int | Min) -> Dimension:
        """A variable of integration has its own dimension: rescaled, it is no longer the parameter it was."""
        saved = dict(self.bound)
        for o in t.over:
            var = _innermost(o.var)
            name = var.name if isinstance(var, (Sym, Elem)) else ""
            if name and name not in self.notation.dimensions and (name not in saved or isinstance(var, Sym)):
                self.bound[name] = self.new(name)
        out = self.of(t.body)
        for o in t.over:
            d = self.of(o.var)
            for end in (o.low, o.high):
                if not (isinstance(end, Fn) and end.name in ("lower", "upper")):
                    self.equal(
                        self.of(end),
                        d,
                        f"${latex(end, self.notation)}$, a limit of integration, is in another unit than its variable",
                    )
            if isinstance(t, Int) and out is not ANY:
                n = self.size(o)
                out = _plus(out, d, n) if n is not None else self.new("integral")
        self.bound = saved
        return out

    def size(self, o: Over) -> Fraction | None:
        if not o.index:
            return Fraction(1)
        first, last = self.whole(o.first), self.whole(o.last)
        inner = self.size(o.var) if isinstance(o.var, Over) else Fraction(1)
        return None if first is None or last is None or inner is None else (last - first + 1) * inner

    def whole(self, t: Term) -> Fraction | None:
        return whole(t, {**self.counts, **self.numbers})


def whole(t: Term, values: Mapping[str, int]) -> Fraction | None:
    """The value of a term in counts and indices; None for any other term.

    Examples
    --------
    >>> whole(Sym("K") * 2 - 1, {"K": 3})
    Fraction(5, 1)
    """
    if isinstance(t, Num):
        return t.value
    if isinstance(t, Sym):
        return Fraction(values[t.name]) if t.name in values else None
    if isinstance(t, Elem) and t.name in values:  # a family of whole numbers, such as widths: each its own
        index = [whole(i, values) for i in t.index]
        return values[t.name] + sum((3 * i for i in index if i is not None), Fraction(0)) if None not in index else None
    if isinstance(t, (Add, Mul)):
        total = Fraction(0 if isinstance(t, Add) else 1)
        for x in t.terms if isinstance(t, Add) else t.factors:
            value = whole(x, values)
            if value is None:
                return None
            total = total + value if isinstance(t, Add) else total * value
        return total
    if isinstance(t, Pow):
        base, e = whole(t.base, values), whole(t.exponent, values)
        if base is not None and e is not None and e.denominator == 1 and abs(e) < 20 and (base or e > 0):
            return base ** int(e)
    return None


def _innermost(t: Term) -> Term:
    return _innermost(t.var) if isinstance(t, Over) else t


def _plus(a: Dimension, b: Dimension, times: Fraction | int = 1) -> Dimension:
    if a is ANY or b is ANY:
        return ANY
    out = dict(a)
    for unit, e in b.items():
        out[unit] = out.get(unit, Fraction(0)) + e * times
    return {u: e for u, e in out.items() if e}


def _total(parts: list[Dimension]) -> Dimension:
    out: Dimension = {}
    for p in parts:
        out = _plus(out, p)
    return out
