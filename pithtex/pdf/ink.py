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
from typing import Any, Final

import pypdfium2_raw as pdfium

from pithtex.findings import Finding, finding
from pithtex.limits import (
    MAX_DRAWING_LAYERS,
    MAX_DRAWING_PIXELS,
    MAX_DRAWING_SECONDS,
    MAX_PAGES_SECONDS,
)
from pithtex.pdf.chars import Char
from pithtex.pdf.covers import covers
from pithtex.pdf.engine import pause_at, render
from pithtex.pdf.evidence import Rect

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
_DARK: Final = bytes(255 - value >= _CONTRAST for value in range(256))
"""Of each grey, whether it differs visibly from white."""
_SCALE: Final = 2.0
"""Pixels a point: a stroke of 8-point type covers about one pixel."""


_Pixels = tuple[int, int, int, int]
"""Of the drawn page: left, top, right, bottom, the latter two exclusive."""
_Placed = tuple[Char, _Pixels]
"""A character, and the pixels of its box."""


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
    clock: Clock,
    findings: list[Finding],
) -> tuple[set[int], bool]:
    """The characters (by `id`) whose removal changes the drawn page where they stand.

    Text that overlaps other text is removed in a drawing of its own, or a covered line would be taken for visible
    because of the line above it. Under an annotation that isn't drawn here nothing is seen.

    Args:
        page: the page.
        box: its crop box.
        groups: its lines; what lies far apart is best given in groups, of which each is drawn alone.
        number: the page's, 1-based.
        clock: the time left.
        findings: where to add that it was too much.

    Returns:
        The characters, and whether all were looked at: with False, what is not among them may be visible.
    """
    over = covers(page)
    if over is None:
        return set(), _unseen(number, findings)
    canvas = _Canvas(page, box, time.thread_time() + min(MAX_DRAWING_SECONDS, clock.left))
    found: list[Char] = []
    complete = True
    for runs in groups:
        layers, all_placed = _layers([[(c, canvas.pixels(c.box)) for c in run] for run in runs])
        complete = complete and all_placed
        found += _shown(canvas, layers)
    if canvas.failed:
        return {id(c) for c in found}, _unseen(number, findings)
    return {id(c) for c in found if not (over and _under(c.box, over))}, complete


def _unseen(number: int, findings: list[Finding]) -> bool:
    message = "drawing the page failed or took too long, so that text on it counts as not visible"
    findings.append(finding("channel-limit", message, where=f"page {number}"))
    return False


def _under(box: Rect, over: Sequence[Rect]) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return any(rect[0] <= x <= rect[2] and rect[1] <= y <= rect[3] for rect in over)


def _shown(canvas: _Canvas, layers: Sequence[Sequence[_Placed]]) -> list[Char]:
    """The characters that are seen in a drawing with, and not in one without them."""
    window = canvas.window([pixels for layer in layers for _, pixels in layer])
    full = canvas.draw(window)
    found: list[Char] = []
    for layer in layers if full is not None else ():
        styles = {id(style): style for style in (char.style for char, _ in layer)}.values()
        for style in styles:
            pdfium.FPDFPageObj_SetIsActive(style.handle, False)
        without = canvas.draw(window)
        for style in styles:
            pdfium.FPDFPageObj_SetIsActive(style.handle, True)
        if full is not None and without is not None:
            differs = _Pair(full, without, window).differs
            found += [char for char, pixels in layer if differs(*pixels)]
    return found


def _layers(runs: Sequence[Sequence[_Placed]]) -> tuple[list[list[_Placed]], bool]:
    """Distributes lines to layers in which none overlaps another, and says whether all found a place."""
    complete = True
    layers: list[list[_Placed]] = []
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
        layers[index] += run
        for y, mask in rows.items():
            taken[index][y] = taken[index].get(y, 0) | mask
    return layers, complete


def _rows(run: Sequence[_Placed]) -> dict[int, int]:
    """The pixels of a line, as one bit mask a row. A rim is left out: neighbours may touch."""
    bands: dict[tuple[int, int], int] = {}  # most characters of a line are as high as others of it
    for _, (x0, y0, x1, y1) in run:
        width = x1 - x0 - 2
        if width > 0:
            bands[y0, y1] = bands.get((y0, y1), 0) | ((1 << width) - 1) << (x0 + 1)
    rows: dict[int, int] = {}
    for (y0, y1), mask in bands.items():
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
        self._pause = pause_at(until)
        self._across, self._down = self.width / width, self.height / height

    def window(self, places: Iterable[_Pixels]) -> _Pixels:
        """The part of the page in which some boxes lie, with a rim, and of a width that PDFium has rows of."""
        edges = list(zip(*places, strict=True)) or [(0,)] * 4
        left, top = max(min(edges[0]) - _RIM, 0), max(min(edges[1]) - _RIM, 0)
        right, bottom = min(max(edges[2]) + _RIM, self.width), min(max(edges[3]) + _RIM, self.height)
        width = -(-max(right - left, 1) // _ALIGNED) * _ALIGNED
        return left, top, left + width, max(bottom, top + 1)

    def draw(self, window: _Pixels) -> bytearray | None:
        """Draws a part of the page with its annotations, which may cover text as well.

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
            self.failed = not render(bitmap, self._page, (-left, -top, self.width, self.height), self._pause)
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
        self._dark = full.translate(_DARK)
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

    def _differ(self, start: int, end: int) -> bool:
        """Whether any pixel of two strips of a row differs by as much as a character must."""
        one, other = self._full[start:end], self._without[start:end]
        return one != other and any(abs(p - q) >= _CONTRAST for p, q in zip(one, other, strict=True))
