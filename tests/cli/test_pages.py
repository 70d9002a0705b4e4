"""The pages for people, run as they are written: README.md, docs/start, docs/how-to.

A line that begins with `pithtex` is run, in a folder that has what the page speaks of, with the record in the store; it
must end with 0, or with a code in `ENDS`. Other indented lines are TeX, or commands in `OTHERS`. Python is run.
"""

from __future__ import annotations

import csv
import io
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pithtex.cli.main import main
from tests.conftest import BUNDLE_FILE, ROOT
from tests.kit import needs

EXAMPLE = ROOT / "examples" / "sparsex"
LINES = "\\usepackage{pith}\n\\pithnumber{CNPMIFD42NONUMCBYNP4XLPY53}\n"
PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs" / "start").glob("*.md")),
    *sorted((ROOT / "docs" / "how-to").glob("*.md")),
]
CONFIGURATIONS = {"github", "gitlab", "latexmk", "pre-commit", "vs-code"}
"""Pages of which tests/integrations/test_recipes.py puts each block where it goes."""

ENDS = {
    "pithtex audit repository/ -o audit": {1},  # one of them is forged
    "pithtex audit repository/ -o audit --allow absent": {1},
    "pithtex audit report audit --html audit.html": {1},
    "pithtex audit report audit --format csv": {1},
    "pithtex audit report audit --format sqlite": {1},
    "pithtex show main.pdf": {0, 3},
}
ASKED = {
    "pithtex audit repository/ -o audit --cluster tcp://10.0.0.1:8786": "a scheduler: tests/audit starts one",
    "pithtex add --when-announced": "the registry",
    "pithtex resolve --cited .": "the registry",
    "pithtex resolve 2606.01751 --mirror https://mirror.example/": "a mirror",
}
"""Commands that ask somebody: tests/resolution runs them against servers of its own."""

OTHERS = {
    "sudo PIPX_HOME=/opt/pipx PIPX_BIN_DIR=/usr/local/bin pipx install pithtex": "the same, for services",
    "sudo mkdir -p /var/lib/pithtex": "for services",
    "sudo systemctl enable --now pithtex-audit.timer": "tests/audit/test_nightly.py has systemd verify the units",
    "journalctl -u pithtex-audit": "the same",
    "dask scheduler": "tests/audit starts one",
    "dask worker tcp://10.0.0.1:8786 --nthreads 1 --nworkers 16": "tests/audit starts two",
    'for part in audit-spark/parts/part-?????; do mv "$part" "$part.jsonl"; done': "tests/audit/recipes.py",
    "pipx install pithtex": "tests/release installs it",
    "pdflatex main.tex": "run where TeX is",
    "export PITHTEX_OFFLINE=1": "set for all commands here",
    "make demo": "tests/release",
    "make test": "this",
}
SHELL = {
    "cp -r audit last-month",
    """jq -r 'select(.verdict != "valid") | .verdict + " " + .file' audit/parts/*.jsonl""",
}
"""Commands of the system that are run, too."""
TEX = re.compile(r"\\[A-Za-z]+(?:\[[^\]]*\])?\{[^}]*\}")


