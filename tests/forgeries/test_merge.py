"""Forged events and states: each event is kept apart with its reason, each state is refused."""

from __future__ import annotations

import base64
import copy
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from nacl.bindings import crypto_scalarmult_ed25519_base_noclamp

import pithtex
from pithtex.errors import MalformedError, VerificationError
from pithtex.findings import Status
from pithtex.verification.bundle import examine_bundle
from pithtex.verification.merge import merge, merged_bundle
from tests import signing
from tests.verification.test_merge_laws import DANGLING, KEYRING, RECORD, bundle, event, signature

Document = dict[str, Any]
L = 2**252 + 27742317777372353535851937790883648493
"""The order of the Ed25519 base point (RFC 8032, 5.1)."""


def rehash(document: Document) -> None:
    """What an attacker without the key can do: content, digest and id agree."""
    body = {k: v for k, v in document.items() if k not in {"event_id", "content_sha256", "signature"}}
    digest = pithtex.digest(body)
    document |= {"content_sha256": digest, "event_id": f"sha256:{digest}"}


def resign(document: Document, key_id: str = "key-a") -> None:
    rehash(document)
    document["signature"] = signature(document["content_sha256"], key_id)


def malleable(document: Document) -> None:
    """S + L: the same equation holds, and RFC 8032 5.1.7 refuses it."""
    raw = base64.b64decode(document["signature"]["signature_b64"])
    s = int.from_bytes(raw[32:], "little") + L
    document["signature"]["signature_b64"] = base64.b64encode(raw[:32] + s.to_bytes(32, "little")).decode()


def change(path: str, value: object, *then: Callable[[Document], None]) -> Callable[[Document], None]:
    def forge(document: Document) -> None:
        *parents, last = path.split(".")
        inner = document
        for key in parents:
            inner = inner[key]
        inner[last] = value
        for step in then:
            step(document)

    return forge


def drop(key: str) -> Callable[[Document], None]:
    return lambda document: document.pop(key)


def record_as_event(document: Document) -> None:
    """The record's own receipt, passed off as the signature of an event."""
    document["signature"]["signature_b64"] = RECORD["receipt"]["signature_b64"]
    document |= {"content_sha256": RECORD["canonical_sha256"], "event_id": f"sha256:{RECORD['canonical_sha256']}"}


EVENTS: dict[str, tuple[Callable[[Document], None], str]] = {
    "payload changed": (change("payload.text", "!"), "event-id-mismatch"),
    "payload changed and rehashed": (change("payload.text", "!", rehash), "event-invalid"),
    "type changed and rehashed": (change("event_type", "mirror_hint", rehash), "event-invalid"),
    "supersedes changed and rehashed": (change("supersedes", [DANGLING], rehash), "event-invalid"),
    "a key added and rehashed": (change("more", 1, rehash), "event-invalid"),
    "id changed": (change("event_id", DANGLING), "event-id-mismatch"),
    "id in upper case": (lambda d: d.update(event_id=d["event_id"].upper()), "event-id-mismatch"),
    "digest changed": (change("content_sha256", "0" * 64), "event-id-mismatch"),
    "about another record, truly signed": (change("subject_pith_number", "pith:2026:A", resign), "foreign-event"),
    "about the record in lower case, truly signed": (
        lambda d: change("subject_pith_number", d["subject_pith_number"].lower(), resign)(d),
        "foreign-event",
    ),
    "names another key than its signature": (change("signer.key_id", "key-b", resign), "signer-mismatch"),
    "signed by another trusted key under this id": (
        lambda d: d["signature"].update(signature_b64=signing.sign(d["content_sha256"], signing.OTHER_KEY)),
        "event-invalid",
    ),
    "signature of another trusted key": (
        lambda d: d.update(signature=signature(d["content_sha256"], "key-b")),
        "signer-mismatch",
    ),
    "key unknown": (change("signer.key_id", "stranger", lambda d: resign(d, "stranger")), "unknown-key"),
    "fingerprint of another": (change("signature.public_key_fingerprint", "0" * 32), "fingerprint-mismatch"),
    "signature all zero": (change("signature.signature_b64", base64.b64encode(bytes(64)).decode()), "event-invalid"),
    "signature with S + L": (malleable, "event-invalid"),
    "says it signs records": (change("signature.signed_message", "canonical_sha256_bytes"), "receipt-field"),
    "algorithm none": (change("signature.algorithm", "none"), "receipt-field"),
    "says unsigned": (change("signature.signature_status", "unsigned"), "receipt-field"),
    "a record passed off as an event": (record_as_event, "event-id-mismatch"),
    "no signature": (drop("signature"), "event-malformed"),
    "no signer": (drop("signer"), "event-malformed"),
    "no time": (drop("created_at"), "event-malformed"),
    "a time that is none, truly signed": (change("created_at", "2026-02-30T00:00:00Z", resign), "event-malformed"),
    "a time with an offset, truly signed": (
        change("created_at", "2026-02-03T00:00:00+00:00", resign),
        "event-malformed",
    ),
    "supersedes as text": (change("supersedes", DANGLING, resign), "event-malformed"),
    "prev_event as a list": (change("prev_event", [DANGLING], resign), "event-malformed"),
    "payload as text": (change("payload", "text", resign), "event-malformed"),
    "another schema version, truly signed": (change("schema_version", "2.0", resign), "event-malformed"),
    "a signature too short": (change("signature.signature_b64", "AAAA"), "event-malformed"),
}


