"""Verdicts: frozen records that say what was found, with the evidence (contract: verdicts.json)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """The eight verdicts."""

    PROVED = "proved"
    SUPPORTED = "supported"
    REFUTED = "refuted"
    CONDITIONAL = "conditional"
    ILL_FORMED = "ill-formed"
    DEFINITION = "definition"
    PREMISE = "premise"
    UNDECIDED = "undecided"


#: A claim with one of these is wrong as printed and gets an erratum.
WRONG = frozenset({Status.REFUTED, Status.CONDITIONAL, Status.ILL_FORMED})

#: Scope of a cross-reference that is right: no statement of mathematics.
LOOKED_UP = "looked up in the print"

#: What each sign means. Written into every report.
MEANINGS = {
    "=": "equal for every value inside the assumptions",
    "~": "the quotient tends to 1 in the regime; where nothing ties several parameters: along every path",
    "∝": "the quotient tends to a finite non-zero limit free of the variable of the regime",
    "≈": "the relative difference tends to 0 in the regime; with a printed decimal, agrees to the printed digits",
    ">": "greater for every value inside the assumptions; inside a regime, from some point on",
    "<": "less for every value inside the assumptions; inside a regime, from some point on",
    "≥": "at least, for every value inside the assumptions; inside a regime, from some point on",
    "≤": "at most, for every value inside the assumptions; inside a regime, from some point on",
    "≳": "the lower limit of the quotient is at least 1",
    "≲": "the upper limit of the quotient is at most 1",
    "≫": "the quotient tends to infinity",
    "≪": "the quotient tends to zero",
    "→": "the limit is the right side",
}


class Fault(StrEnum):
    ALGEBRA = "algebra"
    CONSTANT = "constant"
    ASYMPTOTICS = "asymptotics"
    INDEX = "index"
    SUM_LIMIT = "sum-limit"
    MISSING_FACTOR = "missing-factor"
    SIGN = "sign"
    CROSS_REFERENCE = "cross-reference"
    DOMAIN = "domain"
    CONCEPT = "concept"
    LABEL = "label"
    EXTRACTION = "extraction"


class Severity(StrEnum):
    RESULT = "result"
    STEP = "step"
    NOTATION = "notation"


@dataclass(frozen=True, kw_only=True)
class Correction:
    """An erratum: for … read … (LaTeX)."""

    printed: str
    read: str
    near: bool = True  #: an edit of what is printed; else no formula near it was proved, and this is the derived one


@dataclass(frozen=True, kw_only=True)
class Witness:
    """Where a claim fails: a point with both values, or the limit of the quotient printed/true."""

    point: dict[str, str] | None = None
    printed: str | None = None
    true: str | None = None
    digits: int | None = None
    regime: str | None = None
    limit: str | None = None
    quotients: tuple[tuple[str, str], ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Reached:
    """A claim that depends on this one; `stands` when it holds all the same."""

    claim: str
    stands: bool


@dataclass(frozen=True)
class Step:
    """One line of a derivation: how it stands to the line before, the line itself, and what was used.

    The first line is the quantity itself: it has no relation and no rule.
    """

    relation: str  #: "=" or "~"; empty in the first line
    latex: str
    rule: str  #: "definition of T, (2.29)"; several, joined by semicolons


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What was found about one printed relation sign. Fields as in verdicts.json."""

    id: str  #: "3.23#2"
    equation: str  #: "3.23"
    section: str  #: "3.3"
    relation: str  #: the sign as printed, in plain form: "=", "~", "∝", "≈", ">", …
    printed_lhs: str  #: LaTeX
    printed_rhs: str  #: LaTeX
    read: str | None  #: "printed", "encoded" or None
    read_back: tuple[str, str] | None = None  #: both sides as the reader understood them, LaTeX
    verdict: Status = Status.UNDECIDED
    scope: str | None = None  #: "general", or the instances
    condition: str | None = None
    fault: Fault | None = None
    severity: Severity | None = None
    derived: str | None = None  #: LaTeX of the right form
    correction: Correction | None = None
    witness: Witness | None = None
    rests_on: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    reach: tuple[Reached, ...] = ()
    reason: str = ""
    evidence: tuple[str, ...] = ()  #: the rules applied and the numeric checks made, one sentence each
    derivation: tuple[Step, ...] = ()  #: from the left side to the right form, for a reader to follow by hand
    seconds: float = 0.0

    def __bool__(self) -> bool:
        raise TypeError("a verdict is not a truth value: ask for .verdict")

    def as_json(self) -> dict[str, Any]:
        """The object of verdicts.json; fields that don't apply are null."""
        data = asdict(self)
        if self.correction:
            data["correction"] = {"for": self.correction.printed, "read": self.correction.read}
        if self.witness:
            data["witness"] = {k: v for k, v in asdict(self.witness).items() if v is not None}
        return data

    def as_data(self) -> dict[str, Any]:
        """All of the record as plain data, for the cache and for carrying it between processes."""
        return self.as_json() | {"near": self.correction.near if self.correction else None}


