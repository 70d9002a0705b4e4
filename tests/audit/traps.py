"""Files that end, block or bloat the process that judges them: markers in a PDF, and what springs at them."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

TRAP = "tests.audit.traps:spring"


def spring(data: bytes) -> None:
    """What `Setup.trap` calls before a file is judged: in C, where nothing of Python helps."""
    kind = data.rpartition(b"\n%trap ")[2].strip().decode("latin-1") if b"\n%trap " in data[-400:] else ""
    word, _, rest = kind.partition(" ")
    if word:
        _TRAPS[word](rest)


def _hang(_: str) -> None:
    ctypes.CDLL(None).usleep(ctypes.c_uint(60_000_000))
    os.kill(os.getpid(), signal.SIGSTOP)


def _lie(_: str) -> None:
    os.write(3, b"R {not a line}\n")
    os._exit(0)


def _count(path: str) -> None:
    with Path(path).open("a") as stream:
        stream.write("x")


def _remove(folder: str) -> None:
    for path in Path(folder).glob("*.pdf"):
        path.unlink()


def _change(folder: str) -> None:
    for path in Path(folder).glob("*.pdf"):
        path.write_bytes(b"changed")


def _error(_: str) -> None:
    raise RuntimeError("a fault of ours")


def _once(path: str) -> None:
    if _first_time(path):
        ctypes.string_at(0)


_TRAPS: Final[dict[str, Callable[[str], object]]] = {
    "segfault": lambda _: ctypes.string_at(0),
    "once": _once,
    "hang": _hang,
    "memory": lambda _: [bytearray(64 * 1024 * 1024) for _ in range(1000)],
    "exit": lambda _: os._exit(0),
    "lie": _lie,
    "count": _count,
    "remove": _remove,
    "change": _change,
    "sleep": lambda seconds: time.sleep(float(seconds)),
    "worker": lambda _: os.kill(os.getppid(), signal.SIGKILL),
    "error": _error,
}


def _first_time(path: str) -> bool:
    try:
        Path(path).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def trapped(pdf: bytes, kind: str) -> bytes:
    """A PDF with a trap behind its end."""
    return pdf + f"\n%trap {kind}\n".encode("latin-1")
