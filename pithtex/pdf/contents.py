"""Whether all readers can read the same content of a page: its streams, and those of the forms and patterns on it."""

from __future__ import annotations

import zlib
from typing import Final

import pikepdf
from pikepdf import Name

from pithtex.limits import MAX_STREAM_BYTES
from pithtex.pdf.boxes import rectangle
from pithtex.pdf.info import READ_ERRORS, entry
from pithtex.pdf.parts import MAX_PARTS

_FILTERS: Final = frozenset({
    "/ASCII85Decode", "/ASCIIHexDecode", "/Crypt", "/FlateDecode", "/LZWDecode", "/RunLengthDecode",
})  # fmt: skip
"""Those of content (ISO 32000-1, table 6). Short names are for inline pictures alone (table 94)."""
_STAND_INS: Final = ("/Alternates", "/OPI", "/Ref", "/PS", "/Subtype2")
_PLAIN_TRANSFER: Final = (Name.Identity, Name.Default)
_WHITE_SPACE: Final = b"\0\t\n\f\r "


def odd_content(page: pikepdf.Object) -> bool:
    """Whether a page's content is other than a stream or an array of streams (ISO 32000-1, table 30)."""
    contents = entry(page, "/Contents")
    if isinstance(contents, pikepdf.Array):
        return len(contents) > MAX_PARTS or not all(isinstance(part, pikepdf.Stream) for part in contents)
    return contents is not None and not isinstance(contents, pikepdf.Stream)


def odd_stream(stream: pikepdf.Stream) -> bool:
    """Whether readers may decode a stream of content in two ways, or stop at two places of it.

    Pictures and colour profiles are not looked at.
    """
    try:
        if entry(stream, "/Subtype") == Name.Image or "/N" in stream:
            return False
        if "/F" in stream:  # its data are in another file (7.3.8.2)
            return True
        if entry(stream, "/Subtype") == Name.Form and rectangle(entry(stream, "/BBox")) is None:
            return True  # readers clip to nothing, or not at all (8.10.2)
        filters = entry(stream, "/Filter")
        if filters == Name.FlateDecode and "/DecodeParms" not in stream:
            return not _inflates(stream.read_raw_bytes())
        names = list(filters) if isinstance(filters, pikepdf.Array) else [filters]
        if any(name is not None and str(name) not in _FILTERS for name in names):
            return True
        stream.read_bytes()
    except READ_ERRORS:
        return True
    return False


def stands_for_another(part: pikepdf.Object) -> bool:
    """Whether some readers draw another thing in a part's place, or only on paper.

    Alternate pictures (ISO 32000-1, 8.9.5.4), proxies (14.11.7), references to other files (8.10.4), programs in
    PostScript (8.8.2), and functions that turn the colours over (10.4).
    """
    if any(key in part for key in _STAND_INS) or entry(part, "/Subtype") == Name.PS:
        return True
    return any(key in part and entry(part, key) not in _PLAIN_TRANSFER for key in ("/TR", "/TR2"))


def _inflates(data: bytes) -> bool:
    """Whether compressed data are whole, and nothing follows them. No data at all are an empty content to all."""
    if not data:
        return True
    inflater = zlib.decompressobj()
    try:
        inflater.decompress(data, MAX_STREAM_BYTES)
    except zlib.error:
        return False
    return inflater.eof and not inflater.unused_data.strip(_WHITE_SPACE)
