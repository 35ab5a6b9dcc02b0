r"""Changes to the printed paper, and what has to become of its claims.

`BREAKS` spoils one side of an equation that holds as printed; every claim named there must turn out wrong.
`MENDS` puts right what is wrong as printed, with formulas worked out from the energy and the initializer.
`KEEPS` writes a line in another way; every verdict of its equation must stay. A claim whose two sides a
change leaves alone keeps its verdict in any case, so that is not listed.
"""

from __future__ import annotations

from dataclasses import dataclass

REFUTED = frozenset({"refuted"})
ILL_FORMED = frozenset({"ill-formed"})
WRONG = frozenset({"refuted", "ill-formed", "conditional"})
#: The engine can't refute it yet; it must not accept it either.
NOT_ACCEPTED = WRONG | {"undecided"}
PROVED = frozenset({"proved"})
SHOWN = frozenset({"proved", "supported"})
#: The printed inverse of C_x asks for an invertible C_x, which the least energy itself does not.
WHERE_INVERTIBLE = frozenset({"proved", "conditional"})
GIVEN = frozenset({"definition", "premise", "proved"})

KINDS = (
    "sign",
    "factor",
    "exponent",
    "index",
    "sum-limit",
    "product-limit",
    "integral-limit",
    "constant",
    "roles",
    "square",
    "coefficient",
    "direction",
    "growth",
    "missing",
)


@dataclass(frozen=True)
class Change:
    """One change: texts to replace in one equation, and the verdicts allowed for the claims named.

    Attributes
    ----------
    pairs : (printed, instead); the printed text stands once in the equation.
    claims : ids of claims; they may lie in an equation that continues this one.
    allowed : verdicts that these may have afterwards; any others are a failure.
    note : why, where it isn't plain.
    """

    equation: str
    kind: str
    pairs: tuple[tuple[str, str], ...]
    claims: tuple[str, ...]
    allowed: frozenset[str]
    note: str = ""

    @property
    def numbers(self) -> tuple[str, ...]:
        """Equations to be judged."""
        return tuple(dict.fromkeys([self.equation, *(c.split("#")[0] for c in self.claims)]))

    def applied(self, latex: str) -> str:
        """The equation with the change made."""
        for old, new in self.pairs:
            if latex.count(old) != 1:
                raise ValueError(f"{self.equation}-{self.kind}: {old!r} stands {latex.count(old)} times in {latex!r}")
            latex = latex.replace(old, new)
        return latex


def _claims(equation: str, ordinals: str) -> tuple[str, ...]:
    """Ids from ordinals such as "1 2"; "2.25#1" names a claim of another equation."""
    return tuple(o if "#" in o else f"{equation}#{o}" for o in ordinals.split())


def broken(
    equation: str,
    kind: str,
    old: str,
    new: str,
    claims: str = "1",
    allowed: frozenset[str] = REFUTED,
    note: str = "",
) -> Change:
    return Change(equation, kind, ((old, new),), _claims(equation, claims), allowed, note)


def mended(
    equation: str,
    kind: str,
    claims: str,
    *pairs: tuple[str, str],
    allowed: frozenset[str] = PROVED,
    note: str = "",
) -> Change:
    return Change(equation, kind, pairs, _claims(equation, claims), allowed, note)


def kept(equation: str, kind: str, *pairs: tuple[str, str], note: str = "") -> Change:
    return Change(equation, kind, pairs, (), frozenset(), note)


#: (4.11) with the logarithm that its bracket needs.
_LOGARITHM = (r"\left[1 + \exp\left(-\sum", r"\ln\left[1 + \exp\left(-\sum")

#: The first line of (3.14), as printed.
_PLANE = (
    r"\int \frac{1}{n} \sum_{i=1}^n (\mu_1 x_i + \mu_2 - y_i)^2 "
    r"\frac{1}{l_1} d\mu_1 \frac{1}{l_2} d\mu_2"
)

_EACH, _CORNER = r"\sum_{i=1}^{n}", r"\left(\frac{l_{1}}{2}x_{i} - \frac{l_{2}}{2}"
#: The corners of (3.41), each sum divided by x_i.
_DIVIDED = (
    ("6nl_1l_2x_i", "6nl_1l_2"),
    (r"= \sum \left", r"= \sum \frac{1}{x_i} \left"),
    *(
        (rf"-{_EACH} {_CORNER} {sign} y_{{i}}\right)^", rf"-{_EACH} \frac{{1}}{{x_i}} {_CORNER} {sign} y_{{i}}\right)^")
        for sign in "+-"
    ),
    (r"+\sum_{i=1}^{n} \left", r"+\sum_{i=1}^{n} \frac{1}{x_i} \left"),
)
_ONE_BY_ONE = r"\frac{1}{4} [l_1 | x_{i1} | + l_2 | x_{i2} | + l_3 | x_{i3} | + \dots + l_{k_1} | x_{i,K-1} | + l_K]"
#: The mean of |Σ μ_j x_ij| over parameters on intervals of width 1.
_IN_UNITS = r"\int_{-\frac{1}{2}}^{\frac{1}{2}} \left|\sum_{j=1}^K \mu_j x_{ij}\right| \prod_{j=1}^K d\mu_j"