@pytest.mark.parametrize("name", EVENTS)
def test_forged_event(name: str) -> None:
    forge, reason = EVENTS[name]
    good = event("key-a", "correction", "x", 1, [], None)
    bad = event("key-a", "correction", "y", 2, [good["event_id"]], good["event_id"])
    forge(bad)
    loaded = bundle([bad, good])
    state = merge([loaded], KEYRING)
    assert [item.event_id for item in state.valid] == [good["event_id"]]
    [kept] = state.invalid
    assert reason in kept.reasons
    assert state.to_dict()["current"] == merge([bundle([good])], KEYRING).to_dict()["current"]
    assert reason in {item.name for item in examine_bundle(loaded, KEYRING).findings}


MALFORMED_PAYLOADS = {
    "receipt": ("record_created", {"receipt": {"kind": "pith_receipt"}}),
    "no snapshot": ("graph_snapshot", {}),
    "paper as text": ("graph_snapshot", {"graph_snapshot": {"paper": "text"}}),
    "title as a number": ("graph_snapshot", {"graph_snapshot": {"paper": {"title": 1}}}),
}


@pytest.mark.parametrize("name", MALFORMED_PAYLOADS)
def test_a_malformed_payload_hides_nothing(name: str) -> None:
    """One mirror's rubbish must not make the bundle unreadable."""
    kind, payload = MALFORMED_PAYLOADS[name]
    good, bad = event("key-a", "correction", "x", 1, [], None), event("key-a", kind, "x", 1, [], None)
    bad["payload"] = payload
    resign(bad)
    state = merge([bundle([bad, good])], KEYRING)
    assert [item.reasons for item in state.events] == [(), ("event-malformed",)]


SPELLINGS: dict[str, Callable[[Document], None]] = {
    "no fingerprint": lambda d: d["signature"].pop("public_key_fingerprint"),
    "another signing time, which is unsigned": lambda d: d["signature"].update(signed_at="1970-01-01T00:00:00Z"),
    "another signature by another key": lambda d: d.update(signature=signature(d["content_sha256"], "key-b")),
    "a signature that does not hold": lambda d: d["signature"].update(signature_b64=signing.sign("0" * 64)),
    "no signature": lambda d: d.pop("signature"),
    "the malleable twin": malleable,
    "another id": lambda d: d.update(event_id=DANGLING),
    "keys in another order": lambda d: d.update({k: d.pop(k) for k in sorted(d, reverse=True)}),
}


@pytest.mark.parametrize("name", SPELLINGS)
def test_one_content_is_one_event_and_a_copy_that_holds_wins(name: str) -> None:
    good = event("key-a", "correction", "x", 1, [], None)
    other = copy.deepcopy(good)
    SPELLINGS[name](other)
    honest = merge([bundle([good])], KEYRING).to_dict()
    for events in ([good, other], [other, good]):
        assert merge([bundle(events)], KEYRING).to_dict() == honest
        assert merge([bundle([one]) for one in events], KEYRING).to_dict() == honest
    one, two = (merged_bundle([bundle(events)], KEYRING) for events in ([good, other], [other, good]))
    assert one == two
    assert len(one["events"]) == 1


def test_copies_that_do_not_hold_are_all_kept() -> None:
    """Under another keyring one of them might."""
    good = event("key-a", "correction", "x", 1, [], None)
    strange, broken = copy.deepcopy(good), copy.deepcopy(good)
    strange["signature"] = signature(good["content_sha256"], "stranger")
    broken["signature"]["signature_b64"] = signing.sign("0" * 64)
    state = merge([bundle([strange, broken, strange])], KEYRING)
    assert sorted(item.reasons for item in state.events) == [("event-invalid",), ("signer-mismatch", "unknown-key")]


def signed_again(document: Document, nonce: int) -> None:
    """A second signature by the same key that holds: the signer is free to choose its nonce."""
    a = int.from_bytes(hashlib.sha512(bytes(signing.TEST_KEY)).digest()[:32], "little")
    a = (a & ~7 & ((1 << 254) - 1)) | (1 << 254)
    message = bytes.fromhex(document["content_sha256"])
    point = crypto_scalarmult_ed25519_base_noclamp(nonce.to_bytes(32, "little"))
    k = hashlib.sha512(point + bytes(signing.TEST_KEY.verify_key) + message).digest()
    s = (nonce + int.from_bytes(k, "little") * a) % L
    document["signature"]["signature_b64"] = base64.b64encode(point + s.to_bytes(32, "little")).decode()


