"""The five files of an errata edition, each written whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from derive.verdict import Checked
from reports.html import html
from reports.latex import latex
from reports.markdown import markdown
from reports.model import view
from reports.pdf import Engine, pdf

#: What an edition consists of.
FILES = ("verdicts.json", "ERRATA.md", "errata.tex", "errata.pdf", "index.html")


def write_all(checked: Checked, directory: str | Path, engine: Engine = "auto") -> dict[str, str]:
    """Write verdicts.json, ERRATA.md, errata.tex, errata.pdf and index.html.

    All five are made before the first is written, so a failure leaves the directory as it was.

    Parameters
    ----------
    checked
        All that one run of the engine found.
    directory
        Where to; made when missing.
    engine
        What makes the PDF, see `reports.pdf.pdf`.

    Returns
    -------
    dict
        For each file how it was made, such as ``{"errata.pdf": "Typst 0.15.2", …}``.
    """
    report, data = view(checked), checked.as_json()
    source = latex(report)
    with ThreadPoolExecutor(1) as beside:  # the rest is made while TeX runs
        setting = beside.submit(pdf, report, engine, source)
        page, sheet, verdicts = html(report, data), _utf8(markdown(report)), verdicts_json(checked)
        document, made_by = setting.result()
    graph = "Graphviz" if 'id="graph-picture"' in page else "a list, for want of pygraphviz"
    contents = (
        (verdicts, "JSON, schema 1"),
        (sheet, "Markdown"),
        (_utf8(source), "LaTeX, for any pdflatex"),
        (document, made_by),
        (_utf8(page), f"HTML with KaTeX inside; the graph by {graph}"),
    )
    files = dict(zip(FILES, contents, strict=True))
    Path(directory).mkdir(parents=True, exist_ok=True)
    for name, (content, _) in files.items():
        write_whole(Path(directory) / name, content)
    return {name: how for name, (_, how) in files.items()}


def verdicts_json(checked: Checked) -> bytes:
    """The contents of verdicts.json; the same run gives the same bytes, apart from "seconds"."""
    text = json.dumps(checked.as_json(), ensure_ascii=False, indent=2) + "\n"
    # A lone surrogate has no UTF-8; its backslash escape is also its escape in JSON.
    return text.encode("utf-8", "backslashreplace")


def write_whole(path: Path, content: bytes) -> None:
    """Write beside the place, then move: a reader sees the old file or the new one, never a part."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")