BREAKS = (
    # -- section 1 --
    broken("1.1", "sign", "- PdV", "+ PdV"),
    broken("1.2", "sign", "= -SdT", "= SdT"),
    broken("1.3", "roles", "VdP", "PdV"),
    broken("1.4", "factor", r"\mu_i dN_i", r"2 \mu_i dN_i"),
    broken("1.4", "index", r"\mu_i dN_i", r"\mu_i dN_j", allowed=ILL_FORMED, note="j is free on one side only"),
    broken(
        "1.5",
        "roles",
        r"\frac{\partial U}{\partial S}\right)_{V",
        r"\frac{\partial U}{\partial V}\right)_{S",
        "1 2",
    ),
    broken(
        "1.5",
        "missing",
        r"\frac{\partial H}{\partial S}\right)_{P",
        r"\frac{\partial H}{\partial S}\right)_{V",
        "2",
        allowed=NOT_ACCEPTED,
        note="(∂H/∂S) at constant V is T + V (∂P/∂S), which the engine leaves as it is",
    ),
    # -- section 2 --
    broken("2.2", "square", "E_i p_i", "E_i p_i^2"),
    broken("2.2", "index", "E_i p_i", "E_i p_j", allowed=ILL_FORMED, note="j is free on one side only"),
    broken("2.3", "sign", r"-\sum", r"\sum"),
    broken(
        "2.4",
        "roles",
        r"E_{\text{stage II}} - E_{\text{stage I}}",
        r"E_{\text{stage I}} - E_{\text{stage II}}",
        "1 2",
    ),
    broken("2.4", "sign", r"\hat{E} - \sum", r"\hat{E} + \sum", "2"),
    broken("2.5", "missing", r"E(\boldsymbol{\mu}) p(\boldsymbol{\mu})", r"E(\boldsymbol{\mu})"),
    broken("2.6", "roles", r"\int p(\boldsymbol{\mu})", r"\int E(\boldsymbol{\mu})"),
    broken("2.8", "index", r"\in \mathcal{D}_1}", r"\in \mathcal{D}_j}"),
    broken(
        "2.9",
        "index",
        r"\sum_{(x_i, y_i) \in \mathcal{D}_j}",
        r"\sum_{(y_i, y_i) \in \mathcal{D}_j}",
        allowed=WRONG,
        note="what is summed over is no longer a pair of the data, so this may also count as meaningless",
    ),
    broken("2.9", "roles", r"E(\mathcal{D}_{j+1}) - E(\mathcal{D}_j)", r"E(\mathcal{D}_j) - E(\mathcal{D}_{j+1})"),
    broken("2.10", "sign", r"-\int", r"\int", allowed=NOT_ACCEPTED, note="no sample of a shifting family yet"),
    broken(
        "2.10",
        "roles",
        r"d\mathcal{X} d\mathcal{Y}",
        r"d\mathcal{X} d\mathcal{X}",
        allowed=WRONG,
        note="one variable left over, one twice",
    ),
    broken("2.12", "roles", r"P(\mathcal{X})", r"P(\mathcal{Y})"),
    broken("2.13", "exponent", "{12}", "{10}"),
    broken("2.14", "sum-limit", r"\sum_{j>i}^{N}", r"\sum_{j=1}^{N}"),
    broken("2.15", "index", r"\mathscr{V}(\hat{y}_i, y_i)", r"\mathscr{V}(\hat{y}_i, \hat{y}_i)"),
    broken("2.16", "exponent", "^2", "^3"),
    broken("2.16", "factor", r"\frac{1}{n}", r"\frac{1}{2n}"),
    broken("2.17", "missing", r"|\hat{y}_i - y_i|", r"(\hat{y}_i - y_i)"),
    broken("2.18", "roles", r"\hat{y}_i - y_i", r"y_i - \hat{y}_i"),
    broken("2.19", "roles", r"\log(1 - \hat{y}_i)", r"\log(\hat{y}_i)"),
    broken("2.19", "sum-limit", "i=1", "i=2"),
    broken("2.23", "index", r"\log p_i", r"\log p_j", allowed=ILL_FORMED, note="j is free on one side only"),
    broken("2.24", "sign", r"- \log \delta", r"+ \log \delta", "1 2.25#1"),
    broken("2.25", "sign", r"- \log \delta", r"+ \log \delta"),
    broken("2.26", "missing", r"N S_{\text{diff}}", r"S_{\text{diff}}"),
    broken("2.27", "missing", r"n_{i} \Delta_{i}", r"n_{i}"),
    broken("2.27", "factor", r"N \int", r"\int", "3"),
    broken("2.28", "missing", "- N E_f", "- E_f", "1 2"),
    broken("2.28", "sign", r"{S_{\text{diff}} - \log \delta}", r"{S_{\text{diff}} + \log \delta}", "2"),
    broken("2.29", "sign", r"E_f - \int", r"E_f + \int"),
    broken("2.30", "sign", r"+ S_{\rm data}", r"- S_{\rm data}"),
    broken("2.31", "sign", r"\frac{\exp[-E", r"\frac{\exp[E"),
    # -- section 3.1 --
    broken("3.1", "factor", r"\frac{1}{2}\ln|\Sigma|", r"\ln|\Sigma|"),
    broken("3.1", "constant", "[1 +", "[2 +"),
    broken("3.2", "sign", r"[1 + \ln(2\pi)]", r"[1 - \ln(2\pi)]"),
    broken("3.2", "constant", r"\frac{K}{2}", r"\frac{K}{4}"),
    broken("3.2", "roles", r"\sigma_1 \sigma_2 \dots \sigma_K", r"l_1 l_2 \dots l_K"),
    broken("3.2", "index", r"\dots \sigma_K", r"\dots \sigma_{K-1}"),
    broken("3.3", "factor", r"\frac{\sigma_2^2}{2\pi n} d\mu_1", r"\frac{\sigma_2^2}{\pi n} d\mu_1", "2 3"),
    broken("3.3", "constant", r"+ 1 \right] d\mu_1", r"+ 2 \right] d\mu_1", "3 4"),
    broken("3.3", "sign", r"y_i^2 + \sigma_2^2}{n}", r"y_i^2 - \sigma_2^2}{n}", "5 6"),
    broken(
        "3.3",
        "roles",
        r"\sigma_1^2 \overline{X^2} + \overline{Y^2} + \sigma_2^2",
        r"\sigma_2^2 \overline{X^2} + \overline{Y^2} + \sigma_1^2",
        "6",
    ),
    broken("3.4", "sign", r"\operatorname{Var}(Y) - ", r"\operatorname{Var}(Y) + ", "3 4"),
    broken("3.4", "square", r"\operatorname{Cov}(X, Y)^{2}", r"\operatorname{Cov}(X, Y)", "3 4"),
    broken("3.5", "sign", r"\langle E_0 \rangle - E_f", r"\langle E_0 \rangle + E_f", "1 2"),
    broken("3.5", "constant", "{1 + ", "{2 + ", "2"),
    broken("3.6", "coefficient", r"{2\ln\sigma} \sim", r"{\ln\sigma} \sim", "1 2"),
    broken("3.6", "missing", r"(1 + \overline{X^2})", r"\overline{X^2}", "2"),
    broken("3.6", "growth", r"\frac{\sigma^2}{2\ln\sigma}", r"\frac{\sigma^2}{2}", "2"),
    broken("3.7", "sum-limit", "{K-1}", "{K}"),
    broken("3.8", "exponent", r"\frac{1}{(2\pi)^{K/2} \prod", r"\frac{1}{(2\pi)^{K} \prod", "1"),
    broken("3.8", "index", r"\overline{X_{K-1}^2}", r"\overline{X_{K}^2}", "7", note="X_K is the constant 1"),
    broken("3.9", "factor", r"\min MSE", r"2 \min MSE"),
    broken("3.11", "sum-limit", r"\frac{\sigma^2 \sum_{j=1}^K", r"\frac{\sigma^2 \sum_{j=1}^{K-1}", "1 2"),
    broken(
        "3.11",
        "exponent",
        r"\overline{X^2} \left(\frac{\sigma^2}",
        r"\overline{X^2} \left(\frac{\sigma}",
        "3",
    ),
    # -- section 3.2 --
    broken("3.12", "exponent", r"\frac{1}{l_k}", r"\frac{1}{l_k^2}"),
    broken("3.12", "product-limit", "k=1", "k=2"),
    broken("3.13", "product-limit", "^{K}", "^{K-1}"),
    broken("3.13", "roles", "l_k", r"\sigma_k"),
    broken("3.14", "constant", r"\frac{l_1^2 x_i^2}{12}", r"\frac{l_1^2 x_i^2}{6}", "4 5"),
    broken(
        "3.14",
        "roles",
        r"\frac{l_1^2}{12} \overline{X^2} + \overline{Y^2} + \frac{l_2^2}{12}",
        r"\frac{l_2^2}{12} \overline{X^2} + \overline{Y^2} + \frac{l_1^2}{12}",
        "5",
    ),
    broken("3.15", "constant", "- 12(1", "- (1"),
    broken("3.16", "coefficient", r"12 \ln l^2", r"12 \ln l", "1 2"),
    broken("3.16", "constant", "{24 ", "{12 ", "2"),
    broken("3.17", "coefficient", r"24\ln l", r"12\ln l", "1"),
    broken("3.17", "constant", r"\frac{16\sigma^2}", r"\frac{26\sigma^2}", "2"),
    broken("3.17", "direction", r"\\ > ", r"\\ < ", "3"),
    broken(
        "3.17",
        "direction",
        r"\gtrsim",
        r"\lesssim",
        "2",
        note="l/σ may grow without bound, so no path bounds the left side",
    ),
    broken(
        "3.18",
        "exponent",
        r"\prod_{j=1}^{K} \left(\frac{d\mu_j}{l_j}",
        r"\prod_{j=1}^{K} \left(\frac{d\mu_j}{l_j^2}",
    ),
    broken("3.18", "constant", r"\left[\frac{l_K^2}{12}", r"\left[\frac{l_K^2}{6}", "2 3"),
    broken("3.18", "index", r"x_{i,K-2}^2 \frac{l_{K-2}^2}{12}", r"x_{i,K-2}^2 \frac{l_{K-1}^2}{12}", "3"),
    broken("3.18", "factor", r"\frac{1}{12} \sum_{j=1}^{K}", r"\frac{1}{6} \sum_{j=1}^{K}", "7"),
    broken("3.18", "sum-limit", r"\frac{1}{12} \sum_{j=1}^{K}", r"\frac{1}{12} \sum_{j=1}^{K-1}", "7"),
    broken("3.20", "missing", "{12K ", "{12 ", "1 2"),
    broken("3.20", "growth", r"\frac{l^2}{12 \ln l}", r"\frac{l}{12 \ln l}", "2"),
    # -- section 3.3 --
    broken(
        "3.21",
        "index",
        r"\frac{l_{K+1}^2}{12} \overline{X_{K+1}^2} + \frac{1}{n}",
        r"\frac{l_{K+2}^2}{12} \overline{X_{K+2}^2} + \frac{1}{n}",
        "2 3",
    ),
    broken(
        "3.21",
        "index",
        r"\overline{X_{K+1}^2} + \frac{1}{n}",
        r"\overline{X_{K}^2} + \frac{1}{n}",
        "2",
        WRONG,
        note="the terms about the dots no longer fit one pattern, so the line may count as meaningless",
    ),
    broken("3.21", "sum-limit", r"\sum_{j=K+1}^{K+Q} \frac{l_j^2}{12}", r"\sum_{j=K}^{K+Q} \frac{l_j^2}{12}", "4"),
    broken("3.21", "roles", r"\sum_{j=1}^{K} \sigma_j^2", r"\sum_{j=1}^{K} l_j^2", "4"),
    broken("3.22", "square", r"\sum_{j=K+1}^{K+Q} \sigma_j^2", r"\sum_{j=K+1}^{K+Q} \sigma_j", "1 2"),
    broken(
        "3.22",
        "sum-limit",
        r"\sum_{j=K+1}^{K+Q}",
        r"\sum_{j=K+1}^{K-Q}",
        allowed=frozenset({"ill-formed"}),
        note="ends before it starts",
    ),
    broken("3.22", "sum-limit", r"\sum_{j=1}^{K+Q}", r"\sum_{j=1}^{K}", "2"),
    broken("3.23", "constant", r"\frac{Q}{2}\ln 12 \\", r"Q\ln 12 \\", "2 3"),
    broken("3.23", "product-limit", r"\prod_{j}^{K+Q}", r"\prod_{j}^{K}", "3"),
    broken("3.24", "square", r"\sigma_j^2 \overline{X_j^2}", r"\sigma_j \overline{X_j^2}"),
    broken("3.24", "product-limit", r"\prod_j^{K+Q}", r"\prod_j^{K}"),
    broken("3.25", "coefficient", r"(K+Q) \ln", r"K \ln", "1 2"),
    broken("3.25", "factor", r"\approx \overline{X^2}", r"\approx 2 \overline{X^2}", "2"),
    broken("3.25", "roles", r"(K+Q) \ln", r"(Q+Q) \ln", "1 2"),
    broken("3.26", "constant", r"\frac{4}{3}", r"\frac{5}{3}", "1"),
    broken("3.26", "coefficient", r"\frac{4}{3}", r"\frac{2}{3}", "2", note="the first sign holds all the more"),
    broken("3.26", "direction", ">", "<", "2"),
    broken("3.26", "direction", r"\gtrsim", r"\lesssim", "1", note="l/σ may grow without bound"),
    # -- sections 3.4 and 3.5 --
    broken("3.27", "sign", r"+ \overline{Y^2}", r"- \overline{Y^2}", "3"),
    broken("3.27", "index", r"\pi}} \sum_{j=1}^K \sigma_j", r"\pi}} \sigma_K", "3"),
    broken("3.28", "exponent", r"\sigma_j^2 \left(\overline", r"\sigma_j \left(\overline", "3"),
    broken("3.29", "growth", r"\frac{\sigma^2}", r"\frac{\sigma}", "1 2"),
    broken("3.30", "sign", r"(\overline{X^2} + \lambda)", r"(\overline{X^2} - \lambda)", "1 2"),
    broken("3.30", "missing", r"\left(1 + \frac{\lambda}{\overline{X^2}}\right) ", "", "2"),
    broken("3.31", "constant", r"3\lambda", r"4\lambda"),
    broken("3.31", "factor", r"\frac{l_j}{12}", r"\frac{l_j}{6}"),
    broken("3.32", "exponent", r"\frac{l_j^2}{12}", r"\frac{l_j}{12}"),
    broken("3.32", "sum-limit", r"\sum_{j=1}^{K}", r"\sum_{j=1}^{K-1}"),
    broken("3.33", "constant", r"{12 \ln l}", r"{6 \ln l}", "1 2"),
    broken("3.34", "sign", r"1 + \frac", r"1 - \frac", "2"),
    broken("3.36", "exponent", r"|\mu_1 \sigma_1 x_{i1}|", r"|\mu_1 \sigma_1^2 x_{i1}|", "1 2"),
    broken("3.36", "index", r"\sigma_1 x_{i1}", r"\sigma_1 x_{iK}", "1 2"),
    broken("3.36", "constant", r"\sqrt{\frac{2}{\pi}}", r"\sqrt{\frac{1}{\pi}}", "2"),
    broken("3.40", "factor", r"\frac{d\mu_2}{l_2}", r"d\mu_2"),
    broken("3.40", "roles", r"\mu_1 x_i", r"\mu_1 y_i"),
    broken("3.46", "growth", r"\frac{l^2}{\ln l}", r"\frac{l^3}{\ln l}", "3"),
    broken("3.46", "growth", r"\propto \frac{l}{\ln l}", r"\propto l", "1"),
    broken("3.46", "direction", r"\ll", r"\gg", "2"),
    # -- section 4.1 --
    broken("4.1", "sign", r"(1 - y_i) \ln", r"(1 + y_i) \ln", "1 2"),
    broken("4.1", "roles", r"(1 - y_i)z_i", r"y_i z_i", "2"),
    broken("4.1", "exponent", "e^{-z_i}", "e^{z_i}", "2"),
    broken(
        "3.17",
        "roles",
        r"> \left(\frac{\sigma^2}{2\ln\sigma}\right)(1+\overline{X^2}) \sim T_{\text{normal}}",
        r"> \left(\frac{l^2}{2\ln\sigma}\right)(1+\overline{X^2}) \sim T_{\text{normal}}",
        "3",
        note="l ≥ 4σ is no constant of the regime",
    ),
    broken(
        "3.26",
        "roles",
        r"> \overline{X^2} \left(\frac{\sigma^2}{\ln \sigma}\right)",
        r"> \overline{X^2} \left(\frac{l^2}{\ln \sigma}\right)",
        "2",
    ),
    broken("4.2", "constant", "= 0", "= 1"),
    broken("4.2", "square", "z_i f", "z_i^2 f", allowed=NOT_ACCEPTED, note="no sample of a density of a whole vector"),
    broken("4.3", "index", r"- \mu_K \sigma_K", r"- 2\mu_K \sigma_K", "3"),
    broken(
        "4.6",
        "growth",
        r"e^{\sigma_K^2/2} \exp\left[\frac{1}{2} \sigma_j^2 (x_j^{\min})^2\right]",
        r"\frac{\sigma_K}{2\sqrt{2\pi}}",
        "4.7#1",
        WRONG,
        note="(4.7) goes on from the end of (4.6); j is free on its right side alone then",
    ),
    broken("4.7", "direction", ">", "<"),
    broken("4.7", "square", r"(x_j^{\min})^2", r"(x_j^{\min})^4", note="fails where x is larger than 2, say"),
    broken("4.7", "exponent", r"\frac{1}{2}", "1"),
    broken(
        "4.8",
        "coefficient",
        r"{\sum_j \ln \sigma_j + \frac{K}{2} [1 + \ln(2\pi)]} >",
        r"{\frac{1}{2} \sum_j \ln \sigma_j + \frac{K}{2} [1 + \ln(2\pi)]} >",
        "1",
    ),
    broken(
        "4.9",
        "coefficient",
        r"\sim \frac{e^{\sigma_j^2 (x_j^{\min})^2/2}}{\ln",
        r"\sim \frac{e^{\sigma_j^2 (x_j^{\min})^2/2}}{2 \ln",
        "2",
    ),
    broken(
        "4.10",
        "growth",
        r"\propto \frac{e^{\sigma^2/2}}{\ln\sigma}",
        r"\propto \frac{e^{\sigma^2}}{\ln\sigma}",
        "3",
    ),
    # -- limits of integrals --
    broken(
        "3.14",
        "integral-limit",
        _PLANE,
        r"\int_{0}^{l_1} \frac{d\mu_1}{l_1} \int_{-l_2/2}^{l_2/2} \frac{1}{n} \sum_{i=1}^n (\mu_1 x_i + "
        r"\mu_2 - y_i)^2 \frac{1}{l_2} d\mu_2",
    ),
    broken(
        "3.3",
        "integral-limit",
        r"\sum \int \frac{\sigma_2^2}{\sqrt{2\pi}n}",
        r"\sum \int_{0}^{\infty} \frac{\sigma_2^2}{\sqrt{2\pi}n}",
        "3 4",
        allowed=NOT_ACCEPTED,
        note="the kernel has no moments on the half line",
    ),
    broken("4.12", "coefficient", r"\left(\frac{e^{l_j |x_{ij}|/2} - e", r"\left(\frac{e^{l_j |x_{ij}|} - e", "2 3"),
    broken("4.12", "factor", r"(\frac{e^{l_j |x_{ij}|/2}}{l_j |x_{ij}|}", r"(\frac{e^{l_j |x_{ij}|/2}}{l_j}", "3"),
    broken("4.12", "constant", r"\left(\frac{e^{l_K/2}}{l_K}\right)", r"\left(\frac{2e^{l_K/2}}{l_K}\right)", "3"),
    broken("4.13", "product-limit", r"= \left(\frac{e}{2}\right)^{K-1}", r"= \left(\frac{e}{2}\right)^{K}", "2"),
    broken("4.14", "constant", "0.614", "0.616", "3", note="(e/2)²/3 = 0.6157… is the least value, at K = 3"),
    broken("4.14", "exponent", r"{K l \ln l} > 0.614", r"{K^2 l \ln l} > 0.614", "3"),
    broken("4.14", "growth", r"\propto \frac{e^{l/2}}{l \ln l}", r"\propto \frac{e^{l/2}}{\ln l}", "4"),
)

