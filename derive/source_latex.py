r"""Numbered displays of a LaTeX file: the environments, and the counter that LaTeX itself would keep."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from derive.errors import DeriveError
from derive.macros import DEFINING, Macros, written_out
from derive.rewritten import Rewritten

#: Environments that print numbers (or would, without their star).
ENVIRONMENT = (
    r"(?P<name>equation|align|alignat|xalignat|flalign|gather|multline|eqnarray|displaymath|dmath|IEEEeqnarray)"
    r"(?P<star>\*?)"
)
_ONE_NUMBER = frozenset({"equation", "multline", "displaymath", "dmath"})
_WITH_ARGUMENT = frozenset({"alignat", "xalignat", "IEEEeqnarray"})
_VERBATIM = frozenset({"verbatim", "Verbatim", "lstlisting", "minted", "comment", "filecontents"})

_DROPPED = re.compile(r"\\(?:label|tag)\*?\s*\{[^{}]{0,200}\}|\\(?:nonumber|notag)(?![A-Za-z])")
_TAG = re.compile(r"\\tag\*?\s*\{([^{}]{0,80})\}")
_NO_NUMBER = re.compile(r"\\(?:nonumber|notag)(?![A-Za-z])")
_ROW_BREAK = r"\\\\\*?(?:\[-?[\d.]{1,8} ?(?:pt|em|ex|mm|cm|in)\])?"
_STRUCTURE = re.compile(
    rf"(?P<begin>\\begin(?=\{{))|(?P<end>\\end(?=\{{))|(?P<row>{_ROW_BREAK})|\\.|[{{}}&]", re.DOTALL
)
_INNER = re.compile(r"\\begin\{(aligned|alignedat|split|gathered)\}(?:\[[tcb]\])?(?:\{\d{1,2}\})?")
#: A sign that a row of a chain may start with.
RELATION = (
    r"(?:[=<>≤≥≈∼∝→+\-−±]|:=|\\(?:approx|sim|simeq|cong|equiv|leq?|geq?|leqslant|geqslant|ll|gg|lesssim|gtrsim"
    r"|propto|to|(?:long)?(?:left)?rightarrow|(?:Long)?(?:Left)?[Rr]ightarrow|implies|iff|neq?|doteq|asymp|prec|succ"
    r"|in|subset|subseteq|supset|coloneqq|triangleq|pm|mp|times|cdot)(?![A-Za-z]))"
)
STARTS_RELATION = re.compile(r"(?:[&~{} ]|\\q?quad(?![A-Za-z])|\\[,;:!]){0,20}+" + RELATION)
_ENDS_RELATION = re.compile(RELATION + r"$")

_TOKENS = re.compile(
    r"\\begin\{(?P<env>[A-Za-z]{1,30})(?P<star>\*?)\}|\\end\{(?P<close>subequations|document)\}"
    r"|\\(?P<level>chapter|section|subsection|subsubsection)(?P<unnumbered>\*?)(?=\s?[\[{])"
    r"|(?P<appendix>\\appendix(?![A-Za-z]))|\\begin\{(?P<app_env>appendices)\}"
    r"|\\(?:numberwithin|counterwithin\*?)\{equation\}\{(?P<within>chapter|section|subsection|subsubsection)\}"
    r"|\\@addtoreset\{equation\}\{(?P<reset>chapter|section|subsection|subsubsection)\}"
    r"|\\renewcommand\*?\s?\{?\\theequation\}?\s?(?=\{)(?P<format>)"
    r"|(?P<step>\\(?:ref)?stepcounter\{equation\})"
    r"|\\(?P<counter>set|addto)counter\{equation\}\{(?P<value>-?\d{1,6})\}"
    r"|\\setcounter\{(?P<set_level>chapter|section|subsection|subsubsection)\}\{(?P<level_value>\d{1,6})\}"
    rf"|\\(?P<define>{DEFINING}|(?:re)?newenvironment)(?![A-Za-z])"
    r"|(?P<false>\\iffalse(?![A-Za-z]))"
    r"|\\verb\*?(?P<verb>[^A-Za-z\s*])"
    r"|(?P<square>\\\[)|\\.|(?P<dollars>\$\$)|(?P<dollar>\$)",
    re.DOTALL,
)
_GROUP = re.compile(r"\\.|[{}]", re.DOTALL)
_DEFINED = re.compile(
    r"\*?\s?(?:\\[A-Za-z@]{1,40}|\{\\?[A-Za-z@*]{1,40}\})?\s?(?:#\d){0,9}(?:\[[^\]\n]{0,80}\]){0,2}\s?"
)
_BOOK = re.compile(r"\\documentclass(?:\[[^\]]{0,300}\])?\{(?:book|report|memoir|scrbook|scrreprt)\}")
_INLINE_END = re.compile(r"\\.|(?P<end>\$|\n[ \t]*\n)", re.DOTALL)
_DISPLAY_END = re.compile(r"\\.|(?P<end>\$\$)", re.DOTALL)
_SHORTHAND = re.compile(
    r"\\(?:(?:re|provide)?newcommand\*?\s?\{?|def)\s?\\(?P<short>[A-Za-z]{1,30})\}?\s?"
    r"\{(?P<body>\s?(?:\\(?:begin|end)\{[A-Za-z]{1,30}\*?\}\s?){1,2})\}"
)
_LEVELS = ("chapter", "section", "subsection", "subsubsection")


class Numbered(NamedTuple):
    """A numbered display, and where it stands.

    Attributes
    ----------
    number, latex, section, line : as printed; the line is the one that its first formula starts on.
    start, end : characters of the whole display with its number. Rows of one environment share them.
    left : the author's macros that could not be written out in it, each with the reason.
    """

    number: str
    latex: str
    section: str
    line: int
    start: int = 0
    end: int = 0
    left: tuple[tuple[str, str], ...] = ()


class Outline(NamedTuple):
    """What a text holds: its displays, and the places where something may be put in.

    Attributes
    ----------
    displays : numbered ones, in the order printed.
    breaks : of Markdown, the ends of lines outside displays and code.
    begin, end : of LaTeX, where the document begins and ends; -1 where it does not.
    """

    displays: tuple[Numbered, ...]
    breaks: tuple[int, ...] = ()
    begin: int = -1
    end: int = -1


class Closings:
    """Finds closing marks; each stretch of text is searched once per mark, however often it is asked for.

    >>> Closings("a]b]").find("]", 2), Closings("a").find("]", 0)
    ((3, 4), (-1, -1))
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.known: dict[str, tuple[int, int]] = {}

    def find(self, mark: str, pos: int) -> tuple[int, int]:
        """Start and end of the first `mark` at or after `pos`, (-1, -1) when there is none."""
        asked, at = self.known.get(mark, (len(self.text) + 1, -1))
        if not (asked <= pos and (at < 0 or pos <= at)):
            at = self.text.find(mark, pos)
            self.known[mark] = (pos, at)
        return (at, at + len(mark)) if at >= 0 else (-1, -1)


