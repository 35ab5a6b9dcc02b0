"""Leading terms in the regime of an equation."""

from __future__ import annotations

from derive.claim import Entry, along
from derive.deciding import Decider
from derive.kernel.growth import Growth
from derive.kernel.poly import Refusal
from derive.rules.leading import leading_term
from derive.term import Term


def leading(decider: Decider, target: Term, entry: Entry) -> Term | None:
    """The leading term of a quantity on the path of the regime; None where the kernel does not know it."""
    regime = entry.regime
    if regime is None:
        return None
    normal = decider.normal(entry.notation.context, coarse=True)
    try:
        return leading_term(Growth(normal, regime.variable), normal.ratio(along(target, regime.path)), regime.variable)
    except Refusal:
        return None
