"""The page "Entropy constants": every printed entropy beside the derived one, up to the factor it stands with."""

from __future__ import annotations

from derive.claim import Entry
from derive.deciding import Decider
from derive.errors import Unreadable
from derive.kernel.normal import content
from derive.kernel.poly import Refusal
from derive.reader.display import Side, split
from derive.reader.interpret import read
from derive.reader.printer import latex
from derive.rules.constants import propose_constants, split_quotient
from derive.term import ONE, Num, Sym, Term, free, mul
from derive.unfold import read_latex
from derive.verdict import ConstantRow, Equation, Status


def rows(equation: Equation, entry: Entry, decider: Decider) -> list[ConstantRow]:
    """One row for each side of an equation that holds the entropy, whole or as a denominator."""
    if not entry.constant:
        return []
    entropy = entry.unfolded(Sym("S_0"))
    out: dict[str, ConstantRow] = {}
    for k, link in enumerate(_links(equation), 1):
        try:
            term = read(link.tokens, entry.notation).term
            _, part = split_quotient(term)
            printed = _denominator(link)
            if part == ONE:
                if not equation.latex.lstrip().startswith("S"):
                    continue
                part, printed = term, link.latex
            full = entry.unfolded(part)
        except Unreadable:
            continue
        if not free(full) or full == entropy:
            continue
        printed = printed or latex(part, entry.notation)
        out.setdefault(printed, _row(equation, entry, decider, f"{equation.number}#{k}", printed, full, entropy))
    return list(out.values())


def _links(equation: Equation) -> list[Side]:
    try:
        return [link.right for link in split(equation.latex)]
    except Unreadable:
        return []


def _denominator(side: Side) -> str | None:
    r"""The denominator of a side printed as one \frac, as it stands."""
    if side.tokens[0].kind != "FRAC":
        return None
    depth, groups, start = 0, [], side.tokens[0].end
    for t in side.tokens[1:]:
        if t.kind == "LBRACE":
            start = t.end if depth == 0 else start
            depth += 1
        elif t.kind == "RBRACE":
            depth -= 1
            if depth == 0:
                groups.append((start, t.start))
    offset = side.tokens[0].start
    return side.latex[groups[1][0] - offset : groups[1][1] - offset] if len(groups) == 2 else None


def _row(
    equation: Equation, entry: Entry, decider: Decider, claim: str, printed: str, full: Term, entropy: Term
) -> ConstantRow:
    notation = entry.notation
    note = ""
    constants = [Sym(c) for c in entry.constants if c in free(full)]
    if constants:
        values = propose_constants(entropy, full, constants, decider.normal(notation.context))
        told = ", ".join(latex(v, notation) for v in (values or {}).values())
        note = f"a constant is left unnamed; its value is ${told}$" if told else "a constant is left unnamed"
        status = Status.PROVED if values else Status.UNDECIDED
    else:
        factor = _factor(full, entropy, entry, decider) or ONE
        outcome = decider.decide(mul(factor, entropy), "=", full, entry)
        status = outcome.status
        if factor != ONE:
            note = f"with the factor {latex(factor, notation)}, as in its numerator"
        elif status is not Status.PROVED:
            note = outcome.reason
    derived = _closed(entropy, printed, entry, decider)
    return ConstantRow(
        equation=equation.number,
        case=entry.constant,
        printed=printed,
        derived=derived,
        verdict=status,
        claim=claim,
        note=note,
    )


def _factor(full: Term, entropy: Term, entry: Entry, decider: Decider) -> Term | None:
    """The number c with printed = c · entropy, if there is one."""
    normal = decider.normal(entry.notation.context)
    try:
        a, b = normal.ratio(full), normal.ratio(entropy)
        top, bottom = content(a.num * b.den), content(a.den * b.num)
        c = Num(top[0] / bottom[0]) if bottom[0] else ONE
        return c if normal.equal(full, mul(c, entropy)) else None
    except Refusal:
        return None


def _closed(entropy: Term, printed: str, entry: Entry, decider: Decider) -> str:
    """A closed form of the library that the kernel proves, the one in the letters of the print first."""
    widths = "l_" in printed
    for closed in sorted(entry.notation.closed.values(), key=lambda c: ("l_" in c) != widths):
        try:
            term = entry.unfolded(read_latex(closed, entry.notation))
        except Unreadable:
            continue
        if decider.proves_equal(entropy, term, entry):
            return closed
    return latex(decider.normal(entry.notation.context).ratio(entropy).term, entry.notation)
