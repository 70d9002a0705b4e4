"""What a PDF's metadata says of its making: program, year, publisher, title. Claims, for the totals of an audit alone.

Of a file without a trace of a number the lane knows Info and the packet. Of others they are read off the bytes, as far
as they stand there uncompressed, which they do in most files: a parser would take longer.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Final

from pithtex.text import shortened

_WINDOW: Final = 64 * 1024
"""Bytes of the beginning and the end that are looked at: Info stands in one of them."""
_MAX_PACKET: Final = 64 * 1024
_MAX_CHARS: Final = 200
_TEXT: Final = re.compile(rb"[ \t\r\n]*(\((?:[^()\\]|\\.){0,400}\)|<[0-9A-Fa-f \r\n]{0,1600}>)", re.S)
_MAX_TEXT: Final = 1_600
"""Bytes of a string that are read."""
_YEAR: Final = re.compile(r"(?:D:)?((?:19|20)[0-9]{2})")
_INFO: Final = {"producer": b"/Producer", "own_title": b"/Title", "made": b"/CreationDate"}
_XMP: Final = {
    "producer": re.compile(rb"<pdf:Producer>([^<]{1,400})<|pdf:Producer=\"([^\"<]{1,400})\""),
    "publisher": re.compile(rb"<dc:publisher>[^<]{0,40}<rdf:Bag>[^<]{0,40}<rdf:li[^>]{0,40}>([^<]{1,400})<"),
    "title": re.compile(rb"<dc:title>[^<]{0,40}<rdf:Alt>[^<]{0,40}<rdf:li[^>]{0,40}>([^<]{1,400})<"),
    "year": re.compile(rb"<xmp:CreateDate>((?:19|20)[0-9]{2})|xmp:CreateDate=\"((?:19|20)[0-9]{2})"),
}
_ESCAPE: Final = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.S)
_ESCAPES: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"", b"f": b"", b"\r\n": b"", b"\n": b"", b"\r": b""}


def described(data: bytes, packet: bytes | None = None, info: Mapping[bytes, bytes] | None = None) -> dict[str, str]:
    """The claims that were found: of `producer`, `publisher`, `own_title` and `made` (a year) those that are there.

    Args:
        data: the file.
        packet: its XMP packet, where that is known; else it is searched for.
        info: the entries of its Info dictionary as they stand there, where they are known; else they are searched for.
    """
    stated = _stated(data) if info is None else info
    found = {name: _text(stated.get(key, b"")) for name, key in _INFO.items()}
    year = _YEAR.match(found["made"])
    found["made"] = year[1] if year else ""
    packet = _packet(data) if packet is None else packet[:_MAX_PACKET]
    for name, pattern in _XMP.items() if packet else ():
        key = {"title": "own_title", "year": "made"}.get(name, name)
        if not found.get(key) and (match := pattern.search(packet)):
            raw = next(group for group in match.groups() if group is not None)
            found[key] = html.unescape(raw.decode("utf-8", "replace"))
    cleaned = {name: shortened(" ".join(value.split()), _MAX_CHARS) for name, value in found.items()}
    return {name: value for name, value in cleaned.items() if value}


def _packet(data: bytes) -> bytes:
    start = data.find(b"<x:xmpmeta")
    return b"" if start < 0 else data[start : start + _MAX_PACKET].partition(b"</x:xmpmeta>")[0]


def _stated(data: bytes) -> dict[bytes, bytes]:
    """What may be entries of Info: the first string behind each key, near the end of the file or else its beginning."""
    parts = (data[-_WINDOW:], data[:_WINDOW]) if len(data) > _WINDOW else (data,)
    found = ((key, _behind(key, part)) for part in reversed(parts) for key in _INFO.values())
    return {key: literal for key, literal in found if literal}


def _behind(key: bytes, part: bytes) -> bytes:
    at = part.find(key)
    while at >= 0:
        if match := _TEXT.match(part, at + len(key)):
            return match[1]
        at = part.find(key, at + 1)
    return b""


def _text(literal: bytes) -> str:
    """A text string (ISO 32000-1, 7.9.2.2), as well as it can be told without a parser; empty if it is none."""
    inside = literal[1:-1][:_MAX_TEXT]
    if literal[:1] == b"(":
        raw = _ESCAPE.sub(_unescaped, inside)
    elif literal[:1] == b"<" and literal[:2] != b"<<":
        raw = _from_hex(inside)
    else:
        return ""
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "replace")
    if raw.startswith(b"\xef\xbb\xbf"):
        return raw[3:].decode("utf-8", "replace")
    return raw.decode("latin-1")


def _unescaped(match: re.Match[bytes]) -> bytes:
    text = match[1]
    if text[:1].isdigit():
        return bytes([int(text, 8) & 255])
    return _ESCAPES.get(text, text)


def _from_hex(text: bytes) -> bytes:
    digits = b"".join(text.split())
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
