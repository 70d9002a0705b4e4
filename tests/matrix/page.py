"""What stands where on the pages of a PDF: characters, the badge, and ink."""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

Rect = tuple[float, float, float, float]
"""Left, bottom, right, top, in points."""

_SCALE: Final = 4
"""Pixels a point when ink is looked for."""
_FRAME: Final = 4.0
"""Points from the badge's text to the outside of its frame, a little more than they are."""
_GAP: Final = (0.5, 1.0)
"""Points outside the badge's frame: a ring that must be of one colour. Whatever crosses the frame crosses it."""
_SHADES: Final = 8
"""Of 255: how much the ring's pixels may differ."""


@dataclass(frozen=True, slots=True)
class Char:
    """A character that is printed."""

    code: int
    box: Rect


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """One badge on a page."""

    page: int
    rect: Rect
    """Its link's, or where there is none, about that of its frame."""
    linked: bool
    chars: tuple[int, ...]
    """Places of its characters among the page's."""


class Document:
    """A compiled paper."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._pdf = pypdfium2.PdfDocument(path)
        self.pages = [list(_chars(page)) for page in self._pdf]

    def close(self) -> None:
        """Gives the file back."""
        self._pdf.close()

    def size(self, page: int = 1) -> Rect:
        """The page as it is shown, boxes of the page tree taken into account."""
        box: Rect = self._pdf[page - 1].get_bbox()
        return box

    def badges(self, text: str) -> list[Badge]:
        """Every place where a page says `text`, with the link over it."""
        links = _links(self.path)
        found = []
        for number, chars in enumerate(self.pages, 1):
            said = "".join(chr(char.code) for char in chars)
            at = said.find(text)
            while at >= 0:
                places = tuple(range(at, at + len(text)))
                box = _around([chars[i].box for i in places])
                link = next((rect for page, rect in links if page == number and _contains(rect, box)), None)
                grown = (box[0] - _FRAME, box[1] - _FRAME, box[2] + _FRAME, box[3] + _FRAME)
                found.append(Badge(page=number, rect=link or grown, linked=link is not None, chars=places))
                at = said.find(text, at + 1)
        return found

    def overlapped(self, badge: Badge) -> str:
        """The characters under or over a badge."""
        own = set(badge.chars)
        page = enumerate(self.pages[badge.page - 1])
        return "".join(chr(char.code) for index, char in page if index not in own and _meet(char.box, badge.rect))

    def clear_around(self, badge: Badge) -> bool:
        """Whether nothing that is drawn crosses the badge's frame."""
        page = self._pdf[badge.page - 1]
        crop = page.get_bbox()
        bitmap = page.render(scale=_SCALE, grayscale=True, may_draw_forms=False)
        pixels = bytes(bitmap.buffer)
        shades = set()
        for distance in range(int(_GAP[0] * _SCALE), int(_GAP[1] * _SCALE) + 1):
            left = int((badge.rect[0] - crop[0]) * _SCALE) - distance
            right = -int(-(badge.rect[2] - crop[0]) * _SCALE) + distance
            top = int((crop[3] - badge.rect[3]) * _SCALE) - distance
            bottom = -int(-(crop[3] - badge.rect[1]) * _SCALE) + distance
            ring = [(x, y) for x in range(left, right + 1) for y in (top, bottom)]
            ring += [(x, y) for y in range(top, bottom + 1) for x in (left, right)]
            shades |= {
                pixels[y * bitmap.stride + x] for x, y in ring if 0 <= x < bitmap.width and 0 <= y < bitmap.height
            }
        return max(shades, default=255) - min(shades, default=255) <= _SHADES

    def picture(self, path: Path, width: int) -> None:
        """Draws page 1 into a small PNG."""
        page = self._pdf[0]
        image = page.render(scale=width / page.get_width(), may_draw_forms=True).to_pil()
        image.quantize(16).save(path, optimize=True)


def moved(before: Document, after: Document, badge: Badge) -> str:
    """How the characters of two documents differ, badge left out; empty if not."""
    if len(before.pages) != len(after.pages):
        return f"{len(before.pages)} pages, now {len(after.pages)}"
    for number, (old, new) in enumerate(zip(before.pages, after.pages, strict=True), 1):
        own = set(badge.chars) if number == badge.page else set()
        rest = [char for index, char in enumerate(new) if index not in own]
        lost, more = Counter(map(_rounded, old)), Counter(map(_rounded, rest))
        if lost != more:
            which = sorted((lost - more) + (more - lost), key=lambda item: (-item[2], item[1]))
            return f"page {number}, for example '{chr(which[0][0])}' at ({which[0][1]}, {which[0][2]})"
    return ""


def damage(path: Path) -> list[str]:
    """What qpdf has to say about the file, without the folder that it lies in."""
    with pikepdf.open(path) as pdf:
        for thing in pdf.objects:  # reads every object, so that a duplicate key is noticed
            repr(thing)
        return [str(warning).replace(str(path), path.name) for warning in pdf.get_warnings()]


def _rounded(char: Char) -> tuple[int, float, float]:
    # Twentieths of a point: less than any change of a line, more than a driver's rounding.
    return char.code, round(char.box[0] * 20) / 20, round(char.box[1] * 20) / 20


def _chars(page: Any) -> Iterator[Char]:
    text = page.get_textpage()
    numbers = [ctypes.c_double() for _ in range(4)]
    for index in range(pdfium.FPDFText_CountChars(text)):
        code = pdfium.FPDFText_GetUnicode(text, index)
        if code <= 0x20 or code in (0xA0, 0xFFFE) or pdfium.FPDFText_IsGenerated(text, index) == 1:
            continue
        if pdfium.FPDFText_GetCharBox(text, index, *map(ctypes.byref, numbers)):
            left, right, bottom, top = (number.value for number in numbers)
            if right > left and top > bottom:
                yield Char(code, (left, bottom, right, top))


def _links(path: Path) -> list[tuple[int, Rect]]:
    found = []
    with pikepdf.open(path) as pdf:
        for number, page in enumerate(pdf.pages, 1):
            for annotation in page.get("/Annots", []):
                if "https://pith.science/pith/" in str(annotation.get("/A", pikepdf.Dictionary()).get("/URI", "")):
                    x0, y0, x1, y1 = (float(x) for x in annotation.Rect)
                    found.append((number, (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))))
    return found


def _around(boxes: list[Rect]) -> Rect:
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


def _contains(outer: Rect, inner: Rect) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def _meet(one: Rect, other: Rect) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
