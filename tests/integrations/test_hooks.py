"""The hooks, run by pre-commit itself out of a repository made of this tree."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.conftest import ROOT

EXAMPLE = ROOT / "examples" / "sparsex"
PARTS = (
    "docs/schemas",
    "docs/man",
    "docs/reference/presubmit.md",
    "pithtex",
    "latex",
    "release",
    "pyproject.toml",
    "README.md",
    "LICENSES",
    ".pre-commit-hooks.yaml",
)
CONFIG = """\
repos:
  - repo: {repository}
    rev: v1
    hooks:
      - id: pithtex-presubmit
      - id: pithtex-check
"""


def run(folder: Path, *command: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A paper's repository with the two hooks, and the environment to run them in.

    pre-commit makes a virtual environment and installs pithtex into it, as it does for users. Only what would come from
    a package index is taken from the environment of the tests: the build backend and the dependencies.
    """
    place = tmp_path_factory.mktemp("hooks")
    site = sysconfig.get_paths()["purelib"]
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(place),
        "PRE_COMMIT_HOME": str(place / "cache"),
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_{what}": "someone@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # pip reads it so: 0 switches the isolation off
        "PYTHONPATH": site,
        "PITHTEX_OFFLINE": "1",
    }
    hooks = place / "hooks"
    hooks.mkdir()
    for part in PARTS:
        if (ROOT / part).is_dir():
            made = ("build",) if part == "latex" else ()
            ignored = shutil.ignore_patterns("__pycache__", "testfiles", *made)
            shutil.copytree(ROOT / part, hooks / part, ignore=ignored)
        else:
            (hooks / part).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / part, hooks / part)
    own = place / "paper"
    shutil.copytree(EXAMPLE, own)
    (own / ".pre-commit-config.yaml").write_text(CONFIG.format(repository=hooks))
    for folder in (hooks, own):
        run(folder, "git", "init", "--quiet", environment=environment)
        run(folder, "git", "add", "--all", "--force", environment=environment)
        run(folder, "git", "commit", "--quiet", "--message", "all", environment=environment)
    run(hooks, "git", "tag", "v1", environment=environment)
    return own, environment


def pre_commit(paper: tuple[Path, dict[str, str]]) -> subprocess.CompletedProcess[str]:
    folder, environment = paper
    run(folder, "git", "add", "--all", environment=environment)
    return run(folder, sys.executable, "-m", "pre_commit", "run", "--all-files", "--verbose", environment=environment)


def test_a_good_paper_passes_and_a_changed_number_does_not(paper: tuple[Path, dict[str, str]]) -> None:
    done = pre_commit(paper)
    assert done.returncode == 0, done.stdout
    assert "valid  main.pdf" in done.stdout
    folder, _ = paper
    for name, number in (("main.pdf", b"CNPMIFD42NONUMCBYNP4XLPY52"), ("main.tex", b"CNPMIFD42NONUMCBYNP4XLPY5")):
        path = folder / name
        before = path.read_bytes()
        path.write_bytes(before.replace(b"CNPMIFD42NONUMCBYNP4XLPY53", number))
        done = pre_commit(paper)
        assert done.returncode == 1, name
        path.write_bytes(before)


def test_the_manifest_is_one(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")]
    subprocess.run(command, check=True, env={**os.environ, "PRE_COMMIT_HOME": str(tmp_path)})
