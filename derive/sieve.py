"""What keeps a search quick: most formulas that can't be the one looked for are told so by a few numbers.

Nothing is accepted here. What passes goes to the kernel, which alone proves; what has no value, or another one than
the formula looked for, is left.
"""

from __future__ import annotations

import math
from dataclasses import replace
from hashlib import blake2b
from typing import Any

from derive.claim import ANY, Entry, Regime
from derive.deciding import Decider
from derive.errors import DeriveError
from derive.kernel.poly import Refusal
from derive.numeric import Instance, NoNumber
from derive.numeric.quick import Env, Far, Quick
from derive.points import instance
from derive.term import Elem, Sym, Term, free, substitute, term

SEEDS = (1, 2, 3, 4, 5)
#: Relative difference that rounding may make.
CLOSE = 1e-9
#: ln of the variable of a regime, and how much a quotient may then be away from its limit: next to logarithms it
#: comes near it as 1/ln σ only. Where that is too far out for an exponential, nearer and by extrapolation.
FAR, NEAR = (2e6, 1e6), (12.0, 6.0)
FAR_OFF, NEAR_OFF = 1e-4, 0.2


class Opaque(NoNumber):
    """No value here, and not for want of one: it can't be told."""


class Sieve:
    """Tells whether a formula may stand in the relation `sign` to `target`; `open` where it can't tell anything."""

    def __init__(self, decider: Decider, target: Term, sign: str, entry: Entry, *sides: Term) -> None:
        self.sign = sign
        self.normal = decider.normal(entry.notation.context)
        self.forms: dict[int, tuple[Term, Term | None]] = {}
        self.tests: list[tuple[list[tuple[Quick, Any]], Env, float]] = []
        limit = sign != "=" and entry.regime is not None and not entry.proportional_in
        if sign != "=" and not limit:
            return
        for seed, point in _points(decider, entry, (target, *sides), 2):
            pins = {i: 1 + seed % 2 for i in entry.notation.ranges}
            if limit:
                self._far(decider, target, entry, point, pins)
            else:
                self._test([self._quick(Quick, point)], target, pins, CLOSE)
        if not all(self._formal(t) for t in sides):  # what the section states holds at no such point
            self.tests = []

    @property
    def open(self) -> bool:
        return not self.tests

    def passes(self, t: Term) -> bool:
        """Whether nothing speaks against `t`."""
        return all(self._agrees(t, *test) for test in self.tests)

    def sizes(self, t: Term) -> tuple[float, ...] | None:
        """Logarithms of the size of `t` at every place; None where it has none."""
        try:
            return tuple(_size(quick.value(t, pins)) for known, pins, _ in self.tests for quick, _ in known)
        except NoNumber:
            return None

    def lacks(self, t: Term) -> tuple[float, ...] | None:
        """Logarithms of what `t` would have to be multiplied by, at every place; None where no factor would do."""
        have = self.sizes(t)
        try:
            wanted = [_size(true) for known, _, _ in self.tests for _, true in known]
        except NoNumber:  # what is true is zero
            return None
        return None if have is None else tuple(b - a for a, b in zip(have, wanted, strict=True))

    def _formal(self, t: Term) -> bool:
        """Whether a term and its normal form have one value wherever it is looked at."""
        for places, pins, off in self.tests:
            for quick, _ in places:
                try:
                    a, b = (_plain(quick.value(x, pins)) for x in (t, self._form(t)))
                except Opaque:
                    return False
                except NoNumber:
                    continue
                if not math.isclose(a, b, rel_tol=CLOSE, abs_tol=off):
                    return False
        return True

    def _test(self, places: list[Quick], target: Term, pins: Env, off: float) -> bool:
        known = None
        for t in (self._form_of(target), target):  # the normal form, where there is one, loses fewer digits
            try:
                known = [(q, q.value(t, pins)) for q in places] if t is not None else None
            except NoNumber:
                continue
            if known is not None:
                break
        if known is None:
            return False
        if any(isinstance(v, float) and (not math.isfinite(v) or abs(v) > 1e200) for _, v in known):
            return False
        self.tests.append((known, pins, off))
        return True

    def _agrees(self, t: Term, places: list[tuple[Quick, Any]], pins: Env, off: float) -> bool:
        try:
            if self.sign == "=":
                ((quick, true),) = places
                return math.isclose(quick.value(t, pins), true, rel_tol=off, abs_tol=off * 1e-6)
            gaps = []
            for quick, (sign, size) in places:
                found = quick.value(t, pins)
                if found[0] != sign:
                    return False
                gaps.append(found[1] - size)
        except NoNumber:
            return False
        size = abs(places[0][1][1]) * 1e-12
        if self.sign == "∝":
            return abs(gaps[0] - gaps[1]) < off + size
        return abs(gaps[0] if off == FAR_OFF else 2 * gaps[0] - gaps[1]) < off + size

    def _far(self, decider: Decider, target: Term, entry: Entry, point: Instance, pins: Env) -> None:
        """A test far out on the path of the regime, for the target itself or its leading term."""
        from derive.leading import leading

        regime = entry.regime
        assert regime is not None
        moving = frozenset((regime.variable, *(p.name for p, _ in regime.path if isinstance(p, (Elem, Sym)))))
        moving |= {regime.above[0]} if regime.above else set()
        for whole in (True, False):
            t = target if whole else leading(decider, target, entry)
            for places, off in ((FAR, FAR_OFF), (NEAR, NEAR_OFF)) if t is not None else ():
                try:
                    quick = [self._quick(Far, _moved(point, regime, size, pins), moving) for size in places]
                except NoNumber:
                    continue
                assert t is not None
                if self._test(quick, t, pins, off):
                    return

    # -- what is no arithmetic ---------------------------------------------------------------------

    def _form_of(self, t: Term) -> Term | None:
        """Its normal form."""
        try:
            return self._form(t)
        except NoNumber:
            return None

    def _form(self, t: Term) -> Term:
        known = self.forms.get(id(t))
        if known is None:
            try:
                known = t, self.normal.ratio(t).term
            except Refusal:
                known = t, None
            self.forms[id(t)] = known
        if known[1] is None:
            raise Opaque("no normal form")
        return known[1]

    def _quick(self, kind: type[Quick], point: Instance, moving: frozenset[str] = frozenset()) -> Quick:
        """Values at a point. An integral or an open function has that of its normal form, in which what is left has
        a number drawn from its print."""

        def drawn(t: Term, env: Env) -> float:
            if free(t) & moving:
                raise Opaque("it moves with the variable of the regime")
            name = substitute(t, {Sym(k): term(v) for k, v in env.items() if k in free(t)}).key
            return 0.5 + int.from_bytes(blake2b(name.encode(), digest_size=6).digest()) / 2**48

        inner = kind(point, drawn)
        return kind(point, lambda t, env: inner.value(self._form(t), env))