_GAUSS = (
    r"\frac{1}{(2\pi)^{K/2} n} \int e^{-\sum_{j=1}^{K-1} \frac{\mu_j^2}{2\sigma_j^2}} \prod_{j=1}^{K-1} "
    r"d\mu_j "
    r"\left(\sum_{j=1}^{k-1} \mu_j \sigma_j x_{ij} + \mu_k \sigma_K - y_i \right)^2"
)
_WIDTH = r"\sqrt{\sum_{j=1}^{K-1} \sigma_j^2 x_{ij}^2 + \sigma_K^2}"
_SPREAD = r"\sqrt{\sum_{j=1}^{K-1} x_{ij}^2 + 1}"
_LEAST = r"\operatorname{tr}\{C_y - C_{yx} C_x^{-1} C_{xy}\}"

MENDS = (
    mended("3.27", "constant", "1 2", (r"\sqrt{2\pi\sigma_j}", r"\sqrt{2\pi}\sigma_j")),
    mended(
        "3.28",
        "roles",
        "1 2",
        (r"E_{L_1}", r"E_{L_2}"),
        (r"\sqrt{2\pi\sigma_j}", r"\sqrt{2\pi}\sigma_j"),
    ),
    mended("3.35", "constant", "1", (r"\sqrt{2\pi\sigma_j}", r"\sqrt{2\pi}\sigma_j")),
    mended(
        "3.37",
        "growth",
        "1",
        (r"\sum_{j=1}^K \sigma_j \overline{|x_j|}", r"\frac{1}{n}\sum_{i=1}^n \sqrt{\sum_{j=1}^K \sigma_j^2 x_{ij}^2}"),
    ),
    mended(
        "3.38",
        "growth",
        "1",
        (
            r"\sum_{j=1}^{K} \sigma_j \overline{|x_j|}",
            r"\frac{1}{n}\sum_{i=1}^n \sqrt{\sum_{j=1}^K \sigma_j^2 x_{ij}^2}",
        ),
    ),
    mended(
        "3.39",
        "growth",
        "1",
        (r"\sum_{j=1}^{K} \overline{|x_j|}", r"\frac{1}{n}\sum_{i=1}^n \sqrt{\sum_{j=1}^K x_{ij}^2}"),
    ),
    mended("3.41", "index", "1", *_DIVIDED),
    mended("3.42", "sum-limit", "1", ("j=2", "j=1")),
    mended("3.43", "growth", "1", (_ONE_BY_ONE, r"\frac{l}{n} \sum_{i=1}^n " + _IN_UNITS)),
    mended("3.44", "growth", "1", (r"\sum_{j=1}^{K} l_j |x_{ij}|", r"\frac{4l}{n} \sum_{i=1}^n " + _IN_UNITS)),
    mended("3.45", "growth", "1", (r"\frac{1}{4}", r"\frac{1}{nK}"), (r"|\overline{X}|", r"\sum_{i=1}^n " + _IN_UNITS)),
    mended(
        "2.7",
        "missing",
        "1",
        (r"E_{\boldsymbol{\mu}} d", r"E_{\boldsymbol{\mu}} p(\boldsymbol{\mu}) d"),
        (r"\dot{E}", r"\hat{E}"),
    ),
    mended("2.15", "roles", "2", ("f_{\\mu}(y_i)", "f_{\\mu}(x_i)")),
    mended("2.20", "index", "1", ("||f_{\\mu}(y_i)", "\\sum_i ||f_{\\mu}(x_i)"), allowed=GIVEN),
    mended("2.21", "index", "1", ("||f_{\\mu}(y_i)", "\\sum_i ||f_{\\mu}(x_i)"), allowed=GIVEN),
    mended("2.22", "sum-limit", "1", ("i=0", "i=1"), allowed=GIVEN),
    mended(
        "2.27",
        "index",
        "2",
        (
            r"E(\boldsymbol{\mu}) (N f_{\boldsymbol{\mu}} \Delta)",
            r"E(\boldsymbol{\mu}_i) (N f(\boldsymbol{\mu}_i) \Delta_i)",
        ),
    ),
    mended("2.32", "index", "1", (r"\int_{y \in", r"\int_{y' \in"), allowed=GIVEN),
    mended(
        "2.33",
        "index",
        "1",
        (r"\frac{f(\mathcal{G}_i)", r"\frac{f(\mathcal{G})"),
        (r"\mathcal{X}} f(\mathcal{G}_i)", r"\mathcal{X}} f(\mathcal{G})"),
        allowed=GIVEN,
    ),
    mended(
        "3.4",
        "square",
        "2 3",
        (
            r"\frac{\sum[(x_{i} - \bar{x})(y_{i} - \bar{y})]^{2}}{n(x_{i} - \bar{x})^{2}}",
            r"\frac{[\sum(x_{i} - \bar{x})(y_{i} - \bar{y})]^{2}}{n\sum(x_{i} - \bar{x})^{2}}",
        ),
    ),
    mended(
        "3.8",
        "exponent",
        "1 2 3 4 5 6 7",
        (
            _GAUSS,
            r"\frac{1}{(2\pi)^{K/2} n} \int e^{-\sum_{j=1}^{K} \frac{\mu_j^2}{2}} \prod_{j=1}^{K} d\mu_j "
            r"\left(\sum_{j=1}^{K-1} \mu_j \sigma_j x_{ij} + \mu_K \sigma_K - y_i \right)^2",
        ),
        (
            r"\frac{1}{(2\pi)^{\frac{K-1}{2}} n} \int e^{-\sum_{j=1}^{K-1} \frac{\mu_j^2}{2\sigma_j^2}}",
            r"\frac{1}{(2\pi)^{\frac{K-1}{2}} n} \int e^{-\sum_{j=1}^{K-1} \frac{\mu_j^2}{2}}",
        ),
        (
            r"\frac{1}{(2\pi)^{\frac{K-2}{2}} n} \int e^{-\sum_{j=1}^{K-2} \frac{\mu_j^2}{2\sigma_j^2}}",
            r"\frac{1}{(2\pi)^{\frac{K-2}{2}} n} \int e^{-\sum_{j=1}^{K-2} \frac{\mu_j^2}{2}}",
        ),
    ),
    mended(
        "3.9",
        "roles",
        "2",
        (r"\frac{1}{n} \operatorname{tr} \{ C_x - C_{xy} C_y^{-1} C_{yx} \}", _LEAST),
        allowed=WHERE_INVERTIBLE,
    ),
    mended(
        "3.10",
        "roles",
        "1",
        (r"\overline{\operatorname{tr}\{C_x - C_{xy}C_y^{-1}C_{yx}\}}", _LEAST),
        allowed=WHERE_INVERTIBLE,
    ),
    mended(
        "3.14",
        "integral-limit",
        "2",
        (r"\int_{-l_{1/2}}^{l_{1/2}} \sum \frac", r"\int_{-l_1/2}^{l_1/2} \sum \frac"),
        (r"\int_{-l_{2/2}}^{l_{2/2}}", r"\int_{-l_2/2}^{l_2/2}"),
    ),
    mended(
        "3.14",
        "integral-limit",
        "3",
        (r"\sum \int_{-l_{1/2}}^{l_{1/2}} \frac", r"\sum \int_{-l_1/2}^{l_1/2} \frac"),
        allowed=frozenset({"proved", "conditional"}),
        note="the line divides by x_i, so it needs x_i ≠ 0",
    ),
    mended(
        "3.18",
        "missing",
        "4 5 6",
        (r"(\mu_1 x_{i1} - y_i)^2 d\mu_1", r"(\mu_1 x_{i1} - y_i)^2 \frac{d\mu_1}{l_1}"),
    ),
    mended(
        "3.19",
        "roles",
        "1",
        (
            r"\overline{Y}^2 - \operatorname{tr} \{ C_x - C_{xy} C_y^{-1} C_{yx} \}",
            rf"\overline{{Y^2}} - {_LEAST}",
        ),
        allowed=WHERE_INVERTIBLE,
    ),
    mended("3.21", "index", "1", (r"\sum_{k=K+1}^{K+Q-1}", r"\sum_{j=K+1}^{K+Q-1}")),
    mended(
        "3.23",
        "constant",
        "1 2 3",
        (r"\frac{K}{2}\ln[1 + \ln(2\pi)] + \ln(l", r"\frac{K}{2}[1 + \ln(2\pi)] + \ln(l"),
        (r"\frac{K}{2}\ln[1 + \ln(2\pi)] + \ln(\sigma", r"\frac{K}{2}[1 + \ln(2\pi)] + \ln(\sigma"),
        (
            r"\sigma_{j}\right) + \frac{K}{2}\ln[1 + \ln(2\pi)]",
            r"\sigma_{j}\right) + \frac{K}{2}[1 + \ln(2\pi)]",
        ),
    ),
    mended(
        "4.4",
        "growth",
        "1 2 3",
        (
            r"\int \frac{1}{n} e^{-z'_i} "
            r"\prod_j \left(\frac{1}{\sqrt{2\pi}} e^{-\frac{\mu_j^2}{2}} d\mu_j \right)",
            rf"\frac{{1}}{{n\sqrt{{2\pi}}}} {_WIDTH}",
        ),
        (
            r"\int \frac{1}{\sqrt{2\pi}} \prod_{j=1}^{K-1} \exp\left[-\mu_j \sigma_j x_{ij} "
            r"- \frac{\mu_j^2}{2} \right] d\mu_j "
            r"\exp\left[-\mu_K \sigma_K - \frac{\mu_K^2}{2} \right] d\mu_K",
            r"\frac{1}{n} \sqrt{\frac{\sum_{j=1}^{K-1} \sigma_j^2 x_{ij}^2 + \sigma_K^2}{2\pi}}",
        ),
        (
            r"\frac{1}{n} \exp\left[\frac{1}{2} "
            r"\sum_{j=1}^{K-1} \sigma_j^2 x_{ij}^2 + \frac{1}{2} \sigma_K^2 \right]",
            rf"\frac{{\sigma}}{{n\sqrt{{2\pi}}}} {_SPREAD}",
        ),
        allowed=SHOWN,
    ),
    mended(
        "4.4",
        "growth",
        "1",
        (r"\int \frac{1}{n} e^{-z'_i} \prod_j", r"\int \frac{1}{2n} |z'_i| \prod_j"),
        allowed=SHOWN | {"undecided"},
        note="the kernel has no mean of |z|; half of it is the mean of the positive part; later lines stay",
    ),
    mended(
        "4.5",
        "growth",
        "1 2",
        (
            r"\int \frac{1}{n} \exp\left[\sum_{j=1}^{K-1} \mu_j \sigma_j x_{ij} + \mu_K \sigma_K\right] "
            r"\prod_j "
            r"\left(\frac{1}{\sqrt{2\pi}} e^{-\frac{\mu_j^2}{2}} d\mu_j\right)",
            rf"\frac{{1}}{{n\sqrt{{2\pi}}}} \sum_i {_WIDTH}",
        ),
        (
            r"\frac{1}{n} \exp\left[\frac{1}{2} \sum_{j=1}^{K-1} \sigma_j^2 x_{ij}^2 + \frac{1}{2} "
            r"\sigma_K^2\right]",
            rf"\frac{{\sigma}}{{n\sqrt{{2\pi}}}} \sum_i {_SPREAD}",
        ),
        allowed=SHOWN,
    ),
    mended(
        "4.6",
        "growth",
        "1 2",
        (
            r"\exp\left[\frac{\sigma_K^2}{2}\right] \exp\left[\frac{1}{2} \sum_{j=1}^{K-1} \sigma_j^2 "
            r"x_{ij}^2\right]",
            rf"\frac{{1}}{{n\sqrt{{2\pi}}}} \sum_i {_WIDTH}",
        ),
        (
            r"e^{\sigma_K^2/2} \exp\left[\frac{1}{2} \sigma_j^2 (x_j^{\min})^2\right]",
            r"\frac{\sigma_K}{2\sqrt{2\pi}}",
        ),
        allowed=SHOWN,
        note="each width is at least σ_K",
    ),
    mended(
        "4.8",
        "growth",
        "1 2",
        (r"\mathrm{e}^{\sigma_j^2 (x_j^{\min})^2 / 2}", r"\frac{\sigma_K}{2\sqrt{2\pi}}"),
        allowed=SHOWN,
    ),
    mended(
        "4.9",
        "growth",
        "1 2",
        (
            r"\frac{e^{\sigma_j^2 (x_j^{\min})^2/2} - E_f}{\ln \sigma_j}",
            r"\frac{\sigma_j \sum_i |x_{ij}|}{n \sqrt{2\pi} \ln \sigma_j}",
        ),
        (
            r"\frac{e^{\sigma_j^2 (x_j^{\min})^2/2}}{\ln \sigma_j}",
            r"\frac{1}{n \sqrt{2\pi}} \sum_i |x_{ij}| \left(\frac{\sigma_j}{\ln \sigma_j}\right)",
        ),
        allowed=SHOWN,
        note="from exact data only: the leading term depends on which x_ij vanish",
    ),
    mended(
        "4.10",
        "growth",
        "1 2 3",
        (
            r"\frac{\exp\left[\frac{\sigma^2}{2}\right]}{K\ln\sigma} "
            r"\frac{\exp\left[\frac{1}{2}\sum_{j=1}^{K-1}\sigma^2 x_{ij}^2\right]}{K\ln\sigma} - E_f",
            rf"\frac{{\sigma}}{{\sqrt{{2\pi}} n K \ln\sigma}} \sum_i {_SPREAD}",
        ),
        (r"> \frac{e^{\sigma^2/2}}{K\ln\sigma}", r"> \frac{\sigma}{2\sqrt{2\pi} K \ln\sigma}"),
        (r"\propto \frac{e^{\sigma^2/2}}{\ln\sigma}", r"\propto \frac{\sigma}{\ln\sigma}"),
        allowed=SHOWN,
    ),
    mended("4.11", "missing", "1", _LOGARITHM),
    mended("4.13", "direction", "1", (r"\langle E_0 \rangle >", r"\langle E_0 \rangle <")),
    mended(
        "4.14",
        "growth",
        "2",
        (
            r"\gtrsim \left(\frac{e}{2}\right)^{K-1} \frac{e^{l/2}}{K l \ln l}",
            r"\sim \frac{l}{2nK\ln l}\sum_i\int|\sum_{j=1}^{K-1}\mu_j x_{ij}+\mu_K|\prod_{j=1}^K d\mu_j",
        ),
    ),
)

