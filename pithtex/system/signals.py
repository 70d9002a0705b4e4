"""What asks this process to end: what was begun is cleaned up first."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from typing import Any


@contextlib.contextmanager
def ending_cleanly() -> Iterator[None]:
    """Inside, what asks this process to end is raised as `SystemExit`, so that what was begun is cleaned up.

    Python does so for SIGINT alone; a cancelled job of a CI service gets SIGTERM, a closed terminal sends SIGHUP.
    """
    signals = [] if os.name != "posix" else [signal.SIGTERM, signal.SIGHUP]
    signals = [each for each in signals if signal.getsignal(each) is signal.SIG_DFL]

    def leave(number: int, _frame: Any) -> None:
        for each in signals:  # once is enough: a second one would end the cleaning up
            signal.signal(each, signal.SIG_IGN)
        raise SystemExit(128 + number)

    try:
        for each in signals:
            signal.signal(each, leave)
    except ValueError:  # not the main thread, which alone is told of signals
        signals = []
    try:
        yield
    finally:
        for each in signals:
            signal.signal(each, signal.SIG_DFL)
