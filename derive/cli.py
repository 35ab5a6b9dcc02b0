"""The command line. Heavy modules are imported by the command that needs them."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from derive.errors import Conflict, DeriveError

if TYPE_CHECKING:
    from derive.claim import Library
    from derive.verdict import Checked, Equation

DONE, DIFFERS, USAGE, CONFLICT, STOPPED = 0, 1, 2, 3, 130
#: A display with more signs than this is no display.
MOST_SIGNS = 100


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code (0 done, 1 verdicts differ, 2 bad input, 3 an engine bug)."""
    try:
        options = _parser().parse_args(argv)
        code = int(options.run(options))
        sys.stdout.flush()
        return code
    except SystemExit as e:  # argparse: --help, --version, bad usage
        return e.code if isinstance(e.code, int) else DONE
    except DeriveError as e:
        _say(str(e))
        return USAGE
    except Conflict as e:
        _say(f"conflict, an engine bug: {e}. Please report it; no verdict was written.")
        return CONFLICT
    except BrokenPipeError:
        # Whoever read the output has seen enough; nothing may be written at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        _say("stopped; finished verdicts are kept.")
        return STOPPED
    except Exception as e:
        if os.environ.get("DERIVE_TRACEBACK"):
            raise
        _say(f"an engine bug ({type(e).__name__}: {e}); nothing was written. Please report it with what {_HOW} shows.")
        return CONFLICT


_HOW = "the same command under DERIVE_TRACEBACK=1"


def _say(sentence: str) -> None:
    """One line on standard error, whatever the text holds."""
    line = "".join(c if c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in sentence)
    print(f"derive: {line[:600]}", file=sys.stderr)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        _say(f"{message}; {self.prog} --help says how it is used.")
        sys.exit(USAGE)


def _number(text: str) -> str:
    """An equation's number; people write (3.5) as well."""
    return text.strip("() ")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="derive",
        description="Check the mathematics of a paper: a verdict with evidence for every relation sign it prints.",
        epilog="exit codes: 0 done, 1 verdicts differ or a claim does not hold, 2 bad input, 3 an engine bug",
    )
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(
        name: str, run: Callable[[Any], int], about: str, document: bool | None = True
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".")
        made.set_defaults(run=run)
        if document is None:
            return made
        if document:
            made.add_argument("document", metavar="DOCUMENT", help="a paper's library, such as zhang2024")
        elif document is False:
            told = "a paper's library (default: zhang2024)"
            made.add_argument("document", nargs="?", metavar="DOCUMENT", help=told, default="zhang2024")
        return made

    p = command("check", _check, "judge every relation sign of a document, or of the equations named", False)
    p.add_argument("equations", nargs="*", metavar="EQUATION", type=_number, help="numbers such as 3.5")
    _source(p)
    _json(p)
    _jobs(p)
    _ci(p)

    p = command("report", _report, "write verdicts.json, ERRATA.md, errata.tex, errata.pdf and index.html", False)
    _source(p)
    p.add_argument("-o", dest="directory", metavar="DIR", help="where to (default: build/DOCUMENT)")
    _jobs(p)

    p = command("annotate", _annotate, "a copy of your own (.md, .tex or .pdf) with the errata in place", None)
    p.add_argument("file", metavar="FILE", help="the copy, which stays as it is")
    p.add_argument("-o", dest="directory", metavar="DIR", help="where to (default: build/annotated)")
    p.add_argument("--document", metavar="NAME", help="the paper it is a copy of (default: found by its equations)")
    _jobs(p)

    p = command("show", _show, "one equation: printed, read back, derived, evidence, reach")
    p.add_argument("equation", metavar="EQUATION", type=_number, help="its number, such as 3.5")
    _source(p)

    p = command("whatif", _whatif, "the verdicts of one equation if it were printed like LATEX")
    p.add_argument("equation", metavar="EQUATION", type=_number, help="its number, such as 3.5")
    p.add_argument("latex", metavar="LATEX", help="the whole display, in quotes; after -- if it starts with a minus")
    _json(p)

    p = command("temperature", _temperature, "⟨E₀⟩, S₀ and T of an energy and an initializer, derived", None)
    p.add_argument("--energy", required=True, metavar="NAME", help="such as mse, huber, or a formula: '(f - y)**4'")
    p.add_argument("--initializer", required=True, metavar="NAME", help="such as normal, laplace, student_t")
    p.add_argument("--model", default="linear", metavar="NAME", help="linear (default), linear(K=3), network(…), …")
    told = "a parameter of either, a scale, or the weight of a penalty: delta=1, nu=3, sigma=2, l1=0.1"
    p.add_argument("--set", action="append", default=[], dest="settings", metavar="NAME=VALUE", help=told)
    p.add_argument("--latex", action="store_true", help="write the formulas as LaTeX, nothing else")
    p.add_argument("--reduction", default="mean", choices=("mean", "sum"), help="over the data (default: mean)")
    p.add_argument("--data", metavar="FILE", help="a CSV file, whose temperature is worked out")
    p.add_argument("--target", metavar="COLUMN", help="the column of --data to predict")
    p.add_argument("--features", metavar="A,B", help="the columns to predict it from (default: all others)")
    p.add_argument("--intercept", action="store_true", help="a parameter more, that multiplies 1")
    p.add_argument("--least", type=float, metavar="E_f", help="the least energy, where it is not to be fitted")
    p.add_argument("--against", metavar="FILE", help="data that --data shift to: the Type II temperature")
    _json(p, "the cell")

    p = command("laws", _laws, "what an energy, initializer or activation must satisfy, checked law by law", None)
    p.add_argument("entry", metavar="ENTRY", help="a name of the catalogue, or mypackage.mymodule:name")
    p.add_argument("--set", action="append", default=[], dest="settings", metavar="NAME=VALUE", help="such as nu=3")
    _json(p, "the laws")

    p = command("grid", _grid, "every energy with every initializer", None)
    p.add_argument("--orderings", action="store_true", help="the temperatures in order as well, with what is proved")
    p.add_argument("-o", dest="directory", metavar="DIR", help="write a page: grid.html, grid.tex and grid.json")
    _json(p, "the cells")
    _jobs(p)

    p = command("graph", _graph, "the derivation graph: what uses what (.dot, .svg or .json)")
    p.add_argument("-o", dest="file", metavar="FILE", help="default: DOT on standard output")
    return parser


