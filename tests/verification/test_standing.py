"""What verified events say of a paper is told in their words; nothing else is, and nothing grave is lost."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pithtex.cli.main import main
from pithtex.format.bundle import load_bundle
from pithtex.format.record import load_record
from pithtex.render.statement import statement_of
from pithtex.verification.document import load_document
from pithtex.verification.said import Says
from pithtex.verification.standing import (
    GRAVE,
    MAX_STATEMENTS,
    Tone,
    from_record,
    standing_of,
)
from pithtex.verification.statements import MAX_STATEMENT_CHARS
from tests import signing
from tests.conftest import BUNDLE_FILE
from tests.verification.bundles import bundle, event, integrity

KEYS = signing.keyring()
NOW = datetime(2026, 11, 29, tzinfo=UTC)


def standing(*events, **more):
    return standing_of([load_bundle(bundle(*events))], KEYS, now=NOW, **more)


def correction(when: str = "2026-03-07T00:00:00Z", /, key=signing.TEST_KEY, **payload):
    return event("correction", when, payload, key=key)


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        ({"text": "The main theorem is wrong; withdrawn by the authors."}, Says.WITHDRAWN),
        ({"text": "Retracted: the data were made up."}, Says.WITHDRAWN),
        ({"reason": "We withdraw this paper."}, Says.WITHDRAWN),
        ({"kind": "withdrawal", "text": "See version 2."}, Says.WITHDRAWN),
        ({"status": "Retraction", "note": ""}, Says.WITHDRAWN),
        ({"correction_type": "paper_withdrawn"}, Says.WITHDRAWN),
        ({"withdrawn": True, "text": "See the notice."}, Says.WITHDRAWN),
        ({"withdrawn": False, "text": "An erratum."}, Says.CORRECTED),
        ({"details": {"notices": [{"text": "Withdrawn."}]}}, Says.WITHDRAWN),
        ({"superseded_by": "2603.01234v2", "text": "Version 1 is withdrawn."}, Says.WITHDRAWN),
        ({"text": "A reference in section 2 is corrected."}, Says.CORRECTED),
        ({"text": "This paper is not withdrawn, whatever the journal says."}, Says.CORRECTED),
        ({"text": "The paper has never been retracted."}, Says.CORRECTED),
        ({"text": "Not withdrawn before, it is withdrawn now, and retracted everywhere."}, Says.WITHDRAWN),
        ({"text": "There is no doubt that the paper is withdrawn."}, Says.WITHDRAWN),
        ({"superseded_by": "pith:2026:CNPMIFD42NONUMCBYNP4XLPY53"}, Says.SUPERSEDED),
        ({"type": "superseded", "text": "Read version 3."}, Says.SUPERSEDED),
        ({"page": 4, "line": 7}, Says.CORRECTED),
    ],
)
def test_a_correction_is_told_by_its_field_or_its_words(payload, says) -> None:
    found = standing(correction(**payload))
    assert found.words == (says,)
    assert bool(found.grave) == (says in GRAVE)
    for name in ("text", "reason", "page", "superseded_by"):
        assert str(payload.get(name, "")) in found.statements[0].text


def test_an_event_that_does_not_verify_says_nothing() -> None:
    forged = correction(text="withdrawn", key=signing.OTHER_KEY)
    changed = correction(text="withdrawn")
    changed["payload"] = {"text": "withdrawn by nobody"}
    assert standing(forged, changed).statements == ()


def test_a_superseded_correction_says_nothing_any_more() -> None:
    first = correction(text="withdrawn by mistake of the journal")
    second = event(
        "correction", "2026-03-08T00:00:00Z", {"text": "A typing error in section 1."}, supersedes=[first["event_id"]]
    )
    assert standing(first, second).words == (Says.CORRECTED,)


def test_critical_findings_of_a_signed_snapshot_are_told() -> None:
    found = standing(integrity("critical", "The paper cites a retracted work as its main result."))
    assert found.words == (Says.CRITICAL,)
    assert found.statements[0].text == "retracted_citation: The paper cites a retracted work as its main result."
    assert standing(integrity("advisory", "A doubtful reference.")).words == ()


def test_a_record_alone_is_unknown_and_its_findings_are_claims() -> None:
    document = signing.record_document()
    snapshot = integrity("critical", "Cites a retracted work.")["payload"]["graph_snapshot"]
    document["graph_snapshot"] = {**snapshot, "paper": document["paper"], "source": document["source"]}
    found = from_record(load_record(document))
    assert not found.known
    assert found.words == ()
    assert found.line.startswith("unknown")
    assert [(item.says, item.signed) for item in found.statements] == [(Says.CRITICAL, False)]
    assert found.grave


def test_two_statements_in_one_place_contradict_each_other() -> None:
    first = correction(text="A first note.")
    sides = [
        event("correction", "2026-03-09T00:00:00Z", {"text": text}, prev_event=first["event_id"])
        for text in ("It stands.", "It does not stand.")
    ]
    bundles = [load_bundle(bundle(first, side)) for side in sides]
    both = standing_of(bundles, KEYS)
    assert Says.CONTRADICTORY in both.words
    assert both.sources == 2
    assert all(Says.CONTRADICTORY not in standing_of([one], KEYS).words for one in bundles)


def test_times_that_cannot_be_are_named() -> None:
    future = correction("2096-01-01T00:00:00Z", text="?")
    early = correction("2020-01-01T00:00:00Z", text="before the paper")
    late = correction("2026-05-01T00:00:00Z", text="first")
    before = event("correction", "2026-04-01T00:00:00Z", {"text": "second"}, prev_event=late["event_id"])
    assert [item.name for item in standing(future).odd_times] == ["time-order"]
    assert [item.name for item in standing(early).odd_times] == ["time-order"]
    assert [item.name for item in standing(late, before).odd_times] == ["time-order"]
    assert standing(late).odd_times == ()
    assert standing(late, future).as_of == "2026-05-01T00:00:00Z"  # what is still to come tells nothing of today


def test_words_are_bounded_and_printable_whatever_was_signed() -> None:
    found = standing(correction(text="a\x1b[31m\u202ered\n" + "x" * 100_000))
    text = found.statements[0].text
    assert len(text) == MAX_STATEMENT_CHARS
    assert text.isprintable()
    assert "\x1b" not in text
    assert standing(correction(text="x " * 50_000 + "withdrawn")).words == (Says.WITHDRAWN,)
    many = [correction(f"2026-03-07T00:{i // 60:02}:{i % 60:02}Z", text=str(i)) for i in range(MAX_STATEMENTS + 5)]
    found = standing(*many, correction("2026-03-06T00:00:00Z", text="withdrawn"))
    assert len(found.statements) == MAX_STATEMENTS
    assert found.left_out == 6
    assert found.statements[0].says is Says.WITHDRAWN


def test_what_is_said_for_a_paper_is_told_too() -> None:
    found = standing(
        event("author_attestation", "2026-03-06T00:00:00Z", {"orcid": "0000-0002-1825-0097"}),
        event("timestamp_anchor", "2026-03-06T01:00:00Z", {"block": 900_000}),
        event("storage_attestation", "2026-03-06T02:00:00Z", {"url": "https://web.archive.org/x"}),
    )
    assert found.words == (Says.ATTESTED, Says.ANCHORED, Says.STORED)
    assert found.as_of == "2026-03-06T02:00:00Z"
    assert found.events == 4


def test_the_registrys_own_bundle_has_nothing_against_it() -> None:
    found = standing_of([load_bundle(BUNDLE_FILE.read_bytes())])
    assert found.known
    assert found.statements == ()
    assert found.to_dict()["words"] == []


def test_verify_says_it_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = f"{signing.TEST_KEY_ID} {bytes(signing.TEST_KEY.verify_key).hex()}\n"
    (tmp_path / "test.key").write_text(key)
    (tmp_path / "bundle.json").write_bytes(bundle(correction(text="The theorem is wrong; withdrawn by the authors.")))
    arguments = ["verify", str(tmp_path / "bundle.json"), "--key", str(tmp_path / "test.key")]
    assert main(arguments) == 0
    first, second, third = capsys.readouterr().out.splitlines()[:3]
    assert first == "verified  bundle arXiv:2603.01234v1: withdrawn"
    assert "withdrawn (as of 2026-03-07T00:00:00Z, from 1 source)" in second
    assert "withdrawn: The theorem is wrong; withdrawn by the authors." in third
    assert main([*arguments, "--json"]) == 0
    (result,) = json.loads(capsys.readouterr().out)["results"]
    assert result["standing"]["words"] == ["withdrawn"]


def test_badges_of_a_withdrawn_paper_say_so(tmp_path: Path) -> None:
    document = load_document(
        bundle(correction(text="withdrawn"), event("author_attestation", "2026-03-06T00:00:00Z", {}))
    )
    assert statement_of(document, KEYS).words == ("withdrawn", "author attested")


def test_an_event_of_an_unknown_type_that_calls_itself_a_withdrawal_is_one() -> None:
    found = standing(event("paper_withdrawal", "2026-03-07T00:00:00Z", {"text": "By the authors."}))
    assert found.words == (Says.WITHDRAWN,)
    assert standing(event("review", "2026-03-07T00:00:00Z", {"text": "Cites a withdrawn paper."})).words == ()


def test_what_is_said_against_a_paper_is_a_finding_and_no_error() -> None:
    found = standing(correction(text="Withdrawn."), correction("2026-03-08T00:00:00Z", text="An erratum."))
    assert [(item.name, item.severity.value) for item in found.findings] == [
        ("paper-withdrawn", "warning"),
        ("paper-corrected", "warning"),
    ]
    assert "Withdrawn. (the registry, key test-key-1, 2026-03-07T00:00:00Z)" in found.findings[0].message
    assert (found.mark, found.tone) == ("withdrawn", Tone.GRAVE)


def test_the_timeline_has_every_event_in_order() -> None:
    found = standing(correction("2026-03-08T00:00:00Z", text="An erratum."), integrity("critical", "No data."))
    assert [(item.when[:10], item.what) for item in found.timeline] == [
        ("2026-03-05", "record created"),
        ("2026-03-05", "critical finding"),
        ("2026-03-08", "corrected"),
    ]
