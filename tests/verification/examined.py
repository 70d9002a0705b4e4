"""What the tests of the verifier share: documents with little in them, and the checks of an examination by name."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any

import pithtex
from pithtex.format.compact_receipt import decode_receipt, encode_receipt
from pithtex.verification.checks import Check
from pithtex.verification.record import Examination
from tests import signing

Document = dict[str, Any]


SIGNATURE_PARTS = ("algorithm", "signed_message", "signature_status", "key", "signature")


TITLE = "A Title of Some Length for the Tests"


def signed_part(examination: Examination) -> list[Check]:
    """The checks of the verifier's own steps, without those of the unsigned rest."""
    return [check for check in examination.checks if not check.name.startswith("unsigned ")]


def places(checks: Iterable[Check]) -> list[tuple[str, str, str]]:
    return [(check.name, check.status.value, check.where) for check in checks]


def by_name(examination: Examination) -> dict[str, Check]:
    return {check.name: check for check in examination.checks}


def signature_places(name: str, where: str, key: str = "public_key_fingerprint") -> list[tuple[str, str, str]]:
    fields = (*SIGNATURE_PARTS[:3], key, "signature_b64")
    return [
        (f"{name} {part}", "holds", f"{where}.{field}") for part, field in zip(SIGNATURE_PARTS, fields, strict=True)
    ]


def receipt_places(where: str, key: str = "public_key_fingerprint") -> list[tuple[str, str, str]]:
    return [
        ("receipt kind", "holds", f"{where}.kind"),
        ("receipt receipt_version", "holds", f"{where}.receipt_version"),
        ("receipt digest", "holds", f"{where}.canonical_sha256"),
        *signature_places("receipt", where, key),
    ]


def number_places(aliases: str) -> list[tuple[str, str, str]]:
    kinds = ("arxiv", "arxiv_version", "doi", "pith_short_12", "pith_short_16", "pith_short_8")
    return [
        ("shape", "holds", "canonical_record"),
        ("digest", "holds", "canonical_sha256"),
        ("number", "holds", "pith_number"),
        ("year", "holds", "pith_number"),
        ("short-form", "holds", "short_pith_number"),
        *((f"alias {kind}", "holds", f"{aliases}[{index}]") for index, kind in enumerate(kinds)),
    ]


def snapshot_places(where: str) -> list[tuple[str, str, str]]:
    names = ("claims", "references", "author_claims", "formal_canon", "integrity")
    return [(f"snapshot {name}", "holds", f"{where}.{name}.snapshot_sha256") for name in names]


def compact() -> pithtex.Record:
    document = signing.record_document()
    signature = base64.b64decode(document["receipt"]["signature_b64"])
    canonical = pithtex.load_record(document).canonical
    return decode_receipt(encode_receipt(canonical, signing.TEST_KEY_ID, signature, TITLE))


def bare(**more: Any) -> pithtex.Record:
    """A record document that states no more than it has to."""
    document = signing.record_document()
    kept = ("record_type", "pith_number", "canonical_sha256", "canonical_record")
    return pithtex.load_record({**{key: document[key] for key in kept}, **more})


def signed_event(number: str, kind: str) -> Document:
    body: Document = {
        "schema_version": "1.0",
        "event_type": kind,
        "subject_pith_number": number,
        "target": "record",
        "payload": {},
        "signer": {"key_id": signing.TEST_KEY_ID},
        "created_at": "2026-06-06T00:00:00Z",
        "supersedes": [],
        "prev_event": None,
    }
    digest = pithtex.digest(body)
    signature = signing.signature_fields(digest, "open_graph_event_sha256_bytes")
    return {**body, "content_sha256": digest, "event_id": f"sha256:{digest}", "signature": signature}
