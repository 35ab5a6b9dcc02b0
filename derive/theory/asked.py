"""Pairs as the command line asks for them, and cells as it writes them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from derive.errors import DeriveError
from derive.library import catalogue
from derive.system import Activation, Energy, Framework, Initializer
from derive.term import Sym, Term, free, substitute
from derive.theory.loss import S, Y
from derive.theory.networks import Network
from derive.theory.pair import temperature
from derive.theory.result import Linear, Temperature

if TYPE_CHECKING:
    from derive.theory.grid import Cell
    from derive.theory.laws import Entry, Held
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
            out[name.strip()] = Fraction(value.strip())
        except (ValueError, ZeroDivisionError):
            raise DeriveError(f"--set {one[:60]!r} needs a number after the sign, such as 2, 0.5 or 1/3.") from None
    return out


def bound(
    energy: Energy, initializer: Initializer | Framework, given: dict[str, Fraction]
) -> tuple[Energy, Initializer, dict[str, Fraction]]:
    """The two with their parameters put in, and the weights of penalties."""
    of_energy = {p.name for p in energy.parameters}
    own_scale = set() if isinstance(initializer, Framework) else {initializer.scale}
    of_initializer = {p.name for p in initializer.parameters} | own_scale
    unknown = set(given) - of_energy - of_initializer - set(PENALTIES)
    if unknown:
        known = ", ".join(sorted(of_energy | of_initializer | set(PENALTIES)))
        raise DeriveError(
            f"--set {min(unknown)}: neither {energy.name} nor {initializer.name} takes it; they take {known}."
        )
    energy = energy(**{k: v for k, v in given.items() if k in of_energy}) if of_energy else energy
    made = initializer(**{k: v for k, v in given.items() if k in of_initializer})
    return energy, made, {k: v for k, v in given.items() if k in PENALTIES}


def expression(text: str, given: dict[str, Fraction]) -> Energy:
    r"""An energy written out in LaTeX: of the prediction \hat{y} (or s), the target y and names that are --set.

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

    scalars: dict[str, Term] = {canonical(r"\hat{y}"): S, "s": S, "y": Y}
    own = [n for n in given if n not in PENALTIES and len(n) < 20 and n.isidentifier()]
    for name in own:
        scalars[name] = scalars["\\" + name] = Sym(name)
    try:
        read = read_latex(text, Notation(scalars=scalars))
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


def pair(energy: str, initializer: str, model_name: str, given: Sequence[str]) -> Temperature:
    """The pair that a command line names."""
    known = catalogue()
    values = settings(given)
    named = re.fullmatch(r"[\w\- .]+(:\w+)?", energy) is not None
    chosen = known.energy(energy) if named else expression(energy, values)
    e, i, penalty = bound(chosen, known.initializer(initializer), values)
    of = model(model_name)
    if model_name.strip().startswith("logistic") and e.targets != "binary":
        raise DeriveError(
            f"The logistic model's energy is one of its logit, such as cross_entropy; {e.name} is for the model linear."
        )
    return temperature(e, i, of, penalty=penalty)


def cells(found: Iterable[Temperature | Cell], orderings: Iterable[Ordering] = ()) -> dict[str, Any]:
    """The contract's JSON; a temperature comes with its numbers."""
    made = [f.as_json() if not isinstance(f, Temperature) else _whole(f) for f in found]
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
