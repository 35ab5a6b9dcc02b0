"""Leading laws as every scale goes to infinity together, s_i = c u_i with u_i the score at scale 1.

    ⟨z^k⟩          moments, c^k ⟨u^k⟩
    ⟨|z|⟩          |a| c ⟨|u|⟩ + o(1)                  z = a c u + b, the law even, no point mass
    ⟨z |z|⟩        2 b |a| c ⟨|u|⟩ + o(1)
    ⟨|z|³⟩         |a|³ c³ ⟨|u|³⟩ + 3 b² |a| c ⟨|u|⟩ + o(1)
    ⟨ln(1 + e^z)⟩  |a| c ⟨|u|⟩/2 + b/2 + o(1)
    ⟨ln(1 + z²)⟩   2 ln c + 2 ln|a| + 2 ⟨ln|u|⟩ + o(1)
    ⟨1/(1 + z²)⟩   o(1)
    ⟨e^z⟩          e^b Π_j M(a c x_ij), larger than all of these

With point masses the score may be 0 with a chance, and terms of order 1 are left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from derive.reader.printer import latex
from derive.term import (
    HALF,
    INF,
    ONE,
    PI,
    TWO,
    ZERO,
    Elem,
    Fn,
    Int,
    Num,
    Over,
    Prod,
    Sum,
    Sym,
    Term,
    add,
    free,
    ln,
    mul,
    neg,
    sqrt,
    substitute,
)
from derive.theory.expectation import CLOSED, sign_free, unsigned
from derive.theory.law import Law, T, U
from derive.theory.loss import Loss, Y
from derive.theory.score import I, J, K, N, Score, cumulant, of_data, plus, target, times
from derive.theory.tidy import normalized, tidy

Weights = tuple[tuple[str, Fraction], ...]
#: Beside the powers of c: ln c, and what is larger than every power.
LOG, EXPONENTIAL = -1, 99
EXPONENTIAL_ORDER = "exponential"


@dataclass(frozen=True)
class Leading:
    """What ⟨E₀⟩, S₀ and T do far out.

    Attributes
    ----------
    variable : the common scale.
    energy : leading term of ⟨E₀⟩.
    order : its growth in words: "c^2", "c", "exponential", "1", "ln c".
    expansion : ⟨E₀⟩ down to the order 1 where that is known, else the leading term.
    complete : whether it is.
    entropy : leading term of S₀.
    temperature : leading term of T; None where S₀ is 0.
    lower : what the expansion holds below its leading term.
    second : the next term of T; None where it takes more of ⟨E₀⟩ than is known.
    rest : what is left out after it, in LaTeX.
    """

    variable: Sym
    energy: Term
    order: str
    expansion: Term
    complete: bool
    entropy: Term
    temperature: Term | None
    lower: Term = ZERO
    second: Term | None = None
    rest: str = ""


def variable(score: Score) -> Sym:
    names = {b.initializer.scale for b in score.blocks}
    return Sym(names.pop() if len(names) == 1 else "c")


def common(t: Term, score: Score) -> Term:
    """Every scale equal to the variable."""
    v = variable(score)

    def go(x: Term) -> Term:
        from derive.term import rebuild

        if isinstance(x, Elem) and any(x.name == b.initializer.scale for b in score.blocks):
            return v
        return rebuild(x, go)

    return go(t)


def leading(loss: Loss, score: Score, reduction: str = "mean", weights: Weights = ()) -> Leading | None:
    """The leading laws, penalties with `weights` included.

    None where a scale is given, the score does not vary, or no scale may grow without bound.
    """
    if any(b.initializer.width is not None for b in score.blocks) or score.certain:
        return None
    v = variable(score)
    if not score.even and loss.pieces and (loss.polynomial or len(loss.pieces) > 1 or loss.pieces[0].kind != "abs"):
        return None  # parts of one order may cancel, where the score keeps to one side
    if any(p.kind == "abs" and p.power > 2 for p in loss.pieces):
        return None  # |z|³ is the highest whose expansion is known
    exponential = [p for p in loss.pieces if p.kind == "exp"]
    if exponential and not all(b.law.tail.every_exponential for b in score.blocks):
        return None
    entropy = _entropy(score, v)
    if exponential:
        each = plus(
            *(
                times(_y(p.coefficient), score.exponential(_slope(p.slope, loss, score), _y(p.shift)))
                for p in exponential
            )
        )
        return _next(_made(v, {EXPONENTIAL: common(each, score)}, {}, False, entropy, reduction), score)
    orders, extra = _orders(loss, score), penalties(score, weights)
    every = {*orders, *extra}
    highest = max((k for k in every if k != LOG), default=LOG)
    highest = LOG if highest <= 0 and LOG in every else highest
    if not every:
        return None
    known = not loss.pieces or not any(b.law.atoms for b in score.blocks)
    complete = known and score.even and LOG not in orders
    kept = sorted(every, reverse=True) if complete else [highest]
    first, more = ({k: found[k] for k in kept if k in found} for found in (orders, extra))
    return _next(_made(v, first, more, complete, entropy, reduction), score)


def penalties(score: Score, weights: Weights) -> dict[int, Term]:
    """Σ_j w ⟨|u|⟩ c and Σ_j w ⟨u²⟩ c² by powers of c."""
    out: dict[int, list[Term]] = {}
    for name, weight in weights:
        for b in score.blocks:
            each = b.law.absolute.term if name == "l1" else b.law.moment(2).term
            out.setdefault(1 if name == "l1" else 2, []).append(times(Num(weight), each, tidy(b.last - b.first + 1)))
    return {k: normalized(add(*ts), score.context) for k, ts in out.items() if weights}


def _made(
    v: Sym, orders: dict[int, Term], extra: dict[int, Term], complete: bool, entropy: Term, reduction: str
) -> Leading:
    """The laws from coefficients of powers of c: per sample, and of the penalties."""
    parts = []
    for k in sorted({*orders, *extra}, reverse=True):
        power = ONE if k in (0, EXPONENTIAL) else ln(v) if k == LOG else v if k == 1 else v**k
        of_data = [_over_data(orders[k], reduction)] if k in orders else []
        parts.append(times(power, plus(*of_data, *([extra[k]] if k in extra else []))))
    # what does not grow is not large beside E_f
    far = parts[0] - Sym("E_f") if max({*orders, *extra}) == 0 else parts[0]
    temperature = None if entropy == ZERO else tidy(far / entropy)
    order = _named(max({*orders, *extra}))
    return Leading(v, tidy(parts[0]), order, tidy(plus(*parts)), complete, entropy, temperature, tidy(plus(*parts[1:])))


def _next(law: Leading, score: Score) -> Leading:
    r"""The next term of T = (⟨E₀⟩ − E_f)/S₀.

    S₀ = h + M ln c, ⟨E₀⟩ = A c^k (1 + O(1/c)), k ≥ 1:   T = A c^k/(M ln c) · (1 − h/(M ln c) + O(ln⁻² c))
    h = 0, or S₀ free of c, ⟨E₀⟩ known to o(1):          T = (expansion − E_f)/S₀ + o(1/S₀)
    """
    if law.temperature is None or law.order in ("1", "ln c"):
        return law
    fixed = plus(*(times(b.law.entropy.term, tidy(b.last - b.first + 1)) for b in score.blocks))
    growing = any(b.law.density is not None for b in score.blocks)
    h = normalized(fixed, score.context)
    if growing and h != ZERO:
        second = tidy(neg(law.temperature * normalized(h / law.entropy, score.context)))
        return replace(law, second=second, rest=rf"\left[1+O\left(1/\ln {latex(law.variable)}\right)\right]")
    if law.complete:
        left_out = rf"+o\left(1/\ln {latex(law.variable)}\right)" if growing else "+o(1)"
        return replace(law, second=tidy((law.lower - Sym("E_f")) / law.entropy), rest=left_out)
    return law


def _over_data(each: Term, reduction: str) -> Term:
    """The mean (the sum) over the samples; what is the same for all stands as it is."""
    if "i" not in free(each):
        return each if reduction == "mean" else N * each
    return Sum("i", ONE, N, each) / N if reduction == "mean" else Sum("i", ONE, N, each)


def _named(k: int) -> str:
    return {LOG: "ln c", EXPONENTIAL: EXPONENTIAL_ORDER, 0: "1", 1: "c"}.get(k, f"c^{k}")


def _y(t: Term) -> Term:
    return substitute(t, {Y: target()})


def _slope(slope: Term, loss: Loss, score: Score) -> Term:
    return unsigned(_y(slope), loss) if score.even else _y(slope)


def _orders(loss: Loss, score: Score) -> dict[int, Term]:
    """Coefficients of the powers of c in ⟨L⟩ of one sample; under LOG that of ln c."""
    out: dict[int, list[Term]] = {}

    def put(k: int, t: Term) -> None:
        if t != ZERO:
            out.setdefault(k, []).append(t)

    unit, table = Unit(score), dict[Term, Term]()

    def absolute(p: int) -> Term:
        """A name for ⟨u^p |u|⟩ until all coefficients are put together."""
        name = Sym(f"A{p}")
        table[name] = unit.absolute(p)
        return name

    for k, c in loss.polynomial.items():
        put(k, times(_y(c), unit.moment(k) if k else ONE))
    for p in loss.pieces:
        c, a, b = _y(p.coefficient), _y(p.slope), _y(p.shift)
        size = sign_free(tidy(Fn("abs", (a,))) if not isinstance(a, Num) else Num(abs(a.value)), loss)
        if p.kind == "abs" and p.power == 0:
            put(1, times(c, size, absolute(0)))
        elif p.kind == "abs" and p.power == 1:
            if not score.even:
                put(2, times(c, a, size, absolute(1)))
            put(1, times(c, TWO, b, size, absolute(0)))
        elif p.kind == "abs":
            put(3, times(c, size**3, absolute(2)))
            put(1, times(c, Num(TWO.value + 1), b**2, size, absolute(0)))
        elif p.kind == "softplus":
            put(1, times(c, size, HALF, absolute(0)))
            if not score.even:
                put(1, times(c, a, HALF, unit.moment(1)))
            put(0, times(c, b, HALF))
        elif p.kind == "log":
            put(LOG, times(c, TWO))
    found = {k: sign_free(normalized(add(*ts), loss_context(loss, score)), loss) for k, ts in out.items()}
    return {k: tidy(substitute(t, table)) for k, t in found.items() if t != ZERO}


def loss_context(loss: Loss, score: Score) -> Any:
    from derive.kernel.context import Context

    signs = {**loss.context.signs, **score.context.signs}
    return Context(signs=signs, least=score.context.least, positive=loss.context.positive)


class Unit:
    """The score at scale 1, for the row i."""

    def __init__(self, score: Score) -> None:
        self.score = score

    def moment(self, k: int) -> Term:
        return tidy(substitute(common(self.score.moment(k), self.score), {variable(self.score): ONE}))

    def absolute(self, p: int) -> Term:
        """⟨u^p |u|⟩: in closed form for a normal score, over a box for flat densities, else by its transform."""
        s = self.score
        if s.normal and p in (0, 2) and s.mean == ZERO:
            v = self.moment(2)
            return sqrt(TWO * v / PI) if p == 0 else TWO * v * sqrt(TWO * v / PI)
        if p == 0 and len(s.blocks) == 1 and is_flat(s.blocks[0].law):
            return box(s)
        cos, w = self._one(s.cosine(ONE, ZERO)), T
        over = (Over(w, ZERO, INF),)
        if p == 0:
            return TWO / PI * Int(over, (ONE - cos) / w**2)
        if p == 1:
            return Num(TWO.value + 2) / PI * Int(over, (self.moment(1) * w - self._one(s.sine(ONE, ZERO))) / w**3)
        return Num(TWO.value * 6) / PI * Int(over, (cos - ONE + self.moment(2) * w**2 / 2) / w**4)

    def _one(self, t: Term) -> Term:
        return tidy(substitute(common(t, self.score), {variable(self.score): ONE}))


def is_flat(of: Law) -> bool:
    return of.density is not None and not of.atoms and "u" not in free(of.tidy(of.density)) and U.name == "u"


def box(score: Score) -> Term:
    """⟨|Σ_j μ_j x_ij|⟩ over flat densities of width w: an integral over a box."""
    (b,) = score.blocks
    mu = Elem("mu", (J,))
    density = b.law.tidy(b.law.density) if b.law.density is not None else ONE
    body: Term = Fn("abs", (Sum("j", b.first, b.last, mu * of_data(J)),))
    if density != ONE:
        body = body * Prod("j", b.first, b.last, density)
    return Int((Over(mu, b.law.low, b.law.high, "j", b.first, b.last),), body)


def _entropy(score: Score, v: Sym) -> Term:
    """S₀ far out: (the mass that has a density) ln c for every parameter; without any, the discrete entropy."""
    growing = [
        times(b.law.continuous.term, tidy(b.last - b.first + 1)) for b in score.blocks if b.law.density is not None
    ]
    if growing:
        return tidy(mul(normalized(add(*growing), score.context), ln(v)))
    fixed = [times(b.law.entropy.term, tidy(b.last - b.first + 1)) for b in score.blocks]
    return normalized(add(*fixed), score.context)


__all__ = ["CLOSED", "LOG", "I", "K", "Leading", "box", "common", "cumulant", "leading", "neg", "variable"]
