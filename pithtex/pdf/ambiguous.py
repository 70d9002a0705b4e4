"""Pages that two readers draw in two ways: entries that are given twice, boxes and contents that are none.

A dictionary that gives an entry twice: ISO 32000-1, 7.3.7 leaves open which counts. qpdf and PDFium take the last,
Ghostscript the first, so that one file can show the genuine paper to one reader and the thief's to another. qpdf warns
as it parses a dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import pikepdf
from pikepdf import Name

from pithtex.pdf.boxes import odd_boxes
from pithtex.pdf.contents import odd_content, odd_stream
from pithtex.pdf.info import READ_ERRORS, entry
from pithtex.pdf.parts import notes_of, parts

_WARNING: Final = re.compile(r"dictionary has duplicated key (/[^;]*);")
"""qpdf's words, which a test watches."""
_OBJECT: Final = re.compile(r"\(object (\d+) (\d+)")
_HARMLESS: Final = frozenset({
    "/Border", "/C", "/Dests", "/H", "/Lang", "/MarkInfo", "/Metadata", "/Outlines", "/PageLabels", "/PageLayout",
    "/PageMode", "/Rect", "/Type", "/ViewerPreferences",
})  # fmt: skip
"""Entries of a catalog or of a link beside the point; honest files made by pdfTeX have some of them twice."""
_UNDRAWN: Final = (Name.Link, Name.Popup)


def ambiguous(
    pdf: pikepdf.Pdf, warnings: Iterable[str], pages: Sequence[pikepdf.Object], of_channels: Iterable[str] = ()
) -> tuple[str, ...]:
    """Whether readers may see different pages; a phrase each, or nothing.

    Args:
        pdf: the open file. Its warnings are taken, so that nobody gets them afterwards.
        warnings: what qpdf said of the catalog and the page tree.
        pages: those whose text is read.
        of_channels: what qpdf said, and no more says, of annotations and metadata.
    """
    read = [
        *of_channels,
        *map(str, pdf.get_warnings()),
    ]  # of annotations and metadata, of which only those over a page matter
    found: list[str] = []
    drawn: set[tuple[int, int]] = set()
    odd = False
    for page in pages:
        odd = odd or _odd_contents(page)
        drawn.update(_drawn(page))
    said = [*warnings, *map(str, pdf.get_warnings())]
    matches = [match for match in map(_WARNING.search, said) if match]
    over = [warning for warning in read if _WARNING.search(warning) and _object(warning) in drawn]
    if over or any(match[1] not in _HARMLESS for match in matches):
        found.append("a dictionary of the pages gives an entry twice, and readers differ on which counts")
    if odd:
        found.append("readers decode the pages' content in different ways, or not at all")
    return (*found, *odd_boxes(pages))


def _object(warning: str) -> tuple[int, int]:
    match = _OBJECT.search(warning)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def _odd_contents(page: pikepdf.Object) -> bool:
    """Goes through all that a page is drawn from, which makes qpdf parse it."""
    try:
        odd = odd_content(page)
        for part in parts(page):
            odd = odd or (isinstance(part, pikepdf.Stream) and odd_stream(part))
    except READ_ERRORS:
        return True
    return odd


def _drawn(page: pikepdf.Object) -> Iterator[tuple[int, int]]:
    """The object numbers of the annotations that lie over a page."""
    try:
        for note in notes_of(page):
            if entry(note, "/Subtype") not in _UNDRAWN:
                yield note.objgen
    except READ_ERRORS:
        return
