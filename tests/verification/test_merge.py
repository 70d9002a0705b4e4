"""The merge on the real bundle and on small made ones: each rule by an example."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

import pithtex
from pithtex.errors import MalformedError, UsageError, VerificationError
from pithtex.findings import Status
from pithtex.format.canonical import canonical_bytes
from pithtex.format.keys import Key, Keyring
from pithtex.format.state import MERGE_RULES, EventStanding
from pithtex.verification.bundle import examine_bundle
from pithtex.verification.merge import merge, merged_bundle, missing
from tests import signing
from tests.conftest import BUNDLE_FILE
from tests.verification.test_merge_laws import DANGLING, KEYRING, RECORD, bundle, event

Document = dict[str, Any]
SEED_STATE = "05499ce3a4e8948a72f3ee734227fb00751437c86cafb30d67c88b5fa194cba6"


def state_of(*events: Any) -> pithtex.State:
    return merge([bundle(list(events))], KEYRING)


def ids(*events: Document) -> list[str]:
    return [item["event_id"] for item in events]


def listed(state: pithtex.State, name: str) -> list[str]:
    return [item.event_id for item in state.current()[name]]


def names(state: pithtex.State) -> set[str]:
    return {item.name for item in state.findings}


def test_the_state_of_the_real_bundle_byte_for_byte(bundle: Document) -> None:
    document = pithtex.merge([pithtex.load_bundle(bundle)]).to_dict()
    assert document["state_sha256"] == SEED_STATE
    assert canonical_bytes(document) == canonical_bytes(bundle["state"])


def test_the_real_bundle_examined() -> None:
    checks = {c.name: c for c in examine_bundle(pithtex.load_bundle(BUNDLE_FILE.read_bytes())).checks}
    assert checks["state"].status is checks["state digest"].status is Status.HOLDS


def test_the_real_bundle_merged_is_unsigned_and_holds(bundle: Document) -> None:
    loaded = pithtex.load_bundle(bundle)
    document = merged_bundle([loaded, loaded])
    again = pithtex.load_bundle(canonical_bytes(document))
    assert again.signature is None
    assert again.digest is None
    examination = examine_bundle(again)
    assert examination.status is Status.HOLDS
    assert [item.name for item in examination.findings] == ["unsigned-bundle"]
    verified = pithtex.verify_bundle(again)
    assert len(verified.events) == 2
    assert document["state"] == bundle["state"]
    assert document["mirror_hints"] == bundle["mirror_hints"]
    assert document["public_keys"] == bundle["public_keys"]
    assert document["merge_rules"] == MERGE_RULES


def test_nothing_to_merge() -> None:
    for function in (merge, missing, merged_bundle):
        with pytest.raises(UsageError):
            function([])


def test_different_subjects() -> None:
    other = {**signing.record_document("Another Title"), "bundle_type": "pith_open_graph_bundle", "events": []}
    for function in (merge, missing, merged_bundle):
        with pytest.raises(VerificationError) as caught:
            function([bundle([]), pithtex.load_bundle(other)], KEYRING)
        assert caught.value.finding.name == "different-subjects"


def test_no_events() -> None:
    document = state_of().to_dict()
    assert document["event_count"] == 0
    assert document["current"]["record_created"] is None


def test_lists_are_by_time_then_id() -> None:
    late, early, half = (event("key-a", "correction", "x", day, [], None) for day in (4, 2, 3))
    whole = copy.deepcopy(half)
    body = {k: v for k, v in whole.items() if k not in {"event_id", "content_sha256", "signature"}}
    body["created_at"] = "2026-05-03T00:00:00Z"
    digest = pithtex.digest(body)
    whole = {
        **body,
        "content_sha256": digest,
        "event_id": f"sha256:{digest}",
        "signature": signing.signature_fields(digest, "open_graph_event_sha256_bytes", key_id="key-a"),
    }
    assert listed(state_of(late, half, early, whole), "corrections") == ids(early, whole, half, late)


def test_an_unknown_type_is_kept_and_named() -> None:
    one = event("key-a", "endorsement", "x", 1, [], None)
    state = state_of(one)
    assert state.events[0].standing is EventStanding.UNKNOWN_TYPE
    document = state.to_dict()
    assert document["applied_event_ids"] == ids(one)
    assert document["valid_event_count"] == 1
    assert [item["event_type"] for item in document["current"]["other_events"]] == ["endorsement"]
    assert names(state) == {"unknown-event-type"}
    assert "other_events" not in state_of(event("key-a", "correction", "x", 1, [], None)).to_dict()["current"]


@pytest.mark.parametrize("kind", ["other_events", "state", "canonical_record", "corrections", ""])
def test_a_type_named_like_a_list_is_just_unknown(kind: str) -> None:
    one = event("key-a", kind, "x", 1, [], None)
    assert listed(state_of(one), "other_events") == ids(one)


def test_superseded_events_leave_the_lists_and_stay_applied() -> None:
    first = event("key-a", "correction", "x", 1, [], None)
    second = event("key-a", "correction", "x", 2, ids(first), first["event_id"])
    third = event("key-a", "correction", "x", 3, ids(second), second["event_id"])
    state = state_of(third, first, second)
    assert listed(state, "corrections") == ids(third)
    assert state.to_dict()["applied_event_ids"] == ids(first, second, third)
    assert state.events[0].superseded_by == tuple(ids(second))
    assert not state.findings


def test_another_key_supersedes_nothing() -> None:
    first = event("key-a", "correction", "x", 1, [], None)
    usurper = event("key-b", "correction", "x", 2, ids(first), None)
    state = state_of(first, usurper)
    assert listed(state, "corrections") == ids(first, usurper)
    assert names(state) == {"supersedes-ignored"}
    assert state.events[1].refused == tuple(ids(first))


def test_an_invalid_event_supersedes_nothing() -> None:
    first = event("key-a", "correction", "x", 1, [], None)
    bad = event("key-a", "correction", "x", 2, ids(first), None)
    bad["payload"] = {}
    assert listed(state_of(first, bad), "corrections") == ids(first)


def test_the_first_record_created_is_shown_and_the_others_stay_in_the_count() -> None:
    first, second = (event("key-a", "record_created", "x", day, [], None) for day in (1, 2))
    state = state_of(second, first)
    assert state.to_dict()["current"]["record_created"]["event_id"] == first["event_id"]
    assert listed(state, "record_created") == ids(first, second)
    heir = event("key-a", "record_created", "x", 3, ids(first, second), None)
    assert state_of(second, heir, first).to_dict()["current"]["record_created"]["event_id"] == heir["event_id"]


def test_links_that_lead_nowhere_are_named() -> None:
    state = state_of(event("key-a", "correction", "x", 1, [DANGLING], "sha256:nothing"))
    assert state.events[0].unresolved == (DANGLING, "sha256:nothing")
    assert names(state) == {"event-link"}


def test_equivocation() -> None:
    root = event("key-a", "correction", "x", 1, [], None)
    prev = root["event_id"]
    one, other = (event("key-a", "correction", "x", day, [], prev) for day in (2, 3))
    state = state_of(root, one, other)
    [found] = state.equivocations
    assert found.event_ids == tuple(sorted(ids(one, other)))
    assert found.prev_event == prev
    assert listed(state, "corrections") == ids(root, one, other)
    assert names(state) == {"equivocation"}
    assert state.to_dict()["equivocation_count"] == 1


@pytest.mark.parametrize("change", [{"key_id": "key-b"}, {"target": "y"}, {"kind": "mirror_hint"}, {"prev": None}])
def test_no_equivocation(change: dict[str, Any]) -> None:
    place: dict[str, Any] = {"key_id": "key-a", "kind": "correction", "target": "x", "prev": DANGLING}
    one = event(day=1, supersedes=[], **place)
    other = event(day=2, supersedes=[], **{**place, **change})
    assert not state_of(one, other).equivocations


def test_no_two_events_without_predecessor_equivocate() -> None:
    assert not state_of(*(event("key-a", "correction", "x", day, [], None) for day in (1, 2))).equivocations


def test_one_key_under_two_ids_is_one_signer() -> None:
    key = bytes(signing.TEST_KEY.verify_key)
    ring = Keyring([Key(key_id=i, public_key=key, origin="the tests") for i in ("key-a", "key-z")])
    one = event("key-a", "correction", "x", 1, [], DANGLING)
    body = {k: v for k, v in one.items() if k not in {"event_id", "content_sha256", "signature"}}
    body["signer"] = {"key_id": "key-z"}
    digest = pithtex.digest(body)
    signed = signing.signature_fields(digest, "open_graph_event_sha256_bytes", key_id="key-z")
    other = {**body, "event_id": f"sha256:{digest}", "content_sha256": digest, "signature": signed}
    assert len(merge([bundle([one, other])], ring).equivocations) == 1


def test_aliases_are_united_and_held_to_the_record() -> None:
    def alias(kind: str, value: str, time: str) -> Document:
        return {"alias_kind": kind, "alias_value": value, "created_at": time}

    early, late = "2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z"
    one = bundle([], [alias("other", "x", late), alias("arxiv", "2603.01234", late)])
    two = bundle([], [alias("arxiv", "2603.01234", early), alias("arxiv", "9999.99999", early)])
    expected = [alias("arxiv", "2603.01234", early), alias("other", "x", late)]
    assert merge([one, two], KEYRING).to_dict()["current"]["source_aliases"] == expected


def test_what_each_mirror_lacked() -> None:
    one, two = (event("key-a", "correction", "x", day, [], None) for day in (1, 2))
    damaged = copy.deepcopy(one)
    damaged["payload"]["text"] = "changed"
    mirrors = [bundle([one, damaged]), bundle([two, one]), bundle([damaged])]
    assert missing(mirrors, KEYRING) == (tuple(ids(two)), (), tuple(sorted(ids(one, two))))


def test_invalid_events_are_in_the_merged_bundle_and_do_not_hide_its_record(bundle: Document) -> None:
    """A forged `record_created` with a receipt of its own does not become the record's receipt."""
    forged = copy.deepcopy(bundle["events"][0])
    forged["created_at"] = "2020-01-01T00:00:00Z"
    forged["payload"]["receipt"]["signature_b64"] = signing.sign(bundle["canonical_sha256"], signing.OTHER_KEY)
    attacked = pithtex.load_bundle({**bundle, "events": [forged, *bundle["events"]]})
    document = merged_bundle([attacked])
    assert len(document["events"]) == 3
    examination = examine_bundle(pithtex.load_bundle(document))
    checks = {check.name: check.status for check in examination.checks}
    assert checks["receipt signature"] is Status.HOLDS
    assert checks["state"] is Status.HOLDS
    assert checks["events[2] digest"] is Status.FAILS


