"""What has to be known of a page's objects before PDFium is asked for their text."""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Iterator, Sequence
from typing import Any, Final

from pithtex.findings import Rect
from pithtex.limits import MAX_TEXT_CHARS
from pithtex.pdf.text import library as pdfium
from pithtex.pdf.untrusted import EVERYWHERE, NOWHERE
from pithtex.structs import NamedTuple

_MAX_DEPTH: Final = 10
"""Forms in forms that are looked into; PDFium draws no more than some tens."""
_TEXT: Final = pdfium.FPDF_PAGEOBJ_TEXT
_REPLACEMENT: Final = b"ActualText"
_count: Final = pdfium.FPDFPage_CountObjects
_object: Final = pdfium.FPDFPage_GetObject
_form_count: Final = pdfium.FPDFFormObj_CountObjects
_form_object: Final = pdfium.FPDFFormObj_GetObject
_type: Final = pdfium.FPDFPageObj_GetType
_marks: Final = pdfium.FPDFPageObj_CountMarks
_mark: Final = pdfium.FPDFPageObj_GetMark
_param: Final = pdfium.FPDFPageObjMark_GetParamValueType
_unmark: Final = pdfium.FPDFPageObj_RemoveMark
_fill: Final = pdfium.FPDFPageObj_GetFillColor
_stroke: Final = pdfium.FPDFPageObj_GetStrokeColor
_remove: Final = pdfium.FPDFPage_RemoveObject
_bounds: Final = pdfium.FPDFPageObj_GetBounds
_matrix: Final = pdfium.FPDFPageObj_GetMatrix
_filter_count: Final = pdfium.FPDFImageObj_GetImageFilterCount
_filter: Final = pdfium.FPDFImageObj_GetImageFilter
_FILTER_NAME: Final = 32
_MOST_CODED: Final = 100
"""Groups of them between text; more are taken for one that may lie anywhere."""
_CODES: Final = frozenset({b"DCTDecode", b"JPXDecode", b"JBIG2Decode", b"CCITTFaxDecode", b"DCT", b"CCF"})
_destroy: Final = pdfium.FPDFPageObj_Destroy


def _all_of(page: Any) -> list[int]:
    return list(map(_object, itertools.repeat(page), range(min(_count(page), MAX_TEXT_CHARS))))


def objects_of(page: Any) -> frozenset[int]:
    """Returns what a page is drawn from, without what stands in forms; something else stands for what is too much."""
    return frozenset(_all_of(page)) | ({0} if _count(page) > MAX_TEXT_CHARS else set())


class CodedPicture(NamedTuple):
    """A picture whose data a program of its own decodes: what a damaged one shows differs by reader."""

    rect: Rect
    """Where it lies, and those that are drawn right before and after it."""
    before: int
    """How many text objects are drawn before it, which it may cover."""


def coded_pictures(page: Any) -> tuple[list[CodedPicture], dict[int, int]]:
    """Returns the coded pictures of a page, and the place of each text object in the order of drawing."""
    objects = _all_of(page)
    if not {pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM} & set(map(_type, objects)):
        return [], {}
    drawn: dict[int, int] = {}
    found: list[CodedPicture] = []
    for each in objects:
        for inner, *forms in _in_order(each, _MAX_DEPTH):
            if _type(inner) == _TEXT:
                drawn[inner] = len(drawn)
            elif _is_coded(inner):
                rect = _bounds_of(inner, forms)
                if found and found[-1].before == len(drawn):  # nothing to cover lies between them
                    rect = _around(found.pop().rect, rect)
                found.append(CodedPicture(rect, len(drawn)))
                if len(found) > _MOST_CODED:
                    return [CodedPicture(EVERYWHERE, MAX_TEXT_CHARS)], drawn
    return found, drawn


def _around(one: Rect, other: Rect) -> Rect:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _in_order(handle: int, depth: int) -> Iterator[tuple[int, ...]]:
    """Yields an object, or those of a form, in the order in which they are drawn; with each the forms around it."""
    if depth and _type(handle) == pdfium.FPDF_PAGEOBJ_FORM:
        for index in range(min(_form_count(handle), MAX_TEXT_CHARS)):
            for inner in _in_order(_form_object(handle, index), depth - 1):
                yield (*inner, handle)
    else:
        yield (handle,)


def _is_coded(handle: int) -> bool:
    if _type(handle) != pdfium.FPDF_PAGEOBJ_IMAGE:
        return False
    name = ctypes.create_string_buffer(_FILTER_NAME)
    filters = range(_filter_count(handle))
    return any(_filter(handle, index, name, _FILTER_NAME) and name.value in _CODES for index in filters)


def _bounds_of(handle: int, forms: Sequence[int]) -> Rect:
    """Returns where an object lies on the page; `forms` are those that draw it, the innermost first."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not _bounds(handle, *map(ctypes.byref, (left, bottom, right, top))):
        return NOWHERE
    corners = [(x, y) for x in (left.value, right.value) for y in (bottom.value, top.value)]
    for form in forms:
        matrix = (ctypes.c_float * 6)()
        _matrix(form, matrix)
        a, b, c, d, e, f = matrix
        corners = [(a * x + c * y + e, b * x + d * y + f) for x, y in corners]
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def show_text(page: Any) -> None:
    """Changes a page, in memory alone, so that PDFium gives the text that is drawn.

    Of text with replacement text (`/ActualText`: ISO 32000-1, 14.9.4) PDFium gives that alone, which may be another or
    empty; XeTeX writes it for every word where it is told to. It is forgotten here.

    Of two texts in the same place PDFium gives the first: TikZ draws a poster's title once to measure it, without any
    opacity, and then to be seen. Text without opacity is taken off the page, which changes nothing that is drawn.
    """
    objects = _all_of(page)
    types = list(map(_type, objects))
    marked = map(_marks, objects)
    for each, kind, marks in zip(objects, types, marked, strict=True):
        if marks or kind == pdfium.FPDF_PAGEOBJ_FORM:
            _forget_replacement(each, _MAX_DEPTH)
    for each in _transparent([each for each, kind in zip(objects, types, strict=True) if kind == _TEXT]):
        if _remove(page, each):
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
