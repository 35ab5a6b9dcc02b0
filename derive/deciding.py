"""One claim, decided: proposals go to the kernel, and numbers have their say against it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from derive.claim import BECOMES, Entry, Library, Regime, along
from derive.kernel.context import Context
from derive.kernel.definedness import RANGE, Need, open_needs
from derive.kernel.floor import floor
from derive.kernel.grid import refined
from derive.kernel.growth import Limit
from derive.kernel.induction import induction
from derive.kernel.normal import Normal
from derive.kernel.poly import Refusal
from derive.kernel.theorem import (
    Refutation,
    Statement,
    Theorem,
    apart,
    asymptotic,
    disorder,
    equality,
    monotone,
    order,
    refinement,
)
from derive.numeric import Instance, NoNumber, quotient_table
from derive.paths import kept, moved_out, one_member, put_in, still_moving, turned, without_layers, without_minima
from derive.points import (
    POINTS,
    balls,
    cells_opinion,
    far_opinion,
    instance,
    range_met,
    relevant,
    sampled,
    samples,
    second_opinion,
    shown,
    stretched,
    third_opinion,
)
from derive.reader.printer import latex
from derive.rules.antiderivative import antiderivative
from derive.rules.factored import lowest
from derive.rules.normal_equations import stationary_point
from derive.term import (
    ONE,
    ZERO,
    Elem,
    Num,
    Sym,
    Term,
    free,
    neg,
    substitute,
    term,
    walk,
)
from derive.verdict import Status, Witness

ASYMPTOTIC = frozenset("~ ≈ ∝ ≳ ≲ ≫ ≪".split())
ORDER = frozenset("> < ≥ ≤".split())


@dataclass(frozen=True)
class Outcome:
    """What could be shown about one relation between two unfolded terms."""

    status: Status
    reason: str
    evidence: tuple[str, ...] = ()
    scope: str | None = None
    needs: tuple[Need, ...] = ()
    witness: Witness | None = None
    limit: Limit | None = None
    values: tuple[tuple[str, Term], ...] = ()

    @property
    def holds(self) -> bool:
        return self.status in (Status.PROVED, Status.SUPPORTED)


def _from_boundary(s: Statement, above: tuple[str, Term], normal: Normal) -> Outcome:
    steps = tuple(f"kernel: {x}" for x in monotone(s, above[0], above[1], normal).steps)
    return Outcome(Status.PROVED, "it holds on the boundary and the left side grows from there", steps, "general")


class Decider:
    """Decides relations for one library; keeps one normaliser per context, so that work is done once."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._normals: dict[tuple[int, bool], tuple[Context, Normal]] = {}

    def normal(self, context: Context, coarse: bool = False) -> Normal:
        """The normaliser of a context; a coarse one leaves least values as they are, which is enough for limits."""
        known = self._normals.get((id(context), coarse))
        if known is None:
            known = context, Normal(context, None if coarse else stationary_point, antiderivative)
            self._normals[id(context), coarse] = known
        return known[1]

    def proves_equal(self, a: Term, b: Term, entry: Entry, everywhere: bool = False) -> bool:
        """Whether the kernel proves a = b (quick; no numbers), wherever both are defined or `everywhere` that a is."""
        try:
            theorem = equality(Statement(a, "=", b, entry.notation.context), self.normal(entry.notation.context))
        except Refusal:
            return False
        return not (everywhere and theorem.needs)

    def decide(self, left: Term, relation: str, right: Term, entry: Entry) -> Outcome:
        """The outcome for `left relation right` under the entry's assumptions and regime."""
        if relation == BECOMES:
            return Outcome(Status.DEFINITION, "marks a change of the system; nothing is claimed to be equal")
        if relation == "→" and right == ZERO and entry.regime is not None:
            relation, right = "≪", ONE
        if relation == "∝" and entry.proportional_in:
            from derive.proportion import in_proportion

            return in_proportion(self, left, right, entry)
        constants = [Sym(c) for c in entry.constants if c in free(right)]
        try:
            if relation == "=":
                return (
                    self._with_constants(left, right, constants, entry)
                    if constants
                    else self._equal(left, right, entry)
                )
            if relation in ORDER:
                return self._order(left, relation, right, entry)
            if relation in ASYMPTOTIC or relation == "→":
                return self._asymptotic(left, "~" if relation == "→" else relation, right, entry)
        except NoNumber as e:
            return Outcome(Status.UNDECIDED, f"no proof was found and no number could be had: {e}")
        except Refusal as e:
            return Outcome(Status.UNDECIDED, f"the kernel refused: {e}")
        return Outcome(Status.UNDECIDED, f"no rule for the sign {relation}")

    # -- equality ----------------------------------------------------------------------------------

    def _equal(self, left: Term, right: Term, entry: Entry) -> Outcome:
        context = entry.notation.context
        statement = Statement(left, "=", right, context)
        try:
            theorem = self._equality(statement, self.normal(context))
        except Refusal as refusal:
            return self._unequal(statement, entry, str(refusal))
        return self.proved(theorem, left, right, entry)

    def refined(self, left: Term, relation: str, right: Term, entry: Entry) -> Outcome:
        """The outcome for `left → right` as the cells of the entry's grid shrink."""
        context, grid = entry.notation.context, entry.grid
        if grid is None or relation not in ("=", "→"):
            return Outcome(Status.UNDECIDED, f"no grid is refined in {entry.number}, or no rule for {relation}")
        normal = self.normal(context)
        try:
            limit = refined(left, grid, normal)
        except Refusal as e:
            return Outcome(Status.UNDECIDED, f"the limit of the grids is not known: {e}")
        try:
            theorem = refinement(Statement(left, "→", right, context), grid, normal)
        except Refusal as refusal:
            return self._unequal(Statement(limit, "=", right, context), entry, str(refusal))
        proved = self.proved(theorem, limit, right, entry)
        opinion = f"numbers: {cells_opinion(left, right, grid, self.library, entry)}"
        return replace(proved, reason="the limit as the cells shrink", evidence=(*proved.evidence, opinion))

    def _equality(self, s: Statement, normal: Normal) -> Theorem:
        """By normal form, else by induction on one of the whole numbers."""
        try:
            return equality(s, normal)
        except Refusal as refusal:
            for name in sorted(s.context.least):
                try:
                    return induction(s, name, normal)
                except Refusal:
                    continue
            raise refusal from None

    def proved(self, theorem: Theorem, left: Term, right: Term, entry: Entry) -> Outcome:
        opinion = (
            second_opinion(
                left, right, self.library, entry, lambda t: self.plain(t, self.normal(entry.notation.context))
            )
            if not theorem.needs
            else "not evaluated: see the condition"
        )
        evidence = (*(f"kernel: {s}" for s in theorem.steps), f"numbers: {opinion}")
        status = Status.CONDITIONAL if theorem.needs else Status.PROVED
        return Outcome(status, "equal by normal form", evidence, "general", needs=theorem.needs)

    def _unequal(self, s: Statement, entry: Entry, why: str) -> Outcome:
        normal = self.normal(s.context)
        agreed = 0
        reason = why
        for seed in range(POINTS):
            point, (left, right) = self._at(s, entry, seed, normal)
            try:
                a, b = balls(left, right, point, s)
            except NoNumber as e:
                reason = str(e)
                continue
            try:
                refutation = apart(s, a, b)
            except Refusal:
                agreed += 1
                continue
            opinion = third_opinion(s.right, b, self.library, entry, seed, point)
            return Outcome(
                Status.REFUTED,
                "the sides differ at a point inside the assumptions",
                (*(f"kernel: {x}" for x in refutation.steps), f"numbers: {opinion}"),
                "general",
                witness=Witness(
                    point=relevant(point, left, right) | samples(self.library, s.left, s.right),
                    printed=shown(b),
                    true=shown(a),
                    digits=30,
                ),
            )
        if agreed == POINTS:
            return Outcome(
                Status.SUPPORTED,
                f"the sides agree to 30 digits at {agreed} exact points; no proof was found ({why})",
                (f"numbers: enclosures overlap at {agreed} exact points",),
                "the points tried",
            )
        return Outcome(Status.UNDECIDED, f"no proof ({why}) and no point at which both sides have a value ({reason})")

    def _at(self, s: Statement, entry: Entry, seed: int, normal: Normal) -> tuple[Instance, tuple[Term, Term]]:
        """A point, and both sides in a form that can be enclosed there.

        The normal form is taken before open functions are sampled, so that stated equalities apply, and after. Where
        a range of a sum is shorter than empty, the normal form would count it as negative: the side stays as it is.
        """

        def form(t: Term) -> Term:
            return self.plain(sampled(self.plain(t, normal), self.library, entry.notation, seed), normal)

        out = [form(t) for t in (s.left, s.right)]
        point = instance(self.library, entry, (*out, s.left, s.right), seed, grow=seed % 3)
        for k, t in enumerate((s.left, s.right)):
            if not all(range_met(n, point) for n in open_needs(t, normal) if n.relation == RANGE):
                out[k] = sampled(t, self.library, entry.notation, seed)
        return point, (out[0], out[1])

    def plain(self, t: Term, normal: Normal) -> Term:
        """The normal form where the kernel gives one (its integrals done), else the term itself."""
        try:
            return normal.ratio(t).term
        except Refusal:
            return t

    def _with_constants(self, left: Term, right: Term, constants: list[Sym], entry: Entry) -> Outcome:
        from derive.unnamed import with_constants

        return with_constants(self, left, right, constants, entry)

    # -- order -------------------------------------------------------------------------------------

    def _order(self, left: Term, relation: str, right: Term, entry: Entry) -> Outcome:
        context, regime = entry.notation.context, entry.regime
        normal = self.normal(context, coarse=regime is not None)
        whole = Statement(left, relation, right, context, regime.variable if regime else None)
        if regime is not None:
            left, right = along(left, regime.path), along(right, regime.path)
        statement = Statement(left, relation, right, context, regime.variable if regime else None)
        if regime is not None and still_moving(statement, regime):
            return self._order_in_regime(whole, entry, "only one member of a family grows")
        if regime is not None and regime.above is not None and regime.above[0] in free(left) | free(right):
            return self._order_above(statement, regime.above, entry)
        try:
            theorem = order(statement, normal)
            evidence = tuple(f"kernel: {s}" for s in theorem.steps)
            return Outcome(Status.PROVED, "the difference is positive", evidence, "general")
        except Refusal as e:
            why = str(e)
        if regime is not None:
            return self._order_in_regime(statement, entry, why)
        return self._order_at_points(statement, entry, why)

    def _order_above(self, s: Statement, above: tuple[str, Term], entry: Entry) -> Outcome:
        """An order that holds a second, only bounded parameter: for all its values, or else on single paths.

        The second parameter is no constant of the regime, so that leading terms in the first say nothing about it.
        """
        normal, name = self.normal(s.context, coarse=True), Sym(above[0])
        alone = (s.variable or "") not in free(s.left) | free(s.right)
        try:
            theorem = order(replace(s, variable=above[0] if alone else None), normal)
            evidence = tuple(f"kernel: {x}" for x in theorem.steps)
            return Outcome(Status.PROVED, "the difference is positive", evidence, "general")
        except Refusal as e:
            why = str(e)
        try:
            return _from_boundary(s, above, normal)
        except Refusal as e:
            why = str(e)
        held = 0
        for path in (above[1], above[1] * Sym(s.variable or "")):
            at = replace(s, left=substitute(s.left, {name: path}), right=substitute(s.right, {name: path}))
            try:
                order(at, normal)
                held += 1
            except Refusal as e:
                outcome = self._order_in_regime(at, entry, str(e))
                if outcome.status is Status.REFUTED:
                    return outcome
                held += outcome.status is Status.SUPPORTED
        if held == 2:
            return Outcome(
                Status.SUPPORTED, f"holds on two paths of {above[0]}; not shown for all ({why})", (), "two paths"
            )
        return Outcome(Status.UNDECIDED, f"not settled for every path of {above[0]} ({why})")

    def _order_in_regime(self, s: Statement, entry: Entry, why: str) -> Outcome:
        normal = self.normal(s.context, coarse=True)
        assert entry.regime is not None
        try:
            if still_moving(s, entry.regime):
                raise Refusal(why)
            refutation = disorder(s, normal)
            return self._refuted_limit(refutation, s, entry)
        except Refusal:
            pass
        held, tries = 0, 8 * POINTS
        for seed in range(tries):
            fixed, inner, point = self._numeric(s, entry, seed)
            try:
                refutation = disorder(fixed, inner)
            except Refusal as e:
                why = str(e)
            else:
                return self._refuted_limit(refutation, s, entry, seed, (fixed, inner, point))
            try:
                order(fixed, inner)
                held += 1
            except Refusal as e:
                why = str(e)
        if held == tries:
            reason = f"from some point on for {held} sets of exact data; not settled for all ({why})"
            return Outcome(Status.SUPPORTED, reason, (), "the data sets tried")
        return Outcome(Status.UNDECIDED, f"the sign of the difference could not be settled ({why})")

    def _order_at_points(self, s: Statement, entry: Entry, why: str) -> Outcome:
        normal = self.normal(s.context)
        held = 0
        for seed in range(20 * POINTS):
            point, (left, right) = self._at(s, entry, seed, normal)
            point = stretched(point, entry, self.library, seed)
            try:
                a, b = balls(left, right, point)
            except NoNumber as e:
                why = str(e)
                continue
            try:
                apart(s, a, b)
            except Refusal:
                held += 1
                continue
            fails = "is no strict one, the sides are equal," if a.overlaps(b) else "is reversed"
            return Outcome(
                Status.REFUTED,
                f"the order {fails} at a point inside the assumptions",
                ("kernel: enclosures at a point",),
                "general",
                witness=Witness(point=relevant(point, left, right), printed=shown(b), true=shown(a), digits=30),
            )
        if held:
            return Outcome(
                Status.SUPPORTED,
                f"holds at {held} points; no proof was found ({why})",
                (),
                "the points tried",
            )
        return Outcome(Status.UNDECIDED, f"the sign of the difference could not be settled ({why})")

    # -- limits ------------------------------------------------------------------------------------

    def _asymptotic(self, left: Term, relation: str, right: Term, entry: Entry) -> Outcome:
        regime, context = entry.regime, entry.notation.context
        normal = self.normal(context)
        if relation in ("~", "≈", "≳", "≲"):
            try:
                theorem = equality(Statement(left, "=", right, context), normal)
                if not theorem.needs:
                    return self.proved(theorem, left, right, entry)
            except Refusal:
                pass
        if regime is None:
            return Outcome(Status.UNDECIDED, f"the sign {relation} needs a regime and none is declared")
        whole = Statement(left, relation, right, context, regime.variable)
        left, right = along(left, regime.path), along(right, regime.path)
        statement = Statement(left, relation, right, context, regime.variable)
        if still_moving(statement, regime):
            return self._one_member(whole, regime, entry)
        if regime.above is not None and regime.above[0] in free(left) | free(right):
            if regime.variable in free(left) | free(right):
                return self._each_member(whole, regime, entry) or self._bounded(statement, regime.above, entry)
            # only the second parameter is left: it goes to infinity with the first, along whatever path
            statement = replace(statement, variable=regime.above[0])
        try:
            found = asymptotic(statement, self.normal(context, coarse=True))
        except Refusal as e:
            return self._where_nonzero(statement, entry) or self._asymptotic_at_points(statement, entry, str(e))
        if isinstance(found, Refutation):
            return self._refuted_limit(found, statement, entry)
        evidence = (*(f"kernel: {s}" for s in found.steps), self._far(statement, entry))
        return Outcome(Status.PROVED, f"the limit settles it: {regime.text}", evidence, "general")

    def _one_member(self, s: Statement, regime: Regime, entry: Entry) -> Outcome:
        """One member of a family grows, the others are held: in general, or else at exact data."""
        try:
            statement, theorem = one_member(s, regime, self.normal(s.context, coarse=True))
        except Refusal as e:
            return self._asymptotic_at_points(s, entry, str(e))
        evidence = (*(f"kernel: {x}" for x in theorem.steps), self._far(statement, entry))
        return Outcome(Status.PROVED, f"the limit settles it: {regime.text}", evidence, "general")

    def _where_nonzero(self, s: Statement, entry: Entry) -> Outcome | None:
        """Proved where one datum is not zero: for positive values by the kernel, for negative ones by symmetry.

        At zero the claim is tried apart: a refutation there makes it conditional.
        """
        families = {f.name for f in entry.notation.families.values()}
        for name in sorted(families & (free(s.left) | free(s.right))):
            elements = {x for t in (s.left, s.right) for x in walk(t) if isinstance(x, Elem) and x.name == name}
            if s.context.sign(name) != "real" or len(elements) != 1:
                continue
            (element,) = elements
            context = replace(s.context, signs={**s.context.signs, name: "positive"})
            normal = self.normal(s.context, coarse=True)
            try:
                even = all(normal.equal(t, turned(t, name, neg)) for t in (s.left, s.right))
                found = asymptotic(replace(s, context=context), Normal(context, None)) if even else None
            except Refusal:
                continue
            if not isinstance(found, Theorem):
                continue
            evidence = tuple(f"kernel: {x}" for x in found.steps)
            letter = latex(element, entry.notation)
            left, right = (turned(t, name, lambda _: Num(Fraction(0))) for t in (s.left, s.right))
            zero = replace(s, left=left, right=right)
            try:
                if isinstance(asymptotic(zero, normal), Refutation):
                    needs = (Need(element, "≠ 0"),)
                    return Outcome(Status.CONDITIONAL, f"holds where ${letter}$ is not 0", evidence, "general", needs)
                return Outcome(Status.PROVED, "the limit settles it, at zero and elsewhere", evidence, "general")
            except Refusal as e:
                why = f"at 0 it is not settled: {e}"
            reason = f"proved where ${letter}$ is not 0 (both sides are even in it); {why}"
            return Outcome(Status.SUPPORTED, reason, evidence, f"{name} not zero")
        return None

    def _each_member(self, s: Statement, regime: Regime, entry: Entry) -> Outcome | None:
        """A lower bound with every member of the bounded family on a path of its own."""
        assert regime.above is not None
        name, boundary = regime.above
        path = tuple(p for p in regime.path if p[1] != Sym(name))
        at = replace(s, left=along(s.left, path), right=along(s.right, path))
        try:
            theorem = floor(at, name, boundary, self.normal(s.context, coarse=True))
        except Refusal:
            return None
        evidence = tuple(f"kernel: {x}" for x in theorem.steps)
        reason = f"the bound holds where every {name}_j is least, and the left side grows with each of them"
        return Outcome(Status.PROVED, reason, evidence, "general")

    def _bounded(self, s: Statement, above: tuple[str, Term], entry: Entry) -> Outcome:
        """A second parameter with a lower bound, free to grow faster: the bound is tried on its boundary and beyond.

        One path refutes. That a lower bound holds on the boundary supports it; that the left side grows from there
        proves it.
        """
        normal, name = self.normal(s.context, coarse=True), Sym(above[0])
        try:
            return _from_boundary(s, above, normal)
        except Refusal as e:
            why = str(e)
        held = 0
        for path in (above[1], above[1] * Sym(s.variable or "")):
            at = replace(s, left=substitute(s.left, {name: path}), right=substitute(s.right, {name: path}))
            try:
                found = asymptotic(at, normal)
            except Refusal as e:
                outcome = self._asymptotic_at_points(at, entry, str(e))
                if outcome.status is Status.REFUTED:
                    return outcome
                held += outcome.status is Status.SUPPORTED
                continue
            if isinstance(found, Refutation):
                return self._refuted_limit(found, at, entry)
            held += 1
        if held == 2 and s.relation in ("≳", "≥", ">"):
            reason = f"holds on the boundary of the range and on a faster path; not shown for all paths ({why})"
            return Outcome(Status.SUPPORTED, reason, (), "two paths")
        return Outcome(Status.UNDECIDED, f"not settled for every path of {above[0]} ({why})")

    def _asymptotic_at_points(self, s: Statement, entry: Entry, why: str) -> Outcome:
        held, settled = 0, s
        for seed in range(2 * POINTS):
            fixed, inner, point = self._numeric(s, entry, seed)
            try:
                found = asymptotic(fixed, inner)
            except Refusal as e:
                why = str(e)
                continue
            if isinstance(found, Refutation):
                return self._refuted_limit(found, s, entry, seed, (fixed, inner, point))
            held, settled = held + 1, fixed
        if held:
            return Outcome(
                Status.SUPPORTED,
                f"the limit is right for {held} sets of exact data; not settled for all ({why})",
                (self._far(settled, entry),),
                "the data sets tried",
            )
        return Outcome(Status.UNDECIDED, f"the limit could not be settled ({why})")

    def _numeric(self, s: Statement, entry: Entry, seed: int) -> tuple[Statement, Normal, Instance]:
        """The statement with exact data put in for everything but the variable of the regime."""
        s = without_layers(s, lambda t: self.plain(t, self.normal(s.context, coarse=True)))
        point = instance(self.library, entry, (s.left, s.right), seed, grow=seed % 3)
        if seed:  # the first data are plain, the others stretched: what holds for middling data may fail
            point = stretched(point, entry, self.library, seed)
        context = Context(s.context.signs, {}, (), s.context.wild, (), s.context.even)
        pins: dict[Term, Term] = {
            Sym(i): term(1 + seed % 2)
            for i in (free(s.left) | free(s.right) | entry.fixed) & set(entry.notation.ranges)
        }
        path = entry.regime.path if entry.regime else ()
        path = tuple((substitute(a, pins), b) for a, b in path)
        held = kept(point, {x.name for a, _ in path for x in walk(a) if isinstance(x, (Elem, Sym))})
        left, right = (along(put_in(substitute(t, pins), held, s.variable or ""), path) for t in (s.left, s.right))
        left, right = (put_in(t, point, s.variable or "") for t in (left, right))
        return Statement(left, s.relation, right, context, s.variable), Normal(context, stationary_point), point

    def _refuted_limit(
        self,
        r: Refutation,
        s: Statement,
        entry: Entry,
        seed: int = 0,
        exact: tuple[Statement, Normal, Instance] | None = None,
    ) -> Outcome:
        """A refutation by a limit: for all data, or (`exact`) at one set of exact data, which is enough."""
        assert entry.regime is not None
        if exact is None:
            left, right = (sampled(t, self.library, entry.notation, seed) for t in (s.left, s.right))
            left, right = (along(t, entry.regime.path) for t in (left, right))
            normal, point = self.normal(s.context, coarse=True), instance(self.library, entry, (left, right), seed)
        else:
            numeric, normal, point = exact
            left, right = numeric.left, numeric.right
        table: tuple[tuple[str, str], ...] | None
        printed, true = (without_minima(self.plain(t, normal)) for t in (right, left))
        try:
            table = quotient_table(printed, true, point, entry.regime.variable)
        except NoNumber:
            table = None
        limit, kind = r.limit, r.limit.kind if r.limit else "unknown"
        told = {"zero": "∞", "infinite": "0"}.get(kind, kind)
        if limit is not None and limit.value is not None:
            told = latex(lowest(limit.value.inverse(), normal), entry.notation)
        told_apart = {
            "zero": "the printed side grows faster than the true one",
            "infinite": "the printed side grows more slowly than the true one",
            "finite": "the quotient tends to a constant other than 1",
        }
        reason = told_apart.get(kind, "the leading term of the difference has the wrong sign")
        if kind == "finite" and s.relation in ORDER:
            reason = "the order is reversed from some point on"
        elif kind == "finite" and s.relation in ("≫", "≪"):
            reason = "the quotient tends to a finite number other than 0"
        return Outcome(
            Status.REFUTED,
            reason,
            (
                *(f"kernel: {x}" for x in r.steps),
                "numbers: quotients are printed/true at one set of exact data; a least energy, a constant, counts as 0",
            ),
            "general",
            witness=Witness(
                regime=f"{entry.regime.text} (at one set of exact data)" if exact else entry.regime.text,
                point=moved_out(relevant(point, s.left, s.right), entry.regime) if exact else None,
                limit=told,
                quotients=table,
            ),
            limit=limit,
        )

    def _far(self, s: Statement, entry: Entry) -> str:
        return far_opinion(s, self.library, entry, lambda t: self.plain(t, self.normal(s.context, coarse=True)))
