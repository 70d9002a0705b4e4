"""Forged records and bundles: each must fail, by the fact that was broken."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

import pithtex
from pithtex.errors import MalformedError, PithError, UndecidedError, VerificationError
from pithtex.findings import Status
from pithtex.format.keys import PINNED_KEY
from pithtex.verification.bundle import examine_bundle
from pithtex.verification.record import VerifiedRecord, examine_record
from tests import signing
from tests.conftest import SEEDS

Document = dict[str, Any]
Forge = Callable[[Document], None]


def other_record() -> Document:
    return json.loads((SEEDS / "record-D43WT376.json").read_bytes())


def put(path: str, value: object) -> Forge:
    def forge(document: Document) -> None:
        *parents, last = path.split(".")
        for key in parents:
            document = document[int(key)] if isinstance(document, list) else document[key]
        document[int(last) if isinstance(document, list) else last] = value

    return forge


def resigned(key: Any, key_id: str) -> Forge:
    def forge(document: Document) -> None:
        document["receipt"].update(
            signing.signature_fields(document["canonical_sha256"], "canonical_sha256_bytes", key, key_id)
        )

    return forge


def signature_over_hex(document: Document) -> None:
    signed = signing.TEST_KEY.sign(document["canonical_sha256"].encode()).signature
    document["receipt"]["signature_b64"] = base64.b64encode(signed).decode()


def receipt_of_another(document: Document) -> None:
    document["receipt"] = other_record()["receipt"]


def signature_of_another(document: Document) -> None:
    document["receipt"]["signature_b64"] = other_record()["receipt"]["signature_b64"]


def flipped_signature(document: Document) -> None:
    raw = bytearray(base64.b64decode(document["receipt"]["signature_b64"]))
    raw[5] ^= 1
    document["receipt"]["signature_b64"] = base64.b64encode(bytes(raw)).decode()


def changed_and_rehashed(document: Document) -> None:
    """The attacker changes the record and makes everything unsigned agree with it."""
    document["canonical_record"]["source"]["version"] = 7
    changed = signing.record_document(document["paper"]["title"], canonical=document["canonical_record"])
    for key in ("pith_number", "short_pith_number", "canonical_sha256", "source"):
        document[key] = changed[key]
    document["receipt"]["canonical_sha256"] = changed["canonical_sha256"]
    document["graph_snapshot"]["source"]["version"] = 7
    document["aliases"] = []


def number_of_another(document: Document) -> None:
    document["pith_number"] = other_record()["pith_number"]


def lower_case_number(document: Document) -> None:
    document["pith_number"] = document["pith_number"].lower()


def homoglyph_number(document: Document) -> None:
    document["pith_number"] = document["pith_number"].replace("E", "\u0415", 1)


def another_year(document: Document) -> None:
    document["pith_number"] = document["pith_number"].replace(":2026:", ":2025:")


FORGERIES: dict[str, tuple[Forge, str]] = {
    "digest changed": (put("canonical_sha256", "0" * 64), "digest-mismatch"),
    "digest in upper case": (lambda d: d.update(canonical_sha256=d["canonical_sha256"].upper()), "digest-mismatch"),
    "number of another record": (number_of_another, "number-mismatch"),
    "number in lower case": (lower_case_number, "number-mismatch"),
    "number with a homoglyph": (homoglyph_number, "number-mismatch"),
    "number without prefix": (lambda d: d.update(pith_number=d["pith_number"][10:]), "year-mismatch"),
    "year changed": (another_year, "year-mismatch"),
    "short form of another": (put("short_pith_number", "pith:AAAAAAAA"), "short-form-mismatch"),
    "short alias of another": (put("aliases.4.alias_value", "AAAAAAAAAAAAAAAA"), "short-form-mismatch"),
    "arXiv alias of another": (put("aliases.0.alias_value", "2606.00001"), "alias-mismatch"),
    "arXiv version of another": (put("aliases.1.alias_value", "2606.26666v2"), "alias-mismatch"),
    "DOI of another": (put("aliases.2.alias_value", "10.48550/arxiv.2606.00001"), "alias-mismatch"),
    "schema version restated otherwise": (put("schema_version", "2.0"), "copy-mismatch"),
    "a link to another number": (
        put("links.html", "https://pith.science/pith/CNPMIFD42NONUMCBYNP4XLPY53"),
        "link-mismatch",
    ),
    "source copy changed": (put("source.id", "2606.00001"), "copy-mismatch"),
    "source version as true": (put("source.version", True), "copy-mismatch"),
    "licence copy changed": (put("paper.license", "http://example.org/"), "copy-mismatch"),
    "category copy changed": (put("graph_snapshot.paper.primary_cat", "cs.AI"), "copy-mismatch"),
    "submission date copy changed": (put("paper.submitted_at", "2020-01-01T00:00:00Z"), "copy-mismatch"),
    "title changed": (put("paper.title", "PersistentKV: Another Title"), "title-mismatch"),
    "title changed in one of two places": (put("graph_snapshot.paper.title", "Another"), "copy-mismatch"),
    "title digest changed": (
        put("canonical_record.metadata.title_canon_sha256", "0" * 64),
        "digest-mismatch",
    ),
    "submission date changed": (
        put("canonical_record.metadata.submitted_at", "2026-06-25T06:56:44Z"),
        "digest-mismatch",
    ),
    "record changed, all copies with it": (changed_and_rehashed, "signature-invalid"),
    "signature bit flipped": (flipped_signature, "signature-invalid"),
    "signature of another record": (signature_of_another, "signature-invalid"),
    "receipt of another record": (receipt_of_another, "digest-mismatch"),
    "signature by another key under the trusted id": (
        resigned(signing.OTHER_KEY, PINNED_KEY.key_id),
        "fingerprint-mismatch",
    ),
    "receipt kind changed": (put("receipt.kind", "pith_event"), "receipt-field"),
    "receipt version unknown": (put("receipt.receipt_version", "9.9"), "receipt-field"),
    "algorithm changed": (put("receipt.algorithm", "none"), "receipt-field"),
    "receipt says it signs events": (
        put("receipt.signed_message", "open_graph_event_sha256_bytes"),
        "receipt-field",
    ),
    "receipt says unsigned": (put("receipt.signature_status", "unsigned"), "receipt-field"),
    "fingerprint changed": (put("receipt.public_key_fingerprint", "0" * 32), "fingerprint-mismatch"),
    "snapshot digest changed": (put("graph_snapshot.claims.snapshot_sha256", "0" * 64), "snapshot-mismatch"),
    "integrity findings removed from a digest": (
        put("graph_snapshot.integrity.findings", [{"severity": "critical"}]),
        "snapshot-mismatch",
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_forged_record(name: str, record: Document) -> None:
    forge, code = FORGERIES[name]
    forge(record)
    loaded = pithtex.load_record(record)
    with pytest.raises(VerificationError) as caught:
        pithtex.verify_record(loaded)
    assert not isinstance(caught.value, UndecidedError)
    examination = examine_record(loaded)
    assert examination.status is Status.FAILS
    assert code in {item.name for item in examination.findings}


MALFORMED: dict[str, tuple[Forge, str]] = {
    "a key too many": (put("canonical_record.extra", 1), "record-shape"),
    "a key too few": (lambda d: d["canonical_record"]["metadata"].pop("license"), "record-shape"),
    "a version as text": (put("canonical_record.source.version", "1"), "record-shape"),
    "a version as a float": (put("canonical_record.source.version", 1.0), "record-shape"),
    "a version as true": (put("canonical_record.source.version", True), "record-shape"),
    "licence null": (put("canonical_record.metadata.license", None), "record-shape"),
    "an unknown schema version": (put("canonical_record.schema_version", "2.0"), "record-shape"),
    "categories out of order": (put("canonical_record.metadata.cross_cats_sorted", ["b", "a"]), "record-shape"),
    "an id that is none": (put("canonical_record.source.id", "../../etc/passwd"), "record-shape"),
    "a date that is none": (put("canonical_record.metadata.submitted_at", "2026-13-41T00:00:00Z"), "record-shape"),
    "a date without zone": (put("canonical_record.metadata.submitted_at", "2026-06-25T06:56:43"), "record-shape"),
    "no canonical record": (lambda d: d.pop("canonical_record"), "record-shape"),
    "a short signature": (put("receipt.signature_b64", "AAAA"), "malformed-document"),
    "a signature in loose base64": (
        lambda d: d["receipt"].update(signature_b64=d["receipt"]["signature_b64"][:-2] + "\n=="),
        "malformed-document",
    ),
    "another kind of document": (put("record_type", "pith_something"), "unknown-document"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_record(name: str, record: Document) -> None:
    forge, rule = MALFORMED[name]
    forge(record)
    with pytest.raises(MalformedError) as caught:
        pithtex.load_record(record)
    assert caught.value.finding.name == rule
    assert caught.value.where


def test_an_event_passed_off_as_a_record(record: Document, bundle: Document) -> None:
    """The same key signs events and records alike, and the forged document is consistent in everything but shape."""
    event = bundle["events"][1]
    body = {k: v for k, v in event.items() if k not in {"signature", "content_sha256", "event_id"}}
    digest = pithtex.digest(body)
    assert PINNED_KEY.verifies(bytes.fromhex(digest), base64.b64decode(event["signature"]["signature_b64"]))
    record["canonical_record"] = body
    record["canonical_sha256"] = record["receipt"]["canonical_sha256"] = digest
    record["pith_number"] = pithtex.PithNumber.from_digest(digest, 2026).full
    record["receipt"]["signature_b64"] = event["signature"]["signature_b64"]
    with pytest.raises(MalformedError) as caught:
        pithtex.load_record(record)
    assert caught.value.finding.name == "record-shape"


def test_a_self_signed_record_with_its_own_key_beside_it(record: Document) -> None:
    """A key in the document is not a key: the id is unknown, and nothing is proven."""
    resigned(signing.OTHER_KEY, "attacker-1")(record)
    record["public_keys"] = [{"key_id": "attacker-1", "public_key_hex": bytes(signing.OTHER_KEY.verify_key).hex()}]
    with pytest.raises(UndecidedError) as caught:
        pithtex.verify_record(pithtex.load_record(record))
    assert caught.value.finding.name == "unknown-key"


def test_a_signature_over_the_hex_text_is_none() -> None:
    document = signing.record_document()
    signature_over_hex(document)
    with pytest.raises(VerificationError) as caught:
        pithtex.verify_record(pithtex.load_record(document), signing.keyring())
    assert caught.value.finding.name == "signature-invalid"


def test_without_receipt_nothing_is_proven(record: Document) -> None:
    del record["receipt"]
    with pytest.raises(UndecidedError) as caught:
        pithtex.verify_record(pithtex.load_record(record))
    assert caught.value.finding.name == "no-receipt"


def test_a_contradiction_outranks_an_unknown_key(record: Document) -> None:
    resigned(signing.OTHER_KEY, "attacker-1")(record)
    record["paper"]["title"] = "Another"
    with pytest.raises(VerificationError) as caught:
        pithtex.verify_record(pithtex.load_record(record))
    assert not isinstance(caught.value, UndecidedError)


def test_only_the_verifier_makes_a_verified_record(record: Document) -> None:
    verified = pithtex.verify_record(pithtex.load_record(record))
    forged = copy.deepcopy(record)
    signature = forged["receipt"]["signature_b64"]
    forged["receipt"]["signature_b64"] = ("B" if signature[0] == "A" else "A") + signature[1:]
    assert VerifiedRecord(record=verified.record, key=verified.key) == verified
    with pytest.raises(pithtex.VerificationError):
        VerifiedRecord(record=pithtex.load_record(forged), key=verified.key)
    with pytest.raises(TypeError, match="cannot be subclassed"):
        type("Other", (VerifiedRecord,), {})


BUNDLE_FORGERIES: dict[str, tuple[Forge, str]] = {
    "payload of an event changed": (put("events.0.payload.attestation_state", "attested"), "event-id-mismatch"),
    "event id changed": (put("events.0.event_id", "sha256:" + "0" * 64), "event-id-mismatch"),
    "event about another number": (
        put("events.1.subject_pith_number", "pith:2026:EL6A4QOTPLYS3LFEIZGOL5QVTM"),
        "foreign-event",
    ),
    "events' signatures swapped": (
        lambda d: d["events"][0].update(signature=copy.deepcopy(d["events"][1]["signature"])),
        "event-invalid",
    ),
    "event says it signs bundles": (put("events.0.signature.signed_message", "bundle_sha256_bytes"), "receipt-field"),
    "built_at changed": (put("built_at", "2030-01-01T00:00:00Z"), "bundle-digest-mismatch"),
    "bundle signature of an event": (
        lambda d: d["bundle_signature"].update(signature_b64=d["events"][0]["signature"]["signature_b64"]),
        "bundle-signature-invalid",
    ),
    "key replaced": (put("public_keys.0.public_key_hex", "00" * 32), "embedded-key-mismatch"),
    "key replaced in base64": (put("public_keys.0.public_key_b64", "A" * 43 + "="), "embedded-key-mismatch"),
    "source restated otherwise by an event": (put("events.0.payload.source_id", "2606.00001"), "copy-mismatch"),
    "receipt by another key": (
        lambda d: d["events"][0]["payload"]["receipt"].update(
            signature_b64=signing.sign(d["canonical_sha256"], signing.OTHER_KEY)
        ),
        "signature-invalid",
    ),
}


@pytest.mark.parametrize("name", BUNDLE_FORGERIES)
def test_forged_bundle(name: str, bundle: Document) -> None:
    forge, code = BUNDLE_FORGERIES[name]
    forge(bundle)
    loaded = pithtex.load_bundle(bundle)
    with pytest.raises(VerificationError):
        pithtex.verify_bundle(loaded)
    names = {item.name for item in examine_bundle(loaded).findings}
    assert code in names


@pytest.mark.parametrize("cut", [1, 100, 3000, 13_000])
def test_a_truncated_document_is_malformed(cut: int) -> None:
    data = (SEEDS / "bundle-CNPMIFD4.json").read_bytes()
    with pytest.raises(PithError, match="not JSON"):
        pithtex.load_bundle(data[:cut])
