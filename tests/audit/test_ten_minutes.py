"""The ten minutes of a librarian and of a production engineer, as docs/reference/audit.md has them."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.audit.papers import EXAMPLES, PLAIN, environment, totals
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "reference" / "audit.md").read_text()


def section(title: str) -> str:
    return PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]


def blocks(title: str, kind: str = "sh") -> list[str]:
    found: list[str] = re.findall(rf"```{kind}\n(.*?)```", section(title), re.S)
    return found


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with `repository`, and a `pithtex` on the path."""
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "pithtex"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m pithtex "$@"\n')
    program.chmod(0o755)
    (tmp_path / "repository").mkdir()
    shutil.copy(EXAMPLES[0], tmp_path / "repository" / "one.pdf")
    shutil.copy(EXAMPLES[1], tmp_path / "repository" / "two.pdf")
    return tmp_path


def run(desk: Path, script: str) -> tuple[int, str]:
    env = {**environment(), "PATH": f"{desk}/bin{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["sh", "-c", script], cwd=desk, env=env, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout


def test_a_librarians(desk: Path) -> None:
    first, tables, later = blocks("Ten minutes for a librarian")
    shutil.copy(PLAIN, desk / "repository" / "three.pdf")
    assert run(desk, first)[0] == 3
    assert "Audit of 3 files" in (desk / "audit.html").read_text()
    run(desk, tables)
    assert len((desk / "audit" / "audit.csv").read_text().splitlines()) == 4
    assert (desk / "audit" / "audit.sqlite").exists()
    (desk / "repository" / "two.pdf").write_bytes(b"no PDF any more")
    code, shown = run(desk, later)
    assert code == 0
    assert "valid -> unreadable  repository/two.pdf" in shown


@pytest.mark.needs("jq")
def test_a_production_engineers(desk: Path) -> None:
    audit, query, strangers = blocks("Ten minutes for a production engineer")
    (desk / "catalogue.csv").write_text(blocks("Ten minutes for a production engineer", "csv")[0])
    assert run(desk, audit) == (0, "")
    assert json.loads((desk / "summary.json").read_text())["results"][0]["by"]["verdict"] == {"valid": 2}
    assert run(desk, query) == (0, "")
    shutil.copy(EXAMPLES[0], desk / "repository" / "two.pdf")
    assert run(desk, audit)[0] == 1
    assert run(desk, query) == (0, f"invalid {desk}/repository/two.pdf\n")
    (desk / "repository" / "junk.pdf").write_bytes(b"junk")
    assert run(desk, strangers)[0] == 0
    assert totals(desk / "inbox")["by"]["verdict"] == {"valid": 2, "unreadable": 1}
