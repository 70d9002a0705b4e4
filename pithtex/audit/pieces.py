"""A large archive in pieces: which members go together, told by the list of its members alone.

The pieces of an archive are the same whoever asks, and however many workers there are. An archive that can only be read
from its beginning - compressed tars, addresses - is not listed first; `reading.members` ends its pieces as it goes.
"""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO, Final, cast

from pithtex.audit.names import Source, is_pdf, is_remote, is_zip
from pithtex.audit.reading import FAULTS
from pithtex.audit.unit import Piece, Unit
from pithtex.limits import (
    MAX_ARCHIVE_BYTES,
    MAX_ARCHIVE_MEMBERS,
    MAX_PDF_BYTES,
    MAX_PIECE_BYTES,
    MAX_PIECES_OF_ZIP,
    MAX_SHARD_UNITS,
)

_MAGIC: Final = b"ustar"
_MAGIC_AT: Final = 257
"""POSIX.1-2017, pax, "ustar Interchange Format"."""


def split(unit: Unit, stream: Source) -> Iterator[Piece]:
    """The pieces of an archive; none where it is small, or is not listed first.

    Args:
        unit: the archive. Pieces before that of the unit are left out.
        stream: its content, at its beginning.

    Raises:
        one of `reading.FAULTS`: a zip that cannot be read. What is wrong with a tar shows in its last piece.
    """
    if unit.size <= MAX_PIECE_BYTES:
        return
    begin = 0 if unit.piece is None else unit.piece.begin
    if is_zip(unit.name):
        pieces = _of_zip(cast(BinaryIO, stream))
    elif not is_remote(unit.name) and _is_plain_tar(stream):
        pieces = _of_tar(stream)
    else:
        return
    yield from (piece for piece in pieces if piece.begin >= begin)


def _is_plain_tar(stream: Any) -> bool:
    start = stream.read(_MAGIC_AT + len(_MAGIC))
    stream.seek(0)
    return bool(start[_MAGIC_AT:] == _MAGIC)


def _of_tar(stream: Any) -> Iterator[Piece]:
    piece, files, start = Piece(0, bounded=True), 0, 0
    try:
        with tarfile.open(fileobj=stream, mode="r:") as archive:
            for index, member in enumerate(archive):
                vars(archive)["members"] = []  # which tarfile keeps, each with its headers
                if index >= MAX_ARCHIVE_MEMBERS:
                    break
                if not (member.isreg() and is_pdf(member.name)):
                    continue
                if files >= MAX_SHARD_UNITS or (files and member.offset - start >= MAX_PIECE_BYTES):
                    yield piece._replace(end=index)
                    # What a global header says holds for all that follows, so that it has to be read with them.
                    offset, at = (0, 0) if archive.pax_headers else (member.offset, index)
                    piece, files, start = Piece(index, None, offset, at, bounded=True), 0, member.offset
                files += 1
    except FAULTS:
        pass  # which reading the last piece says
    yield piece


def _of_zip(stream: BinaryIO) -> Iterator[Piece]:
    with zipfile.ZipFile(stream) as archive:
        infos = archive.infolist()
        pdfs = [(index, info) for index, info in enumerate(infos) if is_pdf(info.filename)]
    if sum(min(info.file_size, MAX_PDF_BYTES) for _, info in pdfs) > MAX_ARCHIVE_BYTES:
        return  # a bomb, perhaps: judged in one piece it ends there
    most = max(MAX_SHARD_UNITS, -(-len(pdfs) // MAX_PIECES_OF_ZIP))
    large = max(MAX_PIECE_BYTES, sum(info.compress_size for _, info in pdfs) // MAX_PIECES_OF_ZIP)
    begin = files = size = 0
    for index, info in pdfs:
        if files >= most or (files and size >= large):
            yield Piece(begin, index, bounded=True)
            begin, files, size = index, 0, 0
        files += 1
        size += info.compress_size
    yield Piece(begin, bounded=True)
