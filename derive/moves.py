"""Moves by which a derivation goes on: each proposes a next line. The kernel proves it, or it is not shown.

A mean over the parameters, ⟨·⟩, is written `Fn("mean", …)` here; `Scene.spelled` says what it stands for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from derive.claim import Entry, along
from derive.errors import DeriveError, Unreadable
from derive.kernel.context import POSITIVE
from derive.kernel.growth import Growth
from derive.kernel.normal import Normal
from derive.kernel.poly import Ratio, Refusal, mono_term, reduced, to_term
from derive.reader.notation import Name, canonical
from derive.reader.printer import latex
from derive.rules.leading import leading_term
from derive.rules.normal_equations import stationary_point
from derive.term import (
    HALF,
    ONE,
    PI,
    TWO,
    Add,
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
    add,
    children,
    free,
    ln,
    mul,
    neg,
    rebuild,
    substitute,
    term,
    walk,
)
from derive.unfold import meaning, read_latex

if TYPE_CHECKING:
    from derive.judging import Judge

MEAN = "mean"
LONG = 160  # characters: a value any longer is not put in place of its name


@dataclass(frozen=True)
class Proposal:
    """A next line, what was used to get it, and how it stands to the line before."""

    line: Term
    rule: str = ""
    relation: str = "="
    steps: bool = True  #: the kernel's own names of its steps say more than the rule does
    path: bool = False  #: holds along the path of the limit only
    part: tuple[Term, Term] | None = None  #: what is replaced by what, if the step is no more than that


Move = Callable[[Term, "Scene"], Iterable[Proposal]]


@dataclass
class Scene:
    """What a move may look at."""

    judge: Judge
    entry: Entry
    kept: frozenset[str] = frozenset()  #: names that stand in the end too, and so are not replaced
    where: Mapping[str, str] = field(default_factory=dict)  #: name -> number of the equation that defines it
    worked: Mapping[str, str] = field(default_factory=dict)  #: name -> number of the equation that works it out
    over: tuple[Over, ...] = ()  #: ⟨f⟩ = ∫ f · density over these
    density: Term = ONE
    regime: bool = False  #: the end is reached in a limit

    def spelled(self, t: Term) -> Term:
        """`t` with every mean over the parameters written as the integral it is."""
        if self.over and isinstance(t, Fn) and t.name == MEAN:
            return Int(self.over, mul(self.spelled(t.args[0]), self.density))
        return rebuild(t, self.spelled)

    def full(self, t: Term) -> Term:
        return self.judge.full(self.spelled(t), self.entry)

    def normal_form(self, t: Term) -> Term | None:
        """As the kernel has it, its integrals done; names of the section stay."""
        normal = self.judge.decider.normal(self.entry.notation.context, coarse=self.regime)
        try:
            return normal.ratio(self.judge.full(self.spelled(t), self.entry)).term
        except (Refusal, Unreadable, ArithmeticError):
            return None

    def defined(self, t: Term) -> Term | None:
        """What a name means, where that holds no integral."""
        named = isinstance(t, Sym) and t.name in self.entry.notation.names
        return meaning(t.name, self.entry.notation) if named and not heavy(self.full(t)) else None  # type: ignore[attr-defined]

    def leading(self, whole: Term) -> Term:
        """Leading term of an unfolded quantity in the regime.

        Raises
        ------
        Refusal : it is not known.
        """
        regime, normal = self.entry.regime, self.judge.decider.normal(self.entry.notation.context, coarse=True)
        if regime is None:
            raise Refusal("no regime")
        return leading_term(Growth(normal, regime.variable), normal.ratio(along(whole, regime.path)), regime.variable)

    def equal(self, a: Term, b: Term) -> bool:
        return self.judge.decider.proves_equal(a, b, self.entry)

    def called(self, spelling: str, what: Term) -> Term:
        """A name of our own for a formula that looks better as declared than as it is read."""
        key = canonical(spelling)
        known = self.entry.notation.names.get(key)
        if known is None:
            named = self.entry.notation.extend(names={key: Name(spelling, what)})
            self.entry = replace(self.entry, notation=named)
            self.kept |= {key}
        return Sym(key)

    def parameters(self) -> frozenset[str]:
        return frozenset(_name(o) for o in self.over)


def _name(o: Over) -> str:
    var = o.var
    while isinstance(var, Over):
        var = var.var
    assert isinstance(var, (Sym, Elem))
    return var.name


# -- definitions ---------------------------------------------------------------------------------------


def by_definition(t: Term, scene: Scene) -> Iterable[Proposal]:
    """The names of a line by what they mean, one layer; in a composed line only those without an integral."""
    found: dict[Term, Term] = {}
    for x in walk(t):
        if not isinstance(x, Sym) or x in found or not _known(x, scene) or x.name.startswith(r"\overline"):
            continue  # a mean of data is its own best name
        inner = meaning(x.name, scene.entry.notation)
        if inner is None or inner == x or (x != t and heavy(scene.full(x))):
            continue
        found[x] = inner
    if found:
        words = ", ".join(_told(x, scene) for x in found)
        yield Proposal(substitute(t, found), f"definition{'s' if len(found) > 1 else ''} of {words}", steps=False)


def _told(x: Sym, scene: Scene) -> str:
    """A name, and the equation that defines it, which has to speak of an integral where the name does."""
    number = scene.where.get(x.name)
    return f"${latex(x, scene.entry.notation)}$" + (f", ({number})" if number else "")


def _moved(t: Term, scene: Scene) -> bool:
    """Whether the limit moves it: what it does not is a constant, and may keep its name."""
    regime = scene.entry.regime
    return not scene.regime or regime is None or along(t, regime.path) != t or regime.variable in free(t)


def _known(x: Sym, scene: Scene) -> bool:
    return x.name in scene.entry.notation.names and x.name not in scene.kept


def heavy(t: Term) -> bool:
    """Whether an integral or a least value stands in it."""
    return any(isinstance(x, (Int, Min)) for x in walk(t))


def by_value(t: Term, scene: Scene) -> Iterable[Proposal]:
    """In a composed line, the first name that stands for an integral or a least value, by what that comes to."""
    for x in walk(t):
        if isinstance(x, Sym) and x != t and _known(x, scene):
            whole = scene.full(x)
            if not heavy(whole) or not _moved(whole, scene):
                continue
            value = closed(whole, scene)
            if value is not None and len(latex(value, scene.entry.notation)) <= LONG:
                at = scene.worked.get(x.name)
                told = f"${latex(x, scene.entry.notation)}$" + (f", worked out at ({at})" if at else "")
                yield Proposal(substitute(t, {x: value}), f"value of {told}", part=(x, value))
                return


def by_values(t: Term, scene: Scene) -> Iterable[Proposal]:
    """A line that holds several integrals or least values: each by what it comes to."""
    nodes = [x for x in _tops(t) if isinstance(x, Int) or not scene.regime]
    if len(list(_tops(t))) > 1:
        values = {x: value for x in nodes if (value := closed(scene.full(x), scene)) is not None}
        changed = {x: v for x, v in values.items() if v != x}
        if changed:
            out = t
            for x, v in changed.items():
                out = _replaced(out, x, v)
            yield Proposal(out, "integrals worked out")


def _tops(t: Term) -> Iterable[Term]:
    if isinstance(t, (Int, Min)):
        yield t
    else:
        for c in children(t):
            yield from _tops(c)


def by_leading(t: Term, scene: Scene) -> Iterable[Proposal]:
    """In a composed line, the first name that the limit moves, by its leading term."""
    regime = scene.entry.regime
    if not scene.regime or regime is None:
        return
    for x in walk(t):
        if isinstance(x, Sym) and x != t and _known(x, scene) and _moved(whole := scene.full(x), scene):
            lead = scene.leading(whole)
            told = f"${latex(x, scene.entry.notation)}$"
            yield Proposal(substitute(t, {x: lead}), f"leading term of {told}: {regime.text}", "~", part=(x, lead))
            return


def on_path(t: Term, scene: Scene) -> Iterable[Proposal]:
    """The path of the limit put in."""
    regime = scene.entry.regime
    if (
        not scene.regime
        or regime is None
        or any(isinstance(x, Sym) and _known(x, scene) and _moved(scene.full(x), scene) for x in walk(t))
    ):
        return
    yield Proposal(along(t, regime.path), regime.text, steps=False, path=True)


def corners(t: Term, scene: Scene) -> Iterable[Proposal]:
    """ln(1 + eᶻ) under an integral as (z + |z|)/2, which is z or 0, in a limit that stretches z."""

    def corner(x: Term) -> Term:
        if isinstance(x, Fn) and x.name == "ln" and isinstance(x.args[0], Add) and x.args[0].terms[0] == ONE:
            rest = x.args[0].terms[1:]
            if len(rest) == 1 and isinstance(rest[0], Fn) and rest[0].name == "exp":
                (z,) = rest[0].args
                return (z + Fn("abs", (z,))) / 2
        return rebuild(x, corner)

    if scene.regime and heavy(t):
        yield Proposal(corner(t), "softplus by its corner", "~", steps=False)


def closed(whole: Term, scene: Scene) -> Term | None:
    """The closed form that the library offers, where the kernel proves it; else the kernel's own form."""
    for spelling in scene.entry.notation.closed.values():
        try:
            read = read_latex(spelling, scene.entry.notation)
            if scene.equal(whole, scene.full(read)):
                return read if isinstance(read, Add) else scene.called(spelling, read)
        except (Unreadable, DeriveError):
            continue
    return scene.normal_form(whole)


