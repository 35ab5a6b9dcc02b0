"""Systems simulated beside the temperatures of Section 5 and Appendix E: small networks, at a finite scale.

The first layer of a network with a bounded activation and the activations it hands on are exact at any scale; so are
all layers of rectifiers. Derived energies of deeper bounded layers hold in the limit only, so that such networks have
two layers here.
"""

from collections.abc import Callable
from dataclasses import replace

from derive.claim import rewritten
from derive.network import Network, below, rectified, rectified_rms, width
from derive.reader.notation import Notation
from derive.simulated import Simulated, SimulatedNetwork
from derive.term import ONE, ZERO, Elem, Fn, Int, Over, Prod, Sum, Sym, Term, exp, ln, neg, rebuild, sqrt, term
from theorems.catalogue.initializers import normal, uniform
from theorems.zhang2024 import s4_uniform
from theorems.zhang2024.paper import zhang
from theorems.zhang2024.s5_networks import ALL, NETWORK, RECTIFIED, SIGMA, activation, ideal, label

I, J, P, LENGTH = (Sym(s) for s in ("i", "j", "p", "length"))
Square = Callable[[Network, Term, Term, Term], Term]


def shrunk(p: Term, k: Term, j: Term) -> Term:
    """σ_p = σ_0/√l_{p−1}, Zhang (5.32)."""
    return SIGMA / sqrt(width(below(p)))


SHRUNK = Network(normal.density, shrunk)


def tanh(network: Network, p: Term, i: Term, j: Term) -> Term:
    """⟨(a_ij^p)²⟩ of a normal layer."""
    return network.line_square("tanh", p, i, j)


def logistic(network: Network, p: Term, i: Term, j: Term) -> Term:
    def go(t: Term) -> Term:
        return ONE / (ONE + exp(neg(t.args[0]))) if isinstance(t, Fn) and t.name == "tanh" else rebuild(t, go)

    return go(network.line_square("tanh", p, i, j))


def run(
    activation_name: str, widths: tuple[int, ...], square: Square | None = None, network: Network = ALL,
    notation: Notation = NETWORK, **more: bool,
) -> SimulatedNetwork:  # fmt: skip
    """Every layer's mean energy and entropy, the layers below in their mean squares."""

    def rms(p: Term, i: Term, j: Term) -> Term:
        if square is None:
            return rectified_rms(p, i, j)
        return activation(p, i, j) if p == ZERO else sqrt(square(network, p, i, j))

    derived: dict[str, Term] = {}
    for p in range(1, len(widths)):
        target = label if p == len(widths) - 1 else ideal(term(p))
        derived[f"⟨E_{p}⟩"] = rewritten(network.energy(term(p), target), ((Elem("a", (P, I, J)), rms),))
        derived[f"S_{p}"] = network.entropy(term(p))
    return SimulatedNetwork(activation_name, "normal", "sigma", derived, widths, notation=notation, **more)


def of_row(p: Term, letter: str, body: Callable[[Term], Term]) -> Term:
    """Mean over the parameters of one unit of layer p, uniform on intervals of one length; `body` is told the index."""
    weight, bias = Elem(letter, (J,)), Sym(f"{letter}0")
    low, high = uniform.domain(LENGTH)
    over = (Over(weight, low, high, "j", ONE, width(below(p))), Over(bias, low, high))
    mass = Prod("j", ONE, width(below(p)), uniform.density(weight, LENGTH)) * uniform.density(bias, LENGTH)
    return Int(over, body(bias) * mass)


def boxed(widths: tuple[int, ...]) -> SimulatedNetwork:
    """Two layers of uniform parameters under tanh: the rows of a layer are independent and alike."""
    last, k, f = term(2), Sym("k"), uniform.density(Sym("u"), LENGTH)

    def energy(p: Term, target: Callable[[Term, Term], Term], a: Callable[[Term], Term]) -> Term:
        form = Sum("j", ONE, width(below(p)), Elem("u", (J,)) * a(J))
        mean = of_row(p, "u", lambda bias: (form + bias - target(I, k)) ** 2)
        return Sum("i", ONE, Sym("n"), Sum("k", ONE, width(p), mean)) / Sym("n")

    inner = of_row(
        ONE,
        "w",
        lambda bias: Fn("tanh", (Sum("j", ONE, width(ZERO), Elem("w", (J,)) * Elem("x", (I, J))) + bias,)) ** 2,
    )
    one = neg(Int((Over(Sym("u"), *uniform.domain(LENGTH)),), f * ln(f)))
    derived = {
        "⟨E_1⟩": energy(ONE, ideal(ONE), lambda j: Elem("x", (I, j))), "S_1": width(ONE) * (width(ZERO) + 1) * one,
        "⟨E_2⟩": energy(last, label, lambda j: sqrt(inner)), "S_2": width(last) * (width(ONE) + 1) * one,
    }  # fmt: skip
    context = replace(NETWORK.context, signs={**NETWORK.context.signs, "length": "positive"})
    return SimulatedNetwork("tanh", "uniform", "length", derived, widths, notation=NETWORK.extend(context=context))


def variance(p: Term) -> Term:
    return SIGMA**2 / width(below(p))


RISING = NETWORK.extend(context=RECTIFIED)
RISING_SHRUNK = NETWORK.extend(
    context=rectified(NETWORK.context, variance, lambda i: Sum("j", ONE, width(ZERO), Elem("x", (i, J)) ** 2))
)

zhang.simulate("4.14", Simulated(s4_uniform.FIT, sizes={"K": 2, "n": 5}))
zhang.simulate("5.6", run("tanh", (2, 3, 2), tanh))
zhang.simulate("5.8", run("sigmoid", (2, 4, 3), logistic))
zhang.simulate("5.11", run("relu", (2, 3, 4, 2), notation=RISING))
zhang.simulate("5.15", run("tanh", (3, 4, 3), tanh))
zhang.simulate("5.19", run("sigmoid", (3, 3, 4), logistic))
zhang.simulate("5.21", run("relu", (3, 3, 3, 3), notation=RISING))
zhang.simulate("5.34", run("tanh", (2, 4, 3), tanh, SHRUNK, shrinking=True))
zhang.simulate("5.40", run("relu", (2, 3, 4, 3), network=SHRUNK, notation=RISING_SHRUNK, shrinking=True))
zhang.simulate("E.2", boxed((1, 4, 3)))
