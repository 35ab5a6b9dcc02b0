"""Temperatures of four data sets that come with scikit-learn: python -m theorems.catalogue.examples.datasets

Columns are brought to mean 0 and mean square 1, and a column of ones is put last.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np

from derive.errors import DeriveError
from derive.library import catalogue
from derive.theory import temperature
from derive.theory.dataset import Dataset
from derive.theory.measured import Measured, measured
from derive.theory.softmax import Classes

SCALE = 1.0
#: Data set, what its targets become, and the pairs looked at.
PROBLEMS = (
    ("diabetes", "number", ("mse", "mae", "huber"), ("normal", "logistic", "laplace")),
    ("breast_cancer", "binary", ("cross_entropy",), ("normal", "logistic", "laplace")),
    ("breast_cancer", "sign", ("hinge", "squared_hinge"), ("normal", "laplace")),
    ("iris", "class", ("softmax",), ("normal",)),
    ("wine", "class", ("softmax",), ("normal",)),
)
CODES = {"number": lambda y: y, "binary": lambda y: y, "sign": lambda y: 2 * y - 1, "class": lambda y: y.astype(str)}


def loaded(name: str, kind: str) -> Dataset:
    """A data set of scikit-learn.

    Raises
    ------
    DeriveError
        scikit-learn is not installed.
    """
    try:
        from sklearn import datasets
    except ImportError:
        raise DeriveError(
            "The data sets need scikit-learn, which is not installed: pip install scikit-learn."
        ) from None
    found = getattr(datasets, f"load_{name}")()
    X = (found.data - found.data.mean(axis=0)) / found.data.std(axis=0)
    y = CODES[kind](np.asarray(found.target, dtype=float))
    return Dataset(name, tuple(map(str, found.feature_names)), "target", X, y).with_intercept()


def rows() -> Iterator[tuple[str, str, str, Measured]]:
    """(data set, energy, initializer, its numbers), pair by pair."""
    known = catalogue()
    for name, kind, energies, initializers in PROBLEMS:
        data = loaded(name, kind)
        for energy in energies:
            for law in initializers:
                initializer = known.initializers[law](SCALE)
                if energy == "softmax":
                    numbers = Classes(len(set(data.y)), initializer).measured(data, None, None)
                else:
                    numbers = measured(temperature(known.energies[energy], initializer, check=False), data)
                yield name, energy, law, numbers


def main() -> int:
    """Print the table."""
    try:
        print(
            f"{'data set':14} {'energy':14} {'initializer':11} {'⟨E₀⟩':>12} {'S₀':>9} {'E_f':>12} {'T':>12}  E_f attained"
        )
        for name, energy, law, m in rows():
            attained = "yes" if m.fit and m.fit.attained else "no"
            three = (f"{v:12.6g}" if v is not None else f"{'none':>12}" for v in (m.energy, m.least, m.temperature))
            energy_shown, least, value = three
            print(f"{name:14} {energy:14} {law:11} {energy_shown} {m.entropy:9.5g} {least} {value}  {attained}")
            for note in () if m.temperature is not None else m.why:
                print(f"{'':14} {note}")
    except DeriveError as e:
        print(f"datasets: {e}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
