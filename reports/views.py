"""The records a template may see: frozen, in words, without anything left to work out."""

from __future__ import annotations

from dataclasses import dataclass

from reports import words


@dataclass(frozen=True)
class Math:
    """A formula in LaTeX, as foreign text: a renderer decides whether it can be set as mathematics."""

    latex: str
    plain: str = ""  #: the same for a terminal, where that is shorter


@dataclass(frozen=True)
class Prose:
    """A sentence with formulas in it: text and `Math` in turn."""

    parts: tuple[str | Math, ...]

    def __bool__(self) -> bool:
        return bool(self.parts)

    def __str__(self) -> str:
        return "".join(p if isinstance(p, str) else p.plain or f"${p.latex}$" for p in self.parts)


@dataclass(frozen=True, kw_only=True)
class SignView:
    math: Math
    plain: str
    meaning: str


@dataclass(frozen=True, kw_only=True)
class Count:
    badge: words.Badge
    number: int


@dataclass(frozen=True, kw_only=True)
class Link:
    """A reference to another claim, with a word about it ("stands", "falls" or nothing)."""

    claim: str
    anchor: str
    word: str = ""
    css: str = ""


@dataclass(frozen=True, kw_only=True)
class Plot:
    """Quotients printed/derived along a parameter, in a square of side 1."""

    label: str  #: what the height shows
    points: tuple[tuple[float, float], ...]
    across: tuple[tuple[float, str], ...]  #: places of the marks and what they say
    up: tuple[tuple[float, str], ...]
    level: float  #: height at which printed and derived agree


@dataclass(frozen=True, kw_only=True)
class Curve:
    """A law of a temperature: its points, and where its name stands at the right edge."""

    name: str
    points: tuple[tuple[float, float], ...]
    label: float


@dataclass(frozen=True, kw_only=True)
class LawsPlot:
    """Laws of temperatures along their scale, both axes logarithmic, in a square of side 1."""

    variable: str  #: "σ" or "l"
    curves: tuple[Curve, ...]
    across: tuple[tuple[float, str], ...]
    up: tuple[tuple[float, str], ...]


@dataclass(frozen=True, kw_only=True)
class WitnessView:
    """Where a claim fails, as sentences, and the quotients printed/true on the way to a limit."""

    sentences: tuple[Prose, ...]
    quotients: tuple[tuple[str, str], ...]
    plot: Plot | None


@dataclass(frozen=True, kw_only=True)
class TemperatureView:
    """A system in a comparison: the printed law with its verdict, the true one, and the step to the next."""

    rank: str
    system: str
    claim: Link | None
    printed: Math | None
    badge: words.Badge | None  #: of the printed law as a law of the temperature itself
    told: str
    law: Math | None
    against: Math | None  #: how it stands to the next row


@dataclass(frozen=True, kw_only=True)
class RankingView:
    title: str
    regime: Prose
    rows: tuple[TemperatureView, ...]
    plot: LawsPlot | None
    sentences: tuple[Prose, ...]  #: equalities up to a factor, and what was not shown


@dataclass(frozen=True, kw_only=True)
class StepView:
    """A line of a derivation: the sign, the formula that follows it, and the rule by which it does."""

    relation: Math | None  #: None for the first line, the quantity itself
    formula: Math
    rule: Prose  #: empty in the first line


@dataclass(frozen=True, kw_only=True)
class ChangeView:
    """The smallest part of a formula that an erratum changes."""

    printed: Math
    read: Math
    times: int = 1  #: in so many places of the formula

    @property
    def everywhere(self) -> str:
        """What is said besides where it changes in several places."""
        return f" ({self.times} times)" if self.times > 1 else ""


