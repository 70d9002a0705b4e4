"""How streams are encoded (ISO 32000-1, 7.4), as far as all readers decode them alike."""

from __future__ import annotations

import zlib
from typing import Final

import pikepdf
from pikepdf import Name

from pithtex.limits import MAX_STREAM_BYTES
from pithtex.pdf.untrusted import WHITE_SPACE, OddError, each_of, entry

LOSSLESS: Final = frozenset({
    "/ASCII85Decode", "/ASCIIHexDecode", "/FlateDecode", "/LZWDecode", "/RunLengthDecode",
})  # fmt: skip
"""Those filters of table 6. Short names are for inline pictures alone (table 94)."""


def content_of(stream: pikepdf.Object) -> bytes:
    """Returns what a content stream stands for.

    Raises:
        OddError: it stands elsewhere, or not all readers decode it alike.
    """
    if "/F" in stream:  # 7.3.8.2
        raise OddError("content is stored in another file")
    filters = entry(stream, "/Filter")
    if "/DecodeParms" in stream or not filters_of(stream) <= LOSSLESS:
        raise OddError("content is encoded in a way that not all readers support")
    if filters != Name.FlateDecode:
        return stream.read_bytes()
    data = stream.read_raw_bytes()
    found = inflated(data) if data else (b"", b"")  # no data at all are an empty content to all
    if found is None or found[1].strip(WHITE_SPACE):
        raise OddError("content is damaged")
    return found[0]


def data_of(stream: pikepdf.Object) -> bytes:
    """Returns the data of a stream that is neither content nor a picture.

    Raises:
        OddError: they stand elsewhere, or have a filter that not all readers apply to them.
    """
    if "/F" in stream or not filters_of(stream) <= LOSSLESS:
        raise OddError("data are stored in another file, or encoded in a way that not all readers support")
    return stream.read_bytes()


def filters_of(stream: pikepdf.Object) -> set[str]:
    """Returns the names of a stream's filters."""
    return set(map(str, each_of(entry(stream, "/Filter"))))


def inflated(data: bytes, most: int = MAX_STREAM_BYTES) -> tuple[bytes, bytes] | None:
    """Returns what data stand for (7.4.4) and what stands behind them; None where they are not whole, or too much."""
    inflater = zlib.decompressobj()
    content = _decompressed(inflater, data, most)
    return (content, inflater.unused_data) if inflater.eof else None


def beginning(data: bytes, most: int) -> bytes:
    """Returns so many bytes of what data stand for (7.4.4); none where they are damaged."""
    return _decompressed(zlib.decompressobj(), data, most)


def _decompressed(inflater: zlib._Decompress, data: bytes, most: int) -> bytes:
    try:
        return inflater.decompress(data, most)
    except zlib.error:
        return b""
