"""Reading bounded input, and writing files so that none is ever half-written."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from pithtex.errors import MalformedError
from pithtex.limits import MAX_DOCUMENT_BYTES


def read_document(path: str) -> bytes:
    """The bytes of a record or bundle; `-` is standard input.

    Raises:
        MalformedError: larger than `MAX_DOCUMENT_BYTES`.
        OSError: the file cannot be read.
    """
    return read_bounded(path, MAX_DOCUMENT_BYTES)


def read_bounded(path: str, limit: int) -> bytes:
    """The bytes of a file; `-` is standard input.

    Raises:
        MalformedError: larger than `limit` bytes.
        OSError: the file cannot be read.
    """
    with contextlib.nullcontext(sys.stdin.buffer) if path == "-" else Path(path).open("rb") as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise MalformedError(f"larger than {limit} bytes, the most that is read of it")
    return data


def write_files(contents: Mapping[Path, bytes]) -> None:
    """Writes all of these files or, short of a crash between two renames, none of them.

    Each is written in full under a temporary name in its own folder and then renamed over the old one, whose mode it
    keeps.

    Raises:
        OSError: a file cannot be written; what stood there before stands there still.
    """
    for path in contents:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    written: list[tuple[str, Path]] = []
    try:
        for path, content in contents.items():
            handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
            written.append((name, path))
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).chmod(path.stat().st_mode & 0o7777 if path.exists() else 0o666 & ~_umask())
        for name, path in written:
            Path(name).replace(path)
    finally:
        for name, _ in written:
            with contextlib.suppress(FileNotFoundError):
                Path(name).unlink()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
