"""The shape of the project, read off its source: who imports whom, who may prove, and what never appears."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("derive", "theorems", "reports")
FILES = tuple(sorted(p.relative_to(ROOT).as_posix() for one in PACKAGES for p in (ROOT / one).rglob("*.py")))

#: The two places that reach libraries and renderers, by name and at run time only.
LOADERS = frozenset({"derive/cli.py", "derive/library.py"})
#: What the kernel may import beside itself and the standard library.
KERNEL_MAY = frozenset({"derive.term", "derive.errors", "flint"})
#: Text from outside must never reach one of these.
EVALUATORS = frozenset({"eval", "exec", "compile", "sympify", "parse_expr", "lambdify", "__import__"})
#: What only the kernel makes, and how it is sealed.
SEALED = frozenset({"Theorem", "Refutation"})
SEAL = frozenset({"_SEAL", "_Sealed"})
VERDICTS = frozenset(
    {"proved", "supported", "refuted", "conditional", "ill-formed", "definition", "premise", "undecided"}
)
LONGEST = 600


@cache
def tree(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text(encoding="utf-8"), filename=name)


def parents(name: str) -> list[str]:
    """Packages a module lies in: ["derive", "kernel"] for derive/kernel/poly.py."""
    return list(Path(name).parent.parts)


def imports(module: ast.Module, inside: list[str]) -> Iterator[tuple[int, str]]:
    """Every import anywhere in a module, as an absolute name; relative ones are resolved."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = inside[: len(inside) - node.level + 1] if node.level else []
            base += [node.module] if node.module else []
            yield from ((node.lineno, ".".join([*base, alias.name])) for alias in node.names)


def loads(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Modules loaded by name at run time; "?" where the name is not written out."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and called(node) in {"import_module", "__import__", "load_module"}:
            first = node.args[0] if node.args else None
            if isinstance(first, ast.JoinedStr) and first.values:
                first = first.values[0]
            known = isinstance(first, ast.Constant) and isinstance(first.value, str)
            yield node.lineno, first.value if known else "?"  # type: ignore[union-attr]


def called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def within(name: str, packages: frozenset[str] | set[str]) -> bool:
    """Whether an absolute name is one of the packages or lies in one."""
    return any(name == one or name.startswith(f"{one}.") for one in packages)


def wrong_imports(name: str, module: ast.Module) -> list[str]:
    """What a file imports against the direction of the project."""
    package = name.split("/")[0]
    forbidden = {"derive": {"theorems", "reports"}, "reports": {"theorems"}, "theorems": {"reports"}}[package]
    found = [
        f"{name}:{line} imports {what}" for line, what in imports(module, parents(name)) if within(what, forbidden)
    ]
    if name not in LOADERS:
        found += [
            f"{name}:{line} loads {what} by name"
            for line, what in loads(module)
            if what == "?" or within(what, forbidden)
        ]
    if name.startswith("derive/kernel/"):
        allowed = KERNEL_MAY | {"derive.kernel"} | sys.stdlib_module_names
        found += [
            f"{name}:{line} imports {what} into the kernel"
            for line, what in imports(module, parents(name))
            if not within(what, allowed)
        ]
    return found


def makes_theorems(name: str, module: ast.Module) -> list[str]:
    """Where a file outside the kernel makes what only the kernel may make."""
    if name.startswith("derive/kernel/"):
        return []
    # Judged by name alone, wherever it comes from; so nobody may give it another name.
    found = []
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            made = called(node) in SEALED
            raw = called(node) in {"__new__", "replace", "copy", "deepcopy"} and any(
                isinstance(arg, ast.Name) and arg.id in SEALED for arg in node.args
            )
            if made or raw:
                found.append(f"{name}:{node.lineno} makes a theorem or refutation")
        elif isinstance(node, ast.ImportFrom):
            if any(alias.name in SEALED and alias.asname for alias in node.names):
                found.append(f"{name}:{node.lineno} renames a sealed class")
        elif isinstance(node, ast.ClassDef):
            if any(isinstance(base, ast.Name | ast.Attribute) and last(base) in SEALED | SEAL for base in node.bases):
                found.append(f"{name}:{node.lineno} derives from a sealed class")
        elif isinstance(node, ast.Name | ast.Attribute) and last(node) in SEAL:
            found.append(f"{name}:{node.lineno} touches the kernel's seal")
    found += [
        f"{name}:{line} imports the kernel's seal"
        for line, what in imports(module, parents(name))
        if what.rpartition(".")[2] in SEAL
    ]
    return found


def last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def evaluates(name: str, module: ast.Module) -> list[str]:
    """Calls that run text as code or through a shell."""
    found = []
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom | ast.Import):
            for _, what in imports(ast.Module([node], []), parents(name)):
                if what.rpartition(".")[2] in EVALUATORS - {"compile"}:
                    found.append(f"{name}:{node.lineno} imports {what}")
        if not isinstance(node, ast.Call):
            continue
        method = isinstance(node.func, ast.Attribute)
        what = called(node)
        if what in EVALUATORS and not (what in {"compile", "eval"} and method):  # re.compile, an own eval method
            found.append(f"{name}:{node.lineno} calls {what}")
        if what in {"system", "popen"} and method and ast.unparse(node.func.value) == "os":  # type: ignore[attr-defined]
            found.append(f"{name}:{node.lineno} calls os.{what}")
        if any(k.arg == "shell" and not is_false(k.value) for k in node.keywords):
            found.append(f"{name}:{node.lineno} opens a shell")
    return found


