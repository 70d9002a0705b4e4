"""The few forms of a PDF's syntax (ISO 32000-1, 7.3) that the lane reads; whatever else stands there is odd."""

from __future__ import annotations

import re
from collections.abc import Iterator
from mmap import mmap
from typing import Final

from pithtex.structs import NamedTuple

WHITE: Final = b"\0\t\n\f\r "
_WHITE: Final = rb"[\0\t\n\f\r ]"
_REGULAR: Final = rb"[^\0\t\n\f\r ()<>\[\]{}/%]"
_TEXT: Final = rb"[^()\\]++|\\."
STRING: Final = rb"\((?:" + _TEXT + rb"|\((?:" + _TEXT + rb"|\((?:" + _TEXT + rb")*+\))*+\))*+\)"
"""A literal string, its brackets balanced and at most three deep."""
HEX: Final = rb"<[0-9A-Fa-f\0\t\n\f\r ]*+>"
_TOKEN: Final = re.compile(
    _WHITE + rb"*+(?:(<<|>>|[\[\]])|(/" + _REGULAR + rb"*+)|" + STRING + rb"|" + HEX + rb"|(" + _REGULAR + rb"++))",
    re.DOTALL,
)
_BEGIN: Final = re.compile(_WHITE + rb"*+<<")
_CLOSING: Final = {b"<<": b">>", b"[": b"]"}
_STRING: Final = re.compile(STRING, re.DOTALL)
_HEX: Final = re.compile(rb"<[0-9A-Fa-f\0\t\n\f\r ]*+>")
_ATOM: Final = re.compile(rb"[^()<>\[\]{}%\x1c]++|" + STRING + rb"|<[0-9A-Fa-f\0\t\n\f\r ]++>", re.DOTALL)
_LITERAL, _LESS = b"(<"
"""As numbers: to look for one of them in a text is many times as fast as for a text of one byte."""
_OPEN: Final = b"\x1c"
_SHUT: Final = b"\x1d"
"""In place of `<<` and `>>`: characters that no text has."""
_NO_BRACKETS: Final = bytes(set(range(256)) - set(b"()<>[]{}%\x1c\x1d"))
_ESCAPE: Final = re.compile(rb"\\([0-7]{1,3}|\n|.)", re.DOTALL)
_ESCAPED: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b""}
_NO_MORE: Final = rb"(?![^\0\t\n\f\r ()<>\[\]{}/%])"
_NAME: Final = rb"/[^\0\t\n\f\r ()<>\[\]{}/%#]*+"
_INTEGER: Final = rb"[0-9]{1,10}" + _NO_MORE
_REFERENCE: Final = rb"[0-9]{1,10}" + _WHITE + rb"++[0-9]{1,5}" + _WHITE + rb"++R" + _NO_MORE
_SIMPLE: Final = rb"(?:" + rb"|".join((_REFERENCE, _INTEGER, _NAME, HEX)) + rb")"
_ARRAY: Final = rb"\[(?>(?:" + _WHITE + rb"++|" + _SIMPLE + rb")*)\]"
_ENTRY: Final = _WHITE + rb"*+(" + _NAME + rb")" + _WHITE + rb"*+(" + _SIMPLE + rb"|" + _ARRAY + rb")"
_ENTRIES: Final = re.compile(_ENTRY)
_FLAT: Final = re.compile(_WHITE + rb"*+<<((?>(?:" + _ENTRY + rb")*))" + _WHITE + rb"*+>>")
"""A dictionary of the simplest entries alone: most are."""
_WORD: Final = re.compile(rb"[+-]?[0-9.]{1,12}|true|false|null")
_MAX_TOKENS: Final = 10_000
"""Of one dictionary: a catalog has some dozens, a node of the page tree one for each number of a thousand kids."""
_MAX_DEPTH: Final = 30


class OddError(Exception):
    """The file is not of the forms that are understood here: it goes the whole way."""


class Reference(NamedTuple):
    """An indirect reference (7.3.10)."""

    number: int
    generation: int


Data = bytes | mmap


def read_dictionary(data: Data, at: int = 0) -> tuple[dict[bytes, bytes], int]:
    """Returns the entries of the dictionary that begins there, but for white space, and where it ends.

    A value is the bytes that stand there.

    Raises:
        OddError: it is not a dictionary, has a key twice or an escaped name, or is longer than one read here may be.
    """
    flat = _FLAT.match(data, at)
    if flat is None:
        return _read_nested(data, at)
    found = _ENTRIES.findall(flat[1])
    entries = dict(found)
    if len(entries) != len(found):
        raise OddError
    return entries, flat.end()


