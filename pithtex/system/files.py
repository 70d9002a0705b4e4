"""Reading bounded input, and writing files so that none is ever half-written."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Final

from pithtex.errors import MalformedError, OutputError, UsageError
from pithtex.limits import MAX_PDF_BYTES
from pithtex.system.details import detail

_HINT: Final = "name a file in an existing folder that you may write to"
_FAULTS_OF_PLACE: Final = frozenset(
    {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EACCES, errno.EPERM, errno.EROFS}
    | {errno.ENAMETOOLONG, errno.ELOOP, errno.ENXIO, errno.EINVAL}
)
"""What another name would help against; it does not against a full disk."""
_NAME_KEPT: Final = 40
"""Characters of a file's name that its temporary one begins with."""


def read_bounded(path: str, limit: int, hint: str | None = None) -> bytes:
    """Returns the bytes of a file; `-` is standard input.

    Raises:
        MalformedError: larger than `limit` bytes; `hint` says what to do then.
        OSError: the file cannot be read.
    """
    with open_input(path) as stream:
        data = read_at_most(stream, limit + 1)
    if len(data) > limit:
        raise MalformedError(f"larger than {limit} bytes, the limit for such a file", hint=hint)
    return data


def open_input(path: str) -> AbstractContextManager[BinaryIO]:
    """Returns a file to read from; `-` is standard input.

    Raises:
        OSError: it cannot be opened.
    """
    detail("reading %s", "standard input" if path == "-" else path)
    return contextlib.nullcontext(sys.stdin.buffer) if path == "-" else open_file(path)


def open_file(path: str | os.PathLike[str]) -> BinaryIO:
    """Returns a file to read from.

    Raises:
        OSError: it cannot be opened, or the name is impossible, such as one with a NUL.
    """
    try:
        return open(path, "rb")
    except ValueError as error:
        raise OSError(errno.EINVAL, str(error), os.fspath(path)) from error


def read_pdf(path: str | os.PathLike[str]) -> bytes:
    """Returns the bytes of a PDF, one more than `MAX_PDF_BYTES` where there are too many.

    Raises:
        OSError: it cannot be read.
    """
    with open_file(path) as stream:
        return read_at_most(stream, MAX_PDF_BYTES + 1)


def read_at_most(stream: BinaryIO, most: int) -> bytes:
    """Returns what a file has from here on, at most so many bytes.

    To ask for many bytes more than there are costs several times what reading a small file does: Python asks the system
    for memory for all of them.

    Raises:
        OSError: it cannot be read.
    """
    try:
        size = os.fstat(stream.fileno()).st_size
    except (AttributeError, OSError):  # it has no descriptor, as what stands in memory or on another machine
        size = most
    data = stream.read(min(size + 1, most))
    return data if len(data) <= size else data + stream.read(most - len(data))  # of a pipe or a device the size is 0


@contextlib.contextmanager
def writing(path: str | os.PathLike[str]) -> Iterator[None]:
    """Inside, a file is written; what the system says against that is raised as an error of this package.

    Raises:
        OutputError: it cannot be written.
    """
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: an impossible name, such as one with a NUL
        reason = getattr(error, "strerror", None) or str(error)
        hint = _HINT if getattr(error, "errno", errno.EINVAL) in _FAULTS_OF_PLACE else None
        raise OutputError(reason, where=os.fspath(path), hint=hint) from error


def is_stream(path: Path) -> bool:
    """Tells whether what stands there has to be written through, since a file put in its place would reach nobody.

    That is a device, a pipe, or what this process' own stdout or stderr leads to.
    """
    try:
        state = path.stat()
    except (OSError, ValueError):
        return False
    if stat.S_ISDIR(state.st_mode):
        return False
    return not stat.S_ISREG(state.st_mode) or _own_descriptor(state) is not None


