"""The plug-in of arXiv's preflight: by its contract, and in arXiv's program where a checkout of it is given."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import types
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from pathlib import Path

import pytest

from pithtex.review.arxiv_plugin import PDF_CHECK, check_tree, pdf_check
from tests.conftest import ROOT

TOOLS, PYTHON = os.environ.get("PITHTEX_ARXIV_TOOLS"), os.environ.get("PITHTEX_ARXIV_PYTHON", sys.executable)
MAIN = b"\\documentclass{article}\n\\begin{document}\n%s\n\\end{document}\n"


class CheckSeverity(Enum):
    warning = "warning"


@dataclass
class TeXFileIssue:
    key: str
    info: str
    filename: str | None = None


@dataclass
class CheckResult:
    check_passed: bool
    info: str
    long_info: str
    severity: CheckSeverity
    issues: list[TeXFileIssue]


@dataclass
class CheckSpec:
    name: str
    func: object
    severity: CheckSeverity


@pytest.fixture(autouse=True)
def _host(monkeypatch: pytest.MonkeyPatch) -> None:
    """The names of arXiv's program that its contract with plug-ins has."""
    models, api = types.ModuleType("models"), types.ModuleType("plugin_api")
    for kind in (CheckSeverity, TeXFileIssue, CheckResult):
        setattr(models, kind.__name__, kind)
    api.CheckSpec = CheckSpec  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "tex2pdf_tools.preflight.models", models)
    monkeypatch.setitem(sys.modules, "tex2pdf_tools.preflight.plugin_api", api)


def test_issues_of_a_tree() -> None:
    files = [("main.tex", MAIN % b"\\input{parts/a} \\ref{nowhere}"), ("parts/a.tex", b"TODO: write.\n")]
    issues = {(issue.key, issue.filename, issue.info) for issue in check_tree(files)}
    assert issues == {
        ("pithtex_label-absent", "main.tex", "line 3: there is no \\label{nowhere}"),
        ("pithtex_unfinished", "parts/a.tex", "line 1: TODO is printed"),
    }


def test_nothing_to_say_and_nothing_outside(tmp_path: Path) -> None:
    assert check_tree([("main.tex", MAIN % b"Text."), ("../out.tex", b"x"), (f"{tmp_path}/out.tex", b"x")]) == []
    assert list(tmp_path.iterdir()) == []


def test_a_pdf() -> None:
    spec = pdf_check()
    assert (spec.name, spec.severity) == (PDF_CHECK, CheckSeverity.warning)
    good = spec.func({"pdf_path": str(ROOT / "examples" / "amsart" / "main.pdf")}, CheckSeverity.warning)
    assert (good.check_passed, good.issues) == (True, [])


def test_the_entry_points_lead_to_it() -> None:
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]
    for group, function in (("source_tree_checks", check_tree), ("pdf_checks", pdf_check)):
        module, _, name = stated[f"tex2pdf_tools.preflight.{group}"]["pithtex"].partition(":")
        assert getattr(import_module(module), name) is function


if TOOLS is not None:

    def test_in_arxivs_program(tmp_path: Path) -> None:
        """Its own discovery is left out: the Python that runs it need not have pithtex installed."""
        (tmp_path / "main.tex").write_bytes(MAIN % b"TODO: write. \\ref{nowhere}")
        run = (
            "import sys; sys.path[:0] = [sys.argv[1], sys.argv[2]]\n"
            "from tex2pdf_tools.preflight import source_checks, generate_preflight_response as run\n"
            "from pithtex.review.arxiv_plugin import check_tree\n"
            "source_checks._tree_checks, source_checks._file_checks = [check_tree], []\n"
            "print(run(sys.argv[3], json=True))"
        )
        command = [PYTHON, "-c", run, str(TOOLS), str(ROOT), str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert "pithtex_unfinished" in done.stdout
        assert "pithtex_label-absent" in done.stdout
