"""One GET at a time, by rules: what comes back is bytes within bounds, or an error that says what went wrong.

Nothing here looks into a document. Whoever calls parses and verifies what came before anyone sees it.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from cachecontrol.adapter import CacheControlAdapter
from cachecontrol.cache import BaseCache

from pithtex import __version__
from pithtex.catalogue import finding
from pithtex.errors import MirrorDownError, UnavailableError
from pithtex.limits import MAX_BODY_BYTES, MAX_REDIRECTS, MAX_URL_CHARS
from pithtex.resolve.mirrors.transport import PrivateAddressError, RuledAdapter, TooLongToWaitError, is_public, retries
from pithtex.resolve.store.store import write_file

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
_CHUNK: Final = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A reply of status 200: not looked into, not trusted."""

    body: bytes
    url: str
    """Where it came from in the end."""


class Client:
    """All requests of one run: pooled connections, and the cache of documents that change.

    Args:
        cache: the folder of the HTTP cache; None for none.
        connections: how many threads use it at once.
        reply_seconds: how long one reply may take in all.
    """

    def __init__(self, *, cache: Path | None, connections: int = 8, reply_seconds: float = REPLY_SECONDS) -> None:
        self._cache = None if cache is None else _FileCache(cache)
        self._connections = connections
        self._reply_seconds = reply_seconds
        self._settings: dict[str, Any] = {}
        self._sessions: dict[tuple[bool, bool], requests.Session] = {}
        self._lock = threading.Lock()

    def get(self, url: str, *, named: frozenset[str] = frozenset(), mutable: bool) -> Reply | None:
        """Fetches a document; None where there is none (404, 410).

        Args:
            url: an https address.
            named: hosts with ports that the user named. They may be at private addresses; a redirect to another
                host may not.
            mutable: kept in the HTTP cache, and asked for again only where it has changed.

        Raises:
            UnavailableError: of the rule that says what went wrong.
        """
        seen: list[str] = []
        target = url
        while True:
            origin = _origin(target, url if seen else "")
            private = origin in named and (not seen or origin == _origin(url, ""))
            seen.append(target)
            with _translated(target):
                if not private:
                    _refuse_private_literal(target)
                session = self._session(private=private, mutable=mutable)
                with contextlib.closing(self._send(session, origin, target, mutable=mutable)) as response:
                    location = response.headers.get("Location")
                    if response.status_code not in _REDIRECTS or location is None:
                        return self._read(response, target)
            target = urljoin(target, location)
            if target in seen or len(seen) > MAX_REDIRECTS:
                what = "in a circle" if target in seen else f"more than {MAX_REDIRECTS} times"
                raise _error("redirect-loop", f"redirects {what}", url)

    def forget(self, url: str) -> None:
        """Drops a document from the HTTP cache: it turned out to be none."""
        if self._cache is not None:
            self._cache.delete(url)

    def _session(self, *, private: bool, mutable: bool) -> requests.Session:
        key = private, mutable and self._cache is not None
        with self._lock:
            if key not in self._sessions:
                self._sessions[key] = self._new_session(public_only=not private, cached=key[1])
        return self._sessions[key]

    def _new_session(self, *, public_only: bool, cached: bool) -> requests.Session:
        session = requests.Session()
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        options: dict[str, Any] = {
            "public_only": public_only,
            "reply_seconds": self._reply_seconds,
            "max_retries": retries(),
            "pool_maxsize": self._connections,
        }
        session.adapters.clear()  # so that nothing but https is known
        session.mount("https://", _CachedAdapter(cache=self._cache, **options) if cached else RuledAdapter(**options))
        return session

    def _send(self, session: requests.Session, origin: str, url: str, *, mutable: bool) -> requests.Response:
        # Asked of the mirror each time: what it once said of its own freshness may have been a lie.
        headers = {**_HEADERS, "Cache-Control": "max-age=0"} if mutable else _HEADERS
        # Prepared without the session, which would look into .netrc: nothing that is fetched here needs credentials.
        request = requests.PreparedRequest()
        request.prepare(method="GET", url=url, headers=headers)
        if origin not in self._settings:  # proxies and CA bundle of the environment, which does not change in a run
            self._settings[origin] = session.merge_environment_settings(url, {}, True, None, None)
        timeout = (min(CONNECT_SECONDS, self._reply_seconds), min(READ_SECONDS, self._reply_seconds))
        return session.send(request, timeout=timeout, allow_redirects=False, **self._settings[origin])

    def _read(self, response: requests.Response, url: str) -> Reply | None:
        status = response.status_code
        if status != 200:
            # What it says besides is not wanted, but the connection is, and CacheControl's temporary file is not.
            with contextlib.suppress(urllib3.exceptions.HTTPError, OSError):
                response.raw.read(_CHUNK, decode_content=False)
        if status in _ABSENT:
            return None
        if status == 304:
            raise _error("reply-not-modified", "says 304 (not modified), and there is no copy to go by", url)
        if status == 429:
            raise _error("mirror-busy", "is asked too often (429), even after a pause", url, kind=MirrorDownError)
        if status != 200:
            message = f"answers {status} {response.reason or ''}".strip()
            raise _error("mirror-error", message, url, kind=MirrorDownError)
        inflated = response.headers.get("Content-Encoding", "identity").lower() != "identity"
        body = bytearray()
        with _translated(url, body=True):
            for chunk in response.raw.stream(_CHUNK, decode_content=True):
                body += chunk
                if len(body) > MAX_BODY_BYTES:
                    rule = "reply-inflated" if inflated else "reply-too-large"
                    raise _error(rule, f"sends more than {MAX_BODY_BYTES} bytes", url)
        return Reply(body=bytes(body), url=url)


