r"""Sections 3.4 and 3.5, linear regression with penalties and with MAE: (3.27)–(3.46).

Under MAE the mean energy has a closed form: with erf for normal parameters, over the corners of their box for uniform ones.
"""

from dataclasses import replace

from derive.claim import Regime
from derive.reader.notation import Notation, names, symbols
from derive.simulated import Simulated
from derive.system import Block, System, linear_form
from derive.term import ONE, TWO, Fn, Sum, Sym, Term
from theorems.catalogue.energies import l1, l2, mae
from theorems.catalogue.initializers import normal, uniform
from theorems.zhang2024.paper import zhang
from theorems.zhang2024.s3_linear import ALL_L, ALL_SIGMA, ASSUMED, BASE, FLAT, ON_INTERVALS, element, fit, with_system

I, K, N, LAMBDA = Sym("i"), Sym("K"), Sym("n"), Sym("lambda")
ROOT = "(4.3) prints the same density with σ_j outside the root"

# -- 3.4 MSE with penalties ------------------------------------------------------------------------


def penalized(initializer, penalty) -> System:  # type: ignore[no-untyped-def]
    return replace(fit(initializer), penalty=penalty(LAMBDA))


def run(initializer, penalty) -> Simulated:  # type: ignore[no-untyped-def]
    return Simulated(penalized(initializer, penalty), penalty=(penalty.__name__, "lambda"))


def with_penalties(initializer) -> Notation:  # type: ignore[no-untyped-def]
    plain = fit(initializer)
    one, two = (penalized(initializer, penalty) for penalty in (l1, l2))
    signs = {**ASSUMED.signs, "lambda": "positive"}
    notation = BASE.extend(scalars=symbols(r"\lambda"), context=replace(ASSUMED, signs=signs))
    return with_system(notation, plain).extend(
        names=names({
            r"\langle E_{L_1} \rangle": one.E0, r"\langle E_{L_2} \rangle": two.E0, "T_{L_1}": one.T, "T_{L_2}": two.T,
            rf"T_{{\text{{{initializer.name}}}}}": plain.T, r"\lambda'": r"\lambda\sqrt{\frac{2}{\pi}}",
        })
    )  # fmt: skip


NORMAL, UNIFORM = with_penalties(normal), with_penalties(uniform)

zhang.equation("3.27", NORMAL, uses=["2.20", "3.8"], note=ROOT)
zhang.equation("3.28", NORMAL, uses=["2.21", "3.8"], note=f"{ROOT}; the text before it speaks of L2")
zhang.equation(
    "3.29", NORMAL, uses=["2.29", "3.2", "3.11", "3.27"], regime=ALL_SIGMA, result=True, simulate=run(normal, l1)
)
zhang.equation(
    "3.30", NORMAL, uses=["2.29", "3.2", "3.11", "3.28"], regime=ALL_SIGMA, result=True, simulate=run(normal, l2)
)
zhang.equation("3.31", UNIFORM, uses=["2.20", "3.18"])
zhang.equation("3.32", UNIFORM, uses=["2.21", "3.18"])
zhang.equation(
    "3.33", UNIFORM, uses=["2.29", "3.13", "3.20", "3.31"], regime=ALL_L, result=True, simulate=run(uniform, l1)
)
zhang.equation(
    "3.34", UNIFORM, uses=["2.29", "3.13", "3.20", "3.32"], regime=ALL_L, result=True, simulate=run(uniform, l2)
)

# -- 3.5 MAE ---------------------------------------------------------------------------------------


def absolute_fit(initializer) -> System:  # type: ignore[no-untyped-def]
    """K parameters of a linear fit under MAE."""
    return System(mae, linear_form(K), element("y", I), (Block(initializer, ONE, K),))


def under_mae(base: Notation, system: System, **closed: str) -> Notation:
    table: dict[str, str | Term | None] = {
        r"\overline{|X|}": r"\frac{1}{K}\sum_{j=1}^K \overline{|X_j|}", "T_{\\text{MAE}}": system.T,
        r"\overline{X}": r"\frac{1}{K}\sum_{j=1}^K \overline{X_j}", "T_{\\text{MSE}}": fit(system.blocks[0].initializer).T,
    }  # fmt: skip
    return with_system(base.extend(names=names(table), data={"x": "x"}), system, **closed)


