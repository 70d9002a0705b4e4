"""Checks arguments and raises errors of this package for wrong types, wrong values and missing files."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from datetime import datetime

from pithtex.errors import MalformedError, UsageError
from pithtex.format.keys import Keyring, default_keyring

PathLike = str | os.PathLike[str]


def expect(value: object, kinds: type | tuple[type, ...], name: str, wanted: str, hint: str | None = None) -> None:
    """Refuses an argument of another type.

    Args:
        value: the argument.
        kinds: what it may be.
        name: its name, for the message.
        wanted: what it may be, in words.
        hint: how to get one.

    Raises:
        UsageError: it is of another type.
    """
    if not isinstance(value, kinds):
        raise UsageError(f"{wanted} expected, not {type(value).__name__}", where=name, hint=hint)


def texts(values: Iterable[str], name: str) -> tuple[str, ...]:
    """Returns several texts as a tuple. Refuses a single text, which would be read letter by letter.

    Raises:
        UsageError: they are not.
    """
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise UsageError(f"expected a list of strings, not {type(values).__name__}", where=name)
    found = tuple(values)
    for value in found:
        expect(value, str, name, "a list of texts")
    return found


def trusted(keyring: Keyring | None) -> Keyring:
    """Returns the keyring that was given, or one with the pinned registry key.

    Raises:
        UsageError: it is not a keyring.
    """
    if keyring is None:
        return default_keyring()
    expect(keyring, Keyring, "keyring", "a Keyring", "pithtex.Keyring.from_file(path)")
    return keyring


@contextlib.contextmanager
def reading(name: object) -> Iterator[None]:
    """Turns the system's errors in reading files, inside a `with` block, into errors of this package.

    Raises:
        UsageError: a file is not there, or cannot be read.
        MalformedError: a text that cannot be written in UTF-8.
    """
    try:
        yield
    except UnicodeEncodeError as error:
        raise MalformedError("half of a surrogate pair", where=f"character {error.start}") from error
    except OSError as error:
        where = str(error.filename if error.filename is not None else name)
        reason = error.strerror or type(error).__name__
        hint = "give the path of an existing file"
        raise UsageError(reason, where=where, hint=hint, rule="no-input") from error


def expect_time(now: object) -> None:
    """Refuses anything but None or a time with a zone.

    Raises:
        UsageError: it is not.
    """
    if now is None:
        return
    if not isinstance(now, datetime):
        raise UsageError(f"expected a datetime, not {type(now).__name__}", where="now")
    if now.utcoffset() is None:
        raise UsageError("the time needs a time zone", where="now", hint="datetime.now(UTC)")
