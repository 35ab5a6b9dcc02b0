r"""What an erratum changes: the smallest parts in which a printed side and its correction differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from lark import Token

from derive.errors import Unreadable
from derive.reader.syntax import Node, parse
from derive.reader.tokens import tokenize
from derive.reader.trees import factors_of, lone_seq

Span = tuple[int, int]
_Key = tuple[tuple[str, str], ...]
Pair = tuple[Span, Span]  #: a place in the printed side and the one that takes it
MOST = 6  #: changes of one side; with more, the side is read better as a whole
#: What reaches over that which follows: shown with it, never alone.
REACHING = frozenset({"func", "big", "nabla", "partial"})
#: Atoms inside which a change can be shown alone. A letter goes with its scripts.
OPEN = frozenset({"paren", "braces", "bar", "norm", "angle", "group", "frac", "sqrt"})


@dataclass(frozen=True)
class Change:
    """One changed part, whole nodes of the formula on both sides.

    Attributes
    ----------
    printed, read : LaTeX of the part, as printed and as it should be; neither is empty.
    at, now : where they stand, (start, end), in the printed and in the corrected side.
    """

    printed: str
    read: str
    at: Span
    now: Span


def changes(printed: str, corrected: str) -> tuple[Change, ...]:
    r"""The smallest parts that differ, from left to right; empty where the side changes as a whole or can't be read.

    A part is a factor, a term, a letter with its scripts, or several of these side by side. One that stands more
    than once in the printed side, and is changed in some of the places only, is shown with its neighbours.

    Examples
    --------
    >>> [(c.printed, c.read) for c in changes(r"a + \frac{K}{2}\ln[1+\ln(2\pi)]", r"a + \frac{K}{2}[1+\ln(2\pi)]")]
    [('\\ln[1+\\ln(2\\pi)]', '[1+\\ln(2\\pi)]')]
    >>> [(c.printed, c.read) for c in changes(r"\frac{1}{n} \sum_j \sigma_j x_j", r"\frac{1}{n} \sum_j \sigma_j^2 x_j")]
    [('\\sigma_j', '\\sigma_j^2')]
    >>> changes("a", "b")
    ()
    """
    try:
        sides = [_read(text) for text in (printed, corrected)]
    except Unreadable:
        return ()
    found = _Difference(printed, corrected).between(sides[0], sides[1], ())
    parts = _told_apart(found, printed, corrected) if found and len(found) <= MOST else []
    whole = (_span(sides[0]), _span(sides[1]))
    if any(p[0] == whole[0] or p[1] == whole[1] for p in parts):
        return ()
    return tuple(Change(printed[slice(*a)], corrected[slice(*b)], a, b) for a, b in parts)


def applied(printed: str, parts: Sequence[Change]) -> str:
    """The printed side with its changes put in.

    >>> applied("a + b", changes("a + b", "a + c"))
    'a + c'
    """
    for c in sorted(parts, key=lambda c: c.at, reverse=True):
        printed = printed[: c.at[0]] + c.read + printed[c.at[1] :]
    return printed


def _read(text: str) -> Node:
    tokens = tokenize(text)
    while tokens and tokens[-1].kind in ("STOP", "COMMA"):
        tokens.pop()
    return parse([t for t in tokens if t.kind != "ROW"])


def _key(node: Node | Token) -> _Key:
    """What a node says, however it is spelled: braces around one token and the sizes of brackets fall away."""
    if isinstance(node, Token):
        return ((node.type, "" if node.type in ("LNORM", "RNORM") else str(node)),)
    kept = vars(node.meta)  # asked for at every level
    known: _Key | None = kept.get("key")
    if known is None:
        inner = tuple(k for c in node.children for k in _key(c))
        known = kept["key"] = inner[1:-1] if node.data == "group" and len(inner) == 3 else inner
    return known


def _span(node: Node | Token) -> Span:
    if isinstance(node, Token):
        return node.start_pos or 0, node.end_pos or 0
    kept = vars(node.meta)
    known: Span | None = kept.get("span")
    if known is None:
        places = [_span(c) for c in node.children]
        known = kept["span"] = min(s for s, _ in places), max(e for _, e in places)
    return known


def _run(nodes: Sequence[Node | Token]) -> Span:
    return _span(nodes[0])[0], _span(nodes[-1])[1]


@dataclass(frozen=True)
class _Part:
    """A differing part, and the larger ones around it, smallest first."""

    ways: tuple[Pair, ...]


class _Difference:
    """Differences of two trees, part by part."""

    def __init__(self, printed: str, corrected: str) -> None:
        self.printed, self.corrected = printed, corrected

    def between(self, a: Node, b: Node, around: tuple[Pair, ...]) -> list[_Part]:
        """Parts in which two nodes of one kind differ; `around` are the parts they stand in."""
        if _key(a) == _key(b):
            return []
        if a.data != b.data:
            return [_Part(((_span(a), _span(b)), *around))]
        if a.data == "factor":
            return self.factors(a, b, around)
        if a.data in ("list", "expr", "term", "seq"):
            return self.rows(a, b, around)
        if a.data in OPEN and len(a.children) == len(b.children):
            return [p for x, y in zip(a.children, b.children, strict=True) for p in self.inside(x, y, around)]
        return [_Part(around or ((_span(a), _span(b)),))]

    def inside(self, x: Node | Token, y: Node | Token, around: tuple[Pair, ...]) -> list[_Part]:
        if _key(x) == _key(y):
            return []
        if isinstance(x, Token) or isinstance(y, Token):
            return [_Part(around)]
        return self.between(x, y, around)

    def factors(self, a: Node, b: Node, around: tuple[Pair, ...]) -> list[_Part]:
        """An atom with scripts: a change of the scripts takes it whole, but for what stands in an exponent of e."""
        (x, *scripts), (y, *others) = a.children, b.children
        assert not isinstance(x, Token) and not isinstance(y, Token)
        if list(map(_key, scripts)) == list(map(_key, others)) and x.data == y.data and x.data in OPEN:
            return self.between(x, y, around)
        if not scripts and not others and x.data == y.data == "accent" and _key(x)[0] == _key(y)[0] and _long(x):
            return self.inside(x.children[1], y.children[1], around)
        power = _exponent(x, scripts), _exponent(y, others)
        if power[0] is not None and power[1] is not None:
            return self.inside(power[0], power[1], around)
        return [_Part(around)]

    def rows(self, a: Node, b: Node, around: tuple[Pair, ...]) -> list[_Part]:
        """Terms of a sum, factors of a product: what is in one only, with a neighbour; what changed, inside."""
        xs, ys = (_items(n) for n in (a, b))
        whole = ((_span(a), _span(b)), *around)
        out: list[_Part] = []
        for i, j, k, m in _gaps([_joined(x) for x in xs], [_joined(y) for y in ys]):
            run = _Part((*_grown(xs, ys, i, j, k, m), *whole))
            each = [self.members(xs, ys, i + n, k + n, whole) for n in range(j - i)] if j - i == m - k else []
            anew = all(_of(xs[i + n], parts) and not _limits(xs[i + n], ys[k + n]) for n, parts in enumerate(each))
            out += [run] if anew else [p for parts in each for p in parts]
        return out

    def members(self, xs: list[_Item], ys: list[_Item], i: int, k: int, around: tuple[Pair, ...]) -> list[_Part]:
        x, y = xs[i], ys[k]
        wider = (*_grown(xs, ys, i, i + 1, k, k + 1), *around)
        if _joined(x[:-1]) == _joined(y[:-1]) and not isinstance(x[-1], Token) and not isinstance(y[-1], Token):
            return self.between(x[-1], y[-1], wider)
        return [_Part(wider)]


#: A member of a row, with the sign in front of it.
_Item = list[Node | Token]


def _items(node: Node) -> list[_Item]:
    """Members of a row, each with its sign (a multiplication sign goes with what follows it)."""
    out: list[_Item] = []
    waiting: _Item = []
    for c in node.children:
        waiting.append(c)
        if not isinstance(c, Token):
            out.append(waiting)
            waiting = []
    return out


def _gaps(xs: list[_Key], ys: list[_Key]) -> list[tuple[int, int, int, int]]:
    """Runs xs[i:j] that differ from ys[k:m]: place by place, if that leaves no more than to put in and take out."""
    matcher = SequenceMatcher(None, xs, ys, False)
    out = [(i, j, k, m) for tag, i, j, k, m in matcher.get_opcodes() if tag != "equal"]
    differ = [n for n, (x, y) in enumerate(zip(xs, ys, strict=False)) if x != y]
    if len(xs) != len(ys) or len(differ) > sum(j - i + m - k for i, j, k, m in out):
        return out
    starts = [n for n in differ if n - 1 not in differ]
    ends = [n + 1 for n in differ if n + 1 not in differ]
    return [(i, j, i, j) for i, j in zip(starts, ends, strict=True)]


def _joined(item: Sequence[Node | Token]) -> _Key:
    return tuple(k for c in item for k in _key(c))


def _long(accent: Node) -> bool:
    """A bar over more than one factor."""
    seq = lone_seq(accent.children[1]) if not isinstance(accent.children[1], Token) else None
    return seq is None or len(factors_of(seq)) > 1


def _exponent(atom: Node, scripts: Sequence[Node | Token]) -> Node | None:
    """What stands in the exponent of e."""
    first = scripts[0] if len(scripts) == 1 else None
    if str(_key(atom)[0][1]) != "e" or first is None or isinstance(first, Token) or first.data != "sup":
        return None
    arg = first.children[1]
    return arg if not isinstance(arg, Token) and arg.data == "group" else None


def _of(item: _Item, parts: list[_Part]) -> bool:
    """Whether what differs is the whole of a member."""
    return len(parts) == 1 and parts[0].ways[0][0] == _span(item[-1])


def _argument(run: list[_Item]) -> bool:
    """Brackets around one factor: what a function is applied to."""
    last = run[0][-1]
    if len(run) > 1 or isinstance(last, Token) or last.data != "factor" or len(last.children) > 1:
        return False
    atom = last.children[0]
    inner = lone_seq(atom) if not isinstance(atom, Token) and atom.data == "paren" else None
    return inner is not None and len(factors_of(inner)) == 1


def _kind(item: _Item) -> str:
    last = item[-1]
    return "" if isinstance(last, Token) or last.data != "factor" else str(last.children[0].data)  # type: ignore[union-attr]


def _reaches(item: _Item) -> bool:
    return _kind(item) in REACHING


def _limits(x: _Item, y: _Item) -> bool:
    """Two signs of sums, products or integrals with limits: these can be shown without what they reach over."""
    return all(_kind(i) == "big" and len(i[-1].children) > 1 for i in (x, y))  # type: ignore[union-attr]


def _grown(xs: list[_Item], ys: list[_Item], i: int, j: int, k: int, m: int) -> Iterator[Pair]:
    """Runs of members around xs[i:j] and ys[k:m], smallest first; none that is empty or ends in what reaches on."""

    def alike(n: int, o: int) -> bool:
        return 0 <= n < len(xs) and 0 <= o < len(ys) and _joined(xs[n]) == _joined(ys[o])

    while True:
        full = i < j and k < m
        whole = i == 0 and j == len(xs) and k == 0 and m == len(ys)
        alone = full and _argument(xs[i:j]) and i > 0
        limits = i + 1 == j and k + 1 == m and _limits(xs[i], ys[k])
        if full and not alone and not whole and (limits or not (_reaches(xs[j - 1]) or _reaches(ys[m - 1]))):
            signed = _joined(xs[i][:-1]) != _joined(ys[k][:-1])
            yield _place(xs[i:j], signed), _place(ys[k:m], signed)
        before, after = alike(i - 1, k - 1), alike(j, m)
        last = xs[j - 1] if i < j else ys[m - 1]
        leans = not full and not _reaches(last) and not _reaches(xs[i - 1]) if before else False
        if before and (leans or alone or not after):
            i, k = i - 1, k - 1
        elif after:
            j, m = j + 1, m + 1
        else:
            return


def _place(run: list[_Item], signed: bool) -> Span:
    """The place of a run, with the sign in front of it where that changes too."""
    start = run[0][0] if signed else run[0][-1]
    return _span(start)[0], _span(run[-1][-1])[1]


def _told_apart(parts: list[_Part], printed: str, corrected: str) -> list[Pair]:
    """One place for each part, so wide that "for … read …" tells which is meant; overlapping ones made one."""
    level = [0] * len(parts)
    while True:
        chosen = [p.ways[n] for p, n in zip(parts, level, strict=True)]
        texts = [(printed[slice(*a)], corrected[slice(*b)]) for a, b in chosen]
        for n, (text, _) in enumerate(texts):
            alike = {t for t in texts if t[0] == text}
            met = any(_meet(chosen[n], c) for k, c in enumerate(chosen) if k != n and c != chosen[n])
            vague = _count(printed, text) > len({c for c, t in zip(chosen, texts, strict=True) if t[0] == text})
            if (met or vague or len(alike) > 1) and level[n] + 1 < len(parts[n].ways):
                level[n] += 1
                break  # and look again
        else:
            return sorted(set(chosen))


def _meet(one: Pair, other: Pair) -> bool:
    return any(a[0] < b[1] and b[0] < a[1] for a, b in zip(one, other, strict=True))


@lru_cache(maxsize=1024)
def _spelled(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((t.kind, t.text) for t in tokenize(text))


def _count(text: str, part: str) -> int:
    """How often the tokens of a part stand in a text."""
    try:
        whole, inner = _spelled(text), _spelled(part)
    except Unreadable:
        return text.count(part)
    return sum(whole[k : k + len(inner)] == inner for k in range(len(whole) - len(inner) + 1))