def _split(latex: str, marks: str) -> Iterator[tuple[str, int]]:
    r"""Parts of a formula between top-level row breaks (marks="row") or "&", with their offsets."""
    depth = start = 0
    for m in _STRUCTURE.finditer(latex):
        token = m[0]
        if m["begin"] or token == "{":
            depth += 1
        elif m["end"] or token == "}":
            depth -= 1
        elif depth == 0 and (m["row"] if marks == "row" else token == marks):
            yield latex[start : m.start()], start
            start = m.end()
    yield latex[start:], start


def clean(latex: str) -> str:
    r"""One formula as it is handed on: no labels, no alignment marks of its own, single spaces.

    >>> clean(r"\begin{split} a &= b \\[2pt] &= c \end{split} \label{eq:x}")
    'a = b \\\\ = c'
    """
    text = " ".join(_DROPPED.sub("", latex).split())
    if (m := _INNER.match(text)) and text.endswith(end := f"\\end{{{m[1]}}}"):
        text = text[m.end() : -len(end)].strip()
    rows = [row for row, _ in _split(text, "row")]
    return join_rows([_unaligned(row) for row in rows])


def _unaligned(row: str) -> str:
    # In `a &= b & c &= d` every second mark separates formulas; in eqnarray's `a &=& b` none does.
    cells = [cell.strip() for cell, _ in _split(row, "&")] if "&" in row else [row.strip()]
    parts = cells[:1]
    for at, cell in enumerate(cells[1:], 1):
        if not cell:
            continue
        if at % 2 == 0 and parts[-1] and not _ENDS_RELATION.search(parts[-1], max(0, len(parts[-1]) - 30)):
            parts.append("\\quad")
        parts.append(cell)
    words = " ".join(parts).split()
    while words and words[-1] in {"", "\\quad", "\\qquad"}:
        words.pop()
    return " ".join(words)


