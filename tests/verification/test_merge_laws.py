"""Laws of the merge over generated sets of events (docs/reference/merge.md, "Laws")."""

from __future__ import annotations

import copy
import functools
import hashlib
import os
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey

import pithtex
from pithtex.format.canonical import canonical_bytes
from pithtex.format.keys import Key, Keyring
from pithtex.format.state import EventStanding
from pithtex.verification.merge import merge, merged_bundle, missing
from tests import signing

EXAMPLES = int(os.environ.get("PITHTEX_EXAMPLES", "50"))
"""Event sets to each law; the thousands are for `PITHTEX_EXAMPLES=1000`."""

SIGNERS = {"key-a": signing.TEST_KEY, "key-b": signing.OTHER_KEY}
STRANGER = SigningKey(hashlib.sha256(b"pithtex test key that nobody trusts").digest())
KEYRING = Keyring([Key(key_id=i, public_key=bytes(k.verify_key), origin="the tests") for i, k in SIGNERS.items()])
TYPES = ("record_created", "graph_snapshot", "correction", "timestamp_anchor", "endorsement")
RECORD = signing.record_document()
DANGLING = "sha256:" + "0" * 64

Document = dict[str, Any]


@functools.cache
def _signature(digest: str, key_id: str) -> Document:
    key = SIGNERS.get(key_id, STRANGER)
    return signing.signature_fields(digest, "open_graph_event_sha256_bytes", key, key_id)


def signature(digest: str, key_id: str) -> Document:
    """A signature, made once and given out as a copy: forgeries change theirs."""
    return dict(_signature(digest, key_id))


def event(key_id: str, kind: str, target: str, day: int, supersedes: list[str], prev: str | None) -> Document:
    body = {
        "event_type": kind,
        "subject_pith_number": RECORD["pith_number"],
        "target": target,
        "created_at": f"2026-05-0{day}T00:00:00{'.5' if day % 2 else ''}Z",
        "signer": {"signer_id": "someone", "key_id": key_id},
        "supersedes": supersedes,
        "prev_event": prev,
        "payload": {"graph_snapshot": {}, "text": target * day},
        "schema_version": "1.0",
    }
    digest = pithtex.digest(body)
    return {**body, "content_sha256": digest, "event_id": f"sha256:{digest}", "signature": signature(digest, key_id)}


def forged(good: Document, how: int) -> Any:
    """An entry that must count for nothing, made from an event that holds."""
    bad = copy.deepcopy(good)
    if how == 0:
        bad["payload"]["text"] = "changed"
    elif how == 1:
        bad["payload"]["text"] = "changed, and rehashed"
        digest = pithtex.digest({k: v for k, v in bad.items() if k not in {"event_id", "content_sha256", "signature"}})
        bad |= {"content_sha256": digest, "event_id": f"sha256:{digest}"}
    elif how == 2:
        bad["signature"] = signature(bad["content_sha256"], "stranger")
    elif how == 3:
        bad["signature"]["signature_b64"] = signing.sign(bad["content_sha256"], STRANGER)
    elif how == 4:
        del bad["signature"]
    elif how == 5:
        # Ids that no content has: the only way to a cycle.
        bad |= {"supersedes": [good["event_id"], DANGLING], "prev_event": DANGLING, "event_id": DANGLING}
    else:
        return ["no event", None, 7][how % 3]
    return bad


def bundle(events: list[Any], aliases: list[Any] | None = None) -> pithtex.Bundle:
    return pithtex.load_bundle(
        {
            "bundle_type": "pith_open_graph_bundle",
            "bundle_version": "1.0",
            **{key: RECORD[key] for key in ("pith_number", "canonical_record", "canonical_sha256")},
            "source_aliases": aliases or [],
            "events": events,
        }
    )


@st.composite
def good_events(draw: st.DrawFn) -> list[Document]:
    """Events that hold, linked to earlier ones, to none, to some that are not here."""
    events: list[Document] = []
    for _ in range(draw(st.integers(1, 7))):
        ids = st.sampled_from([DANGLING, *(item["event_id"] for item in events)])
        events.append(
            event(
                draw(st.sampled_from(tuple(SIGNERS))),
                draw(st.sampled_from(TYPES)),
                draw(st.sampled_from("xy")),
                draw(st.integers(1, 3)),
                draw(st.lists(ids, max_size=2)),
                draw(st.none() | ids),
            )
        )
    return events


@st.composite
def forgeries(draw: st.DrawFn, events: list[Document]) -> list[Any]:
    count = draw(st.integers(0, 3))
    return [forged(draw(st.sampled_from(events)), draw(st.integers(0, 8))) for _ in range(count)]


ALIASES = st.lists(
    st.sampled_from(
        [
            {"alias_kind": kind, "alias_value": value, "created_at": time}
            for kind, value in (("arxiv", "2603.01234"), ("arxiv", "9999.99999"), ("other", "x"), ("other", "y"))
            for time in ("2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z", None)
        ]
    ),
    max_size=3,
)


@st.composite
def bundles(draw: st.DrawFn, least: int = 1) -> list[pithtex.Bundle]:
    """Mirrors of one record: each holds some of the events, some of the forgeries, in any order."""
    events = draw(good_events())
    pool = [*events, *draw(forgeries(events))]
    part = st.lists(st.sampled_from(pool), max_size=len(pool) + 2)
    return [bundle(draw(part), draw(ALIASES)) for _ in range(draw(st.integers(least, 4)))]


