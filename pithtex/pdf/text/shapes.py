"""Ink in rows shaped like letters that is not text: words drawn as paths, pictures of words, glyphs without Unicode.

Nobody reads here what they say. A page is looked at without its text, coarsely, a pixel a point: where the grey changes
is an edge, edges that touch are a shape, and some shapes of one height side by side are a word.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import Final

from pithtex.patterns import pattern

Pixels = tuple[int, int, int, int]
"""Left, top, right, bottom, the latter two exclusive."""

_LEVELS: Final = 6
"""Greys that are told apart; paler shades are a ground to read on."""
_LEAST, _MOST = 4, 90
"""Points: no letter that is read beside a title is lower, none is higher."""
_FLAT: Final = 8
"""A shape that much longer than high, or higher than long, is a rule."""
_WIDE: Final = 2.0
_FRAME: Final = 0.15
"""Of its box: a shape as wide with fewer edges is a frame, or a ground."""
_ALIKE: Final = 2.2
"""Heights of letters of one word, as a ratio: x and h."""
_GAP: Final = 1.2
"""Of the height: letters of a word are no further apart."""
_LETTERS: Final = 3
_MAX_RUNS: Final = 40_000
"""Of edges. A picture has more, and no words that are found in this way."""


def words_of_ink(pixels: bytes | bytearray, width: int, step: int) -> tuple[list[Pixels], int]:
    """Finds shapes like words.

    Args:
        pixels: a page without its text, a byte of grey a pixel.
        width: of a row, in pixels.
        step: pixels a point.

    Returns:
        Their boxes in pixels, and the row below which nothing was looked for, because there was too much.
    """
    shapes, end = _shapes(pixels, width, step)
    letters = sorted(shape[:4] for shape in shapes if _is_letter(shape))
    return [(box[0] * step, box[1] * step, box[2] * step, box[3] * step) for box in _words(letters)], end * step


def _is_letter(shape: tuple[int, int, int, int, int]) -> bool:
    """Tells whether a shape can be a letter or a word: no rule, and no frame, of which but a rim is ink."""
    left, top, right, bottom, ink = shape
    width, height = right - left, bottom - top
    frame = width > _WIDE * height and ink < _FRAME * width * height
    return _LEAST <= height <= _MOST and width <= _FLAT * height and height <= _FLAT * width and not frame


def _words(letters: Sequence[Pixels]) -> Iterator[Pixels]:
    """Letters of about one height, side by side; a shape as long as some letters counts as these."""
    words: list[list[Pixels]] = []
    for letter in letters:
        near = (word for word in reversed(words[-60:]) if _follows(word[-1], letter))
        word = next(near, None)
        if word is None:
            words.append([letter])
        else:
            word.append(letter)
    for word in words:
        if sum(max(1, round((box[2] - box[0]) / (box[3] - box[1]))) for box in word) >= _LETTERS:
            left, top, right, bottom = zip(*word, strict=True)
            yield min(left), min(top), max(right), max(bottom)


def _follows(last: Pixels, letter: Pixels) -> bool:
    one, other = last[3] - last[1], letter[3] - letter[1]
    shared = min(last[3], letter[3]) - max(last[1], letter[1])
    return (
        letter[0] - last[2] <= _GAP * max(one, other)
        and shared >= 0.5 * min(one, other)
        and max(one, other) <= _ALIKE * min(one, other)
    )


class _Shapes:
    """Edges that touch each other, put together row by row."""

    def __init__(self) -> None:
        self.boxes: list[list[int]] = []
        self._parents: list[int] = []
        self._above: list[tuple[int, int, int]] = []

    def add(self, row: int, runs: Sequence[tuple[int, int]]) -> None:
        """Adds the edges of the next row."""
        here: list[tuple[int, int, int]] = []
        first = 0
        for left, right in runs:
            while first < len(self._above) and self._above[first][1] < left:
                first += 1
            index = len(self.boxes)
            self.boxes.append([left, row, right, row + 1, right - left])
            self._parents.append(index)
            for other in self._above[first:]:
                if other[0] > right:
                    break
                index = self._join(self._root(other[2]), index)
            here.append((left, right, index))
        self._above = here

    def whole(self) -> list[tuple[int, int, int, int, int]]:
        """Returns the box of each shape, and how many pixels of edges it has."""
        each = enumerate(self.boxes)
        return [(b[0], b[1], b[2], b[3], b[4]) for index, b in each if self._parents[index] == index]

    def _root(self, index: int) -> int:
        while self._parents[index] != index:
            self._parents[index] = index = self._parents[self._parents[index]]
        return index

    def _join(self, one: int, other: int) -> int:
        if one != other:
            box, more = self.boxes[one], self.boxes[other]
            box[:] = (
                min(box[0], more[0]),
                min(box[1], more[1]),
                max(box[2], more[2]),
                max(box[3], more[3]),
                box[4] + more[4],
            )
            self._parents[other] = one
        return one


def _shapes(pixels: bytes | bytearray, width: int, step: int) -> tuple[list[tuple[int, int, int, int, int]], int]:
    """Returns the boxes of shapes with their ink, and the row at which it ended."""
    shapes = _Shapes()
    end = 0
    for row, runs in enumerate(_edges(pixels, width, step)):
        shapes.add(row, runs)
        end = row + 1
        if len(shapes.boxes) > _MAX_RUNS:
            break
    return shapes.whole(), end


def _edges(pixels: bytes | bytearray, width: int, step: int) -> Iterator[list[tuple[int, int]]]:
    """Of each row the runs of pixels that differ from the one before them, or above them."""
    table = _levels()
    count = -(-width // step)
    mask = (1 << 8 * (count - 1)) - 1
    levels = -1
    row, alike = b"", list[tuple[int, int]]()
    for start in range(0, len(pixels), width * step):
        last, before = levels, row
        row = bytes(pixels[start : start + width])
        if row == before:
            yield alike
            continue
        levels = int.from_bytes(row[::step].translate(table), "big")
        across = (levels ^ levels >> 8) & mask
        alike = _runs(across, count)
        yield alike if last in {-1, levels} else _runs(across | (levels ^ last), count)


def _runs(changed: int, count: int) -> list[tuple[int, int]]:
    """Where the bytes of a number are not 0."""
    return [match.span() for match in _CHANGED.finditer(changed.to_bytes(count, "big"))] if changed else []


_CHANGED: Final = pattern(rb"[^\0]+")


@functools.cache
def _levels() -> bytes:
    return bytes(value * _LEVELS // 256 for value in range(256))
