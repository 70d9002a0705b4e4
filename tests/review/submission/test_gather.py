"""What lies beside a paper: found where it counts, and left alone where it is none of its own."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pithtex.manuscript.source.read import read_from
from pithtex.review.review import review
from pithtex.review.submission.gather import gather
from pithtex.review.submission.model import Submission
from tests.conftest import ROOT, SEEDS
from tests.review.cases import KEYRING, document

MAIN = (
    "\\documentclass{article}\n\\usepackage{pith}\n\\pithnumber{EL6A4QOTPLYS3LFEIZGOL5QVTM}\n"
    "\\begin{document}\nText.\n\\end{document}\n"
)
STY = (ROOT / "examples" / "amsart" / "pith.sty").read_bytes()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TEXMFHOME", str(tmp_path / "texmf"))
    monkeypatch.setenv("PITHTEX_HOME", str(tmp_path / "store"))
    paper = tmp_path / "paper"
    paper.mkdir()
    (paper / "main.tex").write_text(MAIN)
    return paper


def gathered(folder: Path) -> Submission:
    return gather(read_from(folder, "main.tex"), KEYRING, shown=folder)


def names(submission: Submission) -> set[str]:
    return {item.finding.name for item in review(submission).items}


def test_a_package_in_the_users_own_tree(folder: Path) -> None:
    place = folder.parent / "texmf" / "tex" / "latex" / "pith"
    place.mkdir(parents=True)
    (place / "pith.sty").write_bytes(STY)
    assert gathered(folder).elsewhere == str(place)
    assert "package-not-uploaded" in names(gathered(folder))
    (folder / "pith.sty").write_bytes(STY)
    assert gathered(folder).elsewhere is None
    assert "package-not-uploaded" not in names(gathered(folder))


def test_links_out_of_the_folder(folder: Path) -> None:
    """The upload would have a link to nowhere: what it leads to is not taken for the paper's own."""
    (folder.parent / "pith.sty").write_bytes(STY)
    (folder.parent / "record.json").write_text(json.dumps(document("EL6A4QOT")))
    (folder / "pith.sty").symlink_to(folder.parent / "pith.sty")
    (folder / "record.json").symlink_to(folder.parent / "record.json")
    submission = gathered(folder)
    assert (submission.package, submission.records) == (None, ())
    assert {"package-not-uploaded", "record-not-at-hand"} <= names(submission)


def test_files_that_are_no_records(folder: Path) -> None:
    os.mkfifo(folder / "pipe.json")
    (folder / "folder.json").mkdir()
    (folder / "package.json").write_text("{}")
    (folder / "bad.json").write_text('{"record_type": "pith_number_record", ')
    (folder / "huge.json").write_text('"pith_number_record"' + " " * 9_000_000)
    (folder / "report.json").write_bytes((ROOT / "tests/data/vectors/integrity-2604.20237.json").read_bytes())
    (folder / "pith.sty").write_bytes(STY)
    assert [(item.name, item.record is None) for item in gathered(folder).records] == [
        ("pith.sty", False),
        ("bad.json", True),
    ]


@pytest.mark.parametrize(
    "data", [b"", b"\0" * 100, STY[:30_000], STY.replace(b"p1.pith", b"p1.\xff\xfe"), b"%" * 5_000_000]
)
def test_strange_packages(folder: Path, data: bytes) -> None:
    (folder / "pith.sty").write_bytes(data)
    assert review(gathered(folder)).items


@pytest.mark.parametrize("data", [b"", b"%PDF-1.5\n", b"\0" * 1000])
def test_strange_pdfs(folder: Path, data: bytes) -> None:
    (folder / "pith.sty").write_bytes(STY)
    (folder / "main.pdf").write_bytes(data)
    (folder / "main.log").write_bytes(b"! \xff\0\x1b[2J" * 10_000)
    assert {"pdf-not-valid", "log-error"} <= names(gathered(folder))


def test_a_damaged_record_of_another_paper_is_no_error_of_this_one(folder: Path) -> None:
    (folder / "pith.sty").write_bytes(STY)
    other = json.loads((SEEDS / "record-D43WT376.json").read_bytes())
    other["canonical_sha256"] = "0" * 64
    (folder / "other.json").write_text(json.dumps(other))
    assert "record-not-genuine" not in names(gathered(folder))
    assert "record-beside-differs" in names(gathered(folder))


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (r"\preprint{arXiv:math.LO/9509208}", "arXiv:math/9509208"),
        (r"\preprint{arXiv:cond-mat.str-el/9509208v2}", "arXiv:cond-mat/9509208v2"),
        (r"\preprint{CERN-TH/9509208, arXiv:2606.01751}", "arXiv:2606.01751"),
        (r"\eprint{physics.atom-ph/9509208}", "arXiv:physics/9509208"),
        (r"\arxivnumber{2606.01751v1}", "arXiv:2606.01751v1"),
        (r"\preprint{CERN-TH/9509208}", None),
        (r"\preprint{arXiv:2606.26666}", None),
    ],
)
def test_the_identifier_that_a_paper_states(folder: Path, command: str, said: str | None) -> None:
    (folder / "main.tex").write_text(MAIN.replace(r"\begin{document}", command + "\n" + r"\begin{document}"))
    (folder / "pith.sty").write_bytes(STY)
    found = [item.finding.message for item in review(gathered(folder)).items if item.finding.code == "PITH628"]
    assert found == ([] if said is None else [f"the paper says {said}, but its number is that of arXiv:2606.26666v1"])
