"""The entries of a graphics state that all readers take alike (ISO 32000-1, table 58)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pikepdf import Array, Dictionary, Name

from pithtex.pdf.untrusted import numbers

_BLEND_MODES: Final = frozenset({
    "/ColorBurn", "/ColorDodge", "/Compatible", "/Darken", "/Difference", "/Exclusion", "/HardLight", "/Lighten",
    "/Multiply", "/Normal", "/Overlay", "/Screen", "/SoftLight",
})  # fmt: skip
"""Those of each colour by itself (table 136): the others depend on the space that a reader blends in."""
_PLAIN_TRANSFER: Final = (Name.Identity, Name.Default)


_ALIKE: Final = (Name.Normal, Name.Compatible, Name.Multiply, Name.Darken, Name.Screen, Name.Lighten)


def blends_alike(mode: object) -> bool:
    """Tells whether a blend mode gives about the same in inks as in light."""
    return mode in _ALIKE


def is_plain(key: str, value: object) -> bool:
    """Tells whether an entry is one of the list below, with a value that says the same to all."""
    plain = _STATE.get(key)
    return plain is not None and plain(value)


def _share(value: object) -> bool:
    listed = numbers([value])
    return bool(listed) and 0 <= listed[0] <= 1


def _transfer(value: object) -> bool:
    return all(one in _PLAIN_TRANSFER for one in (value if isinstance(value, Array) else [value]))


def _anything(_: object) -> bool:
    return True


def _length(value: object) -> bool:
    listed = numbers([value])
    return bool(listed) and listed[0] >= 0


def _dashes(value: object) -> bool:
    if not isinstance(value, Array) or len(value) != 2 or not isinstance(value[0], Array):
        return False
    lengths = numbers(value[0])
    return len(lengths) == len(value[0]) and min(lengths, default=0) >= 0 and (not lengths or any(lengths))


def _of(*choices: object) -> Callable[[object], bool]:
    return lambda value: any(value is choice or (type(value) is int and value == choice) for choice in choices)


_HARMLESS: Final = ("/Type", "/Name", "/AAPL:AA", "/RI", "/SM", "/BG", "/BG2", "/UCR", "/UCR2")
_STATE: Final[dict[str, Callable[[object], bool]]] = {
    **dict.fromkeys(_HARMLESS, _anything),
    **dict.fromkeys(("/LW", "/ML", "/FL"), _length),
    **dict.fromkeys(("/LC", "/LJ"), _of(0, 1, 2)),
    **dict.fromkeys(("/SA", "/AIS", "/TK", "/OP", "/op"), _of(True, False)),
    "/OPM": _of(0, 1),
    "/D": _dashes,
    **dict.fromkeys(("/TR", "/TR2"), _transfer),
    "/HT": lambda value: isinstance(value, Name),
    "/BM": lambda value: isinstance(value, Name) and str(value) in _BLEND_MODES,
    "/CA": _share,
    "/ca": _share,
    "/SMask": lambda value: value == Name("/None") or isinstance(value, Dictionary),
}
