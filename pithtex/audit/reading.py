"""The bytes of a unit: of a file, of an address, or of each PDF in an archive, which is never unpacked to disk."""

from __future__ import annotations

import bz2
import contextlib
import errno
import gzip
import io
import lzma
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from typing import Any, BinaryIO, Final, cast

from pithtex.audit.names import Source, is_archive, is_pdf, is_remote, is_zip
from pithtex.audit.unit import Kind, Piece, Unit
from pithtex.limits import MAX_ARCHIVE_BYTES, MAX_ARCHIVE_MEMBERS, MAX_PDF_BYTES, MAX_PIECE_BYTES, MAX_PIECE_MEMBERS
from pithtex.structs import NamedTuple
from pithtex.system.files import open_file, read_at_most


def _open_zstd(stream: Any) -> Any:
    try:
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd
    except ImportError as error:
        raise OSError(errno.ENOSYS, "a .zst file needs a package: pip install 'pithtex[zstd]'") from error
    return _Zstd(zstd.open(stream), zstd.ZstdError)


class _Zstd:
    """Gives what is wrong with the data as other readers do."""

    def __init__(self, stream: Any, fault: type[Exception]) -> None:
        self._stream, self._fault = stream, fault

    def read(self, size: int) -> bytes:
        try:
            data: bytes = self._stream.read(size)
        except self._fault as error:
            raise ValueError(str(error)) from error
        return data


_PACKED: Final[tuple[tuple[bytes, Callable[[Any], Any]], ...]] = (
    (b"\x1f\x8b", gzip.open),
    (b"BZh", bz2.open),
    (b"\xfd7zXZ\x00", lzma.open),
    (b"\x28\xb5\x2f\xfd", _open_zstd),
)
FAULTS: Final = (
    OSError,  # of gzip and bz2, too, where data is damaged
    EOFError,
    ValueError,  # of names and numbers in headers
    ArithmeticError,
    LookupError,
    RuntimeError,  # zipfile's of what is encrypted, NotImplementedError among them
    lzma.LZMAError,
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    MemoryError,  # a header that claims to be longer than there is memory
)
"""What reading archives that are damaged, or lie, was seen to raise."""


_CHUNK: Final = 1024 * 1024
_MAX_READS_PAST_END: Final = 100
"""To pass over a file, tarfile reads on past the archive's end, 10 kB at a time, as often as its header says."""


class Member(NamedTuple):
    """One PDF of a unit, or an archive in an archive."""

    number: int
    """Place among the archive's members; 0 of a file."""
    name: str | None
    """In the archive."""
    size: int
    """Bytes, as far as that is known before it is read."""
    read: Callable[[], bytes]
    """Gives its bytes, one more than `MAX_PDF_BYTES` where there are too many; it raises one of `FAULTS`."""


class ArchiveLimitError(ValueError):
    """An archive that inflates to more than is read of one, or has more members."""


def carried(unit: Unit) -> Unit:
    """The unit, with its content if that can be read in this process alone."""
    if not unit.name.startswith("memory://") or unit.data is not None or unit.kind is Kind.PROBLEM:
        return unit
    from pithtex.audit.places import open_remote

    try:
        with open_remote(unit.name) as stream:
            return unit._replace(data=stream.read())
    except OSError as error:
        return unit._replace(kind=Kind.PROBLEM, note=error.strerror or str(error))


def opened(unit: Unit) -> AbstractContextManager[Source]:
    """The content of a unit, to read from.

    Raises:
        UsageError: an address, and what its scheme needs is not installed.
        OSError: it cannot be opened.
    """
    if unit.data is not None:
        return contextlib.nullcontext(io.BytesIO(unit.data))
    if not is_remote(unit.name):
        return open_file(unit.name)
    from pithtex.audit.places import open_remote

    return open_remote(unit.name)


def members(unit: Unit) -> Iterator[Member | Piece]:
    """The PDFs of a unit or its piece, from `unit.first` on; and the next piece, where the unit's own ends before it.

    Raises:
        OSError: the file cannot be opened; or another of `FAULTS`: an archive cannot be read on.
    """
    if unit.kind is not Kind.ARCHIVE:
        yield Member(0, None, unit.size, lambda: _whole(unit))
        return
    with ExitStack() as stack:
        stream = stack.enter_context(opened(unit))
        if is_zip(unit.name):
            yield from _of_zip(stack.enter_context(zipfile.ZipFile(cast(BinaryIO, stream))), unit)
        else:
            yield from _of_tar(stack, stream, unit)


def _whole(unit: Unit) -> bytes:
    if unit.data is None and is_remote(unit.name):
        from pithtex.audit.places import tried

        return tried(lambda: _once(unit))
    return _once(unit)


