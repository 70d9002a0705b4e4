"""The `fixes` of SARIF: who applies them has what `presubmit --fix` writes, and nothing else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pithtex.report.diff import replacement
from tests.kit.command_line import run
from tests.report.test_machine_formats import schema_errors
from tests.review.test_fix import NEAR, NUMBER, STY, fix, paper

TYPED = {**NEAR, "right": NUMBER}


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PITHTEX_HOME", str(tmp_path / "store"))
    monkeypatch.setenv("TEXMFHOME", str(tmp_path / "texmf"))


def applied(root: Path, log: dict[str, Any]) -> set[str]:
    """Does what the fixes say, each once; the files that they name."""
    results = log["runs"][0]["results"]
    wanted = {json.dumps(fix["artifactChanges"]) for result in results for fix in result.get("fixes", ())}
    changed = set()
    for changes in map(json.loads, wanted):
        for change in changes:
            path = root / change["artifactLocation"]["uri"]
            (part,) = change["replacements"]
            path.write_bytes(_edited(path.read_bytes(), part))
            changed.add(path.name)
    return changed


def _edited(data: bytes, part: dict[str, Any]) -> bytes:
    text = data.decode()
    starts = [0, *(index + 1 for index, char in enumerate(text) if char == "\n")]
    region = part["deletedRegion"]
    start = starts[region["startLine"] - 1] + region["startColumn"] - 1
    end = starts[region["endLine"] - 1] + region["endColumn"] - 1
    return (text[:start] + part["insertedContent"]["text"] + text[end:]).encode()


@pytest.mark.parametrize("typed", TYPED.values(), ids=list(TYPED))
def test_they_are_what_fix_writes(
    typed: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = paper(tmp_path / "paper", typed)
    shutil.copytree(folder, tmp_path / "fixed")
    fix(tmp_path / "fixed")
    capsys.readouterr()
    monkeypatch.chdir(tmp_path)
    _, out, _ = run(capsys, "presubmit", "paper", "--format", "sarif")
    assert schema_errors(out) == []
    assert applied(tmp_path, json.loads(out)) == (set() if typed == NUMBER else {"main.tex"})
    for name in ("main.tex", "pith.sty"):
        assert (folder / name).read_bytes() == (tmp_path / "fixed" / name).read_bytes()


def test_a_stale_package(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    stale = STY.replace(b"\\endinput", b"% an older one\n\\endinput")
    folder = paper(tmp_path / "paper", NUMBER, package=stale, record="CNPMIFD4")
    monkeypatch.chdir(tmp_path)
    _, out, _ = run(capsys, "presubmit", "paper", "--format", "sarif")
    assert applied(tmp_path, json.loads(out)) == {"pith.sty"}
    assert (folder / "pith.sty").read_bytes() == STY


LINES = st.text(st.sampled_from("ab\n\r\u00e9\u4e00"), max_size=30)


@given(LINES, LINES)
def test_a_replacement_makes_one_text_the_other(before: str, after: str) -> None:
    made = replacement("x", before.encode(), after.encode())
    region = {
        "startLine": made.line,
        "startColumn": made.column,
        "endLine": made.end_line,
        "endColumn": made.end_column,
    }
    part = {"deletedRegion": region, "insertedContent": {"text": made.text}}
    assert _edited(before.encode(), part) == after.encode()
