"""Notes in a reader's own Markdown and LaTeX: each at its equation, nothing else changed, bad input in a sentence."""

from __future__ import annotations

import difflib
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from derive.errors import DeriveError
from derive.matching import best, match
from derive.mending import latex, markdown
from derive.source import outline, read_text
from derive.verdict import Checked, Correction, Equation, Severity, Status, Verdict
from reports.annotation import DIRECTORY, keep_apart
from reports.annotation.latex import SIGN, package
from reports.annotation.text import TextCopy
from tests.conftest import Run
from theorems.zhang2024 import LIBRARY

PAPER = Path(__file__).resolve().parent.parent.parent / "shared" / "papers" / "zhang2024.md"
NUMBERS = [e.number for e in LIBRARY.equations]
PRINT = {e.number: e.latex for e in LIBRARY.equations}
FIRST = LIBRARY.equations[:5]
needs_tex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")


def pretended(equations: tuple[Equation, ...]) -> Checked:
    """A run whose every third claim is refuted, whatever it says: notes have to stand right all the same."""
    verdicts = tuple(
        Verdict(
            id=f"{e.number}#1", equation=e.number, section=e.section, relation="=", read="printed",
            printed_lhs="a", printed_rhs=r"\frac{b}{2}",
            verdict=Status.PROVED if n % 3 < 2 else Status.REFUTED,
            severity=None if n % 3 < 2 else Severity.STEP,
            correction=None if n % 3 < 2 else Correction(printed=r"\frac{b}{2}", read=r"\foo{c} 50% #1 \end{x}"),
            reason="" if n % 3 < 2 else r"the sides differ by $\frac{1}{2}$, 100 % & #1 of \foo_x",
        )
        for n, e in enumerate(equations)
    )  # fmt: skip
    shown = tuple(e for e in equations if e.passage is None)
    stated = tuple(e for e in equations if e.passage is not None)
    return Checked(
        document="zhang2024", title=LIBRARY.title, authors="N. N.", source={"kind": "file"}, versions={},
        equations=shown, verdicts=verdicts, passages=stated,
    )  # fmt: skip


def annotated(path: Path) -> tuple[str, tuple[str, ...]]:
    """A copy with pretended verdicts, and what is told about it."""
    copy = TextCopy(path)
    _, equations, _ = copy.against("zhang2024")
    done = copy.annotated(pretended(equations))
    return done.files[path.name].decode(), done.told


def without_macros(text: str) -> str:
    """A LaTeX copy without what was put in, taken out by counting braces."""
    text = text.replace("\\usepackage{derive-notes}" + ("\r\n" if "\r" in text else "\n"), "", 1)
    while (start := text.find(SIGN)) >= 0:
        at = start + len(r"\derivenote")
        for _ in range(4):
            depth = 0
            for m in re.compile(r"\\.|[{}]").finditer(text, at):
                depth += {"{": 1, "}": -1}.get(m[0], 0)
                if depth == 0:
                    at = m.end()
                    break
        if text[start:at].split("{", 3)[2][0] != "(":  # a statement has a line of its own
            at += 2 if text[at] == "\r" else 1
        text = text[:start] + text[at:]
    return text


