"""What a page says is there: its characters, by columns, with the style of the text object that each belongs to."""

from __future__ import annotations

import collections
import ctypes
import itertools
import math
import operator
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from pithtex.catalogue import finding
from pithtex.findings import Finding, Rect
from pithtex.limits import MAX_TEXT_CHARS
from pithtex.pdf.text import library as pdfium
from pithtex.pdf.text.pdfium import units_of
from pithtex.pdf.text.styles import MIN_SIZE, Style, angle_at, style_of
from pithtex.structs import struct

_CAPITAL, _EXTENT = 0.7, 0.94
"""Of the size: how high capitals are, and how far apart are the top and the bottom of all letters."""
_unicode: Final = pdfium.FPDFText_GetUnicode
_generated: Final = pdfium.FPDFText_IsGenerated
_text_object: Final = pdfium.FPDFText_GetTextObject
_char_box: Final = pdfium.FPDFText_GetCharBox
_char_origin: Final = pdfium.FPDFText_GetCharOrigin
_loose_box: Final = pdfium.FPDFText_GetLooseCharBox
_font_of: Final = pdfium.FPDFTextObj_GetFont
_size_of: Final = pdfium.FPDFTextObj_GetFontSize
_SPACE: Final = 0x20
_HALVES: Final = range(0xD800, 0xE000)
"""Of characters, in UTF-16."""
GUESSED, WRITTEN = 1, 2
"""White space before a character: PDFium's guess, which is wrong before a superscript; or the file's own."""


@struct(frozen=False, kw_only=False)
class Letters:
    """Characters by columns: the n-th entry of each is of the n-th character.

    A page has thousands: an object for each would cost more than all else that is done with them.
    """

    text: list[str]
    """One code point each; a half of a character (UTF-16) where the file gives it so."""
    x: list[float]
    """The origin, in user space."""
    y: list[float]
    end: list[float]
    """Where the next character is expected, in reading direction (see `along`)."""
    left: list[float]
    bottom: list[float]
    right: list[float]
    top: list[float]
    styles: list[Style]
    spaced: list[int]
    """Whether white space stands before it: 0, `GUESSED` or `WRITTEN`."""

    def __len__(self) -> int:
        return len(self.text)

    def part(self, start: int, stop: int) -> Letters:
        """Some of them that follow each other."""
        return Letters(*[column[start:stop] for column in self._columns()])

    def chosen(self, flags: Sequence[int]) -> Letters:
        """Those with a flag."""
        if all(flags):
            return self
        return Letters(*[list(itertools.compress(column, flags)) for column in self._columns()])

    def rect(self) -> Rect:
        """Around all of them."""
        return min(self.left), min(self.bottom), max(self.right), max(self.top)

    def _columns(self) -> tuple[list[Any], ...]:
        places = (self.x, self.y, self.end, self.left, self.bottom, self.right, self.top)
        return (self.text, *places, self.styles, self.spaced)


