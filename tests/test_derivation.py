"""Derivations: from the printed left side to the right form, each line proved from the one before."""

from __future__ import annotations

import json

from derive.cache import verdict_from
from derive.verdict import Step, Verdict


def test_a_derivation_survives_the_cache() -> None:
    told = (Step("", "T", ""), Step("=", r"\frac{1}{S_0}", "definition of T, (2.29)"))
    verdict = Verdict(
        id="1.1#1", equation="1.1", section="1", relation="=", printed_lhs="T", printed_rhs="1", read="printed",
        derivation=told,
    )  # fmt: skip
    assert verdict_from(json.loads(json.dumps(verdict.as_json()))) == verdict
