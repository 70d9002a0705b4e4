"""Links and receipts in what people paste: a README, a page, a mail, a sentence (docs/reference/badges.md).

What programs do to a link on its way is undone, and no more: character references, backslashes before signs,
quoted-printable and percent-encoding, invisible characters, quotation marks and brackets around it, a scheme or host
in capitals, lines broken by a mail program and the marks of quoting before them. A receipt ends where its signature
does, at 86 characters: what follows is not a part of it. `pithtex/browser/page/pasted.js` does the same, rule by rule.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Final
from urllib.parse import unquote

from pithtex.format.compact_receipt import VERSION
from pithtex.limits import MAX_CODES, MAX_RECEIPT_CHARS
from pithtex.structs import NamedTuple, struct

NAMED_REFERENCES: Final = {
    "amp": "&",
    "apos": "'",
    "colon": ":",
    "dash": "-",
    "equals": "=",
    "gt": ">",
    "hyphen": "-",
    "lowbar": "_",
    "lt": "<",
    "nbsp": " ",
    "num": "#",
    "period": ".",
    "quot": '"',
    "sol": "/",
    "shy": "",
    "ZeroWidthSpace": "",
}
"""Character references of what an address may hold or stand in (HTML, 13.5)."""

# Each of these is an expression of ECMAScript too: the page reads with the same ones.
REFERENCE: Final = r"&(?:#([0-9]{2,3})|#[xX]([0-9a-fA-F]{2})|([A-Za-z]{2,14}));"
UNSEEN: Final = r"[\u00ad\u200b\u2060\ufeff]|<wbr ?/?>|=(?:\r\n|\n)"
"""What is not seen: soft hyphens, joiners, where a browser may break a word, the soft breaks of RFC 2045, 6.7."""
ESCAPED: Final = r"\\([#_&%.=/:~-])"
ENCODED: Final = r"https?(?::|%3A)(?:/|%2F){2}(?:(?![&\"'<>])[!-~]){1,400}?%23r%3D[A-Za-z0-9._%-]{1,17000}"
"""A link inside another's query, as redirecting services carry it (RFC 3986, 2.1)."""
BREAK: Final = r"[ \t\xa0]*\\?(?:\r\n|[\n\r\x85\u2028\u2029])(?:[ \t\xa0]*(?:[>|%*;]+|#+(?=[ \t])))*[ \t\xa0]*"
"""The end of a line, with the marks before the next: of quoting in mail, of comments."""
OPENING: Final = r"(?:[<(\[{\"'`*_\u00ab\u2018\u201c\u201e\u2039\xa0]|URL:)+"
CLOSING: Final = r"(?<=[A-Za-z0-9_-]{8})[>)\]}\"'`*,;:!?.\u00bb\u2019\u201c\u201d\u203a\xa0]+"
_SPLIT_VERSION: Final = "\\n?".join(VERSION)
RECEIPT: Final = (
    rf"\b{_SPLIT_VERSION}\n?\.\n?((?:[A-Za-z0-9-]\n?){{1,40}})\.\n?((?:[A-Za-z0-9_-]\n?){{1,{MAX_RECEIPT_CHARS}}})\.\n?"
    r"((?:[A-Za-z0-9_-]\n?){85}[A-Za-z0-9_-])[A-Za-z0-9_-]*"
)
"""A whole receipt. A letter more at its end, in the same line, is a part of it, and makes it false."""
CUT: Final = rf"\b{VERSION}\.[A-Za-z0-9-]{{1,40}}\.[A-Za-z0-9_-]{{20}}"
"""The beginning of one."""
ADDRESS: Final = r"https?://(?:(?![\"'<>()\[\]{}])[!-~]){1,400}#r=$"
ALONE: Final = rf"(?:[A-Za-z][A-Za-z0-9+.-]*:|//|\\\\|#r=|{VERSION}\.|pith\.science)[^\"<>|^`{{}}]*"
"""How a text begins that is an address or a receipt itself, and is read to the letter; no address holds these signs."""
EXPRESSIONS: Final = (
    *("REFERENCE", "UNSEEN", "ESCAPED", "ENCODED", "BREAK", "OPENING", "CLOSING"),
    *("RECEIPT", "CUT", "ADDRESS", "ALONE"),
)
"""Those that the page reads with, too."""
REACH: Final = 440
"""Characters before a receipt in which its address begins, breaks among them."""

_SCHEME_AND_HOST: Final = re.compile(r"https?://[!-~]*?(?=[/?#]|$)", re.IGNORECASE)


class Saying(NamedTuple):
    """A receipt, with the address that it stands in; or the one address that the text is."""

    text: str
    whole: bool = True
    """It stands there in one piece. One that was put together from several lines may not be what the sender wrote."""


@struct
class Pasted:
    """What was found in a text."""

    sayings: tuple[Saying, ...]
    """Each once, in the order of the text."""
    cut: bool = False
    """Nothing whole is there, but the beginning of a receipt."""


def read_pasted(text: str) -> Pasted:
    """Returns what a text says of Pith, in its order.

    Args:
        text: any text. One that is an address itself is given back as such, to be read to the letter.
    """
    text = _plain(text)
    stripped = re.sub(rf"{CLOSING}$", "", re.sub(rf"^{OPENING}", "", text.strip()))
    is_short = len(stripped) <= MAX_RECEIPT_CHARS + REACH
    if is_short and re.fullmatch(ALONE, stripped, re.ASCII) and not re.search(r"\s", stripped):
        return Pasted(sayings=(Saying(_small_host(stripped)),))
    lines = re.sub(BREAK, "\n", text)
    found: dict[str, Saying] = {}
    for match in islice(re.finditer(RECEIPT, lines, re.ASCII), _MAX_MATCHES):
        before = lines[max(match.start() - REACH, 0) : match.start()].replace("\n", "")
        start = before.lower().rfind("http")
        address = re.search(ADDRESS, before[start:], re.ASCII | re.IGNORECASE) if start >= 0 else None
        saying = (_small_host(address[0]) if address else "") + match[0].replace("\n", "")
        found.setdefault(saying, Saying(saying, "\n" not in match[0]))
        if len(found) == MAX_CODES:
            break
    linked = {saying.rpartition("#r=")[2] for saying in found if "#r=" in saying}
    cut = not found and re.search(CUT, lines, re.ASCII) is not None
    return Pasted(sayings=tuple(each for saying, each in found.items() if saying not in linked), cut=cut)


_MAX_MATCHES: Final = 10_000


def _plain(text: str) -> str:
    """Returns the text as it was before programs wrote it into something."""
    text = re.sub(REFERENCE, _referred, text)
    text = re.sub(UNSEEN, "", text)
    text = re.sub(ESCAPED, r"\1", text).replace("#r=3D", "#r=")
    return re.sub(ENCODED, lambda match: f" {unquote(match[0])} ", text, flags=re.ASCII | re.IGNORECASE)


def _referred(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name is not None:
        return NAMED_REFERENCES.get(name, match[0])
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if 0x20 <= code < 0x7F else match[0]


def _small_host(address: str) -> str:
    """Returns an address with its scheme and host in small letters, in which they are the same (RFC 3986, 6.2.2.1)."""
    return _SCHEME_AND_HOST.sub(lambda match: match[0].lower(), address, count=1)
