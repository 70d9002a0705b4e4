"""Which keys are trusted, and what is said of one that is not."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest

import pithtex
from pithtex.errors import UndecidedError, VerificationError
from pithtex.findings import Status
from pithtex.format.keys import PINNED_KEY, Keyring
from pithtex.verification.bundle import examine_bundle
from pithtex.verification.record import examine_record
from tests import signing
from tests.verification.examined import Document, by_name, places


def test_a_keyring_that_is_given_replaces_the_pinned_key(record: Document, bundle: Document) -> None:
    del bundle["state"], bundle["bundle_signature"]
    loaded, whole = pithtex.load_record(record), pithtex.load_bundle(bundle)
    with pytest.raises(UndecidedError) as caught:
        pithtex.verify_record(loaded, signing.keyring())
    assert caught.value.finding.name == "unknown-key"
    with pytest.raises(UndecidedError) as caught:
        pithtex.verify_bundle(whole, signing.keyring())
    assert caught.value.finding.name == "unknown-key"
    assert examine_record(loaded, signing.keyring()).status is Status.UNAVAILABLE
    assert examine_bundle(whole, signing.keyring()).status is Status.UNAVAILABLE


def test_an_unknown_key_says_where_and_what_to_do() -> None:
    document = signing.record_document(key_id="stranger")
    checks = by_name(examine_record(pithtex.load_record(document), signing.keyring()))
    check = checks["receipt key"]
    assert places([check]) == [("receipt key", "unavailable", "receipt.key_id")]
    assert check.finding is not None
    assert (check.finding.name, check.finding.where) == ("unknown-key", "receipt.key_id")
    assert "stranger" in check.message
    assert check.finding.message == check.message
    assert "give it as --key FILE" in (check.finding.hint or "")
    assert "receipt signature" not in checks


@pytest.mark.parametrize("since", [None, datetime(2026, 3, 1, tzinfo=UTC)])
@pytest.mark.parametrize("fingerprint", [True, False])
def test_a_revoked_key_fails_whatever_it_signed(since: datetime | None, fingerprint: bool) -> None:
    document = signing.record_document()
    if not fingerprint:
        del document["receipt"]["public_key_fingerprint"]
    [key] = [signing.keyring().get(signing.TEST_KEY_ID)]
    assert key is not None
    ring = Keyring([dataclasses.replace(key, revoked=True, revoked_at=since)])
    examination = examine_record(pithtex.load_record(document), ring)
    keys = [check for check in examination.checks if check.name == "receipt key"]
    assert places(keys[:1]) == [("receipt key", "fails", "receipt.key_id")]
    assert places(keys[1:]) == [("receipt key", "holds", "receipt.public_key_fingerprint")] * fingerprint
    assert keys[0].finding is not None
    assert keys[0].finding.name == "key-revoked"
    assert ("since" in keys[0].message) is (since is not None)
    assert since is None or since.isoformat() in keys[0].message
    assert by_name(examination)["receipt signature"].status is Status.HOLDS
    with pytest.raises(VerificationError) as caught:
        pithtex.verify_record(pithtex.load_record(document), ring)
    assert caught.value.finding.name == "key-revoked"


def test_a_key_is_shown_with_its_origin() -> None:
    document = signing.record_document()
    with_fingerprint = by_name(examine_record(pithtex.load_record(document), signing.keyring()))["receipt key"]
    del document["receipt"]["public_key_fingerprint"]
    without = by_name(examine_record(pithtex.load_record(document), signing.keyring()))["receipt key"]
    for check in (with_fingerprint, without):
        assert f"{signing.TEST_KEY_ID} (the tests)" in check.message
    assert without.where == "receipt.key_id"


def test_what_is_said_of_a_key_that_is_not_trusted_or_not_any_more(record: Document) -> None:
    loaded = pithtex.load_record(record)
    unknown = by_name(examine_record(loaded, Keyring([])))["receipt key"].finding
    assert unknown is not None
    assert (
        unknown.hint
        == "if you know whose key it is, get it from them, not from the document, and give it as --key FILE"
    )
    checks = examine_record(loaded, Keyring([dataclasses.replace(PINNED_KEY, revoked=True)])).checks
    revoked = next(check for check in checks if check.name == "receipt key")
    said = "pith-v1-2026-05 is revoked (pinned in pithtex), and nothing proves this signature older"
    assert (revoked.status, revoked.message) == (Status.FAILS, said)
