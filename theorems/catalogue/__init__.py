"""Energies and initializers. Everything about them (moments, entropy, ⟨E₀⟩, T) is computed from these few lines."""

from theorems.catalogue.energies import ENERGIES, PENALTIES
from theorems.catalogue.initializers import INITIALIZERS

__all__ = ["ENERGIES", "INITIALIZERS", "PENALTIES"]
