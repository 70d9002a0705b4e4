"""Colour spaces and functions (ISO 32000-1, 8.6 and 7.10) that all readers compute alike, or nearly so."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from pithtex.pdf.appearance.calculator import leaves
from pithtex.pdf.appearance.profiles import is_like_device
from pithtex.pdf.appearance.streams import data_of
from pithtex.pdf.untrusted import READ_ERRORS, OddError, each_of, entry, numbers

_NAMED: Final = {"/DeviceGray": 1, "/DeviceRGB": 3, "/DeviceCMYK": 4, "/Pattern": 0}
_BY_FUNCTION: Final = frozenset({"/DeviceN", "/Separation"})
_LIGHTS: Final = frozenset({"/None", "/Red", "/Green", "/Blue", "/Gray"})
"""Colorants that paint nothing, or that some readers take for a screen's (8.6.6.4)."""
_PROCESS: Final = frozenset({"/Cyan", "/Magenta", "/Yellow", "/Black"})
_ATTRIBUTES: Final = 4
"""The place of a space's attributes (table 71)."""
_DEPTHS: Final = frozenset({1, 2, 4, 8, 12, 16})
"""Bits of a sample; of more some readers keep a part."""
_MOST: Final = 32
ROUNDED: Final = 0.01
_LEAST_GAMMA, _MOST_GAMMA = 1.0, 3.0


def odd_intents(root: pikepdf.Object) -> str | None:
    """Returns why readers may draw all colours in other ways, a phrase; None if they do not.

    Some draw a device's colours by the profile of the file's output intent (ISO 32000-1, 14.11.5).

    Args:
        root: the catalog.
    """
    try:
        for intent in each_of(entry(root, "/OutputIntents")):
            profile = entry(intent, "/DestOutputProfile")
            if profile is not None and not is_like_device(data_of(profile), int(profile.N)):
                return "its output intent shows colours as no device does"
    except OddError:
        return "its output intent is encoded in a way that few readers support"
    except READ_ERRORS:
        return "its output intent cannot be read"
    return None


def components(space: pikepdf.Object | None, *, depth: int = 3) -> int:
    """Returns how many components a colour of a space has; 0 for a pattern without a colour of its own.

    Raises:
        OddError: readers compute its colours in different ways.
    """
    if isinstance(space, Array) and len(space) == 1:  # some write a device's space so
        space = space[0]
    kind = family(space)
    if isinstance(space, Name) and kind in _NAMED:
        return _NAMED[kind]
    if isinstance(space, Array) and depth and kind in _FAMILIES:
        count = _FAMILIES[kind](space, depth - 1)
        if count is not None:
            return count
    raise OddError("a colour space is not computed in the same way by all readers")


def family(space: object) -> str:
    """Returns the name of a colour space, or the first one of its array, which is that of its family (8.6.3)."""
    if isinstance(space, Array):
        return str(space[0]) if len(space) else ""
    return str(space) if isinstance(space, Name) else ""


def is_computed(space: pikepdf.Object | None) -> bool:
    """Tells whether each colour of a space is computed by a function."""
    kind = family(space)
    return kind in _BY_FUNCTION or (kind == "/Indexed" and space is not None and is_computed(space[1]))


def is_of_inks(space: pikepdf.Object) -> bool:
    """Tells whether no tint of all colorants of a space is no ink."""
    return family(space) in _BY_FUNCTION or components(space) == _NAMED["/DeviceCMYK"]


def _indexed(space: Array, depth: int) -> int | None:
    base, most, table = components(space[1], depth=depth), int(space[2]), space[3]
    data = data_of(table) if isinstance(table, Stream) else bytes(table)
    return 1 if base and 0 <= most < 256 and len(data) >= (most + 1) * base else None


def _separated(space: Array, depth: int) -> int | None:
    names = each_of(space[1])
    odd = _LIGHTS | ({"/All"} if family(space) == "/DeviceN" else set())
    if not 0 < len(names) <= _MOST or not odd.isdisjoint(map(str, names)):
        return None
    if len(space) > _ATTRIBUTES and entry(space[_ATTRIBUTES], "/Subtype") not in {None, Name.DeviceN}:
        return None  # NChannel: some print each colorant by a space of its own
    check_function(space[3], len(names), components(space[2], depth=depth))
    return len(names) if _is_tint(space[3], space[2]) else None