def refuse_output(path: Path) -> None:
    """Refuses, before any work, a file that can be told not to be writable.

    Raises:
        OutputError: it is a folder, or nothing may be written there.
    """
    with writing(path):
        if path.is_dir():
            raise _os_error(errno.EISDIR)
        place = path if is_stream(path) else path.parent
        place.stat()
        if not place.is_dir() and not is_stream(path):
            raise _os_error(errno.ENOTDIR)
        if not os.access(place, os.W_OK):  # which does not say why
            raise _os_error(errno.EROFS if os.statvfs(place).f_flag & os.ST_RDONLY else errno.EACCES)


def write_files(contents: Mapping[Path, bytes]) -> None:
    """Writes all of these files or, short of a crash between two renames, none of them.

    Each is written in full under a temporary name in its own folder and then renamed over the old one, whose mode it
    keeps. What is a stream (`is_stream`) is written through, before anything is renamed.

    Raises:
        OutputError: a file cannot be written; what stood there before stands there still.
    """
    streams = [path for path in contents if is_stream(path)]
    written: list[tuple[Path, Path]] = []
    try:
        for path, content in contents.items():
            with writing(path):
                if path.is_dir():
                    raise _os_error(errno.EISDIR)
                if path not in streams:
                    written.append((_temporary(path), path))
                    _write_temporary(written[-1][0], path, content)
        for path in streams:
            with writing(path):
                _write_through(path, contents[path])
        for temporary, path in written:
            with writing(path):
                temporary.replace(path)
    finally:
        for temporary, _ in written:
            with contextlib.suppress(OSError, ValueError):  # it was renamed, or never made
                temporary.unlink()


def append_file(path: Path, content: bytes) -> None:
    """Writes to the end of a file, which is made if there is none.

    Raises:
        OutputError: it cannot be written.
    """
    with writing(path):
        if is_stream(path):
            _write_through(path, content)
        else:
            with path.open("ab") as stream:
                stream.write(content)


def change_files(before: Mapping[Path, bytes | None], after: Mapping[Path, bytes | None]) -> None:
    """Changes files that are still as the change was made from; None stands for no file.

    Raises:
        UsageError: one was changed in the meantime; nothing was written.
        OutputError: one cannot be written.
        OSError: one cannot be read.
    """
    for path in after:
        if not _is_still(path, before[path]):
            message = f"{path} was changed in the meantime, and nothing was written"
            raise UsageError(message, hint="try again", rule="paper-changed")
    write_files({path: data for path, data in after.items() if data is not None})
    for path, data in after.items():
        if data is None:
            with writing(path):
                path.unlink()


def _is_still(path: Path, content: bytes | None) -> bool:
    """Tells whether a file holds just that; no more of it is read than tells."""
    if content is None or not path.exists():
        return content is None and not path.exists()
    with open_file(path) as stream:
        return stream.read(len(content) + 1) == content


def _temporary(path: Path) -> Path:
    """Returns a name beside the file that nobody else has, and no longer than a file's name may be."""
    return path.parent / f".{path.name[:_NAME_KEPT]}.{os.urandom(8).hex()}.tmp"


def _write_temporary(temporary: Path, path: Path, content: bytes) -> None:
    """Writes what is to become `path`, with its mode."""
    with temporary.open("xb") as stream:
        if path.exists():
            temporary.chmod(path.stat().st_mode & 0o7777)
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _write_through(path: Path, content: bytes) -> None:
    own = _own_descriptor(path.stat())
    if own is not None:
        # What was printed so far is before it, and what comes after goes on behind it: the place in a file is shared.
        (sys.stdout if own == 1 else sys.stderr).flush()
    with path.open("wb") if own is None else os.fdopen(os.dup(own), "wb") as stream:
        stream.write(content)


def _own_descriptor(state: os.stat_result) -> int | None:
    """Returns which of stdout and stderr leads to that file."""
    for number in (1, 2):
        with contextlib.suppress(OSError):
            if os.path.samestat(state, os.fstat(number)):
                return number
    return None


def _os_error(code: int) -> OSError:
    return OSError(code, os.strerror(code))
