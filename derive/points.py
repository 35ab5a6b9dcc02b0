"""Numeric points for a claim, and second opinions from numbers that know nothing of the proof."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from derive.claim import Entry, Library
from derive.errors import Conflict, DeriveError
from derive.kernel.context import Context
from derive.kernel.definedness import Need
from derive.kernel.grid import Grid
from derive.kernel.normal import Normal
from derive.kernel.poly import Refusal
from derive.kernel.rate import rate
from derive.kernel.theorem import Statement
from derive.numeric import Instance, NoNumber, enclose, quadrature, sample
from derive.numeric.exact import exact
from derive.numeric.instance import recurred, smallest
from derive.numeric.logarithmic import log_value
from derive.paths import put_in, without_minima
from derive.reader.notation import Notation
from derive.reader.printer import latex
from derive.rules.antiderivative import antiderivative
from derive.rules.normal_equations import stationary_point
from derive.term import (
    INF,
    MINUS_INF,
    App,
    Elem,
    Fn,
    Int,
    Min,
    Num,
    Over,
    Sum,
    Sym,
    Term,
    add,
    free,
    rebuild,
    substitute,
    term,
    walk,
)
from derive.wellformed import parameters, unbound

DIGITS = 30
POINTS = 3
LAYERS = 8  # members of a recursion that are worked out
FAR = 10**6  # the largest exponent k at which quotients are looked at, σ = 10^k
WALL = 300_000  # values of an integrand that a second opinion may cost


def instance(library: Library, entry: Entry, terms: tuple[Term, ...], seed: int, grow: int = 0) -> Instance:
    """An exact point inside the assumptions with a value for every name in `terms`.

    `grow` adds to every size, so that a claim is tried beyond its smallest case, where much is equal by accident.
    """
    notation = entry.notation
    names: set[str] = set()
    for t in terms:
        names |= free(t) | {x.name for x in walk(t) if isinstance(x, (Elem, Sym))}
    sizes = {**library.sizes, **entry.sizes}
    context = notation.context
    steps = [t for r in context.recursions if r.element.name in names for t in (r.value, r.step)]
    terms = (*terms, *steps)
    names |= {x.name for t in steps for x in walk(t) if isinstance(x, (Elem, Sym))}
    names -= {r.element.name for r in context.recursions}  # never drawn: see `settled`
    whole = sorted((n, least) for n, least in context.least.items() if n not in notation.shapes)
    for k, (name, least) in enumerate(whole):
        sizes[name] = max(sizes.get(name, least), least) + grow * (k % 2 + 1) % 3
    names -= parameters(notation) - set().union(*(unbound(t) for t in terms))
    names |= {f.name for left, _ in context.facts for f in walk(left) if isinstance(f, Elem)} & set(notation.shapes)
    plain = {x.name for t in terms for x in walk(t) if isinstance(x, Sym)}
    plain -= {x.name for t in terms for x in walk(t) if isinstance(x, Elem)}
    shapes: dict[str, Any] = {n: notation.shapes[n] for n in sorted(names - plain) if n in notation.shapes}
    scalars = {
        n.name
        for t in terms
        for n in walk(t)
        if isinstance(n, Sym) and n.name in free(t) - set(sizes) - set(notation.ranges) - {"pi", "oo"}
    }
    matrices = {n for n in scalars if n in library.matrices}
    if matrices:
        shapes.update({n: notation.shapes[n] for n in ("x", "y") if n in notation.shapes})
    shapes.update({n: () for n in sorted(scalars - matrices) if n not in shapes})
    numeric = Context(
        context.signs, context.least, tuple(f for f in context.facts if isinstance(f[0], Elem)), context.wild
    )
    point = sample(numeric, sizes, shapes, seed)
    chosen = {
        name: {k: values[(seed + sum(k)) % len(values)] for k in point.families[name]}
        for name, values in notation.values.items()
        if name in point.families
    }
    tried = {n: v[seed % len(v)] for n, v in notation.values.items() if n in point.scalars}
    point = replace(
        point, matrices=library.matrices, families={**point.families, **chosen}, scalars={**point.scalars, **tried}
    )
    return library.complete(point) if library.complete else point


def sampled(t: Term, library: Library, notation: Notation, seed: int) -> Term:
    """`t` with sample functions for those the paper leaves open, differentials as numbers, free indices pinned."""
    pinned: dict[Term, Term] = {Sym(i): term(1 + seed % 2) for i in free(t) & set(notation.ranges)}

    def go(x: Term) -> Term:
        if isinstance(x, App):
            known = _sample(x, library)
            return known(*map(go, x.args)) if known else rebuild(x, go)
        if isinstance(x, Int):
            whole = {o.var.name for o in x.over if isinstance(o.var, Sym)}
            if any(isinstance(e, Elem) and e.name in whole for e in walk(x.body)):
                raise NoNumber("an integral over a whole vector whose components stand in it")
        if isinstance(x, Over) and isinstance(x.low, Fn) and x.low.name == "lower":
            return Over(x.var, MINUS_INF, INF, x.index, x.first, x.last)
        if isinstance(x, Fn) and x.name == "d" and isinstance(x.args[0], (Sym, Elem)):
            inner = x.args[0]
            return Sym(f"d_{inner.name}") if isinstance(inner, Sym) else Elem(f"d_{inner.name}", inner.index)
        return rebuild(x, go)

    return go(substitute(t, pinned) if pinned else t)


def _sample(x: App, library: Library) -> Callable[..., Term] | None:
    """The sample of an open function; of its derivatives f'1, f'2, … those of the sample."""
    name, *orders = x.name.split("'")
    if not orders or not all(o.isdigit() for o in orders):
        return library.functions.get(x.name) or library.functions.get("*")
    base = library.functions.get(name) or library.functions.get("*")
    if base is None:
        return None
    names = [f"argument {k}" for k, _ in enumerate(x.args, 1)]
    value: Term = base(*map(Sym, names))
    for o in orders:
        value = rate(value, {names[int(o) - 1]: term(1)}, Normal(Context()))
    return lambda *args: substitute(value, {Sym(n): a for n, a in zip(names, args, strict=True)})


def lawful(t: Term, context: Context) -> Term:
    """`t` with the laws that the context states put in (those on data are met by the points themselves)."""
    for left, right in context.facts:
        if not isinstance(left, Elem) and t == left:
            return right
    return rebuild(t, lambda x: lawful(x, context))


def balls(a: Term, b: Term, point: Instance, s: Statement | None = None) -> tuple[Any, Any]:
    """Enclosures of two sides; what has none may have one in the sides of `s`, once the exact data are put in."""
    try:
        return enclose(a, point, DIGITS), enclose(b, point, DIGITS)
    except NoNumber:
        if s is None or not any(isinstance(x, Int) for t in (a, b) for x in walk(t)):
            raise
        inner = Normal(Context(), stationary_point, antiderivative)
        try:
            a, b = (inner.ratio(put_in(t, point, "")).term for t in (s.left, s.right))
        except Refusal as e:
            raise NoNumber(str(e)) from None
        return enclose(a, point, DIGITS), enclose(b, point, DIGITS)


def shown(ball: Any) -> str:
    return str(ball.str(DIGITS, radius=False))


def settled(point: Instance, entry: Entry, least: bool = False) -> Instance:
    """The point with the members of recursions worked out from their definition, and all sizes least if wished."""
    context = entry.notation.context
    return recurred(smallest(point, context) if least else point, context, LAYERS)


def formal_value(t: Term, point: Instance) -> tuple[Any, Any]:
    """Value and error of a normal form: enclosed, or by quadrature where integrals are left in it."""
    if any(isinstance(x, Int) for x in walk(t)):
        return quadrature(t, point, 15, WALL)
    ball = enclose(t, point, DIGITS)
    return float(ball.mid()), float(ball.rad())


def second_opinion(
    a: Term, b: Term, library: Library, entry: Entry, plain: Callable[[Term], Term], points: int = 2
) -> str:
    """Both sides as printed, by quadrature at exact points; a disagreement is a conflict.

    Where one side can't be evaluated as it stands, the enclosure of its normal form takes its place. Returns a
    sentence for the evidence.
    """
    done, formal, reason = 0, 0, ""
    for seed in range(points):
        values: list[tuple[Any, Any]] = []
        through = 0
        try:
            terms = [sampled(lawful(t, entry.notation.context), library, entry.notation, seed) for t in (a, b)]
            point = settled(instance(library, entry, tuple(terms), seed), entry, least=seed == points - 1)
            for t in terms:
                try:
                    values.append(quadrature(t, point, 15, WALL))
                except NoNumber as e:
                    reason, through = str(e), through + 1
                    values.append(formal_value(plain(t), point))
        except NoNumber as e:
            reason = reason or str(e)
            continue
        if through == len(terms):
            continue
        (left, error_l), (right, error_r) = values
        if abs(left - right) > 100 * (error_l + error_r) + (1 + abs(left) + abs(right)) * 1e-11:
            raise Conflict(f"{entry.number}: proved equal, the sides are {left} and {right} at {point.point()}")
        done, formal = done + 1, formal + through
    if not done:
        return f"no number for the printed sides ({reason})"
    integrals = any(isinstance(x, Int) for t in (a, b) for x in walk(t))
    kind = "quadrature of the printed integrals" if integrals else "evaluation of the printed sides"
    half = f", one side through its normal form ({reason})" if formal else ""
    return f"{kind} agrees at {done} exact points (15 digits{half})"


def cells_opinion(left: Term, right: Term, grid: Grid, library: Library, entry: Entry) -> str:
    """The sum over the cells of a real grid, against its claimed limit by quadrature; a disagreement is a conflict."""
    width, reach = Fraction(1, 8), 9
    centres = [width * k + width / 2 for k in range(-8 * reach, 8 * reach)]
    count: dict[Term, Term] = {Sym(grid.count): term(len(centres))}
    values: dict[Term, Term] = {Elem(grid.point, (term(k),)): Num(c) for k, c in enumerate(centres, 1)}

    def cells(t: Term) -> Term:
        if isinstance(t, Sum) and grid.point in free(t):
            return add(*(cells(substitute(t.body, {Sym(t.index): term(k)})) for k in range(1, len(centres) + 1)))
        if isinstance(t, Elem) and t.name in (grid.point, grid.volume):
            return values[t] if t.name == grid.point else Num(width)
        return Num(width) if t == Sym(grid.width) else rebuild(t, cells)

    terms = [sampled(cells(t), library, entry.notation, 0) for t in (substitute(left, count), right)]
    point = instance(library, entry, tuple(terms), 0)
    a, b = (quadrature(t, point, 15, WALL)[0] for t in terms)
    if abs(a - b) > 1e-6 * (1 + abs(b)):
        raise Conflict(f"{entry.number}: proved as a limit of grids, the sum over cells is {a}, the limit {b}")
    return f"the sum over {len(centres)} cells of width {width} of a sample density agrees with the limit (6 digits)"


def third_opinion(printed: Term, ball: Any, library: Library, entry: Entry, seed: int, point: Instance) -> str:
    """Quadrature of the printed side at the witness, against the enclosure that refutes it."""
    try:
        there = settled(point, entry)
        value, error = quadrature(sampled(printed, library, entry.notation, seed), there, 15, WALL)
    except NoNumber as e:
        return f"the printed side was enclosed, but not evaluated as it stands ({e})"
    middle = float(ball.mid())
    if abs(float(value) - middle) > 100 * float(error) + 1e-9 * (1 + abs(middle)):
        raise Conflict(
            f"{entry.number}: the printed side was enclosed near {middle}, and evaluates to {value} as it stands"
        )
    return "the printed side, evaluated as it stands, lies in its enclosure"


def far_quotient(a: Term, b: Term, point: Instance, variable: str) -> tuple[int, Any]:
    """Sign and logarithm of a/b at variable = 10^(10^6)."""
    there = point.at(variable, 10**FAR)
    (sa, la), (sb, lb) = log_value(a, there), log_value(b, there)
    return sa * sb, la - lb


def far_opinion(s: Statement, library: Library, entry: Entry, plain: Callable[[Term], Term]) -> str:
    """The quotient at σ = 10^(10^6), against the proof."""
    assert s.variable is not None
    left, right = (without_minima(sampled(plain(t), library, entry.notation, 0)) for t in (s.left, s.right))
    try:
        point = instance(library, entry, (s.left, s.right), 0)
        sign, log = far_quotient(left, right, point, s.variable)
    except (NoNumber, DeriveError) as e:
        return f"numbers: no quotient at 10^(10^6) ({e})"
    if s.relation in ("~", "≈") and (sign != 1 or abs(log) > 1e-3):
        raise Conflict(f"{entry.number}: the proof says the quotient tends to 1, at 10^(10^6) its logarithm is {log}")
    least = "; a least energy, a constant, counts as 0" if any(isinstance(x, Min) for x in walk(s.left)) else ""
    return f"numbers: the quotient at {s.variable} = 10^(10^6) has logarithm {log.context.nstr(log, 3)}{least}"


def range_met(need: Need, point: Instance) -> bool:
    """Whether a sum's range is no shorter than empty at a point."""
    value = exact(need.term, point)
    return value is not None and value >= 0


