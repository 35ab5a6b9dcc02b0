"""Terms as LaTeX: how the reader understood a side, and how a derived formula looks."""

from __future__ import annotations

import re
from fractions import Fraction

from derive.reader.notation import Notation
from derive.term import (
    ONE,
    Add,
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
    free,
    mul,
    substitute,
)

GREEK = re.compile(
    r"^(alpha|beta|gamma|delta|epsilon|lambda|mu|nu|xi|pi|rho|sigma|tau|phi|chi|psi|omega|theta|eta|kappa|Sigma|Delta|Omega)$"
)
SUMMED, FACTOR, POWER = 1, 2, 3


def latex(t: Term, notation: Notation | None = None) -> str:
    r"""LaTeX of a term.

    Examples
    --------
    >>> latex(Pow(Elem("sigma", (Sym("j"),)), Num(Fraction(2))) / 2)
    '\\frac{\\sigma_{j}^{2}}{2}'
    """
    return _Printer(notation or Notation()).show(t, 0)


class _Printer:
    def __init__(self, notation: Notation) -> None:
        self.notation = notation
        self.letters = {f.name: f.latex for f in notation.families.values()}
        self.raised = {f.name for f in notation.families.values() if f.raised}
        self.capital = {v: k for k, v in notation.data.items()}
        self.bound: dict[str, str] = {}
        self.spelled = {v.name: spelling(k) for k, v in self.notation.scalars.items() if isinstance(v, Sym)}
        self.spelled |= {v: spelling(k) for k, v in self.notation.functions.items()}

        named = {n.meaning.name: n.latex for n in self.notation.names.values() if isinstance(n.meaning, Sym)}
        self.spelled = {**named, **self.spelled}

    def show(self, t: Term, level: int) -> str:
        text, own = self.node(t)
        return rf"\left({text}\right)" if own < level else text

    def node(self, t: Term) -> tuple[str, int]:
        if isinstance(t, Num):
            return self.number(t.value)
        if isinstance(t, Sym):
            return self.symbol(t.name), 9
        if isinstance(t, Elem):
            index = [self.show(i, 0) for i in t.index]
            above = f"^{{{index.pop(0)}}}" if t.name in self.raised else ""
            sep = "" if all(len(i) == 1 for i in index) else ","
            name = self.letters.get(t.name, self.symbol(t.name))
            return f"{name}_{{{sep.join(index)}}}{above}", FACTOR if above or "^" in name else 9
        if isinstance(t, Add):
            return self.sum_of(t), SUMMED
        if isinstance(t, Mul):
            return self.product(t)
        if isinstance(t, Pow):
            return self.power(t)
        if isinstance(t, Fn):
            return self.function(t)
        if isinstance(t, App):
            if t.name.endswith("|"):  # a conditional probability
                return f"{t.name[:-1]}({'|'.join(self.show(a, 0) for a in t.args)})", 9
            return f"{self.symbol(t.name)}({', '.join(self.show(a, 0) for a in t.args)})", 9
        if isinstance(t, (Sum, Prod)):
            return self.big(t)
        if isinstance(t, (Int, Min)):
            return self.integral(t)
        return r"\square", 9

    def number(self, v: Fraction) -> tuple[str, int]:
        if v.denominator == 1:
            return str(v.numerator), 9 if v >= 0 else SUMMED
        sign = "-" if v < 0 else ""
        return rf"{sign}\frac{{{abs(v.numerator)}}}{{{v.denominator}}}", FACTOR if v > 0 else SUMMED

    def symbol(self, name: str) -> str:
        if name in self.bound:
            return self.bound[name]
        if name in self.notation.names:
            return self.notation.names[name].latex
        if name in self.spelled:
            return self.spelled[name]
        if name == "oo":
            return r"\infty"
        if GREEK.match(name):
            return "\\" + name
        stem, _, rest = name.partition("_")
        if rest and stem == "C":
            return f"C_{{{rest}}}"
        if rest and stem:
            return f"{self.symbol(stem)}_{{{self.symbol(rest)}}}"
        if "\\" in name:
            return re.sub(r"\\(\w+)\(([^()]*)\)", r"\\\1{\2}", name)
        return name if len(name) == 1 else rf"\mathrm{{{re.sub(r'[^A-Za-z0-9]', '', name)}}}"

    def sum_of(self, t: Add) -> str:
        out = ""
        for k, part in enumerate(sorted(t.terms, key=_negative) if _canonical(t) else t.terms):
            sign, body = _sign(part)
            out += ("-" if sign < 0 else "+" if k else "") + self.show(body, FACTOR if sign < 0 else SUMMED)
        return out or "0"

    def product(self, t: Mul) -> tuple[str, int]:
        sign, body = _sign(t)
        if sign < 0:
            return "-" + self.show(body, FACTOR), SUMMED
        factors = list(_flatten(t))
        mean = self.take_mean(factors)
        top = [f for f in factors if not _inverse(f)]
        bottom = [_invert(f) for f in factors if _inverse(f)]
        for f in list(top):
            if isinstance(f, Num) and f.value.denominator != 1:
                top.remove(f)
                if f.value.numerator != 1:
                    top.insert(0, Num(Fraction(f.value.numerator)))
                bottom.insert(0, Num(Fraction(f.value.denominator)))
        top, bottom = _roots_together(top, bottom)
        top.sort(key=_late)
        upper = self.row(top) + mean if top or mean else "1"
        if not bottom:
            return upper, FACTOR
        return rf"\frac{{{upper}}}{{{self.row(bottom)}}}", FACTOR

    def row(self, factors: list[Term]) -> str:
        out = ""
        for k, f in enumerate(factors):
            last = k == len(factors) - 1
            shown = self.show(f, POWER if not last and isinstance(f, (Sum, Prod, Int)) else FACTOR)
            if isinstance(f, Add) and len(factors) == 1:
                shown = self.show(f, 0)
            if out and shown[:1].isdigit():
                shown = r"\cdot " + shown
            out += (" " if out and shown[:1].isalpha() else "") + shown
        return out

    def take_mean(self, factors: list[Term]) -> str:
        """(1/n) Σᵢ of data, printed as a mean."""
        n = Pow(Sym("n"), Num(Fraction(-1)))
        for s in factors:
            if n in factors and isinstance(s, Sum) and s.high == Sym("n") and s.low == ONE:
                shown = self.data_mean(s)
                if shown is None and s.index not in free(s.body):
                    shown = rf"\overline{{{self.show(s.body, 0)}}}"
                if shown is not None:
                    factors.remove(s)
                    factors.remove(n)
                    return shown
            if n in factors and isinstance(s, Sum) and isinstance(s.body, Sum) and s.body.high == Sym("n"):
                inner = s.body
                parts = list(_flatten(inner.body))
                inside = [f for f in parts if inner.index in free(f)]
                outside = [f for f in parts if inner.index not in free(f)]
                factors.remove(s)
                factors.remove(n)
                mean = Mul((n, Sum(inner.index, inner.low, inner.high, mul(*inside))))
                factors.append(Sum(s.index, s.low, s.high, Mul((*outside, mean))))
                return ""
        return ""

    def data_mean(self, s: Sum) -> str | None:
        out = ""
        for f in _flatten(s.body):
            base, e = (f.base, f.exponent) if isinstance(f, Pow) else (f, ONE)
            if not (isinstance(base, Elem) and base.name in self.capital and base.index[0] == Sym(s.index)):
                return None
            letter = self.capital[base.name]
            index = "".join(self.show(i, 0) for i in base.index[1:])
            out += letter + (f"_{{{index}}}" if index else "") + (f"^{{{self.show(e, 0)}}}" if e != ONE else "")
        return rf"\overline{{{out}}}"

    def power(self, t: Pow) -> tuple[str, int]:
        if t.exponent == Num(Fraction(1, 2)):
            return rf"\sqrt{{{self.show(t.base, 0)}}}", 9
        if isinstance(t.exponent, Num) and t.exponent.value < 0:
            under = t.base if t.exponent.value == -1 else Pow(t.base, Num(-t.exponent.value))
            if isinstance(t.base, Sym) and t.base.name.startswith("C_"):
                return f"{self.show(t.base, 9)}^{{-1}}", POWER
            return rf"\frac{{1}}{{{self.show(under, 0)}}}", FACTOR
        base = self.show(t.base, 9)
        if re.search(r"(?<!\\right\))\^\{[^{}]*\}$", base):
            base = f"{{{base}}}"  # a name with an upper index of its own: two in a row are no LaTeX
        return f"{base}^{{{self.show(t.exponent, 0)}}}", POWER

    def function(self, t: Fn) -> tuple[str, int]:
        inner = ", ".join(self.show(a, 0) for a in t.args)
        if t.name == "exp":
            if t.args == (ONE,):
                return "e", 9
            (inside,) = t.args
            if isinstance(inside, Sum) and isinstance(inside.body, Fn) and inside.body.name == "ln":
                return self.big(Prod(inside.index, inside.low, inside.high, inside.body.args[0]))
            return rf"e^{{{inner}}}" if len(inner) < 30 else rf"\exp\left[{inner}\right]", POWER
        if t.name == "abs":
            return rf"\left|{inner}\right|", 9
        if t.name == "tr":
            return rf"\operatorname{{tr}}\left\{{{inner}\right\}}", POWER
        if t.name == "factorial":
            return f"{self.show(t.args[0], 9)}!", 9
        if t.name == "mean":
            return rf"\left\langle {inner} \right\rangle", 9
        if t.name == "lim":
            body, variable, end = (self.show(a, FACTOR) for a in t.args)
            return rf"\lim_{{{variable} \to {end}}} {body}", FACTOR
        if t.name == "d":
            return f"d{self.show(t.args[0], 9)}", POWER
        if t.name in ("partial", "deriv"):
            d = r"\partial " if t.name == "partial" else "d"
            held = ", ".join(self.show(a, 0) for a in t.args[2:])
            shown = rf"\frac{{{d}{self.show(t.args[0], 9)}}}{{{d}{self.show(t.args[1], 9)}}}"
            return (rf"\left({shown}\right)_{{{held}}}" if held else shown), POWER
        if t.name == "ln" and len(t.args) == 1 and isinstance(t.args[0], (Sym, Elem, Num)):
            return rf"\ln {inner}", FACTOR
        if t.name == "set":
            return rf"\{{{inner}\}}", 9
        if t.name == "related":
            return " ".join(self.show(a, 0) for a in t.args), SUMMED
        if t.name == "cut":  # e^{−t²/2} Re erf((a + it)/√2)
            a, u = (self.show(x, FACTOR) for x in t.args)
            form = rf"\frac{{{a}+\mathrm{{i}} {u}}}{{\sqrt{{2}}}}"
            return rf"e^{{-\left({u}\right)^{{2}}/2}} \operatorname{{Re}}\operatorname{{erf}}{form}", FACTOR
        if t.name == "norm":
            return rf"\left\|{inner}\right\|", 9
        name = (
            rf"\{t.name}"
            if t.name in ("ln", "tanh", "sinh", "cosh", "min", "sin", "cos")
            else rf"\operatorname{{{t.name}}}"
        )
        return rf"{name}\left({inner}\right)", FACTOR

    def big(self, t: Sum | Prod) -> tuple[str, int]:
        op = r"\sum" if isinstance(t, Sum) else r"\prod"
        low, high = self.show(t.low, 0), self.show(t.high, 0)
        saved = dict(self.bound)
        self.bound[t.index] = self.letter(t)
        body = self.show(t.body, FACTOR)
        if isinstance(t.high, App) and t.high.name == "size":  # a sum over a set: what each element is called
            domain, *called = (substitute(a, {Sym("each"): Sym(t.index)}) for a in t.high.args)
            each = ", ".join(self.show(c, 0) for c in called)
            each = f"({each})" if len(called) > 1 else each
            self.bound, over = saved, rf"{each} \in {self.show(domain, 0)}"
            return rf"{op}_{{{over}}} {body}", FACTOR
        shown = rf"{op}_{{{self.bound[t.index]}={low}}}^{{{high}}} {body}"
        self.bound = saved
        return shown, FACTOR

    def vectors(self, t: Int | Min) -> tuple[str, tuple[Over, ...]]:
        """Differentials of whole vectors among the variables, and the variables that are left."""
        shown, rest = "", list(t.over)
        for name, group in self.notation.vectors.items() if isinstance(t, Int) else ():
            if (
                len(group) > 0
                and all(o in rest for o in group)
                and any(isinstance(o.var, Over) or o.index for o in group)
            ):
                rest = [o for o in rest if o not in group]
                shown += rf"\,d{spelling(name)}"
        return shown, tuple(rest)

    def variable(self, t: Int | Min) -> str:
        """A letter for a variable whose own is lost, one that the section declares if it has any to spare."""
        used = set(self.bound.values()) | {self.symbol(n) for n in free(t.body) if n not in self.bound}
        own = [c for c in (r"\boldsymbol{\mu}", r"\mu", "x", "t") if c in self.spelled.values()]
        return next(c for c in (*own, "t", "u", "v", "w", "z", r"\tau") if c not in used)

    def default(self, o: Over) -> bool:
        """Whether a variable runs over the domain that the section takes where none is printed."""
        while isinstance(o.var, Over):
            o = o.var
        start = o.first if o.index else o.var.index[0] if isinstance(o.var, Elem) else ONE
        return self.notation.domain(o.var, start) == (o.low, o.high)

    def letter(self, t: Sum | Prod) -> str:
        if not re.search(r"[_#]", t.index):
            return t.index
        used = set(self.bound.values()) | free(t.body)
        choices = ("i", "m", "r") if t.high == Sym("n") else ("j", "k", "m", "r", "s", "t")
        ranges = self.notation.ranges  # a letter of the section is one that its reader takes back
        own = [c for c in choices if c in ranges] + sorted(ranges, key=lambda c: ranges[c][1] != t.high)
        return next((c for c in (*own, *choices) if c not in used), "q")

    def integral(self, t: Int | Min) -> tuple[str, int]:
        saved = dict(self.bound)
        heads, tails = "", ""
        spelled, rest = self.vectors(t)
        plain = all(self.default(o) for o in rest)
        for o in rest:
            several = ""
            while isinstance(o.var, Over):
                self.bound[o.index] = o.index
                several += rf"\prod_{{{o.index}={self.show(o.first, 0)}}}^{{{self.show(o.last, 0)}}} "
                o = o.var
            if isinstance(o.var, Sym) and re.search(r"[_#]", o.var.name):
                self.bound[o.var.name] = self.variable(t)
            if o.index:
                used = {*self.bound.values(), *free(t.body)}
                letter = next(c for c in ("j", "k", "m", "r", "s", "q") if c not in used)
                self.bound[o.index] = letter if o.index == "#" else o.index
                fixed = f"{self.bound[o.index]}={self.show(o.first, 0)}"
                tail = rf"\prod_{{{fixed}}}^{{{self.show(o.last, 0)}}} d{self.show(o.var, 0)}"
            else:
                tail = rf"\,d{self.show(o.var, 0)}"
            tail = several + tail
            tails = tails + tail if plain else tail + tails  # the inner sign takes the first differential
            if plain:
                heads = r"\int"
            elif isinstance(o.low, Fn) and o.low.name == "lower":
                domain = r" \in ".join(self.show(a, 0) for a in reversed(o.low.args))
                heads += rf"\int_{{{domain}}}"
            else:
                heads += rf"\int_{{{self.show(o.low, 0)}}}^{{{self.show(o.high, 0)}}}"
        if spelled:  # whole vectors, as the section writes them
            heads, tails = (heads if plain and heads else rf"{heads}\int"), tails + spelled
        body = self.show(t.body, FACTOR)
        variables = ", ".join(self.show(o.var, 0) for o in t.over)
        self.bound = saved
        if isinstance(t, Min):
            return rf"\min_{{{variables}}}\left[{body}\right]", FACTOR
        return f"{heads} {body}{tails}", FACTOR


