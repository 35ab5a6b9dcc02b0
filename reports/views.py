"""The records a template may see: frozen, in words, without anything left to work out."""

from __future__ import annotations

from dataclasses import dataclass

from reports import words


@dataclass(frozen=True)
class Math:
    """A formula in LaTeX, as foreign text: a renderer decides whether it can be set as mathematics."""

    latex: str


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
class WitnessView:
    """Where a claim fails, as sentences, and the quotients printed/true on the way to a limit."""

    sentences: tuple[str, ...]
    quotients: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class ClaimView:
    id: str
    anchor: str
    equation: str
    place: str  #: "(3.9)", "Table 3.9" or "Section 3.2.1 (a)"
    relation: str
    badge: words.Badge
    wrong: bool
    printed: Math
    read: str
    read_back: Math | None
    derived: Math | None
    correction_for: Math | None
    correction_read: Math | None
    scope: str
    condition: str
    fault: str
    fault_meaning: str
    severity: str
    severity_meaning: str
    reason: str
    evidence: tuple[str, ...]
    witness: WitnessView | None
    rests_on: tuple[Link, ...]
    uses: tuple[Link, ...]
    reach: tuple[Link, ...]


@dataclass(frozen=True, kw_only=True)
class ErratumView:
    """One entry of the list of errata; claims with the same correction in one equation share it."""

    number: int
    anchor: str
    place: str
    lead: ClaimView
    claims: tuple[ClaimView, ...]


@dataclass(frozen=True, kw_only=True)
class EquationView:
    number: str
    place: str
    anchor: str
    section: str
    printed: Math | None  #: None for a claim made in prose or a table
    claims: tuple[ClaimView, ...]
    judged: bool
    css: str  #: class names of the verdicts inside, for the filter of the page


@dataclass(frozen=True, kw_only=True)
class ConstantView:
    place: str
    anchor: str
    case: str
    printed: Math
    derived: Math
    badge: words.Badge
    agreement: str
    note: str
    claim: Link


@dataclass(frozen=True, kw_only=True)
class ReportView:
    document: str
    title: str
    authors: str
    source: str
    versions: tuple[tuple[str, str], ...]
    equations_total: int
    claims_total: int
    reading: str
    counts: tuple[Count, ...]
    equations: tuple[EquationView, ...]
    errata: tuple[ErratumView, ...]
    limited: tuple[ClaimView, ...]  #: conditional and ill-formed
    constants: tuple[ConstantView, ...]
    constants_summary: tuple[str, ...]
    not_judged: tuple[str, ...]
    signs: tuple[SignView, ...]
