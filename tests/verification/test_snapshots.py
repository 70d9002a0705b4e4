"""Snapshots: those whose preimage is known are recomputed, of the others it is said that they are not."""

from __future__ import annotations

import hashlib

import pytest

import pithtex
from pithtex.findings import Status
from pithtex.verification.checks import Check, Diary
from pithtex.verification.record import examine_record
from pithtex.verification.snapshots import snapshot_check
from tests.verification.examined import Document, by_name, places

EMPTY = hashlib.sha256(b'{"payload":[]}').hexdigest()


EMPTY_INTEGRITY = hashlib.sha256(b'{"payload":{"detectors":[],"findings":[]}}').hexdigest()


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
    assert check.message == "not checkable: the registry has not published how its entries are hashed"
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


def test_one_wrong_snapshot_among_parts_that_state_none(record: Document) -> None:
    """A part without a digest is passed over, and what follows it is checked."""
    record["graph_snapshot"]["claims"] = {"snapshot_sha256": None}
    record["graph_snapshot"]["references"] = None
    record["graph_snapshot"]["integrity"]["snapshot_sha256"] = "0" * 64
    checks = by_name(examine_record(pithtex.load_record(record)))
    assert "snapshot claims" not in checks
    assert "snapshot references" not in checks
    assert checks["snapshot formal_canon"].status is Status.HOLDS
    assert checks["snapshot integrity"].status is Status.FAILS


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
