"""What a page says is there: its characters, with the style of the text object that each belongs to."""

from __future__ import annotations

import collections
import ctypes
import itertools
import math
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import pypdfium2_raw as pdfium

from pithtex.catalogue import finding
from pithtex.findings import Finding, Rect
from pithtex.limits import MAX_TEXT_CHARS
from pithtex.pdf.text.pdfium import address_of, plain

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
_CAPITAL, _EXTENT = 0.7, 0.94
"""Of the size: how high capitals are, and how far apart are the top and the bottom of all letters."""
_MAX_NAME: Final = 256
"""Bytes of a font's name."""


_INDEX: Final = (ctypes.c_void_p, ctypes.c_int)
_unicode: Final = plain(pdfium.FPDFText_GetUnicode, ctypes.c_uint, *_INDEX)
_generated: Final = plain(pdfium.FPDFText_IsGenerated, ctypes.c_int, *_INDEX)
_text_object: Final = plain(pdfium.FPDFText_GetTextObject, ctypes.c_void_p, *_INDEX)
_char_box: Final = plain(pdfium.FPDFText_GetCharBox, ctypes.c_int, *_INDEX, *[ctypes.c_void_p] * 4)
_char_origin: Final = plain(pdfium.FPDFText_GetCharOrigin, ctypes.c_int, *_INDEX, *[ctypes.c_void_p] * 2)
_loose_box: Final = plain(pdfium.FPDFText_GetLooseCharBox, ctypes.c_int, *_INDEX, ctypes.c_void_p)
_font_of: Final = plain(pdfium.FPDFTextObj_GetFont, ctypes.c_void_p, ctypes.c_void_p)
_size_of: Final = plain(pdfium.FPDFTextObj_GetFontSize, ctypes.c_int, *[ctypes.c_void_p] * 2)
_PLACE: Final = struct.Struct("6d4f")
"""Of a character: left, right, bottom, top, and the origin; left, top, right, bottom of its loose box."""
_ENTRIES: Final = (*range(0, 48, 8), 48)
_BATCH: Final = 4096
"""Characters that are asked for together: a dense page has some more."""


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


