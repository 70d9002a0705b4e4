"""The keyring for Python programs: the verifier's own, with constructors."""

from __future__ import annotations

import os
from base64 import b64decode
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Self

from pithtex.api.arguments import PathLike, expect, expect_time, reading
from pithtex.errors import MalformedError, UsageError
from pithtex.format import keys
from pithtex.format.keys import PINNED_KEY, Key

_ORIGIN = "given by the program"


class Keyring(keys.Keyring):
    """The keys a program trusts, by `key_id`. Immutable; the rules of docs/reference/keys.md hold for it.

    Args:
        keys: in the order in which they are to be listed.
        now: the time, with a zone, by which keys have expired; None for not looking.

    Raises:
        UsageError: two different keys have the same id, an argument is of another type, or `now` has no zone.
    """

    __slots__ = ()

    def __init__(self, keys: Iterable[Key] = (), *, now: datetime | None = None) -> None:
        expect(keys, Iterable, "keys", "a list of keys")
        given = tuple(keys)
        for key in given:
            expect(key, Key, "keys", "a list of keys", "Keyring.from_file(path)")
        expect_time(now)
        super().__init__(given, now=now)

    @classmethod
    def from_file(cls, path: PathLike, *, now: datetime | None = None) -> Self:
        """Returns the pinned registry key and the keys of a file, in any form that docs/reference/keys.md describes.

        Args:
            path: the file.
            now: as of the class.

        Raises:
            UsageError: it is not there, holds no keys, or another key under the id of the pinned one.
        """
        from pithtex.system.key_files import read_keys

        expect(path, (str, os.PathLike), "path", "the path of a key file")
        with reading(path):
            return cls((PINNED_KEY, *read_keys(path)), now=now)

    @classmethod
    def configured(cls) -> Self:
        """Returns the keys that the command line trusts by default, from PITHTEX_KEYS and the configuration folder.

        Raises:
            UsageError: a key file is not there, or holds no keys.
        """
        from pithtex.system.key_files import load_keyring

        with reading("configuration"):
            return cls(load_keyring())

    def with_key(self, key: Key | str, public_key: str | bytes | None = None) -> Self:
        """Returns this keyring with one more key.

        Args:
            key: the key, or the id by which receipts name it.
            public_key: of an id, the key itself: 32 bytes, or these in hex or base64.

        Raises:
            MalformedError: no Ed25519 key, or one that nobody should trust.
            UsageError: the keyring has another key of that id, or an argument is of another type.
        """
        return type(self)((*self, key if isinstance(key, Key) else _key(key, public_key)))


@cache
def default_keyring() -> Keyring:
    """Returns the keyring used by default: the pinned registry key."""
    return Keyring((PINNED_KEY,))


def _key(key_id: str, public_key: str | bytes | None) -> Key:
    from pithtex.format.fields import KEY_ID

    expect(key_id, str, "key", "a Key, or its id")
    expect(public_key, (str, bytes), "public_key", "32 bytes, or these in hex or base64", "with_key(id, public_key)")
    if KEY_ID.fullmatch(key_id) is None:
        raise UsageError("a key_id has 1 to 40 letters, digits and hyphens", where="key")
    data = public_key if isinstance(public_key, bytes) else _decoded(str(public_key))
    return Key(key_id=key_id, public_key=data, origin=_ORIGIN)


def _decoded(text: str) -> bytes:
    try:
        return bytes.fromhex(text) if len(text) == 64 else b64decode(text, validate=True)
    except ValueError as error:
        message = "neither 64 hex digits nor the base64 of 32 bytes"
        raise MalformedError(message, where="public_key") from error
