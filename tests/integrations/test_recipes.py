"""docs/how-to/: what it says to put where, put there and run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT

HOW_TO = ROOT / "docs" / "how-to"
EXAMPLE = ROOT / "examples" / "presubmission"


def blocks(page: str, heading: str = "") -> list[str]:
    """The indented blocks of a page, or of one section of it."""
    section = (HOW_TO / f"{page}.md").read_text("utf-8")
    if heading:
        section = section.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    found = re.findall(r"(?:^(?:    .*)?\n)+", section, re.M)
    return [re.sub(r"^    ", "", block, flags=re.M).strip("\n") + "\n" for block in found if block.strip()]


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "paper"))


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    own = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": f"{own}:{os.environ['PATH']}", "PITHTEX_OFFLINE": "1"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.mark.tex
def test_make(paper: Path) -> None:
    (rule,) = blocks("latexmk", "make")
    (paper / "Makefile").write_text(rule)
    first = run(paper, "make", "upload.tar.gz")
    assert (first.returncode, (paper / "upload.tar.gz").is_file()) == (0, True), first.stderr
    assert "up to date" in run(paper, "make", "upload.tar.gz").stdout
    (paper / "sections" / "upload.tex").write_text("\\undefinedthing\n")
    assert run(paper, "make", "-B", "upload.tar.gz").returncode == 2


@pytest.mark.tex
def test_latexmk(paper: Path) -> None:
    (paper / "latexmkrc").write_text(blocks("latexmk", "latexmk")[0])
    (paper / "main.pdf").unlink()
    done = run(paper, "latexmk", "-pdf", "-interaction=batchmode", "main.tex")
    assert done.returncode == 0, done.stderr
    assert "valid  main.pdf" in done.stdout


def test_the_configurations_are_of_their_forms(tmp_path: Path) -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    (config,) = (yaml.safe_load(block) for block in blocks("pre-commit"))
    assert {hook["id"] for hook in config["repos"][0]["hooks"]} == {hook["id"] for hook in hooks}
    workflow = blocks("github")[0]
    (tmp_path / "workflow.yml").write_text(f"name: paper\non: [push]\n{workflow}")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows"]
    subprocess.run([*command, str(tmp_path / "workflow.yml")], check=True)
    inputs = yaml.safe_load(workflow)["jobs"]["paper"]["steps"][1]["with"]
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    assert set(inputs) <= set(action["inputs"])
    assert all(f"`{name}`" in (HOW_TO / "github.md").read_text() for name in (*action["inputs"], *action["outputs"]))
    (tmp_path / "gitlab.yml").write_text(blocks("gitlab")[0])
    subprocess.run([*command[:3], "--builtin-schema", "vendor.gitlab-ci", str(tmp_path / "gitlab.yml")], check=True)


def test_vs_code(paper: Path) -> None:
    settings, task = blocks("vs-code")
    tools = json.loads(f"{{{settings}}}")
    known = {tool["name"] for tool in tools["latex-workshop.latex.tools"]}
    assert set(tools["latex-workshop.latex.recipes"][0]["tools"]) == known
    pattern = json.loads(task)["problemMatcher"]["pattern"]
    source = (paper / "main.tex").read_text()
    (paper / "main.tex").write_text(source.replace("54ILOMC2WCXVKAB2A3C2E52PCE", "54ILOMC2"))
    lines = run(paper, "pithtex", "presubmit", str(paper)).stdout.splitlines()
    found = [match for line in lines if (match := re.match(pattern["regexp"], line)) is not None]
    errors = [match for match in found if match[pattern["severity"]] == "error"]
    assert errors[0][pattern["file"]] == str(paper / "main.tex")
    assert int(errors[0][pattern["line"]]) == source.split("\\pithnumber")[0].count("\n") + 1
    assert errors[0][pattern["code"]] == "PITH602"
