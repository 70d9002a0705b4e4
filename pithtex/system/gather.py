"""Which files are meant: by name, by folder, by pattern, or by a list of names. Nothing is read but folders and lists.

Everything is yielded as it is met, so that a folder of a million files takes no more memory than one of ten.
"""

from __future__ import annotations

import errno
import glob
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from typing import BinaryIO, Final

from pithtex.errors import MalformedError
from pithtex.limits import MAX_GATHER_DEPTH, MAX_NAME_BYTES
from pithtex.structs import NamedTuple
from pithtex.system.files import open_input

_CHUNK: Final = 64 * 1024


class Why(Enum):
    """Why something that was met is not an input."""

    UNREADABLE = "cannot be read"
    """A fault: the user meant it, or a folder that holds what the user meant."""
    OTHER_NAME = "not named as wanted"
    SEEN = "a folder that was already visited"
    LINK = "a link to a folder"


class Found(NamedTuple):
    """A file to read."""

    path: str
    """As Python has names that are not UTF-8, with surrogates (PEP 383)."""
    size: int
    """Bytes."""
    changed: int
    """When it was changed last, in nanoseconds."""


class Passed(NamedTuple):
    """What is not read."""

    path: str
    why: Why
    reason: str
    """Of the system, for a person."""


def gather(
    paths: Iterable[str], wanted: Callable[[str], bool], *, linked: bool = True, but: str | os.PathLike[str] = ""
) -> Iterator[Found | Passed]:
    """Yields the files that the paths lead to.

    Args:
        paths: files, taken whatever their names are; folders, gone through with all below; and patterns as of a shell,
            `**` among them, where no file has that name.
        wanted: whether a file of a folder is to be read, by its name.
        linked: whether to enter folders that a folder links to: without, nothing is met twice, and nothing elsewhere.
        but: a folder that is not entered, where it lies below another one.
    """
    for path in paths:
        if glob.has_magic(path) and not os.path.lexists(path):
            yield from _matches(path, wanted)
        elif os.path.isdir(path):
            yield from _Walk(wanted, linked=linked, but=_place(but)).below(path)
        else:
            yield _file(path)


def listed(name: str) -> Iterator[str]:
    """Yields the names in a file: one a line, or each ended by NUL as of `find -print0`; `-` is standard input.

    Raises:
        MalformedError: a name is longer than names may be.
        OSError: the file cannot be read.
    """
    with open_input(name) as stream:
        for entry in _split(stream):
            if entry:
                yield os.fsdecode(entry)


def _split(stream: BinaryIO) -> Iterator[bytes]:
    """Names are ended by NUL where the first chunk has one: no name holds it."""
    chunk = stream.read1(_CHUNK) if hasattr(stream, "read1") else stream.read(_CHUNK)
    end = b"\0" if b"\0" in chunk else b"\n"
    rest = b""
    while chunk:
        *entries, rest = (rest + chunk).split(end)
        for entry in entries:
            yield entry.removesuffix(b"\r") if end == b"\n" else entry
        if len(rest) > MAX_NAME_BYTES:
            raise MalformedError(f"a name longer than {MAX_NAME_BYTES} bytes", hint="give one name a line")
        chunk = stream.read(_CHUNK)
    yield rest


def _matches(pattern: str, wanted: Callable[[str], bool]) -> Iterator[Found | Passed]:
    nothing = True
    for path in glob.iglob(pattern, recursive=True):
        nothing = False
        if os.path.isdir(path):
            if "**" not in pattern:  # which meets what is below by itself
                yield from _Walk(wanted).below(path)
        elif wanted(path) or "**" not in pattern:
            yield _file(path)
        else:
            yield Passed(path, Why.OTHER_NAME, "")
    if nothing:
        yield Passed(pattern, Why.UNREADABLE, "no file matches this pattern")


class _Walk:
    """A walk through one folder. A folder that a link leads to is entered once, so that no circle goes on for ever."""

    def __init__(
        self, wanted: Callable[[str], bool], *, linked: bool = True, but: tuple[int, int] | None = None
    ) -> None:
        self._wanted = wanted
        self._but = but
        self._enters_links = linked
        self._linked: set[tuple[int, int]] = set()

    def below(self, folder: str, above: tuple[tuple[int, int], ...] = ()) -> Iterator[Found | Passed]:
        try:
            state = os.stat(folder)
            entries = os.scandir(folder)
        except OSError as error:
            yield _unreadable(folder, error)
            return
        here = (*above, (state.st_dev, state.st_ino))
        with entries:
            if here[-1] == self._but:
                return
            while True:
                try:
                    entry = next(entries, None)
                except OSError as error:
                    yield _unreadable(folder, error)
                    return
                if entry is None:
                    return
                yield from self._entry(entry, here)

    def _entry(self, entry: os.DirEntry[str], above: tuple[tuple[int, int], ...]) -> Iterator[Found | Passed]:
        try:
            is_folder = entry.is_dir()
        except OSError as error:  # a link in a circle
            yield _unreadable(entry.path, error)
            return
        if not is_folder:
            yield _file(entry.path) if self._wanted(entry.name) else Passed(entry.path, Why.OTHER_NAME, "")
        elif len(above) >= MAX_GATHER_DEPTH:
            yield Passed(entry.path, Why.UNREADABLE, f"more than {MAX_GATHER_DEPTH} nested folders")
        elif entry.is_symlink() and not self._enters_links:
            yield Passed(entry.path, Why.LINK, "")
        elif entry.is_symlink() and not self._is_new(entry.path, above):
            yield Passed(entry.path, Why.SEEN, "")
        else:
            yield from self.below(entry.path, above)

    def _is_new(self, path: str, above: tuple[tuple[int, int], ...]) -> bool:
        try:
            state = os.stat(path)
        except OSError:
            return True  # which `below` says
        place = (state.st_dev, state.st_ino)
        if place in above or place in self._linked:
            return False
        self._linked.add(place)
        return True


def _place(folder: str | os.PathLike[str]) -> tuple[int, int] | None:
    """Returns what a folder is known by, whatever leads to it; None if it is not there."""
    try:
        state = os.stat(folder)
    except (OSError, ValueError):
        return None
    return state.st_dev, state.st_ino


def _file(path: str) -> Found | Passed:
    try:
        state = os.stat(path)
    except OSError as error:
        return _unreadable(path, error)
    except ValueError:
        return Passed(path, Why.UNREADABLE, "not a possible file name")
    if stat.S_ISDIR(state.st_mode):
        return _unreadable(path, IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR)))
    if not stat.S_ISREG(state.st_mode):
        return Passed(path, Why.UNREADABLE, "neither a file nor a folder: a pipe, a socket or a device")
    return Found(path, state.st_size, state.st_mtime_ns)


def _unreadable(path: str, error: OSError) -> Passed:
    return Passed(path, Why.UNREADABLE, error.strerror or type(error).__name__)
