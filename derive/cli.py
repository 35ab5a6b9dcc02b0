"""The command line. Heavy modules are imported by the command that needs them."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from derive.errors import Conflict, DeriveError

if TYPE_CHECKING:
    from derive.claim import Library
    from derive.verdict import Checked, Equation

DONE, DIFFERS, USAGE, CONFLICT = 0, 1, 2, 3


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code (0 done, 1 verdicts differ, 2 bad input, 3 conflict)."""
    parser = _parser()
    options = parser.parse_args(argv)
    try:
        return int(options.run(options))
    except DeriveError as e:
        print(f"derive: {e}", file=sys.stderr)
        return USAGE
    except Conflict as e:
        print(
            f"derive: conflict, an engine bug: {e}. Please report it; no verdict was written.",
            file=sys.stderr,
        )
        return CONFLICT
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        print("derive: stopped; finished verdicts are kept.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="derive", description="Check the mathematics of a paper: a verdict with evidence for every relation sign it prints.",
        epilog="exit codes: 0 done, 1 verdicts differ or a claim does not hold, 2 bad input, 3 conflict (an engine bug)",
    )  # fmt: skip
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, run: Callable[[Any], int], about: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".")
        made.set_defaults(run=run)
        return made

    p = command("check", _check, "judge every relation sign of a document, or of the equations named")
    p.add_argument(
        "document",
        nargs="?",
        metavar="DOCUMENT",
        help="a paper's library (default: zhang2024)",
        default="zhang2024",
    )
    p.add_argument("equations", nargs="*", metavar="EQUATION", help="numbers such as 3.5")
    _source(p)
    _json(p)
    p.add_argument("--jobs", type=int, metavar="N", help="processes (default: all cores)")
    p.add_argument("--locked", action="store_true", help="compare with verdicts.lock; exit 1 if a verdict differs")
    p.add_argument("--write-lock", action="store_true", help="record the verdicts in verdicts.lock")

    p = command("report", _report, "write the errata: verdicts.json, ERRATA.md, errata.tex, errata.pdf, index.html")
    p.add_argument("document", nargs="?", metavar="DOCUMENT", default="zhang2024")
    _source(p)
    p.add_argument("-o", dest="directory", metavar="DIR", help="where to (default: build/DOCUMENT)")
    p.add_argument("--jobs", type=int, metavar="N", help="processes (default: all cores)")

    p = command("show", _show, "one equation: printed, read back, derived, evidence, reach")
    p.add_argument("document", metavar="DOCUMENT")
    p.add_argument("equation", metavar="EQUATION")
    _source(p)

    p = command("whatif", _whatif, "the verdicts of one equation if it were printed like LATEX")
    p.add_argument("document", metavar="DOCUMENT")
    p.add_argument("equation", metavar="EQUATION")
    p.add_argument("latex", metavar="LATEX")
    _json(p)

    p = command("graph", _graph, "the derivation graph: what uses what (.dot, .svg or .json)")
    p.add_argument("document", metavar="DOCUMENT")
    p.add_argument("-o", dest="file", metavar="FILE", help="default: DOT on standard output")
    return parser


def _version() -> str:
    from derive import __version__

    return f"derive {__version__}"


def _source(p: argparse.ArgumentParser) -> None:
    p.add_argument("--source", metavar="FILE", help="judge the equations of this copy (Markdown or LaTeX)")


def _json(p: argparse.ArgumentParser) -> None:
    p.add_argument("--json", metavar="PATH", help="write verdicts.json here (- for standard output)")


# -- commands --------------------------------------------------------------------------------------


def _check(o: Any) -> int:
    library, equations, source = _load(o.document, o.source)
    _known(library, equations, o.equations)
    with _destination(o.json):
        checked = _run(library, equations, source, o.equations or None, o.jobs)
        if o.json:
            _write_json(o.json, checked)
        if o.json != "-":
            import_module("reports.terminal").summary_table(checked)
    if o.write_lock:
        from derive.lock import write

        print(f"recorded in {write(library, checked)}")
    if o.locked:
        from derive.lock import differences

        found = differences(library, checked, partial=bool(o.equations))
        for line in found:
            print(line, file=sys.stderr)
        return DIFFERS if found else DONE
    return DONE


def _report(o: Any) -> int:
    library, equations, source = _load(o.document, o.source)
    directory = Path(o.directory or f"build/{library.name}")
    _writable_directory(directory)
    checked = _run(library, equations, source, None, o.jobs)
    written = import_module("reports.write").write_all(checked, directory)
    import_module("reports.terminal").summary_table(checked)
    print()
    for name, how in written.items():
        print(f"{directory / name}  ({how})")
    return DONE


def _show(o: Any) -> int:
    from derive.graph import reached

    library, equations, source = _load(o.document, o.source)
    _known(library, equations, [o.equation])
    numbers = [o.equation, *reached(library, o.equation)]
    checked = _run(library, equations, source, numbers, None)
    import_module("reports.terminal").one_equation(checked, o.equation)
    return DONE


