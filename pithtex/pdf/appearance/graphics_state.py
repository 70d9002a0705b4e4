"""The entries of a graphics state that all readers take alike (ISO 32000-1, table 58)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from pikepdf import Array, Dictionary, Name

from pithtex.pdf.appearance.syntax import is_dashed
from pithtex.pdf.untrusted import numbers

_BLEND_MODES: Final = frozenset({
    "/ColorBurn", "/ColorDodge", "/Compatible", "/Darken", "/Difference", "/Exclusion", "/HardLight", "/Lighten",
    "/Multiply", "/Normal", "/Overlay", "/Screen", "/SoftLight",
})  # fmt: skip
"""Those of each colour by itself (table 136): the others depend on the space that a reader blends in."""
_PLAIN_TRANSFER: Final = (Name.Identity, Name.Default)
ALIKE: Final = (Name.Normal, Name.Compatible, Name.Multiply, Name.Darken, Name.Screen, Name.Lighten)
"""Modes that give about the same in inks as in light."""


def is_plain(key: str, value: object) -> bool:
    """Tells whether an entry is one of the list below, with a value that says the same to all."""
    plain = _STATE.get(key)
    return plain is not None and plain(value)


def _transfer(value: object) -> bool:
    return all(one in _PLAIN_TRANSFER for one in (value if isinstance(value, Array) else [value]))


def _up_to(most: float) -> Callable[[object], bool]:
    return lambda value: any(0 <= number <= most for number in numbers([value]))


def _dashes(value: object) -> bool:
    if not isinstance(value, Array) or len(value) != 2 or not isinstance(value[0], Array):
        return False
    lengths = numbers(value[0])
    return len(lengths) == len(value[0]) and min(lengths, default=0) >= 0 and (not lengths or is_dashed(lengths))


def _of(*choices: object) -> Callable[[object], bool]:
    return lambda value: any(value is choice or (type(value) is int and value == choice) for choice in choices)


_HARMLESS: Final = ("/Type", "/Name", "/AAPL:AA", "/RI", "/SM", "/BG", "/BG2", "/UCR", "/UCR2")
_STATE: Final[dict[str, Callable[[object], bool]]] = {
    **dict.fromkeys(_HARMLESS, lambda _: True),
    **dict.fromkeys(("/LW", "/ML", "/FL"), _up_to(math.inf)),
    **dict.fromkeys(("/LC", "/LJ"), _of(0, 1, 2)),
    **dict.fromkeys(("/SA", "/AIS", "/TK", "/OP", "/op"), _of(True, False)),
    "/OPM": _of(0, 1),
    "/D": _dashes,
    **dict.fromkeys(("/TR", "/TR2"), _transfer),
    "/HT": lambda value: isinstance(value, Name),
    "/BM": lambda value: isinstance(value, Name) and str(value) in _BLEND_MODES,
    **dict.fromkeys(("/CA", "/ca"), _up_to(1)),
    "/SMask": lambda value: value == Name("/None") or isinstance(value, Dictionary),
}
