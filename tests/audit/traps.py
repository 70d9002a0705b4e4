"""Files that end, block or bloat the process that judges them: markers in a PDF, and what springs at them."""

from __future__ import annotations

import ctypes
import os
import signal
from pathlib import Path

TRAP = "tests.audit.traps:spring"


def spring(data: bytes) -> None:
    """What `Setup.trap` calls before a file is judged: in C, where nothing of Python helps."""
    kind = data.rpartition(b"\n%trap ")[2].strip().decode("latin-1") if b"\n%trap " in data[-400:] else ""
    word, _, rest = kind.partition(" ")
    if word == "segfault" or (word == "once" and _first_time(rest)):
        ctypes.string_at(0)
    elif word == "hang":
        ctypes.CDLL(None).usleep(ctypes.c_uint(60_000_000))
        os.kill(os.getpid(), signal.SIGSTOP)
    elif word == "memory":
        hoard = [bytearray(64 * 1024 * 1024) for _ in range(1000)]
        del hoard
    elif word == "exit":
        os._exit(0)
    elif word == "lie":
        os.write(3, b"R {not a line}\n")
        os._exit(0)
    elif word == "count":
        with Path(rest).open("a") as stream:
            stream.write("x")
    elif word == "worker":
        os.kill(os.getppid(), signal.SIGKILL)
    elif word == "error":
        raise RuntimeError("a fault of ours")


def _first_time(path: str) -> bool:
    try:
        Path(path).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def trapped(pdf: bytes, kind: str) -> bytes:
    """A PDF with a trap behind its end."""
    return pdf + f"\n%trap {kind}\n".encode("latin-1")
