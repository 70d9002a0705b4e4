"""What a page says is there: its characters, with the style of the text object that each belongs to."""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass
from typing import Any, Final

import pypdfium2_raw as pdfium

from pithtex.findings import Finding, finding
from pithtex.limits import MAX_TEXT_CHARS
from pithtex.pdf.engine import address_of, plain
from pithtex.pdf.evidence import Rect

_MIN_SIZE: Final = 2.0
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


_INDEX: Final = (ctypes.c_void_p, ctypes.c_int)
_unicode: Final = plain(pdfium.FPDFText_GetUnicode, ctypes.c_uint, *_INDEX)
_text_object: Final = plain(pdfium.FPDFText_GetTextObject, ctypes.c_void_p, *_INDEX)
_char_box: Final = plain(pdfium.FPDFText_GetCharBox, ctypes.c_int, *_INDEX, *[ctypes.c_void_p] * 4)
_char_origin: Final = plain(pdfium.FPDFText_GetCharOrigin, ctypes.c_int, *_INDEX, *[ctypes.c_void_p] * 2)
_loose_box: Final = plain(pdfium.FPDFText_GetLooseCharBox, ctypes.c_int, *_INDEX, ctypes.c_void_p)


@dataclass(slots=True)
class Style:
    """What all characters of one text object have in common. `visible` is what the object itself says."""

    handle: Any
    visible: bool
    white: bool
    dark: bool
    size: float
    font: str
    angle: float


@dataclass(slots=True)
class Char:
    """One character, where it stands."""

    code: int
    x: float
    """The origin, in user space."""
    y: float
    end: float
    """Where the next character is expected, in reading direction (see `along`)."""
    box: Rect
    style: Style
    spaced: bool = False
    """White space stands before it."""
    guessed: bool = False
    """And it is PDFium's guess, which is wrong before a superscript."""


def characters(text_page: Any, page_box: Rect, number: int, findings: list[Finding]) -> tuple[list[Char], int]:
    """Lists the characters that claim to be visible, and counts the others."""
    total = pdfium.FPDFText_CountChars(text_page)
    if total > MAX_TEXT_CHARS:
        message = f"the page has more than {MAX_TEXT_CHARS} characters; the rest was not read"
        findings.append(finding("channel-limit", message, where=f"page {number}"))
    reader = _CharReader(text_page)
    page = address_of(text_page)
    chars: list[Char] = []
    hidden = 0
    spaced = written = False
    for index in range(min(total, MAX_TEXT_CHARS)):
        code = _unicode(page, index)
        if code in _OT1_LIGATURES and not pdfium.FPDFText_IsGenerated(text_page, index):
            code = _OT1_LIGATURES[code]
        elif not 0x20 < code < 0x7F:
            code = _code(code)
        if code == 0x20:
            spaced = True
            written = written or not pdfium.FPDFText_IsGenerated(text_page, index)
            continue
        if code == 0:
            continue
        char = reader.read(index, code)
        if char is None:
            continue
        if not char.style.visible or char.style.size < _MIN_SIZE or not _inside(char.box, page_box):
            hidden += 1
            continue
        char.spaced, char.guessed = spaced, not written
        chars.append(char)
        spaced = written = False
    return chars, hidden


_T1_LIGATURES: Final = dict(zip(range(0x1B, 0x20), range(0xFB00, 0xFB05), strict=True))
_OT1_LIGATURES: Final = dict(zip(range(0x0B, 0x10), range(0xFB00, 0xFB05), strict=True))
"""Codes of ff, fi, fl, ffi, ffl in TeX's encodings (encguide, 2022-06, tables of T1 and OT1).

TeX's bitmap fonts do not say what their codes stand for, so that a page has the codes themselves. Those of letters are
ASCII; these are not.
"""


def _code(code: int) -> int:
    """Maps white space to a space, PDFium's marks of a hyphen at the line's end to a hyphen, controls to 0."""
    if code in (0x02, 0xFFFE):
        return 0x2D
    if code in _T1_LIGATURES:
        return _T1_LIGATURES[code]
    if code in (0x09, 0x0A, 0x0D, 0xA0) or chr(min(code, 0x10FFFF)).isspace():
        return 0x20
    return 0 if code < 0x20 or code > 0x10FFFF or 0x7F <= code < 0xA0 else code


def _inside(box: Rect, page: Rect) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return page[0] <= x <= page[2] and page[1] <= y <= page[3]


