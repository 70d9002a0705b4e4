"""Makes one GET at a time: returns a reply of bounded size or raises an error that says what went wrong.

Nothing here looks into a document. Whoever calls parses and verifies what came before anyone sees it.
"""

from __future__ import annotations

import contextlib
import email.utils
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

import urllib3
from requests.utils import get_environ_proxies, select_proxy
from urllib3.response import BaseHTTPResponse

from pithtex import __version__
from pithtex.errors import MirrorDownError, UnavailableError
from pithtex.limits import MAX_BODY_BYTES, MAX_REDIRECTS
from pithtex.resolution.mirrors.addresses import (
    AddressError,
    host_of,
    is_loopback,
    is_private_literal,
    origin_of,
    without_user,
)
from pithtex.resolution.mirrors.cache import Cache, Kept
from pithtex.resolution.mirrors.faults import fault, translated
from pithtex.resolution.mirrors.transport import PrivateAddressError, RuledAdapter, wait_asked_for
from pithtex.structs import struct

CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 15.0
"""Without a byte. How long a whole reply may take is `reply_seconds`."""

REPLY_SECONDS: Final = 30.0

_HEADERS: Final = {
    "User-Agent": f"pithtex/{__version__}",
    "Accept": "application/json, application/ld+json;q=0.9, */*;q=0.1",
    "Accept-Encoding": "gzip, deflate",
}
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_ABSENT: Final = frozenset({404, 410})
_BUSY: Final = frozenset({429, 503})
_CHUNK: Final = 64 * 1024


@struct
class Reply:
    """A document as a mirror sent it: not looked into, not trusted."""

    body: bytes
    url: str
    """Where it came from in the end."""
    dated: datetime | None
    """When it was last changed, as the mirror says."""


class Client:
    """The client for all requests of a run, with pooled connections and a cache of documents that change.

    Args:
        cache: the folder of the HTTP cache; None for none.
        connections: how many threads use it at once.
        reply_seconds: how long one reply may take in all.
    """

    def __init__(self, *, cache: Path | None, connections: int = 8, reply_seconds: float = REPLY_SECONDS) -> None:
        self._cache = None if cache is None else Cache(cache)
        self._connections = connections
        self._reply_seconds = reply_seconds
        self._timeout = urllib3.Timeout(
            connect=min(CONNECT_SECONDS, reply_seconds), read=min(READ_SECONDS, reply_seconds)
        )
        self._proxies: dict[str, str | None] = {}
        self._adapters: dict[bool, RuledAdapter] = {}
        self._lock = threading.Lock()

    def get(self, url: str, *, named: frozenset[str] = frozenset(), mutable: bool) -> Reply | None:
        """Fetches a document; None where there is none (404, 410).

        Args:
            url: an https address, or http on this machine.
            named: origins that the user named. They may be at private addresses; a redirect to another may not.
            mutable: kept in the HTTP cache, and asked for again only where it has changed.

        Raises:
            UnavailableError: of the rule that says what went wrong.
            UsageError: the environment names certificates that cannot be read.
        """
        seen: list[str] = []
        target = url
        while True:
            origin = _allowed(target, url if seen else "")
            private = origin in named and (not seen or origin == _allowed(url, ""))
            seen.append(target)
            proxy = self._proxy_for(origin, target)
            kept = self._cache.get(target) if mutable and self._cache is not None else None
            with translated(target, proxy):
                if not private and is_private_literal(host_of(target)):
                    raise PrivateAddressError(f"{host_of(target)} is not public address")
                response = self._send(target, kept, proxy, private=private, mutable=mutable)
            with contextlib.closing(response):
                location = response.headers.get("Location")
                if response.status not in _REDIRECTS or location is None:
                    return self._read(response, target, proxy, kept, mutable=mutable)
            target = _joined(target, location, url)
            if target in seen or len(seen) > MAX_REDIRECTS:
                what = "in a circle" if target in seen else f"more than {MAX_REDIRECTS} times"
                raise fault("redirect-loop", f"redirects {what}", url)

    def forget(self, url: str) -> None:
        """Drops a document from the HTTP cache: it turned out not to be one."""
        if self._cache is not None:
            self._cache.drop(url)

    def _proxy_for(self, origin: str, url: str) -> str | None:
        """Returns the environment's proxy, which does not change during a run; None for this machine."""
        if origin not in self._proxies:
            local = is_loopback(host_of(url))
            self._proxies[origin] = None if local else select_proxy(url, get_environ_proxies(url, no_proxy=None))
        return self._proxies[origin]

    def _adapter(self, *, private: bool) -> RuledAdapter:
        with self._lock:
            if private not in self._adapters:
                self._adapters[private] = RuledAdapter(
                    public_only=not private, reply_seconds=self._reply_seconds, connections=self._connections
                )
            return self._adapters[private]

    def _send(
        self, url: str, kept: Kept | None, proxy: str | None, *, private: bool, mutable: bool
    ) -> BaseHTTPResponse:
        headers = _HEADERS
        if mutable:
            # Asked of the mirror each time: what it once said of its own freshness may have been a lie.
            conditions = {} if kept is None else kept.conditions()
            headers = {**_HEADERS, "Cache-Control": "max-age=0", **conditions}
        return self._adapter(private=private).get(url, headers, self._timeout, proxy)

    def _read(
        self, response: BaseHTTPResponse, url: str, proxy: str | None, kept: Kept | None, *, mutable: bool
    ) -> Reply | None:
        status = response.status
        if status == 304 and kept is not None:
            self._drain(response)
            return Reply(body=kept.body, url=url, dated=_date(kept.headers.get("Last-Modified")))
        if status != 200:
            self._drain(response)
            if status in _ABSENT:
                return None
            raise _refused(response, url)
        body = _body(response, url, proxy)
        if mutable and self._cache is not None:
            self._cache.put(url, body, response.headers)
        return Reply(body=body, url=url, dated=_date(response.headers.get("Last-Modified")))

    def _drain(self, response: BaseHTTPResponse) -> None:
        """Reads the unwanted rest of a reply, so that the connection can be used again."""
        with contextlib.suppress(urllib3.exceptions.HTTPError, OSError):
            response.read(_CHUNK, decode_content=False)


