"""Pith Numbers: full number, suffix, short form (docs/reference/format.md, "Digest and number")."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from itertools import islice, product
from typing import Final, Self

from pithtex.errors import MalformedError, UsageError
from pithtex.format.profile import REGISTRY_HOSTS, SHORT_PREFIX
from pithtex.patterns import pattern
from pithtex.structs import struct
from pithtex.text import nearest, shortened

SUFFIX_LENGTH: Final = 26
"""Characters of base32: 130 bits of the digest."""

SHORT_LENGTHS: Final = (8, 12, 16)
_SUFFIX: Final = pattern(r"[A-Z2-7]{26}")
_DIGEST: Final = pattern("[0-9a-f]{64}")
_BASE32: Final = pattern(r"[A-Z2-7]+")
_FULL: Final = pattern(r"pith:([0-9]{4}):([A-Z2-7]{26})")
_SPELLED: Final = pattern(r"(?:pith:)?(?:([0-9]{4}):)?([^:/\s]+)", re.IGNORECASE)
_URL: Final = (  # compiled when first used, as nearly all numbers are given bare
    r"https?://(?P<host>[^/?#@:\\\s]+)/(?:\.well-known/)?pith/(?P<name>[^/?#.\s]+)"
    r"(?:\.json|/bundle\.json|/state\.json|/)?(?:[?#]\S*)?"
)
_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_PAIRS: Final = tuple(first + second for first in _ALPHABET for second in _ALPHABET)
"""What 10 bits are in base32 (RFC 4648, 6)."""
_SHIFTS: Final = tuple(range(120, -1, -10))
LOOK_ALIKES: Final[Mapping[str, str]] = {"0": "O", "1": "IL", "8": "B"}
"""Characters that the alphabet lacks, and the letters that they are read for, the most probable first (RFC 4648, 3.4).

`latex/pith.dtx` guesses by the same table.
"""
_MOST_EDITS: Final = 3
"""A text this near to a number was meant to be it: by chance, not one in 10**30 is so near."""


@struct(kw_only=False)
class PithNumber:
    """A Pith Number; `year` is None if only the suffix is known.

    The year is not covered by the digest, and of a suffix nothing is proven: both are names until a record is verified.
    """

    suffix: str
    year: int | None = None

    def __post_init__(self) -> None:
        if not all(map(isinstance, (self.suffix, self.year), (str, int | None))):
            raise UsageError("a Pith Number is a text of 26 characters and a year")
        if not _SUFFIX.fullmatch(self.suffix) or not (self.year is None or 0 <= self.year <= 9999):
            raise MalformedError(f"{self.suffix!r} ({self.year!r}) is not a Pith Number")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a number as people write it: full, bare suffix, `pith:` spelling, page URL; lower case is raised.

        Raises:
            MalformedError: with a hint that names the likely intended number where one stands out.
            UsageError: not a text.
        """
        if not isinstance(text, str):
            raise UsageError(f"expected a string, not {type(text).__name__}")
        stripped = text.strip()
        url = re.fullmatch(_URL, stripped, re.IGNORECASE) if "/" in stripped else None
        if url is not None and url["host"].lower() in REGISTRY_HOSTS:
            stripped = url["name"]
        spelled = _SPELLED.fullmatch(stripped)
        if spelled is None:
            raise _malformed(text, None)
        year, suffix = spelled.groups()
        if suffix.isascii() and _SUFFIX.fullmatch(suffix.upper()):
            return cls(suffix.upper(), int(year) if year else None)
        raise _malformed(text, suffix)

    @classmethod
    def parse_exact(cls, text: str) -> Self:
        """Reads a number as documents write it: `pith:YYYY:` and the suffix, or the bare suffix, to the letter.

        Raises:
            MalformedError: anything else, with a hint where a likely number stands out.
        """
        exact = cls.exact(text)
        if exact is None:
            raise _malformed(text, suffix_in(text))
        return exact

    @classmethod
    def exact(cls, text: str) -> Self | None:
        """Returns the same; None for anything else."""
        full = _FULL.fullmatch(text)
        if full is not None:
            return cls(full[2], int(full[1]))
        return cls(text) if _SUFFIX.fullmatch(text) else None

    @classmethod
    def from_digest(cls, digest_hex: str, year: int | None) -> Self:
        """Returns the number of a digest: the first 130 bits in RFC 4648 base32.

        Args:
            digest_hex: 64 lower-case hex digits.
            year: the year of submission, which the digest does not cover at this place.

        Raises:
            MalformedError: not 64 lower-case hex digits.
            UsageError: not a text, or a year that is not a number.
        """
        if not isinstance(digest_hex, str):
            raise UsageError(f"expected a digest in hex, not {type(digest_hex).__name__}")
        if not _DIGEST.fullmatch(digest_hex):
            raise MalformedError(f"{digest_hex!r} is not a SHA-256 in lower-case hex")
        bits = int(digest_hex[:33], 16) >> 2  # 33 digits are 132 bits
        return cls("".join([_PAIRS[bits >> shift & 1023] for shift in _SHIFTS]), year)

    @property
    def full(self) -> str:
        """`pith:YYYY:<26>`, or the bare suffix where the year is not known."""
        return self.suffix if self.year is None else f"pith:{self.year:04d}:{self.suffix}"

    @property
    def short(self) -> str:
        """`pith:` and the first 8 characters: a name for people that proves nothing."""
        return f"{SHORT_PREFIX}{self.suffix[:8]}"

    def agrees_with(self, other: PithNumber) -> bool:
        """Same suffix, and the same year where both have one (docs/reference/pdf-profile.md)."""
        years = {self.year, other.year} - {None}
        return self.suffix == other.suffix and len(years) < 2

    def __str__(self) -> str:
        return self.full


