"""`check` of tens of files: folders, lists, several at once, and what is printed of them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pithtex.cli.main import main
from pithtex.limits import MAX_CHECK_SECONDS
from tests.forgeries.kit import PAPER
from tests.pdf.lane.maker import Pdf

NOTHING = Pdf({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[]/Count 0>>"}).write()
FORGED = (
    PAPER.read_bytes()
    .replace(b"/PithNumber(pith:2026:", b"/PithNumber(pith:2025:")
    .replace(b"/PithNumber (pith:2026:", b"/PithNumber (pith:2025:")
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two good papers, one without a number, one that contradicts, a damaged one, and what is passed over."""
    inner = tmp_path / "papers" / "inner"
    inner.mkdir(parents=True)
    for name in ("a.pdf", "inner/B.PDF"):
        (tmp_path / "papers" / name).write_bytes(PAPER.read_bytes())
    (inner / "c.pdf").write_bytes(NOTHING)
    (inner / "d.pdf").write_bytes(b"%PDF-1.5\n" + b"junk\n" * 99)
    (inner / "e.pdf").write_bytes(FORGED)
    (inner / "notes.txt").write_text("not a PDF")
    (inner / "loop").symlink_to(tmp_path / "papers")
    return tmp_path / "papers"


def lines_of(out: str) -> list[tuple[str, str]]:
    """The word and the file of each verdict's first line."""
    words = ("valid", "absent", "invalid", "unreadable", "unverified")
    return [
        (word, Path(line.split("  ")[1]).name)
        for line in out.splitlines()
        for word in words
        if line.startswith(f"{word}  ")
    ]


@pytest.mark.parametrize("more", [[], ["--jobs", "2"]])
def test_a_folder(folder: Path, more: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert PAPER.read_bytes() != FORGED
    assert main(["check", str(folder), *more]) == 1
    out, err = capsys.readouterr()
    told = lines_of(out)
    assert sorted(told[:3]) == [("absent", "c.pdf"), ("valid", "B.PDF"), ("valid", "a.pdf")]
    assert told[3:] == [("unreadable", "d.pdf"), ("invalid", "e.pdf")]
    assert "facts" not in out.partition("e.pdf")[0]
    assert "facts" in out.partition("e.pdf")[2]
    assert out.endswith("\n5 files: 2 valid, 1 absent, 1 unreadable, 1 invalid\n")
    assert err == "passed over: 1 file that is not named *.pdf, 1 link to a folder\n"


def test_details(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "-v", str(folder)]) == 1
    assert capsys.readouterr().out.count("  facts\n") == 3


@pytest.mark.parametrize("end", ["\n", "\0", "\r\n"])
def test_a_list_of_names(folder: Path, end: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listing = tmp_path / "names"
    names = [folder / "a.pdf", folder / "inner", folder / "missing.pdf"]
    listing.write_bytes(b"".join(os.fsencode(name) + end.encode() for name in names))
    assert main(["check", "--files-from", str(listing), "--format", "jsonl"]) == 1
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(Path(item["file"]).name, item["verdict"]) for item in found] == [
        ("a.pdf", "valid"),
        ("B.PDF", "valid"),
        ("c.pdf", "absent"),
        ("d.pdf", "unreadable"),
        ("e.pdf", "invalid"),
        ("missing.pdf", None),
    ]
    assert all(item["schema"] == "pithtex/1" for item in found)


def test_names_from_standard_input_that_are_not_utf8(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/caf\xe9 \x1b[31m.pdf"
    with open(name, "wb") as file:
        file.write(NOTHING)
    command = [sys.executable, "-m", "pithtex", "check", "--files-from", "-", "--allow", "absent"]
    result = subprocess.run(command, input=name + b"\0", capture_output=True, check=False)
    assert result.returncode == 0, result.stderr
    assert b"\x1b" not in result.stdout
    assert result.stdout.endswith(b"1 file: 1 absent\n")


def test_an_empty_list_and_a_missing_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").touch()
    assert main(["check", "--files-from", str(tmp_path / "empty")]) == 2
    assert "the list is empty" in capsys.readouterr().err
    assert main(["check", "--files-from", str(tmp_path / "none")]) == 2
    assert "No such file or directory" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a user whom permissions bind")
def test_a_folder_that_cannot_be_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "inner").chmod(0)
    try:
        assert main(["check", str(folder)]) == 2
    finally:
        (folder / "inner").chmod(0o700)
    assert "Permission denied" in capsys.readouterr().out


def test_a_link_that_leads_to_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "self.pdf").symlink_to("self.pdf")
    (tmp_path / "c.pdf").write_bytes(NOTHING)
    assert main(["check", str(tmp_path)]) == 2
    out = capsys.readouterr().out
    assert "error[PITH004 no-input]" in out
    assert out.endswith("2 files: 1 absent, 1 not read\n")


def test_json_and_sarif_are_in_the_order_of_the_names(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(folder), "--jobs", "3", "--json"]) == 1
    results = json.loads(capsys.readouterr().out)["results"]
    assert [Path(result["file"]).name for result in results] == ["a.pdf", "B.PDF", "c.pdf", "d.pdf", "e.pdf"]
    assert main(["check", str(folder), "--jobs", "3", "--format", "sarif"]) == 1
    json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("number", ["0", "x", "-1", "9999999"])
def test_no_number_of_jobs(number: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["check", "--jobs", number, "x.pdf"])
    assert "give a number from 1 to 1024" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
@pytest.mark.parametrize("form", ["text", "jsonl", "json"])
@pytest.mark.parametrize("more", [[], ["--jobs", "1"]])
def test_what_is_done_is_printed_when_it_is_interrupted(form: str, more: list[str], tmp_path: Path) -> None:
    """A run that waits for a pipe, with a file done before it, is ended by SIGTERM."""
    (tmp_path / "c.pdf").write_bytes(NOTHING)
    os.mkfifo(tmp_path / "pipe")
    command = [sys.executable, "-m", "pithtex", "check", "c.pdf", "pipe", "--format", form, *more]
    process = subprocess.Popen(
        [*command, "--timeout", str(3 * MAX_CHECK_SECONDS)],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    writer = os.open(tmp_path / "pipe", os.O_WRONLY)  # waits until the other end is opened
    try:
        process.send_signal(signal.SIGTERM)
        asked = time.monotonic()
        out, _ = process.communicate(timeout=30)
    finally:
        os.close(writer)
    assert process.returncode == 143
    assert time.monotonic() - asked < 15  # less than any limit of the file's own
    if form == "text":
        assert out.decode() == "absent  c.pdf\n1 file of 2, then interrupted: 1 absent\n"
    else:
        document = json.loads(out)
        assert [item["file"] for item in document.get("results", [document])] == ["c.pdf"]
