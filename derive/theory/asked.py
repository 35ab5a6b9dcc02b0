"""Pairs as the command line asks for them, and cells as it writes them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from derive.errors import DeriveError
from derive.library import catalogue
from derive.system import Energy, Initializer
from derive.theory.pair import temperature
from derive.theory.result import Linear, Temperature

if TYPE_CHECKING:
    from derive.theory.grid import Cell

SCHEMA = 1
PENALTIES = ("l1", "l2")


def model(name: str) -> Linear:
    """A model by its name: `linear`, `linear(K=3)`.

    Examples
    --------
    >>> model("linear(K=3)")
    Linear(K=3)
    """
    found = re.fullmatch(r"linear(?:\(\s*K\s*=\s*(\d{1,4})\s*\))?", name.strip())
    if not found:
        raise DeriveError(f"No model is called {name[:60]!r}; there is linear, also as linear(K=3).")
    return Linear(None if found[1] is None else int(found[1]))


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


def bound(energy: Energy, initializer: Initializer, given: dict[str, Fraction]) -> tuple[Energy, Initializer, dict[str, Fraction]]:
    """The two with their parameters put in, and the weights of penalties."""
    of_energy = {p.name for p in energy.parameters}
    of_initializer = {p.name for p in initializer.parameters} | {initializer.scale}
    unknown = set(given) - of_energy - of_initializer - set(PENALTIES)
    if unknown:
        known = ", ".join(sorted(of_energy | of_initializer | set(PENALTIES)))
        raise DeriveError(f"--set {min(unknown)}: neither {energy.name} nor {initializer.name} takes it; they take {known}.")
    energy = energy(**{k: v for k, v in given.items() if k in of_energy}) if of_energy else energy
    initializer = initializer(**{k: v for k, v in given.items() if k in of_initializer})
    return energy, initializer, {k: v for k, v in given.items() if k in PENALTIES}


def pair(energy: str, initializer: str, model_name: str, given: Sequence[str]) -> Temperature:
    """The pair that a command line names."""
    known = catalogue()
    e, i, penalty = bound(known.energy(energy), known.initializer(initializer), settings(given))
    return temperature(e, i, model(model_name), penalty=penalty)


def cells(found: Iterable[Temperature | Cell]) -> dict[str, Any]:
    """The contract's JSON."""
    return {"schema": SCHEMA, "cells": [f.as_json() for f in found]}


def as_text(found: dict[str, Any]) -> bytes:
    """The JSON as it is written."""
    return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()
