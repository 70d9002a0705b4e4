"""Colour profiles (ICC.1) that show colours about as devices do: more light is lighter, more ink is darker.

A profile may say it in several ways: by curves, and by a table for each intent of rendering. Readers take one or
another, or none, and one of them draws even what has no profile by that of the file's output intent. So all of them are
looked at.
"""

from __future__ import annotations

import operator
import struct
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

_SPACES: Final = {1: b"GRAY", 3: b"RGB ", 4: b"CMYK"}
"""By the number of components (table 65 of ISO 32000-1)."""
_INKS: Final = 4
_CLASSES: Final = frozenset({b"mntr", b"prtr", b"scnr", b"spac"})
"""Of devices; others stand for what is done to colours."""
_CURVES: Final = {1: (b"kTRC",), 3: (b"rTRC", b"gTRC", b"bTRC"), 4: ()}
_COLORANTS: Final = (b"rXYZ", b"gXYZ", b"bXYZ")
_TABLES: Final = (b"A2B0", b"A2B1", b"A2B2")
"""For each intent of rendering."""
_OTHER_WAYS: Final = b"D2B"
_HEADER: Final = 128
_MAX_TAGS: Final = 100
_MAX_BYTES: Final = 4_000_000
_STEPS: Final = 16
_DARK, _LIGHT = 0.15, 0.85
"""Where curves begin and end at most and at least; values are shares of the most."""
_DARKEST, _LIGHTEST = 0.5, 0.8
"""The same of the lightness that tables give: ink on newsprint is grey."""
_MIDDLE: Final = (0.02, 0.85)
"""What curves make of a half: gammas of about 1/4 to 5."""
_SLACK: Final = 0.04
"""By how much less light a step of more light may give."""
_Curve = Sequence[float]


class _OddProfileError(Exception):
    """Colours are other ones than a device's."""


@lru_cache(maxsize=4)
def is_like_device(data: bytes, count: int) -> bool:
    """Tells whether a profile of so many components shows colours about as a device does, in each of its ways."""
    if len(data) > _MAX_BYTES:
        return False
    try:
        if data[16:20] != _SPACES.get(count) or data[36:40] != b"acsp" or data[12:16] not in _CLASSES:
            return False
        tags = dict(_tags(data))
        tables = [tags[name] for name in _TABLES if name in tags]
        curves = [tags[name] for name in _CURVES[count] if name in tags]
        if any(name.startswith(_OTHER_WAYS) for name in tags) or not (tables or curves):
            return False
        for table in tables:
            _check_table(table, count, lab=data[20:24] == b"Lab ")
        if curves:
            for curve in curves:
                _check_curve(_curve(curve))
            if len(curves) != count or (count == 3 and not _are_primaries([tags[name] for name in _COLORANTS])):
                return False
    except (_OddProfileError, LookupError, ValueError, struct.error, ArithmeticError):
        return False
    return True


def _tags(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    count = int.from_bytes(data[_HEADER : _HEADER + 4], "big")
    if count > _MAX_TAGS:
        raise _OddProfileError
    for name, start, size in struct.iter_unpack(">4sII", data[_HEADER + 4 : _HEADER + 4 + 12 * count]):
        yield name, data[start : start + size]


def _are_primaries(colorants: Sequence[bytes]) -> bool:
    """Tells whether red, green and blue are as light as they are on screens and in spaces for photographs."""
    red, green, blue = (_number(int.from_bytes(colorant[12:16], "big", signed=True)) for colorant in colorants)
    light = red + green + blue
    return 0.1 < red < 0.45 and 0.5 < green < 0.8 and -0.01 <= blue < 0.2 and 0.95 < light < 1.05


def _curve(tag: bytes) -> _Curve:
    """Returns what a curve (10.6, 10.18) makes of steps from nothing to all."""
    steps = [step / _STEPS for step in range(_STEPS + 1)]
    if tag.startswith(b"curv"):
        (count,) = struct.unpack_from(">I", tag, 8)
        values = struct.unpack_from(f">{count}H", tag, 12)
        if count > 1:
            return [value / 65535 for value in values]
        gamma = values[0] / 256 if count else 1.0
        return [step**gamma for step in steps]
    kind = int.from_bytes(tag[8:10], "big") if tag.startswith(b"para") else len(_PARAMETERS)
    values = struct.unpack(f">{_PARAMETERS[kind]}i", tag[12 : 12 + 4 * _PARAMETERS[kind]])
    gamma, a, b, c, d, e, f = (*map(_number, values), *_AS_IS[len(values) :])
    if kind in {1, 2}:  # here the curve begins where a x + b is 0, and c is added to all of it
        c, d, e, f = 0.0, -b / a, c, c
    return [max(a * step + b, 0.0) ** gamma + e if step >= d else c * step + f for step in steps]


_PARAMETERS: Final = (1, 3, 4, 5, 7)
"""Of each kind of curve that is given by a formula (table 65 of ICC.1:2010): how many numbers."""
_AS_IS: Final = (1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0)
"""What those stand for that a kind has not."""


def _number(fixed: int) -> float:
    return fixed / 65536


def _check_curve(curve: _Curve) -> None:
    falls = any(after < before - _SLACK for before, after in pairwise(curve))
    middle = (curve[(len(curve) - 1) // 2] + curve[len(curve) // 2]) / 2
    if falls or curve[0] > _DARK or curve[-1] < _LIGHT or not _MIDDLE[0] <= middle <= _MIDDLE[1]:
        raise _OddProfileError


def _check_table(tag: bytes, count: int, *, lab: bool) -> None:
    """Checks a table of colours (10.8, 10.9): lightness grows with light, and falls with ink."""
    inputs, outputs, grid = tag[8:11]
    wide = tag.startswith(b"mft2")
    if not (wide or tag.startswith(b"mft1")) or inputs != count or outputs != 3 or grid < 2:
        raise _OddProfileError
    size = grid**count * outputs
    before, after = struct.unpack(">HH", tag[48:52]) if wide else (256, 256)
    count_all = before * inputs + size + after * outputs
    values = struct.unpack_from(f">{count_all}{'H' if wide else 'B'}", tag, 52 if wide else 48)
    most = 65535 if wide else 255
    for channel in range(inputs):
        _check_curve([value / most for value in values[channel * before : (channel + 1) * before]])
    light = 0 if lab else 1
    table = values[before * inputs : before * inputs + size][light::outputs]
    last = [value / most for value in values[before * inputs + size :][light * after : (light + 1) * after]]
    for axis in range(count):
        _check_axis(table, grid, grid**axis, int(_SLACK * most), of_inks=count == _INKS)
    ends = sorted(last[round(table[place] / most * (after - 1))] for place in (0, -1))
    if any(two < one - _SLACK for one, two in pairwise(last)) or ends[0] > _DARKEST or ends[1] < _LIGHTEST:
        raise _OddProfileError


def _check_axis(table: Sequence[int], grid: int, stride: int, slack: int, *, of_inks: bool) -> None:
    """Checks that each step along an axis of a table makes colours lighter, or darker."""
    block = stride * grid
    for start in range(0, len(table), block):
        less, more = table[start : start + block - stride], table[start + stride : start + block]
        dark, light = (more, less) if of_inks else (less, more)
        if max(map(operator.sub, dark, light)) > slack:
            raise _OddProfileError
