"""Registry keys and the keyring: the only source of trust (docs/reference/keys.md)."""

from __future__ import annotations

import hashlib
from base64 import b32encode, b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Final, Self

from pithtex.errors import MalformedError, UsageError
from pithtex.notebook import short_repr
from pithtex.structs import replace, struct

_P: Final = 2**255 - 19
_D: Final = -121665 * pow(121666, -1, _P) % _P
_ORDER_8: Final = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER_Y: Final = frozenset({0, 1, _P - 1, _ORDER_8, _P - _ORDER_8})
"""The y of the eight points whose order divides 8 (RFC 8032, 5.1): such a key accepts signatures that nobody made."""


def _key_fault(public_key: bytes) -> str | None:
    """Returns why these bytes are not key to trust, or None.

    RFC 8032, 5.1.3, to the letter where libraries differ: y below p, no sign bit on an x of zero (both of its points
    are of small order), and a point of the curve: x^2 = (y^2 - 1) / (d y^2 + 1) has a root.
    """
    if len(public_key) != 32:
        return f"an Ed25519 public key has 32 bytes, but this one has {len(public_key)}"
    y = int.from_bytes(public_key, "little") & (2**255 - 1)
    if y >= _P:
        return "not the canonical encoding of a point"
    if y in _SMALL_ORDER_Y:
        return "a point of small order, for which anybody can forge signatures"
    # u / v is a square exactly when u v is (Euler's criterion).
    if pow((y * y - 1) * (_D * y * y + 1), (_P - 1) // 2, _P) != 1:
        return "not a point of the curve"
    return None


@cache
def _sha256(public_key: bytes) -> bytes:
    """Kept, since each receipt states the fingerprint of its key."""
    return hashlib.sha256(public_key).digest()


@cache
def _sodium() -> tuple[Callable[[bytes, bytes], bytes], type[Exception]]:
    """Returns the function `crypto_sign_open` of libsodium, and what it raises at a signature that does not hold.

    Imported when first used, because listing keys or printing help needs no cryptography.
    """
    from nacl.bindings import crypto_sign_open
    from nacl.exceptions import CryptoError

    return crypto_sign_open, CryptoError


@struct
class Key:
    """One Ed25519 public key (RFC 8032) that the verifier trusts under a `key_id`.

    Raises:
        MalformedError: not 32 bytes, no point of the curve, or one of small order; a time without zone.
        UsageError: a field is of another type.
    """

    key_id: str
    public_key: bytes
    """32 bytes."""
    origin: str
    """Where the verifier has it from; never a document under test."""
    rotates_at: datetime | None = None
    """When the registry means to stop signing with it. Shown, and without effect on any verdict."""
    expires_at: datetime | None = None
    """From when on it proves nothing any more."""
    expired: bool = False
    """Whether that time has come, by the clock that the keyring was given."""
    revoked: bool = False
    """Nothing that this key signed counts any more, unless it is proven older than `revoked_at`."""
    revoked_at: datetime | None = None
    """Since when; None if that is not known, so that nothing is proven older."""

    def __post_init__(self) -> None:
        if not all(map(isinstance, (self.key_id, self.origin, self.public_key), (str, str, bytes))):
            raise UsageError("a Key has two texts, its key_id and origin, and 32 bytes, its public_key")
        fault = _key_fault(self.public_key)
        if fault is not None:
            raise MalformedError(f"{self.key_id}: {fault}")
        for moment in (self.rotates_at, self.expires_at, self.revoked_at):
            if moment is not None and moment.utcoffset() is None:
                raise MalformedError(f"{self.key_id}: a time without a zone")
        if self.revoked_at is not None and not self.revoked:
            raise MalformedError(f"{self.key_id}: not revoked, and yet revoked_at is stated")

    @property
    def hex(self) -> str:
        """Returns the key in lower-case hex."""
        return self.public_key.hex()

    @property
    def base64(self) -> str:
        """Returns the key in RFC 4648 base64."""
        return b64encode(self.public_key).decode("ascii")

    @property
    def fingerprint_hex(self) -> str:
        """Returns the first 16 bytes of SHA-256 of the key, in hex: what receipts carry."""
        return _sha256(self.public_key).hex()[:32]

    @property
    def fingerprint_base32(self) -> str:
        """Returns 26 characters of the base32 of the whole SHA-256: 130 bits, despite the field's name."""
        return b32encode(_sha256(self.public_key)).decode("ascii")[:26]

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Tells whether `signature` is this key's Ed25519 signature of `message`. Revocation is not looked at.

        libsodium's rules: small-order keys and points and a non-canonical S are refused (RFC 8032, 5.1.7).
        """
        signature_open, refused = _sodium()
        if len(signature) != 64:
            return False
        try:
            signature_open(signature + message, self.public_key)
        except refused:
            return False
        return True


class Keyring:
    """The keys a verifier trusts, by `key_id`. Immutable.

    A key is its bytes. One that comes several times, under one id or under several, is revoked if any source says so,
    and expires at the earliest time stated: a file can speak against a pinned key, and none can take that back. Two
    different keys under one id are refused, so that no file replaces a pinned key.

    Args:
        keys: in the order in which they are to be listed.
        now: the time, with a zone, by which keys have expired; None for not looking.

    Raises:
        UsageError: two different keys have the same id; both origins are named. `now` has no zone.
    """

    __slots__ = ("_keys",)

    def __init__(self, keys: Iterable[Key], *, now: datetime | None = None) -> None:
        if now is not None and now.utcoffset() is None:
            raise UsageError("the time of a keyring needs a zone")
        given = tuple(keys)
        same_bytes: dict[bytes, list[Key]] = {}
        for key in given:
            same_bytes.setdefault(key.public_key, []).append(key)
        self._keys: dict[str, Key] = {}
        for key in given:
            known = self._keys.get(key.key_id)
            if known is None:
                self._keys[key.key_id] = _united(key, same_bytes[key.public_key], now)
            elif known.public_key != key.public_key:
                raise _replaced(known, key)

    def __repr__(self) -> str:
        return short_repr(self, *self._keys)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Keyring) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def get(self, key_id: str) -> Key | None:
        """Returns the trusted key of that id, revoked or not, or None."""
        return self._keys.get(key_id)

    def for_signatures_made_by(self, moment: datetime) -> Self:
        """This keyring for signatures proven to have existed at `moment`: what ended a key later doesn't matter.

        The proof is the caller's, and must be of the signature itself. A record's `signed_at` is under no signature,
        and a timestamp of its digest proves the digest alone: whoever stole the key may sign an old digest today.

        Raises:
            UsageError: `moment` has no zone.
        """
        if moment.utcoffset() is None:
            raise UsageError("the moment of a proof needs a zone")
        return type(self)(_as_of(moment, key) for key in self)

    def __iter__(self) -> Iterator[Key]:
        return iter(self._keys.values())

    def __len__(self) -> int:
        return len(self._keys)


PINNED_KEY: Final = Key(
    key_id="pith-v1-2026-05",
    public_key=bytes.fromhex("b2d552b68890857171a78b36a5dccf368a953413288c353f7c9d9d6f94b709b3"),
    origin="pinned in pithtex",
)
"""The registry's key, as published at https://pith.science/pith-signing-key.json (docs/reference/keys.md)."""


@cache
def default_keyring() -> Keyring:
    """Returns the keyring used where the caller gives none: the pinned registry key."""
    return Keyring([PINNED_KEY])


def _as_of(moment: datetime, key: Key) -> Key:
    if key.revoked_at is not None and moment < key.revoked_at:
        key = replace(key, revoked=False, revoked_at=None)
    if key.expires_at is not None and moment < key.expires_at:
        key = replace(key, expires_at=None, expired=False)
    return key


def _united(first: Key, same: Sequence[Key], now: datetime | None) -> Key:
    """A key with whatever any source says against its bytes.

    Args:
        first: the key as the first source of its id has it.
        same: all keys of these bytes, whatever their ids.
        now: the time, or None.
    """
    if len(same) == 1 and first.expires_at is None:
        return first
    revocations = [key for key in same if key.revoked]
    dated = [key.revoked_at for key in revocations if key.revoked_at is not None]
    origin = first.origin
    if revocations and not first.revoked:
        origin += f", {_revoked_by(revocations[0], first)}"
    expires_at = min((key.expires_at for key in same if key.expires_at is not None), default=None)
    return replace(
        first,
        origin=first.origin
        if first.revoked or not revocations
        else f"{first.origin}, {_revoked_by(revocations[0], first)}",
        rotates_at=min((key.rotates_at for key in same if key.rotates_at is not None), default=None),
        expires_at=expires_at,
        expired=any(key.expired for key in same) or (now is not None and expires_at is not None and expires_at <= now),
        revoked=bool(revocations),
        # A revocation without a date outweighs one with a date, and an earlier one a later.
        revoked_at=min(dated) if dated and len(dated) == len(revocations) else None,
    )


def _revoked_by(key: Key, first: Key) -> str:
    return f"revoked by {key.origin}" + ("" if key.key_id == first.key_id else f" under the id {key.key_id}")


def _replaced(one: Key, other: Key) -> UsageError:
    return UsageError(
        f"two different keys have the id {one.key_id}: {one.hex} ({one.origin}) and {other.hex} ({other.origin})",
        hint="compare both with the fingerprints that the registry publishes, and remove the other one",
    )
