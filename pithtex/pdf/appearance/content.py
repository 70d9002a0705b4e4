"""Pages that two readers draw in two ways: entries that are given twice, boxes and contents that are none.

A dictionary that gives an entry twice: ISO 32000-1, 7.3.7 leaves open which counts. qpdf and PDFium take the last,
Ghostscript the first, so that one file can show the genuine paper to one reader and the thief's to another. qpdf warns
as it parses a dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

import pikepdf

from pithtex.limits import MAX_STREAM_BYTES
from pithtex.pdf.appearance.page_boxes import odd_boxes
from pithtex.pdf.appearance.resources import Sheet, parts
from pithtex.pdf.appearance.streams import content_size, odd_content, stands_for_another
from pithtex.pdf.untrusted import READ_ERRORS

_WARNING: Final = re.compile(r"dictionary has duplicated key (/[^;]*);")
"""qpdf's words, which a test watches."""
_OBJECT: Final = re.compile(r"\(object (\d+) (\d+)")
_MAX_CONTENT: Final = 4 * MAX_STREAM_BYTES
"""Bytes of the pages' content, with that of its forms. Figures of many points have some millions."""
_MAX_ALL_PARTS: Final = 100_000
"""Of all pages that are read; a volume of proceedings has some thousands."""
_HARMLESS: Final = frozenset({
    "/Border", "/C", "/Dests", "/H", "/Lang", "/MarkInfo", "/Metadata", "/Outlines", "/PageLabels", "/PageLayout",
    "/PageMode", "/Rect", "/Type", "/ViewerPreferences",
})  # fmt: skip
"""Entries of a catalog or of a link beside the point; honest files made by pdfTeX have some of them twice."""


def ambiguous(
    pdf: pikepdf.Pdf, warnings: Iterable[str], sheets: Sequence[Sheet], of_channels: Iterable[str] = ()
) -> tuple[str, ...]:
    """Whether readers may see different pages; a phrase each, or nothing.

    Args:
        pdf: the open file. Its warnings are taken, so that nobody gets them afterwards.
        warnings: what qpdf said of the catalog and the page tree.
        sheets: the pages whose text is read.
        of_channels: what qpdf said of annotations and metadata, of which only annotations over a page matter.
    """
    read = [*of_channels, *map(str, pdf.get_warnings())]
    odd = _odd_contents(sheets)
    drawn = {note.objgen for sheet in sheets for note in sheet.notes}
    found: list[str] = []
    over = any(_WARNING.search(warning) and _object(warning) in drawn for warning in read)
    matches = map(_WARNING.search, (*warnings, *map(str, pdf.get_warnings())))
    if over or any(match and match[1] not in _HARMLESS for match in matches):
        found.append("a dictionary of the pages gives an entry twice, and readers differ on which counts")
    if odd:
        found.append("readers decode the pages' content in different ways, or not at all")
    return (*found, *odd_boxes(sheet.page for sheet in sheets))


def _object(warning: str) -> tuple[int, int]:
    match = _OBJECT.search(warning)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def _odd_contents(sheets: Iterable[Sheet]) -> bool:
    """Goes through all that the pages are drawn from, which makes qpdf parse it."""
    odd = False
    left, bytes_left = _MAX_ALL_PARTS, _MAX_CONTENT
    try:
        for sheet in sheets:
            odd = odd or odd_content(sheet.page)
            for part in parts(sheet):
                left -= 1
                if left < 0 or bytes_left < 0:
                    return True
                if isinstance(part, pikepdf.Stream):
                    size = content_size(part)
                    bytes_left -= size or 0
                    odd = odd or size is None
                odd = odd or stands_for_another(part)
    except READ_ERRORS:
        return True
    return odd
