"""Activations, and what they are far out. That the two go together is for `derive laws` to see."""

from fractions import Fraction

from derive.entries import Entries
from derive.system import Parameter
from derive.term import HALF, ONE, PI, TWO, Fn, Term, exp, ln, neg, sqrt

ENTRIES = Entries("theorems.catalogue.activations")
ACTIVATIONS, activation = ENTRIES.activations, ENTRIES.activation
ENTRIES.aliases |= {"identity": "linear", "silu": "swish"}


def itself(z: Term, **_: Term) -> Term:
    return z


def constant(c: int):  # type: ignore[no-untyped-def]
    return lambda z, **_: ONE * c


@activation("the identity", right=itself, left=itself)
def linear(z: Term) -> Term:
    """z."""
    return z


@activation("Fukushima (1969)", right=itself, left=constant(0))
def relu(z: Term) -> Term:
    """max(z, 0)."""
    return (z + Fn("abs", (z,))) / 2


@activation(
    "Maas, Hannun and Ng (2013)", Parameter("alpha", Fraction(1, 100), Fraction(0), Fraction(1), closed=True),
    right=itself, left=lambda z, alpha: alpha * z,
)  # fmt: skip
def leaky_relu(z: Term, alpha: Term) -> Term:
    """z for z > 0, else α z."""
    return ((ONE + alpha) * z + (ONE - alpha) * Fn("abs", (z,))) / 2


@activation("Rumelhart, Hinton and Williams (1986)", right=constant(1), left=constant(-1))
def tanh(z: Term) -> Term:
    """Hyperbolic tangent."""
    return Fn("tanh", (z,))


@activation("Verhulst (1845)", right=constant(1), left=constant(0))
def sigmoid(z: Term) -> Term:
    """1/(1 + e^−z)."""
    return (ONE + Fn("tanh", (z / 2,))) / 2


@activation("Hendrycks and Gimpel (2016)", right=itself, left=constant(0))
def gelu(z: Term) -> Term:
    """z Φ(z), Φ the normal distribution function."""
    return z * (ONE + Fn("erf", (z / sqrt(TWO),))) / 2


@activation("Dugas et al. (2001)", right=itself, left=constant(0))
def softplus(z: Term) -> Term:
    """ln(1 + e^z), without overflow."""
    return (z + Fn("abs", (z,))) / 2 + ln(ONE + exp(neg(Fn("abs", (z,)))))


@activation("Ramachandran, Zoph and Le (2017)", right=itself, left=constant(0))
def swish(z: Term) -> Term:
    """z/(1 + e^−z)."""
    return z * (ONE + Fn("tanh", (z / 2,))) * HALF


@activation("Sitzmann et al. (2020)", period=TWO * PI)
def sine(z: Term) -> Term:
    """sin z."""
    return Fn("sin", (z,))