def stretched(point: Instance, entry: Entry, library: Library, seed: int) -> Instance:
    """The point with every scale made tiny or large on its own: an order that holds in the middle may fail there."""
    rng = random.Random(seed)
    positive = rng.random() < 0.4
    fixed = {left.name for left, _ in entry.notation.context.facts if isinstance(left, Elem)}
    kept, counts = fixed | set(entry.notation.values), set(entry.notation.context.least)
    all_alike = {1: Fraction(1, 1000), 4: Fraction(1000)}.get(seed % 5)  # everything tiny or huge
    signs = entry.notation.context.signs
    boundary = {name for name, sign in signs.items() if sign == "nonnegative"} if seed % 3 == 2 else set()
    families = {}
    for name, members in point.families.items():
        # a whole family tiny or huge, or each member its own
        whole = all_alike or (rng.choice((Fraction(1, 1000), Fraction(1000))) if seed % 5 == 3 else None)
        if name in boundary:
            families[name] = dict.fromkeys(members, Fraction(0))
            continue
        if name in counts:
            families[name] = dict(members)  # widths: the data have their sizes already
            continue
        families[name] = {
            k: v
            if name in kept and v == 1
            else (abs(v) if positive else v)
            * (whole or Fraction(rng.choice((1, 1, 10, 100)), rng.choice((1, 10, 100, 1000))))
            for k, v in members.items()
        }
    scalars = {}
    for name, v in point.scalars.items():
        up, down = ((1, 1000), (1, 1000)) if seed % 5 == 3 else ((1, 1, 10), (1, 1, 10))
        factor = rng.choice((1, 1, 10)) if name in counts else Fraction(rng.choice(up), rng.choice(down))
        scalars[name] = v if name in kept else Fraction(0) if name in boundary else v * factor
    point = replace(point, families=families, scalars=scalars)
    return library.complete(point) if library.complete else point


