"""What of a page's characters a reader can see, found out by drawing the page with and without them.

One test covers text that is invisible, transparent, white on white, clipped, on a hidden layer, or under something that
was drawn later, whatever means were used. What it cannot tell: a font whose glyphs are not the characters they claim to
be. Contrast is judged in grey.
"""

from __future__ import annotations

import ctypes
import math
import time
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import pypdfium2_raw as pdfium

from pithtex.catalogue import finding
from pithtex.findings import Finding, Rect
from pithtex.limits import (
    MAX_DRAWING_LAYERS,
    MAX_DRAWING_PIXELS,
    MAX_DRAWING_SECONDS,
    MAX_PAGES_SECONDS,
)
from pithtex.pdf.appearance.annotations import Cover
from pithtex.pdf.text.chars import Char
from pithtex.pdf.text.legible import crowded, differing, disturbed
from pithtex.pdf.text.pdfium import render

_CONTRAST: Final = 40
"""Of 255: how much one pixel of a character must differ from the page without it. Light grey watermarks stay under."""
_ROWS: Final = 6
"""Rows of a character's box that are compared; it has about fourteen."""
_NARROW: Final = 4
"""Pixels: a box that is no wider has no left and right."""
_ALIGNED: Final = 4
"""Bytes: PDFium wants rows of a multiple of these."""
_RIM: Final = 2
"""Pixels around what is looked at: a narrow letter's stem may stand beside its box."""
_SCALE: Final = 2.0
"""Pixels a point: a stroke of 8-point type covers about one pixel."""


_Pixels = tuple[int, int, int, int]
"""Of the drawn page: left, top, right, bottom, the latter two exclusive."""
_Placed = tuple[Char, _Pixels]
"""A character, and the pixels of its box."""
_Line = Sequence[_Placed]


class Seen(NamedTuple):
    """What of some characters a reader sees, each by its `id`."""

    legible: set[int]
    painted: set[int]
    """Those and the ones that are seen, and cannot be read: on each other, or on something else."""
    complete: bool
    """Whether all were looked at: or what is not among them may be visible."""


class Clock:
    """How much computing is left for the pages of one file."""

    def __init__(self) -> None:
        self._until = time.thread_time() + MAX_PAGES_SECONDS

    @property
    def left(self) -> float:
        """Seconds; negative when they are over."""
        return self._until - time.thread_time()


def seen(
    page: Any,
    box: Rect,
    groups: Sequence[Sequence[Sequence[Char]]],
    number: int,
    *,
    over: Cover,
    least: float = 0.0,
    clock: Clock,
    findings: list[Finding],
) -> Seen:
    """Finds the characters whose removal changes the drawn page where they stand.

    Text that overlaps other text is removed in a drawing of its own, or a covered line would be taken for visible
    because of the line above it. What is seen only with annotations is not: readers may print or show none.

    Args:
        page: the page.
        box: its crop box.
        groups: its lines; what lies far apart is best given in groups, of which each is drawn alone.
        number: the page's, 1-based.
        over: what lies over the page.
        least: of horizontal type smaller than that it is of no interest whether it can be read.
        clock: the time left.
        findings: where to add that it was too much.
    """
    canvas = _Canvas(page, box, time.thread_time() + min(MAX_DRAWING_SECONDS, clock.left))
    legible: list[Char] = []
    painted: list[Char] = []
    complete = True
    for runs in groups:
        layers, all_placed = _layers([[(c, canvas.pixels(c.box)) for c in run] for run in runs])
        complete = complete and all_placed
        shown, readable = _shown(canvas, layers, least)
        painted += shown
        if over.pictures:
            alone = {id(char) for char in _shown(canvas, layers, least, notes=False)[1]}
            readable = [char for char in readable if id(char) in alone]
        legible += readable
    if canvas.failed:
        complete = _unseen(number, findings)
    elif over.rects:
        legible, painted = ([c for c in chars if not _under(c.box, over.rects)] for chars in (legible, painted))
    return Seen(set(map(id, legible)), set(map(id, painted)), complete)


def _unseen(number: int, findings: list[Finding]) -> bool:
    message = "drawing the page failed or took too long, so that text on it counts as not visible"
    findings.append(finding("channel-limit", message, where=f"page {number}"))
    return False


def _under(box: Rect, over: Sequence[Rect]) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return any(rect[0] <= x <= rect[2] and rect[1] <= y <= rect[3] for rect in over)