class Characters:
    """The characters of one page: what they are, and, of those that are asked for, where."""

    def __init__(self, text_page: Any, page_box: Rect, number: int, findings: list[Finding]) -> None:
        self._text_page = text_page
        self._page = address_of(text_page)
        self._box = page_box
        self._known: dict[int, Style] = {}
        self._drawn: dict[int, tuple[str, float]] = {}
        self.hidden = 0
        """Characters read that say themselves that they cannot be seen."""
        total = pdfium.FPDFText_CountChars(text_page)
        if total > MAX_TEXT_CHARS:
            message = f"the page has more than {MAX_TEXT_CHARS} characters; the rest was not read"
            findings.append(finding("channel-limit", message, where=f"page {number}"))
        pages, self.all = itertools.repeat(self._page), range(min(total, MAX_TEXT_CHARS))
        self.codes: list[int] = list(map(_unicode, pages, self.all))
        self.objects: list[int | None] = list(map(_text_object, pages, self.all))
        """The text object of each character; None for one that PDFium made up."""

    def known(self) -> dict[int, bool]:
        """Every text object, and whether it is known of most of its characters what they are."""
        unknown = {code for code in set(self.codes) if not _is_known(code)}
        pairs = zip(self.codes, self.objects, strict=True) if unknown else ()
        odd = collections.Counter(address for code, address in pairs if code in unknown)
        total = collections.Counter(self.objects) if odd else odd
        return {address: 2 * odd[address] <= total[address] for address in set(self.objects) if address}

    def read(self) -> list[Char]:
        """Those that claim to be visible."""
        page, box_of_page, styles = self._page, self._box, self._known
        chars: list[Char] = []
        spaced = written = False
        for index, code, address, place in self._placed():
            if not 0x20 < code < 0x7F:
                ligature = _OT1_LIGATURES.get(code)
                code = _code(code) if ligature is None or _generated(page, index) else ligature  # noqa: PLW2901
                if code == 0x20:
                    spaced = True
                    written = written or not _generated(page, index)
                    continue
            if not address or place is None:  # PDFium made it up, or has no place for it
                continue
            style = styles.get(address) or self._style(address, index)
            if style.symbols is not None:
                code = style.symbols.get(self.codes[index], code)  # noqa: PLW2901
            code = code or _UNKNOWN  # noqa: PLW2901
            x0, x1, y0, y1, x, y, left, top, right, bottom = place
            if not math.isfinite(x0 + x1 + y0 + y1 + x + y):
                continue
            box = (x0, y0, x1, y1) if x0 <= x1 and y0 <= y1 else ordered(x0, y0, x1, y1)
            if not style.visible or style.size < _MIN_SIZE or not _inside(box, box_of_page):
                self.hidden += 1
                continue
            if style.angle == 0:
                end = max(left, right)
            else:
                end = max(along(u, v, style.angle)[0] for u in (left, right) for v in (bottom, top))
            chars.append(Char(code, x, y, end, box, style, spaced, not written))
            spaced = written = False
        return chars

    def _placed(self) -> Iterator[tuple[int, int, int | None, tuple[float, ...] | None]]:
        """Of each character its index, code and text object, and where it is (`_PLACE`).

        They are asked for in batches and put into one buffer: a loop in Python would take three times as long.
        """
        buffer = ctypes.create_string_buffer(min(len(self.all), _BATCH) * _PLACE.size)
        start = ctypes.addressof(buffer)
        pages = itertools.repeat(self._page)
        for first in range(0, len(self.all), _BATCH):
            batch = self.all[first : first + _BATCH]
            # What a character has no value for is left as it was, and must not be another's.
            ctypes.memset(start, 0, len(buffer))
            entries = [itertools.count(start + entry, _PLACE.size) for entry in _ENTRIES]
            placed = list(map(_char_box, pages, batch, *entries[:4]))
            # Only called: their results are of no interest.
            collections.deque(map(_char_origin, pages, batch, *entries[4:6]), 0)
            collections.deque(map(_loose_box, pages, batch, entries[6]), 0)
            places = _PLACE.iter_unpack(buffer)
            for index, known, place in zip(batch, placed, places, strict=False):
                yield index, self.codes[index], self.objects[index], place if known else None

    def _style(self, address: int, index: int) -> Style:
        """The style of a text object, of which a character is given; asked for once."""
        style = self._known.get(address)
        if style is None:
            handle = pdfium.FPDFText_GetTextObject(self._text_page, index)
            style = self._known[address] = _style(self._text_page, handle, address, index, self._of_drawings)
        return style

    def _of_drawings(self, address: int) -> tuple[str, float]:
        """A name for the font of drawings (Type 3) that a text object is in, and its size by its letters.

        What the font's own matrix makes of its type PDFium does not say. The size is negative where the letters hang
        from the line, as in mirror writing.
        """
        if not self._drawn:
            keys = {each: (_font(each), _size(each)) for each in set(self.objects) if each}
            extents: dict[tuple[int, float], tuple[float, float]] = {}
            for index, _, each, place in self._placed():
                if each and place:
                    angle = self._angle(index)
                    base = along(place[4], place[5], angle)[1]
                    sides = [along(x, y, angle)[1] - base for x in place[:2] for y in place[2:4]]
                    below, above = extents.get(keys[each], (0.0, 0.0))
                    extents[keys[each]] = min(below, *sides), max(above, *sides)
            fonts = {font: f"#{number}" for number, (font, _) in enumerate(extents)}
            for each, key in keys.items():
                below, above = extents.get(key, (0.0, 0.0))
                size = max(above / _CAPITAL, (above - below) / _EXTENT)
                self._drawn[each] = fonts.get(key[0], "#"), size if above > -below else -size
        return self._drawn.get(address, ("#", 0.0))

    def _angle(self, index: int) -> float:
        matrix = pdfium.FS_MATRIX()
        known = pdfium.FPDFText_GetMatrix(self._text_page, index, matrix)
        return math.degrees(math.atan2(matrix.b, matrix.a)) if known else 0.0


