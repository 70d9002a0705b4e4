"""What publishers ask of a PDF: are its fonts in it, how large are its pages, whom do its metadata name? Bounded.

Sources: ISO 32000-1, 9.6 to 9.9 (fonts), 14.3.3 (Info), 14.11.2 (boxes).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pithtex.structs import struct

if TYPE_CHECKING:
    import pikepdf

_MAX_PAGES: Final = 500
_MAX_DEPTH: Final = 4
"""Forms in forms, as a figure in a figure is one."""
_MAX_OBJECTS: Final = 5_000
_XMP_BYTES: Final = 1024 * 1024
_CREATOR: Final = re.compile(rb"<dc:creator>\s*<rdf:(?:Seq|Bag)>\s*<rdf:li[^>]{0,100}>([^<]{1,200})<")


@struct
class Contents:
    """What was found, on the pages that were looked at."""

    absent: tuple[str, ...] = ()
    """Names of fonts that are not in the file."""
    drawn: int = 0
    """Fonts of Type 3: pictures of letters."""
    sizes: tuple[tuple[int, int], ...] = ()
    """Width and height of the pages in points, the shorter side first, each size once, in the order of the pages."""
    author: str = ""
    """Whom the metadata name; empty if they name nobody. Untrusted text."""


def contents_of(path: Path) -> Contents:
    """Returns what a PDF has; nothing of a file that cannot be read."""
    import pikepdf

    from pithtex.pdf.untrusted import READ_ERRORS

    walk = _Walk()
    sizes: dict[tuple[int, int], None] = {}
    try:
        with pikepdf.open(path) as pdf:
            author = _author(pdf)
            for page in list(pdf.pages)[:_MAX_PAGES]:
                sizes.setdefault(_size(page))
                walk.resources(page.obj.get("/Resources"), 0)
    except READ_ERRORS:
        return Contents()
    return Contents(absent=tuple(sorted(walk.absent)), drawn=walk.drawn, sizes=tuple(sizes), author=author)


def _size(page: pikepdf.Page) -> tuple[int, int]:
    left, bottom, right, top = (float(value) for value in page.cropbox)
    short, long = sorted((round(abs(right - left)), round(abs(top - bottom))))
    return short, long


def _author(pdf: pikepdf.Pdf) -> str:
    """By the Info dictionary, or else by the XMP packet, wherever they stand and however they are compressed."""
    info = pdf.trailer.get("/Info")
    stated = None if info is None else info.get("/Author")
    if stated is not None and str(stated).strip():
        return str(stated).strip()[:200]
    packet = pdf.Root.get("/Metadata")
    if packet is None or int(packet.get("/Length", 0)) > _XMP_BYTES:
        return ""
    found = _CREATOR.search(packet.read_bytes()[:_XMP_BYTES])
    return "" if found is None else found[1].decode("utf-8", "replace").strip()


class _Walk:
    def __init__(self) -> None:
        self.absent: set[str] = set()
        self.drawn = 0
        self._seen: set[tuple[int, int]] = set()

    def resources(self, found: Any, depth: int) -> None:
        if found is None or depth > _MAX_DEPTH or len(self._seen) > _MAX_OBJECTS:
            return
        for font in dict(found.get("/Font", {})).values():
            if self._is_new(font):
                self._font(font)
        for form in dict(found.get("/XObject", {})).values():
            if form.get("/Subtype") == "/Form" and self._is_new(form):
                self.resources(form.get("/Resources"), depth + 1)

    def _is_new(self, item: pikepdf.Object) -> bool:
        if item.objgen in self._seen and item.objgen != (0, 0):
            return False
        self._seen.add(item.objgen)
        return True

    def _font(self, font: Any) -> None:
        if font.get("/Subtype") == "/Type3":
            self.drawn += 1
            return
        below = font.get("/DescendantFonts")
        descriptor = (font if below is None else below[0]).get("/FontDescriptor")
        if descriptor is None or not {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor.keys()):
            self.absent.add(str(font.get("/BaseFont", "a font without a name")).removeprefix("/")[:80])
