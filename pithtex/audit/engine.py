"""Engines: a `concurrent.futures.Executor` runs shards of units, and this sees to it that none is lost with a worker.

In the window between what is sent and what is taken are a few shards a worker, however many files there are.
"""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ThreadPoolExecutor,
    wait,
)
from typing import Final, Protocol

from pithtex.audit import supervisor
from pithtex.audit.lines import unread
from pithtex.audit.supervisor import Judged, judge_units
from pithtex.audit.unit import Kind, Setup, Unit
from pithtex.catalogue import finding
from pithtex.errors import UnavailableError
from pithtex.limits import MAX_SHARD_BYTES, MAX_SHARD_UNITS

_A_WORKER: Final = 2
"""Shards in the window for each worker: one that is judged, and the next."""
_FIRST_UNITS: Final = 8
"""A shard's units at the beginning; each round has twice as many, so that few files keep all workers busy, too."""
_HEARTBEAT: Final = 0.2
"""Seconds until whoever waits looks up."""
_GRACE_SECONDS: Final = 0.5
"""What shards that were begun get at the end, to give back what is done of them."""


class Engine(Protocol):
    """Where shards are run."""

    jobs: int

    def submit(self, units: list[Unit], setup: Setup) -> Future[Judged]:
        """Has a shard judged."""

    def renew(self) -> None:
        """After a worker was lost: makes it ready for more."""

    def stop(self) -> None:
        """Ends at once what is being judged."""


