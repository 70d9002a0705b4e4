"""How streams are encoded (ISO 32000-1, 7.4), as far as all readers decode them alike."""

from __future__ import annotations

import zlib
from typing import Final

from pithtex.limits import MAX_STREAM_BYTES

LOSSLESS: Final = frozenset({
    "/ASCII85Decode", "/ASCIIHexDecode", "/FlateDecode", "/LZWDecode", "/RunLengthDecode",
})  # fmt: skip
"""Those filters of table 6. Short names are for inline pictures alone (table 94)."""


def inflated(data: bytes, most: int = MAX_STREAM_BYTES) -> tuple[bytes, bytes] | None:
    """Returns what data stand for (7.4.4) and what stands behind them; None where they are not whole, or too much."""
    inflater = zlib.decompressobj()
    try:
        content = inflater.decompress(data, most)
    except zlib.error:
        return None
    return (content, inflater.unused_data) if inflater.eof else None
