"""Printed integrals: their variables at the instance's sizes, their ends, one closure per variable."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from derive.numeric import box, saturating, softplus
from derive.numeric.exact import infinite
from derive.numeric.fields import ArbField, NoNumber, to_mpf
from derive.term import Elem, Int, Over, Sym, Term, free

if TYPE_CHECKING:
    from derive.numeric.compiled import Code, Compiler, Env

#: Integration variables at most, and members of one family.
DIMENSIONS, MEMBERS = 3, 64


class Variable(NamedTuple):
    """One scalar variable: its key in the environment, its ends, and the index that the ends may mention."""

    key: Any
    low: Term
    high: Term
    binding: dict[Any, int]


def variables(over: tuple[Over, ...], compiler: Compiler, env: Env) -> list[Variable]:
    """The families expanded at the instance's sizes."""
    out: list[Variable] = []
    for o in over:
        out += _members(o, compiler, env)
    if len({v.key for v in out}) < len(out):
        raise NoNumber("a variable is integrated twice")
    return out


def _members(o: Over, compiler: Compiler, env: Env) -> Iterator[Variable]:
    first = last = 1
    if o.index:
        first = compiler.integer(o.first, env, "the first index of an integration variable")
        last = compiler.integer(o.last, env, "the last index of an integration variable")
    if last - first >= MEMBERS:
        raise NoNumber(f"an integral or minimum over {last - first + 1} variables")
    for k in range(first, last + 1):
        index = {o.index: k} if o.index else {}
        inner = {**env, **index}
        if isinstance(o.var, Over):
            yield from (v._replace(binding={**index, **v.binding}) for v in _members(o.var, compiler, inner))
        else:
            yield Variable(_key(o.var, compiler, inner), o.low, o.high, index)


def _key(var: Term, compiler: Compiler, env: Env) -> Any:
    if isinstance(var, Sym):
        return var.name
    if isinstance(var, Elem):
        return var.name, tuple(compiler.integer(i, env, f"an index of {var.name}") for i in var.index)
    raise NoNumber(f"{type(var).__name__} isn't an integration variable")


def code(t: Int, compiler: Compiler, env: Env) -> Code:
    """Code of an integral: special forms enclosed, any other by quadrature where that is asked for."""
    found = softplus.match(t, compiler, env)
    if found is None:
        found = saturating.match(t, compiler, env)
    if found is None and compiler.closed and isinstance(compiler.field, ArbField):
        found = box.match(t, compiler, env)
    if found is not None:
        if isinstance(compiler.field, ArbField):
            return compiler.const(found, "an integral")
        return compiler.const(to_mpf(found, compiler.field.ctx), "an integral")
    if not isinstance(compiler.field, ArbField):
        return compiler.const(_by_quadrature(t, compiler, env), "an integral")
    if compiler.integrator is None:
        raise NoNumber("Int: no rigorous enclosure is known for this integral")
    names = free(t)
    held = {k: v for k, v in env.items() if (k if isinstance(k, str) else k[0]) in names}
    if any(not isinstance(v, int) for v in held.values()):
        return _nest(variables(t.over, compiler, env), t.body, compiler, env)
    # none of the outer variables stands in it: a constant, done on its own, and once for all sums that repeat it
    key = (t, tuple(sorted((str(k), v) for k, v in held.items())))
    if key not in compiler.integrals:
        around, compiler.levels = compiler.levels, []
        try:
            compiler.integrals[key] = _nest(variables(t.over, compiler, env), t.body, compiler, env)
        finally:
            compiler.levels = around
    return compiler.integrals[key]


def _by_quadrature(t: Int, compiler: Compiler, env: Env) -> Any:
    from derive.numeric.compiled import Code
    from derive.numeric.evaluate import estimate

    if any(isinstance(v, Code) for v in env.values()):
        raise NoNumber("Int inside Min")
    field = compiler.field
    return to_mpf(estimate(t, compiler.instance, compiler.digits + 2, env), field.ctx)  # type: ignore[union-attr]


def _nest(todo: list[Variable], body: Term, compiler: Compiler, env: Env) -> Code:
    from derive.numeric.compiled import Code, Level

    if not todo:
        return compiler.code(body, env)
    if len(compiler.levels) >= DIMENSIONS:
        raise NoNumber(f"an integral over more than {DIMENSIONS} variables")
    variable, rest = todo[0], todo[1:]
    ends = {**env, **variable.binding}
    low, high = end(variable.low, compiler, ends), end(variable.high, compiler, ends)
    level = Level(1 << len(compiler.levels), compiler.slot())
    compiler.levels.append(level)
    slot = level.slot
    at = Code(lambda frame: frame[slot], level.bit, slot=True)
    inner = _nest(rest, body, compiler, {**env, variable.key: at})
    compiler.levels.pop()
    deps = inner.deps & ~level.bit
    for e in (low, high):
        if isinstance(e, Code):
            deps |= e.deps
            _kinks_at_end(level, e, compiler)
    integrator = compiler.integrator
    assert integrator is not None
    ready = [compiler.hoist(e, deps.bit_length()) if isinstance(e, Code) else e for e in (low, high)]
    a, b = (e.run if isinstance(e, Code) else e for e in ready)
    run = inner.run

    def line(frame: list[Any]) -> Any:
        lo, hi = (e(frame) if callable(e) else e for e in (a, b))
        return integrator.line(frame, level, run, lo, hi)

    if not deps:
        return compiler.const(line(compiler.frame), "an integral")
    return Code(line, deps)


def end(t: Term, compiler: Compiler, env: Env) -> Code | int:
    """An end of the domain: code, or ±1 for ±oo."""
    sign = infinite(t)
    return sign if sign else compiler.code(t, env)


def _kinks_at_end(level: Any, ending: Code, compiler: Compiler) -> None:
    """Where a kink leaves the domain, the integral has one of its own in the outer variable."""
    from derive.numeric.compiled import Code

    for kink in level.kinks:
        deps = kink.deps & ~level.bit | ending.deps
        if deps:

            def run(frame: list[Any], kink: Code = kink) -> Any:
                frame[level.slot] = ending.run(frame)
                for slot, work in level.prelude:
                    frame[slot] = work(frame)
                return kink.run(frame)

            compiler.levels[deps.bit_length() - 1].kinks.append(Code(run, deps))
