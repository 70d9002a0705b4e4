"""What `check` does with what is not a plain file, and with a report that cannot be written."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pithtex.cli.main import main
from tests.forgeries.kit import PAPER


def run(*args: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "pithtex", "check", *args]
    return subprocess.run(command, input=given, capture_output=True, timeout=60, check=False)


@pytest.mark.parametrize("more", [[], ["--timeout", "60"]])
def test_standard_input(more: list[str]) -> None:
    result = run("-", *more, given=PAPER.read_bytes())
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith(b"valid  -\n")


def test_standard_input_can_be_shown(tmp_path: Path) -> None:
    assert run("-", "-q", "--html", str(tmp_path / "report.html"), given=PAPER.read_bytes()).returncode == 0
    assert "data:image/png" in (tmp_path / "report.html").read_text("utf-8")


def test_an_empty_standard_input_is_no_paper() -> None:
    result = run("-")
    assert result.returncode == 2
    assert b"this is an empty file, not a PDF" in result.stdout


@pytest.mark.parametrize("args", [["-", "-"], ["-", "--record", "-"]])
def test_standard_input_can_be_read_once_only(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *args]) == 2
    assert "standard input can only be read once" in capsys.readouterr().err


def test_a_folder_without_pdfs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path)]) == 2
    out, _ = capsys.readouterr()
    assert out.startswith(f"error[PITH004 no-input] {tmp_path}: no PDF is in this folder\n")
    assert f"to check a paper's sources: pithtex presubmit {tmp_path}" in out


def test_a_missing_file_does_not_keep_others_from_being_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "missing.pdf", str(PAPER)]) == 2
    out, _ = capsys.readouterr()
    assert "error[PITH004 no-input] missing.pdf: No such file or directory" in out
    assert f"valid  {PAPER}" in out


def test_a_pipe_is_read_once(tmp_path: Path) -> None:
    pipe, report = tmp_path / "pipe", tmp_path / "report.html"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=[PAPER.read_bytes()], daemon=True)
    writer.start()
    assert main(["check", "-q", str(pipe), "--html", str(report)]) == 0
    writer.join(10)
    assert "data:image/png" in report.read_text("utf-8")


@pytest.mark.parametrize("place", [".", "no/report.html", "-", "file/report.html"])
def test_a_report_that_cannot_be_written_is_said_before_anything_is_checked(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    path = place if place == "-" else str(tmp_path / place)
    assert main(["check", str(PAPER), "--html", path]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert f"error[PITH005 no-output] --html: {path!r} cannot be written" in err
    assert sorted(item.name for item in tmp_path.iterdir()) == ["file"]
