"""The lines of an audit in one file: CSV, SQLite or Parquet."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, Final

from pithtex.audit import folder
from pithtex.audit.totals import dimensions
from pithtex.errors import UsageError
from pithtex.system.files import writing
from pithtex.text import printable

COLUMNS: Final = (
    "file", "verdict", "number", "title", "source", "standing", "codes", "year", "producer", "publisher", "own_title",
    "text", "sha256", "iscc", "findings",
)  # fmt: skip
_ROWS_AT_ONCE: Final = 10_000
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What spreadsheets take for the beginning of a formula."""


def export(output: Path, form: str) -> Path:
    """Writes all lines of an audit into one file beside its parts, whole or not at all.

    Args:
        output: the audit's folder.
        form: `csv`, `sqlite` or `parquet`.

    Raises:
        UsageError: Parquet, and pyarrow is not installed.
        OutputError: the file cannot be written.
    """
    path = output / f"audit.{form}"
    temporary = output / f".audit.{form}.tmp"
    with writing(path):
        try:
            WRITERS[form](temporary, _rows(output))
            with temporary.open("rb+") as stream:
                os.fsync(stream.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    return path


def _rows(output: Path) -> Iterator[list[str]]:
    for text in folder.lines(output):
        yield row(json.loads(text))


def row(line: Mapping[str, Any]) -> list[str]:
    """The values of `COLUMNS`, as text that is fit for any program: control characters are spelt out."""
    counted = dimensions(line)
    flat = {
        **line,
        "standing": ", ".join(counted["standing"]),
        "codes": ", ".join(counted["code"]),
        "year": "".join(counted.get("year", ())),
        "text": "yes" if line.get("text") else "no",
        "findings": "; ".join(f"{item['code']} {item['message']}" for item in line["findings"]),
    }
    return [printable(str(flat.get(name) or "")) for name in COLUMNS]


def _csv(path: Path, rows: Iterator[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for values in rows:
            writer.writerow([f"'{value}" if value.startswith(_FORMULA) else value for value in values])


def _sqlite(path: Path, rows: Iterator[list[str]]) -> None:
    path.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as base:
            base.execute("pragma journal_mode=off")
            base.execute(f"create table files ({', '.join(f'{name} text' for name in COLUMNS)})")
            base.execute("begin")
            marks = ", ".join("?" * len(COLUMNS))
            base.executemany(f"insert into files values ({marks})", rows)  # noqa: S608  marks alone
            base.execute("commit")
            for name in ("verdict", "number", "file"):
                base.execute(f"create index by_{name} on files ({name})")
    except sqlite3.OperationalError as error:  # a full disk, most of all
        raise OSError(None, str(error)) from error


def _parquet(path: Path, rows: Iterator[list[str]]) -> None:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise UsageError("--format parquet needs pyarrow", hint="pip install 'pithtex[parquet]'") from error
    schema = pyarrow.schema([(name, pyarrow.string()) for name in COLUMNS])
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        while chunk := list(islice(rows, _ROWS_AT_ONCE)):
            columns = [pyarrow.array(values, pyarrow.string()) for values in zip(*chunk, strict=True)]
            writer.write_table(pyarrow.Table.from_arrays(columns, schema=schema))


WRITERS: Final[Mapping[str, Callable[[Path, Iterator[list[str]]], None]]] = {
    "csv": _csv,
    "sqlite": _sqlite,
    "parquet": _parquet,
}
