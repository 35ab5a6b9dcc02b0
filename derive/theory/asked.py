"""Pairs as the command line asks for them, and cells as it writes them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from derive.errors import DeriveError
from derive.library import catalogue
from derive.system import Activation, Energy, Framework, Initializer, rational
from derive.term import Sym, Term, free, substitute
from derive.theory.loss import S, Y
from derive.theory.networks import Network, NetworkTemperature
from derive.theory.pair import temperature
from derive.theory.plain import PREDICTION, TARGET, names, plain
from derive.theory.result import Linear, Temperature
from derive.theory.softmax import NAME, Classes, classes

if TYPE_CHECKING:
    from derive.theory.dataset import Dataset
    from derive.theory.grid import Cell
    from derive.theory.laws import Entry, Held
    from derive.theory.measured import Measured
    from derive.theory.order import Ordering

SCHEMA = 1
PENALTIES = ("l1", "l2")


def model(name: str) -> Linear | Network:
    """A model by its name: `linear`, `linear(K=3)`, `logistic`, `network(widths=[3,5,1], activation=relu)`.

    Examples
    --------
    >>> model("linear(K=3)")
    Linear(K=3)
    >>> model("network(widths=[3, 5, 1], activation=leaky_relu(alpha=1/5))").name
    'network(widths=[3, 5, 1], activation=leaky_relu(alpha=1/5))'
    """
    found = re.fullmatch(r"(?:linear|logistic)(?:\(\s*K\s*=\s*(\d{1,4})\s*\))?", name.strip())
    if found:
        return Linear(None if found[1] is None else int(found[1]))
    sizes = r"(?:\s*widths\s*=\s*\[([\d\s,]{1,400})\]\s*,)?"
    found = re.fullmatch(rf"network\({sizes}\s*activation\s*=\s*(.+)\)", name.strip())
    if not found:
        raise DeriveError(
            f"No model is called {name[:60]!r}; there are linear, linear(K=3), logistic and "
            "network(widths=[3,5,1], activation=relu)."
        )
    widths = None if found[1] is None else tuple(int(w) for w in found[1].split(",") if w.strip())
    return Network(activation(found[2].strip()), widths)


def activation(text: str) -> Activation:
    """An activation by its name, with its parameters: `leaky_relu(alpha=0.1)`."""
    found = re.fullmatch(r"([\w.:-]+)(?:\(([^()]*)\))?", text)
    if not found:
        raise DeriveError(f"No activation is called {text[:60]!r}: write relu, or leaky_relu(alpha=0.1).")
    values = settings([v for v in (found[2] or "").split(",") if v.strip()])
    return catalogue().activation(found[1])(**values)


def settings(given: Sequence[str]) -> dict[str, Fraction]:
    """NAME=VALUE pairs."""
    out: dict[str, Fraction] = {}
    for one in given:
        name, sign, value = one.partition("=")
        if not sign or not name.strip():
            raise DeriveError(f"--set {one[:60]!r} is no NAME=VALUE: write --set delta=1.")
        try:
            out[name.strip()] = rational(value)
        except ValueError:
            raise DeriveError(f"--set {one[:60]!r} needs a number after the sign, such as 2, 0.5 or 1/3.") from None
    return out


def bound(
    energy: Energy, initializer: Initializer | Framework, given: dict[str, Fraction]
) -> tuple[Energy, Initializer, dict[str, Fraction]]:
    """The two with their parameters put in, and the weights of penalties."""
    of_energy = {p.name for p in energy.parameters}
    of_initializer = {p.name for p in initializer.parameters} | own_scale(initializer)
    unknown = set(given) - of_energy - of_initializer - set(PENALTIES)
    if unknown:
        known = ", ".join(sorted(of_energy | of_initializer | set(PENALTIES)))
        raise DeriveError(
            f"--set {min(unknown)}: neither {energy.name} nor {initializer.name} takes it; they take {known}."
        )
    energy = energy(**{k: v for k, v in given.items() if k in of_energy}) if of_energy else energy
    made = initializer(**{k: v for k, v in given.items() if k in of_initializer})
    return energy, made, {k: v for k, v in given.items() if k in PENALTIES}


def expression(text: str, given: dict[str, Fraction], taken: frozenset[str] = frozenset()) -> Energy:
    r"""An energy written out, (f - y)**4 or in LaTeX: of the prediction (f, s or \hat{y}), y and names that are --set.

    Names that are `taken` belong to the initializer.

    Raises
    ------
    DeriveError
        It can't be read.

    Examples
    --------
    >>> expression(r"(\hat{y} - y)^2 / c", {"c": Fraction(2)}).numbers
    {'c': Fraction(2, 1)}
    """
    from derive.errors import Unreadable
    from derive.reader.notation import Notation, canonical
    from derive.system import Parameter
    from derive.unfold import read_latex

    scalars: dict[str, Term] = {canonical(r"\hat{y}"): S, "s": S, "f": S, "y": Y}
    reserved = {*PENALTIES, *PREDICTION, *TARGET, *taken}
    own = [n for n in given if n not in reserved and len(n) < 20 and n.isidentifier()]
    for name in own:
        scalars[name] = scalars["\\" + name] = Sym(name)
    try:
        if re.search(r"[\\^{}|_]", text):
            read = read_latex(text, Notation(scalars=scalars))
        else:
            read = plain(text, names({n: Sym(n) for n in own}))
    except Unreadable as e:
        raise DeriveError(f"The energy {text[:60]!r} is neither a name nor a formula that can be read: {e}.") from None
    used = sorted(n for n in own if n in free(read))
    unknown = free(read) - {"s", "y", "pi", *used}
    if unknown:
        raise DeriveError(f"The energy {text[:60]!r} holds {min(unknown)}, which stands for nothing: --set it.")
    if "s" not in free(read):
        raise DeriveError(rf"The energy {text[:60]!r} does not hold the prediction: write it as \hat{{y}}.")
    parameters = tuple(Parameter(n, given[n], Fraction(0) if given[n] > 0 else None) for n in used)

    def formula(prediction: Term, target: Term, **values: Term) -> Term:
        return substitute(read, {S: prediction, Y: target, **{Sym(n): v for n, v in values.items()}})

    return Energy(text, formula, "given", parameters)


def pair(energy: str, initializer: str, model_name: str, given: Sequence[str], reduction: str = "mean") -> Temperature:
    """The pair that a command line names."""
    known = catalogue()
    values = settings(given)
    words = set(re.findall(r"\w+", energy)) & set(PREDICTION)  # f-y is a formula, student-t a name
    named = re.fullmatch(r"[\w\- .]+(:\w+)?", energy) is not None and (":" in energy or not words)
    law = known.initializer(initializer)
    taken = frozenset({*own_scale(law), *(p.name for p in law.parameters)})
    chosen = known.energy(energy) if named else expression(energy, values, taken)
    e, i, penalty = bound(chosen, law, values)
    of = model(model_name)
    if model_name.strip().startswith("logistic") and e.targets != "binary":
        raise DeriveError(
            f"The logistic model's energy is one of its logit, such as cross_entropy; {e.name} is for the model linear."
        )
    return temperature(e, i, of, penalty=penalty, reduction=reduction)


def own_scale(law: Initializer | Framework) -> set[str]:
    """The name of the scale, where it is free: a framework's follows from the sizes."""
    return set() if isinstance(law, Framework) else {law.scale}


