"""Patterns and shadings (ISO 32000-1, 8.7) that all readers paint alike: tiles with steps, shadings of some length."""

from __future__ import annotations

import math
from typing import Final

import pikepdf

from pithtex.pdf.appearance.colours import check_function, components
from pithtex.pdf.untrusted import OddError, box_of, each_of, entry, numbers

UNCOLOURED: Final = 2
"""The kind of a tile that is painted in the colour named with the pattern, and sets none of its own (8.7.3.3)."""
_MOST_OVER: Final = 8
"""Tiles of a pattern that lie over each other in one direction."""
_LEAST_STEP: Final = 0.5
"""Points: smaller tiles some readers fill in."""


def check_tile(pattern: pikepdf.Object) -> None:
    """Checks the entries of a tiling pattern (8.7.3).

    Raises:
        OddError: it is incomplete, or its tiles lie over each other.
    """
    steps = numbers([entry(pattern, "/XStep"), entry(pattern, "/YStep")])
    a, b, c, d, *_ = numbers(entry(pattern, "/Matrix")) or (1, 0, 0, 1)
    box = box_of(entry(pattern, "/BBox"))
    if (
        box is None
        or len(steps) != 2
        or any(abs(steps[axis]) < (box[axis + 2] - box[axis]) / _MOST_OVER for axis in (0, 1))
        or min(abs(steps[0]) * math.hypot(a, b), abs(steps[1]) * math.hypot(c, d)) < _LEAST_STEP
        or entry(pattern, "/PaintType") not in {1, UNCOLOURED}
    ):
        raise OddError("a pattern is incomplete")


def check_shading(shading: pikepdf.Object) -> None:
    """Checks the entries of a shading (8.7.4.5).

    Raises:
        OddError: it is not an axial or a radial one of some length, or has a background.
    """
    kind, count = entry(shading, "/ShadingType"), components(entry(shading, "/ColorSpace"))
    span = numbers(entry(shading, "/Domain") or [0, 1])
    if (
        kind not in {2, 3}
        or not count
        or ("/BBox" in shading and box_of(shading.BBox) is None)
        or "/Background" in shading  # some readers paint it where `sh` must not (8.7.4.3)
        or span != sorted(set(span))
    ):
        raise OddError("a shading has a kind that readers draw differently")
    places = numbers(entry(shading, "/Coords"))
    half = len(places) // 2
    if len(places) != 2 * kind or (places[:2] == places[half : half + 2] and (kind == 2 or places[2] == places[5])):
        raise OddError("a shading has no length")
    each = each_of(entry(shading, "/Function"))
    if len(each) not in {1, count}:
        raise OddError("a shading's functions do not match its colours")
    for function in each:
        check_function(function, 1, count if len(each) == 1 else 1)
