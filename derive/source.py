r"""The numbered equations of a reader's own copy, Markdown or LaTeX.

Nothing is understood here: the reader gets LaTeX as printed, with its number, section and line. Text
extracted from a PDF prints numbers in four ways and breaks displays into pieces, so a Markdown document is
read as a run of *pieces* (displays, bare relation signs, inline formulas that start with a relation) which
become one equation when a number arrives, and nothing when prose arrives first.

Input is hostile: every regular expression looks at a bounded stretch or can't backtrack, and a missing
closing mark is searched for once only, so that time grows linearly with the size of the file.
"""

from __future__ import annotations

import hashlib
import json
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from derive.errors import DeriveError
from derive.rewritten import Rewritten
from derive.source_latex import (
    ENVIRONMENT,
    RELATION,
    STARTS_RELATION,
    Closings,
    Numbered,
    Outline,
    clean,
    environment,
    join_rows,
    number_latex,
)
from derive.verdict import Equation

#: Larger files are refused: no paper is that long.
MAX_BYTES = 20_000_000

_N = r"(?:[A-Z]{1,2}\.?)?\d{1,4}(?:[.\-–]\d{1,4}){0,3}[a-z]?['*′]{0,2}"
_NUMBER_AT_END = re.compile(rf"\(\s?({_N})\s?\)\s?[.,;]?$")
_NUMBER_IN_DISPLAY = re.compile(rf"\\(?:q?quad|hfill|l?eqno)\s?(?:\\text\s?)?\{{?\(\s?({_N})\s?\)\}}?\s?[.,;]?$")
_TAG = re.compile(r"\\tag\*?\s*\{([^{}]{0,80})\}")
_TAIL = 60  #: characters from the end in which a printed number is looked for

_ENDS_RELATION = re.compile(RELATION + r"$")
_ONLY_RELATION = re.compile(rf"\$?\s?({RELATION})\s?\$?$")
_WHOLE_MATH = re.compile(rf"({RELATION}?)\s?\$([^$]+)\$\s?([.,;]?)$")
_CAPTION = re.compile(r"\([A-Za-z][^()$]{0,40}\)$")

_OPEN = re.compile(
    rf"(?P<env>\\begin\{{{ENVIRONMENT}\}})|(?P<square>\\\[)|\\.|`[^`\n]*`|(?P<dollars>\$\$)"
    r"|\$(?=[^\s$])[^$\n]*(?<=[^\s\\])\$(?!\d)",
    re.DOTALL,
)
_DOLLARS = re.compile(r"\\.|(?P<end>\$\$)", re.DOTALL)
_LINE_ENDS = re.compile("\\A\ufeff|\r\n?")
_FENCE = re.compile(r" {0,3}(```+|~~~+)\s*(\w*)")
_HEADING = re.compile(r"(#{1,6})\s+(?:Appendix\s+)?(?:\*\*)?((?:\d{1,3}|[A-Z])(?:\.\d{1,3}){0,4})\.?(?:[\s:*]|$)")
_PLAIN_HEADING = re.compile(r"(?:\*\*)?((?:\d{1,2}|[A-Z])(?:\.\d{1,2}){0,4})\.?(?:\s+|\*\*\s*)(?:\*\*)?[A-Z0-9]")


def read_source(path: Path) -> tuple[Equation, ...]:
    """Read the numbered displays of a file, in the order printed.

    Parameters
    ----------
    path
        A Markdown (``.md``, ``.txt``) or LaTeX (``.tex``) file. Other names are judged by their contents.

    Raises
    ------
    DeriveError
        When the file can't be read, holds no numbered equation, or one number twice.
    """
    text = _load(path)
    return read_text(text, name=shown(path), latex=is_latex(path, text))


