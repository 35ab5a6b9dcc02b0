"""Energies × initializers: ⟨E₀⟩, S₀ and T of any pair, derived.

    from derive.theory import temperature, Linear, Huber, Laplace
    t = temperature(energy=Huber(delta=1), initializer=Laplace(), model=Linear(K=3))
    t.exact, t.entropy, t.verdict; t.value(X, y, scale=2.0, least=...)

Names of the catalogue in capitals (`Huber`, `CrossEntropy`, `StudentT`) are its entries.
"""

from __future__ import annotations

from typing import Any

from derive.theory.networks import Network
from derive.theory.pair import temperature
from derive.theory.result import Check, Linear, Temperature

__all__ = ["Check", "Linear", "Network", "Temperature", "energies", "initializers", "temperature"]


def energies() -> dict[str, Any]:
    """Every energy that is installed, by name."""
    from derive.library import catalogue

    return dict(catalogue().energies)


def initializers() -> dict[str, Any]:
    """Every initializer that is installed, by name."""
    from derive.library import catalogue

    return dict(catalogue().initializers)


def __getattr__(name: str) -> Any:
    if name[:1].isupper():
        from derive.library import catalogue

        found = catalogue().called(name)
        if found is not None:
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