class Characters:
    """The characters of one page: what they are, and, of those that claim to be visible, where."""

    def __init__(self, text_page: Any, page_box: Rect, number: int, findings: list[Finding]) -> None:
        self._page = pdfium.given(text_page)
        self._box = page_box
        self._drawn: dict[int, tuple[str, float]] = {}
        self.hidden = 0
        """Characters read that say themselves that they cannot be seen."""
        total = pdfium.FPDFText_CountChars(text_page)
        if total > MAX_TEXT_CHARS:
            message = f"the page has more than {MAX_TEXT_CHARS} characters; the rest was not read"
            findings.append(finding("channel-limit", message, where=f"page {number}"))
        pages, self.all = itertools.repeat(self._page), range(min(total, MAX_TEXT_CHARS))
        units = units_of(text_page)
        # Unless it left some out, or has halves of others, the page's text has one unit for each.
        whole = len(units) == len(self.all) and not any(map(_HALVES.__contains__, set(units)))
        self.codes: list[int] = list(units if whole else map(_unicode, pages, self.all))
        self.objects: list[int | None] = list(map(_text_object, pages, self.all))
        """The text object of each character; None for one that PDFium made up."""
        self._points = self._code_points()
        self._printed = [point != _SPACE for point in self._points]
        self._at = list(itertools.compress(self.all, self._printed))
        """Those that are not white space. Of these alone it is asked where they are."""
        self._place()

    def known(self) -> dict[int, bool]:
        """Returns every text object, and whether it is known of most of its characters what they are."""
        unknown = {code for code in set(self.codes) if not _is_known(code)}
        pairs = zip(self.codes, self.objects, strict=True) if unknown else ()
        odd = collections.Counter(address for code, address in pairs if code in unknown)
        total = collections.Counter(self.objects) if odd else odd
        return {address: 2 * odd[address] <= total[address] for address in set(self.objects) if address}

    def read(self) -> Letters:
        """Those that claim to be visible."""
        first = dict(zip(reversed(self.objects), reversed(self.all), strict=True))
        by_object: dict[int | None, Style] = {
            each: style_of(self._page, each, at, self._of_drawings) for each, at in first.items() if each
        }
        objects = list(itertools.compress(self.objects, self._printed))
        styles = list(map(by_object.get, objects))
        painted: dict[int | None, bool] = {None: False}
        painted |= {each: style.visible and style.size >= MIN_SIZE for each, style in by_object.items()}
        kept = [painted[each] for each in objects]
        if not self._all_on_page():
            kept = list(map(operator.and_, kept, self._on_page()))
        self.hidden = len(objects) - objects.count(None) - sum(kept)
        places = (self._x, self._y, self._ends(styles, by_object), *self._sides)
        columns: list[list[Any]] = [list(map(chr, self._with_symbols(styles, by_object))), *places, styles]
        if not all(kept):
            columns = [list(itertools.compress(column, kept)) for column in columns]
        columns.append(self._spaces(kept))
        return Letters(*columns)

    def _place(self) -> None:
        """Asks where each character is. What is answered is copied before the next one is asked for, without a loop."""
        pages, each = itertools.repeat(self._page), self._at
        answer = (ctypes.c_double * 8)()
        left, right, bottom, top, x, y, loose = (itertools.repeat(ctypes.byref(answer, 8 * at)) for at in range(7))
        answers = zip(
            map(_char_box, pages, each, left, right, bottom, top),
            map(_char_origin, pages, each, x, y),
            map(_loose_box, pages, each, loose),  # of four floats, half as long
            map(memoryview(answer).tobytes, itertools.repeat(None, len(each))),
            strict=True,
        )
        values = b"".join([value for _, _, _, value in answers])
        numbers, halves = array("d", values), array("f", values)
        self._x, self._y = numbers[4::8].tolist(), numbers[5::8].tolist()
        self._sides = (*_in_order(*(numbers[at::8].tolist() for at in (0, 2, 1, 3))),)
        self._loose = [halves[at::16] for at in range(12, 16)]

    def _code_points(self) -> list[int]:
        """Returns each character's code point, `_SPACE` for white space, `_UNKNOWN` if nothing tells."""
        table = {code: _code(code) or _UNKNOWN for code in set(self.codes)}
        points = [table[code] for code in self.codes]
        if not table.keys().isdisjoint(_OT1_LIGATURES):
            for index, code in enumerate(self.codes):
                if code in _OT1_LIGATURES and not _generated(self._page, index):
                    points[index] = _OT1_LIGATURES[code]
        return points

    def _with_symbols(self, styles: Sequence[Style | None], by_object: dict[int | None, Style]) -> Iterable[int]:
        """Returns the code points of those that are no white space, of which their font may say more."""
        points = itertools.compress(self._points, self._printed)
        if not any(style.symbols for style in by_object.values()):
            return points
        each = zip(itertools.compress(self.codes, self._printed), points, styles, strict=True)
        return [style.symbols.get(code, point) if style and style.symbols else point for code, point, style in each]

    def _all_on_page(self) -> bool:
        left, bottom, right, top = self._sides
        numbers = math.isfinite(sum(map(sum, (left, bottom, right, top, self._x, self._y))))
        return (
            numbers
            and bool(self._at)
            and self._box[0] <= min(left)
            and max(right) <= self._box[2]
            and self._box[1] <= min(bottom)
            and max(top) <= self._box[3]
        )

    def _on_page(self) -> Iterator[bool]:
        """Of each character whether its middle is on the page."""
        each = zip(*self._sides, self._x, self._y, strict=True)
        return (math.isfinite(sum(values)) and _inside(values, self._box) for values in each)

    def _ends(self, styles: Sequence[Style | None], by_object: dict[int | None, Style]) -> list[float]:
        left, top, right, bottom = self._loose
        ends = list(map(max, left, right)) if _is_turned(left, right) else right.tolist()
        if any(style.angle for style in by_object.values()):
            for index, style in enumerate(styles):
                if style is not None and style.angle:
                    corners = itertools.product((left[index], right[index]), (bottom[index], top[index]))
                    ends[index] = max(along(*corner, style.angle)[0] for corner in corners)
        return ends

    def _spaces(self, kept: Sequence[bool]) -> list[int]:
        """Of each character that is kept whether white space stands before it."""
        before = list(itertools.accumulate(kept, initial=0))
        spaced = [0] * (before[-1] + 1)
        blank = itertools.compress(self.all, map(operator.not_, self._printed))
        for number, index in enumerate(blank):
            place = before[index - number]
            if spaced[place] != WRITTEN:
                spaced[place] = GUESSED if _generated(self._page, index) else WRITTEN
        return spaced[:-1]

    def _of_drawings(self, address: int) -> tuple[str, float]:
        """Returns a name for the font of drawings (Type 3) that a text object is in, and its size by its letters.

        What the font's own matrix makes of its type PDFium does not say. The size is negative where the letters hang
        from the line, as in mirror writing.
        """
        if not self._drawn:
            keys = {each: (int(_font_of(each) or 0), _type_size(each)) for each in set(self.objects) if each}
            extents: dict[tuple[int, float], tuple[float, float]] = {}
            for place, index in enumerate(self._at):
                each = self.objects[index]
                if each:
                    angle = angle_at(self._page, index)
                    base = along(self._x[place], self._y[place], angle)[1]
                    left, bottom, right, top = (side[place] for side in self._sides)
                    sides = [along(x, y, angle)[1] - base for x in (left, right) for y in (bottom, top)]
                    below, above = extents.get(keys[each], (0.0, 0.0))
                    extents[keys[each]] = min(below, *sides), max(above, *sides)
            fonts = {font: f"#{number}" for number, (font, _) in enumerate(extents)}
            for each, key in keys.items():
                below, above = extents.get(key, (0.0, 0.0))
                size = max(above / _CAPITAL, (above - below) / _EXTENT)
                self._drawn[each] = fonts.get(key[0], "#"), size if above > -below else -size
        return self._drawn.get(address, ("#", 0.0))


