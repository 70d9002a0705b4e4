"""A manifest: the owner's catalogue, which says of each file what paper it is. CSV, or a line of JSON for each."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from typing import IO, Final

from pithtex.audit.names import is_remote
from pithtex.errors import UsageError
from pithtex.limits import MAX_NAME_BYTES
from pithtex.structs import NamedTuple
from pithtex.text import shortened

_FILE: Final = ("file", "path", "pdf", "filename")
_ID: Final = ("id", "expect", "expected", "arxiv", "arxiv_id", "doi", "number", "pith_number")
_HINT: Final = 'a line is FILE,ID (CSV, with a heading or without) or {"file": ..., "id": ...}'


class Entry(NamedTuple):
    """What is said of one file."""

    path: str
    """Absolute, or an address; of a member of an archive with `!` and its name behind."""
    expect: str
    line: int


def entries(path: str) -> Iterator[Entry]:
    """What a manifest says. Paths in it are from the folder that it lies in.

    Raises:
        UsageError: a line is of no form known; what stands before it was given already.
        OSError: it cannot be read.
    """
    folder = os.path.dirname(os.path.abspath(path))
    with open(path, encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
        for file, expect, line in _json_rows(stream, path) if _is_json(stream) else _csv_rows(stream, path):
            yield Entry(absolute(file, folder), expect.strip(), line)


def absolute(name: str, folder: str = "") -> str:
    """A path as manifests are searched for it."""
    return name if is_remote(name) else os.path.normpath(os.path.join(folder or os.getcwd(), name))


def _is_json(stream: IO[str]) -> bool:
    start = stream.read(64).lstrip()
    stream.seek(0)
    return start.startswith("{")


def _json_rows(stream: IO[str], path: str) -> Iterator[tuple[str, str, int]]:
    number = 0
    while text := stream.readline(MAX_NAME_BYTES):
        number += 1
        if not text.strip():
            continue
        try:
            row = json.loads(text)
        except ValueError as error:
            raise _wrong(path, number, "this line is not JSON") from error
        values = (
            [next((row[name] for name in names if isinstance(row.get(name), str)), None) for names in (_FILE, _ID)]
            if isinstance(row, dict)
            else [None, None]
        )
        if values[0] is None or values[1] is None:
            raise _wrong(path, number, "file and id are missing, or are not strings")
        yield values[0], values[1], number


def _csv_rows(stream: IO[str], path: str) -> Iterator[tuple[str, str, int]]:
    reader = csv.reader(stream)
    file, expect = 0, 1
    try:
        for number, row in enumerate(reader, 1):
            names = [cell.strip().lower() for cell in row]
            if number == 1 and any(name in _FILE for name in names) and any(name in _ID for name in names):
                file = next(index for index, name in enumerate(names) if name in _FILE)
                expect = next(index for index, name in enumerate(names) if name in _ID)
            elif row:
                if len(row) <= max(file, expect):
                    raise _wrong(path, reader.line_num, f"{len(row)} columns")
                yield row[file], row[expect], reader.line_num
    except csv.Error as error:
        raise _wrong(path, reader.line_num, str(error)) from error


def _wrong(path: str, line: int, what: str) -> UsageError:
    return UsageError(f"--manifest {shortened(path)}: line {line}: {what}", hint=_HINT)
