"""Numbers of terms: floating point, rigorous balls, quadrature."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import flint

from derive.numeric.compiled import Compiler
from derive.numeric.fields import ArbField, MpField, NoNumber, bits, context, to_mpf
from derive.numeric.instance import Instance
from derive.numeric.quadrature import WALL, Quadrature
from derive.term import Int, Term, walk

T = TypeVar("T")


def evaluate(t: Term, instance: Instance, digits: int = 30) -> Any:
    """Value of `t` as an mpmath float of a private context, to about `digits` digits.

    Cancellation is met with more digits, up to four times as many. Integrals are done by quadrature.

    Examples
    --------
    >>> from derive.term import Sym, exp
    >>> float(evaluate(exp(Sym("K")) * Sym("pi"), Instance(sizes={"K": 2}), 20))
    23.213404357363387
    """
    integral = clean(lambda: any(isinstance(u, Int) for u in walk(t)))
    before = _float(t, instance, digits)
    for factor in () if integral else (2, 4):
        now = _float(t, instance, digits * factor)
        if abs(now - before) <= abs(now) * before.context.mpf(10) ** -digits:
            break
        before = now
    return context(bits(digits)).mpf(before)


def _float(t: Term, instance: Instance, digits: int) -> Any:
    return clean(partial(Compiler(instance, MpField(digits), None, digits).constant, t, {}))


def enclose(t: Term, instance: Instance, digits: int = 30) -> flint.arb:
    """Ball that certainly contains the value of `t`; `NoNumber` for integrals other than the special form.

    Examples
    --------
    >>> from derive.term import Sym, ln
    >>> ball = enclose(ln(Sym("K")), Instance(sizes={"K": 2}))
    >>> ball.overlaps(flint.arb("0.6931471805599453094172321214581765 +/- 1e-33"))
    True
    """
    result = flint.arb(0)
    for factor in (1, 2, 4):
        with flint.ctx.workprec(bits(digits * factor) + 30):
            result = clean(partial(Compiler(instance, ArbField(), None, digits).constant, t, {}))
        if result.rel_accuracy_bits() >= bits(digits) - 20:
            break
    return result


def estimate(
    t: Term, instance: Instance, digits: int, env: dict[Any, Any] | None = None, wall: int = WALL
) -> flint.arb:
    """Ball whose radius holds the estimated error of the quadratures inside `t`; not rigorous."""
    result = flint.arb(0)
    for factor in (1, 2):
        integrator = Quadrature(digits, wall)
        with flint.ctx.workprec(bits(digits * factor) + 40):
            compiler = Compiler(instance, ArbField(), integrator, digits)
            result = clean(partial(compiler.constant, t, dict(env or {})))
        if result.rel_accuracy_bits() >= bits(digits) - 26:
            break
    return result


def quadrature(t: Term, instance: Instance, digits: int = 20, wall: int = WALL) -> tuple[Any, Any]:
    """Value of a term with integrals, and an estimate of its error.

    Every integral is done on the printed integrand itself, up to three variables deep.

    Raises
    ------
    NoNumber : it diverges, converges too slowly, has too many variables, or needs more than `wall` values.

    Examples
    --------
    >>> from derive.term import INF, MINUS_INF, Int, Over, Sym, exp
    >>> t = Sym("t")
    >>> value, error = quadrature(Int((Over(t, MINUS_INF, INF),), exp(-(t * t))), Instance())
    >>> float(value), error < 1e-20
    (1.772453850905516, True)
    """
    found = estimate(t, instance, digits, wall=wall)
    ctx = context(bits(digits))
    return to_mpf(found, ctx), to_mpf(found.rad(), ctx)


def clean(work: Callable[[], T]) -> T:
    try:
        return work()
    except ZeroDivisionError:
        raise NoNumber("division by zero") from None
    except (OverflowError, MemoryError, RecursionError, ValueError) as e:
        raise NoNumber(f"{type(e).__name__} while evaluating") from e
