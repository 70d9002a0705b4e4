"""Makes the client and the mirrors of one run when they are first needed, and never offline."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pithtex.errors import PithError
from pithtex.format.keys import Keyring

if TYPE_CHECKING:
    from pithtex.resolution.mirrors.client import Client
    from pithtex.resolution.mirrors.host import Host

OFFLINE_VARIABLE: Final = "PITHTEX_OFFLINE"
"""Set to anything but 0 and nothing: no command opens a socket."""


def offline_by_environment() -> bool:
    """Tells whether PITHTEX_OFFLINE forbids the network."""
    return os.environ.get(OFFLINE_VARIABLE, "0") not in {"", "0"}


class Network:
    """The mirrors that are asked, and what they are asked with.

    Args:
        mirrors: as of `--mirror`; empty for the configured ones.
        keyring: the keys to trust.
        cache: the folder of the HTTP cache.
        jobs: how many threads ask at once.
        reply_seconds: how long one reply may take; None for the usual.
    """

    def __init__(
        self,
        mirrors: Sequence[str],
        keyring: Keyring,
        *,
        cache: Path,
        jobs: int = 1,
        reply_seconds: float | None = None,
    ) -> None:
        self._mirrors = mirrors
        self._keyring = keyring
        self._cache = cache
        self._jobs = jobs
        self._reply_seconds = reply_seconds
        self._lock = threading.Lock()
        self._client: Client | None = None
        self._hosts: tuple[Host, ...] | PithError | None = None

    @property
    def client(self) -> Client:
        """Returns the client of this run."""
        if self._client is None:
            from pithtex.resolution.mirrors.client import REPLY_SECONDS, Client

            seconds = REPLY_SECONDS if self._reply_seconds is None else self._reply_seconds
            self._client = Client(cache=self._cache, connections=max(self._jobs, 4), reply_seconds=seconds)
        return self._client

    def hosts(self) -> tuple[Host, ...]:
        """Returns the mirrors, the same objects each time, so that threads share what they learn of them.

        Raises:
            PithError: they cannot be told; the same error each time.
        """
        with self._lock:
            if self._hosts is None:
                from pithtex.resolution.mirrors.host import Host
                from pithtex.resolution.mirrors.manifest import choose_mirrors

                try:
                    mirrors = choose_mirrors(self._mirrors, self.client)
                    self._hosts = tuple(Host(mirror, self.client, self._keyring, why) for mirror, why in mirrors)
                except PithError as error:
                    self._hosts = error
        if isinstance(self._hosts, PithError):
            raise self._hosts
        return self._hosts
