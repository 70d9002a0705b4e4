"""One signature of a document: its fields, its key, and whether it holds."""

from __future__ import annotations

from pithtex.catalogue import finding
from pithtex.findings import Status
from pithtex.format.keys import Key, Keyring
from pithtex.format.record import Signature
from pithtex.structs import NamedTuple
from pithtex.verification.checks import Check, Diary, Redo, judged


class ExaminedSignature(NamedTuple):
    """A signature beside what it must be of: of receipts, events, bundles (docs/reference/format.md, "Signatures").

    Only the shape of what was hashed tells the three kinds apart, so `signed_message` is held to its kind.
    """

    name: str
    """How the checks are to be called."""
    signature: Signature
    """What the document carries."""
    digest: str
    """The digest that must have been signed, recomputed, in hex."""
    signs: str
    """What `signed_message` must say."""
    rule: str
    """The finding when the signature does not hold."""
    redo_key: Redo | None = None
    """How the key can be looked up elsewhere, where it can."""


def signature_checks(examined: ExaminedSignature, keyring: Keyring, diary: Diary) -> None:
    """The fields, the key, the signature.

    Args:
        examined: the signature, and what it must be of.
        keyring: the keys to trust.
        diary: where the checks go.
    """
    name, signature, digest, signs, rule, redo_key = examined
    where = signature.where
    diary.fields(
        name,
        where,
        (
            ("algorithm", "ed25519", signature.algorithm),
            ("signed_message", signs, signature.signed_message),
            ("signature_status", "signed_v1", signature.status),
        ),
    )
    trusted = keyring.get(signature.key_id)
    if trusted is None:
        diary.add(_unknown_key(name, signature, redo_key))
        return
    _key_checks(name, signature, trusted, diary, redo_key)
    holds = trusted.verifies(bytes.fromhex(digest), signature.signature)
    diary.compare(
        holds,
        lambda: judged(
            f"{name} signature",
            f"Ed25519 by {trusted.key_id} over the 32 bytes {digest[:16]}...",
            holds=holds,
            rule=rule,
            where=f"{where}.signature_b64",
            inputs=(("public key", trusted.hex), ("message", digest), ("signature", signature.signature.hex())),
            redo=Redo.SIGNATURE,
        ),
    )


def _unknown_key(name: str, signature: Signature, redo: Redo | None) -> Check:
    where = f"{signature.where}.key_id"
    message = f"the key {signature.key_id!r} is not trusted here, so its signature proves nothing"
    hint = "if you know whose key it is, get it from them, not from the document, and give it as --key FILE"
    problem = finding("unknown-key", message, where=where, hint=hint)
    return Check(f"{name} key", Status.UNAVAILABLE, message, where, finding=problem, redo=redo)


def _key_checks(name: str, signature: Signature, trusted: Key, diary: Diary, redo: Redo | None) -> None:
    where = signature.where
    ended = ended_key(name, trusted, f"{where}.key_id", redo)
    if ended is not None:
        # The first of two `key` checks, so that it speaks for the key (docs/reference/keys.md, "Revocation").
        diary.add(ended)
    if signature.fingerprint is not None:
        diary.equal(
            f"{name} key",
            f"fingerprint of {trusted.key_id} ({trusted.origin})",
            trusted.fingerprint_hex,
            signature.fingerprint,
            rule="fingerprint-mismatch",
            where=f"{where}.public_key_fingerprint",
            redo=redo,
        )
    elif ended is None:
        diary.held(f"{name} key", f"{trusted.key_id} ({trusted.origin})", f"{where}.key_id", redo)


def ended_key(name: str, trusted: Key, where: str, redo: Redo | None = None) -> Check | None:
    """Returns what is to be said of a key that is revoked, which fails, or expired, which proves nothing; else None.

    docs/reference/keys.md, "Revocation" and "Expiry".

    Args:
        name: of the signature.
        trusted: the key of the keyring.
        where: the JSON path of its id.
        redo: how the key can be looked up elsewhere, where it can.
    """
    if trusted.revoked:
        since = "" if trusted.revoked_at is None else f" since {trusted.revoked_at.isoformat()}"
        message = f"{trusted.key_id} is revoked{since} ({trusted.origin}), and nothing proves this signature older"
        return judged(f"{name} key", message, holds=False, rule="key-revoked", where=where, redo=redo)
    if trusted.expired and trusted.expires_at is not None:
        since = trusted.expires_at.isoformat()
        message = f"{trusted.key_id} expired at {since} ({trusted.origin}), and nothing proves this signature older"
        problem = finding("key-expired", message, where=where, hint="get the registry's current keys")
        return Check(f"{name} key", Status.UNAVAILABLE, message, where, finding=problem, redo=redo)
    return None
