"""PDFium's functions that are used here, declared by hand, of the library that `pypdfium2_raw` brings.

Its own module declares each of some four hundred when it is imported, which takes more than to check a file. A test
holds these to those. A handle is a number here; where there is none, None.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
from typing import Any, Final

_TYPES: Final[dict[str, Any]] = {
    "p": ctypes.c_void_p,
    "s": ctypes.c_char_p,
    "i": ctypes.c_int,
    "u": ctypes.c_uint,
    "l": ctypes.c_ulong,
    "z": ctypes.c_size_t,
    "f": ctypes.c_float,
    "d": ctypes.c_double,
    "-": None,
}
DECLARED: Final = {
    "FPDFBitmap_CreateEx": "p iiipi",
    "FPDFBitmap_Destroy": "- p",
    "FPDFBitmap_FillRect": "- piiiil",
    "FPDFBitmap_GetBuffer": "p p",
    "FPDFBitmap_GetHeight": "i p",
    "FPDFBitmap_GetStride": "i p",
    "FPDFBitmap_GetWidth": "i p",
    "FPDFFormObj_CountObjects": "i p",
    "FPDFFormObj_GetObject": "p pl",
    "FPDFImageObj_GetImageFilter": "l pipl",
    "FPDFImageObj_GetImageFilterCount": "i p",
    "FPDFPageObjMark_GetParamStringValue": "i psplp",
    "FPDFPageObjMark_GetParamValueType": "i ps",
    "FPDFPageObj_CountMarks": "i p",
    "FPDFPageObj_Destroy": "- p",
    "FPDFPageObj_GetBounds": "i ppppp",
    "FPDFPageObj_GetFillColor": "i ppppp",
    "FPDFPageObj_GetMark": "p pl",
    "FPDFPageObj_GetMatrix": "i pp",
    "FPDFPageObj_GetStrokeColor": "i ppppp",
    "FPDFPageObj_GetStrokeWidth": "i pp",
    "FPDFPageObj_GetType": "i p",
    "FPDFPageObj_RemoveMark": "i pp",
    "FPDFPageObj_SetIsActive": "i pi",
    "FPDFPage_CountObjects": "i p",
    "FPDFPage_GetAnnotCount": "i p",
    "FPDFPage_GetObject": "p pi",
    "FPDFPage_GetRotation": "i p",
    "FPDFPage_RemoveObject": "i pp",
    "FPDFPage_SetRotation": "- pi",
    "FPDFTextObj_GetFont": "p p",
    "FPDFTextObj_GetFontSize": "i pp",
    "FPDFTextObj_GetTextRenderMode": "i p",
    "FPDFText_ClosePage": "- p",
    "FPDFText_CountChars": "i p",
    "FPDFText_GetCharBox": "i pipppp",
    "FPDFText_GetCharOrigin": "i pipp",
    "FPDFText_GetFontInfo": "l piplp",
    "FPDFText_GetFontSize": "d pi",
    "FPDFText_GetLooseCharBox": "i pip",
    "FPDFText_GetMatrix": "i pip",
    "FPDFText_GetText": "i piip",
    "FPDFText_GetTextObject": "p pi",
    "FPDFText_GetUnicode": "u pi",
    "FPDFText_IsGenerated": "i pi",
    "FPDFText_LoadPage": "p p",
    "FPDF_CloseDocument": "- p",
    "FPDF_ClosePage": "- p",
    "FPDF_DestroyLibrary": "-",
    "FPDF_GetPageBoundingBox": "i pp",
    "FPDF_GetPageCount": "i p",
    "FPDF_GetPageHeightF": "f p",
    "FPDF_GetPageWidthF": "f p",
    "FPDF_InitLibrary": "-",
    "FPDF_LoadMemDocument64": "p szs",
    "FPDF_LoadPage": "p pi",
    "FPDF_PageToDevice": "i piiiiiddpp",
    "FPDF_RenderPageBitmap_Start": "i ppiiiiiip",
    "FPDF_RenderPage_Close": "- p",
}
"""Of each function the types of its result and its arguments, by PDFium's public headers.

A matrix is six floats (FS_MATRIX), a rectangle four: left, top, right, bottom (FS_RECTF).
"""
_LONG: Final = frozenset(
    {
        "FPDFText_LoadPage",
        "FPDF_CloseDocument",
        "FPDF_ClosePage",
        "FPDF_InitLibrary",
        "FPDF_LoadMemDocument64",
        "FPDF_LoadPage",
        "FPDF_RenderPageBitmap_Start",
    }
)
"""Those that may take long: other threads go on."""
_FOR_EACH: Final = frozenset(
    {
        "FPDFText_GetCharBox",
        "FPDFText_GetCharOrigin",
        "FPDFText_GetFontSize",
        "FPDFText_GetLooseCharBox",
        "FPDFText_GetMatrix",
        "FPDFText_GetTextObject",
        "FPDFText_GetUnicode",
        "FPDFText_IsGenerated",
    }
)
"""Those that are called for each character: what they are given is not converted, which takes half of a call.

A page's text is given to them as `given` makes it, a place by `ctypes.byref`, and a number as it is.
"""
FPDF_ANNOT: Final = 1
FPDFBITMAP_GRAY, FPDFBITMAP_BGRX = 1, 3
FPDF_RENDER_DONE: Final = 2
FPDF_OBJECT_UNKNOWN: Final = 0
FPDF_PAGEOBJ_TEXT, FPDF_PAGEOBJ_IMAGE, FPDF_PAGEOBJ_FORM = 1, 3, 5
FPDF_TEXTRENDERMODE_STROKE, FPDF_TEXTRENDERMODE_INVISIBLE = 1, 3
FPDF_TEXTRENDERMODE_STROKE_CLIP, FPDF_TEXTRENDERMODE_CLIP = 5, 7


ASKED: Final = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)


class Pause(ctypes.Structure):
    """What PDFium asks while it draws a page: whether to stop (IFSDK_PAUSE)."""

    _fields_ = (("version", ctypes.c_int), ("needed", ASKED), ("user", ctypes.c_void_p))


def _path() -> str | None:
    """Returns where a wheel of pypdfium2 has the library; None for one that takes the system's."""
    package = importlib.util.find_spec("pypdfium2_raw")
    for folder in (package.submodule_search_locations or ()) if package is not None else ():
        for name in ("libpdfium.so", "libpdfium.dylib"):
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                return path
    return None


_PATH: Final = _path()
# Of a function that returns at once it would take two thirds of a call to let other threads go on.
_LIBRARIES: Final = (None, None) if _PATH is None else (ctypes.PyDLL(_PATH), ctypes.CDLL(_PATH))


def given(handle: int) -> Any:
    """Returns a handle for functions that do not convert what they are given."""
    return ctypes.byref(ctypes.c_char.from_address(handle))


def __getattr__(name: str) -> Any:
    """Returns a function of PDFium's, made when it is first asked for."""
    if name not in DECLARED:
        raise AttributeError(name)
    made: Any
    library = _LIBRARIES[name in _LONG]
    result, *arguments = (_TYPES[each] for each in DECLARED[name].replace(" ", ""))
    if library is None:
        import pypdfium2_raw

        address = ctypes.cast(getattr(pypdfium2_raw, name), ctypes.c_void_p).value or 0
        made = (ctypes.CFUNCTYPE if name in _LONG else ctypes.PYFUNCTYPE)(result, *arguments)(address)
    else:
        made = library[name]  # one of its own, of no class of its own: to make one takes longer than all calls of most
        made.restype = result
        if name not in _FOR_EACH:
            made.argtypes = arguments
    globals()[name] = made
    return made