def _type_size(address: int) -> float:
    size = ctypes.c_float()
    _size_of(address, ctypes.byref(size))
    return size.value


def _in_order(left: list[float], bottom: list[float], right: list[float], top: list[float]) -> Iterator[list[float]]:
    """Yields the sides of boxes, of which those of some are the other way round."""
    if _is_turned(left, right) or _is_turned(bottom, top):
        pairs = ((min, left, right), (min, bottom, top), (max, left, right), (max, bottom, top))
        yield from (list(map(pick, one, other)) for pick, one, other in pairs)
    else:
        yield from (left, bottom, right, top)


def _is_turned(lower: Sequence[float], upper: Sequence[float]) -> bool:
    return any(map(operator.gt, lower, upper))


_T1_LIGATURES: Final = dict(zip(range(0x1B, 0x20), range(0xFB00, 0xFB05), strict=True))
_OT1_LIGATURES: Final = dict(zip(range(0x0B, 0x10), range(0xFB00, 0xFB05), strict=True))
"""Codes of ff, fi, fl, ffi, ffl in TeX's encodings (encguide, 2022-06, tables of T1 and OT1).

TeX's bitmap fonts do not say what their codes stand for, so that a page has the codes themselves. Those of letters are
ASCII; these are not.
"""
_UNKNOWN: Final = 0xFFFD
"""A glyph that has no Unicode, and no code that says what it is: something stands there."""


def _code(code: int) -> int:
    """Maps white space to a space, PDFium's marks of a hyphen at the line's end to a hyphen, controls to 0."""
    if _SPACE < code < 0x7F:
        return code
    if code in (0x02, 0xFFFE):
        return 0x2D
    if code in _T1_LIGATURES:
        return _T1_LIGATURES[code]
    if code in (0x09, 0x0A, 0x0D, 0xA0) or chr(min(code, 0x10FFFF)).isspace():
        return _SPACE
    return 0 if code < _SPACE or code > 0x10FFFF or 0x7F <= code < 0xA0 else code


def _is_known(code: int) -> bool:
    """Tells whether a code stands for a character: a control does not, nor one that a font has for itself."""
    return _code(code) != 0 and not 0xE000 <= code <= 0xF8FF


def _inside(box: Sequence[float], page: Rect) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return page[0] <= x <= page[2] and page[1] <= y <= page[3]


def along(x: float, y: float, angle: float) -> tuple[float, float]:
    """Returns the point in a frame whose first axis runs in reading direction."""
    if angle == 0:
        return x, y
    turn = math.radians(angle)
    cos, sin = math.cos(turn), math.sin(turn)
    return x * cos + y * sin, y * cos - x * sin


def ordered(x0: float, y0: float, x1: float, y1: float) -> Rect:
    """Returns the rectangle of two corners."""
    return (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
