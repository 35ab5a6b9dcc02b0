"""Initializers by the names of the frameworks: which law, and its scale from the shape of the layer.

Each is a function of the framework's own arguments that gives (law, scale). fan_in and fan_out have no default and stay
symbols; all else has the framework's. Where a framework chooses the fan by a mode, give the chosen one as fan_in.
"""

from fractions import Fraction
from functools import cache

from derive.entries import Entries, Function
from derive.errors import DeriveError
from derive.system import Initializer, Parameter
from derive.term import ONE, PI, TWO, Num, Term, exp, neg, sqrt, term
from theorems.catalogue.initializers import constant, fn, normal, sparse, truncated_normal, uniform

ENTRIES = Entries("theorems.catalogue.frameworks")
FRAMEWORKS, framework = ENTRIES.frameworks, ENTRIES.framework


def number(name: str, default: str) -> Parameter:
    return Parameter(name, Fraction(default))


def positive(name: str, default: str) -> Parameter:
    return Parameter(name, Fraction(default), above=Fraction(0))


FAN_IN, FAN_OUT = (Parameter(n, Fraction(1), Fraction(1), closed=True, open=True) for n in ("fan_in", "fan_out"))
GAIN, SLOPE = positive("gain", "1"), number("a", "0")
#: Standard deviation of a standard normal number cut at ±2; the frameworks write .87962566103423978.
CUT = sqrt(ONE - Num(Fraction(4)) * exp(neg(TWO)) / (sqrt(TWO * PI) * fn("erf", sqrt(TWO))))


def spread(deviation: Term) -> tuple[Initializer, Term]:
    """The uniform law of a standard deviation: its width is √12 times that."""
    return uniform, sqrt(term(12)) * deviation


def cut(deviation: Term) -> tuple[Initializer, Term]:
    """The normal law cut at two of its deviations, widened until its own deviation is the one wanted."""
    return truncated_normal(a=2), deviation / CUT


def exact(deviation: Term) -> tuple[Initializer, Term]:
    return normal, deviation


# -- PyTorch ---------------------------------------------------------------------------------------


def torch(name: str, says: str, *parameters: Parameter) -> Function:
    return framework(f"torch.{name}", says, *parameters, also=(f"torch.nn.init.{name}",))


@torch("kaiming_uniform_", "uniform, variance 2/((1 + a²) fan_in): He et al. (2015)", FAN_IN, SLOPE)
def kaiming_uniform(fan_in: Term, a: Term):  # type: ignore[no-untyped-def]
    return spread(sqrt(TWO / ((ONE + a**2) * fan_in)))


@torch("kaiming_normal_", "normal, variance 2/((1 + a²) fan_in): He et al. (2015)", FAN_IN, SLOPE)
def kaiming_normal(fan_in: Term, a: Term):  # type: ignore[no-untyped-def]
    return exact(sqrt(TWO / ((ONE + a**2) * fan_in)))


@torch("xavier_uniform_", "uniform, variance 2 gain²/(fan_in + fan_out): Glorot and Bengio (2010)", FAN_IN, FAN_OUT, GAIN)
def xavier_uniform(fan_in: Term, fan_out: Term, gain: Term):  # type: ignore[no-untyped-def]
    return spread(gain * sqrt(TWO / (fan_in + fan_out)))


@torch("xavier_normal_", "normal, variance 2 gain²/(fan_in + fan_out): Glorot and Bengio (2010)", FAN_IN, FAN_OUT, GAIN)
def xavier_normal(fan_in: Term, fan_out: Term, gain: Term):  # type: ignore[no-untyped-def]
    return exact(gain * sqrt(TWO / (fan_in + fan_out)))


@framework("torch.linear", "nn.Linear's default, weights and bias: uniform on ±1/√fan_in", FAN_IN, also=("torch.nn.linear",))
def torch_linear(fan_in: Term):  # type: ignore[no-untyped-def]
    return uniform, TWO / sqrt(fan_in)


@torch("trunc_normal_", "normal of deviation std, cut at ±b whatever std is (mean 0, a = −b)", positive("std", "1"), positive("b", "2"))
def trunc_normal(std: Term, b: Term):  # type: ignore[no-untyped-def]
    return truncated_normal(a=b.value / std.value), std  # type: ignore[attr-defined]


@torch("normal_", "normal of mean 0 and deviation std", positive("std", "1"))
def normal_(std: Term):  # type: ignore[no-untyped-def]
    return exact(std)


