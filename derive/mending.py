r"""The paper with our own corrections put in: each wrong side replaced in the print, and the whole judged again.

A correction is text in a reader's hands; here it has to hold its own. Every side that a verdict corrects is replaced
where it stands in the LaTeX; where a bound is wrong, its sign becomes `\sim`, followed by the true leading term. What
comes out goes to the same judge, which knows nothing of the first round; what it still finds wrong is mended again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from derive.claim import Library
from derive.deciding import ORDER
from derive.errors import Unreadable
from derive.reader.display import Link, Side, split
from derive.reader.tokens import tokenize
from derive.runner import run, tasks_for
from derive.verdict import WRONG, Checked, Equation, Fault, Verdict

ROUNDS = 3
BOUNDS = ORDER | {"≳", "≲"}
REFLEXIVE = frozenset("= ~ ≈ ∝".split())
FLIPPED = {">": r"\leq", "<": r"\geq", "≥": "<", "≤": ">"}
#: How a verdict says that the sign itself has to change.
SIGN = r"\text{(the sign: }"

Judge = Callable[[tuple[Equation, ...], frozenset[str]], tuple[Verdict, ...]]


@dataclass(frozen=True)
class Mended:
    """A paper after mending.

    Attributes
    ----------
    equations : every equation of the paper, mended where a correction could be put in.
    verdicts : those of the mended paper, of every equation that was judged.
    changed : numbers of the equations that are no longer as printed.
    left : claims that are still wrong, each with the reason why its correction could not be put in or did not help.
    """

    equations: tuple[Equation, ...]
    verdicts: tuple[Verdict, ...]
    changed: tuple[str, ...]
    left: dict[str, str]


def mend(equations: tuple[Equation, ...], verdicts: Iterable[Verdict], judge: Judge, rounds: int = ROUNDS) -> Mended:
    """Put the corrections of `verdicts` into `equations` and judge again, until nothing changes.

    `judge` gives the verdicts of the equations of a paper whose numbers are named.
    """
    known: dict[str, list[Verdict]] = {}
    for v in verdicts:
        known.setdefault(v.equation, []).append(v)
    changed: set[str] = set()
    why: dict[str, str] = {}
    for _ in range(rounds):
        again: set[str] = set()
        out: list[Equation] = []
        for e in equations:
            latex, failed = mended(e.latex, known.get(e.number, []))
            why.update(failed)
            if latex != e.latex:
                again.add(e.number)
                e = replace(e, latex=latex)
            out.append(e)
        equations = tuple(out)
        if not again:
            break
        changed |= again
        numbers = [e.number for e in equations]
        following = {b for a, b in pairwise(numbers) if a in again and b in known}
        fresh = judge(equations, frozenset(again | following))
        for number in again | following:
            known[number] = [v for v in fresh if v.equation == number]
    final = tuple(v for e in equations for v in known.get(e.number, []))
    left = {v.id: why.get(v.id, v.reason) for v in final if v.verdict in WRONG}
    return Mended(equations, final, tuple(e.number for e in equations if e.number in changed), left)


def mended_copy(library: Library, checked: Checked, jobs: int = 1) -> Mended:
    """The displays of a checked paper, mended and judged again."""

    def judge(equations: tuple[Equation, ...], numbers: frozenset[str]) -> tuple[Verdict, ...]:
        found = run(tasks_for(library, equations, numbers), jobs)
        return tuple(v for done in found.values() for v in done.verdicts)

    return mend(checked.equations, checked.verdicts, judge)


def mended(latex: str, verdicts: list[Verdict]) -> tuple[str, dict[str, str]]:
    r"""A display with the corrections of its claims put in, and for each claim left alone the reason.

    Examples
    --------
    >>> from derive.verdict import Correction, Status
    >>> wrong = Verdict(
    ...     id="1#1", equation="1", section="1", relation="=", printed_lhs="a", printed_rhs="b", read="printed",
    ...     verdict=Status.REFUTED, correction=Correction(printed="b", read="c"),
    ... )
    >>> mended("a = b < d", [wrong])
    ('a = c < d', {})
    """
    try:
        links = split(latex)
    except Unreadable as e:
        return latex, {v.id: f"the display can't be read ({e})" for v in verdicts if v.verdict in WRONG}
    edits: list[tuple[int, int, str]] = []
    failed: dict[str, str] = {}
    for k, v in enumerate(verdicts):
        if v.verdict not in WRONG:
            continue
        if conceptual(v):
            failed[v.id] = f"about a concept, which no formula mends: {v.reason}"
            continue
        if k >= len(links):
            failed[v.id] = "the claim has no sign of its own in the display"
        elif v.correction is None:
            failed[v.id] = (
                "no right form was found" if v.derived is None else f"nothing to change in this side: {v.reason}"
            )
        elif v.read_back is not None and v.correction.read == v.read_back[0]:
            failed[v.id] = "what is derived only repeats the left side"
        else:
            edits += _edits(latex, links[k], v)
    for start, end, new in sorted(set(edits), reverse=True):
        latex = latex[:start] + new + latex[end:]
    return (_once(latex) if edits else latex), failed


def _once(latex: str) -> str:
    r"""A display without the sides that only repeat the one before, where several lines were mended to the same.

    Examples
    --------
    >>> _once(r"a \sim b \\ \sim b \propto b = c")
    'a \\sim b = c'
    """
    for link in reversed(split(latex)):
        if link.left is not None and link.relation in REFLEXIVE and link.left.latex == link.right.latex:
            latex = latex[: _span(link.left)[1]] + latex[_span(link.right)[1] :]
    return latex


def _edits(latex: str, link: Link, v: Verdict) -> list[tuple[int, int, str]]:
    """(start, end, replacement) for one claim."""
    assert v.correction is not None
    start, end = _span(link.right)
    read = v.correction.read
    if read.startswith(link.right.latex) and r"\quad (" in read[len(link.right.latex) :]:
        return [(start, end, read)]  # a condition is added
    if link.relation in BOUNDS and v.derived is not None and v.derived.startswith(SIGN):
        return [_sign(latex, link, FLIPPED[link.relation])]
    if link.relation in BOUNDS and v.derived is not None and r"\text" in read:
        if r"\text{no such bound" in read:
            return [_sign(latex, link, r"\sim"), (start, end, v.derived)]
        letters = ", ".join(sorted(set(_letters(v))))
        return [(end, end, rf" \quad (\forall {letters})")] if letters else []
    if link.left is not None and v.correction.printed == f"{link.left.latex} = {link.right.latex}":
        start = _span(link.left)[0]  # the name on the left is corrected too
    elif link.left is not None and v.correction.printed == link.left.latex != link.right.latex:
        start, end = _span(link.left)
    return [(start, end, read)]


def _letters(v: Verdict) -> Iterable[str]:
    """The free index letters that a claim is to hold for every value of."""
    words = v.reason.split("the index ")[1:]
    return (w.split()[0] for w in words if "is free on" in w)


def _span(side: Side) -> tuple[int, int]:
    start = side.tokens[0].start
    return start, start + len(side.latex)


def _sign(latex: str, link: Link, new: str) -> tuple[int, int, str]:
    """The edit that changes the sign of a link."""
    begin = _span(link.left)[1] if link.left is not None else 0
    gap = latex[begin : _span(link.right)[0]]
    sign = [t for t in tokenize(gap) if t.kind == "REL"][-1]
    end = begin + sign.end
    after = " " if new[-1:].isalpha() and latex[end : end + 1].isalpha() else ""
    return begin + sign.start, end, new + after


def markdown(equations: Iterable[Equation], title: str = "") -> str:
    r"""The equations as a Markdown paper, each display with its \tag under its section: what `--source` reads.

    Examples
    --------
    >>> print(markdown([Equation(number="2.1", latex="a = b", section="2")]))
    ## 2
    <BLANKLINE>
    $$
    a = b \tag{2.1}
    $$
    <BLANKLINE>
    """
    parts, section = [f"# {title}\n"] if title else [], ""
    for e in equations:
        if e.section and e.section != section:
            section = e.section
            parts.append(f"## {section}\n")
        parts.append(f"$$\n{e.latex} \\tag{{{e.number}}}\n$$\n")
    return "\n".join(parts)


def latex(equations: Iterable[Equation], title: str = "") -> str:
    r"""The equations as a LaTeX paper, numbered by LaTeX itself where it counts as the paper does, else with a \tag.

    Examples
    --------
    >>> there = Equation(number="1.1", latex=r"a = b \\ = c", section="1")
    >>> last = Equation(number="A.7", latex="d", section="A")
    >>> print(latex([there, last]).partition("Section 1}\n\n")[2])
    \begin{equation}
    \begin{gathered}
    a = b \\
    = c
    \end{gathered}
    \end{equation}
    <BLANKLINE>
    \appendix
    \section{Section A}
    <BLANKLINE>
    \begin{equation}
    d \tag{A.7}
    \end{equation}
    <BLANKLINE>
    \end{document}
    <BLANKLINE>
    """
    parts = [
        "\\documentclass{article}",
        "\\usepackage{amsmath,amssymb}",
        "\\usepackage[mathscr]{eucal}",
        "\\numberwithin{equation}{section}",
        f"\\title{{{title}}}" if title else "",
        "\\begin{document}",
        "\\maketitle" if title else "",
    ]
    section, count = "", 0
    for e in equations:
        top = e.number.split(".")[0]
        if top != section:
            parts += ["\\appendix"] if top.isalpha() and not section.isalpha() else []
            parts.append(f"\\section{{Section {top}}}\n")
            section, count = top, 0
        tag = "" if e.number == f"{top}.{count + 1}" else f" \\tag{{{e.number}}}"
        count += not tag
        rows = e.latex.split(" \\\\ ")
        body = e.latex if len(rows) == 1 or "\\begin" in e.latex else _gathered(rows)
        parts.append(f"\\begin{{equation}}\n{body}{tag}\n\\end{{equation}}\n")
    return "\n".join([*filter(None, parts), "\\end{document}\n"])


def _gathered(rows: list[str]) -> str:
    return "\n".join(["\\begin{gathered}", " \\\\\n".join(rows), "\\end{gathered}"])


def conceptual(v: Verdict) -> bool:
    """Whether a claim is wrong in what it takes for what, which no change of a formula mends."""
    return v.fault is Fault.CONCEPT
