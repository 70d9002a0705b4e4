"""Papers of several documents: the supplement goes up where that is wanted, in arXiv's order, and each is checked."""

from __future__ import annotations

import json
import os
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from pithtex.manuscript.edit.companions import in_order, supplements
from tests.kit.command_line import run, run_json
from tests.manuscript.conftest import write
from tests.resolution.machines import on_a_terminal

HEAD = "\\documentclass{article}\n%s\\title{T}\\author{A}\\begin{document}\\maketitle\n%s\n\\end{document}\n"
MAIN = HEAD % ("", "Words of the paper.\\label{m}")
TAKES = HEAD % ("\\usepackage{xr}\\externaldocument[S-]{supplement}\n", "See \\ref{S-a}.")
SUPPLEMENT = HEAD % ("", "\\section{More}\\label{a} %s")


@pytest.fixture(autouse=True)
def _empty_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PITHTEX_HOME", str(tmp_path / "store"))


def paper(folder: Path, main: str = MAIN, more: str = "", **files: str) -> Path:
    named = {f"{name}.tex": text for name, text in files.items()}
    return write(
        folder / "paper", {"main.tex": main, "supplement.tex": SUPPLEMENT % more, "rebuttal.tex": MAIN, **named}
    )


def codes(document: dict[str, Any]) -> dict[str, set[str]]:
    """The findings by the names of their files."""
    found: dict[str, set[str]] = {}
    for item in document["results"][0]["findings"]:
        found.setdefault(Path(item["file"]).name, set()).add(item["code"])
    return found


def test_a_supplement_is_told_by_its_name_or_by_its_labels() -> None:
    others = ["rebuttal.tex", "supplement.tex", "SI_file.tex", "old.tex", "labels.tex"]
    assert supplements(others, ["labels"]) == ("supplement.tex", "SI_file.tex", "labels.tex")
    assert in_order("main.tex", ["a.tex", "b.tex"], ["b"]) == ("b.tex", "main.tex", "a.tex")


def test_each_document_is_checked(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = paper(tmp_path, more="\\ref{nowhere} \\includegraphics{none}")
    code, document = run_json(capsys, "presubmit", folder)
    assert (code, codes(document)) == (0, {"main.tex": {"PITH601"}})
    assert "; --with supplement.tex checks and packs it as well" in document["results"][0]["facts"]["paper"]["message"]
    code, document = run_json(capsys, "presubmit", folder, "--with", "supplement.tex")
    assert (code, codes(document)) == (1, {"main.tex": {"PITH601"}, "supplement.tex": {"PITH801", "PITH810"}})
    (fact,) = (fact for fact in document["results"][0]["facts"].items() if fact[0] == "paper")
    assert "rebuttal.tex" in fact[1]["message"]
    assert "supplement.tex" not in fact[1]["message"]


def test_which_files_go_up(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = paper(tmp_path, part="\\section{Of the supplement, perhaps}")
    fates = {}
    for options in ([], ["--with", "supplement.tex"]):
        _, document = run_json(capsys, "presubmit", folder, *options)
        for file in document["results"][0]["uploads"]:
            fates[len(options), file["name"]] = file["fate"]
    assert [fates[0, name] for name in ("main.tex", "supplement.tex", "part.tex")] == ["goes up", "stays", "stays"]
    assert [fates[2, name] for name in ("supplement.tex", "part.tex")] == ["goes up", "undecided"]


def test_what_is_no_document_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = paper(tmp_path, part="\\section{No document}")
    (tmp_path / "far.tex").write_text(MAIN)
    for name in ("nothing.tex", "main.tex", "part.tex", "../far.tex", "/etc/passwd"):
        assert run(capsys, "presubmit", folder, "--with", name)[0] == 2
    (folder / "00README.json").write_text('{"sources": [{"filename": "main.tex", "usage": "toplevel"}]}')
    code, _, err = run(capsys, "presubmit", folder, "--with", "supplement.tex")
    assert (code, "00README.json" in err) == (2, True)


def test_labels_of_a_companion_are_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = paper(tmp_path, main=TAKES)
    assert codes(run_json(capsys, "presubmit", folder)[1])["main.tex"] == {"PITH601", "PITH822"}
    assert codes(run_json(capsys, "presubmit", folder, "--with", "supplement.tex")[1])["main.tex"] == {"PITH601"}


@pytest.mark.tex
@pytest.mark.parametrize(
    ("main", "order"), [(MAIN, ["main.tex", "supplement.tex"]), (TAKES, ["supplement.tex", "main.tex"])]
)
def test_both_are_packed_in_arxivs_order(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, main: str, order: list[str]
) -> None:
    folder, target = paper(tmp_path, main=main), tmp_path / "up.tar.gz"
    code, document = run_json(capsys, "presubmit", folder, "--pack", target, "--with", "supplement.tex")
    (result,) = document["results"]
    assert (code, [build["main"] for build in result["build"]]) == (0, order)
    assert not {"PITH652", "PITH822"} & set().union(*codes(document).values())
    with tarfile.open(target) as tar:
        assert tar.getnames() == ["00README.json", "main.tex", "supplement.tex"]
        readme = json.loads(tar.extractfile("00README.json").read())  # type: ignore[union-attr]
    assert [item["filename"] for item in readme["sources"] if item["usage"] == "toplevel"] == order


@pytest.mark.tex
def test_both_of_a_readme_are_checked(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = paper(tmp_path, more="\\ref{nowhere}")
    sources = [{"filename": name, "usage": "toplevel"} for name in ("main.tex", "supplement.tex")]
    (folder / "00README.json").write_text(json.dumps({"sources": sources}))
    code, document = run_json(capsys, "presubmit", folder, "--build")
    assert (code, codes(document)["supplement.tex"]) == (0, {"PITH652"})


@pytest.mark.tex
@pytest.mark.needs("setsid")
@pytest.mark.parametrize(("typed", "names"), [(b"y\n", 3), (b"\n", 1)])
def test_a_second_document_goes_up_only_where_that_is_said(tmp_path: Path, typed: bytes, names: int) -> None:
    folder, target = paper(tmp_path), tmp_path / "up.tar.gz"
    command = [sys.executable, "-m", "pithtex", "presubmit", str(folder), "--pack", str(target)]
    question = "supplement.tex is a document of its own. Does it go up with the paper? [y/N] "
    code, shown = on_a_terminal(command, dict(os.environ), [(question, typed)])
    assert (code, shown.count("[y/N]")) == (0, 1), shown
    with tarfile.open(target) as tar:
        assert len(tar.getnames()) == names