def _once(unit: Unit) -> bytes:
    with opened(unit) as stream:
        return read_at_most(cast(BinaryIO, stream), MAX_PDF_BYTES + 1)


def _of_tar(stack: ExitStack, stream: Any, unit: Unit) -> Iterator[Member | Piece]:
    piece = unit.piece or Piece(0)
    can_seek = _can_seek(stream)
    offset, at = (piece.offset, piece.at) if can_seek else (0, 0)
    if offset:
        stream.seek(offset)
    inflated, packed = (stream, False) if offset else _inflated(stream)
    archive = stack.enter_context(tarfile.TarFile.open(fileobj=inflated, mode="r|"))
    start, files = -1, 0
    for index, member in enumerate(archive, at):
        vars(archive)["members"] = []  # which tarfile keeps, each with its headers
        _bounded(index)
        if piece.end is not None and index >= piece.end:
            return
        if index < piece.begin or not member.isreg() or not _is_wanted(member.name):
            continue
        place = offset + member.offset
        start = place if start < 0 else start
        # Whoever goes on has to read all that stands before once more, unless that can be skipped.
        longest = MAX_PIECE_BYTES if can_seek and not packed else max(MAX_PIECE_BYTES, start)
        if not piece.bounded and (files >= MAX_PIECE_MEMBERS or (files and place - start >= longest)):
            yield Piece(index) if packed or archive.pax_headers else Piece(index, None, place, index)
            return
        files += 1
        if index >= unit.first and (content := archive.extractfile(member)) is not None:
            yield Member(index, member.name, member.size, partial(_exactly, content, member.size))


def _can_seek(stream: Any) -> bool:
    """Tried, since streams of the web say that they can whether their server lets them or not."""
    try:
        stream.seek(1)
        stream.seek(0)
    except (OSError, ValueError, AttributeError):
        return False
    return True


def _is_wanted(name: str) -> bool:
    return is_pdf(name) or is_archive(name)


def _exactly(stream: Source, size: int) -> bytes:
    """The bytes of a member; a tar that ends within it is damaged."""
    data = b"".join(iter(partial(stream.read, _CHUNK), b""))  # in one piece tarfile would take several times as much
    if len(data) < size:
        raise EOFError(f"the archive ends in the middle of this file, which should have {size} bytes")
    return data


def _of_zip(archive: zipfile.ZipFile, unit: Unit) -> Iterator[Member]:
    total = 0
    end = unit.piece.end if unit.piece is not None else None
    for index, info in enumerate(archive.infolist()[:end]):
        _bounded(index)
        if index < unit.first or info.is_dir() or not _is_wanted(info.filename):
            continue

        def read(info: zipfile.ZipInfo = info) -> bytes:
            nonlocal total
            with archive.open(info) as stream:
                data = stream.read(MAX_PDF_BYTES + 1)
            total += len(data)
            if total > MAX_ARCHIVE_BYTES:
                raise ArchiveLimitError(f"the archive expands to more than {MAX_ARCHIVE_BYTES} bytes")
            return data

        yield Member(index, info.filename, 0, read)


def _bounded(index: int) -> None:
    if index >= MAX_ARCHIVE_MEMBERS:
        raise ArchiveLimitError(f"the archive has more than {MAX_ARCHIVE_MEMBERS} members")


def _inflated(stream: Source) -> tuple[BinaryIO, bool]:
    """A tar's bytes, and whether they were compressed: as much of them as is read of one."""
    beginning = stream.read(8)
    whole = io.BufferedReader(_Joined(beginning, stream))
    for magic, opener in _PACKED:
        if beginning.startswith(magic):
            return io.BufferedReader(_Joined(b"", opener(whole), MAX_ARCHIVE_BYTES)), True
    return whole, False


class _Joined(io.RawIOBase):
    """What was read of a stream already, and the rest: a stream of the network goes one way only."""

    def __init__(self, beginning: bytes, rest: Source, most: int | None = None) -> None:
        super().__init__()
        self._beginning, self._rest, self._left = beginning, rest, most
        self._ends = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._beginning[: len(buffer)] or self._rest.read(len(buffer))
        self._beginning = self._beginning[len(data) :] if self._beginning else b""
        self._ends += not data
        if self._ends > _MAX_READS_PAST_END:
            raise EOFError("the archive ends in the middle of a file")
        if self._left is not None:
            self._left -= len(data)
            if self._left < 0:
                raise ArchiveLimitError(f"the archive expands to more than {MAX_ARCHIVE_BYTES} bytes")
        buffer[: len(data)] = data
        return len(data)
