"""Looking at syntax trees: factors, scripts, groups."""

from __future__ import annotations

from lark import Token, Tree

from derive.reader.notation import Notation
from derive.reader.syntax import Node, place, text


def factors_of(seq: Node) -> list[Node]:
    return [c for c in seq.children if isinstance(c, Tree)]


def atom_of(f: Node) -> Node:
    return f.children[0]  # type: ignore[return-value]


def kind_of(f: Node) -> str:
    return str(atom_of(f).data)


def script(f: Node, kind: str) -> Node | None:
    for s in f.children[1:]:
        if isinstance(s, Tree) and s.data == kind:
            return s.children[1]  # type: ignore[return-value]
    return None


def bare(f: Node) -> Node:
    return Tree("factor", [atom_of(f)])


def lone_expr(node: Node) -> Node | None:
    """The expression of a group that holds just one."""
    lists = [c for c in node.children if isinstance(c, Tree) and c.data == "list"]
    if not lists:
        return None
    items = [c for c in lists[0].children if isinstance(c, Tree)]
    return items[0] if len(items) == 1 else None


def only_item(arg: Node) -> Node | None:
    return lone_expr(arg)


def lone_seq(arg: Node) -> Node | None:
    e = lone_expr(arg)
    if e is None or e.data != "expr" or len(e.children) != 1:
        return None
    t = e.children[0]
    return t.children[0] if isinstance(t, Tree) and len(t.children) == 1 else None  # type: ignore[return-value]


def operator(f: Node) -> list[Node] | None:
    """What ∂/∂x, in front of what it is applied to, differentiates by; None for any other fraction."""
    top, bottom = (lone_seq(x) for x in atom_of(f).children[1:])  # type: ignore[arg-type]
    if top is None or bottom is None or [kind_of(x) for x in factors_of(top)] != ["partial"]:
        return None
    first, *by = factors_of(bottom)
    return by if kind_of(first) == "partial" else None


def flat_of(item: Node) -> list[Node] | None:
    if item.data != "expr" or len(item.children) != 1:
        return None
    t = item.children[0]
    if not isinstance(t, Tree) or len(t.children) != 1:
        return None
    return factors_of(t.children[0])  # type: ignore[arg-type]


def is_dots(t: Node | Token) -> bool:
    if isinstance(t, Token) or len(t.children) != 1:
        return False
    fs = factors_of(t.children[0])  # type: ignore[arg-type]
    return len(fs) == 1 and kind_of(fs[0]) == "dots"


def mentions(node: Node | Token, index: str) -> bool:
    """Whether an index letter stands free in a subscript below this node."""
    if isinstance(node, Token):
        return False
    if node.data == "sub":
        return index in letters(node)
    if node.data == "seq":
        fs = factors_of(node)
        for k, f in enumerate(fs):
            if kind_of(f) == "big":
                low = script(f, "sub")
                if low is not None and index in letters(low):
                    return any(mentions(x, index) for x in fs[:k])
    return any(mentions(c, index) for c in node.children)


def letters(node: Node | Token) -> set[str]:
    if isinstance(node, Token):
        return {str(node)} if node.type in ("LETTER", "GREEK") else set()
    return set().union(*(letters(c) for c in node.children)) if node.children else set()


def differences(fs: list[Node], notation: Notation) -> list[Node]:
    r"""Factors with every declared difference, such as `\Delta E_p` or `\Delta T`, made one factor."""
    known = {*notation.names, *notation.families, *notation.scalars}
    out: list[Node] = []
    for f in fs:
        if out and kind_of(f) in ("letter", "accent", "font") and text(out[-1]) == r"\Delta":
            letter = r"\Delta" + text(atom_of(f))
            if any(k == letter or k.startswith((letter + "_", letter + "^")) for k in known):
                *_, last = atom_of(f).scan_values(lambda _: True)
                token = Token("GREEK", letter, start_pos=place(out[-1]) - 1, end_pos=last.end_pos)
                out[-1] = Tree("factor", [Tree("letter", [token]), *f.children[1:]])
                continue
        out.append(f)
    return out
