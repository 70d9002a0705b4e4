"""Behaviour that could break in the verifier, its checks or the canonical form with no other test failing."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

import pithtex
from pithtex.errors import MalformedError, UndecidedError, VerificationError
from pithtex.findings import Status
from pithtex.format.aliases import derived_aliases, same_alias
from pithtex.format.canonical import canonical_bytes, check_value, collapse, fragile_values, parse_json, title_matches
from pithtex.format.compact_receipt import decode_receipt, encode_receipt
from pithtex.format.keys import PINNED_KEY, Keyring
from pithtex.format.record import parse_canonical_record
from pithtex.limits import MAX_JSON_DEPTH, MAX_JSON_DIGITS
from pithtex.verify.bundle import examine_bundle
from pithtex.verify.checks import Check, Diary, show
from pithtex.verify.record import Examination, examine_record
from pithtex.verify.snapshots import snapshot_check
from tests import signing
from tests.forgeries.test_records import BUNDLE_FORGERIES, FORGERIES, put

Document = dict[str, Any]
TITLE = "A Title of Some Length for the Tests"
EMPTY = hashlib.sha256(b'{"payload":[]}').hexdigest()
EMPTY_INTEGRITY = hashlib.sha256(b'{"payload":{"detectors":[],"findings":[]}}').hexdigest()
SIGNATURE_PARTS = ("algorithm", "signed_message", "signature_status", "key", "signature")


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


# What was checked, and where


def test_every_check_of_a_record_in_order(record: Document) -> None:
    examination = examine_record(pithtex.load_record(record))
    assert places(signed_part(examination)) == [
        *number_places("aliases"),
        ("copies in source", "holds", "source"),
        ("copies in graph_snapshot.source", "holds", "graph_snapshot.source"),
        ("copies in paper", "holds", "paper"),
        ("copies in graph_snapshot.paper", "holds", "graph_snapshot.paper"),
        ("copies", "holds", ""),
        *receipt_places("receipt"),
        ("title", "holds", "paper.title"),
        *snapshot_places("graph_snapshot"),
        ("links", "holds", "links"),
    ]
    assert examination.number is not None
    assert examination.number.full == record["pith_number"]


def test_every_check_of_a_bundle_in_order(bundle: Document) -> None:
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
    assert places(signed_part(examination)) == [
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
    assert examination.number is not None
    assert examination.number.full == bundle["pith_number"]


def test_what_a_bare_record_does_not_state_is_not_checked() -> None:
    examination = examine_record(bare(), signing.keyring())
    assert places(signed_part(examination)) == [
        ("shape", "holds", "canonical_record"),
        ("digest", "holds", "canonical_sha256"),
        ("number", "holds", "pith_number"),
        ("year", "holds", "pith_number"),
        ("short-form", "not-checked", "short_pith_number"),
        ("aliases", "not-checked", ""),
        ("receipt", "unavailable", ""),
        ("title", "not-checked", "paper.title"),
        ("snapshots", "not-checked", ""),
    ]
    assert examination.status is Status.UNAVAILABLE
    [finding] = examination.findings
    assert finding.name == "no-receipt"
    assert finding.hint


def test_what_a_compact_receipt_does_not_state_is_not_checked() -> None:
    examination = examine_record(compact(), signing.keyring())
    assert places(signed_part(examination)) == [
        ("shape", "holds", "canonical_record"),
        ("digest", "not-checked", "canonical_sha256"),
        ("number", "not-checked", "pith_number"),
        ("year", "not-checked", "pith_number"),
        ("short-form", "not-checked", "short_pith_number"),
        ("aliases", "not-checked", ""),
        *receipt_places("receipt", "key_id"),
        ("title", "holds", "receipt title"),
        ("snapshots", "not-checked", ""),
    ]
    # The values are derived and shown all the same.
    assert dict(by_name(examination)["digest"].inputs)["sha-256"] == pithtex.digest(signing.canonical_record())


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


FAILED: dict[str, tuple[str, str]] = {
    "digest changed": ("digest", "canonical_sha256"),
    "short form of another": ("short-form", "short_pith_number"),
    "short alias of another": ("alias pith_short_16", "aliases[4]"),
    "DOI of another": ("alias doi", "aliases[2]"),
    "source copy changed": ("copy source.id", "source.id"),
    "category copy changed": ("copy graph_snapshot.paper.primary_cat", "graph_snapshot.paper.primary_cat"),
    "schema version restated otherwise": ("copy schema_version", "schema_version"),
    "title changed": ("title", "paper.title"),
    "title changed in one of two places": ("copy of the title", "paper.title"),
    "signature bit flipped": ("receipt signature", "receipt.signature_b64"),
    "fingerprint changed": ("receipt key", "receipt.public_key_fingerprint"),
    "algorithm changed": ("receipt algorithm", "receipt.algorithm"),
    "receipt kind changed": ("receipt kind", "receipt.kind"),
    "receipt version unknown": ("receipt receipt_version", "receipt.receipt_version"),
    "receipt of another record": ("receipt digest", "receipt.canonical_sha256"),
    "snapshot digest changed": ("snapshot claims", "graph_snapshot.claims.snapshot_sha256"),
}


@pytest.mark.parametrize("name", FAILED)
def test_a_failure_is_named_by_its_check_and_its_place(name: str, record: Document) -> None:
    forge, rule = FORGERIES[name]
    forge(record)
    failed = [check for check in examine_record(pithtex.load_record(record)).checks if check.status is Status.FAILS]
    assert FAILED[name] in [(check.name, check.where) for check in failed]
    assert rule in {check.finding.name for check in failed if check.finding is not None}


def assert_well_formed(checks: Iterable[Check]) -> None:
    for check in checks:
        form = check.to_dict()
        assert json.loads(json.dumps(form)) == form
        assert form["check"] == check.name
        assert form["status"] == check.status.value
        assert form["where"] == check.where
        assert form["values"] == dict(check.inputs)
        assert isinstance(check.message, str)
        assert form["message"] == check.message != ""
        assert "None" not in check.message
        assert all(type(text) is str for text in (check.name, check.where, *(t for pair in check.inputs for t in pair)))
        assert isinstance(check.status, Status)
        if check.status is Status.FAILS and not check.only_warns:
            assert check.finding is not None
            assert check.finding.where == check.where
            assert check.finding.message == f"{check.name}: {check.message}"
        if check.finding is not None:
            assert check.message in check.finding.message


@pytest.mark.parametrize("name", FORGERIES)
def test_checks_of_a_forged_record_are_well_formed(name: str, record: Document) -> None:
    FORGERIES[name][0](record)
    assert_well_formed(examine_record(pithtex.load_record(record)).checks)


@pytest.mark.parametrize("name", BUNDLE_FORGERIES)
def test_checks_of_a_forged_bundle_are_well_formed(name: str, bundle: Document) -> None:
    BUNDLE_FORGERIES[name][0](bundle)
    assert_well_formed(examine_bundle(pithtex.load_bundle(bundle)).checks)


def test_checks_of_what_holds_or_is_not_stated_are_well_formed(record: Document, bundle: Document) -> None:
    assert_well_formed(examine_record(pithtex.load_record(record)).checks)
    assert_well_formed(examine_record(bare(), signing.keyring()).checks)
    assert_well_formed(examine_record(compact(), signing.keyring()).checks)
    del bundle["bundle_signature"]
    assert_well_formed(examine_bundle(pithtex.load_bundle(bundle)).checks)


def test_a_check_says_both_values_where_they_differ(record: Document) -> None:
    digest = record["canonical_sha256"]
    assert by_name(examine_record(pithtex.load_record(record)))["digest"].message.endswith("= canonical_sha256")
    record |= {"canonical_sha256": "0" * 64, "short_pith_number": "pith:AAAAAAAA"}
    record["source"]["id"] = "2606.00001"
    checks = by_name(examine_record(pithtex.load_record(record)))
    assert digest in checks["digest"].message
    assert "0" * 64 in checks["digest"].message
    assert "pith:AAAAAAAA" in checks["short-form"].message
    copied = checks["copy source.id"].message
    assert '"2606.26666"' in copied
    assert '"2606.00001"' in copied
    assert checks["copies in source"].message.startswith("kind, version:")


# What went in and what came out


def test_the_values_shown_can_be_recomputed(record: Document) -> None:
    checks = by_name(examine_record(pithtex.load_record(record)))
    metadata = record["canonical_record"]["metadata"]
    data = canonical_bytes(record["canonical_record"])
    title = metadata["title_canon_sha256"]
    assert checks["digest"].inputs == (
        ("canonical bytes", data.decode()),
        ("sha-256", hashlib.sha256(data).hexdigest()),
    )
    assert checks["number"].inputs == (("first 26 characters of base32", record["pith_number"][10:]),)
    assert checks["year"].inputs == (("submitted_at", metadata["submitted_at"]),)
    assert checks["title"].inputs == (
        ("lower-cased title", record["paper"]["title"].lower()),
        ("title_canon_sha256", title),
    )
    assert hashlib.sha256(checks["title"].inputs[0][1].encode()).hexdigest() == title
    assert checks["receipt signature"].inputs == (
        ("public key", PINNED_KEY.hex),
        ("message", record["canonical_sha256"]),
        ("signature", base64.b64decode(record["receipt"]["signature_b64"]).hex()),
    )
    for name in ("claims", "integrity"):
        [(label, text)] = checks[f"snapshot {name}"].inputs
        assert label == "canonical bytes"
        stated = record["graph_snapshot"][name]["snapshot_sha256"]
        assert hashlib.sha256(text.encode()).hexdigest() == stated


def test_the_values_of_a_failure_are_shown_too(record: Document) -> None:
    data = canonical_bytes(record["canonical_record"]).decode()
    record["canonical_sha256"] = "0" * 64
    record["paper"]["title"] = "Another  Title"
    checks = by_name(examine_record(pithtex.load_record(record)))
    assert dict(checks["digest"].inputs)["canonical bytes"] == data
    assert dict(checks["title"].inputs)["lower-cased title"] == "another title"


# What is returned as proven


def test_a_verified_record_holds_what_was_signed(record: Document) -> None:
    record["paper"]["title"] = record["paper"]["title"].replace(" ", "  \n")
    record["graph_snapshot"]["paper"]["title"] = record["paper"]["title"]
    verified = pithtex.verify_record(pithtex.load_record(record))
    assert verified.number.full == record["pith_number"]
    assert verified.canonical.raw == record["canonical_record"]
    assert verified.digest == record["canonical_sha256"]
    assert verified.title == collapse(record["paper"]["title"])
    assert verified.key is PINNED_KEY
    assert verified.signature == base64.b64decode(record["receipt"]["signature_b64"])
    assert verified.claimed == {key: value for key, value in record.items() if key != "canonical_record"}
    assert verified.arxiv_id == "2606.26666"


def test_a_record_without_title_is_verified_without_title() -> None:
    document = signing.record_document()
    del document["paper"]["title"]
    assert pithtex.verify_record(pithtex.load_record(document), signing.keyring()).title is None


def test_a_verified_bundle_holds_its_record_and_events(bundle: Document) -> None:
    verified = pithtex.verify_bundle(pithtex.load_bundle(bundle))
    assert verified.record.digest == bundle["canonical_sha256"]
    assert [event.event_id for event in verified.events] == [item["event_id"] for item in bundle["events"]]


# Which keys are trusted


def test_a_keyring_that_is_given_replaces_the_pinned_key(record: Document, bundle: Document) -> None:
    del bundle["state"], bundle["bundle_signature"]
    loaded, whole = pithtex.load_record(record), pithtex.load_bundle(bundle)
    with pytest.raises(UndecidedError) as caught:
        pithtex.verify_record(loaded, signing.keyring())
    assert caught.value.finding.name == "unknown-key"
    with pytest.raises(UndecidedError) as caught:
        pithtex.verify_bundle(whole, signing.keyring())
    assert caught.value.finding.name == "unknown-key"
    assert examine_record(loaded, signing.keyring()).status is Status.UNAVAILABLE
    assert examine_bundle(whole, signing.keyring()).status is Status.UNAVAILABLE


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


def test_an_unknown_key_says_where_and_what_to_do() -> None:
    document = signing.record_document(key_id="stranger")
    checks = by_name(examine_record(pithtex.load_record(document), signing.keyring()))
    check = checks["receipt key"]
    assert places([check]) == [("receipt key", "unavailable", "receipt.key_id")]
    assert check.finding is not None
    assert (check.finding.name, check.finding.where) == ("unknown-key", "receipt.key_id")
    assert "stranger" in check.message
    assert check.finding.message == check.message
    assert "pithtex keys" in (check.finding.hint or "")
    assert "receipt signature" not in checks


@pytest.mark.parametrize("since", [None, datetime(2026, 3, 1, tzinfo=UTC)])
@pytest.mark.parametrize("fingerprint", [True, False])
def test_a_revoked_key_fails_whatever_it_signed(since: datetime | None, fingerprint: bool) -> None:
    document = signing.record_document()
    if not fingerprint:
        del document["receipt"]["public_key_fingerprint"]
    [key] = [signing.keyring().get(signing.TEST_KEY_ID)]
    assert key is not None
    ring = Keyring([dataclasses.replace(key, revoked=True, revoked_at=since)])
    examination = examine_record(pithtex.load_record(document), ring)
    keys = [check for check in examination.checks if check.name == "receipt key"]
    assert places(keys[:1]) == [("receipt key", "fails", "receipt.key_id")]
    assert places(keys[1:]) == [("receipt key", "holds", "receipt.public_key_fingerprint")] * fingerprint
    assert keys[0].finding is not None
    assert keys[0].finding.name == "key-revoked"
    assert ("since" in keys[0].message) is (since is not None)
    assert since is None or since.isoformat() in keys[0].message
    assert by_name(examination)["receipt signature"].status is Status.HOLDS
    with pytest.raises(VerificationError) as caught:
        pithtex.verify_record(pithtex.load_record(document), ring)
    assert caught.value.finding.name == "key-revoked"


def test_a_key_is_shown_with_its_origin() -> None:
    document = signing.record_document()
    with_fingerprint = by_name(examine_record(pithtex.load_record(document), signing.keyring()))["receipt key"]
    del document["receipt"]["public_key_fingerprint"]
    without = by_name(examine_record(pithtex.load_record(document), signing.keyring()))["receipt key"]
    for check in (with_fingerprint, without):
        assert f"{signing.TEST_KEY_ID} (the tests)" in check.message
    assert without.where == "receipt.key_id"


# Aliases, copies, snapshots


def test_an_alias_of_an_unknown_kind_hides_no_wrong_one(record: Document) -> None:
    record["aliases"].insert(0, {"alias_kind": "handle", "alias_value": "1/2"})
    record["aliases"][1]["alias_value"] = "2606.00001"
    checks = by_name(examine_record(pithtex.load_record(record)))
    assert places([checks["alias handle"]]) == [("alias handle", "not-checked", "aliases[0]")]
    assert "'1/2'" in checks["alias handle"].message
    assert checks["alias arxiv"].status is Status.FAILS


@pytest.mark.parametrize(
    ("path", "value", "where", "says"),
    [
        ("aliases", [{"alias_kind": "doi", "alias_value": "x"}, 1], "aliases[1]", "expected an object"),
        ("aliases", [{"alias_value": "x"}], "aliases[0]", "'alias_kind' is missing"),
        ("aliases", [{"alias_kind": "doi", "alias_value": 1}], "aliases[0].alias_value", "expected text"),
        ("aliases", {}, "aliases", "expected a list"),
        ("paper", [], "paper", "expected an object"),
        (
            "canonical_record.metadata.cross_cats_sorted",
            ["cs.AI", 1],
            "canonical_record.metadata.cross_cats_sorted[1]",
            "expected text",
        ),
        ("canonical_record.source.version", 0, "canonical_record.source.version", "less than 1"),
    ],
)
def test_a_part_of_another_form_is_named(path: str, value: object, where: str, says: str, record: Document) -> None:
    put(path, value)(record)
    with pytest.raises(MalformedError, match=says) as caught:
        pithtex.load_record(record)
    assert caught.value.where == where


def test_a_doi_is_compared_without_case_and_nothing_else_is() -> None:
    assert same_alias("doi", "10.48550/arxiv.2603.01234", "10.48550/arXiv.2603.01234")
    assert not same_alias("doi", "10.48550/arxiv.2603.01234", "10.48550/arxiv.2603.01235")
    assert same_alias("pith_short_8", "ABCDEFGH", "ABCDEFGH")
    assert not same_alias("pith_short_8", "ABCDEFGH", "abcdefgh")


def test_a_doi_with_capitals_is_no_contradiction(record: Document) -> None:
    record["aliases"][2]["alias_value"] = "10.48550/arXiv.2606.26666"
    check = by_name(examine_record(pithtex.load_record(record)))["alias doi"]
    assert places([check]) == [("alias doi", "holds", "aliases[2]")]


def test_the_aliases_that_follow_from_a_record() -> None:
    canonical = pithtex.load_record(signing.record_document()).canonical
    suffix = canonical.number.suffix
    short = {f"pith_short_{length}": suffix[:length] for length in (8, 12, 16)}
    assert derived_aliases(canonical, canonical.number) == short | {
        "arxiv": "2603.01234",
        "arxiv_version": "2603.01234v1",
        "doi": "10.48550/arxiv.2603.01234",
    }
    other = pithtex.load_record(signing.record_document(canonical=signing.canonical_record(kind="zenodo"))).canonical
    assert derived_aliases(other, canonical.number) == short


def test_a_wrong_short_alias_is_of_the_short_form(record: Document) -> None:
    for alias in record["aliases"]:
        alias["alias_value"] = "x"
    found = {
        check.name: check.finding.name
        for check in examine_record(pithtex.load_record(record)).checks
        if check.finding is not None and check.name.startswith("alias ")
    }
    assert found == {
        "alias arxiv": "alias-mismatch",
        "alias arxiv_version": "alias-mismatch",
        "alias doi": "alias-mismatch",
        "alias pith_short_12": "short-form-mismatch",
        "alias pith_short_16": "short-form-mismatch",
        "alias pith_short_8": "short-form-mismatch",
    }


COPIES: dict[str, tuple[str, object]] = {
    "source.kind": ("source.kind", "zenodo"),
    "source.id": ("source.id", "2606.00001"),
    "source.version": ("source.version", 2),
    "paper.license": ("paper.license", "x"),
    "paper.primary_cat": ("paper.primary_cat", "x"),
    "paper.cross_cats": ("paper.cross_cats", ["cs.AI"]),
    "paper.submitted_at": ("paper.submitted_at", "2026-06-25T06:56:44Z"),
    "schema_version": ("schema_version", "1.1"),
}


@pytest.mark.parametrize("where", COPIES)
def test_each_copy_of_a_signed_value_is_compared(where: str, record: Document) -> None:
    path, value = COPIES[where]
    put(path, value)(record)
    failed = [check for check in examine_record(pithtex.load_record(record)).checks if check.name == f"copy {where}"]
    assert places(failed) == [(f"copy {where}", "fails", where)]
    with pytest.raises(VerificationError):
        pithtex.verify_record(pithtex.load_record(record))


@pytest.mark.parametrize(
    "key", ["canonical_record", "canonical_sha256", "source_kind", "source_id", "source_version", "schema_version"]
)
def test_each_value_that_an_event_restates_is_compared(key: str, bundle: Document) -> None:
    payload = bundle["events"][0]["payload"]
    payload[key] = {**payload[key], "schema_version": "2"} if key == "canonical_record" else "something else"
    where = f"events[0].payload.{key}"
    checks = by_name(examine_bundle(pithtex.load_bundle(bundle)))
    assert places([checks[f"copy {where}"]]) == [(f"copy {where}", "fails", where)]


def test_a_copy_of_the_record_is_equal_in_type_too(bundle: Document) -> None:
    bundle["events"][0]["payload"]["canonical_record"]["source"]["version"] = True
    checks = by_name(examine_bundle(pithtex.load_bundle(bundle)))
    assert checks["copy events[0].payload.canonical_record"].status is Status.FAILS


def checked_snapshot(name: str, part: Document, where: str) -> Check:
    log = Diary()
    snapshot_check(name, part, where, log)
    (check,) = log.checks
    return check


@pytest.mark.parametrize("count", ["count", "evidence_count"])
@pytest.mark.parametrize("name", ["claims", "references", "author_claims", "formal_canon"])
def test_a_snapshot_with_entries_is_not_checkable(name: str, count: str) -> None:
    check = checked_snapshot(name, {"snapshot_sha256": "0" * 64, count: 1}, f"s.{name}")
    assert places([check]) == [(f"snapshot {name}", "not-checked", f"s.{name}")]
    assert check.finding is not None
    assert (check.finding.name, check.finding.where) == ("snapshot-not-checkable", f"s.{name}")
    assert check.message == "has entries, and how these are hashed is not publicly known"
    assert check.finding.message == f"{name}: {check.message}"


@pytest.mark.parametrize("entries", ["items", "sample"])
def test_a_snapshot_with_entries_listed_is_not_checkable(entries: str) -> None:
    check = checked_snapshot("claims", {"snapshot_sha256": EMPTY, "count": 0, entries: [{}]}, "s.claims")
    assert check.status is Status.NOT_CHECKED


def test_an_empty_snapshot_has_one_digest() -> None:
    part = {"snapshot_sha256": EMPTY, "count": 0, "items": []}
    check = checked_snapshot("claims", part, "s.claims")
    assert places([check]) == [("snapshot claims", "holds", "s.claims.snapshot_sha256")]
    assert check.inputs == (("canonical bytes", '{"payload":[]}'),)
    assert checked_snapshot("claims", {**part, "snapshot_sha256": "0" * 64}, "s").status is Status.FAILS


def test_one_wrong_snapshot_among_parts_of_another_form(record: Document) -> None:
    """What is no snapshot is passed over, and what follows it is checked."""
    record["graph_snapshot"]["claims"] = {"snapshot_sha256": 7}
    record["graph_snapshot"]["references"] = "none"
    record["graph_snapshot"]["integrity"]["snapshot_sha256"] = "0" * 64
    checks = by_name(examine_record(pithtex.load_record(record)))
    assert "snapshot claims" not in checks
    assert "snapshot references" not in checks
    assert checks["snapshot formal_canon"].status is Status.HOLDS
    assert checks["snapshot integrity"].status is Status.FAILS


@pytest.mark.parametrize(("length", "whole"), [(98, True), (99, False)])
def test_a_value_is_shown_up_to_a_hundred_characters(length: int, whole: bool) -> None:
    text = show("x" * length)
    assert len(text) == 100
    assert text == ('"' + "x" * 98 + '"' if whole else '"' + "x" * 96 + "...")


# Strict JSON and the canonical form


def test_a_document_of_just_the_size_allowed_is_read() -> None:
    assert parse_json(b'"01234567"', max_bytes=10) == "01234567"
    with pytest.raises(MalformedError, match="11 bytes, and at most 10"):
        parse_json(b'"012345678"', max_bytes=10)


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"])
def test_a_byte_order_mark_is_named(mark: bytes) -> None:
    with pytest.raises(MalformedError, match="byte-order mark") as caught:
        parse_json(mark + b"{}")
    assert "UTF-8" in (caught.value.hint or "")


@pytest.mark.parametrize("text", ["1" + "0" * (MAX_JSON_DIGITS - 1), "0." + "0" * (MAX_JSON_DIGITS - 2)])
def test_a_number_of_just_the_digits_allowed_is_read(text: str) -> None:
    assert len(text) == MAX_JSON_DIGITS
    value = parse_json(text.encode())
    assert value == (0.0 if "." in text else 10 ** (MAX_JSON_DIGITS - 1))
    with pytest.raises(MalformedError, match="digits"):
        parse_json(text.encode() + b"0")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"NaN", "NaN is not JSON"),
        (b"[-Infinity]", "-Infinity is not JSON"),
        (b"1e400", "1e400 overflows"),
        (b'{"a": 1', "not JSON"),
        (b"\xff", "not UTF-8"),
        (b'{"a": 1, "a": 1}', "twice"),
        (b'"\\ud800"', "surrogate"),
        (b'"\\uDBFF"', "surrogate"),
        (b'{"\\udfff": 1}', "surrogate"),
        (b"[" * (MAX_JSON_DEPTH + 1), "nested deeper"),
    ],
)
def test_a_refusal_says_why(data: bytes, says: str) -> None:
    with pytest.raises(MalformedError, match=says):
        parse_json(data)


def test_a_pair_of_surrogates_is_one_character() -> None:
    assert parse_json(b'["\\ud83d\\ude00", "\\uD83D\\uDE00", "\\ue000", "\xed\x9f\xbf"]') == [
        "\U0001f600",
        "\U0001f600",
        "\ue000",
        "\ud7ff",
    ]


@pytest.mark.parametrize(("value", "where"), [({"a": ["x", "\ud800"]}, "a[1]"), ({"b": {"\udfff": 1}}, "b")])
def test_a_lone_surrogate_has_a_path(value: object, where: str) -> None:
    with pytest.raises(MalformedError, match="surrogate") as caught:
        check_value(value)
    assert caught.value.where == where


def test_a_path_through_a_lone_surrogate_is_printable() -> None:
    with pytest.raises(MalformedError, match="surrogate") as caught:
        check_value(["x", {"\u00e9": "\ud800"}])
    assert caught.value.where == "[1].?"


@pytest.mark.parametrize(
    ("value", "where", "says"),
    [
        ({"a": [{1: 2}]}, "a[0]", "not text"),
        ({"a": {"b": float("inf")}}, "a.b", "finite"),
        ([1, float("nan")], "[1]", "finite"),
        ({"a": b"x"}, "a", "bytes is no JSON type"),
        ((1,), "(document)", "tuple is no JSON type"),
    ],
)
def test_a_value_at_fault_has_a_path(value: object, where: str, says: str) -> None:
    with pytest.raises(MalformedError, match=says) as caught:
        check_value(value)
    assert caught.value.where == where


def test_every_json_type_passes() -> None:
    check_value({"a": [None, True, False, 0, -1, 1.5, "x", "", [], {}]})


@pytest.mark.parametrize("wrap", [lambda inner: {"aaaa": inner}, lambda inner: [inner]])
def test_a_value_of_just_the_depth_allowed_passes(wrap: Callable[[Any], Any]) -> None:
    value: Any = 1
    for _ in range(MAX_JSON_DEPTH):
        value = wrap(value)
    check_value(value)
    with pytest.raises(MalformedError, match="nested deeper") as caught:
        check_value({"first": value})
    assert caught.value.where.startswith("first")
    assert len(caught.value.where) <= 200


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_a_document_of_just_the_depth_allowed_is_read(opening: bytes) -> None:
    closing = b"]" if opening == b"[" else b"}"
    parse_json(opening * MAX_JSON_DEPTH + b"1" + closing * MAX_JSON_DEPTH)
    with pytest.raises(MalformedError, match="nested deeper"):
        parse_json(opening * (MAX_JSON_DEPTH + 1) + b"1" + closing * (MAX_JSON_DEPTH + 1))


def test_a_wide_document_is_not_deep() -> None:
    wide: list[Any] = [{"a": [{}]}] * (2 * MAX_JSON_DEPTH)
    assert parse_json(json.dumps(wide).encode()) == wide
    with pytest.raises(MalformedError, match="not JSON"):
        parse_json(b"[" * MAX_JSON_DEPTH + b"[]," * MAX_JSON_DEPTH)


def test_fragile_values_are_named_with_reasons() -> None:
    value = {
        "a": 2**53,
        "b": 2**53 - 1,
        "c": True,
        "d": 0.5,
        "e": {"\uffff": 1},
        "f": {"x\U00010000": {}},
        "g": {"": 1},
    }
    assert sorted(fragile_values(value)) == [
        ("a", "an integer of 2^53 or more"),
        ("d", "a number that is no integer"),
        ("f", "a key outside the Basic Multilingual Plane"),
    ]


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, "\udfff", {("a",): 1}])
def test_what_has_no_canonical_form_is_malformed_with_a_reason(value: object) -> None:
    with pytest.raises(MalformedError, match=r"canonical JSON cannot hold|no UTF-8 form"):
        canonical_bytes(value)


def test_a_title_is_recognised_in_every_form() -> None:
    def digest_of(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    assert title_matches("\u00c9t\u00e9", digest_of("e\u0301te\u0301"))  # NFD
    assert title_matches("E\u0301te\u0301", digest_of("\u00e9t\u00e9"))  # NFC
    assert title_matches("\ufb01ne \u00c9", digest_of("fine \u00e9"))  # NFKC
    assert title_matches("\ufb01ne \u00c9", digest_of("fine e\u0301"))  # NFKD
    assert title_matches("E\u0301 STRASSE\u00df", digest_of("\u00e9 strasse\u00df"))  # lower-cased, not folded
    assert title_matches("E\u0301 STRASSE\u00df", digest_of("\u00e9 strassess"))  # folded
    assert not title_matches("\u00c9t\u00e9", digest_of("\u00c9T\u00c9"))
    assert not title_matches("A TITLE", digest_of("A TITLE"))


def test_a_title_with_a_lone_surrogate_is_no_title_and_no_crash() -> None:
    assert not title_matches("A title \ud800", "0" * 64)
    assert title_matches("A \udfff", hashlib.sha256(b"a \xed\xbf\xbf").hexdigest())


def test_a_document_without_title_says_so(record: Document) -> None:
    del record["paper"]["title"], record["graph_snapshot"]["paper"]["title"]
    check = by_name(examine_record(pithtex.load_record(record)))["title"]
    assert (check.status, check.where) == (Status.NOT_CHECKED, "paper.title")
    assert check.message == "the document does not state the title, only its digest"


@pytest.mark.parametrize("changed", ["detectors_run", "findings"])
def test_the_integrity_snapshot_covers_detectors_and_findings(changed: str) -> None:
    """Either alone makes another digest, so neither can be added to an empty report."""
    part = {"detectors_run": [], "findings": [], "snapshot_sha256": EMPTY_INTEGRITY}
    assert checked_snapshot("integrity", part, "s").status is Status.HOLDS
    assert checked_snapshot("integrity", {**part, changed: [{}]}, "s").status is Status.FAILS


def test_findings_that_equal_the_detectors_are_no_empty_report() -> None:
    part = {"detectors_run": [{}], "findings": [{}]}
    digest = pithtex.digest({"payload": {"detectors": [{}], "findings": [{}]}})
    assert checked_snapshot("integrity", {**part, "snapshot_sha256": digest}, "s").status is Status.HOLDS
    assert checked_snapshot("integrity", {**part, "snapshot_sha256": EMPTY_INTEGRITY}, "s").status is Status.FAILS


def test_a_document_without_receipt_and_snapshots_says_so(record: Document) -> None:
    del record["receipt"], record["graph_snapshot"]
    checks = by_name(examine_record(pithtex.load_record(record)))
    assert checks["receipt"].message == "the document carries no receipt, so nothing ties it to the registry"
    assert checks["snapshots"].message == "none stated"


def test_what_is_said_of_a_key_that_is_not_trusted_or_not_any_more(record: Document) -> None:
    loaded = pithtex.load_record(record)
    unknown = by_name(examine_record(loaded, Keyring([])))["receipt key"].finding
    assert unknown is not None
    assert unknown.hint == "a key is trusted only when it comes from outside the document; see `pithtex keys`"
    checks = examine_record(loaded, Keyring([dataclasses.replace(PINNED_KEY, revoked=True)])).checks
    revoked = next(check for check in checks if check.name == "receipt key")
    said = "pith-v1-2026-05 is revoked (pinned in pithtex), and nothing proves this signature older"
    assert (revoked.status, revoked.message) == (Status.FAILS, said)


def test_the_digits_of_a_number_are_bounded_where_python_does_not_bound_them() -> None:
    script = (
        "from pithtex.format.canonical import parse_json\n"
        "from pithtex.errors import MalformedError\n"
        f"assert parse_json(b'9' * {MAX_JSON_DIGITS}) == 10**{MAX_JSON_DIGITS} - 1\n"
        "try:\n"
        f"    parse_json(b'9' * {MAX_JSON_DIGITS + 1})\n"
        "except MalformedError as error:\n"
        "    print(error)\n"
    )
    command = [sys.executable, "-X", "int_max_str_digits=0", "-c", script]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout == f"a number of more than {MAX_JSON_DIGITS} digits\n"


@pytest.mark.parametrize(
    ("data", "message", "hint"),
    [
        (b"\xef\xbb\xbf{}", "starts with a byte-order mark", "save the file as UTF-8 without one"),
        (b'{"a":"\xff"}', "not UTF-8", None),
        (b'{"a":1,"a":2}', "the key occurs twice in one object", None),
        (b'{"a":"\\ud800"}', "a lone surrogate", None),
        (b"9" * (MAX_JSON_DIGITS + 1), "a number of too many digits", None),
    ],
)
def test_what_is_said_of_json_that_is_refused(data: bytes, message: str, hint: str | None) -> None:
    with pytest.raises(MalformedError) as caught:
        parse_json(data)
    assert (caught.value.message, caught.value.hint) == (message, hint)


def test_the_receipt_version_that_is_known_is_named(record: Document) -> None:
    record["receipt"]["receipt_version"] = "9.9"
    checks = by_name(examine_record(pithtex.load_record(record)))
    said = "known value 0.3, but receipt.receipt_version is '9.9'"
    assert checks["receipt receipt_version"].message == said


@pytest.mark.parametrize(
    ("part", "key", "value"),
    [
        ("source", "kind", "a kind"),
        ("source", "id", "2606.1"),
        ("metadata", "primary_cat", "cs lg"),
        ("metadata", "primary_cat", ""),
        ("metadata", "title_canon_sha256", "A" * 64),
        ("metadata", "abstract_canon_sha256", "0" * 63),
        ("metadata", "submitted_at", "2026-06-01"),
    ],
)
def test_what_is_signed_has_its_form_in_each_field(part: str, key: str, value: str) -> None:
    canonical = signing.canonical_record()
    canonical[part][key] = value
    with pytest.raises(MalformedError) as caught:
        parse_canonical_record(canonical, "canonical_record")
    assert (caught.value.rule, caught.value.where) == ("record-shape", f"canonical_record.{part}.{key}")


def test_a_key_id_of_another_form_is_malformed() -> None:
    document = signing.record_document()
    document["receipt"]["key_id"] = "a key"
    with pytest.raises(MalformedError, match="not of the form") as caught:
        pithtex.load_record(document)
    assert caught.value.where == "receipt.key_id"


def test_a_record_tells_when_it_says_it_was_signed() -> None:
    document = signing.record_document()
    document["receipt"]["signed_at"] = "2026-06-02T00:00:00Z"
    receipt = pithtex.load_record(document).receipt
    assert receipt is not None
    assert receipt.signature.signed_at == "2026-06-02T00:00:00Z"


def test_objects_are_held_to_json_as_bytes_are() -> None:
    with pytest.raises(MalformedError, match="not a finite number") as caught:
        pithtex.load_record({**signing.record_document(), "extra": [float("nan")]})
    assert caught.value.where == "extra[0]"


@pytest.mark.parametrize("key", ["kind", "receipt_version", "canonical_sha256", "algorithm", "signature_status"])
def test_a_receipts_fields_are_text(key: str) -> None:
    document = signing.record_document()
    document["receipt"][key] = 1
    with pytest.raises(MalformedError, match="expected text, found a number") as caught:
        pithtex.load_record(document)
    assert caught.value.where == f"receipt.{key}"
