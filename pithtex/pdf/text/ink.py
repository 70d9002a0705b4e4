"""What of a page's characters a reader can see, found out by drawing the page with and without them.

One test covers text that is invisible, transparent, white on white, clipped, on a hidden layer, or under something that
was drawn later, whatever means were used. What it cannot tell: a font whose glyphs are not the characters they claim to
be. Contrast is judged in grey.
"""

from __future__ import annotations

import ctypes
import math
import time
from collections.abc import Iterable, Mapping, Sequence
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
from pithtex.pdf.text.pdfium import plain, render
from pithtex.pdf.text.shapes import Pixels, words_of_ink

_CONTRAST: Final = 40
"""Of 255: how much one pixel of a character must differ from the page without it. Light grey watermarks stay under."""
_FAINT: Final = 80
"""Of 255: a line whose darkest pixel differs by less is a watermark's."""
_ROWS: Final = 6
"""Rows of a character's box that are compared; it has about fourteen."""
_NARROW: Final = 4
"""Pixels: a box that is no wider has no left and right."""
_FLAT: Final = 2
"""Pixels: a box that is no higher is a dash's."""
_ALIGNED: Final = 4
"""Bytes: PDFium wants rows of a multiple of these."""
_SCALE: Final = 2.0
"""Pixels a point: a stroke of 8-point type covers about one pixel."""
_set_active: Final = plain(pdfium.FPDFPageObj_SetIsActive, ctypes.c_int, ctypes.c_void_p, ctypes.c_int)


_Placed = tuple[Char, Pixels]
"""A character, and the pixels of its box."""
_Line = Sequence[_Placed]


class Seen(NamedTuple):
    """What of some characters a reader sees, each by its `id`."""

    legible: set[int]
    painted: set[int]
    """Those and the ones that are seen, and cannot be read: on each other, or on something else."""
    complete: bool
    """Whether all were looked at: or what is not among them may be visible."""
    shapes: tuple[Rect, ...] = ()
    """Where ink that is no text has the shape of words."""


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
    runs: Sequence[Sequence[Char]],
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
    layers, complete = _layers([[(c, canvas.pixels(c.box)) for c in run] for run in runs])
    painted, legible = _shown(canvas, layers, text)
    if over.pictures:
        alone = {id(char) for char in _shown(canvas, layers, text, notes=False)[1]}
        legible = [char for char in legible if id(char) in alone]
    shapes = canvas.shapes()
    if canvas.failed:
        complete = _unseen(number, findings)
    elif over.rects:
        legible, painted = ([c for c in chars if not _under(c.box, over.rects)] for chars in (legible, painted))
    return Seen(set(map(id, legible)), set(map(id, painted)), complete, shapes)


def _unseen(number: int, findings: list[Finding]) -> bool:
    message = "drawing the page failed or took too long, so that text on it counts as not visible"
    findings.append(finding("channel-limit", message, where=f"page {number}"))
    return False


def _under(box: Rect, over: Sequence[Rect]) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return any(rect[0] <= x <= rect[2] and rect[1] <= y <= rect[3] for rect in over)


def _shown(
    canvas: _Canvas, layers: Sequence[Sequence[_Line]], text: Mapping[int, bool], *, notes: bool = True
) -> tuple[list[Char], list[Char]]:
    """The characters that are seen in a drawing with, and not in one without them; and those that can be read, too."""
    full = canvas.draw(notes=notes)
    alone = _alone(canvas, full, layers[0], text, notes) if len(layers) == 1 and full is not None else None
    painted: list[Char] = []
    readable: list[Char] = []
    for layer in layers if full is not None else ():
        without = canvas.draw(_objects(layer), notes=notes) if alone is None else alone
        if full is not None and without is not None:
            pair = _Pair(full, without, canvas.width)
            for line in layer:
                found = [char for char, pixels in line if pair.differs(*pixels)]
                painted += found
                if _readable(line, pair):
                    readable += found
    return painted, readable


def _alone(
    canvas: _Canvas, full: bytearray, lines: Sequence[_Line], text: Mapping[int, bool], notes: bool
) -> bytearray | None:
    """The page without text, if some lines alone on it are what is drawn of the page where they stand."""
    others = text.keys() - _objects(lines)
    only = canvas.draw(others, notes=notes) if others else full
    if only is None or not all(_same(full, only, canvas.width, line) for line in lines):
        return None
    return canvas.ground(notes=notes)


def _objects(lines: Sequence[_Line]) -> set[int]:
    return {char.style.address for line in lines for char, _ in line}


def _readable(line: _Line, pair: _Pair) -> bool:
    boxes = [pixels for _, pixels in line]
    return not (pair.busy(boxes) or pair.pale(boxes) or crowded([char for char, _ in line]))


