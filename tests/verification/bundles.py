"""Bundles and events that the tests' own key signs."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from nacl.signing import SigningKey

import pithtex
from tests import signing
from tests.conftest import BUNDLE_FILE


def event(
    kind: str, when: str, payload: dict[str, Any], *, key: SigningKey = signing.TEST_KEY, **more: Any
) -> dict[str, Any]:
    """A signed event about the record of `signing.record_document()`."""
    body: dict[str, Any] = {
        "event_type": kind,
        "subject_pith_number": signing.record_document()["pith_number"],
        "target": "record",
        "payload": payload,
        "signer": {"signer_id": "the registry", "signer_type": "pith_registry", "key_id": signing.TEST_KEY_ID},
        "created_at": when,
        "supersedes": [],
        "prev_event": None,
        "schema_version": "1.0",
        **more,
    }
    content = pithtex.digest(body)
    body["signature"] = signing.signature_fields(content, "open_graph_event_sha256_bytes", key)
    return {**body, "content_sha256": content, "event_id": f"sha256:{content}"}


def integrity(severity: str, note: str) -> dict[str, Any]:
    """A signed snapshot whose integrity check found one thing."""
    record = signing.record_document()
    found = {"detector": "doi_compliance", "finding_type": "retracted_citation", "severity": severity, "note": note}
    part: dict[str, Any] = {
        "clean": False,
        "findings": [found],
        "detectors_run": [{"name": "doi_compliance", "findings_count": 1}],
        "summary": {"critical": 0, "advisory": 0, "informational": 0, severity: 1},
    }
    part["snapshot_sha256"] = pithtex.digest({"payload": {"detectors": part["detectors_run"], "findings": [found]}})
    snapshot = {"paper": record["paper"], "source": record["source"], "integrity": part}
    return event("graph_snapshot", "2026-03-05T00:00:01Z", {"graph_snapshot": snapshot}, target="graph")


def bundle(*events: dict[str, Any]) -> bytes:
    """A signed bundle of the record with these events after the one that creates it."""
    record = signing.record_document()
    created = event(
        "record_created",
        "2026-03-05T00:00:00Z",
        {
            "canonical_record": record["canonical_record"],
            "canonical_sha256": record["canonical_sha256"],
            "receipt": record["receipt"],
            "source_kind": "arxiv",
            "source_id": "2603.01234",
            "source_version": 1,
        },
    )
    value: dict[str, Any] = {
        "bundle_type": "pith_open_graph_bundle",
        "bundle_version": "1.0",
        **{
            k: record[k] for k in ("pith_number", "short_pith_number", "canonical_record", "canonical_sha256", "source")
        },
        "source_aliases": [],
        "events": [created, *events],
        "merge_version": "pith-open-graph-merge-v1",
        "timestamp_proofs": [],
        "mirror_hints": [],
        "public_keys": [],
    }
    digest = hashlib.sha256(pithtex.canonical_bytes(value)).hexdigest()
    value["bundle_signature"] = {**signing.signature_fields(digest, "bundle_sha256_bytes"), "bundle_sha256": digest}
    return json.dumps(value, ensure_ascii=False).encode()


def of_the_example(*events: dict[str, Any]) -> bytes:
    """The registry's own bundle of the example's paper, with more events, all of it under the tests' signature."""
    value = json.loads(BUNDLE_FILE.read_bytes())
    value["events"] += events
    del value["bundle_signature"]
    value.pop("state", None)
    digest = pithtex.digest(value)
    value["bundle_signature"] = {**signing.signature_fields(digest, "bundle_sha256_bytes"), "bundle_sha256": digest}
    return json.dumps(value).encode()


def about_the_example(kind: str, when: str, payload: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An event that the tests' key signs about the example's paper."""
    return event(kind, when, payload, subject_pith_number="pith:2026:CNPMIFD42NONUMCBYNP4XLPY53", **more)
