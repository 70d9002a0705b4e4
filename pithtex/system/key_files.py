"""The keys that the user trusts, read from files (docs/reference/keys.md)."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pithtex.errors import MalformedError, UsageError
from pithtex.format.keys import PINNED_KEY, Key, Keyring
from pithtex.limits import MAX_KEY_FILE_BYTES
from pithtex.patterns import pattern
from pithtex.system.details import detail
from pithtex.system.files import open_file

KEYS_VARIABLE: Final = "PITHTEX_KEYS"
"""Key files, separated as in PATH."""

_CONFIGURED: Final = "configuration"
"""How the origin of a key begins that lies in the configuration folder."""

_KEY: Final = pattern(r"(?:(?P<id>[A-Za-z0-9-]{1,40})[ \t]*[= \t][ \t]*)?(?P<key>[0-9a-fA-F]{64}|[0-9A-Za-z+/]{43}=)")
"""A key where the name of a file is expected."""
_WHICH_ID: Final = ", with the key_id that the receipts name for ID"

FOLDER_VARIABLE: Final = "PITHTEX_CONFIG_DIR"
"""The configuration folder, in place of the platform's own."""


def load_keyring(extra: Sequence[str] = ()) -> Keyring:
    """Returns the pinned key, and what the user trusts beside it.

    Keys that have expired by this machine's clock prove nothing. The order: the pinned key, `extra`, the files that
    PITHTEX_KEYS names, and in the configuration folder `keys.json` and `keys/*.json`. A key's origin names its file.

    Args:
        extra: paths of key files, as of `--key`.

    Raises:
        OSError: a file is named and not there, or cannot be read.
        UsageError: a file holds no keys or is of another kind, two sources give different keys for one id, or what is
            given is a key itself.
    """
    keys = [PINNED_KEY]
    for path, source in _sources(extra):
        keys += _read(path, source)
    return Keyring(keys, now=datetime.now(UTC))


def read_keys(path: str | os.PathLike[str]) -> tuple[Key, ...]:
    """Returns the keys of one file.

    Raises:
        OSError: it is not there, or cannot be read.
        UsageError: it holds no keys, or what is given is a key itself.
    """
    return _read(Path(path), "")


def config_folder() -> Path:
    """Returns the configuration folder: PITHTEX_CONFIG_DIR, or the platform's own (XDG_CONFIG_HOME on Linux)."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named:
        return Path(named)
    from platformdirs import user_config_path

    return user_config_path("pithtex", appauthor=False)


def _sources(extra: Sequence[str]) -> Iterator[tuple[Path, str]]:
    """Yields every key file, with how it came to be one."""
    for name in extra:
        yield Path(name), "--key"
    for name in os.environ.get(KEYS_VARIABLE, "").split(os.pathsep):
        if name:
            yield Path(name), KEYS_VARIABLE
    folder = config_folder()
    single = folder / "keys.json"
    if single.exists():
        yield single, _CONFIGURED
    # Not Path.glob, which passes over a folder it may not read: a revocation in it would be lost in silence.
    several = folder / "keys"
    for path in sorted(several.iterdir()) if several.is_dir() else ():
        if path.suffix == ".json" and not path.name.startswith("."):
            yield path, _CONFIGURED


def _read(path: Path, source: str) -> tuple[Key, ...]:
    from pithtex.format.key_files import parse_keys

    if source == _CONFIGURED and not path.is_file():  # nobody means a pipe there, which may never be written to
        raise OSError(errno.EINVAL, "not a file", str(path))
    detail("reading keys from %s (%s)", path, source)
    try:
        with open_file(path) as stream:
            data = stream.read(MAX_KEY_FILE_BYTES + 1)
    except FileNotFoundError:
        written = _KEY.fullmatch(str(path))
        if written is None:
            raise
        line = f"{written['id'] or 'ID'} {written['key']}"
        hint = f"write the line `{line}` into a file{_WHICH_ID if written['id'] is None else ''}, and give that file"
        raise UsageError(f"{source or path}: a key is given where a file of keys is expected", hint=hint) from None
    try:
        return parse_keys(data, f"{source} {path}".lstrip())
    except MalformedError as error:
        from pithtex.system.kinds import DOCUMENTS, Kind, refuse_other_kinds

        refuse_other_kinds(data, str(path), "a file of keys", {*DOCUMENTS, Kind.KEYS, Kind.TEXT, Kind.JSON})
        hint = error.hint or "write one key per line: ID KEY, with the key in hex or base64"
        raise UsageError(f"{source} {path}: {error}".lstrip(), hint=hint, rule=error.rule) from error
