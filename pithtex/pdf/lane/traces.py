"""Searches the text of a PDF's objects for what may carry a number: link addresses, badges' names, entries of Info."""

from __future__ import annotations

import re
from typing import Final

from pithtex.format.badge_link import NAME_LIKE, address_text, names_pith
from pithtex.pdf.lane.forms import HEX, STRING, WHITE, OddError, string_bytes

_INFO: Final = b"/Pith"
"""What `INFO_NUMBER` and `INFO_RECEIPT` begin with."""
_KEYS: Final = frozenset({b"/URI", b"/NM"})
_MARKS: Final = re.compile(
    # Behind a key that matters, what stands there: a string; what shows that it is not one: a longer name, or the name
    # is a value itself. All else is odd, and nothing is taken, as behind a name of ours. It is looked at and not eaten,
    # so that each place is seen. One pass for all: with a single letter first, it is as fast as the search for one.
    rb"/(?:Pith|(?:URI|NM)(?=([^\0\t\n\f\r ()<>\[\]{}/%]|[\0\t\n\f\r ]*+(?:" + STRING + rb"|" + HEX + rb"|/|>>|<<))|))",
    re.DOTALL,
)
_PLAIN: Final = re.compile(rb"[\n !-$&-;=-\[\]-~]*+")
"""Literal strings of printable ASCII without per cent signs and escapes, or what shows that there is none."""
_LIKE: Final = re.compile(NAME_LIKE.encode() + rb"|r=p1\.|pith")
_ESCAPED: Final = re.compile(rb"#[2-7][0-9A-Fa-f]")
_NAME: Final = re.compile(rb"/[^\0\t\n\f\r ()<>\[\]{}/%]++")
_LONGEST: Final = 40
"""Bytes of the longest of these names with every letter escaped."""


def speaks(text: bytes) -> bool:
    """Tells whether a text of objects has something in it that may speak of Pith, read from any place in it on.

    Raises:
        OddError: a value that matters is a string that readers may take in several ways.
    """
    values = set(_MARKS.findall(text))
    if b"" in values or _has_hidden_name(text):
        return True
    if _is_plain(b"\n".join(values)):
        return False
    literals = (value.lstrip(WHITE) for value in values if not _is_plain(value))
    return any(_speaks(each) for each in literals if each.endswith((b")", b">")) and each != b">>")


def _is_plain(values: bytes) -> bool:
    return _PLAIN.fullmatch(values) is not None and not _LIKE.search(values.lower())


def _speaks(literal: bytes) -> bool:
    value = string_bytes(literal)
    if b"\r" in value:
        raise OddError
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
            if plain in _KEYS or plain.startswith(_INFO):
                return True
    return False
