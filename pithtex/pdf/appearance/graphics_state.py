"""The entries of a graphics state that all readers take alike (ISO 32000-1, table 58)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pikepdf import Array, Dictionary, Name

from pithtex.pdf.appearance.colours import numbers

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


_HARMLESS: Final = (
    "/Type", "/Name", "/AAPL:AA", "/LW", "/LC", "/LJ", "/ML", "/D", "/RI", "/Font", "/FL", "/SM", "/SA", "/AIS", "/TK",
    "/OP", "/op", "/OPM", "/BG", "/BG2", "/UCR", "/UCR2",
)  # fmt: skip
_STATE: Final[dict[str, Callable[[object], bool]]] = {
    **dict.fromkeys(_HARMLESS, _anything),
    **dict.fromkeys(("/TR", "/TR2"), _transfer),
    "/HT": lambda value: isinstance(value, Name),
    "/BM": lambda value: isinstance(value, Name) and str(value) in _BLEND_MODES,
    "/CA": _share,
    "/ca": _share,
    "/SMask": lambda value: value == Name("/None") or isinstance(value, Dictionary),
}
