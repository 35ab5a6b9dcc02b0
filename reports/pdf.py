"""errata.pdf: by pdflatex from errata.tex where TeX is installed, else by Typst, which pip brings along."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from reports.latex import latex
from reports.views import ReportView

Engine = Literal["auto", "typst", "pdflatex"]
_SECONDS = 120


class NoPdf(RuntimeError):
    """pdflatex was asked for and could not make the document; the sentence says why."""


def pdf(report: ReportView, engine: Engine = "auto", source: str | None = None) -> tuple[bytes, str]:
    """Make the PDF.

    Parameters
    ----------
    report
        The view model.
    engine
        "auto" takes pdflatex when it is on the path and succeeds, else Typst.
    source
        The same report as LaTeX, where it is at hand.

    Returns
    -------
    bytes, str
        The file, and a phrase that says how it was made, such as "Typst 0.15.2".

    Raises
    ------
    NoPdf
        Only with ``engine="pdflatex"``.
    """
    remark = ""
    if engine == "pdflatex" or (engine == "auto" and shutil.which("pdflatex")):
        try:
            return _pdflatex(latex(report) if source is None else source), "pdflatex"
        except NoPdf as error:
            if engine == "pdflatex":
                raise
            remark = f" ({error})"
    from reports.typeset import typeset

    return typeset(report), f"Typst {version('typst')}{remark}"


def _pdflatex(source: str) -> bytes:
    """Run pdflatex twice, without any shell: first as a draft, for the page numbers of the contents."""
    program = shutil.which("pdflatex")
    if program is None:
        raise NoPdf("pdflatex is not installed")
    command = [program, "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "errata.tex"]
    # Paranoid reading and writing: TeX may open files below its own directory only. The fixed date keeps
    # the file the same from run to run.
    allowed = os.environ | {"openin_any": "p", "openout_any": "p", "SOURCE_DATE_EPOCH": "0"}
    with tempfile.TemporaryDirectory() as directory:
        (Path(directory) / "errata.tex").write_text(source, encoding="utf-8")
        for run in ([*command[:-1], "-draftmode", command[-1]], command):
            try:
                done = subprocess.run(
                    run, cwd=directory, env=allowed, stdin=subprocess.DEVNULL, capture_output=True,
                    timeout=_SECONDS, check=False,
                )  # fmt: skip
            except subprocess.TimeoutExpired as error:
                raise NoPdf(f"pdflatex did not finish in {_SECONDS} s") from error
            if done.returncode:
                lines = done.stdout.decode("utf-8", "replace").splitlines()
                raise NoPdf("pdflatex: " + next((t for t in lines if t.startswith("!")), "! no message")[2:])
        return (Path(directory) / "errata.pdf").read_bytes()
