"""Temperatures of several systems in one limit: each with its true leading law, ordered, every step a theorem."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cmp_to_key
from typing import TYPE_CHECKING, Any

from derive.claim import Comparison, Entry, Library, Rated, along, rewritten
from derive.errors import Conflict
from derive.kernel.context import Context
from derive.kernel.equivalents import through, together
from derive.kernel.growth import Growth, Limit
from derive.kernel.poly import Refusal
from derive.kernel.theorem import Statement, Theorem, asymptotic
from derive.numeric import NoNumber
from derive.points import far_quotient, instance
from derive.reader.printer import latex
from derive.term import Elem, Sym, Term, rebuild
from derive.unfold import read_latex, unfold
from derive.verdict import Ranking, Temperature

if TYPE_CHECKING:
    from derive.judging import Judge


@dataclass(frozen=True)
class _Placed:
    """A temperature on its path, with the theorem that says what it is equivalent to."""

    rated: Rated
    entry: Entry
    law: str
    theorem: Theorem


def ranking(comparison: Comparison, judge: Judge) -> Ranking:
    """Order the temperatures of a comparison, the highest first; what is not shown stands last, with the reason."""
    placed: list[_Placed] = []
    left: list[Temperature] = []
    for rated in comparison.rated:
        try:
            placed.append(_placed(rated, judge))
        except Refusal as e:
            left.append(_unplaced(rated, f"no leading law was proved ({e})"))
    limits: dict[tuple[int, int], Limit] = {}
    for a in range(len(placed)):
        for b in range(a + 1, len(placed)):
            limits[a, b] = _limit(placed[a], placed[b], judge)

    def against(a: int, b: int) -> int:
        return _sign(limits, a, b)

    order = sorted(range(len(placed)), key=cmp_to_key(against))
    rows, rank = [], 1
    for at, k in enumerate(order):
        x, after = placed[k], order[at + 1] if at + 1 < len(order) else None
        relation, factor = "", ""
        if after is not None:
            relation, factor = _shown(limits, k, after, placed)
        rows.append(
            Temperature(
                system=x.rated.system, claim=x.rated.claim, law=x.law, rank=rank, relation=relation, factor=factor,
                reason="; ".join(dict.fromkeys(x.theorem.steps)),
            )
        )  # fmt: skip
        rank += relation == "≫"
    return Ranking(title=comparison.title, regime=comparison.text, rows=(*rows, *left))


def unranked(comparison: Comparison, why: str) -> Ranking:
    """A comparison that was given up."""
    rows = tuple(_unplaced(r, why) for r in comparison.rated)
    return Ranking(title=comparison.title, regime=comparison.text, rows=rows)


def _unplaced(rated: Rated, why: str) -> Temperature:
    return Temperature(system=rated.system, claim=rated.claim, law="", rank=0, relation="", factor="", reason=why)


def _placed(rated: Rated, judge: Judge) -> _Placed:
    """The temperature of a system, its leading law, and the proof that they are equivalent."""
    entry = judge.library.entries[rated.claim.partition("#")[0]]
    regime, notation = entry.regime, entry.notation
    if regime is None:
        raise Refusal("no regime is declared")
    true = _read(rated.temperature, entry)
    law = judge.leading(true, entry)
    if law is None:
        raise Refusal("no leading term was found")
    context = notation.context
    sides = [along(t, regime.path) for t in (true, _read(law, entry))]
    if rated.own:
        names = {*notation.shapes, *context.least, "n"} - {regime.variable}
        sides, context = [_renamed(t, names) for t in sides], _own(context, names)
    s = Statement(sides[0], "~", sides[1], context, regime.variable)
    found = asymptotic(s, judge.decider.normal(context, coarse=True))
    if not isinstance(found, Theorem):
        raise Refusal("the leading term found is not equivalent to the temperature")
    return _Placed(rated, entry, law, found)


def _read(tex: str, entry: Entry) -> Term:
    return rewritten(unfold(read_latex(tex, entry.notation), entry.notation), entry.let)


def _limit(a: _Placed, b: _Placed, judge: Judge) -> Limit:
    """lim T_a/T_b, a theorem on the temperatures themselves through their leading laws."""
    first, second = a.theorem.statement, b.theorem.statement
    context = together(first.context, second.context)
    normal = judge.decider.normal(context, coarse=True)
    variable = first.variable or ""
    try:
        limit = Growth(normal, variable).limit(first.right, second.right)
        relation = {"infinite": "≫", "zero": "≪", "finite": "∝"}[limit.kind]
        between = asymptotic(Statement(first.right, relation, second.right, context, variable), normal)
        if not isinstance(between, Theorem):
            raise Refusal("the limit of the quotient was not confirmed")
        through(a.theorem, between, b.theorem)
    except Refusal as e:
        return Limit(f"not shown: {e}")
    _confirmed(a, b, limit, judge.library)
    return limit


def _confirmed(a: _Placed, b: _Placed, limit: Limit, library: Library) -> None:
    """The quotient of the temperatures themselves, far out, against its limit.

    Raises
    ------
    Conflict
        They contradict one another.
    """
    if a.rated.own or b.rated.own:
        return
    first, second = a.theorem.statement, b.theorem.statement
    both = replace(a.entry, notation=replace(a.entry.notation, context=together(first.context, second.context)))
    value = None if limit.value is None else limit.value.term
    try:
        point = instance(library, both, (first.left, second.left, *(() if value is None else (value,))), 1)
        sign, size = far_quotient(
            first.left, second.left if value is None else value * second.left, point, first.variable or ""
        )
    except NoNumber:
        return
    far = {"infinite": sign > 0 and size > 1, "zero": sign == 0 or size < -1, "finite": sign > 0 and abs(size) < 0.01}
    if not far[limit.kind]:
        raise Conflict(
            f"{a.rated.system} against {b.rated.system}: the quotient tends to {limit.kind}, and is not there far out"
        )


def _sign(limits: dict[tuple[int, int], Limit], a: int, b: int) -> int:
    """Highest first; those of one growth stay as they are declared."""
    if a == b:
        return 0
    if a > b:
        return -_sign(limits, b, a)
    return {"infinite": -1, "zero": 1}.get(limits[a, b].kind, 0)


def _shown(limits: dict[tuple[int, int], Limit], a: int, b: int, placed: list[_Placed]) -> tuple[str, str]:
    """How a temperature stands to the next lower one."""
    if a > b:
        back = limits[b, a]
        limit = Limit(
            {"infinite": "zero", "zero": "infinite"}.get(back.kind, back.kind), back.value and back.value.inverse()
        )
    else:
        limit = limits[a, b]
    if limit.kind == "infinite":
        return "≫", ""
    if limit.value is None:
        return "?", ""
    if placed[a].rated.own or placed[b].rated.own:
        return "∝", ""
    return "~", latex(limit.value.term, placed[a].entry.notation)


def _renamed(t: Term, names: set[str]) -> Term:
    """`t` with data and sizes of its own."""
    if isinstance(t, Sym):
        return Sym(f"{t.name}'") if t.name in names else t
    done = rebuild(t, lambda x: _renamed(x, names))
    return Elem(f"{done.name}'", done.index) if isinstance(done, Elem) and done.name in names else done


def _own(c: Context, names: set[str]) -> Context:
    def name(n: str) -> str:
        return f"{n}'" if n in names else n

    def go(t: Term) -> Term:
        return _renamed(t, names)

    more: dict[str, Any] = {
        "signs": {name(k): v for k, v in c.signs.items()}, "least": {name(k): v for k, v in c.least.items()},
        "facts": tuple((go(a), go(b)) for a, b in c.facts), "positive": tuple(map(go, c.positive)),
        "covariances": {}, "nonzero": frozenset(map(name, c.nonzero)),
    }  # fmt: skip
    return replace(c, **more)
