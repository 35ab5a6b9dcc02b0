"""`temperature`: everything about one energy, one initializer and one model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import flint
from flint import arb

from derive.errors import DeriveError
from derive.numeric import NoNumber
from derive.reader.notation import Notation
from derive.reader.printer import latex
from derive.system import Energy, Initializer, rational
from derive.term import ONE, ZERO, Num, Sum, Sym, Term, ln
from derive.theory.asymptotics import Leading, is_flat, leading
from derive.theory.checks import check as compared
from derive.theory.checks import far, roughly, slow
from derive.theory.draws import Compared
from derive.theory.draws import compared as drawing
from derive.theory.expectation import Mean, existence, mean, of_penalties
from derive.theory.loss import Loss, S, Y, taken_apart
from derive.theory.numbers import value
from derive.theory.proofs import Proofs, proofs
from derive.theory.result import UNDECIDED, Check, Linear, Temperature
from derive.theory.score import Block, J, K, N, Score, plus, times
from derive.theory.tidy import normalized, tidy

if TYPE_CHECKING:
    from derive.theory.networks import Network

#: With more point masses, formulas are compared in floating point: to twenty digits it would take minutes.
ATOMS = 3
FEW = 16  # parameters of a mixed initializer that are drawn
#: What is left out of an expansion: small where it is complete, small beside its leading term where it is not.
REST = {True: "+o(1)", False: r"\,(1+o(1))"}
NOTATION = Notation(scalars={r"\gamma": Sym("euler")}, data={"X": "x", "Y": "y"})


def temperature(
    energy: Energy,
    initializer: Initializer | Sequence[tuple[Initializer, int]],
    model: Linear | Network | None = None,
    *,
    penalty: Mapping[str, Any] | None = None,
    reduction: str = "mean",
    check: bool = True,
) -> Temperature:
    """⟨E₀⟩, S₀, T and their leading laws for a pair.

    Parameters
    ----------
    energy : such as `Huber(delta=1)`; parameters that are left open stay symbols.
    initializer : such as `Laplace()`, or `Laplace(2)` for a scale of 2; or pairs (initializer, how many parameters).
    model : `Linear(K=3)`, or `Linear()` for any number of parameters, or a `Network`.
    penalty : weights of penalties on every parameter: {"l1": 0.1, "l2": 0.01}.
    reduction : "mean" or "sum" over the data.
    check : hold the formulas against quadrature of the original integral.

    Raises
    ------
    DeriveError
        A density that does not integrate to one, a parameter out of range, an energy that can't be taken apart.
    Conflict
        A formula and the quadrature of what it stands for disagree: an engine bug.
    """
    model = model or Linear()
    if not isinstance(model, Linear):
        from derive.theory.networks import temperature as of_network

        if penalty or reduction != "mean" or not isinstance(initializer, Initializer):
            raise DeriveError("A network takes one initializer, no penalty, and the mean over the data.")
        return of_network(energy, initializer, model, check=check)
    if reduction not in ("mean", "sum"):
        raise DeriveError(f"The reduction is mean or sum, not {reduction!r}.")
    weights = _weights(penalty or {})
    blocks = _blocks(initializer, model)
    for b in blocks:
        if b.initializer.scale in energy.at:
            raise DeriveError(f"{b.initializer.scale} is a parameter of {energy.name}: call the scale something else.")
    score, loss = Score(blocks), taken_apart(energy)
    dependent = _dependent(energy, loss, blocks)
    exists, entropy = existence(loss, score), _entropy(score)
    shared: dict[str, Any] = {
        "energy": energy, "blocks": blocks, "model": model, "reduction": reduction, "penalty": weights,
        "entropy": r"-\infty" if dependent else latex(entropy, NOTATION), "entropy_term": entropy,
        "loss": loss, "exists": exists,
    }  # fmt: skip
    if not exists.finite:
        return Temperature(
            **shared, verdict="proved" if exists.proved else "supported", exact=None, kind=None, asymptotic=None,
            energy_law=None, condition=f"diverges: {exists.condition}",
            reason="⟨E₀⟩ is infinite: growth of the energy against the tail of the density, compared as growth scales.",
        )  # fmt: skip
    found = mean(loss, score)
    if dependent:
        found = replace(found, how=("moments up to the second of uncorrelated parameters",))
    whole = tidy(
        plus(found.total if reduction == "mean" else Sum("i", ONE, N, found.term), of_penalties(score, weights))
    )
    # the leading laws are those of a growing scale, whatever it was given to be
    open_scale = Score(tuple(replace(b, initializer=replace(b.initializer, width=None)) for b in blocks))
    law = leading(loss, open_scale, reduction, weights)
    known = Proofs()
    if reduction == "mean" and not dependent:
        known = proofs(energy, loss, open_scale, _entropy(open_scale), weights)
    checks = _checks(energy, loss, score) if check else ()
    if check and not dependent:
        drawn = _draws(energy, loss, open_scale)
        if isinstance(drawn, Compared) and not drawn.agree:
            return _apart(drawn, shared)
        checks += () if drawn is None else (as_check(drawn),)
    bounded = bounded_below(energy, loss)
    conditions = [exists.condition] if exists.condition else []
    if dependent:
        conditions.append(f"{dependent}: they fill no volume, S₀ = −∞, and T has no value")
    elif score.certain or entropy == ZERO:
        conditions.append("S₀ = 0: T diverges")
    if not bounded:
        conditions.append("E_f = −∞: T has no value, ⟨E₀⟩ stands")
    t_law = law.temperature if law is not None and bounded else None
    sure = known.energy and known.entropy and (law is None or known.leading) and (t_law is None or known.temperature)
    return Temperature(
        **shared, verdict="proved" if sure else "supported", exact=latex(whole, NOTATION), kind=found.kind,
        asymptotic=None if t_law is None else latex(t_law, NOTATION),
        energy_law=None if law is None else latex(law.expansion, NOTATION) + REST[law.complete],
        next_order=None if t_law is None or law is None else _second(law),
        condition="; ".join(conditions) or None,
        reason=_reason(found, known, checks, law, bounded and not score.certain, score),
        proved=known.named, assumed=known.assumed if known.named else "", checks=checks,
        term=whole, mean=found, leading=law,
        law_theorem=known.law if bounded else None, bounded=bounded,
    )  # fmt: skip


def _draws(energy: Energy, loss: Loss, score: Score) -> Compared | str | None:
    """⟨E₀⟩ by draws, for three parameters, or as many as a mixed initializer has, if these are few."""
    laws = [score.blocks[0].law] * 3
    if len(score.blocks) > 1:
        laws = [b.law for b in score.blocks for _ in range(int(value(b.last, {})) - int(value(b.first, {})) + 1)]
    else:
        score = Score((replace(score.blocks[0], last=K),))
    if len(laws) > FEW:
        return None
    try:
        return drawing(energy, loss, laws, bare(energy, loss, score).energy_and_error)
    except (NoNumber, DeriveError) as why:
        return f"the formula could not be worked out there to compare with: {why}"


def _apart(found: Compared, shared: dict[str, Any]) -> Temperature:
    """What a formula that draws contradict is worth."""
    return Temperature(
        **shared, verdict=UNDECIDED, exact=None, kind=None, asymptotic=None, energy_law=None, condition=None,
        reason=f"Undecided: ⟨E₀⟩ comes out as {found.derived:.6g} by the formula and as {found.drawn:.6g} ± "
        f"{found.error:.2g} by draws, {found.off:.1f} standard errors apart, at {found.where}.",
        checks=(as_check(found),),
    )  # fmt: skip


def as_check(found: Compared | str) -> Check:
    """A comparison with draws as a row, or why there is none."""
    if isinstance(found, str):
        return Check("Monte Carlo", "", "", 0.0, found)
    how = f"Monte Carlo, {found.draws} draws, ± the standard error"
    return Check(f"⟨E₀⟩ at {found.where}", f"{found.derived:.6g}", f"{found.drawn:.6g} ± {found.error:.2g}", 0.0, how)


def _second(law: Leading) -> str | None:
    return None if law.second is None else latex(law.second, NOTATION) + law.rest


def bare(energy: Energy, loss: Loss, score: Score) -> Temperature:
    """A pair for numbers alone: nothing is written, proved or checked."""
    return Temperature(
        energy=energy, blocks=score.blocks, model=Linear(), verdict="", exact=None, kind=None, asymptotic=None,
        energy_law=None, entropy="", condition=None, reason="", loss=loss, mean=mean(loss, score),
        exists=existence(loss, score),
    )  # fmt: skip


def _checks(energy: Energy, loss: Loss, score: Score) -> tuple[Check, ...]:
    """One parameter, its scale a symbol: the formula of which what is shown is a case."""
    if len(score.blocks) > 1:
        return ()
    one = Score((Block(replace(score.blocks[0].initializer, width=None), ONE, ONE),))
    found, law = mean(loss, one), leading(loss, one)
    out = []

    def numbers(X: Any, y: Any, scale: float) -> tuple[float, float]:
        return bare(energy, loss, one).energy_and_error(X, y, scale)

    many = "abs" in loss.kinds and any(len(w.atoms) > ATOMS for w in one.laws)
    whole = (
        (lambda: roughly(energy, loss, one, numbers))
        if slow(found.term) or many
        else lambda: compared(energy, loss, one, found)
    )
    for work in (whole, lambda: far(energy, loss, one, law) if law and not many else None):
        try:
            done = work()
        except NoNumber:
            continue
        if done is not None:
            out.append(done)
    return tuple(out)


def _reason(
    found: Mean, known: Proofs, checks: tuple[Check, ...], law: Leading | None, finite: bool, score: Score
) -> str:
    by = f"By {', and '.join(found.how)}"
    digits = [c.digits for c in checks if c.digits]
    agrees = (
        f"; quadrature of the original integral agrees to {min(digits):.0f} digits"
        if digits
        else "; not compared with quadrature"
    )
    names = (("⟨E₀⟩", known.energy), ("S₀", known.entropy), *([("the leading law", known.leading)] if law else []))
    if law and law.temperature is not None and finite:
        names += (("the law of T", known.temperature),)
    proved, rest = [n for n, yes in names if yes], [n for n, yes in names if not yes]
    if not rest:
        return f"{by}; the kernel proved {_listed(proved)}{agrees}."
    said = (
        f"; the kernel proved {_listed(proved)}, not {_listed(rest)}"
        if proved
        else "; none of it checked by the kernel"
    )
    return f"{by}{said}{_why(score)}{agrees}."


def _why(score: Score) -> str:
    """Why the kernel did not take it, where that is the law of a parameter."""
    if score.certain or score.normal or all(is_flat(w) for w in score.laws):
        return ""
    return ", which knows K-fold integrals of normal and flat densities only"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _dependent(energy: Energy, loss: Loss, blocks: tuple[Block, ...]) -> str:
    """Why parameters are not independent, where they are only uncorrelated; then moments up to the second count."""
    found = next((b.initializer for b in blocks if b.initializer.dependent), None)
    if found is not None and (loss.pieces or loss.degree > 2):
        raise DeriveError(
            f"{found.called}: {found.dependent}; their moments up to the second are known, and "
            f"{energy.called} needs more: take an energy such as mse."
        )
    return found.dependent if found else ""


def bounded_below(energy: Energy, loss: Loss) -> bool:
    """Whether the energy is, as a function of the score, by its values far out on both sides."""
    y = {"sign": (-1, 1), "binary": (0, 1), "count": (0, 1, 7)}.get(energy.targets, (-2, 0, 3))
    with flint.ctx.workprec(200):
        env = {n: arb(flint.fmpq(v.numerator, v.denominator)) for n, v in energy.numbers.items()}
        values = [value(loss.at(S, Y), {**env, "s": arb(s), "y": arb(at)}) for s in (-(10**6), 10**6) for at in y]
    return all(v > -1000 for v in values)


def _weights(penalty: Mapping[str, Any]) -> tuple[tuple[str, Fraction], ...]:
    out = []
    for name, weight in penalty.items():
        if name not in ("l1", "l2"):
            raise DeriveError(f"No penalty is called {name!r}; there are l1 and l2 (both together: elastic net).")
        try:
            w = rational(weight)
        except ValueError:
            raise DeriveError(f"The weight of {name} has to be a number, and {str(weight)[:40]!r} is none.") from None
        if w < 0:
            raise DeriveError(f"The weight of {name} has to be 0 or more, and is {weight}.")
        out.append((name, w))
    return tuple(out)


def _blocks(initializer: Initializer | Sequence[tuple[Initializer, int]], model: Linear) -> tuple[Block, ...]:
    if model.K is not None and model.K < 1:
        raise DeriveError(f"A model needs a parameter at least; K = {model.K} is none.")
    if isinstance(initializer, Initializer):
        return (Block(initializer, ONE, K if model.K is None else Num(Fraction(model.K))),)
    out, at = [], 0
    for one, count in initializer:
        if not isinstance(one, Initializer) or count < 1:
            raise DeriveError(
                "A mixed initializer is a sequence of pairs (initializer, how many parameters from 1 on)."
            )
        out.append(Block(one, Num(Fraction(at + 1)), Num(Fraction(at + count))))
        at += count
    if not out or (model.K is not None and at != model.K):
        raise DeriveError(f"The mixed initializer is for {at} parameters and the model has {model.K}.")
    return tuple(out)


def _entropy(score: Score) -> Term:
    """S₀ = Σ_j (h + p ln c_j)."""
    parts = []
    for b in score.blocks:
        h, p = b.law.entropy.term, b.law.continuous.term
        body = plus(*([times(p, ln(b.scale(J)))] if b.law.density is not None else []), h)
        parts.append(Sum("j", b.first, b.last, body))
    return normalized(plus(*parts), score.context)