def _around(boxes: Iterable[Pixels]) -> Pixels:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _same(one: bytearray, other: bytearray, width: int, line: _Line) -> bool:
    """Whether two drawings are the same where a line stands."""
    left, top, right, bottom = _around(pixels for _, pixels in line)
    rows = (slice(y * width + left, y * width + right) for y in range(top, bottom))
    return all(one[row] == other[row] for row in rows)


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

    def draw(self, hidden: Iterable[int] = (), *, notes: bool = True) -> bytearray | None:
        """Draws the page without some of its text objects, with or without its annotations, which may cover text.

        Returns:
            One byte a pixel, without padding; None if it can't be drawn.
        """
        key = (frozenset(hidden), notes)
        if key not in self._drawn and not self.failed:
            for address in key[0]:
                _set_active(address, False)
            self._drawn[key] = self._draw(notes)
            for address in key[0]:
                _set_active(address, True)
        return self._drawn.get(key)

    def ground(self, *, notes: bool = True) -> bytearray | None:
        """The page without any text."""
        return self.draw(self._text, notes=notes)

    def shapes(self) -> tuple[Rect, ...]:
        """Where ink that is no text has the shape of words; below what is too much to look at, everywhere."""
        picture = self.draw(address for address, known in self._text.items() if known)
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
        bitmap = pdfium.FPDFBitmap_CreateEx(self.width, self.height, pdfium.FPDFBitmap_Gray, memory, self.width)
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

    def pixels(self, box: Rect) -> Pixels:
        """The pixels of a box."""
        x0 = math.floor((box[0] - self._left) * self._across)
        x1 = math.ceil((box[2] - self._left) * self._across)
        y0 = math.floor((self._top - box[3]) * self._down)
        y1 = math.ceil((self._top - box[1]) * self._down)
        return max(x0, 0), max(y0, 0), min(x1, self.width), min(y1, self.height)


class _Pair:
    """A drawing of a page, and one without some of its text."""

    def __init__(self, full: bytearray, without: bytearray, width: int) -> None:
        self._full, self._without, self._width = full, without, width
        self._white = b"\xff" * width
        self._table = differing(255, _CONTRAST)
        self._known: dict[int, bytearray | None] = {}

    def _row(self, y: int) -> bytearray | None:
        """Of a row where nothing else is drawn, what is dark enough: all of it is the text's. None of other rows."""
        if y not in self._known:
            start = y * self._width
            blank = self._without.startswith(self._white, start)
            self._known[y] = self._full[start : start + self._width].translate(self._table) if blank else None
        return self._known[y]

    def pale(self, boxes: Sequence[Pixels]) -> bool:
        """Whether even the strongest stroke of a line is faint on its ground."""
        left, top, right, bottom = _around(boxes)
        rows = [slice(y * self._width + left, y * self._width + right) for y in range(top, bottom)]
        middle = (top + bottom) // 2
        if left < right and self._row(middle) and min(self._full[rows[middle - top]]) <= 255 - _FAINT:
            return False
        ground = b"".join(bytes(self._without[row]) for row in rows)
        strong = differing(max(set(ground), key=ground.count) if ground else 255, _FAINT)
        pairs = ((self._full[row], self._without[row]) for row in rows)
        return not any(
            one != other and any(strong[p] and p != q for p, q in zip(one, other, strict=True)) for one, other in pairs
        )

    def differs(self, x0: int, y0: int, x1: int, y1: int) -> bool:
        """Whether the two differ visibly in a quarter of the rows of a box of pixels, and in both halves of its width.

        A letter's box is the letter's own: what shows through a slit in a cover is no letter.
        """
        if x1 - x0 > _NARROW:
            middle = x0 + (x1 - x0) // 2
        else:  # small glyphs are drawn at whole pixels, so that a stem may stand beside its box
            x0, middle, x1 = max(x0 - 1, 0), min(x1 + 1, self._width), min(x1 + 1, self._width)
        if y1 - y0 <= _FLAT:  # and a dash above or below its own
            y0, y1 = max(y0 - 1, 0), min(y1 + 1, len(self._full) // self._width)
        stride = self._width
        # A few rows settle most letters; those with arms, like L, need all.
        for step in (max((y1 - y0) // _ROWS, 1), 1):
            rows = range(y0, y1, step)
            wanted, left, right = -(-len(rows) // 4), False, middle == x1
            for y in rows:
                dark = self._row(y)
                if dark is not None:
                    at_left = dark.find(1, x0, middle) >= 0
                    at_right = not (at_left and right) and dark.find(1, middle, x1) >= 0
                else:
                    start = y * stride
                    at_left = self._differ(start + x0, start + middle)
                    at_right = not (at_left and right) and self._differ(start + middle, start + x1)
                left, right = left or at_left, right or at_right
                wanted -= at_left or at_right
                if wanted <= 0 and left and right:
                    return True
        return False

    def busy(self, boxes: Sequence[Pixels]) -> bool:
        """Whether something else is drawn where a line of text stands, so that it cannot be read."""
        left, top, right, bottom = _around(boxes)
        if left >= right or all(self._row(y) is not None for y in range(top, bottom)):
            return False
        rows = [slice(y * self._width + left, y * self._width + right) for y in range(top, bottom)]
        without = [bytes(self._without[row]) for row in rows]
        if not any(row.strip(without[0][:1]) for row in without):
            return False
        full = [bytes(self._full[row]) for row in rows]
        letters = ((box[0] - left, box[2] - left) for box in boxes)
        return disturbed(full, without, letters, _CONTRAST)

    def _differ(self, start: int, end: int) -> bool:
        """Whether any pixel of two strips of a row differs by as much as a character must."""
        one, other = self._full[start:end], self._without[start:end]
        return one != other and any(abs(p - q) >= _CONTRAST for p, q in zip(one, other, strict=True))
