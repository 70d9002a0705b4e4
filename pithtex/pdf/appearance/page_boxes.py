"""Whether all readers take the same part of the plane for a page: its boxes, and the node that it has them from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pikepdf

from pithtex.pdf.appearance.resources import inherited
from pithtex.pdf.untrusted import READ_ERRORS, box_of, entry

_DEEPEST: Final = 50
"""Nodes above a page."""


def odd_boxes(pages: Iterable[pikepdf.Object]) -> tuple[str, ...]:
    """Why readers may show another part of a page, a phrase; or nothing."""
    for page in pages:
        try:
            if not _plain_boxes(page):
                return ("a page's box or turn is none, and readers choose another",)
            if not _below_its_parents(page):
                return (
                    "a page stands elsewhere in the page tree than it says, and readers differ on what it inherits",
                )
        except READ_ERRORS:
            return ("a page's box could not be read",)
    return ()


def _plain_boxes(page: pikepdf.Object) -> bool:
    """Whether there is a media box, and a crop box, if any, that has a part of it (ISO 32000-1, 14.11.2).

    And whether the page is turned by a quarter, if at all: what readers make of anything else is theirs.
    """
    turn: object = inherited(page, "/Rotate")
    if turn is not None and (not isinstance(turn, int) or turn % 90):  # table 30
        return False
    media = box_of(inherited(page, "/MediaBox"))
    cropped = inherited(page, "/CropBox")
    if media is None or cropped is None:
        return media is not None
    crop = box_of(cropped)
    return crop is not None and all(
        max(media[axis], crop[axis]) < min(media[axis + 2], crop[axis + 2]) for axis in (0, 1)
    )


def _below_its_parents(page: pikepdf.Object) -> bool:
    """Whether each node from the page up is a child of what it names as its parent (7.7.3.2).

    Readers take what a page inherits from the nodes that they came by, or from those that it names.
    """
    node = page
    for _ in range(_DEEPEST):
        parent = entry(node, "/Parent")
        if parent is None:
            return node is not page
        kids = entry(parent, "/Kids") if isinstance(parent, pikepdf.Dictionary) else None
        if not isinstance(kids, pikepdf.Array) or not any(_same(kids[index], node) for index in range(len(kids))):
            return False
        node = parent
    return False


def _same(one: object, other: pikepdf.Object) -> bool:
    return isinstance(one, pikepdf.Dictionary) and one.objgen == other.objgen != (0, 0)
