"""Temperatures in order, as a common scale c goes to infinity: one initializer and all energies, or the reverse.

A relation between two temperatures is proved where the kernel has the leading law of both and compares them. It is
supported where the comparison of the laws is a theorem and one of the laws rests on numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cmp_to_key, lru_cache
from typing import Any

import flint

from derive.errors import DeriveError
from derive.kernel.context import POSITIVE, Context
from derive.kernel.equivalents import through, together
from derive.kernel.growth import Growth, Limit
from derive.kernel.normal import Normal
from derive.kernel.poly import Refusal
from derive.kernel.theorem import Statement, Theorem, asymptotic
from derive.library import catalogue
from derive.numeric import NoNumber
from derive.reader.printer import latex
from derive.system import Energy, Initializer
from derive.term import ONE, Add, Elem, Fn, Int, Num, Pow, Sym, Term, exp, free, neg, rebuild, substitute
from derive.theory.asymptotics import EXPONENTIAL_ORDER
from derive.theory.loss import Loss
from derive.theory.numbers import value
from derive.theory.pair import NOTATION, temperature
from derive.theory.proofs import assumptions
from derive.theory.quadrature import BITS
from derive.theory.result import Temperature
from derive.theory.score import I
from derive.theory.tidy import normalized, tidy

COMMON = "c"
#: What every comparison assumes.
ASSUMED = (
    "every scale is c, and c → ∞ with the data fixed",
    "the last column of the data is 1, so that no score is certain",
    "E_f is finite and does not depend on c",
)
SIGNS = "targets are −1 or 1 for hinge losses and the exponential energy"


@dataclass(frozen=True)
class Row:
    """A temperature and how it stands to the next lower one.

    Attributes
    ----------
    name : the energy or the initializer that varies.
    law : leading law of T in LaTeX.
    rank : from 1 on; those that differ by a factor share one.
    relation : to the next row, "≫", "~", or "∝" where the factor depends on the data; "" for the last.
    factor : but for "≫", the limit of T of this row over T of the next, in LaTeX.
    verdict : of that relation, "proved" or "supported"; "" for the last.
    reason : what it rests on.
    """

    name: str
    law: str
    rank: int
    relation: str = ""
    factor: str = ""
    verdict: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Ordering:
    """One comparison: `fixed` is "initializer" or "energy", `name` which one."""

    fixed: str
    name: str
    rows: tuple[Row, ...]
    unplaced: tuple[tuple[str, str], ...]
    conditions: tuple[str, ...] = ASSUMED

    @property
    def chain(self) -> str:
        r"""The whole order in LaTeX."""
        out = []
        for r in self.rows:
            out.append(rf"T_{{\text{{{r.name.replace('_', ' ')}}}}}")
            if r.relation:
                factor = rf"{r.factor}\," if r.relation == "~" and r.factor != "1" else ""
                sign = {"≫": r"\gg", "~": r"\sim", "∝": r"\propto"}[r.relation]
                out.append(f"{sign} {factor}".rstrip())
        return " ".join(out)

    def as_json(self) -> dict[str, Any]:
        return {
            "fixed": self.fixed, "name": self.name, "chain": self.chain, "rows": [asdict(r) for r in self.rows],
            "unplaced": [{"name": n, "reason": why} for n, why in self.unplaced], "conditions": list(self.conditions),
        }  # fmt: skip


@dataclass(frozen=True)
class _Placed:
    """A temperature with its leading law; `theorem` says that the law is one, where the kernel has it."""

    name: str
    law: Term
    context: Context
    loss: Loss
    theorem: Theorem | None
    least: Term | None = None  #: a bound of an exponential law from below, free of the data
    even: bool = True


@lru_cache(maxsize=512)
def _temperature(energy: Energy, initializer: Initializer) -> Temperature:
    return temperature(energy, replace(initializer, scale=COMMON, width=None), check=False)


def _placed(name: str, energy: Energy, initializer: Initializer) -> _Placed | str:
    """The law, or why there is none."""
    try:
        t = _temperature(energy, initializer)
    except DeriveError as e:
        return str(e)
    law, theorem = t.leading, t.law_theorem
    if t.asymptotic is None or law is None or law.temperature is None or t.loss is None:
        return t.condition or "it has no leading law"
    least = None
    if law.order == EXPONENTIAL_ORDER and t.score.even:
        # every factor of a product of means of cosh is 1 or more, and that of the last column M(c)
        least = tidy(_exponentials(t.score.laws[0].mgf_at(Sym(COMMON))) / law.entropy)
    shown = law.temperature if theorem is None else theorem.statement.right
    return _Placed(name, shown, assumptions(t.loss, t.score), t.loss, theorem, least, t.score.even)


def _exponentials(t: Term) -> Term:
    """cosh and sinh written out."""
    t = rebuild(t, _exponentials)
    if isinstance(t, Fn) and t.name in ("cosh", "sinh"):
        (z,) = t.args
        return (exp(z) + exp(neg(z)) if t.name == "cosh" else exp(z) - exp(neg(z))) / 2
    return t


@dataclass(frozen=True)
class _Relation:
    kind: str  #: "infinite", "zero", "finite"
    factor: Term | None
    verdict: str
    reason: str


def _compared(a: _Placed, b: _Placed) -> _Relation | None:
    """How the temperatures stand to each other; None where it is not known."""
    found = _proved(a, b) or _by_laws(a, b)
    if found is None and a.least is not None and b.least is None:
        return _by_bound(a, b)
    if found is None and b.least is not None and a.least is None:
        back = _by_bound(b, a)
        return None if back is None else replace(back, kind="zero")
    return found


def _proved(a: _Placed, b: _Placed) -> _Relation | None:
    """Through the leading laws, both of them theorems."""
    if a.theorem is None or b.theorem is None:
        return None
    try:
        context = together(a.theorem.statement.context, b.theorem.statement.context)
        normal = Normal(context)
        limit = Growth(normal, COMMON).limit(a.law, b.law)
        relation = {"infinite": "≫", "zero": "≪", "finite": "∝"}[limit.kind]
        between = asymptotic(Statement(a.law, relation, b.law, context, COMMON), normal)
        if not isinstance(between, Theorem):
            return None
        through(a.theorem, between, b.theorem)
    except Refusal:
        return None
    return _Relation(limit.kind, _factor(limit, a, b), "proved", "the kernel has both laws and their comparison")


def _factor(limit: Limit, *of: _Placed) -> Term | None:
    """The limit of a quotient; where targets are −1 and 1, |y| = 1."""
    if limit.value is None:
        return None
    value = limit.value.term
    for x in of:
        value = _unsigned(value, x)
    return normalized(value, together(*(x.context for x in of)))


def _unsigned(t: Term, x: _Placed) -> Term:
    return _of_signs(t) if x.loss.targets == "sign" else t


def _of_signs(t: Term) -> Term:
    """y² = 1 and |y| = 1, at whatever index."""
    t = rebuild(t, _of_signs)
    even = isinstance(t, Pow) and isinstance(t.exponent, Num) and t.exponent.value % 2 == 0
    inner = t.base if isinstance(t, Pow) and even else t.args[0] if isinstance(t, Fn) and t.name == "abs" else None
    return ONE if isinstance(inner, Elem) and inner.name == "y" else t


class _Names:
    """Letters for what is positive and stays closed to the kernel: means of |u|, and constants with erf in them."""

    def __init__(self) -> None:
        self.table: dict[Term, Term] = {}

    def abstract(self, t: Term) -> Term:
        if isinstance(t, Int):
            return self._named(t, Elem(f"m{len(self.table)}", (I,)) if "i" in free(t) else None)
        if isinstance(t, Add) and free(t) <= {"pi", "euler"} and self._positive(t):
            return self._named(t, None)
        return rebuild(t, self.abstract)

    def _named(self, t: Term, name: Term | None) -> Term:
        return self.table.setdefault(t, name or Sym(f"m{len(self.table)}"))

    @staticmethod
    def _positive(t: Term) -> bool:
        with flint.ctx.workprec(BITS):
            return bool(value(t, {}) > 0)

    def back(self, t: Term) -> Term:
        """What the letters stand for, at whatever index they have."""
        known = {x.name: (x, of) for of, x in self.table.items() if isinstance(x, (Sym, Elem))}

        def go(x: Term) -> Term:
            if isinstance(x, (Sym, Elem)) and x.name in known:
                of = known[x.name][1]
                return substitute(of, {I: x.index[0]}) if isinstance(x, Elem) else of
            return rebuild(x, go)

        return go(t)

    @property
    def signs(self) -> dict[str, str]:
        return {x.name: POSITIVE for x in self.table.values() if isinstance(x, (Sym, Elem))}


def _by_laws(a: _Placed, b: _Placed) -> _Relation | None:
    """The kernel's comparison of two laws, not both of them theorems."""
    names = _Names()
    try:
        first, second = (_unsigned(names.abstract(x.law) if x.even else x.law, x) for x in (a, b))
        context = together(a.context, b.context)
        normal = Normal(replace(context, signs={**context.signs, **names.signs}))
        limit = Growth(normal, COMMON).limit(first, second)
        relation = {"infinite": "≫", "zero": "≪", "finite": "∝"}[limit.kind]
        found = asymptotic(Statement(first, relation, second, normal.context, COMMON), normal)
    except (Refusal, NoNumber):
        return None
    if not isinstance(found, Theorem):
        return None
    of = " and ".join(x.name for x in (a, b) if x.theorem is None)
    why = f"the kernel compares the laws; the law of {of} rests on numbers" if of else "the kernel compares the laws"
    factor = _factor(limit, a, b)
    return _Relation(limit.kind, None if factor is None else names.back(factor), "supported", why)


