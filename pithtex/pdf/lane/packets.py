"""Whether an XMP packet (ISO 16684-1) can be told, without reading it, to have no property of ours."""

from __future__ import annotations

import re
from typing import Final

from pithtex.pdf.lane.forms import WHITE, OddError

_ENCODING: Final = re.compile(rb"<\?xml[^>]*encoding=(?![\"'](?:[uU][tT][fF]-8|US-ASCII|us-ascii)[\"'])")


_LETTER: Final = re.compile(rb"&#(?!(?:x0*[9AaDd]|0*(?:9|10|13));)")
"""A reference to a character other than white space (XML 1.0, 4.1)."""


def packet_speaks(packet: bytes) -> bool:
    """Tells whether a packet may have a property of ours.

    Raises:
        OddError: it is not plain: declarations, references to characters, another encoding than UTF-8, damage.
    """
    packet = packet.strip(WHITE)
    if b"\0" in packet or b"<!DOCTYPE" in packet or b"<!ENTITY" in packet:
        raise OddError
    if _ENCODING.search(packet) or _LETTER.search(packet):
        raise OddError
    if b"pith" in packet.lower():
        return True
    from xml.parsers import expat

    try:
        expat.ParserCreate(namespace_separator=" ").Parse(packet, True)
    except expat.ExpatError as error:
        raise OddError from error
    return False
