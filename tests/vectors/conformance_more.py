"""The cases of tests/vectors/conformance.jsonl that are receipts or several bundles."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
from collections.abc import Iterator
from typing import Any, Final

import pithtex
from tests import signing
from tests.format.test_compact_receipt import compact
from tests.vectors.conformance_cases import Document, Vector, word_of
from tests.verification.test_merge_laws import DANGLING, RECORD, event, forged, signature

_TITLE: Final = "A Title of Some Length for the Tests"


def _receipt(title: str = _TITLE, stated: str | None = None, **changes: Any) -> str:
    """A receipt of a record with that title, which it may state otherwise."""
    data = pithtex.canonical_bytes(signing.canonical_record(title, **changes))
    signed = signing.TEST_KEY.sign(hashlib.sha256(data).digest()).signature
    text = title if stated is None else stated
    return compact(data + b"\n" + text.encode("utf-8", "surrogatepass"), signature=signed)


def receipts() -> Iterator[Vector]:
    """Compact receipts, and what is wrong with each."""
    good = _receipt()
    _, key_id, body, signed = good.split(".")
    raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    longer = base64.urlsafe_b64encode(raw + b"x").rstrip(b"=").decode()
    stray = signed[:-1] + chr(ord(signed[-1]) + 1)
    bad, shape = "receipt-malformed", "record-shape"
    cases = (
        ("as it is", good, ""),
        ("without a title", _receipt(stated=""), ""),
        ("another title", _receipt(stated="Another"), "title-mismatch"),
        ("a young character", _receipt("Shaking \U0001fae8 faces"), ""),
        ("title not collapsed", _receipt(stated=_TITLE.replace(" ", "  ")), bad),
        *(
            (f"title with U+{ord(c):04X}", _receipt(f"A{c}title", f"A{c}title"), bad)
            for c in "\u202e\ufb01\u0378\ue000"
        ),
        ("a key that is not trusted", f"p1.another.{body}.{signed}", "unknown-key"),
        ("another version", f"p2.{key_id}.{body}.{signed}", bad),
        ("a part more", f"{good}.A", bad),
        ("a blank at its end", f"{good} ", bad),
        ("padding", f"p1.{key_id}.{body}=.{signed}", bad),
        ("bits left over", f"p1.{key_id}.{body}.{stray}", bad),
        ("signature cut", f"p1.{key_id}.{body}.{signed[:-4]}", bad),
        ("a byte after the stream", f"p1.{key_id}.{longer}.{signed}", bad),
        ("not DEFLATE", f"p1.{key_id}.____.{signed}", bad),
        ("no newline", compact(b"{}"), bad),
        ("not canonical", compact(b'{"b":1, "a":2}\n'), bad),
        ("not a record", compact(b'{"a":1}\n'), shape),
        ("too large inflated", compact(b"a" * 17_000), bad),
        ("another's signature", f"p1.{key_id}.{body}.{'A' * 86}", "signature-invalid"),
        ("second 60", _receipt(submitted_at="2026-03-04T05:06:60Z"), shape),
    )
    for name, text, rules in cases:
        broken = tuple(sorted(rules.split()))
        yield Vector("10", f"receipt: {name}", text.encode(), word_of(broken), broken)


def _bundle(events: list[Any], aliases: list[Any] | None = None) -> Document:
    return {
        "bundle_type": "pith_open_graph_bundle",
        "bundle_version": "1.0",
        **{key: copy.deepcopy(RECORD[key]) for key in ("pith_number", "canonical_record", "canonical_sha256")},
        "source_aliases": aliases or [],
        "events": events,
    }


def _timed(time: str, text: str = "x") -> Document:
    """An event of a time, signed."""
    return _signed({**event("key-a", "correction", text, 2, [], None), "created_at": time})


def _signed(changed: Document, key_id: str = "key-a") -> Document:
    body = {k: v for k, v in changed.items() if k not in {"event_id", "content_sha256", "signature"}}
    digest = pithtex.digest(body)
    return {**body, "content_sha256": digest, "event_id": f"sha256:{digest}", "signature": signature(digest, key_id)}


def merges() -> Iterator[tuple[str, list[Document]]]:
    """Sets of bundles of one record, each with a name."""
    one, two = event("key-a", "correction", "x", 1, [], None), event("key-a", "correction", "y", 2, [], None)
    by_b = event("key-b", "correction", "x", 2, [one["event_id"]], None)
    after = [event("key-a", "correction", target, day, [], one["event_id"]) for target, day in (("x", 2), ("x", 3))]
    chain = event("key-a", "correction", "x", 2, [one["event_id"]], None)
    last = event("key-a", "correction", "x", 3, [chain["event_id"]], None)
    copies = [forged(one, how) for how in (3, 4, 5)]
    unsigned_copy = copy.deepcopy(one) | {"event_id": 5}
    malformed = [
        {key: value for key, value in one.items() if key != gone} for gone in ("signer", "target", "signature")
    ]
    again = copy.deepcopy(one)
    again["signature"]["signed_at"] = "2026-03-06T00:00:00Z"
    aliases = [
        {"alias_kind": "arxiv", "alias_value": "2603.01234", "created_at": "2026-05-02T00:00:00Z"},
        {"alias_kind": "arxiv", "alias_value": "9999.99999"},
        {"alias_kind": "other", "alias_value": "\U0001f600"},
        {"alias_kind": "other", "alias_value": "\ufb33"},
    ]
    older = [{"alias_kind": "arxiv", "alias_value": "2603.01234", "created_at": "2026-05-01T00:00:00Z"}]
    yield "no events", [_bundle([])]
    yield "events null", [_bundle([]) | {"events": None}]
    yield "one event", [_bundle([one])]
    yield "one event in two bundles", [_bundle([one]), _bundle([one])]
    yield "two bundles", [_bundle([one]), _bundle([two])]
    yield "the same, the other way round", [_bundle([two]), _bundle([one])]
    yield "two signatures of one event", [_bundle([one, again])]
    yield "a forged copy of a valid event", [_bundle([copies[0], one])]
    for name, entries in {
        "invalid copies of one content": copies,
        "malformed events": malformed,
        "an id that is a number": [unsigned_copy],
        "entries that are not objects": [5, None, "x", [], True, 1.0, {}],
    }.items():
        yield name, [_bundle(entries)]
        yield f"{name}, the other way round", [_bundle(entries[::-1])]
        yield f"{name}, a bundle each", [_bundle([entry]) for entry in entries]
    yield "an event of a key that is not trusted", [_bundle([_signed(one, "stranger")])]
    yield "an event of another record", [_bundle([_signed({**one, "subject_pith_number": f"pith:2026:{'A' * 26}"})])]
    yield "a signer of another name", [_bundle([_signed({**one, "signer": {"key_id": "key-b"}})])]
    yield "superseded", [_bundle([one, chain])]
    yield "superseded in a chain", [_bundle([last, chain, one])]
    yield "superseded by another key", [_bundle([one, by_b])]
    yield "supersedes what is not here", [_bundle([_signed({**one, "supersedes": [DANGLING]})])]
    yield "supersedes null", [_bundle([_signed({**one, "supersedes": None})])]
    yield "supersedes twice", [_bundle([one, _signed({**chain, "supersedes": [one["event_id"]] * 2})])]
    yield "equivocation", [_bundle([one, *after])]
    yield "equivocation, superseded", [_bundle([one, *after, _signed({**last, "supersedes": [after[0]["event_id"]]})])]
    yield "equivocation about two targets", [_bundle([one, after[0], _signed({**after[1], "target": "z"})])]
    yield (
        "types not known",
        [_bundle([event("key-a", kind, "x", 1, [], None) for kind in ("endorsement", "Correction", "")])],
    )
    yield "two that create", [_bundle([event("key-a", "record_created", "x", day, [], None) for day in (2, 1)])]
    yield (
        "one that creates, superseded",
        [
            _bundle(
                [
                    created := event("key-a", "record_created", "x", 1, [], None),
                    _signed({**chain, "supersedes": [created["event_id"]]}),
                ]
            )
        ],
    )
    times = ("2026-05-01T00:00:00Z", "2026-05-01T00:00:00.5Z", "2026-05-01T00:00:00.50Z", "2026-05-01T00:00:00.05Z")
    yield "fractions of a second", [_bundle([_timed(time) for time in times])]
    yield (
        "times that there are not",
        [_bundle([_timed(time) for time in ("2026-05-01T00:00:60Z", "2026-02-30T00:00:00Z", "2026-05-01T24:00:00Z")])],
    )
    yield "aliases", [_bundle([one], aliases), _bundle([], older)]
    yield "aliases null", [_bundle([one]) | {"source_aliases": None}]
    yield "snapshots", [_bundle([event("key-a", "graph_snapshot", "x", 1, [], None), forged(two, 0)])]


def states() -> Iterator[Document]:
    """The merges as lines of the file."""
    from tests.verification.test_merge_laws import KEYRING

    for name, several in merges():
        texts = [json.dumps(each, ensure_ascii=False) for each in several]
        state = pithtex.merge([pithtex.load_bundle(text.encode()) for text in texts], KEYRING).to_dict()
        yield {"kind": "merge", "section": "8", "name": f"merge: {name}", "bundles": texts, "state": state}