@dataclass(frozen=True, kw_only=True)
class Passage:
    """What a sentence or a table row claims, for a reader who has the paper beside him."""

    where: str  #: "after (3.16)", "row 9": where in its section or table
    says: str  #: in our own words
    printed: bool = False  #: the formula itself is printed; else it is our formal reading
    cue: str = ""  #: a formula or a few words by which the place is found in a copy
    cited: tuple[Cited, ...] = ()  #: a cross-reference: what has to be found where
    also: tuple[str, ...] = ()  #: further claims, LaTeX with \eqref{3.11#3} for a side of a display
    cells: tuple[str, ...] = ()  #: of a table row: its labels, by which it is found
    denied: bool = False  #: what the text says can't be had: the formal reading, proved, refutes it


@dataclass(frozen=True)
class Cited:
    """A cross-reference: displays that the cited place has to hold, told by regular expressions over their LaTeX.

    Attributes
    ----------
    place : "5.4" or "E" for a section with its parts, "(5.17)" for a display; empty: where the one before was found.
    what : what is to be found there, in words.
    left : a side at the start of a chain, whole; any when empty.
    body : somewhere in the display; anything when empty.
    sign : relation signs, of which it has one; any when empty.
    """

    place: str
    what: str
    left: str = ""
    body: str = ""
    sign: str = ""


@dataclass(frozen=True, kw_only=True)
class Equation:
    """A numbered display as printed, or what a passage claims."""

    number: str
    latex: str
    section: str = ""
    line: int | None = None  #: in the reader's own file
    passage: Passage | None = None  #: of a claim in prose or in a table


@dataclass(frozen=True, kw_only=True)
class ConstantRow:
    """One line of the page "Entropy constants": printed against derived."""

    equation: str
    case: str  #: "normal, K = 2"
    printed: str  #: LaTeX
    derived: str  #: LaTeX
    verdict: Status
    claim: str  #: id
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Temperature:
    """A system in a comparison: its true leading law, and how it stands to the next lower one."""

    system: str
    claim: str  #: the printed law
    law: str  #: LaTeX, proved equivalent to the temperature; empty where none was
    rank: int  #: 1 is the highest; systems of one growth share it
    relation: str  #: to the next: "≫", "~" with `factor`, "∝", "?" where nothing was shown, empty for the last
    factor: str  #: LaTeX of the limit of the quotient
    reason: str
    printed: str = ""  #: LaTeX
    verdict: Status | None = None  #: of the printed law as a law of the temperature itself
    told: str = ""  #: why
    curve: tuple[tuple[str, str], ...] = ()  #: the law at sample data: variable, decimal logarithm of the law


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """Temperatures of several systems in one limit, the highest first."""

    title: str
    regime: str
    rows: tuple[Temperature, ...]
    variable: str = ""  #: what grows


@dataclass(frozen=True, kw_only=True)
class Checked:
    """All that one run of `derive check` found: what reports are made from."""

    document: str
    title: str
    authors: str
    source: dict[str, str]  #: {"kind": "builtin" | "file", "sha256": …}
    versions: dict[str, str]
    equations: tuple[Equation, ...]  #: every numbered equation of the source, in order
    verdicts: tuple[Verdict, ...]
    not_judged: tuple[str, ...] = ()  #: numbers of equations outside the present scope
    passages: tuple[Equation, ...] = ()  #: sentences and table rows that were judged
    absent: tuple[str, ...] = ()  #: numbers of passages that this copy of the paper does not hold
    constants: tuple[ConstantRow, ...] = ()
    edges: tuple[tuple[str, str], ...] = field(default=())  #: (used claim, using claim)
    rankings: tuple[Ranking, ...] = ()
    headings: tuple[tuple[str, str], ...] = ()  #: number of a section, what it is about; in the paper's order

    def summary(self) -> dict[str, Any]:
        by_verdict = {s.value: 0 for s in Status}
        for v in self.verdicts:
            by_verdict[v.verdict.value] += 1
        return {
            "equations": len(self.equations),
            "claims": len(self.verdicts),
            "statements": sum(v.equation in {e.number for e in self.passages} for v in self.verdicts),
            "read_from_print": sum(v.read == "printed" for v in self.verdicts),
            "encoded": sum(v.read == "encoded" for v in self.verdicts),
            "not_judged": len(self.not_judged),
            "by_verdict": by_verdict,
            "right": self._right(),
        }

    def _right(self) -> dict[str, int]:
        """How the claims that are right (proved or supported) came to be so; cross-references are counted apart."""
        proved = [v for v in self.verdicts if v.verdict is Status.PROVED]
        supported = [v for v in self.verdicts if v.verdict is Status.SUPPORTED]
        looked_up = sum(v.scope == LOOKED_UP for v in supported)
        return {
            "claims": len(proved) + len(supported) - looked_up,
            "looked_up": looked_up,
            "proved": len(proved),
            "proved_in_general": sum(v.scope == "general" for v in proved),
        }

    def as_json(self) -> dict[str, Any]:
        """The contents of verdicts.json, schema 1."""
        return {
            "schema": 1,
            "document": self.document,
            "source": self.source,
            "versions": self.versions,
            "summary": self.summary(),
            "claims": [v.as_json() for v in self.verdicts],
            "statements": [
                {
                    "id": e.number,
                    "section": e.section,
                    "where": e.passage.where,
                    "says": e.passage.says,
                    "formal": e.latex,
                    "read": "printed" if e.passage.printed else "encoded",
                }
                for e in self.passages
                if e.passage
            ],
            "rankings": [asdict(r) for r in self.rankings],
            "absent": list(self.absent),
            "not_judged": list(self.not_judged),
        }
