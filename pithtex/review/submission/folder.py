"""The files of a paper's folder, read within bounds, and never from outside of it."""

from __future__ import annotations

import os
from pathlib import Path


def is_inside(path: Path, root: Path) -> bool:
    """Tells whether the file itself lies in the paper's folder, where a link leads to it."""
    try:
        return path.resolve().is_relative_to(root)
    except (OSError, RuntimeError):
        return False


def read_at_most(path: Path, limit: int, *, cut: bool = False) -> bytes | None:
    """Returns the file's bytes; None if it is not a file, cannot be read, or is too large and may not be cut."""
    try:
        if not path.is_file():
            return None
        with path.open("rb") as stream:
            data = stream.read(limit + 1)
    except (OSError, ValueError):
        return None
    if len(data) <= limit:
        return data
    return data[:limit] if cut else None


def shown_folder(paper: str) -> Path:
    """Returns the folder of the paper as its path is shown: relative, where the user gave it so."""
    path = Path(paper)
    return path if path.is_dir() else Path(os.path.relpath(path.parent)) if not path.is_absolute() else path.parent
