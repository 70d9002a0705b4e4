"""A call that is made in a copy of this process, which may be ended: C code that computes listens to nobody."""

from __future__ import annotations

import contextlib
import math
import os
import select
import signal
import struct
import warnings
from collections.abc import Callable
from typing import Final, NoReturn

from pithtex.limits import MAX_ANSWER_BYTES, MAX_CHECK_MEMORY
from pithtex.system.signals import leave_to_parent

_PATIENCE: Final = 20.0
"""Of the seconds of computing: a process that has not answered by then, by the clock on the wall, never will."""
_LENGTH: Final = struct.Struct(">Q")
"""In front of an answer, which may end early."""


def apart(call: Callable[[], bytes], seconds: float) -> bytes | None:
    """Returns what a call returns, made in a copy of this process.

    Bytes and nothing else come back: whoever takes over the copy has no more than what is made of them here. Where a
    process cannot be copied (Windows), the call is made in this one, without a bound.

    Args:
        call: it raises nothing that anybody waits for.
        seconds: of computing, after which it is ended; its memory is bounded by `MAX_CHECK_MEMORY`, too.

    Returns:
        What the call returns, at most `MAX_ANSWER_BYTES`; None if it was ended, or ended its process.
    """
    if not hasattr(os, "fork"):
        return call()
    ours, theirs = os.pipe()
    with warnings.catch_warnings():
        # Other threads are not copied; the call is of C code that waits for none of them.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        _answer(call, theirs, seconds)
    os.close(theirs)
    try:
        with open(ours, "rb") as pipe:
            waiting = select.poll()
            waiting.register(pipe, select.POLLIN)
            answer = pipe.read(_LENGTH.size + MAX_ANSWER_BYTES) if waiting.poll(1000 * _PATIENCE * seconds) else b""
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    head, body = answer[: _LENGTH.size], answer[_LENGTH.size :]
    return body if head == _LENGTH.pack(len(body)) else None


def _limit(seconds: float) -> None:
    import resource

    bounds = {resource.RLIMIT_CPU: math.ceil(seconds), resource.RLIMIT_CORE: 0}
    with contextlib.suppress(OSError), open("/proc/self/statm", "rb") as stream:  # of Linux alone
        bounds[resource.RLIMIT_AS] = int(stream.read().split()[0]) * resource.getpagesize() + MAX_CHECK_MEMORY
    for kind, bound in bounds.items():
        hard = resource.getrlimit(kind)[1]
        soft = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(kind, (soft, hard))


def _answer(call: Callable[[], bytes], pipe: int, seconds: float) -> NoReturn:
    """The copy: computes, answers, and ends without a word."""
    try:
        leave_to_parent()
        _limit(seconds)
        answer = call()
        with open(pipe, "wb") as stream:
            stream.write(_LENGTH.pack(len(answer)) + answer)
    finally:
        os._exit(0)
