"""The verdict on a file without a trace of a number: what is left to look at is the text of its first two pages.

A short form can be all that is left of a number, in a PDF that was printed again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from pithtex.catalogue import finding
from pithtex.format.profile import XMP_NAMESPACE
from pithtex.limits import MAX_DRAWING_SECONDS, MAX_PAGES_SECONDS
from pithtex.structs import NamedTuple
from pithtex.system.apart import apart

if TYPE_CHECKING:
    from pithtex.findings import Finding
    from pithtex.pdf.judgement.verdict import Verdict

_PAGES: Final = (1, 2)
"""Where a badge may stand in a file without a link to Pith (docs/reference/pdf-profile.md, "Told at a glance")."""
_PLAIN_TRACE: Final = XMP_NAMESPACE.encode()
_SECONDS: Final = MAX_PAGES_SECONDS + MAX_DRAWING_SECONDS


class Glance(NamedTuple):
    """What a glance tells of a file without a trace."""

    verdict: Verdict | None
    """That it is without Pith metadata. What of the text could not be read is among the findings."""
    named: tuple[int, ...] = ()
    """The pages that name Pith in their text, where there is no verdict: all must be read then."""


def glance(data: bytes) -> Glance | None:
    """Looks at a file; None if there is a trace of a number, or may be."""
    if _PLAIN_TRACE in data:  # as in most files with a number, which are spared loading what looks closer
        return None
    from pithtex.pdf.lane.no_trace import no_trace

    if not no_trace(data):
        return None
    named, findings = names_in_text(data, _PAGES, light=False)
    if named:
        return Glance(None, named)
    from pithtex.pdf.judgement.verdict import Verdict, no_metadata

    return Glance(Verdict.of((), (*findings, no_metadata())))


def names_in_text(
    data: bytes, numbers: Sequence[int], *, light: bool, password: str = ""
) -> tuple[tuple[int, ...], tuple[Finding, ...]]:
    """Returns which of these pages name Pith in their text, and what could not be read, within bounds.

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
