r"""Formulas as one line of plain text, for places that can show nothing else."""

from __future__ import annotations

import re
import unicodedata

from reports.mathtext import safe
from reports.mathwords import FUNCTIONS, LARGE, UNICODE
from reports.views import Math, Prose

_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|\s+|.", re.DOTALL)
_SIGNS = {v: k for k, v in UNICODE.items()} | {
    r"\epsilon": "ε", r"\phi": "φ", r"\vartheta": "θ", r"\varsigma": "ς", r"\varrho": "ρ", r"\varpi": "ϖ",
    r"\langle": "⟨", r"\rangle": "⟩", r"\dots": "…", r"\ldots": "…", r"\cdots": "⋯", r"\le": "≤", r"\ge": "≥",
    r"\ne": "≠", r"\rightarrow": "→", r"\lvert": "|", r"\rvert": "|", r"\vert": "|", r"\Vert": "‖", r"\|": "‖",
    r"\lVert": "‖", r"\rVert": "‖", r"\{": "{", r"\}": "}", r"\lbrace": "{", r"\rbrace": "}", r"\prime": "′",
    r"\circ": "∘", r"\mid": "|", r"\quad": "  ", r"\qquad": "  ", r"\,": " ", r"\;": " ", r"\:": " ", r"\!": "",
    r"\ ": " ", "~": " ", r"\\": "; ", r"\%": "%", r"\_": "_", r"\&": "&", r"\#": "#", "&": "", r"\iint": "∬",
    r"\lt": "<", r"\gt": ">", r"\ast": "*", r"\lfloor": "⌊", r"\rfloor": "⌋", r"\lceil": "⌈", r"\rceil": "⌉",
}  # fmt: skip
_ACCENTS = {
    r"\hat": "\u0302", r"\widehat": "\u0302", r"\bar": "\u0304", r"\overline": "\u0305", r"\tilde": "\u0303",
    r"\widetilde": "\u0303", r"\dot": "\u0307", r"\ddot": "\u0308", r"\vec": "\u20d7", r"\underline": "\u0332",
}  # fmt: skip
_LEFT_OUT = frozenset(r"\left \right \middle \displaystyle \textstyle \limits \nolimits".split()) | frozenset(
    "\\" + size + side for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")
)
_RAISED = dict(zip("0123456789+-=()niT", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵀ", strict=True))
_LOWERED = dict(zip("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
_SINGLE = re.compile(rf"(?:\d+|[^\W\d_])[\u0300-\u0308{''.join(_RAISED.values())}{''.join(_LOWERED.values())}]*")
_SPACED = frozenset("=∼∝≈≃≡≠≤≥≲≳≪≫→←↔⟷⇒∈∉<>")


def linear(latex: str) -> str:
    r"""A formula in one line; its LaTeX where it is not plain mathematics.

    >>> linear(r"T \sim \frac{\sigma^2}{2 \ln\sigma}(1+\overline{X^2})")
    'T ∼ σ²/(2 ln σ)(1 + overline(X²))'
    >>> linear(r"\sum_{j=1}^{K} \hat{y}_{ij} \write18{x}")
    '\\sum_{j=1}^{K} \\hat{y}_{ij} \\write18{x}'
    >>> linear(r"\sum_{j=1}^{K} \hat{y}_{ij}")
    '∑ⱼ₌₁^K ŷᵢⱼ'
    """
    tex = safe(latex)
    if tex is None:
        return latex
    return unicodedata.normalize("NFC", re.sub(r" {2,}", "  ", _Line(_TOKEN.findall(tex)).text())).strip()


def prose(sentence: Prose) -> str:
    """Text and formulas in turn."""
    return "".join(linear(p.latex) if isinstance(p, Math) else p for p in sentence.parts)


class _Line:
    """Reads tokens from left to right; what comes in has been checked, so braces balance."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens, self.at = [t for t in tokens if not t.isspace()], 0

    def text(self, closing: str = "") -> str:
        out = ""
        big = False  # a sum or integral is kept apart from what it acts on
        while self.at < len(self.tokens) and (token := self.tokens[self.at]) != closing:
            apart = big and token not in ("^", "_")
            out += (" " if apart else "") + self._one(out)
            big = token in LARGE or (big and not apart)
        self.at += 1
        return out

    def _argument(self) -> str:
        if self.at >= len(self.tokens):
            return ""
        if self.tokens[self.at] == "{":
            self.at += 1
            return self.text("}")
        return self._one("").strip()

    def _one(self, before: str) -> str:
        token = self.tokens[self.at]
        self.at += 1
        if token == "{":
            return self.text("}")
        if token in "^_":
            return _script(token, self._argument())
        if token in (r"\frac", r"\dfrac", r"\tfrac", r"\cfrac"):
            above, below = self._argument(), self._argument()
            return f"{_grouped(above)}/{_grouped(below)}"
        if token == r"\sqrt":
            return f"√{_grouped(self._argument())}"
        if token in (r"\begin", r"\end"):
            self._argument()
            return " "
        if token in _ACCENTS:
            inner = self._argument()
            named = f"{' ' if before[-1:] not in ('', ' ', *'([{|') else ''}{token[1:]}({inner})"
            return inner + _ACCENTS[token] if len(inner) == 1 else named
        if token in _LEFT_OUT:
            if self.at < len(self.tokens) and self.tokens[self.at] == ".":
                self.at += 1
            return ""
        if token in FUNCTIONS:
            return f"{' ' if before[-1:].isalnum() else ''}{token[1:]} "
        sign = _SIGNS.get(token, token)
        if sign in _SPACED or (sign in "+-±" and before[-1:] not in ("", "(", "[", " ")):
            return f" {sign} "
        return ("" if len(sign) > 1 and sign[1:].isalpha() and sign[0] == "\\" else sign) if sign else ""


def _script(kind: str, inner: str) -> str:
    small = _RAISED if kind == "^" else _LOWERED
    plain = inner.replace(" ", "")
    if plain and all(c in small for c in plain):
        return "".join(small[c] for c in plain)
    if "=" in plain:
        inner = plain
    return f"{kind}{inner}" if len(inner) == 1 else f"{kind}({inner})"


def _grouped(text: str) -> str:
    """A numerator or denominator, in brackets where it is more than one thing."""
    return text if _SINGLE.fullmatch(text) or re.fullmatch(r"\([^()]*\)", text) else f"({text})"
