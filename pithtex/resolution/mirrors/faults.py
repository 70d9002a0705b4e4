"""Translates errors of requests, urllib3 and http.client, each to a rule of the catalogue and a sentence."""

from __future__ import annotations

import contextlib
import http.client
import re
import socket
import ssl
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

import requests
import urllib3.exceptions as kinds

from pithtex.catalogue import finding
from pithtex.errors import MirrorDownError, UnavailableError
from pithtex.resolution.mirrors.addresses import without_user
from pithtex.resolution.mirrors.transport import PrivateAddressError, TooLongToWaitError, TunnelError
from pithtex.structs import NamedTuple

_TUNNEL: Final = re.compile(r"Tunnel connection failed: ([0-9]{3})")
"""How http.client says that a proxy refused: the status is nowhere else."""

_NO_PROXY: Final = (
    requests.exceptions.InvalidProxyURL,
    kinds.ProxySchemeUnknown,
    kinds.ProxySchemeUnsupported,
    kinds.LocationParseError,
)


class _Diagnosis(NamedTuple):
    rule: str
    words: str
    """The end of a sentence about the mirror."""
    down: bool = True
    """Whether the mirror cannot be asked, in place of having answered wrongly."""


def fault(
    rule: str, message: str, url: str, hint: str | None = None, kind: type[UnavailableError] = UnavailableError
) -> UnavailableError:
    """Returns an error about the mirror at an address, without names and passwords in the address."""
    shown = without_user(url)
    host = urlsplit(shown).netloc if "//" in shown else shown
    return kind(finding(rule, f"{host} {message}", where=shown, hint=hint))


@contextlib.contextmanager
def translated(url: str, proxy: str | None, *, body: bool = False) -> Iterator[None]:
    """Turns the libraries' errors into ours.

    Args:
        url: what is being asked for.
        proxy: the proxy between, where there is one.
        body: whether the head of the reply was good.
    """
    try:
        yield
    except PrivateAddressError as error:
        hint = "name a mirror in your own network with --mirror, PITHTEX_MIRRORS or mirrors.json"
        raise fault("private-address", f"leads into a private network: {error}", url, hint) from error
    except TooLongToWaitError as error:
        raise fault("mirror-busy", str(error), url, kind=MirrorDownError) from error
    except (requests.exceptions.RequestException, kinds.HTTPError, http.client.HTTPException, OSError) as error:
        causes = list(_causes(error))
        of_proxy = None if proxy is None or body else _proxy_fault(causes)
        if of_proxy is not None:
            raise _of_proxy(of_proxy, proxy or "", url) from error
        found = _diagnosis(causes, body=body)
        raise fault(found.rule, found.words, url, kind=MirrorDownError if found.down else UnavailableError) from error


def _diagnosis(causes: list[BaseException], *, body: bool) -> _Diagnosis:
    """Returns what went wrong between us and the mirror, by the innermost cause that tells."""
    for cause in causes:
        found = _of_reply(cause) or _of_connection(cause, causes[-1])
        if found is not None and not (body and found.rule == "mirror-unreachable"):
            return found
    if body:
        return _Diagnosis("reply-truncated", "breaks off in the middle of its reply", down=False)
    return _Diagnosis("mirror-unreachable", f"cannot be reached: {_reason(causes[-1])}")


def _of_reply(cause: BaseException) -> _Diagnosis | None:
    """Returns what is wrong with a reply."""
    if isinstance(cause, kinds.InvalidChunkLength):
        return _Diagnosis("reply-truncated", "breaks off in the middle of its reply", down=False)
    if isinstance(cause, kinds.IncompleteRead) and cause.expected is not None:
        total = cause.partial + cause.expected
        return _Diagnosis("reply-length", f"sent {cause.partial} bytes instead of the stated {total}", down=False)
    if isinstance(cause, kinds.DecodeError):
        return _Diagnosis("reply-malformed", "sends a reply that cannot be decompressed", down=False)
    if isinstance(cause, kinds.InvalidHeader):
        return _Diagnosis("reply-length", f"sends a malformed header: {cause}", down=False)
    if isinstance(cause, http.client.RemoteDisconnected):
        return _Diagnosis("mirror-unreachable", "closes the connection without an answer")
    if isinstance(cause, http.client.BadStatusLine | http.client.UnknownProtocol):
        return _Diagnosis("reply-head", "does not answer in HTTP")
    if isinstance(cause, http.client.LineTooLong):
        return _Diagnosis("reply-head", "sends an endless header line")
    if type(cause) is http.client.HTTPException:
        return _Diagnosis("reply-head", "sends too many headers")
    return None


