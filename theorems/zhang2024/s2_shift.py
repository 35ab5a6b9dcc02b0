r"""Section 2.1, data that shift continuously: the temperature (2.11) along a shift, and its short form (A.2).

(2.11) differentiates (2.10) at P[𝒳(λ), 𝒴(λ)] and leaves d𝒳d𝒴 alone. Two cases of what the text describes: a data set
that fills a moving part of the domain on which P is given, and data that are spread out, whose density P follows.
"""

from derive.claim import Case
from derive.kernel.context import Context
from derive.reader.notation import Notation, names
from derive.shift import Shift
from derive.term import App, Sym, mul, neg
from theorems.catalogue.initializers import normal
from theorems.zhang2024.paper import zhang
from theorems.zhang2024.s2_theory import BASE

X, Y = Sym("mathcal(X)"), Sym("mathcal(Y)")

E, E_RATE = Sym("E"), Sym("E'")
OF_DATA = r"E(\mathcal{X}, \mathcal{Y})"
MEANING = names({
    OF_DATA: E,
    r"\hat{E}(\mathcal{D}_k)": E,
    r"S(\lambda)": r"-\int P(\mathcal{X}, \mathcal{Y})\log P(\mathcal{X}, \mathcal{Y}) d\mathcal{X}d\mathcal{Y}",
    r"S(\mathcal{D}_k)": r"S(\lambda)",
    r"T(\lambda)": rf"\frac{{d{OF_DATA}/d\lambda}}{{dS(\lambda)/d\lambda}}",
    r"T(\mathcal{D}_k)": r"T(\lambda)",
})  # fmt: skip
#: What holds in every case: P changes at its place, is met at another place, and 𝒳 and 𝒴 may be spread out.
CARRIED = r"\frac{\partial P}{\partial\lambda} + \frac{dP}{d\mathcal{X}}\frac{d\mathcal{X}}{d\lambda} + \frac{dP}{d\mathcal{Y}}\frac{d\mathcal{Y}}{d\lambda}"
SPREAD_OUT = r"\frac{\partial}{\partial\mathcal{X}}\frac{d\mathcal{X}}{d\lambda} + \frac{\partial}{\partial\mathcal{Y}}\frac{d\mathcal{Y}}{d\lambda}"
P = r"P(\mathcal{X}, \mathcal{Y})"
IN_ALL = (
    rf"\frac{{d{OF_DATA}/d\lambda}}{{-\int\left[\{{1+\log {P}\}}\left({CARRIED}\right)"
    rf" + {P}\log {P}\left({SPREAD_OUT}\right)\right] d\mathcal{{X}}d\mathcal{{Y}}}}"
)


def moving_window(stretched: bool = False) -> Notation:
    """𝒳 = x + a u, 𝒴 = y + b w with u, w from 0 to 1. P is any smooth density on the domain; ab keeps its value unless
    the window is stretched.
    """
    x, a, y, b, u, w = (Sym(s) for s in "xaybuw")
    xr, ar, yr = (Sym(s) for s in ("x'", "a'", "y'"))
    br = Sym("b'") if stretched else neg(b * ar / a)
    shift = Shift(
        parameter="lambda",
        moved={X.name: xr + ar * (X - x) / a, Y.name: yr + br * (Y - y) / b},
        changed={"x": xr, "a": ar, "y": yr, "b": br, "E": E_RATE},
        windows={X.name: ("u", x + a * u), Y.name: ("w", y + b * w)},
    )
    context = Context(signs={"P": "positive", "a": "positive", "b": "positive"})
    return BASE.extend(
        scalars={"P": App("P", (X, Y))}, names=MEANING, shift=shift, context=context, closed={"all": IN_ALL}
    )


def spreading() -> Notation:
    """𝒳 = m + s ξ, 𝒴 = c + t η with ξ, η standard normal: P is the density of 𝒳 and 𝒴."""
    m, s, c, t = (Sym(x) for x in "msct")
    rates = {v: Sym(f"{v}'") for v in "msct"}
    density = mul(*(normal.density(x - mean, width) for x, mean, width in ((X, m, s), (Y, c, t))))
    shift = Shift(
        parameter="lambda",
        moved={
            X.name: rates["m"] + rates["s"] * (X - m) / s,
            Y.name: rates["c"] + rates["t"] * (Y - c) / t,
        },
        changed={**rates, "E": E_RATE},
    )
    context = Context(signs={"s": "positive", "t": "positive"})
    known = names({"P": density, r"P(\mathcal{X}, \mathcal{Y})": density})
    return BASE.extend(names={**MEANING, **known}, shift=shift, context=context, closed={"all": IN_ALL})


WINDOW = "a data set that moves through a domain with a fixed P"
FIXED_VOLUME = Case(
    text=f"{WINDOW} and keeps its volume",
    notation=moving_window(),
    where=rf"\frac{{\partial P}}{{\partial\lambda}} = 0,\; {SPREAD_OUT} = 0",
)
STRETCHED = Case(text=f"{WINDOW} and changes its volume", notation=moving_window(stretched=True))
SPREAD = Case(text="normal data whose means and widths shift, with P their density", notation=spreading())
zhang.equation("2.11", moving_window(), uses=["2.10"], result=True, cases=(FIXED_VOLUME, SPREAD, STRETCHED))
