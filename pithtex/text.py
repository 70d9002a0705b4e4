"""Untrusted text, made fit to be shown."""

from __future__ import annotations

import unicodedata
from typing import Final

_UNSAFE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def printable(text: str) -> str:
    r"""Untrusted text for one line of a terminal or a log.

    Control characters, line separators, bidirectional and zero-width marks, surrogates and unassigned code points are
    written as `\u{XXXX}`: they could move the cursor, forge a line or turn the reading order.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"\\u{{{ord(c):04x}}}" if unicodedata.category(c) in _UNSAFE else c for c in text)
