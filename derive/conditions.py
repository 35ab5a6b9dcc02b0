"""Claims that hold under a condition: the condition that is needed, and the one that is printed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from derive.claim import Entry, Library
from derive.errors import Unreadable
from derive.kernel.definedness import Need
from derive.kernel.normal import Normal
from derive.kernel.poly import Refusal
from derive.points import instance, relevant
from derive.reader.display import Side
from derive.reader.interpret import read
from derive.reader.printer import latex
from derive.reader.tokens import Token
from derive.term import ZERO, Term, free, mul
from derive.unfold import unfold
from derive.verdict import Correction, Fault, Severity, Status, Verdict, Witness

SIGNS = {"≠": r"\neq", "≥": r"\geq", "≤": r"\leq", "≳": r"\gtrsim", ">": ">", "<": "<"}
OPPOSITE = {"<": ">", "≤": "≥"}


@dataclass(frozen=True)
class Printed:
    r"""Conditions printed after a side: `(x_i \neq 0)`, letters as in `(\forall j)`, and a `(\text{…})` in words."""

    parts: tuple[str, ...] = ()
    every: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()


def printed(side: Side, entry: Entry) -> Printed:
    """The conditions of a side.

    Raises
    ------
    Unreadable
        A condition that the reader can't take in.
    """
    parts, every, words = [], set(), set()
    for tokens in side.conditions:
        if [t.kind for t in tokens] == ["WORD"]:
            words.add(tokens[0].text)
            continue
        if tokens and tokens[0].text == r"\forall":
            every |= {t.text for t in tokens[1:]}
            continue
        a, sign, b = _cut(tokens)
        left, right = (unfold(read(x, entry.notation).term, entry.notation) for x in (a, b))
        if sign in OPPOSITE:
            left, sign, right = right, OPPOSITE[sign], left
        term = left if right == ZERO else left - right
        part = _part(term, sign, entry)
        held = sorted(free(term) & entry.fixed)  # of the one j that the text holds fixed, not of every j of a sum
        parts.append(f"{part} for the {', '.join(held)} held fixed" if held else part)
    unknown = every - set(entry.notation.ranges)
    if unknown:
        raise Unreadable(f"the condition speaks of every {min(unknown)}, which is not declared as an index")
    return Printed(tuple(parts), frozenset(every), frozenset(words))


def worded(text: str) -> str:
    r"""A condition in words, as LaTeX.

    Examples
    --------
    >>> worded("T_A above −1, $x > 0$")
    '\\text{$T_A$ above $-$1, $x > 0$}'
    """
    parts = text.split("$")
    parts[::2] = [re.sub(r"\b([A-Z]_\w)", r"$\1$", p).replace("−", "$-$") for p in parts[::2]]
    return rf"\text{{{'$'.join(parts)}}}"


def says(said: Printed, text: str) -> bool:
    """Whether a condition in words is the one printed."""
    return "".join(worded(text).removeprefix(r"\text{").removesuffix("}").split()) in said.words


def _cut(tokens: tuple[Token, ...]) -> tuple[tuple[Token, ...], str, tuple[Token, ...]]:
    at = [k for k, t in enumerate(tokens) if t.kind == "REL"]
    if len(at) != 1 or tokens[at[0]].text not in SIGNS:
        where = tokens[0].start + 1 if tokens else 0
        raise Unreadable(f"the condition at character {where} is not one comparison", "", where)
    return tokens[: at[0]], tokens[at[0]].text, tokens[at[0] + 1 :]


def _part(t: Term, sign: str, entry: Entry) -> str:
    return f"{latex(t, entry.notation)} {SIGNS[sign]} 0"


def needed(needs: tuple[Need, ...], entry: Entry, normal: Normal) -> dict[str, Need]:
    """Each condition that is needed, in LaTeX."""
    return {_part(open_part(n, normal), n.relation.split()[-2], entry): n for n in needs}


def open_part(need: Need, normal: Normal) -> Term:
    """The factors of a need whose sign is not known."""
    try:
        one = normal.ratio(need.term).num.single
    except Refusal:
        return need.term
    if one is None or need.relation != "≠ 0":
        return need.term
    return mul(*(a for a, _ in one[0].factors if normal.generator_sign(a) != "positive"))


def conditional(
    verdict: Verdict, library: Library, entry: Entry, needs: tuple[Need, ...], left: Term, normal: Normal, said: Printed
) -> Verdict:
    """A claim that holds where the printed side is defined: proved if the print says so, conditional if it does not."""
    parts = needed(needs, entry, normal)
    missing = {p: n for p, n in parts.items() if p not in said.parts}
    if not missing:
        told = ", ".join(f"${p}$" for p in parts)
        reason = f"equal under the printed condition {told}"
        return replace(verdict, verdict=Status.PROVED, reason=reason)
    condition = r",\; ".join(parts)
    at = instance(library, entry, (left,), 0)
    point = relevant(at, left)
    for n in missing.values():
        for name in sorted(free(open_part(n, normal))) if n.relation == "≠ 0" else ():
            first = next((k for k in point if k.startswith(name + "_")), name)
            if first in point:
                point[first] = "0"
    bare = verdict.printed_rhs.partition(r"\quad (")[0].rstrip() if said.parts else verdict.printed_rhs
    return replace(
        verdict, condition=condition, fault=Fault.DOMAIN, severity=Severity.NOTATION,
        derived=verdict.printed_lhs or None,
        witness=Witness(point=point, printed="not defined", true="defined"),
        reason="equal wherever the printed side is defined, which is not everywhere that the derived quantity is",
        correction=Correction(printed=verdict.printed_rhs, read=rf"{bare} \quad ({condition})"),
    )  # fmt: skip


def heeded(verdict: Verdict, said: Printed) -> Verdict:
    """A refutation stands only if its witness meets the printed conditions; x ≠ 0 can be told from a point."""
    if verdict.verdict not in (Status.REFUTED, Status.CONDITIONAL) or not (said.parts or said.words):
        return verdict
    if verdict.verdict is Status.CONDITIONAL and not said.words:
        return verdict
    point = verdict.witness.point if verdict.witness else None
    if point and not said.words and all(p.endswith(r"\neq 0") for p in said.parts) and "0" not in point.values():
        return verdict
    return replace(
        verdict, verdict=Status.UNDECIDED, condition=None, fault=None, severity=None, derived=None, correction=None,
        witness=None,
        reason="fails somewhere, but whether where the printed condition holds is not known",
    )  # fmt: skip
