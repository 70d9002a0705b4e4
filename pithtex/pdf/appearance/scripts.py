"""Why the pages that are drawn here may not be what a reader sees: what can put other things in their place.

A script that runs when the file is opened can turn off layers and show fields; an XFA form and a portfolio replace
the pages altogether; an action on opening can lead away. None of it is drawn here, so such a file's pages bind nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import pikepdf
from pikepdf import Name

from pithtex.pdf.untrusted import READ_ERRORS, entry

_AREAS: Final = ("/ViewArea", "/ViewClip", "/PrintArea", "/PrintClip")
_WHOLE: Final = frozenset({"/CropBox", "/MediaBox"})
_MAX_FIELDS: Final = 5_000
"""Of a form. Long ones have some hundreds."""
_MAX_ELEMENTS: Final = 1_000
"""Of a file's structure, up to the first that has content."""


def changes(pdf: pikepdf.Pdf, pages: Sequence[pikepdf.Object]) -> tuple[str, ...]:
    """Returns what in the catalog, the form and the pages may change what is seen, a phrase of ours for each.

    Args:
        pdf: the open file.
        pages: all of them.
    """
    root = pdf.Root
    form, preferences = entry(root, "/AcroForm"), entry(root, "/ViewerPreferences")
    areas = [_held(preferences, key) for key in _AREAS]
    found = {
        "an XFA form replaces the pages": _has(form, "/XFA"),  # ISO 32000-1, 12.7.8
        "a portfolio shows attached files in place of the pages": _has(root, "/Collection"),  # 7.11.6
        "opening the file does more than go to a page": _leads_away(entry(root, "/OpenAction")),  # 12.6.4
        "pages turn by themselves": any(_has(page, "/Dur") for page in pages),  # 12.4.4
        "actions run when something happens to the document or a page": acting([root, *pages]),  # 12.6.3
        "scripts run when the file is opened": _has(entry(root, "/Names"), "/JavaScript"),  # 12.6.4.16
        "a part of the pages other than their crop box is shown or printed": any(  # table 150
            area is not None and str(area) not in _WHOLE for area in areas
        ),
        "scripts determine what the form's fields show": _has(form, "/CO") or _scripted(form),  # 12.6.3, 12.7.2
    }
    return tuple(phrase for phrase, holds in found.items() if holds)


def acting(parts: Iterable[pikepdf.Object]) -> bool:
    """Tells whether one of these acts by itself, as when its page comes into view (ISO 32000-1, table 194)."""
    return any(_has(part, "/AA") for part in parts)


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


def _held(holder: object, key: str) -> object | None:
    """Returns an entry that can be read, and is no array without any, as hyperref writes it."""
    try:
        value = entry(holder, key) if isinstance(holder, pikepdf.Dictionary) else None
        return None if isinstance(value, pikepdf.Array) and len(value) == 0 else value
    except READ_ERRORS:
        return None


def _has(holder: object, key: str) -> bool:
    return _held(holder, key) is not None


def opening_pages(pdf: pikepdf.Pdf, pages: Sequence[pikepdf.Object]) -> tuple[int, ...]:
    """Returns the pages that readers open a file on, 1-based, by default the first; 0 stands for one that is not known.

    Readers of PDF 2.0 may take the structure destination of an action (ISO 32000-2, 12.3.2.3: the page of the element's
    first content), others the destination beside it (ISO 32000-1, 12.3.2.2).
    """
    try:
        action = entry(pdf.Root, "/OpenAction")
        if action is None:
            return (1,)
        if not isinstance(action, pikepdf.Dictionary):
            return (_page_of(_target(action), pages),)
        plain = 1 if entry(action, "/D") is None else _page_of(_target(entry(action, "/D")), pages)
        if "/SD" not in action:
            return (plain,)
        return plain, _page_of(_first_page(_target(entry(action, "/SD"))), pages)
    except READ_ERRORS:
        return (0,)


def _target(place: object) -> object:
    return place[0] if isinstance(place, pikepdf.Array) and len(place) else None


def _page_of(target: object, pages: Sequence[pikepdf.Object]) -> int:
    if not isinstance(target, pikepdf.Dictionary):
        return 0
    return next((number for number, page in enumerate(pages, 1) if page.objgen == target.objgen), 0)


def _first_page(element: object) -> object:
    """Returns the page of the first content of a structure element (ISO 32000-1, 14.7.2 and 14.7.4)."""
    stack: list[tuple[object, object]] = [(element, None)]
    for _ in range(_MAX_ELEMENTS):
        if not stack:
            break
        item, page = stack.pop()
        if isinstance(item, pikepdf.Dictionary):
            page = entry(item, "/Pg") or page
            if entry(item, "/Type") in {Name.MCR, Name.OBJR}:
                return page
            kids = entry(item, "/K")
            if isinstance(kids, pikepdf.Array):
                stack += [(kids[index], page) for index in reversed(range(min(len(kids), _MAX_ELEMENTS)))]
            else:
                stack.append((kids, page))
        elif item is not None:  # the number of marked content
            return page
    return None


def _leads_away(action: object) -> bool:
    """Tells whether an action on opening is more than a destination (an array, a name) or a turn to one (12.6.4.2)."""
    if not isinstance(action, pikepdf.Dictionary):
        return False
    known = set(action.keys()) <= {"/Type", "/S", "/D", "/SD"}
    return entry(action, "/S") != Name.GoTo or "/D" not in action or not known
