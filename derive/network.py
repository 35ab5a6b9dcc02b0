"""A network as thermodynamics sees it: layers of initialized parameters, the energy and the entropy of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from derive.kernel.context import Context, Recursion
from derive.term import (
    HALF,
    INF,
    MINUS_INF,
    ONE,
    PI,
    TWO,
    ZERO,
    Elem,
    Fn,
    Int,
    Num,
    Over,
    Prod,
    Sum,
    Sym,
    Term,
    exp,
    free,
    ln,
    mul,
    neg,
    sqrt,
)

SAMPLE, K, N, U, LAYER = (Sym(s) for s in ("i", "k", "n", "u", "layer"))
#: Unit k of layer p has the weights W[p, k, m] and the bias b[p, k]; the scale of a bias is that of "weight 0".
BIAS = ZERO


def width(p: Term) -> Elem:
    """l_p, the size of layer p; l_0 is that of the input."""
    return Elem("l", (p,))


def activation(p: Term, i: Term, j: Term) -> Elem:
    """a_ij^p, unit j of layer p for the i-th sample; a^0 = x."""
    return Elem("x", (i, j)) if p == ZERO else Elem("a", (p, i, j))


def below(p: Term) -> Term:
    """p − 1."""
    return Num(p.value - 1) if isinstance(p, Num) else p - 1


@dataclass(frozen=True)
class Network:
    r"""L layers z^p = W^p a^{p−1} + b^p, a^p = φ(z^p), every parameter drawn independently: Zhang (5.1), (5.2).

    Attributes
    ----------
    density : of one parameter, as a function of the parameter and its scale.
    scale : of W_kj^p as a function of (p, k, j); of b_k^p at j = 0.
    domain : of one parameter, as a function of its scale.
    letters : names of the weights and the biases, and the index that runs through the weights of a unit.

    Notes
    -----
    The energy of layer p is E_p = (1/n) Σ_i Σ_k (z_ik^p − ẑ_ik)², with ẑ the ideal value (the label, for p = L).

    Means are taken layer by layer: over the parameters of layer p with the activations of layer p − 1 given, and then
    over the layers below. The mean energy of a layer holds the activations below through their squares only, so that
    each a_ij may stand for its root mean square (`rms`). That is the tower property, and the definition of ⟨E_p⟩ here.
    """

    density: Callable[[Term, Term], Term]
    scale: Callable[[Term, Term, Term], Term]
    domain: Callable[[Term], tuple[Term, Term]] = lambda scale: (MINUS_INF, INF)
    letters: tuple[str, str, str] = ("W", "b", "m")

    # -- one layer -----------------------------------------------------------------------------------

    def weight(self, p: Term, k: Term) -> Elem:
        return Elem(self.letters[0], (p, k, Sym(self.letters[2])))

    def bias(self, p: Term, k: Term) -> Elem:
        return Elem(self.letters[1], (p, k))

    def preactivation(self, p: Term, i: Term, k: Term) -> Term:
        """z_ik^p."""
        m = self.letters[2]
        weighted = self.weight(p, k) * activation(below(p), i, Sym(m))
        return Sum(m, ONE, width(below(p)), weighted) + self.bias(p, k)

    def weights_of(self, p: Term, k: Term) -> Term:
        """Density of the weights of unit k of layer p."""
        m = self.letters[2]
        return Prod(m, ONE, width(below(p)), self.density(self.weight(p, k), self.scale(p, k, Sym(m))))

    def bias_of(self, p: Term, k: Term) -> Term:
        return self.density(self.bias(p, k), self.scale(p, k, BIAS))

    def row(self, p: Term, k: Term) -> Term:
        """Density of the parameters of unit k of layer p."""
        return self.weights_of(p, k) * self.bias_of(p, k)

    def row_over(self, p: Term, k: Term) -> tuple[Over, ...]:
        m = self.letters[2]
        weights = Over(self.weight(p, k), *self.domain(self.scale(p, k, Sym(m))), m, ONE, width(below(p)))
        return weights, Over(self.bias(p, k), *self.domain(self.scale(p, k, BIAS)))

    def layer(self, p: Term) -> Term:
        """Density of all parameters of layer p."""
        return Prod("u", ONE, width(p), self.row(p, U))

    def weights(self, p: Term) -> Term:
        return Prod("u", ONE, width(p), self.weights_of(p, U))

    def biases(self, p: Term) -> Term:
        return Prod("u", ONE, width(p), self.bias_of(p, U))

    def over(self, p: Term) -> tuple[Over, ...]:
        return tuple(Over(o, o.low, o.high, "u", ONE, width(p)) for o in self.row_over(p, U))

    def energy(self, p: Term, target: Callable[[Term, Term], Term]) -> Term:
        """⟨E_p⟩ for given activations of layer p − 1; `target` of (i, k) is the ideal value."""
        square = (self.preactivation(p, SAMPLE, K) - target(SAMPLE, K)) ** 2
        both = Sum("i", ONE, N, Sum("k", ONE, width(p), square))
        return Int(self.over(p), both * self.layer(p)) / N

    def count(self, p: Term) -> Term:
        """Number of parameters of layer p."""
        return width(p) * (width(below(p)) + 1)

    def entropy(self, p: Term) -> Term:
        """Differential entropy of the initial state of layer p, in nat."""
        f = self.layer(p)
        return neg(Int(self.over(p), f * ln(f)))

    # -- all layers ----------------------------------------------------------------------------------

    def parameters(self, depth: Term) -> Term:
        """𝒟, the number of parameters of all layers."""
        p = Sym("p")
        return Sum("p", ONE, depth, self.count(p))

    def unit_square(self, phi: str, p: Term, i: Term, k: Term) -> Term:
        """⟨(a_ik^p)²⟩ over the parameters of layer p, for given activations of layer p − 1."""
        index = next(c for c in "rst" if c not in free(p) | free(i) | free(k))
        own = replace(self, letters=("w", "c", index))  # it may stand inside a mean over W and b
        return Int(own.row_over(p, k), Fn(phi, (own.preactivation(p, i, k),)) ** 2 * own.row(p, k))

    def line_square(self, phi: str, p: Term, i: Term, k: Term) -> Term:
        """The same for normal parameters: z_ik^p is normal, with the variance Σ_m (σ_km a_im)² + σ_k0²."""
        m = Sym(next(c for c in "rst" if c not in free(p) | free(i) | free(k)))
        parts = Sum(m.name, ONE, width(below(p)), self.scale(p, k, m) ** 2 * activation(below(p), i, m) ** 2)
        spread, t = sqrt(parts + self.scale(p, k, BIAS) ** 2), Sym("t")
        standard = exp(neg(t**2) / 2) / sqrt(TWO * PI)
        return Int((Over(t, MINUS_INF, INF),), Fn(phi, (spread * t,)) ** 2 * standard)


def rectified(
    context: Context, variance: Callable[[Term], Term], inputs: Callable[[Term], Term], share: Term = HALF
) -> Context:
    """The context with q[p, i] = Σ_k ⟨(a_ik^p)²⟩ of a network of rectifiers, from layer to layer: Zhang (5.9).

    Half of the mean square of z survives the rectifier, or another `share` another activation of degree 1:
    q_{p+1} = share · l_{p+1} σ_{p+1}² (q_p + 1), q_0 = Σ_j x_ij².
    """

    def gain(p: Term) -> Term:
        return share * width(p) * variance(p)

    q, r = Elem("q", (LAYER, SAMPLE)), Sym("r")
    closed = mul(Prod("k", ONE, LAYER, gain(K)), inputs(SAMPLE)) + Sum("r", ONE, LAYER, Prod("k", r, LAYER, gain(K)))
    found = Recursion(q, 0, inputs(SAMPLE), gain(LAYER + 1) * (q + 1), closed)
    return replace(context, recursions=(*context.recursions, found))


def rectified_rms(p: Term, i: Term, j: Term) -> Term:
    """Root mean square of a_ij^p in a network of rectifiers; the same for every unit of a layer but the input's."""
    return sqrt(Elem("q", (p, i)) / width(p))