class _CharReader:
    """Reads characters; what is the same for a whole text object is asked for once."""

    def __init__(self, text_page: Any) -> None:
        self._text_page = text_page
        self._address = address_of(text_page)
        self._styles: dict[int, Style] = {}
        self._numbers = tuple(ctypes.c_double() for _ in range(6))
        self._pointers = tuple(ctypes.byref(number) for number in self._numbers)
        self._loose = pdfium.FS_RECTF()
        self._loose_pointer = ctypes.byref(self._loose)

    def read(self, index: int, code: int) -> Char | None:
        """Reads one character; None for one that PDFium made up or has no place for."""
        page = self._address
        address = _text_object(page, index)
        if not address:
            return None
        style = self._styles.get(address)
        if style is None:
            style = self._styles[address] = self._style(pdfium.FPDFText_GetTextObject(self._text_page, index), index)
        at = self._pointers
        if not _char_box(page, index, at[0], at[1], at[2], at[3]):
            return None
        _char_origin(page, index, at[4], at[5])
        left, right, bottom, top, x, y = [number.value for number in self._numbers]
        if not math.isfinite(left + right + bottom + top + x + y):
            return None
        box = (left, bottom, right, top) if left <= right and bottom <= top else ordered(left, bottom, right, top)
        return Char(code, x, y, self._end(index, style.angle), box, style)

    def _end(self, index: int, angle: float) -> float:
        loose = self._loose
        _loose_box(self._address, index, self._loose_pointer)
        if angle == 0:
            return float(max(loose.left, loose.right))
        corners = ((u, v) for u in (loose.left, loose.right) for v in (loose.bottom, loose.top))
        return max(along(u, v, angle)[0] for u, v in corners)

    def _style(self, handle: Any, index: int) -> Style:
        matrix = pdfium.FS_MATRIX()
        if not pdfium.FPDFText_GetMatrix(self._text_page, index, matrix):
            matrix.a = matrix.d = 1.0
        width = math.hypot(matrix.a, matrix.b)
        # Across the reading direction, so that a slant counts for nothing; negative in mirror writing.
        height = (matrix.a * matrix.d - matrix.b * matrix.c) / width if width else 0.0
        size = pdfium.FPDFText_GetFontSize(self._text_page, index) * height
        angle = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
        visible, white, dark = _paint(handle)
        if not (_SQUEEZED * height < width < height / _SQUEEZED) or _replaced(handle):
            visible = False
        buffer = ctypes.create_string_buffer(_MAX_NAME)
        length = pdfium.FPDFText_GetFontInfo(self._text_page, index, buffer, _MAX_NAME, None)
        name = buffer.value.decode("utf-8", "replace") if 0 < length <= _MAX_NAME else ""
        if name[6:7] == "+" and name[:6].isupper():  # a subset's tag (ISO 32000-1, 9.6.4)
            name = name[7:]
        size = size if math.isfinite(size) else 0.0
        # Angles are compared: five degrees are one direction.
        return Style(handle, visible, white, dark, abs(size), name, round(angle / 5) * 5 % 360)


def _replaced(handle: Any) -> bool:
    """Whether the object says that it stands for other text (ISO 32000-1, 14.9.4), which PDFium then gives as its text.

    A few characters are how ligatures, hyphens and symbols are spelt out.
    """
    length = ctypes.c_ulong()
    for index in range(pdfium.FPDFPageObj_CountMarks(handle)):
        mark = pdfium.FPDFPageObj_GetMark(handle, index)
        if pdfium.FPDFPageObjMark_GetParamStringValue(mark, b"ActualText", None, 0, length):
            return int(length.value) > 2 * (_REPLACEMENT + 1)  # UTF-16 with a NUL at its end
    return False


def _paint(handle: Any) -> tuple[bool, bool, bool]:
    """Whether a text object paints at all, whether white, and whether dark (ISO 32000-1, 9.3.6, 11.6.4.4)."""
    mode = pdfium.FPDFTextObj_GetTextRenderMode(handle)
    if mode in (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP):
        return False, False, False
    stroked = mode in (
        pdfium.FPDF_TEXTRENDERMODE_STROKE,
        pdfium.FPDF_TEXTRENDERMODE_STROKE_CLIP,
    )
    get_color = pdfium.FPDFPageObj_GetStrokeColor if stroked else pdfium.FPDFPageObj_GetFillColor
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not get_color(handle, red, green, blue, alpha):  # a pattern: only drawing tells
        return True, False, False
    values = (red.value, green.value, blue.value)
    return alpha.value > 0, min(values) >= _WHITE, alpha.value > _DARK and sum(values) < 3 * _DARK


def along(x: float, y: float, angle: float) -> tuple[float, float]:
    """The point in a frame whose first axis runs in reading direction."""
    if angle == 0:
        return x, y
    turn = math.radians(angle)
    cos, sin = math.cos(turn), math.sin(turn)
    return x * cos + y * sin, y * cos - x * sin


def ordered(x0: float, y0: float, x1: float, y1: float) -> Rect:
    """The rectangle of two corners."""
    return (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
