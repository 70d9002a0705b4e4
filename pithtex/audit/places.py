"""Addresses, through fsspec: object stores, the web, whatever it knows. Only this module imports it."""

from __future__ import annotations

import errno
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from pithtex.audit.names import Source, is_archive, is_pdf
from pithtex.audit.unit import Kind, Unit
from pithtex.errors import UsageError
from pithtex.resolution.mirrors.network import offline_by_environment
from pithtex.text import shortened

_T = TypeVar("_T")
_TRIES: Final = 4
_WAIT_SECONDS: Final = 0.5
"""Before the second try; twice as long before each one more."""
_ON_THIS_MACHINE: Final = frozenset({"file", "local", "memory"})
"""Schemes that ask nobody."""
_TAGS: Final = ("ETag", "etag", "checksum", "md5Hash", "LastModified", "last_modified", "updated", "mtime", "created")
"""What file systems of fsspec have for telling that a file has changed."""


@contextmanager
def open_remote(name: str) -> Iterator[Source]:
    """A file at an address, to read from its beginning to its end.

    Raises:
        UsageError: what the scheme needs is not installed.
        OSError: it cannot be read.
    """
    system, path = _system(name)
    with _faults():
        # A web server that does not say that it gives parts of files is asked for the whole, once.
        whole = name.startswith(("http://", "https://")) and not system.info(path).get("partial")
        stream = system.open(path, "rb", **({"block_size": 0} if whole else {}))
    try:
        yield _Guarded(stream)
    finally:
        stream.close()


def list_remote(name: str) -> Iterator[Unit | None]:
    """The files at an address: itself, those of a pattern, or all below a folder; None for each that is not a PDF.

    Raises:
        UsageError: what the scheme needs is not installed.
    """
    system, path = _system(name)
    try:
        with _faults():
            yield from _listed(system, path, name)
    except OSError as error:
        yield Unit(name, Kind.PROBLEM, note=error.strerror or str(error))


def _listed(system: Any, path: str, name: str) -> Iterator[Unit | None]:
    if any(char in path for char in "*?["):
        found = tried(lambda: system.glob(path, detail=True))
        if not found:
            raise OSError(errno.ENOENT, "nothing matches this pattern", name)
        yield from (_unit(system, each, info) for each, info in found.items() if info.get("type") != "directory")
        return
    info = tried(lambda: system.info(path))
    if info.get("type") != "directory" and not name.endswith("/"):
        yield _unit(system, path, info, whatever=True)
        return
    for _, _, files in system.walk(path, detail=True, on_error="raise"):
        yield from (_unit(system, info["name"], info) for info in files.values())
        system.invalidate_cache()  # which would hold every name


def _unit(system: Any, path: str, info: dict[str, Any], *, whatever: bool = False) -> Unit | None:
    archive = is_archive(path)
    if not (archive or whatever or is_pdf(path)):
        return None
    size = info.get("size")
    tags = [str(info[tag]) for tag in _TAGS if info.get(tag)]
    state = " ".join((str(size), *tags)) if tags else ""
    name: str = system.unstrip_protocol(path)
    return Unit(name, Kind.ARCHIVE if archive else Kind.FILE, size if isinstance(size, int) else 0, state)


def _system(name: str) -> tuple[Any, str]:
    scheme = name.partition("://")[0]
    if offline_by_environment() and scheme not in _ON_THIS_MACHINE:
        message = f"{shortened(name)}: an address, but PITHTEX_OFFLINE forbids the network"
        raise UsageError(message, hint="give files, or unset PITHTEX_OFFLINE")
    try:
        from fsspec.core import url_to_fs

        with _faults():
            system, path = url_to_fs(name)
    except ImportError as error:
        hint = "pip install 'pithtex[remote]', and for object stores s3fs, gcsfs or adlfs"
        raise UsageError(f"{scheme}:// needs a package that is not installed: {error}", hint=hint) from error
    except ValueError as error:
        raise UsageError(
            f"{shortened(name)}: {error}", hint="supported are s3://, gs://, https:// and others"
        ) from error
    # What such a package logs goes to stderr by itself, for each file; verdicts say what failed.
    logging.getLogger(type(system).__module__.partition(".")[0]).addHandler(logging.NullHandler())
    return system, path


def tried(call: Callable[[], _T]) -> _T:
    """What a call gives, which is tried again where the fault may pass."""
    for attempt in range(_TRIES - 1):
        try:
            return call()
        except (FileNotFoundError, PermissionError, NotImplementedError, MemoryError):
            raise
        except Exception:  # noqa: BLE001  each file system has exceptions of its own
            time.sleep(_WAIT_SECONDS * 2**attempt)
    return call()


@contextmanager
def _faults() -> Iterator[None]:
    """Inside, what libraries raise becomes an `OSError` with their words, bounded."""
    try:
        yield
    except (ImportError, ValueError, MemoryError):
        raise
    except FileNotFoundError as error:
        raise FileNotFoundError(errno.ENOENT, "there is nothing at this address") from error
    except Exception as error:
        reason = shortened(" ".join(str(error).split()), 200) or type(error).__name__
        raise OSError(errno.EIO, reason) from error


class _Guarded:
    """A stream whose faults are those of files."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def read(self, size: int = -1, /) -> bytes:
        chunks: list[bytes] = []
        left = size
        with _faults():
            while left and (data := self._stream.read(left)):  # streams of the web give what has come
                chunks.append(data)
                left -= len(data) if size >= 0 else 0
        return b"".join(chunks)

    def seek(self, place: int, whence: int = 0) -> int:
        with _faults():
            return int(self._stream.seek(place, whence))

    def tell(self) -> int:
        return int(self._stream.tell())

    def seekable(self) -> bool:
        return bool(self._stream.seekable())