def _version() -> str:
    from derive import __version__

    return f"derive {__version__}"


def _source(p: argparse.ArgumentParser) -> None:
    p.add_argument("--source", metavar="FILE", help="judge the equations of this copy (Markdown or LaTeX)")


def _json(p: argparse.ArgumentParser, what: str = "verdicts.json") -> None:
    p.add_argument("--json", metavar="PATH", help=f"write {what} here (- for standard output)")


def _jobs(p: argparse.ArgumentParser) -> None:
    p.add_argument("--jobs", type=int, metavar="N", help="processes (default: all cores)")


def _ci(p: argparse.ArgumentParser) -> None:
    """What a build asks for."""
    p.add_argument(
        "--locked",
        action="store_true",
        help="compare with verdicts.lock and exit 1 if a verdict differs; of a copy, the equations that it holds",
    )
    p.add_argument("--write-lock", action="store_true", help="record the verdicts in verdicts.lock")
    p.add_argument("--lock", metavar="FILE", help="another lock than the library's own, as for --source")
    p.add_argument("--junit", metavar="PATH", help="write a JUnit report: a test case per claim, which fails under "
                   "--locked if its verdict differs, and is skipped where it is undecided")  # fmt: skip
    p.add_argument("--badge", metavar="PATH", help="write a badge with the counts: .svg, or .json for shields.io")
    p.add_argument("--github", action="store_true", help="annotate what differs and write the job's summary, as in "
                   "GitHub Actions (on by itself there)")  # fmt: skip


# -- commands --------------------------------------------------------------------------------------