def relevant(point: Instance, *terms: Term) -> dict[str, str]:
    """The part of a point that the terms speak of."""
    names: set[str] = set()
    for t in terms:
        names |= free(t) | {x.name for x in walk(t) if isinstance(x, (Elem, Sym))}
        names |= (
            {"x", "y", "n", "K"} & (set(point.families) | set(point.sizes)) if names & set(point.matrices) else set()
        )
    return {k: v for k, v in point.point().items() if k in names or k.rpartition("_")[0] in names}


def samples(library: Library, *terms: Term) -> dict[str, str]:
    """What stands for the functions that the terms leave open, for a witness."""
    names = sorted({x.name for t in terms for x in walk(t) if isinstance(x, App) and x.name != "size"})
    out = {}
    for name in names:
        of = library.functions.get(name) or library.functions.get("*")
        if of is not None and of.__doc__:
            out[name] = of.__doc__.splitlines()[0].removeprefix("A sample of ").rstrip(".")
    return out


def satisfiable(library: Library, entry: Entry) -> None:
    """Draw one point inside the assumptions of an entry; a contradiction is the library's fault.

    Raises
    ------
    DeriveError
        Names the document, the equation and the assumption that can't be met.
    """
    names = tuple(Elem(n, tuple(term(1) for _ in shape)) for n, shape in entry.notation.shapes.items())
    try:
        instance(library, entry, names, 0)
    except DeriveError as e:
        raise DeriveError(
            f"{library.name}: the assumptions of {entry.number} can't all hold. {e} See the context of its notation."
        ) from None


def assumed(entry: Entry) -> tuple[str, ...]:
    """What a verdict on an entry assumes, in words for the evidence."""
    context = entry.notation.context
    parts = [
        f"{name} {'>' if sign == 'positive' else '≥'} 0"
        for name, sign in sorted(context.signs.items())
        if sign in ("positive", "nonnegative")
    ]
    parts += [f"{name} ≥ {least}, whole" for name, least in sorted(context.least.items())]
    parts += [
        f"${latex(a, entry.notation)} = {latex(b, entry.notation)}$" for a, b in context.facts if isinstance(a, Elem)
    ]
    parts += [f"${latex(t, entry.notation)} > 0$" for t in context.positive]
    parts += [f"no {name} is 0" for name in sorted(context.nonzero)]
    if context.covariances:
        parts.append("covariance matrices that are inverted are invertible")
    out = [f"assumes: {', '.join(parts)}"] if parts else []
    if entry.regime is not None:
        out.append(f"regime: {entry.regime.text}")
    if entry.note:
        out.append(f"read: {entry.note}")
    return tuple(out)
