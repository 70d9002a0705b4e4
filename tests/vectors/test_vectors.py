"""Every real vector: recomputed to the letter."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

import pithtex
from pithtex.findings import Status
from pithtex.format.keys import PINNED_KEY
from pithtex.format.record import parse_canonical_record
from pithtex.verification.bundle import examine_bundle
from pithtex.verification.checks import Diary
from pithtex.verification.record import examine_record
from pithtex.verification.snapshots import snapshot_check
from tests.conftest import BUNDLE_FILE, RECORD_FILES, SEEDS, VECTORS


def lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (VECTORS / name).read_text().splitlines()]


RECORDS = lines("records.jsonl") + lines("abstracts.jsonl")


def named(vector: dict[str, Any]) -> str:
    return f"{vector['arxiv_id']}v{vector['version']}"


def having(*keys: str) -> list[dict[str, Any]]:
    return [vector for vector in RECORDS if all(vector.get(key) for key in keys)]


def test_there_are_as_many_as_there_should_be() -> None:
    counts = [len(having(key)) for key in ("canonical_record", "pith_number", "title", "signature_b64", "abstract")]
    assert counts == [112, 127, 111, 13, 4]


@pytest.mark.parametrize("vector", having("canonical_record"), ids=named)
def test_canonical_record(vector: dict[str, Any]) -> None:
    canonical = parse_canonical_record(vector["canonical_record"], "")
    assert pithtex.digest(canonical.raw) == canonical.digest == vector["canonical_sha256"]
    assert canonical.source_id == vector["arxiv_id"]
    assert canonical.source_version == vector["version"]
    assert canonical.number.full == vector["pith_number"]


@pytest.mark.parametrize("vector", having("pith_number"), ids=named)
def test_number(vector: dict[str, Any]) -> None:
    number = pithtex.PithNumber.parse_exact(vector["pith_number"])
    assert pithtex.PithNumber.from_digest(vector["canonical_sha256"], number.year) == number


@pytest.mark.parametrize("vector", having("title", "canonical_record"), ids=named)
def test_title_digest(vector: dict[str, Any]) -> None:
    signed = vector["canonical_record"]["metadata"]["title_canon_sha256"]
    assert pithtex.title_digest(vector["title"]) == signed


@pytest.mark.parametrize("vector", having("abstract"), ids=named)
def test_abstract_digest(vector: dict[str, Any]) -> None:
    assert pithtex.abstract_digest(vector["abstract"]) == vector["abstract_canon_sha256"]


@pytest.mark.parametrize("vector", having("signature_b64"), ids=named)
def test_signature(vector: dict[str, Any]) -> None:
    message, signature = bytes.fromhex(vector["canonical_sha256"]), base64.b64decode(vector["signature_b64"])
    assert PINNED_KEY.verifies(message, signature)
    assert not PINNED_KEY.verifies(message[:-1] + b"\0", signature)
    assert not PINNED_KEY.verifies(vector["canonical_sha256"].encode(), signature)


@pytest.mark.parametrize("path", RECORD_FILES, ids=lambda path: path.stem)
def test_seed_record(path) -> None:
    record = pithtex.load_record(path.read_bytes())
    examination = examine_record(record)
    assert examination.status is Status.HOLDS
    assert not examination.findings
    assert not record.unknown
    assert pithtex.verify_record(record).title == record.title


def test_seed_bundle() -> None:
    bundle = pithtex.load_bundle(BUNDLE_FILE.read_bytes())
    examination = examine_bundle(bundle)
    assert examination.status is Status.HOLDS
    assert {check.status for check in examination.checks} == {Status.HOLDS}
    assert [event.event_type for event in pithtex.verify_bundle(bundle).events] == ["record_created", "graph_snapshot"]


def test_the_registrys_own_page_says_the_same() -> None:
    page = (SEEDS / "page-CNPMIFD4.txt").read_text()
    record = pithtex.verify_bundle(pithtex.load_bundle(BUNDLE_FILE.read_bytes())).record
    for said in (record.number.full, record.digest, record.title, f"\\pithnumber{{{record.number.suffix}}}"):
        assert said in page
    assert f"arxiv:{record.arxiv_id} v{record.canonical.source_version}" in page


@pytest.mark.parametrize("path", sorted(VECTORS.glob("integrity-*.json")), ids=lambda path: path.stem)
def test_integrity_snapshot(path) -> None:
    report = json.loads(path.read_bytes())["integrity"]
    diary = Diary()
    snapshot_check("integrity", report, "integrity", diary)
    report["findings"][0]["severity"] = "critical"
    snapshot_check("integrity", report, "integrity", diary)
    assert [check.status for check in diary.checks] == [Status.HOLDS, Status.FAILS]


def test_the_pinned_key_is_the_one_the_mirror_manifest_names() -> None:
    manifest = json.loads((VECTORS / "pith-mirrors.json").read_bytes())
    stated = manifest["mirrors"][0]["public_key"]
    assert stated["public_key_hex"] == PINNED_KEY.hex
    assert stated["fingerprint_sha256_hex"] == PINNED_KEY.fingerprint_hex
    assert stated["fingerprint_sha256_b32_first128bits"] == PINNED_KEY.fingerprint_base32
