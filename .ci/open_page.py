"""Use a page in headless Chromium as a reader would; fail where it does not answer, on an error, or on any request.

Usage: open_page.py FILE [PICTURES]. Uses the standard library only. With a folder PICTURES, it is also shown there: at
1400 and 400 pixels, light and dark.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.browser import Page, opened, program
from tests.uses import DESK, PHONE, USES, misuse

#: Selectors of what is shown.
PLACES = ("#summary", "#errata", ".entry", ".part", ".note.refuted", "#temperatures", ".node.refuted", "#methods")


def pictures(page: Page, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for wide, high in (DESK, PHONE):
        page.resize(wide, high)
        for tone in ("light", "dark"):
            page.dark(tone == "dark")
            page.load()
            for n, what in enumerate(PLACES, 1):
                page.run(f"location.hash = document.querySelector({what!r})?.id ?? ''")
                page.settle(0.6)
                page.picture(folder / f"{wide}-{tone}-{n}.png")


def main(arguments: list[str]) -> int:
    if len(arguments) not in (1, 2) or not Path(arguments[0]).is_file():
        print("open_page: give one HTML file that exists, and perhaps a folder for pictures", file=sys.stderr)
        return 2
    if program() is None:
        print("open_page: no Chromium was found; on Debian: apt-get install chromium", file=sys.stderr)
        return 2
    try:
        with opened(Path(arguments[0])) as page:
            found = misuse(page)
            if len(arguments) == 2:
                pictures(page, Path(arguments[1]))
    except (RuntimeError, OSError) as error:
        print(f"open_page: {error}", file=sys.stderr)
        return 2
    for line in found:
        print(f"open_page: {arguments[0]}: {line}", file=sys.stderr)
    if not found:
        print(f"{arguments[0]}: {len(USES)} uses, no console error, no request")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
