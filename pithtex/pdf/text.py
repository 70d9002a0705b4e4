"""The visible text of pages, read with PDFium character by character and put into lines.

Three steps: what the page says is there (`_characters`), what of it a reader can see (`_seen`), and what of that
makes a line (`_lines`). Coordinates are in default user space, as those of annotations; a line's angle is that of
the page as shown, /Rotate taken into account.

What is seen is decided by drawing: the page is drawn with and without its text, and a character is visible if its
own box changes. That one test covers text that is invisible, transparent, white on white, clipped, on a hidden
layer, or under something that was drawn later, whatever means were used. Without drawing (`check_ink=False`) only
rendering mode, opacity, colour, size and the crop box are looked at.
"""

from __future__ import annotations

import ctypes
import functools
import math
import os
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pypdfium2_raw as pdfium

from pithtex.findings import Finding, finding
from pithtex.limits import MAX_PDF_BYTES, MAX_TEXT_CHARS
from pithtex.pdf.evidence import PageText, Rect, TextLine

_MIN_SIZE: Final = 2.0
"""Points. Smaller text can't be read, and is used to hide."""
_WHITE: Final = 250
"""Each of red, green, blue at least this: not to be seen on paper."""
_CONTRAST: Final = 40
"""Of 255: how much one pixel of a character must differ from the page without it. Light grey watermarks stay under."""
_SCALE: Final = 2.0
"""Pixels a point: a stroke of 8-point type covers about one pixel."""
_MAX_PIXELS: Final = 4_000_000
"""Of one drawing; A4 takes 2 million. Larger pages are drawn smaller, and have larger type."""
_MAX_LAYERS: Final = 6
"""Drawings of one page. A layer is text that doesn't overlap itself; ordinary pages have one or two."""
_MAX_NAME: Final = 256
"""Bytes of a font's name."""

_NEW_LINE_SHIFT: Final = 0.7
"""Of the size: a baseline further off starts a line. Sub- and superscripts shift by up to half the size."""
_NEW_LINE_BACK: Final = 1.0
"""Of the size: a step back in reading direction starts a line."""
_NEW_LINE_GAP: Final = 3.0
"""Of the size: a gap wider than that separates columns."""
_SHIFTED: Final = 0.1
"""Of the size: a baseline further off is that of a sub- or superscript."""
_SPACE_GAP: Final = 0.2
"""Of the size: a gap wider than that is a space. TeX writes none; its word spaces shrink to about 0.22."""


@dataclass(slots=True)
class _Style:
    """What all characters of one text object have in common. `visible` is what the object itself says."""

    handle: Any
    visible: bool
    white: bool
    size: float
    font: str
    angle: float


@dataclass(slots=True)
class _Char:
    code: int
    x: float
    """The origin, in user space."""
    y: float
    end: float
    """Where the next character is expected, in reading direction (see `_along`)."""
    box: Rect
    style: _Style
    spaced: bool = False
    """White space stands before it."""
    guessed: bool = False
    """And it is PDFium's guess, which is wrong before a superscript."""


def read_texts(
    data_or_path: bytes | str | os.PathLike[str],
    page_numbers: Sequence[int],
    *,
    password: str = "",
    check_ink: bool | None = True,
    expected_pages: int | None = None,
) -> tuple[tuple[PageText, ...], list[Finding]]:
    """Reads the visible text of pages.

    Args:
        data_or_path: the file, or its bytes.
        page_numbers: 1-based, in the order wanted.
        password: for an encrypted file.
        check_ink: whether to find out by drawing what is visible; None does so on pages that name Pith.
        expected_pages: how many pages another reader found; PDFium counting otherwise is a finding.

    Raises:
        OSError: the path can't be read.
    """
    data = data_or_path if isinstance(data_or_path, bytes) else _read(Path(data_or_path))
    texts: list[PageText] = []
    findings: list[Finding] = []
    # PDFium is not thread-safe.
    with _LOCK, _document(data, password) as document:
        if not document:
            return (), [finding("channel-damaged", "PDFium can't open the file", where="text")]
        count = pdfium.FPDF_GetPageCount(document)
        if expected_pages is not None and count != expected_pages:
            message = f"readers disagree on the number of pages: {expected_pages} and {count}"
            findings.append(finding("channel-damaged", message, where="text"))
        for number in page_numbers:
            with _page(document, number - 1) as (page, text_page):
                if not text_page:
                    message = "the page's text could not be read"
                    findings.append(finding("channel-damaged", message, where=f"page {number}"))
                    continue
                texts.append(_read_page(page, text_page, number, check_ink, findings))
    return tuple(texts), findings


