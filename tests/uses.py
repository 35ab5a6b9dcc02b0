"""What a reader does with index.html, each a function of an open page that fails where the page does.

They hold for any report with a refuted claim: `tests/test_page.py` runs them on a made-up one, `.ci/open_page.py` on a
file that it is given.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from tests.browser import Page

USES: dict[str, Callable[[Page], None]] = {}
#: The first display with a refuted sign.
REFUTED = ".equation:not(.statement):has(.note.refuted)"
PHONE, DESK = (400, 850), (1400, 1000)


def use(act: Callable[[Page], None]) -> Callable[[Page], None]:
    USES[act.__name__] = act
    return act


def set_all(page: Page) -> None:
    """Typeset every formula, as before printing."""
    page.run("dispatchEvent(new Event('beforeprint'))")


def near(page: Page, what: str) -> None:
    """Scroll to something and wait until the formulas around it are set."""
    page.run(f"$({what!r}).scrollIntoView()")
    page.wait(
        "(() => { const all = $$('.m').filter((m) => { const b = m.getBoundingClientRect();"
        " return b.bottom > 0 && b.top < innerHeight; }); return all.length && all.every((m) => m.dataset.done); })()"
    )


def focused(page: Page) -> Any:
    return page.run("document.activeElement.className + ' ' + document.activeElement.getAttribute('aria-label')")


def seen(page: Page) -> Any:
    """Displays that are shown."""
    return page.run("$$('.equation').filter((e) => e.offsetParent).length")


@use
def signs_have_the_colours_of_their_verdicts(page: Page) -> None:
    near(page, REFUTED)
    pairs = page.run(
        "$$('.body .sign').map((s) => [getComputedStyle(s).color,"
        " getComputedStyle(document.getElementById(s.hash.slice(1))).color, s.getAttribute('aria-label')])"
    )
    assert len(pairs) > 3 and len({ours for ours, _, _ in pairs}) > 1
    for ours, theirs, name in pairs:
        assert ours == theirs and name.startswith("Sign "), (ours, theirs, name)


@use
def a_click_on_a_sign_opens_its_claim(page: Page) -> None:
    near(page, REFUTED)
    page.click(".sign.refuted")
    page.wait("$$('.panel').length === 1")
    name = page.run("$('.panel').getAttribute('aria-label')")
    assert name.endswith("refuted") and page.run("location.hash").startswith("#claim-")
    assert page.run("$('.sign.refuted').getAttribute('aria-expanded')") == "true"
    assert page.run("$$('.panel .katex').length") > 0
    page.click(".note:not(.refuted) .open")
    page.wait("$('.panel')?.getAttribute('aria-label') !== " + repr(name))
    assert page.run("$$('.panel').length") == 1
    page.click(".panel .close")
    assert page.run("$$('.panel').length") == 0


@use
def the_keyboard_reaches_and_leaves_a_claim(page: Page) -> None:
    near(page, REFUTED)
    page.run("$('.sign.refuted').closest('article').querySelector('h4 a').focus()")
    page.press("Tab")
    sign = focused(page)
    assert sign.startswith("sign ") and " Sign 1 of " in sign, sign
    page.press("Enter")
    page.wait("document.activeElement.matches('.panel')")
    page.press("Escape")
    assert page.run("!$('.panel')") and focused(page) == sign
    page.press("/")
    assert page.run("document.activeElement.id") == "search"


@use
def verdicts_filter(page: Page) -> None:
    whole = seen(page)
    page.click("button[data-kind=refuted]")
    some = seen(page)
    assert 0 < some < whole and page.run("document.getElementById('shown').textContent") == f"{some} of {whole} shown"
    assert page.run("$$('.equation').every((e) => e.hidden === !e.querySelector('.note.refuted'))")
    page.click("button[data-kind=refuted]")
    assert seen(page) == whole


@use
def severity_and_section_filter_together(page: Page) -> None:
    choose = (
        "((id, n) => { const s = document.getElementById(id); s.selectedIndex = n;"
        " s.dispatchEvent(new Event('input', {bubbles: true})); return s.value; })"
    )
    whole = seen(page)
    severity = page.run(f"{choose}('severity', 1)")
    assert seen(page) == page.run(
        f"$$('.equation').filter((e) => e.querySelector('[data-severity={severity}]')).length"
    )
    page.run(f"{choose}('severity', 0)")
    section = page.run(f"{choose}('section', 1)")
    assert 0 < seen(page) < whole
    shown = page.run("$$('.part').filter((s) => !s.hidden).map((s) => s.dataset.number)")
    assert all(f"{one}.".startswith(f"{section}.") for one in shown), shown
    page.click("#show-all")
    assert seen(page) == whole and page.run("document.getElementById('section').value") == ""


@use
def a_search_finds_or_says_that_it_does_not(page: Page) -> None:
    whole = seen(page)
    page.run("document.getElementById('search').focus()")
    page.type("3.9")
    page.wait("!document.getElementById('eq-3.9').hidden")
    assert 0 < seen(page) < whole
    page.type(" and nothing like it")
    assert seen(page) == 0 and page.run("document.getElementById('nothing').offsetParent !== null")
    page.click("#nothing button")
    assert seen(page) == whole
    page.run("document.getElementById('search').focus()")
    page.type(r"\SIGMA")  # what a formula is written with, in letters of either size
    assert 0 < seen(page) < whole


@use
def links_by_fragment_lead_to_their_targets(page: Page) -> None:
    at = "Math.round(document.getElementById({!r}).getBoundingClientRect().top)"
    for anchor in page.run(
        "['.note.refuted', '.equation:has(.refuted)', '.entry', '.part'].map((s) => $$(s).at(-1).id)"
    ):
        page.load(anchor)
        page.settle(0.4)
        place = page.run(f"document.getElementById({anchor!r}).closest('article, section').id")
        top = page.run(at.format(place))
        low = page.run("document.documentElement.scrollHeight - scrollY - innerHeight") < 2
        assert -2 <= top <= 200 or (low and top < page.high), (anchor, top)
        if anchor.startswith("claim-"):
            page.wait("!!$('.panel')")
    page.load()
    hidden = page.run("$('.equation:not(:has(.refuted))').id")
    page.click("button[data-kind=refuted]")
    page.run(f"location.hash = {hidden!r}")
    page.wait(f"document.getElementById({hidden!r}).offsetParent !== null")


@use
def the_graph_shows_ancestry_and_grows(page: Page) -> None:
    node = page.run("$$('.edge').find((e) => $(`.edge[data-from='${e.dataset.to}']`)).dataset.to")
    page.click(f"[id='{node}']")
    found = "['it', 'above', 'below'].map((c) => $$('.chosen .node.on.' + c).length)"
    one, above, below = page.run(found)
    assert one == 1 and above and below
    assert page.run("Number(getComputedStyle($('.edge:not(.on)') ?? document.body).opacity)") in (
        0.08,
        1,
    )
    assert "rests on" in page.run("document.getElementById('graph-told').textContent")
    page.press("Escape")
    assert page.run(found) == [0, 0, 0]
    wide = "Number(document.getElementById('graph-picture').getAttribute('width'))"
    before = page.run(wide)
    page.click("button[data-zoom='1.25']")
    grown = page.run(wide)
    assert grown > before
    page.run("$('.graph-frame').focus()")
    page.press("-")
    assert page.run(wide) < grown
    page.press("Tab")
    first = page.run("document.activeElement.id")
    assert first.startswith("node-")
    page.press("ArrowDown")
    page.press("Enter")
    assert page.run("document.activeElement.id") != first
    assert page.run("document.activeElement.classList.contains('it')")
    page.press("Enter")
    page.wait("location.hash.startsWith('#eq-')")


@use
def light_and_dark(page: Page) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    page.dark(False)
    light = page.run(paper)
    page.dark(True)
    dark = page.run(paper)
    assert light != dark
    page.click("#theme")
    assert page.run(paper) == light
    page.dark(False)
    page.click("#theme")
    assert page.run(paper) == dark


@use
def a_phone_scrolls_one_way_only(page: Page) -> None:
    page.resize(*PHONE)
    page.load()
    wide = "Math.max(document.documentElement.scrollWidth, innerWidth)"
    assert page.run(wide) == PHONE[0]
    set_all(page)
    page.run("$$('details').forEach((d) => { d.open = true; })")
    assert page.run(wide) == PHONE[0]
    page.click(".note.refuted .open")
    page.wait("!!$('.panel')")
    page.click("#menu")
    assert page.run("document.getElementById('contents').offsetParent !== null")
    assert page.run(wide) == PHONE[0]
    small = (
        "$$('button, select, input, .note a, nav li a').filter((e) => e.offsetParent &&"
        " (e.getBoundingClientRect().height < 24 || e.getBoundingClientRect().width < 24)).map((e) => e.outerHTML)"
    )
    assert page.run(small) == []
    assert page.run("['width', 'height'].every((k) => parseFloat(getComputedStyle($('.sign'), '::after')[k]) >= 24)")


@use
def a_screen_reader_hears_signs_and_formulas(page: Page) -> None:
    near(page, REFUTED)
    heard = page.heard(REFUTED)
    signs = page.run(f"$('{REFUTED}').querySelectorAll('.sign').length")
    # Each sign is heard in its formula and in its note.
    assert sum(role == "link" and name.startswith("Sign ") for role, name in heard) == 2 * signs > 0, heard
    assert any(role in ("math", "MathMLMath") for role, _ in heard), heard
    assert page.run("['nav[aria-label]', 'main', '[role=search]', '[role=status]'].every((s) => $(s))")
    levels = page.run("$$('h1,h2,h3,h4,h5,h6').map((h) => Number(h.tagName[1]))")
    assert levels[0] == 1 and all(b <= a + 1 for a, b in pairwise(levels))
    assert page.run("(() => { const ids = $$('[id]').map((e) => e.id); return ids.length === new Set(ids).size; })()")
    lost = "$$('a[href^=\"#\"]').map((a) => decodeURIComponent(a.hash ?? a.href.baseVal).slice(1))"
    assert page.run(f"{lost}.filter((id) => !document.getElementById(id))") == []


@use
def paper_holds_errata_and_displays_without_controls(page: Page) -> None:
    near(page, REFUTED)
    page.ask("Emulation.setEmulatedMedia", media="print")
    shown = "((what) => $$(what).some((e) => e.getClientRects().length))"
    assert page.run(f"['nav', '.tools', '#graph', '.panel'].map({shown})") == [False] * 4
    assert page.run(f"['.entry', '.equation .katex', '.note'].map({shown})") == [True] * 3
    page.ask("Emulation.setEmulatedMedia", media="")


@use
def the_data_can_be_saved(page: Page) -> None:
    page.run("URL.createObjectURL = (blob) => { window.saved = blob.text(); return 'data:,'; }")
    page.click("#save")
    assert page.run("saved.then((text) => JSON.parse(text).schema)") == 1


def misuse(page: Page, names: tuple[str, ...] = ()) -> list[str]:
    """Every use in turn, each on the page as it opens; what fails, in one line each."""
    found = []
    for name in names or tuple(USES):
        page.faults.clear()
        page.resize(*DESK)
        page.dark(False)
        page.load()
        try:
            USES[name](page)
        except AssertionError as error:
            found.append(f"{name.replace('_', ' ')}: {error or 'does not hold'}")
        page.settle()
        found += page.faults
    return list(dict.fromkeys(found))
