"""The page in a browser: what a reader does with it, on a made-up report; and what can be seen without one."""

from __future__ import annotations

import base64
import gzip
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from reports.engine import template_text
from reports.html import display, html
from reports.model import view
from reports.views import Math
from tests.browser import Page, opened, program
from tests.golden.made_up import HOSTILE, checked
from tests.uses import USES, misuse

#: Least contrast of text, after WCAG 2.1, level AA.
CONTRAST = 4.5
#: What a page may weigh before any claim is in it; the limit for a whole paper is 3 MB.
FRAME = 800_000


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    if program() is None:
        pytest.skip("no Chromium is installed (on Debian: apt-get install chromium)")
    run = checked()
    file = tmp_path_factory.mktemp("page") / "index.html"
    file.write_text(html(view(run), run.as_json()), encoding="utf-8", errors="replace")
    with opened(file) as found:
        yield found


@pytest.mark.parametrize("name", USES)
def test_a_reader(page: Page, name: str) -> None:
    assert misuse(page, (name,)) == []


class _Ours(HTMLParser):
    """Accepts the markup of the template for a claim, and nothing else."""

    tags = frozenset(
        "a br button circle code dd div dl dt h5 h6 i li ol p path small span svg table tbody td text th thead tr "
        "ul".split()
    )

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in self.tags, tag
        for name, value in attrs:
            assert not name.startswith("on") and name != "src", (tag, name)
            assert name != "href" or str(value).startswith("#"), value


def _details(text: str) -> dict[str, dict[str, str]]:
    (kept,) = re.findall(r'<script type="text/plain" id="details">(.*?)</script>', text)
    found: dict[str, dict[str, str]] = json.loads(gzip.decompress(base64.b64decode(kept)))
    return found


def test_every_claim_has_its_details_and_is_escaped() -> None:
    report = view(checked())
    details = _details(html(report, {}))
    displays = (*report.equations, *report.statements)
    assert list(details["panels"]) == [c.anchor for e in displays for c in e.claims]
    assert list(details["texts"]) == [e.anchor for e in displays]
    for panel in details["panels"].values():
        _Ours().feed(panel)
    assert "onerror" in details["panels"]["claim-4.1-1"]  # shown, as text


def test_a_derivation_is_shown_step_by_step() -> None:
    details = _details(html(view(checked()), {}))
    told = [p for p in details["panels"].values() if 'class="steps"' in p]
    assert told and "definition" in told[0]


@pytest.mark.parametrize(
    "command", [r"\href{#claim-3.9-1}{=}", r"\htmlClass{sign}{=}", r"\htmlData{a=b}{=}", r"\url{#claim-3.9-1}"]
)
def test_the_commands_of_the_page_are_not_for_papers(command: str) -> None:
    assert 'class="foreign"' in display(Math(f"a {command} b"))


def test_a_mark_in_a_paper_leads_nowhere() -> None:
    run = checked()
    first = replace(run.equations[0], latex="a \ue000= b \ue007= c")
    text = html(view(replace(run, equations=(first, *run.equations[1:]))), {})
    assert not re.search("[\ue000-\uf8ff]", text)


def test_the_page_is_the_same_each_time() -> None:
    run = checked()
    assert html(view(run), run.as_json()) == html(view(run), run.as_json())


def test_the_frame_is_light() -> None:
    empty = replace(
        checked(), equations=(), verdicts=(), passages=(), not_judged=(), constants=(), rankings=(), edges=()
    )
    assert len(html(view(empty), {}).encode()) < FRAME


def _luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def test_text_can_be_read_in_both_themes() -> None:
    found = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", template_text("page.css"))
    tones = {name: pair for name, *pair in found}
    assert {"paper", "ink", "faint", "panel", "link", "refuted", "proved"} <= set(tones)
    for theme in (0, 1):
        for text in tones.keys() - {"paper", "panel", "line"}:
            for ground in ("paper", "panel"):
                a, b = sorted((_luminance(tones[text][theme]), _luminance(tones[ground][theme])))
                assert (b + 0.05) / (a + 0.05) >= CONTRAST, (text, ground, theme)


def test_templates_hold_no_style_of_their_own() -> None:
    for name in ("index.html", "claim.html", "macros.html"):
        assert "style=" not in template_text(name), name


def test_what_is_hostile_is_found_by_a_search() -> None:
    assert HOSTILE[:9] in _details(html(view(checked()), {}))["texts"]["eq-4.1"]


def test_the_driver_is_of_the_standard_library() -> None:
    """CI opens the page with whatever Python there is."""
    text = (Path(__file__).parent / "browser.py").read_text(encoding="utf-8")
    names = re.findall(r"^(?:from|import) (\w+)", text, re.MULTILINE)
    assert set(names) <= sys.stdlib_module_names
