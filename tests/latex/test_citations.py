"""Citations in what makes reference lists of them: BibTeX's four plain styles, biblatex with Biber, cffconvert."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pithtex.render.formats import BY_NAME
from tests.conftest import ROOT
from tests.kit import needs
from tests.render.samples import HOSTILE, stated

_HOSTILE = ("bibtex", "tex", "tex-case", "tex-space", "yaml")
TITLES = {
    "plain": "On the Motion of Small Papers, 50 % of it",
    "scripts": "Łódź naïve café",
    **{name: HOSTILE[name] for name in _HOSTILE},
}
CFFCONVERT = ROOT / "build" / "cffconvert"


def rendered(form: str, title: str) -> str:
    return BY_NAME[form].render(stated(title)).decode()


def run(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=120)
    return done.stdout.decode("utf-8", "replace")


def cited(folder: Path, entry: str, head: str, end: str) -> None:
    key = re.match(r"\s*@[a-z]+\{([^,\s]+),", entry)
    assert key is not None
    (folder / "refs.bib").write_text(entry, encoding="utf-8")
    body = f"\\begin{{document}}\nCited~\\cite{{{key[1]}}}.\n{end}\n\\end{{document}}\n"
    (folder / "main.tex").write_text(f"\\documentclass{{article}}\n{head}\n{body}", encoding="utf-8")
    run(folder, "pdflatex", "-interaction=batchmode", "main")


@pytest.mark.tex
@pytest.mark.parametrize("style", ["plain", "alpha", "abbrv", "unsrt"])
@pytest.mark.parametrize("title", TITLES)
def test_bibtexs_plain_styles(tmp_path: Path, title: str, style: str) -> None:
    """Sorted and printed without a warning, with what finds the paper; and the list compiles."""
    cited(tmp_path, rendered("bibtex", TITLES[title]), "", f"\\bibliographystyle{{{style}}}\\bibliography{{refs}}")
    run(tmp_path, "bibtex", "main")
    log = (tmp_path / "main.blg").read_text("utf-8", "replace")
    assert "Warning--" not in log
    assert "error message" not in log
    bbl = (tmp_path / "main.bbl").read_text("utf-8", "replace")
    assert bbl.count("\\bibitem") == 1
    assert "arXiv:2603.01234v1" in bbl
    assert "pith:2026:" in bbl
    run(tmp_path, "pdflatex", "-interaction=batchmode", "main")
    errors = [line for line in (tmp_path / "main.log").read_text("utf-8", "replace").splitlines() if line[:1] == "!"]
    assert errors == []


@pytest.mark.tex
@pytest.mark.parametrize("title", TITLES)
def test_biblatex(tmp_path: Path, title: str) -> None:
    cited(
        tmp_path,
        rendered("biblatex", TITLES[title]),
        "\\usepackage{biblatex}\\addbibresource{refs.bib}",
        "\\printbibliography",
    )
    run(tmp_path, "biber", "main")
    log = (tmp_path / "main.blg").read_text("utf-8", "replace")
    assert "WARN" not in log
    assert "ERROR" not in log
    run(tmp_path, "pdflatex", "-interaction=batchmode", "main")
    said = (tmp_path / "main.log").read_text("utf-8", "replace")
    assert [line for line in said.splitlines() if line[:1] == "!"] == []
    assert "undefined" not in said.partition("biblatex Warning")[2]


def cffconvert(folder: Path, form: str) -> str:
    """What cffconvert makes of the CITATION.cff of a folder, by its own command."""
    program = "import sys; from cffconvert.cli.cli import cli; sys.argv[0] = 'cffconvert'; cli()"
    env = {**os.environ, "PYTHONPATH": str(CFFCONVERT)}
    command = [sys.executable, "-c", program, "-f", form]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("way", ["references", "preferred-citation"])
@pytest.mark.parametrize("title", ["plain", "scripts", "yaml"])
def test_cffconvert(tmp_path: Path, title: str, way: str) -> None:
    """The software stays the software: its own address is what cffconvert prints, and never that of the paper."""
    if not CFFCONVERT.is_dir():
        needs.missing("build/cffconvert is missing: .ci/install-schemas makes it")
    fragment = rendered("citation.cff", TITLES[title])
    if way == "preferred-citation":
        lines = fragment.partition("references:\n")[2].splitlines()
        fragment = "preferred-citation:\n" + "".join(f"  {line[4:]}\n" for line in lines)
    head = (
        'cff-version: 1.2.0\nmessage: "Cite it."\ntitle: Software\nauthors:\n  - name: Someone\n'
        "url: https://software.example/\nversion: 1.0.0\ndate-released: 2026-01-02\n"
    )
    (tmp_path / "CITATION.cff").write_text(head + fragment, encoding="utf-8")
    bibtex = cffconvert(tmp_path, "bibtex")
    assert "https://software.example/" in bibtex
    assert "pith.science" not in bibtex
    codemeta = json.loads(cffconvert(tmp_path, "codemeta"))
    assert (codemeta["name"], codemeta["url"]) == ("Software", "https://software.example/")
