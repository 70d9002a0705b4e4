"""What lies over a page and is not drawn here: fields, and annotations that viewers give a look of their own."""

from __future__ import annotations

from typing import Any, Final

import pypdfium2_raw as pdfium

from pithtex.limits import MAX_PAGE_ANNOTATIONS
from pithtex.pdf.evidence import Rect

_HARMLESS: Final = frozenset({
    pdfium.FPDF_ANNOT_LINK,
    pdfium.FPDF_ANNOT_POPUP,
})  # fmt: skip
"""They paint nothing over the page, or only when asked to."""
_ALWAYS: Final = frozenset({
    pdfium.FPDF_ANNOT_WIDGET,
    pdfium.FPDF_ANNOT_SCREEN,
    pdfium.FPDF_ANNOT_MOVIE,
    pdfium.FPDF_ANNOT_RICHMEDIA,
    pdfium.FPDF_ANNOT_THREED,
    pdfium.FPDF_ANNOT_XFAWIDGET,
})  # fmt: skip
"""What they show changes as the reader acts, or is not drawn by PDFium without a form's environment."""
_DRAWN: Final = frozenset({
    pdfium.FPDF_ANNOT_CIRCLE,
    pdfium.FPDF_ANNOT_HIGHLIGHT,
    pdfium.FPDF_ANNOT_INK,
    pdfium.FPDF_ANNOT_SQUARE,
    pdfium.FPDF_ANNOT_SQUIGGLY,
    pdfium.FPDF_ANNOT_STRIKEOUT,
    pdfium.FPDF_ANNOT_TEXT,
    pdfium.FPDF_ANNOT_UNDERLINE,
})  # fmt: skip
"""PDFium draws these without an appearance of their own too (ISO 32000-1, 12.5.6)."""


def covers(page: Any) -> list[Rect] | None:
    """The rectangles in which nobody knows what a reader sees; None when there are too many annotations to look at."""
    count = pdfium.FPDFPage_GetAnnotCount(page)
    if count > MAX_PAGE_ANNOTATIONS:
        return None
    found: list[Rect] = []
    for index in range(count):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if annotation:
            try:
                if _covers(annotation):
                    found.append(_rect(annotation))
            finally:
                pdfium.FPDFPage_CloseAnnot(annotation)
    return found


def _covers(annotation: Any) -> bool:
    kind = pdfium.FPDFAnnot_GetSubtype(annotation)
    if kind in _HARMLESS:
        return False
    return kind in _ALWAYS or (kind not in _DRAWN and not pdfium.FPDFAnnot_HasKey(annotation, b"AP"))


def _rect(annotation: Any) -> Rect:
    rect = pdfium.FS_RECTF()
    pdfium.FPDFAnnot_GetRect(annotation, rect)
    x, y = sorted((rect.left, rect.right)), sorted((rect.bottom, rect.top))
    return (x[0], y[0], x[1], y[1])
