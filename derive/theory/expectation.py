"""⟨L(s)⟩ of an energy over the score: a closed form where there is one, else one exact integral.

    polynomials       the moments of the score
    exponentials      the product of the parameters' moment generating functions
    a normal score    closed forms with erf; for ln(1 + e^z) and its like one Gaussian integral
    any other score   one integral over the characteristic function, from the representations below

Each g(z) with g″ = ĝ in the sense of Fourier:

    |z|         = (2/π) ∫₀^∞ (1 − cos zt) / t² dt
    z |z|       = (4/π) ∫₀^∞ (zt − sin zt) / t³ dt
    z² |z|      = (12/π) ∫₀^∞ (cos zt − 1 + z²t²/2) / t⁴ dt
    ln(1 + e^z) = z/2 + ln 2 + ∫₀^∞ (1 − cos zt) / (t sinh πt) dt
    ln(1 + z²)  = 2 ∫₀^∞ (1 − cos zt) e^{−t} / t dt
    1/(1 + z²)  = ∫₀^∞ cos zt e^{−t} dt

The order of ∫dt and ⟨ ⟩ may be changed (Tonelli) once ⟨|z|^p⟩ is finite, p the growth of g.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from derive.errors import DeriveError
from derive.term import (
    HALF,
    INF,
    MINUS_INF,
    ONE,
    PI,
    TWO,
    ZERO,
    Fn,
    Int,
    Num,
    Over,
    Pow,
    Sum,
    Sym,
    Term,
    add,
    exp,
    ln,
    neg,
    rebuild,
    sqrt,
    substitute,
)
from derive.theory.law import T
from derive.theory.loss import Loss, Piece, Y, shape
from derive.theory.score import I, J, N, Score, plus, target, times
from derive.theory.tidy import normalized, signed, tidy

#: How a mean is known.
CLOSED, INTEGRAL = "closed form", "one-dimensional integral"
W = T  # variable of the integrals


@dataclass(frozen=True)
class Mean:
    """⟨L⟩ of one sample as a term in x_ij, y_i, the scales and the parameters; `how` names the steps."""

    term: Term
    kind: str
    how: tuple[str, ...]

    @property
    def total(self) -> Term:
        """The mean over the data."""
        return Sum("i", ONE, N, self.term) / N


def mean(loss: Loss, score: Score, numeric: bool = False) -> Mean:
    """⟨L⟩ of one sample. That it is finite is for `existence` to say.

    With `numeric`, Gaussian integrals are written over the characteristic function too, which is smooth at every scale.
    """
    parts, how, kind = [], list[str](), CLOSED
    y: dict[Term, Term] = {Y: target()}
    if score.certain:
        return Mean(tidy(loss.at(score.mean, target())), CLOSED, ("the score does not vary",))
    for k, c in sorted(loss.polynomial.items(), reverse=True):
        parts.append(times(substitute(c, y), score.moment(k) if k else ONE))
    if loss.degree:
        how.append("moments of independent parameters")
    spectral: dict[int, list[tuple[Term, Term]]] = {}
    for p in loss.pieces:
        c, slope, shift = (substitute(x, y) for x in (p.coefficient, p.slope, p.shift))
        slope = unsigned(slope, loss) if score.even else slope
        term, closed, step = _piece(p, slope, shift, score, numeric)
        kind = kind if closed else INTEGRAL
        how.append(step)
        if isinstance(term, tuple):
            spectral.setdefault(p.power, []).append((c, term[0]))
        else:
            parts.append(times(c, term))
    for power, found in sorted(spectral.items()):
        parts.append(_together(power, found))
    return Mean(sign_free(normalized(plus(*parts), score.context), loss), kind, tuple(dict.fromkeys(how)))


def unsigned(slope: Term, loss: Loss) -> Term:
    """A slope without its sign, where the score is even and signs don't show: targets of −1 and 1 leave no trace."""
    slope = signed(tidy(slope))[1]
    return sign_free(ONE if slope == target() and loss.targets == "sign" else slope, loss)


def sign_free(t: Term, loss: Loss) -> Term:
    """Under targets of −1 and 1, y² = 1 and |y| = 1."""
    if loss.targets != "sign":
        return t

    def go(x: Term) -> Term:
        x = rebuild(x, go)
        if isinstance(x, Pow) and x.base == target() and isinstance(x.exponent, Num) and x.exponent.value % 2 == 0:
            return ONE
        return ONE if isinstance(x, Fn) and x.name == "abs" and x.args == (target(),) else x

    return tidy(go(t))


