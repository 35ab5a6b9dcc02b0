"""Initial distributions of one parameter. A new one is its density and its domain."""

from derive.system import Initializer
from derive.term import INF, MINUS_INF, ONE, PI, TWO, Term, exp, neg, sqrt

INITIALIZERS: dict[str, Initializer] = {}


def initializer(scale: str, domain, source: str):  # type: ignore[no-untyped-def]
    """Register a density under the name of its function; `domain` gives its ends from the scale."""

    def register(density):  # type: ignore[no-untyped-def]
        if density.__name__ in INITIALIZERS:
            raise ValueError(f"the initializer {density.__name__} is declared twice: choose another name")
        made = Initializer(density.__name__, scale, density, domain, source)
        INITIALIZERS[density.__name__] = made
        return made

    return register


@initializer(scale="sigma", domain=lambda sigma: (MINUS_INF, INF), source="Zhang, Section 3.1")
def normal(mu: Term, sigma: Term) -> Term:
    """Normal with mean zero and standard deviation sigma."""
    return ONE / (sqrt(TWO * PI) * sigma) * exp(neg(mu**2 / (TWO * sigma**2)))


@initializer(scale="l", domain=lambda width: (neg(width / 2), width / 2), source="Zhang (3.12)")
def uniform(mu: Term, width: Term) -> Term:
    """Uniform on an interval of the given width around zero."""
    return ONE / width
