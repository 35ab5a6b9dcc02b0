"""A repaired side in LaTeX, the rest of it as printed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from derive.claim import Entry
from derive.reader.edits import edited
from derive.reader.printer import spelling
from derive.term import Term

if TYPE_CHECKING:
    from derive.judging import Judge, Said


def reworded(judge: Judge, new: Term, right: Said, entry: Entry) -> str:
    """LaTeX of `new`, which a repair made of a printed side: what it did not touch stands as printed, slips mended."""
    tokens = right.side.tokens

    def same(a: Term, b: Term) -> bool:
        return judge.decider.proves_equal(judge.full(a, entry), judge.full(b, entry), entry)

    out = edited(right.side.latex[: tokens[-1].end - tokens[0].start], tokens, new, entry.notation, same)
    for slip, meant in right.slips:
        wrong, good = spelling(slip), spelling(meant)
        more = re.escape(good.removeprefix(wrong)) if good.startswith(wrong) else r"(?!)"
        out = re.sub(rf"{re.escape(wrong)}(?!{more}|[A-Za-z])", good.replace("\\", r"\\"), out)
    return out
