"""Names and titles of strangers in everything that an audit writes; places that cannot be read or written."""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
import subprocess
import sys
import unicodedata
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import Browser

from tests.audit.papers import EXAMPLES, PLAIN, audit, environment, lines, names_of, totals, words
from tests.audit.test_inputs import tar_of
from tests.audit.traps import trapped
from tests.conftest import ROOT
from tests.report.test_html import shown

GOOD = EXAMPLES[0].read_bytes()
NAMES = (
    "line\nbreak.pdf",
    "return\rhere.pdf",
    "\x1b]0;title\x07\x1b[31mred.pdf",
    "\u202efdp.live.pdf",
    "\u2066isolate\u2069.pdf",
    "=cmd|' C calc'!A0.pdf",
    "+1+1.pdf",
    "-1.pdf",
    "@SUM(1).pdf",
    "\tt=1.pdf",
    '"><img src=x onerror=alert(1)>.pdf',
    "<\u2044script><script>alert(1).pdf",
    "caf\udce9.pdf",
    "%s%n{0}${x}.pdf",
    "\u0301combining.pdf",
)
CONTROLS = frozenset(map(chr, (*range(32), 127, *range(128, 160)))) | frozenset("\u202e\u2066\u2069\u2028")


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An audit of such names, given relatively, so that they begin with what they begin with; also in a tar."""
    work = tmp_path_factory.mktemp("work")
    titled = io.BytesIO()
    with pikepdf.open(PLAIN) as pdf:
        pdf.docinfo["/Title"] = '=HYPERLINK("http://x.test")\n\x1b[2J\u202e<b>'
        pdf.docinfo["/Producer"] = "-2+3\x07"
        pdf.save(titled)
    for index, name in enumerate(NAMES):
        (work / name).write_bytes(b"junk" if index % 2 else titled.getvalue())
    (work / "all.tar").write_bytes(tar_of({name: b"junk" for name in NAMES if "\udce9" not in name}))
    names = "\0".join([*NAMES, "all.tar"]).encode("utf-8", "surrogateescape")
    command = [sys.executable, "-m", "pithtex", "audit", "--files-from", "-", "-o", "out"]
    done = subprocess.run(command, input=names, cwd=work, env=environment(), capture_output=True, check=False)
    assert done.returncode == 3, done.stderr
    assert not CONTROLS - {"\n"} & set((done.stdout + done.stderr).decode())
    return work / "out"


def report(output: Path, *args: str) -> str:
    command = [sys.executable, "-m", "pithtex", "audit", "report", str(output), *args]
    done = subprocess.run(command, cwd=output, env=environment(), capture_output=True, check=False)
    assert done.returncode == 3, done.stderr
    return done.stdout.decode()


def test_lines_are_json_of_one_line_each(output: Path) -> None:
    found = {line["file"] for line in lines(output)}
    assert found == {*NAMES, *(f"all.tar!{name}" for name in NAMES if "\udce9" not in name)}
    for part in (output / "parts").iterdir():
        assert part.read_bytes().isascii()
    assert totals(output)["files"] == len(found)


def test_a_terminal_shows_names_and_obeys_none(output: Path) -> None:
    assert not CONTROLS - {"\n"} & set(report(output))
    assert not CONTROLS - {"\n"} & set(report(output, "--json"))


def test_a_spreadsheet_calculates_nothing(output: Path) -> None:
    report(output, "--format", "csv")
    with (output / "audit.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    assert len(rows) == 1 + totals(output)["files"]
    cells = [cell for row in rows for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert [cell for cell in cells if CONTROLS & set(cell)] == []
    assert any(cell.startswith("'=cmd") for cell in cells)
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)


@pytest.mark.parametrize("form", ["sqlite", "parquet"])
def test_a_database_has_text_alone(output: Path, form: str) -> None:
    report(output, "--format", form)
    if form == "sqlite":
        with sqlite3.connect(output / "audit.sqlite") as base:
            rows = [list(row) for row in base.execute("select * from files")]
        base.close()
    else:
        from pyarrow import parquet

        rows = [list(row.values()) for row in parquet.read_table(output / "audit.parquet").to_pylist()]
    assert len(rows) == totals(output)["files"]
    assert [cell for row in rows for cell in row if CONTROLS & set(cell)] == []


def test_a_page_runs_nothing(output: Path, browser: Browser, tmp_path: Path) -> None:
    report(output, "--html", str(tmp_path / "page.html"))
    with shown(browser, tmp_path / "page.html") as view:
        view.page.locator("#table").wait_for()
        text = view.page.inner_text("body")
        assert view.page.locator("#table img, #table script, #table b").count() == 0
        assert "=cmd" in text
        assert [char for char in text if unicodedata.category(char) == "Cf"] == []
        assert (view.dialogs, view.console) == ([], [])


def test_a_folder_too_deep_to_be_named_does_not_stop_the_others(tmp_path: Path) -> None:
    """The system refuses to list it, as it does one that belongs to somebody else."""
    papers = tmp_path / "in"
    papers.mkdir()
    (papers / "good.pdf").write_bytes(GOOD)
    here = os.open(papers, os.O_RDONLY)
    for _ in range(20):  # of 255 bytes each, where a path has 4,096 at most
        os.mkdir("d" * 255, dir_fd=here)
        below = os.open("d" * 255, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    done = audit(papers, "-o", tmp_path / "out")
    assert done.returncode == 2
    found = {line["verdict"]: names_of(line) for line in lines(tmp_path / "out")}
    assert found["unreadable"] == ["no-input"]
    assert "valid" in found


@pytest.mark.parametrize("name", ["out", "deep/er/out"])
def test_results_among_the_inputs_are_none_of_them(name: str, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(GOOD)
    output = tmp_path / name
    output.parent.mkdir(parents=True, exist_ok=True)
    for again in range(2):
        found = json.loads(audit(tmp_path, "-o", output, "--json").stdout)["results"][0]
        assert (found["files"], found["judged"], found["passed"]) == (1, 1 - again, {})
        (output / "copy.pdf").write_bytes(GOOD)


def test_a_file_that_changes_meanwhile_is_judged_again_the_next_time(tmp_path: Path) -> None:
    """The first one to be judged writes over all; what was read is what the verdict is about."""
    papers = tmp_path / "in"
    papers.mkdir()
    for index in range(5):
        (papers / f"{index}.pdf").write_bytes(trapped(GOOD, f"change {papers}"))
    audit(papers, "-o", tmp_path / "out", "--jobs", "1")
    assert sorted(words(tmp_path / "out").values()) == [*4 * ["unreadable"], "valid"]
    found = json.loads(audit(papers, "-o", tmp_path / "out", "--json").stdout)["results"][0]
    assert found["by"]["verdict"] == {"unreadable": 5}
    assert found["kept"] == 0


@pytest.mark.parametrize("name", ["/proc/audit", "/dev/null", "file", "file/below", "missing/below", "x" * 300])
def test_a_place_where_nothing_can_be_written(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "a.pdf").write_bytes(GOOD)
    done = audit(tmp_path / "a.pdf", "-o", tmp_path / name)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "PITH" in done.stderr
    assert (tmp_path / "file").read_bytes() == b"x"


@pytest.mark.needs("unshare", "user namespaces")
def test_a_disk_that_lets_nobody_write(tmp_path: Path) -> None:
    """Results of before are still read and reported; a run says why it cannot write."""
    (tmp_path / "a.pdf").write_bytes(GOOD)
    (tmp_path / "disk").mkdir()
    run = f"{sys.executable} -m pithtex audit"
    script = f"""
        mount -t tmpfs tmpfs {tmp_path}/disk || exit 99
        {run} {tmp_path}/a.pdf -o {tmp_path}/disk/out -q || exit 98
        mount -o remount,ro {tmp_path}/disk || exit 97
        {run} report {tmp_path}/disk/out -q || exit 96
        {run} {tmp_path}/a.pdf -o {tmp_path}/disk/out
    """
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert "Read-only file system" in done.stderr
    assert "Traceback" not in done.stderr
