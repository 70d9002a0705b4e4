"""The parts of an audit's results: files of lines that are written once, under a temporary name, and never changed.

A part is named by the keys of its lines - of inputs, version and options - so that the same work gives the same name.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from pithtex.audit.lines import MAX_LINE, key_of
from pithtex.audit.unit import Key
from pithtex.system.files import write_files

FOLDER: Final = "parts"
_PREFIX: Final = "part-"
_SUFFIX: Final = ".jsonl"


def write_part(folder: Path, lines: Sequence[bytes]) -> Path:
    """Writes a part, whole or not at all.

    Raises:
        OutputError: it cannot be written.
    """
    keys = sorted(str(key_of(line)).encode("ascii") for line in lines)
    path = folder / f"{_PREFIX}{hashlib.sha256(b''.join(keys)).hexdigest()[:32]}{_SUFFIX}"
    write_files({path: b"".join(line + b"\n" for line in lines)})
    return path


def parts(folder: Path) -> list[Path]:
    """The parts that are there, in the order of their names."""
    try:
        names = [entry.name for entry in os.scandir(folder)]
    except FileNotFoundError:
        return []
    return [folder / name for name in sorted(names) if name.startswith(_PREFIX) and name.endswith(_SUFFIX)]


def keyed_lines(path: Path) -> Iterator[tuple[Key, bytes]]:
    """The lines of a part, without their ends, each with its key; what a fault of the disk damaged is skipped."""
    with path.open("rb") as stream:
        while line := stream.readline(MAX_LINE + 1):
            key = key_of(line) if line.endswith(b"\n") else None
            if key is not None:
                yield key, line[:-1]


def clean(folder: Path) -> None:
    """Removes what was being written when an earlier run was ended."""
    for entry in os.scandir(folder):
        if entry.name.startswith(".") and entry.name.endswith(".tmp"):
            os.unlink(entry.path)
