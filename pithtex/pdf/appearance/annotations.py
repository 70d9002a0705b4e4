"""What lies over a page and is not drawn here as everywhere: fields, and annotations that viewers give their own look.

An annotation is drawn alike by all if it has one picture of its own (ISO 32000-1, 12.5.5) that is always shown.
Under any other nobody knows what a reader sees; and of some not even how far they reach.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pikepdf
from pikepdf import Name

from pithtex.findings import Rect
from pithtex.limits import MAX_PAGE_ANNOTATIONS
from pithtex.pdf.untrusted import EVERYWHERE, READ_ERRORS, box_of, entry, flags_of, numbers, rectangle
from pithtex.structs import NamedTuple

_BOUNDED: Final = frozenset({
    "/3D", "/Caret", "/FileAttachment", "/FreeText", "/Movie", "/Popup", "/RichMedia", "/Screen", "/Sound", "/Stamp",
    "/Text", "/Widget",
})  # fmt: skip
"""Without a picture, viewers paint these in their rectangle, and others with lines as thick and long as they like."""
_PICTURED: Final = frozenset({
    "/Caret", "/Circle", "/FileAttachment", "/FreeText", "/Highlight", "/Ink", "/Line", "/PolyLine", "/Polygon",
    "/Square", "/Squiggly", "/Stamp", "/StrikeOut", "/Text", "/Underline",
})  # fmt: skip
"""Whose picture all viewers show. Some show that of a pop-up, or of a kind that they do not know; a field's and a
film's changes as the reader acts."""
_SOMETIMES: Final = 0x01 | 0x20 | 0x100
"""Flags Invisible, NoView and ToggleNoView (table 165): a picture that is shown to some, or at times."""
_FIXED: Final = 0x08 | 0x10
"""Flags NoZoom and NoRotate: some readers turn or enlarge the page below a picture, and not the picture."""
_FARTHEST_OUT: Final = 4
"""Times as large as it says is such a picture where the page is shown as small as it can be read."""
_MAX_FLAGS: Final = 1 << 16
"""More than all flags together; of what is no such number readers take a part, or none."""
_LEAST: Final = 0.01
"""Points of a picture's side."""
_STRETCHED: Final = 1_000
_MARGIN: Final = 100.0
"""Points: no corner of a mark is so far beyond its rectangle."""
_THIN: Final = 3.0
"""Points: a link's frame that is no thicker hides no line of text (12.5.4)."""


class Cover(NamedTuple):
    """What lies over a page and is not drawn here as everywhere."""

    rects: tuple[Rect, ...] = ()
    """Where nobody knows what a reader sees."""
    bounded: bool = True
    """And that is all; or it may be anywhere."""
    pictures: bool = False
    """Whether annotations may have pictures, which readers can show and print, or not."""


def notes_over(page: pikepdf.Object) -> list[pikepdf.Object]:
    """Returns the annotations of a page, but for links that lead somewhere and show a thin frame at most."""
    listed = entry(page, "/Annots")
    if not isinstance(listed, pikepdf.Array):
        return []
    notes = [listed[index] for index in range(min(len(listed), MAX_PAGE_ANNOTATIONS))]
    return [note for note in notes if isinstance(note, pikepdf.Dictionary) and not _plain(note)]


def _plain(note: pikepdf.Object) -> bool:
    try:
        special = "/AP" in note or "/OC" in note or "/AA" in note
        return not special and entry(note, "/Subtype") == Name.Link and _frame(note) <= _THIN
    except READ_ERRORS:
        return False


def covers(page: pikepdf.Object, notes: Sequence[pikepdf.Object]) -> Cover:
    """Returns what lies over a page, by its annotations as of `notes_over`."""
    found: list[Rect | None] = []
    listed = entry(page, "/Annots")
    if isinstance(listed, pikepdf.Array) and len(listed) > MAX_PAGE_ANNOTATIONS:
        found.append(EVERYWHERE)
    for note in notes:
        try:
            found.append(_reach(note))
        except READ_ERRORS:
            found.append(EVERYWHERE)
    rects = tuple(rect for rect in found if rect is not None and rect is not EVERYWHERE)
    return Cover(rects, EVERYWHERE not in found, bool(notes))


