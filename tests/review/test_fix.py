"""`presubmit --fix` and a mistyped number: the record beside the paper settles it, and what is not certain is left."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import pytest

from pithtex.cli.main import main
from tests.conftest import ROOT, SEEDS
from tests.review.cases import document

NUMBER = "CNPMIFD42NONUMCBYNP4XLPY53"
STY = (ROOT / "examples" / "sparsex" / "pith.sty").read_bytes()

NEAR = {
    "one digit wrong, not of the alphabet": NUMBER[:-1] + "9",
    "one letter wrong, and well-formed": NUMBER[:-1] + "2",
    "two letters swapped": "CNPMIDF42NONUMCBYNP4XLPY53",
    "a letter missing": "CNPMIFD42NONUMCBYN4XLPY53",
    "a letter twice": "CNPMIFDD42NONUMCBYNP4XLPY53",
    "the first letter lost": NUMBER[1:],
    "three edits": "NCPMIFD42NONUMCBYNP4XLPY3",
    "look-alikes, of which one has two readings": "CNPM1FD42N0NUMCBYNP4XLPY53",
    "in groups": "CNPM IFD4 2NON UMCB YNP4 XLPY 53",
    "the full form, with a letter wrong": "pith:2026:" + NUMBER[:-1] + "2",
    "an address, with a letter wrong": "https://pith.science/pith/" + NUMBER[:-1] + "2",
    "the short form": "CNPMIFD4",
    "Cyrillic letters": NUMBER.replace("C", "\u0421"),
}


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PITHTEX_HOME", str(tmp_path / "store"))
    monkeypatch.setenv("TEXMFHOME", str(tmp_path / "texmf"))


def paper(folder: Path, number: str, *, package: bytes | None = STY, record: str | None = None) -> Path:
    folder.mkdir()
    text = "\\documentclass{article}\n\\usepackage{pith}\n\\pithnumber{%s}\n\\begin{document}\nText.\n\\end{document}\n"
    (folder / "main.tex").write_text(text % number, encoding="utf-8")
    if package is not None:
        (folder / "pith.sty").write_bytes(package)
    if record is not None:
        (folder / "record.json").write_text(json.dumps(document(record)))
    return folder


def fix(folder: Path, *args: str) -> tuple[str, str]:
    """What is said, and the number that the paper gives then."""
    with contextlib.redirect_stdout(io.StringIO()) as stream:
        main(["presubmit", str(folder), "--fix", *args])
    return stream.getvalue(), (folder / "main.tex").read_text(encoding="utf-8").split("{")[3].split("}")[0]


@pytest.mark.parametrize("typed", NEAR.values(), ids=list(NEAR))
def test_the_record_in_pith_sty_settles_it(tmp_path: Path, typed: str) -> None:
    folder = paper(tmp_path / "paper", typed)
    said, number = fix(folder)
    assert number == NUMBER
    assert f"+\\pithnumber{{{NUMBER}}}" in said
    assert (folder / "pith.sty").read_bytes() == STY
    assert "number    CNPM" in said
    assert "is not changed" not in said
    assert "PITH602" not in said
    assert "PITH614" not in said


def test_a_record_file_settles_it_too(tmp_path: Path) -> None:
    folder = paper(tmp_path / "paper", NUMBER[:-1] + "9", package=None, record="CNPMIFD4")
    assert fix(folder)[1] == NUMBER
    assert (folder / "pith.sty").read_bytes() == STY


def test_what_was_meant_is_said_without_being_written(tmp_path: Path) -> None:
    folder = paper(tmp_path / "paper", NUMBER[:-1] + "9")
    said, number = fix(folder, "--dry-run")
    assert f"did you mean {NUMBER}?" in said
    assert number == NUMBER[:-1] + "9"
    folder = paper(tmp_path / "well-formed", NUMBER[:-1] + "2")
    assert f"did you mean {NUMBER}?" in fix(folder, "--dry-run")[0]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (NUMBER[:-1] + "9", "no verified record here with a similar number"),
        (NUMBER[:-1], "no verified record here with a similar number"),
        ("CNPM1FD42NONUMCBYNP4XLPY53", f"{NUMBER} or CNPMLFD42NONUMCBYNP4XLPY53"),
        ("CNPMIFD4", "no verified record here with a similar number"),
    ],
)
def test_without_a_record_nothing_is_written_that_is_not_certain(tmp_path: Path, typed: str, why: str) -> None:
    folder = paper(tmp_path / "paper", typed, package=None)
    said, number = fix(folder)
    assert number == typed
    (line,) = [line for line in said.splitlines() if f"main.tex:3: {typed!r} is not changed: " in line]
    assert why in line


@pytest.mark.parametrize(
    "typed",
    [NUMBER.replace("O", "0"), NUMBER.lower(), f"pith:2026:{NUMBER}", f"https://pith.science/pith/{NUMBER}"],
)
def test_without_a_record_what_allows_one_reading_is_written(tmp_path: Path, typed: str) -> None:
    folder = paper(tmp_path / "paper", typed, package=None)
    assert fix(folder)[1] == NUMBER


def test_a_record_of_another_paper_settles_nothing(tmp_path: Path) -> None:
    folder = paper(tmp_path / "paper", NUMBER[:-1] + "9", package=None, record="EL6A4QOT")
    said, number = fix(folder)
    assert number == NUMBER[:-1] + "9"
    assert "is not changed" in said


def test_a_record_that_does_not_verify_settles_nothing(tmp_path: Path) -> None:
    folder = paper(tmp_path / "paper", NUMBER[:-1] + "9", package=None)
    forged = json.loads((SEEDS / "record-EL6A4QOT.json").read_bytes())
    forged["pith_number"] = f"pith:2026:{NUMBER}"
    (folder / "record.json").write_text(json.dumps(forged))
    assert fix(folder)[1] == NUMBER[:-1] + "9"


def test_a_number_whose_own_record_is_here_stays(tmp_path: Path) -> None:
    """However near another one is; that of a real paper is near to none."""
    folder = paper(tmp_path / "paper", NUMBER, record="EL6A4QOT")
    assert fix(folder)[1] == NUMBER


def test_silenced_findings_are_not_mended(tmp_path: Path) -> None:
    typed = NUMBER[:-1] + "9"
    assert fix(paper(tmp_path / "paper", typed), "--ignore", "PITH602")[1] == typed