def _check(o: Any) -> int:
    from derive import lock
    from derive.differences import Advice, differences

    library, equations, source = _load(o.document, o.source)
    _known(library, equations, o.equations, o.source)
    _enough(o.jobs)
    if o.write_lock and (o.equations or (o.source and not o.lock)):
        raise DeriveError(
            "--write-lock records the whole built-in paper: leave out the equations and --source, "
            "or name a lock of your own for the copy with --lock."
        )
    if o.json == "-" and o.junit == "-":
        raise DeriveError("--json and --junit can't both go to standard output: name a file for one of them.")
    if o.lock is not None and not (o.locked or o.write_lock):
        raise DeriveError("--lock names a file that --locked compares with and --write-lock writes: give one of them.")
    own = Path(o.source) if o.source else None
    advice = Advice(library, own, equations if own else (), Path(o.lock) if o.lock is not None else None)
    place = (advice.lock or lock.place(library)) if o.locked or o.write_lock else None
    accepted = lock.read(place, advice.record) if place and o.locked else None
    ci = import_module("reports.ci")
    kinds = {"--json": o.json, "--junit": o.junit, "--badge": o.badge}
    asked = {flag: path for flag, path in kinds.items() if path is not None}
    for flag, path in asked.items():
        ci.known(flag, path)
        if path != "-":
            _writable_file(path, flag)
    checked = _run(library, equations, source, o.equations or None, o.jobs)
    among = set(o.equations) or ({e.number for e in equations} if own else None)
    found = differences(accepted, checked, among) if accepted is not None else []
    piped = "-" in asked.values()
    for flag, path in asked.items():
        _deliver(path, ci.rendered(flag, path, checked, found, advice))
    if not piped:
        import_module("reports.terminal").summary_table(checked)
    if place and o.write_lock:
        print(f"recorded in {lock.write(place, checked)}", file=sys.stderr)
    if o.github or os.environ.get("GITHUB_ACTIONS") == "true":
        import_module("reports.github").tell(checked, found, advice, sys.stderr if piped else sys.stdout, os.environ)
    for line in found:
        print(line, file=sys.stderr)
    if found:
        print(*advice.todo([d.equation for d in found]), file=sys.stderr)
    return DIFFERS if found else DONE


def _report(o: Any) -> int:
    library, equations, source = _load(o.document, o.source)
    _enough(o.jobs)
    directory = Path(f"build/{library.name}" if o.directory is None else o.directory)
    writer = import_module("reports.write")
    _writable_directory(directory, o.directory, writer.FILES)
    checked = _run(library, equations, source, None, o.jobs)
    try:
        written = writer.write_all(checked, directory)
    except OSError as e:
        raise DeriveError(
            f"The report can't be written to {directory}: {e.strerror}; choose another with -o."
        ) from None
    import_module("reports.terminal").summary_table(checked)
    wide = max(len(str(directory / name)) for name in written)
    print("\n" + "\n".join(f"{directory / name!s:{wide}}  {how}" for name, how in written.items()))
    return DONE


def _annotate(o: Any) -> int:
    annotation = import_module("reports.annotation")
    _enough(o.jobs)
    path = Path(o.file)
    copy = annotation.opened(path)
    directory = annotation.DIRECTORY if o.directory is None else Path(o.directory)
    annotation.keep_apart(path, directory, copy.names)
    library, equations, source = copy.against(o.document)
    _writable_directory(directory, o.directory, copy.names)
    done = copy.annotated(_run(library, equations, source, None, o.jobs))
    for name in reversed(copy.names):  # what a file needs beside it comes first
        _write_whole(directory / name, done.files[name])
    print("\n".join((*done.told, *(str(directory / name) for name in copy.names))))
    return DONE


def _show(o: Any) -> int:
    from derive.graph import reached
    from derive.verdict import WRONG

    library, equations, source = _load(o.document, o.source)
    _known(library, equations, [o.equation], o.source)
    above = _finished_before(library, equations, o.equation)
    checked = _run(library, equations, source, [*above, o.equation], None)
    below = reached(library, o.equation)
    if below and any(v.verdict in WRONG for v in checked.verdicts if v.equation == o.equation):
        checked = _run(library, equations, source, [*above, o.equation, *below], None)
    beyond = () if above else library.entries[o.equation].uses
    import_module("reports.terminal").one_equation(checked, o.equation, beyond)
    return DONE


