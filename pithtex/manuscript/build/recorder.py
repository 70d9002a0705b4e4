"""What a run of TeX left: the list of files that it read (`.fls`), and the errors in its log."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pithtex.limits import MAX_LOG_BYTES
from pithtex.structs import struct

_ERROR: Final = re.compile(r"(?P<file>[^\n:]{1,300}):(?P<line>[0-9]{1,7}): (?P<what>[^\n]{1,1000})")
"""An error as `-file-line-error` has it written."""
_BANG: Final = re.compile(r"! (?P<what>[^\n]{1,1000})")
"""An error outside of any file, and those that LaTeX puts a line before."""
_CONTEXT: Final = re.compile(r"\nl\.[0-9]{1,7} (?P<text>[^\n]{0,200})")
_MISSING: Final = re.compile(r"[Ff]ile `(?P<name>[^'\n]{1,300})' not found")
_SCANNING: Final = re.compile(r"File ended while scanning use of (\\[A-Za-z@]+)")
_RUNAWAY: Final = re.compile(r"^Runaway argument\?\n\{?([^\n]{1,200})", re.MULTILINE)
_BEFORE: Final = 2_000
"""Characters of a log before an error in which TeX shows what it was reading."""
_MAX_ERRORS: Final = 1_000
_NAMES_OF_FONTS: Final = "luaotfload-names."
"""How the files begin in which luaotfload keeps the names of all fonts of the system."""
_NAMED_FONTS: Final = ("otf", "ttf", "ttc")
"""The endings of the fonts whose names it keeps."""
_EMERGENCY: Final = ("Emergency stop.", " ==> Fatal error occurred")
"""What follows upon an error of which TeX could not ask the user."""


@struct
class LogError:
    """One error of a log."""

    message: str
    file: str | None
    """As TeX names it."""
    line: int | None
    opened: tuple[str, str] | None = None
    """The command whose argument never ends, and how that begins."""

    @property
    def missing(self) -> str | None:
        """Returns the file that was not found, where that is the error."""
        found = _MISSING.search(self.message)
        return None if found is None else found["name"]


def read_log(path: Path) -> str:
    """Returns a log's text: its beginning, and of one that is longer its end; empty if there is none.

    Undecodable bytes are replaced.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_LOG_BYTES)
            size = os.fstat(stream.fileno()).st_size
            if size > 2 * MAX_LOG_BYTES:
                stream.seek(-MAX_LOG_BYTES, os.SEEK_END)
                data += b"\n[...]\n"
            data += stream.read(MAX_LOG_BYTES)
    except FileNotFoundError:
        return ""
    return data.decode("utf-8", "replace")


def log_errors(log: str) -> list[LogError]:
    """Returns the errors of a log that was written with `-file-line-error` and without broken lines, in order."""
    found: list[LogError] = []
    pending: str | None = None
    behind = 0
    for text, after in _offsets(log):
        if len(found) >= _MAX_ERRORS:
            break
        if (match := _ERROR.fullmatch(text)) is not None:
            what = match["what"]
            if what.startswith(_EMERGENCY):
                if pending is not None:  # its place is that of the error before it, which had none
                    found.append(LogError(message=pending, file=match["file"], line=int(match["line"])))
                    pending = None
                elif not found:
                    shown = _shown(log, what.strip(), after)
                    found.append(LogError(message=shown, file=match["file"], line=int(match["line"])))
                continue
            found.append(LogError(message=_shown(log, what, after), file=match["file"], line=int(match["line"])))
        elif (match := _BANG.fullmatch(text)) is not None and not (pending and match["what"].startswith(_EMERGENCY)):
            pending, behind = match["what"], after
    if pending is not None:
        opened = _opened(log, pending, behind)
        found.append(LogError(message=_shown(log, pending, behind), file=None, line=None, opened=opened))
    return found


def _opened(log: str, what: str, after: int) -> tuple[str, str] | None:
    """Returns which argument it was that the file ended in: TeX shows its beginning before the error."""
    scanning = _SCANNING.match(what)
    shown = _RUNAWAY.findall(log, max(0, after - _BEFORE), after)
    return None if scanning is None or not shown else (scanning[1], shown[-1])


def _shown(log: str, what: str, after: int) -> str:
    """Returns an error's words, with what TeX was reading where they do not say it."""
    context = _CONTEXT.search(log, after, after + 2000)
    return f"{what} {context['text'].strip()}" if context is not None and what.endswith(".") else what


def _offsets(log: str) -> Iterable[tuple[str, int]]:
    """Yields each line that may be an error, and where it ends."""
    for match in re.finditer(r"^(?:! |[^\n:]{1,300}:[0-9]{1,7}: )[^\n]{0,1000}", log, re.M):
        yield match[0], match.end()


class Recorder:
    """Gathers over all runs which files of the paper were read, and which files of elsewhere."""

    def __init__(self, folder: Path, files: frozenset[str]) -> None:
        """Knows the paper's files, relative to the folder in which TeX runs."""
        self._folder = os.path.realpath(folder)
        self._files = files
        self._written: set[str] = set()
        self.read: set[str] = set()
        self.outside: set[str] = set()
        """Absolute paths."""

    def take(self, path: Path) -> None:
        """Takes in one run's `.fls`, if there is one.

        LuaLaTeX's luaotfload reads every font of the system where it has no list of their names yet, which is in the
        first run. Fonts of elsewhere are not taken from such a run: what the paper uses is read in the next one again.
        """
        try:
            with path.open("rb") as stream:
                data = stream.read(MAX_LOG_BYTES)
        except FileNotFoundError:
            return
        before = set(self.outside)
        listed = False
        for line in data.split(b"\n"):
            kind, _, name = line.partition(b" ")
            if kind in {b"INPUT", b"OUTPUT"} and name:
                full = os.path.normpath(os.path.join(self._folder, os.fsdecode(name)))
                listed = listed or (kind == b"OUTPUT" and os.path.basename(full).startswith(_NAMES_OF_FONTS))
                self._note(kind, full)
        if listed:
            fonts = {font for font in self.outside if font.rpartition(".")[2].lower() in _NAMED_FONTS}
            self.outside -= fonts - before

    def _note(self, kind: bytes, path: str) -> None:
        inside = path.startswith(self._folder + os.sep)
        name = path[len(self._folder) + 1 :].replace(os.sep, "/") if inside else path
        if kind == b"OUTPUT":
            self._written.add(name)
        elif not inside:
            self.outside.add(path)
        elif name in self._files and name not in self._written:  # else what was read is what TeX itself had written
            self.read.add(name)

    def take_accessed(self, endings: frozenset[str]) -> None:
        """Takes in the files with these endings that were read since the copy was made, by the time of last access.

        XeTeX records no fonts, and no driver of DVI files records anything. Where the file system keeps no such times,
        nothing is found.
        """
        for name in self._files:
            if name.rpartition(".")[2].lower() in endings:
                state = os.stat(os.path.join(self._folder, name))
                if state.st_atime_ns > 0:
                    self.read.add(name)
