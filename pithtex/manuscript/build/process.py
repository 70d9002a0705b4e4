"""Runs the programs of a build: each for so long and writing so much at most; nothing of it is left running."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pithtex.limits import MAX_BUILD_BYTES, MAX_BUILD_FILE_BYTES, MAX_BUILD_MEMORY
from pithtex.structs import struct

_OUTPUT_BYTES: Final = 64 * 1024
"""How much of what a program prints is kept."""

_LOOK_SECONDS: Final = 0.5
"""How often the size of what was written is looked at."""

# The limits of POSIX' ulimit, set by the shell that then becomes the program: a function of ours between fork and exec
# could deadlock beside threads. Files count in blocks of 512 bytes, memory in KiB; macOS knows no limit on memory.
_LIMITED: Final = 'ulimit -c 0; ulimit -f "$1"; ulimit -t "$2"; ulimit -v "$3" 2>/dev/null || :; shift 3; exec "$@"'
_XFSZ: Final = -25
_XCPU: Final = -24
"""How the shell's limits end a program: SIGXFSZ and SIGXCPU, which have these numbers on Linux and macOS."""


@struct
class Ran:
    """What became of one program."""

    code: int
    """Its exit code; negative where a signal ended it."""
    seconds: float
    """By the clock."""
    output: str
    """The first of what it printed, to stdout and stderr."""
    stopped: str | None = None
    """Why it was ended here: `time` or `size`."""


def run_limited(command: Sequence[str], *, folder: Path, environment: Mapping[str, str], seconds: float) -> Ran:
    """Runs a program until it ends, or until it takes too long or writes too much.

    It has its own session, which is ended whole, also when this process is interrupted.

    Args:
        command: the program and its arguments; nothing of them is read by a shell.
        folder: where it runs; the folder above is where all of the build's files are, which is what is measured.
        environment: all of its environment.
        seconds: what it may take, by the clock.

    Raises:
        OSError: there is no such program.
    """
    started = time.monotonic()
    with tempfile.TemporaryFile(dir=folder.parent) as output:
        process: subprocess.Popen[bytes] | None = None
        mask = _hold_signals()
        try:
            process = subprocess.Popen(  # noqa: S603 - the programs are those of a build, the arguments made there
                _limited(command, seconds),
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            _release_signals(mask)
            stopped = _wait(process, folder.parent, started + seconds)
        finally:
            if process is not None:
                _end(process)
            _release_signals(mask)
        output.seek(0)
        printed = output.read(_OUTPUT_BYTES).decode("utf-8", "replace")
    if stopped is None:
        stopped = {_XFSZ: "size", _XCPU: "time"}.get(process.returncode)
    spent = time.monotonic() - started
    return Ran(code=process.returncode, seconds=spent, output=printed, stopped=stopped)


def _hold_signals() -> set[Any]:
    """Has signals wait: one that came between a program's start and our knowing of it would leave it running.

    The program starts with them held, too, and is ended by SIGKILL alone.
    """
    if os.name != "posix":
        return set()
    return signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})


def _release_signals(mask: set[Any]) -> None:
    """Back to the mask from before; what came meanwhile is raised here."""
    if os.name == "posix":
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _limited(command: Sequence[str], seconds: float) -> list[str]:
    if os.name != "posix":  # Windows has none of these limits: the ones on time and on all that is written are left
        return list(command)
    limits = (MAX_BUILD_FILE_BYTES // 512, int(seconds) + 5, MAX_BUILD_MEMORY // 1024)
    return ["/bin/sh", "-c", _LIMITED, "sh", *(str(limit) for limit in limits), *command]


def _wait(process: subprocess.Popen[bytes], place: Path, until: float) -> str | None:
    """Waits; why it gave up, if it did."""
    while True:
        left = until - time.monotonic()
        try:
            process.wait(timeout=max(0.0, min(left, _LOOK_SECONDS)))
        except subprocess.TimeoutExpired:
            if left <= _LOOK_SECONDS and time.monotonic() >= until:
                return "time"
            if _size(place) > MAX_BUILD_BYTES:
                return "size"
        else:
            return None


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the program and all that it started."""
    if process.poll() is not None:
        return
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def _size(place: Path) -> int:
    """Bytes of all files below; one that goes away meanwhile counts nothing."""
    total = 0
    for folder, _, names in os.walk(place):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(folder, name)).st_size
    return total