def _whatif(o: Any) -> int:
    from dataclasses import replace

    from derive.errors import Unreadable
    from derive.graph import SOUND
    from derive.reader.display import split
    from derive.source import digest

    library, equations, _ = _load(o.document, None)
    _known(library, equations, [o.equation])
    if any(e.number == o.equation and e.passage and e.passage.cited for e in equations):
        raise DeriveError(f"{o.equation} is a cross-reference and has no formula to change: change what it cites.")
    given = f"The LaTeX given for {o.equation}"
    try:
        links = split(o.latex)
    except Unreadable as e:
        raise DeriveError(f"{given} can't be read: {e}. Mend it there and try again.") from None
    if not links:
        raise DeriveError(f"{given} holds no relation sign, so it claims nothing: write it as A = B.")
    if len(links) > MOST_SIGNS:
        raise DeriveError(f"{given} holds {len(links)} relation signs: give at most {MOST_SIGNS}.")
    changed = tuple(replace(e, latex=o.latex) if e.number == o.equation else e for e in equations)
    with _destination(o.json, "--json"):
        above = _finished_before(library, changed, o.equation)
        source = {"kind": "whatif", "sha256": digest(changed)}
        checked = _run(library, changed, source, [*above, o.equation], 1)
        own = tuple(v for v in checked.verdicts if v.equation == o.equation)
        for v in own:
            if v.read is None and (unread := re.search("could not be read: (.*?)[.]?$", v.reason, re.DOTALL)):
                raise DeriveError(f"{given} can't be read: {unread[1]}. Mend it there and try again.")
        checked = replace(
            checked,
            equations=tuple(e for e in checked.equations if e.number == o.equation),
            passages=tuple(e for e in checked.passages if e.number == o.equation),
            absent=(),
            verdicts=own,
            not_judged=(),
            constants=tuple(r for r in checked.constants if r.equation == o.equation),
            edges=tuple((a, b) for a, b in checked.edges if b in {v.id for v in own}),
        )
        if o.json:
            _write_json(o.json, checked)
        if o.json != "-":
            beyond = () if above else library.entries[o.equation].uses
            import_module("reports.terminal").one_equation(checked, o.equation, beyond)
    return DONE if all(v.verdict in SOUND for v in own) else DIFFERS


def _graph(o: Any) -> int:
    from derive.drawing import drawn, known

    suffix = ".dot" if o.file is None else Path(o.file).suffix
    library, equations, source = _load(o.document, None)
    with _destination(o.file, "-o"):
        known(suffix)
        content = drawn(_run(library, equations, source, None, None), library, suffix)
        if o.file:
            _write_whole(Path(o.file), content)
            print(o.file)
        else:
            sys.stdout.write(content.decode())
    return DONE


def _temperature(o: Any) -> int:
    from derive.theory.asked import as_text, asked, cells

    with _destination(o.json, "--json"):
        found, numbers = asked(o)
        if o.json:
            _deliver(o.json, as_text(cells([found], numbers=numbers)))
        if o.latex and o.json != "-":
            print(found._repr_latex_())
        elif o.json != "-":
            import_module("reports.cells").one(found, numbers)
    return DONE


def _laws(o: Any) -> int:
    from derive.library import catalogue
    from derive.theory.asked import as_text, given, laws_as_json
    from derive.theory.laws import failed, laws

    with _destination(o.json, "--json"):
        entry = given(catalogue().entry(o.entry), o.settings)
        found = laws(entry)
        if o.json:
            _deliver(o.json, as_text(laws_as_json(entry, found)))
        if o.json != "-":
            import_module("reports.cells").laws(entry.called, found)
    broken = failed(entry, found)
    if broken:
        _say(broken)
    return DIFFERS if broken else DONE


def _grid(o: Any) -> int:
    from derive.theory.asked import as_text, cells
    from derive.theory.grid import PAIRS, curves, grid, orderings

    _enough(o.jobs)
    jobs, ordered = o.jobs or os.cpu_count() or 1, []
    if o.directory:
        _writable_directory(Path(o.directory), o.directory, import_module("reports.grid").FILES)
    with _destination(o.json, "--json"):
        pairs = PAIRS()
        with _progress(len(pairs)) as advance:
            found = grid(pairs, jobs, advance)
        if o.orderings or o.directory:
            ordered = orderings(jobs)
        if o.json:
            _deliver(o.json, as_text(cells(found, ordered)))
        if o.json != "-":
            shown = import_module("reports.cells")
            shown.table(found)
            shown.orders(ordered if o.orderings else ())
        if o.directory:
            for path in import_module("reports.grid").write(found, ordered, curves(jobs), o.directory):
                print(path, file=sys.stderr if o.json == "-" else sys.stdout)
    return DONE


# -- input and output ------------------------------------------------------------------------------


def _load(document: str, source: str | None) -> tuple[Library, tuple[Equation, ...], dict[str, str]]:
    from dataclasses import replace

    from derive.library import load
    from derive.source import digest, read_source, sha256, text_of

    if re.fullmatch(r"\(?[A-Z]?[\d.]+\)?", document):
        raise DeriveError(
            f"{document} is no document: name the paper before its equations, as in zhang2024 {document}."
        )
    library = load(document)
    if source is None:
        whole = library.equations + library.passages
        return library, whole, {"kind": "builtin", "sha256": digest(whole)}
    from derive.passages import in_copy

    path = Path(source)
    sections = {e.number: e.section for e in library.equations}
    equations = tuple(replace(e, section=sections.get(e.number, e.section)) for e in read_source(path))
    if not set(sections) & {e.number for e in equations}:
        raise DeriveError(
            f"{source} holds no equation of {document}: none of its numbers is known there; "
            "look at the file, or name another document."
        )
    equations += in_copy(library.passages, text_of(path))
    return library, equations, {"kind": "file", "sha256": sha256(path)}


