"""A display as chains of sides and relation signs."""

from __future__ import annotations

from dataclasses import dataclass

from derive.errors import Unreadable
from derive.reader.tokens import Token, tokenize

_OPEN = ("LPAREN", "LBRACE", "LSET", "LANGLE")
_CLOSE = ("RPAREN", "RBRACE", "RSET", "RANGLE")


@dataclass(frozen=True)
class Side:
    r"""One side as printed, and what a trailing `\quad (x \neq 0)` adds to it as conditions."""

    latex: str
    tokens: tuple[Token, ...]
    conditions: tuple[tuple[Token, ...], ...] = ()

    @property
    def dots(self) -> bool:
        return bool(self.tokens) and all(t.kind == "DOTS" for t in self.tokens)


@dataclass(frozen=True)
class Link:
    """A relation sign between two neighbouring sides. `left` is None where the display starts with a sign."""

    left: Side | None
    relation: str
    right: Side


def split(latex: str) -> list[Link]:
    r"""The relation signs of a display, in reading order.

    Examples
    --------
    >>> [(l.left.latex, l.relation, l.right.latex) for l in split(r"T = \frac{a}{b} \\ \sim c.")]
    [('T', '=', '\\frac{a}{b}'), ('\\frac{a}{b}', '~', 'c')]
    >>> [(l.left.latex, l.right.latex) for l in split(r"\begin{cases} a = 1, & b = 2 \\ \dots \\ c = 3 \end{cases}")]
    [('a', '1'), ('b', '2'), ('c', '3')]
    >>> right = split(r"a = \frac{b}{x} \quad (x \neq 0)")[0].right
    >>> len(right.tokens), [[t.text for t in c] for c in right.conditions]
    (7, [['x', '≠', '0']])
    """
    links: list[Link] = []
    for statement in _statements(tokenize(latex)):
        sides: list[list[Token]] = [[]]
        signs: list[Token] = []
        for token in _top(statement):
            if token[1] and token[0].kind == "REL":
                signs.append(token[0])
                sides.append([])
            else:
                sides[-1].append(token[0])
        made = [_side(s, latex) for s in sides]
        for k, sign in enumerate(signs):
            right = made[k + 1]
            if right is None:
                raise Unreadable(
                    f"nothing stands after the sign at character {sign.start + 1}", sign.text, sign.start + 1
                )
            if made[k] is None and k:
                raise Unreadable(
                    f"nothing stands before the sign at character {sign.start + 1}", sign.text, sign.start + 1
                )
            links.append(Link(made[k], sign.text, right))
    return links


def _top(tokens: list[Token]) -> list[tuple[Token, bool]]:
    depth, out = 0, []
    for t in tokens:
        if t.kind in _CLOSE:
            depth -= 1
        out.append((t, depth == 0))
        if t.kind in _OPEN:
            depth += 1
    return out


def _statements(tokens: list[Token]) -> list[list[Token]]:
    """Cut at commas outside all brackets where both parts hold a sign; full stops and row breaks fall away.

    Rows of an environment such as `cases` are statements, those that begin with a sign excepted; a row of dots stands
    for rows left out. Remarks, words in brackets, fall away; of two names paired by an arrow the second is spoken of.
    """
    parts: list[list[Token]] = [[]]
    rows: set[int] = set()  # parts that begin a row
    for t, top in _top(tokens):
        if top and t.kind in ("COMMA", "BREAK"):
            parts.append([])
            if t.kind == "BREAK":
                rows.add(len(parts) - 1)
        elif top and t.kind == "PAIRED":
            parts[-1] = []
        elif top and t.kind == "WORD" and t.text[:1] == "(" and t.text[-1:] == ")":
            continue
        elif t.kind not in ("ROW", "STOP"):
            parts[-1].append(t)
    out: list[list[Token]] = []
    for k, part in enumerate(parts):
        has = any(top and t.kind == "REL" for t, top in _top(part))
        if not has and rows and all(t.kind == "DOTS" for t in part):
            continue
        if k in rows and out and part and part[0].kind == "REL":
            out[-1].extend(part)  # a row that begins with a sign goes on with the row above
        elif has or not out:
            out.append(part)
        elif k in rows:
            raise Unreadable(f"the row at character {part[0].start + 1} holds no sign", part[0].text, part[0].start + 1)
        else:
            out[-1].extend(part)
    return out


def _side(tokens: list[Token], latex: str) -> Side | None:
    if not tokens:
        return None
    whole = latex[tokens[0].start : tokens[-1].end].strip()
    tokens = _without_quantifier(tokens)
    start = _condition(tokens, latex)
    conditions: list[list[Token]] = [[]]
    for t, top in _top(tokens[start + 1 : -1]):
        if top and t.kind == "COMMA":
            conditions.append([])
        else:
            conditions[-1].append(t)
    return Side(whole, tuple(tokens[:start]), tuple(map(tuple, conditions)) if start < len(tokens) else ())


def _without_quantifier(tokens: list[Token]) -> list[Token]:
    r"""A side without what it is said of: "for \forall x \in X_A" at its end."""
    for k, (t, top) in enumerate(_top(tokens)):
        if top and k and t.text == r"\forall":
            return tokens[: k - 1] if k > 1 and tokens[k - 1].kind == "WORD" else tokens[:k]
    return tokens


def _condition(tokens: list[Token], latex: str) -> int:
    r"""Where a trailing condition begins: a bracket that holds a sign or words, set off by a \quad; else the end."""
    if tokens[-1].kind != "RPAREN":
        return len(tokens)
    depth = 0
    for k in range(len(tokens) - 1, 0, -1):
        depth += (tokens[k].kind in _CLOSE) - (tokens[k].kind in _OPEN)
        if depth == 0:
            set_off = "quad" in latex[tokens[k - 1].end : tokens[k].start]
            inner = tokens[k + 1 : -1]
            signed = any(top and t.kind in ("REL", "MEMBER") for t, top in _top(inner))
            worded = [t.kind for t in inner] == ["WORD"]
            return k if set_off and (signed or worded) else len(tokens)
    return len(tokens)
