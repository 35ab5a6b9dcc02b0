"""LaTeX as tokens: spacing dropped, fonts and words kept, bars told apart, every token with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from derive.errors import Unreadable

GREEK = frozenset(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma tau "
    "upsilon phi varphi chi psi omega ell Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega".split()
)
FONTS = frozenset("boldsymbol mathbf mathcal mathscr mathfrak mathbb bm".split())
ACCENTS = frozenset("hat tilde bar dot overline ddot vec widehat widetilde".split())
FUNCTIONS = frozenset("ln log exp erf sin cos tan tanh sinh cosh min max det tr Tr Var Cov argmin argmax lim".split())
BIG = frozenset("sum prod int iint".split())
WORDS = frozenset("text operatorname mathrm textrm mathit textit textbf".split())
RELATIONS = {
    "=": "=", r"\equiv": "=", "<": "<", r"\lt": "<", ">": ">", r"\gt": ">",
    r"\leq": "≤", r"\le": "≤", r"\geq": "≥", r"\ge": "≥", r"\neq": "≠", r"\ne": "≠",
    r"\lesssim": "≲", r"\gtrsim": "≳", r"\ll": "≪", r"\gg": "≫",
    r"\sim": "~", r"\approx": "≈", r"\simeq": "≈", r"\propto": "∝",
    r"\to": "→", r"\rightarrow": "→", r"\longrightarrow": "→",
}  # fmt: skip
#: Arrows that pair two names; what is claimed of the second stands after it.
PAIRING = frozenset((r"\longleftrightarrow", r"\leftrightarrow"))
MEMBER = frozenset((r"\in", r"\subset", r"\notin", r"\forall"))
SPACING = frozenset((*r"\, \; \: \! ~ \quad \qquad \displaystyle \limits \nonumber \notag &".split(), "\\ "))
ROWS = frozenset("cases dcases rcases array aligned gathered".split())  # environments whose rows are statements
SIZED = frozenset(r"\left \right \big \Big \bigl \bigr \Bigl \Bigr \bigg \Bigg".split())
DOTS = frozenset(r".. ... \vdots \dots \ldots \cdots \dotsc \dotsb \hdots".split())
_TOKEN = re.compile(r"\\\\|\\[A-Za-z]+|\\.|\|\||\d+(?:\.\d+)?|\.{2,3}|\s+|.", re.S)
_OPERAND = frozenset(
    [
        "NUMBER",
        "LETTER",
        "GREEK",
        "RBRACE",
        "RPAREN",
        "RSET",
        "RBAR",
        "RNORM",
        "RANGLE",
        "PRIME",
        "BANG",
        "WORD",
        "DOTS",
    ]
)
_OPEN, _CLOSE = ("(", "[", "{", r"\{", r"\langle"), (")", "]", "}", r"\}", r"\rangle")
MAX_LENGTH = 20_000
MAX_DIGITS = 1_000  # of one number


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    start: int
    end: int


def tokenize(latex: str) -> list[Token]:
    r"""Tokens of a display.

    Raises
    ------
    Unreadable
        An unknown command or character, unbalanced brackets, or more than 20,000 characters.

    Examples
    --------
    >>> [t.text for t in tokenize(r"\frac{1}{n}\sum x_i")]
    ['\\frac', '{', '1', '}', '{', 'n', '}', '\\sum', 'x', '_', 'i']
    """
    if len(latex) > MAX_LENGTH:
        raise Unreadable(f"a formula of {len(latex)} characters is longer than the reader takes ({MAX_LENGTH})")
    raw = [(m.group(), m.start()) for m in _TOKEN.finditer(latex) if not m.group().isspace()]
    return list(_Scanner(raw, latex).run())


class _Scanner:
    def __init__(self, raw: list[tuple[str, int]], latex: str) -> None:
        self.raw, self.latex, self.at = raw, latex, 0
        self.stack: list[tuple[str, int]] = []
        self.last: Token | None = None

    def run(self) -> Iterator[Token]:
        while self.at < len(self.raw):
            for token in self.step():
                self.last = token
                yield token
        if self.stack:
            text, start = self.stack[-1]
            raise Unreadable(f"the bracket {text} at character {start + 1} is never closed", text, start + 1)

    def step(self) -> Iterator[Token]:
        text, start = self.raw[self.at]
        self.at += 1
        sized, begin = "", start
        if text == r"\left" and [t for t, _ in self.raw[self.at : self.at + 2]] == [r"\{", r"\begin"]:
            self.at += 1  # a brace in front of rows; its partner is \right.
            return
        if text in (r"\begin", r"\end"):
            yield self.environment(text, start)
            return
        if self.stack and self.stack[-1][0] == r"\begin" and text in (r"\\", "&"):
            yield from self.cut(text, start)
            return
        if text in SIZED:
            if self.at >= len(self.raw):
                raise Unreadable(f"{text} at the end of the formula has no bracket", text, start + 1)
            sized = (
                "L"
                if text == r"\left" or text.endswith("l")
                else "R"
                if text == r"\right" or text.endswith("r")
                else ""
            )
            text, start = self.raw[self.at]
            self.at += 1
            if text == ".":
                return
        if text in SPACING:
            return
        end = start + len(text)

        def token(kind: str, shown: str | None = None) -> Token:
            return Token(kind, text if shown is None else shown, begin, end)

        if text in ("|", r"\|", "||"):
            yield token(self.bar("BAR" if text == "|" else "NORM", sized, start))
        elif text in _OPEN:
            self.stack.append((text, start))
            yield token({"{": "LBRACE", r"\{": "LSET", r"\langle": "LANGLE"}.get(text, "LPAREN"))
        elif text in _CLOSE:
            if not self.stack:
                raise Unreadable(f"the bracket {text} at character {start + 1} was never opened", text, start + 1)
            opened, _ = self.stack.pop()
            if (opened in ("(", "[")) != (text in (")", "]")) or (opened == "{") != (text == "}"):
                raise Unreadable(f"the bracket {text} at character {start + 1} closes {opened}", text, start + 1)
            yield token({"}": "RBRACE", r"\}": "RSET", r"\rangle": "RANGLE"}.get(text, "RPAREN"))
        elif text in RELATIONS:
            yield token("REL", RELATIONS[text])
        elif text in PAIRING:
            yield token("PAIRED")
        elif text in MEMBER:
            yield token("MEMBER")
        elif text in DOTS:
            yield token("DOTS")
        elif text[0].isdigit():
            if len(text) > MAX_DIGITS:
                raise Unreadable(f"the number at character {start + 1} has {len(text)} digits", text[:20], start + 1)
            yield token("NUMBER")
        elif text in _PLAIN:
            yield token(_PLAIN[text])
        elif text[0] == "\\" and len(text) > 1:
            yield from self.command(text, start)
        elif text.isascii() and text.isalpha():
            yield token("LETTER")
        else:
            raise Unreadable(f"the character {text!r} at {start + 1} is not known to the reader", text, start + 1)

    def environment(self, text: str, start: int) -> Token:
        """The beginning or end of a display of several rows; it has to be the whole of a statement."""
        name = self.braced()
        if name not in ROWS:
            what = f"the environment {name} at character {start + 1} is not known to the reader"
            raise Unreadable(what, text, start + 1)
        if text == r"\end":
            if not self.stack or self.stack.pop()[0] != r"\begin":
                raise Unreadable(f"\\end{{{name}}} at character {start + 1} was never begun", text, start + 1)
        else:
            if self.stack or (self.last is not None and self.last.kind not in ("COMMA", "BREAK", "ROW")):
                raise Unreadable(f"rows inside a formula, at character {start + 1}, are not read", text, start + 1)
            self.stack.append((text, start))
            if name == "array":
                self.braced()
        return Token("BREAK", text, start, start + len(text))

    def braced(self) -> str:
        """The plain text of a group that stands next, if one does."""
        at = self.at
        if at >= len(self.raw) or self.raw[at][0] != "{":
            return ""
        while at < len(self.raw) and self.raw[at][0] != "}":
            at += 1
        inside, self.at = self.raw[self.at + 1 : at], at + 1
        return "".join(t for t, _ in inside)

    def cut(self, text: str, start: int) -> Iterator[Token]:
        """A row ends a statement; so does a column, unless it only lines up the signs."""
        following = self.raw[self.at][0] if self.at < len(self.raw) else ""
        aligns = following in RELATIONS or (self.last is not None and self.last.kind in ("REL", "COMMA", "BREAK"))
        if text == "&" and aligns:
            return
        yield Token("BREAK" if text == r"\\" else "COMMA", text, start, start + len(text))

    def bar(self, kind: str, sized: str, start: int) -> str:
        """Whether a bar opens, closes or separates, from what stands before and after it."""
        operand = self.last is not None and self.last.kind in _OPERAND
        if sized == "L" or (not operand and sized != "R"):
            self.stack.append((kind, start))
            return "L" + kind
        if self.stack and self.stack[-1][0] == kind:
            self.stack.pop()
            return "R" + kind
        if sized == "R":
            raise Unreadable(f"the bar at character {start + 1} closes nothing", "|", start + 1)
        depth = 0
        for text, _ in self.raw[self.at :]:
            depth += (text in _OPEN) - (text in _CLOSE)
            if depth < 0:
                break
            if text == self.raw[self.at - 1][0] and depth == 0:
                self.stack.append((kind, start))
                return "L" + kind
        return "GIVEN"

    def command(self, text: str, start: int) -> Iterator[Token]:
        name, end = text[1:], start + len(text)
        if name == "infty":
            yield Token("NUMBER", "oo", start, end)
        elif name in GREEK:
            yield Token("GREEK", text, start, end)
        elif name in ("frac", "dfrac", "tfrac"):
            yield Token("FRAC", text, start, end)
        elif name == "sqrt":
            yield Token("SQRT", text, start, end)
        elif name in BIG:
            yield Token("BIG", text, start, end)
        elif name in FUNCTIONS:
            yield Token("FUNC", name, start, end)
        elif name in FONTS:
            yield Token("FONT", name, start, end)
        elif name in ACCENTS:
            yield Token("ACCENT", name, start, end)
        elif name in ("partial", "nabla", "cup"):
            yield Token(name.upper(), text, start, end)
        elif name == "rm":
            yield self.word(start, closing=False)
        elif name in WORDS:
            yield self.word(start, closing=True)
        else:
            raise Unreadable(f"the command {text} at character {start + 1} is not known to the reader", text, start + 1)

    def word(self, start: int, closing: bool) -> Token:
        """The text of `\\text{…}`, or of the rest of the group after `\\rm`."""
        depth, begin = 0, None
        at = self.at
        while at < len(self.raw):
            text, place = self.raw[at]
            if text == "{":
                depth += 1
                if begin is None:
                    begin = place + 1
            elif text == "}":
                depth -= 1
                if depth < (1 if closing else 0):
                    break
            elif begin is None:
                begin = place
                if closing:
                    break
            at += 1
        if begin is None or at >= len(self.raw):
            raise Unreadable(f"the words that start at character {start + 1} never end", "", start + 1)
        text, place = self.raw[at]
        if closing and text != "}":
            place += len(text)
        content = "".join(self.latex[begin:place].split())
        self.at = at + (1 if closing else 0)
        if content in FUNCTIONS:
            return Token("FUNC", content, start, place + 1)
        return Token("LETTER" if content in ("e", "d") else "WORD", content, start, place + 1)


_PLAIN = {
    "^": "SUP", "_": "SUB", "'": "PRIME", r"\prime": "PRIME", "!": "BANG", "+": "PLUS", "-": "PLUS", r"\pm": "PLUS",
    "/": "DIV", r"\cdot": "TIMES", r"\times": "TIMES", "*": "TIMES", ",": "COMMA", ";": "COMMA", r"\\": "ROW",
    ":": "COLON", ".": "STOP",
}  # fmt: skip
