"""A run as JUnit XML, which every CI server can show: a test case per claim.

A case fails where its verdict is not the one in the lock, and is skipped where the claim is undecided; a refuted claim
passes, being a result about the paper. Only what the common schema allows is written, so the verdict and its reason
stand in `system-out`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from derive.differences import Advice, Difference
from derive.verdict import Checked, Status, Verdict

#: Characters that no XML may hold, not even as references.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(checked: Checked, found: Sequence[Difference], advice: Advice) -> bytes:
    """The report, in UTF-8.

    Parameters
    ----------
    checked
        All that a run found.
    found
        What differs from the lock; nothing where none was compared with.
    advice
        What the message of a failure says at its end.
    """
    gone = [d for d in found if d.found is None]
    differs = {d.claim: d for d in found}
    skipped = [v for v in checked.verdicts if v.verdict is Status.UNDECIDED and v.id not in differs]
    counts = {"tests": len(checked.verdicts) + len(gone), "failures": len(found), "errors": 0}
    numbers = {name: str(n) for name, n in counts.items()}
    seconds = f"{sum(v.seconds for v in checked.verdicts):.3f}"
    root = Element("testsuites", numbers, name="derive", time=seconds)
    suite = SubElement(root, "testsuite", numbers, name=_text(checked.document), time=seconds)
    suite.set("skipped", str(len(skipped)))
    properties = SubElement(suite, "properties")
    for name, value in {"title": checked.title, **checked.source, **checked.versions}.items():
        SubElement(properties, "property", name=name, value=_text(value))
    for v in checked.verdicts:
        case = _case(suite, checked.document, v.section, v.id, v.seconds)
        if v.id in differs:
            _failure(case, differs[v.id], advice)
        elif v.verdict is Status.UNDECIDED:
            SubElement(case, "skipped", message=_text(_said(v)))
        SubElement(case, "system-out").text = _text(_said(v))
    for d in gone:
        _failure(_case(suite, checked.document, "", d.claim, 0.0), d, advice)
    indent(root)
    content: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def _case(suite: Element, document: str, section: str, claim: str, seconds: float) -> Element:
    place = f"{document}.{section}".rstrip(".")
    return SubElement(suite, "testcase", classname=_text(place), name=_text(claim), time=f"{seconds:.3f}")


def _failure(case: Element, d: Difference, advice: Advice) -> None:
    SubElement(case, "failure", type="verdict", message=_text(f"{d.expected}, {d.got}")).text = _text(advice.told(d))


def _said(v: Verdict) -> str:
    return f"{v.verdict.value}: {v.reason}" if v.reason else v.verdict.value


def _text(text: str) -> str:
    r"""Text without what no XML may hold.

    >>> _text("a\x00b\x1b[0m")
    'a�b�[0m'
    """
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