KEEPS = (
    kept("3.40", "sign", ("- y_i", "+ y_i"), note="the parameters are symmetric around 0"),
    kept("3.31", "order", (r"l_j \overline{X_j^2} + 3\lambda", r"3\lambda + l_j \overline{X_j^2}")),
    kept("1.2", "order", ("-SdT - PdV +", "-PdV - SdT +")),
    kept("2.2", "order", ("E_i p_i", "p_i E_i")),
    kept("2.6", "logarithm", (r"\log[p(\boldsymbol{\mu})]", r"\ln p(\boldsymbol{\mu})")),
    kept(
        "2.16",
        "fraction",
        (r"\frac{1}{n} \sum_{i=1}^{n} (\hat{y}_i - y_i)^2", r"\sum_{i=1}^{n} \frac{(y_i - \hat{y}_i)^2}{n}"),
    ),
    kept(
        "2.28",
        "slash",
        (
            r"\frac{\int E(\boldsymbol{\mu}) f(\boldsymbol{\mu}) d\boldsymbol{\mu} - E_f}{S_{\text{diff}} "
            r"- \log \delta}",
            r"\left(\int E(\boldsymbol{\mu}) f(\boldsymbol{\mu}) d\boldsymbol{\mu} - E_f\right) / "
            r"\left(S_{\text{diff}} - \log \delta\right)",
        ),
    ),
    kept(
        "2.31",
        "exponential",
        (r"\frac{\exp[-E_{\boldsymbol{\mu}}(x)/T]}", r"\frac{e^{-E_{\boldsymbol{\mu}}(x)/T}}"),
    ),
    kept("3.1", "slash", (r"\frac{1}{2}\ln|\Sigma|", r"\ln|\Sigma| / 2")),
    kept("3.2", "logarithm", (r"\ln(\sigma_1 \sigma_2 \dots \sigma_K)", r"\sum_{k=1}^{K} \ln \sigma_k")),
    kept("3.2", "brackets", (r"[1 + \ln(2\pi)]", r"\left( 1 + \ln 2 + \ln \pi \right)")),
    kept("3.5", "slash", (r"\frac{\langle E_0 \rangle - E_f}{S_0}", r"(\langle E_0 \rangle - E_f) / S_0")),
    kept(
        "3.6",
        "order",
        (
            r"\left(\frac{\sigma^2}{2\ln\sigma}\right) (1 + \overline{X^2})",
            r"(1 + \overline{X^2}) \sigma^2 / (2\ln\sigma)",
        ),
    ),
    kept(
        "3.6",
        "lower order",
        (r"\overline{X^2} + \overline{Y^2}}", r"\overline{X^2}}"),
        note="a bounded term beside σ² doesn't matter in a limit",
    ),
    kept("3.7", "letter", (r"\sum_{j=1}^{K-1} \mu_j x_{ij}", r"\sum_{k=1}^{K-1} \mu_k x_{ik}")),
    kept(
        "3.8",
        "symmetry",
        (r"\mu_K - y_i", r"\mu_K + y_i"),
        note="the densities are even, so the value is the same",
    ),
    kept(
        "3.9",
        "slash",
        (
            r"\frac{1}{n} \operatorname{tr} \{ C_x - C_{xy} C_y^{-1} C_{yx} \}",
            r"\operatorname{tr} \{ C_x - C_{xy} C_y^{-1} C_{yx} \} / n",
        ),
        note="wrong in either notation",
    ),
    kept(
        "3.11",
        "brackets",
        (
            r"\\ \sim \overline{X^2} \left(\frac{\sigma^2}{\ln \sigma}\right)",
            r"\\ \sim \overline{X^2} \frac{\sigma^2}{\ln \sigma}",
        ),
    ),
    kept("3.12", "product", (r"\prod_{k=1}^{K} \frac{1}{l_k}", r"\frac{1}{\prod_{k=1}^{K} l_k}")),
    kept("3.13", "logarithm", (r"\ln\left(\prod_{k=1}^{K} l_k\right)", r"\sum_{j=1}^{K} \ln l_j")),
    kept(
        "3.14",
        "nested integrals",
        (
            _PLANE,
            r"\int_{-l_1/2}^{l_1/2} \int_{-l_2/2}^{l_2/2} \frac{1}{n} \sum_{i=1}^n (\mu_1 x_i + \mu_2 - "
            r"y_i)^2 \frac{1}{l_2} d\mu_2 \frac{1}{l_1} d\mu_1",
        ),
    ),
    kept(
        "3.14",
        "common factor",
        (
            r"= \frac{l_1^2}{12} \overline{X^2} + \overline{Y^2} + \frac{l_2^2}{12}",
            r"= \frac{1}{12} (l_1^2 \overline{X^2} + l_2^2) + \overline{Y^2}",
        ),
    ),
    kept("3.16", "logarithm", (r"\ln l^2", r"(2 \ln l)")),
    kept(
        "3.20",
        "fraction",
        (r"\left(\frac{l^2}{12 \ln l}\right) \overline{X^2}", r"\frac{l^2 \overline{X^2}}{12 \ln l}"),
    ),
    kept(
        "3.22",
        "letter",
        (
            r"= \sum_{j=1}^{K+Q} \sigma_j^2 \overline{X_j^2}",
            r"= \sum_{k=1}^{K+Q} \sigma_k^2 \overline{X_k^2}",
        ),
    ),
    kept("3.26", "slash", (r"\frac{4}{3}", "(4/3)")),
    kept("4.14", "constant", ("0.614", "0.615")),
    kept("4.1", "logarithm", (r"\ln(1 + e^{-z_i})", r"\ln\left[1 + \exp(-z_i)\right]")),
    kept(
        "4.3",
        "symmetry",
        (r"- \mu_K \sigma_K", r"+ \mu_K \sigma_K"),
        note="the density is even in μ_K, so the value is the same",
    ),
)


def names(changes: tuple[Change, ...]) -> list[str]:
    """A name for each change, such as 3.2-sign; a number tells apart two of a kind."""
    seen: dict[str, int] = {}
    out = []
    for c in changes:
        base = f"{c.equation}-{c.kind.replace(' ', '-')}"
        seen[base] = seen.get(base, 0) + 1
        out.append(base if seen[base] == 1 else f"{base}-{seen[base]}")
    return out
