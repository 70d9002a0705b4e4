"""The unsigned rest: what does not fit is named, warns, and changes neither verdict nor exit code; links contradict."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import pithtex
from pithtex.errors import MalformedError
from pithtex.findings import Severity, Status
from pithtex.verification.document import examine_document, load_document
from tests.conftest import VECTORS
from tests.forgeries.test_records import put

Document = dict[str, Any]
OTHER = "CNPMIFD42NONUMCBYNP4XLPY53"

WARNED: dict[str, tuple[Callable[[Document], None], str]] = {
    "an attestation nobody made": (put("verification_status.author_attested", True), "status-unsupported"),
    "an anchor nobody set": (put("verification_status.externally_anchored", True), "status-unsupported"),
    "a storage nobody verified": (put("verification_status.storage_verified", True), "status-unsupported"),
    "citations nobody signed": (put("verification_status.citation_signatures", 3), "status-unsupported"),
    "replications nobody made": (put("verification_status.replication_records", 1), "status-unsupported"),
    "a receipt denied": (put("verification_status.pith_receipt", False), "status-unsupported"),
    "a snapshot denied": (put("verification_status.graph_snapshot", False), "status-unsupported"),
    "strong claims from nowhere": (put("verification_status.strong_author_claims", 2), "status-unsupported"),
    "references resolved from nowhere": (put("verification_status.references_resolved", True), "status-unsupported"),
    "attested without attestation": (put("attestation_state", "attested"), "attestation-unsupported"),
    "claims counted, not listed": (put("graph_snapshot.claims.count", 4), "count-mismatch"),
    "claims listed, not counted": (put("graph_snapshot.claims.items", [{"a": 1}]), "count-mismatch"),
    "more in the sample than counted": (put("inbound_citations.sample", [{}]), "count-mismatch"),
    "more resolved than there are": (put("graph_snapshot.references.resolved_work", 1), "count-mismatch"),
    "more strong claims than claims": (put("graph_snapshot.author_claims.strong_count", 1), "count-mismatch"),
    "events summed up that are not there": (put("event_summary", {"correction": 1}), "count-mismatch"),
    "a critical finding that is not there": (
        put("graph_snapshot.integrity.summary.critical", 1),
        "integrity-summary",
    ),
    "not clean without a finding": (put("graph_snapshot.integrity.clean", False), "integrity-summary"),
    "another excerpt in the snapshot": (put("graph_snapshot.paper.abstract_excerpt", "x"), "claimed-copy-differs"),
    "another headline in the snapshot": (put("graph_snapshot.paper.headline", "x"), "claimed-copy-differs"),
    "other authors in the snapshot": (put("graph_snapshot.paper.authors_text", "x"), "claimed-copy-differs"),
    "computed before it was submitted": (put("receipt.first_computed_at", "2020-01-01T00:00:00Z"), "time-order"),
    "reissued before it was computed": (put("receipt.last_reissued_at", "2026-06-26T01:15:55Z"), "time-order"),
    "signed before it was computed": (put("receipt.signed_at", "2026-06-26T01:15:55Z"), "time-order"),
    "updated before it was created": (put("updated_at", "2026-01-01T00:00:00+00:00"), "time-order"),
    "a time without a zone": (put("created_at", "2026-06-26T01:15:56"), "time-order"),
    "a link to another host": (
        put("links.html", "https://pith.example/pith/EL6A4QOTPLYS3LFEIZGOL5QVTM"),
        "link-host",
    ),
    "a field that nobody knows": (put("something_new", {"a": 1}), "unknown-field"),
    "a number that is fragile": (put("something_new", 1.5), "fragile-json"),
}


@pytest.mark.parametrize("name", WARNED)
def test_a_warning_and_no_more(name: str, record: Document) -> None:
    forge, rule = WARNED[name]
    forge(record)
    # Where the change is to a snapshot's preimage, its digest is a matter of its own.
    snapshots = {"snapshot-mismatch", "snapshot-not-checkable"}
    examination = examine_document(load_document(record))
    names = {item.name for item in examination.findings} - snapshots
    assert rule in names
    assert not {item.name for item in examination.findings if item.severity is Severity.ERROR} - snapshots
    if not snapshots & {item.name for item in examination.findings}:
        assert examination.status is Status.HOLDS
        assert pithtex.verify_record(pithtex.load_record(record)).number.suffix == record["pith_number"][10:]


CONTRADICTED = {
    "a link to another number": put("links.html", f"https://pith.science/pith/{OTHER}"),
    "a link to another short form": put("links.paper", "https://pith.science/paper/CNPMIFD4"),
    "an action on another number": put("agent_actions.fetch_graph", f"https://pith.science/api/pith-number/{OTHER}/g"),
    "an action deeper down on another number": put(
        "agent_actions.actions.attest_author", f"https://pith.science/pith/{OTHER}/action/author_attestation"
    ),
    "a resolver link to another paper": put(
        "agent_actions.resolve_alias", "https://pith.science/api/pith-number/resolve?arxiv=2606.01751&json=true"
    ),
}


@pytest.mark.parametrize("name", CONTRADICTED)
def test_a_link_to_another_number_contradicts(name: str, record: Document) -> None:
    CONTRADICTED[name](record)
    examination = examine_document(load_document(record))
    assert examination.status is Status.FAILS
    assert "link-mismatch" in {item.name for item in examination.findings}


def test_what_may_lead_elsewhere_or_states_nothing(record: Document) -> None:
    """A link of another name may be another record's, and null is not a copy that could disagree."""
    record["links"]["previous_version"] = f"https://pith.science/pith/{OTHER}"
    record["paper"]["license"] = None
    examination = examine_document(load_document(record))
    assert (examination.status, examination.findings) == (Status.HOLDS, ())


