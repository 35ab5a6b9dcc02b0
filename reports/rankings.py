"""Comparisons of temperatures for the templates: printed law, verdict, true law, rank."""

from __future__ import annotations

from collections.abc import Mapping

from derive.verdict import WRONG, Ranking, Temperature
from reports import words
from reports.clean import clean
from reports.laws import laws
from reports.views import ClaimView, Link, Math, Prose, RankingView, TemperatureView

#: The limit of the quotient to the next row.
_LIMITS = {"≫": r"\infty", "∝": r"\text{a constant}"}


def ranking(found: Ranking, claims: Mapping[str, ClaimView], regime: Prose) -> RankingView:
    """One comparison; `claims` are those of the run, by their ids."""
    unplaced = [r for r in found.rows if not r.law]
    equal = [
        (a, b) for a, b in zip(found.rows, found.rows[1:], strict=False) if a.relation == "~" and a.factor and b.law
    ]
    sentences = [_compared(a, b) for a, b in equal]
    sentences += [Prose((f"{clean(r.system)}: {clean(r.reason)}.",)) for r in unplaced]
    return RankingView(
        title=clean(found.title),
        regime=regime,
        plot=laws(found.rows, words.LETTERS.get(clean(found.variable), clean(found.variable))),
        rows=tuple(_row(r, claims.get(r.claim)) for r in found.rows),
        sentences=tuple(sentences),
    )


def _row(r: Temperature, printed: ClaimView | None) -> TemperatureView:
    limit = _LIMITS.get(r.relation) or clean(r.factor)
    return TemperatureView(
        rank=str(r.rank) if r.rank else "?",
        system=clean(r.system),
        claim=Link(claim=printed.id, anchor=printed.anchor) if printed else None,
        printed=Math(clean(r.printed).rstrip(" .,;")) if r.printed else None,
        badge=words.BADGES[r.verdict] if r.verdict else None,
        told=clean(r.told) if r.verdict in WRONG else "",
        law=Math(clean(r.law)) if r.law else None,
        against=Math(limit) if limit else None,
    )


def _compared(a: Temperature, b: Temperature) -> Prose:
    first, second = clean(a.system), clean(b.system)
    if a.factor == "1":
        return Prose((f"The temperature under {first} is asymptotically that under {second}.",))
    return Prose(
        (f"The temperature under {first} is asymptotically ", Math(clean(a.factor)), f" times that under {second}.")
    )