def only_added(before: str, after: str) -> list[str]:
    """The stretches of lines that were added; every line of the original is there, in order and unchanged."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if after.startswith(before):
        return [after[len(before) :]]
    added = []
    for what, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        assert what in {"equal", "insert"}, (what, old[i:j], new[k:m])
        added += ["".join(new[k:m])] if what == "insert" else []
    return added


# -- Markdown --------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["unix", "windows"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "byte order mark"])
def test_markdown_notes_stand_at_their_equations(tmp_path: Path, ending: str, mark: str) -> None:
    path = tmp_path / "copy.md"
    before = mark + markdown(LIBRARY.equations, title="A copy  ").replace("\n", ending)
    path.write_bytes(before.encode())
    after, told = annotated(path)
    assert path.read_bytes() == before.encode()
    assert "189 numbered equations found, 189 noted, 0 missing" in told[0]
    found = re.findall(rf"\\tag\{{([\w.]+)\}}{ending}\$\${ending}{ending}> \*\*derive\*\* \((.*?)\):", after)
    assert found == [(n, n) for n in NUMBERS]
    assert all(">" in block for block in only_added(before, after) if block.strip())
    assert [(e.number, e.latex) for e in read_text(after)] == [(e.number, e.latex) for e in read_text(before)]
    assert ("\r" in after.replace("\r\n", "")) is False and (ending == "\n") == ("\r" not in after)


NOTE = "> **derive** ({}): "
#: name: (document, what stands right before and right after the note to (1.2))
MARKDOWN = {
    "tag": ("$$a \\tag{1.2}$$\nmore", "$$\n\n", "\n\nmore"),
    "number on a later line": ("$$a$$\n\n(1.2)\nmore", "(1.2)\n\n", "\n\nmore"),
    "pieces": ("$$a = b$$\n\n= $c$ (1.2)\n\nmore", "(1.2)\n\n", "\n\nmore"),
    "text behind": ("$$a$$ (1.2)\nand so on", "(1.2)\n\n", "\n\nand so on"),
    "a display opens on the line": ("$$a$$ (1.2) $$b\n\\tag{1.3}$$\nmore", "1.3}$$\n\n", "\n>\n> **derive** (1.3)"),
    "list": ("1. one\n\n   $$a \\tag{1.2}$$\n\n2. two", "$$\n\n   ", "\n\n2. two"),
    "list, on its first line": ("- $$a \\tag{1.2}$$\n- two", "$$\n\n  ", "\n\n- two"),
    "quotation": ("> $$a \\tag{1.2}$$\n> more", "$$\n>\n> ", "\n>\n> more"),
    "table": ("| $$a$$ (1.2) |\n| $$a\\tag{1.2}$$ |\n| x |\n\nmore", "| x |\n\n", "\n\nmore"),
    "fence": ("```math\na \\tag{1.2}\n```\nmore", "```\n\n", "\n\nmore"),
    "code isn't a place": ("$$a \\tag{1.2}$$\n```\n$$\n```\n", "$$\n\n", "\n\n```\n$$\n```\n"),
    "end of file": ("$$a \\tag{1.2}$$", "$$\n\n", "\n"),
    "rows": ("$$\\begin{align}a \\tag{1.2}\\\\\nc \\tag{1.3}\\end{align}$$", "$$\n\n", "\n>\n> **derive** (1.3)"),
}  # fmt: skip


@pytest.mark.parametrize("case", MARKDOWN)
def test_markdown_forms(tmp_path: Path, case: str) -> None:
    text, before, after = MARKDOWN[case]
    path = tmp_path / "copy.md"
    path.write_text(text)
    found, _ = annotated(path)
    head, sign, tail = found.partition("> **derive** (1.2): ")
    assert sign and head.endswith(before) and tail[tail.find("\n") :].startswith(after), found
    only_added(text, found)


def test_statements_stand_behind_their_paragraphs(tmp_path: Path) -> None:
    said = next(e for e in LIBRARY.passages if e.passage and e.passage.cue and not e.passage.cells)
    assert said.passage is not None
    text = f"$$a \\tag{{1.2}}$$\n\nSo {said.passage.cue}\nas we see.\n\nThe end"
    path = tmp_path / "copy.md"
    path.write_text(text)
    found, told = annotated(path)
    assert "as we see.\n\n> **derive** " in found and "\n\nThe end" in found
    assert told[-1].startswith("1 statements noted")
    path = tmp_path / "copy.tex"
    tex = "\\begin{document}\n" + text.replace("$$", "\\[", 1).replace("$$", "\\]", 1) + "\\end{document}"
    path.write_text(tex)
    found, _ = annotated(path)
    assert "as we see.\n\\derivenote" in found
    path.write_text(tex.replace("So ", "\\begin{quote}So ").replace("The end", "The end\\end{quote}"))
    found, told = annotated(path)
    assert re.search(r"\\end\{quote\}\\derivenote.*\n\\end\{document\}$", found)
    assert any("0 statements noted behind their paragraphs, 1 at the end" in one for one in told)


def test_a_statement_is_not_taken_for_the_display_that_prints_the_same(tmp_path: Path) -> None:
    said = next(e for e in LIBRARY.passages if e.number == "s6.c" and e.passage and e.passage.printed)
    again = f"$$\n{said.latex} \\tag{{3.10}}\n$$\n"
    path = tmp_path / "copy.md"
    path.write_text(f"{again}\nSo\n\n$${said.latex}$$\n\nThe end.\n")
    found, told = annotated(path)
    assert found.index("(3.10):") < found.index("\nSo\n") < found.index("**derive** Section 6 (c)")
    assert found.endswith("\n\nThe end.\n") and "1 statements noted behind their paragraphs, 0 at" in told[2]
    path.write_text(again)
    assert "0 statements noted behind their paragraphs, 1 at the end" in annotated(path)[1][2]


def test_what_a_note_says(tmp_path: Path) -> None:
    path = tmp_path / "copy.md"
    path.write_text("$$a \\tag{1.1}$$\n$$b \\tag{1.2}$$\n$$c \\tag{1.3}$$")
    found, _ = annotated(path)
    assert "> **derive** (1.1): ✓ proved.\n" in found
    note = found[found.index("> **derive** (1.3)") :]
    assert note.startswith("> **derive** (1.3): ✗ refuted.\n>\n> - **refuted, severity: step** (`1.3#1`): For ")
    assert r"read `\foo{c} 50% #1 \end{x}`" in note and r"$\frac{1}{2}$, 100 % &amp; #1 of \\foo\_x." in note


if PAPER.is_file():

    def test_the_paper_as_it_lies_there() -> None:
        copy = TextCopy(PAPER)
        _, equations, _ = copy.against(None)
        done = copy.annotated(pretended(equations))
        after, before = done.files[PAPER.name].decode(), PAPER.read_text()
        assert "189 numbered equations found, 189 noted, 0 missing, 0 doubled" in done.told[0]
        assert all(">" in block for block in only_added(before, after) if block.strip())
        assert [(e.number, e.latex) for e in read_text(after)] == [(e.number, e.latex) for e in read_text(before)]
        places = {d.number: before[d.end - 40 : d.end] for d in outline(before).displays}
        for number, end in places.items():  # right behind the line that the equation ends on
            assert re.search(re.escape(end) + rf"[^\n]*\n\n> \*\*derive\*\* \({re.escape(number)}\):", after), number


# -- LaTeX -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["unix", "windows"])
def test_latex_notes_stand_at_their_equations(tmp_path: Path, ending: str) -> None:
    path = tmp_path / "copy.tex"
    before = latex(LIBRARY.equations, title="A copy").replace("\n", ending)
    path.write_bytes(before.encode())
    after, told = annotated(path)
    assert "189 numbered equations found, 189 noted, 0 missing" in told[0]
    found = re.findall(r"\\end\{equation\}\\derivenote\{\w+\}\{\((.*?)\)\}", after)
    assert found == NUMBERS
    assert without_macros(after) == before
    assert after.isascii() == before.isascii()
    assert [(e.number, e.latex) for e in read_text(after, latex=True)] == [
        (e.number, e.latex) for e in read_text(before, latex=True)
    ]


@needs_tex
@pytest.mark.parametrize("options", ["", "twocolumn", "leqno,fleqn"])
def test_the_whole_paper_compiles_with_its_notes(tmp_path: Path, options: str) -> None:
    path = tmp_path / "copy.tex"
    path.write_text(latex(LIBRARY.equations).replace("class{article}", f"class[{options}]{{article}}"))
    text, _ = annotated(path)
    compiled(tmp_path, text)


def compiled(folder: Path, text: str) -> None:
    """Fails with TeX's own first message when the text does not compile."""
    (folder / "noted.tex").write_text(text)
    (folder / "derive-notes.sty").write_text(package())
    command = ["pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "noted.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=120, check=False)
    out = done.stdout.decode("utf-8", "replace")
    assert done.returncode == 0, out[out.find("\n!") : out.find("\n!") + 500]