# -- means ---------------------------------------------------------------------------------------------


AS_MEAN = "written as a mean over the parameters; the mean is linear, the density normalized"


def as_mean(t: Term, scene: Scene) -> Iterable[Proposal]:
    """∫ E(μ) f(μ) dμ with a normalized f as ⟨E⟩, sums and constants taken out of it."""
    if scene.over or any(isinstance(x, Fn) and x.name == MEAN for x in walk(t)) or len(list(_tops(t))) > 1:
        return
    for x in walk(t):
        if isinstance(x, Int):
            for energy, density in _split(x.body):
                scene.over, scene.density = x.over, density
                if scene.equal(scene.full(Fn(MEAN, (ONE,))), ONE):
                    yield Proposal(_replaced(t, x, linear(energy, scene)), AS_MEAN, steps=False)
                    return
                scene.over, scene.density = (), ONE
            return


def _split(body: Term) -> Iterable[tuple[Term, Term]]:
    """Ways to read an integrand as energy times density."""
    if not isinstance(body, Mul):
        return
    if len(body.factors) == 2:
        a, b = body.factors
        yield (b, a) if isinstance(b, Fn) and b.name == "ln" else (a, b)
        yield b, a
    factors = list(_factors(body))
    weights = [f for f in factors if isinstance(f, Prod) or any(isinstance(x, Fn) and x.name == "exp" for x in walk(f))]
    for more in ([], [f for f in factors if f not in weights and not free(f)]):
        inside = [*weights, *more]
        yield mul(*(f for f in factors if f not in inside)), mul(*inside)


