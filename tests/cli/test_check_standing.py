"""`check` says what the registry says of the paper, and lets it count where that is asked for."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import pithtex
from pithtex.format.bundle import load_bundle
from pithtex.pdf.check import check_pdf
from pithtex.verification.bundle import verify_bundle
from tests import signing
from tests.conftest import BUNDLE_FILE, ROOT
from tests.kit.command_line import EXAMPLE, RECORD, run, run_json
from tests.verification.bundles import about_the_example, bundle, event, of_the_example

WORDS = "The theorem is wrong; withdrawn by the authors."
HOSTILE = (
    "withdrawn \x1b]0;x\x07\u202e</script><img src=x onerror=alert(1)> ::error::x %0A [a](javascript:b) "
    + "y" * 100_000
)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "test.key"
    path.write_text(f"{signing.TEST_KEY_ID} {bytes(signing.TEST_KEY.verify_key).hex()}\n")
    return path


def withdrawn(folder: Path, words: str = WORDS) -> Path:
    path = folder / "bundle.json"
    path.write_bytes(of_the_example(about_the_example("correction", "2026-07-01T00:00:00Z", {"text": words})))
    return path


def test_a_withdrawn_paper_is_valid_and_said_to_be_withdrawn_first(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, key: Path
) -> None:
    given = ["check", EXAMPLE, "--record", withdrawn(tmp_path), "--key", key]
    code, out, _ = run(capsys, *given)
    lines = out.splitlines()
    assert code == 0
    assert lines[0] == f"valid, withdrawn  {EXAMPLE}"
    assert lines[3] == "  standing  withdrawn (as of 2026-07-01T00:00:00Z, from 1 source)"
    assert lines[4] == f"    withdrawn: {WORDS}  (the registry, key test-key-1, 2026-07-01T00:00:00Z)"
    assert run(capsys, *given, "--standing")[0] == 1
    _, document = run_json(capsys, *given)
    (result,) = document["results"]
    assert (result["verdict"], result["standing"]["words"]) == ("valid", ["withdrawn"])
    assert result["badges"][0]["standing"]["statements"][0]["text"] == WORDS
    assert result["findings"][0]["name"] == "paper-withdrawn"


def test_nothing_is_known_of_a_paper_by_its_record_alone(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = run(capsys, "check", EXAMPLE)
    assert code == 0
    assert "\n  standing  unknown: " in out
    assert run(capsys, "check", EXAMPLE, "--standing")[0] == 3
    assert run(capsys, "check", EXAMPLE, "--standing", "--record", BUNDLE_FILE)[0] == 0
    assert run(capsys, "check", EXAMPLE, "--standing", "--record", RECORD)[0] == 1  # of another paper


def test_a_bundle_of_another_paper_says_nothing_of_this_one(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, key: Path
) -> None:
    other = tmp_path / "other.json"
    other.write_bytes(bundle(event("correction", "2026-03-07T00:00:00Z", {"text": WORDS})))
    _, document = run_json(capsys, "check", EXAMPLE, "--record", other, "--key", key)
    assert document["results"][0]["standing"]["words"] == ["unknown"]


def test_what_the_store_knows_is_said(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PITHTEX_HOME", str(tmp_path / "home"))
    assert run(capsys, "store", "import", "-q", withdrawn(tmp_path), "--key", key)[0] == 0
    assert run(capsys, "check", EXAMPLE, "--key", key)[1].startswith("valid, withdrawn  ")
    # A key that is not trusted says nothing, and its bundle neither.
    assert run(capsys, "check", EXAMPLE)[1].startswith("valid  ")
    # The registry's own bundle, given beside it, takes nothing back.
    code, out, _ = run(capsys, "check", EXAMPLE, "--record", BUNDLE_FILE, "--key", key, "--standing")
    assert (code, out.split("  ")[0]) == (1, "valid, withdrawn")
    assert "from 2 sources" in out


def test_python_gets_the_standing_from_a_bundle() -> None:
    bundle = load_bundle(of_the_example(about_the_example("correction", "2026-07-01T00:00:00Z", {"text": WORDS})))
    keys = signing.keyring()
    assert check_pdf(EXAMPLE, bundle, keys).badges[0].standing.mark == "withdrawn"
    both = signing.both()
    assert check_pdf(EXAMPLE, verify_bundle(bundle, both), both).badges[0].standing.mark == "withdrawn"


@pytest.mark.parametrize("form", ["text", "jsonl", "sarif", "github"])
def test_words_of_strangers_act_in_no_format(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, key: Path, form: str
) -> None:
    _, out, _ = run(capsys, "check", EXAMPLE, "--record", withdrawn(tmp_path, HOSTILE), "--key", key, "--format", form)
    assert "withdrawn" in out
    assert not any(char in out for char in "\x1b\x07\u202e")
    assert len(out) < 40_000
    if form == "github":
        assert next(line for line in out.splitlines() if line.startswith("::")).startswith("::warning file=")
        assert [line.split(" ")[0] for line in out.splitlines()] == ["pithtex:", "::warning", "::notice"]
    if form == "sarif":
        (artifact,) = json.loads(out)["runs"][0]["artifacts"]
        assert artifact["properties"]["standing"] == "withdrawn (as of 2026-07-01T00:00:00Z, from 1 source)"


def test_in_a_process_of_its_own_it_is_the_same(capsys: pytest.CaptureFixture[str], tmp_path: Path, key: Path) -> None:
    given = ["check", EXAMPLE, "--record", withdrawn(tmp_path), "--key", key]
    assert run(capsys, *given, "--timeout", "60") == run(capsys, *given)


def test_the_report_says_it_in_its_heading(tmp_path: Path, key: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "report.html"
    given = ["check", "-q", "--key", key, "--html", page]
    assert run(capsys, *given, EXAMPLE, "--record", withdrawn(tmp_path, HOSTILE))[0] == 0
    text = page.read_text()
    assert "<title>valid, withdrawn: " in text
    assert '<span class="valid">valid</span><span class="grave">, withdrawn</span>' in text
    assert '<div class="standing grave">\n<p><strong>Standing: withdrawn</strong></p>' in text
    assert "as of 2026-07-01T00:00:00Z, from 1 source" in text
    assert "&lt;/script&gt;&lt;img src=x" in text
    assert "<img" not in text
    assert run(capsys, *given, EXAMPLE)[0] == 0
    assert "<strong>Standing: standing unknown</strong>" not in page.read_text()


@pytest.mark.parametrize("words", [["check", str(EXAMPLE)], ["decode", "docs/reference/badges/pith-badge.svg"]])
def test_without_a_bundle_nothing_is_loaded_that_reads_one(words: list[str]) -> None:
    program = f"import sys; from pithtex.cli.main import main; main({words!r}); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "standing  unknown" in done.stdout
    assert not {"pithtex.format.bundle", "pithtex.verification.merge"} & set(done.stderr.split())


@pytest.mark.parametrize("options", [[], ["--timeout", "60"]])
def test_an_event_of_the_future_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, key: Path, options: list[str]
) -> None:
    """On the command line by this machine's clock, in a process of its own too; in Python where a time is given."""
    path = tmp_path / "bundle.json"
    path.write_bytes(of_the_example(about_the_example("correction", "2096-07-01T00:00:00Z", {"text": WORDS})))
    code, document = run_json(capsys, "check", EXAMPLE, "--record", path, "--key", key, *options)
    (result,) = document["results"]
    assert (code, "time-order" in {item["name"] for item in result["findings"]}) == (0, True)
    given = load_bundle(path.read_bytes())
    for now, named in (
        (None, False),
        (datetime(2030, 1, 1, tzinfo=UTC), True),
        (datetime(2097, 1, 1, tzinfo=UTC), False),
    ):
        verdict = pithtex.check_pdf(EXAMPLE, given, signing.keyring(), now=now)
        assert any(item.name == "time-order" for item in verdict.badges[0].standing.findings) is named
