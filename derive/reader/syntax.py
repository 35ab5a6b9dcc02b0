"""Stage one: the structure of a side, by an LALR grammar over the tokens."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput
from lark.lexer import Lexer

from derive.errors import Unreadable
from derive.reader.tokens import Token as Piece

Node = Tree[Token]


class _Given(Lexer):
    """The tokens come ready made."""

    def __init__(self, conf: Any) -> None:
        pass

    def lex(self, data: Any) -> Any:  # type: ignore[override]
        for p in data:
            yield Token(p.kind, p.text, start_pos=p.start, end_pos=p.end)


@cache
def _parser() -> Lark:
    grammar = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer=_Given, maybe_placeholders=False)


def parse(tokens: list[Piece]) -> Node:
    """The tree of a side.

    Raises
    ------
    Unreadable
        The token at which the structure breaks, and its place.
    """
    if not tokens:
        raise Unreadable("an empty side")
    try:
        tree = _parser().parse(tokens)
    except UnexpectedInput as e:
        token = getattr(e, "token", None)
        if token is None or token.type == "$END":
            raise Unreadable("the formula ends too early", "", tokens[-1].end) from None
        place = (token.start_pos or 0) + 1
        raise Unreadable(f"the token {token} at character {place} does not fit there", str(token), place) from None
    return tree if tree.data == "list" else Tree("list", [tree])


def text(node: Node | Token) -> str:
    r"""The name of a tree as written, free of braces and spacing: `E_{\rm f}` → "E_f"."""
    if isinstance(node, Token):
        return {"LBRACE": "", "RBRACE": "", "LANGLE": "<", "RANGLE": ">"}.get(node.type, str(node))
    if node.data in ("font", "accent"):
        return f"\\{node.children[0]}({text(node.children[1])})"
    return "".join(text(c) for c in node.children)


def place(node: Node | Token) -> int:
    """Character (from 1) at which a tree starts."""
    while isinstance(node, Tree):
        if not node.children:
            return 0
        node = node.children[0]
    return (node.start_pos or 0) + 1
