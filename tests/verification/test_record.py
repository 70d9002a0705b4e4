"""A record examined: what is checked of it and where, and what is returned as proven."""

from __future__ import annotations

import base64
import hashlib

import pytest

import pithtex
from pithtex.findings import Status
from pithtex.format.canonical import canonical_bytes, collapse
from pithtex.format.keys import PINNED_KEY
from pithtex.verification.record import examine_record
from tests import signing
from tests.forgeries.test_records import FORGERIES
from tests.verification.examined import (
    Document,
    bare,
    by_name,
    compact,
    number_places,
    places,
    receipt_places,
    signed_part,
    snapshot_places,
)


def test_every_part_of_a_record_is_checked_and_named_with_its_place(record: Document) -> None:
    examination = examine_record(pithtex.load_record(record))
    assert sorted(places(signed_part(examination))) == sorted(
        [
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
    )
    assert examination.number is not None
    assert examination.number.full == record["pith_number"]


def test_what_a_bare_record_does_not_state_is_not_checked() -> None:
    examination = examine_record(bare(), signing.keyring())
    assert sorted(places(signed_part(examination))) == sorted(
        [
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
    )
    assert examination.status is Status.UNAVAILABLE
    [finding] = examination.findings
    assert finding.name == "no-receipt"
    assert finding.hint


def test_what_a_compact_receipt_does_not_state_is_not_checked() -> None:
    examination = examine_record(compact(), signing.keyring())
    assert sorted(places(signed_part(examination))) == sorted(
        [
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
    )
    # The values are derived and shown all the same.
    assert dict(by_name(examination)["digest"].inputs)["sha-256"] == pithtex.digest(signing.canonical_record())


def test_a_document_without_title_says_so(record: Document) -> None:
    del record["paper"]["title"], record["graph_snapshot"]["paper"]["title"]
    check = by_name(examine_record(pithtex.load_record(record)))["title"]
    assert (check.status, check.where) == (Status.NOT_CHECKED, "paper.title")
    assert check.message == "the document does not state the title, only its digest"


def test_a_document_without_receipt_and_snapshots_says_so(record: Document) -> None:
    del record["receipt"], record["graph_snapshot"]
    checks = by_name(examine_record(pithtex.load_record(record)))
    assert (
        checks["receipt"].message
        == "the document carries no receipt, so nothing proves that it comes from the registry"
    )
    assert checks["snapshots"].message == "none stated"


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


def test_the_receipt_version_that_is_known_is_named(record: Document) -> None:
    record["receipt"]["receipt_version"] = "9.9"
    checks = by_name(examine_record(pithtex.load_record(record)))
    said = "known value 0.3, but receipt.receipt_version is '9.9'"
    assert checks["receipt receipt_version"].message == said


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
    assert verified.excerpt == record["paper"]["abstract_excerpt"]


@pytest.mark.parametrize("paper", [None, {}, {"abstract_excerpt": 1}])
def test_a_record_that_states_no_excerpt_has_none(paper: object) -> None:
    document = signing.record_document()
    document["paper"] = paper
    assert pithtex.verify_record(pithtex.load_record(document), signing.keyring()).excerpt is None


def test_a_record_without_title_is_verified_without_title() -> None:
    document = signing.record_document()
    del document["paper"]["title"]
    assert pithtex.verify_record(pithtex.load_record(document), signing.keyring()).title is None


def test_an_alias_of_an_unknown_kind_hides_no_wrong_one(record: Document) -> None:
    record["aliases"].insert(0, {"alias_kind": "handle", "alias_value": "1/2"})
    record["aliases"][1]["alias_value"] = "2606.00001"
    checks = by_name(examine_record(pithtex.load_record(record)))
    assert places([checks["alias handle"]]) == [("alias handle", "not-checked", "aliases[0]")]
    assert "'1/2'" in checks["alias handle"].message
    assert checks["alias arxiv"].status is Status.FAILS


def test_a_doi_with_capitals_is_no_contradiction(record: Document) -> None:
    record["aliases"][2]["alias_value"] = "10.48550/arXiv.2606.26666"
    check = by_name(examine_record(pithtex.load_record(record)))["alias doi"]
    assert places([check]) == [("alias doi", "holds", "aliases[2]")]


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


def test_a_source_of_another_kind() -> None:
    """Nothing is derived for a source that is not arXiv, and an alias of an unknown kind is left alone."""
    canonical = signing.canonical_record(kind="zenodo", id="1234567")
    document = signing.record_document("A Title of Some Length for the Tests", canonical=canonical)
    document["aliases"] = [{"alias_kind": "zenodo", "alias_value": "1234567"}]
    verified = pithtex.verify_record(pithtex.load_record(document), signing.keyring())
    assert verified.arxiv_id is None
    assert str(verified.number) == verified.number.full
