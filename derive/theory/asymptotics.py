"""Leading laws as every scale goes to infinity together."""

from __future__ import annotations

from dataclasses import dataclass

from derive.term import Term


@dataclass(frozen=True)
class Leading:
    """⟨E₀⟩ ~ energy, T ~ temperature; terms in the common scale `variable`."""

    variable: str
    energy: Term
    temperature: Term | None
    order: str
