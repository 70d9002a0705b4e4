"""Addresses that speak of Pith: which do, and what a badge's exact form says (docs/reference/pdf-profile.md)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Final
from urllib.parse import unquote, urlsplit

from pithtex.catalogue import finding
from pithtex.findings import Finding
from pithtex.patterns import pattern
from pithtex.structs import NamedTuple
from pithtex.text import shortened

_MAX_LABEL: Final = 63
"""A host name's label (RFC 1035, 2.3.4); decoding Punycode takes quadratic time."""
_MAX_SHOWN: Final = 600
"""Characters of an address in a message; that of a badge with its receipt has some 450."""
NAME_LIKE: Final = r"p[i1l|!][t+]h|xn--"
"""What a host name of lower-case ASCII holds that is, holds or imitates the name. The page's scripts have it, too."""
_PLAIN_NAME: Final = pattern(rf"{NAME_LIKE}|r=p1\.")
"""What a plain URI holds that names Pith in any way: most URIs are settled by it at a tenth of the cost."""
_PARTS: Final = pattern(r"(?:[^:/?#]*:)?/*([^/?#]*)([^?#]*)(?:\?[^#]*)?(?:#(.*))?", re.DOTALL)
"""RFC 3986, Appendix B, with as many slashes before the authority as one likes: any text is of this form."""
_PITH_PATH: Final = pattern(r"/+pith/+[^/]", re.IGNORECASE)
_PATH: Final = pattern(r"/pith/([^/]+)")
_PRINTABLE: Final = pattern(r"[\x21-\x7e]+")
_LOOK_ALIKES: Final = str.maketrans(
    "ρрᴘքıιіӏɩɪ1l|!íįτтᴛŧ+†һћʜհħḥ",
    "ppppiiiiiiiiiiiitttttthhhhhh",
)
"""Letters that pass for those of "pith", after NFKD, marks dropped, and case-folding."""


class BadgeAddress(NamedTuple):
    """What the address of a badge says, and what is wrong with it."""

    number: str | None
    """As written: what stands in the place of the suffix."""
    receipt: str | None
    """As written."""
    findings: tuple[Finding, ...] = ()


def read_address(uri: str, hosts: Collection[str], where: str) -> BadgeAddress:
    """Reads the suffix and the receipt that a badge's address carries, by its exact form alone.

    Args:
        uri: the address.
        hosts: those that it may lead to.
        where: the address's place, for findings.
    """
    parts = None
    if _PRINTABLE.fullmatch(uri) and "\\" not in uri:
        try:
            parts = urlsplit(uri)
        except ValueError:
            parts = None
    if parts is None:
        fault = finding("channel-malformed", f"the badge's link {_brief(uri)!r} is not a URI", where=where)
        return BadgeAddress(number=None, receipt=None, findings=(fault,))
    path = _PATH.fullmatch(parts.path)
    receipt = parts.fragment.removeprefix("r=") if parts.fragment.startswith("r=") else None
    origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else uri
    faults: tuple[Finding, ...] = ()
    if parts.scheme != "https" or parts.netloc not in hosts:
        message = f"the badge links to {_brief(origin)}, not to the registry's https://pith.science"
        faults = (finding("look-alike-host", message, where=where),)
    elif path is None or uri != f"https://{parts.netloc}{parts.path}" + (f"#r={receipt}" if receipt else ""):
        # In its one spelling: no query, no empty part, no capital in the scheme.
        message = f"the badge's link {_brief(uri)!r} does not lead to a number's page"
        faults = (finding("channel-malformed", message, where=where),)
    return BadgeAddress(number=path[1] if path else None, receipt=receipt, findings=faults)


def _brief(uri: str) -> str:
    """Returns an address as a message shows it: one of a stranger may be as long as a book."""
    return shortened(uri, _MAX_SHOWN, f"... ({len(uri)} characters)")


def address_text(raw: bytes) -> str:
    """A URI is 7-bit ASCII (ISO 32000-1, 12.6.4.7); writers put in UTF-8, Latin-1 and text strings as well."""
    if raw.startswith((b"\xfe\xff", b"\xff\xfe")):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def names_pith(uri: str) -> bool:
    """Tells whether a URI concerns Pith: it has the name or an imitation, the path of a Pith page, or a receipt."""
    if uri.isascii() and uri.isprintable() and "%" not in uri and not _PLAIN_NAME.search(uri.lower()):
        return False
    text = unicodedata.normalize("NFKC", uri if "%" not in uri else unquote(uri)).replace("\\", "/").strip()
    if "pith.science" in text.casefold():
        return True
    host, path, fragment = _PARTS.findall(text)[0]
    return "pith" in _skeleton(host) or _PITH_PATH.match(path) is not None or "r=p1." in fragment.casefold()


def _skeleton(host: str) -> str:
    labels = [_decode_label(label) for label in host.casefold().split(".")[:_MAX_LABEL]]
    plain = unicodedata.normalize("NFKD", ".".join(labels)).casefold()
    return "".join(c for c in plain if not unicodedata.combining(c) and c.isprintable()).translate(_LOOK_ALIKES)


def _decode_label(label: str) -> str:
    if not label.startswith("xn--") or len(label) > _MAX_LABEL:
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")  # RFC 5890, 2.3.2.1
    except (ValueError, OverflowError):
        return label
