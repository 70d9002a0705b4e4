"""The files of a paper, as `add` changes them: which is the main one."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from pithtex.errors import UsageError
from pithtex.limits import MAX_SOURCE_BYTES, MAX_SOURCE_FILES
from pithtex.manuscript.edit.preamble import Preamble, read_preamble
from pithtex.structs import field, struct
from pithtex.system.files import open_file

_NAMED: Final = 10
"""Files that are named of those that could be the main one."""
_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
"""How a file of UTF-16 begins, which no TeX reads."""


@struct
class Source:
    """One file of a paper, as it was read."""

    path: Path
    """Of the file itself, where a link leads to it."""
    data: bytes = field(repr=False)
    preamble: Preamble

    @property
    def text(self) -> str:
        """Returns the bytes as Latin-1, as the preamble's offsets count."""
        return self.data.decode("latin-1")


def read_source(path: Path) -> Source:
    """Reads a TeX file.

    Raises:
        UsageError: too large, or in an encoding that does not extend ASCII.
        OSError: it cannot be read.
    """
    with open_file(path) as stream:
        data = stream.read(MAX_SOURCE_BYTES + 1)
    if len(data) > MAX_SOURCE_BYTES:
        raise UsageError(f"{path}: larger than {MAX_SOURCE_BYTES} bytes", rule="no-place")
    if data[:2] in _MARKS or b"\0" in data:
        raise UsageError(f"{path}: not a text that TeX reads (UTF-16, or binary)", rule="no-place")
    return Source(path=Path(os.path.realpath(path)), data=data, preamble=read_preamble(data.decode("latin-1")))


def main_files(paper: Path) -> list[Source]:
    """Returns the files that may be the paper's main one: the file given, or all of a folder that are whole documents.

    Where none has its own class, these are the documents that may get one from a file that they read in.

    Raises:
        UsageError: there is none.
        OSError: the folder or a file cannot be read.
    """
    if not paper.is_dir():
        source = read_source(paper)
        if not (source.preamble.is_main or source.preamble.may_be_main):
            message = f"{paper} has no \\documentclass and \\begin{{document}} of its own"
            raise UsageError(message, hint="give the file that is compiled", rule="no-main-file")
        return [source]
    whole = list(_documents(paper, "*.tex"))
    found = [source for source in whole if source.preamble.is_main] or whole
    if not found:
        raise _no_main_file(paper)
    return found


def _no_main_file(paper: Path) -> UsageError:
    """Returns what is said of a folder without a document: where one is, or which file could not be read."""
    message = f"{paper} has no .tex file with a \\documentclass and a \\begin{{document}}"
    try:
        below = next((source for source in _documents(paper, "*/*.tex") if source.preamble.is_main), None)
    except OSError:
        below = None
    named = "paper/main.tex" if below is None else str(paper / below.path.parent.name / below.path.name)
    for path in sorted(paper.glob("*.tex"))[:MAX_SOURCE_FILES] if below is None else ():
        try:
            if path.is_file():
                read_source(path)
        except UsageError as error:
            return UsageError(error.message, hint="save it as UTF-8", rule="no-main-file")
    return UsageError(message, hint=f"name the file that is compiled, as in {named}", rule="no-main-file")


def _documents(paper: Path, pattern: str) -> Iterator[Source]:
    """Yields the files of a folder that are whole documents, or may be."""
    for path in sorted(paper.glob(pattern))[:MAX_SOURCE_FILES]:
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(paper).parts):
            try:
                source = read_source(path)
            except UsageError:
                continue
            if source.preamble.is_main or source.preamble.may_be_main:
                yield source


def several_main_files(found: Sequence[Source], paper: Path, command: str) -> UsageError:
    """Returns what is said where nothing tells which of them it is, with the command that names the first of them."""
    import shlex

    names = ", ".join(source.path.name for source in found[:_NAMED])
    names += f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    hint = f"name it: pithtex {command} {shlex.quote(str(paper / found[0].path.name))}"
    return UsageError(f"several files could be the main one: {names}", hint=hint, rule="several-main-files")