_LOCK: Final = threading.Lock()


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_PDF_BYTES)


@functools.cache
def _initialise() -> None:
    pdfium.FPDF_InitLibrary()


@contextmanager
def _document(data: bytes, password: str) -> Iterator[Any]:
    _initialise()
    # PDFium reads from the buffer as it goes, so that `data` must outlive the document: the caller holds it.
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), password.encode() + b"\0")
    try:
        yield document
    finally:
        if document:
            pdfium.FPDF_CloseDocument(document)


@contextmanager
def _page(document: Any, index: int) -> Iterator[tuple[Any, Any]]:
    page = pdfium.FPDF_LoadPage(document, index)
    text_page = pdfium.FPDFText_LoadPage(page) if page else None
    try:
        yield page, text_page
    finally:
        if text_page:
            pdfium.FPDFText_ClosePage(text_page)
        if page:
            pdfium.FPDF_ClosePage(page)


def _read_page(page: Any, text_page: Any, number: int, check_ink: bool | None, findings: list[Finding]) -> PageText:
    bounds = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, bounds)
    box = _ordered(bounds.left, bounds.bottom, bounds.right, bounds.top)
    chars, hidden = _characters(text_page, box, number, findings)
    turn = pdfium.FPDFPage_GetRotation(page) * 90
    if check_ink is None:
        check_ink = "pith" in "".join(chr(char.code) for char in chars).casefold()
    runs = _runs(chars)
    seen = _seen(page, box, runs) if check_ink else {id(c) for c in chars if not c.style.white}
    hidden += len(chars) - len(seen)
    lines = [_line([char for char in run if id(char) in seen], turn) for run in runs]
    return PageText(
        page=number,
        box=box,
        lines=tuple(line for line in lines if line is not None),
        hidden_characters=hidden,
    )


