"""Initial distributions of one parameter. A new one is its density and its domain, or its point masses.

`cf` and `mgf` propose the means of cos(t μ) and exp(t μ); they are held against quadrature of the density, like all else.
"""

from fractions import Fraction

from derive.entries import LINE, Entries
from derive.system import Parameter
from derive.term import HALF, ONE, PI, TWO, ZERO, Fn, Term, exp, neg, sqrt

ENTRIES = Entries("theorems.catalogue.initializers")
INITIALIZERS, initializer, discrete = ENTRIES.initializers, ENTRIES.initializer, ENTRIES.discrete
line = LINE


def fn(name: str, *args: Term) -> Term:
    return Fn(name, args)


@initializer(
    "sigma", line, "Zhang, Section 3.1",
    cf=lambda t, sigma: exp(neg(sigma**2 * t**2) / 2), mgf=lambda t, sigma: exp(sigma**2 * t**2 / 2),
)  # fmt: skip
def normal(mu: Term, sigma: Term) -> Term:
    """Normal with mean zero and standard deviation sigma."""
    return ONE / (sqrt(TWO * PI) * sigma) * exp(neg(mu**2 / (TWO * sigma**2)))


@initializer(
    "l", lambda width: (neg(width / 2), width / 2), "Zhang (3.12)",
    cf=lambda t, l: fn("sin", l * t / 2) / (l * t / 2),
    mgf=lambda t, l: (exp(l * fn("abs", t) / 2) - exp(neg(l * fn("abs", t)) / 2)) / (l * fn("abs", t)),
)  # fmt: skip
def uniform(mu: Term, width: Term) -> Term:
    """Uniform on an interval of the given width around zero."""
    return ONE / width


@initializer(
    "b", line, "Laplace (1774)",
    cf=lambda t, b: ONE / (ONE + b**2 * t**2), mgf=lambda t, b: ONE / (ONE - b**2 * t**2),
)  # fmt: skip
def laplace(mu: Term, b: Term) -> Term:
    """Two exponentials back to back, of mean absolute value b."""
    return exp(neg(fn("abs", mu) / b)) / (TWO * b)


@initializer(
    "s", line, "Balakrishnan (1992)",
    cf=lambda t, s: PI * s * t / fn("sinh", PI * s * t), mgf=lambda t, s: PI * s * t / fn("sin", PI * s * t),
)  # fmt: skip
def logistic(mu: Term, s: Term) -> Term:
    """Logistic of scale s."""
    return ONE / (s * (exp(mu / (TWO * s)) + exp(neg(mu / (TWO * s)))) ** 2)


@initializer(
    "w", lambda w: (neg(w), w), "Simpson (1755)",
    cf=lambda t, w: (fn("sin", w * t / 2) / (w * t / 2)) ** 2, mgf=lambda t, w: (fn("sinh", w * t / 2) / (w * t / 2)) ** 2,
)  # fmt: skip
def triangular(mu: Term, w: Term) -> Term:
    """Symmetric triangle on [−w, w]."""
    return (w - fn("abs", mu)) / w**2


def _cut(t: Term, sigma: Term, a: Term) -> Term:
    return fn("cut", a, sigma * t) / fn("erf", a / sqrt(TWO))


def _cut_exp(t: Term, sigma: Term, a: Term) -> Term:
    ends = fn("erf", (a - sigma * t) / sqrt(TWO)) + fn("erf", (a + sigma * t) / sqrt(TWO))
    return exp(sigma**2 * t**2 / 2) * ends / (TWO * fn("erf", a / sqrt(TWO)))


@initializer(
    "sigma", lambda sigma, a: (neg(a * sigma), a * sigma), "Johnson, Kotz and Balakrishnan (1994)",
    Parameter("a", Fraction(2), above=Fraction(0)), cf=_cut, mgf=_cut_exp,
)  # fmt: skip
def truncated_normal(mu: Term, sigma: Term, a: Term) -> Term:
    """Normal of standard deviation sigma, cut at a sigma on both sides (a = 2 in the frameworks)."""
    return exp(neg(mu**2 / (TWO * sigma**2))) / (sqrt(TWO * PI) * sigma * fn("erf", a / sqrt(TWO)))


def _student(t: Term, s: Term, nu: Term) -> Term:
    r = sqrt(nu) * s * t
    return r ** (nu / 2) * fn("besselk", nu / 2, r) / (fn("gamma", nu / 2) * TWO ** (nu / 2 - 1))


@initializer("s", line, "Student (1908)", Parameter("nu", Fraction(5), above=Fraction(0)), cf=_student)
def student_t(mu: Term, s: Term, nu: Term) -> Term:
    """Student's law with ν degrees of freedom, times s."""
    tail = (ONE + mu**2 / (nu * s**2)) ** neg((nu + 1) / 2)
    return fn("gamma", (nu + 1) / 2) / (sqrt(nu * PI) * fn("gamma", nu / 2) * s) * tail


@discrete("s", "Rademacher (1922)", cf=lambda t, s: fn("cos", s * t), mgf=lambda t, s: fn("cosh", s * t))
def rademacher(s: Term):  # type: ignore[no-untyped-def]
    """Two points: s or −s with equal chance."""
    return (neg(s), HALF), (s, HALF)


@initializer(
    "sigma", line, "Mitchell and Beauchamp (1988)", Parameter("p", Fraction(1, 10), Fraction(0), Fraction(1)),
    atoms=lambda sigma, p: ((ZERO, ONE - p),),
    cf=lambda t, sigma, p: ONE - p + p * exp(neg(sigma**2 * t**2) / 2),
    mgf=lambda t, sigma, p: ONE - p + p * exp(sigma**2 * t**2 / 2),
)  # fmt: skip
def sparse(mu: Term, sigma: Term, p: Term) -> Term:
    """Spike and slab: normal with chance p, else exactly 0."""
    return p * ONE / (sqrt(TWO * PI) * sigma) * exp(neg(mu**2 / (TWO * sigma**2)))


@discrete("c", "a framework's constant_")
def constant(c: Term):  # type: ignore[no-untyped-def]
    """Every parameter c."""
    return ((c, ONE),)


two_point = rademacher
#: Other names in use.
ALIASES = ENTRIES.aliases
ALIASES |= {"two_point": "rademacher", "spike_and_slab": "sparse", "gaussian": "normal", "student": "student_t"}