def _font(address: int) -> int:
    return int(_font_of(address) or 0)


def _size(address: int) -> float:
    size = ctypes.c_float()
    _size_of(address, ctypes.byref(size))
    return size.value


_T1_LIGATURES: Final = dict(zip(range(0x1B, 0x20), range(0xFB00, 0xFB05), strict=True))
_OT1_LIGATURES: Final = dict(zip(range(0x0B, 0x10), range(0xFB00, 0xFB05), strict=True))
"""Codes of ff, fi, fl, ffi, ffl in TeX's encodings (encguide, 2022-06, tables of T1 and OT1).

TeX's bitmap fonts do not say what their codes stand for, so that a page has the codes themselves. Those of letters are
ASCII; these are not.
"""
_TEX_SYMBOLS: Final[Mapping[str, Mapping[int, int]]] = {
    "CMMI": {0x0F: 0x3F5, 0x25: 0x3F1, 0x60: 0x2113, 0x7D: 0x2118},  # epsilon, rho, ell, p of Weierstrass
    "CMSY": {0x1C: 0x226A, 0x1D: 0x226B, 0x27: 0x2243, 0x36: 0x338},  # far less and greater, similar, negation
    "CMEX": dict.fromkeys(range(0x70, 0x74), 0x221A),  # roots
}
"""By the beginning of a font's name: what its codes stand for (encguide, 2022-06, tables of OML, OMS and OMX).

Its glyphs have names of TeX's own, for which PDFium gives the code.
"""
_UNKNOWN: Final = 0xFFFD
"""A glyph that has no Unicode, and no code that says what it is: something stands there."""


def _code(code: int) -> int:
    """Maps white space to a space, PDFium's marks of a hyphen at the line's end to a hyphen, controls to 0."""
    if code in (0x02, 0xFFFE):
        return 0x2D
    if code in _T1_LIGATURES:
        return _T1_LIGATURES[code]
    if code in (0x09, 0x0A, 0x0D, 0xA0) or chr(min(code, 0x10FFFF)).isspace():
        return 0x20
    return 0 if code < 0x20 or code > 0x10FFFF or 0x7F <= code < 0xA0 else code


def _is_known(code: int) -> bool:
    """Whether a code stands for a character: a control does not, nor one that a font has for itself."""
    return _code(code) != 0 and not 0xE000 <= code <= 0xF8FF


def _inside(box: Rect, page: Rect) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return page[0] <= x <= page[2] and page[1] <= y <= page[3]


def _style(
    text_page: Any, handle: Any, address: int, index: int, of_drawings: Callable[[int], tuple[str, float]]
) -> Style:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFText_GetMatrix(text_page, index, matrix):
        matrix.a = matrix.d = 1.0
    width = math.hypot(matrix.a, matrix.b)
    # Across the reading direction, so that a slant counts for nothing; negative in mirror writing.
    height = (matrix.a * matrix.d - matrix.b * matrix.c) / width if width else 0.0
    size = pdfium.FPDFText_GetFontSize(text_page, index) * height
    angle = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
    visible, white, dark = _paint(handle)
    buffer = ctypes.create_string_buffer(_MAX_NAME)
    length = pdfium.FPDFText_GetFontInfo(text_page, index, buffer, _MAX_NAME, None)
    name = buffer.value.decode("utf-8", "replace") if 0 < length <= _MAX_NAME else ""
    if name[6:7] == "+" and name[:6].isupper():  # a subset's tag (ISO 32000-1, 9.6.4)
        name = name[7:]
    if not name:
        name, by_letters = of_drawings(address)
        if size < _MIN_SIZE:
            size, height = by_letters, math.copysign(height, by_letters)
    if not (_SQUEEZED * height < width < height / _SQUEEZED) or _replaced(handle):
        visible = False
    size = size if math.isfinite(size) else 0.0
    # Angles are compared: five degrees are one direction.
    symbols = _TEX_SYMBOLS.get(name[:4].upper())
    return Style(address, visible, white, dark, abs(size), name, round(angle / 5) * 5 % 360, symbols)


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
