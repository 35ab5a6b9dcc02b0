r"""Changes to (2.11) and to the appendices A to D, as in `tests/mutations.py`."""

from __future__ import annotations

from tests.mutations import NOT_ACCEPTED, SHOWN, broken, kept, mended

#: dX/dλ and dY/dλ by which P is met at another place, and by which X and Y spread out.
_MET = r"\frac{dP}{d\mathcal{X}}\frac{d\mathcal{X}}{d\lambda} + \frac{dP}{d\mathcal{Y}}\frac{d\mathcal{Y}}{d\lambda}"
_SPREAD = (
    r"\frac{\partial}{\partial\mathcal{X}}\frac{d\mathcal{X}}{d\lambda}"
    r" + \frac{\partial}{\partial\mathcal{Y}}\frac{d\mathcal{Y}}{d\lambda}"
)
_P = r"P(\mathcal{X}, \mathcal{Y})"
_WEIGHT = rf"\frac{{\partial P}}{{\partial\lambda}} + {_MET}"
#: The cross term of (C.9), and the one of (C.10) as far as its own velocity.
_CROSS = r"\exp(-\frac{m}{k_BT}\boldsymbol{v} \cdot \boldsymbol{V})"
_REST = r" \cdot \boldsymbol{V} n_{\tilde{v},h} d\tilde{v} dh"
_LOG = r"\{1 + \log[P(\mathcal{X}, \mathcal{Y})]\}"

BREAKS = (
    broken("2.11", "sign", r"-\int", r"\int"),
    broken("2.11", "missing", r"\{1 + \log", r"\{\log"),
    broken("2.11", "sign", r"+ \frac{dP}", r"- \frac{dP}"),
    broken("A.1", "exponent", r"\mathcal{D}} P(x_i, y_i)}", r"\mathcal{D}} P(x_i, y_i)^2}"),
    broken(
        "A.2",
        "roles",
        r"\frac{d\hat{E}(\mathcal{D}_k)}{dS(\mathcal{D}_k)}",
        r"\frac{dS(\mathcal{D}_k)}{d\hat{E}(\mathcal{D}_k)}",
        allowed=NOT_ACCEPTED,
    ),
    broken("B.1", "factor", r"\frac{1}{ab}", r"\frac{2}{ab}"),
    broken("B.2", "sign", r"\log(ab)", r"-\log(ab)"),
    broken("B.3", "sign", r"+ \log", r"- \log"),
    broken("B.4", "roles", r"\log a", r"\log b"),
    broken("B.5", "square", r"[p_{i} \delta", r"[p_{i}^2 \delta", "4 5"),
    broken("B.5", "sign", r"+ \mathcal{N}", r"- \mathcal{N}", "5"),
    broken("B.6", "sign", r"(\mathcal{D}_1 - \mathcal{D}_2)", r"(\mathcal{D}_2 - \mathcal{D}_1)"),
    broken("B.7", "sign", "= -S", "= S", "2"),
    broken("B.8", "roles", r"T_1 \Delta S_1", r"T_2 \Delta S_1", "2"),
    broken("B.9", "sign", r"\frac{\delta}{-\log \delta}", r"\frac{\delta}{\log \delta}", "1 2"),
    broken("B.9", "sign", r"(1-\delta)^{k}", r"(1+\delta)^{k}", "2", allowed=NOT_ACCEPTED, note="it diverges"),
    broken("B.9", "square", r"^{k}}{k}", r"^{k}}{k^2}", "2", allowed=NOT_ACCEPTED),
    broken("B.9", "constant", r"\to 0", r"\to 1", "5"),
    broken("B.10", "factor", r"\approx \Delta E", r"\approx 2\Delta E", "2"),
    broken("C.1", "factor", r"\frac{1}{2}mv^2", "mv^2"),
    broken("C.3", "roles", "= E", "= N"),
    broken("C.5", "sign", r"- \beta E", r"+ \beta E"),
    broken("C.6", "sign", r"- \beta", r"+ \beta"),
    broken("C.6", "factor", r"e^{-\alpha", r"2e^{-\alpha"),
    broken("C.7", "factor", "2mgh", "mgh"),
    broken("C.8", "sign", r"\tilde{\boldsymbol{v}} - \boldsymbol{V}", r"\tilde{\boldsymbol{v}} + \boldsymbol{V}"),
    broken("C.9", "sign", r"\boldsymbol{v} + \boldsymbol{V}", r"\boldsymbol{v} - \boldsymbol{V}", "3"),
    broken(
        "C.10",
        "roles",
        r"\boldsymbol{v} \cdot \boldsymbol{V} n_{\tilde{v},h} d\tilde{v} dh d\omega",
        r"\boldsymbol{v} \cdot \boldsymbol{V} n_{\tilde{v},h} d\tilde{v} dh",
        "3",
        note="without dω it has a meaning: the observer's velocity, whose mean is −V",
    ),
    broken("C.10", "sign", r"= E + \frac{1}{2}", r"= E - \frac{1}{2}", "3"),
    broken("C.11", "factor", "= N", "= 2N"),
    broken("C.12", "factor", r"\frac{1}{2}mV^2", "mV^2"),
    broken("C.14", "square", r"\frac{1}{2}\beta mV^2", r"\frac{1}{2}\beta mv^2"),
    broken("C.15", "sign", r"+ \mathcal", r"- \mathcal"),
    broken("C.16", "sign", "= E + ", "= E - ", "2"),
    broken("C.18", "sign", r"- \int", r"+ \int"),
    broken("C.20", "sign", r"+ \beta\mathcal", r"- \beta\mathcal", "1 2"),
    broken("C.20", "missing", r"f_i(\mathcal{G})", "", "2"),
    broken("D.1", "sign", "dU + PdV", "dU - PdV"),
    broken("D.2", "index", "_V", "_S", allowed=NOT_ACCEPTED),
)

