"""PDFium, opened and closed: one document at a time, since it is not thread-safe."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
import time
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from pithtex.limits import MAX_TEXT_CHARS
from pithtex.pdf.text import library as pdfium
from pithtex.system.signals import noted

_LOCK: Final = threading.Lock()


if hasattr(os, "register_at_fork"):  # a process is not copied while PDFium works
    os.register_at_fork(before=_LOCK.acquire, after_in_parent=_LOCK.release, after_in_child=_LOCK.release)


@contextmanager
def open_document(data: bytes, password: str) -> Iterator[Any]:
    """The document, falsy where it cannot be opened; other threads wait until it is closed.

    The library starts and ends with it: what PDFium remembers of fonts of a damaged file was seen to change how the
    next one is drawn. It goes on where the caller's own program has `pypdfium2`, which starts the same library once
    and may hold documents that would not outlive it.
    """
    with _LOCK:
        pdfium.FPDF_InitLibrary()
        # PDFium reads from the buffer as it goes, so that `data` must outlive the document: the caller holds it.
        document = pdfium.FPDF_LoadMemDocument64(data, len(data), password.encode())
        try:
            yield document
        finally:
            if document:
                pdfium.FPDF_CloseDocument(document)
            if "pypdfium2" not in sys.modules:
                pdfium.FPDF_DestroyLibrary()


def page_count(document: Any) -> int:
    """Returns how many pages PDFium finds in an open document."""
    return int(pdfium.FPDF_GetPageCount(document))


@contextmanager
def open_page(document: Any, index: int) -> Iterator[Any]:
    """One page, 0-based; falsy where it cannot be had."""
    page = pdfium.FPDF_LoadPage(document, index)
    try:
        yield page
    finally:
        if page:
            pdfium.FPDF_ClosePage(page)


@contextmanager
def open_text(page: Any) -> Iterator[Any]:
    """The text of a page; falsy where it cannot be had."""
    text_page = pdfium.FPDFText_LoadPage(page) if page else None
    try:
        yield text_page
    finally:
        if text_page:
            pdfium.FPDFText_ClosePage(text_page)


def units_of(text_page: Any) -> array[int]:
    """Returns the whole text of a page, visible or not, at most `MAX_TEXT_CHARS` of it, in UTF-16."""
    count = min(pdfium.FPDFText_CountChars(text_page), MAX_TEXT_CHARS)
    units = array("H", bytes(2 * (count + 1)))
    if count > 0:
        del units[max(pdfium.FPDFText_GetText(text_page, 0, count, units.buffer_info()[0]) - 1, 0) :]
    return units


def words_of(text_page: Any) -> str:
    """Returns the whole text of a page, visible or not, at most `MAX_TEXT_CHARS` of it."""
    # With a mark in front: what needs none is a codec that is loaded first.
    return (array("H", (0xFEFF,)) + units_of(text_page)).tobytes().decode("utf-16", "replace")


def render(bitmap: Any, page: Any, place: tuple[int, int, int, int], until: float, *, notes: bool = True) -> bool:
    """Draws a page on a bitmap made white, which may hold a part of it; whether it was finished.

    Args:
        bitmap: where to draw.
        page: what to draw.
        place: where the page lies on the bitmap: left, top, width, height.
        until: when to stop: when this thread has computed for so long (`time.thread_time`).
        notes: whether to draw its annotations, too.
    """
    pdfium.FPDFBitmap_FillRect(
        bitmap, 0, 0, pdfium.FPDFBitmap_GetWidth(bitmap), pdfium.FPDFBitmap_GetHeight(bitmap), 0xFFFFFFFF
    )
    with noted() as signals:  # one that a callback raised would be lost
        # Kept by its name while it may be called.
        pause = pdfium.Pause(1, pdfium.ASKED(lambda _: bool(signals) or time.thread_time() > until), None)
        flags = pdfium.FPDF_ANNOT if notes else 0
        state = pdfium.FPDF_RenderPageBitmap_Start(bitmap, page, *place, 0, flags, ctypes.byref(pause))
        pdfium.FPDF_RenderPage_Close(page)
    return bool(state == pdfium.FPDF_RENDER_DONE)