def is_latex(path: Path, text: str) -> bool:
    """Whether a text is LaTeX, by the ending of its file, else by what it holds."""
    suffix = path.suffix.lower()
    if suffix in {".md", ".markdown", ".txt"}:
        return False
    return suffix in {".tex", ".ltx", ".latex"} or re.search(r"\\documentclass|\\begin\{document\}", text) is not None


def read_text(text: str, *, name: str = "the text", latex: bool = False) -> tuple[Equation, ...]:
    r"""Read the numbered displays of a text; `name` is what messages call it.

    Examples
    --------
    >>> [(e.number, e.latex) for e in read_text("$$E = mc^2,$$\n(1.1)\n")]
    [('1.1', 'E = mc^2,')]
    >>> [(e.number, e.line) for e in read_text(r"\[a\] \begin{equation}b=c\end{equation}", latex=True)]
    [('1', 1)]
    """
    found = outline(text, name=name, latex=latex).displays
    seen: dict[str, int] = {}
    for one in found:
        if one.number in seen:
            raise DeriveError(
                f"{name} numbers two equations ({one.number}), on lines {seen[one.number]} and {one.line};"
                " give each its own number."
            )
        seen[one.number] = one.line
    return tuple(Equation(number=e.number, latex=e.latex, section=e.section, line=e.line) for e in found)


def outline(text: str, *, name: str = "the text", latex: bool = False) -> Outline:
    r"""Read the numbered displays of a text with their places; a number may stand at several.

    Examples
    --------
    >>> text = "So\r\n$$a = b,$$\r\n(1)\r\nand $c$"
    >>> [(e.number, text[e.start : e.end]) for e in outline(text).displays], outline(text).breaks
    ([('1', '$$a = b,$$\r\n(1)')], (4, 16, 21, 28))
    """
    plain = Rewritten(text).sub(_LINE_ENDS, lambda m: "" if m[0] == "\ufeff" else "\n")
    found = number_latex(plain, name) if latex else _Markdown(plain, name).read()
    if not found.displays:
        hint = (
            " its chapters brought in with \\input are not followed, so give those files themselves"
            if latex and "\\input" in text
            else " number the displays, as in $$a = b \\tag{1}$$"
        )
        raise DeriveError(f"{name} holds no numbered equation;{hint}.")
    return found


def text_of(path: Path) -> str:
    """The text of a file that `read_source` can read."""
    return _load(path)


def is_pdf(path: Path) -> bool:
    """Whether a file begins as a PDF does; what can't be opened is told when it is read."""
    try:
        if not path.is_file():  # a pipe would wait for its other end
            return False
        with path.open("rb") as stream:
            return b"%PDF-" in stream.read(1024)
    except (OSError, ValueError):
        return False


def digest(equations: tuple[Equation, ...]) -> str:
    """Digest of equations as printed, for the source record of verdicts.json."""
    return hashlib.sha256(json.dumps([[e.number, e.latex] for e in equations]).encode()).hexdigest()


def sha256(path: Path) -> str:
    """Digest of a file, in hexadecimal, for the source record of verdicts.json."""
    return hashlib.sha256(_bytes(path)).hexdigest()


def shown(path: Path) -> str:
    """A path as a message can print it: on one line, whatever the name holds."""
    return "".join(c if c.isprintable() else "?" for c in str(path)) or "."


def _bytes(path: Path) -> bytes:
    name = shown(path)
    try:
        info = path.stat()
        if stat.S_ISDIR(info.st_mode):
            raise DeriveError(f"{name} is a directory; give the Markdown or LaTeX file in it.")
        if not stat.S_ISREG(info.st_mode):
            raise DeriveError(f"{name} is not an ordinary file; save the paper's text to a file and give that.")
        if info.st_size > MAX_BYTES:
            raise DeriveError(
                f"{name} has {info.st_size / 1e6:.0f} MB, and at most {MAX_BYTES // 10**6} MB are read;"
                " give the text of the paper alone."
            )
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise DeriveError(f"there is no file {name}; check the path.") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "the name is not a valid path"
        raise DeriveError(f"{name} can't be read ({why}); check the path and your right to read it.") from None


