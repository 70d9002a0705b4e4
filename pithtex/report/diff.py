"""Shows changes to files, to people and as replacements."""

from __future__ import annotations

import difflib
from pathlib import Path

from pithtex.findings import Replacement
from pithtex.text import printable


def diff_lines(path: Path, before: bytes | None, after: bytes | None) -> list[str]:
    """Returns the change as a unified diff; for a package, which nobody reads, only that it changes.

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


def replacement(name: str, before: bytes, after: bytes) -> Replacement:
    """Returns the change of a text file as one replacement: from the first character that differs to the last."""
    old, new = _text(before), _text(after)
    start = _alike(old, new)
    same = _alike(old[start:][::-1], new[start:][::-1])
    line, column = _place(old, start)
    end_line, end_column = _place(old, len(old) - same)
    text = new[start : len(new) - same]
    return Replacement(file=name, line=line, column=column, end_line=end_line, end_column=end_column, text=text)


def _alike(one: str, other: str) -> int:
    """Returns how many characters both have in common at the beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (first, second) in pairs if first != second), min(len(one), len(other)))


def _text(data: bytes) -> str:
    """Decodes a file's text. If it is not UTF-8, each byte is a character."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _place(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1
