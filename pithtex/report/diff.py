"""A change to a file, for people."""

from __future__ import annotations

import difflib
from pathlib import Path

from pithtex.text import printable


def diff_lines(path: Path, before: bytes | None, after: bytes | None) -> list[str]:
    """The change as a unified diff; of a package, which nobody reads, only that it changes.

    Args:
        path: the file.
        before: what it held; None where it is new.
        after: what it will hold; None where it is removed.
    """
    name = printable(path.name)
    if path.suffix == ".sty":
        what = "is removed" if after is None else f"{'is new' if before is None else 'is replaced'}, {len(after)} bytes"
        return [f"{name} {what}"]
    old, new = (_lines(data or b"") for data in (before, after))
    return [printable(line) for line in difflib.unified_diff(old, new, path.name, path.name, lineterm="", n=2)]


def _lines(data: bytes) -> list[str]:
    return data.decode("utf-8", "backslashreplace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