def _shown(
    canvas: _Canvas, layers: Sequence[Sequence[_Line]], least: float, *, notes: bool = True
) -> tuple[list[Char], list[Char]]:
    """The characters that are seen in a drawing with, and not in one without them; and those that can be read, too."""
    window = canvas.window([pixels for layer in layers for line in layer for _, pixels in line])
    full = canvas.draw(window, notes)
    painted: list[Char] = []
    readable: list[Char] = []
    for layer in layers if full is not None else ():
        styles = {id(style): style for style in (char.style for line in layer for char, _ in line)}.values()
        for style in styles:
            pdfium.FPDFPageObj_SetIsActive(style.handle, False)
        without = canvas.draw(window, notes)
        for style in styles:
            pdfium.FPDFPageObj_SetIsActive(style.handle, True)
        if full is not None and without is not None:
            pair = _Pair(full, without, window)
            for line in layer:
                found = [char for char, pixels in line if pair.differs(*pixels)]
                painted += found
                style = line[0][0].style
                if (style.angle == 0 and style.size < least) or _readable(line, pair):
                    readable += found
    return painted, readable


def _readable(line: _Line, pair: _Pair) -> bool:
    return not (pair.busy([pixels for _, pixels in line]) or crowded([char for char, _ in line]))


def _layers(runs: Sequence[_Line]) -> tuple[list[list[_Line]], bool]:
    """Distributes lines to layers in which none overlaps another, and says whether all found a place."""
    complete = True
    layers: list[list[_Line]] = []
    taken: list[dict[int, int]] = []
    same: dict[tuple[str, int, int], int] = {}
    for run in runs:
        # The same text printed over itself, a poor man's bold, is one line.
        first = run[0][0]
        key = ("".join([chr(c.code) for c, _ in run]), round(first.x / 2), round(first.y / 2))
        rows = _rows(run)
        index = same.get(key)
        if index is None:
            free = (i for i, used in enumerate(taken) if not any(used.get(y, 0) & m for y, m in rows.items()))
            index = next(free, len(layers))
        if index == MAX_DRAWING_LAYERS:
            complete = False
            continue
        if index == len(layers):
            layers.append([])
            taken.append({})
        same[key] = index
        layers[index].append(run)
        for y, mask in rows.items():
            taken[index][y] = taken[index].get(y, 0) | mask
    return layers, complete


def _rows(run: _Line) -> dict[int, int]:
    """The pixels of a line, as one bit mask a row. A rim is left out: neighbours may touch.

    What is between its letters is its own as well: another line's letters there make it unreadable (`_Pair.busy`).
    """
    bands: dict[tuple[int, int], tuple[int, int]] = {}  # most characters of a line are as high as others of it
    for _, (x0, y0, x1, y1) in run:
        left, right = bands.get((y0, y1), (x0, x1))
        bands[y0, y1] = min(left, x0), max(right, x1)
    rows: dict[int, int] = {}
    for (y0, y1), (left, right) in bands.items():
        mask = ((1 << max(right - left - 2, 0)) - 1) << (left + 1)
        for y in range(y0 + 1, y1 - 1):
            rows[y] = rows.get(y, 0) | mask
    return rows


class _Canvas:
    """Draws a page in grey, unrotated, its crop box at `scale` pixels a point."""

    def __init__(self, page: Any, box: Rect, until: float) -> None:
        self._page = page
        self._left, self._top = box[0], box[3]
        width, height = max(box[2] - box[0], 1.0), max(box[3] - box[1], 1.0)
        self.scale = min(_SCALE, math.sqrt(MAX_DRAWING_PIXELS / (width * height)))
        self.width, self.height = math.ceil(width * self.scale), math.ceil(height * self.scale)
        self.failed = False
        self._until = until
        self._across, self._down = self.width / width, self.height / height

    def window(self, places: Iterable[_Pixels]) -> _Pixels:
        """The part of the page in which some boxes lie, with a rim, and of a width that PDFium has rows of."""
        edges = list(zip(*places, strict=True)) or [(0,)] * 4
        left, top = max(min(edges[0]) - _RIM, 0), max(min(edges[1]) - _RIM, 0)
        right, bottom = min(max(edges[2]) + _RIM, self.width), min(max(edges[3]) + _RIM, self.height)
        width = -(-max(right - left, 1) // _ALIGNED) * _ALIGNED
        return left, top, left + width, max(bottom, top + 1)

    def draw(self, window: _Pixels, notes: bool) -> bytearray | None:
        """Draws a part of the page, with its annotations, which may cover text as well, or without.

        Returns:
            One byte a pixel, without padding; None if it can't be drawn. What lies beyond the page is white.
        """
        if self.failed:
            return None
        left, top, right, bottom = window
        width, height = right - left, bottom - top
        pixels = bytearray(width * height)
        memory = (ctypes.c_char * len(pixels)).from_buffer(pixels)
        bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_Gray, memory, width)
        if not bitmap:
            self.failed = True
            return None
        rotation = pdfium.FPDFPage_GetRotation(self._page)
        try:
            pdfium.FPDFPage_SetRotation(self._page, 0)
            self.failed = not render(
                bitmap, self._page, (-left, -top, self.width, self.height), self._until, notes=notes
            )
        finally:
            pdfium.FPDFPage_SetRotation(self._page, rotation)
            pdfium.FPDFBitmap_Destroy(bitmap)
        return None if self.failed else pixels

    def pixels(self, box: Rect) -> _Pixels:
        """The pixels of a box: left, top, right, bottom, the latter two exclusive."""
        x0 = math.floor((box[0] - self._left) * self._across)
        x1 = math.ceil((box[2] - self._left) * self._across)
        y0 = math.floor((self._top - box[3]) * self._down)
        y1 = math.ceil((self._top - box[1]) * self._down)
        if x0 >= 0 and y0 >= 0 and x1 <= self.width and y1 <= self.height:
            return x0, y0, x1, y1
        return max(x0, 0), max(y0, 0), min(x1, self.width), min(y1, self.height)


