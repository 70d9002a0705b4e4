"""`pithtex verify --merge`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import BUNDLE_FILE, SEEDS
from tests.kit.command_line import RECORD, run, run_json

STATE = "05499ce3a4e8948a72f3ee734227fb00751437c86cafb30d67c88b5fa194cba6"


@pytest.fixture
def partial(tmp_path: Path, bundle) -> Path:
    """What a mirror serves that has lost the second event, and so the registry's signature and state."""
    bundle["events"].pop()
    for key in ("state", "bundle_signature"):
        del bundle[key]
    path = tmp_path / "partial.json"
    path.write_text(json.dumps(bundle))
    return path


def test_merge_of_two_mirrors(capsys: pytest.CaptureFixture[str], tmp_path: Path, partial: Path) -> None:
    out = tmp_path / "merged.json"
    code, document = run_json(capsys, "verify", partial, BUNDLE_FILE, "--merge", "-o", out)
    assert code == 0
    merged = document["results"][-1]
    assert merged["state_sha256"] == STATE
    assert [len(ids) for ids in merged["lacked"].values()] == [1, 0]
    assert json.loads(out.read_bytes())["state"]["state_sha256"] == STATE
    code, document = run_json(capsys, "verify", out)
    assert code == 0
    assert [item["name"] for item in document["results"][0]["findings"]] == ["unsigned-bundle"]


def test_merge_says_what_each_lacked(capsys: pytest.CaptureFixture[str], partial: Path) -> None:
    code, out, _ = run(capsys, "verify", "--merge", BUNDLE_FILE, partial)
    assert code == 0
    assert f"{BUNDLE_FILE} lacked nothing" in out
    assert f"{partial} lacked 1 event\n    sha256:1617fcdc" in out


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["--merge", BUNDLE_FILE, RECORD], 2),
        (["-o", "x.json", BUNDLE_FILE], 2),
        (["--merge", BUNDLE_FILE, "/nowhere"], 2),
        (["--merge", BUNDLE_FILE, "-o", "/nowhere/x.json"], 2),
    ],
)
def test_wrong_use_of_merge(capsys: pytest.CaptureFixture[str], args: list[str | Path], code: int) -> None:
    assert run(capsys, "verify", *args)[0] == code


def test_bundles_of_different_records_are_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path, bundle) -> None:
    other = json.loads((SEEDS / "record-EL6A4QOT.json").read_bytes())
    bundle["canonical_record"] = other["canonical_record"]
    path = tmp_path / "other.json"
    path.write_text(json.dumps(bundle))
    out = tmp_path / "merged.json"
    code, _, err = run(capsys, "verify", "--merge", BUNDLE_FILE, path, "-o", out)
    assert code == 1
    assert "different-subjects" in err
    assert not out.exists()


def test_integrity_report(capsys: pytest.CaptureFixture[str]) -> None:
    path = SEEDS.parent / "vectors" / "integrity-2604.20237.json"
    code, out, _ = run(capsys, "verify", path)
    assert code == 0
    assert out.startswith("verified  integrity report arXiv:2604.20237")
    assert run(capsys, "generate", path, "-o", "/tmp/never")[0] == 2
    assert run_json(capsys, "verify", path)[1]["results"][0]["number"] is None
