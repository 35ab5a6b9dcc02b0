"""A new term in LaTeX, pieced together from what is printed: only what is new in it is spelled anew."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from derive.reader.notation import Notation
from derive.reader.printer import latex
from derive.term import HALF, Add, Elem, Fn, Mul, Num, Pow, Prod, Sum, Sym, Term, mul, walk

Span = tuple[int, int]
_OPENS = re.compile(r"(\\left\s*|\\[bB]igg?l?\s*)?(\(|\[|\\\{)\s*$")
_CLOSES = re.compile(r"\s*(\\right\s*|\\[bB]igg?r?\s*)?(\)|\]|\\\})")
#: Functions that stand in front of their argument.
NAMED = ("ln", "tanh")


class Splice:
    r"""Terms written with the pieces of a printed side.

    Parameters
    ----------
    printed : LaTeX of the side.
    spans : where terms of the side stand in it, by id.
    near : terms whose own print is taken first where one stands in several places.
    """

    def __init__(self, printed: str, spans: Mapping[int, Span | None], notation: Notation, *near: Term) -> None:
        self.printed, self.notation = printed, notation
        self.places: dict[Term, Span] = {}
        for t in near:
            for x in walk(t):
                span = spans.get(id(x))
                if span is not None:
                    self.places.setdefault(x, span)

    def text(self, t: Term, brackets: bool = True) -> str | None:
        """The print of a term of the side, in the brackets it stands in where it stands in some."""
        span = self.places.get(t) or (self._by_print.get(latex(t)) if _binds(t) else None)
        if span is None:
            return None
        a, b = span
        opened = _OPENS.search(self.printed[:a]) if brackets else None
        closed = _CLOSES.match(self.printed, b) if brackets else None
        return self.printed[opened.start() : closed.end()] if opened and closed else self.printed[a:b]

    @cached_property
    def _by_print(self) -> dict[str, Span]:
        """Places of what binds a name: dots make up another at each reading."""
        return {latex(t): span for t, span in self.places.items() if _binds(t)}

    def bracketed(self, span: Span) -> Span:
        """A place with the brackets around it, where nothing hangs on these."""
        a, b = span
        opened, closed = _OPENS.search(self.printed[:a]), _CLOSES.match(self.printed, b)
        if not opened or not closed or self.printed[closed.end() :].lstrip()[:1] in ("^", "_"):
            return span
        return opened.start(), closed.end()

    def write(self, t: Term) -> str:
        """LaTeX of a term."""
        known = self.text(t)
        if known is not None:
            return known
        if isinstance(t, Add):
            return self.sum_of(t)
        if isinstance(t, Mul):
            return self.product(t)
        if isinstance(t, Pow):
            return self.power(t)
        if isinstance(t, Fn) and len(t.args) == 1:
            inner = t.args[0]
            if t.name in NAMED:
                return rf"\{t.name} {self.factor(inner)}"
            if t.name == "exp":
                return rf"e^{{{self.write(inner)}}}"
            if t.name == "abs":
                return rf"|{self.write(inner)}|"
        if isinstance(t, Sum):
            head = latex(Sum(t.index, t.low, t.high, Sym("KEPT")), self.notation)
            return head.replace(r"\mathrm{KEPT}", self.factor(t.body))
        return latex(t, self.notation)

    def sum_of(self, t: Add) -> str:
        out = ""
        for part in t.terms:
            sign, body = _sign(part)
            shown = self.write(body)
            bare = self.text(body, brackets=False)
            if not isinstance(body, Add) and bare is not None:
                shown = _plain(bare)
            mark = "-" if sign < 0 else "+" if out else ""
            out += (f" {mark} " if out else mark) + shown
        return out

    def product(self, t: Mul) -> str:
        sign, body = _sign(t)
        if sign < 0:
            return f"-{self.factor(body)}"
        out, row = "", ""
        for f in t.factors:
            if isinstance(f, Pow) and isinstance(f.exponent, Num) and f.exponent.value < 0:
                under = f.base if f.exponent.value == -1 else Pow(f.base, Num(-f.exponent.value))
                out, row = _beside(out, rf"\frac{{{_plain(row) or 1}}}{{{_plain(self.write(under))}}}"), ""
            else:
                row = _beside(row, self.factor(f))
        return _beside(out, row)

    def factor(self, t: Term) -> str:
        """As a factor, or what a function is applied to."""
        shown = self.write(t)
        bare = isinstance(t, Add) or (isinstance(t, Mul) and (_sign(t)[0] < 0))
        return rf"\left({shown}\right)" if bare and not _bracketed(shown) else shown

    def power(self, t: Pow) -> str:
        if t.exponent == HALF:
            return rf"\sqrt{{{_plain(self.write(t.base))}}}"
        if isinstance(t.exponent, Num) and t.exponent.value < 0:
            under = t.base if t.exponent.value == -1 else Pow(t.base, Num(-t.exponent.value))
            return rf"\frac{{1}}{{{_plain(self.write(under))}}}"
        base = self.write(t.base)
        if not isinstance(t.base, (Sym, Elem)) and not _bracketed(base):
            base = rf"\left({base}\right)"
        exponent = self.write(t.exponent)
        return f"{base}^{exponent}" if len(exponent) == 1 else f"{base}^{{{exponent}}}"


def _binds(t: Term) -> bool:
    return any(isinstance(x, (Sum, Prod)) for x in walk(t))


def _sign(t: Term) -> tuple[int, Term]:
    if isinstance(t, Num) and t.value < 0:
        return -1, Num(-t.value)
    if isinstance(t, Mul) and isinstance(t.factors[0], Num) and t.factors[0].value < 0:
        c = Num(-t.factors[0].value)
        return -1, mul(*t.factors[1:]) if c.value == 1 else Mul((c, *t.factors[1:]))
    return 1, t


def _beside(row: str, more: str) -> str:
    if not row or not more:
        return row or more
    if more[:1].isdigit():
        return rf"{row} \cdot {more}"
    return f"{row}{more}" if row[-1].isdigit() and more[0] == "\\" else f"{row} {more}"


def enclosing(text: str) -> tuple[str, str] | None:
    r"""The one pair of brackets that encloses all of a text.

    >>> enclosing(r"\left( a + (b) \right)"), enclosing("(a) + (b)")
    (('\\left(', '\\right)'), None)
    """
    opened = re.match(r"(\\left\s*|\\[bB]igg?l?\s*)?(\(|\[|\\\{)", text)
    if not opened:
        return None
    depth = 0
    for m in re.finditer(r"\\[{}]|[()\[\]]|\\?[^()\[\]\\]", text[opened.start(2) :]):
        depth += (m[0] in ("(", "[", r"\{")) - (m[0] in (")", "]", r"\}"))
        if depth == 0:
            end = opened.start(2) + m.end()
            closed = re.search(r"(\\right\s*|\\[bB]igg?r?\s*)?(\)|\]|\\\})$", text[:end])
            return (opened[0], closed[0]) if closed and not text[end:].strip() else None
    return None


def _bracketed(text: str) -> bool:
    return enclosing(text.strip()) is not None


def _plain(text: str) -> str:
    """Without the brackets around it: a fraction or a root needs none."""
    marks = enclosing(text.strip())
    return text.strip()[len(marks[0]) : -len(marks[1])].strip() if marks else text
