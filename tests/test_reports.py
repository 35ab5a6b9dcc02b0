"""Reports: golden files, hostile input, and files that are whole or absent.

After an intended change, write the golden files anew and look at the difference::

    python -m tests.test_reports
"""

from __future__ import annotations

import base64
import gzip
import json
import re
import shutil
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from pprint import pformat

import pytest

from derive.verdict import Checked, Correction, Equation, Fault, Severity, Status
from reports import words
from reports.engine import render
from reports.html import html, packed
from reports.latex import display, escape, latex
from reports.layout import rows
from reports.markdown import markdown
from reports.mathtext import safe
from reports.model import view
from reports.pdf import NoPdf, pdf
from reports.terminal import one_equation, summary_table
from reports.typeset import typeset
from reports.views import Math
from reports.write import verdicts_json, write_all, write_whole
from tests.golden.made_up import HOSTILE, LONG, checked

GOLDEN = Path(__file__).parent / "golden"
SCHEMA = Path(__file__).parents[1] / "derive" / "schema" / "verdicts.schema.json"


def made() -> dict[str, str]:
    """The golden files as the code makes them now."""
    report = view(checked())
    return {
        "ERRATA.md": markdown(report),
        "errata.tex": latex(report),
        "view.txt": pformat(report, width=110) + "\n",
    }


def empty() -> Checked:
    return replace(
        checked(), equations=(), verdicts=(), not_judged=(), constants=(), rankings=(), edges=(), title="", authors=""
    )


@pytest.mark.parametrize("name", ["ERRATA.md", "errata.tex", "view.txt"])
def test_golden(name: str) -> None:
    assert made()[name] == (GOLDEN / name).read_text(encoding="utf-8"), "see the top of this file"


# --- the model -------------------------------------------------------------------------------------


def test_every_word_is_defined() -> None:
    assert set(words.BADGES) == set(Status)
    assert set(words.FAULTS) == set(Fault)
    assert set(words.SEVERITIES) == set(Severity)


def test_errata_are_the_wrong_claims_and_the_corrected_ones() -> None:
    errata = [c.id for e in view(checked()).errata for c in e.claims]
    assert errata == ["2.2#1", "3.9#1", "3.9#2", "4.1#1", "4.3#1"]


def test_claims_with_one_correction_share_an_erratum() -> None:
    run = checked()
    wrong = run.verdicts[1]
    twin = replace(wrong, id="2.2#2")
    errata = view(replace(run, verdicts=(wrong, twin))).errata
    assert [[c.id for c in e.claims] for e in errata] == [["2.2#1", "2.2#2"]]


def _chain(*claims: tuple[Status, str | None, str | None]) -> Checked:
    """A display A_0 = A_1 = …: for each sign its verdict, the right form, and the correction."""
    made_up = [
        replace(
            checked().verdicts[0],
            id=f"2.2#{n}",
            equation="2.2",
            printed_lhs=f"A_{n - 1}",
            printed_rhs=f"A_{n}",
            verdict=verdict,
            derived=derived,
            correction=Correction(printed=f"A_{n}", read=read) if read else None,
            uses=(f"2.2#{n - 1}",) if n > 1 else (),
        )
        for n, (verdict, derived, read) in enumerate(claims, 1)
    ]
    return replace(checked(), verdicts=tuple(made_up))


def test_one_wrong_line_breaks_two_signs_and_is_one_erratum() -> None:
    run = _chain((Status.REFUTED, "B", "B"), (Status.REFUTED, "A_2", None))
    (erratum,) = view(run).errata
    assert [c.id for c in erratum.claims] == ["2.2#1"]
    assert [link.claim for link in erratum.broken] == ["2.2#2"]
    assert "Also broken by this line" in markdown(view(run))


def test_lines_that_repeat_a_fault_go_with_it() -> None:
    run = _chain((Status.REFUTED, "B", "B"), (Status.PROVED, "C", "C"), (Status.PROVED, "D", "D"))
    (erratum,) = view(run).errata
    assert [edit.claim.claim for edit in erratum.carried] == ["2.2#2", "2.2#3"]


def test_two_wrong_lines_are_two_errata() -> None:
    run = _chain((Status.REFUTED, "B", "B"), (Status.REFUTED, "C", "C"))
    assert len(view(run).errata) == 2