def _by_bound(a: _Placed, b: _Placed) -> _Relation | None:
    """An exponential law against a power, through its least value over the data."""
    assert a.least is not None
    names = _Names()
    try:
        least, law = (names.abstract(t) if x.even else t for t, x in ((a.least, a), (b.law, b)))
        context = together(a.context, b.context)
        normal = Normal(replace(context, signs={**context.signs, **names.signs}))
        found = asymptotic(Statement(least, "≫", law, normal.context, COMMON), normal)
    except (Refusal, NoNumber):
        return None
    if not isinstance(found, Theorem):
        return None
    why = f"{a.name} is at least what its constant column alone gives, and that outgrows {b.name} by the kernel"
    return _Relation("infinite", None, "supported", why)


def ordering(fixed: str, name: str, pairs: Iterable[tuple[str, Energy, Initializer]]) -> Ordering:
    """The temperatures of the pairs, highest first; what can't be placed is listed with the reason."""
    placed, unplaced = [], []
    for varied, energy, initializer in pairs:
        found = _placed(varied, energy, initializer)
        if isinstance(found, str):
            unplaced.append((varied, found))
        else:
            placed.append(found)
    known = {(a.name, b.name): _compared(a, b) for k, a in enumerate(placed) for b in placed[k + 1 :]}

    def missing(x: _Placed) -> int:
        return sum(r is None and x.name in pair for pair, r in known.items())

    while any(r is None for r in known.values()):
        worst = max(placed, key=missing)
        placed.remove(worst)
        known = {pair: r for pair, r in known.items() if worst.name not in pair}
        unplaced.append((worst.name, "how it stands to the others was not shown, for all data at once"))

    def against(a: _Placed, b: _Placed) -> int:
        here, back = known.get((a.name, b.name)), known.get((b.name, a.name))
        sign = {"infinite": -1, "zero": 1, "finite": 0}
        return sign[here.kind] if here else -sign[back.kind] if back else 0

    placed.sort(key=cmp_to_key(against))
    return Ordering(fixed, name, _rows(placed, known), tuple(unplaced), _conditions(fixed, placed))


