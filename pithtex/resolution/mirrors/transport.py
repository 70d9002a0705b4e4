"""Connections that keep the rules: TLS, public addresses only, and an end to every reply.

The address rule holds on the address that is connected to. A name is looked up once, what it resolves to is judged, and
the connection is made to that address and not to the name: between the two no other answer can slip in.
"""

from __future__ import annotations

import email.utils
import http.client
import io
import ipaddress
import os
import re
import socket
import time
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from requests.adapters import HTTPAdapter
from requests.exceptions import InvalidProxyURL
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, InvalidHeader, NameResolutionError, NewConnectionError
from urllib3.response import BaseHTTPResponse
from urllib3.util.connection import create_connection
from urllib3.util.retry import Retry
from urllib3.util.timeout import Timeout
from urllib3.util.url import parse_url

from pithtex.limits import MAX_RETRY_WAIT
from pithtex.resolution.mirrors.addresses import is_public
from pithtex.resolution.mirrors.trust import trusted_context

_SECONDS: Final = re.compile(r"[0-9]{1,15}")


class PrivateAddressError(Exception):
    """A name leads to an address that is not allowed. No kind of error that urllib3 would try again."""


class TooLongToWaitError(Exception):
    """Retry-After asks for more than `MAX_RETRY_WAIT` seconds."""


class TunnelError(OSError):
    """A proxy did not make the connection that it was asked for; its cause says why."""


class _TimedReads(io.RawIOBase):
    """What a socket sends, up to a moment, however slowly it dribbles."""

    def __init__(self, sock: socket.socket, raw: io.RawIOBase, seconds: float) -> None:
        self._sock = sock
        self._raw = raw
        self._ends_at = time.monotonic() + seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError("the reply took longer than allowed")
        patience = self._sock.gettimeout()
        self._sock.settimeout(left if patience is None else min(left, patience))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    """A reply that has an end, behind whatever was sent before it (RFC 9110, 15.2: any number of 1xx)."""

    seconds: float

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp: Any = io.BufferedReader(_TimedReads(sock, self.fp.detach(), self.seconds))

    def begin(self) -> None:
        """Reads the head of the final reply. 101 is one: nobody asked to change the protocol."""
        super().begin()
        while self.status < 200 and self.status != http.client.SWITCHING_PROTOCOLS:
            self.headers = self.msg = None  # type: ignore[assignment]  # as before the first head
            super().begin()


class _Connection(HTTPSConnection):
    """A TLS connection whose replies have an end. Where it leads is not looked at: for named mirrors and proxies."""

    def _tunnel(self) -> None:
        try:
            super()._tunnel()
        except (http.client.HTTPException, OSError) as error:
            raise TunnelError("no tunnel") from error

    def getresponse(self) -> Any:
        sock = self.sock
        try:
            return super().getresponse()
        except InvalidHeader:
            # Half a response holds on to the socket, which nobody would close.
            if sock is not None:
                os.close(sock.detach())
            raise


class _PublicConnection(_Connection):
    """The same, to public addresses alone."""

    def _new_conn(self) -> socket.socket:
        return _connected(self, is_public, "public")


class _LoopbackConnection(HTTPConnection):
    """A connection without TLS, to this machine alone."""

    def _new_conn(self) -> socket.socket:
        return _connected(self, lambda address: ipaddress.ip_address(address).is_loopback, "loopback")


