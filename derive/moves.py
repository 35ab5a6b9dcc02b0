"""Moves by which a derivation goes on: each proposes a next line. The kernel proves it, or it is not shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from derive.claim import along
from derive.errors import DeriveError, Unreadable
from derive.kernel.context import POSITIVE
from derive.kernel.normal import Normal
from derive.kernel.poly import Ratio, mono_term, reduced, to_term
from derive.reader.printer import latex
from derive.rules.normal_equations import stationary_point
from derive.term import (
    ONE,
    Add,
    Fn,
    Int,
    Min,
    Num,
    Pow,
    Sym,
    Term,
    free,
    mul,
    rebuild,
    substitute,
    term,
    walk,
)
from derive.unfold import meaning, read_latex

if TYPE_CHECKING:
    pass

from derive.means import as_mean, logarithms, moments, squares
from derive.scene import LONG, MEAN, Move, Proposal, Scene, heavy, put, tops

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
        words = ", ".join(_told(x, scene) for x in found if isinstance(x, Sym))
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
    nodes = [x for x in tops(t) if isinstance(x, Int) or not scene.regime]
    if len(list(tops(t))) > 1:
        values = {x: value for x in nodes if (value := closed(scene.full(x), scene)) is not None}
        changed = {x: v for x, v in values.items() if v != x}
        if changed:
            out = t
            for x, v in changed.items():
                out = put(out, x, v)
            yield Proposal(out, "integrals worked out")


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
    if not scene.regime or regime is None:
        return
    named = (x for x in walk(t) if isinstance(x, Sym) and _known(x, scene))
    if any(_moved(scene.full(x), scene) for x in named):  # it would stay behind
        return
    spelled = {x: value for x, value in scene.ours.items() if _moved(value, scene)}
    yield Proposal(along(substitute(t, spelled), regime.path), regime.text, steps=False, path=True)


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
            yield Proposal(put(t, x, substitute(x.body, point)), "the values at the stationary point put in")
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
                yield Proposal(put(t, x, found))
            return


MOVES: tuple[Move, ...] = (
    by_definition, by_value, by_values, as_mean, logarithms, squares, moments, at_the_minimum, evaluated, corners,
    evaluated, by_leading, on_path,
)  # fmt: skip
