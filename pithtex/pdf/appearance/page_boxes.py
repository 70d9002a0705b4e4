"""Whether all readers find the same pages, and take the same part of the plane for each: page tree and boxes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pikepdf
from pikepdf import Name

from pithtex.limits import MAX_PAGES
from pithtex.pdf.appearance.grammar import MAX_PARENTS, inherited
from pithtex.pdf.untrusted import READ_ERRORS, box_of, entry, numbers

_MAX_UNIT: Final = 100
"""Points that a unit of a page has (table 30), of which some readers know nothing: sheets of meters have some."""


def odd_boxes(pages: Iterable[pikepdf.Object]) -> tuple[str, ...]:
    """Returns why readers may show another part of a page, a phrase; or nothing."""
    try:
        if all(map(_plain_boxes, pages)):
            return ()
    except READ_ERRORS:
        pass
    return ("a page's size or rotation is malformed, and readers choose their own",)


def odd_tree(root: pikepdf.Object) -> tuple[str, ...]:
    """Returns why readers may find other pages, a phrase; or nothing.

    Each node names its kind and the node above it, which counts the pages below it (ISO 32000-1, 7.7.3): readers find
    a page, and what it inherits, by one or the other.

    Args:
        root: the catalog.
    """
    try:
        if entry(root, "/Type") == Name.Catalog and _counted(root.Pages, None, [MAX_PAGES], MAX_PARENTS):
            return ()
    except READ_ERRORS:
        pass
    return ("the page tree does not follow the standard, so readers may find different pages",)


def _counted(node: pikepdf.Object, parent: pikepdf.Object | None, left: list[int], depth: int) -> int:
    """Returns how many pages are below a node.

    Raises:
        ValueError: it is not what it says.
    """
    kids = entry(node, "/Kids")
    above = entry(node, "/Parent")
    left[0] -= 1
    if (
        getattr(above, "objgen", None) != getattr(parent, "objgen", None)
        or node.objgen == (0, 0)
        or entry(node, "/Type") != (Name.Page if kids is None else Name.Pages)
        or min(left[0], depth) < 0
    ):
        raise ValueError("not a node of the tree")
    if kids is None:
        return 1
    below = sum(_counted(kids[index], node, left, depth - 1) for index in range(len(kids)))
    if entry(node, "/Count") != below:
        raise ValueError("a different number of pages")
    return below


def _plain_boxes(page: pikepdf.Object) -> bool:
    """Tells whether there is a media box, and a crop box, if any, that has a part of it (ISO 32000-1, 14.11.2).

    And whether the page is turned by a quarter, if at all: what readers make of anything else is theirs.
    """
    turn: object = inherited(page, "/Rotate")
    if turn is not None and (not isinstance(turn, int) or turn % 90):  # table 30
        return False
    unit = entry(page, "/UserUnit")
    if unit is not None and not any(1 <= number <= _MAX_UNIT for number in numbers([unit])):
        return False
    media = box_of(inherited(page, "/MediaBox"))
    cropped = inherited(page, "/CropBox")
    if media is None or cropped is None:
        return media is not None
    crop = box_of(cropped)
    return crop is not None and all(
        max(media[axis], crop[axis]) < min(media[axis + 2], crop[axis + 2]) for axis in (0, 1)
    )
