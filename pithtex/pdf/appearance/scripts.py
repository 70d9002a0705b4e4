"""Why the pages that are drawn here may not be what a reader sees: what can put other things in their place.

A script that runs when the file is opened can turn off layers and show fields; an XFA form and a portfolio replace
the pages altogether; an action on opening can lead away. None of it is drawn here, so such a file's pages bind nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pikepdf
from pikepdf import Name

from pithtex.pdf.untrusted import READ_ERRORS, entry

_GO_TO: Final = Name.GoTo
_AREAS: Final = ("/ViewArea", "/ViewClip", "/PrintArea", "/PrintClip")
_WHOLE: Final = frozenset({"/CropBox", "/MediaBox"})
_MAX_FIELDS: Final = 5_000
"""Of a form. Long ones have some hundreds."""


def changes(pdf: pikepdf.Pdf, pages: Sequence[pikepdf.Object]) -> tuple[str, ...]:
    """Returns what in the catalog, the form and the pages may change what is seen, a phrase of ours for each.

    Args:
        pdf: the open file.
        pages: all of them.
    """
    root = pdf.Root
    form = entry(root, "/AcroForm")
    found = []
    if _has(form, "/XFA"):
        found.append("an XFA form replaces the pages")  # ISO 32000-1, 12.7.8
    if entry(root, "/Collection") is not None:
        found.append("a portfolio shows attached files in place of the pages")  # 7.11.6
    if _leads_away(entry(root, "/OpenAction")):
        found.append("opening the file does more than go to a page")  # 12.6.4
    if any(_has(page, "/Dur") for page in pages):
        found.append("pages turn by themselves")  # 12.4.4
    if entry(root, "/AA") is not None or any(_has(page, "/AA") for page in pages):
        found.append("actions run when something happens to the document or a page")  # 12.6.3
    if _has(entry(root, "/Names"), "/JavaScript"):
        found.append("scripts run when the file is opened")  # 12.6.4.16
    if any(_other_area(entry(root, "/ViewerPreferences"), key) for key in _AREAS):
        found.append("a part of the pages other than their crop box is shown or printed")  # table 150
    if _has_entries(form, "/CO") or (_has(form, "/Fields") and _scripted(form)):
        found.append("scripts determine what the form's fields show")  # 12.6.3, 12.7.2
    return tuple(found)


def acting(notes: Sequence[pikepdf.Object]) -> bool:
    """Tells whether an annotation acts by itself, when its page comes into view (ISO 32000-1, table 194)."""
    return any(_has(note, "/AA") for note in notes)


def _scripted(form: object) -> bool:
    """Tells whether a field has actions of its own; or the form is a maze."""
    stack: list[object] = [form]
    left = _MAX_FIELDS
    try:
        while stack:
            field = stack.pop()
            if not isinstance(field, pikepdf.Dictionary):
                continue
            kids = entry(field, "/Fields" if field is form else "/Kids")
            if isinstance(kids, pikepdf.Array):
                left -= len(kids)
                stack += [kids[index] for index in range(min(len(kids), max(left, 0)))]
            if left <= 0 or "/AA" in field:
                return True
    except READ_ERRORS:
        return True
    return False


def _has(holder: object, key: str) -> bool:
    try:
        return isinstance(holder, pikepdf.Dictionary) and entry(holder, key) is not None
    except READ_ERRORS:
        return False


def _has_entries(holder: object, key: str) -> bool:
    """Tells whether an entry is there, and no array without any, as hyperref writes it."""
    try:
        value = entry(holder, key) if isinstance(holder, pikepdf.Dictionary) else None
        return value is not None and not (isinstance(value, pikepdf.Array) and len(value) == 0)
    except READ_ERRORS:
        return False


def _other_area(preferences: object, key: str) -> bool:
    return _has(preferences, key) and str(entry(preferences, key)) not in _WHOLE  # type: ignore[arg-type]


def opening_page(pdf: pikepdf.Pdf, pages: Sequence[pikepdf.Object]) -> int:
    """Returns the page that a file opens on (ISO 32000-1, 12.3.2.2), 1-based, by default 1; 0 if unknown."""
    try:
        action = entry(pdf.Root, "/OpenAction")
        place = entry(action, "/D") if isinstance(action, pikepdf.Dictionary) else action
        if place is None:
            return 1
        target = place[0] if isinstance(place, pikepdf.Array) and len(place) else None
        if isinstance(target, pikepdf.Dictionary):
            return next((number for number, page in enumerate(pages, 1) if page.objgen == target.objgen), 0)
    except READ_ERRORS:
        pass
    return 0


def _leads_away(action: object) -> bool:
    """Tells whether an action on opening is more than a destination (an array, a name) or a turn to one (12.6.4.2)."""
    return isinstance(action, pikepdf.Dictionary) and (entry(action, "/S") != _GO_TO or _has(action, "/Next"))