def test_a_missing_condition_is_added_not_repeated() -> None:
    run = _chain((Status.CONDITIONAL, "A_0", r"A_1 \quad (x \neq 0)"))
    run = replace(run, verdicts=(replace(run.verdicts[0], condition=r"x \neq 0"),))
    (erratum,) = view(run).errata
    assert str(erratum.adds) == r"$x \neq 0$"
    assert "add “for $x\\neq 0$”" in markdown(view(run))


def test_the_reason_does_not_repeat_the_correction() -> None:
    run = _chain((Status.ILL_FORMED, r"\sum_i x_i", r"\sum_i x_i"))
    run = replace(run, verdicts=(replace(run.verdicts[0], reason=r"no index. Read as $\sum_i x_i$, it holds"),))
    assert "Read as corrected here, it holds." in str(view(run).errata[0].reason)


def test_claims_in_prose_have_their_own_chapter() -> None:
    report = view(checked())
    assert [e.number for e in report.equations] == ["2.1", "2.2", "3.8", "3.9", "4.1", "4.2", "4.3", "5.1"]
    (one,) = report.statements
    assert (one.place, one.where, one.claims[0].id) == ("Section 3.2.1 (a)", "after (3.9)", "s3.2.1.a#1")
    assert str(one.says).startswith("Uniform is hotter") and report.absent == ("Table 3.9",)
    assert "Besides, 1 claims" not in report.extent and "1 claim " in report.extent


def test_constants_are_told_apart() -> None:
    agrees, differs, open_ = view(checked()).constants_summary
    assert agrees.startswith("Agrees: 1 of 3 (uniform, K = 2")
    assert differs.startswith("Differs: 1 of 3 (normal, K = 1")
    assert open_.startswith("Not settled: 1 of 3")


def test_templates_ask_for_no_status() -> None:
    names = "|".join(s.value for s in Status)
    for template in (Path(words.__file__).parent / "templates").glob("*.*"):
        for condition in re.findall(r"(?:BLOCK\{|\{%)\s*(?:el)?if ([^}%]*)", template.read_text(encoding="utf-8")):
            assert not re.search(rf"\b({names})\b", condition), (template.name, condition)


# --- formulas --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "latex_",
    [
        r"\input{/etc/passwd}",
        r"\write18{rm}",
        r"\def\x{\x}",
        r"\catcode`\@=11",
        r"\csname input\endcsname",
        "$",
        "a}b",
        "{a",
        r"\left( x",
        r"x \right)",
        "a^b^c",
        "a_b_c",
        "^^5cinput",
        r"\frac{1}",
        r"\begin{align}x\end{align}",
        r"\begin{cases}x",
        r"\text{$x$}",
        r"\text{\input{x}}",
        "% \n",
        "#1",
        r"\href{javascript:alert(1)}{x}",
        r"\htmlClass{a}{b}",
        r"\includegraphics{x}",
        r"\sqrt[\input{x}]{2}",
        r"\left\input x \right)",
        "{" * 500 + "}" * 500,
        "x" * 20_000,
        r"{a & b}",
        r"\mathrm{a \\ b}",
        "中",
        r"\require{x}",
        "\\",
        r"a^",
        r"\rule{1em}{1em}",
        r"\hat{x_1 \bar{y} \dot{z}}",
        r"\begin{gathered} a & b \end{gathered}",
        r"\mathrm{\substack{a \\ b}}",
        "",
    ],
)
def test_what_is_no_plain_mathematics_is_text(latex_: str) -> None:
    assert safe(latex_) is None
    assert r"\foreign{" in display(Math(latex_))


@pytest.mark.parametrize(
    "latex_",
    [
        LONG,
        r"x'^2",
        r"\left.\frac{dU}{dN}\right|_{V}",
        r"\left\{ a \middle| b \right\}",
        r"\sum_{\substack{i\\j}} x",
        r"{\rm sys}",
        r"\sqrt[3]{x}",
        r"\operatorname*{argmax}_x f",
        r"\begin{pmatrix} a & b \\ [c] & d \end{pmatrix}",
        r"|x| \| y \|",
        r"\tilde{\infty}",
        r"50\%",
        r"\hat\mu_j^{(n)}",
        "σ ∼ ∞",
        r"e^{-\frac{1}{2}}",
        r"\frac12",
        r"\int\limits_{0}^{1} f\, dx",
        r"\text{for}\: x \geq 0",
        r"\bigl( x \bigr)",
        r"A \not= B",
        "f''",
    ],
)
def test_plain_mathematics_passes_and_is_stable(latex_: str) -> None:
    once = safe(latex_)
    assert once and safe(once) == once
    assert once.replace(r"\{", "").replace(r"\}", "").count("{") == once.replace(r"\{", "").replace(r"\}", "").count(
        "}"
    )