def _origin(url: str, via: str) -> str:
    """Host and port of an https address.

    Raises:
        UnavailableError: it is no https address, or has a user name in it.
    """
    rule = "redirect-refused" if via else "not-https"
    where = via or url
    how = f"redirects to {url[:200]!r}, which" if via else f"{url[:200]!r}"
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError as error:
        raise _error(rule, f"{how} is no address", where) from error
    if parts.scheme.lower() != "https" or not parts.hostname:
        raise _error(rule, f"{how} is no https address", where)
    if parts.username is not None or parts.password is not None:
        raise _error(rule, f"{how} has a user name in it", where)
    if len(url) > MAX_URL_CHARS or not url.isprintable() or " " in url:
        raise _error(rule, f"{how} is too long, or has characters that belong in no address", where)
    return f"{parts.hostname.lower()}:{port}"


def _refuse_private_literal(url: str) -> None:
    """What can be told without a look-up, which a proxy would do for us."""
    host = (urlsplit(url).hostname or "").rstrip(".").lower()
    try:
        public = is_public(host)
        ipaddress.ip_address(host)
    except ValueError:
        public = host != "localhost" and not host.endswith(".localhost")
    if not public:
        raise PrivateAddressError(f"{host} is no public address")


def _error(
    rule: str, message: str, url: str, hint: str | None = None, kind: type[UnavailableError] = UnavailableError
) -> UnavailableError:
    host = urlsplit(url).netloc.rpartition("@")[2] if "//" in url else url
    return kind(finding(rule, f"{host} {message}", where=url, hint=hint))


@contextlib.contextmanager
def _translated(url: str, *, body: bool = False) -> Iterator[None]:
    """Turns the errors of requests and urllib3 into ours; `body` where the head of a reply was good."""
    try:
        yield
    except PrivateAddressError as error:
        hint = "a mirror in your own network has to be named by you: --mirror, PITHTEX_MIRRORS or mirrors.json"
        raise _error("private-address", f"leads into a private network: {error}", url, hint) from error
    except TooLongToWaitError as error:
        raise _error("mirror-busy", str(error), url, kind=MirrorDownError) from error
    except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        kind, rule, words = _diagnosis(error, body=body)
        raise _error(rule, words, url, kind=kind) from error


def _diagnosis(error: Exception, *, body: bool) -> tuple[type[UnavailableError], str, str]:
    """The kind, the rule and the words for an error of the libraries, by its innermost cause."""
    causes = list(_causes(error))
    kinds = urllib3.exceptions
    for cause in causes:
        if isinstance(cause, kinds.IncompleteRead):
            total = cause.partial + cause.expected
            return UnavailableError, "reply-length", f"sends {cause.partial} bytes where it states {total}"
        if isinstance(cause, kinds.DecodeError | requests.exceptions.ContentDecodingError):
            return UnavailableError, "reply-malformed", "sends a reply that cannot be decompressed"
        if isinstance(cause, kinds.InvalidHeader | requests.exceptions.InvalidHeader):
            return UnavailableError, "reply-length", f"sends a header that makes no sense: {cause}"
        if isinstance(cause, ssl.SSLCertVerificationError):
            return MirrorDownError, "mirror-certificate", f"cannot prove to be itself: {causes[-1]}"
        if isinstance(cause, kinds.NameResolutionError):
            return MirrorDownError, "mirror-unreachable", "cannot be found: the name does not resolve"
        if isinstance(cause, kinds.NewConnectionError):  # which urllib3 counts among the time-outs
            return MirrorDownError, "mirror-unreachable", f"cannot be reached: {causes[-1]}"
        if isinstance(cause, TimeoutError | kinds.TimeoutError):
            return MirrorDownError, "mirror-timeout", "took too long to answer"
    if body:
        return UnavailableError, "reply-truncated", "breaks off in the middle of its reply"
    return MirrorDownError, "mirror-unreachable", f"cannot be reached: {causes[-1]}"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it was made of: requests and urllib3 nest theirs as arguments, reasons and causes."""
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


class _CachedAdapter(RuledAdapter, CacheControlAdapter):
    """The rules, and CacheControl's cache."""


class _FileCache(BaseCache):
    """CacheControl's cache in files that are never half-written; a folder that cannot be written is no cache.

    Its own keeps a lock file beside each entry, and fails where the disk is full or may not be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, key: str) -> Path:
        import hashlib

        name = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
        return self._folder / name[:2] / name

    def get(self, key: str) -> bytes | None:
        try:
            return self._path(key).read_bytes()
        except OSError:
            return None

    def set(self, key: str, value: bytes, expires: int | datetime | None = None) -> None:
        with contextlib.suppress(OSError):
            write_file(self._path(key), value)

    def delete(self, key: str) -> None:
        with contextlib.suppress(OSError):
            os.unlink(self._path(key))
