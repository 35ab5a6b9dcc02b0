r"""Changes to the networks of (5.1)–(5.22), as in `tests/mutations.py`."""

from __future__ import annotations

from tests.mutations import NOT_ACCEPTED, broken, kept, mended

BREAKS = (
    broken("5.4", "missing", r"(\sigma_{kj}^L)^2 (a_{ij}^{L-1})^2", r"\sigma_{kj}^L (a_{ij}^{L-1})^2", "2"),
    broken("5.4", "sign", r"(a_{ij}^{L-1})^2 + (\sigma_k^L)^2 + (y", r"(a_{ij}^{L-1})^2 + (\sigma_k^L)^2 - (y", "2"),
    broken("5.4", "index", r"(a_{ij}^{L-1})^2 +", r"(a_{ij}^{L-2})^2 +", "2", allowed=NOT_ACCEPTED),
    broken(
        "5.4", "coefficient", r"(\sigma_{kj}^L)^2 + (\sigma_k^L)^2", r"(\sigma_{kj}^L)^2 + 2(\sigma_k^L)^2", "3",
        allowed=NOT_ACCEPTED,
    ),
    broken("5.4", "sum-limit", r"\sum_{k=1}^{l_L}", r"\sum_{k=1}^{l_{L-1}}", "1", allowed=NOT_ACCEPTED),
    broken("5.5", "sign", r"[\sigma^2 (l_{L-1} + 1) + y", r"[\sigma^2 (l_{L-1} - 1) + y", "1"),
    broken("5.5", "exponent", r"\sim \sigma^2 (l_{L-1} + 1) l_L + \o", r"\sim \sigma^4 (l_{L-1} + 1) l_L + \o", "3"),
    broken("5.5", "index", r"{Y^2} \sim \sigma^2 (l_{L-1} + 1)", r"{Y^2} \sim \sigma^2 (l_L + 1)", "4"),
    broken("5.6", "coefficient", r"\frac{\mathcal{D}}{2}", r"\mathcal{D}", "1"),
    broken("5.6", "constant", r"\ln(2\pi)", r"\ln(\pi)", "1"),
    broken("5.9", "factor", r"= \frac{1}{2} \int (z", r"= \int (z", "1"),
    broken("5.9", "coefficient", r"\approx \frac{1}{2} \left[\sum_{k", r"\approx \frac{1}{4} \left[\sum_{k", "3"),
    broken("5.9", "missing", r"(a_{ik}^{p-1})^{2} + (\sigma_{j}^{p})^{2}", r"(a_{ik}^{p-1})^{2}", "3"),
    broken(
        "5.10", "product-limit", r"\prod_{p=1}^L l_p \right) \sigma^{2L}", r"\prod_{p=1}^{L-1} l_p \right) \sigma^{2L}",
        "6",
    ),
    broken("5.11", "exponent", "2^{1-L}", "2^{-L}", "1"),
    broken("5.11", "growth", r"\right) \sigma^{2L} \overline", r"\right) \sigma^{L} \overline", "1"),
    broken("5.11", "product-limit", r"\prod_{p=1}^{L}", r"\prod_{p=1}^{L-1}", "1", allowed=NOT_ACCEPTED),
    broken("5.14", "index", r"\sim l_p (l_{p-1}+1)", r"\sim l_p (l_p+1)", "2", allowed=NOT_ACCEPTED),
    broken("5.15", "coefficient", r"\sim \left(\frac{\sigma^2}", r"\sim \left(\frac{2 \sigma^2}", "2"),
    broken("5.17", "growth", r"T_1 \propto T_2", r"T_1 \ll T_2", "1"),
    broken("5.18", "missing", r"\xi_{p-1} l_{p-1}", r"l_{p-1}", allowed=NOT_ACCEPTED),
    broken("5.20", "factor", r"\sim 2 \left", r"\sim \left"),
    broken("5.20", "exponent", r"\sigma^{2p}", r"\sigma^{2p-2}"),
    broken("5.20", "product-limit", r"\prod_{k=1}^p", r"\prod_{k=1}^{p-1}", allowed=NOT_ACCEPTED),
    broken("5.21", "product-limit", r"\prod_{k=1}^{p-1}", r"\prod_{k=1}^{p}", "1", allowed=NOT_ACCEPTED),
    broken("5.21", "growth", r"\propto \left(\frac{\sigma^{2p}}", r"\propto \left(\frac{\sigma^{2}}", "2"),
    broken("5.22", "direction", r"T_1 \ll T_2", r"T_1 \gg T_2", "1"),
    broken("5.22", "growth", r"T_2 \ll T_3", r"T_2 \sim T_3", "2"),
)  # fmt: skip

_P = r"f(\boldsymbol{W}^L) f(\boldsymbol{b}^L) d\boldsymbol{W}^L d\boldsymbol{b}^L"

MENDS = (
    mended("5.6", "sum-limit", "2", (r"\sum_{p=1}^{l_L}", r"\sum_{p=1}^{L}")),
    mended("5.7", "index", "1", (r"\sum_i \sum_j", r"\sum_i \sum_k")),
    mended("5.8", "sum-limit", "1", (r"\sum_{p=1}^{l_L}", r"\sum_{p=1}^{L}")),
    mended("5.9", "sum-limit", "2", (r"\sum_{k=1}^{l_{p}}", r"\sum_{k=1}^{l_{p-1}}")),
    mended(
        "5.10", "index", "1 2 3 4 5 6", ("(a_{ij}^{L-1})^2 + 1", "(a_{ij}^{L-2})^2 + 1"),
        (r"\frac{j=1}{2^2 n}", r"\frac{1}{2^2 n}"),
        (r"\sum_{1}^{l_{L-3}} (a_{ij}^{L-2})^2", r"\sum_{1}^{l_{L-3}} (a_{ij}^{L-3})^2"),
    ),
    mended("5.13", "index", "1", (_P, _P.replace("^L", "^p"))),
    mended("5.13", "index", "2", (r"\sum_{i=1}^n \sum_{j=1}^{l_p}", r"\sum_{i=1}^n \sum_{k=1}^{l_p}")),
    mended("5.16", "factor", "1", (r"\frac{l_1 \overline{X^2}}", r"\frac{\overline{X^2}}")),
    mended("5.19", "index", "1", ("l_{p_1}", "l_{p-1}")),
)  # fmt: skip

KEEPS = (
    kept("5.4", "sum-limit", (r"= \frac{1}{n} \sum_i", r"= \frac{1}{n} \sum_{i=1}^n")),
    kept("5.5", "roles", (r"\sum_{i,k}", r"\sum_i \sum_k")),
    kept(
        "5.20", "constant", (r"2 \left[\prod_{k=1}^p \left(\frac{l_k}{2} \right) \right]", r"2^{1-p} \prod_{k=1}^p l_k")
    ),
)  # fmt: skip
