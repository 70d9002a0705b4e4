"""What an audit is made of: the units of its input, and how each is to be judged."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

from pithtex import __version__
from pithtex.format.keys import Keyring
from pithtex.limits import MAX_CHECK_MEMORY, MAX_CHECK_SECONDS
from pithtex.structs import NamedTuple

FORM: Final = 2
"""Of the lines that are written: another one makes all verdicts those of another program."""


class Kind(StrEnum):
    """How a unit is read."""

    FILE = "file"
    ARCHIVE = "archive"
    """A tar or zip file, whose PDFs are its verdicts."""
    PROBLEM = "problem"
    """Nothing can be read: the verdict says why."""


class Piece(NamedTuple):
    """Some members of an archive that are judged together, so that several workers take part and little is lost."""

    begin: int
    """The number of its first member in the archive."""
    end: int | None = None
    """The number of the first member after it; None: all that follow belong to it."""
    offset: int = 0
    """Of a tar: the byte where it can be read from."""
    at: int = 0
    """The number of the member whose header stands there."""
    bounded: bool = False
    """Whether `end` is final; else whoever judges the piece may end it earlier and name what follows."""

    def __str__(self) -> str:
        """As it stands in keys: `57-120`, and `120-` for the last one."""
        return f"{self.begin}-{'' if self.end is None else self.end}"


class Unit(NamedTuple):
    """One input."""

    name: str
    """A path or an address, as the user gave it or as it was found."""
    kind: Kind = Kind.FILE
    size: int = 0
    state: str = ""
    """What is another when the content is: size and time of a file, a tag of an object store. Empty: not known."""
    expect: str = ""
    """The paper that it should be, by a manifest."""
    note: str = ""
    """Of a problem, the reason; else what is wrong with what the manifest says of it."""
    first: int = 0
    """Of an archive: the number of its first member to be judged."""
    piece: Piece | None = None
    """Of an archive: the members that are meant; None: all."""
    data: bytes | None = None
    """The content, where it can be read in this process alone: of `memory://`."""

    @property
    def name_key(self) -> int:
        """The name in 63 bits: a million names have a chance of one in ten million that two are alike."""
        return _bits(self.name.encode("utf-8", "surrogateescape"))

    def state_key(self, fingerprint: bytes) -> int:
        """Content, expectation and the way of judging in 63 bits; 0 where a verdict is not to be kept."""
        if self.kind is Kind.PROBLEM or not self.state:
            return 0
        told = "\0".join((self.kind, self.state, self.expect, self.note)).encode("utf-8", "surrogateescape")
        return _bits(fingerprint + told) or 1


def _bits(data: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big") >> 1


class Key(NamedTuple):
    """What a line is known by: the input, how it was when it was judged, and which piece of it."""

    name: int
    """`Unit.name_key`."""
    state: int
    """`Unit.state_key`."""
    piece: str = ""
    """`Piece` as text, where an archive was judged in pieces."""

    def __str__(self) -> str:
        """As it stands in a line."""
        return f"{self.name:016x}{self.state:016x}{self.piece and f':{self.piece}'}"


@dataclass(frozen=True, kw_only=True)
class Setup:
    """How each PDF is judged: the same for all of an audit, and sent to whoever judges."""

    keyring: Keyring
    records: str | None = None
    """A folder of records and bundles."""
    store: str | None = None
    """The folder of the store, whose records and bundles count."""
    text: bool = False
    """Whether the pages' text is read where nothing else names a number."""
    iscc: bool = False
    """Whether the text of a PDF is made into an ISCC text code."""
    digests: bool = False
    """Whether lines have the SHA-256 of the file."""
    seconds: float = MAX_CHECK_SECONDS
    memory: int = MAX_CHECK_MEMORY
    trap: str = ""
    """A function, as `module:name`, that is called with the bytes of each file first: for tests of what it may do."""

    @cached_property
    def fingerprint(self) -> bytes:
        """What makes verdicts comparable: the program's version and what was asked for."""
        keys = sorted(f"{key.key_id}={key.hex}:{key.expired}:{key.revoked}:{key.revoked_at}" for key in self.keyring)
        told = "\0".join(
            (str(FORM), __version__, str(self.text), str(self.iscc), str(self.digests), str(self.records), *keys)
        )
        return hashlib.blake2b(told.encode("utf-8", "surrogateescape"), digest_size=16).digest()
