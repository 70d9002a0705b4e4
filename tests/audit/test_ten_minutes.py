"""The ten minutes of a librarian and of a production engineer: docs/start/library.md and journal.md, line by line.

tests/cli/test_pages.py runs the same lines in one process; here each is a program in a shell, and its results are read.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.audit.papers import EXAMPLES, PLAIN, environment, totals
from tests.cli.test_pages import fenced, indented
from tests.conftest import BUNDLE_FILE, ROOT

START = ROOT / "docs" / "start"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with `repository` and `tonight`, and a `pithtex` on the path."""
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "pithtex"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m pithtex "$@"\n')
    program.chmod(0o755)
    for name in ("repository", "tonight"):
        (tmp_path / name).mkdir()
    shutil.copy(EXAMPLES[0], tmp_path / "repository" / "one.pdf")
    shutil.copy(EXAMPLES[1], tmp_path / "repository" / "two.pdf")
    shutil.copy(EXAMPLES[0], tmp_path / "tonight" / "sparsex.pdf")
    shutil.copy(BUNDLE_FILE, tmp_path / "bundle.json")
    return tmp_path


def run(desk: Path, line: str) -> tuple[int, str]:
    env = {**environment(), "PATH": f"{desk}/bin{os.pathsep}{os.environ['PATH']}", "PITHTEX_HOME": f"{desk}/store"}
    done = subprocess.run(["sh", "-c", line], cwd=desk, env=env, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout


def page(name: str) -> Iterator[str]:
    """The commands of a page, in order, without the installation, which tests/release tries."""
    return (line for line in indented(START / name) if not line.startswith("pipx"))


def test_a_librarians(desk: Path) -> None:
    lines = page("library.md")
    shutil.copy(PLAIN, desk / "repository" / "three.pdf")
    assert run(desk, next(lines))[0] == 3
    for _ in range(3):
        assert run(desk, next(lines))[0] == 3
    assert "Audit of 3 files" in (desk / "audit.html").read_text()
    assert len((desk / "audit" / "audit.csv").read_text().splitlines()) == 4
    assert (desk / "audit" / "audit.sqlite").exists()
    (desk / "repository" / "two.pdf").write_bytes(b"no PDF any more")
    assert run(desk, next(lines))[0] == 0
    assert run(desk, next(lines))[0] == 3
    code, shown = run(desk, next(lines))
    assert code == 0
    assert "valid -> unreadable  repository/two.pdf" in shown
    assert [run(desk, line)[0] for line in lines] == [0, 0]
    assert (desk / "records.jsonl").stat().st_size


@pytest.mark.needs("jq")
def test_a_production_engineers(desk: Path) -> None:
    quiet, allowing, query, closely, strangers = page("journal.md")
    (desk / "tonight" / "catalogue.csv").write_text(fenced(START / "journal.md", "csv")[0])
    assert run(desk, quiet) == (0, "")
    assert run(desk, query) == (0, "")
    assert run(desk, closely)[0] == 0
    assert "valid" in (desk / "report.html").read_text()
    shutil.copy(PLAIN, desk / "tonight" / "plain.pdf")
    assert run(desk, quiet)[0] == 3
    assert run(desk, allowing)[0] == 0
    found = json.loads(run(desk, f"{allowing} --json")[1])["results"][0]
    assert found["by"]["verdict"] == {"valid": 1, "absent": 1}
    shutil.copy(EXAMPLES[1], desk / "tonight" / "sparsex.pdf")
    assert run(desk, quiet)[0] == 1
    assert sorted(run(desk, query)[1].splitlines()) == ["absent tonight/plain.pdf", "invalid tonight/sparsex.pdf"]
    (desk / "tonight" / "junk.pdf").write_bytes(b"junk")
    assert run(desk, strangers)[0] == 0
    assert totals(desk / "inbox")["by"]["verdict"] == {"valid": 1, "absent": 1, "unreadable": 1}
