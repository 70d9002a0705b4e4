"""Whether all readers can read the same content of a page: its streams, and those of the forms and patterns on it."""

from __future__ import annotations

import zlib
from typing import Final

import pikepdf
from pikepdf import Name

from pithtex.limits import MAX_STREAM_BYTES
from pithtex.pdf.appearance.images import odd_picture
from pithtex.pdf.appearance.resources import MAX_PARTS
from pithtex.pdf.untrusted import READ_ERRORS, entry, rectangle

_FILTERS: Final = frozenset({
    "/ASCII85Decode", "/ASCIIHexDecode", "/Crypt", "/FlateDecode", "/LZWDecode", "/RunLengthDecode",
})  # fmt: skip
"""Those of content (ISO 32000-1, table 6). Short names are for inline pictures alone (table 94)."""
_STAND_INS: Final = ("/Alternates", "/OPI", "/Ref", "/PS", "/Subtype2")
_PLAIN_TRANSFER: Final = (Name.Identity, Name.Default)
_IMAGE, _FORM, _PROGRAM, _FLATE = Name.Image, Name.Form, Name.PS, Name.FlateDecode
_WHITE_SPACE: Final = b"\0\t\n\f\r "


def odd_content(page: pikepdf.Object) -> bool:
    """Whether a page's content is other than a stream or an array of streams (ISO 32000-1, table 30)."""
    contents = entry(page, "/Contents")
    if isinstance(contents, pikepdf.Array):
        return len(contents) > MAX_PARTS or not all(isinstance(part, pikepdf.Stream) for part in contents)
    return contents is not None and not isinstance(contents, pikepdf.Stream)


def content_size(stream: pikepdf.Stream) -> int | None:
    """How many bytes a stream of content has, decoded; a picture, of which only what is said is looked at, has none.

    Returns:
        The number; None where readers may decode it in two ways, or stop at two places of it.
    """
    try:
        kind = entry(stream, "/Subtype")
        if kind == _IMAGE:
            return None if odd_picture(stream) else 0
        if "/F" in stream:  # its data are in another file (7.3.8.2)
            return None
        if kind == _FORM and rectangle(entry(stream, "/BBox")) is None:
            return None  # readers clip to nothing, or not at all (8.10.2)
        filters = entry(stream, "/Filter")
        if filters == _FLATE and "/DecodeParms" not in stream:
            return _inflated(stream.read_raw_bytes())
        names = list(filters) if isinstance(filters, pikepdf.Array) else [filters]
        if any(name is not None and str(name) not in _FILTERS for name in names):
            return None
        return len(stream.read_bytes())
    except READ_ERRORS:
        return None


def stands_for_another(part: pikepdf.Object) -> bool:
    """Whether some readers draw another thing in a part's place, or only on paper.

    Alternate pictures (ISO 32000-1, 8.9.5.4), proxies (14.11.7), references to other files (8.10.4), programs in
    PostScript (8.8.2), and functions that turn the colours over (10.4).
    """
    if any(key in part for key in _STAND_INS) or entry(part, "/Subtype") == _PROGRAM:
        return True
    return any(key in part and entry(part, key) not in _PLAIN_TRANSFER for key in ("/TR", "/TR2"))


def _inflated(data: bytes) -> int | None:
    """The size of compressed data that are whole, with nothing behind. No data at all are an empty content to all."""
    if not data:
        return 0
    inflater = zlib.decompressobj()
    try:
        size = len(inflater.decompress(data, MAX_STREAM_BYTES))
    except zlib.error:
        return None
    return size if inflater.eof and not inflater.unused_data.strip(_WHITE_SPACE) else None
