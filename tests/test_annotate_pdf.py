"""Notes in a reader's own PDF: numbers found however they are set, marks that lie on them, bad files in a sentence."""

from __future__ import annotations

import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import pdfplumber
import pikepdf
import pytest
import typst

from derive.cli import main
from derive.errors import DeriveError
from derive.mending import latex
from derive.verdict import Checked, Correction, Equation, Severity, Status, Verdict
from reports.annotation.numbers import Found, Word, placed
from reports.annotation.pdf import PdfCopy
from theorems.zhang2024 import LIBRARY

NUMBERS = [e.number for e in LIBRARY.equations]
needs_tex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
HEAD = f"= {LIBRARY.title}\n"


def set_by_typst(body: str, **inputs: Any) -> bytes:
    found = typst.Compiler(ignore_system_fonts=True).compile(body.encode(), format="pdf", **inputs)
    assert isinstance(found, bytes)
    return found


def paper(numbers: list[str], *, columns: int = 1, left: bool = False, title: str = HEAD) -> bytes:
    """Displays with numbers, and references to them in text that fills its lines."""
    side = "left" if left else "right"
    sizes = f"#set page(width: {8 + 9 * columns}cm, columns: {columns})\n#set par(justify: true)\n"
    top = f"{sizes}#set math.equation(number-align: {side})\n{title}"
    shown = (
        f"#math.equation(block: true, numbering: _ => \"({n})\", $ a_{k} = sum_(i=1)^n x_i + {k} $)\n"
        f"From ({n}) and from ({numbers[k // 2]}) one sees in ({numbers[0]}) that what follows them, as ({n}) says, is "
        f"what ({numbers[k // 3]}) holds for ({n}), ({numbers[-1]}) and ({numbers[0]}).\n\n"
        for k, n in enumerate(numbers)
    )  # fmt: skip
    return set_by_typst(top + "".join(shown))


def saved(folder: Path, data: bytes, change: Any = None, **more: Any) -> Path:
    path = folder / "copy.pdf"
    if change is None and not more:
        path.write_bytes(data)
    else:
        with pikepdf.open(BytesIO(data)) as pdf:
            if change:
                change(pdf)
            pdf.save(path, **more)
    return path


def annotated(path: Path, document: str | None = None) -> tuple[bytes, tuple[str, ...]]:
    """A copy with verdicts that are made up: every third equation refuted."""
    copy = PdfCopy(path)
    _, equations, source = copy.against(document)
    verdicts = tuple(
        Verdict(
            id=f"{e.number}#1", equation=e.number, section=e.section, relation="=", read="printed",
            printed_lhs="a", printed_rhs=r"\frac{b}{2}", verdict=Status.PROVED if n % 3 else Status.REFUTED,
            severity=None if n % 3 else Severity.STEP, reason="" if n % 3 else r"the sides differ by $\sigma_j^2$",
            correction=None if n % 3 else Correction(printed=r"\frac{b}{2}", read=r"\frac{\sigma}{2}"),
        )
        for n, e in enumerate(equations)
        if e.passage is None
    )  # fmt: skip
    shown: tuple[Equation, ...] = LIBRARY.equations
    checked = Checked(
        document="zhang2024", title=LIBRARY.title, authors="N. N.", source=source, versions={},
        equations=shown, verdicts=verdicts,
    )  # fmt: skip
    done = copy.annotated(checked)
    return done.files[path.name], done.told


def marks(data: bytes) -> dict[str, str]:
    """The words under each mark, with the note that belongs to it."""
    found: dict[str, str] = {}
    with pikepdf.open(BytesIO(data)) as raw:
        assert raw.check_pdf_syntax() == []
        notes = {
            str(a.NM): a
            for page in raw.pages
            for a in page.obj.get("/Annots", [])
            if a.Subtype == pikepdf.Name.Highlight
        }
        for note in notes.values():
            assert note.Popup.Parent.objgen == note.objgen and note.AP.N.Subtype == pikepdf.Name.Form
            assert [float(x) for x in note.AP.N.BBox] == [float(x) for x in note.Rect]
        texts = {name: str(note.Contents) for name, note in notes.items()}
    with pdfplumber.open(BytesIO(data)) as pdf:
        for page in pdf.pages:
            for mark in (a for a in page.annots if a["data"]["Subtype"].name == "Highlight"):
                name = mark["data"]["NM"].decode()
                inside = [
                    c["text"]
                    for c in page.chars
                    if mark["x0"] - 1 <= c["x0"] and c["x1"] <= mark["x1"] + 1
                    and mark["top"] - 1 <= c["top"] and c["bottom"] <= mark["bottom"] + 1
                ]  # fmt: skip
                found["".join(inside).strip("()")] = texts[name]
    return found