def _is_tint(function: pikepdf.Object, alternate: pikepdf.Object) -> bool:
    """Tells whether a function gives colours for shares of inks, and does not jump where readers may round."""
    ends = [number for key in ("/C0", "/C1") for number in numbers(entry(function, key))]
    shares = family(alternate) == "/Lab" or all(0 <= end <= 1 for end in ends)
    domain = numbers(function.Domain)
    return shares and domain == [0, 1] * (len(domain) // 2)


def check_values(space: pikepdf.Object, least: float, most: float, *, whole: bool) -> None:
    """Checks that colours are of their space: others some readers round or cut off, and some compute with.

    Args:
        space: the space.
        least: the least component of any of them.
        most: the largest one.
        whole: whether all are whole numbers.

    Raises:
        OddError: one is not.
    """
    kind = family(space)
    largest = int(space[2]) if kind == "/Indexed" else 1
    fraction = not whole and (kind == "/Indexed" or (kind in _BY_FUNCTION and not _is_even(space)))
    if fraction or kind == "/Lab" or least < -ROUNDED or most > largest + ROUNDED:
        raise OddError("a colour is not one of its space")


def _is_even(space: pikepdf.Object) -> bool:
    """Tells whether half of a colorant gives half of its colour, as some readers have it of all but the usual inks."""
    if _PROCESS.issuperset(map(str, each_of(space[1]))):
        return True
    return entry(space[3], "/FunctionType") == _EXPONENTIAL and numbers([entry(space[3], "/N")]) == [1]


def _measured(space: Array, _: int) -> int | None:
    """Of a space close to the device's, which some readers use instead (8.6.5)."""
    values = space[1]
    white, gamma, matrix = numbers(entry(values, "/WhitePoint")), entry(values, "/Gamma"), entry(values, "/Matrix")
    gammas = [] if gamma is None else numbers(gamma) or numbers([gamma]) or [0.0]
    light = [0.3, 0.6, 0.1] if matrix is None else numbers(matrix)[1::3]  # how light red, green and blue are
    close = (
        len(white) == 3
        and white[1] == 1
        and all(0.7 < value < 1.4 for value in white)
        and not any(numbers(entry(values, "/BlackPoint")))
        and all(_LEAST_GAMMA <= value <= _MOST_GAMMA for value in gammas)
        and len(light) == 3
        and 0.1 < light[0] < 0.45
        and 0.5 < light[1] < 0.8
        and 0 < light[2] < 0.2
        and 0.95 < sum(light) < 1.05
    )
    return (1 if family(space) == "/CalGray" else 3) if close else None


def _profiled(space: Array, _: int) -> int | None:
    profile = space[1]
    count, alternate = int(profile.N), entry(profile, "/Alternate")
    alike = is_like_device(data_of(profile), count)
    return count if alike and (alternate is None or components(alternate) == count) else None


_FAMILIES: Final[dict[str, Callable[[Array, int], int | None]]] = {
    "/CalGray": _measured,
    "/CalRGB": _measured,
    "/DeviceN": _separated,
    "/ICCBased": _profiled,
    "/Indexed": _indexed,
    "/Lab": _measured,
    "/Pattern": lambda space, depth: components(space[1], depth=depth),
    "/Separation": _separated,
}


def check_function(function: pikepdf.Object | None, inputs: int, outputs: int) -> None:
    """Checks that a function, but for one made of others, has what it takes to compute it (7.10).

    Raises:
        OddError: it has not.
    """
    if isinstance(function, Dictionary | Stream):
        domain, limits = numbers(entry(function, "/Domain")), numbers(entry(function, "/Range"))
        kind: object = entry(function, "/FunctionType")
        check = _FUNCTIONS.get(kind) if isinstance(kind, int) else None
        whole = len(domain) == 2 * inputs and all(a < b for a, b in zip(domain[::2], domain[1::2], strict=True))
        ranged = len(limits) == 2 * outputs or (kind == _EXPONENTIAL and "/Range" not in function)
        ranged = ranged and all(a <= b for a, b in zip(limits[::2], limits[1::2], strict=True))
        if check and whole and ranged and check(function, inputs, outputs):
            return
    raise OddError("a function is incomplete")


def _sampled(function: pikepdf.Object, inputs: int, outputs: int) -> bool:
    size, bits = numbers(function.Size), int(function.BitsPerSample)
    wanted = -(-math.prod(map(int, size)) * outputs * bits // 8)
    ranges = (("/Encode", inputs), ("/Decode", outputs))
    paired = all(key not in function or len(numbers(function[key])) == 2 * count for key, count in ranges)
    return (
        entry(function, "/Order") in {None, 1}
        and paired
        and len(size) == inputs
        and bits in _DEPTHS
        and 0 < wanted <= len(data_of(function))
    )


def _exponential(function: pikepdf.Object, inputs: int, outputs: int) -> bool:
    ends = [entry(function, key) for key in ("/C0", "/C1")]
    whole = all(len(numbers(end)) == outputs if end is not None else outputs == 1 for end in ends)
    limits = numbers(entry(function, "/Range")) or [-math.inf, math.inf] * outputs
    within = all(
        low <= number <= high
        for end in ends
        for number, low, high in zip(numbers(end), limits[::2], limits[1::2], strict=False)
    )
    return inputs == 1 and whole and within and numbers([function.N]) > [0]


_EXPONENTIAL: Final = 2
_FUNCTIONS: Final[dict[int, Callable[[pikepdf.Object, int, int], bool]]] = {
    0: _sampled,
    _EXPONENTIAL: _exponential,
    4: lambda function, inputs, outputs: leaves(data_of(function), inputs) == outputs,
}
