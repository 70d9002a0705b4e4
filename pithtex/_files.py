"""Reading bounded input, and writing files so that none is ever half-written."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pithtex.errors import MalformedError, UsageError
from pithtex.limits import MAX_DOCUMENT_BYTES, MAX_DOCUMENT_BYTES_VARIABLE, MAX_PDF_BYTES

if TYPE_CHECKING:
    from pithtex.documents import Document


def read_document(path: str) -> Document:
    """The record, bundle or integrity report in a file; `-` is standard input.

    Raises:
        MalformedError: none of these, or larger than documents may be.
        UsageError: the environment variable for that size holds no number.
        OSError: the file cannot be read.
    """
    from pithtex.documents import load

    most = _max_document_bytes()
    hint = f"if you know it, set {MAX_DOCUMENT_BYTES_VARIABLE} to its size in bytes"
    return load(read_bounded(path, most, hint), max_bytes=most)


def read_bounded(path: str, limit: int, hint: str | None = None) -> bytes:
    """The bytes of a file; `-` is standard input.

    Raises:
        MalformedError: larger than `limit` bytes; `hint` says what to do then.
        OSError: the file cannot be read.
    """
    with contextlib.nullcontext(sys.stdin.buffer) if path == "-" else Path(path).open("rb") as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise MalformedError(f"larger than {limit} bytes, the most that is read of it", hint=hint)
    return data


def _max_document_bytes() -> int:
    stated = os.environ.get(MAX_DOCUMENT_BYTES_VARIABLE)
    if not stated:
        return MAX_DOCUMENT_BYTES
    if not re.fullmatch("[1-9][0-9]{0,14}", stated):
        raise UsageError(f"{MAX_DOCUMENT_BYTES_VARIABLE} is {stated!r}, and has to be a number of bytes")
    return int(stated)


def read_pdf(path: str | os.PathLike[str]) -> bytes:
    """The bytes of a PDF, one more than `MAX_PDF_BYTES` where there are too many.

    Raises:
        OSError: it cannot be read.
    """
    with Path(path).open("rb") as stream:
        return stream.read(MAX_PDF_BYTES + 1)  # a pipe or a device has no size to ask for


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
