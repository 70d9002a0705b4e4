"""What of a page's characters a reader can see, found out by drawing the page with and without them.

One test covers text that is invisible, transparent, white on white, clipped, on a hidden layer, or under something that
was drawn later, whatever means were used. What it cannot tell: a font whose glyphs are not the characters they claim to
be. Contrast is judged in grey.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Sequence
from typing import Any, Final

import pypdfium2_raw as pdfium

from pithtex.findings import Finding, finding
from pithtex.limits import MAX_DRAWING_LAYERS, MAX_DRAWING_PIXELS, MAX_DRAWING_SECONDS
from pithtex.pdf.chars import Char
from pithtex.pdf.engine import pause_after, render
from pithtex.pdf.evidence import Rect

_CONTRAST: Final = 40
"""Of 255: how much one pixel of a character must differ from the page without it. Light grey watermarks stay under."""
_SCALE: Final = 2.0
"""Pixels a point: a stroke of 8-point type covers about one pixel."""


def seen(page: Any, box: Rect, runs: Sequence[Sequence[Char]], number: int, findings: list[Finding]) -> set[int]:
    """The characters (by `id`) whose removal changes the drawn page where they stand.

    Text that overlaps other text is removed in a drawing of its own, or a covered line would be taken for visible
    because of the line above it.
    """
    canvas = _Canvas(page, box)
    full = canvas.draw()
    found: set[int] = set()
    for layer in _layers(runs, canvas) if full is not None else ():
        handles = {ctypes.addressof(c.style.handle.contents): c.style.handle for c in layer}
        for handle in handles.values():
            pdfium.FPDFPageObj_SetIsActive(handle, False)
        without = canvas.draw()
        for handle in handles.values():
            pdfium.FPDFPageObj_SetIsActive(handle, True)
        if full is not None and without is not None:
            found |= {id(c) for c in layer if canvas.differs(full, without, c.box)}
    if canvas.failed:
        message = "drawing the page failed or took too long, so that text on it counts as not visible"
        findings.append(finding("channel-limit", message, where=f"page {number}"))
    return found


def _layers(runs: Sequence[Sequence[Char]], canvas: _Canvas) -> list[list[Char]]:
    """Distributes lines to layers in which none overlaps another. What finds no place in the last is given up."""
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
            continue
        if index == len(layers):
            layers.append([])
            taken.append({})
        same[key] = index
        layers[index] += run
        for y, mask in rows.items():
            taken[index][y] = taken[index].get(y, 0) | mask
    return layers


def _rows(run: Sequence[Char], canvas: _Canvas) -> dict[int, int]:
    """The pixels of a line, as one bit mask a row. A rim is left out: neighbours may touch."""
    rows: dict[int, int] = {}
    for char in run:
        x0, y0, x1, y1 = canvas.pixels(char.box, rim=1)
        if x1 > x0:
            mask = ((1 << (x1 - x0)) - 1) << x0
            for y in range(y0, y1):
                rows[y] = rows.get(y, 0) | mask
    return rows


class _Canvas:
    """Draws a page in grey, unrotated, its crop box at `scale` pixels a point."""

    def __init__(self, page: Any, box: Rect) -> None:
        self._page = page
        self._left, self._top = box[0], box[3]
        width, height = max(box[2] - box[0], 1.0), max(box[3] - box[1], 1.0)
        self.scale = min(_SCALE, math.sqrt(MAX_DRAWING_PIXELS / (width * height)))
        self.width, self.height = math.ceil(width * self.scale), math.ceil(height * self.scale)
        self.failed = False
        self._pause = pause_after(MAX_DRAWING_SECONDS)
        self._exact = width * self.scale / self.width, height * self.scale / self.height

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
        x0 = math.floor((box[0] - self._left) * self.scale / self._exact[0]) + rim
        x1 = math.ceil((box[2] - self._left) * self.scale / self._exact[0]) - rim
        y0 = math.floor((self._top - box[3]) * self.scale / self._exact[1]) + rim
        y1 = math.ceil((self._top - box[1]) * self.scale / self._exact[1]) - rim
        return max(x0, 0), max(y0, 0), min(x1, self.width), min(y1, self.height)

    def differs(self, one: bytes, other: bytes, box: Rect) -> bool:
        """Whether two drawings differ visibly in a box."""
        x0, y0, x1, y1 = self.pixels(box)
        for y in range(y0, y1):
            start = y * self.width
            a, b = one[start + x0 : start + x1], other[start + x0 : start + x1]
            if a != b and any(abs(p - q) >= _CONTRAST for p, q in zip(a, b, strict=True)):
                return True
        return False