@struct(kw_only=False)
class ShortForm:
    """The first 8, 12 or 16 characters of a suffix: a name for people, which anyone can grind a match for."""

    text: str

    def __post_init__(self) -> None:
        if len(self.text) not in SHORT_LENGTHS or not _BASE32.fullmatch(self.text):
            raise MalformedError(f"{self.text!r} is not a short form of a Pith Number", rule="malformed-number")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a short form as people write it, `pith:` in front or not, lower case raised.

        Raises:
            MalformedError: not 8, 12 or 16 characters of the alphabet.
        """
        bare = text.strip()
        bare = bare[5:] if bare.lower().startswith("pith:") else bare
        return cls(bare.upper() if bare.isascii() else bare)

    def names(self, number: PithNumber) -> bool:
        """Tells whether it could mean this number. It never proves that it does."""
        return number.suffix.startswith(self.text)

    def __str__(self) -> str:
        return f"{SHORT_PREFIX}{self.text}"


def suffix_in(stated: str | None) -> str:
    """Returns the suffix of a number as a document states it, whether or not it is one: what follows the last colon."""
    return (stated or "").rpartition(":")[2]


def likely_number(text: str, known: Iterable[PithNumber] = ()) -> PithNumber | None:
    """Returns the number that a mistyped text was certainly meant to be; None if that cannot be told.

    A number that is known settles it, where the text is the number's short form or at most three edits away from it,
    and no other known number is as near. Else the text must be a number in another spelling, or allow one reading only.

    Args:
        text: what stands in place of a number.
        known: the numbers of verified records.
    """
    spelled = _ascii_lookalike(re.split("[:/]", "".join(text.split()))[-1]).upper()
    read = "".join(LOOK_ALIKES.get(char, char)[0] for char in spelled if char.isalnum())
    by_suffix = {number.suffix: number for number in known}
    near = nearest(read, by_suffix, most=_MOST_EDITS)
    if len(read) in SHORT_LENGTHS:
        near += [suffix for suffix in by_suffix if suffix.startswith(read)]
    if near:
        return by_suffix[near[0]] if len(near) == 1 else None
    try:
        return PithNumber.parse(text)
    except MalformedError as error:
        return PithNumber(error.likely[0]) if len(error.likely) == 1 else None


def _malformed(text: str, suffix: str | None) -> MalformedError:
    what = f"{shortened(text)!r} is not a Pith Number"
    expected = "a Pith Number is 26 characters from A-Z and 2-7, with or without pith:YYYY: in front"
    if suffix is None:
        return _error(what, expected)
    likely = _readings(suffix)
    if likely and likely[0] != suffix:
        odd = sorted({char for char, plain in zip(suffix, likely[0], strict=False) if char != plain})
        named = ", ".join(f"{char!r}" if char.isascii() else f"U+{ord(char):04X}" for char in odd)
        return _error(f"{what}: {named} cannot occur", f"did you mean {likely[0]}? {expected}", likely)
    if re.fullmatch("[A-Z2-7]{8,16}", suffix.upper()):
        return _error(f"{shortened(text)!r} is a short form, which names but does not prove", "give all 26 characters")
    if len(suffix) != SUFFIX_LENGTH:
        return _error(f"{what}: {len(suffix)} characters, not 26", expected)
    return _error(what, expected)


def _error(message: str, hint: str, likely: tuple[str, ...] = ()) -> MalformedError:
    return MalformedError(message, hint=hint, rule="malformed-number", likely=likely)


def _readings(suffix: str) -> tuple[str, ...]:
    """Returns the suffixes that this can be read as, the most probable first; of many, the first two."""
    plain = _ascii_lookalike(suffix).upper()
    if len(plain) != SUFFIX_LENGTH:
        return ()
    choices = product(*(LOOK_ALIKES.get(char, char) for char in plain))
    return tuple(filter(_SUFFIX.fullmatch, ("".join(chars) for chars in islice(choices, 2))))


_GREEK_AND_CYRILLIC: Final = str.maketrans(
    "АВЕЅІЈКМНОРСТХУԚԜΑΒΕΖΗΙΚΜΝΟΡΤΥΧасеорхуіјѕ", "ABESIJKMHOPCTXYQWABEZHIKMNOPTYXaceopxyijs"
)


def _ascii_lookalike(text: str) -> str:
    """Returns the ASCII text that a person would read: full-width, styled, Cyrillic and Greek look-alikes replaced."""
    return unicodedata.normalize("NFKC", text).translate(_GREEK_AND_CYRILLIC)
