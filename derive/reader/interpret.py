"""Stage two: the structure of a side becomes a term, under a declared notation.

What is applied to what, how far a sum or product reaches, where the differentials of an integral stand: all of it is
decided here, by rules that look at the notation and never at what the formula ought to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from lark import Token, Tree

from derive.errors import Meaningless, Unreadable
from derive.reader import ellipsis
from derive.reader.notation import Notation
from derive.reader.syntax import Node, parse, place, text
from derive.reader.tokens import Token as Piece
from derive.reader.trees import (
    atom_of,
    bare,
    differences,
    factors_of,
    flat_of,
    is_dots,
    kind_of,
    lone_seq,
    mentions,
    only_item,
    operator,
    script,
)
from derive.term import (
    INF,
    ONE,
    TWO,
    App,
    Elem,
    Fn,
    Int,
    Min,
    Mul,
    Num,
    Over,
    Pow,
    Prod,
    Sum,
    Sym,
    Term,
    add,
    free,
    fresh,
    mul,
    neg,
    substitute,
    walk,
)

KNOWN = {"log": "ln", **{name: name for name in "ln exp tanh sinh cosh sin cos erf".split()}}
MEANLIKE = ("overline", "bar")


@dataclass(frozen=True)
class Reading:
    """A side as understood; `slips` pairs names that look like slips of the extraction with what they stand for."""

    term: Term
    slips: tuple[tuple[str, str], ...] = ()


def read(tokens: tuple[Piece, ...] | list[Piece], notation: Notation) -> Reading:
    r"""The term of one side.

    Raises
    ------
    Unreadable
        Names the token and its place; nothing is guessed.
    """
    reader = _Reader(notation)
    return Reading(reader.list_(parse(list(tokens))), tuple(reader.slips))


class _Reader:
    def __init__(self, notation: Notation) -> None:
        self.notation = notation
        self.integrals: list[list[tuple[Term, str, Term, Term]]] = []
        self.products: list[tuple[str, Term, Term]] = []
        self.means = 0
        self.slips: dict[tuple[str, str], None] = {}

    # -- structure ---------------------------------------------------------------------------------

    def list_(self, node: Node) -> Term:
        items = self.items(node)
        if len(items) != 1:
            raise Unreadable(f"a list where one formula was expected, at character {place(node)}", "", place(node))
        return items[0]

    def items(self, node: Node) -> list[Term]:
        return [self.statement(c) for c in node.children if isinstance(c, Tree) and c.data != "nothing"]

    def statement(self, node: Node) -> Term:
        if node.data == "expr":
            return self.expr(node)
        parts = [self.expr(c) for c in node.children[::2]]  # type: ignore[arg-type]
        signs = [str(c.children[0]) for c in node.children[1::2]]  # type: ignore[union-attr]
        return Fn("related", (*parts, *(Sym(s) for s in signs)))

    def expr(self, node: Node) -> Term:
        terms: list[Term | None] = []
        sign = "+"
        for c in node.children:
            if isinstance(c, Token):
                sign = str(c)
                continue
            if is_dots(c):
                terms.append(None)
            else:
                value = self.term_(c)
                terms.append(neg(value) if sign == "-" else value)
            sign = "+"
        return add(*ellipsis.spell_out(terms, product=False))

    def term_(self, node: Node) -> Term:
        seqs = [c for c in node.children if isinstance(c, Tree)]
        if len(seqs) == 2 and self.differential_seq(seqs[0]) and self.differential_seq(seqs[1]):
            return self.derivative(factors_of(seqs[0]), factors_of(seqs[1]))
        value = self.seq(factors_of(seqs[0]))
        for s in seqs[1:]:
            value = value / self.seq(factors_of(s))
        return value

    def seq(self, fs: list[Node]) -> Term:
        parts: list[Term | None] = []
        fs, k = differences(fs, self.notation), 0
        while k < len(fs):
            value, k = self.step(fs, k)
            parts += value
        return mul(*ellipsis.spell_out(parts, product=True))

    def step(self, fs: list[Node], k: int) -> tuple[list[Term | None], int]:
        """Read from factor k; the values found and the next place."""
        f = fs[k]
        kind = kind_of(f)
        if kind == "dots":
            return [None], k + 1
        if kind == "big":
            return self.big(fs, k)
        if kind == "func":
            return self.function(fs, k)
        by = operator(f) if kind == "frac" and k + 1 < len(fs) else None
        if by:
            return [Fn("partial", (self.factor(fs[k + 1]), self.seq(by)))], k + 2
        if self.is_differential(fs, k):
            return self.differential(fs[k + 1]), k + 2
        if kind == "partial":
            raise Unreadable(f"a partial sign outside a fraction, at character {place(f)}", "\\partial", place(f))
        applied = self.application(fs, k)
        if applied is not None:
            return [applied], k + 2
        word = self.word(fs, k)
        if word:
            return [Sym(word)], k + len(word)
        return [self.factor(f)], k + 1

    def word(self, fs: list[Node], k: int) -> str:
        """A declared name of several plain letters, such as MSE."""
        for spelled in self.notation.names:
            if len(spelled) > 1 and spelled.isalpha() and spelled == "".join(map(text, fs[k : k + len(spelled)])):
                return spelled
        return ""

    # -- sums, products, integrals -----------------------------------------------------------------

    def big(self, fs: list[Node], k: int) -> tuple[list[Term | None], int]:
        f = fs[k]
        op = {"\\sum": "sum", "\\prod": "prod"}.get(str(atom_of(f).children[0]), "int")
        low, high = script(f, "sub"), script(f, "sup")
        if op == "int":
            return [self.integral(fs[k + 1 :], low, high)], len(fs)
        letters = text(low).split(",") if low is not None and high is None else []
        if len(letters) > 1 and (op == "prod" or all(x in self.notation.ranges for x in letters)):
            return self.over_several(Prod if op == "prod" else Sum, letters, fs, k)
        index, first, last, domain = self.limits(low, high, f)
        if op == "prod":
            if index is None:
                raise Unreadable(f"a product without an index, at character {place(f)}", "\\prod", place(f))
            stop = self.product_reach(fs, k + 1, index)
            if stop == k + 1:
                raise Unreadable(
                    f"nothing after the product at character {place(f)} carries its index {index}",
                    "\\prod",
                    place(f),
                )
            self.products.append((index, first, last))
            body = self.seq(fs[k + 1 : stop])
            self.products.pop()
            return ([] if body == ONE else [Prod(index, first, last, body)]), stop
        if k + 1 == len(fs):
            raise Unreadable(f"a sum with nothing after it, at character {place(f)}", "\\sum", place(f))
        body = self.seq(fs[k + 1 :])
        if domain is not None:
            return [Sum(self.notation.data_index, ONE, domain, body)], len(fs)
        if index is None:
            index = self.infer_index(body, f)
        return [Sum(index, first, last, body)], len(fs)

    def over_several(self, kind: type, letters: list[str], fs: list[Node], k: int) -> tuple[list[Term | None], int]:
        """A sum or a product over several indices at once."""
        bounds = [self.range_of(index, fs[k]) for index in letters]
        stop = max(self.product_reach(fs, k + 1, letters[0]), k + 2) if kind is Prod else len(fs)
        body = self.seq(fs[k + 1 : stop])
        for index, (first, last) in reversed(list(zip(letters, bounds, strict=True))):
            body = kind(index, first, last, body)
        return [body], stop

    def limits(self, low: Node | None, high: Node | None, f: Node) -> tuple[str | None, Term, Term, Term | None]:
        """(index, first, last, a set summed over). The index is None where it has to be told from the body."""
        last = self.argument(high) if high is not None else None
        if low is None:
            if last is not None:
                raise Unreadable(f"an upper limit without an index, at character {place(f)}", "", place(f))
            index = self.notation.data_index
            return (index, *self.range_of(index, f), None)
        inner = only_item(low)
        if inner is not None and inner.data == "relation":
            left, sign, right = inner.children[0], str(inner.children[1].children[0]), inner.children[2]  # type: ignore[union-attr]
            if sign in ("\\in",):
                return None, ONE, ONE, self.elements(left, right, f)  # type: ignore[arg-type]
            name = text(left)
            first = self.expr(right)  # type: ignore[arg-type]
            if sign == ">":
                first = ellipsis.shift(first, 1)
            elif sign != "=":
                raise Unreadable(f"a limit the reader does not know, at character {place(low)}", sign, place(low))
            if last is None:
                last = self.range_of(name, f)[1]
            return name, first, last, None
        name = text(low).strip()
        if name in self.notation.ranges:
            first, default = self.range_of(name, f)
            return name, first, default if last is None else last, None
        first = self.argument(low)
        if last is None:
            raise Unreadable(f"{name} is not declared as an index", name, place(low))
        return None, first, last, None

    def elements(self, each: Node, domain: Node, f: Node) -> Term:
        """The number of elements of a set, known by the set and by what each of its elements is called."""
        flat = flat_of(each) or []
        grouped = len(flat) == 1 and kind_of(flat[0]) in ("paren", "braces")
        called = self.items(atom_of(flat[0]).children[1]) if grouped else [self.expr(each)]  # type: ignore[arg-type]
        index = Sym(self.notation.data_index)
        if any(index.name not in free(c) for c in called):
            raise Unreadable(
                f"the elements summed over at character {place(f)} do not carry {index.name}", "", place(f)
            )
        return App("size", (self.expr(domain), *(substitute(c, {index: Sym("each")}) for c in called)))

    def range_of(self, index: str, f: Node) -> tuple[Term, Term]:
        if index not in self.notation.ranges:
            raise Meaningless(f"the index {index} at character {place(f)} has no declared range", index, place(f))
        return self.notation.ranges[index]

    def infer_index(self, body: Term, f: Node) -> str:
        bound = {p[0] for p in self.products}
        candidates = sorted(n for n in free(body) if n in self.notation.ranges and n not in bound)
        if self.means == 0 and len(candidates) > 1 and self.notation.data_index in candidates:
            candidates.remove(self.notation.data_index)
        if not candidates and not any(isinstance(x, (Elem, App)) for x in walk(body)):
            return fresh("t")  # as many times the same
        if len(candidates) != 1:
            found = ", ".join(candidates) or "none"
            raise Unreadable(
                f"the index of the sum at character {place(f)} can't be told (found: {found})",
                "\\sum",
                place(f),
            )
        return candidates[0]

    def product_reach(self, fs: list[Node], k: int, index: str) -> int:
        """A product reaches over the neighbouring factors that carry its index."""
        while k < len(fs):
            width = 2 if k + 1 < len(fs) and (self.is_differential(fs, k) or kind_of(fs[k]) == "func") else 1
            if kind_of(fs[k]) == "big" or not any(mentions(x, index) for x in fs[k : k + width]):
                break
            k += width
        return k

    def integral(self, rest: list[Node], low: Node | None, high: Node | None) -> Term:
        self.integrals.append([])
        body = self.seq(rest) if rest else ONE
        found = self.integrals.pop()
        if len(found) > 1 and self.integrals and not self.integrals[-1]:
            # ∫∫ … dμ₂ dμ₁: the inner sign takes the first differential, the outer one the next
            self.integrals[-1] += found[1:]
            found = found[:1]
        if not found:
            raise Unreadable("an integral without a differential", "\\int", place(rest[0]) if rest else 0)
        ends: tuple[Term, Term] | None = None
        if high is not None and low is not None:
            ends = self.argument(low), self.argument(high)
        elif low is not None:
            inner = only_item(low)
            if inner is not None and inner.data == "relation":
                named = (self.expr(inner.children[2]), self.expr(inner.children[0]))  # type: ignore[arg-type]
                ends = Fn("lower", named), Fn("upper", named)
            else:
                whole = (self.argument(low),)
                ends = Fn("lower", whole), Fn("upper", whole)
        over: list[Over] = []
        for var, index, first, last in found:
            if isinstance(var, Fn) and var.name == "vector":
                over += self.notation.vectors[var.args[0].name]  # type: ignore[attr-defined]
                continue
            start = first if index else (var.index[0] if isinstance(var, Elem) else ONE)
            a, b = ends if ends else self.notation.domain(var, start)
            over.append(Over(var, a, b, index, first, last))
        return Int(tuple(over), body)

    def is_differential(self, fs: list[Node], k: int) -> bool:
        f = fs[k]
        is_d = kind_of(f) == "letter" and text(atom_of(f)) == "d" and len(f.children) == 1
        return is_d and "d" not in self.notation.scalars and k + 1 < len(fs) and kind_of(fs[k + 1]) in (
            "letter", "font", "accent", "word",
        )  # fmt: skip

    def differential(self, f: Node) -> list[Term | None]:
        spelled = text(f)
        if spelled in self.notation.vectors and self.integrals:
            self.integrals[-1].append((Fn("vector", (Sym(spelled),)), "", ONE, ONE))
            return []
        var = self.factor(f)
        if not self.integrals:
            return [Fn("d", (var,))]
        for index, first, last in reversed(self.products):
            if isinstance(var, Elem) and Sym(index) in var.index:
                self.integrals[-1].append((var, index, first, last))
                return []
        self.integrals[-1].append((var, "", ONE, ONE))
        return []

    def differential_seq(self, seq: Node) -> bool:
        fs = factors_of(seq)
        return len(fs) > 1 and (self.is_differential(fs, 0) or kind_of(fs[0]) == "partial")

    def derivative(self, top: list[Node], bottom: list[Node]) -> Term:
        partial = kind_of(top[0]) == "partial"
        return Fn("partial" if partial else "deriv", (self.seq(top[1:]), self.seq(bottom[1:])))

    # -- functions ---------------------------------------------------------------------------------

    def function(self, fs: list[Node], k: int) -> tuple[list[Term | None], int]:
        f = fs[k]
        name = str(atom_of(f).children[0])
        if k + 1 >= len(fs):
            raise Unreadable(f"{name} at character {place(f)} is applied to nothing", name, place(f))
        power = script(f, "sup")
        following = fs[k + 1]
        grouped = kind_of(following) in ("paren", "braces", "bar", "group")
        stop = k + 2
        self.means += name in ("Var", "Cov")
        if name in ("min", "max") and grouped:
            arguments, outer = self.items(atom_of(following).children[1]), [following]  # type: ignore[arg-type]
        elif name in ("min", "max", "argmin", "argmax", "lim") or (
            not grouped and kind_of(following) in ("big", "func")
        ):
            arguments, outer, stop = [self.seq(fs[k + 1 :])], [], len(fs)
        elif grouped and kind_of(following) != "bar":
            arguments, outer = self.items(atom_of(following).children[1]), [following]  # type: ignore[arg-type]
        else:
            applied = self.application(fs, k + 1)
            if applied is not None:
                arguments, outer, stop = [applied], [], k + 3
            else:
                arguments, outer = [self.factor(following)], []
        self.means -= name in ("Var", "Cov")
        value = self.apply(name, arguments, f) if name != "lim" else self.limit(arguments[0], script(f, "sub"), f)
        exponents = [power] if power is not None else []
        exponents += [e for g in outer if (e := script(g, "sup")) is not None]
        for e in exponents:
            value = Pow(value, self.argument(e))
        return [value], stop

    def limit(self, body: Term, below: Node | None, f: Node) -> Term:
        """lim_{k→a} of the product that follows, as a term of body, variable and a."""
        inner = only_item(below) if below is not None else None
        if inner is None or inner.data != "relation" or str(inner.children[1].children[0]) != "→":  # type: ignore[union-attr]
            raise Unreadable(f"a limit without its variable, at character {place(f)}", "lim", place(f))
        return Fn("lim", (body, Sym(text(inner.children[0])), self.expr(inner.children[2])))  # type: ignore[arg-type]

    def apply(self, name: str, arguments: list[Term], f: Node) -> Term:
        if name in KNOWN:
            if len(arguments) != 1:
                raise Unreadable(f"{name} takes one argument, at character {place(f)}", name, place(f))
            return Fn(KNOWN[name], tuple(arguments))
        if name in ("min", "argmin"):
            if name == "argmin" or not self.notation.parameters:
                return Fn(name, tuple(arguments))
            return Min(self.notation.parameters, arguments[0])
        if name in ("tr", "Tr", "det"):
            return Fn(name.lower(), tuple(arguments))
        if name in ("Var", "Cov"):
            a, b = arguments[0], arguments[-1]
            return self.mean(mul(a, b) if name == "Cov" else Pow(a, TWO), f) - (
                self.mean(a, f) * self.mean(b, f) if name == "Cov" else Pow(self.mean(a, f), TWO)
            )
        raise Unreadable(f"the function {name} at character {place(f)} is not known to the reader", name, place(f))

    def application(self, fs: list[Node], k: int) -> Term | None:
        """A declared function in front of its brackets."""
        if k + 1 >= len(fs) or kind_of(fs[k + 1]) not in ("paren", "braces"):
            return None
        f = fs[k]
        spelled = text(f)
        n = self.notation
        known = next((t for t in (spelled, *n.names) if t == spelled + text(bare(fs[k + 1]))), None)
        if known is not None and known in n.names:
            value: Term = Sym(known)
        elif spelled in n.unfolded or spelled in n.functions:
            arguments = self.items(atom_of(fs[k + 1]).children[1])  # type: ignore[arg-type]
            if len(arguments) == 1 and isinstance(arguments[0], Fn) and arguments[0].name == "related":
                arguments = [a for a in arguments[0].args if not (isinstance(a, Sym) and a.name == "|")]
                spelled_name = n.functions[spelled] + "|"
                value = App(spelled_name, tuple(arguments))
            elif spelled in n.unfolded:
                value = n.unfolded[spelled](*arguments)
            else:
                value = App(n.functions[spelled], tuple(arguments))
        else:
            return None
        power = script(fs[k + 1], "sup")
        return Pow(value, self.argument(power)) if power is not None else value

    # -- single factors ----------------------------------------------------------------------------

    def factor(self, f: Node) -> Term:
        atom, scripts = atom_of(f), f.children[1:]
        kind = kind_of(f)
        primes = "'" * sum(s.data == "prime" for s in scripts)  # type: ignore[union-attr]
        base = text(atom) + primes
        sub, sup = script(f, "sub"), script(f, "sup")
        value, used_sub, used_sup = self.named(base, sub, sup, f)
        if value is None:
            value = self.plain(atom, kind, f)
            if primes:
                raise Meaningless(f"the name {base} at character {place(f)} is not declared", base, place(f))
        if sub is not None and not used_sub:
            value = self.subscripted(value, sub, kind, f)
        if sup is not None and not used_sup:
            if value == Fn("exp", (ONE,)):
                return Fn("exp", (self.argument(sup),))
            if text(sup) in self.notation.labels:
                return value
            value = Pow(value, self.argument(sup))
        if any(s.data == "bang" for s in scripts):  # type: ignore[union-attr]
            value = Fn("factorial", (value,))
        return value

    def named(self, base: str, sub: Node | None, sup: Node | None, f: Node) -> tuple[Term | None, bool, bool]:
        """A declared name, the longest spelling first; then a family; then a plain symbol."""
        n = self.notation
        lower = f"_{text(sub)}" if sub is not None else ""
        upper = f"^{text(sup)}" if sup is not None else ""
        for spelled, with_sub, with_sup in (
            (base + lower + upper, True, True),
            (base + upper, False, True),
            (base + lower, True, False),
            (base, False, False),
        ):
            if (with_sup and not upper) or (with_sub and not lower and not (with_sup and upper)):
                continue
            if lower and spelled == base and base in n.families:
                break  # T_1 is a member of the family T, whatever T alone stands for
            if spelled in n.slips:
                self.slips[spelled, n.slips[spelled]] = None
                spelled = n.slips[spelled]
            if not lower and base in n.data and self.means and spelled == base:
                break
            if spelled in n.names:
                return Sym(spelled), with_sub, with_sup
            if spelled in n.scalars and (with_sub or not lower):
                return n.scalars[spelled], with_sub, with_sup
        if self.means and base in n.data:
            return self.data_element(base, sub, f), True, False
        if base in n.families and sub is not None:
            return self.element(base, sub, sup, f), True, n.families[base].raised and sup is not None
        if self.means and base in n.families and sub is None and n.families[base].arity == 1:
            return Elem(n.families[base].name, (Sym(n.data_index),)), False, False
        if base in n.scalars and sub is None:
            return n.scalars[base], False, False
        return None, False, False

    def data_element(self, base: str, sub: Node | None, f: Node) -> Term:
        family = next(x for x in self.notation.families.values() if x.name == self.notation.data[base])
        index = self.indices(sub, family.arity - 1) if sub is not None else []
        if len(index) != family.arity - 1:
            raise Unreadable(f"{base} at character {place(f)} needs {family.arity - 1} index", base, place(f))
        return Elem(family.name, (Sym(self.notation.data_index), *index))

    def element(self, base: str, sub: Node, sup: Node | None, f: Node) -> Term:
        family = self.notation.families[base]
        layer: list[Term] = []
        if family.raised:
            layer = [family.layer] if sup is None and family.layer is not None else [self.argument(sup)] if sup else []
        wanted = family.arity - len(layer)
        index = [*layer, *self.indices(sub, wanted)]
        if len(index) == family.arity - 1 and family.short is not None:
            return family.short(*index)
        if len(index) != family.arity:
            raise Unreadable(
                f"{base} at character {place(f)} takes {family.arity} indices and has {len(index)}",
                base,
                place(f),
            )
        return Elem(family.name, tuple(index))

    def indices(self, sub: Node, arity: int) -> list[Term]:
        lists = [c for c in sub.children if isinstance(c, Tree) and c.data == "list"]
        items = [c for c in lists[0].children if isinstance(c, Tree)] if lists else []
        if len(items) > 1:
            return [self.index(c) for c in items]
        if arity > 1 and items:
            fs = flat_of(items[0])
            if fs is not None and len(fs) == arity:
                return [self.seq([x]) for x in fs]
        if items:
            return [self.index(items[0])]
        return [self.argument(sub)]

    def index(self, node: Node) -> Term:
        return self.expr(node) if node.data == "expr" else self.statement(node)

    def subscripted(self, value: Term, sub: Node, kind: str, f: Node) -> Term:
        if kind == "paren" and isinstance(value, Fn) and value.name == "partial":
            lists = [c for c in sub.children if isinstance(c, Tree) and c.data == "list"]
            fixed = self.items(lists[0]) if lists else [self.argument(sub)]
            # {N_i} with an index letter is held fixed as a whole family
            letters = {Sym(name) for name in self.notation.ranges}
            fixed = [Sym(x.name) if isinstance(x, Elem) and letters & set(x.index) else x for x in fixed]
            return Fn("partial", (*value.args, *fixed))
        spelled = text(f)
        raise Meaningless(f"the name {spelled} at character {place(f)} is not declared", spelled, place(f))

    def plain(self, atom: Node, kind: str, f: Node) -> Term:
        inner = atom.children
        if kind == "number":
            shown = str(inner[0])
            return INF if shown == "oo" else Num(Fraction(shown))
        if kind == "frac":
            return self.fraction(inner[1], inner[2])  # type: ignore[arg-type]
        if kind == "sqrt":
            return Pow(self.argument(inner[1]), Num(Fraction(1, 2)))  # type: ignore[arg-type]
        if kind in ("paren", "group"):
            return self.list_(inner[1])  # type: ignore[arg-type]
        if kind == "braces":
            items = self.items(inner[1])  # type: ignore[arg-type]
            single = len(items) == 1 and not (isinstance(items[0], Fn) and items[0].name == "related")
            return items[0] if single else Fn("set", tuple(items))
        if kind == "bar":
            return Fn("abs", (self.list_(inner[1]),))  # type: ignore[arg-type]
        if kind == "angle" and self.notation.average is not None:
            return Fn("mean", (self.list_(inner[1]),))  # type: ignore[arg-type]
        if kind == "norm":
            return Fn("norm", (self.list_(inner[1]),))  # type: ignore[arg-type]
        if kind == "accent" and str(inner[0]) in MEANLIKE:
            self.means += 1
            value = self.argument(inner[1])  # type: ignore[arg-type]
            self.means -= 1
            return self.mean(value, f)
        if kind == "letter" and text(atom) == "e":
            return Fn("exp", (ONE,))
        if kind == "letter" and text(atom) == "\\pi":
            return Sym("pi")
        if kind == "letter" and len(f.children) == 1 and text(atom) in self.notation.ranges:
            return Sym(text(atom))
        spelled = text(f)
        raise Meaningless(f"the name {spelled} at character {place(f)} is not declared", spelled, place(f))

    def mean(self, value: Term, f: Node) -> Term:
        i = self.notation.data_index
        low, high = self.range_of(i, f)
        return Mul((Pow(high, Num(Fraction(-1))), Sum(i, low, high, value)))

    def fraction(self, top: Node, bottom: Node) -> Term:
        a, b = lone_seq(top), lone_seq(bottom)
        if a is not None and b is not None and self.differential_seq(a) and self.differential_seq(b):
            return self.derivative(factors_of(a), factors_of(b))
        return self.argument(top) / self.argument(bottom)

    def argument(self, node: Node) -> Term:
        """What stands in braces, or a single token."""
        kind, spelled = node.data, text(node)
        if "=" in spelled and spelled in self.notation.slips:
            self.slips[spelled, self.notation.slips[spelled]] = None
            return Num(Fraction(self.notation.slips[spelled]))
        if kind == "group":
            return self.list_(node.children[1])  # type: ignore[arg-type]
        return self.factor(Tree("factor", [node]))
