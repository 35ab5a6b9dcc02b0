"""Closures over a frame of slots: the compiled form of a term."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from derive.numeric.fields import Field, NoNumber

Frame = list[Any]
Run = Callable[[Frame], Any]


class Code:
    """A constant (`deps` 0, `value`), or a closure over the frame; bit k of `deps` stands for level k.

    `parts` of a sum (True, …) or product (False, …) let the next one outside take them in.
    """

    __slots__ = ("_run", "deps", "parts", "slot", "value")

    def __init__(
        self,
        run: Run | None,
        deps: int = 0,
        value: Any = None,
        slot: bool = False,
        parts: tuple[bool, list[Code]] | None = None,
    ) -> None:
        self._run, self.deps, self.value, self.slot, self.parts = run, deps, value, slot, parts

    @property
    def run(self) -> Run:
        value = self.value
        return self._run or (lambda frame: value)


class Level:
    """One integration variable: its slot, what to redo when it changes, and where its integrand has kinks."""

    def __init__(self, bit: int, slot: int) -> None:
        self.bit, self.slot = bit, slot
        self.prelude: list[tuple[int, Run]] = []
        self.kinks: list[Code] = []
        self.support: tuple[Any, Any] | None = None


def added(runs: list[Run]) -> Run:
    if len(runs) == 1:
        return runs[0]
    if len(runs) == 2:
        a, b = runs
        return lambda frame: a(frame) + b(frame)
    if len(runs) == 3:
        a, b, c = runs
        return lambda frame: a(frame) + b(frame) + c(frame)
    first, rest = runs[0], runs[1:]

    def run(frame: Frame) -> Any:
        total = first(frame)
        for r in rest:
            total = total + r(frame)
        return total

    return run


def multiplied(runs: list[Run]) -> Run:
    if len(runs) == 1:
        return runs[0]
    if len(runs) == 2:
        a, b = runs
        return lambda frame: a(frame) * b(frame)
    if len(runs) == 3:
        a, b, c = runs
        return lambda frame: a(frame) * b(frame) * c(frame)
    first, rest = runs[0], runs[1:]

    def run(frame: Frame) -> Any:
        total = first(frame)
        for r in rest:
            total = total * r(frame)
        return total

    return run


def small_power(n: int) -> Callable[[Any], Any]:
    if n == 1:
        return lambda x: x
    if n == 2:
        return lambda x: x * x
    if n == -1:
        return lambda x: 1 / x
    return lambda x: x**n


def general_power(field: Field, base: Any, exponent: Any) -> Any:
    if not field.positive(base):
        raise NoNumber("a power with a real exponent needs a positive base")
    log = field.ln(base)
    if not field.rigorous and field.magnitude(exponent) + max(field.magnitude(log), 0) > 28:
        raise NoNumber("a power beyond every bound")
    return field.exp(exponent * log)
