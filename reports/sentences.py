"""Sentences of the engine as text and formulas, and the names by which a reader finds a place of the paper."""

from __future__ import annotations

import re

from reports import words
from reports.clean import clean
from reports.layout import is_short
from reports.mathtext import safe
from reports.views import Math, Prose


def place(equation: str) -> str:
    """How a reader finds the equation in the paper.

    >>> place("3.9"), place("s3.2.1.a"), place("sC.b"), place("table3.9")
    ('(3.9)', 'Section 3.2.1 (a)', 'Appendix C (b)', 'Table 3.9')
    """
    equation = clean(equation)
    if found := re.fullmatch(r"s([\w.]+?)(?:\.([a-z]+))?", equation):
        kind = "Appendix" if found[1][0].isalpha() else "Section"
        return f"{kind} {found[1]}" + (f" ({found[2]})" if found[2] else "")
    if found := re.fullmatch(r"table([\w.]+)", equation):
        return f"Table {found[1]}"
    return f"({equation})"


def anchor(kind: str, name: str) -> str:
    """An HTML id: letters, digits, full stops and hyphens only.

    >>> anchor("claim", '3.23#2"><script>')
    'claim-3.23-2---script-'
    """
    return f"{kind}-" + re.sub(r"[^A-Za-z0-9.]", "-", name)


def prose(text: str) -> Prose:
    """A reason of the engine as a sentence; what stands between dollar signs is a formula.

    >>> str(prose("the sides differ: $a$ and $b$")), prose("").parts
    ('The sides differ: $a$ and $b$.', ())
    >>> prose("it costs $5").parts
    ('It costs $5.',)
    """
    text = clean(text).strip()
    if not text:
        return Prose(())
    if re.match(r"(?:[a-z]{2}|a )", text):
        text = text[0].upper() + text[1:]
    if text[-1] not in ".!?…":
        text += "."
    return mixed(text)


#: What a sentence may name without dollar signs: σ_j, l_1, \\hat(E), the unit Y^2, the index i.
_NAMED = re.compile(
    r"(?<![\w\\$])(?P<letter>[A-Za-zα-ω])_(?:(?P<one>[A-Za-z0-9])(?![\w^{(])|\{(?P<several>[^{}$\\]{1,8})\})"
    r"|(?<![\w\\])\\?(?P<accent>hat|bar|dot|tilde|mathcal|boldsymbol|overline)"
    r"\((?P<under>\|?\\?[A-Za-z]{1,8}(?:_[A-Za-z])?(?:\\cup[A-Z])?(?:\^\d)?\|?)\)(?P<power>\^\d)?"
    r"|\bY\^(?P<unit>\d+|\(\d+/\d+\))"
    r"|(?:(?<=\bindex )|(?<=\bindices )|(?<=\bsum over )|(?<=\bseries over )|(?<=\bcarry )|(?<=\brange of ))"
    r"(?P<index>[a-z])\b"
)


def mixed(text: str) -> Prose:
    r"""Text in which formulas stand between dollar signs; an odd dollar sign is just text.

    >>> [p.latex for p in mixed(r"every σ_j; \hat(E); $x^2$; a_bc").parts if isinstance(p, Math)]
    ['\\sigma_{j}', '\\hat{E}', 'x^2']
    """
    pieces = text.split("$")
    if len(pieces) % 2 == 0:
        return Prose(tuple(_named(text)))
    for n in range(1, len(pieces), 2):
        # A long formula is displayed: the mark that follows goes along, it can't start a line.
        if pieces[n + 1][:1] in set(",;.") and not is_short(pieces[n]) and safe(pieces[n]):
            pieces[n], pieces[n + 1] = pieces[n] + pieces[n + 1][0], pieces[n + 1][1:]
    parts: list[str | Math] = []
    for n, piece in enumerate(pieces):
        parts += [Math(piece)] if n % 2 else _named(piece)
    return Prose(tuple(p for p in parts if p))


def _named(text: str) -> list[str | Math]:
    """Text with the names in it as formulas."""
    spelled = {v: f"\\{k}" for k, v in words.LETTERS.items()}
    parts: list[str | Math] = []
    at = 0
    for found in _NAMED.finditer(text):
        parts += [text[at : found.start()], Math(_named_tex(found, spelled), found[0])]
        at = found.end()
    return [p for p in (*parts, text[at:]) if p]


def _named_tex(found: re.Match[str], spelled: dict[str, str]) -> str:
    if found["letter"]:
        below = found["one"] or found["several"].replace("−", "-")
        return f"{spelled.get(found['letter'], found['letter'])}_{{{below}}}"
    if found["accent"]:
        under = found["under"].replace(r"\cup", r"\cup ")
        return rf"\{found['accent']}{{{under}}}{found['power'] or ''}"
    return f"Y^{{{found['unit'].strip('()')}}}" if found["unit"] else str(found["index"])


def condition(text: str) -> Prose:
    """A condition, which the engine gives as LaTeX and a library may give in words."""
    text = clean(text).strip()
    if not text or "$" in text:
        return mixed(text)
    words = re.search(r"(?<![\\A-Za-z{])[a-z]{3,}[ ,:;]", text) is not None
    formula = not words and re.search(r"[\\_^]", text) is not None and safe(text) is not None
    return Prose((Math(text),)) if formula else mixed(text)


def phrase(latex: str | None) -> Math | None:
    """A formula inside a sentence: the mark that ended it in print would clash with the sentence's own."""
    return Math(clean(latex).rstrip(" .,;")) if latex else None


def pretty(text: str) -> str:
    """Names of letters as the letters themselves: sigma_1 → σ_1, oo → ∞."""
    return re.sub(r"(?<![A-Za-z])[A-Za-z]+(?![A-Za-z])", lambda m: words.LETTERS.get(m[0], m[0]), text)


def powers(number: str) -> str:
    r"""A number with its power of ten as a formula; nothing for what has none.

    >>> powers("1e100"), powers("2.86e2171"), powers("10^(2.17e11)"), powers("1.5")
    ('10^{100}', '2.86\\cdot 10^{2171}', '10^{2.17\\cdot 10^{11}}', '')
    """
    if found := re.fullmatch(r"(-?)10\^\((\S+)\)", number):
        return f"{found[1]}10^{{{powers(found[2]) or found[2]}}}"
    if found := re.fullmatch(r"(-?[\d.]+)e(-?)\+?(\d+)", number):
        front = "" if found[1] == "1" else rf"{found[1]}\cdot "
        return rf"{front}10^{{{found[2]}{found[3]}}}"
    return ""