def _of_connection(cause: BaseException, last: BaseException) -> _Diagnosis | None:
    """Returns what is wrong with the connection."""
    if isinstance(cause, ssl.SSLCertVerificationError):
        return _Diagnosis("mirror-certificate", f"has no valid certificate: {cause.verify_message or last}")
    if isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return _Diagnosis("mirror-unreachable", "closes the connection without an answer")
    if isinstance(cause, ssl.SSLError) and not isinstance(cause, TimeoutError):
        return _Diagnosis("mirror-tls", "does not speak a current version of TLS at this port")
    if isinstance(cause, kinds.NameResolutionError):
        return _Diagnosis("mirror-unreachable", "cannot be found: the name does not resolve")
    if isinstance(cause, kinds.NewConnectionError):  # which urllib3 counts among the time-outs
        return _Diagnosis("mirror-unreachable", f"cannot be reached: {_reason(last)}")
    if isinstance(cause, TimeoutError | kinds.TimeoutError):
        return _Diagnosis("mirror-timeout", "took too long to answer")
    return None


def _reason(error: BaseException) -> str:
    """Returns the system's reason, or only the type of a library's error, whose text may quote anything."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__


# --- proxies ---------------------------------------------------------------------------------------------------------


def _proxy_fault(causes: list[BaseException]) -> str | None:
    """Returns what is wrong between us and the proxy, as the end of a sentence; None if it did its work."""
    for cause in causes:
        found = _proxy_refusal(cause)
        if found is not None:
            return found
    if not any(isinstance(cause, kinds.ProxyError | TunnelError) for cause in causes):
        return None
    for cause in causes:
        found = _proxy_silence(cause)
        if found is not None:
            return found
    return f"cannot be reached: {_reason(causes[-1])}"


def _proxy_refusal(cause: BaseException) -> str | None:
    """Returns the fault of an address that is not a proxy's, or of a proxy that did not connect."""
    if isinstance(cause, requests.exceptions.InvalidSchema):
        return "is a SOCKS proxy; only HTTP proxies are supported"
    if isinstance(cause, _NO_PROXY):
        return "does not have the address of an HTTP proxy"
    refused = _TUNNEL.match(str(cause)) if isinstance(cause, OSError) else None
    if refused is None:
        return None
    if refused[1] == "407":
        return "asks for a user name and a password (407)"
    return f"refuses or fails to connect to the mirror ({refused[1]})"


def _proxy_silence(cause: BaseException) -> str | None:
    """Returns why the proxy could not be reached."""
    if isinstance(cause, kinds.NameResolutionError | socket.gaierror):
        return "cannot be found: the name does not resolve"
    if isinstance(cause, TimeoutError | kinds.TimeoutError) and not isinstance(cause, kinds.NewConnectionError):
        return "took too long to answer"
    if isinstance(cause, ssl.SSLError):
        return "does not speak TLS, or its certificate is not trusted"
    return "does not answer as an HTTP proxy does" if isinstance(cause, http.client.HTTPException) else None


def _of_proxy(words: str, proxy: str, url: str) -> UnavailableError:
    place = urlsplit(without_user(proxy)).netloc or "named in the environment"
    hint = (
        "the proxy comes from HTTPS_PROXY, ALL_PROXY or the system's settings; NO_PROXY names hosts to reach without it"
    )
    return MirrorDownError(finding("proxy-failed", f"the proxy {place} {words}", where=without_user(url), hint=hint))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yields the error and its causes: requests and urllib3 nest theirs as arguments, reasons and causes."""
    pending: list[BaseException] = [error]
    seen: set[int] = set()
    while pending:
        current = pending.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        inner = [getattr(current, "reason", None), *current.args, current.__cause__, current.__context__]
        pending += [item for item in reversed(inner) if isinstance(item, BaseException)]
