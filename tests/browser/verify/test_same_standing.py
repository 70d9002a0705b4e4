"""What a bundle says of its paper: Python and JavaScript read the same."""

from __future__ import annotations

import base64
import json
import random
from typing import Any

import pytest

from pithtex.verification.document import document_standing, load_document
from tests import signing
from tests.browser.node import call
from tests.verification.bundles import bundle, event, integrity

KEYS = list(signing.both())
FIELDS = (
    "text",
    "kind",
    "type",
    "status",
    "reason",
    "note",
    "withdrawn",
    "retracted",
    "superseded_by",
    "details",
    "page",
)
WORDS = (
    "withdrawn", "Withdrawn by the authors.", "not withdrawn", "never been retracted; withdrawn", "a misprint",
    "replaces 2", "supersede", "paper_withdrawal", "UNWITHDRAWN", "un-withdrawn", "", "0", "x " * 1500 + "withdrawn",
    "\u0130 retraction",
)  # fmt: skip


def payload(chance: random.Random) -> dict[str, Any]:
    def value(depth: int = 0) -> Any:
        kind = chance.randrange(8)
        if kind < 4 or depth > 2:
            return chance.choice(WORDS)
        if kind == 4:
            return chance.choice([True, False, None, 0, 1, []])
        if kind == 5:
            return [value(depth + 1) for _ in range(chance.randrange(3))]
        return {chance.choice(FIELDS): value(depth + 1) for _ in range(chance.randrange(3))}

    return {name: value() for name in chance.sample(FIELDS, chance.randrange(4))}


def random_bundle(seed: int) -> bytes:
    chance = random.Random(seed)
    events: list[dict[str, Any]] = []
    for _ in range(chance.randrange(5)):
        kind = chance.choice(["correction"] * 5 + ["author_attestation", "storage_attestation", "withdrawal", "review"])
        when = f"2026-0{chance.randrange(3, 9)}-0{chance.randrange(5, 9)}T00:00:00{chance.choice(['', '.5'])}Z"
        more: dict[str, Any] = {}
        if events and chance.random() < 0.3:
            more["supersedes"] = [chance.choice(events)["event_id"]]
        if events and chance.random() < 0.4:
            more["prev_event"] = events[0]["event_id"]
        events.append(event(kind, when, payload(chance), **more))
    if chance.random() < 0.3:
        events.append(integrity(chance.choice(["critical", "Critical", "advisory"]), "Cites a retracted work."))
    return bundle(*{item["event_id"]: item for item in events}.values())


def python(data: bytes) -> dict[str, Any]:
    found = document_standing(load_document(data), signing.both())
    return {
        "statements": [(item.says.value, item.signed) for item in found.statements],
        "words": sorted(item.text for item in found.statements if item.text.isascii() and len(item.text) < 900),
        "asOf": found.as_of,
    }


def test_random_bundles() -> None:
    documents = [random_bundle(seed) for seed in range(400)]
    encoded = [base64.b64encode(data).decode() for data in documents]
    results = call("web.verifyDocument(new Uint8Array(Buffer.from(value, 'base64')))", encoded, KEYS)
    said = set()
    for seed, (data, result) in enumerate(zip(documents, results, strict=True)):
        assert result["word"] == "verified", (seed, result["reasons"])
        standing = result["standing"]
        texts = (item["text"] for item in standing["statements"])
        assert {
            "statements": [(item["says"], item["signed"]) for item in standing["statements"]],
            "words": sorted(text for text in texts if text.isascii() and len(text) < 900),
            "asOf": standing["asOf"],
        } == python(data), seed
        said |= {item["says"] for item in standing["statements"]}
    assert {"withdrawn", "critical finding", "contradictory", "superseded", "corrected", "author attested"} <= said


@pytest.mark.parametrize("severity", ["critical", "advisory"])
def test_a_record_claims(severity: str) -> None:
    document = signing.record_document()
    snapshot = integrity(severity, "Cites a retracted work.")["payload"]["graph_snapshot"]
    document["graph_snapshot"] = {**snapshot, "paper": document["paper"], "source": document["source"]}
    data = json.dumps(document).encode()
    (result,) = call(
        "web.verifyDocument(new Uint8Array(Buffer.from(value, 'base64')))", [base64.b64encode(data).decode()], KEYS
    )
    found = document_standing(load_document(data), signing.both())
    assert [item["text"] for item in result["standing"]["statements"]] == [item.text for item in found.statements]
    assert [item["signed"] for item in result["standing"]["statements"]] == [False] * (severity == "critical")
