"""A `sympy.stats` random variable as the law of one parameter, times a scale s.

Only its density and its domain are taken, or its points and their masses; all else is worked out as for any law.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derive.errors import DeriveError
from derive.system import Atoms, Initializer
from derive.term import INF, MINUS_INF, ONE, ZERO, Fn, Num, Pow, Sym, Term, add, exp, ln, mul, substitute

X, T = Sym("u"), Sym("t")
#: Most points of a discrete variable.
POINTS = 64


def initializer(variable: Any, name: str = "") -> Initializer:
    """The law of `variable`, a continuous or finite random variable of numbers.

    Raises
    ------
    DeriveError
        It is no random variable, has symbols in it, or a density that is no formula of one piece.

    Examples
    --------
    >>> from sympy.stats import Die, Laplace
    >>> initializer(Laplace("L", 0, 1)).name, len(initializer(Die("D", 6)).masses(ONE))
    ('laplace', 6)
    """
    try:
        from sympy.stats.rv import RandomSymbol
    except ImportError:
        raise DeriveError("A sympy.stats variable needs SymPy, which is not installed.") from None
    if not isinstance(variable, RandomSymbol):
        raise DeriveError(f"{str(variable)[:60]} is no random variable of sympy.stats.")
    if variable.pspace.distribution.free_symbols:
        raise DeriveError(f"{variable} holds symbols: give its parameters numbers.")
    called = name or type(variable.pspace.distribution).__name__.removesuffix("Distribution").lower()
    if variable.pspace.is_Finite:
        return _finite(variable, called)
    if variable.pspace.is_Discrete:
        raise DeriveError(f"{variable} has infinitely many points, which are not taken in: give a finite one.")
    return _continuous(variable, called)


def _finite(variable: Any, name: str) -> Initializer:
    from sympy.stats import density

    pairs = [(_term(a), _term(w)) for a, w in density(variable).dict.items()]
    if len(pairs) > POINTS:
        raise DeriveError(f"{variable} has {len(pairs)} points: at most {POINTS} are taken in.")

    def atoms(s: Term) -> Atoms:
        return tuple((a * s, w) for a, w in pairs)

    return Initializer(name, "s", None, lambda s: (ZERO, ZERO), "sympy.stats", atoms=atoms)


def _continuous(variable: Any, name: str) -> Initializer:
    import sympy
    from sympy.stats import density

    domain = variable.pspace.domain.set
    if not isinstance(domain, sympy.Interval):
        raise DeriveError(f"{variable} does not live on one interval.")
    u = sympy.Symbol("u", real=True)
    found = density(variable)(u)
    if isinstance(found, sympy.Piecewise):  # outside its domain it is 0
        pieces = [e for e, _ in found.args if e != 0]
        if len(pieces) != 1:
            raise DeriveError(f"The density of {variable} has {len(pieces)} pieces: write it with |u| in one.")
        found = pieces[0]
    found = sympy.expand_func(found.rewrite(sympy.gamma))
    f, low, high = _term(found), _term(domain.start), _term(domain.end)

    def of(mu: Term, s: Term) -> Term:
        return substitute(f, {X: mu / s}) / s

    def ends(s: Term) -> tuple[Term, Term]:
        return tuple(e if e in (INF, MINUS_INF) else e * s for e in (low, high))  # type: ignore[return-value]

    return Initializer(name, "s", of, ends, "sympy.stats", cf=_transform(variable))


def _transform(variable: Any):  # type: ignore[no-untyped-def]
    """SymPy's characteristic function as a proposal, where it has one in its tables that can be taken in."""
    import sympy

    t = sympy.Symbol("t", positive=True)
    tabled = getattr(variable.pspace.distribution, "_characteristic_function", None)
    found = tabled(t) if tabled is not None else None
    if found is None:
        return None
    try:
        cos, sin = (_term(sympy.simplify(x), {"t": T}) for x in found.as_real_imag())
    except DeriveError:  # it holds a function that terms don't: numbers then come from the density alone
        return None
    at = lambda x, a: substitute(x, {T: Fn("abs", (a,))})  # noqa: E731
    if sin == ZERO:
        return lambda a, s: at(cos, a * s)
    # the sine is odd: its sign is that of t
    return lambda a, s: (at(cos, a * s), at(sin, a * s) * a / Fn("abs", (a,)))


#: Functions of SymPy by their names here.
_FUNCTIONS = {
    "exp": "exp", "log": "ln", "Abs": "abs", "erf": "erf", "gamma": "gamma", "sin": "sin", "cos": "cos", "tanh": "tanh",
    "sinh": "sinh", "cosh": "cosh", "atan": "atan",
}  # fmt: skip


def _term(e: Any, names: dict[str, Term] | None = None) -> Term:
    import sympy

    if isinstance(e, int):
        return Num(Fraction(e))
    if e.is_Float:
        e = sympy.Rational(str(e))
    if e.is_Rational:
        return Num(Fraction(int(e.p), int(e.q)))
    if e is sympy.oo:
        return INF
    if e is -sympy.oo:
        return MINUS_INF
    if e is sympy.pi:
        return Sym("pi")
    if e is sympy.E:
        return exp(ONE)
    if e.is_Symbol:
        return (names or {"u": X})[e.name]
    if e.is_Add:
        return add(*(_term(a, names) for a in e.args))
    if e.is_Mul:
        return mul(*(_term(a, names) for a in e.args))
    if isinstance(e, sympy.beta):
        return _term(sympy.gamma(e.args[0]) * sympy.gamma(e.args[1]) / sympy.gamma(sum(e.args)), names)
    if e.func is sympy.exp:
        return exp(_term(e.args[0], names))
    if e.is_Pow:
        return Pow(_term(e.base, names), _term(e.exp, names))
    name = _FUNCTIONS.get(e.func.__name__)
    if name is None or len(e.args) != 1:
        raise DeriveError(f"{e.func.__name__} is a function that densities here can't hold.")
    inner = _term(e.args[0], names)
    return ln(inner) if name == "ln" else Fn(name, (inner,))
