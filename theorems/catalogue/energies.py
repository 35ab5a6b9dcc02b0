"""Energies of one sample. A new one is a function of prediction and target."""

from collections.abc import Callable

from derive.system import Energy
from derive.term import ONE, Fn, Term, exp, ln, neg

ENERGIES: dict[str, Energy] = {}


def energy(source: str):  # type: ignore[no-untyped-def]
    """Register an energy under the name of its function; a name can be taken once."""

    def register(of):  # type: ignore[no-untyped-def]
        if of.__name__ in ENERGIES:
            raise ValueError(f"the energy {of.__name__} is declared twice: choose another name")
        ENERGIES[of.__name__] = Energy(of.__name__, of, source)
        return ENERGIES[of.__name__]

    return register


def l1(weight: Term) -> Callable[[Term], Term]:
    """Lasso penalty of one parameter, Zhang (2.20)."""
    return lambda mu: weight * Fn("abs", (mu,))


def l2(weight: Term) -> Callable[[Term], Term]:
    """Ridge penalty of one parameter, Zhang (2.21)."""
    return lambda mu: weight * mu**2


@energy(source="Zhang (2.16)")
def mse(prediction: Term, target: Term) -> Term:
    """Squared error, in units of the target squared."""
    return (prediction - target) ** 2


@energy(source="Zhang (2.17)")
def mae(prediction: Term, target: Term) -> Term:
    """Absolute error, in units of the target."""
    return Fn("abs", (prediction - target,))


@energy(source="Zhang (2.18)")
def mba(prediction: Term, target: Term) -> Term:
    """Signed error, in units of the target."""
    return prediction - target


@energy(source="Zhang (2.19), (4.1)")
def cross_entropy(logit: Term, target: Term) -> Term:
    """Binary cross-entropy of a logistic prediction 1/(1 + e^{−logit}), in nat."""
    p = ONE / (ONE + exp(neg(logit)))
    return neg(target * ln(p) + (ONE - target) * ln(ONE - p))
