"""The LaTeX math commands that may reach a TeX engine. Whatever is not listed is shown as plain text.

A list of what is allowed, not of what is forbidden: TeX has too many ways to read and write files
for the second kind ever to be complete.
"""

from __future__ import annotations


def _names(text: str) -> frozenset[str]:
    return frozenset("\\" + name for name in text.split())


GREEK = _names(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi "
    "varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi "
    "Pi Sigma Upsilon Phi Psi Omega"
)
RELATIONS = _names(
    "sim simeq approx propto equiv cong neq ne leq le geq ge ll gg lesssim gtrsim leqslant geqslant "
    "prec succ to rightarrow leftarrow leftrightarrow longrightarrow longleftarrow longleftrightarrow "
    "Rightarrow Leftarrow Leftrightarrow Longrightarrow implies iff mapsto lt gt asymp doteq coloneqq"
) | {"=", "<", ">"}
#: Relations between sets or conditions: no place to break a display.
LOOSE = _names("in notin ni subset subseteq supset supseteq mid parallel perp models vdash")
BINARY = _names("cdot times pm mp ast star circ bullet oplus otimes cup cap wedge vee setminus land lor div") | {
    "+",
    "-",
}
LARGE = _names("sum prod int iint iiint oint bigcup bigcap bigvee bigwedge bigoplus bigotimes coprod")
FUNCTIONS = _names(
    "exp log ln lg sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth min max inf sup "
    "lim limsup liminf arg det dim deg gcd ker hom Pr"
)
SYMBOLS = _names(
    "infty partial nabla ell hbar Re Im aleph emptyset varnothing forall exists nexists neg lnot top "
    "bot angle triangle square prime dagger ddagger imath jmath dots ldots cdots vdots ddots dotsc "
    "dotsb dotsm surd backslash colon not"
)
SPACES = {r"\,": 0.17, r"\:": 0.22, r"\;": 0.28, r"\!": -0.17, r"\ ": 0.3, r"\quad": 1.0, r"\qquad": 2.0,
          r"\thinspace": 0.17, r"\space": 0.3, "~": 0.3}  # fmt: skip
ESCAPED = frozenset({r"\%", r"\_", r"\&", r"\#"})
DELIMITERS = _names(
    "langle rangle lfloor rfloor lceil rceil lvert rvert lVert rVert vert Vert lbrace rbrace lbrack "
    "rbrack uparrow downarrow updownarrow"
) | {"(", ")", "[", "]", "|", "/", r"\{", r"\}", r"\|"}
#: After \left, \middle and \right a full stop stands for "nothing", `<` and `>` for angles.
FENCES = DELIMITERS | {".", "<", ">"}
BIG = _names("big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm")

#: amsmath fails on an accent over several things of which one has an accent itself.
ACCENTS = _names("hat bar tilde dot ddot vec check breve acute grave widehat widetilde")
ONE_ARGUMENT = ACCENTS | _names(
    "overline underline overbrace underbrace overrightarrow mathbf mathrm mathit mathsf mathtt "
    "mathcal mathscr mathfrak mathbb mathnormal boldsymbol bm operatorname "
    "operatorname* mathop mathrel mathbin mathord sqrt boxed phantom vphantom hphantom substack"
)
TWO_ARGUMENTS = _names("frac dfrac tfrac cfrac binom dbinom tbinom overset underset stackrel")
TEXT = _names("text textrm textit textbf textsf texttt mbox")
#: Old font switches act to the end of their group; they are written as the modern command.
SWITCHES = {r"\rm": r"\mathrm", r"\bf": r"\mathbf", r"\it": r"\mathit", r"\cal": r"\mathcal",
            r"\sf": r"\mathsf", r"\tt": r"\mathtt"}  # fmt: skip
#: Layout hints that change nothing in what a formula says; left out.
DROPPED = _names("displaystyle textstyle scriptstyle limits nolimits nonumber notag allowbreak relax")
#: How many alignment marks a row may have; LaTeX stops at one more.
ENVIRONMENTS = {
    "aligned": 9, "split": 9, "gathered": 0, "cases": 1, "matrix": 9, "pmatrix": 9, "bmatrix": 9,
    "Bmatrix": 9,    "vmatrix": 9, "Vmatrix": 9, "smallmatrix": 9,
}  # fmt: skip
ALIASES = {r"\bm": r"\boldsymbol", r"\lt": "<", r"\gt": ">", r"\mbox": r"\text", r"\coloneqq": ":=",
           r"\thinspace": r"\,", r"\space": "~", r"\ ": "~"}  # fmt: skip

PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,;:!?*/()[]|")
TEXT_PLAIN = (PLAIN | frozenset(" '-+=<>")) - {"|"}

_GREEK = (
    r"\alpha \beta \gamma \delta \varepsilon \zeta \eta \theta \iota \kappa \lambda \mu \nu \xi \pi \rho "
    r"\sigma \tau \upsilon \varphi \chi \psi \omega \Gamma \Delta \Theta \Lambda \Xi \Pi \Sigma \Upsilon "
    r"\Phi \Psi \Omega"
)
_SIGNS = (
    r"\sim \propto \approx \simeq \equiv \neq \leq \geq \lesssim \gtrsim \ll \gg \to \leftarrow "
    r"\leftrightarrow \longleftrightarrow \Rightarrow \in \notin \infty \partial \nabla \sum \prod \int "
    r"\cdot \times \pm \mp - \langle \rangle \ell \forall \exists \dots \cdots \cup \cap \subset"
)
#: Characters that stand for a command.
UNICODE = dict(zip("αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ", _GREEK.split(), strict=True)) | dict(
    zip("∼∝≈≃≡≠≤≥≲≳≪≫→←↔⟷⇒∈∉∞∂∇∑∏∫·×±∓−⟨⟩ℓ∀∃…⋯∪∩⊂", _SIGNS.split(), strict=True)
)