def _together(power: int, parts: list[tuple[Term, Term]]) -> Term:
    """Spectral integrals with one weight, under one sign."""
    weight = Num(Fraction(_WEIGHTS[power])) / PI
    number = parts[0][0] if len(parts) == 1 or all(c == parts[0][0] for c, _ in parts) else None
    if number is not None:
        return times(number, weight) * Int((Over(W, ZERO, INF),), add(*(n for _, n in parts)) / W ** (power + 2))
    return weight * Int((Over(W, ZERO, INF),), add(*(times(c, n) for c, n in parts)) / W ** (power + 2))


#: π times the weight of the spectral representation of z^p |z|.
_WEIGHTS = (2, 4, 12)


def _piece(p: Piece, slope: Term, shift: Term, score: Score, numeric: bool) -> tuple[Term | tuple[Term], bool, str]:
    if p.kind == "exp":
        return score.exponential(slope, shift), True, "the product of moment generating functions"
    if score.normal:
        m, v = plus(times(slope, score.mean), shift), times(slope**2, score.variance)
        if p.kind == "abs":
            return _folded(p.power, m, v), True, "the mean of |z| and its like over a normal score"
        if not numeric:
            return _gaussian(p, m, v), False, "one integral over a normal score"
    if p.kind == "abs":
        return (_numerator(p, slope, shift, score),), False, "the characteristic function of the score"
    return _spectral(p, slope, shift, score), False, "the characteristic function of the score"


def _folded(p: int, m: Term, v: Term) -> Term:
    """⟨z^p |z|⟩, z ~ N(m, v): I_p = m I_{p−1} + p v I_{p−2}, I_{−1} = erf(m/√(2v)), I_0 = v·2φ + m I_{−1}."""
    before: Term
    now: Term
    spread = sqrt(TWO * v / PI)
    if m == ZERO:
        before, now = ZERO, spread
    else:
        before = Fn("erf", (m / sqrt(TWO * v),))
        now = spread * exp(neg(m**2 / (TWO * v))) + m * before
    for k in range(1, p + 1):
        before, now = now, plus(times(m, now), times(Num(Fraction(k)), v, before))
    return now


def _gaussian(p: Piece, m: Term, v: Term) -> Term:
    z = plus(m, sqrt(v) * W)
    density = exp(neg(W**2) / 2) / sqrt(TWO * PI)
    return Int((Over(W, MINUS_INF, INF),), shape(p.kind, z) * density)


def _spectral(p: Piece, slope: Term, shift: Term, score: Score) -> Term:
    return _over_spectrum(p, plus(times(slope, score.mean), shift), score.cosine(slope, shift, W))


def _over_spectrum(p: Piece, centre: Term, cos: Term) -> Term:
    """⟨g(z)⟩ from ⟨z⟩ and ⟨cos tz⟩."""
    over = (Over(W, ZERO, INF),)
    if p.kind == "softplus":
        even = Int(over, (ONE - cos) / (W * Fn("sinh", (PI * W,))))
        return add(*([] if centre == ZERO else [centre * HALF]), ln(TWO), even)
    if p.kind == "log":
        return TWO * Int(over, (ONE - cos) * exp(neg(W)) / W)
    if p.kind == "lorentz":
        return Int(over, cos * exp(neg(W)))
    raise DeriveError(f"A mean of {p.kind} over the spectrum of a score is not known here: give its kind one above.")


def _numerator(p: Piece, slope: Term, shift: Term, score: Score) -> Term:
    """What stands over t^{p+2} in the representation of z^p |z|."""
    cos = score.cosine(slope, shift, W)
    if p.power == 0:
        return ONE - cos
    centre = plus(times(slope, score.mean), shift)
    if p.power == 1:
        return plus(times(centre, W), neg(score.sine(slope, shift, W)))
    if p.power > 2:
        raise DeriveError(f"The energy holds |z|^{p.power + 1}, whose mean is known here under normal laws only.")
    square = plus(times(slope**2, score.moment(2)), times(TWO, slope, shift, score.mean), _square(shift))
    return cos - ONE + square * W**2 / 2


def _square(t: Term) -> Term:
    return ZERO if t == ZERO else t**2


def given_piece(p: Piece) -> Term:
    """⟨g(z)⟩ for z ~ N(m, v), over the characteristic function where there is no closed form."""
    m, v = Sym("m"), Sym("v")
    if p.kind == "exp":
        return exp(m + v / 2)
    if p.kind == "abs":
        return _folded(p.power, m, v)
    cos = Fn("cos", (W * m,)) * exp(neg(v * W**2) / 2)
    return _over_spectrum(p, m, cos)


