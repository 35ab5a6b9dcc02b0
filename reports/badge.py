"""A badge for a README: how many claims are proved and how many are refuted, from a verdicts.json.

A badge of a file that is there already::

    python -m reports.badge verdicts.json badge.svg
"""

from __future__ import annotations

import html
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reports.engine import render
from reports.write import write_whole

LABEL = "derive"
#: Enough contrast to white letters for small print.
COLOUR = "#1a5fb4"
#: Verdicts that the badge counts; the last only where there are any.
SHOWN, IF_ANY = ("proved", "refuted"), ("undecided",)
SUFFIXES = (".svg", ".json")


def message(data: Mapping[str, Any]) -> str:
    """What the badge says.

    >>> message({"summary": {"by_verdict": {"proved": 12, "supported": 3, "refuted": 0, "undecided": 1}}})
    '12 proved · 0 refuted · 1 undecided'
    """
    counts = data["summary"]["by_verdict"]
    names = [*SHOWN, *(name for name in IF_ANY if counts[name])]
    return " · ".join(f"{counts[name]} {name}" for name in names)


def described(data: Mapping[str, Any]) -> str:
    """The same in full, for who can't see the badge or points at it.

    >>> described({"document": "demo", "summary": {"claims": 2, "by_verdict": {"proved": 2, "refuted": 0}}})
    'derive, demo: 2 claims, of these 2 proved'
    """
    summary = data["summary"]
    parts = [f"{n} {name}" for name, n in summary["by_verdict"].items() if n]
    return f"{LABEL}, {data['document']}: {summary['claims']} claims, of these {', '.join(parts) or 'none judged'}"


def badge(data: Mapping[str, Any], suffix: str = ".svg") -> bytes:
    """The badge of a verdicts.json, as a picture (``.svg``) or as an endpoint that shields.io draws (``.json``)."""
    text = message(data)
    if suffix == ".json":
        endpoint = {"schemaVersion": 1, "label": LABEL, "message": text, "color": COLOUR.removeprefix("#")}
        return (json.dumps(endpoint, ensure_ascii=False) + "\n").encode()
    values = {"label": LABEL, "message": text, "left": width(LABEL), "right": width(text)}
    return render("badge.svg", html.escape, {}, description=described(data), colour=COLOUR, **values).encode()


def width(text: str) -> int:
    """Breadth of a text of 11 px in a common sans-serif; the picture then stretches the text to exactly that.

    >>> width("derive"), width("1 · 2")
    (38, 26)
    """
    narrow, wide = set(" ·.,:;il1jtfr|'"), set("mwMW@%")
    return round(sum(4.5 if c in narrow else 10 if c in wide else 7 for c in text) + 0.5)


def main(argv: Sequence[str]) -> int:
    if len(argv) != 2 or Path(argv[1]).suffix not in SUFFIXES:
        print("usage: python -m reports.badge VERDICTS.json BADGE.svg (or BADGE.json)", file=sys.stderr)
        return 2
    try:
        write_whole(Path(argv[1]), badge(json.loads(Path(argv[0]).read_text(encoding="utf-8")), Path(argv[1]).suffix))
    except OSError as e:
        print(f"badge: {e.filename}: {e.strerror}; check the path.", file=sys.stderr)
        return 2
    except (ValueError, KeyError, TypeError):
        print(f"badge: {argv[0]} is no verdicts.json; make one with derive check --json.", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