def _body(response: BaseHTTPResponse, url: str, proxy: str | None) -> bytes:
    inflated = response.headers.get("Content-Encoding", "identity").lower() != "identity"
    body = bytearray()
    with translated(url, proxy, body=True):
        for chunk in response.stream(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                rule = "reply-inflated" if inflated else "reply-too-large"
                raise fault(rule, f"sends more than {MAX_BODY_BYTES} bytes", url)
    return bytes(body)


def _refused(response: BaseHTTPResponse, url: str) -> UnavailableError:
    """Returns the error for a status that is not a reply."""
    status = response.status
    if status == 304:
        return fault("reply-not-modified", "says 304 (not modified), but there is no earlier copy here", url)
    stated = response.headers.get("Retry-After")
    if status in _BUSY and stated is not None and wait_asked_for(stated) is None:
        message = f"is busy ({status}), and its Retry-After is neither a number of seconds nor a date: {stated[:40]!r}"
        return fault("retry-after-malformed", message, url, kind=MirrorDownError)
    if status == 429:
        return fault("mirror-busy", "is asked too often (429), even after a pause", url, kind=MirrorDownError)
    message = f"answers {status} {response.reason or ''}".strip()
    return fault("mirror-error", message, url, kind=MirrorDownError)


def _allowed(url: str, via: str) -> str:
    """Returns the address's origin.

    Raises:
        UnavailableError: no mirror can have it, or redirects from the first address to it are not followed.
    """
    try:
        origin = origin_of(url)
        if via and not origin.startswith("https:") and origin != origin_of(via):
            raise AddressError("is not an https address")
        return origin
    except AddressError as error:
        shown = without_user(url)[:200]
        if via:
            raise fault("redirect-refused", f"redirects to {shown!r}, which {error}", via) from error
        raise fault("not-https", f"{shown!r} {error}", url) from error


def _joined(base: str, location: str, url: str) -> str:
    try:
        return urljoin(base, location)
    except ValueError as error:
        raise fault("redirect-refused", "redirects to something that is not an address", url) from error


def _date(text: str | None) -> datetime | None:
    """Returns an HTTP date in UTC, or None if it is missing or malformed."""
    try:
        return None if text is None else email.utils.parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