@pytest.fixture
def report() -> Document:
    return json.loads((VECTORS / "integrity-2604.20237.json").read_bytes())


@pytest.mark.parametrize("path", sorted(VECTORS.glob("integrity-*.json")), ids=lambda path: path.stem)
def test_real_integrity_report(path: Path) -> None:
    examination = examine_document(load_document(path.read_bytes()))
    assert examination.status is Status.HOLDS
    assert not examination.findings
    by_name = {check.name: check.status for check in examination.checks}
    assert by_name["_events_visible[0] signature"] is Status.HOLDS
    assert by_name["collector's keys"] is Status.NOT_CHECKED
    assert examination.number is None


@pytest.mark.parametrize(
    ("forge", "rule", "status"),
    [
        (put("integrity.findings.0.note", "x"), "snapshot-mismatch", Status.FAILS),
        (put("integrity.detectors_run.0.version", "2"), "snapshot-mismatch", Status.FAILS),
        (put("_events_visible.0.payload_sha256", "0" * 64), "event-invalid", Status.FAILS),
        (put("_events_visible.0.signing_key_id", "other"), "unknown-key", Status.UNAVAILABLE),
        (put("integrity.summary.advisory", 0), "integrity-summary", Status.HOLDS),
        (put("integrity.clean", True), "integrity-summary", Status.HOLDS),
    ],
)
def test_forged_integrity_report(
    report: Document, forge: Callable[[Document], None], rule: str, status: Status
) -> None:
    forge(report)
    examination = examine_document(load_document(report))
    assert examination.status is status
    assert rule in {item.name for item in examination.findings}


@pytest.mark.parametrize(
    "forge",
    [
        put("pith_number", "2604.00001"),
        put("_events_visible.0.payload_sha256", "xyz"),
        put("_events_visible.0.signature_b64", "AAAA"),
        put("integrity", []),
        put("schema", "https://example.org/other"),
    ],
)
def test_malformed_integrity_report(report: Document, forge: Callable[[Document], None]) -> None:
    forge(report)
    with pytest.raises(MalformedError):
        load_document(report)