# -- where the numbers stand -----------------------------------------------------------------------


@pytest.mark.parametrize("left", [False, True], ids=["right", "left"])
@pytest.mark.parametrize("columns", [1, 2, 3])
def test_numbers_are_found_and_references_are_not(tmp_path: Path, columns: int, left: bool) -> None:
    numbers = NUMBERS[:40]
    copy = PdfCopy(saved(tmp_path, paper(numbers, columns=columns, left=left)))
    assert [f.number for f in copy.found] == numbers


@pytest.mark.parametrize(
    ("seen", "numbers"),
    [
        ([("1", 400, 0, 50), ("1", 100, 20, 3), ("2", 400, 40, 1000)], ["1", "2"]),
        ([("1", 400, 0, 50), ("2", 400, 20, 50), ("1", 400, 40, 50), ("3", 400, 60, 50)], ["1", "2", "3"]),
        ([("1", 400, 0, 50), ("2", 400, 20, 4), ("3", 400, 40, 50)], ["1", "2", "3"]),
        ([("1", 400, 0, 50), ("9", 400, 20, 4), ("2", 400, 40, 50), ("3", 400, 50, 50)], ["1", "2", "3"]),
        ([("1", 400, 0, 50), ("2", 300, 20, 60), ("3", 400, 40, 50)], ["1", "2", "3"]),
        ([("1", 400, 0, 50), ("1", 400, 5, 50), ("2", 400, 40, 50)], ["1", "1", "2"]),
    ],
    ids=["in the text", "at the edge, out of order", "close to a formula", "close, out of order", "narrow", "twice"],
)
def test_what_is_a_number(seen: list[tuple[str, float, float, float]], numbers: list[str]) -> None:
    found = [
        Found(n, 0, Word(f"({n})", left, top, left + 20, top + 8), before, 1000.0) for n, left, top, before in seen
    ]
    assert [f.number for f in placed(found)] == numbers


def turned(pdf: pikepdf.Pdf) -> None:
    """Pages on their side, and one whose corner is elsewhere and whose edges are cut."""
    for n, page in enumerate(pdf.pages):
        width, height = (float(x) for x in page.mediabox[2:])
        if n % 3 < 2:
            page.Rotate = (90, 180, 270)[n % 3]
        else:
            page.contents_add(b"q 1 0 0 1 -70 110 cm", prepend=True)
            page.contents_add(b"Q")
            page.mediabox = pikepdf.Array([-70, 110, width - 70, height + 110])
            page.cropbox = pikepdf.Array([-60, 130, width - 80, height + 90])


@pytest.mark.parametrize("change", [None, turned], ids=["as made", "turned and cut"])
def test_marks_lie_on_their_numbers(tmp_path: Path, change: Any) -> None:
    path = saved(tmp_path, paper(NUMBERS[:60]), change)
    before = path.read_bytes()
    data, told = annotated(path)
    assert path.read_bytes() == before
    assert told[0].startswith("zhang2024: 60 equation numbers found, 60 noted, 129 missing, 0 doubled, 0 unknown.")
    found = marks(data)
    assert sorted(found) == sorted(NUMBERS[:60])
    for n, number in enumerate(NUMBERS[:60]):
        assert found[number].startswith(f"({number}): " + ("✓ proved." if n % 3 else "✗ refuted."))
    assert "For b read σ. The side then reads σ/2. " in found["1.1"] and "σⱼ²" in found["1.1"]


def test_errata_are_appended_and_lead_back(tmp_path: Path) -> None:
    path = saved(tmp_path, paper(NUMBERS[:60]))
    with pikepdf.open(path) as raw:
        own = len(raw.pages)
    data, _ = annotated(path)
    with pikepdf.open(BytesIO(data)) as raw:
        more = list(raw.pages)[own:]
        assert more
        links = [a for page in more for a in page.obj.get("/Annots", []) if "/Dest" in a]
        whole = [a for page in more for a in page.obj.get("/Annots", [])]
        assert len(links) == len(whole) == 20
        pages = [page.obj.objgen for page in raw.pages]
        assert all(link.Dest[0].objgen in pages[:own] for link in links)
    with pdfplumber.open(BytesIO(data)) as pdf:
        first = " ".join(pdf.pages[own].extract_text().split())
    assert "can’t be read, so this copy itself was not judged" in first.replace("'", "’")
    assert "60 equation numbers found" in first and LIBRARY.title in first


