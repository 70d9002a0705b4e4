"""base64url without padding (RFC 4648, section 5), of which each value has one spelling."""

from __future__ import annotations

import base64
import binascii


def to_base64url(data: bytes) -> str:
    """Returns the text of some bytes."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_base64url(text: str) -> bytes:
    """Returns the bytes of a text that `to_base64url` could have written.

    Raises:
        ValueError: another alphabet, padding, or bits that no byte has.
    """
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError("not base64url") from error
    if to_base64url(data) != text:
        raise ValueError("not canonical base64url: stray bits")
    return data
