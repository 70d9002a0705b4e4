"""Every check has one form, whatever it compared and however it came out."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest

import pithtex
from pithtex.findings import Status
from pithtex.verification.bundle import examine_bundle
from pithtex.verification.checks import Check, show
from pithtex.verification.record import examine_record
from tests import signing
from tests.forgeries.test_records import BUNDLE_FORGERIES, FORGERIES
from tests.verification.examined import Document, bare, by_name, compact


def assert_well_formed(checks: Iterable[Check]) -> None:
    for check in checks:
        form = check.to_dict()
        assert json.loads(json.dumps(form)) == form
        assert form["check"] == check.name
        assert form["status"] == check.status.value
        assert form["where"] == check.where
        assert form["values"] == dict(check.inputs)
        assert isinstance(check.message, str)
        assert form["message"] == check.message != ""
        assert "None" not in check.message
        assert all(type(text) is str for text in (check.name, check.where, *(t for pair in check.inputs for t in pair)))
        assert isinstance(check.status, Status)
        if check.status is Status.FAILS and not check.only_warns:
            assert check.finding is not None
            assert check.finding.where == check.where
            assert check.finding.message == f"{check.name}: {check.message}"
        if check.finding is not None:
            assert check.message in check.finding.message


@pytest.mark.parametrize("name", FORGERIES)
def test_checks_of_a_forged_record_are_well_formed(name: str, record: Document) -> None:
    FORGERIES[name][0](record)
    assert_well_formed(examine_record(pithtex.load_record(record)).checks)


@pytest.mark.parametrize("name", BUNDLE_FORGERIES)
def test_checks_of_a_forged_bundle_are_well_formed(name: str, bundle: Document) -> None:
    BUNDLE_FORGERIES[name][0](bundle)
    assert_well_formed(examine_bundle(pithtex.load_bundle(bundle)).checks)


def test_checks_of_what_holds_or_is_not_stated_are_well_formed(record: Document, bundle: Document) -> None:
    assert_well_formed(examine_record(pithtex.load_record(record)).checks)
    assert_well_formed(examine_record(bare(), signing.keyring()).checks)
    assert_well_formed(examine_record(compact(), signing.keyring()).checks)
    del bundle["bundle_signature"]
    assert_well_formed(examine_bundle(pithtex.load_bundle(bundle)).checks)


def test_a_check_says_both_values_where_they_differ(record: Document) -> None:
    digest = record["canonical_sha256"]
    assert by_name(examine_record(pithtex.load_record(record)))["digest"].message.endswith("= canonical_sha256")
    record |= {"canonical_sha256": "0" * 64, "short_pith_number": "pith:AAAAAAAA"}
    record["source"]["id"] = "2606.00001"
    checks = by_name(examine_record(pithtex.load_record(record)))
    assert digest in checks["digest"].message
    assert "0" * 64 in checks["digest"].message
    assert "pith:AAAAAAAA" in checks["short-form"].message
    copied = checks["copy source.id"].message
    assert '"2606.26666"' in copied
    assert '"2606.00001"' in copied
    assert checks["copies in source"].message.startswith("kind, version:")


@pytest.mark.parametrize(("length", "whole"), [(98, True), (99, False)])
def test_a_value_is_shown_up_to_a_hundred_characters(length: int, whole: bool) -> None:
    text = show("x" * length)
    assert len(text) == 100
    assert text == ('"' + "x" * 98 + '"' if whole else '"' + "x" * 96 + "...")
