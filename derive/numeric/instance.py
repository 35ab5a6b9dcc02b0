"""A point inside the assumptions: every symbol with an exact rational value."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import product
from typing import Any

from derive.errors import DeriveError
from derive.kernel.context import NONNEGATIVE, POSITIVE, Context
from derive.numeric.exact import exact
from derive.term import Elem, Sym, Term, term

#: A function the paper leaves open: called with the field, then the arguments.
Function = Callable[..., Any]
#: How far an index runs: from 1 to a size, or from the first of a pair to the second.
Part = Term | str | int | tuple[int, Term | str | int]


@dataclass(frozen=True)
class Instance:
    """Values for every free name of a term.

    Attributes
    ----------
    sizes : integers (K, n, Q …).
    scalars : exact values of plain symbols.
    families : exact values of indexed symbols, by index.
    functions : name to a callable (field, *arguments).
    matrices : name to (row index, column index, number of rows, number of columns, entry).

    Examples
    --------
    >>> Instance(sizes={"K": 2}, families={"sigma": {(1,): Fraction(3, 2)}}).point()
    {'K': '2', 'sigma_1': '3/2'}
    """

    sizes: Mapping[str, int] = field(default_factory=dict)
    scalars: Mapping[str, Fraction] = field(default_factory=dict)
    families: Mapping[str, Mapping[tuple[int, ...], Fraction]] = field(default_factory=dict)
    functions: Mapping[str, Function] = field(default_factory=dict)
    matrices: Mapping[str, tuple[str, str, Term, Term, Term]] = field(default_factory=dict)

    def point(self) -> dict[str, str]:
        """The point, exact and printable."""
        out = {name: str(k) for name, k in sorted(self.sizes.items())}
        out |= {name: _show(v) for name, v in sorted(self.scalars.items())}
        for name, members in sorted(self.families.items()):
            for index, v in sorted(members.items()):
                out[f"{name}_{','.join(map(str, index))}"] = _show(v)
        return out

    def at(self, name: str, value: Fraction | int) -> Instance:
        """The same point with one scalar changed."""
        sizes = {k: v for k, v in self.sizes.items() if k != name}
        return replace(self, sizes=sizes, scalars={**self.scalars, name: Fraction(value)})


def _show(value: Fraction) -> str:
    if max(value.numerator.bit_length(), value.denominator.bit_length()) < 10_000:
        return str(value)
    return f"{value.numerator:#x}/{value.denominator:#x}" if value.denominator > 1 else _show_huge(value.numerator)


def _show_huge(n: int) -> str:
    k = round(n.bit_length() * 0.30102999566398120)
    for guess in (k - 1, k):
        if n == 10**guess:
            return f"1e{guess}"
    return f"{n:#x}"


def sample(
    assumptions: Context,
    sizes: Mapping[str, int],
    names_with_shapes: Mapping[str, Sequence[Part]],
    seed: int = 0,
) -> Instance:
    """Draw small rationals inside the assumptions; the same seed gives the same point.

    Parameters
    ----------
    names_with_shapes : each name with the sizes of its indices, () for a scalar; a pair (0, size) for an index that
        starts at 0.

    Examples
    --------
    >>> c = Context(signs={"sigma": "positive"}, facts=((Elem("x", (Sym("i"), Sym("K"))), term(1)),))
    >>> point = sample(c, {"K": 2, "n": 2}, {"x": ("n", "K"), "sigma": ("K",)}, seed=1)
    >>> point.families["x"][2, 2], point.families["sigma"][1,] > 0
    (Fraction(1, 1), True)
    """
    for name, least in assumptions.least.items():
        if name in sizes and sizes[name] < least:
            raise DeriveError(f"{name} = {sizes[name]} lies below the least value {least} that the claim assumes.")
    rng = random.Random(f"derive {seed}")
    empty = Instance(sizes=dict(sizes))
    shapes = {name: tuple(_span(name, s, empty) for s in shape) for name, shape in names_with_shapes.items()}
    reason = ""
    for _ in range(200):
        instance = _draw(assumptions, empty, shapes, rng)
        reason = _violated(assumptions, instance, shapes)
        if not reason:
            return instance
    raise DeriveError(f"No values were found that meet the assumptions: {reason}.")


def _span(name: str, part: Part, instance: Instance) -> range:
    """The values of an index."""
    first, last = part if isinstance(part, tuple) else (1, part)
    return range(first, _length(name, last, instance) + 1)


def _length(name: str, part: Term | str | int, instance: Instance) -> int:
    value = exact(Sym(part) if isinstance(part, str) else term(part), instance)
    if value is None or value.denominator != 1 or not 0 <= value <= 10_000:
        raise DeriveError(f"The shape of {name} isn't a size that is given.")
    return int(value)


def _value(assumptions: Context, name: str, rng: random.Random) -> Fraction:
    if name in assumptions.least:
        return Fraction(assumptions.least[name] + rng.randrange(4))
    value = Fraction(rng.randint(1, 12), rng.randint(1, 5))
    if assumptions.sign(name) in (POSITIVE, NONNEGATIVE):
        return value
    return value * rng.choice((-1, 1))


def _draw(
    assumptions: Context, empty: Instance, shapes: Mapping[str, tuple[range, ...]], rng: random.Random
) -> Instance:
    scalars, families = {}, {}
    for name in sorted(shapes):
        if shapes[name]:
            families[name] = {i: _value(assumptions, name, rng) for i in product(*shapes[name])}
        else:
            scalars[name] = _value(assumptions, name, rng)
    instance = replace(empty, scalars=scalars, families=families)
    for _ in range(len(assumptions.facts) + 1):  # a fact may lean on another
        for left, right in assumptions.facts:
            if isinstance(left, Sym) and left.name in scalars:
                scalars[left.name] = _rational(left.name, exact(right, instance))
            elif isinstance(left, Elem) and left.name in families:
                for index in families[left.name]:
                    env = _match(left, index, instance, assumptions.wild)
                    if env is not None:
                        families[left.name][index] = _rational(left.name, exact(right, instance, env))
    return instance


def _match(left: Elem, index: tuple[int, ...], instance: Instance, wild: frozenset[str]) -> dict[Any, int] | None:
    """Values of the wild names that make `left` the element at `index`, None if there are none."""
    if len(left.index) != len(index):
        return None
    env: dict[Any, int] = {}
    for part, value in zip(left.index, index, strict=True):
        if isinstance(part, Sym) and part.name in wild:
            if env.setdefault(part.name, value) != value:
                return None
        elif exact(part, instance) != value:
            return None
    return env


def smallest(instance: Instance, assumptions: Context) -> Instance:
    """The point with every family of whole numbers at its least: integrals over layers stay small."""
    families = {
        name: dict.fromkeys(members, Fraction(assumptions.least[name])) if name in assumptions.least else members
        for name, members in instance.families.items()
    }
    return replace(instance, families=families)


def recurred(instance: Instance, assumptions: Context, upto: int) -> Instance:
    """The point with the members of recursive families worked out, one after the other."""
    for r in assumptions.recursions:
        names = [x.name for x in r.element.index if isinstance(x, Sym)]
        ends = [instance.sizes.get("n", 0)] * (len(names) - 1)
        for rest in product(*(range(1, e + 1) for e in ends)):
            env = dict(zip(names[1:], rest, strict=True))
            value = exact(r.value, instance, env)
            for k in range(r.first, upto + 1):
                if value is None:
                    break
                members = {**instance.families.get(r.element.name, {}), (k, *rest): value}
                instance = replace(instance, families={**instance.families, r.element.name: members})
                value = exact(r.step, instance, {**env, names[0]: k})
    return instance


def _rational(name: str, value: Fraction | None) -> Fraction:
    if value is None:
        raise DeriveError(f"A stated equality for {name} has no rational value at this point.")
    return value


def _violated(assumptions: Context, instance: Instance, shapes: Mapping[str, tuple[range, ...]]) -> str:
    """What the point breaks, "" if nothing."""
    for name, shape in shapes.items():
        values = instance.families[name].values() if shape else (instance.scalars[name],)
        sign = assumptions.sign(name)
        lowest = min(values, default=Fraction(1))
        if (sign == POSITIVE and lowest <= 0) or (sign == NONNEGATIVE and lowest < 0):
            return f"{name} must be {sign}, and a stated equality makes it {lowest}"
        least = assumptions.least.get(name)
        if least is not None and (min(values, default=least) < least or any(v.denominator != 1 for v in values)):
            return f"{name} must be an integer from {least} on, and a stated equality makes it {lowest}"
    for left, right in assumptions.facts:
        if isinstance(left, Elem) and left.name in instance.families:
            for index, value in instance.families[left.name].items():
                env = _match(left, index, instance, assumptions.wild)
                if env is not None and exact(right, instance, env) != value:
                    return f"two stated equalities give {left.name} different values"
        else:
            a, b = exact(left, instance), exact(right, instance)
            if a is not None and b is not None and a != b:
                return "a stated equality doesn't hold"
    for t in assumptions.positive:
        known = exact(t, instance)
        if known is not None and known <= 0:
            return f"a quantity that is assumed positive comes out as {known}"
    return ""
