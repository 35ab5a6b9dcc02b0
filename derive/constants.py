"""The page "Entropy constants": every printed entropy beside the derived one, up to the factor it stands with."""

from __future__ import annotations

from derive.claim import Entry, rewritten
from derive.deciding import Decider
from derive.errors import Unreadable
from derive.judging import read_chain
from derive.kernel.poly import Refusal
from derive.reader.printer import latex
from derive.rules.constants import propose_constants, split_quotient
from derive.term import Pow as Power
from derive.term import Sym, Term, free, mul
from derive.unfold import read_latex, unfold
from derive.verdict import ConstantRow, Equation, Status


def rows(equation: Equation, entry: Entry, decider: Decider) -> list[ConstantRow]:
    """One row for each side of an equation that holds the entropy, whole or as a denominator."""
    if not entry.constant:
        return []
    notation = entry.notation
    entropy = rewritten(unfold(Sym("S_0"), notation), entry.let)
    shown = _closed(entropy, entry, decider)
    out: list[ConstantRow] = []
    for claim, term in read_chain(equation, entry):
        part = denominator(term)
        if part is None:
            if not _is_entropy(equation):
                continue
            part = term
        try:
            full = rewritten(unfold(part, notation), entry.let)
        except Unreadable:
            continue
        if free(full) == frozenset() or full == entropy:
            continue
        out.append(_row(equation, entry, decider, claim, part, full, entropy, shown))
    return out


def _is_entropy(equation: Equation) -> bool:
    return equation.latex.lstrip().startswith("S")


def _row(
    equation: Equation,
    entry: Entry,
    decider: Decider,
    claim: str,
    part: Term,
    full: Term,
    entropy: Term,
    shown: str,
) -> ConstantRow:
    notation = entry.notation
    constants = [Sym(c) for c in entry.constants if c in free(full)]
    if constants:
        values = propose_constants(entropy, full, constants, decider.normal(notation.context))
        told = ", ".join(latex(v, notation) for v in (values or {}).values())
        note = f"a constant is left unnamed; its value is ${told}$" if told else "a constant is left unnamed"
        status = Status.PROVED if values else Status.UNDECIDED
        return ConstantRow(
            equation=equation.number,
            case=entry.constant,
            printed=latex(part, notation),
            derived=shown,
            verdict=status,
            claim=claim,
            note=note,
        )
    factor = _factor(full, entropy, entry, decider)
    if factor is not None:
        outcome = decider.decide(mul(factor, entropy), "=", full, entry)
        note = "" if factor.key == "Num(1)" else f"with the factor {latex(factor, notation)}, as in its numerator"
        return ConstantRow(
            equation=equation.number,
            case=entry.constant,
            printed=latex(part, notation),
            derived=shown,
            verdict=outcome.status,
            claim=claim,
            note=note,
        )
    outcome = decider.decide(entropy, "=", full, entry)
    return ConstantRow(
        equation=equation.number,
        case=entry.constant,
        printed=latex(part, notation),
        derived=shown,
        verdict=outcome.status,
        claim=claim,
        note=outcome.reason,
    )


def _factor(full: Term, entropy: Term, entry: Entry, decider: Decider) -> Term | None:
    """The whole number c with printed = c · entropy, if there is one."""
    from derive.kernel.normal import content
    from derive.term import Num

    normal = decider.normal(entry.notation.context)
    try:
        a, b = normal.ratio(full), normal.ratio(entropy)
        top, bottom = content(a.num * b.den), content(a.den * b.num)
    except Refusal:
        return None
    if not bottom[0]:
        return None
    c = Num(top[0] / bottom[0])
    return c if normal.equal(full, mul(c, entropy)) else None


def denominator(t: Term) -> Term | None:
    """What a printed side divides by, where it is a quotient."""
    _, bottom = split_quotient(t)
    return None if bottom.key == "Num(1)" or isinstance(bottom, Power) else bottom


def _closed(entropy: Term, entry: Entry, decider: Decider) -> str:
    for closed in entry.notation.closed.values():
        try:
            term = rewritten(unfold(read_latex(closed, entry.notation), entry.notation), entry.let)
        except Unreadable:
            continue
        if decider.proves_equal(entropy, term, entry):
            return closed
    return latex(decider.normal(entry.notation.context).ratio(entropy).term, entry.notation)
