"""Reading single objects of a file that may be damaged or hostile (ISO 32000-1, 7.3 and 7.9)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Final
from xml.parsers.expat import ExpatError

import pikepdf

from pithtex.catalogue import finding
from pithtex.findings import Finding, Rect
from pithtex.limits import MAX_VALUE_CHARS
from pithtex.patterns import pattern

READ_ERRORS: Final[tuple[type[Exception], ...]] = (
    pikepdf.PikepdfError,  # PdfError and PasswordError, which is not PdfError
    ArithmeticError,
    AttributeError,
    ExpatError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,  # RecursionError too
    TypeError,
    ValueError,  # UnicodeError too
)
"""What reading an object of a damaged or hostile file was seen to raise; each channel is read under a guard."""
WHITE_SPACE: Final = b"\0\t\n\f\r "
"""Between tokens (7.2.2)."""
TWICE: Final = pattern(
    r"\((?:trailer|object (\d+) (\d+)),.* offset (\d+)\): dictionary has duplicated key (/[^;]*); last occurrence"
)
"""qpdf's words, which a test watches: number and generation of the object, the place of its dictionary, the entry."""


class OddError(Exception):
    """Readers take something in different ways; its text says what."""


NOWHERE: Final[Rect] = (0.0, 0.0, 0.0, 0.0)
"""In place of a rectangle that readers do not take alike: it has no size, so that nothing is on it."""
EVERYWHERE: Final[Rect] = (-math.inf, -math.inf, math.inf, math.inf)
"""In place of one that may reach anywhere."""
_LARGEST: Final = 32_768
"""Of a coordinate; pages have at most 14,400 units (ISO 32000-1, table C.1), and some readers count in 16 bits."""


def entry(holder: pikepdf.Object, key: str) -> pikepdf.Object | None:
    """Returns the entry of a dictionary, or None: to ask `get` for one that is not there takes ten times as long."""
    return holder[key] if key in holder else None  # noqa: SIM401


def each_of(value: pikepdf.Object | None) -> list[pikepdf.Object]:
    """Returns the members of an array, or the one object that stands in the place of one."""
    if value is None:
        return []
    return list(value) if isinstance(value, pikepdf.Array) else [value]


def text_value(value: pikepdf.Object) -> str:
    """Decodes a text string (ISO 32000-1, 7.9.2.2): PDFDocEncoding, or UTF-16BE or UTF-8 after their marks.

    Raises:
        TypeError: the object is not a string.
        ValueError: the bytes are not of the encoding their mark announces.
    """
    if not isinstance(value, pikepdf.String):
        raise TypeError("not a text string")
    return str(value)


def cut(text: str, channel: str, what: str, findings: list[Finding], most: int = MAX_VALUE_CHARS) -> str:
    """Cuts a value that has more than so many characters, and says so."""
    if len(text) <= most:
        return text
    message = f"{what} is longer than {most} characters and was cut"
    findings.append(finding("channel-limit", message, where=channel))
    return text[:most]


def box_of(value: object) -> Rect | None:
    """Returns a rectangle that has an area; None if not all readers take it alike, or it is empty."""
    rect = rectangle(value)
    return None if rect is None or rect[0] == rect[2] or rect[1] == rect[3] else rect


def rectangle(value: object) -> Rect | None:
    """Returns a rectangle (7.9.5), its corners in order, which may be empty; None if it is not four plain numbers.

    Readers differ on all else: on an array of another length, on what is not a number, and on a number so large
    that it overflows.
    """
    try:
        sides = numbers(value) if isinstance(value, pikepdf.Array) and len(value) == 4 else []
    except READ_ERRORS:
        return None
    if len(sides) != 4 or max(map(abs, sides)) > _LARGEST:
        return None
    x, y = sorted(sides[::2]), sorted(sides[1::2])
    return (x[0], y[0], x[1], y[1])


def numbers(values: object) -> list[float]:
    """Returns the numbers of an array; empty if it is not an array, or holds anything else."""
    listed: Sequence[object] = list(values) if isinstance(values, pikepdf.Array | list) else []
    if any(isinstance(value, bool) or not isinstance(value, int | float | Decimal) for value in listed):
        return []
    return [float(value) for value in listed]  # type: ignore[arg-type]


def damaged(channel: str, error: Exception) -> Finding:
    """Returns the finding for a channel that could not be read at all."""
    message = f"the channel could not be read ({type(error).__name__})"
    return finding("channel-damaged", message, where=channel)


def flags_of(value: object) -> int:
    """Returns an annotation's flags (ISO 32000-1, table 165); 0 if they are not a number."""
    try:
        return 0 if value is None else int(value)  # type: ignore[call-overload]
    except READ_ERRORS:
        return 0
