"""One signature of a document: its fields, its key, and whether it holds."""

from __future__ import annotations

from pithtex.catalogue import finding
from pithtex.findings import Status
from pithtex.format.keys import Keyring
from pithtex.format.record import Signature
from pithtex.verify.checks import Check, Log, held, judged


def signature_checks(
    name: str, signature: Signature, digest: str, keyring: Keyring, log: Log, *, signs: str, rule: str
) -> None:
    """The fields, the key, the signature: the same for receipts, events and bundles (SPEC: Receipt).

    Only the shape of what was hashed tells the three kinds apart, so `signed_message` is held to its kind.

    Args:
        name: how the checks are to be called.
        signature: what the document carries.
        digest: the digest that must have been signed, recomputed, in hex.
        keyring: the keys to trust.
        log: where the checks go.
        signs: what `signed_message` must say.
        rule: the finding when the signature does not hold.
    """
    where = signature.where
    log.fields(
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
        message = f"key {signature.key_id!r} is not in the keyring, so its signature proves nothing"
        log.add(
            Check(
                name=f"{name} key",
                status=Status.UNAVAILABLE,
                said=message,
                where=f"{where}.key_id",
                finding=finding(
                    "unknown-key",
                    message,
                    where=f"{where}.key_id",
                    hint="a key is trusted only when it comes from outside the document; see `pithtex keys`",
                ),
            )
        )
        return
    if trusted.revoked:
        # First of the two `key` checks, so that it is the one that speaks for the key (docs/keys.md: Revocation).
        since = "" if trusted.revoked_at is None else f" since {trusted.revoked_at.isoformat()}"
        message = f"{trusted.key_id} is revoked{since} ({trusted.origin}), and nothing proves this signature older"
        log.add(judged(f"{name} key", message, holds=False, rule="key-revoked", where=f"{where}.key_id"))
    if signature.fingerprint is not None and (log.keeps or signature.fingerprint != trusted.fingerprint_hex):
        log.equal(
            f"{name} key",
            f"fingerprint of {trusted.key_id} ({trusted.origin})",
            trusted.fingerprint_hex,
            signature.fingerprint,
            rule="fingerprint-mismatch",
            where=f"{where}.public_key_fingerprint",
        )
    elif log.keeps and not trusted.revoked:
        log.add(held(f"{name} key", f"{trusted.key_id} ({trusted.origin})", f"{where}.key_id"))
    holds = trusted.verifies(bytes.fromhex(digest), signature.signature)
    if holds and not log.keeps:
        return
    log.add(
        judged(
            f"{name} signature",
            f"Ed25519 by {trusted.key_id} over the 32 bytes {digest[:16]}...",
            holds=holds,
            rule=rule,
            where=f"{where}.signature_b64",
            inputs=(
                ("public key", trusted.hex),
                ("message", digest),
                ("signature", signature.signature.hex()),
            ),
        )
    )
