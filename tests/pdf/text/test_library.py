"""PDFium's functions as they are declared here, beside the declarations that its own headers give."""

from __future__ import annotations

import ctypes
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pypdfium2_raw
import pytest

from pithtex.pdf.text import library

KINDS = {
    "i": ctypes.c_int,
    "u": ctypes.c_uint,
    "l": ctypes.c_ulong,
    "z": ctypes.c_size_t,
    "f": ctypes.c_float,
    "d": ctypes.c_double,
}
CONSTANTS = {
    "FPDFBITMAP_GRAY": "FPDFBitmap_Gray",
    "FPDFBITMAP_BGRX": "FPDFBitmap_BGRx",
    **{name: name for name in vars(library) if name.startswith("FPDF_") and name.isupper()},
}


def is_pointer(kind: Any) -> bool:
    """A handle, or the place of a value."""
    return kind is ctypes.c_void_p or issubclass(kind, ctypes._Pointer)


@pytest.mark.parametrize("name", library.DECLARED)
def test_functions_are_declared_as_in_the_headers(name: str) -> None:
    theirs = getattr(pypdfium2_raw, name)
    result, arguments = library.DECLARED[name][0], library.DECLARED[name][2:]
    for ours, kind in zip(arguments, theirs.argtypes, strict=True):
        assert is_pointer(kind) if ours in "ps" else kind is KINDS[ours]  # a text is a pointer to its first character
    assert result == "-" or (is_pointer(theirs.restype) if result == "p" else theirs.restype is KINDS[result])


def test_what_is_not_converted_is_a_pointer_or_an_int() -> None:
    """Which is what ctypes makes of `byref` and a number by itself."""
    assert all(set(library.DECLARED[name][2:]) <= {"p", "i"} for name in library._FOR_EACH)


def test_what_is_called_is_declared() -> None:
    modules = Path(library.__file__).parent.glob("*.py")
    called = {name for module in modules for name in re.findall(r"\bpdfium\.([A-Z]\w+)", module.read_text())}
    assert all(hasattr(library, name) for name in called)
    assert called >= library.DECLARED.keys()


@pytest.mark.parametrize(("ours", "theirs"), CONSTANTS.items())
def test_constants_are_those_of_the_headers(ours: str, theirs: str) -> None:
    assert getattr(library, ours) == getattr(pypdfium2_raw, theirs)


def test_structures_are_laid_out_as_in_the_headers() -> None:
    theirs = pypdfium2_raw.IFSDK_PAUSE
    assert ctypes.sizeof(library.Pause) == ctypes.sizeof(theirs)
    for ours, name in (("version", "version"), ("needed", "NeedToPauseNow"), ("user", "user")):
        assert getattr(library.Pause, ours).offset == getattr(theirs, name).offset
    for structure, count in ((pypdfium2_raw.FS_MATRIX, 6), (pypdfium2_raw.FS_RECTF, 4)):
        assert [kind for _, kind in structure._fields_] == [ctypes.c_float] * count
    assert [name for name, _ in pypdfium2_raw.FS_RECTF._fields_] == ["left", "top", "right", "bottom"]


def test_a_library_elsewhere_is_had_by_its_module() -> None:
    """A distribution's pypdfium2 brings no library, and loads the system's."""
    program = (
        "import importlib.util, types\n"
        "importlib.util.find_spec = lambda name: types.SimpleNamespace(submodule_search_locations=[])\n"
        "from pithtex.pdf.text import library\n"
        "library.FPDF_InitLibrary(); library.FPDF_DestroyLibrary()\n"
        "print(library._PATH)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "None\n"
