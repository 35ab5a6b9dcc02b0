r"""Appendix C: Boltzmann distributions, also for an observer who moves, (C.1)–(C.20).

Velocities enter through their component along V only; the others integrate alike in every frame.
"""

from derive.kernel.context import Context
from derive.kernel.normal import Normal
from derive.reader.notation import Family, Notation, families, names, ranges, symbols
from derive.term import INF, MINUS_INF, ZERO, App, Elem, Fn, Int, Over, Sym, Term, exp
from theorems.zhang2024.paper import zhang

V, VT, H, DRIFT = Sym("v"), Sym("tilde v"), Sym("h"), Sym("V")
COUNT, TOTAL, E = Sym("n_v,h"), Sym("N"), Sym("E")


def d(t: Term) -> Term:
    return Fn("d", (t,))


POSITIVE = {name: "positive" for name in ("m", "g", "N", "T", "k_B", "n_v,h")}
ENERGY = r"\frac{1}{2}mv^2 + mgh"
GAS = Notation(
    scalars={r"\boldsymbol(v)": V, r"\boldsymbol(V)": DRIFT, r"\tilde(\boldsymbol(v))": VT, r"\boldsymbol(\tilde(v))": VT, r"\tilde(v)": VT}
    | symbols(r"m g v h N E T V \alpha \beta k_B"),
    dimensions={"m": "M", "g": "L/T^2", "h": "L", **dict.fromkeys(("v", "V", "tilde v"), "L/T"), "T": "K"},
    names=names({r"\varepsilon_{v,h}": ENERGY, "n_{v,h}": App("n", (V, H))}),
    context=Context(signs=POSITIVE),
)  # fmt: skip

# -- the gas at rest -------------------------------------------------------------------------------

CONSTRAINED = GAS.extend(
    names=names({"N": r"\iint n_{v,h} dv dh", "E": r"\iint n_{v,h}\varepsilon_{v,h} dv dh"}),
)
zhang.equation("C.1", GAS, defines=[1])
zhang.equation("C.2", CONSTRAINED, premise="the number of particles is fixed")
zhang.equation("C.3", CONSTRAINED, uses=["C.1"], premise="the energy is fixed")
ARRANGED = Notation(
    scalars=symbols("N I J"),
    families=families(one="v h", two="n"),
    ranges=ranges(i=Sym("I"), j=Sym("J")),
    names=names({r"\Omega(\{n_{v_i,h_j}\})": r"\frac{N!}{\prod_{i,j} n_{v_i,h_j}!}"}),
    context=Context(least={"I": 1, "J": 1}),
)
zhang.equation("C.4", ARRANGED, defines=[1])


def stationary(base: Notation, share: Term) -> Notation:
    """ln Ω − βE − αN, as one cell gains particles: each adds 1 to N and `share` to E.

    Factorials by Stirling's formula, ln n! = n ln n − n; R, the other cells, does not vary.
    """
    fixed = tuple((d(Sym(s)), ZERO) for s in ("alpha", "beta", "k_B", "T", "R"))
    facts = ((d(TOTAL), d(COUNT)), (d(E), share * d(COUNT)), *fixed)
    return base.extend(
        scalars=symbols("R"),
        names=names({r"\Omega": r"\exp[N\ln N - N - (n\ln n - n) - R]", "n": COUNT}),
        context=Context(signs=POSITIVE, facts=facts),
    )


def most_probable(count: str) -> dict[str, str]:
    return {count: rf"\frac{{\partial}}{{\partial {count}}}(\ln\Omega - \beta E - \alpha N)"}


CELL = GAS.extend(names=names({"n_{v,h}": COUNT}))
KINETIC, POTENTIAL = Sym("m") * V**2 / 2, Sym("m") * Sym("g") * H
AT_REST = stationary(CELL, KINETIC + POTENTIAL)
LAGRANGE = "the most probable numbers make ln Ω stationary under the constraints; factorials by Stirling's formula"
BOLTZMANN = most_probable("n_{v,h}")
HEATED = {r"\beta": r"\frac{1}{k_B T}"}
zhang.equation("C.5", AT_REST, uses=["C.2", "C.3", "C.4"], given=BOLTZMANN, premise=LAGRANGE)
zhang.equation("C.6", AT_REST, uses=["C.5"], given=BOLTZMANN, result=True)
zhang.equation(
    "C.7", AT_REST.extend(names=names(HEATED)), uses=["C.1", "C.6"], given=BOLTZMANN, proportional_in=["v", "h"],
    result=True, note="β = 1/k_BT, as the text states; ∝ for fixed temperature, as functions of v and h",
)  # fmt: skip

# -- an observer who moves with velocity V ---------------------------------------------------------

zhang.equation("C.8", GAS.extend(names=names({r"\boldsymbol{v}": VT - DRIFT})), defines=[1])


def over_particles(t: Term) -> Term:
    """The mean over the velocities that the observer sees."""
    line = (Over(V, MINUS_INF, INF),)
    weight = exp(ZERO - Sym("m") * (V + DRIFT) ** 2 / (Sym("k_B") * Sym("T") * 2))
    return Int(line, t * weight) / Int(line, weight)


