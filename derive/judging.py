"""From a printed display to verdicts: each relation sign against what the engine derives."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

from derive.between import between, other_sign, shared
from derive.cases import combined, elided
from derive.claim import BECOMES, Entry, Library, along
from derive.conditions import SIGNS, Printed, conditional, heeded, printed
from derive.deciding import ASYMPTOTIC, ORDER, Decider, Outcome
from derive.derivation import Claimed
from derive.dimensions import compare, weighed
from derive.errors import Meaningless, Unreadable
from derive.given import put_in, solved
from derive.kernel.poly import Refusal
from derive.leading import leading
from derive.nearest import nearest, nearest_reading, next_member
from derive.otherwise import holds_beyond
from derive.paths import one_member, still_moving
from derive.points import assumed, satisfiable
from derive.proportion import proves_proportional
from derive.reader.display import Link, Side, split
from derive.reader.interpret import Reading, read
from derive.reader.printer import latex, spelling
from derive.rewording import reworded
from derive.rules.edits import Repair
from derive.shift import worked_out
from derive.slips import moved, relabelled
from derive.term import Elem, Int, Min, Sym, Term, walk
from derive.unfold import read_latex, tied
from derive.vanishing import mended_left
from derive.verdict import Correction, Equation, Fault, Severity, Status, Verdict, Witness
from derive.wellformed import Problem, parameters, problems, unbound

SIGN = r"\text{(the sign: }"  #: how a correction says that only the sign has to change
REPAIRED = frozenset("= ~ ≈ ∝".split())  #: signs for which a right side is looked for
LONGEST = 1200  #: characters of a derived form that is shown


@dataclass
class Said:
    """One side, read: its term as printed, unfolded, and what is wrong with it."""

    side: Side
    meaningless: bool = False
    term: Term | None = None
    full: Term | None = None
    slips: tuple[tuple[str, str], ...] = ()
    error: str = ""
    mended: Term | None = None  #: the nearest meaningful reading, unfolded, where the side has none as printed
    printed: Printed = field(default_factory=Printed)  #: its conditions
    loose: bool = False  #: nothing is wrong with the side but an index that it leaves free
    lost: bool = False  #: no meaning as printed, and no near reading that holds


@dataclass
class Judged:
    """A verdict with what the graph and the reports need beside it."""

    verdict: Verdict
    right: Said | None = None
    agrees: bool | None = None  #: whether the right side has the value of the derived quantity
    repair: Repair | None = field(default=None)
    claimed: Claimed | None = None  #: the sign with its sides as read, for its derivation


class Judge:
    """Judges the equations of one paper, in the order they are handed in."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.decider = Decider(library)
        self.given: dict[str, dict[Term, Term]] = {}
        self.case_by_case = False

    def equation(self, equation: Equation, before: Equation | None = None) -> list[Judged]:
        """Verdicts for every relation sign of a display. `before` is the display that it may continue.

        Raises
        ------
        DeriveError
            The assumptions of the equation contradict one another.
        Conflict
            A proof and the numbers disagree.
        """
        return self.entry(equation, self.library.entries[equation.number], before)

    def entry(self, equation: Equation, entry: Entry, before: Equation | None) -> list[Judged]:
        """Verdicts under one declaration, case by case where it has cases."""
        if entry.cases:
            alone = [(c, replace(entry, notation=c.notation, cases=())) for c in entry.cases]
            self.case_by_case = True  # an edit that mends one case is no right form for all of them
            try:
                each = [(c, self.entry(equation, one, before)) for c, one in alone]
            finally:
                self.case_by_case = False
            return [combined([(c, found[k]) for c, found in each]) for k in range(min(len(f) for _, f in each))]
        satisfiable(self.library, entry)
        try:
            links = split(equation.latex)
        except Unreadable as e:
            return [Judged(self._unread(equation, entry, 1, "=", "", equation.latex, str(e)))]
        sides: dict[int, Said] = {}
        out: list[Judged] = []
        anchor: Said | None = None
        pending: Said | None = None
        for k, link in enumerate(links, 1):
            start = time.perf_counter()
            begins = link.left is None or id(link.left) not in sides
            left = self._left(link, sides, entry, before)
            if begins:
                anchor = left
            if pending is not None and left is not None and left.side.dots:
                left = pending
            right = sides.setdefault(id(link.right), self._said(link.right, entry))
            judged = self._link(equation, entry, k, link, left, right, anchor)
            judged.claimed = Claimed(entry, entry.relations.get(k, link.relation), left, right, anchor)
            judged.verdict = heeded(judged.verdict, right.printed)
            start_of = (anchor.mended or anchor.full) if anchor is not None else None
            if start_of is not None and right.full is not None:
                units = compare(start_of, entry.relations.get(k, link.relation), right.full, entry.notation)
                judged.verdict = weighed(judged.verdict, units)
            pending = left if link.right.dots else None
            if (
                entry.relations.get(k) == BECOMES
                or link.relation in ORDER
                or link.relation in ("≳", "≲", "≫", "≪", "∝")
            ):
                anchor = right  # what follows speaks of this side, no longer of the derived quantity
            seconds = round(time.perf_counter() - start, 3)
            evidence = (*assumed(entry), *judged.verdict.evidence)
            judged.verdict = replace(judged.verdict, seconds=seconds, evidence=evidence)
            line = next((o for o in reversed(out) if o.right is None or not o.right.side.dots), None)
            if judged.agrees and judged.verdict.verdict is Status.REFUTED and line and line.verdict.fault:
                mended = line.repair  # the fault of the line before, not that of its label
                fault = mended.fault if mended is not None else line.verdict.fault
                judged.verdict = replace(judged.verdict, fault=fault)
            out.append(judged)
        return elided(out)

    # -- reading -----------------------------------------------------------------------------------

    def _said(self, side: Side, entry: Entry) -> Said:
        if side.dots:
            return Said(side)
        try:
            reading: Reading = read(side.tokens, entry.notation)
            full = self.full(reading.term, entry)
            conditions = printed(side, entry)
        except Unreadable as e:
            return Said(side, isinstance(e, Meaningless), error=str(e))
        return Said(side, term=reading.term, full=full, slips=reading.slips, printed=conditions)

    def full(self, t: Term, entry: Entry) -> Term:
        """A side down to what it is about: names unfolded, stated rewritings done, stated conditions solved."""
        full = tied(entry.unfolded(t), entry.notation.frames)
        if entry.notation.shift is not None:
            full = worked_out(full, entry.notation.shift, self.decider.normal(entry.notation.context))
        if not entry.given:
            return full
        normal = self.decider.normal(entry.notation.context)
        if entry.number not in self.given:
            self.given[entry.number] = solved(entry.given, entry.notation, normal)
        return put_in(full, self.given[entry.number], normal)

    def _left(self, link: Link, sides: dict[int, Said], entry: Entry, before: Equation | None) -> Said | None:
        if link.left is not None:
            return sides.setdefault(id(link.left), self._said(link.left, entry))
        if before is None:
            return None
        try:
            tail = split(before.latex)[-1].right
        except Unreadable:
            return None
        said = self._said(tail, entry)
        return said

    def _unread(self, e: Equation, entry: Entry, k: int, sign: str, left: str, right: str, why: str) -> Verdict:
        return Verdict(
            id=f"{e.number}#{k}", equation=e.number, section=e.section, relation=sign,
            printed_lhs=left, printed_rhs=right, read=None, reason=f"A side could not be read: {why}.", uses=entry.uses,
        )  # fmt: skip

    # -- one relation sign -------------------------------------------------------------------------

    def _link(
        self,
        e: Equation,
        entry: Entry,
        k: int,
        link: Link,
        left: Said | None,
        right: Said,
        anchor: Said | None,
    ) -> Judged:
        shown_left = left.side.latex if left is not None else ""
        base = Verdict(
            id=f"{e.number}#{k}", equation=e.number, section=e.section, relation=link.relation, printed_lhs=shown_left,
            printed_rhs=right.side.latex, read="printed", uses=entry.uses,
        )  # fmt: skip
        if right.side.dots:
            return Judged(base, right)
        if left is not None and left.error and anchor is not None and anchor is not left and not anchor.error:
            left = anchor  # what the line before says is not known: judged against the derived quantity
        error = (left.error if left is not None else "nothing stands on its left") or right.error
        if left is None or error or left.full is None or right.full is None or left.term is None or right.term is None:
            if right.meaningless or (left is not None and left.meaningless):
                verdict = replace(
                    base,
                    read=None,
                    verdict=Status.ILL_FORMED,
                    fault=Fault.LABEL,
                    reason=f"Has no meaning as printed: {error}.",
                )
                return Judged(verdict, right, agrees=False)
            return Judged(replace(base, read=None, reason=f"A side could not be read: {error}."), right)
        entry = replace(entry, fixed=entry.fixed | right.printed.every) if right.printed.every else entry
        base = replace(base, read_back=(latex(left.term, entry.notation), latex(right.term, entry.notation)))
        sign = entry.relations.get(k, link.relation)
        true_left = left.mended or left.full
        if left.lost and anchor is not None and anchor.full is not None:
            true_left = anchor.full
        if (index := shared(left, right, sign, entry)) is not None:
            return between(self, base, replace(entry, fixed=entry.fixed | index), sign, left.full, right)
        found = self._problems(right, left, true_left, entry)
        introduces = k in entry.defines or 0 in entry.defines
        named = isinstance(left.term, Sym) and left.full == left.term
        if found:
            nearest = moved(self, base, entry, left, right, found) if sign == "=" and k not in entry.nearest else None
            if nearest is not None:
                return Judged(nearest, right, agrees=nearest.severity is Severity.NOTATION)
            near = read_latex(entry.nearest[k], entry.notation) if k in entry.nearest else None
            introduces = (introduces and named) or sign == BECOMES
            return self._ill_formed(base, entry, sign, true_left, right, found, introduces, anchor, near)
        if (introduces and named) or (entry.premise and named and not self._given(left.full, entry)):
            status = Status.PREMISE if entry.premise else Status.DEFINITION
            reason = entry.premise or "introduces the name on its left; nothing to prove"
            return Judged(replace(base, verdict=status, reason=reason), right, agrees=True)
        passes = k in entry.refined  # to a limit of grids
        outcome = (self.decider.refined if passes else self.decider.decide)(true_left, sign, right.full, entry)
        if outcome.status is Status.PROVED and (introduces or entry.premise):
            status = Status.PREMISE if entry.premise else Status.DEFINITION
            reason = entry.premise or "introduces a name; what is printed agrees with the meaning the library gives it"
            verdict = replace(base, verdict=status, reason=reason, evidence=outcome.evidence, scope=outcome.scope)
            return Judged(verdict, right, agrees=True)
        taken = "in its nearest reading" if left.mended is not None else "as the derived quantity" if left.lost else ""
        start = None if passes else anchor
        judged = self.settled(base, entry, sign, true_left, right, outcome, start)
        if not judged.agrees:
            judged.verdict = holds_beyond(
                judged.verdict, self.decider, true_left, sign, right.full, entry, right.printed
            )
        if taken:
            judged.verdict = replace(
                judged.verdict,
                reason=f"{judged.verdict.reason}; the line before, which has no meaning as printed, is taken {taken}",
            )
        return judged

    def _given(self, t: Term, entry: Entry) -> bool:
        """Whether a stated equality says what `t` is."""
        return self.decider.normal(entry.notation.context).ratio(t).term != t

    def _problems(self, right: Said, left: Said, true_left: Term, entry: Entry) -> list[Problem]:
        assert right.term is not None and right.full is not None and left.term is not None
        found = problems(right.term, left.term, entry.notation, entry.fixed)
        unfolded = problems(right.full, true_left, entry.notation, entry.fixed)
        found = [p for p in found if "free" not in p.text and "nothing depends" not in p.text]
        found += [p for p in unfolded if p not in found and ("free" in p.text or p.fault is Fault.CONCEPT)]
        if not found and self.left_over(right.full, entry) and not self.left_over(true_left, entry):
            found.append(Problem(Fault.INDEX, "a parameter is left over that nothing integrates"))
        found += [
            Problem(Fault.EXTRACTION, f"the name ${spelling(a)}$ is declared nowhere; it looks like ${spelling(b)}$")
            for a, b in right.slips
        ]
        return found

    def _slipped(self, judged: Judged, found: list[Problem]) -> Judged:
        """A slip of the extraction, and wrong even when the slip is mended: judged with the slip mended."""
        words = "; ".join(p.text for p in found)
        judged.verdict = replace(judged.verdict, reason=f"{judged.verdict.reason}; besides, {words}")
        return judged

    def left_over(self, t: Term, entry: Entry) -> bool:
        """Whether a parameter stands free after all integrals and minima are done."""
        names = parameters(entry.notation)
        try:
            plain = (
                self.decider.normal(entry.notation.context).ratio(t).term
                if any(isinstance(x, (Int, Min)) for x in walk(t))
                else t
            )
        except Refusal:
            return False
        return bool(names & unbound(plain))

    def _ill_formed(
        self,
        base: Verdict,
        entry: Entry,
        sign: str,
        left: Term,
        right: Said,
        found: list[Problem],
        introduces: bool,
        anchor: Said | None,
        near: Term | None = None,
    ) -> Judged:
        """No meaning as printed: the nearest meaningful reading is judged and shown."""
        assert right.full is not None and right.term is not None
        right.loose = all("free on" in p.text for p in found)
        slips_only = all(p.fault is Fault.EXTRACTION and "declared nowhere" in p.text for p in found)
        every = sign in ORDER and all("free on" in p.text for p in found)  # read: for every value of the free indices
        first = [Repair(found[0].fault, near)] if near is not None else []
        if every or slips_only:
            first.append(Repair(Fault.INDEX if every else Fault.EXTRACTION, right.term, 0))
        nearest = nearest_reading(
            self, left, sign, right, entry, first, introduces, every, anchor.full if anchor is not None else None
        )
        fault = found[0].fault
        words = "; ".join(p.text for p in found)
        if nearest is None:
            right.lost = True
            derived = self.derived(left, entry)
            correction = _erratum(right, derived, near=False)
            verdict = replace(
                base,
                verdict=Status.ILL_FORMED,
                fault=fault,
                reason=f"Has no meaning as printed: {words}.",
                derived=derived,
                correction=correction,
            )
            return Judged(verdict, right, agrees=False)
        repair, outcome, full = nearest
        if outcome.status is Status.UNDECIDED and not slips_only:
            outcome = replace(outcome, reason=outcome.reason.split(" (")[0])
        if slips_only and not (full == right.full and outcome.holds):
            decided = self.decider.decide(left, sign, right.full, entry)
            return self._slipped(self.settled(base, entry, sign, left, right, decided, anchor), found)
        fine = outcome.holds or outcome.status is Status.DEFINITION
        if fine or near is not None:  # what a declared reading is followed by speaks of that reading
            right.mended = full
        else:
            right.lost = True
        shown = reworded(self, repair.term, right, entry)
        if sign in ORDER and full == right.full:
            shown += r" \text{ for every value of the free indices}"
        told = (
            "it holds"
            if outcome.holds
            else f"it {outcome.reason}"
            if fine
            else f"it is {outcome.status.value} ({outcome.reason})"
        )
        if fine:
            better: str | None = shown
        elif sign == "=":
            better = self.derived(left, entry)
        else:
            better = self.leading(left, entry, right.term)
        verdict = replace(
            base, verdict=Status.ILL_FORMED, fault=fault,
            severity=Severity.NOTATION if fine else None, derived=better, witness=outcome.witness,
            correction=_erratum(right, shown if fine else better and _instead(sign, better), near=fine),
            reason=f"Has no meaning as printed: {words}. Read as ${shown}$, {told}.", evidence=outcome.evidence,
        )  # fmt: skip
        return Judged(verdict, right, agrees=fine, repair=repair)

    def settled(
        self,
        base: Verdict,
        entry: Entry,
        sign: str,
        left: Term,
        right: Said,
        outcome: Outcome,
        anchor: Said | None,
    ) -> Judged:
        assert right.full is not None
        verdict = replace(
            base,
            verdict=outcome.status,
            scope=outcome.scope,
            reason=outcome.reason,
            evidence=outcome.evidence,
            witness=outcome.witness,
        )
        agrees = self._agrees(right, sign, outcome, anchor, left, entry)
        if outcome.values:
            shown = ", ".join(f"{name} = {latex(t, entry.notation)}" for name, t in outcome.values)
            verdict = replace(verdict, reason=f"{outcome.reason}: ${shown}$")
        if outcome.status is Status.CONDITIONAL:
            normal = self.decider.normal(entry.notation.context)
            verdict = conditional(verdict, self.library, entry, outcome.needs, left, normal, right.printed)
        repair = None
        if outcome.status is Status.REFUTED:
            if agrees:
                verdict = replace(
                    verdict, witness=_exchanged(verdict.witness), fault=Fault.ALGEBRA, derived=right.side.latex,
                    reason=f"{outcome.reason}; the fault lies in the line before, this line has the derived value",
                )  # fmt: skip
            else:
                verdict, repair = self._corrected(verdict, entry, sign, left, right, anchor)
        elif outcome.status is Status.UNDECIDED and sign in REPAIRED:
            fixed, repair = self.repair(left, sign, right, entry)
            if fixed:
                verdict = replace(verdict, derived=fixed, correction=Correction(printed=right.side.latex, read=fixed))
        elif agrees is False and outcome.holds and anchor is not None:
            target = anchor.mended or anchor.full
            assert target is not None
            fixed, repair = self.repair(target, "=", right, entry)
            if fixed:
                verdict = replace(verdict, derived=fixed, correction=Correction(printed=right.side.latex, read=fixed))
            verdict = replace(
                verdict,
                reason=f"{outcome.reason}; but the line before is not the derived quantity; this one inherits it",
            )
        return Judged(verdict, right, agrees=agrees, repair=repair)

    def _agrees(
        self, right: Said, sign: str, outcome: Outcome, anchor: Said | None, left: Term, entry: Entry
    ) -> bool | None:
        """Whether the right side has the value (or, in a regime, the growth) of what the chain starts from."""
        if anchor is None or anchor.full is None or right.full is None or sign in ORDER:
            return outcome.holds if outcome.status is not Status.UNDECIDED else None
        target = anchor.mended or anchor.full
        if target == left:
            return outcome.holds or outcome.status is Status.CONDITIONAL
        if sign == "=":
            return self.decider.proves_equal(target, right.full, entry)
        return self.decider.decide(target, sign, right.full, entry).holds

    # -- what is right instead ---------------------------------------------------------------------

    def _corrected(
        self, verdict: Verdict, entry: Entry, sign: str, left: Term, right: Said, anchor: Said | None
    ) -> tuple[Verdict, Repair | None]:
        assert right.full is not None
        target = left
        if anchor is not None and (anchor.mended or anchor.full) is not None and sign not in ORDER:
            target = anchor.mended or anchor.full or left
        first = anchor if sign == "=" and anchor is not None and anchor.full == left else None
        label, mended = relabelled(self, first, right, entry, False) if first else (None, None)
        read_as, repair = self.repair(target, sign, right, entry) if sign in REPAIRED and not label else (None, None)
        if left == right.full and sign not in REPAIRED:
            read_as, repair = next_member(self, left, sign, right, entry) or (None, None)
        if first and label is None and repair is None:
            label, mended = relabelled(self, first, right, entry, True)
        if first and label is not None:
            whole = f"{label} = {reworded(self, mended.term, right, entry) if mended else right.side.latex}"
            words = f"{verdict.reason}; the name on the left is the wrong one, it holds for ${label}$"
            words += f" with the other side mended ({mended.fault.value})" if mended else ""
            erratum = Correction(printed=f"{verdict.printed_lhs} = {right.side.latex}", read=whole)
            return replace(verdict, fault=Fault.LABEL, derived=whole, correction=erratum, reason=words), mended
        if read_as is None:
            zero = right.full
            turned = mended_left(
                verdict, zero, entry.notation, lambda t: self.proves(self.full(t, entry), sign, zero, entry)
            )
            if turned is not None:
                return turned, None
        limits = (entry.regime is not None and sign in ORDER) or (sign in ASYMPTOTIC and not entry.proportional_in)
        fault = repair.fault if repair is not None else Fault.ASYMPTOTICS if limits else Fault.ALGEBRA
        if read_as is None:
            derives = sign == "=" or bool(entry.proportional_in)
            read_as = self.derived(target, entry, sign) if derives else self.leading(target, entry, right.term)
        if read_as is None and sign in ORDER:
            other = other_sign(self.decider, left, sign, right.full, entry)
            read_as = other and rf"{SIGN} {SIGNS[other]} \text{{)}}"
        if target != left and sign == "=":  # the witness speaks of the derived quantity, not of the line before
            against = self.decider.decide(target, sign, right.full, entry)
            if against.status is Status.REFUTED:
                verdict = replace(verdict, witness=against.witness)
        if fault is Fault.EXTRACTION:
            words = "looks like a slip of the text extraction (a bar, script or letter in the wrong place)"
            verdict = replace(verdict, reason=f"{verdict.reason}; {words}")
        instead = read_as if repair is not None or read_as is None else _instead(sign, read_as)
        correction = _erratum(right, instead, near=repair is not None)
        return replace(verdict, fault=fault, derived=read_as, correction=correction), repair

    def repair(
        self, target: Term, sign: str, right: Said, entry: Entry, narrow: bool = False
    ) -> tuple[str | None, Repair | None]:
        """The nearest formula that the kernel proves, in the print of the side, and the edit that makes it."""
        return (None, None) if self.case_by_case else nearest(self, target, sign, right, entry, narrow) or (None, None)

    def proves(self, target: Term, sign: str, full: Term, entry: Entry) -> bool:
        """Whether the kernel proves it (quick; no numbers)."""
        if sign == "=":
            return self.decider.proves_equal(target, full, entry)
        if sign == "∝" and entry.proportional_in:
            return proves_proportional(self.decider, target, full, entry)
        return self._quick(target, sign, full, entry)

    def _quick(self, target: Term, sign: str, full: Term, entry: Entry) -> bool:
        if entry.regime is None or sign in ORDER:
            return False
        from derive.kernel.theorem import Statement, Theorem, asymptotic

        regime, context = entry.regime, entry.notation.context
        normal = self.decider.normal(context, coarse=True)
        s = Statement(along(target, regime.path), sign, along(full, regime.path), context, regime.variable)
        try:
            if still_moving(s, regime):
                one_member(replace(s, left=target, right=full), regime, normal)
                return True
            return isinstance(asymptotic(s, normal), Theorem)
        except Refusal:
            return False

    def derived(self, target: Term, entry: Entry, sign: str = "=") -> str | None:
        """The derived quantity: in the library's closed form if the kernel proves it, else as the kernel has it."""
        for _, closed in entry.notation.closed.items():
            try:
                term = self.full(read_latex(closed, entry.notation), entry)
            except Unreadable:
                continue
            if self.proves(target, sign, term, entry):
                return closed
        if sign == "∝":
            return None
        try:
            shown = latex(self.decider.normal(entry.notation.context).ratio(target).term, entry.notation)
        except Refusal:
            return None
        return shown if len(shown) < LONGEST and self.reads(shown, target, sign, entry) else None

    def reads(self, shown: str, target: Term, sign: str, entry: Entry, thorough: bool = True) -> bool:
        """Whether a formula of our own, read in the paper's notation, is what was derived."""
        try:
            term = self.full(read_latex(shown, entry.notation), entry)
        except (Unreadable, Refusal):
            return False
        if self.proves(target, sign, term, entry):
            return thorough or sign != "=" or self.decider.proves_equal(target, term, entry, everywhere=True)
        return thorough and self.decider.decide(target, sign, term, entry).status is Status.PROVED

    def leading(self, target: Term, entry: Entry, like: Term | None = None) -> str | None:
        """Leading term of a quantity in the regime, in the letters of a printed side if one form has them."""
        if entry.regime is None:
            return None
        moved = {p.name for p, _ in entry.regime.path if isinstance(p, Elem)}

        def unlike(closed: str) -> bool:
            sides = (read_latex(closed, entry.notation), like)
            own, printed = (any(isinstance(x, Elem) and x.name in moved for x in walk(t)) for t in sides if t)
            return own != printed

        forms = entry.notation.leading
        for closed in sorted(forms, key=unlike) if like is not None else forms:
            term = self.full(read_latex(closed, entry.notation), entry)
            if self.decider.decide(target, "~", term, entry).holds:
                return closed
        found = leading(self.decider, target, entry)
        shown = latex(found, entry.notation) if found is not None else ""
        return shown if shown and self.reads(shown, target, "~", entry) else None


def _instead(sign: str, leading: str) -> str:
    """What an erratum says: the right form, or that the bound fails and what holds instead."""
    bound = sign in ORDER or sign in ("≳", "≲", "≫", "≪")
    return rf"\text{{no such bound: the left side is}} \sim {leading}" if bound and r"\text" not in leading else leading


def _erratum(right: Said, read_as: str | None, near: bool) -> Correction | None:
    return Correction(printed=right.side.latex, read=read_as, near=near or SIGN in read_as) if read_as else None


def _exchanged(witness: Witness | None) -> Witness | None:
    """The line before is the wrong one: its value is the printed one, this side's the true one."""
    return replace(witness, printed=witness.true, true=witness.printed) if witness and witness.printed else witness
