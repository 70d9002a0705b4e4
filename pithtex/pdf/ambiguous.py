"""Dictionaries that give an entry twice: readers differ on which counts, and so on what the page shows.

ISO 32000-1, 7.3.7 leaves it open. qpdf and PDFium take the last, Ghostscript the first, so that one file can show the
genuine paper to one reader and the thief's to another. qpdf warns as it parses a dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

import pikepdf

from pithtex.pdf.info import READ_ERRORS, entry

_WARNING: Final = re.compile(r"dictionary has duplicated key (/[^;]*);")
"""qpdf's words, which a test watches."""
_HARMLESS: Final = frozenset({
    "/Border", "/C", "/Dests", "/H", "/Lang", "/MarkInfo", "/Metadata", "/Outlines", "/PageLabels", "/PageLayout",
    "/PageMode", "/Rect", "/Type", "/ViewerPreferences",
})  # fmt: skip
"""Entries of a catalog or of an annotation beside the point; honest files made by pdfTeX have some of them twice."""
_RESOURCES: Final = ("/Font", "/XObject", "/ExtGState", "/Pattern", "/ColorSpace", "/Properties")
_MAX_PARTS: Final = 500
"""Resources of a page that are looked at. A page has some tens, one of a map some hundreds."""


def ambiguous(pdf: pikepdf.Pdf, warnings: Iterable[str], pages: Iterable[pikepdf.Object]) -> tuple[str, ...]:
    """Whether readers may see different pages; a phrase, or nothing.

    Args:
        pdf: the open file. Its warnings are taken, so that nobody gets them afterwards.
        warnings: what qpdf said of the catalog and the page tree.
        pages: those whose text is read.
    """
    pdf.get_warnings()  # of annotations and metadata, which are judged elsewhere
    for page in pages:
        for part in _parts(page):
            isinstance(part, pikepdf.Dictionary)  # this makes qpdf parse it
    found = (_WARNING.search(warning) for warning in (*warnings, *map(str, pdf.get_warnings())))
    if any(match and match[1] not in _HARMLESS for match in found):
        return ("a dictionary of the pages gives an entry twice, and readers differ on which counts",)
    return ()


def _parts(page: pikepdf.Object) -> Iterator[object]:
    """What a page is drawn from."""
    try:
        contents = entry(page, "/Contents")
        yield contents
        if isinstance(contents, pikepdf.Array):
            yield from (contents[index] for index in range(min(len(contents), _MAX_PARTS)))
        resources = entry(page, "/Resources")
        if not isinstance(resources, pikepdf.Dictionary):
            return
        for kind in _RESOURCES:
            named = entry(resources, kind)
            if isinstance(named, pikepdf.Dictionary):
                yield from (named[key] for key in sorted(named.keys())[:_MAX_PARTS])
    except READ_ERRORS:
        return