class _Pair:
    """A drawing of a part of a page, and one without some of its text."""

    def __init__(self, full: bytearray, without: bytearray, window: _Pixels) -> None:
        self._full, self._without = full, without
        self._left, self._top, right, _ = window
        self._width = right - self._left
        # Where nothing else is drawn in a row of pixels, what is dark enough is the text's: found without comparing.
        self._dark = full.translate(differing(255, _CONTRAST))
        white = b"\xff" * self._width
        self._blank = [without.startswith(white, start) for start in range(0, len(without), self._width)]

    def differs(self, x0: int, y0: int, x1: int, y1: int) -> bool:
        """Whether the two differ visibly in a quarter of the rows of a box of pixels, and in both halves of its width.

        A letter's box is the letter's own: what shows through a slit in a cover is no letter.
        """
        x0, y0, x1, y1 = x0 - self._left, y0 - self._top, x1 - self._left, y1 - self._top
        if x1 - x0 > _NARROW:
            middle = x0 + (x1 - x0) // 2
        else:  # small glyphs are drawn at whole pixels, so that a stem may stand beside its box
            x0, middle, x1 = max(x0 - 1, 0), min(x1 + 1, self._width), min(x1 + 1, self._width)
        find, blank, stride = self._dark.find, self._blank, self._width
        # A few rows settle most letters; those with arms, like L, need all.
        for step in (max((y1 - y0) // _ROWS, 1), 1):
            rows = range(y0, y1, step)
            wanted, left, right = -(-len(rows) // 4), False, middle == x1
            for y in rows:
                start = y * stride
                if blank[y]:
                    at_left = find(1, start + x0, start + middle) >= 0
                    at_right = not (at_left and right) and find(1, start + middle, start + x1) >= 0
                else:
                    at_left = self._differ(start + x0, start + middle)
                    at_right = not (at_left and right) and self._differ(start + middle, start + x1)
                left, right = left or at_left, right or at_right
                wanted -= at_left or at_right
                if wanted <= 0 and left and right:
                    return True
        return False

    def busy(self, boxes: Sequence[_Pixels]) -> bool:
        """Whether something else is drawn where a line of text stands, so that it cannot be read."""
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        left, right = min(lefts) - self._left, max(rights) - self._left
        top, bottom = min(tops) - self._top, max(bottoms) - self._top
        if all(self._blank[top:bottom]) or left >= right:
            return False
        rows = [slice(y * self._width + left, y * self._width + right) for y in range(top, bottom)]
        without = [bytes(self._without[row]) for row in rows]
        if not any(row.strip(without[0][:1]) for row in without):
            return False
        full = [bytes(self._full[row]) for row in rows]
        letters = ((box[0] - self._left - left, box[2] - self._left - left) for box in boxes)
        return disturbed(full, without, letters, _CONTRAST)

    def _differ(self, start: int, end: int) -> bool:
        """Whether any pixel of two strips of a row differs by as much as a character must."""
        one, other = self._full[start:end], self._without[start:end]
        return one != other and any(abs(p - q) >= _CONTRAST for p, q in zip(one, other, strict=True))
