"""What is called verified was verified here: by no `replace`, copy or pickle does it come of anything else."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import pithtex
from pithtex.format.keys import PINNED_KEY
from pithtex.resolution.store.store import proven_document
from tests import signing
from tests.api.kit import REPORT
from tests.conftest import BUNDLE_FILE
from tests.kit.command_line import RECORD


@pytest.fixture
def verified() -> pithtex.VerifiedRecord:
    return pithtex.verify(pithtex.load_record(Path(RECORD).read_bytes()))


@pytest.fixture
def whole() -> pithtex.VerifiedBundle:
    return pithtex.verify(pithtex.load_bundle(BUNDLE_FILE.read_bytes()))


def forged(record: pithtex.Record, **canonical: Any) -> pithtex.Record:
    """The record with another title, or else with another canonical record, none of which is signed."""
    return (
        record._replace(canonical=record.canonical._replace(**canonical)) if canonical else record._replace(title="X")
    )


ANOTHER = pithtex.load_record(signing.record_document("A title of another paper"))
"""Signed by the tests' key, which nobody trusts."""


@pytest.mark.parametrize("record", [ANOTHER, None], ids=["another's", "changed"])
def test_replace_verifies_again(verified: pithtex.VerifiedRecord, record: pithtex.Record | None) -> None:
    with pytest.raises(pithtex.PithError):
        dataclasses.replace(verified, record=record or forged(verified.record))


def test_replace_by_what_the_same_key_signed_is_that(verified: pithtex.VerifiedRecord) -> None:
    other = pithtex.load_bundle(BUNDLE_FILE.read_bytes()).record
    assert dataclasses.replace(verified, record=other).number == other.canonical.number


def test_no_key_stands_in_the_place_of_a_pinned_one(verified: pithtex.VerifiedRecord) -> None:
    key = pithtex.Key(key_id=PINNED_KEY.key_id, public_key=bytes(signing.TEST_KEY.verify_key), origin="a forger")
    document = signing.record_document("Signed by a forger", key_id=PINNED_KEY.key_id)
    record = pithtex.load_record(document)
    with pytest.raises(pithtex.UsageError):
        dataclasses.replace(verified, record=record, key=key)
    with pytest.raises(pithtex.VerificationError):
        pithtex.verify(record)


def test_the_constructor_verifies(verified: pithtex.VerifiedRecord) -> None:
    assert pithtex.VerifiedRecord(record=verified.record, key=verified.key) == verified
    with pytest.raises(pithtex.PithError):
        pithtex.VerifiedRecord(record=ANOTHER, key=verified.key)
    with pytest.raises(pithtex.PithError):
        pithtex.VerifiedRecord(record=None, key=None)  # type: ignore[arg-type]


def test_nobody_makes_a_kind_of_it() -> None:
    for kind in (pithtex.VerifiedRecord, pithtex.VerifiedBundle, pithtex.VerifiedReport):
        with pytest.raises(TypeError):
            type("Forged", (kind,), {})


ALTERATIONS: dict[str, Callable[[Any], Any]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda value: pickle.loads(pickle.dumps(value)),
    "pickle of protocol 2": lambda value: pickle.loads(pickle.dumps(value, 2)),
}


@pytest.mark.parametrize("again", ALTERATIONS.values(), ids=ALTERATIONS)
def test_copies_are_equal_and_verified(
    verified: pithtex.VerifiedRecord, whole: pithtex.VerifiedBundle, again: Callable[[Any], Any]
) -> None:
    report = pithtex.verify(pithtex.load(REPORT))
    for value in (verified, whole, report, verified.record, whole.bundle, report.report):  # type: ignore[union-attr]
        assert again(value) == value


@pytest.mark.parametrize("again", ALTERATIONS.values(), ids=ALTERATIONS)
def test_what_was_altered_by_force_has_no_copies(
    verified: pithtex.VerifiedRecord, whole: pithtex.VerifiedBundle, again: Callable[[Any], Any]
) -> None:
    object.__setattr__(verified, "record", forged(verified.record))
    with pytest.raises(pithtex.PithError):
        again(verified)
    event = whole.bundle.document["events"][0]  # type: ignore[index]
    event["payload"]["note"] = "withdrawn"
    with pytest.raises(pithtex.PithError):
        again(whole)


def test_a_pickle_that_was_altered_is_refused(verified: pithtex.VerifiedRecord) -> None:
    data = pickle.dumps(verified)
    title = verified.record.title
    assert title is not None
    with pytest.raises(pithtex.PithError):
        pickle.loads(data.replace(title.encode(), title.swapcase()[::-1].encode()))
    with pytest.raises(pithtex.PithError):
        pickle.loads(data.replace(b"2606.26666", b"2606.26667"))


def test_a_canonical_record_follows_from_its_object(verified: pithtex.VerifiedRecord) -> None:
    """Else a record whose copies were left out would verify with the id of another paper."""
    for change in ({"source_id": "2606.00001"}, {"license": "x"}, {"digest": "0" * 64}, {"data": b"{}"}):
        with pytest.raises(pithtex.PithError):
            forged(verified.record, **change)
    number = pithtex.PithNumber("A" * 26, 2026)
    with pytest.raises(pithtex.PithError):
        forged(verified.record, number=number)


def test_what_is_written_follows_from_the_signed_bytes(verified: pithtex.VerifiedRecord) -> None:
    """The object that was parsed can be changed in place; what is kept or made of the record cannot."""
    before, files = proven_document(verified), dict(pithtex.generate(verified))
    for raw in (verified.canonical.raw, verified.canonical.raw["source"], verified.record.document):
        for key in list(raw):  # type: ignore[attr-defined]
            raw[key] = "changed"  # type: ignore[index]
    assert proven_document(verified) == before
    assert dict(pithtex.generate(verified)) == files
    assert verified.canonical.source_id == "2606.26666"


def test_a_bundle_follows_from_its_document(whole: pithtex.VerifiedBundle) -> None:
    """Else an event whose type was changed would say of the paper what nobody signed."""
    event = dataclasses.replace(whole.bundle.events[0], event_type="correction")
    with pytest.raises(pithtex.PithError):
        dataclasses.replace(whole.bundle, events=(event,))
    with pytest.raises((TypeError, ValueError), match="init=False"):  # the former since Python 3.14
        dataclasses.replace(whole, state=None)  # type: ignore[arg-type]


def test_badges_are_made_of_what_is_verified_alone(verified: pithtex.VerifiedRecord) -> None:
    for given in (verified.record, Path(RECORD), Path(RECORD).read_bytes(), None, {"title": "X"}):
        for make in (pithtex.generate, pithtex.badge):
            with pytest.raises(pithtex.UsageError) as caught:
                make(given)  # type: ignore[operator]
            assert caught.value.hint
