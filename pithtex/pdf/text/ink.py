"""What of a page's characters a reader can see, found out by drawing the page with and without them.

One test covers text that is invisible, transparent, white on white, clipped, on a hidden layer, or under something that
was drawn later, whatever means were used. What it cannot tell: a font whose glyphs are not the characters they claim to
be. Contrast is judged in grey.
"""

from __future__ import annotations

import ctypes
import math
import operator
import time
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from typing import Any, Final

from pithtex.catalogue import finding
from pithtex.findings import Finding, Rect
from pithtex.limits import (
    MAX_DRAWING_PIXELS,
    MAX_DRAWING_SECONDS,
    MAX_PAGES_SECONDS,
)
from pithtex.pdf.appearance.annotations import Cover
from pithtex.pdf.text import library as pdfium
from pithtex.pdf.text.chars import Letters
from pithtex.pdf.text.drawn_text import objects_of
from pithtex.pdf.text.layers import Boxes, Placed, layers_of
from pithtex.pdf.text.legible import crowded
from pithtex.pdf.text.pairs import Pair
from pithtex.pdf.text.pdfium import render
from pithtex.pdf.text.shapes import Pixels, words_of_ink
from pithtex.structs import NamedTuple

_ALIGNED: Final = 4
"""Bytes: PDFium wants rows of a multiple of these."""
_SCALE: Final = 2.0
"""Pixels a point: a stroke of 8-point type covers about one pixel."""
_set_active: Final = pdfium.FPDFPageObj_SetIsActive


class Seen(NamedTuple):
    """What of some lines a reader sees: of each line a flag for each character."""

    legible: Sequence[bytes]
    painted: Sequence[bytes]
    """Those and the ones that are seen, and cannot be read: on each other, or on something else."""
    complete: bool
    """Whether all were looked at: or what is not among them may be visible."""
    shapes: tuple[Rect, ...] = ()
    """Where ink that is not text has the shape of words."""


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
    runs: Sequence[Letters],
    number: int,
    *,
    text: Mapping[int, bool],
    over: Cover,
    clock: Clock,
    findings: list[Finding],
) -> Seen:
    """Finds the characters whose removal changes the drawn page where they stand.

    The whole page is drawn, always at one scale: of a part alone, PDFium leaves out what says that it is elsewhere. The
    page as it is must be what the lines alone give on the page without any text; where it is not, or where lines
    overlap, each is removed in a drawing of its own. What is seen only with annotations is not: readers may print or
    show none.

    Args:
        page: the page.
        box: its crop box.
        runs: its lines.
        number: the page's, 1-based.
        text: all text objects of the page, and of each whether it is known what its characters are.
        over: what lies over the page.
        clock: the time left.
        findings: where to add that it was too much.
    """
    canvas = _Canvas(page, box, text, time.thread_time() + min(MAX_DRAWING_SECONDS, clock.left))
    layers, complete = layers_of([Placed(place, run, canvas.boxes(run)) for place, run in enumerate(runs)])
    nothing = [bytes(len(run)) for run in runs]
    painted, legible = _shown(canvas, layers, text, nothing)
    if over.pictures:
        legible = _both(legible, _shown(canvas, layers, text, nothing, notes=False)[1])
    shapes = canvas.shapes()
    if canvas.failed:
        complete = _unseen(number, findings)
    elif over.rects:
        clear = [_beside(run, over.rects) for run in runs]
        legible, painted = _both(legible, clear), _both(painted, clear)
    return Seen(legible, painted, complete, shapes)


def _unseen(number: int, findings: list[Finding]) -> bool:
    message = "drawing the page failed or took too long, so its text counts as not visible"
    findings.append(finding("channel-limit", message, where=f"page {number}"))
    return False


def _both(one: Sequence[bytes], other: Sequence[bytes]) -> list[bytes]:
    return [bytes(map(operator.and_, *flags)) for flags in zip(one, other, strict=True)]


def _beside(run: Letters, over: Sequence[Rect]) -> bytes:
    """Of each character whether its middle lies under none of some rectangles."""
    xs = [(left + right) / 2 for left, right in zip(run.left, run.right, strict=True)]
    ys = [(bottom + top) / 2 for bottom, top in zip(run.bottom, run.top, strict=True)]
    return bytes(
        not any(rect[0] <= x <= rect[2] and rect[1] <= y <= rect[3] for rect in over)
        for x, y in zip(xs, ys, strict=True)
    )


def _shown(
    canvas: _Canvas,
    layers: Sequence[Sequence[Placed]],
    text: Mapping[int, bool],
    nothing: Sequence[bytes],
    *,
    notes: bool = True,
) -> tuple[list[bytes], list[bytes]]:
    """Returns the characters seen in a drawing with them and not in one without; and those that can be read."""
    painted, readable = list(nothing), list(nothing)
    full = canvas.draw(notes=notes)
    alone = _alone(canvas, full, layers[0], text, notes) if len(layers) == 1 and full is not None else None
    for layer in layers if full is not None else ():
        without = canvas.draw(_objects(layer), notes=notes) if alone is None else alone
        if full is not None and without is not None:
            pair = Pair(full, without, canvas.width)
            for place, run, boxes in layer:
                painted[place], free = pair.look(boxes)
                if free and not crowded(run):
                    readable[place] = painted[place]
    return painted, readable