def asked(o: Any) -> tuple[Temperature, Measured | None]:
    """The pair of the command line, and its temperature on data if it names a file.

    Raises
    ------
    DeriveError
        An option is missing or out of place, or what `pair`, `read` and `measured` refuse.
    """
    if o.data is None:
        for name in ("target", "features", "intercept", "least", "against"):
            if getattr(o, name):
                raise DeriveError(f"--{name} goes with --data: name a CSV file.")
        if o.energy == NAME:
            return _classes(o, o.settings).temperature(), None
        return pair(o.energy, o.initializer, o.model, o.settings, o.reduction), None
    if not o.target:
        raise DeriveError("--data needs --target: name the column to predict.")
    lists = {n.strip(): v for n, sign, v in (x.partition("=") for x in o.settings) if sign and "," in v}
    single = [x for x in o.settings if x.partition("=")[0].strip() not in lists]
    own = own_scale(catalogue().initializer(o.initializer))
    for name in lists:
        if name not in own or o.model.strip().startswith("network"):
            why = f"a list is for the scale {min(own)} of a linear model, one a parameter" if own else (
                f"the scale of {o.initializer} follows from the sizes of the layer"
            )  # fmt: skip
            raise DeriveError(f"--set {name} takes one number; {why}.")
    return _on_data(o, single, next(iter(lists.values()), None))


