"""What else takes a click on a badge: another link or a button that lies over it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import pikepdf

from pithtex.format.profile import BADGE_NAME
from pithtex.limits import MAX_PAGE_ANNOTATIONS
from pithtex.pdf.evidence import UNSEEN, LinkEvidence, Rival
from pithtex.pdf.untrusted import EVERYWHERE, READ_ERRORS, entry, flags_of, rectangle

_MAX_LINKS: Final = 200
"""Links that are looked over: those with the badge's name first. Proceedings have as many badges."""
_ACTIVE: Final = ("/A", "/AA", "/Dest", "/PA")


def find_rivals(pages: Sequence[pikepdf.Object], links: Sequence[LinkEvidence]) -> tuple[Rival, ...]:
    """Finds annotations that lie over the middle of a link to Pith and do something else when clicked.

    Which of two annotations takes the click is left open by ISO 32000-1, 12.5, and readers differ.
    """
    first = sorted(links, key=lambda link: link.name != BADGE_NAME)[:_MAX_LINKS]
    return tuple(rival for link in first for rival in _rivals(pages[link.page - 1], link))


def _rivals(page: pikepdf.Object, link: LinkEvidence) -> Iterator[Rival]:
    x, y = (link.rect[0] + link.rect[2]) / 2, (link.rect[1] + link.rect[3]) / 2
    annotations = entry(page, "/Annots")
    for index in range(min(len(annotations), MAX_PAGE_ANNOTATIONS)):  # type: ignore[arg-type]
        try:
            other = annotations[index]  # type: ignore[index]
            if index == link.index or not isinstance(other, pikepdf.Dictionary):
                continue
            if not any(key in other for key in _ACTIVE) or flags_of(entry(other, "/F")) & UNSEEN:
                continue
            if _reaches(entry(other, "/Rect"), x, y) and not _same(other, link):
                yield Rival(page=link.page, index=link.index, other=index)
                return
        except READ_ERRORS:
            continue


def _reaches(rect: object, x: float, y: float) -> bool:
    """Tells whether an annotation may take a click at a point, which depends on the reader for some rectangles."""
    if rect is None:
        return False
    left, bottom, right, top = rectangle(rect) or EVERYWHERE
    return left <= x <= right and bottom <= y <= top


def _same(other: pikepdf.Object, link: LinkEvidence) -> bool:
    """Tells whether a click does the same on both: some tools write a link twice."""
    action = entry(other, "/A")
    if "/AA" in other or not isinstance(action, pikepdf.Dictionary) or "/Next" in action:
        return False
    uri = entry(action, "/URI")
    return isinstance(uri, pikepdf.String) and bytes(uri) == link.uri.encode("utf-8", "replace")
