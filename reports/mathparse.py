"""The parser behind `mathtext`: recursive descent over tokens, refusing whatever is not on the list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from reports import mathwords as words

_DEEPEST = 40
BREAKS = frozenset({r"\\", "&"})
#: Private characters that number relation signs, see `reports.marks`.
FIRST_MARK, MOST_MARKS = 0xE000, 256
_MARKS = frozenset(map(chr, range(FIRST_MARK, FIRST_MARK + MOST_MARKS)))
_CLOSING = frozenset({"", "}", r"\right", r"\middle", r"\end"})


class Unsafe(ValueError):
    """The formula is not plain mathematics; show it as text."""


@dataclass(frozen=True)
class Item:
    """A piece of a formula at its outermost level; `width` is a guess in em."""

    tex: str
    kind: str  #: "relation", "binary", "space", "break" or "other"
    width: float


class Parser:
    """Reads a list of tokens from left to right; each method leaves `at` behind what it has read."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens, self.at = tokens, 0

    def peek(self, blanks: bool = True) -> str:
        while blanks and self.at < len(self.tokens) and self.tokens[self.at] == " ":
            self.at += 1
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        if not token:
            raise Unsafe("ends too early")
        self.at += 1
        return token

    def sequence(self, depth: int, breaks: frozenset[str] = frozenset()) -> list[Item]:
        """Everything up to (not including) a closing token; the caller looks whether it is the right one."""
        if depth > _DEEPEST:
            raise Unsafe("nested too deeply")
        out: list[Item] = []
        while (token := self.peek()) not in _CLOSING:
            if token in words.SWITCHES:
                self.take()
                inner = _join(self.sequence(depth + 1), words.SWITCHES[token] + "{", "}")
                if r"\\" in inner.tex:
                    raise Unsafe(f"rows after {token}")
                out.append(inner)
            elif token in BREAKS:
                if token not in breaks:
                    raise Unsafe(f"{token} inside a group")
                out.append(Item(self.take(), "break", 0.0))
            else:
                out.append(self.scripted(depth))
        return out

    def scripted(self, depth: int) -> Item:
        base = self.atom(depth)
        tex, width, seen = base.tex, base.width, set[str]()
        while (token := self.peek()) in ("^", "_", "'"):
            self.take()
            mark = "^" if token == "'" else token
            if mark in seen and not (token == "'" and "'" in seen):
                raise Unsafe("two scripts of one kind")
            seen |= {mark, token}
            if token == "'":
                tex += "'"
                if self.peek() == "^":
                    seen -= {"^"}  # TeX sets x'^2 as one superscript
                continue
            script = self.argument(depth)
            tex += f"{token}{{{script.tex}}}"
            width = max(width, base.width + 0.7 * script.width)
        return Item(tex, base.kind if not seen else "other", width)

    def argument(self, depth: int) -> Item:
        if self.peek() == "{":
            return self.group(depth)
        if self.peek() in ("^", "_", "'", "&", r"\\", r"\left", r"\begin", *words.SWITCHES):
            raise Unsafe(f"{self.peek()} is no argument")
        return self.atom(depth)

    def group(self, depth: int) -> Item:
        self.take()
        inner = self.sequence(depth + 1)
        if self.take() != "}":
            raise Unsafe("braces do not balance")
        return _join(inner)

    def atom(self, depth: int) -> Item:
        token = self.peek()
        if token == "{":
            return _braced(self.group(depth))
        if token in ("^", "_", "'"):
            return Item("{}", "other", 0.0)
        self.take()
        if token in _MARKS:
            sign = self.atom(depth)
            return Item(token + sign.tex, sign.kind, sign.width)
        name = words.ALIASES.get(token, token)
        spaced = name + " " if name[1:].isalpha() else name
        if token in words.RELATIONS:
            return Item(spaced, "relation", 1.3)
        if token in words.BINARY:
            return Item(spaced, "binary", 1.1)
        if token in words.SPACES:
            return Item(spaced, "space", words.SPACES[token])
        if token in words.LARGE:
            return Item(spaced, "other", 1.4)
        if token in words.FUNCTIONS:
            return Item(spaced, "other", 0.5 * len(token))
        if token in words.LOOSE | words.GREEK | words.SYMBOLS | words.DELIMITERS | words.ESCAPED:
            return Item(spaced, "other", 0.7)
        if token in words.PLAIN:
            return Item(token, "space" if token in ",;" else "other", 0.55)
        return self.command(token, name, depth)

    def command(self, token: str, name: str, depth: int) -> Item:
        if token in words.TEXT:
            return self.text(name)
        if token in words.TWO_ARGUMENTS:
            one, two = self.argument(depth + 1), self.argument(depth + 1)
            return Item(f"{name}{{{one.tex}}}{{{two.tex}}}", "other", max(one.width, two.width) + 0.3)
        if token == r"\substack":
            return self.substack(depth)
        if token in words.ONE_ARGUMENT:
            option = self.option() if token == r"\sqrt" else ""
            one = self.argument(depth + 1)
            if token.startswith((r"\math", r"\operatorname", r"\bold", r"\bm")) and r"\\" in one.tex:
                raise Unsafe(f"rows inside {token}")
            if token in words.ACCENTS:
                accents = [c for c in re.findall(r"\\[A-Za-z]+", one.tex) if c in words.ACCENTS]
                if len(accents) > 1 or (accents and not one.tex.startswith(accents[0])):
                    raise Unsafe(f"accents inside {token}")
            return Item(f"{name}{option}{{{one.tex}}}", "other", one.width + (1.0 if token == r"\sqrt" else 0.0))
        if token in words.BIG:
            return Item(f"{name}{self.fence()}", "other", 0.6)
        if token == r"\left":
            return self.fenced(depth)
        if token == r"\begin":
            return self.environment(depth)
        raise Unsafe(f"{token} is not allowed")

    def fence(self) -> str:
        token = self.take()
        if token not in words.FENCES:
            raise Unsafe(f"{token} is no delimiter")
        return token + " " if token[1:].isalpha() else token

    def fenced(self, depth: int) -> Item:
        tex, width = r"\left" + self.fence(), 1.0
        while True:
            inner = _join(self.sequence(depth + 1))
            tex, width = tex + inner.tex, width + inner.width
            token = self.take()
            if token not in (r"\middle", r"\right"):
                raise Unsafe(r"\left without \right")
            tex += token + self.fence()
            if token == r"\right":
                return Item(tex, "other", width)

    def option(self) -> str:
        if self.peek() != "[":
            return ""
        self.take()
        inner: list[str] = []
        while self.peek() != "]":
            if not self.peek().isalnum():
                raise Unsafe("an odd root")
            inner.append(self.take())
        self.take()
        return f"[{''.join(inner)}]"

    def text(self, name: str) -> Item:
        if self.take() != "{":
            raise Unsafe(f"{name} without braces")
        out = ""
        while (token := words.ALIASES.get(self.peek(blanks=False), self.peek(blanks=False))) != "}":
            if token not in words.TEXT_PLAIN | words.ESCAPED | {"~"}:
                raise Unsafe(f"{token or 'nothing'} in {name}")
            out += token
            self.at += 1
        self.at += 1
        return Item(f"{name}{{{out}}}", "other", 0.5 * len(out))

    def substack(self, depth: int) -> Item:
        if self.take() != "{":
            raise Unsafe(r"\substack without braces")
        inner = self.sequence(depth + 1, frozenset({r"\\"}))
        if self.take() != "}":
            raise Unsafe("braces do not balance")
        return Item(rf"\substack{{{_join(inner).tex}}}", "other", max((i.width for i in inner), default=0) + 1)

    def name(self) -> str:
        if self.take() != "{":
            raise Unsafe("an environment without a name")
        out = ""
        while self.peek().isalpha():
            out += self.take()
        if self.take() != "}" or out not in words.ENVIRONMENTS:
            raise Unsafe(f"environment {out} is not allowed")
        return out

    def environment(self, depth: int) -> Item:
        name = self.name()
        found = self.sequence(depth + 1, BREAKS)
        if self.take() != r"\end" or self.name() != name:
            raise Unsafe(f"{name} does not end")
        marks = most = rows = 0
        for item in found:
            marks = 0 if item.tex == r"\\" else marks + (item.tex == "&")
            most, rows = max(most, marks), rows + (item.tex == r"\\")
        if most > words.ENVIRONMENTS[name]:
            raise Unsafe(f"{name} with too many columns")
        inner = _join(found)
        name = "aligned" if name == "split" else name  # split may not stand inside other environments
        return Item(rf"\begin{{{name}}}{inner.tex}\end{{{name}}}", "other", inner.width / (rows + 1) + 2.0)


def _join(found: list[Item], before: str = "", after: str = "") -> Item:
    # A "[" after a row break would be read as a length: keep it away with an empty group.
    parts = [i.tex + "{}" if i.tex == r"\\" and n.tex[:1] in "[*" else i.tex for i, n in pairwise(found)]
    parts += [found[-1].tex] if found else []
    return Item(before + "".join(parts) + after, "other", sum(i.width for i in found))


def _braced(item: Item) -> Item:
    return Item(f"{{{item.tex}}}", "other", item.width)
