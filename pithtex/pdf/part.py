"""pikepdf without what reading a file does not need, for a process that checks one and ends.

To import pikepdf takes as long as to read and judge a paper: its classes for pictures, metadata and jobs, and the
methods that it adds in Python to those of its extension. Here the extension stands in the package's place, alone;
whatever else is asked of either loads the whole package, as an import does.
"""

from __future__ import annotations

import importlib
import importlib.util
import io
import sys
from types import ModuleType
from typing import Any, Final

_NAMES: Final = (
    "Array",
    "Dictionary",
    "Matrix",
    "Name",
    "Object",
    "PasswordError",
    "PdfError",
    "PikepdfError",
    "Stream",
    "String",
)
_SUBMODULES: Final = ("_core", "settings")


class _Part(ModuleType):
    """The package, until it is asked for something that is not there."""

    def __getattr__(self, name: str) -> Any:
        _complete(self)
        return getattr(self, name)


def load() -> None:
    """Loads the part, unless pikepdf is loaded already, or is not laid out as it was in 10.14 to 10.18."""
    spec = None if "pikepdf" in sys.modules else importlib.util.find_spec("pikepdf")
    if spec is None or spec.loader is None:
        return
    package: Any = importlib.util.module_from_spec(spec)
    sys.modules["pikepdf"] = package
    try:
        core, _ = (importlib.import_module(f"pikepdf.{name}") for name in _SUBMODULES)
        for name in _NAMES:
            setattr(package, name, getattr(core, name))
        _is_as_known(core)
    except (AttributeError, ImportError, TypeError):
        for name in ("pikepdf", *(f"pikepdf.{name}" for name in _SUBMODULES)):
            sys.modules.pop(name, None)
        return
    core.Pdf.__getattr__ = _whole  # those that are added in Python
    package.__class__ = _Part


def open_stream(stream: io.BytesIO, **options: Any) -> Any:
    """Opens a file, as `pikepdf.open` does it."""
    package: Any = sys.modules["pikepdf"]
    if not isinstance(package, _Part):
        return package.open(stream, **options)
    # Without a description qpdf's warnings have another form.
    return package._core.Pdf._open(stream, description="stream", **options)


def _is_as_known(core: Any) -> None:
    """Opens an empty file, with the options of `open_pdf`."""
    try:
        core.Pdf._open(
            io.BytesIO(), description="stream", password="", inherit_page_attributes=False, attempt_recovery=False
        )
    except core.PdfError:
        return
    raise TypeError("an empty file was opened")


def _whole(pdf: Any, name: str) -> Any:
    """Returns an attribute of a file that the extension alone does not give."""
    package = sys.modules["pikepdf"]
    if not isinstance(package, _Part):
        raise AttributeError(name)
    _complete(package)
    return getattr(pdf, name)


def _complete(package: Any) -> None:
    """Makes the package what it is without this module."""
    package.__class__ = ModuleType
    del package._core.Pdf.__getattr__
    package.__spec__.loader.exec_module(package)