def _frame(link: pikepdf.Object) -> float:
    """Returns how thick a link's frame is: by its style or its border, of which readers know one or the other."""
    widths: list[object] = []
    border, style = entry(link, "/Border"), entry(link, "/BS")
    if border is not None and len(border) > 2:
        widths.append(border[2])
    if style is not None:
        widths.append(entry(style, "/W"))
    return max((abs(float(width)) for width in widths if width is not None), default=1.0)  # type: ignore[arg-type]


def _reach(note: pikepdf.Object) -> Rect | None:
    """Returns where an annotation may be drawn in a way that is not known; None for nowhere."""
    kind = str(entry(note, "/Subtype"))
    place = rectangle(entry(note, "/Rect")) or EVERYWHERE
    pictured = "/AP" in note
    if kind == "/Link" and not pictured:
        width = _frame(note)
        return None if width <= _THIN else (place[0] - width, place[1] - width, place[2] + width, place[3] + width)
    if kind == "/Popup" and not (pictured or entry(note, "/Open")):
        return None
    if kind == "/Highlight" and not (pictured and (_is_light(numbers(entry(note, "/C"))) or _is_blended(note))):
        return _marked(note, place)
    if kind in _PICTURED and pictured:
        rect = box_of(entry(note, "/Rect"))
        if rect is None:  # some draw the picture there all the same, as large as it is
            return EVERYWHERE
        if _has_picture(note, rect):
            flags: object = entry(note, "/F")
            plain = flags is None or (type(flags) is int and 0 <= flags < _MAX_FLAGS)
            if plain and flags_of(flags) & _FIXED:
                reach = _FARTHEST_OUT * max(rect[2] - rect[0], rect[3] - rect[1])
                return rect[0] - reach, rect[3] - reach, rect[0] + reach, rect[3] + reach
            return None if plain and not flags_of(flags) & _SOMETIMES else place
    return place if pictured or (kind in _BOUNDED and "/CL" not in note) else EVERYWHERE


def _is_blended(note: pikepdf.Object) -> bool:
    """Tells whether a highlight's picture says how it is blended: without, some mark the text in its colour instead."""
    look = entry(note["/AP"], "/N")
    held = entry(look, "/Resources") if isinstance(look, pikepdf.Stream) else None
    states = None if held is None else entry(held, "/ExtGState")
    return states is not None and any("/BM" in state for state in states.values())


def _is_light(colour: list[float]) -> bool:
    """Tells whether text can be read through a colour."""
    return len(colour) == 3 and 0.3 * colour[0] + 0.6 * colour[1] + 0.1 * colour[2] >= 0.5


def _marked(note: pikepdf.Object, place: Rect) -> Rect:
    """Returns how far a reader's highlight reaches, which some programs keep without a picture (12.5.6.10)."""
    corners = numbers(entry(note, "/QuadPoints"))
    if not corners or len(corners) % 8 or max(map(abs, corners)) > max(map(abs, place)) + _MARGIN:
        return EVERYWHERE
    xs, ys = (*corners[::2], *place[::2]), (*corners[1::2], *place[1::2])
    return min(xs), min(ys), max(xs), max(ys)


def _has_picture(note: pikepdf.Object, place: Rect) -> bool:
    """Tells whether there is one appearance, the normal one, with a box."""
    looks = note["/AP"]
    look = entry(looks, "/N") if len(looks) == 1 else None  # others are for the pointer over it
    box = box_of(entry(look, "/BBox")) if isinstance(look, pikepdf.Stream) else None
    if look is None or box is None:
        return False
    a, b, c, d, *_ = numbers(entry(look, "/Matrix")) or (1, 0, 0, 1)
    width, height = box[2] - box[0], box[3] - box[1]
    # One that has to be stretched from next to nothing is left out by some.
    sides = abs(a) * width + abs(c) * height, abs(b) * width + abs(d) * height
    return all(
        side > _LEAST and far - near < _STRETCHED * side
        for side, near, far in zip(sides, place[:2], place[2:], strict=True)
    )
