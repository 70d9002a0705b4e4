"""Earlier revisions of a PDF that was updated incrementally (ISO 32000-1, 7.5.6): the file up to an earlier end.

They never speak for the paper. What they named is evidence of what was changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pikepdf

from pithtex.catalogue import finding
from pithtex.findings import Finding
from pithtex.limits import MAX_REVISION_BYTES, MAX_REVISIONS
from pithtex.patterns import pattern
from pithtex.pdf.untrusted import READ_ERRORS

_END: Final = pattern(rb"startxref\s{1,8}[0-9]{1,12}\s{1,8}%%EOF(?:\r\n|\n|\r)?")
_LONGEST_END: Final = 64


def earlier_ends(pdf: pikepdf.Pdf, data: bytes, *, concerned: bool) -> tuple[list[int], list[Finding]]:
    """Returns where earlier revisions may end, as lengths of the file, the oldest first.

    A linearized file has such a place too, and so has one that embeds another PDF: what ends there cannot be opened
    without repair, and is not a revision. Only the latest few of many are given.

    Args:
        pdf: the open file, of which an update says where the revision before it begins (`/Prev`).
        data: its bytes.
        concerned: whether the file names Pith. One that does not, and was not updated, is not searched.
    """
    try:
        updated = "/Prev" in pdf.trailer
    except READ_ERRORS:
        updated = True
    if not (updated or concerned):
        return [], []
    ends: list[int] = []
    size = 0
    for end in _ends_backwards(data):
        size += end
        if len(ends) == MAX_REVISIONS or size > MAX_REVISION_BYTES:
            message = f"the file has more than {len(ends)} earlier revisions; the oldest were not read"
            return ends[::-1], [finding("channel-limit", message, where="revisions")]
        ends.append(end)
    return ends[::-1], []


def _ends_backwards(data: bytes) -> Iterator[int]:
    """Yields every end of a revision but the last, from the file's end on."""
    at = data.rfind(b"startxref")
    while at > 0:
        at = data.rfind(b"startxref", 0, at)
        match = _END.match(data, at, at + _LONGEST_END) if at >= 0 else None
        if match is not None:
            yield match.end()