def test_keys_that_nobody_trusts_are_not_handed_on(bundle: Document) -> None:
    bundle["public_keys"] += [{**bundle["public_keys"][0], "public_key_hex": "00" * 32}, {"key_id": "attacker"}]
    assert len(merged_bundle([pithtex.load_bundle(bundle)])["public_keys"]) == 1


def test_null_for_a_signature_is_no_signature(bundle: Document) -> None:
    """As everywhere: null states nothing (docs/reference/format.md, "Objects and their fields")."""
    bundle["bundle_signature"] = None
    loaded = pithtex.load_bundle(bundle)
    assert (loaded.signature, loaded.digest) == (None, None)
    bundle["bundle_signature"] = False
    with pytest.raises(MalformedError, match="expected an object"):
        pithtex.load_bundle(bundle)


def test_state_absent_is_not_checked(bundle: Document) -> None:
    del bundle["state"], bundle["bundle_signature"]
    checks = {check.name: check.status for check in examine_bundle(pithtex.load_bundle(bundle)).checks}
    assert checks["state"] is Status.NOT_CHECKED
    assert "state digest" not in checks


def test_what_the_merge_notices_is_reported_by_the_verifier() -> None:
    document = merged_bundle([bundle([event("key-a", "endorsement", "x", 1, [], DANGLING)])], KEYRING)
    examination = examine_bundle(pithtex.load_bundle(json.loads(canonical_bytes(document))), KEYRING)
    assert {"unknown-event-type", "event-link"} <= {item.name for item in examination.findings}
    assert not any(check.status is Status.FAILS for check in examination.checks)


def test_the_subject_is_derived_not_read() -> None:
    one = bundle([event("key-a", "correction", "x", 1, [], None)])
    assert merge([one], KEYRING).number.full == RECORD["pith_number"]
    lying = pithtex.load_bundle({**one.document, "pith_number": "pith:2026:AAAAAAAAAAAAAAAAAAAAAAAAAA"})
    assert merge([one, lying], KEYRING) == merge([one], KEYRING)
