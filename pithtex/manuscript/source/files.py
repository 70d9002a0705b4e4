"""The files of a paper as text: bounded, decoded, never from outside of the paper's folder."""

from __future__ import annotations

import os
import posixpath
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Final

from pithtex.catalogue import finding
from pithtex.findings import Finding
from pithtex.limits import MAX_MANUSCRIPT_BYTES, MAX_MANUSCRIPT_FILES, MAX_PAPER_FILES, MAX_SOURCE_BYTES
from pithtex.structs import struct

_LINE: Final = re.compile(r"\r\n|[\r\n]")
_ABSOLUTE: Final = re.compile(r"/|~|[A-Za-z]:[\\/]|file:|[a-z]{3,6}://", re.I)
WIDE: Final = (b"\xff\xfe", b"\xfe\xff")
"""How a text in UTF-16 begins."""
_BOM: Final = b"\xef\xbb\xbf"
_INPUTENC: Final = re.compile(
    rb"^[^%\r\n]*\\(?:usepackage|RequirePackage)\s*\[([a-z0-9 ,-]{1,40})\]\s*\{inputenc\}", re.MULTILINE
)
_ENCODINGS: Final = {
    "latin1": "iso8859-1",
    "latin2": "iso8859-2",
    "latin3": "iso8859-3",
    "latin4": "iso8859-4",
    "latin5": "iso8859-9",
    "latin9": "iso8859-15",
    "latin10": "iso8859-16",
    "ansinew": "cp1252",
    "cp1252": "cp1252",
    "cp1250": "cp1250",
    "cp1251": "cp1251",
    "cp437": "cp437",
    "cp850": "cp850",
    "applemac": "mac-roman",
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
}
"""Options of inputenc for 8-bit encodings, and Python's names of these (ltinputenc.dtx, Cyrillic bundle)."""


def leads_out(name: str) -> bool:
    """Tells whether a name, relative to the paper's folder, leads elsewhere: an absolute path, an address, or `..`."""
    return _ABSOLUTE.match(name) is not None or posixpath.normpath(name).startswith("../")


@dataclass(frozen=True, kw_only=True)
class TexFile:
    """One file of a paper, as text."""

    path: Path = field(repr=False)
    name: str
    """Relative to the paper's folder, with `/`."""
    text: str = field(repr=False)
    encoding: str = "utf-8"
    bad_byte: int | None = None
    """Offset, in characters, of the first byte that is neither UTF-8 nor of a declared encoding."""

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE.finditer(self.text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, 1-based, of an offset in characters."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line_span(self, line: int) -> tuple[int, int] | None:
        """Returns where a line, counted from 1, begins and ends; None if there is none."""
        if not 1 <= line <= len(self._starts):
            return None
        return self._starts[line - 1], self._starts[line] if line < len(self._starts) else len(self.text)


@struct
class Misread:
    """Why a file was not read, for the finding at the place that asked for it."""

    rule: str
    message: str
    hint: str | None = None

    def finding(self) -> Finding:
        """As a finding."""
        return finding(self.rule, self.message, hint=self.hint)


class Folder:
    """A paper's folder: reads files below it, each once, within the bounds of all together."""

    def __init__(self, root: Path, inputenc: str | None = None) -> None:
        self.root = root.resolve()
        self.files: dict[str, TexFile] = {}
        self._bytes = 0
        self._listed: dict[str, dict[str, str]] = {}
        """By folder: the names in it, by their case-folded form."""
        self.inputenc = inputenc
        """The 8-bit encoding that a file declared; empty if that was UTF-8, None if none did yet."""

    def find(self, name: str, suffixes: tuple[str, ...]) -> str | Misread | None:
        """Returns the name of an existing file, relative to the folder; None if there is none.

        Args:
            name: as the source has it, relative to the folder.
            suffixes: what TeX appends, tried in this order.
        """
        if not name or "\0" in name or "\n" in name or len(name) > 1000:
            return None
        for suffix in suffixes:
            found = self._there(name + suffix)
            if found is not None:
                return found
        if leads_out(name):
            return None
        # TeX Live looks once more, and lets the last part be in other letters (texmf_casefold_search).
        folded = (self._in_other_case(name + suffix) for suffix in suffixes)
        return next((found for other in folded if other is not None and (found := self._there(other))), None)

    def _there(self, name: str) -> str | Misread | None:
        path = self.root / name
        try:
            real = path.resolve()
            if not real.is_file():
                return None
        except (OSError, RuntimeError, ValueError):
            return None
        if not real.is_relative_to(self.root):
            message = f"{name} leads out of the paper's folder, and is not read"
            return Misread(rule="input-outside", message=message, hint="copy it into the paper's folder")
        return str(PurePosixPath(*path.parts[len(self.root.parts) :]))

    def _in_other_case(self, name: str) -> str | None:
        """Returns the name of a file that differs in the case of its last part alone."""
        folder, _, last = name.rpartition("/")
        if folder not in self._listed:
            try:
                with os.scandir(self.root / folder) as listing:
                    names = sorted(entry.name for entry in islice(listing, MAX_PAPER_FILES))
            except (OSError, ValueError):
                names = []
            self._listed[folder] = {other.casefold(): other for other in reversed(names)}
        found = self._listed[folder].get(last.casefold())
        return None if found is None else f"{folder}/{found}" if folder else found

    def read(self, name: str) -> TexFile | Misread:
        """Returns the file of that name."""
        if name in self.files:
            return self.files[name]
        if len(self.files) >= MAX_MANUSCRIPT_FILES:
            return _limit(f"the paper has more than {MAX_MANUSCRIPT_FILES} files; {name} was not read")
        path = self.root / name
        try:
            with path.open("rb") as stream:
                data = stream.read(MAX_SOURCE_BYTES + 1)
        except OSError as error:
            return Misread(rule="source-unreadable", message=f"{name} cannot be read: {error.strerror}")
        self._bytes += len(data)
        if len(data) > MAX_SOURCE_BYTES:
            return _limit(f"{name} is larger than {MAX_SOURCE_BYTES} bytes, and is not read")
        if self._bytes > MAX_MANUSCRIPT_BYTES:
            return _limit(f"the paper has more than {MAX_MANUSCRIPT_BYTES} bytes; {name} was not read")
        if data[:2] in WIDE or b"\0" in data:
            message = f"{name} is not text that TeX reads: UTF-16, or binary"
            return Misread(rule="source-unreadable", message=message, hint="save it as UTF-8")
        self.files[name] = self._decoded(name, path, data)
        return self.files[name]

    def _decoded(self, name: str, path: Path, data: bytes) -> TexFile:
        found = _INPUTENC.search(data) if self.inputenc is None and b"{inputenc}" in data else None
        if found is not None:
            options = found[1].decode("ascii").replace(" ", "").split(",")
            self.inputenc = next((_ENCODINGS[option] for option in reversed(options) if option in _ENCODINGS), "")
        data = data.removeprefix(_BOM)
        try:
            return TexFile(path=path, name=name, text=data.decode("utf-8"))
        except UnicodeDecodeError as error:
            encoding = self.inputenc or "iso8859-1"
            bad = None if self.inputenc else len(data[: error.start].decode("utf-8"))
            return TexFile(path=path, name=name, text=data.decode(encoding, "replace"), encoding=encoding, bad_byte=bad)


def _limit(message: str) -> Misread:
    return Misread(rule="source-limit", message=message, hint="what comes after the limit was not checked")
