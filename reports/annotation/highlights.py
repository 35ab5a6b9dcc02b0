"""Writing into a PDF: coloured marks with pop-up notes, pages at the end, and links between the two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import NamedTuple

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, String

#: Light forms of the colours of verdicts, which leave what they cover readable.
TINTS = {
    "green": (0.72, 0.90, 0.76), "teal": (0.70, 0.88, 0.90), "red": (1.00, 0.66, 0.64), "orange": (1.00, 0.80, 0.52),
    "purple": (0.85, 0.75, 0.96), "blue": (0.72, 0.82, 0.98), "grey": (0.86, 0.86, 0.86),
}  # fmt: skip
_MARGIN = 1.5
_POPUP = (220, 140)
#: A link of the appended pages to the page that prints an equation.
SCHEME = "derive:"


class Box(NamedTuple):
    """A rectangle in the space of a page: left, bottom, right, top."""

    left: float
    bottom: float
    right: float
    top: float


def highlight(pdf: Pdf, page: Page, box: Box, tone: str, text: str, name: str) -> None:
    """Put a mark over a box, with a note that opens when it is clicked."""
    left, bottom, right, top = box.left - _MARGIN, box.bottom - _MARGIN, box.right + _MARGIN, box.top + _MARGIN
    around = Array([left, bottom, right, top])
    mark = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Highlight, Rect=around, F=4, P=page.obj, NM=String(name),
            QuadPoints=Array([left, top, right, top, left, bottom, right, bottom]),
            C=Array(list(TINTS[tone])), T=String("derive"), Contents=String(text),
            AP=Dictionary(N=_look(pdf, around, tone)),
        )
    )  # fmt: skip
    width, height = _POPUP
    popup = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Popup, Parent=mark, P=page.obj, F=4, Open=False,
            Rect=Array([right, top - height, right + width, top]),
        )
    )  # fmt: skip
    mark.Popup = popup
    add(pdf, page, [mark, popup])


def add(pdf: Pdf, page: Page, annotations: Sequence[Object]) -> None:
    """Hang annotations on a page, beside those that it has."""
    known = page.obj.get("/Annots")
    page.obj["/Annots"] = pdf.make_indirect(Array([*(known if isinstance(known, Array) else []), *annotations]))


def _look(pdf: Pdf, around: Array, tone: str) -> Object:
    """The appearance of a mark: its colour, multiplied with what lies below."""
    left, bottom, right, top = (float(x) for x in around)
    red, green, blue = TINTS[tone]
    paint = f"/derive gs {red} {green} {blue} rg {left:.3f} {bottom:.3f} {right - left:.3f} {top - bottom:.3f} re f"
    look = pdf.make_stream(paint.encode())
    look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, around
    look.Resources = Dictionary(ExtGState=Dictionary(derive=Dictionary(Type=Name.ExtGState, BM=Name.Multiply)))
    look.Group = Dictionary(Type=Name.Group, S=Name.Transparency)
    return look


def append(pdf: Pdf, pages: bytes, leads_to: Mapping[str, int]) -> None:
    """Append the pages of another PDF; its links to "derive:3.9" go to the page that `leads_to` gives."""
    with Pdf.open(BytesIO(pages)) as more:
        first = len(pdf.pages)
        pdf.pages.extend(more.pages)
        for page in list(pdf.pages)[first:]:
            for link in page.obj.get("/Annots", Array([])):
                target = str(link.A.URI) if "/A" in link and "/URI" in link.A else ""
                number = target.removeprefix(SCHEME)
                if number != target and number in leads_to:
                    del link["/A"]
                    link.Dest = Array([pdf.pages[leads_to[number]].obj, Name.Fit])
