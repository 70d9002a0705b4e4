"""A cluster of dask's as the engine: `Client.get_executor()` is a `concurrent.futures.Executor`.

What workers need is this package, the extras of the addresses that are read, and to see the same paths.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from pithtex.audit.engine import ExecutorEngine
from pithtex.catalogue import finding
from pithtex.errors import UnavailableError, UsageError
from pithtex.text import shortened

if TYPE_CHECKING:
    from pithtex.audit.engine import Engine
    from pithtex.findings import Finding

_CONNECT_SECONDS: Final = 30


@contextlib.contextmanager
def cluster(address: str) -> Iterator[Engine]:
    """The workers of a scheduler.

    Args:
        address: the scheduler's, as in `tcp://10.0.0.1:8786`.

    Raises:
        UsageError: dask is not installed.
        UnavailableError: the scheduler cannot be reached, or has no workers.
    """
    try:
        import distributed
    except ImportError as error:
        raise UsageError("--cluster needs dask", hint="pip install 'pithtex[cluster]'") from error
    dask: Any = distributed  # without type information of its functions
    try:
        client = dask.Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise UnavailableError(_failed(f"no dask scheduler answers at {shortened(address)}")) from error
    try:
        threads = sum(client.nthreads().values())
        if not threads:
            raise UnavailableError(_failed(f"the scheduler at {shortened(address)} has no workers"))
        # Not pure: two shards of equal inputs are two. A shard that was lost with its worker is tried again.
        engine = ExecutorEngine(lambda: client.get_executor(pure=False, retries=2), threads)
        try:
            yield engine
        finally:
            engine.stop()
    finally:
        with contextlib.suppress(Exception):  # a scheduler that is gone
            client.close(timeout=2)


def _failed(message: str) -> Finding:
    return finding(
        "engine-failed",
        message,
        hint="start a scheduler (dask scheduler) and workers (dask worker), and give the scheduler's address",
    )
