"""`make demo`: a page to look at, the verdict, and the refusal of the forged twin; without TeX the same story."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

USED = ("sh", "sed", "head", "tail", "cp", "mkdir", "rm", "dirname", "grep", "cat", "printf")


def demo(*arguments: str, path: str, folder: Path) -> str:
    if not (ROOT / ".venv" / "bin" / "pithtex").exists():
        pytest.skip(".venv is missing: make demo makes it")
    command = [str(ROOT / "examples" / "demo.sh"), *arguments]
    environment = {**os.environ, "PATH": path, "DEMO_FOLDER": str(folder)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return done.stdout


def without_tex(folder: Path) -> str:
    folder.mkdir()
    for name in USED:
        (folder / name).symlink_to(str(shutil.which(name)))
    return str(folder)


@pytest.mark.parametrize("tex", [pytest.param(True, marks=pytest.mark.tex), False], ids=["TeX", "no TeX"])
def test_the_first_minute(tex: bool, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    said = demo(path=os.environ["PATH"] if tex else without_tex(tmp_path / "bin"), folder=folder)
    lines = said.splitlines()
    assert lines[:2] == ["A paper with its Pith Number", f"  its first page   {folder}/paper.png"]
    assert ("compiled just now" in lines[2]) is tex
    assert lines[4:6] == [f"$ pithtex check {folder}/paper.pdf", f"valid  {folder}/paper.pdf"]
    assert f"invalid  {folder}/forged.pdf" in lines
    assert "error[PITH301 channel-conflict]" in said
    assert len(lines) < 25
    assert (folder / "paper.png").read_bytes().startswith(b"\x89PNG")
    for name in ("paper.html", "forged.html", "verify.html"):
        assert (folder / name).stat().st_size > 10_000


def test_the_details(tmp_path: Path) -> None:
    said = demo("-v", path=without_tex(tmp_path / "bin"), folder=tmp_path / "demo")
    assert "Is the record genuine?   pithtex verify bundle.json" in said
    assert said.count("holds") > 8