def join_rows(rows: list[str]) -> str:
    r"""Rows of one equation with ``\\`` between them; empty rows vanish."""
    return " \\\\ ".join(row for row in rows if row)


def environment(content: str, name: str, count: Callable[[], str | None]) -> Iterator[tuple[str | None, str, int]]:
    r"""Equations of one environment: number (None without one), LaTeX, lines after the opening.

    `count` gives the next number of the counter, or None where nothing is counted (starred forms). A row
    without a number that is part of a chain belongs to the numbered row after it, else to the one before.

    >>> list(environment(r"a &= b \notag \\ &= c \tag{7} \\ d &= e \nonumber", "align", lambda: None))
    [('7', 'a = b \\\\ = c', 0), (None, 'd = e', 0)]
    """
    if name in _WITH_ARGUMENT:
        content = re.sub(r"^\s*(?:\[[^\]\n]{0,80}\])?\s*\{[^{}]{0,200}\}", "", content)
    rows = [(content, 0)] if name in _ONE_NUMBER else list(_split(content, "row"))
    groups: list[tuple[str | None, list[str], int]] = []
    line, at = 0, 0
    for row, offset in rows:
        line, at = line + content.count("\n", at, offset), offset
        body = clean(row)
        if not body:
            continue
        lead = 0 if name in _ONE_NUMBER else len(row) - len(row.lstrip())
        tag = _TAG.search(row)
        number = tag[1].strip().strip("()$ ") if tag else None if _NO_NUMBER.search(row) else count()
        goes_on = name != "gather" and STARTS_RELATION.match(row.strip())
        if groups and groups[-1][0] is None and goes_on:
            groups[-1] = (number, [*groups[-1][1], body], groups[-1][2]) if number else groups[-1]
            if number is None:
                groups[-1][1].append(body)
        else:
            groups.append((number, [body], line + row.count("\n", 0, lead)))
    merged: list[tuple[str | None, list[str], int]] = []
    for group in groups:
        # Rows left over without a number go to the equation they continue.
        goes_on = name != "gather" and STARTS_RELATION.match(group[1][0])
        if goes_on and group[0] is None and merged and merged[-1][0]:
            merged[-1][1].extend(group[1])
        else:
            merged.append(group)
    for number, parts, offset in merged:
        yield number, join_rows(parts), offset


_COMMENT = re.compile(r"\\.|(?P<comment>%[^\n]*)", re.DOTALL)
#: A definition that opens or closes displays has to be written out before they can be counted.
_DISPLAYING = re.compile(rf"\\(?:begin|end)\{{{ENVIRONMENT}\}}")


def _expand_shorthands(text: Rewritten) -> Rewritten:
    r"""Write out macros that only open or close an environment (``\be``, ``\ee``)."""
    bodies = {m["short"]: m["body"] for m in _SHORTHAND.finditer(text.text)}
    if not bodies:
        return text
    text = text.sub(_SHORTHAND, lambda m: "")
    names = "|".join(sorted(map(re.escape, bodies), key=len, reverse=True))
    uses = re.compile(rf"\\\\|\\({names})(?![A-Za-z])")
    return text.sub(uses, lambda m: bodies[m[1]] if m[1] else None)