def state(*several: pithtex.Bundle) -> bytes:
    return canonical_bytes(merge(several, KEYRING).to_dict())


def joined(*several: pithtex.Bundle) -> pithtex.Bundle:
    return pithtex.load_bundle(canonical_bytes(merged_bundle(several, KEYRING)))


@settings(max_examples=EXAMPLES)
@given(bundles(), st.randoms(use_true_random=False))
def test_independent_of_order_and_duplication(several: list[pithtex.Bundle], random: Any) -> None:
    """merge(A, B) = merge(B, A), and merge(A, B, A) = merge(A, B); the same inside each bundle."""
    shuffled = [*several, *random.choices(several, k=2)]
    random.shuffle(shuffled)
    assert merge(shuffled, KEYRING) == merge(several, KEYRING)
    inner = []
    for item in several:
        events = [*item.document["events"], *item.document["events"][:2]]
        random.shuffle(events)
        inner.append(bundle(events, item.document["source_aliases"]))
    assert merge(inner, KEYRING) == merge(several, KEYRING)
    assert state(*inner) == state(*several)


@settings(max_examples=EXAMPLES)
@given(bundles(least=3))
def test_associative(several: list[pithtex.Bundle]) -> None:
    """merge(merge(A, B), C) = merge(A, merge(B, C)) = merge(A, B, C), through the documents."""
    first, middle, *rest = several
    whole = state(*several)
    assert state(joined(first, middle), *rest) == whole
    assert state(first, joined(middle, *rest)) == whole
    left = joined(joined(first, middle), *rest)
    assert canonical_bytes(left.document) == canonical_bytes(joined(first, joined(middle, *rest)).document)


@settings(max_examples=EXAMPLES)
@given(bundles())
def test_idempotent(several: list[pithtex.Bundle]) -> None:
    """merge(A, A) = merge(A), and what is merged merges to itself."""
    once = joined(*several)
    assert canonical_bytes(joined(once, once).document) == canonical_bytes(once.document)
    assert state(once) == state(*several) == canonical_bytes(once.document["state"])


@settings(max_examples=EXAMPLES)
@given(bundles(least=2))
def test_monotone(several: list[pithtex.Bundle]) -> None:
    """Adding a bundle never removes a valid event; what a mirror lacked is what the merge gave it."""
    *some, _last = several
    valid = {item.event_id for item in merge(some, KEYRING).valid}
    everything = {item.event_id for item in merge(several, KEYRING).valid}
    assert valid <= everything
    for item, lacked in zip(several, missing(several, KEYRING), strict=True):
        held = {one.event_id for one in merge([item], KEYRING).valid}
        assert held.isdisjoint(lacked)
        assert held | set(lacked) == everything


@settings(max_examples=EXAMPLES)
@given(st.data())
def test_a_forged_event_changes_nothing_current(data: st.DataObject) -> None:
    """A forged event never changes `current`, nor what is applied, nor an equivocation: it is listed, with reasons."""
    events = data.draw(good_events())
    bad = data.draw(forgeries(events))
    honest = merge([bundle(events)], KEYRING)
    attacked = merge([bundle(data.draw(st.permutations([*events, *bad])))], KEYRING)
    before, after = honest.to_dict(), attacked.to_dict()
    for key in ("current", "applied_event_ids", "equivocations", "valid_event_count"):
        assert before[key] == after[key]
    assert not honest.invalid
    assert all(item.reasons and item.standing is EventStanding.INVALID for item in attacked.invalid)


@settings(max_examples=EXAMPLES)
@given(bundles())
def test_the_state_adds_up(several: list[pithtex.Bundle]) -> None:
    """`state_sha256` is that of the rest; counts are of what is listed; every event has one standing."""
    merged = merge(several, KEYRING)
    document = merged.to_dict()
    digest = document.pop("state_sha256")
    assert digest == pithtex.digest(document)
    assert document["event_count"] == document["valid_event_count"] + document["invalid_event_count"]
    assert document["valid_event_count"] == len(set(document["applied_event_ids"]))
    assert document["invalid_event_count"] == len(document["invalid_events"])
    lists = merged.current()
    shown = [one.event_id for events in lists.values() for one in events]
    superseded = [item.event_id for item in merged.valid if item.superseded_by]
    assert sorted([*shown, *superseded]) == sorted(document["applied_event_ids"])
    unknown = {item.event_id for item in merged.valid if item.standing is EventStanding.UNKNOWN_TYPE}
    assert {one.event_id for one in lists["other_events"]} <= unknown


@settings(max_examples=EXAMPLES)
@given(good_events())
def test_equivocation_is_what_it_is_defined_as(events: list[Document]) -> None:
    """Two different valid events of one key with the same type, target and previous event, which is not null."""

    def place(item: Document) -> tuple[Any, ...]:
        return item["signature"]["key_id"], item["event_type"], item["target"], item["prev_event"]

    expected = {
        one["event_id"]
        for one in events
        for other in events
        if one["prev_event"] and one["event_id"] != other["event_id"] and place(one) == place(other)
    }
    found = merge([bundle(events)], KEYRING).equivocations
    assert {i for item in found for i in item.event_ids} == expected
