"""Many things at once, in threads that nobody waits for when the command is ended."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from typing import Final, TypeVar

_T = TypeVar("_T")

_GRACE_SECONDS: Final = 0.5
"""What a thread gets at the end, for the file that it may be writing."""


def in_threads(function: Callable[[str], _T], names: Sequence[str], jobs: int) -> Iterator[_T]:
    """What the function makes of each name, in the names' order; so many at once.

    A `ThreadPoolExecutor` would wait, after Ctrl-C too, for every reply that a thread is waiting for.
    """
    work: queue.SimpleQueue[tuple[str, Future[_T]]] = queue.SimpleQueue()
    futures: list[Future[_T]] = []
    for name in names:
        futures.append(Future())
        work.put((name, futures[-1]))
    threads = [threading.Thread(target=_work, args=(function, work), daemon=True) for _ in names[:jobs]]
    for thread in threads:
        thread.start()
    try:
        for future in futures:
            yield future.result()
    finally:
        with contextlib.suppress(queue.Empty):
            while True:
                work.get_nowait()
        until = time.monotonic() + _GRACE_SECONDS
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))


def _work(function: Callable[[str], _T], work: queue.SimpleQueue[tuple[str, Future[_T]]]) -> None:
    with contextlib.suppress(queue.Empty):
        while True:
            name, future = work.get_nowait()
            try:
                future.set_result(function(name))
            except BaseException as error:  # noqa: BLE001 - it is raised where the result is asked for
                future.set_exception(error)
