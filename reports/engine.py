"""One jinja2 environment per output language: strict about names, and escaping by default."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

TEMPLATES = Path(__file__).parent / "templates"
#: Braces and percent signs mean something in TeX and Typst; these do not.
_TEX_LIKE: dict[str, Any] = {
    "block_start_string": r"\BLOCK{",
    "block_end_string": "}",
    "variable_start_string": r"\VAR{",
    "variable_end_string": "}",
    "comment_start_string": r"\#{",
    "comment_end_string": "}",
}


class Ready(str):
    """Text that is already written in the output language and must not be escaped again."""


@cache
def template_text(name: str) -> str:
    """The text of a file beside the templates."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


def render(name: str, escape: Callable[[str], str], filters: dict[str, Any], /, **values: Any) -> str:
    """Render a template of TeX, Typst, Markdown or SVG.

    Everything a template puts out goes through `escape`, unless a filter returned it as `Ready`; so a
    forgotten filter shows as escaped text, never as a command.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        auto_reload=False,
        autoescape=False,  # of HTML; `finalize` escapes for the language at hand
        finalize=lambda value: value if isinstance(value, Ready) else Ready(escape(str(value))),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **({} if name.endswith((".md", ".svg")) else _TEX_LIKE),
    )
    environment.filters.update(filters)
    return environment.get_template(name).render(**values)