def given_normal(loss: Loss, soft: bool = True) -> Term:
    """⟨L(s)⟩ for s ~ N(m, v), in m and v; without the pieces that have no closed form unless `soft`."""
    m, v = Sym("m"), Sym("v")
    y: dict[Term, Term] = {Y: target()}
    powers = (ONE, m, m**2 + v, m**3 + m * v * 3, m**4 + m**2 * v * 6 + v**2 * 3)
    parts = [substitute(c, y) * powers[k] for k, c in loss.polynomial.items()]
    for p in loss.pieces:
        if soft or p.kind in ("abs", "exp"):
            c, slope, shift = (substitute(x, y) for x in (p.coefficient, p.slope, p.shift))
            parts.append(c * substitute(given_piece(p), {m: slope * m + shift, v: slope**2 * v}))
    return add(*parts) if parts else ZERO


def of_penalties(score: Score, weights: tuple[tuple[str, Fraction], ...]) -> Term:
    """Σ_j w ⟨|μ_j|⟩ and Σ_j w ⟨μ_j²⟩."""
    parts = []
    for name, weight in weights:
        for b in score.blocks:
            if not b.law.tail.moment(1 if name == "l1" else 2):
                raise DeriveError(
                    f"The mean of the penalty {name} is infinite: the tail of {b.initializer.called} is too heavy."
                )
            scale = b.scale(J)
            each = times(b.law.absolute.term, scale) if name == "l1" else times(b.law.moment(2).term, scale**2)
            parts.append(Sum("j", b.first, b.last, times(Num(weight), each)))
    return plus(*parts)


# -- whether there is a mean -----------------------------------------------------------------------


@dataclass(frozen=True)
class Existence:
    """Whether ⟨L⟩ is finite.

    Attributes
    ----------
    finite : for some scale and data at least.
    condition : in words, "" where there is none.
    rate : with an exponential tail: ⟨L⟩ is finite while scale · |x_ij| · |slope| stays below it.
    proved : the tail it follows from was found by the kernel.
    """

    finite: bool
    condition: str = ""
    rate: Term | None = None
    proved: bool = True


def existence(loss: Loss, score: Score) -> Existence:
    """When the mean energy is finite, from the tails of the parameters."""
    from derive.reader.printer import latex

    proved = all(b.law.tail.proved for b in score.blocks)
    needed = loss.growth
    said: list[str] = []
    rate: Term | None = None
    for b in score.blocks:
        tail, name = b.law.tail, b.initializer.called
        if not tail.moment(needed):
            wanted = "a mean" if needed == 1 else f"a moment of order {needed}"
            shown = _named(b, needed)
            return Existence(False, f"⟨E₀⟩ needs {wanted} of every parameter: {shown}", proved=proved)
        if tail.index is not None and needed:
            said.append(f"{_named(b, needed, True)}")
        if "exp" in loss.kinds and not tail.every_exponential:
            if tail.rate is None:
                return Existence(
                    False,
                    f"⟨exp(t μ)⟩ is infinite for every t ≠ 0: the tail of {name} is heavier than exponential",
                    proved=proved,
                )
            rate = tail.rate
            slopes = {unsigned(substitute(p.slope, {Y: target()}), loss) for p in loss.pieces if p.kind == "exp"}
            unit = slopes == {ONE}
            factor = "" if unit else " |y_i|"
            bound = f"{b.initializer.scale}_j |x_ij|{factor} < {latex(rate)}"
            said.append(f"finite only while {bound} for every i and j, infinite beyond")
    return Existence(True, "; ".join(dict.fromkeys(said)), rate, proved)


def _named(b, needed: int, holds: bool = False) -> str:  # type: ignore[no-untyped-def]
    """The condition in the parameter that the index of the tail is found to follow."""
    from derive.theory.law import law

    i, index = b.initializer, b.law.tail.index
    for p in i.parameters:
        now = i.numbers[p.name]
        moved = [law(i(**{p.name: now + k})).tail.index for k in (1, 2)]
        if index == now and moved == [now + 1, now + 2]:
            return (
                f"{p.name} > {needed} (here {p.name} = {now})"
                if holds
                else f"infinite for {p.name} ≤ {needed}, and {p.name} = {now} here"
            )
    return f"the tail index {index} of {i.called} {'exceeds' if holds else 'does not exceed'} {needed}"


__all__ = ["CLOSED", "INTEGRAL", "Existence", "I", "Mean", "existence", "mean"]
