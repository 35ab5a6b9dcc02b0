r"""An author's own macros: their definitions taken in as a LaTeX text is read, and written out in displays.

Only what TeX itself would do without looking ahead is done: names, up to nine arguments in braces, one optional
argument with a default, ``\let``, operators and paired delimiters. Whatever else a definition does is left as it
stands in the display, and named with the reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from derive.rewritten import Rewritten

#: What follows the backslash of a command that defines one.
DEFINING = (
    r"(?:re|provide)?newcommand|providecommand|DeclareRobustCommand|[gex]?def|let|DeclareMathOperator"
    r"|(?:New|Renew|Provide|Declare)DocumentCommand|DeclarePairedDelimiter(?:X|XPP)?"
)
#: A display longer than this after writing out is none.
LONGEST = 50_000
_DEEPEST = 40
_MOST_BROKEN = 20  #: definitions without an end, after which no more are taken in

_COMMAND = re.compile(r"\\(?:[A-Za-z@]+|.)", re.DOTALL)
_NAME = re.compile(r"\*?\s*(?:\{\s*(\\(?:[A-Za-z@]+|[^\sA-Za-z{}]))\s*\}|(\\(?:[A-Za-z@]+|[^\sA-Za-z{}])))")
_COUNT = re.compile(r"\s*\[\s*([1-9])\s*\]")
_PARAMETERS = re.compile(r"\s*((?:#[1-9]\s?){0,9})(?=\{)")
_LET = re.compile(r"\s*=?\s?(\\(?:[A-Za-z@]+|.)|.)", re.DOTALL)
_CLEVER = re.compile(
    r"\\(?:if[A-Za-z@]*|futurelet|@ifnextchar|@ifstar|@ifundefined|expandafter|csname|catcode|[gex]?def|let"
    r"|(?:re|provide)?newcommand|mathchoice|mathpalette|write|input)(?![A-Za-z@])|##"
)
_BRACKETS = re.compile(r"\\.|[{}\[\]]", re.DOTALL)
_ENDS_IN_COMMAND = re.compile(r"\\[A-Za-z]+$")
_TRANSPARENT = re.compile(r"\\(?:ensuremath|xspace|protect)(?![A-Za-z])")


@dataclass(frozen=True)
class Macro:
    """What a name stands for; `why` says why it can't be written out, when it can't."""

    body: str = ""
    arguments: int = 0
    default: str | None = None  #: of the first argument, which is optional then
    final: bool = False  #: the body is a command of LaTeX's own and is not looked at again
    why: str = ""
    star: bool = False  #: a star after the name changes nothing in what it says


class Macros:
    r"""The macros that are defined at one place of a text.

    Examples
    --------
    >>> macros = Macros()
    >>> macros.define("newcommand", r"{\mean}[2][n]{\frac{1}{#1}\sum_{i=1}^{#1} #2}", 0)
    45
    >>> macros.expand(r"\mean{x_i} = \mean[K]{\mu}")
    ('\\frac{1}{n}\\sum_{i=1}^{n} x_i = \\frac{1}{K}\\sum_{i=1}^{K} \\mu', ())
    >>> _ = macros.define("def", r"\until#1;{#1}", 0)
    >>> macros.expand(r"\until a;")
    ('\\until a;', (('\\until', 'takes its arguments up to a mark'),))
    """

    def __init__(self) -> None:
        self.known: dict[str, Macro] = {}
        self.broken = 0

    def define(self, command: str, text: str, pos: int) -> int:
        """Take in the definition whose command (without backslash) ends at `pos`; the position after it."""
        found = _NAME.match(text, pos)
        if found is None or self.broken > _MOST_BROKEN:
            return pos
        name, at = found[1] or found[2], found.end()
        if command == "let":
            target = _LET.match(text, at)
            if target is None:
                return at
            self.known[name] = self.known.get(target[1], Macro(target[1], final=True))
            return target.end()
        made, end = _definition(command, text, at)
        self.broken += made is None
        if made is not None and not (command == "providecommand" and name in self.known):
            self.known[name] = made
        return end

    def expand(self, latex: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        """A display with macros written out, and the names of those that could not be, each with the reason."""
        left: dict[str, str] = {}
        if not self.known:
            return latex, ()
        return _Expansion(self.known, left).write(latex, 0), tuple(left.items())


_DEFINES = re.compile(rf"\\(?:(?P<command>{DEFINING})|(?:re)?(?P<environment>newenvironment))(?![A-Za-z])")
_USE = re.compile(r"\\(?:(?:begin|end)\{[A-Za-z]{1,30}\*?\}|[A-Za-z@]+|.)", re.DOTALL)
_ENVIRONMENT_NAME = re.compile(r"\*?\s*\{([A-Za-z]{1,30}\*?)\}")


def written_out(text: Rewritten, wanted: re.Pattern[str]) -> Rewritten:
    r"""A text with those macros and environments of its author written out whose definitions hold `wanted`.

    Examples
    --------
    >>> text = Rewritten(r"\newcommand{\eq}[1]{\begin{equation}#1\end{equation}} \eq{a=b}, \be")
    >>> written_out(text, re.compile(r"\\begin")).text[-39:]
    ' \\begin{equation}a=b\\end{equation}, \\be'
    """
    macros, inside = Macros(), [(0, 0)]
    for m in _DEFINES.finditer(text.text):
        if m["environment"]:
            inside.append((m.start(), _environment_of(macros, text.text, m.end())))
        else:
            inside.append((m.start(), macros.define(m["command"], text.text, m.end())))
    chosen = {name: one for name, one in macros.known.items() if wanted.search(one.body) and not one.why}
    if not chosen:
        return text
    writing = _Expansion(chosen, {}, most=LONGEST + 4 * len(text.text))
    spans: list[tuple[int, int, str]] = []
    behind = 0
    for m in _USE.finditer(text.text):
        while inside and inside[0][1] <= m.start():
            inside.pop(0)
        if m[0] in chosen and m.start() >= behind and not (inside and inside[0][0] <= m.start()):
            body, end, why = writing.body(chosen[m[0]], text.text, m.end(), 0)
            if not why:
                spans.append((m.start(), end, body))
                behind = end
    return text.replaced(spans)


def _environment_of(macros: Macros, text: str, pos: int) -> int:
    """Take in an environment as two macros, named by what opens and closes it."""
    found = _ENVIRONMENT_NAME.match(text, pos)
    if found is None or macros.broken > _MOST_BROKEN:
        return pos
    opening, at = _definition("newenvironment", text, found.end())
    closing, end = braced(text, at)
    if opening is None or closing is None:
        macros.broken += 1
        return at
    macros.known[f"\\begin{{{found[1]}}}"] = opening
    macros.known[f"\\end{{{found[1]}}}"] = Macro(closing)
    return end


class _Expansion:
    """One display being written out; `left` collects what stays."""

    def __init__(self, known: dict[str, Macro], left: dict[str, str], most: int = LONGEST) -> None:
        self.known, self.left, self.most, self.length = known, left, most, 0

    def write(self, latex: str, depth: int) -> str:
        parts: list[str] = []
        at = 0
        while m := _COMMAND.search(latex, at):
            name, macro = m[0], self.known.get(m[0])
            parts.append(latex[at : m.start()])
            at = m.end()
            if macro is None:
                parts.append(name)
                continue
            body, end, why = self.body(macro, latex, at, depth)
            if why:
                self.left[name] = why
                parts.append(name)
                continue
            parts.append(body)
            at = end
            while name[-1].isalpha() and end == m.end() and latex[at : at + 1] in {" ", "\t"}:
                at += 1  # TeX drops the blanks after a word that takes nothing
        return _seamed([*parts, latex[at:]])

    def body(self, macro: Macro, latex: str, at: int, depth: int) -> tuple[str, int, str]:
        """What stands for a macro, the position after its arguments, and why it can't be written out."""
        if macro.why:
            return "", at, macro.why
        if depth >= _DEEPEST:
            return "", at, "is defined by itself without end"
        if macro.star and latex[at : at + 1] == "*":
            at += 1
        given: list[str] = []
        if macro.default is not None:
            found = _bracket(latex, at)
            given.append(macro.default if found is None else found[0])
            at = at if found is None else found[1]
        while len(given) < macro.arguments:
            argument = _argument(latex, at)
            if argument is None:
                return "", at, f"lacks an argument: it takes {macro.arguments}"
            given.append(argument[0])
            at = argument[1]
        pieces = re.split(r"#([1-9])", macro.body)
        body = _seamed([given[int(p) - 1] if n % 2 else p for n, p in enumerate(pieces)])
        self.length += len(body)
        if self.length > self.most:
            return "", at, "grows too long when written out"
        return body if macro.final else self.write(body, depth + 1), at, ""