def test_a_long_chain_is_broken_at_its_relations() -> None:
    lines = rows(LONG)
    assert lines[0].left == r"\langle E_{0}\rangle"
    assert [line.right.startswith("=") for line in lines] == [True] * len(lines)
    assert len(lines) == 4


# --- hostile text ----------------------------------------------------------------------------------


def test_latex_escapes_every_character() -> None:
    for code in range(32, 0x3000):
        out = escape(chr(code))
        assert out.isascii() or len(out) == 1
    assert "\\input" not in escape(r"\input{x}") and "\\write" not in escape(r"\write18")
    tex = latex(view(checked()))
    assert not re.search(r"\\(input|write|def|catcode)\b", tex.replace(r"\newcommand", ""))


def test_the_page_holds_no_foreign_markup() -> None:
    page = html(view(checked()), checked().as_json())
    assert page.count("</script>") == 5 and page.count("<script") == 5
    tags: set[str] = set()

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.add(tag)
            for name, value in attrs:
                assert not name.startswith("on") and name != "src", (tag, name)
                assert name != "href" or str(value).startswith(("#", "data:,")), value

    Reader().feed(page)
    assert not tags & {"img", "b", "iframe", "object", "form", "base"}
    assert not re.search(r"url\((?!data:)", page.split("</style>")[0])
    assert "default-src &#39;none&#39;" in page


def test_embedded_data_survives() -> None:
    text = HOSTILE + "<!--\u2028</script>\ud800"
    kept = packed(text)
    assert re.fullmatch(r"[A-Za-z0-9+/=]+", kept)
    assert gzip.decompress(base64.b64decode(kept)) == text.encode("utf-8", "backslashreplace")


