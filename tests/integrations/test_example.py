"""examples/presubmission: the script that authors copy."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

EXAMPLE = ROOT / "examples" / "presubmission"
pytestmark = pytest.mark.tex


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PITHTEX": str(Path(sys.executable).parent / "pithtex"), "PITHTEX_OFFLINE": "1"}
    command = [str(folder / "presubmit.sh"), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)


def test_the_script_writes_the_upload(tmp_path: Path) -> None:
    paper = shutil.copytree(EXAMPLE, tmp_path / "my paper")
    done = run(paper)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("Ready: upload.tar.gz is what goes up.\n")
    with tarfile.open(paper / "upload.tar.gz") as tar:
        assert tar.getnames() == ["figures/box.pdf", "main.bbl", "main.tex", "pith.sty", "sections/upload.tex"]


def test_the_script_says_what_is_wrong_and_writes_nothing(tmp_path: Path) -> None:
    paper = shutil.copytree(EXAMPLE, tmp_path / "paper")
    (paper / "figures" / "box.pdf").unlink()
    done = run(paper, str(paper))
    assert done.returncode == 1
    assert "Not yet" in done.stdout
    assert not (paper / "upload.tar.gz").exists()