def _seamed(parts: list[str]) -> str:
    r"""The parts one after another, a command kept apart from letters after it.

    >>> _seamed([r"\sigma", "", "x"])
    '\\sigma x'
    """
    out: list[str] = []
    for part in filter(None, parts):
        if out and part[0].isalpha() and _ENDS_IN_COMMAND.search(out[-1], max(0, len(out[-1]) - 60)):
            out.append(" ")
        out.append(part)
    return "".join(out)


def _definition(command: str, text: str, at: int) -> tuple[Macro | None, int]:
    """The macro that a definition makes, and the position after it; None where it is no definition."""
    if command.startswith("DeclarePairedDelimiter"):
        opening, at = braced(text, at)
        closing, at = braced(text, at) if opening is not None else (None, at)
        if opening is None or closing is None:
            return None, at
        if command != "DeclarePairedDelimiter":
            return Macro(why="is a delimiter of its own kind"), at
        return Macro(f"{opening} #1 {closing}", 1, star=True), at
    if command.endswith("DocumentCommand"):
        _, at = braced(text, at)
        body, at = braced(text, at)
        return (Macro(why=f"is defined with \\{command}"), at) if body is not None else (None, at)
    arguments, default, why = 0, None, ""
    if command.endswith("def"):
        parameters = _PARAMETERS.match(text, at)
        if parameters is None:
            brace = text.find("{", at, at + 200)
            if brace < 0:
                return None, at
            at, why = brace, "takes its arguments up to a mark"
        else:
            arguments, at = parameters[1].count("#"), parameters.end()
    elif command != "DeclareMathOperator" and (count := _COUNT.match(text, at)):
        arguments, at = int(count[1]), count.end()
        if found := _bracket(text, at):
            default, at = found
    body, at = braced(text, at)
    if body is None:
        return None, at
    body = _TRANSPARENT.sub("", body)
    if clever := _CLEVER.search(body):
        why = why or f"is defined with {clever[0]}"
    if any(int(n) > arguments for n in re.findall(r"#(\d)", body)):
        why = why or "uses more arguments than it takes"
    if command == "DeclareMathOperator":
        body = rf"\operatorname{{{body}}}"
    return Macro(body, arguments, default, why=why), at


