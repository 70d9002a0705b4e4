"""The project's own files: those that git knows or, in a source distribution, all but what is made."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
_MADE: Final = {".venv", "build", "dist", "site", "__pycache__", "PKG-INFO"}
_BINARY: Final = {".pdf", ".png", ".ttf", ".ots", ".eps", ".gz"}


def tracked() -> list[str]:
    """Names of the files, from the project's folder, in order."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
        return sorted(name for name in listed.decode().split("\0") if name and (ROOT / name).exists())
    return sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.is_file() and not _made(path))


def _made(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    return bool(_MADE & set(parts)) or any(part.endswith(("_cache", ".hypothesis", ".egg-info")) for part in parts)


def texts() -> Iterator[Path]:
    """Those that are text: what an address can stand in."""
    for name in tracked():
        path = ROOT / name
        if path.suffix not in _BINARY and not name.startswith(("tests/", "LICENSES/")):
            yield path