MENDS = (
    mended(
        "2.11", "missing", "1",
        (
            rf"{_LOG} \left({_MET}\right)",
            rf"\left[{_LOG}\left({_WEIGHT}\right) + {_P}\log {_P}\left({_SPREAD}\right)\right]",
        ),
        allowed=SHOWN,
    ),
    mended(
        "B.9", "growth", "3 4 5",
        (r"\sum_{k=1}^{\infty} \frac{1}{k}", r"\sum_{k=1}^{1/\delta} \frac{1}{k}"),
        (r"\lim_{k \to \infty} \ln k + 0.57721", r"\ln\frac{1}{\delta} + 0.57721"),
    ),
    mended(
        "C.9", "missing", "4 5",
        (rf"\left\langle {_CROSS} \right\rangle", _CROSS),
        (
            r"\exp\left(-\frac{\varepsilon_{v,h}}{2k_BT}\right)",
            rf"\exp\left(-\frac{{\varepsilon_{{v,h}}}}{{k_BT}}\right){_CROSS}",
        ),
    ),
    mended(
        "C.10", "roles", "2 3",
        (rf"m \boldsymbol{{v}}{_REST} d\omega", rf"m \tilde{{\boldsymbol{{v}}}}{_REST}"),
    ),
    mended("C.13", "sign", "1", (r"- \alpha - \beta\left", r"+ \alpha + \beta\left")),
    mended("C.19", "sign", "1", (r"- \alpha - \beta \varepsilon_i + \beta", r"+ \alpha + \beta \varepsilon_i - \beta")),
)  # fmt: skip

KEEPS = (
    kept("B.2", "roles", (r"\log(ab)", r"\log b + \log a")),
    kept("B.6", "roles", (r"S_{\mathcal{D}_2} - S_{\mathcal{D}_1}", r"- S_{\mathcal{D}_1} + S_{\mathcal{D}_2}")),
    kept("C.6", "roles", (r"e^{-\alpha - \beta \varepsilon_{v,h}}", r"e^{-\alpha}e^{-\beta \varepsilon_{v,h}}")),
    kept("C.7", "factor", (r"\exp\left(-\alpha -", r"\exp\left(-"), note="α is a constant of proportion"),
    kept("C.14", "factor", (r"\exp\left(\frac{1}{2}\beta mV^2\right)", ""), note="so is what is free of v and h"),
    kept("C.16", "roles", (r"= E + \int n_i \mathcal{G}_i d\Omega", r"= \int n_i \mathcal{G}_i d\Omega + E")),
    kept("D.1", "roles", ("dU + PdV", "PdV + dU")),
)  # fmt: skip
