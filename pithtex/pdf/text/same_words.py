"""Whether two PDFs read the same, page by page."""

from __future__ import annotations

from typing import Any

from pithtex.limits import MAX_PAGES
from pithtex.pdf.text import library as pdfium
from pithtex.pdf.text.pdfium import open_document, open_page, open_text, words_of


def page_words(data: bytes) -> list[str] | None:
    """Returns each page's words, with single spaces; None if the file cannot be opened.

    All text counts, visible or not; pictures do not.
    """
    with open_document(data, "") as document:
        if not document:
            return None
        return [_words(document, index) for index in range(min(pdfium.FPDF_GetPageCount(document), MAX_PAGES))]


def first_words(data: bytes) -> str:
    """Returns the words of the first page, with single spaces, visible or not; empty if there is none."""
    with open_document(data, "") as document:
        return _words(document, 0) if document and pdfium.FPDF_GetPageCount(document) else ""


def _words(document: Any, index: int) -> str:
    with open_page(document, index) as page, open_text(page) as text:
        return " ".join(words_of(text).split()) if text else ""


def first_difference(one: bytes, other: bytes) -> str | None:
    """Returns what of two PDFs differs first; None if they have the same words on as many pages."""
    first, second = page_words(one), page_words(other)
    if first is None or second is None:
        return "one of them cannot be opened"
    if len(first) != len(second):
        return f"one has {len(first)} pages, the other {len(second)}"
    changed = [number for number, (left, right) in enumerate(zip(first, second, strict=True), 1) if left != right]
    return f"page {changed[0]} has other words" if changed else None