def _alone(
    canvas: _Canvas, full: bytearray, lines: Sequence[Placed], text: Mapping[int, bool], notes: bool
) -> bytearray | None:
    """Returns the page without text, if some lines alone on it are what is drawn of the page where they stand."""
    others = text.keys() - _objects(lines)
    only = canvas.draw(others, notes=notes) if others else full
    if only is None or not (only is full or all(_same(full, only, canvas.width, line.boxes.around) for line in lines)):
        return None
    return canvas.ground(notes=notes)


def _objects(lines: Sequence[Placed]) -> set[int]:
    return {style.address for _, run, _ in lines for style, _ in groupby(run.styles)}


def _same(one: bytearray, other: bytearray, width: int, place: Pixels) -> bool:
    """Tells whether two drawings are the same in a place."""
    left, top, right, bottom = place
    rows = (slice(y * width + left, y * width + right) for y in range(top, bottom))
    return all(one[row] == other[row] for row in rows)


class _Canvas:
    """Draws a page in grey, whole and unrotated, its crop box at `scale` pixels a point."""

    def __init__(self, page: Any, box: Rect, text: Mapping[int, bool], until: float) -> None:
        self._page = page
        self._text = text
        self._left, self._top = box[0], box[3]
        width, height = max(box[2] - box[0], 1.0), max(box[3] - box[1], 1.0)
        self.scale = min(_SCALE, math.sqrt(MAX_DRAWING_PIXELS / (width * height)))
        # A width that PDFium has rows of: what lies beyond the page is white.
        self._size = math.ceil(width * self.scale), math.ceil(height * self.scale)
        self.width, self.height = -(-self._size[0] // _ALIGNED) * _ALIGNED, self._size[1]
        self.failed = False
        self._until = until
        self._across, self._down = self._size[0] / width, self._size[1] / height
        self._drawn: dict[tuple[frozenset[int], bool], bytearray | None] = {}
        # What is drawn of the page: nothing, where all of it is text that is hidden.
        self._objects = objects_of(page)
        self._notes = pdfium.FPDFPage_GetAnnotCount(page) > 0

    def draw(self, hidden: Iterable[int] = (), *, notes: bool = True) -> bytearray | None:
        """Draws the page without some of its text objects, with or without its annotations, which may cover text.

        Returns:
            One byte a pixel, without padding; None if it can't be drawn.
        """
        key = (frozenset(hidden), notes)
        if self._is_blank(*key):
            return self._white
        if key not in self._drawn and not self.failed:
            for address in key[0]:
                _set_active(address, False)
            self._drawn[key] = self._draw(notes)
            for address in key[0]:
                _set_active(address, True)
        return self._drawn.get(key)

    def _is_blank(self, hidden: frozenset[int], notes: bool) -> bool:
        """Tells whether there is nothing left to draw."""
        return self._objects <= hidden and not (notes and self._notes)

    @cached_property
    def _white(self) -> bytearray:
        return bytearray(b"\xff") * (self.width * self.height)

    def ground(self, *, notes: bool = True) -> bytearray | None:
        """Returns the page without any text."""
        return self.draw(self._text, notes=notes)

    def shapes(self) -> tuple[Rect, ...]:
        """Returns where ink that is not text has the shape of words; below what is too much to look at, everywhere."""
        known = frozenset(address for address, known in self._text.items() if known)
        picture = None if self._is_blank(known, True) else self.draw(known)
        if picture is None:
            return ()
        # Where titles stand, unless the page is turned.
        upper = self.height if pdfium.FPDFPage_GetRotation(self._page) else self.height * 2 // 3
        words, end = words_of_ink(picture[: self.width * upper], self.width, max(round(self.scale), 1))
        if end < upper:
            words.append((0, end, self.width, self.height))
        return tuple(
            (
                self._left + left / self._across,
                self._top - bottom / self._down,
                self._left + right / self._across,
                self._top - top / self._down,
            )
            for left, top, right, bottom in words
        )

    def _draw(self, notes: bool) -> bytearray | None:
        pixels = bytearray(self.width * self.height)
        memory = (ctypes.c_char * len(pixels)).from_buffer(pixels)
        bitmap = pdfium.FPDFBitmap_CreateEx(self.width, self.height, pdfium.FPDFBITMAP_GRAY, memory, self.width)
        if not bitmap:
            self.failed = True
            return None
        rotation = pdfium.FPDFPage_GetRotation(self._page)
        try:
            if rotation:
                pdfium.FPDFPage_SetRotation(self._page, 0)
            self.failed = not render(bitmap, self._page, (0, 0, *self._size), self._until, notes=notes)
        finally:
            if rotation:
                pdfium.FPDFPage_SetRotation(self._page, rotation)
            pdfium.FPDFBitmap_Destroy(bitmap)
        return None if self.failed else pixels

    def boxes(self, run: Letters) -> Boxes:
        """Returns the pixels of each character of a line."""
        left, top, across, down = self._left, self._top, self._across, self._down
        x0 = list(map(math.floor, [(x - left) * across for x in run.left]))
        x1 = list(map(math.ceil, [(x - left) * across for x in run.right]))
        y0 = list(map(math.floor, [(top - y) * down for y in run.top]))
        y1 = list(map(math.ceil, [(top - y) * down for y in run.bottom]))
        around = min(x0), min(y0), max(x1), max(y1)
        if min(around) < 0 or around[2] > self.width or around[3] > self.height:
            x0, y0 = ([max(place, 0) for place in column] for column in (x0, y0))
            x1, y1 = [min(x, self.width) for x in x1], [min(y, self.height) for y in y1]
            around = min(x0), min(y0), max(x1), max(y1)
        return Boxes(x0, y0, x1, y1, around)