A, B, C = PRINT["1.1"], PRINT["1.2"], PRINT["1.3"]
#: name: (preamble, body), with (1.1), (1.2) and (1.3) in it
TEX = {
    "equation and align": (
        "\\usepackage{amsmath}\\numberwithin{equation}{section}",
        f"\\section{{S}}\\begin{{equation}}{A}\\label{{x}}\\end{{equation}}\n"
        f"so that\n\\begin{{align}}{B}\\\\{C}\\end{{align}} goes on, \\eqref{{x}}.",
    ),
    "no amsmath": (
        "",
        f"\\setcounter{{section}}{{1}}\\renewcommand{{\\theequation}}{{\\thesection.\\arabic{{equation}}}}\n"
        f"\\begin{{equation}}{A}\\end{{equation}} so\n\\begin{{eqnarray}}{B}\\\\{C}\\end{{eqnarray}}\n",
    ),
    "gather and multline, hyperref": (
        "\\usepackage{amsmath}\\usepackage[colorlinks]{hyperref}",
        f"\\begin{{gather}}{A}\\tag{{1.1}}\\\\{B}\\tag{{1.2}}\\end{{gather}}\n"
        f"\\begin{{multline}}\n{C}\\tag{{1.3}}\n\\end{{multline}}% with a comment\nand so on",
    ),
    "own macros": (
        "\\usepackage{amsmath}\\usepackage[table]{xcolor}\\numberwithin{equation}{section}\n"
        "\\newcommand{\\eq}[1]{\\begin{equation}#1\\end{equation}}\\newcommand\\be{\\begin{equation}}\n"
        "\\newcommand\\ee{\\end{equation}}\\newenvironment{eqn}{\\begin{equation}}{\\end{equation}}",
        f"\\section{{S}}\\eq{{{A}}} text\n\\be {B} \\ee text \\begin{{eqn}}{C}\\end{{eqn}}\n",
    ),
    "in lists, tables and boxes": (
        "\\usepackage{amsmath,color}",
        f"\\begin{{itemize}}\\item Item \\begin{{equation}}{A}\\tag{{1.1}}\\end{{equation}} goes on\\end{{itemize}}\n"
        f"\\begin{{tabular}}{{p{{5cm}}}}\\[{B}\\tag{{1.2}}\\]\\\\\\end{{tabular}}\n"
        f"\\parbox{{6cm}}{{\\begin{{equation}}{C}\\tag{{1.3}}\\end{{equation}}}}",
    ),
    "active characters": (
        '\\usepackage{amsmath}\\catcode`\\"=13 \\def"{!}\\catcode`\\:=13 \\def:{.}\\catcode`\\;=13 \\def;{.}',
        "".join(f"\\begin{{equation}}{x}\\tag{{1.{n}}}\\end{{equation}}\n" for n, x in enumerate((A, B, C), 1)),
    ),
}


