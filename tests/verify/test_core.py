"""Corners of the core that no forgery reaches."""

from __future__ import annotations

import json
from typing import Any

import pytest

import pithtex
from pithtex.errors import MalformedError, UndecidedError
from pithtex.findings import Status
from pithtex.format.canonical import check_value
from pithtex.format.integrity_report import load_integrity_report
from pithtex.format.number import ShortForm
from pithtex.verify.bundle import examine_bundle
from pithtex.verify.document import examine_document, load_document, verify_document
from pithtex.verify.record import examine_record
from tests import signing
from tests.conftest import BUNDLE_FILE, RECORD_FILES, VECTORS

SUFFIX = "CNPMIFD42NONUMCBYNP4XLPY53"


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


def test_a_source_of_another_kind() -> None:
    """Nothing is derived for a source that is not arXiv, and an alias of an unknown kind is left alone."""
    canonical = signing.canonical_record(kind="zenodo", id="1234567")
    document = signing.record_document("A Title of Some Length for the Tests", canonical=canonical)
    document["aliases"] = [{"alias_kind": "zenodo", "alias_value": "1234567"}]
    verified = pithtex.verify_record(pithtex.load_record(document), signing.keyring())
    assert verified.arxiv_id is None
    assert str(verified.number) == verified.number.full


def test_a_document_of_unknown_kind_says_what_is_known() -> None:
    with pytest.raises(MalformedError) as caught:
        load_document({"a": 1})
    assert "record_type" in (caught.value.hint or "")
    with pytest.raises(MalformedError, match="not a JSON object"):
        load_document(b"[]")


def test_a_value_given_as_objects_is_bounded_in_depth() -> None:
    value: Any = 1
    for _ in range(70):
        value = [value]
    with pytest.raises(MalformedError, match="nested deeper"):
        check_value(value)


@pytest.mark.parametrize("make", [lambda: pithtex.PithNumber("x"), lambda: pithtex.PithNumber(SUFFIX, 12345)])
def test_a_number_cannot_be_made_wrong(make: Any) -> None:
    with pytest.raises(MalformedError):
        make()


def test_a_number_is_of_a_digest() -> None:
    with pytest.raises(MalformedError, match="SHA-256"):
        pithtex.PithNumber.from_digest("ABC", 2026)
    assert str(ShortForm("CNPMIFD4")) == "pith:CNPMIFD4"


def test_an_integrity_report_is_no_record() -> None:
    path = VECTORS / "integrity-2604.20237.json"
    document = load_document(path.read_bytes())
    assert document.name == "arXiv:2604.20237"
    with pytest.raises(MalformedError, match="no record"):
        verify_document(document)
    with pytest.raises(MalformedError, match="is not"):
        load_integrity_report({"schema": "x"})


def test_an_integrity_event_of_an_unknown_type_is_not_checked() -> None:
    report = json.loads((VECTORS / "integrity-2604.20237.json").read_bytes())
    report["_events_visible"][0]["event_type"] = "pith.integrity.v2"
    checks = {check.name: check.status for check in examine_document(load_document(report)).checks}
    assert checks["_events_visible[0] signature"] is Status.NOT_CHECKED


def test_documents_verify_whole() -> None:
    assert verify_document(load_document(BUNDLE_FILE.read_bytes())).number.suffix == SUFFIX
    document = load_document(signing.record_document())
    assert verify_document(document, signing.keyring()).title == "A Title of Some Length for the Tests"
    assert document.name.startswith("pith:2026:")


def test_an_address_that_is_none(record: dict[str, Any]) -> None:
    record["links"]["html"] = "https://[bad/pith/EL6A4QOTPLYS3LFEIZGOL5QVTM"
    examination = examine_document(load_document(record))
    assert examination.status is Status.HOLDS
    assert {item.name for item in examination.findings} == {"link-host"}


def test_a_time_that_is_none(record: dict[str, Any]) -> None:
    record["created_at"] = "yesterday"
    assert {item.name for item in examine_document(load_document(record)).findings} == {"time-order"}


def test_the_public_names_are_all_there() -> None:
    assert all(getattr(pithtex, name) is not None for name in pithtex.__all__)
    with pytest.raises(AttributeError):
        pithtex.nonsense  # noqa: B018


def test_a_bundle_by_an_unknown_key_is_undecided_and_not_contradicted() -> None:
    """Without the key no event counts, so the state stated cannot be recomputed; that is no forgery."""
    bundle = pithtex.load_bundle(BUNDLE_FILE.read_bytes())
    with pytest.raises(UndecidedError):
        pithtex.verify_bundle(bundle, pithtex.Keyring([]))
    examination = examine_bundle(bundle, pithtex.Keyring([]))
    assert examination.status is Status.UNAVAILABLE
    assert {item.name for item in examination.findings} == {"unknown-key", "state-not-comparable"}


@pytest.mark.parametrize("loader", [pithtex.load_record, pithtex.load_bundle, load_document])
def test_the_size_that_is_read_is_the_callers_to_choose(loader: Any) -> None:
    data = (BUNDLE_FILE if loader is pithtex.load_bundle else RECORD_FILES[0]).read_bytes()
    with pytest.raises(MalformedError, match=f"{len(data)} bytes, and at most {len(data) - 1} are read"):
        loader(data, max_bytes=len(data) - 1)
    loader(data, max_bytes=len(data))
