"""The words every report uses: what a sign means, what a verdict means, how a fault is called.

They stand here once, so that the page, the PDF, the list of errata and the terminal can't disagree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from derive.verdict import MEANINGS, Fault, Severity, Status


@dataclass(frozen=True, kw_only=True)
class Sign:
    """A relation sign: how it is written in plain text and LaTeX, and when it holds."""

    plain: str
    latex: str
    meaning: str


@dataclass(frozen=True, kw_only=True)
class Badge:
    """How a verdict is shown. `css` is a class name, `tone` the name of a colour in each renderer."""

    label: str
    symbol: str
    css: str
    tone: str
    meaning: str


_LATEX = {
    "=": "=", "~": r"\sim", "∝": r"\propto", "≈": r"\approx", "→": r"\to", ">": ">", "<": "<",
    "≥": r"\geq", "≤": r"\leq", "≳": r"\gtrsim", "≲": r"\lesssim", "≫": r"\gg", "≪": r"\ll",
}  # fmt: skip
SIGNS: tuple[Sign, ...] = tuple(
    Sign(plain=sign, latex=_LATEX[sign], meaning=meaning) for sign, meaning in MEANINGS.items()
)

SIGN_LATEX: dict[str, str] = {s.plain: s.latex for s in SIGNS} | {
    "∼": r"\sim",
    "∈": r"\in",
    "≠": r"\neq",
    "≡": r"\equiv",
    "≃": r"\simeq",
    "⟷": r"\longleftrightarrow",
    "↔": r"\leftrightarrow",
    "⇒": r"\Rightarrow",
    ":=": ":=",
}

BADGES: dict[Status, Badge] = {
    Status.PROVED: Badge(
        label="proved",
        symbol="✓",
        css="proved",
        tone="green",
        meaning="every step was re-checked by the kernel, for all values inside the assumptions",
    ),
    Status.SUPPORTED: Badge(
        label="supported",
        symbol="◐",
        css="supported",
        tone="teal",
        meaning="derived by the engine, or confirmed by numbers, but at least one step is not "
        "kernel-checked; the evidence says which",
    ),
    Status.REFUTED: Badge(
        label="refuted",
        symbol="✗",
        css="refuted",
        tone="red",
        meaning="fails: at a point where both values are enclosed in disjoint intervals, or in the limit of "
        "the quotient",
    ),
    Status.CONDITIONAL: Badge(
        label="conditional",
        symbol="◇",
        css="conditional",
        tone="orange",
        meaning="true on a part of the assumptions only; the condition is given, with a witness outside it",
    ),
    Status.ILL_FORMED: Badge(
        label="ill-formed",
        symbol="⊘",
        css="ill-formed",
        tone="purple",
        meaning="has no meaning as printed; the nearest meaningful reading is judged and shown instead",
    ),
    Status.DEFINITION: Badge(
        label="definition",
        symbol="≔",
        css="definition",
        tone="grey",
        meaning="introduces a name; there is nothing to prove",
    ),
    Status.PREMISE: Badge(
        label="premise",
        symbol="⊢",
        css="premise",
        tone="grey",
        meaning="a law, principle or cited result taken as given; listed with what rests on it",
    ),
    Status.UNDECIDED: Badge(
        label="undecided",
        symbol="?",
        css="undecided",
        tone="blue",
        meaning="none of the other verdicts could be shown; the reason says what was tried",
    ),
}

#: What a display is shown as when its signs differ: the first of these.
_WEIGHTS = (
    Status.REFUTED, Status.ILL_FORMED, Status.CONDITIONAL, Status.UNDECIDED, Status.SUPPORTED, Status.PROVED,
    Status.PREMISE, Status.DEFINITION,
)  # fmt: skip


def weightiest(badges: Iterable[Badge]) -> Badge:
    """The badge of a display among those of its signs."""
    order = [BADGES[s] for s in _WEIGHTS]
    return min(badges, key=order.index)


#: Scopes as a note in the margin has them.
BRIEF_SCOPES = {"general": "", "looked up in the print": "looked up"}
#: Verdicts that need no words beside their mark where the reason is a plain one.
QUIET = frozenset({BADGES[Status.PROVED], BADGES[Status.DEFINITION]})
PLAIN_REASONS = frozenset(
    {
        "Equal by normal form.",
        "The difference is positive.",
        "Introduces the name on its left; nothing to prove.",
        "Introduces a name; what is printed agrees with the meaning the library gives it.",
    }
)
#: How a looked-up cross-reference ends its reason; the page on methods says it once for all.
LOOKED_UP = "; looked up in the print, nothing to prove."

#: How a row of the page "Entropy constants" stands; statuses not named here are not settled.
AGREEMENT: dict[Status, str] = {
    Status.PROVED: "agrees",
    Status.SUPPORTED: "agrees",
    Status.REFUTED: "differs",
    Status.CONDITIONAL: "agrees under a condition only",
    Status.ILL_FORMED: "has no meaning as printed",
}
NOT_SETTLED = "not settled"

FAULTS: dict[Fault, str] = {
    Fault.ALGEBRA: "a slip of algebra",
    Fault.CONSTANT: "a wrong constant",
    Fault.ASYMPTOTICS: "a wrong leading term",
    Fault.INDEX: "a wrong or missing index",
    Fault.SUM_LIMIT: "a wrong limit of a sum",
    Fault.MISSING_FACTOR: "a factor missing or too many",
    Fault.SIGN: "a wrong sign",
    Fault.CROSS_REFERENCE: "a wrong cross-reference",
    Fault.DOMAIN: "a condition on the domain is missing",
    Fault.CONCEPT: "a misuse of a concept",
    Fault.LABEL: "a wrong name or label",
    Fault.EXTRACTION: "probably a slip of the text extraction, not of the author",
}

#: How the engine says that a claim fails, and what an erratum says in its place; {fault} is the fault in words.
FAILS: dict[str, str] = {
    "The sides differ at a point inside the assumptions": "{fault}; the sides differ at the witness",
    "The quotient tends to a constant other than 1": "{fault}; the quotient printed/true does not tend to 1",
    "The printed side grows faster than the true one": "{fault}; the printed side grows faster than the true one",
    "The printed side grows more slowly than the true one": "{fault}; the printed side grows more slowly than the "
    "true one",
}
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")

SEVERITIES: dict[Severity, str] = {
    Severity.RESULT: "a stated result or conclusion falls",
    Severity.STEP: "a printed line is wrong; the results after it stand",
    Severity.NOTATION: "a matter of notation",
}

EXTRACTION = "text extraction"
UNWEIGHED = "not weighed"
#: The overview of the errata, weightiest first.
GROUPS: dict[str, str] = {s.value: m for s, m in SEVERITIES.items()} | {
    EXTRACTION: "probably slips of the text extraction, not of the author",
    UNWEIGHED: "no severity is given",
}

READ: dict[str | None, str] = {
    "printed": "read from print",
    "encoded": "given by the library in place of the print (the reason says why)",
    None: "no expression needed",
}

#: Letters that plain text spells out.
LETTERS: dict[str, str] = {
    **{"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eta": "η", "theta": "θ"},
    **{"lambda": "λ", "mu": "μ", "xi": "ξ", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "psi": "ψ"},
    **{"omega": "ω", "Delta": "Δ", "Sigma": "Σ", "Omega": "Ω", "pi": "π", "nu": "ν", "oo": "∞"},
}

APART = (
    "The verdicts are counted apart and never added together: a supported claim is less than a proved one, "
    "and an undecided claim is neither right nor wrong."
)
RANKING = (
    "Each true law is proved equivalent to the temperature itself, and each limit of a quotient is proved through the "
    "laws; 1 is the highest rank, and systems of one growth share it."
)
NO_RANKING = "No temperatures were compared in this run."
NO_ERRATA = "No erratum was found among the claims judged."
NO_CONSTANTS = "No entropy constant was compared in this run."
SAYS = "The paper says there:"
STANDS = "stands"
FALLS = "falls"

SHEET = (
    "Each entry changes what is printed: for the first formula read the second. Where only a part changes, that part "
    "is given, and after “thus” the whole formula with the change made. Falls: what rests on the printed formula and "
    "is wrong as well; stands: what rests on it and holds when derived anew."
)
#: How the printed edition is read, and what its verdicts rest on.
READING = (
    "Every display stands as it is printed in the paper, with its number at the right. The mark above a relation sign "
    "is its verdict, in colour and as a symbol; where a display has several signs, they are numbered from its "
    "beginning, and 3.8#2 is the second sign of (3.8). The margin says how each sign fares and which erratum mends it. "
    "Below a display stand the derivation, the reason and the witness where there is more to tell than the mark tells."
)
TRUST: tuple[tuple[str, str], ...] = (
    (
        "What is compared",
        "What the paper claims is read from its printed formulas. What is true is derived without looking at the "
        "printed right side: from the energy, the distribution of the parameters and the model. In a chain each sign "
        "is judged for itself, and what the chain starts from is the derived quantity; so a wrong line between two "
        "right ones is found as that.",
    ),
    (
        "What proved means",
        "Every step was checked again by a small kernel, for all values inside the assumptions: all numbers of "
        "parameters, samples and layers, and all data. Everything else in the program only proposes steps; a bad "
        "proposal costs time and proves nothing. The kernel holds no solver, no heuristics and nothing of the paper. "
        "Supported is less, and never added to it: the reason says which step the kernel did not check.",
    ),
    (
        "What a refutation is",
        "A proof as well: a point inside the assumptions at which both sides are enclosed in intervals that do not "
        "meet, or the limit of their quotient. Numbers converge slowly where logarithms are left over, so limits are "
        "settled symbolically, and the quotients are only shown, out to a parameter of 10^(10^6).",
    ),
    (
        "What has to be believed",
        "The kernel; the reader of formulas, whose understanding of each claim is stored with its verdict; the "
        "declarations of the library, which say what the symbols mean, what is assumed and which system a section "
        "treats; and the interval arithmetic, with the language that it all runs on.",
    ),
    (
        "What is not judged",
        "Figures, and sentences or table rows that the library does not declare. Cross-references are looked up in "
        "the print: there is nothing to prove about them, and they are counted apart.",
    ),
)
CHARTS = (
    "An arrow leads from a display to one that uses it; what follows through another display has no arrow of its own. "
    "A box shows the weightiest verdict of its signs, and under its number what it uses of other chapters."
)

#: The same for the page.
ON_THE_PAGE = (
    "Every display stands as it is printed, and each relation sign in it has the colour of its verdict. A click on a "
    "sign, or on its note beside the display, opens the claim: what it says, how it was derived, where it fails, what "
    "rests on it. Sentences and table rows are told in words of this report, with the formula they were read as."
)
GRAPH_ON_THE_PAGE = (
    "An arrow leads from a display to each that uses it; the colour is that of its weightiest verdict. A click on a "
    "display shows all that it rests on and all that rests on it; a second click goes there. Drag to move; Ctrl and "
    "the wheel, or + and −, change the size; Escape clears."
)

#: Where the right form comes from when the search found no edit of the print.
DERIVED_INSTEAD = "No formula near the printed one holds; the derived one is given."