def _read_nested(data: Data, at: int) -> tuple[dict[bytes, bytes], int]:
    begin = _BEGIN.match(data, at)
    if begin is None:
        raise OddError
    at, start = begin.end(), 0
    items: list[bytes] = []
    closing = [b">>"]
    for match in _tokens(data, at):
        at = match.end()
        bracket, name, word = match.groups()
        if bracket is None:
            _refuse_unknown(name, word)
            if len(closing) == 1:
                items.append(match[0].lstrip(WHITE))
        elif bracket in _CLOSING:
            closing.append(_CLOSING[bracket])
            start = match.start(1) if len(closing) == 2 else start
        elif closing.pop() != bracket:
            raise OddError
        elif not closing:
            return _paired(items), at
        elif len(closing) == 1:
            items.append(data[start:at])
        if len(closing) > _MAX_DEPTH:
            raise OddError
    raise OddError


def _tokens(data: Data, at: int) -> Iterator[re.Match[bytes]]:
    for _ in range(_MAX_TOKENS):
        match = _TOKEN.match(data, at)
        if match is None:
            raise OddError
        at = match.end()
        yield match


def _refuse_unknown(name: bytes | None, word: bytes | None) -> None:
    if name is not None and b"#" in name:
        raise OddError
    if word is not None and word != b"R" and not _WORD.fullmatch(word):
        raise OddError


def _paired(items: list[bytes]) -> dict[bytes, bytes]:
    """Keys and values; three items that are a reference are one value."""
    entries: dict[bytes, bytes] = {}
    at = 0
    while at < len(items):
        key = items[at]
        if not key.startswith(b"/") or key in entries or at + 1 == len(items):
            raise OddError
        if at + 3 < len(items) and items[at + 3] == b"R":
            entries[key] = b" ".join(items[at + 1 : at + 4])
            at += 4
        else:
            entries[key] = items[at + 1]
            at += 2
    return entries


def reference(value: bytes | None) -> Reference | None:
    """Returns the reference that a value is; None if it is something else, or missing."""
    parts = (value or b"").split()
    if len(parts) != 3 or parts[2] != b"R":
        return None
    return Reference(whole(parts[0]), whole(parts[1]))


def whole(value: bytes | None) -> int:
    """Returns a number that is whole and not negative.

    Raises:
        OddError: it is not one.
    """
    if value is None or not value.isdigit() or len(value) > 10:
        raise OddError
    return int(value)


def are_closed(bodies: list[bytes]) -> bool:
    """Tells whether each of these texts of objects is closed in itself: whoever reads one stops before its end.

    Errs towards no: with a comment, with a brace.
    """
    plain = [body for body in bodies if _LITERAL not in body]
    if len(plain) == len(bodies):
        return _are_closed(plain, _HEX)
    # Which of two marks comes first tells what the other is: texts with both kinds of strings are read in order.
    literal: list[bytes] = []
    mixed: list[bytes] = []
    for body in bodies:
        if _LITERAL in body:
            (mixed if _LESS in body.replace(b"<<", b"") else literal).append(body)
    return _are_closed(plain, _HEX) and _are_closed(literal, _STRING) and _are_closed(mixed, _ATOM)


def _are_closed(bodies: list[bytes], strings: re.Pattern[bytes]) -> bool:
    text = b"{".join(bodies)
    boundaries = b"{" * (len(bodies) - 1)
    if _OPEN in text or _SHUT in text or (strings is not _HEX and text.count(b"{") != len(boundaries)):
        return False  # with the latter, a string may reach into the next text
    # What `<<` is must be known before strings are taken out, and two signs apart must not come together by that.
    left = text.replace(b"<<", _OPEN)
    if strings is not _HEX or _LESS in left:
        left = strings.sub(b" ", left)
    left = left.replace(b">>", _SHUT).translate(None, _NO_BRACKETS)
    for _ in range(_MAX_DEPTH):
        if len(left) <= len(boundaries):
            return left == boundaries
        left = left.replace(_OPEN + _SHUT, b"").replace(b"[]", b"")
    return False


def string_bytes(literal: bytes) -> bytes:
    """Returns what a literal or hexadecimal string, with its brackets, stands for (7.3.4).

    Raises:
        OddError: readers may take it in several ways: a carriage return, an octal number of more than a byte.
    """
    inside = literal[1:-1]
    if literal[:1] == b"<":
        digits = inside.translate(None, WHITE)
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
    if b"\r" in inside:
        raise OddError
    return _ESCAPE.sub(_unescaped, inside) if b"\\" in inside else inside


def _unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    if not code.isdigit() or code in (b"8", b"9"):
        return _ESCAPED.get(code, code)
    value = int(code, 8)
    if value > 0xFF:
        raise OddError
    return bytes((value,))