def _whatif(o: Any) -> int:
    from dataclasses import replace

    from derive.errors import Unreadable
    from derive.graph import SOUND
    from derive.reader.display import split

    library, equations, _ = _load(o.document, None)
    _known(library, equations, [o.equation])
    try:
        links = split(o.latex)
    except Unreadable as e:
        raise DeriveError(
            f"The LaTeX given for {o.equation} can't be read: {e}. Mend it there and try again."
        ) from None
    if not links:
        raise DeriveError(
            f"The LaTeX given for {o.equation} holds no relation sign, so it claims nothing: write it as A = B."
        )
    changed = tuple(replace(e, latex=o.latex) if e.number == o.equation else e for e in equations)
    with _destination(o.json):
        checked = _run(library, changed, {"kind": "whatif"}, [o.equation], 1)
        unread = next((v for v in checked.verdicts if v.read is None and "could not be read" in v.reason), None)
        if unread is not None:
            raise DeriveError(
                f"The LaTeX given for {o.equation} can't be read. {unread.reason} Mend it there and try again."
            )
        if o.json:
            _write_json(o.json, checked)
        if o.json != "-":
            import_module("reports.terminal").one_equation(checked, o.equation)
    return DONE if all(v.verdict in SOUND for v in checked.verdicts) else DIFFERS


def _graph(o: Any) -> int:
    from derive.drawing import drawn

    library, equations, source = _load(o.document, None)
    if o.file:
        _writable_directory(Path(o.file).parent)
    checked = _run(library, equations, source, None, None)
    content = drawn(checked, library, Path(o.file).suffix if o.file else ".dot")
    if o.file:
        _write_whole(Path(o.file), content)
        print(o.file)
    else:
        sys.stdout.write(content.decode())
    return DONE


# -- input and output ------------------------------------------------------------------------------


def _load(document: str, source: str | None) -> tuple[Library, tuple[Equation, ...], dict[str, str]]:
    from dataclasses import replace

    from derive.library import load

    library = load(document)
    if source is None:
        return library, library.equations, {"kind": "builtin", "sha256": _digest(library.equations)}
    from derive.source import read_source, sha256

    path = Path(source)
    sections = {e.number: e.section for e in library.equations}
    equations = tuple(replace(e, section=sections.get(e.number, e.section)) for e in read_source(path))
    if not set(sections) & {e.number for e in equations}:
        raise DeriveError(
            f"{source} holds no equation of {document}: none of its numbers is known there; look at the file, or name another document."
        )
    return library, equations, {"kind": "file", "sha256": sha256(path)}


def _digest(equations: tuple[Equation, ...]) -> str:
    import hashlib

    return hashlib.sha256(json.dumps([[e.number, e.latex] for e in equations]).encode()).hexdigest()


def _known(library: Library, equations: tuple[Equation, ...], numbers: Sequence[str]) -> None:
    printed = {e.number for e in equations}
    for number in numbers:
        if number not in printed:
            near = [n for n in printed if n.split(".")[0] == number.split(".")[0]]
            hint = f"; numbers there look like {', '.join(sorted(near)[:3])}" if near else ""
            raise DeriveError(f"{library.name} prints no equation {number!r}{hint}.")
        if number not in library.entries:
            raise DeriveError(
                f"Equation {number} of {library.name} is not judged yet: its library declares no reading of it."
            )


def _run(
    library: Library,
    equations: tuple[Equation, ...],
    source: dict[str, str],
    numbers: Sequence[str] | None,
    jobs: int | None,
) -> Checked:
    from derive.runner import check, tasks_for

    if jobs is not None and jobs < 1:
        raise DeriveError(f"--jobs {jobs} makes no sense: give a number of processes from 1 on.")
    total = len(tasks_for(library, equations, numbers))
    with _progress(total) as advance:
        return check(
            library,
            equations,
            source,
            numbers=numbers,
            jobs=jobs or os.cpu_count() or 1,
            progress=lambda task: advance(task.equation.number),
        )


@contextmanager
def _progress(total: int) -> Iterator[Callable[[str], None]]:
    """A bar on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty() or total < 2:
        yield lambda number: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("checking", total=total)
        yield lambda number: bar.update(task, advance=1, description=f"checked ({number})")


@contextmanager
def _destination(path: str | None) -> Iterator[None]:
    """Find out before the work whether the JSON can be written."""
    if path and path != "-":
        target = Path(path)
        if target.is_dir():
            raise DeriveError(f"--json {path} is a directory: name a file.")
        if not target.parent.is_dir():
            raise DeriveError(
                f"--json {path} can't be written: the folder {target.parent} does not exist; make it first."
            )
        if not os.access(target.parent, os.W_OK) or (target.exists() and not os.access(target, os.W_OK)):
            raise DeriveError(f"--json {path} can't be written: permission denied; choose another place.")
    yield


def _writable_directory(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise DeriveError(f"The folder {directory} can't be made: {e.strerror}; choose another with -o.") from None
    if not os.access(directory, os.W_OK):
        raise DeriveError(f"The folder {directory} can't be written to: permission denied; choose another with -o.")


def _write_json(path: str, checked: Checked) -> None:
    content = json.dumps(checked.as_json(), ensure_ascii=False, indent=2) + "\n"
    if path == "-":
        sys.stdout.write(content)
    else:
        _write_whole(Path(path), content.encode())


def _write_whole(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as e:
        part.unlink(missing_ok=True)
        raise DeriveError(f"{path} can't be written: {e.strerror}; choose another place.") from None


if __name__ == "__main__":
    sys.exit(main())
