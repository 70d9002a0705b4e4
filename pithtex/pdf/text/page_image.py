"""A page of a PDF as a picture, as a reader sees it, with places on it found again."""

from __future__ import annotations

import ctypes
import io
import math
import os
import struct
import time
from collections.abc import Sequence
from typing import Any, Final

from pithtex.findings import Rect
from pithtex.limits import MAX_DRAWING_SECONDS
from pithtex.pdf.text import library as pdfium
from pithtex.pdf.text.chars import ordered
from pithtex.pdf.text.pdfium import open_document, open_page, render
from pithtex.structs import struct as frozen
from pithtex.system.apart import apart
from pithtex.system.files import read_pdf

_PIXELS: Final = 1_000_000
"""Of one picture: A4 in 840 by 1190 pixels, in which text of the usual size can be read."""
_MORE_SECONDS: Final = 2.0
"""For the PNG."""
_COLOURS: Final = 64
"""A palette makes the PNG of a page a third as large."""


@frozen
class Picture:
    """A page, drawn."""

    page: int
    """1-based."""
    png: bytes
    width: int
    height: int
    boxes: tuple[Rect, ...]
    """The rectangles that were asked for, in pixels: left, top, right, bottom."""


def draw_page(
    data_or_path: bytes | str | os.PathLike[str], number: int, rects: Sequence[Rect] = (), *, password: str = ""
) -> Picture | None:
    """Draws a page as it is shown, its rotation applied.

    Args:
        data_or_path: the file, or its bytes.
        number: the page, 1-based.
        rects: places in default user space, to be found in the picture.
        password: for an encrypted file.

    Returns:
        The picture; None if the page cannot be drawn, or not within `MAX_DRAWING_SECONDS`.

    Raises:
        OSError: the path can't be read.
    """
    data = data_or_path if isinstance(data_or_path, bytes) else read_pdf(data_or_path)
    found = apart(lambda: _drawn(data, number, rects, password), MAX_DRAWING_SECONDS + _MORE_SECONDS)
    if not found:
        return None
    head = struct.Struct(f">2I{4 * len(rects)}d")
    width, height, *sides = head.unpack(found[: head.size])
    boxes = tuple(ordered(*sides[place : place + 4]) for place in range(0, len(sides), 4))
    return Picture(page=number, png=found[head.size :], width=width, height=height, boxes=boxes)


def _drawn(data: bytes, number: int, rects: Sequence[Rect], password: str) -> bytes:
    """Returns a page's size in pixels, the boxes on it and its PNG: PDFium may end the process that draws it."""
    with open_document(data, password) as document:
        if not document:
            return b""
        with open_page(document, number - 1) as page:
            return _draw(page, rects) if page else b""


def _draw(page: Any, rects: Sequence[Rect]) -> bytes:
    from PIL import Image

    across, down = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    if not (math.isfinite(across) and math.isfinite(down) and across > 0 and down > 0):
        return b""
    scale = math.sqrt(_PIXELS / (across * down))
    width, height = (max(1, min(_PIXELS, round(length * scale))) for length in (across, down))
    if width * height > 2 * _PIXELS:  # a strip so thin that one side was rounded up
        return b""
    bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBITMAP_BGRX, None, 0)
    if not bitmap:
        return b""
    try:
        if not render(bitmap, page, (0, 0, width, height), time.thread_time() + MAX_DRAWING_SECONDS):
            return b""
        stride = pdfium.FPDFBitmap_GetStride(bitmap)
        raw = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * height)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
    image = Image.frombuffer("RGB", (width, height), raw, "raw", "BGRX", stride, 1)
    stream = io.BytesIO()
    image.quantize(_COLOURS, dither=Image.Dither.NONE).save(stream, "PNG", optimize=True)
    sides = [side for rect in rects for side in _on_picture(page, rect, width, height)]
    return struct.pack(f">2I{len(sides)}d", width, height, *sides) + stream.getvalue()


def _on_picture(page: Any, rect: Rect, width: int, height: int) -> Rect:
    """Returns where a rectangle of the page is in the picture, which may be turned."""
    corners: list[float] = []
    for x, y in ((rect[0], rect[1]), (rect[2], rect[3])):
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, ctypes.byref(across), ctypes.byref(down))
        corners += [min(max(across.value, 0), width), min(max(down.value, 0), height)]
    return ordered(corners[0], corners[1], corners[2], corners[3])