def _plain(value: Any) -> float:
    """A value of either kind as one number: far out, its logarithm."""
    return float(value[0] * value[1] if isinstance(value, tuple) else value)


def _size(value: Any) -> float:
    """ln of the size of a value of either kind."""
    sign, size = value if isinstance(value, tuple) else (value, math.log(abs(value)) if value else 0.0)
    if not sign or not math.isfinite(size):
        raise NoNumber("no logarithm")
    return float(size)


def _points(decider: Decider, entry: Entry, terms: tuple[Term, ...], number: int) -> list[tuple[int, Instance]]:
    """Points with a value for every name of the notation, so that an edit may bring in any.

    Of several, those at which the fewest members of a family are equal: there an index tells.
    """
    notation = entry.notation
    more: list[Term] = [
        Elem(f.name, (term(1),) * f.arity) for f in notation.families.values() if f.name in notation.shapes
    ]
    more += [t for t in notation.scalars.values() if isinstance(t, Sym)]
    found: list[tuple[int, int, Instance]] = []
    for seed in SEEDS:
        try:
            point = instance(decider.library, entry, (*terms, *more), seed, grow=seed % 3)
        except (DeriveError, NoNumber):
            continue
        alike = sum(len(members) - len(set(members.values())) for members in point.families.values())
        found.append((alike, seed, point))
    return [(seed, point) for _, seed, point in sorted(found, key=lambda f: f[:2])[:number]]


def _moved(point: Instance, regime: Regime, size: float, pins: Env) -> Instance:
    """The point with the variable of the regime far out, and all that its path moves."""
    scalars: dict[str, Any] = {**point.scalars, regime.variable: (1, size)}
    families: dict[str, Any] = {name: dict(members) for name, members in point.families.items()}
    if regime.above:
        known = Far(replace(point, scalars=scalars))
        scalars[regime.above[0]] = known.value(regime.above[1], pins)
    for pattern, value in regime.path:
        far = Far(replace(point, scalars=scalars, families=families))
        if isinstance(pattern, Sym):
            scalars[pattern.name] = far.value(value, pins)
        elif isinstance(pattern, Elem):
            anyone = ANY in pattern.index
            only = None if anyone else tuple(far.integer(i, pins) for i in pattern.index)
            for index in families.get(pattern.name, {}):
                if anyone or index == only:
                    families[pattern.name][index] = far.value(substitute(value, {ANY: term(index[0])}), pins)
    return replace(point, scalars=scalars, families=families)
