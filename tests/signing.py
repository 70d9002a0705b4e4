"""Documents signed by a key of the tests' own, in every shape that the registry uses."""

from __future__ import annotations

import base64
import copy
import hashlib
from typing import Any

from nacl.signing import SigningKey

import pithtex
from pithtex.format.keys import PINNED_KEY, Key, Keyring

TEST_KEY = SigningKey(hashlib.sha256(b"pithtex test key").digest())
OTHER_KEY = SigningKey(hashlib.sha256(b"pithtex other test key").digest())
TEST_KEY_ID = "test-key-1"


def keyring(key: SigningKey = TEST_KEY, key_id: str = TEST_KEY_ID) -> Keyring:
    """A keyring that trusts a test key, and nothing else."""
    return Keyring([Key(key_id=key_id, public_key=bytes(key.verify_key), origin="the tests")])


def both() -> Keyring:
    """A keyring that trusts the registry's key and the tests' own."""
    ours = Key(key_id=TEST_KEY_ID, public_key=bytes(TEST_KEY.verify_key), origin="the tests")
    return Keyring([PINNED_KEY, ours])


def sign(digest_hex: str, key: SigningKey = TEST_KEY) -> str:
    """The signature over the 32 raw digest bytes, in base64."""
    return base64.b64encode(key.sign(bytes.fromhex(digest_hex)).signature).decode()


def canonical_record(title: str = "A Title of Some Length for the Tests", **changes: Any) -> dict[str, Any]:
    """A canonical record of version 1.0."""
    metadata = {
        "abstract_canon_sha256": pithtex.abstract_digest("An abstract."),
        "cross_cats_sorted": ["cs.AI"],
        "license": "http://creativecommons.org/licenses/by/4.0/",
        "primary_cat": "cs.DL",
        "submitted_at": "2026-03-04T05:06:07Z",
        "title_canon_sha256": pithtex.title_digest(title),
    }
    source = {"id": "2603.01234", "kind": "arxiv", "version": 1}
    for part in (metadata, source):
        part.update({key: value for key, value in changes.items() if key in part})
    return {"metadata": metadata, "schema_version": "1.0", "source": source}


def signature_fields(digest: str, signs: str, key: SigningKey = TEST_KEY, key_id: str = TEST_KEY_ID) -> dict[str, Any]:
    """The fields that receipts, events and bundles share."""
    return {
        "key_id": key_id,
        "algorithm": "ed25519",
        "signature_b64": sign(digest, key),
        "signed_message": signs,
        "signature_status": "signed_v1",
        "signed_at": "2026-03-05T00:00:00Z",
        "public_key_fingerprint": hashlib.sha256(bytes(key.verify_key)).hexdigest()[:32],
    }


def record_document(
    title: str = "A Title of Some Length for the Tests",
    *,
    canonical: dict[str, Any] | None = None,
    key: SigningKey = TEST_KEY,
    key_id: str = TEST_KEY_ID,
) -> dict[str, Any]:
    """A record document that verifies with `keyring(key, key_id)`."""
    canonical = canonical_record(title) if canonical is None else canonical
    digest = pithtex.digest(canonical)
    metadata = canonical["metadata"]
    number = pithtex.PithNumber.from_digest(digest, int(metadata["submitted_at"][:4]))
    return {
        "record_type": "pith_number_record",
        "pith_number": number.full,
        "short_pith_number": number.short,
        "schema_version": "1.0",
        "canonical_sha256": digest,
        "canonical_record": canonical,
        "source": copy.deepcopy(canonical["source"]),
        "paper": {
            "title": title,
            "license": metadata["license"],
            "primary_cat": metadata["primary_cat"],
            "cross_cats": list(metadata["cross_cats_sorted"]),
            "submitted_at": metadata["submitted_at"],
            "authors_text": "Ann Author",
        },
        "receipt": {
            "kind": "pith_receipt",
            "receipt_version": "0.3",
            "canonical_sha256": digest,
            **signature_fields(digest, "canonical_sha256_bytes", key, key_id),
        },
    }