def _connected(connection: HTTPConnection, allowed: Callable[[str], bool], kind: str) -> socket.socket:
    """Returns a socket to one of the name's allowed addresses, trying each in turn."""
    try:
        found = socket.getaddrinfo(connection._dns_host, connection.port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise NameResolutionError(connection.host, connection, error) from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    usable = [address for address in addresses if allowed(address)]
    if not usable:
        raise PrivateAddressError(f"{connection.host} is at {', '.join(addresses[:4])}, and not {kind}")
    problem: Exception | None = None
    for address in usable:
        try:
            return create_connection(
                (address, connection.port),
                connection.timeout,
                source_address=connection.source_address,
                socket_options=connection.socket_options,
            )
        except TimeoutError as error:
            problem = ConnectTimeoutError(connection, f"connecting to {connection.host} at {address} took too long")
            problem.__cause__ = error
        except OSError as error:
            problem = NewConnectionError(connection, f"cannot connect to {address}: {error}")
            problem.__cause__ = error
    raise problem or AssertionError("no address was tried")


def wait_asked_for(text: str) -> float | None:
    """Seconds that a Retry-After asks for (RFC 9110, 10.2.3: a number of them, or a date); None of any other text."""
    if _SECONDS.fullmatch(text.strip()):
        return float(text)
    try:
        return max(email.utils.parsedate_to_datetime(text).timestamp() - time.time(), 0.0)
    except (ValueError, OverflowError):
        return None


class PatientRetry(Retry):
    """urllib3's rules, and no sleep longer than `MAX_RETRY_WAIT`."""

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Returns the seconds that Retry-After asks for, if any."""
        stated = response.headers.get("Retry-After")
        seconds = None if stated is None else wait_asked_for(stated)
        if seconds is not None and seconds > MAX_RETRY_WAIT:
            raise TooLongToWaitError(f"asks to come back in {seconds:.0f} seconds")
        return seconds


def retries() -> Retry:
    """Returns a rule for two more tries if there is no connection, or a broken or busy one, after a random pause."""
    return PatientRetry(
        total=3,
        connect=2,
        read=1,
        status=2,
        other=0,
        redirect=0,
        status_forcelist=(429, 500, 502, 503, 504),
        allowed_methods=("GET",),
        backoff_factor=0.2,
        backoff_jitter=0.2,
        raise_on_status=False,
    )


class RuledAdapter(HTTPAdapter):
    """The rules above as an adapter of requests.

    Args:
        public_only: connect to public addresses alone; else to any, and without TLS to this machine.
        reply_seconds: how long one reply may take in all.
        connections: how many threads use it at once.

    Raises:
        UsageError: the environment names certificates that cannot be read.
    """

    def __init__(self, *, public_only: bool, reply_seconds: float, connections: int) -> None:
        response = type("_Response", (_Response,), {"seconds": reply_seconds})
        self._context = trusted_context()
        self._pools = {"https": _pool(HTTPSConnectionPool, _PublicConnection if public_only else _Connection, response)}
        if not public_only:
            self._pools["http"] = _pool(HTTPConnectionPool, _LoopbackConnection, response)
        # What a proxy connects to is the proxy's matter, and the proxy is what the user's environment names.
        self._proxied_pools = {"https": _pool(HTTPSConnectionPool, _Connection, response)}
        self._pool_of: dict[tuple[str, str, str | None], HTTPConnectionPool] = {}
        super().__init__(pool_maxsize=connections, max_retries=retries())

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Pools that make the connections above, and know no other scheme."""
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """The same through a proxy, where the end of replies is the one rule left."""
        manager = super().proxy_manager_for(proxy, ssl_context=self._context, **kwargs)
        manager.pool_classes_by_scheme = {**manager.pool_classes_by_scheme, **self._proxied_pools}
        return manager

    def get(self, url: str, headers: dict[str, str], timeout: Timeout, proxy: str | None) -> BaseHTTPResponse:
        """Returns the unread reply to a GET.

        Not `send`, which prepares each request for cookies, credentials and redirects that are not wanted here, and
        would put certifi's list on top of the certificates of the context.

        Raises:
            RequestException: the proxy's address is malformed.
            HTTPError: of urllib3, or what this module raises.
        """
        parts = urlsplit(url)
        origin = parts.scheme, parts.netloc, proxy
        pool = self._pool_of.get(origin)
        if pool is None:
            manager = self.poolmanager if proxy is None else self._proxied(proxy)
            pool = self._pool_of.setdefault(origin, manager.connection_from_url(url))
        return pool.urlopen(
            "GET",
            urlunsplit(("", "", parts.path or "/", parts.query, "")),
            headers=headers,
            retries=self.max_retries,
            redirect=False,
            timeout=timeout,
            preload_content=False,
            decode_content=False,
        )

    def _proxied(self, proxy: str) -> Any:
        address = proxy if "://" in proxy else f"http://{proxy}"
        if not parse_url(address).host:
            raise InvalidProxyURL("no host")
        return self.proxy_manager_for(address)


def _pool(pool: type[HTTPConnectionPool], connection: type[HTTPConnection], response: type[_Response]) -> Any:
    kind = type(connection.__name__, (connection,), {"response_class": response})
    return type("_Pool", (pool,), {"ConnectionCls": kind})