class LocalEngine:
    """This machine: a thread for each job, which minds a cell of its own."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        supervisor.resume()
        self._executor = ThreadPoolExecutor(jobs, thread_name_prefix="audit")

    def submit(self, units: list[Unit], setup: Setup) -> Future[Judged]:
        """Has a shard judged."""
        return self._executor.submit(judge_units, units, setup)

    def renew(self) -> None:
        """Nothing is lost with a cell."""

    def stop(self) -> None:
        """Ends the cells; shards that were begun are given back with what is done of them."""
        self._executor.shutdown(wait=False, cancel_futures=True)
        supervisor.stop()


class ExecutorEngine:
    """Any other executor: `make` gives one, and another one after it broke."""

    def __init__(self, make: Callable[[], Executor], jobs: int) -> None:
        self.jobs = jobs
        self._make = make
        self._executor = make()
        self._futures: set[Future[Judged]] = set()

    def submit(self, units: list[Unit], setup: Setup) -> Future[Judged]:
        """Has a shard judged."""
        try:
            future = self._executor.submit(judge_units, units, setup)
        except BrokenExecutor:
            self.renew()
            future = self._executor.submit(judge_units, units, setup)
        self._futures.add(future)
        future.add_done_callback(self._futures.discard)
        return future

    def renew(self) -> None:
        """Makes another executor, where this one is a pool of processes that broke."""
        try:
            self._executor.submit(int).cancel()
        except BrokenExecutor:
            self._executor = self._make()

    def stop(self) -> None:
        """Cancels what was sent. `cancel_futures` is not asked for, since not every executor knows it."""
        for future in list(self._futures):
            future.cancel()
        with contextlib.suppress(Exception):
            self._executor.shutdown(wait=False)


@contextlib.contextmanager
def local(jobs: int) -> Iterator[Engine]:
    """This machine, with so many jobs."""
    engine = LocalEngine(jobs)
    try:
        yield engine
    finally:
        engine.stop()


def shards(units: Iterator[Unit], jobs: int) -> Iterator[list[Unit]]:
    """The units in shards: few at first, bounded in number and in bytes; an archive is one of its own."""
    shard: list[Unit] = []
    size, most, round_left = 0, _FIRST_UNITS, jobs
    for unit in units:
        if unit.kind is Kind.ARCHIVE:
            yield [unit]
            continue
        shard.append(unit)
        size += unit.size
        if len(shard) >= most or size >= MAX_SHARD_BYTES:
            yield shard
            shard, size, round_left = [], 0, round_left - 1
            if not round_left:
                most, round_left = min(2 * most, MAX_SHARD_UNITS), jobs
    if shard:
        yield shard


class Watch(Protocol):
    """Whoever has units judged."""

    def take(self, units: list[Unit], judged: Judged) -> None:
        """Is given one shard after the other, as they are done, and what came of it."""

    def missing(self, unit: Unit) -> Unit | None:
        """What has no verdict from before of a piece of an archive; None if nothing."""

    def tick(self) -> None:
        """Is called several times a second."""


def run(engine: Engine, units: Iterator[Unit], setup: Setup, watch: Watch) -> None:
    """Has all units judged. Whatever ends it, the engine is stopped, and what was done is taken.

    Args:
        engine: where.
        units: what.
        setup: how.
        watch: who is told.

    Raises:
        UnavailableError: the engine does not work, or is gone.
    """
    waiting = shards(units, engine.jobs)
    pieces: deque[Unit] = deque()  # of archives that were begun: they come first, so that few are open at a time
    window: dict[Future[Judged], list[Unit]] = {}
    more = True
    try:
        while more or window or pieces:
            while (more or pieces) and len(window) < _A_WORKER * engine.jobs:
                shard = [pieces.popleft()] if pieces else next(waiting, None)
                if shard is None:
                    more = False
                else:
                    window[engine.submit(shard, setup)] = shard
            done, _ = wait(window, timeout=_HEARTBEAT, return_when=FIRST_COMPLETED)
            for future in done:
                judged = _result(future)
                shard = window.pop(future)
                if judged is None:
                    while wait(window, timeout=_HEARTBEAT).not_done:  # or what ends a worker there was put down to this
                        watch.tick()
                    judged = _halved(engine, shard, setup, watch.tick)
                watch.take(shard, judged)
                pieces.extend(filter(None, map(watch.missing, judged.more)))
            watch.tick()
    except BaseException:
        _end(engine, window, watch)
        raise
    engine.stop()


def _end(engine: Engine, window: dict[Future[Judged], list[Unit]], watch: Watch) -> None:
    """Ends all shards, and takes what is done of them."""
    engine.stop()
    finished, _ = wait(window, timeout=_GRACE_SECONDS)
    for future in finished:
        with contextlib.suppress(Exception, CancelledError):
            watch.take(window[future], future.result())


def _result(future: Future[Judged]) -> Judged | None:
    """What came of a shard; None where a worker was lost with it.

    Raises:
        UnavailableError: the engine does not work, or is gone.
    """
    try:
        return future.result()
    except BrokenExecutor:
        return None
    except (Exception, CancelledError) as error:
        if type(error).__name__ == "KilledWorker":  # dask's: several workers died of it
            return None
        message = f"the engine failed ({type(error).__name__}: {error}); finished results are kept"
        hint = "correct the cause, then run the same command again: it goes on from here"
        raise UnavailableError(finding("engine-failed", message, hint=hint)) from error


def _halved(engine: Engine, shard: list[Unit], setup: Setup, tick: Callable[[], None]) -> Judged:
    """What came of a shard that was lost with its worker: by halves until the file that ends it is found.

    Nothing else may be in flight: who of several ended a worker is not known.
    """
    engine.renew()
    future = engine.submit(shard, setup)
    while not wait([future], timeout=_HEARTBEAT).done:
        tick()
    judged = _result(future)
    if judged is not None:
        return judged
    if len(shard) == 1:
        item = finding("worker-crashed", "checking the file crashed its worker twice")
        return Judged([unread(shard[0], setup.fingerprint, item)], [], [])
    middle = len(shard) // 2
    halves = [_halved(engine, half, setup, tick) for half in (shard[:middle], shard[middle:])]
    return Judged(
        [line for half in halves for line in half.lines],
        [unit for half in halves for unit in half.rest],
        [unit for half in halves for unit in half.more],
    )
