r"""Changes to the heat engines of (5.23)–(5.42), (6.1) and appendix E, as in `tests/mutations.py`."""

from __future__ import annotations

from tests.mutations import ILL_FORMED, broken, kept, mended

BREAKS = (
    broken("5.23", "sum-limit", r"\sum_{p=1}^L", r"\sum_{p=2}^L", "2"),
    broken("5.24", "missing", "T_p S_p", "T_p", "3"),
    broken("5.24", "factor", r"E_{\rm tot}}{S_{\rm tot}}", r"E_{\rm tot}}{2S_{\rm tot}}", "2 3"),
    broken("5.25", "constant", r"\frac{T_L}{L}", r"\frac{T_L}{L + 1}", "1 2"),
    broken("5.25", "missing", r"\left(\frac{\eta}{L}\right)", r"\eta", "2 3"),
    broken("5.26", "sign", "l_2 (l_1 + 1) \\sigma", "l_2 (l_1 - 1) \\sigma", "3"),
    broken("5.26", "index", "S_1 = l_1 (l_0 + 1)", "S_1 = l_1 (l_1 + 1)", "2"),
    broken("5.26", "index", r"l_L (l_{L-1} + 1) \sigma", r"l_L (l_L + 1) \sigma", "7"),
    broken("5.27", "sum-limit", r"\sum_{p=1}^{L-1}", r"\sum_{p=0}^{L-1}"),
    broken(
        "5.27", "sum-limit", r"\sum_{p=1}^{L-1}", r"\sum_{p=1}^{L}", allowed=ILL_FORMED,
        note="there is no layer L + 1",
    ),
    broken("5.27", "index", "l_{p+1}(l_p+1)", "l_p(l_p+1)"),
    broken("5.28", "sum-limit", r"\sum_{p=0}^{L-1}", r"\sum_{p=1}^{L-1}"),
    broken("5.28", "sign", r"1 + \frac{S_1}", r"1 - \frac{S_1}", "2"),
    broken("5.29", "exponent", r"\frac{1}{2^{L-1}}", r"\frac{1}{2^L}", "7"),
    broken("5.29", "product-limit", r"\prod_{p=1}^{L}", r"\prod_{p=1}^{L-1}", "7"),
    broken("5.30", "product-limit", r"\prod_{p=1}^{k}", r"\prod_{p=1}^{L}"),
    broken("5.30", "constant", r"\approx 1", r"\approx \frac{1}{2}", "2"),
    broken("5.31", "index", r"\eta T_L", r"\eta T_1", "2"),
    broken("5.32", "index", "l_{p-1}", "l_p"),
    broken("5.33", "sign", r"\left(1 + \frac{1}{l_{L-1}}\right)", r"\left(1 - \frac{1}{l_{L-1}}\right)", "2"),
    broken("5.35", "index", "l_{p-1}", "l_p"),
    broken("5.36", "sum-limit", r"\sum_{p=2}^L", r"\sum_{p=1}^L", note="not in the limit of wide layers either"),
    broken("5.37", "sign", r"- \eta \Delta T", r"+ \eta \Delta T"),
    broken("5.37", "index", "l_{L-1}S_p", "l_L S_p"),
    broken("5.38", "missing", r"\frac{S_1}{S_{\rm tot}} \Delta T", r"\Delta T", "1 2"),
    broken("5.39", "exponent", r"\sigma_0^{2L}", r"\sigma_0^{2L-1}"),
    broken("5.39", "index", r"\frac{l_L}{l_0}", r"\frac{l_L}{l_1}"),
    broken("5.40", "growth", r"\sigma_0^{2L}", r"\sigma_0^2"),
    broken("5.41", "factor", "2^{p-1} l_0", "2^p l_0"),
    broken("5.41", "missing", "l_0 (l_{p-1}+1)", "(l_{p-1}+1)"),
    broken("5.42", "index", "S_L", "S_1"),
    broken("6.1", "sum-limit", r"\sum_{p=1}^L", r"\sum_{p=1}^{L-1}", "2"),
    broken("E.3", "coefficient", r"l_1 \frac{l^2}{12}", r"l_1 \frac{l^2}{6}"),
    broken("E.3", "factor", r"l_L (l_{L-1} + 1) \ln l", r"2 l_L (l_{L-1} + 1) \ln l", "8"),
    broken("E.4", "coefficient", r"\frac{l^2}{12}", r"\frac{l^2}{6}"),
)  # fmt: skip

_WIDTHS, _SLIP = r"\sum_{p=1}^L l_p (l_{p-1} + 1)", r"\sum_{p=1}^L l_p (l_p + 1)"

MENDS = (
    mended("5.26", "missing", "1", (r"\overline{X}^2", r"\overline{X^2}")),
    mended(
        "5.34", "index", "1 2",
        (rf"T \sim \frac{{l_L \sigma_0^2}}{{{_SLIP} \ln", rf"T \sim \frac{{l_L \sigma_0^2}}{{{_WIDTHS} \ln"),
        (
            rf"\sim \frac{{l_L \sigma_0^2}}{{{_SLIP} \ln \sigma_0}}.",
            rf"\sim \frac{{(l_L + l_L/l_{{L-1}}) \sigma_0^2}}{{{_WIDTHS} \ln \sigma_0}}.",
        ),
        note="at fixed widths 1/l_{L−1} stays",
    ),
    mended(
        "5.36", "missing", "1",
        (r"\frac{l_L}{\frac", r"\frac{l_L (1 + 1/l_{L-1})}{\frac"), ("^L l_p}", "^L l_p (1 + 1/l_{p-1})}"),
    ),
    mended("5.38", "missing", "1 2", (r"\sim \eta T_L", r"\sim \eta T_L - \eta \frac{S_1}{S_{\rm tot}} (T_L - T_1)")),
    mended(
        "E.2", "missing", "1",
        (r"l_{L-1} + 1}{\sum_{p=1}^{L} l_p (l_p + 1)}", r"l_L(l_{L-1} + 1)}{\sum_{p=1}^{L} l_p (l_{p-1} + 1)}"),
    ),
)  # fmt: skip

KEEPS = (
    kept("5.27", "index", (r"\sum_{p=1}^{L-1} l_{p+1}(l_p+1)", r"\sum_{k=2}^{L} l_k(l_{k-1}+1)")),
    kept("5.28", "order", (r"\frac{T_1}{T} - 1", r"\frac{T_1 - T}{T}")),
    kept("5.29", "letter", (r"\prod_{p=1}^{L}l_{p}", r"\prod_{k=1}^{L}l_{k}")),
    kept("5.41", "slash", (r"2^{p-1} l_0", r"\frac{2^p}{2} l_0")),
    kept("E.3", "alignment", (r", & S_1", r" & S_1")),
)
