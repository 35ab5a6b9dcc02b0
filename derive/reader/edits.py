"""An edited term put back into the print: only the parts that changed are written anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from itertools import product

from lark import Token

from derive.errors import Unreadable
from derive.reader.interpret import _Reader
from derive.reader.notation import Notation
from derive.reader.printer import latex
from derive.reader.splice import Splice, enclosing
from derive.reader.syntax import Node, parse
from derive.reader.tokens import Token as Piece
from derive.reader.tokens import tokenize
from derive.term import Add, Fn, Mul, Prod, Sum, Sym, Term, rebuild, walk

Span = tuple[int, int]
MOST = 6  #: places at which a side is edited; with more, it is written anew
TRIES = 32
MARK = r"\mathrm{KEPT}"


class _Traced(_Reader):
    """A reader that remembers where each term stands in the LaTeX."""

    def __init__(self, notation: Notation) -> None:
        super().__init__(notation)
        self.spans: dict[int, Span | None] = {}
        self.kept: list[Term] = []  # an id is good for as long as its term lives

    def note(self, t: Term, first: Node, last: Node) -> Term:
        span = (min(_places(first))[0], max(e for _, e in _places(last)))
        known = self.spans.setdefault(id(t), span)
        if known is not None and (known[1] <= span[0] or span[1] <= known[0]):
            self.spans[id(t)] = None  # one object in two places
        self.kept.append(t)
        return t

    def expr(self, node: Node) -> Term:
        return self.note(super().expr(node), node, node)

    def term_(self, node: Node) -> Term:
        return self.note(super().term_(node), node, node)

    def seq(self, fs: list[Node]) -> Term:
        return self.note(super().seq(fs), fs[0], fs[-1]) if fs else super().seq(fs)

    def factor(self, f: Node) -> Term:
        value = super().factor(f)
        return self.note(Sym(value.name) if isinstance(value, Sym) else value, f, f)

    def step(self, fs: list[Node], k: int) -> tuple[list[Term | None], int]:
        values, stop = super().step(fs, k)
        if len(values) == 1 and values[0] is not None:
            self.note(values[0], fs[k], fs[stop - 1])
        return values, stop


def _places(node: Node | Token) -> Iterator[Span]:
    if isinstance(node, Token):
        yield node.start_pos or 0, node.end_pos or 0
    else:
        for c in node.children:
            yield from _places(c)


def edited(
    printed: str, tokens: tuple[Piece, ...], new: Term, notation: Notation, same: Callable[[Term, Term], bool]
) -> str:
    r"""LaTeX of `new`, a changed reading of the side `printed`, with what did not change left as it stands.

    What comes out is read again and must be `new`, by its print or by `same`; else all of it is written anew.

    Examples
    --------
    >>> from derive.reader.notation import symbols
    >>> n = Notation(scalars=symbols("a b c"))
    >>> printed = r"\frac{a}{b}  \Bigl( c+1 \Bigr)"
    >>> new = Sym("a") / Sym("b") * (Sym("c") ** 2 + 1)
    >>> edited(printed, tuple(tokenize(printed)), new, n, Term.__eq__)
    '\\frac{a}{b}  \\Bigl( c^2+1 \\Bigr)'
    """
    whole = latex(new, notation)
    reader = _Traced(notation)
    try:
        old = reader.list_(parse(list(tokens)))
    except Unreadable:
        return whole
    changes = _changes(old, new, reader.spans)
    if changes == []:
        return printed
    if not changes or len(changes) > MOST:
        return whole
    start = tokens[0].start
    spliced = Splice(printed, {k: v and (v[0] - start, v[1] - start) for k, v in reader.spans.items()}, notation, old)
    ways, spots = [], []
    for o, r in changes:
        spot = reader.spans[id(o)]
        assert spot is not None
        texts = _texts(o, r, old, printed, start, reader.spans, notation)
        wrapped = isinstance(r, Fn) and r.args == (o,)
        if wrapped or (isinstance(o, Add) and isinstance(r, (Mul, Fn))):  # what was in brackets keeps them to itself
            a, b = spliced.bracketed((spot[0] - start, spot[1] - start))
            spot = (a + start, b + start)
            texts = [*texts, *(rf"\left({x}\right)" for x in texts)]
        inner = printed[spot[0] - start : spot[1] - start]
        if (marks := enclosing(inner)) is not None:  # what stands in brackets of its own is written in the same ones
            kept = [f"{marks[0]}{x}{marks[1]}" for x in texts]
            texts = [*kept, *texts] if isinstance(r, Add) else [*texts, *kept]
        if printed[: spot[0] - start].rstrip()[-1:] in ("_", "^"):
            texts = [x if len(x) == 1 else f"{{{re.sub(' (?=[-+ 0-9])|(?<=[-+]) ', '', x)}}}" for x in texts]
        if printed[: spot[0] - start].rstrip()[-1:] == "/" and isinstance(r, Mul):
            texts = [*(f"({x})" for x in texts), *texts]
        ways.append(texts)
        spots.append(spot)
    for n, chosen_texts in enumerate(product(*ways)):
        if n >= TRIES:
            break
        out = printed
        chosen = set(zip(spots, chosen_texts, strict=True))
        if len(chosen) > len(set(spots)):
            continue  # one place, read twice (the name under an integral sign), and two texts for it
        for span, text in sorted(chosen, reverse=True):
            after = " " if text[-1:].isalpha() and out[span[1] - start : span[1] - start + 1].isalpha() else ""
            before = " " if text[:1].isalpha() and out[: span[0] - start][-1:].isalpha() else ""
            out = out[: span[0] - start] + before + text + after + out[span[1] - start :]
        try:
            again = _Reader(notation).list_(parse([t for t in tokenize(out) if t.kind != "ROW"]))
        except Unreadable:
            continue
        if latex(again, notation) == whole or same(again, new):
            return out
    return whole


def _texts(
    o: Term, r: Term, side: Term, printed: str, start: int, spans: dict[int, Span | None], notation: Notation
) -> list[str]:
    """What to write for `r` in the place of `o`, the best first: as much of it as printed as there is to be had."""

    def as_printed(t: Term) -> str | None:
        """The print of a part of the side, in the brackets it stands in."""
        span = next((s for x in walk(side) if x == t and (s := spans.get(id(x))) is not None), None)
        if span is None:
            return None
        a, b = span[0] - start, span[1] - start
        around = printed[:a].rstrip()[-1:] + printed[b:].lstrip()[:1]
        return (
            printed[len(printed[:a].rstrip()) - 1 : len(printed) - len(printed[b:].lstrip()) + 1]
            if around in ("[]", "()")
            else printed[a:b]
        )

    out = []
    spliced = Splice(printed, {k: v and (v[0] - start, v[1] - start) for k, v in spans.items()}, notation, o, side)
    whole = as_printed(r)
    if whole is not None:
        own = spliced.text(r)
        out += [x for x in (own, whole, rf"\left({whole}\right)") if x is not None]
    else:
        out += [spliced.write(r), spliced.factor(r)]
    if whole is None and o in walk(r):
        shown = latex(_marked(r, o), notation)
        inner = as_printed(o)
        if inner is not None:
            out += [shown.replace(MARK, inner), shown.replace(MARK, rf"\left({inner}\right)")]
    new = latex(r, notation)
    plain = [new, rf"\left({new}\right)"]
    inside = isinstance(r, Add) and not isinstance(o, Add) and o is not side
    return list(dict.fromkeys(out + (plain[::-1] if inside else plain)))


def _marked(t: Term, o: Term) -> Term:
    return Sym("KEPT") if t == o else rebuild(t, lambda c: _marked(c, o))


def _changes(old: Term, new: Term, spans: dict[int, Span | None]) -> list[tuple[Term, Term]] | None:
    """The smallest parts with a place of their own in which two terms differ; None where there is no such place."""
    if old == new or (isinstance(old, (Sum, Prod)) and latex(old) == latex(new)):  # up to a bound name made up for dots
        return []
    found = _inside(old, new, spans)
    if found is None:
        found = [(old, new)] if spans.get(id(old)) is not None else None
    return found


def _inside(old: Term, new: Term, spans: dict[int, Span | None]) -> list[tuple[Term, Term]] | None:
    if type(old) is not type(new):
        return None
    out: list[tuple[Term, Term]] = []
    for f in fields(old):  # type: ignore[arg-type]
        a, b = getattr(old, f.name), getattr(new, f.name)
        pairs = [(a, b)] if not isinstance(a, tuple) else list(zip(a, b, strict=False))
        if isinstance(a, tuple) and len(a) != len(b):
            return None
        for x, y in pairs:
            if isinstance(x, Term) and isinstance(y, Term):
                found = _changes(x, y, spans)
                if found is None:
                    return None
                out += found
            elif x != y:
                return None
    return out
