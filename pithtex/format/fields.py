"""Reading typed fields out of a JSON object, with errors that carry the JSON path."""

from __future__ import annotations

import binascii
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeGuard

from pithtex.errors import MalformedError
from pithtex.patterns import pattern
from pithtex.text import shortened

Json = Mapping[str, object]

HEX_256 = pattern("[0-9a-f]{64}")
_CLOCK = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?"
UTC_TIME = pattern(_CLOCK + "Z")
ZONED_TIME = pattern(_CLOCK + "(?:Z|[+-][0-9]{2}:[0-9]{2})")
"""Times of RFC 3339, 5.6, in the spellings that documents use: upper case, and at most nine digits of a second."""
_SPELLED = {UTC_TIME: "YYYY-MM-DDTHH:MM:SSZ", ZONED_TIME: "YYYY-MM-DDTHH:MM:SS+HH:MM"}
"""What messages say in the place of a long pattern."""
KEY_ID = pattern("[A-Za-z0-9-]{1,40}")


def is_object(value: object) -> TypeGuard[dict[str, object]]:
    """Tells whether a JSON value is an object."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[object]]:
    """Tells whether a JSON value is a list."""
    return isinstance(value, list)


def read_time(text: str, where: str) -> datetime:
    """Returns the time, in UTC, that a text of the form `UTC_TIME` or `ZONED_TIME` gives.

    Raises:
        MalformedError: there is no such day or hour: year 0, hour 24 and second 60 among them.
    """
    try:
        if text[11:13] == "24":  # the end of a day, which Python takes since 3.14
            raise ValueError
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise MalformedError("not a date and time", where=where) from error


class Fields:
    """A JSON object under its path. Each getter returns the typed value or raises `MalformedError` with the path."""

    __slots__ = ("raw", "where")

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, dict):
            raise MalformedError(f"expected an object, found {_kind(value)}", where=where or "(document)")
        self.raw: Json = value
        self.where = where

    def path(self, key: str) -> str:
        """Returns the JSON path of a field."""
        return f"{self.where}.{key}" if self.where else key

    def exactly(self, keys: frozenset[str]) -> None:
        """Requires just these keys.

        Raises:
            MalformedError: a key is missing, or there is one more.
        """
        if self.raw.keys() == keys:
            return
        missing = sorted(key for key in keys if key not in self.raw)
        if missing:
            raise MalformedError(f"the key {missing[0]!r} is missing", where=self.where)
        extra = min(key for key in self.raw if key not in keys)
        raise MalformedError(f"unexpected key {extra!r}", where=self.where)

    def text(self, key: str, pattern: re.Pattern[str] | None = None) -> str:
        """Returns a string, of the whole pattern if one is given."""
        value = self.raw.get(key)
        if not isinstance(value, str):
            value = self._get(key)  # which says so where there is none
            raise MalformedError(f"expected text, found {_kind(value)}", where=self.path(key))
        if pattern is not None and not pattern.fullmatch(value):
            form = _SPELLED.get(pattern, pattern.pattern)
            raise MalformedError(f"{shortened(value)!r} is not of the form {form}", where=self.path(key))
        return value

    def texts_of(self, *keys: str) -> tuple[str, ...]:
        """Returns the strings under several keys."""
        values: list[str] = []
        for key in keys:
            value = self.raw.get(key)
            values.append(value if isinstance(value, str) else self.text(key))  # which says what is wrong
        return tuple(values)

    def optional_text(self, key: str) -> str | None:
        """Returns a string, or None if the field is absent or null."""
        value = self.raw.get(key)
        return value if value is None or isinstance(value, str) else self.text(key)  # which says what is wrong

    def integer(self, key: str, *, least: int) -> int:
        """Returns an integer of at least `least`; true and false are not."""
        value = self._get(key)
        if type(value) is not int:
            raise MalformedError(f"expected an integer, found {_kind(value)}", where=self.path(key))
        if value < least:
            raise MalformedError(f"{value} is less than {least}", where=self.path(key))
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Returns a list of strings."""
        texts: list[str] = []
        for index, item in enumerate(self.items(key)):
            if not isinstance(item, str):
                raise MalformedError(f"expected text, found {_kind(item)}", where=f"{self.path(key)}[{index}]")
            texts.append(item)
        return tuple(texts)

    def items(self, key: str) -> list[object]:
        """Returns a list."""
        value = self._get(key)
        if not isinstance(value, list):
            raise MalformedError(f"expected a list, found {_kind(value)}", where=self.path(key))
        return value

    def optional_children(self, key: str) -> tuple[Fields, ...]:
        """Returns a list of objects, empty if the field is absent or null."""
        if self.raw.get(key) is None:
            return ()
        return tuple(Fields(item, f"{self.path(key)}[{index}]") for index, item in enumerate(self.items(key)))

    def child(self, key: str) -> Fields:
        """Returns an object."""
        return Fields(self._get(key), self.path(key))

    def optional_child(self, key: str) -> Fields | None:
        """Returns an object, or None if the field is absent or null."""
        value = self.raw.get(key)
        return None if value is None else Fields(value, self.path(key))

    def base64_bytes(self, key: str, length: int) -> bytes:
        """Canonical RFC 4648 base64 of exactly `length` bytes."""
        text = self.text(key)
        try:
            value = binascii.a2b_base64(text, strict_mode=True)
        except ValueError as error:
            raise MalformedError("not base64", where=self.path(key)) from error
        if binascii.b2a_base64(value, newline=False).decode("ascii") != text:
            raise MalformedError("not canonical base64", where=self.path(key))
        if len(value) != length:
            raise MalformedError(f"{len(value)} bytes, and {length} are needed", where=self.path(key))
        return value

    def _get(self, key: str) -> object:
        if key not in self.raw:
            raise MalformedError(f"the key {key!r} is missing", where=self.where or "(document)")
        return self.raw[key]


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
