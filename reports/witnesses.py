"""Where a claim fails, in words: a point with both values, or a limit with the quotients that lead there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from derive.verdict import Witness
from reports import words
from reports.clean import clean
from reports.plots import plot
from reports.sentences import condition, mixed, pretty
from reports.views import Math, Prose, WitnessView

#: Beyond this many pairs a table of quotients is thinned; its first and last rows stay.
_QUOTIENTS = 12
#: A coordinate of data: a name, its first index, the others.
_INDEXED = re.compile(r"(.*)_(\d{1,6})((?:,\d{1,6})*)")
#: A point of more coordinates is not written out.
_COORDINATES = 40
#: Values of a witness are shown to so many characters.
_DIGITS = 12


def witness(w: Witness) -> WitnessView:
    """A point with both values, or a limit with the quotients that lead there."""
    sentences: list[Prose] = []
    if w.point:
        sentences.append(_point({clean(k): clean(v) for k, v in w.point.items()}))
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


def _point(point: Mapping[str, str]) -> Prose:
    """The coordinates in a sentence; data that would fill a page are counted only.

    >>> str(_point({"n": "2", "x_1": "1/2"}))
    'At n = 2; x_1 = 1/2.'
    >>> str(_point({"n": "60", **{f"x_{k}": "0" for k in range(1, 61)}}))
    'At n = 60; the data, 60 numbers, stand in verdicts.json.'
    """
    parts: list[str | Math] = []
    data = {name for name in point if _INDEXED.fullmatch(name)} if len(point) > _COORDINATES else set()
    for name, value in _gathered({k: v for k, v in point.items() if k not in data}):
        parts += ["; " if parts else "At ", *_value(name, value)]
    told = f"the data, {len(data)} numbers, stand in verdicts.json" if data else ""
    return Prose((*parts, "; " if parts and told else "", told, "."))


def _gathered(point: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Coordinates whose first index runs from 1 on as one: x_1,2 = 5, x_2,2 = -1 → x_1…2,2 = 5, -1.

    >>> list(_gathered({"n": "2", "x_1,1": "5", "x_1,2": "1", "x_2,1": "-4", "x_2,2": "1", "y_1": "0"}))
    [('n', '2'), ('x_1…2,1', '5, -4'), ('x_1…2,2', '1, 1'), ('y_1', '0')]
    """
    rows: dict[tuple[str, str], list[str]] = {}
    for name, value in point.items():
        found = _INDEXED.fullmatch(name)
        key = (found[1], found[3] or "") if found else (name, "")
        row = rows.setdefault(key, [])
        if found and int(found[2]) == len(row) + 1:
            row.append(value)
        else:
            rows.setdefault((name, "alone"), []).append(value)
    for (name, rest), values in rows.items():
        if rest == "alone":
            yield name, values[0]
        elif values:
            yield f"{name}_1{f'…{len(values)}' if len(values) > 1 else ''}{rest}", ", ".join(values)


def _value(name: str, value: str) -> list[str | Math]:
    r"""One coordinate of a point: "sigma_1", "3/2" → σ_1 = 3/2 as a formula; other names stay text.

    >>> _value("hat(y)'_1,2", "-1")[0].latex, _value("sigma_1", "3/2")[0].latex, _value("</b>", "1")
    ("\\hat{y}'_{1,2} = -1", '\\sigma_{1} = 3/2', ['</b> = 1'])
    >>> _value("x_1…2,1", "5, -4")[1]
    ' 5, −4'
    """
    found = re.fullmatch(r"(?:(hat|bar|tilde|dot|boldsymbol|mathbf)[( ])?([^\W\d_]+)\)?('{0,3})(?:_([\w,…]+))?", name)
    told = f"{pretty(name)} = {value}"
    if not found or not re.fullmatch(r"-?[\w.,/+ -]{1,90}", value):
        return [told]
    accent, letter, primes, index = found.groups()
    spelled = {v: k for k, v in words.LETTERS.items()}
    letter = spelled.get(letter, letter)
    if letter in words.LETTERS and letter != "oo":
        tex = f"\\{letter}"
    else:
        tex = letter if len(letter) == 1 else rf"\mathrm{{{letter}}}"
        tex = rf"{letter[0]}^{{\{letter[1:]}}}" if letter[1:] in ("min", "max") else tex
    tex = (rf"\{accent}{{{tex}}}" if accent else tex) + primes
    if index:
        index = re.sub(r"[A-Za-z]{2,}", lambda m: f"\\{m[0]} " if m[0] in words.LETTERS else m[0], index)
        index = index.replace("…", r"\dots ")
        tex += f"_{{{index}}}"
    if ", " in value:  # several values: the line may break between them
        return [Math(f"{tex} =", f"{pretty(name)} ="), f" {value.replace('-', '−')}"]
    return [Math(f"{tex} = {value}", told)]


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
