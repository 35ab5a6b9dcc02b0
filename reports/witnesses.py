"""Where a claim fails, in words: a point with both values, or a limit with the quotients that lead there."""

from __future__ import annotations

import re

from derive.verdict import Witness
from reports import words
from reports.clean import clean
from reports.plots import plot
from reports.sentences import condition, mixed, pretty
from reports.views import Math, Prose, WitnessView

#: Beyond this many pairs a table of quotients is thinned; its first and last rows stay.
_QUOTIENTS = 12
#: Values of a witness are shown to so many characters.
_DIGITS = 12


def witness(w: Witness) -> WitnessView:
    """A point with both values, or a limit with the quotients that lead there."""
    sentences: list[Prose] = []
    if w.point:
        parts: list[str | Math] = []
        for n, (name, value) in enumerate(w.point.items()):
            parts += [", " if n else "At ", _value(clean(name), clean(value))]
        sentences.append(Prose((*parts, ".")))
    if w.printed is not None or w.true is not None:
        digits = f" (enclosed to {w.digits} digits)" if w.digits else ""
        printed, true = _shortened(w.printed or "no value", w.true or "no value")
        sentences.append(Prose((clean(f"Printed: {printed}. Derived: {true}{digits}."),)))
    if w.regime or w.limit is not None:
        regime = f" in the limit of: {pretty(clean(w.regime))}" if w.regime else ""
        limit = condition(w.limit or "no limit")
        tends = ("The quotient printed/derived tends to ", *limit.parts, *mixed(f"{regime}.").parts)
        sentences.append(Prose(tends))
    pairs = [(clean(str(a)), clean(str(b)).removesuffix(".").replace("e+", "e")) for a, b in w.quotients or ()]
    drawn = plot(pairs)
    if len(pairs) > 1 and len({b for _, b in pairs}) == 1:
        sentences.append(Prose((f"It is {pairs[0][1]} at every value from {pairs[0][0]} to {pairs[-1][0]}.",)))
        pairs = []
    if len(pairs) > _QUOTIENTS:
        pairs = [*pairs[: _QUOTIENTS - 2], ("…", "…"), pairs[-1]]
    return WitnessView(sentences=tuple(sentences), quotients=tuple(pairs), plot=drawn)


def _value(name: str, value: str) -> str | Math:
    r"""One coordinate of a point: "sigma_1", "3/2" → σ_1 = 3/2 as a formula; other names stay text.

    >>> _value("sigma_1", "3/2").latex, _value("hat(y)_1,2", "-1").latex, _value("</b>", "1")
    ('\\sigma_{1} = 3/2', '\\hat{y}_{1,2} = -1', '</b> = 1')
    """
    found = re.fullmatch(r"(?:(hat|bar|tilde|dot|boldsymbol|mathbf)[( ])?([^\W\d_]+)\)?(?:_([\w,]+))?", name)
    if not found or not re.fullmatch(r"-?[\w.,/+-]{1,60}", value):
        return f"{pretty(name)} = {value}"
    accent, letter, index = found.groups()
    spelled = {v: k for k, v in words.LETTERS.items()}
    letter = spelled.get(letter, letter)
    if letter in words.LETTERS and letter != "oo":
        tex = f"\\{letter}"
    else:
        tex = letter if len(letter) == 1 else rf"\mathrm{{{letter}}}"
    tex = rf"\{accent}{{{tex}}}" if accent else tex
    return Math(f"{tex}_{{{index}}} = {value}" if index else f"{tex} = {value}", f"{pretty(name)} = {value}")


def _shortened(a: str, b: str) -> tuple[str, str]:
    """Two values cut to the digits that tell them apart; verdicts.json holds them in full.

    >>> _shortened("1.60151676603860", "0.7592649321"), _shortened("1", "2.5")
    (('1.6015167660…', '0.7592649321'), ('1', '2.5'))
    >>> _shortened("5.00000000000000000000", "24.25000000000000000000")
    ('5', '24.25')
    """
    whole = [re.sub(r"(\.\d*?)0{8,}$", r"\1", v).removesuffix(".") for v in (a, b)]
    short = [v if len(v) <= _DIGITS or "e" in v else f"{v[:_DIGITS]}…" for v in whole]
    return (a, b) if short[0] == short[1] else (short[0], short[1])
