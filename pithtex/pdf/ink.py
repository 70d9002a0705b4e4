"""What of a page's characters a reader can see, found out by drawing the page with and without them.

One test covers text that is invisible, transparent, white on white, clipped, on a hidden layer, or under something that
was drawn later, whatever means were used. What it cannot tell: a font whose glyphs are not the characters they claim to
be. Contrast is judged in grey.
"""

from __future__ import annotations

import ctypes
import math
import time
from collections.abc import Sequence
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
_DARK: Final = bytes(255 - value >= _CONTRAST for value in range(256))
"""Of each grey, whether it differs visibly from white."""
_SCALE: Final = 2.0
"""Pixels a point: a stroke of 8-point type covers about one pixel."""


class Clock:
    """How much computing is left for the pages of one file."""

    def __init__(self) -> None:
        self._until = time.thread_time() + MAX_PAGES_SECONDS

    @property
    def left(self) -> float:
        """Seconds; negative when they are over."""
        return self._until - time.thread_time()


def seen(
    page: Any, box: Rect, runs: Sequence[Sequence[Char]], number: int, *, clock: Clock, findings: list[Finding]
) -> tuple[set[int], bool]:
    """The characters (by `id`) whose removal changes the drawn page where they stand.

    Text that overlaps other text is removed in a drawing of its own, or a covered line would be taken for visible
    because of the line above it. Under an annotation that isn't drawn here nothing is seen.

    Returns:
        The characters, and whether all were looked at: with False, what is not among them may be visible.
    """
    over = covers(page)
    if over is None:
        return set(), _unseen(number, findings)
    canvas = _Canvas(page, box, time.thread_time() + min(MAX_DRAWING_SECONDS, clock.left))
    layers, complete = _layers(runs, canvas)
    found = _shown(canvas, layers)
    if canvas.failed:
        return found, _unseen(number, findings)
    return {id(c) for layer in layers for c in layer if id(c) in found and not _under(c.box, over)}, complete


def _unseen(number: int, findings: list[Finding]) -> bool:
    message = "drawing the page failed or took too long, so that text on it counts as not visible"
    findings.append(finding("channel-limit", message, where=f"page {number}"))
    return False


def _under(box: Rect, over: Sequence[Rect]) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return any(rect[0] <= x <= rect[2] and rect[1] <= y <= rect[3] for rect in over)


def _shown(canvas: _Canvas, layers: Sequence[Sequence[Char]]) -> set[int]:
    """The characters that are seen in a drawing with, and not in one without them."""
    full = canvas.draw()
    found: set[int] = set()
    for layer in layers if full is not None else ():
        handles = {ctypes.addressof(c.style.handle.contents): c.style.handle for c in layer}
        for handle in handles.values():
            pdfium.FPDFPageObj_SetIsActive(handle, False)
        without = canvas.draw()
        for handle in handles.values():
            pdfium.FPDFPageObj_SetIsActive(handle, True)
        if full is not None and without is not None:
            pair = _Pair(full, without, canvas.width)
            found |= {id(c) for c in layer if pair.differs(canvas.pixels(c.box))}
    return found


def _layers(runs: Sequence[Sequence[Char]], canvas: _Canvas) -> tuple[list[list[Char]], bool]:
    """Distributes lines to layers in which none overlaps another, and says whether all found a place."""
    complete = True
    layers: list[list[Char]] = []
    taken: list[dict[int, int]] = []
    same: dict[tuple[str, int, int], int] = {}
    for run in runs:
        # The same text printed over itself, a poor man's bold, is one line.
        key = ("".join(chr(c.code) for c in run), round(run[0].x / 2), round(run[0].y / 2))
        rows = _rows(run, canvas)
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