def is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def stored_outcomes(name: str, module: ast.Module) -> list[str]:
    """Verdicts written into a library, which must leave outcomes to the engine."""
    if not name.startswith("theorems/"):
        return []
    found = [
        f"{name}:{node.lineno} holds the verdict {node.value!r}"
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.lower() in VERDICTS
    ]
    members = {one.upper().replace("-", "_") for one in VERDICTS - {"definition", "premise"}}
    found += [
        f"{name}:{node.lineno} names the verdict {ast.unparse(node)}"
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute) and last(node.value) == "Status" and node.attr in members
    ]
    return found


@pytest.mark.parametrize("name", FILES)
def test_imports_go_one_way(name: str) -> None:
    assert wrong_imports(name, tree(name)) == []


@pytest.mark.parametrize("name", FILES)
def test_only_the_kernel_makes_theorems(name: str) -> None:
    assert makes_theorems(name, tree(name)) == []


@pytest.mark.parametrize("name", FILES)
def test_nothing_evaluates_text(name: str) -> None:
    assert evaluates(name, tree(name)) == []


@pytest.mark.parametrize("name", [n for n in FILES if n.startswith("theorems/")])
def test_libraries_store_no_outcome(name: str) -> None:
    assert stored_outcomes(name, tree(name)) == []


@pytest.mark.parametrize("name", FILES)
def test_modules_are_short(name: str) -> None:
    assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) < LONGEST


@pytest.mark.parametrize(
    ("check", "name", "source"),
    [
        (wrong_imports, "derive/a.py", "import theorems.zhang2024"),
        (wrong_imports, "derive/a.py", "def f():\n    from reports import model"),
        (wrong_imports, "derive/sub/a.py", "from ... import reports"),
        (wrong_imports, "derive/a.py", "import importlib\nimportlib.import_module('theorems.x')"),
        (wrong_imports, "derive/a.py", "from importlib import import_module\nimport_module(name)"),
        (wrong_imports, "derive/cli.py", "from theorems import zhang2024"),
        (wrong_imports, "reports/a.py", "from theorems.zhang2024 import x"),
        (wrong_imports, "derive/kernel/a.py", "import sympy"),
        (wrong_imports, "derive/kernel/a.py", "from derive.rules import guess"),
        (wrong_imports, "derive/kernel/a.py", "from .. import reader"),
        (makes_theorems, "derive/rules/a.py", "kernel.Theorem(seal, s)"),
        (makes_theorems, "derive/a.py", "x = object.__new__(Theorem)"),
        (makes_theorems, "derive/a.py", "from derive.kernel.theorem import _SEAL"),
        (makes_theorems, "derive/a.py", "class Mine(Theorem): pass"),
        (makes_theorems, "derive/a.py", "from derive.kernel.theorem import Theorem as T\nT(s)"),
        (evaluates, "reports/a.py", "eval(text)"),
        (evaluates, "derive/a.py", "sympy.sympify(text)"),
        (evaluates, "derive/a.py", "from sympy import lambdify as quick"),
        (evaluates, "derive/a.py", "os.system('x')"),
        (evaluates, "derive/a.py", "subprocess.run('x', shell=True)"),
        (stored_outcomes, "theorems/a.py", "claim('3.1', 'refuted')"),
        (stored_outcomes, "theorems/a.py", "claim('3.1', Status.PROVED)"),
    ],
)
def test_the_checks_catch(check, name, source) -> None:  # type: ignore[no-untyped-def]
    assert check(name, ast.parse(source)) != []


@pytest.mark.parametrize(
    ("check", "name", "source"),
    [
        (wrong_imports, "derive/cli.py", "import importlib\nimportlib.import_module('reports.html')"),
        (
            wrong_imports,
            "derive/kernel/a.py",
            "from . import poly\nfrom derive.term import Sum\nimport fractions, flint",
        ),
        (wrong_imports, "reports/a.py", "from derive.verdict import Checked"),
        (makes_theorems, "derive/a.py", "def f(t: Theorem) -> None:\n    isinstance(t, Theorem)"),
        (evaluates, "derive/a.py", "re.compile('x'); subprocess.run(['x'], shell=False)"),
        (stored_outcomes, "theorems/a.py", "'''Nothing here is proved by hand.'''"),
    ],
)
def test_the_checks_let_pass(check, name, source) -> None:  # type: ignore[no-untyped-def]
    assert check(name, ast.parse(source)) == []


def test_the_command_starts_light() -> None:
    """No module of the engine imports a plotting or solver library while it is itself being imported."""
    heavy = {"matplotlib", "networkx", "sympy", "typst", "pygraphviz", "dask"}
    found = []
    for name in FILES:
        if name.startswith("derive/"):
            at_import: list[ast.stmt] = [n for n in tree(name).body if isinstance(n, ast.Import | ast.ImportFrom)]
            found += [
                f"{name} imports {what}"
                for _, what in imports(ast.Module(at_import, []), parents(name))
                if within(what, heavy)
            ]
    assert found == []


def test_no_machine_path_and_no_index_in_any_file() -> None:
    """The project names no machine's folders and no package index."""
    pattern = re.compile(
        r"(?<![\w/.~])/(?:home|root|work|opt|Users)/\w|index-url|--find-links|pypi\.org|registry\.npmjs"
    )
    files = [*FILES, "pyproject.toml", "Makefile", ".ci/run", ".ci/open_page.py"]
    assert [name for name in files if pattern.search((ROOT / name).read_text(encoding="utf-8"))] == []