@pytest.mark.parametrize("name", TEX)
def test_latex_forms(tmp_path: Path, name: str) -> None:
    preamble, body = TEX[name]
    head = f"\\documentclass{{article}}\n{preamble}\n% \\begin{{document}}\n"
    text = f"{head}\\begin{{document}}\n{body}\n\\end{{document}}\n"
    path = tmp_path / "copy.tex"
    path.write_text(text)
    after, told = annotated(path)
    assert "3 numbered equations found, 3 noted" in told[0]
    assert without_macros(after) == text
    assert "\n\\usepackage{derive-notes}\n\\begin{document}" in after
    ends = [after[: m.start()][-12:] for m in re.finditer(r"\\derivenote\{\w+\}\{\(1\.[123]\)", after)]
    assert len(ends) == 3
    if shutil.which("pdflatex"):
        compiled(tmp_path, text.replace("\r", ""))
        compiled(tmp_path, after)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\\begin{equation}a\\tag{1.1}\\end{equation}", "There is no \\begin{document}"),
        ("\\begin{document}\\input{two}\\begin{equation}a\\tag{1.1}\\end{equation}\\end{document}", "not followed"),
        (
            "\\def\\foo#1;{#1}\\begin{document}\\begin{equation}\\foo a;\\tag{1.1}\\end{equation}\\end{document}",
            "Equation (1.1) uses \\foo, which takes its arguments up to a mark and can't be written out.",
        ),
        (
            "\\NewDocumentCommand\\foo{m}{#1}\\begin{document}\\[\\foo{a}\\tag{1.1}\\]\\end{document}",
            "Equation (1.1) uses \\foo, which is defined with \\NewDocumentCommand",
        ),
        ("\\begin{document}\\[a\\tag{1.1}\\]\\end{document}", "Compile it with derive-notes.sty beside it"),
    ],
)
def test_what_is_told_of_latex(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "copy.tex"
    path.write_text(text)
    assert told in " ".join(annotated(path)[1])


@pytest.mark.parametrize(
    ("definitions", "display", "read"),
    [
        (r"\newcommand{\s}{\sigma}", r"\s x", r"\sigma x"),
        (r"\newcommand\s{\sigma}", r"a\s_1", r"a\sigma_1"),
        (r"\newcommand{\m}[1]{\overline{#1}}", r"\m{X} \m Y", r"\overline{X} \overline{Y}"),
        (r"\newcommand{\m}[2][n]{\frac{1}{#1} #2}", r"\m x = \m[K]{y}", r"\frac{1}{n} x = \frac{1}{K} y"),
        (r"\def\d#1#2{#1_{#2}}", r"\d xi + \d{y}{j}", r"x_{i} + y_{j}"),
        (r"\DeclareMathOperator{\Var}{Var}", r"\Var(X)", r"\operatorname{Var}(X)"),
        (r"\DeclarePairedDelimiter{\abs}{\lvert}{\rvert}", r"\abs*{x}", r"\lvert x \rvert"),
        (r"\let\eps\varepsilon", r"\eps", r"\varepsilon"),
        (r"\let\old\phi\let\phi\varphi", r"\phi \old", r"\varphi\phi"),
        (r"\newcommand{\a}{\b}\newcommand{\b}{c}", r"\a\a", "cc"),
        (r"\renewcommand{\vec}[1]{\mathbf{#1}}", r"\vec x", r"\mathbf{x}"),
        (r"\newcommand{\T}{\ensuremath{T}\xspace}", r"\T = 1", "{T}= 1"),
        (r"\newcommand{\nn}{\nonumber}", r"a \nn", None),
        (r"\newcommand{\a}{\a}", r"\a", r"\a"),
        (r"\def\a{\b\b}\def\b{\a\a}", r"\a = 1", None),
        (r"\newcommand{\a}{\ifmmode x\fi}", r"\a", r"\a"),
        (r"\def\until#1;{#1}", r"\until x;", r"\until x;"),
        (r"\newcommand{\two}[2]{#1#2}", r"\two{x}", r"\two{x}"),
    ],
)
def test_macros_are_written_out(definitions: str, display: str, read: str | None) -> None:
    body = f"\\begin{{equation}}{display}\\end{{equation}}\\begin{{equation}}z\\end{{equation}}"
    text = f"{definitions}\\begin{{document}}{body}"
    found = outline(text, latex=True).displays
    if display == r"a \nn":
        assert [(d.number, d.latex) for d in found] == [("1", "z")]
        return
    assert [d.number for d in found] == ["1", "2"]
    assert read is None or found[0].latex == read
    assert (found[0].left != ()) == (read is None or display.startswith(read))


# -- another copy than the library's ---------------------------------------------------------------


def edited(change: Callable[[list[Equation]], list[Equation]]) -> str:
    return markdown(change(list(LIBRARY.equations[5:25])))


def shifted(found: list[Equation]) -> list[Equation]:
    """One equation more at the start, so that every number moves by one."""
    moved = [Equation(number=f"2.{n + 2}", latex=e.latex, section="2") for n, e in enumerate(found)]
    return [Equation(number="2.1", latex=r"q = \zeta(3) \oint \aleph", section="2"), *moved]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda es: es[:3] + es[4:], ["19 numbered equations found, 19 noted, 170 missing", "the copy: (1.1)"]),
        (lambda es: [*es, es[2]], ["21 numbered equations found, 21 noted", "1 doubled", "(2.3) is printed more"]),
        (
            lambda es: [*es, Equation(number="2.3", latex="z = 1", section="2")],
            ["21 numbered equations found, 21 noted", "1 doubled"],
        ),
        (
            lambda es: [*es[:5], Equation(number="2.7", latex=es[5].latex, section="2")],
            ["1 renumbered", "(2.7) prints what the library has as (2.6)."],
        ),
        (shifted, ["20 renumbered", "(2.2) prints what the library has as (2.1).", "8 more are renumbered"]),
        (
            lambda es: [*es, Equation(number="9.9", latex="z = 1", section="9")],
            ["21 numbered equations found, 20 noted", "1 unknown", "without a note: (9.9)"],
        ),
        (lambda es: [replace(e, latex=e.latex + "+ 1") for e in es], ["0 renumbered"]),
    ],
    ids=["missing", "doubled", "doubled with another print", "renumbered", "all renumbered", "unknown", "changed"],
)  # fmt: skip
def test_other_numbers(tmp_path: Path, change: Callable[[list[Equation]], list[Equation]], told: list[str]) -> None:
    path = tmp_path / "copy.md"
    path.write_text(edited(change))
    after, said = annotated(path)
    for words in told:
        assert words in " ".join(said), said
    only_added(path.read_text(), after)


