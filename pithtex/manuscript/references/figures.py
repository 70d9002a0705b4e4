"""What a figure's file is, by its first bytes: bounded, and drawn by nobody."""

from __future__ import annotations

import os
import re
from pathlib import Path
from struct import unpack
from typing import Final

from pithtex.manuscript.references.metadata import metadata_of
from pithtex.structs import struct

_HEAD: Final = 256 * 1024
"""Bytes of a file that are looked at; a JPEG's size stands behind its metadata."""
_SIGNATURES: Final = (
    ("pdf", b"%PDF-"),
    ("png", b"\x89PNG\r\n\x1a\n"),
    ("jpg", b"\xff\xd8\xff"),
    ("eps", b"%!"),
    ("eps", b"\xc5\xd0\xd3\xc6"),
    ("gif", b"GIF8"),
    ("tif", b"II*\0"),
    ("tif", b"MM\0*"),
    ("bmp", b"BM"),
    ("zip", b"PK\x03\x04"),
    ("svg", b"<svg"),
    ("svg", b"<?xml"),
    ("html", b"<!DOCTYPE"),
)
_NAMED: Final = {"jpeg": "jpg", "ps": "eps", "tiff": "tif", "ai": "pdf"}
_KNOWN: Final = frozenset({"pdf", "png", "jpg", "eps"})
"""Kinds whose file is looked into."""
_PDF_BEGINS_WITHIN: Final = 1024
"""Readers look for the header of a PDF in as many bytes (ISO 32000-1, annex H, note 13)."""


@struct
class FigureFile:
    """One file."""

    name: str
    says: str
    """The kind that its name says: `pdf`, `png`, `jpg`, `eps` or its ending."""
    is_kind: str | None
    """The kind that its bytes show; None if they show none that is known."""
    pixels: int | None = None
    """Width times height, of a PNG or JPEG."""
    metadata: tuple[str, ...] = ()
    """What its metadata give away."""

    @property
    def misnamed(self) -> bool:
        """Tells whether its bytes are not of the kind that its name says."""
        return self.says in _KNOWN and self.is_kind != self.says


def figure_file(root: Path, name: str) -> FigureFile | None:
    """Looks at a figure; None if it cannot be read."""
    ending = name.rpartition(".")[2].lower()
    says = _NAMED.get(ending, ending)
    try:
        with (root / name).open("rb") as stream:
            data = stream.read(_HEAD)
            size = os.fstat(stream.fileno()).st_size
            if size > 2 * _HEAD:
                stream.seek(-_HEAD, os.SEEK_END)
            end = stream.read(_HEAD)
    except OSError:
        return None
    shown = next((kind for kind, mark in _SIGNATURES if data.startswith(mark)), None)
    if says == "pdf" and b"%PDF-" in data[:_PDF_BEGINS_WITHIN]:
        shown = "pdf"
    if says == "eps" and b"%!" in data[:_PDF_BEGINS_WITHIN]:
        shown = "eps"
    if data.startswith(b"version https://git-lfs"):
        shown = "a Git LFS pointer"
    if not data:
        shown = "empty"
    return FigureFile(
        name=name, says=says, is_kind=shown, pixels=_pixels(shown, data), metadata=metadata_of(data + end)
    )


def _pixels(kind: str | None, data: bytes) -> int | None:
    if kind == "png" and len(data) >= 24:
        width, height = unpack(">II", data[16:24])
        return int(width) * int(height)
    if kind == "jpg":
        return _jpeg_pixels(data)
    return None


def _jpeg_pixels(data: bytes) -> int | None:
    """Returns the size in a JPEG's frame header (ITU T.81, B.2.2)."""
    position = 2
    while position + 9 < len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = unpack(">HH", data[position + 5 : position + 9])
            return int(width) * int(height)
        position += 2 + unpack(">H", data[position + 2 : position + 4])[0]
    return None


ENDINGS: Final = (
    *("pdf", "png", "jpg", "mps", "jpeg", "jbig2", "jb2", "eps", "ps", "eps.gz", "ps.gz", "eps.Z"),
    *("ai", "jp2", "jpf", "bmp"),
)
"""What arXiv's preflight appends to a figure's name, in its order (submission-tools: models.py, IMAGE_EXTENSIONS)."""
_GRAPHIC: Final = re.compile(
    r"\.(?:" + "|".join(map(re.escape, ENDINGS)) + r"|svg|gif|tiff?|webp|heic|emf|wmf)\Z", re.I
)


def has_figure_ending(name: str) -> bool:
    """Tells whether a name ends as figures do."""
    return _GRAPHIC.search(name) is not None
