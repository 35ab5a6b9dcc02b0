"""A network under the squared error: ⟨E₀⟩ by the recursion of second moments from layer to layer, S₀, T.

    z^p = W^p a^{p−1} + b^p,  a^p = φ(z^p),  the output z^L; every weight and bias of one even law, drawn independently

    q_p = Σ_k ⟨(a_k^p)²⟩,  q_0 = Σ_j x_j²,  v_p = ⟨μ²⟩ of layer p
    q_{p+1} = c l_{p+1} v_{p+1} (q_p + 1)         φ of degree 1 with the share c: exact, or the leading term
    q_p → m l_p                                   φ bounded or periodic, as the scale goes to infinity
    ⟨E₀⟩ = (1/n) Σ_i [l_L v_L (q_{L−1} + 1) + Σ_k y_ik²]

The recursion is that of `derive.network.rectified`; the kernel proves its closed form by induction on the layer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from derive.claim import rewritten
from derive.errors import Conflict, DeriveError
from derive.kernel.context import POSITIVE, Context, Recursion
from derive.kernel.normal import Normal
from derive.network import LAYER, SAMPLE, below, rectified, rectified_rms, width
from derive.network import Network as Layers
from derive.reader.notation import Family, Notation, families
from derive.reader.printer import latex
from derive.system import Activation, Energy, Initializer
from derive.term import (
    HALF,
    INF,
    ONE,
    ZERO,
    Elem,
    Fn,
    Num,
    Prod,
    Sum,
    Sym,
    Term,
    add,
    free,
    ln,
    mul,
    rebuild,
    substitute,
    term,
)
from derive.theory.activations import Square, at, square
from derive.theory.draws import MOST, draw, mean_and_error
from derive.theory.law import Law, law
from derive.theory.numbers import Arrays, value
from derive.theory.proofs import equal, theorem
from derive.theory.result import Array, Check, Linear, Temperature
from derive.theory.score import Block
from derive.theory.tidy import normalized

I, J, K, N, P, DEPTH = (Sym(s) for s in "i j k n p L".split())  # noqa: E741
NOTATION = Notation(
    scalars={"\\sigma": Sym("sigma")},
    families={**families(one="l", two="x"), "y": Family("y", 2, "y"), "q": Family("q", 2, "q", raised=True)},
)
DRAWS, SEED, DEEPEST, WIDEST = 100_000, 11, 64, 10**6
FAR = 1000.0
STEPS = 5  #: that the kernel has to prove


@dataclass(frozen=True)
class Network:
    """A fully connected network with the output z^L.

    Attributes
    ----------
    activation : of every layer but the last.
    widths : l_0, …, l_L; None for any depth L ≥ 2 and any widths.
    """

    activation: Activation
    widths: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        if self.widths is not None and (
            not 2 <= len(self.widths) <= DEEPEST + 1 or not all(1 <= w <= WIDEST for w in self.widths)
        ):
            raise DeriveError(
                "A network needs the sizes of its layers from the input on, "
                f"2 to {DEEPEST + 1} whole numbers from 1 on; {list(self.widths)[:8]} are none."
            )

    @property
    def name(self) -> str:
        sizes = f"widths={list(self.widths)}, " if self.widths else ""
        return f"network({sizes}activation={self.activation.called})"

    @property
    def depth(self) -> Term:
        return DEPTH if self.widths is None else term(len(self.widths) - 1)

    def sized(self, t: Term) -> Term:
        """Widths as numbers, where they are."""
        if self.widths is None:
            return t
        sizes, plain = self.widths, Normal(Context())

        def go(x: Term) -> Term:
            if isinstance(x, Elem) and x.name == "l":
                p = plain.poly(x.index[0]).number
                return x if p is None else term(sizes[int(p)])
            return rebuild(x, go)

        return go(t)


@dataclass(frozen=True)
class NetworkTemperature(Temperature):
    """⟨E₀⟩, S₀ and T of a network; see `Temperature`."""

    network: Network | None = None

    @property
    def initializer(self) -> str:
        return self.blocks[0].initializer.called

    @property
    def called_model(self) -> str:
        return self.network.name if self.network else self.model.name

    @cached_property
    def positive_from(self) -> float | None:
        """The scale beyond which S₀ > 0."""
        import math

        of = self.blocks[0].law
        return math.exp(-float(of.entropy) / float(of.continuous))

    @property
    def positive(self) -> str:
        """Where T > 0, in a sentence."""
        if (self.condition or "").startswith("diverges"):
            return "nowhere: ⟨E₀⟩ is infinite"
        return f"from a common scale of {self.positive_from:.6g} on, where ⟨E₀⟩ > E_f; at that scale S₀ = 0"

    def _sizes(self) -> tuple[Network, tuple[int, ...]]:
        assert self.network is not None
        if self.network.widths is None:
            raise DeriveError("Numbers need the sizes of the layers: give widths=.")
        return self.network, self.network.widths

    def energy_of(self, X: Any, y: Any, scale: Any = None, **parameters: Any) -> float:
        """⟨E₀⟩ on data: X of n rows and l_0 columns, y of n rows and l_L columns; exact or leading, as `term` is."""
        net, widths = self._sizes()
        X, y = _data(X, y, widths)
        if self.term is None:
            raise DeriveError("⟨E₀⟩ has no formula here.")
        env: dict[Any, Any] = {"n": len(X), **{n: float(v) for n, v in net.activation(**parameters).numbers.items()}}
        if scale is not None:
            env["sigma"] = float(scale)
        env.update({("x", i + 1, j + 1): X[i, j] for i in range(X.shape[0]) for j in range(X.shape[1])})
        env.update({("y", i + 1, k + 1): y[i, k] for i in range(y.shape[0]) for k in range(y.shape[1])})
        if "sigma" in free(self.term) and scale is None:
            raise DeriveError(f"{self.initializer} needs a value for its scale: give scale=.")
        return float(value(self.term, env, Arrays))

    def entropy_of(self, K: int = 0, scale: Any = None) -> float:
        """S₀ of all parameters, in nat."""
        assert self.entropy_term is not None
        if "sigma" in free(self.entropy_term) and scale is None:
            raise DeriveError(f"{self.initializer} needs a value for its scale: give scale=.")
        self._sizes()
        return float(value(self.entropy_term, {} if scale is None else {"sigma": float(scale)}, Arrays))

    def energy_and_error(self, X: Any, y: Any, scale: Any = None, **parameters: Any) -> tuple[float, float]:
        return self.energy_of(X, y, scale, **parameters), 0.0

    def least(self, X: Any, y: Any) -> float:
        raise DeriveError("The least energy of a network has no closed form: train it, and give it as least=.")

    def value(self, X: Any, y: Any, scale: Any = None, least: float | None = None, **parameters: Any) -> float:
        """T on data; `least` is E_f, what training reaches."""
        s = self.entropy_of(0, scale)
        if s == 0:
            raise DeriveError(f"T diverges here: S₀ of {self.initializer} is 0 at this scale.")
        return (self.energy_of(X, y, scale, **parameters) - (self.least(X, y) if least is None else least)) / s


def _data(X: Any, y: Any, widths: tuple[int, ...]) -> tuple[Array, Array]:
    try:
        a, b = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
    except (ValueError, TypeError):
        raise DeriveError("The data hold something that is no number: give arrays of numbers.") from None
    b = b[:, None] if b.ndim == 1 else b
    if a.ndim != 2 or b.ndim != 2 or len(a) != len(b) or (a.shape[1], b.shape[1]) != (widths[0], widths[-1]):
        shapes = f"{a.shape} and {b.shape}"
        raise DeriveError(f"The data have shapes {shapes}, and the network takes {widths[0]} to {widths[-1]}.")
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        raise DeriveError("The data hold a number that is not finite (NaN or infinity): drop or fill those rows.")
    return a, b


def temperature(energy: Energy, initializer: Initializer, model: Network, *, check: bool = True) -> NetworkTemperature:
    """⟨E₀⟩, S₀ and T of a network.

    Raises
    ------
    DeriveError
        Another energy than the squared error, or a law that is not even or has no variance.
    Conflict
        The formula and real forward passes disagree.
    """
    of, found = _allowed(energy, initializer), square(model.activation)
    if of.atoms and not found.growing:
        raise DeriveError(
            f"{initializer.called} has point masses, so that z may be 0 with a chance: "
            f"the limit of ⟨{model.activation.name}²⟩ is then not known here."
        )
    growing = Growing(model, initializer, of, found)
    if not of.tail.moment(2):
        return NetworkTemperature(
            energy=energy, blocks=(Block(initializer, ONE, growing.count),), model=Linear(), network=model,
            verdict="proved" if of.tail.proved else "supported", exact=None, kind=None, asymptotic=None,
            energy_law=None, entropy=latex(growing.entropy, NOTATION), entropy_term=growing.entropy,
            condition=f"diverges: ⟨E₀⟩ needs a moment of order 2 of every parameter: {initializer.called} has none",
            reason="⟨E₀⟩ is infinite: the last layer alone has an infinite second moment, by the tail of the density.",
        )  # fmt: skip
    whole = growing.exact if found.exact else growing.leading
    proved = growing.proved() if found.exact else ()
    checks = growing.checks() if check and model.widths is not None else ()
    own = found.exact or growing.shallow
    return NetworkTemperature(
        energy=energy, blocks=(Block(initializer, ONE, growing.count),), model=Linear(), network=model,
        verdict="proved" if len(proved) == STEPS else "supported",
        exact=latex(growing.exact, NOTATION) if own else None, kind="closed form" if own else None,
        asymptotic=None if growing.temperature is None else latex(growing.temperature, NOTATION),
        energy_law=latex(growing.leading, NOTATION) + r"\,(1+o(1))" if initializer.width is None else None,
        entropy=latex(growing.entropy, NOTATION), condition=growing.condition(own),
        reason=growing.reason(own, proved, checks), proved=proved, checks=checks, term=whole,
        entropy_term=growing.entropy,
    )  # fmt: skip


def _allowed(energy: Energy, initializer: Initializer) -> Law:
    from derive.theory.loss import S, Y, taken_apart

    loss = taken_apart(energy)
    if loss.pieces or not loss.normal.equal(loss.at(S, Y), (S - Y) ** 2):
        raise DeriveError(f"A network is for the squared error, by second moments; {energy.called} needs more.")
    of = law(initializer)
    if not of.even:
        raise DeriveError(f"A network is worked out for laws that are even, and {initializer.called} is not.")
    if initializer.dependent:
        raise DeriveError(f"{initializer.called}: {initializer.dependent}, and a network needs them independent.")
    if of.density is None:
        raise DeriveError(f"A network is worked out for laws with a density, and {initializer.called} has none.")
    return of


@dataclass(frozen=True)
class Growing:
    """A network's second moments, from layer to layer."""

    model: Network
    initializer: Initializer
    law: Law
    square: Square

    def scale(self, p: Term) -> Term:
        """Of layer p: one σ for all, or what a framework makes of the layer's sizes."""
        w = self.initializer.width
        if w is None:
            return Sym("sigma")
        return substitute(term(w), {Sym("fan_in"): width(below(p)), Sym("fan_out"): width(p)})

    def variance(self, p: Term) -> Term:
        second = self.law.moment(2).term if self.law.tail.moment(2) else INF
        return second * self.scale(p) ** 2

    @property
    def share(self) -> Term:
        return substitute(self.square.share, {Sym(n): Num(v) for n, v in self.model.activation.values})

    @cached_property
    def context(self) -> Context:
        signs = {"sigma": POSITIVE, "q": "nonnegative"}
        signs |= {p.name: POSITIVE for p in self.model.activation.parameters if p.above is not None and p.above >= 0}
        least = {"n": 1, "l": 1, "p": 1, **({"L": 2} if self.model.widths is None else {})}
        return rectified(Context(signs=signs, least=least), self.variance, inputs, self.share)

    @cached_property
    def recursion(self) -> Recursion:
        return self.context.recursions[0]

    def hidden(self) -> Term:
        """q_{L−1} by the steps of the recursion, or its closed form for any depth."""
        if self.model.widths is None:
            return substitute(self.recursion.closed, {LAYER: DEPTH - 1})
        q: Term = self.recursion.value
        for p in range(len(self.model.widths) - 2):
            step = substitute(self.recursion.step, {LAYER: term(p)})
            q = substitute(step, {Elem("q", (term(p), SAMPLE)): q})
        return q

    def energy(self, hidden: Term) -> Term:
        last = self.model.depth
        each = width(last) * self.variance(last) * (hidden + 1) + Sum("k", ONE, width(last), Elem("y", (I, K)) ** 2)
        return self.tidy(Sum("i", ONE, N, each) / N)

    def tidy(self, t: Term) -> Term:
        return normalized(self.model.sized(t), replace(self.context, recursions=()))

    @property
    def shallow(self) -> bool:
        """No hidden layer, so no activation."""
        return self.model.widths is not None and len(self.model.widths) == 2

    @cached_property
    def exact(self) -> Term:
        return self.energy(self.hidden())

    @cached_property
    def leading(self) -> Term:
        """The leading term for one large scale; under a framework's scale, the limit of the activation."""
        last = self.model.depth
        if self.shallow:
            front = inputs(SAMPLE) + 1
        elif not self.square.growing:
            front = self.share * width(below(last)) + 1
        else:
            p = Sym("p")
            body = self.share * width(p) * self.variance(p)
            gains: Term = Prod("p", ONE, DEPTH - 1, body)
            if self.model.widths is not None:
                gains = mul(*(substitute(body, {p: term(r)}) for r in range(1, len(self.model.widths) - 1)))
            front = mul(gains, inputs(SAMPLE) + 1)
        return self.tidy(Sum("i", ONE, N, width(last) * self.variance(last) * front) / N)

    @cached_property
    def count(self) -> Term:
        """Number of parameters."""
        return self.tidy(self._layers(lambda p: width(p) * (width(below(p)) + 1)))

    def _layers(self, of):  # type: ignore[no-untyped-def]
        if self.model.widths is None:
            return Sum("p", ONE, DEPTH, of(P))
        return add(*(of(term(p)) for p in range(1, len(self.model.widths))))

    @cached_property
    def entropy(self) -> Term:
        h, mass = self.law.entropy.term, self.law.continuous.term
        return self.tidy(self._layers(lambda p: width(p) * (width(below(p)) + 1) * (h + mass * ln(self.scale(p)))))

    @cached_property
    def temperature(self) -> Term | None:
        if self.initializer.width is not None:
            return None
        return self.tidy(self.leading / (self.count * self.law.continuous.term * ln(Sym("sigma"))))

    # -- what vouches ----------------------------------------------------------------------------------

    def proved(self) -> tuple[str, ...]:
        """What the kernel proves, for any depth and any widths; of a unit, for rectifiers and linear networks only."""
        if self.initializer.width is not None or self.law.atoms or self.shallow:
            return ()
        phi, out = self._phi(), list[str]()
        net = Layers(self.initializer.density, lambda p, k, j: Sym("sigma"), domain=self.initializer.domain)
        layer = Context(signs=self.context.signs, least={"n": 1, "l": 1, "p": 1})
        given = self.share * self.variance(P) * (Sum("j", ONE, width(P - 1), Elem("a", (P - 1, I, J)) ** 2) + 1)
        if phi is not None and equal(unit(net, phi), given, layer):
            out.append("⟨a²⟩ of a unit from the activations below it")
        every = replace(self.context, least={"n": 1, "l": 1, "p": 1, "L": 2})
        if equal(Elem("q", (DEPTH - 1, I)), substitute(self.recursion.closed, {LAYER: DEPTH - 1}), every):
            out.append("the closed form of the recursion, by induction on the layer")
        energy = rewritten(net.energy(DEPTH, label), ((Elem("a", (P, I, J)), rectified_rms),))
        each = width(DEPTH) * self.variance(DEPTH) * (Elem("q", (DEPTH - 1, I)) + 1)
        right = Sum("i", ONE, N, each + Sum("k", ONE, width(DEPTH), label(I, K) ** 2)) / N
        if equal(energy, right, every):
            out.append("⟨E₀⟩ from q_{L−1}")
        general = replace(self, model=Network(self.model.activation))
        entropy = Sum("p", ONE, DEPTH, net.entropy(P))
        if equal(entropy, general.entropy, every):
            out.append("S₀ from its integral")
        rising = (right - Sym("E_f")) / entropy
        if theorem(rising, "~", general.temperature, every, "sigma") is not None:  # type: ignore[arg-type]
            out.append("the leading law of T, E_f any constant")
        return tuple(out)

    def _phi(self) -> str | None:
        """The kernel's name of the activation: of the rectifier, or none for the identity ("")."""
        from derive.theory.activations import Z

        plain = Normal(Context())
        formula = self.model.activation.of(Z)
        if plain.equal(formula, (Z + Fn("abs", (Z,))) * HALF):
            return "relu"
        return "" if plain.equal(formula, Z) else None

    def condition(self, own: bool) -> str:
        said = ["weights and biases of one even law, drawn independently"]
        if self.initializer.width is None and self.initializer.scale != "sigma":
            said.append(f"σ stands for the scale {self.initializer.scale} of {self.initializer.called}")
        if not own:
            said.append("a leading term as the scale goes to infinity, widths and depth fixed")
        return "; ".join(said)

    def reason(self, own: bool, proved: tuple[str, ...], checks: tuple[Check, ...]) -> str:
        by = f"By second moments from layer to layer: {self.square.how}"
        sure = f"; the kernel proved {len(proved)} of {STEPS} steps" if own else "; the limit is taken without a proof"
        seen = "; real forward passes agree" if checks else "; not compared with forward passes (no widths given)"
        return f"{by}{sure}{seen}."

    def checks(self) -> tuple[Check, ...]:
        """Real forward passes, at a scale of 1.3 where the formula is exact, else far out."""
        widths = self.model.widths
        assert widths is not None
        if max(widths) > 256 or sum(a * b for a, b in pairwise(widths)) > 4000:
            return ()
        if self.initializer.width is not None and not (self.square.exact or self.shallow):
            return ()
        own = self.square.exact or self.shallow
        sigma = 1.3 if own else FAR
        rng = np.random.default_rng(SEED)
        X, y = rng.normal(size=(2, widths[0])), rng.normal(size=(2, widths[-1]))
        whole = self.exact if own else self.leading
        plain = NetworkTemperature(
            energy=Energy("mse", lambda s, t: s), blocks=(Block(self.initializer, ONE, ONE),), model=Linear(),
            verdict="", exact=None, kind=None, asymptotic=None, energy_law=None, entropy="", condition=None, reason="",
            term=whole, network=self.model,
        )  # fmt: skip
        derived = plain.energy_of(X, y, scale=sigma)
        drawn, error = mean_and_error(self.passes(X, y, sigma, rng))
        # a leading term is off by the next order, 1/σ of it
        apart, allowed = abs(drawn - derived), MOST * error + (0.0 if own else 10 / FAR * derived)
        if apart > allowed and self.law.tail.moment(4):
            by_draws = f"{drawn:.6g} ± {error:.2g}"
            raise Conflict(f"⟨E₀⟩ of {self.model.name} comes out as {derived:.6g}, and as {by_draws} by draws")
        name = f"⟨E₀⟩{'' if own else ' ~'} of {self.model.name}, n = 2, scale {sigma:g}"
        return (Check(name, f"{derived:.6g}", f"{drawn:.6g} ± {error:.2g}", 0.0, "Monte Carlo of real forward passes"),)

    def passes(self, X: Array, y: Array, sigma: float, rng: np.random.Generator) -> Array:
        """Energies of drawn networks."""
        widths, out = self.model.widths, []
        assert widths is not None
        batch = max(1, min(DRAWS, 2_000_000 // max(a * b for a, b in pairwise(widths))))
        for _ in range(max(1, min(DRAWS // batch, 10))):
            a = np.broadcast_to(X, (batch, *X.shape))
            for p in range(1, len(widths)):
                s = float(value(self.model.sized(self.scale(term(p))), {"sigma": sigma}, Arrays))
                weights = s * draw(self.law, (batch, widths[p - 1] + 1, widths[p]), rng)
                z = a @ weights[:, :-1] + weights[:, -1:]
                a = at(self.model.activation, z) if p < len(widths) - 1 else z
            out.append(((a - y) ** 2).sum(axis=2).mean(axis=1))
        return np.concatenate(out)


def inputs(i: Term) -> Term:
    return Sum("j", ONE, width(ZERO), Elem("x", (i, J)) ** 2)


def label(i: Term, k: Term) -> Term:
    return Elem("y", (i, k))


def unit(net: Layers, phi: str) -> Term:
    """⟨φ(z_ik^p)²⟩ over the parameters of layer p."""

    def go(t: Term) -> Term:
        return t.args[0] if isinstance(t, Fn) and t.name == "identity" else rebuild(t, go)

    return go(net.unit_square(phi or "identity", P, I, K))


__all__ = ["Network", "NetworkTemperature", "temperature"]