def spelling(canonical: str) -> str:
    r"""LaTeX of a spelling; a subscript of several letters gets its braces, and no power.

    >>> spelling(r"\boldsymbol(\mu)"), spelling("k_B"), spelling(r"\overline(X_A\cupB^2)")
    ('\\boldsymbol{\\mu}', 'k_{B}', '\\overline{X_{A\\cup B}^2}')
    """
    shown = canonical
    while (wider := re.sub(r"\\(\w+)\(([^()]*)\)", r"\\\1{\2}", shown)) != shown:
        shown = wider
    shown = re.sub(r"\\cup(?=[A-Za-z])", r"\\cup ", shown)
    stem, _, sub = shown.partition("_")
    if not sub or sub.startswith("{"):
        return shown
    sub, power, rest = re.fullmatch(r"(.+?)(\^[^{}]+)?(\}*)", sub, re.DOTALL).groups("")  # type: ignore[union-attr]
    return f"{stem}_{{{sub}}}{power}{rest}"


def _sign(t: Term) -> tuple[int, Term]:
    if isinstance(t, Num) and t.value < 0:
        return -1, Num(-t.value)
    if isinstance(t, Mul) and isinstance(t.factors[0], Num) and t.factors[0].value < 0:
        c = -t.factors[0].value
        return -1, mul(*t.factors[1:]) if c == 1 else Mul((Num(c), *t.factors[1:]))
    return 1, t