def test_markdown_holds_no_foreign_markup() -> None:
    outside_code = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", markdown(view(checked())).replace(r"\`", ""))
    outside_code = re.sub(r'(?m)^### <a id="erratum-\d+"></a>', "", outside_code)  # our own
    assert "<" not in outside_code
    assert r"\input\{" in outside_code.replace(r"\\", "\\")


def test_a_forgotten_filter_escapes() -> None:
    assert r"\textbackslash{}" in render(
        "errata.tex", escape, _filters(), report=view(checked()), charts=(), box=(1, 1), words=words
    )


def _filters() -> dict[str, object]:
    plain = lambda value, *_, **__: value.latex if isinstance(value, Math) else str(value)  # noqa: E731
    names = (
        "inline", "display", "prose", "typewriter", "plot", "cell", "exchange", "alone", "derivation", "chart", "laws",
        "to", "link", "target", "targets", "annotated", "bare",
    )  # fmt: skip
    return dict.fromkeys(names, plain)


# --- the files -------------------------------------------------------------------------------------


@pytest.mark.parametrize("run", [checked(), empty()], ids=["full", "empty"])
def test_five_files(tmp_path: Path, run: Checked) -> None:
    how = write_all(run, tmp_path / "new", engine="typst")
    assert sorted(p.name for p in (tmp_path / "new").iterdir()) == sorted(how)
    assert set(how) == {"verdicts.json", "ERRATA.md", "errata.tex", "errata.pdf", "index.html"}
    assert how["errata.pdf"].startswith("Typst ")
    assert (tmp_path / "new" / "errata.pdf").read_bytes().startswith(b"%PDF")


def test_nothing_is_written_when_a_renderer_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.write.html", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_all(checked(), tmp_path, engine="typst")
    assert not list(tmp_path.iterdir())


def test_a_partial_file_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("os.replace", fail)
    (tmp_path / "a").write_text("old")
    with pytest.raises(OSError, match="no space"):
        write_whole(tmp_path / "a", b"new")
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("a", "old")]


def test_verdicts_json_is_deterministic_and_valid() -> None:
    import jsonschema

    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    text = verdicts_json(checked())
    assert text == verdicts_json(checked())
    validator = jsonschema.Draft202012Validator(schema)
    validator.validate(json.loads(text))
    assert set(schema["$defs"]["status"]["enum"]) == set(Status)
    assert set(schema["$defs"]["fault"]["enum"]) == set(Fault)
    assert set(schema["$defs"]["severity"]["enum"]) == set(Severity)
    broken = json.loads(text)
    broken["claims"][0]["more"] = 1
    assert not validator.is_valid(broken)


def test_lone_surrogates_survive_as_json() -> None:
    run = replace(checked(), title="\udc80", document="a\udc80")
    assert json.loads(verdicts_json(run))["document"] == "a\udc80"
    assert "\udc80" not in latex(view(run))


def test_a_formula_that_typst_refuses_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.typeset._convert", lambda tex: "nosuchname" if "boldsymbol" in tex else "x")
    assert typeset(view(checked())).startswith(b"%PDF")


#: "pdflatex" where it is installed; the tests below are not collected elsewhere. CI installs it.
PDFLATEX = ["pdflatex"] if shutil.which("pdflatex") else []


@pytest.mark.parametrize("engine", PDFLATEX)
def test_pdflatex_sets_the_same_report(engine: str) -> None:
    content, made_by = pdf(view(checked()), engine)  # type: ignore[arg-type]
    assert content.startswith(b"%PDF") and made_by == "pdflatex"


def test_pdflatex_that_is_asked_for_and_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(NoPdf, match="not installed"):
        pdf(view(checked()), "pdflatex")


@pytest.mark.parametrize("engine", PDFLATEX)
def test_every_letter_is_known_to_pdflatex(engine: str) -> None:
    every = "".join(chr(code) for code in range(32, 0x2300))
    pdf(view(replace(checked(), authors=every, equations=(Equation(number="1", latex=every),))), engine)  # type: ignore[arg-type]


def test_without_tex_it_is_typst(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert pdf(view(checked()))[1].startswith("Typst ")


def test_the_graph_links_to_the_displays(monkeypatch: pytest.MonkeyPatch) -> None:
    page = html(view(checked()), {})
    (drawn,) = re.findall(r'<svg class="graph".*?</svg>', page, re.DOTALL)
    assert re.findall(r'href="#(.*?)"', drawn) == ["eq-2.1", "eq-2.2", "eq-3.9"]
    edges = re.findall(r'data-from="node-(.*?)" data-to="node-(.*?)"', drawn)
    assert edges == [("2.1", "2.2"), ("2.2", "3.9")]
    assert 'class="node refuted"' in drawn and 'aria-label="(3.9), refuted"' in drawn
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    page = html(view(checked()), {})
    assert 'class="graph"' not in page and "The same in words" in page


def test_one_equation_shows_what_applies(capsys: pytest.CaptureFixture[str]) -> None:
    one_equation(checked(), "2.2", beyond=("1.1",))
    out = capsys.readouterr().out
    for part in ("2.2#1  =  ✗ refuted", "did you mean", "σ = 3/2", "stands  3.8#1", "falls  3.9#1", "(1.1)", "0.25"):
        assert part in out, part
    assert "condition" not in out and "quotients" not in out
    assert max(map(len, out.splitlines())) <= 100 and "\x1b" not in out
    one_equation(checked(), "3.9")
    assert re.search(r"quotients +1e1  2\.900000\n", capsys.readouterr().out)


def test_one_equation_takes_nothing_for_markup(capsys: pytest.CaptureFixture[str]) -> None:
    run = checked()
    hostile = replace(run.verdicts[0], equation="9.9", id="9.9#1", reason="[bold red]x[/bold red] [/] \x1b[31m :smile:")
    one_equation(replace(run, verdicts=(hostile,), title="[link=x]t[/link]"), "9.9")
    out = capsys.readouterr().out
    assert "[bold red]x[/bold red] [/]" in out and "\x1b" not in out and ":smile:" in out and "[link=x]" in out


def test_the_table_fits_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    summary_table(checked())
    out = capsys.readouterr().out
    assert "\x1b" not in out and max(map(len, out.splitlines())) <= 100
    assert "3.9#1" in out and "asymptotics" in out and "…" in out
    assert re.search(r"3 +✓ proved", out)


if __name__ == "__main__":
    for file, text in made().items():
        (GOLDEN / file).write_text(text, encoding="utf-8")