def _ordered(x0: float, y0: float, x1: float, y1: float) -> Rect:
    return (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


# --- what the page says is there ---


def _characters(text_page: Any, page_box: Rect, number: int, findings: list[Finding]) -> tuple[list[_Char], int]:
    """Lists the characters that claim to be visible, and counts the others."""
    total = pdfium.FPDFText_CountChars(text_page)
    if total > MAX_TEXT_CHARS:
        message = f"the page has more than {MAX_TEXT_CHARS} characters; the rest was not read"
        findings.append(finding("channel-limit", message, where=f"page {number}"))
    reader = _CharReader(text_page)
    chars: list[_Char] = []
    hidden = 0
    spaced = written = False
    for index in range(min(total, MAX_TEXT_CHARS)):
        code = _code(pdfium.FPDFText_GetUnicode(text_page, index))
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


def _code(code: int) -> int:
    """Maps white space to a space, PDFium's marks of a hyphen at the line's end to a hyphen, controls to 0."""
    if code in (0x02, 0xFFFE):
        return 0x2D
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
        self._styles: dict[int | None, _Style] = {}
        self._numbers = tuple(ctypes.c_double() for _ in range(6))
        self._pointers = tuple(ctypes.byref(number) for number in self._numbers)
        self._loose = pdfium.FS_RECTF()

    def read(self, index: int, code: int) -> _Char | None:
        """Reads one character; None for one that PDFium made up or has no place for."""
        text_page = self._text_page
        handle = pdfium.FPDFText_GetTextObject(text_page, index)
        if not handle:
            return None
        address = ctypes.addressof(handle.contents)
        style = self._styles.get(address)
        if style is None:
            style = self._styles[address] = self._style(handle, index)
        left, right, bottom, top, x, y = self._numbers
        at = self._pointers
        if not pdfium.FPDFText_GetCharBox(text_page, index, at[0], at[1], at[2], at[3]):
            return None
        pdfium.FPDFText_GetCharOrigin(text_page, index, at[4], at[5])
        box = _ordered(left.value, bottom.value, right.value, top.value)
        if not all(map(math.isfinite, (*box, x.value, y.value))):
            return None
        end = self._end(index, style.angle)
        return _Char(code=code, x=x.value, y=y.value, end=end, box=box, style=style)

    def _end(self, index: int, angle: float) -> float:
        loose = self._loose
        pdfium.FPDFText_GetLooseCharBox(self._text_page, index, loose)
        corners = ((u, v) for u in (loose.left, loose.right) for v in (loose.bottom, loose.top))
        return max(_along(u, v, angle)[0] for u, v in corners)

    def _style(self, handle: Any, index: int) -> _Style:
        matrix = pdfium.FS_MATRIX()
        if not pdfium.FPDFText_GetMatrix(self._text_page, index, matrix):
            matrix.a = matrix.d = 1.0
        size = pdfium.FPDFText_GetFontSize(self._text_page, index) * math.hypot(matrix.c, matrix.d)
        angle = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
        visible, white = _paint(handle)
        buffer = ctypes.create_string_buffer(_MAX_NAME)
        length = pdfium.FPDFText_GetFontInfo(self._text_page, index, buffer, _MAX_NAME, None)
        name = buffer.value.decode("utf-8", "replace") if 0 < length <= _MAX_NAME else ""
        if name[6:7] == "+" and name[:6].isupper():  # a subset's tag (ISO 32000-1, 9.6.4)
            name = name[7:]
        size = size if math.isfinite(size) else 0.0
        # Angles are compared: five degrees are one direction.
        return _Style(handle, visible, white, abs(size), name, round(angle / 5) * 5 % 360)


def _paint(handle: Any) -> tuple[bool, bool]:
    """Whether a text object paints at all, and whether it paints white (ISO 32000-1, 9.3.6, 11.6.4.4)."""
    mode = pdfium.FPDFTextObj_GetTextRenderMode(handle)
    if mode in (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP):
        return False, False
    stroked = mode in (
        pdfium.FPDF_TEXTRENDERMODE_STROKE,
        pdfium.FPDF_TEXTRENDERMODE_STROKE_CLIP,
    )
    get_color = pdfium.FPDFPageObj_GetStrokeColor if stroked else pdfium.FPDFPageObj_GetFillColor
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not get_color(handle, red, green, blue, alpha):  # a pattern: only drawing tells
        return True, False
    return alpha.value > 0, min(red.value, green.value, blue.value) >= _WHITE


# --- what makes a line ---


def _along(x: float, y: float, angle: float) -> tuple[float, float]:
    """The point in a frame whose first axis runs in reading direction."""
    if angle == 0:
        return x, y
    turn = math.radians(angle)
    cos, sin = math.cos(turn), math.sin(turn)
    return x * cos + y * sin, y * cos - x * sin


def _runs(chars: Sequence[_Char]) -> list[list[_Char]]:
    """Cuts the characters, in the order of the content stream, into lines."""
    runs: list[list[_Char]] = []
    last: _Char | None = None
    for char in chars:
        if last is None or _breaks(last, char):
            runs.append([])
            char.spaced = False
        else:
            (u, v), (_, base) = (_along(c.x, c.y, char.style.angle) for c in (char, last))
            gap, size = u - last.end, char.style.size
            if gap > _SPACE_GAP * size:
                char.spaced = True
            elif char.guessed and abs(v - base) > _SHIFTED * size:
                char.spaced = False
        runs[-1].append(char)
        last = char
    return runs


def _breaks(last: _Char, char: _Char) -> bool:
    """Whether a line ends between two characters."""
    angle = char.style.angle
    if angle != last.style.angle:
        return True
    size = max(last.style.size, char.style.size)
    u, v = _along(char.x, char.y, angle)
    start, base = _along(last.x, last.y, angle)
    gap = u - last.end
    return abs(v - base) > _NEW_LINE_SHIFT * size or u - start < -_NEW_LINE_BACK * size or gap > _NEW_LINE_GAP * size


def _line(run: Sequence[_Char], turn: int) -> TextLine | None:
    """Makes a line of its visible characters; None where there are none."""
    if not run:
        return None
    text = "".join(" " + chr(c.code) if c.spaced else chr(c.code) for c in run)
    # Where a character was given in two halves (UTF-16), it is put together.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()
    boxes = [char.box for char in run]
    (size, font), _ = Counter((c.style.size, c.style.font) for c in run).most_common(1)[0]
    shown = (run[0].style.angle - turn) % 360
    return TextLine(
        text=text,
        rect=(min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)),
        size=round(size, 2),
        font=font,
        angle=round(shown / 90) % 4 * 90,
    )


# --- what a reader can see ---


def _seen(page: Any, box: Rect, runs: Sequence[Sequence[_Char]]) -> set[int]:
    """The characters (by `id`) whose removal changes the drawn page where they stand.

    Text that overlaps other text is removed in a drawing of its own, or a covered line would be taken for visible
    because of the line above it.
    """
    canvas = _Canvas(page, box)
    full = canvas.draw()
    seen: set[int] = set()
    if full is None:
        return seen
    for layer in _layers(runs, canvas):
        handles = {ctypes.addressof(c.style.handle.contents): c.style.handle for c in layer}
        for handle in handles.values():
            pdfium.FPDFPageObj_SetIsActive(handle, False)
        without = canvas.draw()
        for handle in handles.values():
            pdfium.FPDFPageObj_SetIsActive(handle, True)
        if without is not None:
            seen |= {id(c) for c in layer if canvas.differs(full, without, c.box)}
    return seen