def braced(text: str, at: int) -> tuple[str | None, int]:
    """The group in braces after blanks, and the position after it; None and `at` when there is none."""
    opening = at
    while text[opening : opening + 1].isspace():
        opening += 1
    if text[opening : opening + 1] != "{":
        return None, at
    end = _closing(text, opening, "{", "}")
    return (text[opening + 1 : end - 1], end) if end else (None, at)


def _bracket(text: str, at: int) -> tuple[str, int] | None:
    """An optional argument in brackets."""
    while text[at : at + 1] in {" ", "\t"}:
        at += 1
    end = _closing(text, at, "[", "]") if text[at : at + 1] == "[" else 0
    return (text[at + 1 : end - 1], end) if end else None


def _argument(text: str, at: int) -> tuple[str, int] | None:
    """One argument: a group, a command or a character."""
    while text[at : at + 1].isspace():
        at += 1
    if text[at : at + 1] == "{":
        group, end = braced(text, at)
        return None if group is None else (group, end)
    if m := _COMMAND.match(text, at):
        return m[0], m.end()
    one = text[at : at + 1]
    return None if one in {"", "}", "&", "]"} else (one, at + 1)


def _closing(text: str, at: int, opening: str, closing: str) -> int:
    """Position after the mark that closes the one at `at`, 0 when it isn't closed within reach."""
    depth = level = 0
    for m in _BRACKETS.finditer(text, at, at + LONGEST):
        one = m[0]
        if opening == "[" and one in {"{", "}"}:
            depth += 1 if one == "{" else -1
        elif depth == 0 and one in {opening, closing}:
            level += 1 if one == opening else -1
            if level == 0:
                return m.end()
    return 0