def _factors(t: Term) -> Iterable[Term]:
    if isinstance(t, Mul):
        for f in t.factors:
            yield from _factors(f)
    else:
        yield t


def _replaced(t: Term, old: Term, new: Term) -> Term:
    return new if t == old else rebuild(t, lambda c: _replaced(c, old, new))


def linear(t: Term, scene: Scene) -> Term:
    """⟨t⟩ with sums and what holds no parameter taken out."""
    names = scene.parameters()

    def mean(x: Term) -> Term:
        if not names & free(x):
            return x
        if isinstance(x, Add):
            return add(*map(mean, x.terms))
        if isinstance(x, Sum) and not names & (free(x.low) | free(x.high)):
            if not _members(x, names):
                return Sum(x.index, x.low, x.high, mean(x.body))
            terms = x.body.terms if isinstance(x.body, Add) else (x.body,)
            still = [y for y in terms if not names & free(y)]
            if still:  # a sum over the parameters themselves stays inside, but for what holds none
                moving = [y for y in terms if names & free(y)]
                whole = (Sum(x.index, x.low, x.high, add(*part)) for part in (still, moving))
                return add(next(whole), mean(next(whole)))
        if isinstance(x, Mul):
            factors = list(_factors(x))
            inside = [f for f in factors if names & free(f)]
            outside = [f for f in factors if not names & free(f)]
            if outside or len(inside) == 1:
                return mul(*outside, mean(mul(*inside)))
        return Fn(MEAN, (x,))

    return mean(t)


def _members(s: Sum, names: frozenset[str]) -> bool:
    """Whether a sum runs over the parameters themselves."""
    return any(isinstance(x, Elem) and x.name in names and Sym(s.index) in x.index for x in walk(s.body))


def logarithms(t: Term, scene: Scene) -> Iterable[Proposal]:
    """⟨ln of a product⟩ as a sum of means."""
    new = _each_mean(t, lambda x: linear(logarithm(x.args[0]), scene) if isinstance(x, Fn) and x.name == "ln" else None)
    if new is not None:
        yield Proposal(new, "logarithm of a product of positive factors; the mean is linear", steps=False)


def logarithm(t: Term) -> Term:
    """ln t, of a product as a sum.

    Examples
    --------
    >>> a, b = Sym("a"), Sym("b")
    >>> latex(logarithm(Fn("exp", (a,)) / (b * a)))
    'a-\\\\ln b-\\\\ln a'
    """
    if isinstance(t, Prod):
        return Sum(t.index, t.low, t.high, logarithm(t.body))
    if isinstance(t, Fn) and t.name == "exp":
        return t.args[0]
    if t == ONE:
        return Num(ONE.value - 1)
    if isinstance(t, Pow) and isinstance(t.exponent, Num):
        inner = logarithm(t.base)
        return add(*(_scaled(x, t.exponent) for x in (inner.terms if isinstance(inner, Add) else (inner,))))
    if isinstance(t, Mul) and not all(isinstance(f, Num) or f == PI for f in t.factors):
        logs = [logarithm(f) for f in _factors(t) if f != ONE]
        return add(*(y for x in logs for y in (x.terms if isinstance(x, Add) else (x,))))
    return ln(t)