def test_two_signatures_that_both_hold_are_one_event() -> None:
    good = event("key-a", "correction", "x", 1, [], None)
    copies = [copy.deepcopy(good) for _ in range(3)]
    for nonce, one in enumerate(copies, start=5):
        signed_again(one, nonce)
        assert len(merge([bundle([one])], KEYRING).valid) == 1
    texts = {str(merged_bundle([bundle(part)], KEYRING)) for part in ([good, *copies], [*copies[::-1], good])}
    assert len(texts) == 1
    assert merge([bundle([good, *copies])], KEYRING).to_dict() == merge([bundle([good])], KEYRING).to_dict()


def restate(document: Document) -> None:
    state = document["state"]
    state["state_sha256"] = pithtex.digest({k: v for k, v in state.items() if k != "state_sha256"})


STATES: dict[str, Callable[[Document], None]] = {
    "a count changed": lambda d: d["state"].update(event_count=3),
    "an entry dropped": lambda d: d["state"]["current"].update(graph_snapshots=[]),
    "an entry moved": lambda d: d["state"]["current"].update(corrections=d["state"]["current"]["graph_snapshots"]),
    "a correction from nowhere": lambda d: d["state"]["current"].update(corrections=[{"event_id": DANGLING}]),
    "a payload changed": lambda d: d["state"]["current"]["graph_snapshots"][0]["payload"].update(verdict_id="x"),
    "an alias added": lambda d: d["state"]["current"]["source_aliases"].append({"alias_kind": "a", "alias_value": "b"}),
    "another number": lambda d: d["state"].update(pith_number="pith:2026:EL6A4QOTPLYS3LFEIZGOL5QVTM"),
    "a version as a float": lambda d: d["state"].update(event_count=2.0),
    "applied ids reversed": lambda d: d["state"]["applied_event_ids"].reverse(),
    "nothing": lambda d: d.update(state={"merge_version": "pith-open-graph-merge-v1"}),
}


@pytest.mark.parametrize("name", STATES)
def test_forged_state(name: str, bundle: Document) -> None:
    """The bundle's signature is taken off, or it would fail by that: the state falls by itself."""
    del bundle["bundle_signature"]
    STATES[name](bundle)
    restate(bundle)
    loaded = pithtex.load_bundle(bundle)
    checks = {check.name: check for check in examine_bundle(loaded).checks}
    assert checks["state digest"].status is Status.HOLDS
    assert checks["state"].status is Status.FAILS
    with pytest.raises(VerificationError) as caught:
        pithtex.verify_bundle(loaded)
    assert caught.value.finding.name == "state-mismatch"


@pytest.mark.parametrize("value", ["state", [], 1, False])
def test_a_state_that_is_no_object(value: object, bundle: Document) -> None:
    del bundle["bundle_signature"]
    bundle["state"] = value
    with pytest.raises(MalformedError, match="expected an object"):
        pithtex.load_bundle(bundle)


def test_a_state_of_another_merge_is_not_comparable(bundle: Document) -> None:
    del bundle["bundle_signature"]
    bundle["state"]["merge_version"] = "pith-open-graph-merge-v2"
    restate(bundle)
    examination = examine_bundle(pithtex.load_bundle(bundle))
    assert examination.status is Status.HOLDS
    assert {item.name for item in examination.findings} == {"unsigned-bundle", "state-not-comparable"}


def two_corrections() -> Document:
    events = [event("key-a", "correction", "x", day, [], None) for day in (1, 2)]
    document = merged_bundle([bundle(events)], KEYRING)
    document["state"]["current"]["corrections"].reverse()
    restate(document)
    return document


def state_check(document: Document) -> Status:
    checks = {check.name: check.status for check in examine_bundle(pithtex.load_bundle(document), KEYRING).checks}
    return checks["state"]


def test_an_order_that_is_only_ours_is_no_contradiction() -> None:
    document = two_corrections()
    assert state_check(document) is Status.FAILS
    del document["merge_rules"]
    assert state_check(document) is Status.NOT_CHECKED


@pytest.mark.parametrize("name", ["corrections", "canonical_record", "record_created", "mirror_hints"])
def test_no_rule_puts_in_what_no_valid_event_says(name: str) -> None:
    document = two_corrections()
    del document["merge_rules"]
    document["state"]["current"][name] = [{"event_id": DANGLING}]
    restate(document)
    assert state_check(document) is Status.FAILS


@pytest.mark.parametrize(("key", "value"), [("current", None), ("pith_number", "pith:2026:A")])
def test_no_rule_changes_what_the_state_is_of(key: str, value: object) -> None:
    document = two_corrections()
    del document["merge_rules"]
    document["state"][key] = value
    restate(document)
    assert state_check(document) is Status.FAILS


def test_many_links_to_one_event() -> None:
    """One event superseded by many, all with links that lead nowhere; twice the same is once."""
    first = event("key-a", "correction", "x", 1, [], None)
    many = [event("key-a", "correction", f"t{i}", 2, [first["event_id"], DANGLING], DANGLING) for i in range(500)]
    state = merge([bundle([first, *many, *many])], KEYRING)
    assert len(state.events[0].superseded_by) == 500
    assert len(state.equivocations) == 0
