"""Addresses of mirrors: which may be asked at all, which are public, and how they are shown."""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

from pithtex.limits import MAX_URL_CHARS

_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
"""RFC 6052: IPv6 addresses that a translator maps to IPv4 ones."""
_USER: Final = re.compile(r"(^|/)/?[^/?#\s]*@")
"""What stands before a host: a user name, and the password that may follow it."""


class AddressError(ValueError):
    """Not an address that a mirror can have; the message says why, as the end of a sentence."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public Internet, by the IANA registries and whatever it stands for inside.

    IPv6 forms that carry an IPv4 address (mapped, 6to4, Teredo, NAT64) are as public as that address.

    Raises:
        ValueError: not an IP address.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def is_loopback(host: str) -> bool:
    """Whether a host as it is written means this machine: `localhost` (RFC 6761, 6.3), 127.0.0.0/8 or ::1."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def is_private_literal(host: str) -> bool:
    """Whether a host is not public by its spelling alone, without the look-up that a proxy would do for us."""
    try:
        return not is_public(host.rstrip("."))
    except ValueError:
        return is_loopback(host)


def origin_of(url: str) -> str:
    """Scheme, host and port: `https://host:443`. Plain http is known to this machine itself alone.

    Raises:
        AddressError: neither https nor http to loopback, with a user name, too long, or with odd characters.
    """
    parts = _split(url)
    scheme, host = parts.scheme.lower(), parts.hostname
    if not host or not (scheme == "https" or (scheme == "http" and is_loopback(host))):
        raise AddressError("is not an https address")
    if "@" in parts.netloc:
        raise AddressError("contains a user name or password, which mirrors must not need")
    if len(url) > MAX_URL_CHARS or not url.isprintable() or " " in url:
        raise AddressError("is too long, or contains characters that an address cannot have")
    return f"{scheme}://{host}:{parts.port or (443 if scheme == 'https' else 80)}"


def host_of(url: str) -> str:
    """The host as it is written, in lower case."""
    return _split(url).hostname or ""


def without_user(url: str) -> str:
    """An address for people: without a user name and a password, whatever else is wrong with it."""
    return _USER.sub(lambda found: "//" if found[0].startswith("//") else found[1], url)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise AddressError("is not an address") from error
    return parts