def test_existing_notes_are_kept(tmp_path: Path) -> None:
    def noted(pdf: pikepdf.Pdf) -> None:
        own = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], Contents="mine")
        pdf.pages[0].obj["/Annots"] = pikepdf.Array([own])

    data, _ = annotated(saved(tmp_path, paper(NUMBERS[:30]), noted))
    with pikepdf.open(BytesIO(data)) as raw:
        assert str(raw.pages[0].Annots[0].Contents) == "mine" and len(raw.pages[0].Annots) > 2


@needs_tex
@pytest.mark.parametrize("options", ["", "twocolumn", "leqno"])
def test_the_whole_paper_made_by_pdflatex(tmp_path: Path, options: str) -> None:
    source = latex(LIBRARY.equations).replace("class{article}", f"class[{options}]{{article}}")
    (tmp_path / "copy.tex").write_text(source)
    command = ["pdflatex", "-no-shell-escape", "-interaction=batchmode", "copy.tex"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    found = [f.number for f in PdfCopy(tmp_path / "copy.pdf").found]
    assert not set(found) - set(NUMBERS) and len(found) == len(set(found))
    assert len(found) >= 0.98 * len(NUMBERS), sorted(set(NUMBERS) - set(found))


# -- other numbers, other papers -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        (NUMBERS[:10] + NUMBERS[11:], ["188 equation numbers found, 188 noted, 1 missing", "on its pages: (2.6)."]),
        ([*NUMBERS[:30], NUMBERS[29]], ["31 equation numbers found, 30 noted", "1 doubled", "(2.25) stands beside a"]),
        ([*NUMBERS[:30], "9.1"], ["30 noted", "1 unknown", "Not in the library, so without a note: (9.1)."]),
    ],
    ids=["missing", "doubled", "unknown"],
)  # fmt: skip
def test_other_numbers(tmp_path: Path, numbers: list[str], told: list[str]) -> None:
    _, said = annotated(saved(tmp_path, paper(numbers)))
    assert all(words in " ".join(said) for words in told), said


def test_the_library_is_found_by_title_or_by_numbers(tmp_path: Path) -> None:
    few, all_of_them = paper(NUMBERS[:12], title=""), paper(NUMBERS, title="")
    assert PdfCopy(saved(tmp_path, all_of_them)).against(None)[0] is LIBRARY
    copy = PdfCopy(saved(tmp_path, few))
    with pytest.raises(DeriveError, match=r"no known document.*12 numbered equations.*zhang2024 has 12.*--document"):
        copy.against(None)
    assert copy.against("zhang2024")[0] is LIBRARY


def free(**allowed: bool) -> pikepdf.Encryption:
    return pikepdf.Encryption(owner="o", user="", allow=pikepdf.Permissions(**allowed))


NOTHING = {"modify_annotation": False, "modify_assembly": False, "modify_other": False, "modify_form": False}


@pytest.mark.parametrize(
    ("body", "more", "said"),
    [
        ("some text without numbers (see 3)", {}, ["no equation number such as (3.5)"]),
        ("#rect(width: 9cm, height: 9cm)", {}, ["holds no text, only pictures"]),
        (None, {"encryption": pikepdf.Encryption(owner="o", user="u")}, ["encrypted and asks for a password"]),
        (None, {"encryption": free(**NOTHING)}, ["does not allow notes"]),
    ],
    ids=["no numbers", "scanned", "password", "not allowed"],
)
def test_bad_pdf(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], body: str | None, more: dict[str, Any], said: list[str]
) -> None:
    path = saved(tmp_path, set_by_typst(body) if body else paper(NUMBERS[:30]), **more)
    refused(path, capsys, said)


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.7\nrubbish" * 50, paper(NUMBERS[:5])[:3000]])
def test_damaged_pdf(tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes) -> None:
    refused(saved(tmp_path, data), capsys, [])


def refused(path: Path, capsys: pytest.CaptureFixture[str], said: list[str]) -> None:
    code = main(["annotate", str(path), "-o", str(path.parent / "out")])
    out, err = capsys.readouterr()
    assert (code, out) == (2, "") and err.count("\n") == 1 and err.rstrip().endswith("."), err
    assert all(words in err for words in said), err
    assert not (path.parent / "out").exists()


def test_an_encrypted_file_that_allows_notes_stays_as_it_is_protected(tmp_path: Path) -> None:
    data, told = annotated(saved(tmp_path, paper(NUMBERS[:30]), encryption=free()))
    assert "30 noted" in told[0]
    with pikepdf.open(BytesIO(data)) as raw:
        assert raw.is_encrypted
    assert len(marks(data)) == 30
