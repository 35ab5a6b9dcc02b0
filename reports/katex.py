"""KaTeX as it goes into a page: its script, and its style sheet with the fonts inside."""

from __future__ import annotations

import base64
import re
from functools import cache
from pathlib import Path

_FILES = Path(__file__).parent / "assets" / "katex"


@cache
def script() -> str:
    return (_FILES / "katex.min.js").read_text(encoding="utf-8")


@cache
def style() -> str:
    """The style sheet with its woff2 fonts inside and the other formats left out."""

    def font(found: re.Match[str]) -> str:
        data = base64.b64encode((_FILES / "fonts" / found[1]).read_bytes()).decode()
        return f'src:url(data:font/woff2;base64,{data}) format("woff2")'

    text = (_FILES / "katex.min.css").read_text(encoding="utf-8")
    return re.sub(r'src:url\(fonts/([\w-]+\.woff2)\) format\("woff2"\)(?:,url\([^)]*\) format\("\w+"\))*', font, text)