MOVING = GAS.extend(
    names=names({
        r"\tilde{v}": V + DRIFT, **HEATED,
        r"n_{\tilde{v},h}": r"N e^{-\alpha - \beta(\frac{1}{2}m\tilde{v}^2 + mgh)}", "n_{v,h}": r"n_{\tilde{v},h}",
    }),
    average=over_particles,
    closed={
        "line": r"\exp\left(-\frac{mV^2}{2k_BT}\right)\exp\left(-\frac{mv^2+2mgh}{2k_BT}\right)\exp\left(-\frac{m}{k_BT}\boldsymbol{v}\cdot\boldsymbol{V}\right)",
    },
)  # fmt: skip
zhang.equation(
    "C.9", MOVING, uses=["C.7", "C.8"], proportional_in=["v", "h"], result=True,
    note="∝ as functions of v and h; angle brackets are the mean over the particles",
)  # fmt: skip


def integral(t: Term) -> Term:
    """∬ t dṽ dh in the kernel's spelling."""
    return Normal(Context()).ratio(Int((Over(VT, MINUS_INF, INF), Over(H, MINUS_INF, INF)), t)).term


#: Numbers of particles as functions of the velocity in the frame at rest, where the gas has no momentum.
SEEN = GAS.extend(
    names=names({
        r"n_{\tilde{v},h}": App("n", (VT, H)), "n_{v,h}": App("n", (V + DRIFT, H)),
        "E": r"\iint (\frac{1}{2}m\tilde{v}^2 + mgh) n_{\tilde{v},h} d\tilde{v} dh", "N": r"\iint n_{\tilde{v},h} d\tilde{v} dh",
    }),
    scalars=symbols(r"\omega"),
    frames={"v": ("tilde v", V + DRIFT), "tilde v": ("v", VT - DRIFT)},
    context=Context(signs=POSITIVE, facts=((integral(VT * App("n", (VT, H))), ZERO),)),
)  # fmt: skip
zhang.equation(
    "C.10", SEEN, uses=["C.3", "C.8"], result=True, note="the gas as a whole is at rest: ∬ ṽ n dṽ dh = 0",
    nearest={2: r"\iint (\frac{1}{2}m\tilde{v}^2 + mgh) n_{\tilde{v},h} d\tilde{v}dh - \iint m\tilde{v} V n_{\tilde{v},h} d\tilde{v}dh + \frac{1}{2}mV^2\iint n_{v,h} dv dh"},
)  # fmt: skip
zhang.equation("C.11", SEEN, uses=["C.2", "C.8"])
zhang.equation("C.12", SEEN, uses=["C.10"], result=True)
AS_SEEN = stationary(CELL, KINETIC + POTENTIAL - Sym("m") * DRIFT**2 / 2)
zhang.equation("C.13", AS_SEEN, uses=["C.5", "C.11", "C.12"], given=BOLTZMANN)
zhang.equation(
    "C.14", AS_SEEN, uses=["C.13"], given=BOLTZMANN, proportional_in=["v", "h"], result=True,
    note="what maximises ln Ω under (C.11) and (C.12) alone; that the momentum is fixed too is left out. The factor free of v and h cancels under (C.11)",
)  # fmt: skip

# -- any energy beside the internal one ------------------------------------------------------------

STATE = Sym("Omega")
STATES = Notation(
    scalars=symbols(r"N \Omega"),
    names=names({
        "n_i": App("n", (STATE,)), r"\hat{\varepsilon}_i": App("epsilon", (STATE,)), r"\mathcal{G}_i": App("G", (STATE,)),
        r"\varepsilon_i": r"\hat{\varepsilon}_i + \mathcal{G}_i",
        "N": r"\int n_i d\Omega", "E": r"\int n_i \hat{\varepsilon}_i d\Omega",
    }),
    context=Context(signs={"n": "positive"}),
)  # fmt: skip
zhang.equation("C.15", STATES, defines=[1])
zhang.equation("C.16", STATES, uses=["C.15"], note="E is the internal energy, which is conserved")
zhang.equation("C.17", STATES, premise="the number of particles is fixed")
zhang.equation("C.18", STATES, uses=["C.16"])
EPSILON, G = Elem("varepsilon", (Sym("i"),)), Elem("mathcal(G)", (Sym("i"),))
WITH_G = stationary(
    Notation(
        scalars=symbols(r"N E \alpha \beta"),
        families=families(one=r"\varepsilon \mathcal{G}") | {"G": Family("mathcal(G)", 1, r"\mathcal{G}")},
        ranges=ranges(i=Sym("M")),
        shapes={"varepsilon": ("M",), "mathcal(G)": ("M",)},
        names=names({"n_i": COUNT, r"f_i(\mathcal{G})": r"e^{\beta\mathcal{G}_i}"}),
    ),
    EPSILON - G,
)
zhang.equation("C.19", WITH_G, uses=["C.5", "C.17", "C.18"], given=most_probable("n_i"), result=True, fixed=["i"])
zhang.equation(
    "C.20", WITH_G, uses=["C.19"], given=most_probable("n_i"), proportional_in=["i"], result=True, fixed=["i"],
    note="∝ as a function of the state i",
)  # fmt: skip
