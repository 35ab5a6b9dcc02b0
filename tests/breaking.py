r"""Right equations broken at random: one edit of the print, drawn from the syntax tree of a side.

Knows the grammar of the reader and nothing of how a correction is looked for. An edit is a span of the printed LaTeX
and what is put there; kinds are drawn evenly, then a place among those where the kind fits.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lark import Token, Tree

from derive.reader.display import split
from derive.reader.syntax import Node, parse

Span = tuple[int, int]
Break = tuple[Span, str]


@dataclass(frozen=True)
class Broken:
    """A display with one side broken: the k-th sign's right side, by one edit of a kind."""

    kind: str
    latex: str
    side: str  #: the broken side
    was: str  #: as printed


def breaks(latex: str, ordinal: int) -> dict[str, list[Broken]]:
    """Every break of the right side of a sign, by kind.

    >>> found = breaks("a = b + 2 c", 1)
    >>> sorted(found)
    ['constant', 'exponent', 'factor added', 'factor dropped', 'sign', 'swap', 'term dropped']
    >>> [b.side for b in found["sign"]]
    ['-b + 2 c', 'b - 2 c']
    """
    side = split(latex)[ordinal - 1].right
    start, end = side.tokens[0].start, side.tokens[-1].end
    tree = parse(list(side.tokens))
    out: dict[str, list[Broken]] = {}
    for kind, way in KINDS.items():
        made = []
        for edits in way(tree, latex):
            new = latex
            for (a, b), text in sorted(edits, reverse=True):
                new = new[:a] + text + new[b:]
            grown = len(new) - len(latex)
            if new != latex and not new[start : end + grown].isspace():
                made.append(Broken(kind, new, new[start : end + grown], latex[start:end]))
        if made:
            out[kind] = made
    return out


def drawn(latex: str, ordinal: int, rng: random.Random) -> Iterator[Broken]:
    """Breaks of one side in random order, kinds evenly."""
    found = breaks(latex, ordinal)
    for options in found.values():
        rng.shuffle(options)
    while found:
        kind = rng.choice(sorted(found))
        yield found[kind].pop()
        if not found[kind]:
            del found[kind]


# -- places ---------------------------------------------------------------------------------------


def span(node: Node | Token) -> Span:
    if isinstance(node, Token):
        return node.start_pos or 0, node.end_pos or 0
    ends = [span(c) for c in node.children]
    return min(a for a, _ in ends), max(b for _, b in ends)


def nodes(tree: Node, kind: str) -> Iterator[Node]:
    return (t for t in tree.iter_subtrees_topdown() if t.data == kind)


def tokens(tree: Node, *kinds: str) -> Iterator[Token]:
    return tree.scan_values(lambda t: isinstance(t, Token) and t.type in kinds)


def kind(factor: Node) -> str:
    return str(factor.children[0].data)  # type: ignore[union-attr]


def trees(node: Node) -> list[Node]:
    return [c for c in node.children if isinstance(c, Tree)]


def bare(factor: Node) -> str:
    """The letter of a factor without its scripts; empty for anything else."""
    atom = factor.children[0]
    return str(atom.children[0]) if isinstance(atom, Tree) and atom.data == "letter" else ""


# -- one edit -------------------------------------------------------------------------------------

Edits = Iterator[list[Break]]


def term_dropped(tree: Node, latex: str) -> Edits:
    for e in values(tree, "expr"):
        terms = trees(e)
        for k, t in enumerate(terms if len(terms) > 1 else ()):
            a, b = span(t)
            if k:
                a = span(e.children[e.children.index(t) - 1])[0]
                yield [((a, b), "")]
            else:
                following = e.children[e.children.index(t) + 1]
                plus = isinstance(following, Token) and str(following) == "+"
                yield [((a, span(following)[1] if plus else span(following)[0]), "")]


def values(tree: Node, kind: str) -> Iterator[Node]:
    """Nodes outside all subscripts: there stand names and indices, which have edits of their own."""
    names = [span(s) for s in nodes(tree, "sub")]
    return (t for t in nodes(tree, kind) if not any(a <= span(t)[0] and span(t)[1] <= b for a, b in names))


def factor_dropped(tree: Node, latex: str) -> Edits:
    for s in values(tree, "seq"):
        factors = trees(s)
        for k, f in enumerate(factors):
            applied = k and kind(factors[k - 1]) in ("func", "big", "partial", "nabla")
            differential = bare(f) == "d" or (k and bare(factors[k - 1]) == "d")
            if len(factors) > 1 and not applied and not differential and kind(f) not in ("func", "big", "partial"):
                yield [(span(f), " ")]


def factor_added(tree: Node, latex: str) -> Edits:
    known = sorted({latex[slice(*span(f))] for f in nodes(tree, "factor") if kind(f) in ("letter", "number")})
    for s in values(tree, "seq"):
        first = trees(s)[0]
        if kind(first) not in ("partial",):
            for text in [*known, "2"]:
                yield [((span(first)[0],) * 2, f"{text} ")]


def sign(tree: Node, latex: str) -> Edits:
    for e in values(tree, "expr"):
        if not isinstance(e.children[0], Token):
            yield [((span(e)[0],) * 2, "-")]
        for k, c in enumerate(e.children):
            if isinstance(c, Token):
                yield [(span(c), {"+": "-", "-": "+" if k else ""}.get(str(c), ""))]