SPREAD, WIDTH = r"\sum_{j=1}^K \sigma_j^2 x_{ij}^2", r"\sqrt{\sum_{j=1}^K \sigma_j^2 x_{ij}^2}"
FOLDED = rf"\sqrt{{\frac{{2}}{{\pi}}}} {WIDTH} e^{{-\frac{{y_i^2}}{{2{SPREAD}}}}}"
LEADING = rf"\sqrt{{\frac{{2}}{{\pi}}}} \frac{{1}}{{n}}\sum_{{i=1}}^n {WIDTH}"
MAE_NORMAL = under_mae(
    BASE, absolute_fit(normal),
    E0=rf"\frac{{1}}{{n}}\sum_{{i=1}}^n \left[{FOLDED} + y_i \operatorname{{erf}}\left(\frac{{y_i}}{{\sqrt{{2}}{WIDTH}}}\right)\right]",
).extend(leading=(
    LEADING, rf"\frac{{{LEADING}}}{{\sum_{{j=1}}^K \ln\sigma_j + \frac{{K}}{{2}}[1 + \ln(2\pi)]}}",
))  # fmt: skip
AT_SIGMA = MAE_NORMAL.extend(
    leading=(
        r"\sqrt{\frac{2}{\pi}} \left(\frac{\sigma}{\ln\sigma}\right) \frac{1}{nK}\sum_{i=1}^n \sqrt{\sum_{j=1}^K x_{ij}^2}",
    )
)
FIRST_SIGMA = Regime(
    variable="sigma",
    path=((element("sigma", ONE), Sym("sigma")),),
    text="σ_1 → ∞; the other scales and the data fixed",
)


def some(x: Term) -> Term:
    """Σ_i |x|: that it is not 0 says that some x is not."""
    return Sum("i", ONE, N, Fn("abs", (x,)))


zhang.equation("3.35", MAE_NORMAL, uses=["2.5", "2.17"], note=ROOT)
FIRST_VARIES = replace(ASSUMED, positive=(some(element("x", I, ONE)),))
zhang.equation("3.36", MAE_NORMAL.extend(context=FIRST_VARIES), uses=["3.35"], regime=FIRST_SIGMA)
zhang.equation("3.37", MAE_NORMAL, uses=["3.36"], regime=ALL_SIGMA, result=True)
zhang.equation("3.38", MAE_NORMAL, uses=["2.29", "3.2", "3.37"], regime=ALL_SIGMA, result=True)
zhang.equation("3.39", AT_SIGMA, uses=["3.38"], regime=ALL_SIGMA, result=True, simulate=Simulated(absolute_fit(normal)))

STRAIGHT = element("mu", ONE) * element("x", I) + element("mu", TWO)
MAE_LINE = under_mae(FLAT, System(mae, STRAIGHT, element("y", I), (Block(uniform, ONE, TWO),))).extend(
    domains=ON_INTERVALS, context=replace(FLAT.context, positive=(*FLAT.context.positive, some(element("x", I))))
)
#: The corners are divided by x_i.
NO_ZERO = replace(MAE_LINE.context, nonzero=frozenset({"x"}))
zhang.equation("3.40", MAE_LINE, uses=["2.5", "2.17", "3.12"])
zhang.equation("3.41", MAE_LINE.extend(context=NO_ZERO), uses=["3.40"], result=True)

#: The mean of |Σ_j μ_j x_ij| over parameters in units of l: on intervals of width 1.
IN_UNITS = r"\int_{-\frac{1}{2}}^{\frac{1}{2}} \left|\sum_{j=1}^K \mu_j x_{ij}\right| \prod_{j=1}^K d\mu_j"
SUMMED = rf"\sum_{{i=1}}^n {IN_UNITS}"
SCALED = SUMMED.replace(r"\mu_j x_{ij}", r"l_j \mu_j x_{ij}")
MAE_UNIFORM = under_mae(BASE, absolute_fit(uniform)).extend(
    domains=ON_INTERVALS, slips={"k_1": "K-1"}, scalars={"K-1": K - 1},
    leading=(
        rf"\frac{{l}}{{n}} {SUMMED}", rf"\frac{{1}}{{nK}} \left(\frac{{l}}{{\ln l}}\right) {SUMMED}",
        rf"\frac{{1}}{{n}} {SCALED}", rf"\frac{{{SCALED}}}{{n\sum_{{j=1}}^K \ln l_j}}",
    ),
)  # fmt: skip
zhang.equation("3.42", MAE_UNIFORM, uses=["2.5", "2.17", "3.12"])
zhang.equation("3.43", MAE_UNIFORM, uses=["3.42"], regime=ALL_L, result=True)
zhang.equation("3.44", MAE_UNIFORM, uses=["2.29", "3.13", "3.43"], regime=ALL_L, result=True)
zhang.equation(
    "3.45", MAE_UNIFORM, uses=["3.44"], regime=ALL_L, result=True,
    simulate=Simulated(absolute_fit(uniform), sizes={"K": 2, "n": 5}),
)  # fmt: skip
zhang.equation("3.46", MAE_UNIFORM, uses=["3.20", "3.45"], regime=ALL_L, result=True)
