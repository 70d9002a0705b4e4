"""What readers may see other than the pages that were read."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import pikepdf

from pithtex.limits import MAX_PAGES_SECONDS
from pithtex.patterns import pattern
from pithtex.pdf.appearance.annotations import Cover, covers
from pithtex.pdf.appearance.colours import odd_intents
from pithtex.pdf.appearance.grammar import Drawn
from pithtex.pdf.appearance.page_boxes import odd_boxes, odd_tree
from pithtex.pdf.appearance.renditions import readable, renditions
from pithtex.pdf.appearance.scripts import acting
from pithtex.pdf.appearance.structure import broken_rule
from pithtex.pdf.evidence import PageText
from pithtex.pdf.untrusted import TWICE
from pithtex.structs import NamedTuple

_OBJECT: Final = pattern(r"\(object (\d+) (\d+)")
_HARMLESS: Final = frozenset({
    "/Dests", "/Lang", "/MarkInfo", "/Metadata", "/Outlines", "/PageLabels", "/PageLayout", "/PageMode", "/Type",
    "/ViewerPreferences",
})  # fmt: skip
"""Entries of a catalog beside the point; honest files made by pdfTeX have some of them twice."""
_REPAIRED: Final = "an object of a page is damaged or has an entry twice, and readers repair it in different ways"


class Doubts(NamedTuple):
    """What readers may see other than some pages."""

    why: tuple[str, ...] = ()
    """Why all of it may be something else, a phrase each, none of it from the file."""
    over: Mapping[int, Cover] = {}
    """By page, what lies over it."""
    layered: tuple[bytes, ...] = ()
    """The file as others show it."""
    readable: bytes | None = None
    """The file with what its characters are, where PDFium would not know; None if it does."""
    light: bool = True
    """Whether drawing the pages cannot take long without a chance to stop."""


def doubts_of(
    pdf: pikepdf.Pdf,
    data: bytes,
    pages: Mapping[int, pikepdf.Object],
    warnings: Iterable[str] = (),
    of_channels: Iterable[str] = (),
    *,
    known: bool = False,
) -> Doubts:
    """Returns what readers may see other than these pages.

    Args:
        pdf: the open file. Its warnings are taken, so that nobody gets them afterwards.
        data: its bytes.
        pages: those whose text is read, by number.
        warnings: what qpdf said of the catalog and the page tree.
        of_channels: what it said of annotations and metadata.
        known: whether the file's structure was looked at before, with other pages.
    """
    until = time.thread_time() + MAX_PAGES_SECONDS
    drawn = [Drawn(page, until) for page in pages.values()]
    said = [*warnings, *of_channels, *map(str, pdf.get_warnings())]
    found = [None if known else broken_rule(pdf, data), *(each.oddity for each in drawn)]
    if _concerns(said, pdf, drawn):
        found.append(_REPAIRED)
    found += [odd_intents(pdf.Root), *odd_tree(pdf.Root), *odd_boxes(pages.values())]
    over = {number: covers(each.page, each.notes) for number, each in zip(pages, drawn, strict=True)}
    for number, each in zip(pages, drawn, strict=True):
        over[number] = over[number]._replace(rects=(*over[number].rects, *each.unsure))
    if not all(cover.bounded for cover in over.values()):
        found.append("annotations without an appearance of their own may cover anything")
    if any(acting(each.notes) for each in drawn):
        found.append("annotations act when their page comes into view")
    why = tuple(dict.fromkeys(filter(None, found)))
    named = readable(pdf, drawn)
    if why:  # they bind nothing, however they are shown
        return Doubts(why, over, readable=named, light=False)
    layered, unknown = renditions(pdf, drawn, len(data))
    return Doubts(unknown, over, layered, named, all(each.light for each in drawn))


def _concerns(said: Iterable[str], pdf: pikepdf.Pdf, drawn: Iterable[Drawn]) -> bool:
    """Tells whether something that qpdf said is of an object that one of the pages is drawn from, or of the catalog."""
    parts = {pdf.Root.objgen, *(part.objgen for each in drawn for part in each.parts)}
    for warning in said:
        match, twice = _OBJECT.search(warning), TWICE.search(warning)
        if match and (int(match[1]), int(match[2])) in parts and not (twice and twice[4] in _HARMLESS):
            return True
    return False


def read_renditions(
    files: Iterable[bytes], read: Callable[[bytes], tuple[PageText, ...]]
) -> tuple[tuple[tuple[PageText, ...], ...], tuple[str, ...]]:
    """Reads the pages in other states of their layers, all of them in the time for one file; or says that it cannot."""
    until = time.thread_time() + MAX_PAGES_SECONDS
    texts: list[tuple[PageText, ...]] = []
    for file in files:
        if time.thread_time() > until:
            return tuple(texts), ("its layers take too long to examine",)
        texts.append(read(file))
    return tuple(texts), ()
