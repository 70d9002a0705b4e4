"""Searches the text of a PDF's objects for what may carry a number: link addresses, badges' names, entries of Info."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pithtex.format.badge_link import NAME_LIKE, address_text, names_pith
from pithtex.pdf.lane.forms import HEX, STRING, WHITE, OddError, string_bytes

_INFO: Final = b"/Pith"
"""What `INFO_NUMBER` and `INFO_RECEIPT` begin with."""
_VALUES: Final = {
    # What stands behind it: a string; what shows that it is not one: a longer name, or the name is a value itself. All
    # else is odd, and nothing is taken. It is looked at and not eaten, so that each place is seen.
    key: re.compile(
        re.escape(key)
        + rb"(?=([^\0\t\n\f\r ()<>\[\]{}/%]|[\0\t\n\f\r ]*+(?:"
        + STRING
        + rb"|"
        + HEX
        + rb"|/|>>|<<))|)",
        re.DOTALL,
    )
    for key in (b"/URI", b"/NM")
}
_PLAIN: Final = re.compile(rb"[\n\x21-\x24\x26-\x7e ]*+")
"""Addresses of printable ASCII without per cent signs, one a line."""
_LIKE: Final = re.compile(NAME_LIKE.encode() + rb"|r=p1\.|pith")
_ESCAPED: Final = re.compile(rb"#[2-7][0-9A-Fa-f]")
_NAME: Final = re.compile(rb"/[^\0\t\n\f\r ()<>\[\]{}/%]++")
_LONGEST: Final = 40
"""Bytes of the longest of these names with every letter escaped."""


def speaks(text: bytes) -> bool:
    """Tells whether a text of objects has something in it that speaks of Pith, read from any place in it on.

    Raises:
        OddError: a value that matters is not a plain string.
    """
    if _INFO in text or _has_hidden_name(text):
        return True
    values = {value for key, pattern in _VALUES.items() if key in text for value in pattern.findall(text)}
    if b"" in values:
        raise OddError
    return _any_speaks(
        value for value in (found.lstrip(WHITE) for found in values) if value.endswith((b")", b">")) and value != b">>"
    )


def _any_speaks(literals: Iterable[bytes]) -> bool:
    plain = []
    for literal in literals:
        value = literal[1:-1] if literal[:1] == b"(" and b"\\" not in literal else string_bytes(literal)
        if b"\r" in value:
            raise OddError
        plain.append(value)
    joined = b"\n".join(plain)
    if _PLAIN.fullmatch(joined) and not _LIKE.search(joined.lower()):
        return False
    return any(_speaks(value) for value in plain)


def _speaks(value: bytes) -> bool:
    text = address_text(value)
    return names_pith(text) or "pith" in text.casefold()


def _has_hidden_name(text: bytes) -> bool:
    """Tells whether one of the names that matter stands there with a letter as `#` and two digits (7.3.5)."""
    at = text.find(b"#")
    if at < 0:
        return False
    for match in _ESCAPED.finditer(text, at):
        start = text.rfind(b"/", max(0, match.start() - _LONGEST), match.start())
        name = _NAME.match(text, start) if start >= 0 else None
        if name is not None and name.end() > match.start():
            plain = _ESCAPED.sub(lambda found: bytes((int(found[0][1:], 16),)), name[0])
            if plain in _VALUES or plain.startswith(_INFO):
                return True
    return False
