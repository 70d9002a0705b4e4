"""The unsigned rest of a document: what does not fit is a warning."""

from __future__ import annotations

from typing import Any

import pytest

import pithtex
from pithtex.findings import Status
from pithtex.format.keys import PINNED_KEY, Keyring
from pithtex.verification.bundle import examine_bundle
from pithtex.verification.document import examine_document, load_document
from pithtex.verification.record import examine_record
from tests import signing
from tests.verification.examined import Document, by_name, signed_event


def test_an_attestation_counts_where_its_key_is_trusted(bundle: Document) -> None:
    bundle["attestation_state"] = "computed"
    claimed = by_name(examine_bundle(pithtex.load_bundle(bundle)))["unsigned attestation_state"]
    assert claimed.status is Status.HOLDS
    event = signed_event(bundle["pith_number"], "author_attestation")
    bundle["events"].append(event)
    bundle["attestation_state"] = "attested"
    loaded = pithtex.load_bundle(bundle)
    trusting = Keyring([PINNED_KEY, *signing.keyring()])
    assert by_name(examine_bundle(loaded, trusting))["unsigned attestation_state"].status is Status.HOLDS
    assert by_name(examine_bundle(loaded))["unsigned attestation_state"].status is Status.FAILS


def attested(*, genuine: bool) -> dict[str, Any]:
    """A record that says it is attested, with the event that it rests on, or with a forged one."""
    document = signing.record_document()
    event: dict[str, Any] = {
        "schema_version": "1.0",
        "event_type": "author_attestation",
        "subject_pith_number": document["pith_number"],
        "target": "record",
        "payload": {"orcid": "0000-0002-1825-0097"},
        "signer": {"signer_id": "the registry", "signer_type": "pith_registry", "key_id": signing.TEST_KEY_ID},
        "created_at": "2026-03-06T00:00:00Z",
        "supersedes": [],
        "prev_event": None,
    }
    digest = pithtex.digest(event)
    key = signing.TEST_KEY if genuine else signing.OTHER_KEY
    event["signature"] = signing.signature_fields(digest, "open_graph_event_sha256_bytes", key)
    event["signature"].pop("public_key_fingerprint")
    event |= {"content_sha256": digest, "event_id": f"sha256:{digest}"}
    document |= {
        "events": [event],
        "event_summary": {"author_attestation": 1},
        "attestation_state": "attested",
        "verification_status": {"author_attested": True, "something_new": 1},
    }
    return document


@pytest.mark.parametrize(
    ("genuine", "findings"),
    [(True, set()), (False, {"attestation-unsupported", "status-unsupported"})],
)
def test_status_words_rest_on_verified_events(genuine: bool, findings: set[str]) -> None:
    examination = examine_record(pithtex.load_record(attested(genuine=genuine)), signing.keyring())
    assert examination.status is Status.HOLDS
    assert {item.name for item in examination.findings} == findings


@pytest.mark.parametrize("events", [None, {}, "author_attestation"])
def test_status_words_without_a_list_of_events_rest_on_nothing(events: object) -> None:
    document = attested(genuine=True)
    document["events"] = events
    names = {item.name for item in examine_record(pithtex.load_record(document), signing.keyring()).findings}
    assert {"attestation-unsupported", "status-unsupported"} <= names


def test_an_address_that_is_none(record: dict[str, Any]) -> None:
    record["links"]["html"] = "https://[bad/pith/EL6A4QOTPLYS3LFEIZGOL5QVTM"
    examination = examine_document(load_document(record))
    assert examination.status is Status.HOLDS
    assert {item.name for item in examination.findings} == {"link-host"}


def test_a_time_that_is_none(record: dict[str, Any]) -> None:
    record["created_at"] = "yesterday"
    assert {item.name for item in examine_document(load_document(record)).findings} == {"time-order"}


@pytest.mark.parametrize("name", ["verification_status", "events", "event_summary", "attestation_state", "created_at"])
def test_a_claim_of_another_type_is_noted(name: str, record: Document) -> None:
    """What is only a claim makes no record fail, and is not passed over in silence."""
    record[name] = 5
    examination = examine_record(pithtex.load_record(record))
    assert examination.status is Status.HOLDS
    assert [item.message for item in examination.findings if item.name == "unknown-field"] == [
        f"kept but not understood: {name} (of another type than it has)"
    ]
