"""QR codes (ISO/IEC 18004), by segno."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import segno


def qr_code(text: str, error: str) -> segno.QRCode | None:
    """Returns the QR code of a text, in the smallest version that holds it; None if none does (2953 characters).

    Args:
        text: printable ASCII.
        error: the least level of error correction, `l`, `m`, `q` or `h`; where there is room, it is a higher one.
    """
    import segno

    try:
        return segno.make_qr(text, error=error, mode="byte", boost_error=True)
    except segno.DataOverflowError:
        return None
