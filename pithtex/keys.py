"""Registry keys and the keyring: the only source of trust (SPEC: Receipt)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One Ed25519 public key (RFC 8032) that the verifier trusts under a `key_id`."""

    key_id: str
    public_key: bytes
    """32 bytes."""
    origin: str
    """Where the verifier has it from; never a document under test."""

    def __post_init__(self) -> None:
        if len(self.public_key) != 32:
            raise ValueError(f"an Ed25519 public key has 32 bytes, this one {len(self.public_key)}")

    @property
    def hex(self) -> str:
        """The key in lower-case hex."""
        return self.public_key.hex()

    @property
    def fingerprint_hex(self) -> str:
        """The first 16 bytes of SHA-256 of the key, in hex: what receipts carry."""
        return hashlib.sha256(self.public_key).hexdigest()[:32]

    @property
    def fingerprint_base32(self) -> str:
        """The first 26 characters of the base32 of the whole SHA-256: 130 bits, whatever the field's name says."""
        return base64.b32encode(hashlib.sha256(self.public_key).digest()).decode("ascii")[:26]

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Whether `signature` is this key's Ed25519 signature of `message`.

        libsodium's rules: small-order keys and points and a non-canonical S are refused (RFC 8032, 5.1.7).
        """
        # Imported here because listing keys or printing help needs no cryptography.
        from nacl.exceptions import CryptoError
        from nacl.signing import VerifyKey

        try:
            VerifyKey(self.public_key).verify(message, signature)
        except CryptoError:
            return False
        return True


class Keyring:
    """The keys a verifier trusts, by `key_id`. Immutable."""

    __slots__ = ("_keys",)

    def __init__(self, keys: Iterable[Key]) -> None:
        self._keys: dict[str, Key] = {}
        for key in keys:
            if self._keys.setdefault(key.key_id, key).public_key != key.public_key:
                raise ValueError(f"two different keys with the id {key.key_id}")

    def get(self, key_id: str) -> Key | None:
        """The trusted key of that id, or None."""
        return self._keys.get(key_id)

    def __iter__(self) -> Iterator[Key]:
        return iter(self._keys.values())

    def __len__(self) -> int:
        return len(self._keys)


PINNED_KEY: Final = Key(
    key_id="pith-v1-2026-05",
    public_key=bytes.fromhex("b2d552b68890857171a78b36a5dccf368a953413288c353f7c9d9d6f94b709b3"),
    origin="pinned in pithtex",
)
"""The registry's key, as published at https://pith.science/pith-signing-key.json (SPEC: Receipt)."""


def default_keyring() -> Keyring:
    """The keyring used where the caller gives none: the pinned registry key."""
    return Keyring([PINNED_KEY])
