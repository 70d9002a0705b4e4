"""What asks this process to end: what was begun is cleaned up first, and no such signal is lost.

A handler that raises is of no use where nobody is left to catch: in a function that C code calls back, in a finalizer,
in the callback of a weak reference; and a library that is being imported takes what is raised for a fault of its own,
or aborts. So code that is called back from C runs under `noted`; and after `listen`, what was lost in any other place
is raised again, and an import is waited for.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any, Final

_POSIX: Final = os.name == "posix"
_ENDING: Final = (signal.SIGTERM, signal.SIGHUP) if _POSIX else ()
_ASKING: Final = (signal.SIGINT, *_ENDING)
_WAITING: Final = (*_ASKING, *((signal.SIGALRM,) if _POSIX else ()))
_AGAIN_SECONDS: Final = 0.02
_asked: list[int] = []
_noting: list[list[int]] = []


@contextlib.contextmanager
def ending_cleanly() -> Iterator[None]:
    """Inside, what asks this process to end is raised as `SystemExit`, so that what was begun is cleaned up.

    Python does so for SIGINT alone; a cancelled job of a CI service gets SIGTERM, a closed terminal sends SIGHUP.
    """
    signals = _heard(signal.SIG_DFL, _ENDING)
    try:
        yield
    finally:
        for each in signals:
            signal.signal(each, signal.SIG_DFL)


def listen() -> None:
    """From now on, in a process that is the caller's own, all that asks it to end is raised as `SystemExit`.

    Its code is 128 and the signal's number; for SIGINT, too, since Python ends with that signal where it once raised
    `KeyboardInterrupt` in what `exec` runs, caught or not. What is ignored, as by `nohup`, stays ignored.
    """
    _heard(signal.SIG_DFL, _ENDING)
    _heard(signal.default_int_handler, (signal.SIGINT,))
    if _POSIX:
        signal.signal(signal.SIGALRM, _insist)
        sys.unraisablehook = _unraisable


def asked() -> int:
    """Returns the signal that asked this process to end since it began to listen, or 0."""
    return _asked[0] if _asked else 0


def deafen() -> None:
    """From now on nothing stops this process, which ends by itself at once, with the exit code that it has."""
    for each in _ASKING:
        signal.signal(each, signal.SIG_IGN)
    if _POSIX:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_IGN)


@contextlib.contextmanager
def noted() -> Iterator[list[int]]:
    """Inside, signals are noted and nothing is raised: for what calls Python back from C. They are raised at the end.

    Yields:
        The signals that came, for the callback to look at: where there are any, it ends the call as soon as it can.
    """
    came: list[int] = []
    if threading.current_thread() is not threading.main_thread():  # which alone is told of signals
        yield came
        return
    handlers = {each: handler for each in _ASKING if callable(handler := signal.getsignal(each))}
    others = {each: handler for each, handler in handlers.items() if handler is not _leave}
    _noting.append(came)
    for each in others:
        signal.signal(each, lambda number, _: came.append(number))
    try:
        yield came
    finally:
        for each, handler in others.items():
            signal.signal(each, handler)
        _noting.remove(came)
        for number in came[:1]:
            signal.raise_signal(number)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Inside, signals wait; a process that is started here has them wait until `leave_to_parent`."""
    if os.name != "posix":
        yield
        return
    # What multiprocessing starts first, once, lets signals in again.
    from multiprocessing.resource_tracker import ensure_running

    ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _WAITING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def leave_to_parent() -> None:
    """In a process that its parent ends: it does not mind Ctrl-C, and is ended at once by all else."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if os.name == "posix":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _WAITING)


def _heard(handler: Any, numbers: tuple[signal.Signals, ...]) -> list[signal.Signals]:
    """Raises at those of the signals that have this handler now; which those are."""
    signals = [each for each in numbers if signal.getsignal(each) is handler]
    try:
        for each in signals:
            signal.signal(each, _leave)
    except ValueError:  # not the main thread, which alone is told of signals
        return []
    return signals


def _leave(number: int, frame: FrameType | None) -> None:
    if _noting:
        _noting[-1].append(number)
        return
    for each in _ENDING:  # once is enough: a second one would end the cleaning up
        if signal.getsignal(each) is _leave:
            signal.signal(each, signal.SIG_IGN)
    if _POSIX and signal.getsignal(signal.SIGALRM) is _insist:
        _asked.append(number)
        signal.setitimer(signal.ITIMER_REAL, _AGAIN_SECONDS, _AGAIN_SECONDS)
        if _imports(frame):
            return
    raise SystemExit(128 + number)


def _insist(_number: int, frame: FrameType | None) -> None:
    """Raises again what was raised before, unless it is on its way, and something is being cleaned up."""
    error = sys.exc_info()[1]
    while error is not None and not isinstance(error, SystemExit):
        error = error.__cause__ or error.__context__
    if error is None and not _noting and not _imports(frame):
        raise SystemExit(128 + _asked[0])


def _imports(frame: FrameType | None) -> bool:
    """Tells whether a module is being imported in this frame, or in one that called it."""
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _unraisable(lost: sys.UnraisableHookArgs) -> None:
    """Says what was raised where nobody could catch it, as Python does; but for that of a signal, which comes again."""
    if not isinstance(lost.exc_value, SystemExit):
        sys.__unraisablehook__(lost)