def _rows(run: Sequence[Char], canvas: _Canvas) -> dict[int, int]:
    """The pixels of a line, as one bit mask a row. A rim is left out: neighbours may touch."""
    bands: dict[tuple[int, int], int] = {}  # most characters of a line are as high as others of it
    for char in run:
        x0, y0, x1, y1 = canvas.pixels(char.box, rim=1)
        if x1 > x0:
            bands[y0, y1] = bands.get((y0, y1), 0) | ((1 << (x1 - x0)) - 1) << x0
    rows: dict[int, int] = {}
    for (y0, y1), mask in bands.items():
        for y in range(y0, y1):
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

    def draw(self) -> bytes | None:
        """Draws the page with its annotations, which may cover text as well; one byte a pixel, None if it can't be."""
        if self.failed:
            return None
        bitmap = pdfium.FPDFBitmap_CreateEx(self.width, self.height, pdfium.FPDFBitmap_Gray, None, 0)
        if not bitmap:
            self.failed = True
            return None
        rotation = pdfium.FPDFPage_GetRotation(self._page)
        try:
            pdfium.FPDFPage_SetRotation(self._page, 0)
            self.failed = not render(bitmap, self._page, self.width, self.height, self._pause)
            if self.failed:
                return None
            stride = pdfium.FPDFBitmap_GetStride(bitmap)
            raw = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * self.height)
        finally:
            pdfium.FPDFPage_SetRotation(self._page, rotation)
            pdfium.FPDFBitmap_Destroy(bitmap)
        if stride == self.width:
            return raw
        return b"".join(raw[y * stride : y * stride + self.width] for y in range(self.height))

    def pixels(self, box: Rect, *, rim: int = 0) -> tuple[int, int, int, int]:
        """The pixels of a box: left, top, right, bottom, the latter two exclusive."""
        x0 = math.floor((box[0] - self._left) * self._across) + rim
        x1 = math.ceil((box[2] - self._left) * self._across) - rim
        y0 = math.floor((self._top - box[3]) * self._down) + rim
        y1 = math.ceil((self._top - box[1]) * self._down) - rim
        if x0 >= 0 and y0 >= 0 and x1 <= self.width and y1 <= self.height:
            return x0, y0, x1, y1
        return max(x0, 0), max(y0, 0), min(x1, self.width), min(y1, self.height)


class _Pair:
    """A drawing of the page, and one without some of its text."""

    def __init__(self, full: bytes, without: bytes, width: int) -> None:
        self._full, self._without, self._width = full, without, width
        # Where nothing else is drawn in a row of pixels, what is dark enough is the text's: found without comparing.
        self._dark = full.translate(_DARK)
        white = b"\xff" * width
        self._blank = [without.startswith(white, start) for start in range(0, len(without), width)]

    def differs(self, pixels: tuple[int, int, int, int]) -> bool:
        """Whether the two differ visibly in a quarter of the rows of a box, and in both halves of its width.

        A letter's box is the letter's own: what shows through a slit in a cover is no letter.
        """
        x0, y0, x1, y1 = pixels
        middle = x0 + (x1 - x0) // 2 if x1 - x0 > _NARROW else x1
        # A few rows settle most letters; those with arms, like L, need all.
        for step in (max((y1 - y0) // _ROWS, 1), 1):
            rows = range(y0, y1, step)
            wanted, left, right = -(-len(rows) // 4), False, middle == x1
            for y in rows:
                at_left = self._differ(y, x0, middle)
                at_right = not (at_left and right) and self._differ(y, middle, x1)
                left, right = left or at_left, right or at_right
                wanted -= at_left or at_right
                if wanted <= 0 and left and right:
                    return True
        return False

    def _differ(self, y: int, x0: int, x1: int) -> bool:
        """Whether any pixel of two strips of a row differs by as much as a character must."""
        start = y * self._width
        if self._blank[y]:
            return self._dark.find(1, start + x0, start + x1) >= 0
        one, other = self._full[start + x0 : start + x1], self._without[start + x0 : start + x1]
        return one != other and any(abs(p - q) >= _CONTRAST for p, q in zip(one, other, strict=True))
