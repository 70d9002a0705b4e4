"""Two drawings of a page, one of them without some of its text: what the text draws, and whether it can be read."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from pithtex.patterns import pattern
from pithtex.pdf.text.layers import Boxes
from pithtex.pdf.text.legible import differing, disturbed
from pithtex.pdf.text.shapes import Pixels

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
_MOST_TOLD: Final = 10_000
"""Characters whose columns are remembered; a page has some hundred that differ."""
_SOME, _ENOUGH = 1, 2
"""Of a column: something is drawn in it, or something in enough of its rows."""
_DARK: Final = pattern(b"[\0-%c]" % (255 - _CONTRAST))
"""A pixel that differs from white by as much as a character's must."""
_STRONG: Final = pattern(b"[\0-%c]" % (255 - _FAINT))
"""A pixel that is not faint on white."""


@functools.cache
def _levels(rows: int) -> bytes:
    """Of each number of rows what it is for a letter of so many: `_SOME`, `_ENOUGH`, or neither."""
    return bytes(_ENOUGH if value * _SHARE >= rows else min(value, _SOME) for value in range(256))


class _Told(dict[bytes, bool]):
    """Of the columns of a character whether they tell that it is seen: most come again, with the same letter."""

    def __missing__(self, columns: bytes) -> bool:
        """Looks at columns that come for the first time."""
        middle = len(columns) // 2
        halves = len(columns) <= _NARROW or (any(columns[:middle]) and any(columns[middle:]))
        told = _ENOUGH in columns and halves
        if len(self) < _MOST_TOLD:
            self[columns] = told
        return told


