"""The check's configuration: `[tool.pithtex]` in pyproject.toml, or `.pithtex.toml`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pithtex.errors import UsageError
from pithtex.structs import struct
from pithtex.text import did_you_mean, shortened

_MAX_BYTES: Final = 1024 * 1024
"""A pyproject.toml. Large ones have some ten thousand bytes."""
_TEXTS: Final = ("main", "expect")
_LISTS: Final = ("record", "cited", "select", "ignore")
"""No keys to trust: the file comes with the paper, which may be a stranger's (docs/reference/keys.md)."""
_FLAGS: Final = ("require",)
KEYS: Final = (*_TEXTS, *_LISTS, *_FLAGS)


@struct
class Config:
    """What a file of configuration says; an option on the command line goes before it."""

    file: Path | None = None
    main: str | None = None
    """The main file, relative to the file's folder, as all paths here."""
    expect: str | None = None
    record: tuple[str, ...] = ()
    cited: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    require: bool = False

    def path(self, name: str) -> str:
        """Returns a path of the file as a path from here."""
        return name if self.file is None else str(self.file.parent / name)


def find_config(folder: Path) -> Config:
    """Returns the configuration for a folder: its own, or that of the nearest folder above that has one.

    The search ends at the root of a repository. `.pithtex.toml` goes before pyproject.toml.

    Raises:
        UsageError: a file is not TOML, or has a key or value that is not known.
        OSError: a file cannot be read.
    """
    start = Path(os.path.realpath(folder))  # Path.resolve fails where links lead round in a circle
    for place in (start, *start.parents):
        for name in (".pithtex.toml", "pyproject.toml"):
            path = place / name
            if path.is_file():
                table = _table(path)
                if table is not None:
                    return _config(path, table)
        if (place / ".git").exists():
            break
    return Config()


def _table(path: Path) -> Mapping[str, object] | None:
    import tomllib

    with path.open("rb") as stream:
        data = stream.read(_MAX_BYTES + 1)
    if len(data) > _MAX_BYTES:
        raise UsageError(f"{path}: larger than {_MAX_BYTES} bytes", rule="malformed-document")
    try:
        document = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        if path.name == "pyproject.toml" and b"pithtex" not in data:
            return None  # somebody else's fault to find
        raise UsageError(f"{path}: not TOML: {error}", rule="malformed-document") from error
    if path.name == "pyproject.toml":
        tool = document.get("tool")
        table = tool.get("pithtex") if isinstance(tool, dict) else None
        return table if isinstance(table, dict) else None
    return document


def _config(path: Path, table: Mapping[str, object]) -> Config:
    values: dict[str, object] = {}
    for key, value in table.items():
        if (key in _TEXTS and isinstance(value, str)) or (key in _FLAGS and isinstance(value, bool)):
            values[key] = value
        elif key in _LISTS:
            items = [value] if isinstance(value, str) else value
            if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
                raise UsageError(f"{path}: {key}: a list of texts is needed")
            values[key] = tuple(items)
        elif key in KEYS:
            raise UsageError(f"{path}: {key}: {'true or false' if key in _FLAGS else 'a text'} is needed")
        else:
            meant = did_you_mean(key, KEYS)
            raise UsageError(f"{path}: unknown key {shortened(key)!r}{meant}", hint=f"known keys: {', '.join(KEYS)}")
    return Config(file=path, **values)  # type: ignore[arg-type]
