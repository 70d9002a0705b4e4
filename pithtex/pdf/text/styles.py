"""How text objects say that they are painted: size, font, direction, colour, and what their codes stand for."""

from __future__ import annotations

import ctypes
import functools
import math
from collections.abc import Callable, Mapping
from typing import Any, Final

from pithtex.patterns import pattern
from pithtex.pdf.text import library as pdfium
from pithtex.structs import NamedTuple

MIN_SIZE: Final = 2.0
"""Points. Smaller text can't be read, and is used to hide."""
_WHITE: Final = 250
"""Each of red, green, blue at least this: not to be seen on paper."""
_DARK: Final = 128
"""On average of red, green and blue less than this: to be seen on any paper, unless something lies over it."""
_SQUEEZED: Final = 0.2
"""Letters narrower than this share of their height, or that much flatter, can't be read."""
_REPLACEMENT: Final = 4
"""Characters; longer replacement text is another text than what is drawn."""
_MAX_NAME: Final = 256
"""Bytes of a font's name."""

_BUFFER: Final = ctypes.create_string_buffer(_MAX_NAME)
"""One for all: while a document is open, nobody else is here."""
_FONTS: Final = 256
"""A page has some tens."""
_Matrix: Final = ctypes.c_float * 6
_matrix: Final = pdfium.FPDFText_GetMatrix
_size: Final = pdfium.FPDFText_GetFontSize
_font_info: Final = pdfium.FPDFText_GetFontInfo
_mode: Final = pdfium.FPDFTextObj_GetTextRenderMode
_fill: Final = pdfium.FPDFPageObj_GetFillColor
_stroke: Final = pdfium.FPDFPageObj_GetStrokeColor
_width_of_stroke: Final = pdfium.FPDFPageObj_GetStrokeWidth
_count_marks: Final = pdfium.FPDFPageObj_CountMarks
_mark: Final = pdfium.FPDFPageObj_GetMark
_param: Final = pdfium.FPDFPageObjMark_GetParamStringValue
_UNSEEN: Final = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)
_STROKED: Final = (pdfium.FPDF_TEXTRENDERMODE_STROKE, pdfium.FPDF_TEXTRENDERMODE_STROKE_CLIP)


class Style(NamedTuple):
    """What all characters of one text object have in common. `visible` is what the object itself says."""

    address: int
    visible: bool
    white: bool
    dark: bool
    size: float
    font: str
    angle: float
    symbols: Mapping[int, int] | None = None
    """What codes stand for that PDFium does not know, in fonts of TeX's that do not say it."""


_TEX_SYMBOLS: Final[Mapping[str, Mapping[int, int]]] = {
    "CMMI": {0x0F: 0x3F5, 0x25: 0x3F1, 0x60: 0x2113, 0x7D: 0x2118},  # epsilon, rho, ell, p of Weierstrass
    "CMSY": {0x1C: 0x226A, 0x1D: 0x226B, 0x27: 0x2243, 0x36: 0x338},  # far less and greater, similar, negation
    "CMEX": dict.fromkeys(range(0x70, 0x74), 0x221A),  # roots
}
"""By the beginning of a font's name: what its codes stand for (encguide, 2022-06, tables of OML, OMS and OMX).

Its glyphs have names of TeX's own, for which PDFium gives the code.
"""


_UNKNOWN: Final = 0xFFFD
_SIGNS: Final = pattern("DINGBAT|DINGS|SYMBOL|MARLETT|MT.?EXTRA|SPECIALTY")
"""Fonts that have no Latin letters, whatever a file says that these are."""
_NO_LETTERS: Final = {code: _UNKNOWN for code in range(128) if chr(code).isalpha()}


@functools.lru_cache(_FONTS)
def _known_symbols(name: str) -> Mapping[int, int] | None:
    upper = name.upper()
    return _NO_LETTERS if _SIGNS.search(upper) else _TEX_SYMBOLS.get(upper[:4])


def style_of(text_page: Any, address: int, index: int, of_drawings: Callable[[int], tuple[str, float]]) -> Style:
    """Returns the style of a text object.

    Args:
        text_page: the page's text, as `library.given` makes it.
        address: the object.
        index: one of its characters.
        of_drawings: name and size of a font that has none, by the object.
    """
    a, b, c, d, _, _ = _matrix_at(text_page, index)
    width = math.hypot(a, b)
    # Across the reading direction, so that a slant counts for nothing; negative in mirror writing.
    height = (a * d - b * c) / width if width else 0.0
    size = _size(text_page, index) * height
    visible, white, dark = _paint(address)
    name = _name(text_page, index)
    if not name:
        # A glyph of its own colours has some readers' text colour instead: it counts where that is seen as well.
        visible = visible and dark
        name, by_letters = of_drawings(address)
        if size < MIN_SIZE:
            size, height = by_letters, math.copysign(height, by_letters)
    if not (_SQUEEZED * height < width < height / _SQUEEZED) or _replaced(address):
        visible = False
    size = size if math.isfinite(size) else 0.0
    # Angles are compared: five degrees are one direction.
    angle = 0 if b == 0 < a else round(math.degrees(math.atan2(b, a)) % 360 / 5) * 5 % 360
    return Style(address, visible, white, dark, abs(size), name, angle, _known_symbols(name))


def angle_at(text_page: Any, index: int) -> float:
    """Returns the direction of a character, in degrees."""
    a, b, *_ = _matrix_at(text_page, index)
    return math.degrees(math.atan2(b, a))


def _matrix_at(text_page: Any, index: int) -> tuple[float, ...]:
    values = _Matrix(1, 0, 0, 1)
    _matrix(text_page, index, values)
    return tuple(values)


def _name(text_page: Any, index: int) -> str:
    length = _font_info(text_page, index, _BUFFER, _MAX_NAME, None)
    return _without_tag(_BUFFER.value) if 0 < length <= _MAX_NAME else ""


@functools.lru_cache(_FONTS)
def _without_tag(stored: bytes) -> str:
    """Returns the name of a font without a subset's tag (ISO 32000-1, 9.6.4)."""
    name = stored.decode("utf-8", "replace")
    return name[7:] if name[6:7] == "+" and name[:6].isupper() else name


def _replaced(address: int) -> bool:
    """Tells whether the object stands for other text (ISO 32000-1, 14.9.4), which PDFium then gives instead.

    A few characters are how ligatures, hyphens and symbols are spelt out.
    """
    length = ctypes.c_ulong()
    for index in range(_count_marks(address)):
        if _param(_mark(address, index), b"ActualText", None, 0, ctypes.byref(length)):
            return int(length.value) > 2 * (_REPLACEMENT + 1)  # UTF-16 with a NUL at its end
    return False


def _stroke_width(address: int) -> float:
    """Returns the width of an object's lines. Of lines without any, some readers draw the thinnest, others nothing."""
    width = ctypes.c_float()
    return width.value if _width_of_stroke(address, ctypes.byref(width)) else 0.0


def _paint(address: int) -> tuple[bool, bool, bool]:
    """Tells whether a text object paints at all, whether white, and whether dark (ISO 32000-1, 9.3.6, 11.6.4.4)."""
    mode = _mode(address)
    if mode in _UNSEEN or (mode in _STROKED and not _stroke_width(address)):
        return False, False, False
    values = (ctypes.c_uint * 4)()
    start = ctypes.addressof(values)
    if not (_stroke if mode in _STROKED else _fill)(address, *range(start, start + 16, 4)):
        return True, False, False  # a pattern: only drawing tells
    *colour, alpha = values
    return alpha > 0, min(colour) >= _WHITE, alpha > _DARK and sum(colour) < 3 * _DARK