@dataclass(frozen=True, kw_only=True)
class ClaimView:
    id: str
    anchor: str
    equation: str
    place: str  #: "(3.9)", "Table 3.9" or "Section 3.2.1 (a)"
    relation: str
    badge: words.Badge
    wrong: bool
    section: str
    left: Math
    right: Math
    printed: Math  #: both sides with the sign
    read: str
    read_back: Math | None
    read_sides: tuple[Math, Math] | None
    derived: Math | None
    correction_for: Math | None
    correction_read: Math | None
    near: bool  #: the right form is an edit of the printed one
    scope: str
    condition: Prose
    fault: str
    fault_meaning: str
    severity: str
    severity_meaning: str
    reason: Prose
    evidence: tuple[Prose, ...]
    witness: WitnessView | None
    derivation: tuple[StepView, ...]
    rests_on: tuple[Link, ...]
    uses: tuple[Link, ...]
    falls: tuple[Link, ...]
    stands: tuple[Link, ...]
    seconds: float

    @property
    def link(self) -> Link:
        return Link(claim=self.id, anchor=self.anchor)


@dataclass(frozen=True, kw_only=True)
class Edit:
    """For … read …, in the line after a wrong one that repeats its fault."""

    claim: Link
    printed: Math
    read: Math
    changes: tuple[ChangeView, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ErratumView:
    """One wrong line of the paper, and every relation sign that it breaks."""

    number: int
    anchor: str
    place: str
    lead: ClaimView
    reason: Prose  #: of the lead, without repeating the correction
    adds: Prose  #: the condition to add, where that alone is missing
    also: tuple[ClaimView, ...]  #: other claims that the same correction mends
    broken: tuple[Link, ...]  #: signs whose other side is right: they fail through this line only
    carried: tuple[Edit, ...]  #: lines after it that repeat the fault
    where: str  #: "(3.9), second sign": the place, and the sign where its display has several
    why: Prose  #: one sentence: the fault, and how it shows at the witness
    falls: tuple[Link, ...]  #: equations and statements that rest on it and are wrong as well
    stands: tuple[Link, ...]  #: those that rest on it and hold when derived anew
    says: Prose = Prose(())  #: of a claim in the text or a table: what it says, in our words
    changes: tuple[ChangeView, ...] = ()  #: the smallest parts that change; empty where the whole side does
    remark: str = ""  #: a sentence on where the right form comes from, when nothing near the printed one holds

    @property
    def claims(self) -> tuple[ClaimView, ...]:
        return (self.lead, *self.also)

    @property
    def adds_to(self) -> Math:
        """What the condition is added to."""
        return self.lead.printed


@dataclass(frozen=True, kw_only=True)
class ErrataGroup:
    """Errata of one weight, for the overview before the list."""

    name: str
    meaning: str
    errata: tuple[ErratumView, ...]


@dataclass(frozen=True, kw_only=True)
class LimitedView:
    """A conditional or ill-formed claim, and the erratum that mends it."""

    claim: ClaimView
    erratum: Link


@dataclass(frozen=True, kw_only=True)
class NodeView:
    """An equation of the derivation graph, in words: what it uses, what uses it."""

    place: str
    anchor: str
    badges: tuple[words.Badge, ...]
    uses: tuple[Link, ...]
    used_by: tuple[Link, ...]

    @property
    def badge(self) -> words.Badge:
        return words.weightiest(self.badges)


@dataclass(frozen=True, kw_only=True)
class NoteView:
    """A note in the margin: signs of one display that have the same verdict and the same erratum."""

    badge: words.Badge
    numbers: tuple[int, ...]
    signs: str  #: "1–3"; empty where the display has one sign
    scope: str  #: the instances it was shown for, where that is less than all
    erratum: Link | None


@dataclass(frozen=True, kw_only=True)
class RemarkView:
    """What is told below a display of one of its signs, or of several with the same reason."""

    badge: words.Badge
    signs: str
    reason: Prose  #: empty where the erratum gives it
    condition: Prose
    witness: WitnessView | None
    derivation: tuple[StepView, ...]
    follows: Link | None  #: where its first lines stand, and all of them if none is given here

    @property
    def told(self) -> bool:
        """Whether there is more than a derivation."""
        return bool(self.reason or self.condition or self.witness or (self.follows and not self.derivation))


@dataclass(frozen=True, kw_only=True)
class EquationView:
    number: str
    place: str
    anchor: str
    section: str
    printed: Math | None  #: for a statement its formal reading, None for a cross-reference
    claims: tuple[ClaimView, ...]
    judged: bool
    css: str  #: class names of the verdicts inside, for the filter of the page
    marked: Math | None = None  #: `printed`, its signs marked for `reports.marks`: mark k belongs to claim k
    errata: tuple[Link, ...] = ()  #: the errata of its claims
    notes: tuple[NoteView, ...] = ()  #: for the margin
    remarks: tuple[RemarkView, ...] = ()  #: for the lines below
    severities: str = ""  #: class names of the severities inside, for the filter of the page
    where: str = ""  #: of a statement: where it stands
    says: Prose = Prose(())  #: of a statement: what the paper says, in our words

    @property
    def plots(self) -> tuple[tuple[str, Plot], ...]:
        """The quotients of its witnesses, each with the signs that have it."""
        found: dict[Plot, list[str]] = {}
        for r in self.remarks:
            if r.witness and r.witness.plot:
                found.setdefault(r.witness.plot, []).append(r.signs)
        return tuple((", ".join(filter(None, signs)), plot) for plot, signs in found.items())


@dataclass(frozen=True, kw_only=True)
class SectionView:
    """A section of the paper: its displays and its statements, in the paper's order."""

    number: str
    place: str  #: "Section 3.1", "Appendix B" or "Table 3"
    title: str  #: in our own words
    anchor: str
    level: int  #: 1 for a section, 2 for a subsection, …
    equations: tuple[EquationView, ...]
    statements: tuple[EquationView, ...]

    @property
    def wrong(self) -> int:
        """How many of its claims don't stand as printed."""
        return sum(c.wrong for e in (*self.equations, *self.statements) for c in e.claims)


@dataclass(frozen=True, kw_only=True)
class RowView:
    """A row of a printed table: the law as printed and as it should be."""

    place: str
    anchor: str
    where: str
    printed: Math
    read: Math | None  #: None where the printed law stands
    badge: words.Badge
    claim: Link
    erratum: Link | None


@dataclass(frozen=True, kw_only=True)
class TableView:
    title: str
    rows: tuple[RowView, ...]


@dataclass(frozen=True, kw_only=True)
class ConstantView:
    place: str
    anchor: str
    case: str
    printed: Math
    derived: Math
    badge: words.Badge
    agreement: str
    note: Prose
    claim: Link


@dataclass(frozen=True, kw_only=True)
class ReportView:
    document: str
    title: str
    authors: str
    source: str
    versions: tuple[tuple[str, str], ...]
    extent: str  #: how much of the paper was judged, a sentence
    reading: str
    right: str  #: which of the right claims are proved, a sentence
    stated: str  #: how the statements in text and tables came out, a sentence
    counts: tuple[Count, ...]
    equations: tuple[EquationView, ...]
    statements: tuple[EquationView, ...]  #: claims in prose and in tables
    absent: tuple[str, ...]  #: statements that this copy does not hold
    sections: tuple[SectionView, ...]  #: all of them again, by section
    tables: tuple[TableView, ...]  #: printed tables of formulas
    errata: tuple[ErratumView, ...]
    groups: tuple[ErrataGroup, ...]
    limited: tuple[LimitedView, ...]  #: conditional and ill-formed
    nodes: tuple[NodeView, ...]
    edges: tuple[tuple[str, str], ...]  #: anchors of claims: used, using
    constants: tuple[ConstantView, ...]
    constants_summary: tuple[str, ...]
    rankings: tuple[RankingView, ...]
    not_judged: tuple[str, ...]
    signs: tuple[SignView, ...]
