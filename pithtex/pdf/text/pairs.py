"""Two drawings of a page, one of them without some of its text: what the text draws, and whether it can be read."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from pithtex.patterns import pattern
from pithtex.pdf.text.layers import Boxes
from pithtex.pdf.text.legible import differing, disturbed

_CONTRAST: Final = 40
"""Of 255: how much one pixel of a character must differ from the page without it. Light grey watermarks stay under."""
_FAINT: Final = 80
"""Of 255: a line whose darkest pixel differs by less is a watermark's."""
_BLACK: Final = 0.62
"""Of the pixels of a line's place: more is not letters. In 13,000 lines of 174 papers the most was 0.55."""
_ROWS: Final = 6
"""Rows of a character's box that are compared; it has about fourteen."""
_SHARE: Final = 4
"""Of the rows of a character's box every so-many-th must differ."""
_NARROW: Final = 4
"""Pixels: a box that is no wider has no left and right."""
_FLAT: Final = 2
"""Pixels: a box that is no higher is a dash's."""
_MOST_ROWS: Final = 255
"""Counted in one byte."""


_WHITE: Final = bytes(value == 255 for value in range(256))
_INK: Final = bytes(value > 0 for value in range(256))
_STRONG: Final = pattern(b"[\0-%c]" % (255 - _FAINT))
"""A pixel that is not faint on white."""


@functools.cache
def _at_least(rows: int) -> bytes:
    """Of each number of rows whether it is enough for a letter of so many."""
    return bytes(value * _SHARE >= rows for value in range(256))


class Pair:
    """A drawing of a page, and one without some of its text."""

    def __init__(self, full: bytearray, without: bytearray, width: int) -> None:
        """Takes two drawings of a byte of grey a pixel, in rows of `width`."""
        self._full, self._without, self._width = full, without, width
        self._white = b"\xff" * width
        self._table = differing(255, _CONTRAST)
        self._known: dict[int, bytearray] = {}

    def painted(self, boxes: Boxes) -> bytes:
        """Of each character of a line whether it is seen: whether the two differ visibly there.

        In a quarter of the rows of its box, and in both halves of its width: a letter's box is the letter's own, and
        what shows through a slit in a cover is not a letter.
        """
        left, top, right, bottom = boxes.around
        each = zip(*boxes[:4], strict=True)
        if bottom - top > _MOST_ROWS:
            return bytes(self._differs(*box) for box in each)
        left, right = max(left - 1, 0), min(right + 1, self._width)
        rows = [self._row(y) for y in range(top, bottom)]
        # Of each column, how much ink it has down to a row: in one number, a byte a column.
        sums = list(accumulate((int.from_bytes(row[left:right], "big") for row in rows), initial=0))
        columns: dict[tuple[int, int], tuple[bytes, bytes]] = {}
        flags = bytearray()
        for x0, y0, x1, y1 in each:
            found = columns.get((y0, y1))
            if found is None:
                ink = (sums[y1 - top] - sums[y0 - top]).to_bytes(right - left, "big")
                found = columns[y0, y1] = ink.translate(_at_least(max(y1 - y0, _FLAT * _SHARE))), ink.translate(_INK)
            # A stem takes enough of a column; what has none is looked at row by row.
            start, end = x0 - left, x1 - left
            if end - start > _NARROW:
                middle = (start + end) // 2
                seen = 1 in found[0][start:end] and 1 in found[1][start:middle] and 1 in found[1][middle:end]
            else:
                seen = 1 in found[0][max(start - 1, 0) : end + 1]
            flags.append(seen or self._differs(x0, y0, x1, y1))
        return bytes(flags)

    def readable(self, boxes: Boxes) -> bool:
        """Tells whether a line is neither faint nor on something else that is drawn."""
        left, top, right, bottom = boxes.around
        rows = [slice(y * self._width + left, y * self._width + right) for y in range(top, bottom)]
        white = self._white[left:right]
        if not all(self._without.startswith(white, row.start) for row in rows):
            return not (self._busy(boxes, rows) or self._pale(rows))
        if (bottom - top) and sum(self._row(y).count(1, left, right) for y in range(top, bottom)) > _BLACK * (
            (right - left) * (bottom - top)
        ):
            return False
        half = len(rows) // 2  # there is the most ink
        return any(_STRONG.search(self._full, row.start, row.stop) for row in (*rows[half:], *rows[:half]))

    def _is_blank(self, y: int) -> bool:
        """Tells whether nothing else is drawn in a row: all of it is the text's."""
        return self._without.startswith(self._white, y * self._width)

    def _row(self, y: int) -> bytearray:
        """Of a row what is dark enough on what is white without the text."""
        if y not in self._known:
            start, end = y * self._width, (y + 1) * self._width
            dark = self._full[start:end].translate(self._table)
            if not self._is_blank(y):
                ground = self._without[start:end].translate(_WHITE)
                both = int.from_bytes(dark, "big") & int.from_bytes(ground, "big")
                dark = bytearray(both.to_bytes(self._width, "big"))
            self._known[y] = dark
        return self._known[y]

    def _pale(self, rows: Sequence[slice]) -> bool:
        """Tells whether even the strongest stroke of a line is faint on its ground."""
        ground = b"".join(bytes(self._without[row]) for row in rows)
        strong = differing(max(set(ground), key=ground.count), _FAINT)
        pairs = ((self._full[row], self._without[row]) for row in rows)
        return not any(
            one != other and any(strong[p] and p != q for p, q in zip(one, other, strict=True)) for one, other in pairs
        )

    def _differs(self, x0: int, y0: int, x1: int, y1: int) -> bool:
        """Tells whether a character is seen; see `painted`."""
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
            wanted, left, right = -(-len(rows) // _SHARE), False, middle == x1
            for y in rows:
                if self._is_blank(y):
                    dark = self._row(y)
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

    def _busy(self, boxes: Boxes, rows: Sequence[slice]) -> bool:
        """Tells whether something else is drawn where a line of text stands, so that it cannot be read."""
        left = boxes.around[0]
        without = [bytes(self._without[row]) for row in rows]
        if not any(row.strip(without[0][:1]) for row in without):
            return False
        full = [bytes(self._full[row]) for row in rows]
        letters = zip([x - left for x in boxes.left], [x - left for x in boxes.right], strict=True)
        return disturbed(full, without, letters, _CONTRAST)

    def _differ(self, start: int, end: int) -> bool:
        """Tells whether any pixel of two strips of a row differs by as much as a character must."""
        one, other = self._full[start:end], self._without[start:end]
        return one != other and any(abs(p - q) >= _CONTRAST for p, q in zip(one, other, strict=True))