@cache
def interval(low: Fraction, high: Fraction) -> tuple[Initializer, Term]:
    """Uniform between two numbers."""
    if not low < high:
        raise DeriveError(f"A uniform law needs its lower end below its upper one, not {low} and {high}.")
    at, width = low / (high - low), Num(high - low)
    if low == -high:
        return uniform, width
    ends = Num(at), Num(at + 1)
    law = Initializer(
        f"uniform from {low} to {high}", "l", lambda mu, l: ONE / l, lambda l: tuple(l * e for e in ends), "Bernoulli (1713)",
        cf=lambda t, l: tuple(d / (l * t) for d in ((fn("sin", l * t * ends[1]) - fn("sin", l * t * ends[0])), (fn("cos", l * t * ends[0]) - fn("cos", l * t * ends[1])))),
    )  # fmt: skip
    return law, width


@torch("uniform_", "uniform from a to b; from 0 to 1 by default, so not around 0", number("a", "0"), number("b", "1"))
def uniform_(a: Term, b: Term):  # type: ignore[no-untyped-def]
    return interval(a.value, b.value)  # type: ignore[attr-defined]


@torch("sparse_", "in each column a share of exact zeros, the rest normal of deviation std", Parameter("sparsity", Fraction(1, 10), Fraction(0), Fraction(1)), positive("std", "0.01"))
def sparse_(sparsity: Term, std: Term):  # type: ignore[no-untyped-def]
    return sparse(p=1 - sparsity.value), std  # type: ignore[attr-defined]


@torch("constant_", "every parameter val", positive("val", "1"))
def constant_(val: Term):  # type: ignore[no-untyped-def]
    return constant, val


@torch("orthogonal_", "a random orthogonal matrix times gain: entries uncorrelated, variance gain²/max(fan_in, fan_out)", Parameter("largest", Fraction(1), Fraction(1), closed=True, open=True), GAIN)
def orthogonal(largest: Term, gain: Term):  # type: ignore[no-untyped-def]
    return normal, gain / sqrt(largest), "the entries of an orthogonal matrix depend on each other"


# -- Keras and JAX ---------------------------------------------------------------------------------

FANS: dict[str, tuple[str, tuple[Parameter, ...], Function]] = {
    "glorot": ("2/(fan_in + fan_out): Glorot and Bengio (2010)", (FAN_IN, FAN_OUT), lambda fan_in, fan_out: TWO / (fan_in + fan_out)),
    "he": ("2/fan_in: He et al. (2015)", (FAN_IN,), lambda fan_in: TWO / fan_in),
    "lecun": ("1/fan_in: LeCun et al. (1998)", (FAN_IN,), lambda fan_in: ONE / fan_in),
}  # fmt: skip
LAWS = {"uniform": ("uniform", spread), "normal": ("normal cut at two deviations", cut)}


def scaled(fan: str, law: str) -> None:
    """Keras and JAX share these six; a flax Dense takes lecun_normal unless told otherwise, Keras's glorot_uniform."""
    variance, sizes, of = FANS[fan]
    shown, made = LAWS[law]
    for package, home in (("keras", "keras.initializers"), ("jax", "jax.nn.initializers")):
        name = f"{fan}_{law}"
        framework(f"{package}.{name}", f"{shown}, variance {variance}", *sizes, also=(f"{home}.{name}",))(
            lambda **at: made(sqrt(of(**at)))
        )


for _fan in FANS:
    for _law in LAWS:
        scaled(_fan, _law)


@framework("keras.variance_scaling", "normal cut at two deviations, variance scale/fan_in", FAN_IN, positive("scale", "1"), also=("keras.initializers.variance_scaling", "jax.variance_scaling"))
def variance_scaling(fan_in: Term, scale: Term):  # type: ignore[no-untyped-def]
    return cut(sqrt(scale / fan_in))


@framework("keras.random_normal", "normal of deviation stddev", positive("stddev", "0.05"), also=("keras.initializers.random_normal",))
def random_normal(stddev: Term):  # type: ignore[no-untyped-def]
    return exact(stddev)


@framework("keras.random_uniform", "uniform from minval to maxval", number("minval", "-0.05"), number("maxval", "0.05"), also=("keras.initializers.random_uniform",))
def random_uniform(minval: Term, maxval: Term):  # type: ignore[no-untyped-def]
    return interval(minval.value, maxval.value)  # type: ignore[attr-defined]


@framework("keras.truncated_normal", "normal of deviation stddev before it is cut at two of them", positive("stddev", "0.05"), also=("keras.initializers.truncated_normal",))
def keras_truncated(stddev: Term):  # type: ignore[no-untyped-def]
    return truncated_normal(a=2), stddev
