"""Decides which addresses of mirrors may be asked and which are public, and how to show them."""

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
    """The address cannot be that of a mirror; the message says why, as the end of a sentence."""


def is_public(address: str) -> bool:
    """Tells whether an IP address is public, by the IANA registries, together with any address embedded in it.

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
    """Tells whether a host, as written, means this machine: `localhost` (RFC 6761, 6.3), 127.0.0.0/8 or ::1."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def is_private_literal(host: str) -> bool:
    """Tells whether a host's spelling alone shows that it is not public, for use with proxies, which resolve names."""
    try:
        return not is_public(host.rstrip("."))
    except ValueError:
        return is_loopback(host)


def origin_of(url: str) -> str:
    """Returns scheme, host and port: `https://host:443`. Plain http is allowed only to this machine itself.

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
    """Returns the host as written, in lower case."""
    return _split(url).hostname or ""


def without_user(url: str) -> str:
    """Returns an address for people, without user name and password, however malformed it is."""
    return _USER.sub(lambda found: "//" if found[0].startswith("//") else found[1], url)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise AddressError("is not an address") from error
    return parts
