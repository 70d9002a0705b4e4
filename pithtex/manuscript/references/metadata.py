"""What a figure's metadata give away: a person, a folder of somebody's machine, a place on Earth.

Looked for by exact forms in the file's first and last bytes: what is compressed is not seen.
"""

from __future__ import annotations

import re
import struct
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


def metadata_of(data: bytes) -> tuple[str, ...]:
    """What the bytes of a figure give away, in words; they may quote untrusted text.

    Args:
        data: the file's first bytes, and its last ones behind them.
    """
    told = []
    for pattern in (_PDF_AUTHOR, _XMP_CREATOR, _PNG_AUTHOR, _EPS_FOR):
        found = pattern.search(data)
        name = "" if found is None else _text(next(group for group in found.groups() if group is not None), found.re)
        if len(name) > 2 and not _NOBODY.match(name):
            told.append(f"the author {name!r}")
            break
    path = _PATH.search(data)
    if path is not None:
        told.append(f"the folder {path[0].decode('latin-1')!r}")
    tags = _exif_tags(data)
    told += ["an artist's name"] if _ARTIST in tags and not any(word.startswith("the author") for word in told) else []
    told += ["the place where it was taken"] if _GPS in tags else []
    return tuple(told)


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
    """The tags of the first directory of Exif data (Exif 2.32, 4.6)."""
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
