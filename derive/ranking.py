"""Temperatures of several systems in one limit: each with its true leading law, ordered, every step a theorem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cmp_to_key
from typing import TYPE_CHECKING, Any

from derive.claim import Comparison, Entry, Library, Rated, along
from derive.errors import Conflict, Unreadable
from derive.kernel.context import Context, Recursion
from derive.kernel.equivalents import through, together
from derive.kernel.growth import Growth, Limit
from derive.kernel.poly import Refusal
from derive.kernel.theorem import Statement, Theorem, asymptotic
from derive.numeric import NoNumber
from derive.numeric.table import logarithms
from derive.points import far_quotient, instance
from derive.reader.printer import latex
from derive.term import Elem, Sym, Term, bound_in, rebuild, walk
from derive.unfold import read_latex
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
    alone: Term  #: the law on its path, in the letters of its own section


def ranking(comparison: Comparison, judge: Judge, printed: Mapping[str, str] | None = None) -> Ranking:
    """Order the temperatures of a comparison, the highest first; what is not shown stands last, with the reason.

    `printed` has the right sides of the claims that are named, as LaTeX of the copy at hand.
    """
    printed = printed or {}
    placed: list[_Placed] = []
    left: list[tuple[Temperature, Rated]] = []
    for rated in comparison.rated:
        try:
            placed.append(_placed(rated, judge, comparison.variable))
        except Refusal as e:
            left.append((_unplaced(rated, f"no leading law was proved ({e})"), rated))
    curves = _curves(placed, judge.library)
    limits: dict[tuple[int, int], Limit] = {}
    for a in range(len(placed)):
        for b in range(a + 1, len(placed)):
            limits[a, b] = _limit(placed[a], placed[b], judge)
    order = list(range(len(placed)))
    while gaps := {
        k: sum(_open(limits, k, o) for o in order) for k in order if any(_open(limits, k, o) for o in order)
    }:
        worst = max(gaps, key=lambda k: (gaps[k], k))
        order.remove(worst)
        rated = placed[worst].rated
        left.append((_unplaced(rated, "its place among the others was not shown"), rated))

    def against(a: int, b: int) -> int:
        return _sign(limits, a, b)

    order.sort(key=cmp_to_key(against))
    rows, rank = [], 1
    for at, k in enumerate(order):
        x, after = placed[k], order[at + 1] if at + 1 < len(order) else None
        relation, factor = "", ""
        if after is not None:
            relation, factor = _shown(limits, k, after, placed)
        rows.append(
            Temperature(
                system=x.rated.system, claim=x.rated.claim, law=x.law, rank=rank, relation=relation, factor=factor,
                reason="; ".join(dict.fromkeys(x.theorem.steps)), curve=curves.get(x.rated.system, ()),
                **_claimed(x.rated, printed, judge),
            )
        )  # fmt: skip
        rank += relation == "≫"
    return Ranking(
        title=comparison.title,
        regime=comparison.text,
        variable=comparison.variable,
        rows=(*rows, *(replace(x, **_claimed(r, printed, judge)) for x, r in left)),
    )


def unranked(comparison: Comparison, why: str) -> Ranking:
    """A comparison that was given up."""
    rows = tuple(_unplaced(r, why) for r in comparison.rated)
    return Ranking(title=comparison.title, regime=comparison.text, variable=comparison.variable, rows=rows)


def _unplaced(rated: Rated, why: str) -> Temperature:
    return Temperature(system=rated.system, claim=rated.claim, law="", rank=0, relation="", factor="", reason=why)


def _placed(rated: Rated, judge: Judge, common: str) -> _Placed:
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
    variable, alone = regime.variable, sides[1]
    if rated.own:
        table = _letters(sides, entry, variable, common)
        sides, context, variable = [_renamed(t, table) for t in sides], _own(context, table), common
    s = Statement(sides[0], "~", sides[1], context, variable)
    found = asymptotic(s, judge.decider.normal(context, coarse=True))
    if not isinstance(found, Theorem):
        raise Refusal("the leading term found is not equivalent to the temperature")
    return _Placed(rated, entry, law, found, alone)


#: Where the laws are drawn: from 2 on a scale is large enough that its logarithm is positive.
SCALES = tuple(2**k for k in range(1, 15))


def _curves(placed: list[_Placed], library: Library) -> dict[str, tuple[tuple[str, str], ...]]:
    """The laws at sample data: the same for all systems but those that have data of their own."""
    alike = [x for x in placed if not x.rated.own]
    out = {}
    for x in placed:
        same = [x] if x.rated.own else alike
        try:
            point = instance(library, same[0].entry, tuple(s.alone for s in same), 1)
        except NoNumber:
            continue
        variable = x.entry.regime.variable if x.entry.regime else ""
        out[x.rated.system] = logarithms(x.alone, point, variable, SCALES)
    return out


def _claimed(rated: Rated, printed: Mapping[str, str], judge: Judge) -> dict[str, Any]:
    """The printed law, judged as a law of the temperature itself, whatever the lines before it say."""
    entry, tex = judge.library.entries[rated.claim.partition("#")[0]], printed.get(rated.claim, "")
    if not tex:
        return {}
    try:
        outcome = judge.decider.decide(_read(rated.temperature, entry), rated.relation, _read(tex, entry), entry)
    except Unreadable as e:
        return {"printed": tex, "told": f"not read ({e})"}
    return {"printed": tex, "verdict": outcome.status, "told": outcome.reason}


def _read(tex: str, entry: Entry) -> Term:
    return entry.unfolded(read_latex(tex, entry.notation))


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


def _open(limits: dict[tuple[int, int], Limit], a: int, b: int) -> bool:
    return a != b and limits[min(a, b), max(a, b)].kind not in ("infinite", "zero", "finite")


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
    assert limit.value is not None
    if placed[a].rated.own or placed[b].rated.own:
        return "∝", ""
    return "~", latex(limit.value.term, placed[a].entry.notation)


def _letters(sides: list[Term], entry: Entry, variable: str, common: str) -> dict[str, str]:
    """New names for the data and the sizes of a system, and the common one for its variable."""
    bound = {n for t in sides for x in walk(t) for n in bound_in(x)}
    own = {*entry.notation.shapes, *entry.notation.context.least, "n"} - bound
    return {n: f"{n}'" for n in own} | {variable: common}


def _renamed(t: Term, table: Mapping[str, str]) -> Term:
    if isinstance(t, Sym):
        return Sym(table.get(t.name, t.name))
    done = rebuild(t, lambda x: _renamed(x, table))
    return Elem(table.get(done.name, done.name), done.index) if isinstance(done, Elem) else done


def _own(c: Context, table: Mapping[str, str]) -> Context:
    """A context in the new names, without what it says of covariances."""

    def name(n: str) -> str:
        return table.get(n, n)

    def go(t: Term) -> Term:
        return _renamed(t, table)

    def element(t: Elem) -> Elem:
        return Elem(name(t.name), tuple(map(go, t.index)))

    return replace(
        c,
        signs={name(k): v for k, v in c.signs.items()},
        least={name(k): v for k, v in c.least.items()},
        facts=tuple((go(a), go(b)) for a, b in c.facts),
        positive=tuple(map(go, c.positive)),
        nonzero=frozenset(map(name, c.nonzero)),
        covariances={},
        recursions=tuple(
            Recursion(element(r.element), r.first, go(r.value), go(r.step), go(r.closed)) for r in c.recursions
        ),
    )