def test_a_doubled_number_is_judged_where_it_prints_the_equation() -> None:
    other = Equation(number="1.1", latex="z = 1", section="1")
    found = match(outline(markdown([other, *FIRST])).displays, LIBRARY)
    assert [(p.display.line, p.judged) for p in found.places[:2]] == [(3, False), (7, True)]
    assert found.equations()[0].latex == FIRST[0].latex


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        (markdown(LIBRARY.equations[7:9]), True),
        ("$$x = 1 \\tag{1.1}$$\n\n$$y = 2 \\tag{2.1}$$\n", False),
        (markdown(FIRST) + "".join(f"$$\\beth_{n} = {n} \\tag{{7.{n}}}$$\n\n" for n in range(20)), False),
    ],
    ids=["an extract", "the same numbers", "a paper that quotes it"],
)
def test_the_library_is_found_by_what_is_printed(text: str, fits: bool) -> None:
    displays = outline(text).displays
    if fits:
        assert best(displays, "copy.md").library is LIBRARY
    else:
        with pytest.raises(DeriveError, match=r"belongs to no known document.*--document"):
            best(displays, "copy.md")
    assert best(displays, "copy.md", "zhang2024").library is LIBRARY


# -- the command -----------------------------------------------------------------------------------


def test_the_command_writes_a_copy(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "copy.tex"
    path.write_text(latex(FIRST))
    before = path.read_bytes()
    code, out, err = run("annotate", str(path), "-o", str(tmp_path / "out"), "--jobs", "1")
    assert (code, err) == (0, "")
    assert path.read_bytes() == before
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["copy.tex", "derive-notes.sty"]
    after = (tmp_path / "out" / "copy.tex").read_text()
    assert r"\derivenote{green}{(1.2)}{proved.}{}" in after and without_macros(after) == before.decode()
    assert out.splitlines()[0].startswith("zhang2024: 5 numbered equations found, 5 noted, 184 missing")
    assert out.splitlines()[-2:] == [str(tmp_path / "out" / name) for name in ("copy.tex", "derive-notes.sty")]
    again = run("annotate", str(tmp_path / "out" / "copy.tex"), "-o", str(tmp_path / "two"))
    assert again[0] == 2 and "holds notes of derive already" in again[2] and not (tmp_path / "two").exists()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing.md", None, ["no file"]),
        ("folder", ..., ["directory"]),
        ("empty.md", b"", ["empty"]),
        ("latin.md", b"$$a=b \\tag{1.1}$$ \xe9", ["not UTF-8", "byte 18"]),
        ("nul.md", b"$$a=b \\tag{1.1}$$ \0", ["zero bytes"]),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0", ["UTF-8", "byte 0"]),
        ("paper.docx", b"PK\x03\x04\x14\0", ["Word", "Markdown or PDF"]),
        ("bare.md", b"$$a = b$$", ["no numbered equation"]),
        ("open.tex", b"\\begin{equation} a", ["never closed"]),
        ("other.md", b"$$a = b \\tag{1.1}$$", ["no known document", "zhang2024 has 0 of them"]),
    ],
)  # fmt: skip
def test_bad_copies(run: Run, tmp_path: Path, name: str, content: bytes | None, said: list[str]) -> None:
    path = tmp_path / name
    if content is ...:
        path.mkdir()
    elif content is not None:
        path.write_bytes(content)
    code, out, err = run("annotate", str(path), "-o", str(tmp_path / "out"))
    assert (code, out) == (2, "") and err.count("\n") == 1 and err.rstrip().endswith(".")
    assert all(words in err for words in said), err
    assert not (tmp_path / "out").exists()


def test_an_unknown_document_and_a_file_in_the_way(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "copy.md"
    path.write_text(markdown(FIRST))
    code, _, err = run("annotate", str(path), "--document", "nope")
    assert code == 2 and "'nope'" in err
    (tmp_path / "out").write_text("")
    code, _, err = run("annotate", str(path), "-o", str(tmp_path / "out"))
    assert code == 2 and "can't be written" in err


def test_the_original_is_never_overwritten(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "copy.md"
    path.write_text(markdown(FIRST))
    (tmp_path / "link").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "hard").mkdir()
    os.link(path, tmp_path / "hard" / "copy.md")
    (tmp_path / "soft").mkdir()
    (tmp_path / "soft" / "copy.md").symlink_to(path)
    (tmp_path / "loop").mkdir()
    (tmp_path / "loop" / "copy.md").symlink_to(tmp_path / "loop" / "copy.md")
    for folder in (".", "link", "hard", "soft", "loop", "hard/.."):
        code, _, err = run("annotate", str(path), "-o", str(tmp_path / folder))
        assert code == 2 and "never overwritten" in err, folder
    assert path.read_text() == markdown(FIRST)
    keep_apart(path, DIRECTORY, (path.name,))
