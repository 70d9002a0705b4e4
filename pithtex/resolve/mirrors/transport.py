"""Connections that keep the rules: https only, public addresses only, and an end to every reply.

The address rule holds on the address that is connected to. A name is looked up once, what it resolves to is judged, and
the connection is made to that address and not to the name: between the two no other answer can slip in.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import ssl
import time
from typing import Any, Final

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, InvalidHeader, NameResolutionError, NewConnectionError
from urllib3.response import BaseHTTPResponse
from urllib3.util.connection import create_connection
from urllib3.util.retry import Retry
from urllib3.util.ssl_ import create_urllib3_context

from pithtex.limits import MAX_RETRY_WAIT

_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
"""RFC 6052: IPv6 addresses that a translator maps to IPv4 ones."""


class PrivateAddressError(Exception):
    """A name leads to an address that is not public. No kind of error that urllib3 would try again."""


class TooLongToWaitError(Exception):
    """Retry-After asks for more than `MAX_RETRY_WAIT` seconds."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public Internet, by the IANA registries and whatever it stands for inside.

    IPv6 forms that carry an IPv4 address (mapped, 6to4, Teredo, NAT64) are as public as that address.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


class _TimedSocket(ssl.SSLSocket):
    """A socket whose reads end by a moment, however slowly a server dribbles."""

    ends_at: float | None = None

    def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:
        if self.ends_at is not None:
            left = self.ends_at - time.monotonic()
            if left <= 0:
                raise TimeoutError("the reply took longer than allowed")
            self.settimeout(min(left, self.gettimeout() or left))
        return super().recv_into(buffer, nbytes, flags)


class _Connection(HTTPSConnection):
    """A connection whose replies have an end. Where it leads to is not looked at: for named mirrors and proxies."""

    reply_seconds: float = 30.0

    def getresponse(self) -> Any:
        sock = self.sock
        if isinstance(sock, _TimedSocket):
            sock.ends_at = time.monotonic() + self.reply_seconds
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
        try:
            found = socket.getaddrinfo(self._dns_host, self.port, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        public = [address for address in addresses if is_public(address)]
        if not public:
            raise PrivateAddressError(f"{self.host} is at {', '.join(addresses[:4])}")
        problem: Exception | None = None
        for address in public:
            try:
                return create_connection(
                    (address, self.port),
                    self.timeout,
                    source_address=self.source_address,
                    socket_options=self.socket_options,
                )
            except TimeoutError as error:
                problem = ConnectTimeoutError(self, f"connecting to {self.host} at {address} took too long")
                problem.__cause__ = error
            except OSError as error:
                problem = NewConnectionError(self, f"cannot connect to {address}: {error}")
                problem.__cause__ = error
        raise problem or AssertionError("no address was tried")


class PatientRetry(Retry):
    """urllib3's rules, and no sleep longer than `MAX_RETRY_WAIT`."""

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """The seconds that Retry-After asks for, where it asks for any."""
        seconds = super().get_retry_after(response)
        if seconds is not None and seconds > MAX_RETRY_WAIT:
            raise TooLongToWaitError(f"asks to come back in {seconds:.0f} seconds")
        return seconds


def retries() -> Retry:
    """Two more tries where that can help: no connection, a broken one, too busy; with back-off and jitter."""
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
    """The rules above as an adapter of requests."""

    def __init__(self, *args: Any, public_only: bool, reply_seconds: float, **kwargs: Any) -> None:
        timed = {"reply_seconds": reply_seconds}
        connection = type("_Connection", (_PublicConnection if public_only else _Connection,), timed)
        self._pools = {"https": type("_Pool", (HTTPSConnectionPool,), {"ConnectionCls": connection})}
        # What a proxy connects to is the proxy's matter, and the proxy is what the user's environment names.
        proxied = type("_Connection", (_Connection,), timed)
        self._proxied_pools = {"https": type("_Pool", (HTTPSConnectionPool,), {"ConnectionCls": proxied})}
        super().__init__(*args, **kwargs)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Pools that make the connections above, and know no other scheme."""
        super().init_poolmanager(*args, ssl_context=_context(), **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """The same through a proxy, where the end of replies is the one rule left."""
        manager = super().proxy_manager_for(proxy, ssl_context=_context(), **kwargs)
        manager.pool_classes_by_scheme = {**manager.pool_classes_by_scheme, **self._proxied_pools}
        return manager


def _context() -> ssl.SSLContext:
    context = create_urllib3_context()
    context.sslsocket_class = _TimedSocket
    return context
