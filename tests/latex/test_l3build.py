"""The package's own tests, on the engine that most papers use: `make l3build` runs them on all."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.kit.latex import STY, copy_package, latex_release

LOGGED_BY = "2022-11-01"
"""The LaTeX that made the logs to compare with; others break the lines of messages elsewhere."""


def test_l3build_check(tmp_path: Path) -> None:
    if latex_release() != LOGGED_BY:
        pytest.skip(f"its logs are of LaTeX {LOGGED_BY}, and this is another")
    copy_package(tmp_path)
    shutil.copytree(STY.parent / "testfiles", tmp_path / "testfiles")
    command = ["l3build", "check", "--engine", "pdftex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False)
    differences = "".join(path.read_text("utf-8", "replace") for path in tmp_path.glob("build/test/*.diff"))
    assert done.returncode == 0, differences or done.stdout[-2000:]
    assert "All checks passed" in done.stdout
