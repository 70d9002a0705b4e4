"""Integrity reports: what of them can be verified."""

from __future__ import annotations

import json

import pytest

from pithtex.errors import MalformedError
from pithtex.findings import Status
from pithtex.format.integrity_report import load_integrity_report
from pithtex.verification.document import examine_document, load_document, verify_document
from tests.conftest import VECTORS


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


def test_a_report_as_the_registry_gives_it_says_nothing_of_collectors() -> None:
    report = json.loads((VECTORS / "integrity-2604.20237.json").read_bytes())
    collected = [check.name for check in examine_document(load_document(report)).checks]
    assert "collector's keys" in collected
    report["events"] = report["_events_visible"]
    plain = {key: value for key, value in report.items() if not key.startswith("_")}
    names = [check.name for check in examine_document(load_document(plain)).checks]
    wanted = [name.replace("_events_visible", "events") for name in collected if name != "collector's keys"]
    assert names == wanted


def test_a_report_that_states_no_digest_is_not_checked() -> None:
    """Absent and null state nothing (docs/reference/format.md, "Objects and their fields")."""
    for stated in (None, ...):
        report = json.loads((VECTORS / "integrity-2604.20237.json").read_bytes())
        report["integrity"]["snapshot_sha256"] = stated
        if stated is ...:
            del report["integrity"]["snapshot_sha256"]
        examination = examine_document(load_document(report))
        checks = {check.name: check.status for check in examination.checks}
        assert checks["snapshot integrity"] is Status.NOT_CHECKED
        assert examination.status is Status.HOLDS


def test_null_for_events_leaves_the_visible_ones() -> None:
    report = json.loads((VECTORS / "integrity-2604.20237.json").read_bytes()) | {"events": None}
    assert len(load_integrity_report(report).events) == 1
