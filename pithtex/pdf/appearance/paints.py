"""Patterns and shadings (ISO 32000-1, 8.7) that all readers paint alike: tiles with steps, shadings of some length."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import pikepdf
from pikepdf import Array

from pithtex.pdf.appearance.colours import check_function, components, family
from pithtex.pdf.appearance.streams import data_of
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
        or entry(pattern, "/TilingType") not in {1, 2, 3}
    ):
        raise OddError("a pattern is incomplete")


_SPACES: Final = frozenset({"/Indexed", "/Lab", "/Pattern"})
"""In these some readers paint no shading."""
_FARTHEST: Final = 32_768
_SHORTEST: Final = 0.001
"""Of a shading's coordinates: the largest, and its least length."""
_EXPONENTIAL, _STITCHED = 2, 3
_STEEPEST: Final = 16
"""By how many times its range a function may change in a shading, of which some readers take 256 colours."""
_LEAST_POWER: Final = 0.5
_WHITEST: Final = 255


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
        or len(span) != 2
        or span != sorted(set(span))
        or family(entry(shading, "/ColorSpace")) in _SPACES
        or not _is_pair(entry(shading, "/Extend"))
    ):
        raise OddError("a shading has a kind that readers draw differently")
    places = numbers(entry(shading, "/Coords"))
    half = len(places) // 2
    if (
        len(places) != 2 * kind
        or max(map(abs, places)) > _FARTHEST
        or math.dist(places[:half], places[half:]) < _SHORTEST
        or (kind == 3 and min(places[2], places[5]) < 0)
    ):
        raise OddError("a shading has no length")
    each = each_of(entry(shading, "/Function"))
    if len(each) not in {1, count}:
        raise OddError("a shading's functions do not match its colours")
    for function in each:
        _ends(function, count if len(each) == 1 else 1, span)


def _is_pair(extend: object) -> bool:
    """Tells whether two truths say where a shading goes on, if anything says it (table 80)."""
    return extend is None or (
        isinstance(extend, Array) and len(extend) == 2 and all(isinstance(each, bool) for each in extend)
    )


def _ends(
    function: pikepdf.Object, count: int, span: list[float], share: float | None = None
) -> tuple[list[float], list[float]]:
    """Returns the colours at both ends of a shading's function, which changes so slowly that all readers' steps do.

    Args:
        function: it, or a part of it.
        count: of colours that it gives.
        span: the values that it is computed of.
        share: of the shading that a part is for.

    Raises:
        OddError: it changes faster, or is of a kind of which that is not known.
    """
    kind, domain = entry(function, "/FunctionType"), numbers(function.Domain)
    slow = domain == span or (kind == _EXPONENTIAL and domain[0] <= span[0] and span[1] <= domain[1])
    if share is None and kind == _STITCHED:
        edges = [span[0], *numbers(function.Bounds), span[1]]
        shares = [(end - start) / (span[1] - span[0]) for start, end in pairwise(edges)]
        parts = [_ends(part, count, [0, 1], each) for part, each in zip(function.Functions, shares, strict=True)]
        ways = numbers(function.Encode)
        slow &= len(ways) == 2 * len(parts) and "/Range" not in function
        slow &= all(way in {(0, 1), (1, 0)} for way in zip(ways[::2], ways[1::2], strict=True))
        parts = [
            (one, other) if begin == 0 else (other, one) for (one, other), begin in zip(parts, ways[::2], strict=True)
        ]
        slow &= all(_is_near(one[1], other[0], 1 / _STEEPEST) for one, other in pairwise(parts))
        first, last = parts[0][0], parts[-1][1]
    else:
        check_function(function, 1, count)
        first, last, steep = _sampled(function) if kind == 0 else _exponential(function)
        slow &= kind == 0 or span == [0, 1]  # between these its colours are those at its ends
        slow &= steep <= _STEEPEST * (1 if share is None else share)
    if not slow or not all(0 <= value <= 1 for value in (*first, *last)):
        raise OddError("a shading changes in a way of which readers take different steps")
    return first, last


def _exponential(function: pikepdf.Object) -> tuple[list[float], list[float], float]:
    """Returns the first and the last colour of an exponential function, and by how many times its range it changes."""
    power = float(function.N)
    first, last = numbers(entry(function, "/C0")) or [0.0], numbers(entry(function, "/C1")) or [1.0]
    change = max(map(abs, map(operator.sub, first, last)))
    return first, last, change * power if power >= _LEAST_POWER or not change else math.inf


def _sampled(function: pikepdf.Object) -> tuple[list[float], list[float], float]:
    """Returns the first and the last colour of samples, and by how many times its range it changes at most."""
    limits, data, size = numbers(function.Range), data_of(function), int(function.Size[0])
    count = len(limits) // 2
    usual = {"/Range": [0, 1] * count, "/Decode": limits, "/Encode": [0, size - 1]}
    if function.BitsPerSample != 8 or any(
        (numbers(entry(function, key)) or each) != each for key, each in usual.items()
    ):
        raise OddError("a shading's function has samples of a kind that few readers know")
    shares = [value / _WHITEST for value in data[: size * count]]
    steps = max(map(abs, map(operator.sub, shares, shares[count:])), default=0.0)
    return shares[:count], shares[-count:], steps * (size - 1)


def _is_near(one: Sequence[float], other: Sequence[float], most: float) -> bool:
    return all(abs(value - than) <= most for value, than in zip(one, other, strict=True))