def _scaled(t: Term, by: Num) -> Term:
    if isinstance(t, Mul) and isinstance(t.factors[0], Num):
        by, t = Num(by.value * t.factors[0].value), mul(*t.factors[1:])
    return t if by == ONE else Mul((by, t))


def squares(t: Term, scene: Scene) -> Iterable[Proposal]:
    """⟨(u + v)²⟩ = ⟨u²⟩ + 2v⟨u⟩ + v² for a v without parameters."""
    names = scene.parameters()

    def multiplied(x: Term) -> Term | None:
        if not (isinstance(x, Pow) and x.exponent == TWO and isinstance(x.base, Add)):
            return None
        terms = [y for part in x.base.terms for y in (part.terms if isinstance(part, Add) else (part,))]
        u = [y for y in terms if names & free(y)]
        v = [y for y in terms if not names & free(y)]
        if not u or not v:
            return None
        moving, still = add(*u), add(*v)
        square = _plus(still) ** 2
        return Add((Fn(MEAN, (moving**2,)), mul(TWO, still, Fn(MEAN, (moving,))), square))

    new = _each_mean(t, multiplied)
    if new is not None:
        yield Proposal(new, "the square multiplied out; the mean is linear", steps=False)


def _plus(t: Term) -> Term:
    """−a as a, where only the square counts."""
    if isinstance(t, Mul) and isinstance(t.factors[0], Num) and t.factors[0].value < 0:
        return _scaled(mul(*t.factors[1:]), Num(-t.factors[0].value))
    return t


def moments(t: Term, scene: Scene) -> Iterable[Proposal]:
    """Each mean by its value."""

    def value(x: Term) -> Term | None:
        found = scene.normal_form(Fn(MEAN, (x,)))
        return None if found is None or heavy(found) else found

    new = _each_mean(t, value)
    if new is not None:
        yield Proposal(new)


def _each_mean(t: Term, change: Callable[[Term], Term | None]) -> Term | None:
    """`t` with each mean that `change` has something for replaced; None where it has nothing."""
    changed = False

    def go(x: Term) -> Term:
        nonlocal changed
        if isinstance(x, Fn) and x.name == MEAN:
            new = change(x.args[0])
            if new is not None:
                changed = True
                return new
            return x
        return rebuild(x, go)

    out = go(t)
    return out if changed else None


# -- least values, integrals ---------------------------------------------------------------------------


def at_the_minimum(t: Term, scene: Scene) -> Iterable[Proposal]:
    """A least value as the value at the stationary point."""
    normal = scene.judge.decider.normal(scene.entry.notation.context)
    for x in walk(t):
        if not isinstance(x, Min) or not _moved(scene.full(x), scene):
            continue
        variables: list[Term] = []
        for o in x.over:
            first, last = (normal.poly(y).number for y in (o.first, o.last))
            if not o.index:
                variables.append(o.var)
            elif first is not None and last is not None and last - first < 4:
                variables += [substitute(o.var, {Sym(o.index): term(k)}) for k in range(int(first), int(last) + 1)]
            else:
                return
        found = stationary_point(variables, scene.full(x.body), normal)
        if found:
            point = {v: _simplest(normal.ratio(p), normal) for v, p in found.items()}
            yield Proposal(_replaced(t, x, substitute(x.body, point)), "the values at the stationary point put in")
        return


def _simplest(r: Ratio, normal: Normal) -> Term:
    """A quotient freed of common factors, its denominator positive where that is known."""
    top, bottom, both = reduced(r)
    if normal.sign(-bottom) == POSITIVE:
        top, bottom = -top, -bottom
    return mul(mono_term(both), to_term(top), Pow(to_term(bottom), Num(-ONE.value)))


def evaluated(t: Term, scene: Scene) -> Iterable[Proposal]:
    """The first integral or least value by its normal form."""
    for x in walk(t):
        if isinstance(x, (Int, Min)) or (isinstance(x, Fn) and x.name == MEAN and scene.over):
            if isinstance(x, Min) and not _moved(scene.full(x), scene):
                continue
            found = scene.normal_form(x)
            if found is not None and found != x:
                yield Proposal(_replaced(t, x, found))
            return


MOVES: tuple[Move, ...] = (
    by_definition, by_value, by_values, as_mean, logarithms, squares, moments, at_the_minimum, evaluated, corners, evaluated,
    by_leading, on_path,
)  # fmt: skip