def _layers(runs: Sequence[Sequence[_Char]], canvas: _Canvas) -> list[list[_Char]]:
    """Distributes lines to layers in which none overlaps another. What finds no place in the last is given up."""
    layers: list[list[_Char]] = []
    taken: list[dict[int, int]] = []
    same: dict[tuple[str, int, int], int] = {}
    for run in runs:
        # The same text printed over itself, a poor man's bold, is one line.
        key = ("".join(chr(c.code) for c in run), round(run[0].x / 2), round(run[0].y / 2))
        rows = _rows(run, canvas)
        index = same.get(key)
        if index is None:
            free = (i for i, used in enumerate(taken) if not any(used.get(y, 0) & m for y, m in rows.items()))
            index = next(free, len(layers))
        if index == _MAX_LAYERS:
            continue
        if index == len(layers):
            layers.append([])
            taken.append({})
        same[key] = index
        layers[index] += run
        for y, mask in rows.items():
            taken[index][y] = taken[index].get(y, 0) | mask
    return layers


def _rows(run: Sequence[_Char], canvas: _Canvas) -> dict[int, int]:
    """The pixels of a line, as one bit mask a row. A rim is left out: neighbours may touch."""
    rows: dict[int, int] = {}
    for char in run:
        x0, y0, x1, y1 = canvas.pixels(char.box, rim=1)
        if x1 > x0:
            mask = ((1 << (x1 - x0)) - 1) << x0
            for y in range(y0, y1):
                rows[y] = rows.get(y, 0) | mask
    return rows


class _Canvas:
    """Draws a page in grey, unrotated, its crop box at `scale` pixels a point."""

    def __init__(self, page: Any, box: Rect) -> None:
        self._page = page
        self._left, self._top = box[0], box[3]
        width, height = max(box[2] - box[0], 1.0), max(box[3] - box[1], 1.0)
        self.scale = min(_SCALE, math.sqrt(_MAX_PIXELS / (width * height)))
        self.width, self.height = math.ceil(width * self.scale), math.ceil(height * self.scale)
        self._exact = width * self.scale / self.width, height * self.scale / self.height

    def draw(self) -> bytes | None:
        """Draws the page with its annotations, which may cover text as well; one byte a pixel."""
        bitmap = pdfium.FPDFBitmap_CreateEx(self.width, self.height, pdfium.FPDFBitmap_Gray, None, 0)
        if not bitmap:
            return None
        rotation = pdfium.FPDFPage_GetRotation(self._page)
        try:
            pdfium.FPDFPage_SetRotation(self._page, 0)
            pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, self.width, self.height, 0xFFFFFFFF)
            size = (self.width, self.height)
            pdfium.FPDF_RenderPageBitmap(bitmap, self._page, 0, 0, *size, 0, pdfium.FPDF_ANNOT)
            stride = pdfium.FPDFBitmap_GetStride(bitmap)
            raw = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * self.height)
        finally:
            pdfium.FPDFPage_SetRotation(self._page, rotation)
            pdfium.FPDFBitmap_Destroy(bitmap)
        if stride == self.width:
            return raw
        return b"".join(raw[y * stride : y * stride + self.width] for y in range(self.height))

    def pixels(self, box: Rect, *, rim: int = 0) -> tuple[int, int, int, int]:
        """The pixels of a box: left, top, right, bottom, the latter two exclusive."""
        x0 = math.floor((box[0] - self._left) * self.scale / self._exact[0]) + rim
        x1 = math.ceil((box[2] - self._left) * self.scale / self._exact[0]) - rim
        y0 = math.floor((self._top - box[3]) * self.scale / self._exact[1]) + rim
        y1 = math.ceil((self._top - box[1]) * self.scale / self._exact[1]) - rim
        return max(x0, 0), max(y0, 0), min(x1, self.width), min(y1, self.height)

    def differs(self, one: bytes, other: bytes, box: Rect) -> bool:
        """Whether two drawings differ visibly in a box."""
        x0, y0, x1, y1 = self.pixels(box)
        for y in range(y0, y1):
            start = y * self.width
            a, b = one[start + x0 : start + x1], other[start + x0 : start + x1]
            if a != b and any(abs(p - q) >= _CONTRAST for p, q in zip(a, b, strict=True)):
                return True
        return False
