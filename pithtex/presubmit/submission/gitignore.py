"""Whether a .gitignore leaves a file out: read here, since git itself runs what a repository's configuration names."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

_MAX_BYTES: Final = 256 * 1024
"""A .gitignore. Long ones have some hundreds of lines."""


def ignoring_lines(folder: Path, name: str) -> tuple[str, ...]:
    """The line that decides that a file of the folder is ignored, as `.gitignore: *.sty`; empty where it is not.

    The files of the folder and of those above it up to the repository's root are read, and of their patterns those
    without a slash, or with one at the beginning alone (gitignore(5)). The last line that matches decides.
    """
    folders = [folder]
    for parent in folder.parents:
        if (folders[-1] / ".git").exists():
            break
        folders.append(parent)
    else:
        folders = [folder]  # no repository: only what lies beside the paper can be meant
    found: str | None = None
    for place in reversed(folders):
        path = place / ".gitignore"
        for line in _lines(path):
            pattern = line.removeprefix("!")
            here = pattern.startswith("/")
            pattern = pattern.removeprefix("**/").lstrip("/")
            if "/" not in pattern and fnmatchcase(name, pattern) and (not here or place == folder):
                found = None if line.startswith("!") else f".gitignore: {line}"
    return () if found is None else (found,)


def _lines(path: Path) -> list[str]:
    try:
        if not path.is_file():
            return []
        with path.open("rb") as stream:
            data = stream.read(_MAX_BYTES)
    except OSError:
        return []
    lines = data.decode("utf-8", "replace").split("\n")
    return [line.rstrip() for line in lines if line.strip() and not line.startswith("#")]
