"""What has to be known of a page's objects before PDFium is asked for their text."""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Sequence
from typing import Any, Final

import pypdfium2_raw as pdfium

from pithtex.limits import MAX_TEXT_CHARS
from pithtex.pdf.text.pdfium import address_of, plain

_MAX_DEPTH: Final = 10
"""Forms in forms that are looked into; PDFium draws no more than some tens."""
_TEXT: Final = pdfium.FPDF_PAGEOBJ_TEXT
_REPLACEMENT: Final = b"ActualText"
_HANDLE: Final = ctypes.c_void_p
_count: Final = plain(pdfium.FPDFPage_CountObjects, ctypes.c_int, _HANDLE)
_object: Final = plain(pdfium.FPDFPage_GetObject, _HANDLE, _HANDLE, ctypes.c_int)
_form_count: Final = plain(pdfium.FPDFFormObj_CountObjects, ctypes.c_int, _HANDLE)
_form_object: Final = plain(pdfium.FPDFFormObj_GetObject, _HANDLE, _HANDLE, ctypes.c_ulong)
_type: Final = plain(pdfium.FPDFPageObj_GetType, ctypes.c_int, _HANDLE)
_marks: Final = plain(pdfium.FPDFPageObj_CountMarks, ctypes.c_int, _HANDLE)
_mark: Final = plain(pdfium.FPDFPageObj_GetMark, _HANDLE, _HANDLE, ctypes.c_ulong)
_param: Final = plain(pdfium.FPDFPageObjMark_GetParamValueType, ctypes.c_int, _HANDLE, ctypes.c_char_p)
_unmark: Final = plain(pdfium.FPDFPageObj_RemoveMark, ctypes.c_int, *[_HANDLE] * 2)
_fill: Final = plain(pdfium.FPDFPageObj_GetFillColor, ctypes.c_int, *[_HANDLE] * 5)
_stroke: Final = plain(pdfium.FPDFPageObj_GetStrokeColor, ctypes.c_int, *[_HANDLE] * 5)
_remove: Final = plain(pdfium.FPDFPage_RemoveObject, ctypes.c_int, *[_HANDLE] * 2)
_destroy: Final = plain(pdfium.FPDFPageObj_Destroy, None, _HANDLE)


def show_text(page: Any) -> None:
    """Changes a page, in memory alone, so that PDFium gives the text that is drawn.

    Of text with replacement text (`/ActualText`: ISO 32000-1, 14.9.4) PDFium gives that alone, which may be another or
    empty; XeTeX writes it for every word where it is told to. It is forgotten here.

    Of two texts in the same place PDFium gives the first: TikZ draws a poster's title once to measure it, without any
    opacity, and then to be seen. Text without opacity is taken off the page, which changes nothing that is drawn.
    """
    handle = address_of(page)
    objects = list(map(_object, itertools.repeat(handle), range(min(_count(handle), MAX_TEXT_CHARS))))
    types = list(map(_type, objects))
    marked = map(_marks, objects)
    for each, kind, marks in zip(objects, types, marked, strict=True):
        if marks or kind == pdfium.FPDF_PAGEOBJ_FORM:
            _forget_replacement(each, _MAX_DEPTH)
    for each in _transparent([each for each, kind in zip(objects, types, strict=True) if kind == _TEXT]):
        if _remove(handle, each):
            _destroy(each)


def _transparent(objects: Sequence[int]) -> list[int]:
    """Those that are painted without opacity."""
    found = objects
    for get in (_fill, _stroke):
        values = (ctypes.c_uint * (len(found) + 1))()
        start = ctypes.addressof(values) + 4
        rest, places = itertools.repeat(ctypes.addressof(values)), range(start, start + 4 * len(found), 4)
        known = map(get, found, rest, rest, rest, places)
        found = [each for each, ok, alpha in zip(found, list(known), values[1:], strict=True) if ok and alpha == 0]
    return list(found)


def _forget_replacement(handle: int, depth: int) -> None:
    for index in reversed(range(_marks(handle))):
        mark = _mark(handle, index)
        if _param(mark, _REPLACEMENT) != pdfium.FPDF_OBJECT_UNKNOWN:
            _unmark(handle, mark)
    if depth and _type(handle) == pdfium.FPDF_PAGEOBJ_FORM:
        for index in range(min(_form_count(handle), MAX_TEXT_CHARS)):
            _forget_replacement(_form_object(handle, index), depth - 1)