def _negative(t: Term) -> bool:
    return _sign(t)[0] < 0


def _canonical(t: Add) -> bool:
    return _negative(t.terms[0]) and not all(_negative(x) for x in t.terms)


def _roots_together(top: list[Term], bottom: list[Term]) -> tuple[list[Term], list[Term]]:
    """√2/(2√π) as 1/√(2π): rational factors and roots of numbers and π under one root."""
    value, pi, found = Fraction(1), 0, False
    kept: tuple[list[Term], list[Term]] = ([], [])
    for side, (factors, keep) in enumerate(zip((top, bottom), kept, strict=True)):
        sign = -1 if side else 1
        for f in factors:
            half = isinstance(f, Pow) and f.exponent == Num(Fraction(1, 2))
            if isinstance(f, Num) and f.value > 0:
                value *= f.value ** (2 * sign)
            elif half and isinstance(f.base, Num):  # type: ignore[attr-defined]
                value, found = value * f.base.value**sign, True  # type: ignore[attr-defined]
            elif half and f.base == Sym("pi"):  # type: ignore[attr-defined]
                pi, found = pi + sign, True
            else:
                keep.append(f)
    if not found or abs(pi) > 1:
        return top, bottom
    for n, keep, with_pi in ((value.numerator, kept[0], pi > 0), (value.denominator, kept[1], pi < 0)):
        outside, inside = _square_part(n)
        parts: list[Term] = [Num(Fraction(inside))] if inside > 1 else []
        parts += [Sym("pi")] if with_pi else []
        if parts:
            keep.insert(0, Pow(mul(*parts), Num(Fraction(1, 2))))
        if outside > 1:
            keep.insert(0, Num(Fraction(outside)))
    return kept


def _square_part(n: int) -> tuple[int, int]:
    outside, k = 1, 2
    while k * k <= n and k < 1000:
        while n % (k * k) == 0:
            outside, n = outside * k, n // (k * k)
        k += 1
    return outside, n


def _flatten(t: Term):  # type: ignore[no-untyped-def]
    if isinstance(t, Mul):
        for f in t.factors:
            yield from _flatten(f)
    elif not (isinstance(t, Num) and t.value == 1):
        yield t


def _inverse(t: Term) -> bool:
    return isinstance(t, Pow) and isinstance(t.exponent, Num) and t.exponent.value < 0 and not _matrix(t.base)


def _matrix(t: Term) -> bool:
    return isinstance(t, Sym) and t.name.startswith("C_")


def _invert(t: Term) -> Term:
    assert isinstance(t, Pow) and isinstance(t.exponent, Num)
    e = -t.exponent.value
    return t.base if e == 1 else Pow(t.base, Num(e))


def _late(t: Term) -> int:
    """Numbers first, sums and integrals last, where they can't swallow a factor."""
    if isinstance(t, Num):
        return 0
    return {Sum: 3, Int: 4, Prod: 2, Add: 2}.get(type(t), 2 if isinstance(t, Fn) else 1)