class Pair:
    """A drawing of a page, and one without some of its text."""

    def __init__(self, full: bytearray, without: bytearray, width: int) -> None:
        """Takes two drawings of a byte of grey a pixel, in rows of `width`."""
        self._full, self._without, self._width = full, without, width
        self._white = memoryview(b"\xff" * len(full))
        self._dark = differing(255, _CONTRAST)
        self._told = _Told()

    def look(self, boxes: Boxes) -> tuple[bytes, bool]:
        """Tells of each character of a line whether it is seen; and of the line whether it can be read.

        A character is seen where the two drawings differ visibly, in a quarter of the rows of its box, and in both
        halves of its width: a letter's box is the letter's own, and what shows through a slit in a cover is not a
        letter. A line is read if it is neither faint nor on something else that is drawn.
        """
        left, top, right, bottom = boxes.around
        width, rows = right - left, range(top * self._width + left, bottom * self._width + left, self._width)
        if not self._is_blank(boxes.around, rows):
            painted = bytes([self._differs(*box) for box in zip(*boxes[:4], strict=True)])
            return painted, not (self._busy(boxes, rows) or self._pale(rows, width))
        # Every other row tells nearly all.
        half = b"".join([self._full[row : row + width] for row in rows[::2]])
        dark = half.translate(self._dark)
        counts = [int.from_bytes(dark[start : start + width], "big") for start in range(0, len(dark), width or 1)]
        painted = self._by_columns(boxes, counts)
        if 0 in painted:
            painted = bytes([sure or self._differs(*box) for sure, *box in zip(painted, *boxes[:4], strict=True)])
        drawn = sum([count.bit_count() for count in counts])
        return painted, self._is_strong(half, rows, width) and not self._is_black(drawn, rows, width)

    def _by_columns(self, boxes: Boxes, counts: Sequence[int]) -> bytes:
        """Of each character of a line whether a single column, as a stem is, tells that it is seen.

        Args:
            boxes: the line.
            counts: of every other row of its place a number with a byte for each column: 1 where it is drawn.
        """
        left, top, right, _ = boxes.around
        width = right - left
        if len(counts) > _MOST_ROWS:
            return bytes(len(boxes.left))
        sums = list(accumulate(counts, initial=0))  # of each column, how much is drawn down to a row
        told, columns, flags = self._told, dict[tuple[int, int], bytes](), bytearray()
        for x0, y0, x1, y1 in zip(*boxes[:4], strict=True):
            own = columns.get((y0, y1))
            if own is None:  # most letters are as high as others of their line
                drawn = sums[(y1 - top + 1) // 2] - sums[(y0 - top + 1) // 2]
                own = drawn.to_bytes(width, "big").translate(_levels(max(y1 - y0, _FLAT * _SHARE)))
                columns[y0, y1] = own
            flags.append(told[own[x0 - left : x1 - left]])
        return bytes(flags)

    def _is_blank(self, place: Pixels, rows: range) -> bool:
        """Tells whether nothing else is drawn in a place, whose rows begin at some pixels: all of it is the text's."""
        left, top, right, bottom = place
        if self._without.startswith(self._white[: (bottom - top) * self._width], top * self._width):
            return True
        white = self._white[: right - left]
        return all(self._without.startswith(white, row) for row in rows)

    def _is_strong(self, half: bytes, rows: range, width: int) -> bool:
        """Tells whether there is a pixel that is not faint: in every other row, or in any."""
        found = _STRONG.search(half, len(half) // 2) or _STRONG.search(half)  # there is the most ink
        return bool(found) or any(_STRONG.search(self._full, row, row + width) for row in rows)

    def _is_black(self, drawn: int, rows: range, width: int) -> bool:
        """Tells whether more is drawn than letters take; of every other row it is known how much."""
        most = _BLACK * width * len(rows)
        if drawn + width * (len(rows) // 2) <= most:
            return False
        return sum(self._full[row : row + width].translate(self._dark).count(1) for row in rows) > most

    def _pale(self, rows: range, width: int) -> bool:
        """Tells whether even the strongest stroke of a line is faint on its ground."""
        pairs = [(bytes(self._full[row : row + width]), bytes(self._without[row : row + width])) for row in rows]
        ground = b"".join([other for _, other in pairs])
        strong = differing(max(set(ground), key=ground.count), _FAINT)
        return not any(
            one != other and any(strong[p] and p != q for p, q in zip(one, other, strict=True)) for one, other in pairs
        )

    def _differs(self, x0: int, y0: int, x1: int, y1: int) -> bool:
        """Tells whether a character is seen; see `look`."""
        if x1 - x0 > _NARROW:
            middle = x0 + (x1 - x0) // 2
        else:  # small glyphs are drawn at whole pixels, so that a stem may stand beside its box
            x0, middle, x1 = max(x0 - 1, 0), min(x1 + 1, self._width), min(x1 + 1, self._width)
        if y1 - y0 <= _FLAT:  # and a dash above or below its own
            y0, y1 = max(y0 - 1, 0), min(y1 + 1, len(self._full) // self._width)
        # A few rows settle most letters; those with arms, like L, need all.
        for step in (max((y1 - y0) // _ROWS, 1), 1):
            rows = range(y0 * self._width, y1 * self._width, step * self._width)
            wanted, left, right = -(-len(rows) // _SHARE), False, middle == x1
            for row in rows:
                at_left = self._differ(row + x0, row + middle)
                at_right = not (at_left and right) and self._differ(row + middle, row + x1)
                left, right = left or at_left, right or at_right
                wanted -= at_left or at_right
                if wanted <= 0 and left and right:
                    return True
        return False

    def _busy(self, boxes: Boxes, rows: range) -> bool:
        """Tells whether something else is drawn where a line of text stands, so that it cannot be read."""
        left, _, right, _ = boxes.around
        without = [bytes(self._without[row : row + right - left]) for row in rows]
        if not any(row.strip(without[0][:1]) for row in without):
            return False
        full = [bytes(self._full[row : row + right - left]) for row in rows]
        letters = zip([x - left for x in boxes.left], [x - left for x in boxes.right], strict=True)
        return disturbed(full, without, letters, _CONTRAST)

    def _differ(self, start: int, end: int) -> bool:
        """Tells whether any pixel of two strips of a row differs by as much as a character must."""
        one, other = self._full[start:end], self._without[start:end]
        if one == other:
            return False
        if not other.strip(b"\xff"):
            return _DARK.search(one) is not None
        return any(abs(p - q) >= _CONTRAST for p, q in zip(one, other, strict=True))
