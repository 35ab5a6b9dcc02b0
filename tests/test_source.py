"""Reading numbered displays: every way of numbering, every error, and the papers where they are at hand."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.errors import DeriveError
from derive.source import MAX_BYTES, read_source, read_text, sha256

ROOT = Path(__file__).resolve().parent.parent
PAPERS = ROOT.parent / "shared" / "papers"
PRINTED = ROOT / "theorems" / "zhang2024" / "equations.json"

#: name: (document, [(number, latex, section, line)])
MARKDOWN = {
    "tag": ("text\n\n$$a = b, \\tag{1.1}$$\n", [("1.1", "a = b,", "", 3)]),
    "inside after qquad": ("$$a = b, \\qquad (1.4)$$\n", [("1.4", "a = b,", "", 1)]),
    "inside after quad, plain number": ("$$a = b \\quad (7)$$", [("7", "a = b", "", 1)]),
    "display of its own": ("$$a = b$$\n\n$$(3.3)$$\n\nwhere", [("3.3", "a = b", "", 1)]),
    "line after": ("$$a = b.$$\n (2.20)\n", [("2.20", "a = b.", "", 1)]),
    "same line after": ("$$a = b.$$ (2.20)\n", [("2.20", "a = b.", "", 1)]),
    "over several lines": ("$$\na\n= b\n\\tag{A.1}\n$$", [("A.1", "a = b", "", 1)]),
    "pieces": ("$$a = b$$\n\n$$= c$$\n$$= d \\tag{2}$$", [("2", r"a = b \\ = c \\ = d", "", 1)]),
    "bare sign": ("$$a = b$$\n>\n\n$$c,$$\n (3.17)", [("3.17", r"a = b \\ > c,", "", 1)]),
    "sign and inline formula": ("$$a$$\n\n= $b$\n= $c.$ (3.23)\n", [("3.23", r"a \\ = b \\ = c.", "", 1)]),
    "inline formula with number": ("$$a$$\n\n $\\sim b, \\qquad (5.7)$", [("5.7", r"a \\ \sim b,", "", 1)]),
    "words after": (
        "$$x < 1$$\n for $\\forall x \\in X$. (3.50)",
        [("3.50", r"x < 1 \quad \text{for} \quad \forall x \in X.", "", 1)],
    ),
    "words before and after": (
        "so\n\n(rest frame)\n$$v = w$$\n (observer's frame), (C.8)",
        [("C.8", r"\text{(rest frame)} \quad v = w \quad \text{(observer's frame)},", "", 4)],
    ),
    "sum over three displays": (
        "$$a = b$$\n\n$$- c$$\n\n$$+ d \\tag{1}$$",
        [("1", r"a = b \\ - c \\ + d", "", 1)],
    ),
    "part numbers": (
        "$$S = a$$\n(2.24)\n\n$$= b, \\quad (2.25)$$",
        [("2.24", "S = a", "", 1), ("2.25", "= b,", "", 4)],
    ),
    "without a number, then prose": ("$$a = b$$\n\nwhere\n\n$$c \\tag{1}$$", [("1", "c", "", 5)]),
    "without a number, then another": ("$$a = b$$\n\n$$c = d \\tag{1}$$", [("1", "c = d", "", 3)]),
    "a reference isn't a number": ("$$a$$\n\nfrom (1.2)\n\n$$b \\tag{1}$$", [("1", "b", "", 5)]),
    "rows kept": (
        "$$\\begin{cases} a & b \\\\ c & d \\end{cases} \\tag{1}$$",
        [("1", r"\begin{cases} a & b \\ c & d \end{cases}", "", 1)],
    ),
    "aligned unwrapped": (
        "$$\\begin{aligned} a &= b \\\\ &= c \\end{aligned} \\tag{1}$$",
        [("1", r"a = b \\ = c", "", 1)],
    ),
    "rows tagged": (
        "$$\\begin{align}a &= b \\tag{1}\\\\\nc &= d \\tag{2}\\end{align}$$",
        [("1", "a = b", "", 1), ("2", "c = d", "", 2)],
    ),
    "environment": ("\\begin{equation}\na = b\n\\end{equation}", [("1", "a = b", "", 1)]),
    "square brackets": ("see \\[1\\]\n\n\\[\na = b \\tag{1}\n\\]", [("1", "a = b", "", 3)]),
    "math fence": ("```math\na = b \\tag{1}\n```\n", [("1", "a = b", "", 1)]),
    "code isn't read": ("```\n$$z \\tag{9}$$\n```\n`$$`\n$$a \\tag{1}$$", [("1", "a", "", 5)]),
    "inline side by side": ("with $a$$b$ and\n\n$$c \\tag{1}$$", [("1", "c", "", 3)]),
    "money": ("costs $5 and \\$$ too\n\n$$c \\tag{1}$$", [("1", "c", "", 3)]),
    "windows line ends": ("# 1 T\r\n\r\n$$a$$\r\n(1)\r\n", [("1", "a", "1", 3)]),
    "headings": (
        "## 3.1 First\n$$a\\tag{1}$$\n\n3.1.2**Second**\n\n$$b\\tag{2}$$\n\nA Appendix I: Third\n\n$$c\\tag{3}$$",
        [("1", "a", "3.1", 2), ("2", "b", "3.1.2", 6), ("3", "c", "A", 10)],
    ),
    "list items aren't headings": (
        "2.1 Heading\n\n1 Item\n\n7 Samurai\n\n$$a\\tag{1}$$",
        [("1", "a", "2.1", 7)],
    ),
    "a lost heading": (
        "1 One\n\n2 Two\n\n2.1 Heading\n\n1 Item\n\n2.3 Other\n\n7 Samurai\n\n$$a\\tag{1}$$",
        [("1", "a", "2.3", 13)],
    ),
}

LATEX = {
    "counted": (r"\begin{equation}a\end{equation}\begin{equation}b\end{equation}", [("1", "a"), ("2", "b")]),
    "within section": (
        "\\numberwithin{equation}{section}\\section{A}\\begin{equation}a\\end{equation}"
        "\\appendix\\section{B}\\begin{equation}b\\end{equation}",
        [("1.1", "a"), ("A.1", "b")],
    ),
    "book": (
        r"\documentclass[12pt]{book}\chapter{C}\section{S}\begin{equation}a\end{equation}",
        [("1.1", "a")],
    ),
    "own format": (
        r"\renewcommand{\theequation}{\thesection.\arabic{equation}}\section{S}\begin{equation}a\end{equation}",
        [("1.1", "a")],
    ),
    "tag doesn't count": (
        r"\begin{equation}a\tag{X}\end{equation}\begin{equation}b\end{equation}",
        [("X", "a"), ("1", "b")],
    ),
    "star": (r"\begin{equation*}a\end{equation*}\begin{align*}b&=c\tag{T}\end{align*}", [("T", "b=c")]),
    "rows": (r"\begin{align}a&=b\\c&=d\nonumber\\&=e\end{align}", [("1", "a=b"), ("2", r"c=d \\ =e")]),
    "number on the first row": (r"\begin{align}a&=b\\&=c\notag\end{align}", [("1", r"a=b \\ =c")]),
    "gather": (r"\begin{gather}a\\b\notag\\c\end{gather}", [("1", "a"), ("2", "c")]),
    "multline": (r"\begin{multline}a\\+b\end{multline}", [("1", r"a \\ +b")]),
    "eqnarray": (r"\begin{eqnarray}a&=&b\\&<&c\nonumber\end{eqnarray}", [("1", r"a = b \\ < c")]),
    "two columns": (r"\begin{align}a&=b&c&=d\end{align}", [("1", r"a =b \quad c =d")]),
    "subequations": (
        r"\begin{subequations}\begin{align}a\\b\end{align}\end{subequations}\begin{equation}c\end{equation}",
        [("1a", "a"), ("1b", "b"), ("2", "c")],
    ),
    "square and dollars": (r"\[a\]\[b\tag{1}\] $x$$y$ $$c\tag{2}$$", [("1", "b"), ("2", "c")]),
    "comments": (
        "50\\% % \\begin{equation}\n\\begin{equation}a% b \\end{equation}\n\\label{x}\\end{equation}",
        [("1", "a")],
    ),
    "verbatim": (
        r"\begin{verbatim}\begin{equation}\end{verbatim}\begin{equation}a\end{equation}",
        [("1", "a")],
    ),
    "shorthand": ("\\def\\be{\\begin{equation}}\\newcommand{\\ee}{\\end{equation}}\\be a \\ee", [("1", "a")]),
    "definition isn't printed": (
        r"\newcommand{\eq}[1]{\begin{equation}#1\end{equation}}\begin{equation}a\end{equation}",
        [("1", "a")],
    ),
    "counter set": (r"\setcounter{equation}{4}\begin{equation}a\end{equation}", [("5", "a")]),
    "after the end": (r"\begin{equation}a\end{equation}\end{document}\begin{equation}", [("1", "a")]),
    "split": (r"\begin{equation}\begin{split}a&=b\\&=c\end{split}\end{equation}", [("1", r"a=b \\ =c")]),
}


@pytest.mark.parametrize("case", MARKDOWN)
def test_markdown(case: str) -> None:
    document, expected = MARKDOWN[case]
    assert [(e.number, e.latex, e.section, e.line) for e in read_text(document)] == expected


@pytest.mark.parametrize("case", LATEX)
def test_latex(case: str) -> None:
    document, expected = LATEX[case]
    found = [(e.number, e.latex.replace(" =", "=").replace("= ", "=")) for e in read_text(document, latex=True)]
    assert found == [(n, x.replace(" =", "=").replace("= ", "=")) for n, x in expected]


def test_latex_sections_and_lines() -> None:
    text = (
        "\\section{A}\n\\subsection{B}\n\\begin{align}\n a &= b \\\\\n c &= d\n\\end{align}\n"
        "\\section*{C}\n\\[e\\tag{9}\\]"
    )
    assert [(e.section, e.line) for e in read_text(text, latex=True)] == [("1.1", 4), ("1.1", 5), ("1.1", 8)]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("none.md", None, "there is no file"),
        ("empty.md", b" \n", "is empty"),
        ("latin.md", b"$$a \\tag{1}$$ \xe9", "byte 14 (0xe9)"),
        ("wide.md", "$$a$$".encode("utf-16"), "byte 0 (0xff)"),
        ("paper.pdf", b"%PDF-1.7\n", "is a PDF"),
        ("bare.md", b"$$a = b$$", "no numbered equation"),
        ("bare.tex", b"\\input{one}", "\\input are not followed"),
        ("twice.md", b"$$a\\tag{1}$$\n\n$$b\\tag{1}$$", "two equations (1), on lines 1 and 3"),
        ("open.md", b"text\n\n$$a = b", "opened by $$ on line 3 is never closed"),
        ("open.tex", b"\\begin{align}\na = b", "opened by \\begin{align} on line 1 is never closed"),
        ("nul\0.md", None, "not a valid path"),
        ("line\nbreak.md", None, "line?break.md"),
    ],
)
def test_errors(tmp_path: Path, name: str, content: bytes | None, says: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DeriveError) as caught:
        read_source(path)
    message = str(caught.value)
    assert says in message
    assert message.endswith(".") and "\n" not in message and ";" in message


def test_directory_pipe_and_size(tmp_path: Path) -> None:
    with pytest.raises(DeriveError, match="is a directory"):
        read_source(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DeriveError, match="not an ordinary file"):
        read_source(tmp_path / "pipe")
    with (tmp_path / "long.md").open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    with pytest.raises(DeriveError, match="at most 20 MB"):
        read_source(tmp_path / "long.md")


def test_kind_by_contents(tmp_path: Path) -> None:
    path = tmp_path / "paper"
    path.write_text("\\begin{document}\\begin{equation}a\\end{equation}")
    assert [e.number for e in read_source(path)] == ["1"]
    assert len(sha256(path)) == 64


_UNITS = (
    "$",
    "$$ ",
    "\\begin{",
    "\\begin{equation}",
    "\\begin{align}a\\end{align}",
    "\\[\n",
    "$$a\\tag{",
    "\\",
    " ",
    "(1)",
    "\\quad ",
    "```\n",
    "# 1.1\n",
    "\\newcommand{",
    "\\def\\be{",
    "{",
    "=\n",
    "$$a$$\n=$b$,",
    "\\\\ ",
    "& ",
    "\\verb|",
    "1.1\n\n",
    "%",
)


@pytest.mark.parametrize("latex", [False, True], ids=["markdown", "latex"])
@pytest.mark.parametrize("unit", _UNITS)
def test_hostile_input_takes_linear_time(unit: str, latex: bool) -> None:
    began = time.process_time()
    for before, after in (("", ""), ("$$", "$$"), ("$$a$$\n", ""), ("\\begin{align}", "\\end{align}")):
        try:
            read_text(before + unit * (200_000 // len(unit)) + after, latex=latex)
        except DeriveError as error:
            assert len(str(error)) < 300
    assert time.process_time() - began < 4


@given(st.text(alphabet="$\\ab=(1.)\n {}&%[]#*`", max_size=60), st.booleans())
def test_no_text_crashes(text: str, latex: bool) -> None:
    try:
        read_text(text, latex=latex)
    except DeriveError:
        return


_atoms = st.sampled_from(["a", "x_{ij}^2", r"\frac{1}{n}", r"\overline{X^2}", r"\sum_{i=1}^{n} p_i", r"\ln \sigma"])
_sides = st.lists(_atoms, min_size=1, max_size=3).map(" ".join)
_signs = st.sampled_from(["=", r"\sim", ">", r"\propto", r"\gtrsim"])
_rows = st.lists(st.tuples(_signs, _sides), min_size=1, max_size=3)
_FORMS = {
    "tag": lambda rows, n: "\n".join(f"$${row}$$\n" for row in rows[:-1]) + f"\n$${rows[-1]} \\tag{{{n}}}$$",
    "inside": lambda rows, n: "\n\n".join(f"$${row}$$" for row in rows[:-1]) + f"\n$${rows[-1]}, \\qquad ({n})$$",
    "own": lambda rows, n: "\n\n".join(f"$${row}$$" for row in [*rows, f"({n})"]),
    "after": lambda rows, n: "\n".join(f"$${row}$$" for row in rows) + f"\n ({n})",
    "inline": lambda rows, n: "\n".join([f"$${rows[0]}$$", *(f"${row}$" for row in rows[1:])]) + f"\n({n})",
}


@given(st.lists(st.tuples(_sides, _rows, st.sampled_from(sorted(_FORMS))), min_size=1, max_size=6))
def test_round_trip(equations: list[tuple[str, list[tuple[str, str]], str]]) -> None:
    parts, expected = [], []
    for at, (left, chain, form) in enumerate(equations, 1):
        rows = [f"{sign} {side}" for sign, side in chain]
        rows[0] = f"{left} {rows[0]}"
        parts.append(f"We have\n\n{_FORMS[form](rows, f'4.{at}')}\n")
        expected.append((f"4.{at}", " \\\\ ".join(rows) + ("," if form == "inside" else "")))
    found = read_text("\n".join(parts))
    assert [(e.number, e.latex) for e in found] == expected


def test_printed_equations_of_zhang2024() -> None:
    printed = json.loads(PRINTED.read_text())
    counts = {"1": 5, "2": 33, "3": 56, "4": 14, "5": 42, "6": 1, "A": 2, "B": 10, "C": 20, "D": 2, "E": 4}
    assert [e["number"] for e in printed] == [f"{s}.{n}" for s, last in counts.items() for n in range(1, last + 1)]
    assert all(set(e) == {"number", "latex", "section"} and e["latex"].strip() for e in printed)
    assert all(e["section"].split(".")[0] == e["number"].split(".")[0] for e in printed)
    assert all(e["latex"].count("{") == e["latex"].count("}") for e in printed)


if (PAPERS / "zhang2024.md").is_file():

    def test_the_paper_as_it_lies_there() -> None:
        printed = json.loads(PRINTED.read_text())
        found = read_source(PAPERS / "zhang2024.md")
        assert [(e.number, e.latex) for e in found] == [(p["number"], p["latex"]) for p in printed]
        # The text lost the heading of Section 2.2.
        pairs = {(e.section, p["section"]) for e, p in zip(found, printed, strict=True)}
        assert {(read, true) for read, true in pairs if read != true} == {("2.1", "2.2")}


if (PAPERS / "fioresi2021.md").is_file():

    def test_another_paper() -> None:
        found = read_source(PAPERS / "fioresi2021.md")
        assert [e.number for e in found] == [str(n) for n in range(1, 8)]
        assert [e.section for e in found] == ["2"] * 5 + ["4"] * 2
