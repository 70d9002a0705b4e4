"""Where the lines of a page are drawn, in pixels, and which of them do not overlap: these are drawn together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pithtex.limits import MAX_DRAWING_LAYERS
from pithtex.pdf.text.chars import Letters
from pithtex.pdf.text.shapes import Pixels
from pithtex.structs import NamedTuple

_SAME: Final = 2
"""Points: the same text that begins no further off is one line."""


class Boxes(NamedTuple):
    """The pixels of a line's characters, by columns: each a box of left, top, right, bottom, the latter two exclusive.

    Sides of boxes that are beyond the page are on its edge.
    """

    left: list[int]
    top: list[int]
    right: list[int]
    bottom: list[int]
    around: Pixels
    """The box of all of them."""


class Placed(NamedTuple):
    """A line of a page."""

    place: int
    """Which one it is."""
    run: Letters
    boxes: Boxes


def layers_of(lines: Sequence[Placed]) -> tuple[list[list[Placed]], bool]:
    """Distributes lines to layers in which none overlaps another, and says whether all found a place.

    Most lines of a page touch no other, which is told by what is around them; only of the others is it looked at where
    in it they have characters.
    """
    free = _apart(lines)
    complete = True
    layers: list[list[Placed]] = [[line for line, alone in zip(lines, free, strict=True) if alone]]
    taken: list[dict[int, int]] = [{}]
    same: dict[tuple[str, int, int], int] = {}
    for line in (line for line, alone in zip(lines, free, strict=True) if not alone):
        # The same text printed over itself, a poor man's bold, is one line.
        run = line.run
        key = ("".join(run.text), round(run.x[0] / _SAME), round(run.y[0] / _SAME))
        rows = _rows(line.boxes)
        index = same.get(key)
        if index is None:
            fits = (i for i, used in enumerate(taken) if not any(used.get(y, 0) & m for y, m in rows.items()))
            index = next(fits, len(layers))
        if index == MAX_DRAWING_LAYERS:
            complete = False
            continue
        if index == len(layers):
            layers.append([])
            taken.append({})
        same[key] = index
        layers[index].append(line)
        for y, mask in rows.items():
            taken[index][y] = taken[index].get(y, 0) | mask
    return (layers if lines else []), complete


def _apart(lines: Sequence[Placed]) -> list[bool]:
    """Of each line whether it and what is around any other have no pixel in common, but for a rim."""
    once: dict[int, int] = {}
    twice: dict[int, int] = {}
    masks: list[tuple[range, int]] = []
    for line in lines:
        left, top, right, bottom = line.boxes.around
        mask, rows = _mask(left, right), range(top + 1, bottom - 1)
        masks.append((rows, mask))
        for y in rows:
            used = once.get(y, 0)
            if used & mask:
                twice[y] = twice.get(y, 0) | (used & mask)
            once[y] = used | mask
    if not twice:
        return [True] * len(lines)
    return [not any(twice.get(y, 0) & mask for y in rows) for rows, mask in masks]


def _rows(boxes: Boxes) -> dict[int, int]:
    """Returns the pixels of a line, as one bit mask a row. A rim is left out: neighbours may touch.

    What is between its letters is its own as well: another line's letters there make it unreadable (`Pair.readable`).
    """
    bands: dict[tuple[int, int], tuple[int, int]] = {}  # most characters of a line are as high as others of it
    for x0, y0, x1, y1 in zip(*boxes[:4], strict=True):
        left, right = bands.get((y0, y1), (x0, x1))
        bands[y0, y1] = min(left, x0), max(right, x1)
    rows: dict[int, int] = {}
    for (y0, y1), (left, right) in bands.items():
        mask = _mask(left, right)
        for y in range(y0 + 1, y1 - 1):
            rows[y] = rows.get(y, 0) | mask
    return rows


def _mask(left: int, right: int) -> int:
    return ((1 << max(right - left - 2, 0)) - 1) << (left + 1)