def constant(tree: Node, latex: str) -> Edits:
    for t in tokens(tree, "NUMBER"):
        if str(t).isdigit():
            n = int(t)
            yield from ([(span(t), str(m))] for m in (n + 1, n - 1, 2 * n) if m not in (n, -1))


def exponent(tree: Node, latex: str) -> Edits:
    for f in values(tree, "factor"):
        if kind(f) == "big":
            continue
        scripts = {str(s.data): s for s in trees(f)[1:]}
        if "sup" in scripts:
            yield [(span(scripts["sup"]), "")]
            if latex[slice(*span(scripts["sup"]))].strip("^{} ") == "2":
                yield [(span(scripts["sup"]), "^3")]
        elif kind(f) in ("letter", "paren") and bare(f) not in ("d", "e") and "prime" not in scripts:
            yield [((span(f)[1],) * 2, "^2 ")]


def swap(tree: Node, latex: str) -> Edits:
    """Two letters exchanged, each with its scripts; two letters exchanged throughout the side."""
    factors = [f for f in nodes(tree, "factor") if kind(f) == "letter" and bare(f) not in ("d", "e")]
    for k, f in enumerate(factors):
        for g in factors[:k]:
            if latex[slice(*span(f))] != latex[slice(*span(g))] and not _within(span(f), span(g)):
                yield [(span(f), latex[slice(*span(g))]), (span(g), latex[slice(*span(f))])]
    letters = sorted({str(t) for t in tokens(tree, "LETTER", "GREEK")} - {"d", "e"})
    for k, a in enumerate(letters):
        for b in letters[:k]:
            if a.isupper() == b.isupper() and len(a) == len(b):
                places = [(span(t), {a: b, b: a}[str(t)]) for t in tokens(tree, "LETTER", "GREEK") if str(t) in (a, b)]
                yield places


def _within(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def index(tree: Node, latex: str) -> Edits:
    """A subscript shifted, or another letter in it."""
    known = sorted({str(t) for s in nodes(tree, "sub") for t in tokens(s, "LETTER") if str(t).isalpha()})
    for f in nodes(tree, "factor"):
        if kind(f) == "big":
            continue
        for s in trees(f)[1:]:
            if s.data == "sub":
                inner = [t for t in tokens(s, "LETTER", "NUMBER")]
                for t in inner:
                    if t.type == "NUMBER":
                        yield [(span(t), str(int(t) + 1))]
                    else:
                        yield from ([(span(t), x)] for x in known if x != str(t))
                        a, b = span(s)
                        if len(inner) == 1 and latex[a:b].strip("_{} ") == str(t):
                            yield from ([((a, b), f"_{{{t}{d}}}")] for d in ("-1", "+1"))


def limit(tree: Node, latex: str) -> Edits:
    """A limit of a sum, product or integral, shifted."""
    for f in nodes(tree, "factor"):
        if kind(f) == "big":
            for s in trees(f)[1:]:
                text = latex[slice(*span(s))]
                body = text[1:].strip()
                body = body[1:-1] if body.startswith("{") else body
                if "\\infty" in body:
                    continue
                low = [t for t in tokens(s, "NUMBER")]
                if s.data == "sub" and low and "=" in body:
                    yield from ([(span(low[-1]), str(n))] for n in (int(low[-1]) + 1, int(low[-1]) - 1))
                elif s.data == "sup":
                    yield from ([(span(s), f"^{{{body}{d}}}")] for d in ("-1", "+1"))


def function(tree: Node, latex: str) -> Edits:
    """A function or a root dropped."""
    for f in nodes(tree, "factor"):
        atom = f.children[0]
        if kind(f) == "func" and len(f.children) == 1 and str(atom.children[0]) in ("ln", "log", "exp", "tanh"):  # type: ignore[union-attr]
            yield [(span(f), " ")]
        elif kind(f) == "sqrt" and len(f.children) == 1:
            yield [(span(atom.children[0]), "")]  # type: ignore[union-attr]


def upside_down(tree: Node, latex: str) -> Edits:
    for f in nodes(tree, "frac"):
        if len(f.children) == 3:
            top, bottom = (span(c) for c in f.children[1:])
            if latex[top[0]] == "{" and latex[bottom[0]] == "{":
                yield [(top, latex[slice(*bottom)]), (bottom, latex[slice(*top)])]


def bar(tree: Node, latex: str) -> Edits:
    """A square moved out of its mean, or into it."""
    for f in nodes(tree, "factor"):
        atom = f.children[0]
        if not isinstance(atom, Tree) or atom.data != "accent" or str(atom.children[0]) != "overline":
            continue
        text = latex[slice(*span(atom))]
        scripts = trees(f)[1:]
        if not scripts and text.endswith("^2}"):
            yield [(span(atom), text[:-3] + "}^2")]
        elif len(scripts) == 1 and latex[slice(*span(scripts[0]))].strip("^{} ") == "2":
            yield [(span(f), text[:-1] + "^2}")]


KINDS: dict[str, Callable[[Node, str], Edits]] = {
    "term dropped": term_dropped,
    "factor dropped": factor_dropped,
    "factor added": factor_added,
    "sign": sign,
    "constant": constant,
    "exponent": exponent,
    "swap": swap,
    "index": index,
    "limit": limit,
    "function dropped": function,
    "upside down": upside_down,
    "bar": bar,
}
