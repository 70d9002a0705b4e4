"""The folder of an audit's results: its lock, what it says of itself, and its lines.

audit.json     what was audited, and the totals
parts/         the lines
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pithtex.audit import parts
from pithtex.errors import UsageError
from pithtex.system.files import write_files, writing
from pithtex.text import shortened

ABOUT: Final = "audit.json"
_LOCK: Final = ".lock"


def about(folder: Path) -> dict[str, Any] | None:
    """What an audit says of itself; None where there is none, or one that was never finished.

    Raises:
        UsageError: the folder is not an audit's.
        OSError: it cannot be read.
    """
    try:
        document = json.loads((folder / ABOUT).read_bytes())
    except FileNotFoundError:
        return None
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or document.get("command") != "audit":
        raise UsageError(f"{shortened(str(folder))}: {ABOUT} is not that of an audit", hint="name another folder")
    return document


def write_about(folder: Path, document: dict[str, Any]) -> None:
    """Writes what the audit says of itself.

    Raises:
        OutputError: it cannot be written.
    """
    write_files({folder / ABOUT: (json.dumps(document, indent=1, ensure_ascii=True) + "\n").encode("ascii")})


def lines(folder: Path) -> Iterator[bytes]:
    """All lines of an audit.

    Raises:
        UsageError: there is no audit.
    """
    if not (folder / parts.FOLDER).is_dir():
        hint = "give the folder that pithtex audit -o wrote"
        raise UsageError(f"{shortened(str(folder))} is not the folder of an audit", hint=hint)
    for path in parts.parts(folder / parts.FOLDER):
        yield from (text for _, text in parts.keyed_lines(path))


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[Path]:
    """Makes the folder where it is not there, and keeps other audits out of it.

    Yields:
        The folder of the parts.

    Raises:
        OutputError: it cannot be written to.
        UsageError: another audit writes there, or something else lies there.
    """
    with writing(folder):
        if folder.exists() and not folder.is_dir():
            raise OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        folder.mkdir(exist_ok=True)
        strange = [name for name in os.listdir(folder) if name not in {ABOUT, _LOCK, parts.FOLDER}]
        if strange and not (folder / parts.FOLDER).is_dir():
            hint = "choose a new folder, or that of an earlier audit"
            raise UsageError(f"-o {shortened(str(folder))}: the folder has other files in it", hint=hint)
        (folder / parts.FOLDER).mkdir(exist_ok=True)
        descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _lock(descriptor, folder)
        parts.clean(folder)
        parts.clean(folder / parts.FOLDER)
        yield folder / parts.FOLDER
    finally:
        os.close(descriptor)


def _lock(descriptor: int, folder: Path) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        hint = "wait until it has finished; where a timer starts audits, the next run does the rest"
        raise UsageError(f"another audit is writing to {shortened(str(folder))}", hint=hint) from error
    except OSError:  # a file system without locks
        return
