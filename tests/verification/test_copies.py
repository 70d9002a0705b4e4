"""Unsigned copies of signed values: each is compared, in value and in type."""

from __future__ import annotations

import pytest

import pithtex
from pithtex.errors import VerificationError
from pithtex.findings import Status
from pithtex.verification.bundle import examine_bundle
from pithtex.verification.record import examine_record
from tests.forgeries.test_records import put
from tests.verification.examined import Document, by_name, places

COPIES: dict[str, tuple[str, object]] = {
    "source.kind": ("source.kind", "zenodo"),
    "source.id": ("source.id", "2606.00001"),
    "source.version": ("source.version", 2),
    "paper.license": ("paper.license", "x"),
    "paper.primary_cat": ("paper.primary_cat", "x"),
    "paper.cross_cats": ("paper.cross_cats", ["cs.AI"]),
    "paper.submitted_at": ("paper.submitted_at", "2026-06-25T06:56:44Z"),
    "schema_version": ("schema_version", "1.1"),
}


@pytest.mark.parametrize("where", COPIES)
def test_each_copy_of_a_signed_value_is_compared(where: str, record: Document) -> None:
    path, value = COPIES[where]
    put(path, value)(record)
    failed = [check for check in examine_record(pithtex.load_record(record)).checks if check.name == f"copy {where}"]
    assert places(failed) == [(f"copy {where}", "fails", where)]
    with pytest.raises(VerificationError):
        pithtex.verify_record(pithtex.load_record(record))


@pytest.mark.parametrize(
    "key", ["canonical_record", "canonical_sha256", "source_kind", "source_id", "source_version", "schema_version"]
)
def test_each_value_that_an_event_restates_is_compared(key: str, bundle: Document) -> None:
    payload = bundle["events"][0]["payload"]
    payload[key] = {**payload[key], "schema_version": "2"} if key == "canonical_record" else "something else"
    where = f"events[0].payload.{key}"
    checks = by_name(examine_bundle(pithtex.load_bundle(bundle)))
    assert places([checks[f"copy {where}"]]) == [(f"copy {where}", "fails", where)]


def test_a_copy_of_the_record_is_equal_in_type_too(bundle: Document) -> None:
    bundle["events"][0]["payload"]["canonical_record"]["source"]["version"] = True
    checks = by_name(examine_bundle(pithtex.load_bundle(bundle)))
    assert checks["copy events[0].payload.canonical_record"].status is Status.FAILS


@pytest.mark.parametrize("stated", [(), ("paper",), ("graph_snapshot.paper",), ("paper", "graph_snapshot.paper")])
@pytest.mark.parametrize("absent", [True, False])
def test_a_title_that_is_not_stated_contradicts_none(
    stated: tuple[str, ...], *, absent: bool, record: Document
) -> None:
    """Left out or null, it states nothing: what is stated elsewhere is the record's title."""
    title = record["paper"]["title"]
    for where, paper in (("paper", record["paper"]), ("graph_snapshot.paper", record["graph_snapshot"]["paper"])):
        if where in stated:
            continue
        if absent:
            del paper["title"]
        else:
            paper["title"] = None
    verified = pithtex.verify_record(pithtex.load_record(record))
    assert verified.title == (title if stated else None)
    assert examine_record(pithtex.load_record(record)).status is Status.HOLDS


@pytest.mark.parametrize("where", ["paper.title", "graph_snapshot.paper.title"])
def test_a_title_that_is_another_contradicts(where: str, record: Document) -> None:
    put(where, "Another title")(record)
    with pytest.raises(VerificationError) as caught:
        pithtex.verify_record(pithtex.load_record(record))
    assert caught.value.finding.name in {"copy-mismatch", "title-mismatch"}
