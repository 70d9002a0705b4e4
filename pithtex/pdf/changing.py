"""Why the pages that are drawn here may not be what a reader sees: what can put other things in their place.

A script that runs when the file is opened can turn off layers and show fields; an XFA form and a portfolio replace
the pages altogether; an action on opening can lead away. None of it is drawn here, so such a file's pages bind nothing.
"""

from __future__ import annotations

from typing import Final

import pikepdf

from pithtex.pdf.info import READ_ERRORS, entry

_HARMLESS: Final = frozenset({"/GoTo", "/Named"})
"""Actions on opening that only turn to a page (ISO 32000-1, 12.6.4.2, 12.6.4.11)."""


def changes(pdf: pikepdf.Pdf, first_page: pikepdf.Object | None) -> tuple[str, ...]:
    """What in the catalog and on page 1 may change what is seen; a phrase each, none of it from the file.

    Args:
        pdf: the open file.
        first_page: its dictionary, if there is a page.
    """
    root = pdf.Root
    found = []
    if _has(entry(root, "/AcroForm"), "/XFA"):
        found.append("an XFA form takes the place of the pages")  # ISO 32000-1, 12.7.8
    if entry(root, "/Collection") is not None:
        found.append("a portfolio shows attached files in place of the pages")  # 7.11.6
    if _leads_away(entry(root, "/OpenAction")):
        found.append("opening the file does more than turn to a page")  # 12.6.4
    if entry(root, "/AA") is not None or _has(first_page, "/AA"):
        found.append("actions run on the document's or the first page's events")  # 12.6.3
    if _has(entry(root, "/Names"), "/JavaScript"):
        found.append("scripts run when the file is opened")  # 12.6.4.16
    return tuple(found)


def _has(holder: object, key: str) -> bool:
    try:
        return isinstance(holder, pikepdf.Dictionary) and entry(holder, key) is not None
    except READ_ERRORS:
        return False


def _leads_away(action: object) -> bool:
    """Whether an action on opening is more than a destination (an array) or a turn to one."""
    if not isinstance(action, pikepdf.Dictionary):
        return False
    return _has(action, "/Next") or str(entry(action, "/S")) not in _HARMLESS