def number_latex(text: Rewritten, name: str) -> Outline:
    """Numbered displays of a LaTeX text; `name` is what messages call it. Places are those of the original."""
    if "%" in text.text:
        text = text.sub(_COMMENT, lambda m: "" if m["comment"] else None)
    text = written_out(_expand_shorthands(text), _DISPLAYING)
    reader = _Latex(text.text, name)
    displays = (e._replace(start=text.start(e.start), end=text.end(e.end)) for e in reader.read())
    begin, end = (text.start(at) if at >= 0 else -1 for at in (reader.begin, reader.end))
    return Outline(tuple(displays), begin=begin, end=end)


class _Latex:
    """One pass over a LaTeX text, keeping LaTeX's own counters."""

    def __init__(self, text: str, name: str) -> None:
        self.text, self.name = text, name
        self.closings = Closings(text)
        self.found: list[Numbered] = []
        book = _BOOK.search(text)
        self.top = "chapter" if book else "section"
        self.counters = dict.fromkeys(_LEVELS, 0)
        self.lettered = False  #: after \appendix
        self.equation = 0
        self.reset: set[str] = {"chapter"} if book else set()
        self.format = r"\thechapter.\arabic{equation}" if book else r"\arabic{equation}"
        self.parent = ""  #: number of the subequations around
        self.letter = 0
        self.unbalanced = False
        self.macros = Macros()
        self.begin = self.end = -1

    def read(self) -> list[Numbered]:
        text, pos, line, counted = self.text, 0, 1, 0
        while m := _TOKENS.search(text, pos):
            line, counted = line + text.count("\n", counted, m.start()), m.start()
            pos = m.end()
            if m["close"] == "document":
                self.end = m.start()
                break
            pos = self._token(m, line)
        return self.found

    def _token(self, m: re.Match[str], line: int) -> int:
        """Act on one token; the position after it."""
        pos = m.end()
        if m["env"]:
            return self._environment(m, line)
        if m["dollars"] or m["square"]:
            return self._display(m, line)
        if m["dollar"]:
            for mark in _INLINE_END.finditer(self.text, pos):
                if mark["end"]:
                    return mark.end()
        elif m["level"] and not m["unnumbered"]:
            self._section(m["level"])
        elif m["appendix"]:
            self._start_appendix()
        elif m["within"]:
            self.reset.add(m["within"])
            self.format = rf"\the{m['within']}.\arabic{{equation}}"
        elif m["reset"]:
            self.reset.add(m["reset"])
        elif m["step"]:
            self.equation += 1
        elif m["counter"]:
            self.equation = int(m["value"]) + (self.equation if m["counter"] == "addto" else 0)
        elif m["set_level"]:
            self.counters[m["set_level"]] = int(m["level_value"])
        elif m["format"] is not None:
            end = self._group(pos)
            self.format = self.text[pos + 1 : end - 1][:200]
            return end
        elif m["define"]:
            skipped = self._definition(pos, 2 if "environment" in m["define"] else 1)
            return max(skipped, self.macros.define(m["define"], self.text, pos))
        elif m["false"]:
            return self._after("\\fi", pos)
        elif m["verb"]:
            stop = self.text.find(m["verb"], pos, pos + 300)
            return stop + 1 if stop >= 0 else pos
        elif m["close"] == "subequations":
            self.parent = ""
        return pos

    def _environment(self, m: re.Match[str], line: int) -> int:
        env, pos = m["env"], m.end()
        if env in _VERBATIM:
            return self._after(f"\\end{{{env}{m['star']}}}", pos)
        if env == "document":
            self.begin = m.start() if self.begin < 0 else self.begin
        elif env == "appendices":
            self._start_appendix()
        elif env == "subequations":
            self.parent, self.letter = self._count(), 0
        elif re.fullmatch(ENVIRONMENT, env):
            close, end = self.closings.find(f"\\end{{{env}{m['star']}}}", pos)
            if close < 0:
                self._unclosed(m[0], line)
            uncounted = m["star"] or env == "displaymath"
            count: Callable[[], str | None] = (lambda: None) if uncounted else self._count
            self._take((pos, close), env, count, line, (m.start(), end))
            return end
        return pos

    def _display(self, m: re.Match[str], line: int) -> int:
        pos = m.end()
        close = end = -1
        if m["square"]:
            close, end = self.closings.find("\\]", pos)
        else:
            for mark in _DISPLAY_END.finditer(self.text, pos):
                if mark["end"]:
                    close, end = mark.span()
                    break
        if close < 0:
            self._unclosed(m[0], line)
        if "\\tag" in self.text[pos:close]:
            self._take((pos, close), "displaymath", lambda: None, line, (m.start(), end))
        return end

    def _take(
        self, inside: tuple[int, int], env: str, count: Callable[[], str | None], line: int, whole: tuple[int, int]
    ) -> None:
        content, _ = self.macros.expand(self.text[slice(*inside)])
        for number, latex, offset in environment(content, env, count):
            if number:
                _, left = self.macros.expand(latex)  # what is still there could not be written out
                section = self._number_of(self._deepest())
                self.found.append(Numbered(number, latex, section, line + offset, *whole, left))

    def _unclosed(self, mark: str, line: int) -> None:
        raise DeriveError(f"in {self.name} the display opened by {mark} on line {line} is never closed; close it.")

    def _after(self, mark: str, pos: int) -> int:
        _, end = self.closings.find(mark, pos)
        return end if end >= 0 else len(self.text)

    def _group(self, pos: int) -> int:
        """Position after the group in braces that starts at `pos`; `pos` itself when it doesn't close."""
        if self.unbalanced or self.text[pos : pos + 1] != "{":
            return pos
        depth = 0
        for m in _GROUP.finditer(self.text, pos):
            depth += {"{": 1, "}": -1}.get(m[0], 0)
            if depth == 0:
                return m.end()
        self.unbalanced = True  # known from now on: never search again
        return pos

    def _definition(self, pos: int, bodies: int) -> int:
        """Step over the name, arguments and bodies of a definition: displays in it are not printed there."""
        for _ in range(bodies):
            pos = self._group(_DEFINED.match(self.text, pos).end())  # type: ignore[union-attr]  # may be empty
        return pos

    def _start_appendix(self) -> None:
        self.lettered = True
        self.counters.update(dict.fromkeys(_LEVELS, 0))

    def _section(self, level: str) -> None:
        at = _LEVELS.index(level)
        self.counters[level] += 1
        for lower in _LEVELS[at + 1 :]:
            self.counters[lower] = 0
        if any(_LEVELS.index(outer) >= at for outer in self.reset):
            self.equation = 0

    def _deepest(self) -> str:
        return next((level for level in reversed(_LEVELS) if self.counters[level]), self.top)

    def _number_of(self, level: str) -> str:
        """What ``\\thesection`` and its like print."""
        levels = _LEVELS[_LEVELS.index(self.top) : _LEVELS.index(level) + 1]
        if not any(self.counters[one] for one in levels):
            return ""
        values = [self.counters[one] for one in levels]
        first = _letter(values[0]) if self.lettered else str(values[0])
        return ".".join([first, *map(str, values[1:])])

    def _count(self) -> str:
        if self.parent:
            self.letter += 1
            return self.parent + _letter(self.letter).lower()
        self.equation += 1
        text = self.format
        for level in _LEVELS:
            text = text.replace(f"\\the{level}", self._number_of(level) or "0")
            text = text.replace(f"\\arabic{{{level}}}", str(self.counters[level]))
            text = text.replace(f"\\Alph{{{level}}}", _letter(self.counters[level]))
        return re.sub(r"[{}\s]", "", text.replace(r"\arabic{equation}", str(self.equation)))


def _letter(value: int) -> str:
    """Upper-case letter of a counter, as LaTeX's ``\\Alph``; numbers beyond the alphabet stay numbers.

    >>> _letter(1), _letter(27)
    ('A', '27')
    """
    return chr(64 + value) if 1 <= value <= 26 else str(value)