def indented(page: Path) -> list[str]:
    """The indented blocks' lines, without what stands in fences and without comments."""
    text = re.sub(r"^ *```.*?^ *```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    lines = [line.strip() for line in re.findall(r"^ {4,}(\S.*)$", text, re.MULTILINE)]
    return [re.sub(r"\s{2,}#.*$", "", line) for line in lines]


def fenced(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """What the pages speak of: a paper, its record and bundle, PDFs to audit, a list, a key."""
    monkeypatch.setenv("PITHTEX_HOME", str(tmp_path / "store"))
    monkeypatch.setenv("PITHTEX_OFFLINE", "1")
    work = tmp_path / "work"
    work.mkdir()
    (work / "main.tex").write_text((EXAMPLE / "main.tex").read_text().replace(LINES, ""))
    shutil.copy(EXAMPLE / "main.pdf", work)
    shutil.copy(BUNDLE_FILE, work / "bundle.json")
    shutil.copy(BUNDLE_FILE, work / "record.json")
    for name in ("repository/2025", "repository/2026", "tonight"):
        (work / name).mkdir(parents=True)
        shutil.copy(EXAMPLE / "main.pdf", work / name / "sparsex.pdf")
    genuine = (EXAMPLE / "main.pdf").read_bytes()
    forged = genuine.replace(b"CNPMIFD42NONUMCBYNP4XLPY53", b"CNPMIFD42NONUMCBYNP4XLPY52")
    (work / "repository" / "forged.pdf").write_bytes(forged)
    for name in ("names.txt", "tonight.txt"):
        (work / name).write_text("repository/2025/sparsex.pdf\n")
    (catalogue,) = fenced(ROOT / "docs" / "start" / "journal.md", "csv")
    (work / "tonight" / "catalogue.csv").write_text(catalogue)
    (key,) = fenced(ROOT / "docs" / "how-to" / "own-keys.md", "text")
    (work / "lab.txt").write_text(key)
    assert main(["store", "import", "-q", str(BUNDLE_FILE)]) == 0
    assert main(["store", "export", "-q", "-o", str(work / "records.jsonl")]) == 0
    capsys.readouterr()
    monkeypatch.chdir(work)
    return work


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.stem not in CONFIGURATIONS], ids=lambda page: page.stem
)
def test_every_line_is_run_or_known(page: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for line in indented(page):
        if line.startswith("pithtex ") and line not in ASKED:
            if re.search("--build|--pack", line):
                needs.each("tex")
            words = shlex.split(line)[1:]
            if words[0] == "add" and "--yes" not in words:
                words.append("--yes")
            code = main(words)
            said = capsys.readouterr()
            assert code in ENDS.get(line, {0}), f"{line}: {code}\n{said.out}{said.err}"
        elif line in SHELL:
            needs.each(line.split()[0])
            subprocess.run(["sh", "-c", line], check=True)
        elif line == "pdflatex main.tex":
            needs.each("pdflatex")
            subprocess.run(["pdflatex", "-interaction=batchmode", "main.tex"], capture_output=True, check=True)
        else:
            assert line in ASKED or line in OTHERS or TEX.fullmatch(line), f"{page.name}: {line}"
    if any(line.startswith("\\pithnumber") for line in indented(page)) and "pithtex add 2606.01751" in page.read_text():
        assert LINES in (folder / "main.tex").read_text()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_python_runs(page: Path, folder: Path) -> None:
    for program in fenced(page, "python"):
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", program], cwd=folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert "valid" in done.stdout
    for table in fenced(page, "csv"):
        assert {len(row) for row in csv.reader(io.StringIO(table))} == {2}


@pytest.mark.parametrize(
    "page", [*PAGES, *sorted((ROOT / "docs" / "explanation").rglob("*.md"))], ids=lambda page: page.stem
)
def test_a_page_is_read_in_a_few_minutes(page: Path) -> None:
    words = len(page.read_text("utf-8").split())
    assert words <= (700 if page.name == "README.md" else 900)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_pictures_are_there_and_say_what_they_show(page: Path) -> None:
    for said, target in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", page.read_text("utf-8")):
        assert len(said) > 20
        assert (page.parent / target).read_bytes().startswith(b"\x89PNG")


def test_the_readme_has_four_doors() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    doors = re.split(r"^## ", readme, flags=re.MULTILINE)[1:5]
    assert [door.partition("\n")[0] for door in doors] == [
        "I write in Overleaf",
        "I write on my machine",
        "I got a PDF with a badge",
        "I keep many PDFs",
    ]
    for door in doors:
        assert re.findall(r"^(\d)\. ", door, re.MULTILINE) == ["1", "2", "3"]
        assert door.count("![") == 1


def test_the_table_of_tests_in_the_threat_model_is_true() -> None:
    pages = [page.read_text("utf-8") for page in (ROOT / "docs" / "explanation").glob("threat-model*.md")]
    named = {name for page in pages for name in re.findall(r"`((?:tests|pithtex)/[\w./-]+)`", page)}
    assert (len(pages), len(named) > 20) == (2, True)
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
