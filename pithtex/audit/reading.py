"""The bytes of a unit: of a file, of an address, or of each PDF in an archive, which is never unpacked to disk."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from typing import Any, BinaryIO, Final, NamedTuple, cast

from pithtex.audit.names import Source, is_pdf, is_remote
from pithtex.audit.unit import Kind, Unit
from pithtex.limits import MAX_ARCHIVE_BYTES, MAX_ARCHIVE_MEMBERS, MAX_PDF_BYTES
from pithtex.system.files import open_file

_PACKED: Final[tuple[tuple[bytes, Callable[[Any], Any]], ...]] = (
    (b"\x1f\x8b", gzip.open),
    (b"BZh", bz2.open),
    (b"\xfd7zXZ\x00", lzma.open),
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
    """One PDF of a unit."""

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


def _opened(unit: Unit) -> AbstractContextManager[Source]:
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


def members(unit: Unit) -> Iterator[Member]:
    """The PDFs of a unit, from `unit.first` on.

    Raises:
        OSError: the file cannot be opened; or another of `FAULTS`: an archive cannot be read on.
    """
    if unit.kind is not Kind.ARCHIVE:
        yield Member(0, None, unit.size, lambda: _whole(unit))
        return
    with ExitStack() as stack:
        stream = stack.enter_context(_opened(unit))
        if unit.name.lower().endswith(".zip"):
            yield from _of_zip(stack.enter_context(zipfile.ZipFile(cast(BinaryIO, stream))), unit.first)
        else:
            yield from _of_tar(stack.enter_context(tarfile.open(fileobj=_inflated(stream), mode="r|")), unit.first)


def _whole(unit: Unit) -> bytes:
    if unit.data is None and is_remote(unit.name):
        from pithtex.audit.places import tried

        return tried(lambda: _once(unit))
    return _once(unit)


def _once(unit: Unit) -> bytes:
    with _opened(unit) as stream:
        return stream.read(MAX_PDF_BYTES + 1)


def _of_tar(archive: tarfile.TarFile, first: int) -> Iterator[Member]:
    for index, member in enumerate(archive):
        vars(archive)["members"] = []  # which tarfile keeps, each with its headers
        _bounded(index)
        if index >= first and member.isreg() and is_pdf(member.name):
            stream = archive.extractfile(member)
            if stream is not None:
                yield Member(index, member.name, member.size, partial(_exactly, stream, member.size))


def _exactly(stream: Source, size: int) -> bytes:
    """The bytes of a member; a tar that ends within it is damaged."""
    data = b"".join(iter(partial(stream.read, _CHUNK), b""))  # in one piece tarfile would take several times as much
    if len(data) < size:
        raise EOFError(f"the archive ends in the middle of this file, which should have {size} bytes")
    return data


def _of_zip(archive: zipfile.ZipFile, first: int) -> Iterator[Member]:
    total = 0
    for index, info in enumerate(archive.infolist()):
        _bounded(index)
        if index < first or info.is_dir() or not is_pdf(info.filename):
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


def _inflated(stream: Source) -> BinaryIO:
    """A tar's bytes, which may be compressed: as much of them as is read of one."""
    beginning = stream.read(8)
    whole = io.BufferedReader(_Joined(beginning, stream))
    for magic, opener in _PACKED:
        if beginning.startswith(magic):
            return io.BufferedReader(_Joined(b"", opener(whole), MAX_ARCHIVE_BYTES))
    return whole


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
