"""Which fonts of a PDF are not in it, and which are pictures of letters (Type 3); bounded (ISO 32000-1, 9.6 to 9.9)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pikepdf

_MAX_PAGES: Final = 500
_MAX_DEPTH: Final = 4
"""Forms in forms, as a figure in a figure is one."""
_MAX_OBJECTS: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Fonts:
    """What was found on the pages that were looked at."""

    absent: tuple[str, ...] = ()
    """Names of fonts that are not in the file."""
    drawn: int = 0
    """Fonts of Type 3."""


def fonts_of(path: Path) -> Fonts:
    """The fonts of a PDF's pages and of the figures on them; none of a file that cannot be read."""
    import pikepdf

    walk = _Walk()
    try:
        with pikepdf.open(path) as pdf:
            for page in list(pdf.pages)[:_MAX_PAGES]:
                walk.resources(page.obj.get("/Resources"), 0)
    except (pikepdf.PdfError, OSError, ValueError, TypeError, AttributeError):
        return Fonts()
    return Fonts(absent=tuple(sorted(walk.absent)), drawn=walk.drawn)


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
