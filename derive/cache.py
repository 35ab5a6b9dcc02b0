"""Finished verdicts on disk, by the content of everything they follow from."""

from __future__ import annotations

import hashlib
import json
import os
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from derive.verdict import (
    ConstantRow,
    Correction,
    Fault,
    Ranking,
    Reached,
    Severity,
    Status,
    Step,
    Temperature,
    Verdict,
    Witness,
)

OFF = ("", "0", "off", "no")


def directory() -> Path | None:
    """Where verdicts are kept: DERIVE_CACHE, else the user's cache folder; None when DERIVE_CACHE is "off"."""
    chosen = os.environ.get("DERIVE_CACHE")
    if chosen is not None:
        return None if chosen.lower() in OFF else Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "derive"


@cache
def engine(package: str = "derive") -> str:
    """Fingerprint of the source of a package: a changed engine or library finds no old verdicts."""
    spec = find_spec(package)
    digest = hashlib.sha256()
    roots = [Path(p) for p in (spec.submodule_search_locations or [spec.origin or ""])] if spec else []
    for root in roots:
        for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if path.suffix in (".py", ".lark", ".json") and "__pycache__" not in path.parts:
                digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def key(document: str, *parts: str) -> str:
    """A name for what follows from `parts` by the sources at hand, those of the document's own package included."""
    sources = [engine("derive"), engine("theorems"), engine(document.partition(".")[0])]
    return hashlib.sha256(json.dumps([*sources, document, *parts]).encode()).hexdigest()


def get(name: str) -> Any | None:
    """What `put` kept; None for no such entry, or one that another program spoilt: it is judged anew."""
    folder = directory()
    if folder is None:
        return None
    try:
        found = json.loads((folder / name[:2] / name).read_text(encoding="utf-8"))
        whole = [verdict_from(v) for v in found["verdicts"]]
        for row in found["constants"]:
            row_from(row)
        ranked = ranking_from(found.get("ranking"))
        return found if (whole or ranked) and len(whole) == len(found["agrees"]) else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def put(name: str, value: Any) -> None:
    """Keep a value; a cache that can't be written is no reason to stop."""
    folder = directory()
    if folder is None:
        return
    path = folder / name[:2] / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}")
        part.write_text(json.dumps(value), encoding="utf-8")
        part.replace(path)
    except OSError as e:
        os.environ["DERIVE_CACHE"] = "off"  # say it once
        import sys

        print(
            f"derive: verdicts can't be kept in {folder} ({e.strerror}); set DERIVE_CACHE to another folder.",
            file=sys.stderr,
        )


def verdict_from(data: dict[str, Any]) -> Verdict:
    """The record that `Verdict.as_data` wrote."""
    d = dict(data)
    near = d.pop("near")
    d["verdict"] = Status(d["verdict"])
    d["fault"] = Fault(d["fault"]) if d["fault"] else None
    d["severity"] = Severity(d["severity"]) if d["severity"] else None
    if d["correction"]:
        d["correction"] = Correction(printed=d["correction"]["for"], read=d["correction"]["read"], near=near)
    if d["witness"]:
        w = dict(d["witness"])
        if w.get("quotients"):
            w["quotients"] = tuple(tuple(q) for q in w["quotients"])
        d["witness"] = Witness(**w)
    d["reach"] = tuple(Reached(**r) for r in d["reach"])
    for name in ("rests_on", "uses", "evidence"):
        d[name] = tuple(d[name])
    d["derivation"] = tuple(Step(**one) for one in d["derivation"])
    if d.get("read_back"):
        d["read_back"] = tuple(d["read_back"])
    return Verdict(**d)


def row_from(data: dict[str, Any]) -> ConstantRow:
    return ConstantRow(**{**data, "verdict": Status(data["verdict"])})


def ranking_from(data: dict[str, Any] | None) -> Ranking | None:
    if not data:
        return None
    rows = (
        {**r, "verdict": Status(r["verdict"]) if r["verdict"] else None, "curve": tuple(map(tuple, r["curve"]))}
        for r in data["rows"]
    )
    return Ranking(**{**data, "rows": tuple(Temperature(**r) for r in rows)})
