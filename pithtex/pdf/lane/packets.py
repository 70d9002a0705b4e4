"""Whether an XMP packet (ISO 16684-1) can be told, without reading it, to have no property of ours."""

from __future__ import annotations

import re
from typing import Final
from xml.parsers import expat

from pithtex.pdf.lane.forms import WHITE, OddError

_ENCODING: Final = re.compile(rb"<\?xml[^>]*encoding=(?![\"'](?:[uU][tT][fF]-8|US-ASCII|us-ascii)[\"'])")


def packet_speaks(packet: bytes) -> bool:
    """Whether a packet may have a property of ours.

    Raises:
        OddError: it is not plain: declarations, references to characters, another encoding than UTF-8, damage.
    """
    packet = packet.strip(WHITE)
    if b"\0" in packet or b"&#" in packet or b"<!DOCTYPE" in packet or b"<!ENTITY" in packet:
        raise OddError
    if _ENCODING.search(packet):
        raise OddError
    if b"pith" in packet.lower():
        return True
    try:
        expat.ParserCreate(namespace_separator=" ").Parse(packet, True)
    except expat.ExpatError as error:
        raise OddError from error
    return False
