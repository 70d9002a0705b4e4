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
_R = TypeVar("_R")

_MOST: Final = 32
"""Threads that wait for replies at once."""

_GRACE_SECONDS: Final = 0.5
"""What a thread gets at the end, for the file that it may be writing."""


def at_once(function: Callable[[_T], _R], items: Sequence[_T]) -> list[_R]:
    """Returns what the function makes of each item, in their order: of several, `_MOST` at a time."""
    if len(items) < 2:
        return [function(item) for item in items]
    return list(in_threads(function, items, _MOST))


def in_threads(function: Callable[[_T], _R], items: Sequence[_T], jobs: int) -> Iterator[_R]:
    """Yields what the function makes of each item, in their order; so many at once.

    A `ThreadPoolExecutor` would wait, after Ctrl-C too, for every reply that a thread is waiting for.
    """
    work: queue.SimpleQueue[tuple[_T, Future[_R]]] = queue.SimpleQueue()
    futures: list[Future[_R]] = []
    for item in items:
        futures.append(Future())
        work.put((item, futures[-1]))
    threads = [threading.Thread(target=_work, args=(function, work), daemon=True) for _ in items[:jobs]]
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


def _work(function: Callable[[_T], _R], work: queue.SimpleQueue[tuple[_T, Future[_R]]]) -> None:
    with contextlib.suppress(queue.Empty):
        while True:
            item, future = work.get_nowait()
            try:
                future.set_result(function(item))
            except BaseException as error:  # noqa: BLE001 - it is raised where the result is asked for
                future.set_exception(error)
