"""The syntax tree: what a printed formula says, with nothing simplified.

SymPy cancels and reorders while it builds, so a wrong middle step could vanish before anybody looked at it.
These nodes never evaluate; `derive.kernel` gives them their one normal form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar


class Term:
    """A node. Immutable, hashable, compared by structure."""

    __match_args__: ClassVar[tuple[str, ...]] = ()  #: names of its parts

    @cached_property
    def key(self) -> str:
        """A string that two terms share exactly when they are the same term; orders terms too."""
        return f"{type(self).__name__}({','.join([_key(getattr(self, name)) for name in self.__match_args__])})"

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Term) and self.key == other.key

    def __add__(self, other: Term | int) -> Term:
        return Add((self, term(other)))

    def __sub__(self, other: Term | int) -> Term:
        return Add((self, neg(term(other))))

    def __mul__(self, other: Term | int) -> Term:
        return Mul((self, term(other)))

    def __radd__(self, other: int) -> Term:
        return Add((term(other), self))

    def __rsub__(self, other: int) -> Term:
        return Add((term(other), neg(self)))

    def __rmul__(self, other: int) -> Term:
        return Mul((term(other), self))

    def __rtruediv__(self, other: int) -> Term:
        return Mul((term(other), Pow(self, Num(Fraction(-1)))))

    def __truediv__(self, other: Term | int) -> Term:
        return Mul((self, Pow(term(other), Num(Fraction(-1)))))

    def __pow__(self, other: Term | int) -> Term:
        return Pow(self, term(other))

    def __neg__(self) -> Term:
        return neg(self)


def _key(value: Any) -> str:
    if isinstance(value, Term):
        return value.key
    if isinstance(value, tuple):
        return "[" + ",".join(map(_key, value)) + "]"
    return str(value)


@dataclass(frozen=True, eq=False)
class Num(Term):
    """A rational number."""

    value: Fraction


@dataclass(frozen=True, eq=False)
class Sym(Term):
    """A scalar symbol (`sigma`, `K`), a constant (`pi`, `oo`) or a named quantity (`T`)."""

    name: str


@dataclass(frozen=True, eq=False)
class Elem(Term):
    """An element of an indexed family: `x[i, j]`, `sigma[1]`."""

    name: str
    index: tuple[Term, ...]


@dataclass(frozen=True, eq=False)
class Add(Term):
    terms: tuple[Term, ...]


@dataclass(frozen=True, eq=False)
class Mul(Term):
    """A product. The order is kept: inside a trace it matters."""

    factors: tuple[Term, ...]


@dataclass(frozen=True, eq=False)
class Pow(Term):
    base: Term
    exponent: Term


@dataclass(frozen=True, eq=False)
class Fn(Term):
    """A function the engine knows: exp, ln, abs, tanh, tr, d (a differential)."""

    name: str
    args: tuple[Term, ...]


@dataclass(frozen=True, eq=False)
class App(Term):
    """A function the paper leaves open, applied: `f(mu)`, `P(x, y)`."""

    name: str
    args: tuple[Term, ...]


@dataclass(frozen=True, eq=False)
class Sum(Term):
    """Sum of `body` for `index` from `low` to `high`."""

    index: str
    low: Term
    high: Term
    body: Term


@dataclass(frozen=True, eq=False)
class Prod(Term):
    """Product of `body` for `index` from `low` to `high`."""

    index: str
    low: Term
    high: Term
    body: Term


@dataclass(frozen=True, eq=False)
class Over(Term):
    """One integration variable with its domain, or a whole family of them.

    `Over(mu[j], a, b, "j", 1, K)` stands for d mu_1 … d mu_K; a plain variable has the index "". Where `var` is an Over
    itself, the family has a further index.
    """

    var: Term
    low: Term
    high: Term
    index: str = ""
    first: Term = Num(Fraction(1))
    last: Term = Num(Fraction(1))


@dataclass(frozen=True, eq=False)
class Int(Term):
    """Integral of `body` over all of `over`."""

    over: tuple[Over, ...]
    body: Term


@dataclass(frozen=True, eq=False)
class Min(Term):
    """Least value of `body` over the variables `over` (each on the whole line)."""

    over: tuple[Over, ...]
    body: Term


ZERO, ONE, TWO = Num(Fraction(0)), Num(Fraction(1)), Num(Fraction(2))
HALF = Num(Fraction(1, 2))
PI, INF = Sym("pi"), Sym("oo")
MINUS_INF = Mul((Num(Fraction(-1)), INF))


def term(value: Term | int | Fraction) -> Term:
    return value if isinstance(value, Term) else Num(Fraction(value))


def neg(t: Term) -> Term:
    return Mul((Num(Fraction(-1)), t))


def exp(t: Term) -> Term:
    return Fn("exp", (t,))


def ln(t: Term) -> Term:
    return Fn("ln", (t,))


def sqrt(t: Term) -> Term:
    return Pow(t, HALF)


def add(*ts: Term) -> Term:
    return ts[0] if len(ts) == 1 else Add(tuple(ts)) if ts else ZERO


def mul(*ts: Term) -> Term:
    return ts[0] if len(ts) == 1 else Mul(tuple(ts)) if ts else ONE


def children(t: Term) -> Iterator[Term]:
    for name in t.__match_args__:
        value = getattr(t, name)
        if isinstance(value, Term):
            yield value
        elif isinstance(value, tuple):
            yield from (v for v in value if isinstance(v, Term))


def rebuild(t: Term, change: Callable[[Term], Term]) -> Term:
    """`t` with `change` applied to each child; `t` itself where that changes none."""
    new, same = [], True
    for name in t.__match_args__:
        old = getattr(t, name)
        value = old
        if isinstance(old, Term):
            value = change(old)
        elif isinstance(old, tuple):
            value = tuple([change(v) if isinstance(v, Term) else v for v in old])
            if all(a is b for a, b in zip(old, value, strict=True)):
                value = old
        same = same and value is old
        new.append(value)
    return t if same else type(t)(*new)


def walk(t: Term) -> Iterator[Term]:
    """`t` and everything below it, outermost first."""
    yield t
    for child in children(t):
        yield from walk(child)


def bound_in(t: Term) -> frozenset[str]:
    """Names that `t` itself binds (not those bound further down)."""
    if isinstance(t, (Sum, Prod)):
        return frozenset({t.index})
    if isinstance(t, Over):
        return frozenset({t.index}) if t.index else frozenset()
    if isinstance(t, (Int, Min)):
        return frozenset(o.var.name for o in t.over if isinstance(o.var, Sym))
    return frozenset()


def free(t: Term) -> frozenset[str]:
    """Names of the symbols free in `t`; of a family, its name and its free indices.

    Examples
    --------
    >>> i = Sym("i")
    >>> sorted(free(Sum("i", ONE, Sym("n"), Elem("x", (i, Sym("j"))))))
    ['j', 'n', 'x']
    """
    cached = t.__dict__.get("_free")
    if cached is not None:
        return cached
    if isinstance(t, Sym):
        result = frozenset({t.name})
    elif isinstance(t, Elem):
        result = frozenset({t.name}).union(*(free(i) for i in t.index))
    elif isinstance(t, (Sum, Prod)):
        result = free(t.low) | free(t.high) | (free(t.body) - {t.index})
    elif isinstance(t, Over):
        result = _over_free(t)
    elif isinstance(t, (Int, Min)):
        ends = frozenset().union(*(_over_free(o) for o in t.over))
        result = ends | (free(t.body) - bound_in(t))
    else:
        result = frozenset().union(*(free(c) for c in children(t)))
    t.__dict__["_free"] = result
    return result


def _over_free(o: Over) -> frozenset[str]:
    inner = free(o.low) | free(o.high)
    if isinstance(o.var, Elem):
        inner |= frozenset().union(*(free(i) for i in o.var.index))
    elif isinstance(o.var, Over):
        inner |= free(o.var)
    return (inner - {o.index}) | free(o.first) | free(o.last)


_fresh = 0


def fresh(stem: str) -> str:
    """A bound name that no reader can produce."""
    global _fresh
    _fresh += 1
    return f"{stem.rstrip('#0123456789')}#{_fresh}"


def substitute(t: Term, table: dict[Term, Term]) -> Term:
    """Replace terms, never inside the reach of a binder of the same name, never capturing.

    Examples
    --------
    >>> s = Sum("i", ONE, Sym("n"), Elem("x", (Sym("i"),)))
    >>> substitute(s, {Sym("i"): ONE}) == s
    True
    """
    if t in table:
        return table[t]
    names = bound_in(t)
    if isinstance(t, (Sum, Prod)) and t.index in free(t.low) | free(t.high):
        low, high = (substitute(x, table) for x in (t.low, t.high))  # the limits stand outside the binder
        inner = {k: v for k, v in table.items() if not (isinstance(k, Sym) and k.name == t.index)}
        index = fresh(t.index)
        body = substitute(t.body, {Sym(t.index): Sym(index)})
        return type(t)(index, low, high, substitute(body, inner))
    if names:
        table = {k: v for k, v in table.items() if not (isinstance(k, Sym) and k.name in names)}
        if not table:
            return t
        incoming = frozenset().union(*(free(v) for v in table.values()))
        clash = names & incoming
        if clash:
            t = rename(t, {name: fresh(name) for name in clash})
    return rebuild(t, lambda c: substitute(c, table))


def rename(t: Term, names: dict[str, str]) -> Term:
    """Rename bound names of the node `t` itself."""
    table: dict[Term, Term] = {Sym(a): Sym(b) for a, b in names.items()}
    if isinstance(t, (Sum, Prod)):
        return type(t)(names.get(t.index, t.index), t.low, t.high, substitute(t.body, table))
    if isinstance(t, Over):
        var, low, high = (substitute(x, table) for x in (t.var, t.low, t.high))
        return Over(var, low, high, names.get(t.index, t.index), t.first, t.last)
    if isinstance(t, (Int, Min)):
        renamed = {Sym(a): Sym(b) for a, b in names.items()}
        over = tuple(Over(renamed.get(o.var, o.var), o.low, o.high, o.index, o.first, o.last) for o in t.over)  # type: ignore[call-overload]
        return type(t)(over, substitute(t.body, table))
    return t
