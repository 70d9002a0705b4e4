"""The verdict on a file without a trace of a number: what is left to look at is the text of its first two pages.

A short form can be all that is left of a number, in a PDF that was printed again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from pithtex.catalogue import finding
from pithtex.limits import MAX_DRAWING_SECONDS, MAX_PAGES_SECONDS
from pithtex.pdf.lane.no_trace import text_without_trace
from pithtex.system.apart import apart

if TYPE_CHECKING:
    from pithtex.findings import Finding
    from pithtex.pdf.judgement.verdict import Verdict

_PAGES: Final = (1, 2)
"""Where a badge may stand in a file without a link to Pith (docs/reference/pdf-profile.md, "Told at a glance")."""
_SECONDS: Final = MAX_PAGES_SECONDS + MAX_DRAWING_SECONDS
_LIGHT: Final = 64 * 1024
"""Bytes of a file that holds no content but its pages: what is in it is loaded in no time."""


def absent_at_a_glance(data: bytes) -> Verdict | None:
    """The verdict that a file is without Pith metadata; None where that cannot be told so, and all must be read.

    What of the text could not be read is among the verdict's findings.
    """
    objects = text_without_trace(data)
    if objects is None:
        return None
    light = len(data) < _LIGHT and b"/XObject" not in objects and b"#" not in objects
    named, findings = names_in_text(data, _PAGES, light=light)
    if named:
        return None
    from pithtex.pdf.judgement.verdict import Verdict, no_metadata

    return Verdict.of((), (*findings, no_metadata()))


def names_in_text(
    data: bytes, numbers: Sequence[int], *, light: bool, password: str = ""
) -> tuple[tuple[int, ...], tuple[Finding, ...]]:
    """Which of these pages name Pith in their text, and what could not be read; `naming.naming_pith` under a bound.

    Args:
        data: the file.
        numbers: of the pages, 1-based.
        light: whether the pages are loaded in no time.
        password: for an encrypted file.
    """
    from pithtex.pdf.text.naming import Naming, decode_naming, naming_pith

    if light:
        naming = naming_pith(data, numbers, password)
    else:
        answer = apart(lambda: naming_pith(data, numbers, password).encode(), _SECONDS)
        try:
            naming = decode_naming(answer or b"", numbers)
        except ValueError:
            naming = Naming(unread=tuple(numbers))
    if not naming.unread:
        return naming.pages, ()
    which = ", ".join(map(str, naming.unread))
    return naming.pages, (finding("channel-damaged", "the page's text could not be read", where=f"page {which}"),)