def _classes(o: Any, given: Sequence[str]) -> Classes:
    if o.reduction != "mean" or o.against is not None:
        raise DeriveError("softmax is worked out for the mean over the data, and without --against.")
    law = catalogue().initializer(o.initializer)
    if isinstance(law, Framework) or o.model.strip() != "linear":
        raise DeriveError("softmax is worked out for the linear model and the normal initializer alone.")
    return classes(law, settings(given))


def _on_data(o: Any, single: list[str], scales: str | None) -> tuple[Temperature, Measured]:
    from derive.theory.dataset import read
    from derive.theory.measured import measured, on_these, scale_of
    from derive.theory.shifted import shifted

    def of(path: str) -> Dataset:
        named = tuple(f.strip() for f in o.features.split(",")) if o.features else ()
        found = read(path, o.target, named, classes=o.energy == NAME)
        return found.with_intercept() if o.intercept else found

    data = of(o.data)
    if o.energy == NAME:
        by = _classes(o, single)
        t = by.temperature()
        return t, by.measured(data, None if scales is None else scale_of(t, scales, data), o.least)
    t = pair(o.energy, o.initializer, o.model, single, o.reduction)
    if isinstance(t, NetworkTemperature):
        if o.against is not None:
            raise DeriveError("--against is for linear models: a Type II state needs parameters that were fitted.")
        return t, _on_network(t, data, o.least)
    found = measured(t, data, None if scales is None else scale_of(t, scales, data), o.least)
    if o.against is not None:
        found = replace(found, shifted=shifted(t, found, of(o.against)))
    return on_these(t, data), found


def _on_network(t: NetworkTemperature, data: Dataset, least: float | None) -> Measured:
    """E_f is what training reaches, so that it has to be given."""
    from derive.theory.measured import measured

    if least is None:
        raise DeriveError("The least energy of a network has no closed form: train it, and give it as --least.")
    found = measured(t, data, None, least)
    if t.exact is None:
        found = replace(found, why=(*found.why, "⟨E₀⟩ is its leading term for a large scale."))
    return found


def cells(
    found: Iterable[Temperature | Cell], orderings: Iterable[Ordering] = (), numbers: Measured | None = None
) -> dict[str, Any]:
    """The contract's JSON; a temperature comes with its numbers, and those on data."""
    made = [f.as_json() if not isinstance(f, Temperature) else _whole(f) for f in found]
    if numbers is not None:
        made[0]["data"] = numbers.as_json()
    ordered = [o.as_json() for o in orderings]
    return {"schema": SCHEMA, "cells": made, **({"orderings": ordered} if ordered else {})}


def _whole(t: Temperature) -> dict[str, Any]:
    numbers = {"entropy_at_scale_1": float(t.blocks[0].law.entropy), "S0_positive_from": t.positive_from}
    return {
        **t.as_json(), "model": t.called_model, "kind": t.kind, "energy_law": t.energy_law,
        "next_order": t.next_order, "order": t.order, "entropy": t.entropy, "positive": t.positive,
        "proved": list(t.proved), "checks": [asdict(c) for c in t.checks], "numbers": numbers,
    }  # fmt: skip


def given(entry: Entry, settings_given: Sequence[str]) -> Entry:
    """An entry with --set NAME=VALUE put in."""
    values = settings(settings_given)
    return entry(**values) if values else entry


def laws_as_json(entry: Entry, found: Sequence[Held]) -> dict[str, Any]:
    """The laws of an entry as data."""
    rows = [{"law": h.law, "verdict": h.verdict, "evidence": h.evidence} for h in found]
    return {"schema": SCHEMA, "entry": entry.called, "laws": rows}


def as_text(found: dict[str, Any]) -> bytes:
    """The JSON as it is written."""
    return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()