def _load(path: Path) -> str:
    data, name = _bytes(path), shown(path)
    if not data.strip():
        raise DeriveError(f"{name} is empty; give a file that holds the paper's text.")
    if data.startswith(b"%PDF-"):
        raise DeriveError(f"{name} is a PDF, which holds no LaTeX; give the paper's text as Markdown or LaTeX.")
    if data.startswith(b"PK\x03\x04"):
        raise DeriveError(
            f"{name} is a Word document or another packed file, not text; export it as LaTeX, Markdown or PDF."
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DeriveError(
            f"{name} is not UTF-8: byte {error.start} (0x{data[error.start]:02x}) can't be decoded;"
            " save the file as UTF-8."
        ) from None
    if "\0" in text:
        raise DeriveError(f"{name} holds zero bytes, so it is no text; give the paper's Markdown or LaTeX.")
    return text


def _order(number: str) -> tuple[int, ...]:
    """Sort key of a section number; appendices come after the numbered sections.

    >>> _order("3.1.2") < _order("4") < _order("A") < _order("B.1")
    True
    """
    head, *rest = number.split(".")
    return (int(head) if head.isdigit() else 1000 + ord(head), *map(int, rest))


class _Markdown:
    """One pass over a Markdown text, collecting pieces until a number closes them."""

    def __init__(self, source: Rewritten, name: str) -> None:
        self.source, self.text, self.name = source, source.text, name
        self.found: list[Numbered] = []
        self.section = ""
        self.counted = 0
        self.closings = Closings(self.text)
        self.breaks: list[int] = []
        self._forget()
        self.caption = ""  #: a line such as "(rest frame)" right above a display

    def _forget(self) -> None:
        self.pieces: list[str] = []
        self.pending = ""  #: a bare relation sign, waiting for its display
        self.adjacent = False  #: nothing but a line end since the last piece
        self.line = 0  #: of the first piece, and where that starts
        self.start = 0

    def read(self) -> Outline:
        text, pos, line, fresh, blank_before, end_of_line = self.text, 0, 1, True, True, -1
        while pos < len(text):
            if pos > end_of_line:  # looked for once a line, not once a display
                end_of_line = text.find("\n", pos)
                end_of_line = len(text) if end_of_line < 0 else end_of_line
            if fresh and (fence := _FENCE.match(text, pos, end_of_line)):
                pos, line = self._fence(fence, end_of_line, line)
                self.breaks.append(min(pos, len(text)))
                continue
            opening = self._opening(pos, end_of_line)
            if opening is None:
                rest = text[pos:end_of_line].strip()
                if rest or fresh:
                    blank_after = not text[end_of_line + 1 : end_of_line + 200].split("\n", 1)[0].strip()
                    self._line(rest, end_of_line, heading=fresh and blank_before and blank_after)
                    blank_before = not rest
                pos, line, fresh = end_of_line + 1, line + 1, True
                self.breaks.append(min(pos, len(text)))
                continue
            start, inner, close, end, env = opening
            if before := text[pos:start].strip():
                self._line(before, start, heading=False)
            if close < 0:
                raise DeriveError(
                    f"in {self.name} the display opened by {text[start:inner]} on line {line}"
                    " is never closed; close it."
                )
            at = line + text.count("\n", pos, start)
            self._block(text[inner:close], at, env, (start, end))
            line += text.count("\n", pos, end)
            pos, fresh, blank_before = end, False, False
        source = self.source
        displays = (e._replace(start=source.start(e.start), end=source.end(e.end)) for e in self.found)
        breaks = dict.fromkeys(source.start(at) for at in (*self.breaks, len(text)))
        return Outline(tuple(displays), breaks=tuple(breaks))

    def _opening(self, pos: int, end_of_line: int) -> tuple[int, int, int, int, re.Match[str] | None] | None:
        """The first display that opens on this line: start, inner start, inner end, end, environment."""
        text = self.text
        for m in _OPEN.finditer(text, pos, end_of_line):
            if m["dollars"]:
                for close in _DOLLARS.finditer(text, m.end()):
                    if close["end"]:
                        return m.start(), m.end(), close.start(), close.end(), None
                return m.start(), m.end(), -1, -1, None
            if m["env"]:
                close_at, close_end = self.closings.find(f"\\end{{{m['name']}{m['star']}}}", m.end())
                return m.start(), m.end(), close_at, close_end, m
            if m["square"]:
                # In Markdown \[1\] is also a literal bracket: a display has the line to itself.
                close_at, close_end = self.closings.find("\\]", m.end())
                alone = not text[pos : m.start()].strip() and close_at >= 0
                if alone and not text[close_end : close_end + 80].split("\n", 1)[0].strip(" .,;"):
                    return m.start(), m.end(), close_at, close_end, None
        return None

    def _fence(self, fence: re.Match[str], end_of_line: int, line: int) -> tuple[int, int]:
        """Step over a block of code (```math is a display); position and line after it."""
        close, _ = self.closings.find("\n" + fence[1], end_of_line)
        if close < 0:
            return len(self.text), line
        after = self.text.find("\n", close + 1)
        after = len(self.text) if after < 0 else after
        if fence[2] == "math":
            self._block(self.text[end_of_line:close], line, None, (fence.start(), after))
        else:
            self._line("```", after, heading=False)
        return after + 1, line + self.text.count("\n", fence.start(), after) + 1

    def _line(self, line: str, end: int, *, heading: bool) -> None:
        """One line (or part of one) outside displays, which ends at `end`."""
        if not line:
            self.adjacent, self.caption = False, ""
            return
        if self._heading(line, plain=heading):
            self._forget()
            return
        if self.pieces and self._continues(re.sub(r"\s+", " ", line) if len(line) < 5000 else line, end):
            return
        self._forget()
        self.caption = line if _CAPTION.match(line) and not _NUMBER_AT_END.match(line) else ""

    def _heading(self, line: str, *, plain: bool) -> bool:
        if line.startswith("#"):
            if m := _HEADING.match(line):
                self.section = m[2]
            return True
        m = _PLAIN_HEADING.match(line) if plain and len(line) < 100 and line[-1] not in ".,;" else None
        if m is None:
            return False
        # A heading moves forward, and never skips a whole section: list items and table rows do.
        new, old = _order(m[1]), _order(self.section) if self.section else (0,)
        steps = new[0] - old[0]
        forward = new > old and (0 <= steps <= 1 or not self.section or new[0] == 1000 + ord("A"))
        if forward:
            self.section = m[1]
        return forward

    def _continues(self, line: str, end: int) -> bool:
        """Take a line of text into the open equation, if it belongs to it."""
        m = _NUMBER_AT_END.search(line, max(0, len(line) - _TAIL))
        body, number = (line[: m.start()].rstrip(), m[1]) if m else (line, "")
        if not body:
            self._finish(number, end)
        elif not self.pending and (sign := _ONLY_RELATION.match(body)):
            self.pending = sign[1]
        elif (math := _WHOLE_MATH.match(body)) and (math[1] or self.pending or STARTS_RELATION.match(math[2])):
            inner, inside = _take_number(math[2])
            self._add(f"{math[1]} {clean(inner)}{math[3]}".strip())
            number = number or inside
            if number:
                self._finish(number, end)
        elif body in {",", ".", ";"} and self.pieces[-1][-1:] not in {",", ".", ";"}:
            self.pieces[-1] += body
            if number:
                self._finish(number, end)
        elif number and self.adjacent and len(body.split()) <= 8 and body.count("$") % 2 == 0:
            self.pieces[-1] += f" \\quad {_words(body)}"
            self._finish(number, end)
        else:
            return False
        return True

    def _block(self, content: str, line: int, env: re.Match[str] | None, whole: tuple[int, int]) -> None:
        """One display: part of an equation, a whole one, or (align) several."""
        inner = content.strip()
        if not inner:
            return
        if env is None and (wrapped := re.match(rf"\\begin\{{{ENVIRONMENT}\}}", inner)):
            ending = f"\\end{{{wrapped['name']}{wrapped['star']}}}"
            if inner.endswith(ending) and _TAG.search(inner):
                body = inner[wrapped.end() : -len(ending)]
                rows = environment(body, wrapped["name"], lambda: None)
                self._whole(rows, line, whole)
                return
        if env is not None:
            count: Callable[[], str | None] = (lambda: None) if env["star"] else self._count
            self._whole(environment(content, env["name"], count), line, whole)
            return
        latex, number = _take_number(inner)
        body = clean(latex)
        if not body:
            if number and self.pieces:
                self._finish(number, whole[1])
            return
        goes_on = self.pending or STARTS_RELATION.match(body) or (self.pieces and _ends_with_relation(self.pieces[-1]))
        if self.pieces and not goes_on:
            self._forget()
        if not self.pieces:
            self.line, self.start = line, whole[0]
            if self.caption:
                body = f"\\text{{{self.caption}}} \\quad {body}"
        self.caption = ""
        self._add(body)
        if number:
            self._finish(number, whole[1])

    def _count(self) -> str:
        self.counted += 1
        return str(self.counted)

    def _whole(self, rows: Iterator[tuple[str | None, str, int]], line: int, whole: tuple[int, int]) -> None:
        self._forget()
        self.caption = ""
        for number, latex, offset in rows:
            if number:
                self.found.append(Numbered(number, latex, self.section, line + offset, *whole))

    def _add(self, piece: str) -> None:
        self.pieces.append(f"{self.pending} {piece}".strip())
        self.pending, self.adjacent = "", True

    def _finish(self, number: str, end: int) -> None:
        self.found.append(Numbered(number, join_rows(self.pieces), self.section, self.line, self.start, end))
        self._forget()


def _take_number(latex: str) -> tuple[str, str]:
    r"""Split a display into formula and printed number ("" when it has none).

    >>> _take_number(r"a = b, \qquad (1.4)"), _take_number(r"a \tag{2}"), _take_number("(3.3)")
    (('a = b,', '1.4'), ('a ', '2'), ('', '3.3'))
    """
    if m := _TAG.search(latex):
        return latex[: m.start()] + latex[m.end() :], m[1].strip().strip("()$ ")
    stripped = latex.rstrip()
    start = max(0, len(stripped) - _TAIL)
    if len(stripped) < _TAIL and (m := _NUMBER_AT_END.match(stripped)):
        return "", m[1]
    tail = re.sub(r"\s+", " ", stripped[start:])
    if m := _NUMBER_IN_DISPLAY.search(tail):
        return (stripped[:start] + tail[: m.start()]).rstrip(), m[1]
    return latex, ""


def _ends_with_relation(piece: str) -> bool:
    return _ENDS_RELATION.search(piece, max(0, len(piece) - 30)) is not None


def _words(text: str) -> str:
    r"""A few words with inline formulas, as one piece of a display.

    >>> _words(r"for $x \in X$.")
    '\\text{for} \\quad x \\in X.'
    """
    parts: list[str] = []
    for at, part in enumerate(text.split("$")):
        word = part.strip()
        if not word:
            continue
        if at % 2:
            parts.append(clean(word))
        elif word in {",", ".", ";"} and parts:
            parts[-1] += word
        else:
            mark = word[-1] if word[-1] in ",.;" else ""
            parts.append(f"\\text{{{word.rstrip(',.;')}}}{mark}")
    return " \\quad ".join(parts)
