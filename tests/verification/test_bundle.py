"""A bundle examined: its events, its signature, the keys that it carries."""

from __future__ import annotations

import pytest

import pithtex
from pithtex.errors import UndecidedError
from pithtex.findings import Status
from pithtex.format.keys import PINNED_KEY
from pithtex.verification.bundle import examine_bundle
from tests.conftest import BUNDLE_FILE
from tests.verification.examined import (
    Document,
    by_name,
    number_places,
    places,
    receipt_places,
    signature_places,
    signed_part,
    snapshot_places,
)


def test_every_part_of_a_bundle_is_checked_and_named_with_its_place(bundle: Document) -> None:
    examination = examine_bundle(pithtex.load_bundle(bundle))
    created, snapshot = "events[0].payload", "events[1].payload.graph_snapshot"
    events: list[tuple[str, str, str]] = []
    for where in ("events[0]", "events[1]"):
        events += [
            (f"{where} digest", "holds", f"{where}.content_sha256"),
            (f"{where} id", "holds", f"{where}.event_id"),
            (f"{where} subject", "holds", f"{where}.subject_pith_number"),
            (f"{where} signer", "holds", f"{where}.signer.key_id"),
            *signature_places(where, f"{where}.signature"),
        ]
    embedded = f"embedded key {PINNED_KEY.key_id}"
    assert sorted(places(signed_part(examination))) == sorted(
        [
            *number_places("source_aliases"),
            ("copies in source", "holds", "source"),
            (f"copies in {snapshot}.source", "holds", f"{snapshot}.source"),
            (f"copies in {snapshot}.paper", "holds", f"{snapshot}.paper"),
            (f"copies in {created}", "holds", created),
            *receipt_places(f"{created}.receipt"),
            ("title", "holds", f"{snapshot}.paper.title"),
            *snapshot_places(snapshot),
            ("links", "holds", "links"),
            *events,
            ("bundle digest", "holds", "bundle_signature.bundle_sha256"),
            *signature_places("bundle", "bundle_signature"),
            (embedded, "holds", "public_keys[0].public_key_hex"),
            (embedded, "holds", "public_keys[0].public_key_b64"),
            ("state digest", "holds", "state.state_sha256"),
            ("state", "holds", "state"),
        ]
    )
    assert examination.number is not None
    assert examination.number.full == bundle["pith_number"]


def test_an_unsigned_bundle_says_so(bundle: Document) -> None:
    del bundle["bundle_signature"]
    check = by_name(examine_bundle(pithtex.load_bundle(bundle)))["bundle signature"]
    assert places([check]) == [("bundle signature", "not-checked", "bundle_signature")]
    assert check.finding is not None
    assert (check.finding.name, check.finding.where) == ("unsigned-bundle", "bundle_signature")
    assert check.finding.message.endswith(check.message)


def test_an_entry_that_is_no_event_fails_with_its_reason(bundle: Document) -> None:
    del bundle["events"][1]["created_at"]
    examination = examine_bundle(pithtex.load_bundle(bundle))
    check = by_name(examination)["events[1]"]
    assert places([check]) == [("events[1]", "fails", "events[1]")]
    assert check.finding is not None
    assert (check.finding.name, check.finding.where) == ("event-malformed", "events[1]")
    assert "'created_at'" in check.message
    assert check.finding.message == check.message


def test_a_verified_bundle_holds_its_record_and_events(bundle: Document) -> None:
    verified = pithtex.verify_bundle(pithtex.load_bundle(bundle))
    assert verified.record.digest == bundle["canonical_sha256"]
    assert [event.event_id for event in verified.events] == [item["event_id"] for item in bundle["events"]]


def test_the_first_thing_missing_is_the_one_raised(bundle: Document) -> None:
    del bundle["events"][0]["payload"]["receipt"]
    bundle["events"][0]["signature"]["key_id"] = "stranger"
    del bundle["events"][1:], bundle["bundle_signature"], bundle["state"]
    event = bundle["events"][0]
    event["signer"]["key_id"] = "stranger"
    body = {key: value for key, value in event.items() if key not in {"signature", "content_sha256", "event_id"}}
    digest = pithtex.digest(body)
    event |= {"content_sha256": digest, "event_id": f"sha256:{digest}"}
    with pytest.raises(UndecidedError) as caught:
        pithtex.verify_bundle(pithtex.load_bundle(bundle))
    assert caught.value.finding.name == "no-receipt"


def test_an_embedded_key_of_an_unknown_id_hides_no_forged_one(bundle: Document) -> None:
    forged = {**bundle["public_keys"][0], "public_key_hex": "00" * 32}
    bundle["public_keys"] = [{**forged, "key_id": "stranger"}, forged]
    keys = [c for c in examine_bundle(pithtex.load_bundle(bundle)).checks if c.name.startswith("embedded key ")]
    name = f"embedded key {PINNED_KEY.key_id}"
    assert places(keys) == [
        (name, "fails", "public_keys[1].public_key_hex"),
        (name, "holds", "public_keys[1].public_key_b64"),
    ]


def test_a_bundle_by_an_unknown_key_is_undecided_and_not_contradicted() -> None:
    """Without the key no event counts, so the state stated cannot be recomputed; that is not a forgery."""
    bundle = pithtex.load_bundle(BUNDLE_FILE.read_bytes())
    with pytest.raises(UndecidedError):
        pithtex.verify_bundle(bundle, pithtex.Keyring([]))
    examination = examine_bundle(bundle, pithtex.Keyring([]))
    assert examination.status is Status.UNAVAILABLE
    assert {item.name for item in examination.findings} == {"unknown-key", "state-not-comparable"}
