"""What a figure's metadata give away: a person, a folder of somebody's machine, a place on Earth.

Looked for by exact forms in the file's first and last bytes, and in the compressed texts of a PNG. What a PDF keeps
compressed is read where its fonts are (`pithtex.pdf.contents`).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import Final

_PDF_AUTHOR: Final = re.compile(rb"/Author\s*(?:\(((?:[^()\\]|\\.){1,200})\)|<([0-9A-Fa-f\s]{4,400})>)")
_XMP_CREATOR: Final = re.compile(rb"<dc:creator>\s*<rdf:(?:Seq|Bag)>\s*<rdf:li[^>]{0,100}>([^<]{1,200})<")
_PNG_AUTHOR: Final = re.compile(rb"(?:tEXt|iTXt)(?:Author|Artist|Creator)\0+([^\0]{1,200})")
_EPS_FOR: Final = re.compile(rb"%%For:\s*([^\r\n]{1,200})")
_PATH: Final = re.compile(rb"(?:/home/|/Users/|[A-Za-z]:\\{1,2}Users\\{1,2})[A-Za-z0-9._-]{2,60}[/\\]")
_NOBODY: Final = re.compile(
    r"(?:anonymous|unknown|user|author|root|admin|none|matplotlib|inkscape|adobe|microsoft|cairo|www\.|http|\W)", re.I
)
_EXIF: Final = b"Exif\0\0"
_ARTIST, _GPS = 0x013B, 0x8825
_MAX_TAGS: Final = 200
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_MAX_CHUNK: Final = 64 * 1024
_INITIALS: Final = 2
"""Letters that name nobody."""


def metadata_of(data: bytes) -> tuple[str, ...]:
    """Returns what the bytes of a figure give away, in words; they may quote untrusted text.

    Args:
        data: the file's first bytes, and its last ones behind them.
    """
    told: list[str] = []
    if data.startswith(_PNG):
        data = b"".join(text + b"\0" for text in _png_texts(data)) + data
    for pattern in (_PDF_AUTHOR, _XMP_CREATOR, _PNG_AUTHOR, _EPS_FOR):
        found = pattern.search(data)
        name = "" if found is None else _text(next(group for group in found.groups() if group is not None), found.re)
        told += author_told(name)
        if told:
            break
    path = _PATH.search(data)
    if path is not None:
        told.append(f"the folder {path[0].decode('latin-1')!r}")
    tags = _exif_tags(data)
    told += ["an artist's name"] if _ARTIST in tags and not any(word.startswith("the author") for word in told) else []
    told += ["the place where it was taken"] if _GPS in tags else []
    return tuple(told)


def author_told(name: str) -> tuple[str, ...]:
    """Returns what an author's name in metadata reveals; nothing if it names a program or nobody."""
    return (f"the author {name!r}",) if len(name) > _INITIALS and not _NOBODY.match(name) else ()


def _png_texts(data: bytes) -> Iterator[bytes]:
    """Yields the texts of a PNG, none of them compressed, and its Exif data (PNG, 11.3.3 and 11.3.4)."""
    position = len(_PNG)
    while position + 12 <= len(data):
        length, kind = struct.unpack(">I4s", data[position : position + 8])
        chunk = data[position + 8 : position + 8 + min(length, _MAX_CHUNK)]
        position += 12 + length
        if kind == b"eXIf":
            yield _EXIF + chunk
        elif kind == b"tEXt":
            yield kind + chunk
        elif kind == b"zTXt":
            keyword, _, packed = chunk.partition(b"\0")
            yield b"tEXt" + keyword + b"\0" + _inflated(packed[1:])
        elif kind == b"iTXt" and b"\0\1" in chunk:
            keyword, _, rest = chunk.partition(b"\0\1")  # then method, language, keyword in it, and the text
            packed = rest[1:].split(b"\0", 2)[-1]
            yield b"iTXt" + keyword + b"\0" + _inflated(packed)


def _inflated(packed: bytes) -> bytes:
    import zlib

    try:
        return zlib.decompressobj().decompress(packed, _MAX_CHUNK)
    except zlib.error:
        return b""


def _text(value: bytes, pattern: re.Pattern[bytes]) -> str:
    if pattern is _PDF_AUTHOR and re.fullmatch(rb"[0-9A-Fa-f\s]+", value):
        value = (
            bytes.fromhex(re.sub(r"\s", "", value.decode("ascii"))[: len(value) // 2 * 2])
            if len(value) % 2 == 0
            else value
        )
    if value.startswith(b"\xfe\xff"):
        return value[2:].decode("utf-16-be", "replace").strip()
    return value.decode("utf-8", "replace").strip()


def _exif_tags(data: bytes) -> set[int]:
    """Returns the tags of the first directory of Exif data (Exif 2.32, 4.6)."""
    start = data.find(_EXIF)
    if start < 0:
        return set()
    tiff = data[start + len(_EXIF) :]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return set()
    position = struct.unpack(f"{order}I", tiff[4:8])[0]
    if position + 2 > len(tiff):
        return set()
    count = min(struct.unpack(f"{order}H", tiff[position : position + 2])[0], _MAX_TAGS)
    entries = tiff[position + 2 : position + 2 + 12 * count]
    return {struct.unpack(f"{order}H", entries[at : at + 2])[0] for at in range(0, len(entries) - 11, 12)}