def _known(
    library: Library, equations: tuple[Equation, ...], numbers: Sequence[str], source: str | None = None
) -> None:
    printed = [e.number for e in equations]
    for number in numbers:
        if number not in printed:
            near = [n for n in printed if n.split(".")[0] == number.split(".")[0]] or printed
            kind = "statement" if any(e.number == number for e in library.passages) else "equation"
            raise DeriveError(
                f"{source or library.name} prints no {kind} {number!r}; "
                f"the nearest numbers run from {near[0]} to {near[-1]}."
            )
        if number not in library.entries:
            raise DeriveError(
                f"Equation {number} of {library.name} is not judged yet: its library declares no reading of it; "
                f"derive check {library.name} lists those that are."
            )


def _enough(jobs: int | None) -> None:
    if jobs is not None and jobs < 1:
        raise DeriveError(f"--jobs {jobs} makes no sense: give a number of processes from 1 on.")


def _finished_before(library: Library, equations: tuple[Equation, ...], number: str) -> list[str]:
    """The equations that `number` follows from, if the cache holds all of them; else none: they take a while."""
    from derive import cache, graph, runner

    if cache.directory() is None:
        return []
    from networkx import ancestors

    above = ancestors(graph.equations(library), number)
    tasks = runner.tasks_for(library, equations, above)
    return [t.equation.number for t in tasks] if all(cache.get(runner.key(t)) for t in tasks) else []


def _run(
    library: Library,
    equations: tuple[Equation, ...],
    source: dict[str, str],
    numbers: Sequence[str] | None,
    jobs: int | None,
) -> Checked:
    """Judge in other processes, whose memory is bounded."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    from derive.runner import check, limited, tasks_for

    total = len(tasks_for(library, equations, numbers))
    workers = max(1, min(jobs or os.cpu_count() or 1, total))
    pool = ProcessPoolExecutor(workers, initializer=limited)
    try:
        with _progress(total) as advance:
            checked = check(
                library,
                equations,
                source,
                numbers=numbers,
                executor=pool,
                progress=lambda task: advance(task.equation.number),
            )
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in multiprocessing.active_children():
            worker.terminate()
        raise
    pool.shutdown()
    return checked


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
def _destination(path: str | None, flag: str) -> Iterator[None]:
    """Find out before the work whether a file can be written there."""
    if path is not None and path != "-":
        _writable_file(path, flag)
    yield


def _writable_file(path: str, flag: str) -> None:
    import tempfile

    target = Path(path)
    if not path or "\0" in path:
        raise DeriveError(f"{flag} {path!r} names no file: give a path.")
    if target.is_dir():
        raise DeriveError(f"{flag} {path} is a directory: name a file.")
    if not target.parent.is_dir():
        raise DeriveError(
            f"{flag} {path} can't be written: the folder {target.parent} does not exist or is no folder; make it first."
        )
    try:
        with tempfile.TemporaryFile(dir=target.parent):
            pass
    except OSError as e:
        raise DeriveError(f"{flag} {path} can't be written there ({e.strerror}); choose another place.") from None


def _writable_directory(directory: Path, given: str | None, names: Sequence[str]) -> None:
    import tempfile

    if given == "":
        raise DeriveError("-o '' names no folder: give a path.")
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=directory):
            pass
    except (OSError, ValueError) as e:
        why = getattr(e, "strerror", None) or "the name is not a valid path"
        raise DeriveError(f"The folder {directory} can't be written to ({why}); choose another with -o.") from None
    for name in names:
        if (directory / name).is_dir():
            raise DeriveError(f"{directory / name} is a directory and in the way; move it, or choose another with -o.")


def _write_json(path: str, checked: Checked) -> None:
    _deliver(path, import_module("reports.write").verdicts_json(checked))


def _deliver(path: str, content: bytes) -> None:
    if path == "-":
        sys.stdout.write(content.decode())
    else:
        _write_whole(Path(path), content)


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
