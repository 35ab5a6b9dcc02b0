"""Energies of one sample. A new one is a function of prediction and target, and of parameters by name."""

from collections.abc import Callable
from fractions import Fraction

from derive.entries import Entries
from derive.system import Parameter
from derive.term import ONE, TWO, Fn, Term, exp, ln, neg

ENTRIES = Entries("theorems.catalogue.energies")
ENERGIES, energy = ENTRIES.energies, ENTRIES.energy


def positive(name: str, default: int = 1) -> Parameter:
    return Parameter(name, Fraction(default), above=Fraction(0))


def absolute(z: Term) -> Term:
    return Fn("abs", (z,))


def plus(z: Term) -> Term:
    """max(z, 0)."""
    return (z + absolute(z)) / 2


# -- penalties of one parameter --------------------------------------------------------------------


def l1(weight: Term) -> Callable[[Term], Term]:
    """Lasso penalty of one parameter, Zhang (2.20)."""
    return lambda mu: weight * Fn("abs", (mu,))


def l2(weight: Term) -> Callable[[Term], Term]:
    """Ridge penalty of one parameter, Zhang (2.21)."""
    return lambda mu: weight * mu**2


def elastic_net(first: Term, second: Term) -> Callable[[Term], Term]:
    """Both penalties of one parameter, each with a weight of its own: Zou and Hastie (2005)."""
    return lambda mu: first * Fn("abs", (mu,)) + second * mu**2


PENALTIES = {"l1": l1, "l2": l2, "elastic_net": elastic_net}

# -- regression ------------------------------------------------------------------------------------


@energy(source="Zhang (2.16)")
def mse(prediction: Term, target: Term) -> Term:
    """Squared error, in units of the target squared."""
    return (prediction - target) ** 2


@energy(source="Zhang (2.17)")
def mae(prediction: Term, target: Term) -> Term:
    """Absolute error, in units of the target."""
    return Fn("abs", (prediction - target,))


@energy(source="Zhang (2.18)", signed=True)
def mba(prediction: Term, target: Term) -> Term:
    """Signed error, in units of the target."""
    return prediction - target


mbe = mba
#: Other names in use.
ALIASES = ENTRIES.aliases
ALIASES |= {"mbe": "mba", "l1_loss": "mae", "bce_with_logits": "cross_entropy"}


@energy("Huber (1964)", positive("delta"))
def huber(prediction: Term, target: Term, delta: Term) -> Term:
    """Half the squared error up to δ, linear beyond, in units of the target squared."""
    z = prediction - target
    return (z**2 - plus(z - delta) ** 2 - plus(neg(z) - delta) ** 2) / 2


@energy("Girshick (2015); Huber's over β", positive("beta"))
def smooth_l1(prediction: Term, target: Term, beta: Term) -> Term:
    """Huber's energy divided by β, in units of the target."""
    z = prediction - target
    return (z**2 - plus(z - beta) ** 2 - plus(neg(z) - beta) ** 2) / (TWO * beta)


@energy("Green (1990)")
def log_cosh(prediction: Term, target: Term) -> Term:
    """ln cosh z = ln(1 + e^{2z}) − z − ln 2 of the error z, target without unit."""
    z = prediction - target
    return ln(ONE + exp(TWO * z)) - z - ln(TWO)


@energy("Koenker and Bassett (1978)", Parameter("q", Fraction(1, 2), Fraction(0), Fraction(1)))
def pinball(prediction: Term, target: Term, q: Term) -> Term:
    """Quantile error at level q, in units of the target."""
    return q * plus(target - prediction) + (ONE - q) * plus(prediction - target)


@energy("negative log-likelihood with the logarithm as link, ln y! left out", targets="count", signed=True)
def poisson(prediction: Term, target: Term) -> Term:
    """Poisson deviance of a predicted log rate, in nat."""
    return exp(prediction) - target * prediction


# -- classification --------------------------------------------------------------------------------


@energy("Zhang (2.19), (4.1)", targets="binary")
def cross_entropy(logit: Term, target: Term) -> Term:
    """Binary cross-entropy of a logistic prediction 1/(1 + e^{−logit}), in nat."""
    p = ONE / (ONE + exp(neg(logit)))
    return neg(target * ln(p) + (ONE - target) * ln(ONE - p))


@energy("Cortes and Vapnik (1995)", targets="sign")
def hinge(score: Term, target: Term) -> Term:
    """What the margin lacks to 1."""
    return plus(ONE - target * score)


@energy("Cortes and Vapnik (1995), with squared slack", targets="sign")
def squared_hinge(score: Term, target: Term) -> Term:
    """The square of what the margin lacks to 1."""
    return plus(ONE - target * score) ** 2


@energy("Freund and Schapire (1997)", targets="sign")
def exponential(score: Term, target: Term) -> Term:
    """AdaBoost's exponential error."""
    return exp(neg(target * score))
