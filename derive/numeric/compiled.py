"""Terms as nested closures: sums unrolled, constants folded, work moved out of the inner variables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from derive.numeric import integrals, matrices, minimum
from derive.numeric.closures import Code, Frame, Level, added, general_power, multiplied, small_power
from derive.numeric.exact import exact
from derive.numeric.fields import Field, NoNumber, power
from derive.term import Add, App, Elem, Fn, Int, Min, Mul, Num, Pow, Prod, Sum, Sym, Term

if TYPE_CHECKING:
    from derive.numeric.instance import Instance
    from derive.numeric.quadrature import Quadrature

Env = dict[Any, Any]

#: Terms of all sums, and nodes, that one evaluation may visit.
MAX_TERMS, MAX_NODES = 10**6, 10**7
SERIES = 10_000  # terms of an infinite sum


class Compiler:
    """Turns terms into `Code` over one field; an `integrator` is needed where integrals are."""

    def __init__(
        self, instance: Instance, field: Field, integrator: Quadrature | None = None, digits: int = 30
    ) -> None:
        self.instance, self.field, self.integrator, self.digits = instance, field, integrator, digits
        self.closed = integrator is None  #: integrals in closed form where there is one, rather than by quadrature
        self.frame: Frame = []
        self.levels: list[Level] = []
        self.integrals: dict[Any, Code] = {}
        self.nodes = self.terms = 0

    # --- values -------------------------------------------------------------------------------------

    def const(self, value: Any, what: str) -> Code:
        if not self.field.finite(value):
            raise NoNumber(f"{what} has no finite value")
        return Code(None, 0, value)

    def constant(self, t: Term, env: Env) -> Any:
        """Value of a term that must not depend on an integration variable."""
        code = self.code(t, env)
        if code.deps:
            raise NoNumber("a matrix or a minimum depends on an integration variable")
        return code.value

    def integer(self, t: Term, env: Env, what: str) -> int:
        value = exact(t, self.instance, env)
        if value is None or value.denominator != 1:
            raise NoNumber(f"{what} has no integer value")
        return int(value)

    # --- nodes --------------------------------------------------------------------------------------

    def code(self, t: Term, env: Env) -> Code:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise NoNumber(f"more than {MAX_NODES} nodes to visit")
        match t:
            case Num(value):
                return Code(None, 0, self.field.num(value))
            case Sym(name):
                return self.symbol(name, env)
            case Elem(name, index):
                return self.element(t, name, tuple(self.integer(i, env, f"an index of {name}") for i in index), env)
            case Add(terms):
                return self.gather([self.code(u, env) for u in terms], True)
            case Mul(factors):
                if self.instance.matrices and matrices.mentions(t, self.instance):
                    return self.const(matrices.scalar(t, self, env), "a product of matrices")
                return self.gather([self.code(u, env) for u in factors], False)
            case Pow(base, exponent):
                return self.power(t, base, exponent, env)
            case Fn(name, args):
                return self.function(name, args, env)
            case App(name, args):
                return self.application(name, [self.code(u, env) for u in args])
            case Sum(index, low, Sym("oo"), body):
                return self.series(index, low, body, env)
            case Sum(index, low, high, body) | Prod(index, low, high, body):
                return self.gather(self.unroll(index, low, high, body, env), isinstance(t, Sum))
            case Int():
                return integrals.code(t, self, env)
            case Min():
                return self.const(minimum.value(t, self, env), "a minimum")
        raise NoNumber(f"no value is defined for {type(t).__name__}")

    def symbol(self, name: str, env: Env) -> Code:
        if name in env:
            found = env[name]
            return found if isinstance(found, Code) else Code(None, 0, self.field.num(found))
        value = self.instance.sizes.get(name, self.instance.scalars.get(name))
        if value is not None:
            return Code(None, 0, self.field.num(value))
        if name == "pi":
            return Code(None, 0, self.field.pi())
        if name in self.instance.matrices:
            return self.const(matrices.scalar(Sym(name), self, env), f"the matrix {name}")
        raise NoNumber("oo isn't a number" if name == "oo" else f"no value for {name}")

    def element(self, t: Elem, name: str, index: tuple[int, ...], env: Env) -> Code:
        if (name, index) in env:
            found = env[name, index]
            return found if isinstance(found, Code) else Code(None, 0, self.field.num(found))
        value = self.instance.families.get(name, {}).get(index)
        if value is not None:
            return Code(None, 0, self.field.num(value))
        if matrices.mentions(t, self.instance):
            return self.const(matrices.scalar(t, self, env), f"the matrix {name}")
        raise NoNumber(f"no value for {name}[{','.join(map(str, index))}]")

    def unroll(self, index: str, low: Term, high: Term, body: Term, env: Env) -> Iterator[Code]:
        first = self.integer(low, env, "the lower bound of a sum or product")
        last = self.integer(high, env, "the upper bound of a sum or product")
        self.terms += max(last - first + 1, 0)
        if self.terms > MAX_TERMS:
            raise NoNumber(f"sums and products of more than {MAX_TERMS} terms")
        inner = dict(env)
        for k in range(first, last + 1):
            inner[index] = k
            yield self.code(body, inner)

    def series(self, index: str, low: Term, body: Term, env: Env) -> Code:
        """An infinite sum, term by term until its terms are negligible; nothing rigorous, so never a ball."""
        if self.integrator is None:
            raise NoNumber("an infinite sum is not enclosed")
        first, total = self.integer(low, env, "the lower bound of a series"), self.field.num(0)
        for k in range(first, first + SERIES):
            value = self.constant(body, {**env, index: k})
            total = total + value
            if self.field.magnitude(value) < -4 * self.digits:
                return self.const(total, "a series")
        raise NoNumber(f"a series that has not settled after {SERIES} terms")

    def power(self, t: Pow, base: Term, exponent: Term, env: Env) -> Code:
        if self.instance.matrices and matrices.mentions(t, self.instance):
            return self.const(matrices.scalar(t, self, env), "a power of a matrix")
        b, n = self.code(base, env), exact(exponent, self.instance, env)
        field = self.field
        if n is not None:
            if not b.deps:
                return self.const(power(field, b.value, n), "a power")
            if n.denominator == 1 and abs(n) <= 64:
                return self.apply(small_power(int(n)), [b], "a power")
            return self.apply(lambda x: power(field, x, n), [b], "a power")
        return self.apply(lambda x, y: general_power(field, x, y), [b, self.code(exponent, env)], "a power")

    def function(self, name: str, args: Sequence[Term], env: Env) -> Code:
        if name in ("tr", "det") and len(args) == 1:
            compute = matrices.trace if name == "tr" else matrices.determinant
            return self.const(compute(args[0], self, env), name)
        codes = [self.code(u, env) for u in args]
        if name in ("max", "min") and codes:
            for k, a in enumerate(codes):
                for b in (b for b in codes[:k] if a.deps | b.deps):
                    self.kink(self.gather([a, self.apply(lambda x: -x, [b], "-")], True))
            return self.apply(self.field.max if name == "max" else self.field.min, codes, name)
        if name == "relu" and len(codes) == 1:
            self.kink(codes[0])
            return self.apply(lambda x: self.field.max(x, self.field.num(0)), codes, name)
        if name == "sigmoid" and len(codes) == 1:
            half = self.field.num(Fraction(1, 2))
            return self.apply(lambda x: half + half * self.field.tanh(half * x), codes, name)
        if name in ("exp", "ln", "abs", "tanh", "sqrt", "erf") and len(codes) == 1:
            if name == "abs":
                self.kink(codes[0])
            return self.apply(getattr(self.field, name), codes, name)
        raise NoNumber(f"the function {name} of {len(args)} arguments isn't known")

    def application(self, name: str, codes: list[Code]) -> Code:
        function, field = self.instance.functions.get(name), self.field
        if function is None:
            raise NoNumber(f"no function is given for {name}")
        return self.apply(lambda *xs: function(field, *xs), codes, name)

    # --- closures -----------------------------------------------------------------------------------

    def kink(self, code: Code) -> None:
        if code.deps:
            level = self.levels[code.deps.bit_length() - 1]
            level.kinks.append(code)

    def slot(self) -> int:
        self.frame.append(None)
        return len(self.frame) - 1

    def hoist(self, code: Code, top: int) -> Code:
        """`code`, worked out once per value of its innermost variable if that lies outside level `top`."""
        if not code.deps or code.slot or code.deps.bit_length() >= top:
            return code
        slot = self.slot()
        self.levels[code.deps.bit_length() - 1].prelude.append((slot, code.run))
        return Code(itemgetter(slot), code.deps, slot=True)

    def apply(self, f: Callable[..., Any], codes: Sequence[Code], what: str) -> Code:
        deps = 0
        for c in codes:
            deps |= c.deps
        if not deps:
            return self.const(f(*(c.value for c in codes)), what)
        runs = [self.hoist(c, deps.bit_length()).run for c in codes]
        if len(runs) == 1:
            a = runs[0]
            return Code(lambda frame: f(a(frame)), deps)
        return Code(lambda frame: f(*[r(frame) for r in runs]), deps)

    def gather(self, codes: Iterable[Code], adding: bool) -> Code:
        """Sum or product: the constants in one, what depends on outer variables only in another."""
        deps, fixed = 0, self.field.num(0 if adding else 1)
        moving: list[Code] = []
        constants = 0
        for code in codes:
            for c in code.parts[1] if code.parts and code.parts[0] == adding else (code,):
                if c.deps:
                    deps |= c.deps
                    moving.append(c)
                else:
                    constants += 1
                    fixed = fixed + c.value if adding else fixed * c.value
        if not deps:
            return self.const(fixed, "a sum" if adding else "a product")
        top = deps.bit_length()
        outer = [c for c in moving if c.deps.bit_length() < top]
        inner = [c for c in moving if c.deps.bit_length() == top]
        if constants:
            outer.append(Code(None, 0, fixed))
        if len(outer) > 1 and any(c.deps for c in outer):
            outer = [self.gather(outer, adding)]
        parts = [self.hoist(c, top) for c in outer] + inner
        runs = [c.run for c in parts]
        return Code(added(runs) if adding else multiplied(runs), deps, parts=(adding, parts))


__all__ = ["Code", "Compiler", "Env", "Level"]