def _rows(placed: Sequence[_Placed], known: dict[tuple[str, str], _Relation | None]) -> tuple[Row, ...]:
    rows, rank = [], 1
    for k, a in enumerate(placed):
        shown = Row(a.name, latex(tidy(_unsigned(a.law, a)), NOTATION), rank)
        if k + 1 < len(placed):
            b = placed[k + 1]
            r = known.get((a.name, b.name)) or known[b.name, a.name]
            assert r is not None
            turned = (a.name, b.name) not in known
            factor = r.factor if r.factor is None or not turned else tidy(ONE / r.factor)
            fixed = factor is None or not free(factor) & {"x", "y", "n"}
            shown = replace(
                shown, relation="≫" if r.kind != "finite" else "~" if fixed else "∝", verdict=r.verdict,
                reason=r.reason, factor="" if factor is None else latex(factor, NOTATION),
            )  # fmt: skip
            rank += r.kind != "finite"
        rows.append(shown)
    return tuple(rows)


def _conditions(fixed: str, placed: Sequence[_Placed]) -> tuple[str, ...]:
    signs = any(x.name in ("hinge", "squared_hinge", "exponential") for x in placed)
    return (*ASSUMED, SIGNS) if fixed == "initializer" and signs else ASSUMED


def by_initializer(name: str) -> Ordering:
    """All energies under one initializer."""
    known = catalogue()
    i = known.initializers[name]
    return ordering("initializer", name, [(e, energy, i) for e, energy in known.energies.items()])


def by_energy(name: str) -> Ordering:
    """All initializers under one energy."""
    known = catalogue()
    e = known.energies[name]
    return ordering("energy", name, [(i, e, one) for i, one in known.initializers.items()])


__all__ = ["Ordering", "Row", "by_energy", "by_initializer", "ordering"]
