"""What readers may see other than the pages that were read."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping

import pikepdf

from pithtex.limits import MAX_PAGES_SECONDS
from pithtex.pdf.appearance.annotations import Cover, covers, notes_over
from pithtex.pdf.appearance.content import ambiguous
from pithtex.pdf.appearance.layers import renditions
from pithtex.pdf.appearance.resources import Sheet
from pithtex.pdf.appearance.scripts import acting
from pithtex.pdf.evidence import PageText


def doubts_of(
    pdf: pikepdf.Pdf,
    warnings: Iterable[str],
    pages: Mapping[int, pikepdf.Object],
    size: int,
    of_channels: Iterable[str] = (),
) -> tuple[tuple[str, ...], dict[int, Cover], tuple[bytes, ...]]:
    """What readers may see other than these pages.

    Returns:
        Why all of it may be something else, a phrase each; by page, what lies over it; and the file in
        other states of its layers.
    """
    sheets = {number: Sheet(page, notes_over(page)) for number, page in pages.items()}
    found = [*ambiguous(pdf, warnings, list(sheets.values()), of_channels)]
    over: dict[int, Cover] = {}
    for number, sheet in sheets.items():
        over[number] = covers(sheet)
        if not over[number].bounded:
            found.append("annotations without a picture of their own may cover anything")
    if any(acting(sheet.notes) for sheet in sheets.values()):
        found.append("annotations act when their page comes into view")
    if found:  # they bind nothing in any state of their layers
        return tuple(dict.fromkeys(found)), over, ()
    layered, unknown = renditions(pdf, list(sheets.values()), size)
    return unknown, over, layered


def read_renditions(
    files: Iterable[bytes], read: Callable[[bytes], tuple[PageText, ...]]
) -> tuple[tuple[tuple[PageText, ...], ...], tuple[str, ...]]:
    """Reads the pages in other states of their layers, all of them in the time for one file; or says that it cannot."""
    until = time.thread_time() + MAX_PAGES_SECONDS
    texts: list[tuple[PageText, ...]] = []
    for file in files:
        if time.thread_time() > until:
            return tuple(texts), ("its layers take too long to be looked at",)
        texts.append(read(file))
    return tuple(texts), ()
