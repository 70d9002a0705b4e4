"""`verify` for people: what is not a document is named, what fails can be seen alone, and many files have a summary."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import signing
from tests.conftest import BUNDLE_FILE
from tests.kit.command_line import EXAMPLE, RECORD, run, run_json
from tests.verification.bundles import bundle, event, integrity

TEXT = Path(RECORD).read_text()
WITHDRAWAL = event("correction", "2026-03-07T00:00:00Z", {"text": "The theorem is wrong; withdrawn by the authors."})


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "test.key"
    path.write_text(f"{signing.TEST_KEY_ID} {bytes(signing.TEST_KEY.verify_key).hex()}\n")
    return path


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xef\xbb\xbf" + TEXT.encode(), "byte-order mark"),
        (TEXT.encode("utf-16"), "UTF-16"),
        (TEXT.encode("utf-16-le"), "UTF-16"),
        (TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.encode("utf-32"), "UTF-16 or UTF-32"),
        (b"\n<!DOCTYPE html><html><body>" + TEXT.encode(), "a web page"),
        (b"\xef\xbb\xbf<HTML lang=en>", "a web page"),
        (b"<?xml version='1.0'?><feed/>", "XML"),
        (Path(EXAMPLE).read_bytes(), "a PDF"),
        (b"\x1f\x8b\x08" + bytes(20), "compressed"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"Not Found\n", "plain text"),
        (b" \n", "an empty file"),
    ],
)
@pytest.mark.parametrize("command", ["verify", "badge", "check"])
def test_what_is_no_document_is_named_and_never_called_forged(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, data: bytes, said: str, command: str
) -> None:
    path = tmp_path / "given"
    path.write_bytes(data)
    arguments = {"verify": [path], "badge": [path, "--format", "md"], "check": [EXAMPLE, "--record", path]}[command]
    code, out, err = run(capsys, command, *arguments)
    assert code == 2
    assert "PITH007 wrong-kind" in out + err
    assert said in out + err
    assert "not verified" not in out + err
    assert "hint: " in out + err


def test_a_damaged_document_is_not_verified(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "cut.json"
    path.write_text(TEXT[:500])
    code, out, _ = run(capsys, "verify", path)
    assert (code, out.split("  ")[0]) == (1, "not verified")


def test_many_files_have_a_summary_and_failures_can_be_seen_alone(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, key: Path
) -> None:
    (tmp_path / "withdrawn.json").write_bytes(bundle(WITHDRAWAL))
    (tmp_path / "forged.json").write_text(TEXT.replace("PersistentKV", "ImpersistentKV"))
    files = [RECORD, BUNDLE_FILE, tmp_path / "withdrawn.json", tmp_path / "forged.json", tmp_path / "none.json"]
    code, out, _ = run(capsys, "verify", *files, "--key", key)
    assert code == 1
    assert out.splitlines()[-2:] == [
        "5 files: 3 verified, 1 not verified, 1 not read",
        "standing: 1 withdrawn, 1 unknown, for want of events",
    ]
    code, out, _ = run(capsys, "verify", *files, "--key", key, "--failures")
    assert code == 1
    assert "  holds " not in out
    assert "SparseX" not in out
    assert [line for line in out.splitlines() if not line.startswith("  ")] == [
        f"not verified  {files[3]}",
        f"not read  {files[4]}",
        "5 files: 3 verified, 1 not verified, 1 not read",
        "standing: 1 withdrawn, 1 unknown, for want of events",
    ]
    _, document = run_json(capsys, "verify", *files, "--key", key, "--failures")
    assert [result["file"] for result in document["results"]] == [str(files[3]), str(files[4])]
    assert {check["status"] for check in document["results"][0]["checks"]} == {"fails"}


def test_json_lines(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "verify", RECORD, BUNDLE_FILE, "--format", "jsonl")
    lines = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [(line["schema"], line["command"], line["status"]) for line in lines] == [
        ("pithtex/1", "verify", "holds")
    ] * 2
    _, document = run_json(capsys, "verify", RECORD, BUNDLE_FILE)
    assert document["results"] == [
        {name: value for name, value in line.items() if name not in {"schema", "version", "command", "options"}}
        for line in lines
    ]
    code, out, _ = run(capsys, "verify", RECORD, "--format", "jsonl", "-o", "x")
    assert (code, json.loads(out)["findings"][0]["name"]) == (2, "wrong-usage")


@pytest.mark.parametrize(
    ("events", "code"),
    [
        ((WITHDRAWAL,), 1),
        ((integrity("critical", "Cites a retracted work."),), 1),
        ((integrity("advisory", "A doubtful reference."),), 0),
        ((event("correction", "2026-03-07T00:00:00Z", {"text": "A typo."}),), 0),
        ((), 0),
    ],
)
def test_standing_counts_where_that_is_asked_for(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, key: Path, events: tuple[dict[str, object], ...], code: int
) -> None:
    path = tmp_path / "bundle.json"
    path.write_bytes(bundle(*events))
    assert run(capsys, "verify", path, "--key", key)[0] == 0
    assert run(capsys, "verify", path, "--key", key, "--standing")[0] == code


def test_a_record_alone_has_an_unknown_standing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(capsys, "verify", RECORD, "--standing")[0] == 3
    forged = tmp_path / "forged.json"
    forged.write_text(TEXT.replace("PersistentKV", "ImpersistentKV"))
    assert run(capsys, "verify", forged, "--standing")[0] == 1


def test_bundles_that_contradict_each_other_do_so_when_merged(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, key: Path
) -> None:
    files = []
    for text in ("withdrawal denied", "an erratum"):
        last = event("correction", "2026-03-09T00:00:00Z", {"page": text}, prev_event=WITHDRAWAL["event_id"])
        files.append(tmp_path / f"{text}.json")
        files[-1].write_bytes(bundle(event("correction", "2026-03-07T00:00:00Z", {"page": "3"}), last))
    merged = ["verify", "--merge", *files, "--key", key]
    code, out, _ = run(capsys, *merged)
    assert (code, out.partition("merged  ")[2].splitlines()[0].partition(": ")[2]) == (0, "withdrawn")
    assert "contradictory: one key signed 2 events where there can be only one" in out
    assert run(capsys, *merged, "--standing")[0] == 1
    _, document = run_json(capsys, *merged)
    assert "contradictory" in document["results"][-1]["standing"]["words"]


def test_an_event_of_the_future_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path, key: Path) -> None:
    path = tmp_path / "bundle.json"
    path.write_bytes(bundle(event("correction", "2096-01-01T00:00:00Z", {"text": "?"})))
    _, out, _ = run(capsys, "verify", path, "--key", key)
    assert "time-order" in out
    assert "2096-01-01T00:00:00Z, which is in the future" in out
    assert "as of 2026-03-05T00:00:00Z" in out


def test_a_critical_finding_of_a_record_is_told_as_a_claim(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, key: Path
) -> None:
    document = signing.record_document()
    snapshot = integrity("critical", "Cites a retracted work as its main result.")["payload"]["graph_snapshot"]
    document["graph_snapshot"] = {**snapshot, "paper": document["paper"], "source": document["source"]}
    path = tmp_path / "record.json"
    path.write_text(json.dumps(document))
    code, out, _ = run(capsys, "verify", path, "--key", key)
    assert code == 0
    assert out.splitlines()[0].endswith(" (arXiv:2603.01234v1): critical finding, unsigned")
    assert "Cites a retracted work as its main result.  (stated in the document, under no signature)" in out
    assert run(capsys, "verify", path, "--key", key, "--standing")[0] == 1
    _, document = run_json(capsys, "verify", path, "--key", key)
    standing = document["results"][0]["standing"]
    assert (standing["words"], standing["statements"][0]["signed"]) == (["unknown"], False)


def test_a_critical_finding_of_a_report_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    report = json.loads((BUNDLE_FILE.parents[1] / "vectors" / "integrity-2604.20237.json").read_bytes())
    del report["integrity"]["snapshot_sha256"]
    report["integrity"]["findings"][0] |= {"severity": "critical", "note": "No data."}
    path = tmp_path / "report.json"
    path.write_text(json.dumps(report))
    _, out, _ = run(capsys, "verify", path)
    assert out.startswith("verified  integrity report arXiv:2604.20237: critical finding, unsigned")
