"""Several workers at once: each checks one PDF, and whoever is done gets the next."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from pithtex.errors import PithError
from pithtex.limits import MAX_CHECK_MEMORY, MAX_CHECK_SECONDS
from pithtex.pdf.judgement.verdict import Verdict
from pithtex.pdf.worker import Worker
from pithtex.structs import NamedTuple

if TYPE_CHECKING:
    from pithtex.pdf.options import CheckOptions

_T = TypeVar("_T")


class _Task(NamedTuple):
    worker: Worker
    what: Any
    until: float


class Crew:
    """So many workers; use it in a `with` statement, which ends them at once."""

    def __init__(self, count: int, *, seconds: float = MAX_CHECK_SECONDS, memory: int = MAX_CHECK_MEMORY) -> None:
        """Starts them.

        Args:
            count: how many.
            seconds: what the check of one file may take, by the clock on the wall.
            memory: bytes of address space of each.
        """
        self._seconds = seconds
        self._workers = [Worker(seconds=seconds, memory=memory) for _ in range(count)]

    def __enter__(self) -> Self:
        for worker in self._workers:
            worker.launch()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.end()

    def check(
        self, tasks: Iterable[tuple[_T, bytes | str]], options: CheckOptions
    ) -> Iterator[tuple[_T, Verdict | PithError | OSError]]:
        """Checks PDFs, and gives what came of each as soon as that is known, in any order.

        Args:
            tasks: what each is told by, and its path or its bytes. They are taken one by one, as workers get free.
            options: as of `check_pdf`.

        Yields:
            What the file is told by, and the verdict, or what would be raised.
        """
        idle = list(self._workers)
        busy: dict[Connection[Any, Any], _Task] = {}
        for what, source in tasks:
            worker = idle.pop()
            busy[worker.ask(source, **options)] = _Task(worker, what, time.monotonic() + self._seconds)
            if not idle:
                yield from self._some(busy, idle)
        while busy:
            yield from self._some(busy, idle)

    def _some(
        self, busy: dict[Connection[Any, Any], _Task], idle: list[Worker]
    ) -> Iterator[tuple[Any, Verdict | PithError | OSError]]:
        """Waits until at least one file is done, or took too long."""
        now = time.monotonic()
        first = min(task.until for task in busy.values())
        ready = wait(list(busy), max(0.0, first - now))
        now = time.monotonic()
        for connection in [each for each, task in busy.items() if each in ready or task.until <= now]:
            task = busy.pop(connection)
            idle.append(task.worker)
            try:
                yield task.what, task.worker.result(0)
            except (PithError, OSError) as error:
                yield task.what, error
